"""Pools for SQLite: a connection per thread for a file, one for all threads for a database in memory."""

from __future__ import annotations

import threading

from isomorph.connections.pool import PoolStatistics
from isomorph.connections.settings import PoolSettings
from isomorph.drivers.base import Driver, DriverConnection, Target
from isomorph.errors import PoolTimeout

__all__ = ["SharedPool", "ThreadPool"]


class _Kept(threading.local):
    connection: DriverConnection | None = None


class ThreadPool:
    """One connection per thread, opened at the thread's first use and closed when the thread ends.

    Nothing is locked on the way to a statement, and a file needs no bound: SQLite itself lets one write at a time.
    """

    kept = True
    streams_apart = False

    def __init__(self, driver: Driver, target: Target) -> None:
        self._driver, self._target = driver, target
        self._kept = _Kept()

    def acquire(self) -> DriverConnection:
        connection = self._kept.connection
        if connection is None or connection.closed:
            connection = self._kept.connection = self._driver.connect(self._target)
        return connection

    def release(self, connection: DriverConnection) -> None:
        if connection is not self._kept.connection:
            connection.close()

    def statistics(self) -> PoolStatistics:
        return PoolStatistics(max=None, in_use=None, idle=None)

    def close(self) -> None:
        # Drops the connections of all threads; each closes as soon as nobody uses it. Closing one under a thread that
        # runs a statement on it could crash the process: sqlite3 does not guard against that.
        self._kept = _Kept()


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
