"""What the tests of `--expand-contract` share: the phases of a change as revisions, and the programs that run meanwhile."""

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from isomorph.catalog import Enum, Table
from isomorph.errors import DatabaseError
from isomorph.migrate import LoadedRevision, Operations, Revisions, State
from isomorph_generator.migrations import detect
from isomorph_generator.migrations.moving import move
from isomorph_generator.migrations.phases import Phase, phases
from isomorph_generator.schema import Renames
from isomorph_generator.schema.renames import Former
from tests.support.migrations import Session, open_session, revision


def renamed(table: str, after: str, before: str) -> Renames:
    """What a schema says of a field with `was`."""
    return Renames({("column", table, after): Former("", (before,))})


def of(before: State, after: State, renames: Renames | None = None) -> tuple[Phase, ...]:
    """The phases of a change."""
    found = move(before, after, detect(before, after, renames))
    return phases(found, before, after, "r_backfill")


@dataclass(frozen=True)
class Change:
    """A change in phases, as revisions.

    Attributes:
        before: the state before.
        after: the state that is wanted.
        phases: the phases.
    """

    before: State
    after: State
    phases: tuple[Phase, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(phase.name for phase in self.phases)

    def revisions(self, *first: Operations) -> Revisions:
        """What makes the tables, each of `first`, then the phases, each by its name."""
        made: list[LoadedRevision] = []
        named = [(f"start{number}", operations) for number, operations in enumerate(first)]
        for name, operations in (*named, *((phase.name, phase.operations) for phase in self.phases)):
            made.append(revision(name, operations, *([made[-1].id] if made else [])))
        return Revisions(tuple(made))


def change(
    before: Sequence[Table], after: Sequence[Table], renames: Renames | None = None, enums: Sequence[Enum] = ()
) -> Change:
    """The phases from some tables to others."""
    states = State.of(before, enums), State.of(after, enums)
    return Change(*states, of(*states, renames))


def created(state: State) -> Operations:
    """What makes the tables of a state."""
    return detect(State(), state)


class Program:
    """A program that knows one column of a table, and writes no other but its key.

    Args:
        session: its connection.
        table: the table.
        column: the column.
    """

    def __init__(self, session: Session, table: str, column: str) -> None:
        self._session = session
        quoted, self._place = session.dialect.quoted, session.dialect.placeholder
        self._table, self._column, self._id = quoted(table), quoted(column), quoted("id")

    def insert(self, id_: int, value: object) -> None:
        sql = f"INSERT INTO {self._table} ({self._id}, {self._column}) VALUES ({self._place}, {self._place})"
        self._session.execute(sql, (id_, value))

    def insert_default(self, id_: int) -> None:
        self._session.execute(f"INSERT INTO {self._table} ({self._id}) VALUES ({self._place})", (id_,))

    def update(self, id_: int, value: object) -> None:
        sql = f"UPDATE {self._table} SET {self._column} = {self._place} WHERE {self._id} = {self._place}"
        self._session.execute(sql, (value, id_))

    def rows(self) -> dict[int, object]:
        rows = self._session.fetch(f"SELECT {self._id}, {self._column} FROM {self._table} ORDER BY {self._id}")
        return {int(id_): value for id_, value in rows}


class Writing:
    """A program that inserts and updates rows without a pause, on a connection of its own, until it is stopped.

    What the database refuses, since a table changes under it, it writes again, as programs do.

    Args:
        url: of the database.
        table: the table.
        column: the column that it knows.
        first: the key of its first row; those of two programs are far from each other.
    """

    def __init__(self, url: str, table: str, column: str, first: int) -> None:
        self._url, self._table, self._column, self._first = url, table, column, first
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self.written: dict[int, object] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def reach(self, number: int) -> None:
        """Wait until so many rows are written: on SQLite, who runs phases may let a writer wait for long."""
        end = time.monotonic() + 60
        while len(self.written) < number:
            assert time.monotonic() < end, f"{len(self.written)} rows of {self._column} were written"
            assert self._thread.is_alive()
            time.sleep(0.01)

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _write(self) -> None:
        with open_session(self._url) as session:
            program = Program(session, self._table, self._column)
            for id_ in itertools.count(self._first):
                self._done(program.insert, id_, id_)
                self._done(program.update, max(id_ - 1, self._first), -id_)
                if self._ended.is_set():
                    return

    def _done(self, write: Callable[[int, object], None], id_: int, value: object) -> None:
        for _ in range(200):
            with suppress(DatabaseError):
                write(id_, value)
                self.written[id_] = value
                return
        raise AssertionError(f"{self._column} cannot be written")
