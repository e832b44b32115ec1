"""What tests of changes share: a database made of a state, its rows as Python values, and both compared."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from isomorph.catalog import ColumnType, Enum, Kind, Table
from isomorph.migrate import (
    AddForeignKey,
    AddMorphGuard,
    CreateEnum,
    CreateObject,
    CreateTable,
    Operation,
    Operations,
    State,
)
from tests.support.migrations import Session

__all__ = ["Case", "Rows", "made", "put", "rows_of"]

Row = Mapping[str, object]
Rows = Mapping[str, Sequence[Row]]
"""Rows by table."""


@dataclass(frozen=True)
class Case:
    """A kind of change.

    Attributes:
        name: what changes.
        tables: what is there before it.
        operations: the change.
        rows: what the tables hold before it.
        after: what they hold after it, where that is something else; by table of the state after it.
        back: what they hold when it is taken back, where that is something else.
        enums: of the tables.
        skip: dialects that cannot have it.
    """

    name: str
    tables: tuple[Table, ...]
    operations: Operations
    rows: Rows = field(default_factory=dict[str, Sequence[Row]])
    after: Rows | None = None
    back: Rows | None = None
    enums: tuple[Enum, ...] = ()
    skip: frozenset[str] = frozenset()

    @property
    def state(self) -> State:
        return State.of(self.tables, self.enums).with_enums(self.enums)


def made(state: State) -> tuple[Operation, ...]:
    """The operations that make a state: tables, then what joins them."""
    tables = state.tables.values()
    return (
        *(CreateEnum(enum) for enum in state.enums.values()),
        *(CreateTable(replace(table, foreign_keys=(), guards=())) for table in tables),
        *(AddForeignKey(table.name, key) for table in tables for key in table.foreign_keys),
        *(AddMorphGuard(table.name, guard) for table in tables for guard in table.guards),
        *(CreateObject(made) for made in state.objects.values()),
    )


def put(session: Session, state: State, rows: Rows) -> None:
    """Insert rows; values as applications give them, in the order of the tables."""
    dialect = session.dialect
    for name, of_table in rows.items():
        table = state.tables[name]
        for row in of_table:
            values = tuple(_bound(session, table.column(column).type, value) for column, value in row.items())
            places = ", ".join([dialect.placeholder] * len(row))
            columns = dialect.ddl.column_list(list(row))
            session.execute(f"INSERT INTO {dialect.quoted(name)} ({columns}) VALUES ({places})", values)


def _bound(session: Session, type_: ColumnType, value: object) -> object:
    bind = session.dialect.types.bind(type_)
    if value is None:
        return None
    if type_.kind is Kind.JSON:
        return json.dumps(value)
    return value if bind is None else bind(value)


def rows_of(session: Session, state: State, like: Rows) -> dict[str, list[dict[str, Any]]]:
    """What tables hold, of the columns that the rows to compare with have, by the first of them."""
    dialect, found = session.dialect, dict[str, list[dict[str, Any]]]()
    for name, of_table in like.items():
        table, columns = state.tables[name], list(of_table[0])
        loads = [dialect.types.load(table.column(column).type) for column in columns]
        listed = dialect.ddl.column_list(columns)
        rows = session.fetch(f"SELECT {listed} FROM {dialect.quoted(name)} ORDER BY {dialect.quoted(columns[0])}")
        found[name] = [
            {
                column: value if value is None or load is None else load(value)
                for column, value, load in zip(columns, row, loads, strict=True)
            }
            for row in rows
        ]
    return found
