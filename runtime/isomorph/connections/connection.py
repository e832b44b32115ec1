"""A logical connection: named, lazily opened, safe to use from any thread.

A thread's statements run on a driver connection that no other thread uses at that moment; inside a transaction all of
them run on the same one. A stream outside a transaction has one of its own on database servers.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import TypeVar
from weakref import WeakSet

from isomorph import dialects
from isomorph.connections.leases import Lease, States, Threads, ThreadState
from isomorph.connections.pool import Pool, PoolStatistics, open_pool
from isomorph.connections.retry import delay_s, is_conflict, is_repeatable
from isomorph.connections.settings import PoolSettings
from isomorph.dialects.base import Dialect
from isomorph.drivers.base import DriverConnection, Parameters, Row, Target
from isomorph.drivers.processes import abandon
from isomorph.errors import ConstraintViolation, DatabaseError, InvalidQuery

__all__ = ["Annotate", "Connection"]

T = TypeVar("T")

Annotate = Callable[[ConstraintViolation], None]
"""Fills in `model` and `fields` of a violation."""

_STREAM_SIZE = 1_000
_RETRIES = 5


def _is_echo_asked() -> bool:
    return os.environ.get("ISOMORPH_ECHO", "").lower() not in {"", "0", "false", "no", "off"}


class Connection:
    """A connection by name.

    Attributes:
        name: the name in the schema.
        dialect: the dialect; known without connecting.

    Args:
        name: the name in the schema.
        target: where it goes.
        pool: bounds of its pool.
        annotate: called with each constraint violation before it leaves.
        sleep: how `run` waits before it tries again.
        echo: whether to print statements; None for what ISOMORPH_ECHO says.
    """

    def __init__(
        self,
        name: str,
        target: Target,
        pool: PoolSettings | None = None,
        *,
        annotate: Annotate | None = None,
        sleep: Callable[[float], None] = time.sleep,
        echo: bool | None = None,
    ) -> None:
        self.name = name
        self._target, self._settings = target, pool or PoolSettings()
        self._annotate, self._sleep = annotate, sleep
        self._echo = _is_echo_asked() if echo is None else echo
        self.dialect: Dialect = dialects.get(target.driver)
        self._capabilities: frozenset[str] | None = None
        self._opening = threading.Lock()
        self._pool: Pool | None = None
        self._states = States()
        self._threads = Threads(self._states)
        _ALL.add(self)

    def __repr__(self) -> str:
        return f"<Connection {self.name!r} to {self.dialect.name}>"

    @property
    def capabilities(self) -> frozenset[str]:
        """What this server can; connects when it was never asked before."""
        if self._capabilities is None:
            thread = self._threads.own
            driver = thread.held or self._acquire(thread)
            try:
                self._capabilities = driver.capabilities
            finally:
                if thread.held is None:
                    thread.pool.release(driver)
        return self._capabilities

    @property
    def in_transaction(self) -> bool:
        """Whether the calling thread's statements are part of a transaction."""
        lease = self._threads.own.lease
        return lease is not None and lease.nesting.depth > 0

    # --- statements ----------------------------------------------------------------------------------------------------

    def fetch(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Run a statement and return all its rows."""
        thread = self._threads.own
        driver = thread.held or self._acquire(thread)
        try:
            return driver.fetch(sql, parameters)
        except DatabaseError as error:
            self._note(thread, driver, error)
            raise
        finally:
            if thread.held is None:
                thread.pool.release(driver)

    def fetch_one(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """Run a statement and return its first row, or None."""
        thread = self._threads.own
        driver = thread.held or self._acquire(thread)
        try:
            return driver.fetch_one(sql, parameters)
        except DatabaseError as error:
            self._note(thread, driver, error)
            raise
        finally:
            if thread.held is None:
                thread.pool.release(driver)

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        """Run a statement without rows and return how many rows it touched (-1 when the database does not say)."""
        thread = self._threads.own
        driver = thread.held or self._acquire(thread)
        try:
            return driver.execute(sql, parameters)
        except DatabaseError as error:
            self._note(thread, driver, error)
            raise
        finally:
            if thread.held is None:
                thread.pool.release(driver)

    def insert(self, sql: str, parameters: Parameters = ()) -> int:
        """Run an INSERT of one row without RETURNING and return the key that the database gave (0 when none)."""
        thread = self._threads.own
        driver = thread.held or self._acquire(thread)
        try:
            return driver.insert(sql, parameters)
        except DatabaseError as error:
            self._note(thread, driver, error)
            raise
        finally:
            if thread.held is None:
                thread.pool.release(driver)

    def execute_many(self, sql: str, rows: Sequence[Parameters]) -> int:
        """Run a statement once per tuple of parameters, for all of them or for none; return the rows touched."""
        thread = self._threads.own
        driver = thread.held or self._acquire(thread)
        try:
            return driver.execute_many(sql, rows)
        except DatabaseError as error:
            self._note(thread, driver, error)
            raise
        finally:
            if thread.held is None:
                thread.pool.release(driver)

    def stream(self, sql: str, parameters: Parameters = (), size: int = _STREAM_SIZE) -> Generator[list[Row]]:
        """Run a statement and give its rows in batches of `size`, in constant memory; close() ends it early.

        Nothing runs before the first batch is asked for. Inside a transaction the stream is a part of it and ends with
        it; outside, other statements of the thread do not meet it.
        """
        if size < 1:
            raise InvalidQuery("a stream in batches of less than one row", "pass a size of 1 or more")
        return self._stream(sql, parameters, size)

    def _stream(self, sql: str, parameters: Parameters, size: int) -> Generator[list[Row]]:
        thread = self._threads.own
        lease = thread.lease
        if lease is None and self._opened().streams_apart:
            thread = ThreadState()  # none of the calling thread's: nothing else will find the lease
        lease = thread.lease or self._leased(thread)
        lease.enter()
        driver = thread.held or lease.driver
        try:
            batches = driver.stream(sql, parameters, size)
            try:
                yield from batches
            finally:
                batches.close()
        except DatabaseError as error:
            self._note(thread, driver, error)
            raise
        finally:
            lease.leave()

    # --- transactions --------------------------------------------------------------------------------------------------

    def transaction(self) -> AbstractContextManager[None]:
        """A block that is kept as a whole, or undone as a whole when an exception leaves it; nested, a savepoint."""
        return _Transaction(self._threads, self._leased)

    def run(self, work: Callable[[], T], retries: int = 0) -> T:
        """Run a function in a transaction, and again when concurrent transactions got in its way.

        Args:
            work: may be run several times; inside an open transaction it runs once, as a savepoint.
            retries: how many further attempts after a serialisation failure, a deadlock or a lock timeout.
        """
        return self._run(work, retries, is_repeatable)

    def settle(self, work: Callable[[], T]) -> T:
        """As `run`, for work of our own that is one transaction: only a lock that is not granted in time is not asked again.

        How long to wait for a lock is the application's choice, which attempts would multiply.
        """
        return self._run(work, _RETRIES, is_conflict)

    def _run(self, work: Callable[[], T], retries: int, is_worth: Callable[[BaseException], bool]) -> T:
        lease = self._threads.own.lease
        if lease is not None and lease.nesting.depth:
            retries = 0
        attempt = 0
        while True:
            try:
                with self.transaction():
                    return work()
            except DatabaseError as error:
                if attempt >= retries or not is_worth(error):
                    raise
            from random import random  # noqa: PLC0415 - for attempts that failed

            self._sleep(delay_s(attempt, random))
            attempt += 1

    @contextmanager
    def session(self) -> Generator[None]:
        """A block in which all statements of the thread run in one session of the server.

        What belongs to a session lasts as long: settings, advisory locks, temporary tables. Once the session is lost, every
        statement of the block raises ConnectionLost.
        """
        thread = self._threads.own
        lease = thread.lease or self._leased(thread)
        lease.enter()
        try:
            yield
        finally:
            lease.leave()

    # --- opening and closing ---------------------------------------------------------------------------------------------

    def ping(self) -> float:
        """Ask the server for a sign of life; returns the seconds it took.

        Raises:
            ConnectionFailed: there is none, and why.
        """
        began = time.perf_counter()
        self.fetch_one("SELECT 1")
        return time.perf_counter() - began

    def statistics(self) -> PoolStatistics:
        """How its pool is doing."""
        return self._opened().statistics()

    def close(self) -> None:
        """Close what is open; what is in use, when its work is done. A later statement opens it again."""
        with self._opening:
            pool, self._pool = self._pool, None
        own = self._threads.own
        if own.lease is None and own.held is not None:
            own.held.close()
        self._states.let_go()
        if pool is not None:
            pool.close()

    def forget(self) -> None:
        """Called in a forked child: leave to the parent what it opened."""
        self._states.forked()
        if (lease := self._threads.own.lease) is not None:
            lease.inherited = True
        if self._pool is not None:
            abandon(self._pool)
        self._opening, self._pool = threading.Lock(), None
        self._states = States()
        self._threads = Threads(self._states)

    def _opened(self) -> Pool:
        pool = self._pool
        if pool is not None:
            return pool
        with self._opening:
            if self._pool is None:
                pool = open_pool(self.name, self._target, self._settings)
                if self._echo:
                    from isomorph.connections.echo import EchoPool  # noqa: PLC0415 - only when asked for

                    pool = EchoPool(pool, self.name)
                self._pool = pool
            return self._pool

    def _acquire(self, thread: ThreadState) -> DriverConnection:
        pool = self._pool or self._opened()
        driver = pool.acquire()
        thread.pool = pool
        if pool.kept:
            thread.held = driver
        return driver

    def _leased(self, thread: ThreadState) -> Lease:
        return Lease(thread, thread.held or self._acquire(thread), self._note, self._ended)

    def _ended(self, lease: Lease) -> None:
        driver = lease.driver
        if driver.in_transaction:  # it could not even be rolled back
            driver.close()
        if lease.pool.kept and lease.pool is self._pool and not driver.closed:
            lease.thread.held = driver
        else:
            lease.pool.release(driver)

    def _note(self, thread: ThreadState, driver: DriverConnection, error: DatabaseError) -> None:
        """Take in what an error means for what the thread holds, and complete it."""
        if self._annotate is not None and isinstance(error, ConstraintViolation):
            self._annotate(error)
        lease = thread.lease
        if lease is not None:
            if lease.nesting.depth and lease.nesting.aborted_by is None and not driver.in_transaction:
                lease.abort(error)
        elif driver.closed and thread.held is driver:
            thread.held = None


class _Transaction:
    """One block."""

    __slots__ = ("_lease", "_leased", "_threads")

    def __init__(self, threads: Threads, leased: Callable[[ThreadState], Lease]) -> None:
        self._threads, self._leased = threads, leased

    def __enter__(self) -> None:
        thread = self._threads.own
        self._lease = thread.lease or self._leased(thread)
        self._lease.begin()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        lease = self._lease
        if not lease.is_own():
            if kind is None:
                raise InvalidQuery(
                    "a transaction was left in another thread or process than it was entered in", "do both in one"
                )
        elif kind is None:
            lease.commit()
        else:
            lease.rollback()


_ALL: WeakSet[Connection] = WeakSet()


def _forget_all() -> None:
    for connection in list(_ALL):
        connection.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)


@atexit.register
def _close_all() -> None:
    # A pool that is closed only while the interpreter ends waits in vain for its threads, which have been stopped.
    for connection in list(_ALL):
        connection.close()
