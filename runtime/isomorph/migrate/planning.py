"""From operations to the statements that are run. Pure.

Owns what a database without ALTER TABLE ... ADD CONSTRAINT (SQLite) makes of a revision: foreign keys that break a cycle
go into the CREATE TABLE before them, and consecutive changes of one table become one rebuild of it, behind new names. Owns,
too, whether the values that come to an enum are used in the same transaction, which PostgreSQL wants to know.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import cast

from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.dialects.standard.ddl import Change
from isomorph.dialects.standard.structure import Leftovers
from isomorph.migrate.changes import ChangeColumn
from isomorph.migrate.constraints import AddForeignKey, DropForeignKey
from isomorph.migrate.copying import CopyColumn, copied_in_batches
from isomorph.migrate.enum_changes import ChangeEnum
from isomorph.migrate.operations import AddColumn, CreateTable, DropColumn, DropTable, Operation, RunSql, TableChange
from isomorph.migrate.renames import RenameColumn, RenameTable
from isomorph.migrate.safely import Phase, safe
from isomorph.migrate.sql_in_batches import sql_in_batches
from isomorph.migrate.state import State
from isomorph.migrate.swapping import SwapNames

__all__ = ["Step", "steps"]


@dataclass(frozen=True, slots=True)
class Step:
    """Operations that are done together, and how.

    Attributes:
        operations: what is done, in order; several only where they become one statement or one rebuild. One that is done
            in two steps (a new name, then a rebuild) is in both.
        statements: the SQL, with `%` as the dialect's drivers take it.
        rebuilds: whether it makes tables anew, which lose their triggers.
        is_outside: whether it is no part of the transaction of its revision.
        leftovers: what of a failed attempt is to be taken away before the next.
    """

    operations: tuple[Operation, ...]
    statements: tuple[str, ...]
    rebuilds: bool = False
    is_outside: bool = False
    leftovers: Leftovers | None = None

    def __str__(self) -> str:
        return ", ".join(str(operation) for operation in self.operations)


def steps(operations: Sequence[Operation], dialect: Dialect, state: State, *, safely: bool = False) -> tuple[Step, ...]:
    """The steps of a revision on a database in `state`, in order.

    Args:
        operations: of the revision.
        dialect: of the database.
        state: before them.
        safely: whether tables that exist are changed in the ways that hold up nobody.

    Raises:
        InvalidOperation: an operation does not fit the state it meets, or cannot be said on this dialect.
    """
    operations = [part for operation in operations for part in operation.parts()]
    if safely:
        operations = safe(operations, dialect, state)
    states = list(accumulate(operations, lambda folded, operation: operation.apply(folded), initial=state))
    operations = [_in_batches(*each, dialect) for each in zip(operations, states, strict=False)]
    if "add_constraint" in dialect.capabilities:
        return tuple(
            _marked(Step((operation,), tuple(_statements(operations, states, place, dialect))), dialect)
            for place, operation in enumerate(operations)
        )
    return tuple(_marked(step, dialect) for step in _Rebuilding(operations, states, dialect).steps())


def _in_batches(operation: Operation, state: State, dialect: Dialect) -> Operation:
    """What goes in batches as the data step that it is; everything else as it is."""
    if isinstance(operation, CopyColumn):
        return copied_in_batches(operation, dialect, state)
    if isinstance(operation, RunSql) and operation.batched is not None:
        return sql_in_batches(operation, operation.batched, dialect, state)
    return operation


def _statements(operations: Sequence[Operation], states: Sequence[State], place: int, dialect: Dialect) -> list[str]:
    operation = operations[place]
    if not isinstance(operation, ChangeEnum):
        return operation.statements(dialect, states[place])
    change = operation.change(states[place])
    added = [dialect.ddl.string(value) for value in change.added]
    used = any(
        _uses(operations[later], states[later : later + 2], added, dialect)
        for later in range(place + 1, len(operations))
    )
    return dialect.ddl.change_enum(change, used_at_once=used)


def _uses(operation: Operation, states: Sequence[State], literals: Sequence[str], dialect: Dialect) -> bool:
    """Whether an operation may use one of the values; one that leaves the state as it is runs what nobody knows."""
    before, after = states
    if after is before and not isinstance(operation, Phase):
        return True
    statements = operation.statements(dialect, before)
    return any(literal in statement for statement in statements for literal in literals)


def _marked(step: Step, dialect: Dialect) -> Step:
    """The step, saying whether it is outside of transactions; what is done along with others never is."""
    alone = step.operations[0] if len(step.operations) == 1 else None
    if alone is None or not alone.is_outside(dialect):
        return step
    return replace(step, is_outside=True, leftovers=alone.leftovers(dialect))


class _Rebuilding:
    """The steps of a revision where constraints cannot be added to a table that exists.

    References are not enforced during a revision there (`Ddl.enforcement`), so that a table may reference one that does not
    exist yet, or no more.
    """

    def __init__(self, operations: Sequence[Operation], states: Sequence[State], dialect: Dialect) -> None:
        self._operations = operations
        self._states = states
        """By index, the state before the operation of that index; the last is the one after all."""
        self._dialect = dialect
        self._absorbed = _absorbed(operations)

    def steps(self) -> Iterator[Step]:
        place = 0
        while place < len(self._operations):
            operation = self._operations[place]
            end = place + 1
            if isinstance(operation, TableChange | RenameTable):
                if place not in self._absorbed:
                    end = self._end_of_group(place)
                    yield from self._group(place, end)
            elif isinstance(operation, CreateTable):
                yield self._create_table(place, operation)
            else:
                taken_in = (*self._taken_in(place), operation)
                yield Step(taken_in, self._statements(place), rebuilds=isinstance(operation, ChangeEnum | SwapNames))
            place = end

    def _statements(self, place: int) -> tuple[str, ...]:
        return tuple(self._operations[place].statements(self._dialect, self._states[place]))

    def _taken_in(self, place: int) -> tuple[Operation, ...]:
        """The operations that the one at this place does along with its own."""
        return tuple(self._operations[other] for other, into in self._absorbed.items() if into == place)

    def _create_table(self, place: int, operation: CreateTable) -> Step:
        taken_in = self._taken_in(place)
        keys = tuple(other.foreign_key for other in taken_in if isinstance(other, AddForeignKey))
        table = replace(operation.table, foreign_keys=operation.table.foreign_keys + keys)
        statements = self._dialect.ddl.create_table(table, self._states[place].enums)
        return Step((operation, *taken_in), tuple(statements))

    # --- groups ------------------------------------------------------------------------------------------------------

    def _end_of_names(self, place: int) -> tuple[int, str]:
        """Behind the last of the consecutive new names of one table and its columns, and what it is called then."""
        first = self._operations[place]
        name = first.before if isinstance(first, RenameTable) else cast("TableChange", first).table
        for end in range(place, len(self._operations)):
            match self._operations[end]:
                case RenameTable(before, after) if before == name:
                    name = after
                case RenameColumn(table) if table == name:
                    pass
                case _:
                    return end, name
        return len(self._operations), name

    def _end_of_group(self, place: int) -> int:
        """Behind the last of the consecutive operations, from this one on, that one rebuild can do."""
        start, name = self._end_of_names(place)
        dropped, touched = set[str](), set[str]()
        for end in range(start, len(self._operations)):
            operation = self._operations[end]
            if not isinstance(operation, TableChange) or operation.table != name or end in self._absorbed:
                return end
            match operation:
                case RenameColumn():
                    return end
                case DropColumn(_, column):
                    dropped.add(column.name)
                case AddColumn(_, column):
                    if column.name in dropped:
                        return end  # one rebuild would carry over the values of the column that was dropped
                    touched.add(column.name)
                case ChangeColumn(_, _, column, using):
                    # One copy computes a value from those of before it, and each once.
                    if column.name in touched or (using is not None and touched):
                        return end
                    touched.add(column.name)
                case _:
                    pass
        return len(self._operations)

    def _group(self, place: int, end: int) -> Iterator[Step]:
        start, name = self._end_of_names(place)
        reshaped = False
        for index in range(place, start):
            operation = cast("RenameTable | RenameColumn", self._operations[index])
            yield Step((operation,), tuple(operation.names(self._dialect, self._states[index])))
            reshaped = reshaped or bool(operation.reshaped(self._dialect, self._states[index]))
        changes = [self._change(index) for index in range(start, end)]
        rebuilding = [self._is_rebuild(index, change) for index, change in enumerate(changes, start)]
        if reshaped or (len(changes) > 1 and any(rebuilding)):
            before, after = self._states[start], self._states[end]
            values = {column: value for change in changes for column, value in change.values.items()}
            change = Change(before.table(name), after.table(name), after.enums, before.tables, values)
            rebuild = self._dialect.ddl.rebuild(change)
            done = self._operations[start if start < end else start - 1 : end]
            yield Step(tuple(done), tuple(rebuild), rebuilds=True)
        else:
            for index, rebuilds in enumerate(rebuilding, start):
                yield Step((self._operations[index],), self._statements(index), rebuilds=rebuilds)

    def _is_rebuild(self, place: int, change: Change) -> bool:
        return list(self._statements(place)) == self._dialect.ddl.rebuild(change)

    def _change(self, place: int) -> Change:
        return cast("TableChange", self._operations[place]).change(self._dialect.ddl, self._states[place])


def _absorbed(operations: Sequence[Operation]) -> dict[int, int]:
    """Foreign keys that go into the CREATE TABLE before them or away with the DROP TABLE behind them: place to place.

    Only where nothing else changes the table between the two.
    """
    absorbed: dict[int, int] = {}
    created: dict[str, int] = {}
    leaving: dict[str, list[int]] = {}
    for place, operation in enumerate(operations):
        match operation:
            case CreateTable(table):
                created[table.name] = place
            case DropTable(table):
                absorbed |= dict.fromkeys(leaving.pop(table.name, ()), place)
                created.pop(table.name, None)
            case AddForeignKey(table=name) if name in created:
                absorbed[place] = created[name]
            case DropForeignKey(table=name):
                leaving.setdefault(name, []).append(place)
                created.pop(name, None)
            case TableChange(table=name) | RenameTable(before=name):
                created.pop(name, None)
                leaving.pop(name, None)
            case _:
                pass
    return absorbed
