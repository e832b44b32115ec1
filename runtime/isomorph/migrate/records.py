"""isomorph's own tables in a database: rows as dataclasses. Owns how these are written, found again and changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from isomorph.catalog import Table
from isomorph.migrate.connection import Connection

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    RowT = TypeVar("RowT", bound=DataclassInstance)
else:
    RowT = TypeVar("RowT")

__all__ = ["Records"]


class Records(Generic[RowT]):
    """The rows of one table.

    Args:
        connection: to the database.
        table: its form; need not exist.
        name: what it is called there.
        kind: the dataclass of a row, with a field for each column, in their order.
    """

    def __init__(self, connection: Connection, table: Table, name: str, kind: type[RowT]) -> None:
        self._connection, self._dialect = connection, connection.dialect
        self._form, self._name, self._kind = replace(table, name=name), name, kind
        self._table = self._dialect.quoted(name)
        self._types = {column.name: column.type for column in table.columns}

    def exists(self) -> bool:
        """Whether there is such a table."""
        return bool(self._connection.fetch(self._dialect.ddl.has_table(self._name)))

    def make(self) -> None:
        """Create the table if there is none."""
        if not self.exists():
            for statement in self._dialect.ddl.create_table(self._form, {}):
                self._connection.execute(statement)

    def read(self, *order: str) -> list[RowT]:
        """All rows, ordered by these columns; none while there is no table."""
        if not self.exists():
            return []
        columns, ordered = self._dialect.ddl.column_list([*self._types]), self._dialect.ddl.column_list([*order])
        rows = self._connection.fetch(f"SELECT {columns} FROM {self._table} ORDER BY {ordered}")
        loads = [self._dialect.types.load(type_) for type_ in self._types.values()]

        def loaded(row: Sequence[Any]) -> Iterator[Any]:
            return (
                value if load is None or value is None else load(value) for load, value in zip(loads, row, strict=True)
            )

        return [self._kind(*loaded(row)) for row in rows]

    def add(self, row: RowT) -> None:
        """Insert a row."""
        columns = self._dialect.ddl.column_list([*self._types])
        places = ", ".join(self._dialect.placeholder for _ in self._types)
        values = dict(zip(self._types, astuple(row), strict=True))
        self._connection.execute(f"INSERT INTO {self._table} ({columns}) VALUES ({places})", self._bound(values))

    def change(self, values: Mapping[str, object], where: Mapping[str, object]) -> int:
        """Give columns new values in the rows that have `where`; returns how many."""
        sets = ", ".join(f"{self._dialect.quoted(name)} = {self._dialect.placeholder}" for name in values)
        parameters = (*self._bound(values), *self._bound(where))
        return self._connection.execute(f"UPDATE {self._table} SET {sets} WHERE {self._matches(where)}", parameters)

    def remove(self, where: Mapping[str, object]) -> int:
        """Delete the rows that have these values; returns how many."""
        statement = f"DELETE FROM {self._table} WHERE {self._matches(where)}"
        return self._connection.execute(statement, self._bound(where))

    def _matches(self, where: Mapping[str, object]) -> str:
        return " AND ".join(f"{self._dialect.quoted(name)} = {self._dialect.placeholder}" for name in where)

    def _bound(self, values: Mapping[str, object]) -> tuple[object, ...]:
        return tuple(self._value(name, value) for name, value in values.items())

    def _value(self, name: str, value: object) -> object:
        bind = None if value is None else self._dialect.types.bind(self._types[name])
        return value if bind is None else bind(value)
