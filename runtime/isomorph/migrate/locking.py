"""One deployer at a time: the lock of a database and a history table.

Where the server has advisory locks, one of them is the lock, and ends with its session however that ends; a row beside
it says who has it. Where there is none (SQLite) the row itself is the lock, and stays behind when its process dies.
"""

from __future__ import annotations

import datetime as dt
import getpass
import os
import socket
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from hashlib import sha256
from uuid import uuid4

from isomorph.catalog import Column, Table
from isomorph.catalog import words as t
from isomorph.dataclassing import dataclass
from isomorph.errors import (
    DatabaseError,
    DiskFull,
    HistoryNotWritable,
    LockTimeout,
    MigrationsLocked,
    PermissionDenied,
    ReadOnlyDatabase,
    StatementFailed,
)
from isomorph.migrate.connection import Connection
from isomorph.migrate.limits import Limits, retried
from isomorph.migrate.records import Records

__all__ = ["Lock", "LockOwner"]

_LOCK = Table(
    "",
    columns=(
        Column("id", t.int()),
        Column("token", t.string(32)),
        Column("owner", t.string(255)),
        Column("host", t.string(255)),
        Column("pid", t.bigint()),
        Column("since", t.timestamptz()),
    ),
    primary_key=("id",),
    comment="Who runs revisions here right now; kept by `orm migrate`.",
)

_FIRST_POLL_S = 0.1
_LONGEST_POLL_S = 1.0


@dataclass(frozen=True, slots=True)
class LockOwner:
    """Who has the lock.

    Attributes:
        owner: name of the user of the operating system.
        host: name of the machine.
        pid: number of the process on it.
        since: when it took the lock, with a zone.
    """

    owner: str
    host: str
    pid: int
    since: dt.datetime

    def __str__(self) -> str:
        return f"{self.owner} on {self.host}, process {self.pid}, since {self.since.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"

    @property
    def is_gone(self) -> bool:
        """Whether the process surely does not run any more: it ran on this machine, and there is none of that number."""
        if self.host != socket.gethostname():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except OSError:
            return False  # somebody else's process
        return False


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the table of the lock; there is at most one."""

    id: int
    token: str
    owner: str
    host: str
    pid: int
    since: dt.datetime

    def who(self) -> LockOwner:
        return LockOwner(self.owner, self.host, self.pid, self.since)


_THE_ROW = {"id": 1}
_HELD: set[str] = set()
"""The tokens of the locks that this process holds."""


class Lock:
    """The lock that makes a second deployer wait.

    Args:
        connection: in one session for as long as the lock is held (`Connection.session`).
        history_table: of the revisions that are run; the lock's own table is named after it.
        clock: what time it is, with a zone.
    """

    def __init__(self, connection: Connection, history_table: str, clock: Callable[[], dt.datetime]) -> None:
        self._connection, self._clock = connection, clock
        self._rows = Records(connection, _LOCK, table_name(history_table), _Row)
        self._advisory = connection.dialect.sessions.advisory
        self._name = history_table

    @contextmanager
    def held(self, limits: Limits, waiting: Callable[[LockOwner | None], None]) -> Generator[None]:
        """A block in which nobody else has the lock.

        Args:
            limits: how long to wait for it.
            waiting: told once for whom, when there is somebody to wait for; None when that is not known.

        Raises:
            MigrationsLocked: it did not become free in time, or its owner is gone and cannot give it back.
            HistoryNotWritable: its table cannot be written.
        """
        mine = self._mine()
        self._wait(mine, limits, waiting)
        _HELD.add(mine.token)
        try:
            try:
                yield
            except BaseException:
                with suppress(DatabaseError):  # what went wrong in the block is what there is to say
                    self._give_back(mine)
                raise
            retried(lambda: self._give_back(mine), limits)
        finally:
            _HELD.discard(mine.token)

    def owner(self) -> LockOwner | None:
        """Who has it; None when it is free, or nobody says who."""
        rows = self._rows.read("id")
        if not rows or (self._advisory is not None and self._holder() is None):
            return None
        return rows[0].who()

    def is_held(self) -> bool:
        """Whether somebody has it."""
        return bool(self._rows.read("id")) if self._advisory is None else self._holder() is not None

    def break_(self) -> LockOwner | None:
        """Take it from whoever has it; where it is a session's, end that session. Returns who had it, if that is known.

        Raises:
            MigrationsLocked: its owner is writing, and nobody else can (SQLite).
        """
        owner = self.owner()
        if self._advisory is not None and (holder := self._holder()) is not None:
            self._connection.execute(self._advisory.end, (holder,))
        if self._rows.exists():
            try:
                self._rows.remove(_THE_ROW)
            except LockTimeout as error:
                raise MigrationsLocked(None if owner is None else str(owner), writing=True) from error
        return owner

    # --- taking and giving back --------------------------------------------------------------------------------------

    def _mine(self) -> _Row:
        try:
            user = getpass.getuser()
        except (OSError, KeyError, ImportError):  # no name for the user's number, as in some containers
            user = str(os.getuid()) if hasattr(os, "getuid") else "somebody"
        return _Row(1, uuid4().hex, user, socket.gethostname(), os.getpid(), self._clock())

    def _wait(self, mine: _Row, limits: Limits, waiting: Callable[[LockOwner | None], None]) -> None:
        began, poll_s, told = time.monotonic(), _FIRST_POLL_S, False
        while not self._take(mine):
            owner = self.owner()
            if owner is not None and owner.is_gone and self._advisory is None:
                raise MigrationsLocked(str(owner), gone=True)
            waited_s = time.monotonic() - began
            if limits.wait_s is not None and waited_s >= limits.wait_s:
                raise MigrationsLocked(None if owner is None else str(owner), waited_s=waited_s)
            if not told:
                waiting(owner)
                told = True
            limits.sleep(poll_s)
            poll_s = min(poll_s * 1.5, _LONGEST_POLL_S)

    def _take(self, mine: _Row) -> bool:
        try:
            return self._take_row(mine) if self._advisory is None else self._take_advisory(mine)
        except (DiskFull, PermissionDenied, ReadOnlyDatabase, StatementFailed) as error:
            raise HistoryNotWritable(str(error)) from error

    def _take_row(self, mine: _Row) -> bool:
        # Reading first: the owner may be in a transaction that writes, and asking for one would wait for it.
        if self._is_taken(mine):
            return False
        try:
            with self._connection.transaction():
                self._rows.make()
                if self._is_taken(mine):
                    return False
                self._rows.remove(_THE_ROW)
                self._rows.add(mine)
        except LockTimeout:
            return False
        return True

    def _is_taken(self, mine: _Row) -> bool:
        # A row of this very process that holds no lock is one that could not be given back: somebody was writing.
        return any((row.host, row.pid) != (mine.host, mine.pid) or row.token in _HELD for row in self._rows.read("id"))

    def _take_advisory(self, mine: _Row) -> bool:
        assert self._advisory is not None
        # Asked for again and again instead of waited for: a statement that waits is open, and building an index
        # concurrently waits for all that is open.
        if not self._connection.fetch(self._advisory.take, (self._key(),))[0][0]:
            return False
        try:
            self._rows.make()
            with self._connection.transaction():
                self._rows.remove(_THE_ROW)  # of one that ended without giving it back
                self._rows.add(mine)
        except BaseException:
            with suppress(DatabaseError):
                self._connection.fetch(self._advisory.give_back, (self._key(),))
            raise
        return True

    def _give_back(self, mine: _Row) -> None:
        if self._rows.exists():  # emptying a database drops it, too
            self._rows.remove({**_THE_ROW, "token": mine.token})
        if self._advisory is not None:
            self._connection.fetch(self._advisory.give_back, (self._key(),))

    def _key(self) -> object:
        assert self._advisory is not None
        scope = self._connection.fetch(self._advisory.scope)[0][0]
        return self._advisory.key(sha256(f"{scope}\0{self._name}".encode()).hexdigest())

    def _holder(self) -> object:
        """The number of the session that has the advisory lock; None when it is free."""
        assert self._advisory is not None
        rows = self._connection.fetch(self._advisory.holder, (self._key(),))
        return rows[0][0] if rows else None


def table_name(history_table: str) -> str:
    """What the table of the lock of a history is called."""
    return f"{history_table}_lock"
