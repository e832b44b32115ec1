"""What happened to a database outside of its revisions, told to the state, so that a revision can start from there."""

from __future__ import annotations

from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.migrate.operations import Operation, Operations, reverse
from isomorph.migrate.state import State, fold

__all__ = ["Drifted"]


@dataclass(frozen=True, slots=True)
class Drifted(Operation):
    """What somebody else did to the database: the state follows, and no SQL is run.

    `orm migrate drift --fix` writes it before the operations that lead back.

    Attributes:
        operations: what leads from the state that the revisions made to the one that was found.
    """

    operations: Operations

    def apply(self, state: State) -> State:
        return fold(self.operations, state)

    def reverse(self) -> Drifted:
        return Drifted(tuple(reverse(self.operations)))

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        del dialect
        self.apply(state)
        return []

    def __str__(self) -> str:
        return f"note what drifted: {', '.join(map(str, self.operations))}"
