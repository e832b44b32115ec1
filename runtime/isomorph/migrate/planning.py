"""From operations to the statements that are run. Pure.

Owns what a database without ALTER TABLE ... ADD CONSTRAINT (SQLite) makes of a revision: foreign keys that break a cycle
go into the CREATE TABLE before them, and consecutive changes of one table become one rebuild of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from isomorph.dialects.base import Dialect
from isomorph.dialects.standard.ddl import Change
from isomorph.migrate.constraints import AddForeignKey, DropForeignKey
from isomorph.migrate.operations import AddColumn, CreateTable, DropColumn, DropTable, Operation, TableChange
from isomorph.migrate.state import State

__all__ = ["Step", "steps"]


@dataclass(frozen=True, slots=True)
class Step:
    """Operations that are done together, and how.

    Attributes:
        operations: what is done, in order; several only where they become one statement or one rebuild.
        statements: the SQL, with `%` as the dialect's drivers take it.
    """

    operations: tuple[Operation, ...]
    statements: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(str(operation) for operation in self.operations)


def steps(operations: Sequence[Operation], dialect: Dialect, state: State) -> tuple[Step, ...]:
    """The steps of a revision on a database in `state`, in order.

    Raises:
        InvalidOperation: an operation does not fit the state it meets, or cannot be said on this dialect.
    """
    states = list(accumulate(operations, lambda folded, operation: operation.apply(folded), initial=state))
    if "add_constraint" in dialect.capabilities:
        return tuple(
            Step((operation,), tuple(operation.statements(dialect, before)))
            for operation, before in zip(operations, states, strict=False)
        )
    return tuple(_Rebuilding(operations, states, dialect).steps())


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
            if isinstance(operation, TableChange):
                end = self._end_of_group(place)
                if place not in self._absorbed:
                    yield from self._group(place, end)
            elif isinstance(operation, CreateTable):
                yield self._create_table(place, operation)
            else:
                yield Step((*self._taken_in(place), operation), self._statements(place))
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

    def _end_of_group(self, place: int) -> int:
        """Behind the last of the consecutive operations, from this one on, that one rebuild can do."""
        first = self._operations[place]
        if place in self._absorbed or not isinstance(first, TableChange):
            return place + 1
        dropped: set[str] = set()
        for end in range(place, len(self._operations)):
            operation = self._operations[end]
            if not isinstance(operation, TableChange) or operation.table != first.table or end in self._absorbed:
                return end
            if isinstance(operation, DropColumn):
                dropped.add(operation.column.name)
            elif isinstance(operation, AddColumn) and operation.column.name in dropped:
                return end  # one rebuild would carry over the values of the column that was dropped
        return len(self._operations)

    def _group(self, place: int, end: int) -> Iterator[Step]:
        changes = [self._change(index, index + 1) for index in range(place, end)]
        if len(changes) > 1 and any(
            list(self._statements(index)) == self._dialect.ddl.rebuild(change)
            for index, change in enumerate(changes, place)
        ):
            rebuild = self._dialect.ddl.rebuild(self._change(place, end))
            yield Step(tuple(self._operations[place:end]), tuple(rebuild))
        else:
            for index in range(place, end):
                yield Step((self._operations[index],), self._statements(index))

    def _change(self, place: int, end: int) -> Change:
        operation = self._operations[place]
        assert isinstance(operation, TableChange)
        before, after = self._states[place], self._states[end]
        return Change(before.table(operation.table), after.table(operation.table), before.enums)


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
            case TableChange(table=name):
                created.pop(name, None)
                leaving.pop(name, None)
            case _:
                pass
    return absorbed
