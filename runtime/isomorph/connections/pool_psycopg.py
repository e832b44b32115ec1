"""The pool for PostgreSQL, kept by psycopg_pool. Owns that errors of connecting are told at once, and dead connections.

psycopg_pool connects in a thread of its own and tells a caller only that it waited in vain. So the first connection,
and each one after a failure, is opened by the caller, who sees why it fails; a good one is handed to the pool, which
takes it in place of one of its own.
"""

from __future__ import annotations

import logging
from collections import deque
from contextlib import suppress
from threading import Lock
from time import monotonic
from typing import Any, cast

from isomorph.connections.pool import PoolStatistics
from isomorph.connections.settings import PoolSettings
from isomorph.drivers.base import DriverConnection, Target
from isomorph.drivers.psycopg import PsycopgConnection, PsycopgDriver, RawConnection
from isomorph.errors import ConnectionFailed, DatabaseError, MissingDriver, PoolTimeout

try:
    import psycopg_pool
except ImportError as error:
    raise MissingDriver("psycopg_pool", "postgresql") from error

__all__ = ["PsycopgPool"]


# A failure is told to whoever asked for the connection; without a handler Python would print psycopg_pool's log as well.
logging.getLogger("psycopg.pool").addHandler(logging.NullHandler())

_A_THREAD_TO_START_S = 300.0


class PsycopgPool:
    """At most `max` connections, `min` of them kept open when there is nothing to do."""

    kept = False
    streams_apart = True

    def __init__(self, name: str, driver: PsycopgDriver, target: Target, settings: PoolSettings) -> None:
        self._name, self._driver, self._target, self._settings = name, driver, target, settings
        self._ready: deque[PsycopgConnection] = deque()  # opened by callers, for the pool to take
        self._in_use: set[PsycopgConnection] = set()
        self._connecting = Lock()
        # Whether the last attempt to connect failed, or a connection was lost since. At first nothing is known.
        self._in_doubt = True
        self._opened = False
        self._pool = psycopg_pool.ConnectionPool[RawConnection](
            connection_class=cast("type[RawConnection]", _Source),
            kwargs={"source": self},
            min_size=1,
            max_size=settings.max,
            timeout=settings.timeout_s,
            # A failed attempt is not repeated in the background, with pauses, but when the next caller asks.
            reconnect_timeout=0.0,
            num_workers=1,
            open=False,
        )

    def supply(self) -> RawConnection:
        """A new connection. Called by psycopg_pool's own thread."""
        with suppress(IndexError):
            return self._ready.popleft().raw
        with self._connecting:  # a caller may be at it
            return (self._ready.popleft() if self._ready else self._connected()).raw

    def _connected(self) -> PsycopgConnection:
        try:
            connection = self._driver.connect(self._target)
        except BaseException:
            self._in_doubt = True
            raise
        self._in_doubt = False
        return connection

    def acquire(self) -> DriverConnection:
        deadline = monotonic() + self._settings.timeout_s
        while True:
            if self._in_doubt:
                self._probe(deadline)
            connection = self._borrowed(deadline)
            if not connection.stale() or connection.ping():
                self._in_use.add(connection)
                return connection
            connection.close()
            self.release(connection)

    def _probe(self, deadline: float) -> None:
        """Connect, so that the caller sees why it fails. One caller does it for all who wait."""
        if not self._connecting.acquire(timeout=max(deadline - monotonic(), 0.0)):
            raise PoolTimeout(self._name, self._settings.timeout_s)
        try:
            if self._in_doubt:
                self._ready.append(self._driver.connect(self._target))
            if not self._opened:
                self._open()
            # Only now: before, others would take from the opening pool what it waits for.
            self._in_doubt = False
        finally:
            self._connecting.release()

    def _open(self) -> None:
        # It waits for the connection that is ready; not having it yet, it would open a second one for the caller.
        self._pool.open(wait=True, timeout=_A_THREAD_TO_START_S)
        self._pool.resize(min(self._settings.min, self._settings.max), self._settings.max)
        self._opened = True

    def _borrowed(self, deadline: float) -> PsycopgConnection:
        try:
            return self._pool.getconn(timeout=max(deadline - monotonic(), 0.001)).around
        except psycopg_pool.PoolTimeout:
            closed = False
        except psycopg_pool.PoolClosed:
            closed = True
        if closed:
            error = ConnectionFailed()
            error.mend = "it was closed while this thread waited for a connection"
            raise error
        if self._in_doubt:
            self._connected().close()  # tells why, or that it works again
        raise PoolTimeout(self._name, self._settings.timeout_s)

    def release(self, connection: DriverConnection) -> None:
        assert isinstance(connection, PsycopgConnection)
        self._in_use.discard(connection)
        if connection.closed:
            self._in_doubt = True
        try:
            self._pool.putconn(connection.raw)
        except ValueError:  # it belongs to another pool
            connection.close()

    def statistics(self) -> PoolStatistics:
        return PoolStatistics(self._settings.max, len(self._in_use), self._pool.get_stats()["pool_available"])

    def close(self) -> None:
        self._pool.close()
        while self._ready:
            with suppress(DatabaseError):
                self._ready.popleft().close()


class _Source:
    """Stands in for psycopg's connection class, of which the pool needs only how to connect."""

    @staticmethod
    def connect(_conninfo: str, *, source: PsycopgPool, **_: Any) -> RawConnection:
        return source.supply()
