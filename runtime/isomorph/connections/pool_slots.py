"""A bounded pool for any driver, kept by DBUtils. Owns the waiting with a timeout and the dropping of dead connections.

DBUtils pools slots: a place for a driver connection, filled when it is first borrowed. So statements run on the driver
connection itself instead of DBUtils' proxies, connecting happens outside of its lock, and its ways to guess whether a
connection is alive, and to replace it under a running transaction, stay out of the game.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from threading import BoundedSemaphore
from typing import Protocol, cast

from isomorph.connections.pool import PoolStatistics
from isomorph.connections.settings import PoolSettings
from isomorph.drivers.base import Driver, DriverConnection, Target
from isomorph.errors import PoolTimeout

__all__ = ["SlotPool"]


class _Slot:
    """What DBUtils takes for a connection."""

    threadsafety = 1  # asked for by DBUtils: slots may be handed from thread to thread

    def __init__(self) -> None:
        self.connection: DriverConnection | None = None

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()


class _Borrowed(Protocol):
    """A slot on loan."""

    @property
    def dbapi_connection(self) -> _Slot: ...

    def close(self) -> None: ...


class _Slots(Protocol):
    def connection(self, shareable: bool) -> _Borrowed: ...

    def close(self) -> None: ...


# DBUtils comes without types.
_pooled_db = cast("Callable[..., _Slots]", import_module("dbutils.pooled_db").PooledDB)


class SlotPool:
    """At most `max` connections, opened when needed and then kept."""

    kept = False
    streams_apart = True

    def __init__(self, name: str, driver: Driver, target: Target, settings: PoolSettings) -> None:
        self._name, self._driver, self._target, self._settings = name, driver, target, settings
        self._free = BoundedSemaphore(settings.max)  # DBUtils itself can only wait for ever
        self._slots = _pooled_db(_Slot, maxcached=settings.max, ping=0, failures=Exception, reset=None)
        self._in_use: dict[DriverConnection, _Borrowed] = {}
        self._open: set[DriverConnection] = set()
        self._closed = False

    def acquire(self) -> DriverConnection:
        if not self._free.acquire(timeout=self._settings.timeout_s):
            raise PoolTimeout(self._name, self._settings.timeout_s)
        borrowed = self._slots.connection(shareable=False)
        try:
            slot = borrowed.dbapi_connection
            connection = slot.connection
            if connection is None or (connection.stale() and not connection.ping()):
                connection = self._replaced(slot)
        except BaseException:
            borrowed.close()
            self._free.release()
            raise
        self._in_use[connection] = borrowed
        return connection

    def _replaced(self, slot: _Slot) -> DriverConnection:
        self._emptied(slot)
        connection = slot.connection = self._driver.connect(self._target)
        self._open.add(connection)
        return connection

    def _emptied(self, slot: _Slot) -> None:
        if slot.connection is not None:
            slot.connection.close()
            self._open.discard(slot.connection)
            slot.connection = None

    def release(self, connection: DriverConnection) -> None:
        borrowed = self._in_use.pop(connection, None)
        if borrowed is None:
            connection.close()
            return
        try:
            if self._closed or connection.closed or connection.in_transaction:
                self._emptied(borrowed.dbapi_connection)
        finally:
            borrowed.close()
            self._free.release()

    def statistics(self) -> PoolStatistics:
        in_use = len(self._in_use)
        return PoolStatistics(self._settings.max, in_use, len(self._open) - in_use)

    def close(self) -> None:
        self._closed = True
        self._slots.close()
