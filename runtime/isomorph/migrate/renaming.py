"""What else says a name that changes: keys, indexes, checks, computed columns, guards, other tables. Pure.

Owns the states that renames lead to. SQL that was written by hand is not rewritten; `rules` refuses to rename what it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from isomorph.catalog import (
    ColumnType,
    Expression,
    ForeignKey,
    Index,
    IndexColumn,
    MorphGuard,
    SqlText,
    Table,
    with_columns,
)
from isomorph.migrate.state import State

__all__ = ["renamed_column", "renamed_enum", "renamed_table"]


def renamed_table(state: State, before: str, after: str) -> State:
    """The state in which a table has another name, also where other tables reference it."""

    def table_of(name: str) -> str:
        return after if name == before else name

    def guard_of(guard: MorphGuard) -> MorphGuard:
        return replace(guard, members=tuple(replace(m, table=table_of(m.table)) for m in guard.members))

    return state.with_tables(
        replace(
            table,
            name=table_of(table.name),
            foreign_keys=tuple(replace(key, table=table_of(key.table)) for key in table.foreign_keys),
            guards=tuple(map(guard_of, table.guards)),
            aliases=tuple(
                replace(of, members=tuple((alias, table_of(name)) for alias, name in of.members))
                for of in table.aliases
            ),
        )
        for table in state.tables.values()
    )


def renamed_column(state: State, table: str, before: str, after: str) -> State:
    """The state in which a column has another name, also where anything names it."""
    names = {before: after}
    return state.with_tables(
        _pointing(_own(found, names) if found.name == table else found, table, names) for found in state.tables.values()
    )


def renamed_enum(state: State, before: str, after: str) -> State:
    """The state in which the columns of an enum name it otherwise; the enum itself is left to the caller."""

    def type_of(type_: ColumnType) -> ColumnType:
        item = None if type_.item is None else type_of(type_.item)
        return replace(type_, enum=after if type_.enum == before else type_.enum, item=item)

    return state.with_tables(
        replace(table, columns=tuple(replace(column, type=type_of(column.type)) for column in table.columns))
        for table in state.tables.values()
    )


# --- the parts of a table ----------------------------------------------------------------------------------------------


def _some(columns: tuple[str, ...], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(names.get(name, name) for name in columns)


def _expression(expression: Expression | SqlText, names: Mapping[str, str]) -> Expression | SqlText:
    return expression if isinstance(expression, SqlText) else with_columns(expression, names)


def _own(table: Table, names: Mapping[str, str]) -> Table:
    """The table under other names of its own columns."""
    return replace(
        table,
        columns=tuple(
            replace(
                column,
                name=names.get(column.name, column.name),
                after=None if column.after is None else names.get(column.after, column.after),
                generated=None
                if column.generated is None
                else replace(column.generated, expression=_expression(column.generated.expression, names)),
            )
            for column in table.columns
        ),
        primary_key=_some(table.primary_key, names),
        uniques=tuple(replace(unique, columns=_some(unique.columns, names)) for unique in table.uniques),
        indexes=tuple(_index(index, names) for index in table.indexes),
        checks=tuple(replace(check, expression=_expression(check.expression, names)) for check in table.checks),
        foreign_keys=tuple(replace(key, columns=_some(key.columns, names)) for key in table.foreign_keys),
        guards=tuple(
            replace(
                guard,
                type_column=names.get(guard.type_column, guard.type_column),
                id_column=names.get(guard.id_column, guard.id_column),
            )
            for guard in table.guards
        ),
        aliases=tuple(replace(of, type_column=names.get(of.type_column, of.type_column)) for of in table.aliases),
    )


def _index(index: Index, names: Mapping[str, str]) -> Index:
    return replace(
        index,
        columns=tuple(
            replace(part, name=names.get(part.name, part.name))
            if isinstance(part, IndexColumn)
            else replace(part, expression=_expression(part.expression, names))
            for part in index.columns
        ),
        where=None if index.where is None else _expression(index.where, names),
        include=_some(index.include, names),
    )


def _pointing(table: Table, to: str, names: Mapping[str, str]) -> Table:
    """The table under other names of the columns of the one that it points to."""

    def key_of(key: ForeignKey) -> ForeignKey:
        return replace(key, references=_some(key.references, names)) if key.table == to else key

    def guard_of(guard: MorphGuard) -> MorphGuard:
        members = tuple(
            replace(member, key=names.get(member.key, member.key)) if member.table == to else member
            for member in guard.members
        )
        return replace(guard, members=members)

    return replace(
        table,
        foreign_keys=tuple(map(key_of, table.foreign_keys)),
        guards=tuple(map(guard_of, table.guards)),
    )
