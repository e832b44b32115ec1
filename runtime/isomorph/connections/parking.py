"""Lets a thread find again the driver connection it used last, without a round through the pool.

Most programs run many statements of one thread in a row; borrowing and giving back costs more than all else that
happens here per statement. So a connection that is given back waits, parked, beside its thread. It is still there for
all: a thread that needs one takes whatever is parked, by anyone, before it asks the pool.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from dataclasses import replace
from weakref import WeakSet

from isomorph.connections.pool import Pool, PoolStatistics
from isomorph.drivers.base import DriverConnection
from isomorph.drivers.processes import abandon

__all__ = ["ParkingPool"]

# After so many uses a parked connection goes back to the pool, which may find that it has lived long enough.
_USES = 1_000


class _Spot:
    """Where a thread parks: no connection or one. Taking and putting are single steps, so no lock is needed."""

    __slots__ = ("__weakref__", "_pool", "_process", "parked", "uses")

    def __init__(self, pool: Pool) -> None:
        self._pool, self._process = pool, os.getpid()
        self.parked: list[DriverConnection] = []
        self.uses = 0

    def __del__(self) -> None:
        # The thread has ended, or is one of the parent's that a forked child does not have: then the pool's locks may
        # be held for ever.
        if self._process == os.getpid():
            self.clear()
        else:
            abandon(self.parked)

    def clear(self) -> None:
        with suppress(IndexError):
            while True:
                self._pool.release(self.parked.pop())


class _Spots(threading.local):
    def __init__(self, parking: ParkingPool) -> None:
        self.own = parking.new_spot()


class ParkingPool:
    """A pool in front of a pool."""

    kept = False

    def __init__(self, inner: Pool) -> None:
        self._inner = inner
        self.streams_apart = inner.streams_apart
        self._all: WeakSet[_Spot] = WeakSet()
        self._lock = threading.Lock()
        self._waiting = 0
        self._closed = False
        self._spots = _Spots(self)

    def new_spot(self) -> _Spot:
        """Called in each thread, once."""
        spot = _Spot(self._inner)
        with self._lock:
            self._all.add(spot)
        return spot

    def acquire(self) -> DriverConnection:
        try:
            connection = self._spots.own.parked.pop()
        except IndexError:
            pass  # what goes wrong from here on has nothing to do with it, and shall not be chained to it
        else:
            return self._checked(connection)
        return self._found()

    def _checked(self, connection: DriverConnection) -> DriverConnection:
        if not connection.stale() or connection.ping():
            return connection
        connection.close()
        self._inner.release(connection)
        return self._inner.acquire()

    def _found(self) -> DriverConnection:
        # First say that someone waits, then look: who gives back parks first and then looks whether someone waits. So
        # one of both sees the other.
        with self._lock:
            self._waiting += 1
            spots = list(self._all)
        try:
            for spot in spots:
                with suppress(IndexError):
                    return self._checked(spot.parked.pop())
            return self._inner.acquire()
        finally:
            with self._lock:
                self._waiting -= 1

    def release(self, connection: DriverConnection) -> None:
        spot = self._spots.own
        spot.uses += 1
        if connection.closed or spot.uses > _USES or spot.parked or connection.in_transaction:
            spot.uses = 0
            self._inner.release(connection)
            return
        spot.parked.append(connection)
        if self._waiting or self._closed:
            spot.clear()

    def statistics(self) -> PoolStatistics:
        told = self._inner.statistics()
        with self._lock:
            parked = sum(len(spot.parked) for spot in self._all)
        return replace(told, in_use=(told.in_use or 0) - parked, idle=(told.idle or 0) + parked)

    def close(self) -> None:
        self._closed = True
        self._inner.close()
        with self._lock:
            spots = list(self._all)
        for spot in spots:
            spot.clear()
