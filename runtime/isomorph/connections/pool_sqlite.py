"""Pools for SQLite: a connection per thread for a file, one for all threads for a database in memory."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from weakref import WeakSet

from isomorph.connections.pool import PoolStatistics
from isomorph.connections.settings import PoolSettings
from isomorph.drivers.base import Driver, DriverConnection, Target
from isomorph.errors import PoolTimeout

__all__ = ["SharedPool", "ThreadPool"]


class _Place:
    """Where a thread keeps its connection. Only the thread itself refers to it, so that it goes with the thread."""

    __slots__ = ("__weakref__", "_left", "connection")

    def __init__(self, left: Callable[[_Place], None]) -> None:
        self._left = left
        self.connection: DriverConnection | None = None

    def __del__(self) -> None:
        self._left(self)


class _Places(threading.local):
    def __init__(self, new: Callable[[], _Place]) -> None:
        self.own = new()


# From a variable and the argument of `getrefcount`: nobody else has the connection.
_ALONE = 2


class ThreadPool:
    """One connection per thread, kept from the thread's first use to its end.

    Nothing is locked on the way to a statement, and a file needs no bound: SQLite itself lets one write at a time. What a
    thread leaves behind is there for the next one, as long as another has the file open: opening it and reading its schema
    takes longer than fifty statements. With the last thread all are closed, and so is the file.
    """

    kept = True
    streams_apart = False

    def __init__(self, driver: Driver, target: Target, settings: PoolSettings) -> None:
        self._driver, self._target, self._most = driver, target, settings.max
        # A thread's place may go in the middle of anything, this class included.
        self._lock = threading.RLock()
        self._places: WeakSet[_Place] = WeakSet()
        self._left: list[DriverConnection] = []
        self._closed = False
        self._process = os.getpid()
        self._own = _Places(self._new)

    def _new(self) -> _Place:
        place = _Place(self._leave)
        with self._lock:
            self._places.add(place)
        return place

    def acquire(self) -> DriverConnection:
        place = self._own.own
        connection = place.connection
        if connection is None or connection.closed:
            connection = place.connection = self._unused() or self._driver.connect(self._target)
        return connection

    def _unused(self) -> DriverConnection | None:
        """One that a thread left behind. What something still refers to, a stream or an error, is not for others.

        Only now, since all that belonged to the thread has gone, in whatever order Python let it go.
        """
        with self._lock:
            while self._left:
                connection = self._left.pop()
                if sys.getrefcount(connection) == _ALONE:
                    return connection
        return None

    def release(self, connection: DriverConnection) -> None:
        if connection is not self._own.own.connection:
            connection.close()

    def _leave(self, place: _Place) -> None:
        """A thread has ended."""
        if self._process != os.getpid():
            return  # in a forked child, of a thread of its parent: the lock may be held for ever
        with self._lock:
            self._places.discard(place)
            others = any(other.connection is not None for other in self._places)
            connection, place.connection = place.connection, None
            is_wanted = others and len(self._left) < self._most and not self._closed
            if connection is not None and is_wanted and not connection.closed and not connection.in_transaction:
                self._left.append(connection)
            if not others or self._closed:
                self._left.clear()  # dropped, not closed: each closes as soon as nobody uses it

    def statistics(self) -> PoolStatistics:
        return PoolStatistics(max=None, in_use=None, idle=None)

    def close(self) -> None:
        # Those of threads are dropped by who holds them; each closes as soon as nobody uses it. Closing one under a thread
        # that runs a statement on it could crash the process: sqlite3 does not guard against that.
        self._closed = True
        with self._lock:
            self._left.clear()
        self._own = _Places(self._new)


class SharedPool:
    """The one connection of a database in memory; threads take turns, a transaction keeps it to its end."""

    kept = False
    streams_apart = False

    def __init__(self, name: str, driver: Driver, target: Target, settings: PoolSettings) -> None:
        self._name, self._driver, self._target, self._timeout_s = name, driver, target, settings.timeout_s
        self._turn = threading.Lock()
        self._connection: DriverConnection | None = None
        self._closing = False

    def acquire(self) -> DriverConnection:
        if not (self._turn.acquire(blocking=False) or self._turn.acquire(timeout=self._timeout_s)):
            raise PoolTimeout(self._name, self._timeout_s)
        connection = self._connection
        if connection is None:
            try:
                connection = self._connection = self._driver.connect(self._target)
            except BaseException:
                self._turn.release()
                raise
        return connection

    def release(self, connection: DriverConnection) -> None:
        if connection is not self._connection:
            connection.close()
            return
        if self._closing or connection.closed:
            connection.close()
            self._connection = None
        self._turn.release()

    def statistics(self) -> PoolStatistics:
        in_use = int(self._turn.locked())
        return PoolStatistics(max=1, in_use=in_use, idle=int(self._connection is not None) - in_use)

    def close(self) -> None:
        self._closing = True
        if self._turn.acquire(blocking=False):
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            self._turn.release()
