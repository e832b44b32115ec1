"""Settles what a database leaves open and other parts of it tell. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

from isomorph.catalog import INTEGERS, ColumnType, Kind, Table
from isomorph_generator.introspect.inspected import Inspected, Unsaid

__all__ = ["settled"]


def settled(inspected: Inspected) -> Inspected:
    """The same database; of SQLite, keys that are never NULL, and numbered ones as wide as the columns that hold them.

    SQLite lets all keys but numbered ones be NULL, a mistake that it keeps (https://sqlite.org/lang_createtable.html). A
    numbered key is an INTEGER PRIMARY KEY without a check of its range, whatever its width: only the columns that refer
    to it say which it is.
    """
    if inspected.dialect != "sqlite":
        return inspected
    tables = {name: _settled(table, inspected.tables.values()) for name, table in inspected.tables.items()}
    nullable = [
        Unsaid(name, f"column {column.name}: NULL", "no key is NULL here; SQLite would take it", column.name)
        for name, table in tables.items()
        for column in table.columns
        if column.nullable and column.name in table.primary_key
    ]
    tables = {name: _with_required_key(table) for name, table in tables.items()}
    return replace(inspected, tables=MappingProxyType(tables), unsaid=(*inspected.unsaid, *nullable))


def _with_required_key(table: Table) -> Table:
    columns = (
        replace(column, nullable=column.nullable and column.name not in table.primary_key) for column in table.columns
    )
    return replace(table, columns=tuple(columns))


def _settled(table: Table, tables: Iterable[Table]) -> Table:
    if len(table.primary_key) != 1:
        return table
    key = table.column(table.primary_key[0])
    held = {
        type_
        for other in tables
        for foreign in other.foreign_keys
        if foreign.table == table.name and foreign.references == (key.name,)
        for type_ in _types(other, foreign.columns)
        if (other.name, foreign.columns) != (table.name, (key.name,))
    }
    if not key.auto_increment or key.type.kind is not Kind.BIGINT or len(held) != 1:
        return table
    type_ = held.pop()
    if type_.kind not in INTEGERS or type_.kind is Kind.UNSIGNED_BIGINT:
        return table
    columns = tuple(replace(column, type=type_) if column is key else column for column in table.columns)
    return replace(table, columns=columns)


def _types(table: Table, columns: Iterable[str]) -> list[ColumnType]:
    return [table.column(name).type for name in columns]
