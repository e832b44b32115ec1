"""How far a revision came that is no single transaction: the table of progress.

Each statement has a line of its own, written in the statement's own transaction. So when a process is killed, a line that
has no end tells of a statement that ended that transaction by itself (as DDL does on MySQL) or was outside of any: it may
be done or not. Of a statement without a line it is sure that nothing was kept.
"""

from __future__ import annotations

import datetime as dt
import enum
import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

from isomorph.catalog import Column, Table
from isomorph.catalog import words as t
from isomorph.dataclassing import dataclass
from isomorph.migrate.connection import Connection
from isomorph.migrate.records import Records

__all__ = ["Direction", "Entry", "Journal", "digest", "table_name"]

_PROGRESS = Table(
    "",
    columns=(
        Column("revision", t.string(255)),
        Column("position", t.int()),
        Column("direction", t.string(4)),
        Column("operation", t.text()),
        Column("statement", t.string(64)),
        Column("before", t.string(64)),
        Column("last_key", t.text(), nullable=True),
        Column("rows_done", t.bigint()),
        Column("started_at", t.timestamptz()),
        Column("finished_at", t.timestamptz(), nullable=True),
    ),
    primary_key=("revision", "position"),
    comment="How far a revision came that is being run; kept by `orm migrate`.",
)


class Direction(enum.StrEnum):
    """Whether a revision is applied or taken back."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table.

    Attributes:
        revision: whose statement it is.
        position: number of the statement in the revision, from 0 on.
        direction: whether the revision was being applied or taken back.
        operation: what the statement is a part of, as messages name it.
        statement: digest of its text.
        before: digest of what was in the database before it; empty where that is of no use.
        last_key: of a data step, the last key of its last finished batch, as JSON.
        rows_done: of a data step, how many rows its finished batches had.
        started_at: when it was begun.
        finished_at: when it was done; None for one that was interrupted.
    """

    revision: str
    position: int
    direction: str
    operation: str
    statement: str
    before: str
    last_key: str | None
    rows_done: int
    started_at: dt.datetime
    finished_at: dt.datetime | None = None

    @property
    def is_done(self) -> bool:
        return self.finished_at is not None


def digest(text: str) -> str:
    """What a text is recorded as."""
    return sha256(text.encode()).hexdigest()


def table_name(history_table: str) -> str:
    """What the table of progress of a history is called."""
    return f"{history_table}_progress"


class Journal:
    """The table of progress of a connection's database.

    Args:
        connection: to the database.
        history_table: that it belongs to.
        clock: what time it is, with a zone.
    """

    def __init__(self, connection: Connection, history_table: str, clock: Callable[[], dt.datetime]) -> None:
        self._rows = Records(connection, _PROGRESS, table_name(history_table), Entry)
        self._clock = clock
        self._made = False

    @classmethod
    def of(cls, connection: Connection, history_table: str) -> Journal:
        """To read only."""
        return cls(connection, history_table, _no_clock)

    def make(self) -> None:
        """Create the table if there is none."""
        if not self._made:
            self._rows.make()
            self._made = True

    def read(self) -> list[Entry]:
        """All lines, in order."""
        return self._rows.read("revision", "position")

    def begin(self, entry: Entry) -> None:
        """Add a line."""
        self._rows.add(entry)

    def finish(self, entry: Entry) -> None:
        """Say that a statement is done."""
        self._rows.change({"finished_at": self._clock()}, _where(entry))

    def keep(self, entry: Entry, last_key: object, rows_done: int) -> Entry:
        """Say how far a data step came."""
        kept = json.dumps(last_key)
        self._rows.change({"last_key": kept, "rows_done": rows_done}, _where(entry))
        return replace(entry, last_key=kept, rows_done=rows_done)

    def now(self, entry: Entry) -> Entry:
        """A line that was written, as it is now."""
        of_now = (line for line in self.read() if (line.revision, line.position) == (entry.revision, entry.position))
        return next(of_now, entry)

    def withdraw(self, entry: Entry) -> None:
        """Take a line away: nothing of its statement was kept."""
        self._rows.remove(_where(entry))

    def clear(self, revision: str) -> None:
        """Forget a revision: it is done, or was never begun."""
        if self._made or self._rows.exists():
            self._rows.remove({"revision": revision})

    def entry(self, revision: str, position: int, direction: Direction, operation: str, statement: str) -> Entry:
        """A new line, not written yet."""
        return Entry(revision, position, direction, operation, digest(statement), "", None, 0, self._clock())


def _no_clock() -> dt.datetime:
    raise AssertionError("a journal that is only read needs no clock")


def _where(entry: Entry) -> dict[str, object]:
    return {"revision": entry.revision, "position": entry.position}
