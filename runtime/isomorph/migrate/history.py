"""The history table: which revisions a database has, with checksum, batch, time and duration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields, replace
from typing import Any

from isomorph.catalog import Column, Table
from isomorph.catalog import words as t
from isomorph.migrate.connection import Connection

__all__ = ["DEFAULT_NAME", "HISTORY", "Applied", "History"]

DEFAULT_NAME = "isomorph_migrations"
"""What the history table is called where the schema does not say."""

HISTORY = Table(
    DEFAULT_NAME,
    columns=(
        Column("revision", t.string(255)),
        Column("checksum", t.string(64)),
        Column("batch", t.int()),
        Column("applied_at", t.timestamptz()),
        Column("duration_ms", t.bigint()),
    ),
    primary_key=("revision",),
    comment="Revisions that were applied here; kept by `orm migrate`.",
)


@dataclass(frozen=True, slots=True)
class Applied:
    """A row of the history table.

    Attributes:
        revision: id of the revision.
        checksum: of its file when it was applied.
        batch: number of the run that applied it, from 1 on.
        applied_at: when, with a zone.
        duration_ms: how long it took.
    """

    revision: str
    checksum: str
    batch: int
    applied_at: dt.datetime
    duration_ms: int


class History:
    """The history table of a connection's database.

    Args:
        connection: to the database.
        name: of the table.
    """

    def __init__(self, connection: Connection, name: str = DEFAULT_NAME) -> None:
        self._connection = connection
        self._dialect = connection.dialect
        self._name = name
        self._table = self._dialect.quoted(name)

    def read(self) -> dict[str, Applied]:
        """What is applied, by revision, oldest batch first; nothing while there is no table."""
        if not self._exists():
            return {}
        columns = self._dialect.ddl.column_list([column.name for column in HISTORY.columns])
        order = self._dialect.ddl.column_list(["batch", "applied_at", "revision"])
        rows = self._connection.fetch(f"SELECT {columns} FROM {self._table} ORDER BY {order}")
        loads = [self._dialect.types.load(column.type) for column in HISTORY.columns]

        def loaded(row: tuple[Any, ...]) -> Iterator[Any]:
            return (value if load is None else load(value) for load, value in zip(loads, row, strict=True))

        applied = [Applied(*loaded(row)) for row in rows]
        return {row.revision: row for row in applied}

    def make(self) -> None:
        """Create the table if there is none."""
        if not self._exists():
            for statement in self._dialect.ddl.create_table(replace(HISTORY, name=self._name), {}):
                self._connection.execute(statement)

    def add(self, applied: Applied) -> None:
        """Record a revision."""
        binds = [self._dialect.types.bind(column.type) for column in HISTORY.columns]
        columns = self._dialect.ddl.column_list([field.name for field in fields(Applied)])
        places = ", ".join(self._dialect.placeholder for _ in binds)
        self._connection.execute(
            f"INSERT INTO {self._table} ({columns}) VALUES ({places})",
            tuple(value if bind is None else bind(value) for bind, value in zip(binds, astuple(applied), strict=True)),
        )

    def remove(self, revision: str) -> None:
        """Forget a revision."""
        column = self._dialect.quoted("revision")
        self._connection.execute(f"DELETE FROM {self._table} WHERE {column} = {self._dialect.placeholder}", (revision,))

    def _exists(self) -> bool:
        return bool(self._connection.fetch(self._dialect.ddl.has_table(self._name)))
