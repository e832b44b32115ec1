"""What may follow what: the checks that operations make before they change a state. Raise InvalidOperation, or pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol, TypeVar, cast

from isomorph.catalog import (
    Check,
    Column,
    ColumnType,
    Enum,
    ForeignKey,
    Index,
    IndexColumn,
    MorphGuard,
    SqlText,
    Table,
    Unique,
    columns_of,
)
from isomorph.errors import InvalidOperation, near_hint
from isomorph.migrate.state import State

__all__ = [
    "added",
    "check_change",
    "check_column",
    "check_columns",
    "check_enum_change",
    "check_enum_unused",
    "check_foreign_key",
    "check_guard",
    "check_not_in_sql",
    "check_primary_key",
    "check_references",
    "check_table",
    "check_type",
    "check_unguarded",
    "check_unused",
    "columns_of_index",
    "constraint",
    "removed",
    "renamed",
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


def constraint(table: Table, name: str) -> Unique | Check | ForeignKey:
    """The unique constraint, check or foreign key of that name."""
    parts: tuple[Unique | Check | ForeignKey, ...] = (*table.uniques, *table.checks, *table.foreign_keys)
    for part in parts:
        if part.name == name:
            return part
    what = f"{table.name} has no constraint {name} at this point"
    raise InvalidOperation(what, near_hint(name, tuple(part.name for part in parts), "see the earlier revisions"))


def renamed(parts: tuple[PartT, ...], before: str, after: str, table: Table) -> tuple[PartT, ...]:
    """The constraints or indexes of a table with another name for one."""
    names = tuple(part.name for part in parts)
    if before not in names:
        what = f"{table.name} has no {before} at this point"
        raise InvalidOperation(what, near_hint(before, names, "see the earlier revisions"))
    if after in names:
        what = f"{table.name} has a {after} already"
        raise InvalidOperation(what, "drop or rename it before, or take another name")
    return tuple(_named(part, after) if part.name == before else part for part in parts)


def _named(part: PartT, name: str) -> PartT:
    # Every part is a frozen dataclass with this field.
    return cast("PartT", replace(cast("Check", part), name=name))


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


# --- what changes ----------------------------------------------------------------------------------------------------


def check_not_in_sql(table: Table, column: str) -> None:
    """No SQL by hand names a column that is to have another name: it would not follow."""
    word = re.compile(rf"(?<!\w){re.escape(column)}(?!\w)")
    for what, sql in _sql_by_hand(table):
        if any(word.search(text) for text in sql.by_dialect.values()):
            told = f"{what} of {table.name} is SQL written by hand that names {column}, and would not follow"
            raise InvalidOperation(told, "drop it before, and add it under the new name behind")


def _sql_by_hand(table: Table) -> Iterator[tuple[str, SqlText]]:
    """What of a table is SQL written by hand, each with what it is in words: checks, indexes, computed columns."""
    found: list[tuple[str, object]] = [(f"the check {check.name}", check.expression) for check in table.checks]
    for index in table.indexes:
        found.append((f"the index {index.name}", index.where))
        found += [(f"the index {index.name}", p.expression) for p in index.columns if not isinstance(p, IndexColumn)]
    found += [(f"the column {c.name}", c.generated.expression) for c in table.columns if c.generated is not None]
    return ((what, sql) for what, sql in found if isinstance(sql, SqlText))


def check_change(table: Table, before: Column, after: Column, state: State) -> None:
    """A column may become another one."""
    if before.name != after.name:
        what = f"{table.name}.{before.name} is to become {after.name}, another column"
        raise InvalidOperation(what, "rename it by RenameColumn before")
    check_columns(table, (after.name,))
    check_type(after, state)
    check_column(table, after)
    name = f"{table.name}.{after.name}"
    if after.generated is not None and after.name in columns_of(after.generated.expression):
        raise InvalidOperation(f"{name} is computed from itself", "compute it from other columns")
    if after.name in table.primary_key and after.nullable:
        raise InvalidOperation(f"{name} is part of the primary key, which holds no NULL", "let it hold none")
    if before.generated != after.generated:
        _check_made_anew(table, after.name, state)
    if after.auto_increment and after.name in table.primary_key and len(table.primary_key) > 1:
        raise InvalidOperation(f"{name} numbers rows and is only part of the primary key", "make it the whole key")
    for user, other in _joined(table, after.name, state):
        if other.kind is not after.type.kind:
            what = f"{user} joins {name} with a column of {other}, and it is to be {after.type}"
            raise InvalidOperation(what, "drop the foreign key before the change of both, and add it again behind")


def _check_made_anew(table: Table, column: str, state: State) -> None:
    """A column may be taken away for a moment, as one is that is to be computed or no more: no row is found by it."""
    if column in table.primary_key:
        what = f"{table.name}.{column} is part of the primary key, and is to be computed otherwise"
        raise InvalidOperation(what, "make other columns the key before")
    for other in state.tables.values():
        for key in other.foreign_keys:
            if key.table == table.name and column in key.references:
                what = (
                    f"the foreign key {key.name} of {other.name} references {table.name}.{column}, which is made anew"
                )
                raise InvalidOperation(what, "drop it before, and add it again behind")


def _joined(table: Table, column: str, state: State) -> Iterator[tuple[str, ColumnType]]:
    """The foreign keys that a column is on either side of, each with the type on the other side."""
    for other in state.tables.values():
        for key in other.foreign_keys:
            target = state.table(key.table)
            for own, referenced in zip(key.columns, key.references, strict=True):
                ends = {(other.name, own): (target, referenced), (key.table, referenced): (other, own)}
                end = ends.get((table.name, column))
                if end is not None and (end[0].name, end[1]) != (table.name, column):
                    yield f"the foreign key {key.name} of {other.name}", end[0].column(end[1]).type


def check_primary_key(table: Table, state: State) -> None:
    """The table may have its primary key; `table` is the one with it, `state` the one before."""
    if not table.primary_key:
        raise InvalidOperation(f"{table.name} is to have no primary key", "name one column at least")
    check_columns(table, table.primary_key)
    for name in table.primary_key:
        column = table.column(name)
        if column.nullable:
            what = f"{table.name}.{name} may be NULL, and is to be part of the primary key"
            raise InvalidOperation(what, "let it hold no NULL before")
        if column.auto_increment and len(table.primary_key) > 1:
            what = f"{table.name}.{name} numbers rows, and is to be only part of the primary key"
            raise InvalidOperation(what, "let it number none before, by ChangeColumn")
    check_references(table, state)


def check_references(table: Table, state: State) -> None:
    """What other tables reference of a table is unique; `table` is the one after a change, `state` the one before."""
    wanted = set(map(frozenset, table.unique_keys))
    for other in state.tables.values():
        for key in other.foreign_keys:
            if key.table == table.name and frozenset(key.references) not in wanted:
                columns = ", ".join(key.references)
                what = (
                    f"the foreign key {key.name} of {other.name} references {columns} of {table.name}, unique no more"
                )
                raise InvalidOperation(what, f"drop it, or add a unique constraint of {columns}, before")


def check_enum_change(before: Enum, after: Enum, renamed_values: Iterable[tuple[str, str]], state: State) -> None:
    """An enum may have other values, and no default is one that goes."""
    names = dict(renamed_values)
    if (before.name, before.type_name) != (after.name, after.type_name):
        what = f"the enum {before.name} is to become {after.name}, of the type {after.type_name}"
        raise InvalidOperation(what, "rename it by RenameEnum before")
    if not after.values:
        raise InvalidOperation(f"the enum {after.name} is to have no values", "leave it one at least")
    for old, new in names.items():
        if old not in before.values:
            what = f'the enum {before.name} has no value "{old}" at this point'
            raise InvalidOperation(what, near_hint(old, before.values, "see the earlier revisions"))
        if new not in after.values or (new in before.values and new not in names):
            what = (
                f'the value "{old}" of the enum {before.name} is to be called "{new}", which is none of its new names'
            )
            raise InvalidOperation(what, "rename a value to one that is new")
    gone = {value for value in before.values if value not in after.values and value not in names}
    for table in state.tables.values():
        for column in table.columns:
            if column.type.named_enum == before.name and column.default is not None:
                value = column.default.value
                for item in (value,) if isinstance(value, str) else value if isinstance(value, list | tuple) else ():
                    if item in gone:
                        what = (
                            f'the default of {table.name}.{column.name} is "{item}", which the enum {before.name} loses'
                        )
                        raise InvalidOperation(what, "change the default before")


# --- columns that an expression names --------------------------------------------------------------------------------


def columns_of_index(index: Index) -> tuple[str, ...]:
    """The columns that an index names, those of its expressions and its condition included."""
    named = tuple(
        name
        for part in index.columns
        for name in ((part.name,) if isinstance(part, IndexColumn) else columns_of(part.expression))
    )
    where = () if index.where is None else columns_of(index.where)
    return tuple(dict.fromkeys((*named, *index.include, *where)))
