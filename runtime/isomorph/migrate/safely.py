"""From plain operations to the forms that hold up nobody, where a table exists already and its dialect has such a form. Pure.

Owns which operations have one; how it is said is the dialect's (`dialects/*/safe_forms.py`). The parts of a change are
operations themselves: each is recorded when it is done, so that a run that was interrupted between two goes on behind the
first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.dialects.standard.safe_forms import Filling, Part, SafeForms
from isomorph.dialects.standard.structure import Leftovers
from isomorph.migrate.changes import ChangeColumn
from isomorph.migrate.connection import Connection
from isomorph.migrate.constraints import AddCheck, AddForeignKey, AddUnique, CreateIndex, DropIndex
from isomorph.migrate.data import Data, RunPython
from isomorph.migrate.operations import (
    AddColumn,
    CreateTable,
    Irreversible,
    Operation,
    TableChange,
)
from isomorph.migrate.renames import RenameTable
from isomorph.migrate.state import State

__all__ = ["FillInBatches", "Phase", "safe", "settled"]


@dataclass(frozen=True, slots=True)
class Phase(Operation):
    """A part of an operation.

    Attributes:
        operation: what it is a part of.
        part: its statements.
    """

    operation: Operation
    part: Part

    def apply(self, state: State) -> State:
        # All or nothing of the change is in the state: what stands between two parts no operation can be about.
        return self.operation.apply(state) if self.part.is_whole else state

    def reverse(self) -> Operation:
        if self.part.is_whole:
            return self.operation.reverse()
        return Phase(self.operation, Part(f"undo: {self}", self.part.undo, undo=self.part.statements))

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        del dialect, state
        return [*self.part.statements]

    def is_outside(self, dialect: Dialect) -> bool:
        del dialect
        return self.part.is_outside

    def leftovers(self, dialect: Dialect) -> Leftovers | None:
        del dialect
        return self.part.leftovers

    def __str__(self) -> str:
        return self.part.title or str(self.operation)


@dataclass(frozen=True, slots=True)
class FillInBatches(RunPython):
    """Gives a new default to the rows that lack it, some at a time, so that nobody waits for all of them.

    Attributes:
        operation: what it is a part of; None where it stands before the part that counts.
        title: what messages call it.
        batch: the statement of a batch, as people read it.
    """

    operation: Operation | None = None
    title: str = ""
    batch: str = ""

    def apply(self, state: State) -> State:
        return state if self.operation is None else self.operation.apply(state)

    def reverse(self) -> Operation:
        if self.operation is not None:
            return self.operation.reverse()
        return Phase(Irreversible(self.title), Part(f"undo: {self.title}"))

    @property
    def shown(self) -> str:
        return self.batch

    def __str__(self) -> str:
        return self.title


def _filling(part: Part, filling: Filling, operation: Operation, dialect: Dialect) -> FillInBatches:
    whole = operation if part.is_whole else None
    return FillInBatches(
        _fills(filling),
        atomic=False,
        operation=whole,
        title=part.title,
        batch=dialect.ddl.printed(filling.batch),
    )


def _fills(filling: Filling) -> Callable[[Data], None]:
    def fill(data: Data) -> None:
        def read(after: int, size: int) -> Sequence[int]:
            del size
            return _filled(data.connection, filling, after, batches)

        batches = int(data.connection.fetch(filling.bounds)[0][0])
        for _ in data.batches(read, _same, start=-1, size=0):
            pass

    return fill


def _filled(connection: Connection, filling: Filling, after: int, batches: int) -> Sequence[int]:
    """Do the next batch that has rows to fill: its number, once for each of them."""
    for number in range(after + 1, batches):
        rows = connection.execute(filling.batch, (number, number + 1))
        if rows:
            return [number] * rows
    return ()


def _same(number: int) -> int:
    return number


def settled(done: Sequence[Operation]) -> list[Operation]:
    """What is done, without the parts of changes that are done as a whole: the reverse of the whole takes them back."""
    whole = [found for part in done if (found := _whole(part)) is not None]
    return [
        part
        for part in done
        if not isinstance(part, Phase) or part.part.is_whole or not any(part.operation is other for other in whole)
    ]


def _whole(part: Operation) -> Operation | None:
    """The change that is done with this part of it."""
    match part:
        case Phase(operation, told) if told.is_whole:
            return operation
        case FillInBatches():
            return part.operation
        case _:
            return None


# --- operations --------------------------------------------------------------------------------------------------------


def safe(operations: Sequence[Operation], dialect: Dialect, state: State) -> Sequence[Operation]:
    """The operations of a revision, those that have a safe form as its parts.

    Args:
        operations: of one revision, in order.
        dialect: of the database.
        state: the state before them; a table that is made by them is in nobody's use.

    Raises:
        InvalidOperation: an operation does not fit the state it meets, or cannot be said on this dialect.
    """
    forms = dialect.safe_forms
    if forms is None:
        return operations
    found: list[Operation] = []
    in_use = set(state.tables)
    for operation in operations:
        match operation:
            case CreateTable(table):
                in_use.discard(table.name)
            case RenameTable(before, after) if before in in_use:
                in_use.add(after)
            case _:
                pass
        found += _parts(operation, forms, dialect, state, in_use)
        state = operation.apply(state)
    return found


def _parts(
    operation: Operation, forms: SafeForms, dialect: Dialect, state: State, in_use: set[str]
) -> Iterator[Operation]:
    parts = None
    if isinstance(operation, TableChange) and operation.table in in_use:
        parts = _said(operation, forms, dialect, state)
    if parts is None:
        yield operation
        return
    for part in parts:
        yield Phase(operation, part) if part.filling is None else _filling(part, part.filling, operation, dialect)


def _said(operation: TableChange, forms: SafeForms, dialect: Dialect, state: State) -> Sequence[Part] | None:
    change = operation.change(dialect.ddl, state)
    match operation:
        case CreateIndex(_, index):
            return forms.create_index(change, index)
        case DropIndex(_, index):
            return forms.drop_index(change, index)
        case AddUnique(_, unique):
            return forms.add_unique(change, unique)
        case AddForeignKey(_, foreign_key):
            return forms.add_foreign_key(change, foreign_key)
        case AddCheck(_, check):
            return forms.add_check(change, check)
        case AddColumn(_, column):
            return forms.add_column(change, column)
        case ChangeColumn(_, before, after):
            return forms.change_column(change, before, after)
        case _:
            return None
