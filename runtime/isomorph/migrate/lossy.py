"""Steps that lose rows or values: said in the revision, with the reason, or refused before the first statement is run.

What an operation loses is its own to say (`Operation.losses`); here is how a revision accepts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidOperation, LossyRevision
from isomorph.migrate.operations import Operation, Operations, reverse
from isomorph.migrate.revision import LoadedRevision
from isomorph.migrate.state import State, fold

__all__ = ["Lossy", "check_lossless", "lossy"]


@dataclass(frozen=True, slots=True)
class Lossy(Operation):
    """Operations that lose something, and why that is fine; write it with `lossy`.

    They are done, and taken back, as if they stood there themselves.

    Attributes:
        why: what is lost and why that is fine, for whoever reads the revision.
        operations: what is done.
    """

    why: str
    operations: Operations

    def __post_init__(self) -> None:
        if not self.why.strip():
            raise InvalidOperation("lossy() is given no reason", "say what is lost and why that is fine")
        if not self.operations:
            raise InvalidOperation("lossy() is given no operation", "give it those that lose something")

    def apply(self, state: State) -> State:
        return fold(self.operations, state)

    def reverse(self) -> Lossy:
        return Lossy(self.why, tuple(reverse(self.operations)))

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        statements: list[str] = []
        for operation in self.operations:
            statements += operation.statements(dialect, state)
            state = operation.apply(state)
        return statements

    def losses(self) -> tuple[str, ...]:
        return tuple(loss for operation in self.operations for loss in operation.losses())

    def parts(self) -> Operations:
        return tuple(part for operation in self.operations for part in operation.parts())

    def __str__(self) -> str:
        return ", ".join(map(str, self.operations))


def lossy(why: str, *operations: Operation) -> Lossy:
    """Operations that lose rows or values, accepted: `lossy("nobody read it since 2024", DropColumn(...))`.

    Args:
        why: what is lost and why that is fine.
        operations: those that lose it.

    Raises:
        InvalidOperation: there is no reason, or no operation.
    """
    return Lossy(why, operations)


def check_lossless(revisions: Iterable[LoadedRevision]) -> None:
    """Refuse revisions that lose something and do not say that this is fine.

    Raises:
        LossyRevision: the first one that does.
    """
    for revision in revisions:
        for operation, losses in _unsaid(revision.upgrade):
            raise LossyRevision(revision.id, str(operation), losses, type(operation).__name__)


def _unsaid(operations: Operations) -> Iterator[tuple[Operation, tuple[str, ...]]]:
    for operation in operations:
        losses = () if isinstance(operation, Lossy) else operation.losses()
        if losses:
            yield operation, losses
