"""What may follow what: the checks that operations make before they change a state. Raise InvalidOperation, or pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from isomorph.catalog import Column, ForeignKey, Index, MorphGuard, Table, columns_of
from isomorph.errors import InvalidOperation, near_hint
from isomorph.migrate.state import State

__all__ = [
    "added",
    "check_column",
    "check_columns",
    "check_enum_unused",
    "check_foreign_key",
    "check_guard",
    "check_table",
    "check_type",
    "check_unguarded",
    "check_unused",
    "columns_of_index",
    "removed",
]


class _Named(Protocol):
    @property
    def name(self) -> str: ...


PartT = TypeVar("PartT", bound=_Named)


def added(parts: tuple[PartT, ...], part: PartT, table: Table) -> tuple[PartT, ...]:
    """The constraints or indexes of a table with one more."""
    if any(other.name == part.name for other in parts):
        what = f"{table.name} has a {part.name} already"
        raise InvalidOperation(what, "drop it before, or take another name")
    return (*parts, part)


def removed(parts: tuple[PartT, ...], part: PartT, table: Table) -> tuple[PartT, ...]:
    """The constraints or indexes of a table without the one of that name."""
    rest = tuple(other for other in parts if other.name != part.name)
    if len(rest) == len(parts):
        what = f"{table.name} has no {part.name} at this point"
        raise InvalidOperation(
            what, near_hint(part.name, tuple(other.name for other in parts), "see the earlier revisions")
        )
    return rest


# --- what a table refers to ------------------------------------------------------------------------------------------


def check_table(table: Table, state: State) -> None:
    """All that a table names exists; `state` includes the table, which may refer to itself."""
    for column in table.columns:
        check_type(column, state)
        check_column(table, column)
    check_columns(table, table.primary_key)
    for unique in table.uniques:
        check_columns(table, unique.columns)
    for index in table.indexes:
        check_columns(table, columns_of_index(index))
    for check in table.checks:
        check_columns(table, columns_of(check.expression))
    for foreign_key in table.foreign_keys:
        check_foreign_key(table, foreign_key, state)
    if table.guards:
        what = f"{table.name} is created with the guard {table.guards[0].name}, whose members may not exist yet"
        raise InvalidOperation(what, "add it by AddMorphGuard, behind all tables")


def check_columns(table: Table, names: Iterable[str]) -> None:
    """The table has these columns."""
    known = tuple(column.name for column in table.columns)
    for name in names:
        if name not in known:
            what = f"{table.name} has no column {name} at this point"
            raise InvalidOperation(what, near_hint(name, known, "add it before"))


def check_type(column: Column, state: State) -> None:
    """The enum of a column exists."""
    if column.type.named_enum is not None:
        state.enum(column.type.named_enum)


def check_column(table: Table, column: Column) -> None:
    """What a column is computed from exists, and what it stands behind; it may be one of the table, or come to it."""
    if column.generated is not None:
        check_columns(table, columns_of(column.generated.expression))
    if column.after is not None:
        check_columns(table, (column.after,))


def check_foreign_key(table: Table, foreign_key: ForeignKey, state: State) -> None:
    """A foreign key's own columns and those that it references exist."""
    check_columns(table, foreign_key.columns)
    check_columns(state.table(foreign_key.table), foreign_key.references)


def check_guard(table: Table, guard: MorphGuard, state: State) -> None:
    """A guard's own columns exist, and the tables and keys of its members."""
    check_columns(table, (guard.type_column, guard.id_column))
    for member in guard.members:
        check_columns(state.table(member.table), (member.key,))


# --- what refers to a table, a column or an enum ------------------------------------------------------------------------------


def check_unguarded(name: str, state: State) -> None:
    """No guard needs a table that is to be dropped."""
    for table in state.tables.values():
        for guard in table.guards:
            if table.name == name or any(member.table == name for member in guard.members):
                what = f"the guard {guard.name} of {table.name} needs the table {name}"
                raise InvalidOperation(what, "drop it before the table")


def check_unused(table: Table, column: str, state: State) -> None:
    """No key, index or check needs a column that is to be dropped."""
    check_columns(table, (column,))
    for user in _users(table, column, state):
        what = f"{user} needs the column {table.name}.{column}"
        raise InvalidOperation(what, "drop it before the column")


def check_enum_unused(name: str, state: State) -> None:
    """No column needs an enum that is to be dropped."""
    state.enum(name)
    for table in state.tables.values():
        for column in table.columns:
            if column.type.named_enum == name:
                what = f"the column {table.name}.{column.name} needs the enum {name}"
                raise InvalidOperation(what, "drop the column before the enum")


def _users(table: Table, column: str, state: State) -> Iterator[str]:
    uses: list[tuple[str, Iterable[str]]] = [
        ("the primary key", table.primary_key),
        *((f"the unique constraint {unique.name}", unique.columns) for unique in table.uniques),
        *((f"the index {index.name}", columns_of_index(index)) for index in table.indexes),
        *((f"the check {check.name}", columns_of(check.expression)) for check in table.checks),
        *(
            (f"the generated column {other.name}", columns_of(other.generated.expression))
            for other in table.columns
            if other.generated is not None
        ),
        *((f"the foreign key {key.name}", key.columns) for key in table.foreign_keys),
        *(
            (f"the foreign key {key.name} of {other.name}", key.references)
            for other in state.tables.values()
            for key in other.foreign_keys
            if key.table == table.name
        ),
        *((f"the guard {guard.name}", (guard.type_column, guard.id_column)) for guard in table.guards),
        *(
            (f"the guard {guard.name} of {other.name}", (member.key,))
            for other in state.tables.values()
            for guard in other.guards
            for member in guard.members
            if member.table == table.name
        ),
    ]
    return (user for user, columns in uses if column in columns)


# --- columns that an expression names --------------------------------------------------------------------------------


def columns_of_index(index: Index) -> tuple[str, ...]:
    """The columns that an index names, those of its condition included."""
    named = tuple(column.name for column in index.columns)
    return named if index.where is None else (*named, *columns_of(index.where))
