"""The history table: which revisions a database has, with checksum, batch, time and duration."""

from __future__ import annotations

import datetime as dt

from isomorph.catalog import Column, Table
from isomorph.catalog import words as t
from isomorph.dataclassing import dataclass
from isomorph.migrate.connection import Connection
from isomorph.migrate.records import Records

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
        self._rows = Records(connection, HISTORY, name, Applied)

    def read(self) -> dict[str, Applied]:
        """What is applied, by revision, oldest batch first; nothing while there is no table."""
        return {row.revision: row for row in self._rows.read("batch", "applied_at", "revision")}

    def make(self) -> None:
        """Create the table if there is none."""
        self._rows.make()

    def add(self, applied: Applied) -> None:
        """Record a revision."""
        self._rows.add(applied)

    def remove(self, revision: str) -> None:
        """Forget a revision."""
        self._rows.remove({"revision": revision})
