"""From the state that the revisions lead to, to the one that the schema asks for: operations in a working order. Pure.

The order, and why:

1. enums that are new, since columns need them;
2. guards that go, and foreign keys that go, so that nothing holds what they reference;
3. tables that go, each before those that it references (a circle is broken by dropping a foreign key first);
4. in tables that stay: checks, uniques and indexes that go, columns that go, columns that come, then uniques, checks and
   indexes that come;
5. tables that come, each behind those that it references (a circle is broken by adding a foreign key later);
6. foreign keys that come, guards that come, and enums that go.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol, TypeVar

from isomorph.catalog import Column, Default, Enum, ForeignKey, MorphGuard, Table, columns_of
from isomorph.migrate import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddMorphGuard,
    AddUnique,
    CreateEnum,
    CreateIndex,
    CreateTable,
    DropCheck,
    DropColumn,
    DropEnum,
    DropForeignKey,
    DropIndex,
    DropMorphGuard,
    DropTable,
    DropUnique,
    Operation,
    Operations,
    State,
)
from isomorph_generator.migrations.errors import UnsupportedChange, UnsupportedChanges

__all__ = ["detect"]


def detect(before: State, after: State) -> Operations:
    """The operations that lead from one state to another; none when they are the same.

    The order of a table's columns is no difference: a new column always comes last.

    Raises:
        UnsupportedChanges: no operation can make some of the changes.
    """
    refused = list(_refused(before, after))
    if refused:
        raise UnsupportedChanges(refused)
    kept = [_Pair(before.tables[name], table) for name, table in after.tables.items() if name in before.tables]
    gone = [table for name, table in before.tables.items() if name not in after.tables]
    new = [table for name, table in after.tables.items() if name not in before.tables]
    dropped, created = _Ordered(gone), _Ordered(new)
    return (
        *(CreateEnum(enum) for name, enum in after.enums.items() if name not in before.enums),
        *(DropMorphGuard(pair.name, guard) for pair in kept for guard in pair.gone(_guards)),
        *(DropMorphGuard(table.name, guard) for table in gone for guard in table.guards),
        *(DropForeignKey(pair.name, key) for pair in kept for key in pair.gone(_foreign_keys)),
        *(DropForeignKey(table, key) for table, key in dropped.cut),
        *(DropTable(table) for table in reversed(dropped.tables)),
        *(operation for pair in kept for operation in pair.changes()),
        *(CreateTable(table) for table in created.tables),
        *(AddForeignKey(pair.name, key) for pair in kept for key in pair.new(_foreign_keys)),
        *(AddForeignKey(table, key) for table, key in created.cut),
        *(AddMorphGuard(pair.name, guard) for pair in kept for guard in pair.new(_guards)),
        *(AddMorphGuard(table.name, guard) for table in new for guard in table.guards),
        *(DropEnum(enum) for name, enum in before.enums.items() if name not in after.enums),
    )


# --- tables that stay ------------------------------------------------------------------------------------------------


class _Named(Protocol):
    @property
    def name(self) -> str: ...


PartT = TypeVar("PartT", bound=_Named)


def _foreign_keys(table: Table) -> Sequence[ForeignKey]:
    return table.foreign_keys


def _guards(table: Table) -> Sequence[MorphGuard]:
    return table.guards


@dataclass(frozen=True, slots=True)
class _Pair:
    """A table before and after. A constraint or index whose definition changed goes and comes."""

    before: Table
    after: Table

    @property
    def name(self) -> str:
        return self.after.name

    def gone(self, parts: Callable[[Table], Sequence[PartT]]) -> list[PartT]:
        return [part for part in parts(self.before) if part not in parts(self.after)]

    def new(self, parts: Callable[[Table], Sequence[PartT]]) -> list[PartT]:
        return [part for part in parts(self.after) if part not in parts(self.before)]

    def changes(self) -> Iterator[Operation]:
        """All but those of foreign keys."""
        name = self.name
        before, after = _names(self.before.columns), _names(self.after.columns)
        yield from (DropCheck(name, check) for check in self.gone(lambda table: table.checks))
        yield from (DropUnique(name, unique) for unique in self.gone(lambda table: table.uniques))
        yield from (DropIndex(name, index) for index in self.gone(lambda table: table.indexes))
        gone = [column for column in self.before.columns if column.name not in after]
        new = [column for column in self.after.columns if column.name not in before]
        yield from (DropColumn(name, column) for column in reversed(_in_order(reversed(gone))))
        yield from (AddColumn(name, column) for column in _in_order(new))
        yield from (AddUnique(name, unique) for unique in self.new(lambda table: table.uniques))
        yield from (AddCheck(name, check) for check in self.new(lambda table: table.checks))
        yield from (CreateIndex(name, index) for index in self.new(lambda table: table.indexes))


def _in_order(columns: Iterable[Column]) -> list[Column]:
    """Columns, each behind those that it is generated from, and that it stands behind."""
    waiting = list(columns)
    found: list[Column] = []
    while waiting:
        names = _names(waiting)
        ready = (column for column in waiting if not names & (_needed(column) - {column.name}))
        column = next(ready, waiting[0])
        waiting.remove(column)
        found.append(column)
    return found


def _needed(column: Column) -> frozenset[str]:
    """The other columns of its table without which it cannot be added."""
    sources = () if column.generated is None else columns_of(column.generated.expression)
    return frozenset(sources if column.after is None else (*sources, column.after))


def _names(parts: Iterable[_Named]) -> frozenset[str]:
    return frozenset(part.name for part in parts)


# --- tables that come or go --------------------------------------------------------------------------------------------


class _Ordered:
    """Tables, each behind those among them that it references, otherwise in the order given.

    Attributes:
        tables: the tables; foreign keys that close a circle are cut out of them.
        cut: those foreign keys, each with the name of its table.

    Guards are left out of the tables: they come and go by operations of their own.
    """

    def __init__(self, tables: Sequence[Table]) -> None:
        self.tables: list[Table] = []
        self.cut: list[tuple[str, ForeignKey]] = []
        self._waiting = {table.name: table for table in tables}
        self._open: dict[str, None] = {}
        for table in tables:
            self._place(table.name)

    def _place(self, first: str) -> None:
        """Place a table, and before it, depth first, those that it references."""
        stack = [first]
        while stack:
            table = self._waiting.get(stack[-1])
            if table is None:
                stack.pop()
                continue
            self._open[table.name] = None
            ahead = [key for key in table.foreign_keys if key.table in self._waiting and key.table != table.name]
            unvisited = [key.table for key in ahead if key.table not in self._open]
            if unvisited:
                stack.append(unvisited[0])
                continue
            # What is still ahead waits for this table: a circle.
            self.cut += [(table.name, key) for key in ahead]
            rest = tuple(key for key in table.foreign_keys if key not in ahead)
            self.tables.append(replace(table, foreign_keys=rest, guards=()))
            del self._waiting[table.name]


# --- what is not supported yet ---------------------------------------------------------------------------------------

_COLUMN_FACTS: Mapping[str, Callable[[Column], object]] = {
    "the type": lambda column: column.type,
    "whether NULL is allowed": lambda column: column.nullable,
    "the default": lambda column: _meaning(column.default) if column.default_sql is None else column.default_sql,
    "the numbering": lambda column: column.auto_increment,
    "the comment": lambda column: column.comment,
    "the collation": lambda column: (column.collation, column.charset),
    "what is computed": lambda column: column.generated,
}
_TABLE_FACTS: Mapping[str, Callable[[Table], object]] = {
    "the primary key": lambda table: table.primary_key,
    "the comment": lambda table: table.comment,
    "the engine": lambda table: table.engine,
    "the collation": lambda table: (table.collation, table.charset),
}


def _meaning(default: Default | None) -> object:
    """What two spellings of the same default have in common."""

    def text(value: object) -> str:
        return str(value.normalize()) if isinstance(value, Decimal) else str(value)

    return None if default is None else json.dumps(default.value, sort_keys=True, default=text)


def _refused(before: State, after: State) -> Iterator[UnsupportedChange]:
    for name, enum in after.enums.items():
        if name in before.enums:
            yield from _refused_of_enum(before.enums[name], enum)
    for name, table in after.tables.items():
        if name in before.tables:
            yield from _refused_of_table(before.tables[name], table)


def _refused_of_enum(before: Enum, after: Enum) -> Iterator[UnsupportedChange]:
    if before.values != after.values:
        yield _unsupported(f"the values of the enum {after.name}")
    if before.type_name != after.type_name:
        yield _unsupported(f"the name of the type of the enum {after.name}")


def _refused_of_table(before: Table, after: Table) -> Iterator[UnsupportedChange]:
    for what, of_table in _TABLE_FACTS.items():
        if of_table(before) != of_table(after):
            yield _unsupported(f"{what} of {after.name}")
    old = {column.name: column for column in before.columns}
    for column in after.columns:
        path = f"{after.name}.{column.name}"
        if column.name in old:
            for what, fact in _COLUMN_FACTS.items():
                if fact(old[column.name]) != fact(column):
                    yield _unsupported(f"{what} {'in' if what.startswith('wh') else 'of'} {path}")
        elif not column.nullable and column.default is None and column.default_sql is None and not column.generated:
            what = f"the new column {path} is NOT NULL and has no default, so the rows that exist could not have it"
            yield UnsupportedChange(what, "give the field a default, or make it nullable")


def _unsupported(what: str) -> UnsupportedChange:
    return UnsupportedChange(f"changing {what} is not supported yet", "undo it in the schema")
