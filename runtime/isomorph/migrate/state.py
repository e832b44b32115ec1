"""The tables that revisions have made, as found by folding their operations. Pure data.

Owns what a database should look like at a point of its history; knows of models only to derive the state that a schema
asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from types import MappingProxyType
from typing import Any, Protocol

from isomorph.catalog import Catalog, Enum, ObjectKind, SqlObject, Table
from isomorph.dataclassing import dataclass
from isomorph.errors import InvalidOperation, near_hint
from isomorph.migrate.layers import Layers

__all__ = ["Foldable", "State", "fold"]


class Foldable(Protocol):
    """What a state can be moved on by."""

    def apply(self, state: State) -> State: ...


def _empty_tables() -> Mapping[str, Table]:
    return MappingProxyType({})


def _empty_enums() -> Mapping[str, Enum]:
    return MappingProxyType({})


def _no_objects() -> Mapping[tuple[ObjectKind, str], SqlObject]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class State:
    """Tables and enums by name, and what is declared as SQL by kind and name.

    Two states are equal when they hold the same, in whatever order. The order of a table's columns is the database's and
    counts; `is_same` ignores it.
    """

    tables: Mapping[str, Table] = field(default_factory=_empty_tables)
    enums: Mapping[str, Enum] = field(default_factory=_empty_enums)
    objects: Mapping[tuple[ObjectKind, str], SqlObject] = field(default_factory=_no_objects)

    @classmethod
    def of(cls, tables: Iterable[Table], enums: Iterable[Enum], objects: Iterable[SqlObject] = ()) -> State:
        """The state of these tables, with those of the enums that a column uses."""
        by_name = {table.name: table for table in tables}
        used = {column.type.named_enum for table in by_name.values() for column in table.columns}
        return cls(
            MappingProxyType(by_name),
            # What an enum documents is no part of the database.
            MappingProxyType({enum.name: replace(enum, doc=None) for enum in enums if enum.name in used}),
            MappingProxyType({(made.kind, made.name): made for made in objects}),
        )

    @classmethod
    def of_catalog(cls, catalog: Catalog, connection: str = "default") -> State:
        """The state that a schema asks of one of its connections."""
        objects = (made for name, made in catalog.objects if name == connection)
        return cls.of(catalog.tables(connection), catalog.enums, objects)

    def is_same(self, other: State) -> bool:
        """Whether both describe the same database, but for the order of columns, constraints and indexes."""
        return self._unordered() == other._unordered()

    def _unordered(self) -> tuple[object, ...]:
        tables = {name: _unordered(table) for name, table in self.tables.items()}
        return tables, dict(self.enums), dict(self.objects)

    # --- looking up and replacing, for operations --------------------------------------------------------------------

    def table(self, name: str) -> Table:
        """The table of that name.

        Raises:
            InvalidOperation: no table has it.
        """
        if name not in self.tables:
            what = f"there is no table {name} at this point"
            raise InvalidOperation(
                what, near_hint(name, tuple(self.tables), "create it in this or an earlier revision")
            )
        return self.tables[name]

    def enum(self, name: str) -> Enum:
        """The enum of that name.

        Raises:
            InvalidOperation: no enum has it.
        """
        if name not in self.enums:
            what = f"there is no enum {name} at this point"
            raise InvalidOperation(what, near_hint(name, tuple(self.enums), "create it with CreateEnum before"))
        return self.enums[name]

    def with_table(self, table: Table) -> State:
        """This state with a table added or replaced."""
        known = self.tables if isinstance(self.tables, Layers) else Layers(self.tables)
        return replace(self, tables=known.having(table.name, table))

    def with_tables(self, tables: Iterable[Table]) -> State:
        """This state with these tables instead of its own."""
        return replace(self, tables=MappingProxyType({table.name: table for table in tables}))

    def without_table(self, name: str) -> State:
        rest = {key: table for key, table in self.tables.items() if key != name}
        return replace(self, tables=MappingProxyType(rest))

    def with_enum(self, enum: Enum) -> State:
        return replace(self, enums=MappingProxyType({**self.enums, enum.name: enum}))

    def with_enums(self, enums: Iterable[Enum]) -> State:
        """This state with these enums instead of its own."""
        return replace(self, enums=MappingProxyType({enum.name: enum for enum in enums}))

    def without_enum(self, name: str) -> State:
        rest = {key: enum for key, enum in self.enums.items() if key != name}
        return replace(self, enums=MappingProxyType(rest))

    def with_objects(self, objects: Iterable[SqlObject]) -> State:
        """This state with these declarations instead of its own."""
        return replace(self, objects=MappingProxyType({(made.kind, made.name): made for made in objects}))


def fold(operations: Sequence[Foldable], state: State | None = None) -> State:
    """The state after operations, from a state or from nothing.

    Raises:
        InvalidOperation: an operation does not fit the state it meets.
    """
    folded = State() if state is None else state
    for operation in operations:
        folded = operation.apply(folded)
    return folded


def _unordered(table: Table) -> Table:
    def by_name(parts: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(sorted(parts, key=lambda part: str(part.name)))

    return replace(
        table,
        columns=by_name(replace(column, after=None, first=False) for column in table.columns),
        uniques=by_name(table.uniques),
        indexes=by_name(table.indexes),
        foreign_keys=by_name(table.foreign_keys),
        checks=by_name(table.checks),
        guards=by_name(table.guards),
        aliases=tuple(
            replace(aliases, members=tuple(sorted(aliases.members)))
            for aliases in sorted(table.aliases, key=lambda aliases: aliases.type_column)
        ),
    )
