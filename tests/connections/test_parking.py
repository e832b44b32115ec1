"""How threads share the connections of a pool: who keeps his, who waits, and that nobody waits in vain.

The pool behind is a stand-in that watches its bounds, so that rounds are quick enough to meet races by their number.
"""

from __future__ import annotations

import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType, SimpleNamespace
from typing import Any, cast

import pytest

from isomorph import errors
from isomorph.connections import PoolSettings, PoolStatistics, parking
from isomorph.connections.parking import ParkingPool
from isomorph.drivers.base import DriverConnection
from tests.connections.conftest import Threads

# Nobody waits so long unless a wake-up is lost; nothing here is measured against it.
LONG_S = 20.0


class Inner:
    """A pool that lends what was given back, else something new; asked for too much, it fails instead of waiting."""

    kept = False
    streams_apart = True

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._free: list[DriverConnection] = []
        self._failing = 0
        self.out = self.opened = 0
        self.closed = False

    def fail(self, times: int) -> None:
        self._failing = times

    def acquire(self) -> DriverConnection:
        with self._lock:
            if self.closed or self._failing:
                self._failing = max(self._failing - 1, 0)
                raise errors.ConnectionFailed
            self.out += 1
            assert self.out <= self._most, "more connections than the pool may have"
            if self._free:
                return self._free.pop()
            self.opened += 1
        made = SimpleNamespace(closed=False, in_transaction=False, stale=lambda: False, number=self.opened, users=0)
        return cast("DriverConnection", made)

    def release(self, connection: DriverConnection) -> None:
        with self._lock:
            self.out -= 1
            if not connection.closed and not connection.in_transaction:
                self._free.append(connection)

    def statistics(self) -> PoolStatistics:
        return PoolStatistics(self._most, self.out, len(self._free))

    def close(self) -> None:
        self.closed = True


def pool_of(most: int, timeout_s: float = LONG_S) -> tuple[ParkingPool, Inner]:
    inner = Inner(most)
    return ParkingPool(inner, "default", PoolSettings(max=most, timeout_s=timeout_s)), inner


def use(pool: ParkingPool, hold: Callable[[], object] = lambda: None) -> None:
    connection: Any = pool.acquire()
    connection.users += 1
    assert connection.users == 1, "two threads have the same connection"
    try:
        hold()
    finally:
        connection.users -= 1
        pool.release(connection)


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + LONG_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0)


def waiting(pool: ParkingPool) -> int:
    return len(pool._queue._waiting)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's patience ends within a test."""
    monkeypatch.setattr(parking, "_PATIENCE_S", LONG_S)


@pytest.fixture
def switching() -> Iterator[None]:
    """Threads take turns as often as the interpreter can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


# --- who goes on, who waits ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("patient")
def test_a_thread_goes_on_with_its_connection_while_another_waits_patiently(threads: Threads) -> None:
    pool, _ = pool_of(1)
    served = threading.Event()
    mine = pool.acquire()
    threads.start(lambda: use(pool, served.set))
    until(lambda: waiting(pool) == 1)
    for _ in range(100):
        pool.release(mine)
        assert pool.acquire() is mine
    assert not served.is_set()
    cast(Any, mine).closed = True  # what is not parked but free for all is handed over, patience or not
    pool.release(mine)
    threads.join()
    assert served.is_set()


def test_a_thread_that_does_not_stop_starves_nobody(threads: Threads) -> None:
    pool, _ = pool_of(1)
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            use(pool, lambda: time.sleep(0.0005))  # parked for moments only

    threads.start(work)
    try:
        for _ in range(20):
            use(pool)
    finally:
        stop.set()


def test_who_waits_longest_is_first(threads: Threads) -> None:
    pool, _ = pool_of(1)
    for _ in range(20):
        order = list[int]()

        def work(number: int, order: list[int] = order) -> None:
            use(pool, lambda: order.append(number))

        def queued(number: int) -> bool:
            return waiting(pool) == number

        mine = pool.acquire()
        for number in range(5):
            threads.start(partial(work, number))
            until(partial(queued, number + 1))
        until(lambda: len(pool._queue.impatient) == 5)
        pool.release(mine)
        threads.join()
        assert order == [0, 1, 2, 3, 4]


def test_who_waits_finds_what_a_thread_parked_that_does_nothing_more(threads: Threads) -> None:
    pool, inner = pool_of(1)
    parked, end = threading.Event(), threading.Event()

    def work() -> None:
        mine = pool.acquire()
        until(lambda: waiting(pool) == 1)
        pool.release(mine)
        parked.set()
        assert end.wait(LONG_S)

    for _ in range(20):
        threads.start(work)
        until(lambda: inner.out)
        use(pool)
        end.set()
        threads.join()
        end.clear()


@pytest.mark.usefixtures("patient")
def test_who_waits_is_given_what_a_thread_parked_that_ends(threads: Threads) -> None:
    pool, inner = pool_of(1)

    def work() -> None:
        mine = pool.acquire()
        until(lambda: waiting(pool) == 1)
        pool.release(mine)

    for _ in range(20):
        threads.start(work)
        until(lambda: inner.out)
        threads.start(lambda: use(pool))
        threads.join()
        until(lambda: not inner.out)  # a thread may be joined a moment before its end
    assert inner.opened == 1


# --- room in the pool ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("patient")
def test_whoever_could_not_connect_leaves_his_place_to_the_next(threads: Threads) -> None:
    pool, inner = pool_of(2)
    mine = pool.acquire(), pool.acquire()
    served, failed = threading.Semaphore(0), threading.Semaphore(0)

    def work() -> None:
        try:
            use(pool, served.release)
        except errors.ConnectionFailed:
            failed.release()

    for _ in range(6):
        threads.start(work)
    until(lambda: waiting(pool) == 6)
    inner.fail(2)
    for connection in mine:
        cast(Any, connection).closed = True
        pool.release(connection)
    threads.join()
    assert (failed._value, served._value) == (2, 4)
    until(lambda: inner.out == 0)
    assert len(pool._queue.room) == 2


def test_who_waited_in_vain_leaves_nothing_behind(threads: Threads) -> None:
    pool, _ = pool_of(1, timeout_s=0.02)
    mine = pool.acquire()

    def ask() -> None:
        with pytest.raises(errors.PoolTimeout, match=r'"default" became free within 0\.02 s'):
            pool.acquire()

    for _ in range(4):
        threads.start(ask)
    threads.join()
    assert (waiting(pool), len(pool._queue.impatient)) == (0, 0)
    pool.release(mine)
    assert pool.acquire() is mine


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system lacks timers that send signals")
def test_a_signal_that_ends_the_waiting_loses_no_connection(threads: Threads) -> None:
    pool, _ = pool_of(1)
    stop, interrupted = threading.Event(), 0

    def interrupt(_: int, frame: FrameType | None) -> None:
        if frame is not None and frame.f_code.co_name in {"wait", "_insist"}:
            raise KeyboardInterrupt

    def work() -> None:
        while not stop.is_set():
            use(pool, lambda: time.sleep(0.0005))  # parked for moments only

    before = signal.signal(signal.SIGALRM, interrupt)
    threads.start(work)

    def ask() -> bool:
        nonlocal interrupted
        signal.setitimer(signal.ITIMER_REAL, random.uniform(0.0001, 0.008))
        try:
            use(pool)
        except KeyboardInterrupt:
            interrupted += 1
        time.sleep(0.0001)  # the other thread takes it back
        return interrupted == 30

    try:
        until(ask)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        stop.set()
    threads.join()
    assert (waiting(pool), len(pool._queue.impatient)) == (0, 0)
    use(pool)


@pytest.mark.usefixtures("patient")
def test_closing_sends_those_who_wait_to_the_closed_pool(threads: Threads) -> None:
    pool, inner = pool_of(2)
    mine = pool.acquire(), pool.acquire()
    told = list[BaseException]()

    def work() -> None:
        with pytest.raises(errors.ConnectionFailed) as info:
            pool.acquire()
        told.append(info.value)

    for _ in range(5):
        threads.start(work)
    until(lambda: waiting(pool) == 5)
    pool.close()
    threads.join()
    assert len(told) == 5
    for connection in mine:
        pool.release(connection)
    assert inner.out == 0


# --- races -----------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("switching")
@pytest.mark.parametrize("patience_s", [0.0, 0.0002, 0.003])
def test_no_wake_up_is_lost_when_nobody_comes_after(
    patience_s: float, threads: Threads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each round ends with a connection given back, by threads that then wait for the one who still needs it."""
    monkeypatch.setattr(parking, "_PATIENCE_S", patience_s)
    pool, inner = pool_of(2)
    rounds = threading.Barrier(5)

    def work(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(150):
            use(pool, lambda: time.sleep(chance.choice((0, 0, 0.0001, 0.0002, 0.0004))))
            rounds.wait(LONG_S)

    for seed in range(5):
        threads.start(partial(work, seed))
    threads.join()
    assert (waiting(pool), len(pool._queue.impatient)) == (0, 0)
    assert inner.opened <= 2


@pytest.mark.usefixtures("switching")
def test_whatever_happens_to_connections_all_threads_get_theirs(
    threads: Threads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parking, "_PATIENCE_S", 0.0002)
    monkeypatch.setattr(parking, "_USES", 20)
    pool, inner = pool_of(3)
    count, lock = 0, threading.Lock()

    def work(seed: int, left: int) -> None:
        nonlocal count
        chance = random.Random(seed)
        for _ in range(60):
            connection: Any = pool.acquire()
            connection.users += 1
            assert connection.users == 1
            if chance.random() < 0.3:
                time.sleep(0.0001)
            connection.users -= 1
            connection.closed = chance.random() < 0.1
            connection.in_transaction = chance.random() < 0.1
            pool.release(connection)
        with lock:
            count += 1
        if left:  # a thread ends, with what it parked, and another begins
            threads.start(partial(work, seed + 100, left - 1))

    for seed in range(8):
        threads.start(partial(work, seed, 4))
    until(lambda: count == 40)
    threads.join()
    until(lambda: inner.out == 0)
    assert len(pool._queue.room) == 3
