"""Lets a thread find again the driver connection it used last, and others wait for it in turn.

Most programs run many statements of one thread in a row; borrowing and giving back costs more than all else that
happens here per statement. So a connection that is given back waits, parked, beside its thread. It is still there for
all: a thread that has none takes whatever is free, parked by anyone or in the pool, and waits in a queue when nothing is.

Who waits is patient at first: a parked connection stays with its thread, which most often goes on at once. To hand it on
after each statement would cost a switch of threads per statement, several times the statement. But patience is short:
then the waiting thread takes what is parked, and each connection that is given back goes to whoever waits longest.

No lock guards the queue, because finalizers come in at any moment, in any thread, even in one that holds that lock. Each
step on a list is a single one instead, and everybody first puts what he has where the other will look, and then looks
himself: who waits queues up and then looks for what is free, who gives back parks and then looks for who waits. So one
of both sees the other, and whoever takes something off a list is the only one to have it.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from contextlib import suppress
from dataclasses import replace
from typing import TypeAlias
from weakref import WeakSet

from isomorph.connections.pool import Pool, PoolStatistics
from isomorph.connections.settings import PoolSettings
from isomorph.drivers.base import DriverConnection
from isomorph.drivers.processes import abandon
from isomorph.errors import PoolTimeout

__all__ = ["ParkingPool"]

# After so many uses a parked connection goes back to the pool, which may find that it has lived long enough.
_USES = 1_000
# How long a waiting thread lets others go on with what they parked.
_PATIENCE_S = 0.003

_Free: TypeAlias = DriverConnection | None
"""A connection, or None: room for one more, which is to be had from the pool."""


class _Turn:
    """A thread that waits."""

    __slots__ = ("given", "gone", "signal")

    def __init__(self) -> None:
        self.given: list[_Free] = []
        self.gone = False
        self.signal = threading.Lock()
        self.signal.acquire()


class _Queue:
    """Where what is free and who waits for it find each other.

    Args:
        pool: where connections come from; never asked for more than `most` at a time.
    """

    def __init__(self, pool: Pool, most: int) -> None:
        self.pool = pool
        self.room: list[_Free] = [None] * most
        self.closed = False
        self.impatient: deque[_Turn] = deque()
        self._waiting: deque[_Turn] = deque()
        self._spots: WeakSet[_Spot] = WeakSet()
        self._lock = threading.Lock()  # of the set of spots alone

    def add(self, spot: _Spot) -> None:
        with self._lock:
            self._spots.add(spot)

    def spots(self) -> list[_Spot]:
        with self._lock:
            return list(self._spots)

    def hand_over(self, free: list[_Free]) -> None:
        """Give what is on the list to those who wait, in their order."""
        while self._waiting:
            try:
                item = free.pop()
            except IndexError:
                return
            try:
                turn = self._waiting.popleft()
            except IndexError:
                pass
            else:
                turn.given.append(item)
                turn.signal.release()
                if not turn.gone:
                    continue
                try:
                    item = turn.given.pop()
                except IndexError:  # taken, in the last moment
                    continue
            free.append(item)

    def give_back(self, item: _Free) -> None:
        """Give a connection back to the pool, or the room for one."""
        try:
            if item is not None:
                self.pool.release(item)
        finally:
            self.room.append(None)
            self.hand_over(self.room)

    def wait(self, timeout_s: float) -> list[_Free]:
        """A list to take from what is the calling thread's, as soon as it is its turn; empty when that was not in time."""
        turn = _Turn()
        self._waiting.append(turn)
        try:
            self._serve()
            if not (turn.signal.acquire(timeout=min(_PATIENCE_S, timeout_s)) or self._insist(turn, timeout_s)):
                self._leave(turn)
        except BaseException:  # of a signal's handler, for one
            self._leave(turn)
            with suppress(IndexError):
                self.give_back(turn.given.pop())
            raise
        return turn.given

    def _insist(self, turn: _Turn, timeout_s: float) -> bool:
        try:
            self.impatient.append(turn)
            self._serve()
            return turn.signal.acquire(timeout=max(timeout_s - _PATIENCE_S, 0))
        finally:
            with suppress(ValueError):
                self.impatient.remove(turn)

    def _leave(self, turn: _Turn) -> None:
        turn.gone = True
        with suppress(ValueError):  # who gave something took it off the queue
            self._waiting.remove(turn)

    def _serve(self) -> None:
        for spot in self.spots():
            self.hand_over(spot.parked)
        self.hand_over(self.room)
        if self.closed:
            self.hand_over([None] * len(self._waiting))

    def close(self) -> None:
        """Let all who wait ask the pool, beyond its bounds: it is closed, and says what that means."""
        self.closed = True
        self._serve()


class _Spot:
    """Where a thread parks: no connection or one."""

    __slots__ = ("__weakref__", "_process", "_queue", "parked", "uses")

    def __init__(self, queue: _Queue) -> None:
        self._queue, self._process = queue, os.getpid()
        self.parked: list[_Free] = []
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
                self._queue.give_back(self.parked.pop())


class _Spots(threading.local):
    def __init__(self, queue: _Queue) -> None:
        self.own = _Spot(queue)
        queue.add(self.own)


class ParkingPool:
    """A pool in front of a pool.

    Args:
        inner: where connections come from.
        name: the connection's, for errors.
        settings: the bounds of `inner`.
    """

    kept = False

    def __init__(self, inner: Pool, name: str, settings: PoolSettings) -> None:
        self._inner, self._name, self._timeout_s = inner, name, settings.timeout_s
        self.streams_apart = inner.streams_apart
        self._queue = _Queue(inner, settings.max)
        self._spots = _Spots(self._queue)

    def acquire(self) -> DriverConnection:
        try:
            connection = self._spots.own.parked.pop()
        except IndexError:
            pass  # what goes wrong from here on has nothing to do with it, and shall not be chained to it
        else:
            return self._checked(connection)
        given = self._queue.wait(self._timeout_s)
        try:
            item = given.pop()
        except IndexError:
            pass
        else:
            return self._checked(item)
        raise PoolTimeout(self._name, self._timeout_s)

    def _checked(self, item: _Free) -> DriverConnection:
        if item is not None:
            if not item.stale() or item.ping():
                return item
            item.close()
            self._inner.release(item)
        try:
            return self._inner.acquire()
        except BaseException:
            self._queue.give_back(None)
            raise

    def release(self, connection: DriverConnection) -> None:
        spot, queue = self._spots.own, self._queue
        spot.uses += 1
        if connection.closed or spot.uses > _USES or spot.parked or connection.in_transaction:
            spot.uses = 0
            queue.give_back(connection)
            return
        spot.parked.append(connection)
        if queue.impatient:
            queue.hand_over(spot.parked)
        if queue.closed:
            spot.clear()

    def statistics(self) -> PoolStatistics:
        told = self._inner.statistics()
        parked = sum(len(spot.parked) for spot in self._queue.spots())
        return replace(told, in_use=(told.in_use or 0) - parked, idle=(told.idle or 0) + parked)

    def close(self) -> None:
        self._inner.close()
        self._queue.close()
        for spot in self._queue.spots():
            spot.clear()
