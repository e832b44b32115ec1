"""What a thread keeps between statements: the driver connection of its open transaction or stream.

Held per thread, not per context: a context is copied into worker threads (`asyncio.to_thread`, web frameworks), and two
threads must never meet on one driver connection. Async code will hold its leases per task in a store of its own; the
rules (`Nesting`) are the same.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from typing import NoReturn
from weakref import WeakSet

from isomorph.connections.nesting import Nesting
from isomorph.connections.pool import Pool
from isomorph.dialects.base import Dialect
from isomorph.drivers.base import DriverConnection, Parameters, Row
from isomorph.errors import DatabaseError

__all__ = ["Lease", "States", "ThreadState", "Threads"]


class ThreadState:
    """What a connection knows of one thread.

    Attributes:
        held: what the thread's statements run on; None when each borrows a driver connection for itself.
        pool: where the thread's driver connection came from; set once it had one.
        lease: why it is held; None when nothing is open (a pool may let a thread keep its connection all the same).
    """

    __slots__ = ("__weakref__", "held", "lease", "pool")

    pool: Pool

    def __init__(self) -> None:
        self.held: DriverConnection | None = None
        self.lease: Lease | None = None


class States:
    """The states of all living threads."""

    def __init__(self) -> None:
        self._all: WeakSet[ThreadState] = WeakSet()
        self._lock = threading.Lock()

    def new(self) -> ThreadState:
        state = ThreadState()
        with self._lock:
            self._all.add(state)
        return state

    def forked(self) -> None:
        """Called in a forked child: a thread that the child does not have may hold the lock."""
        self._lock = threading.Lock()

    def let_go(self) -> None:
        """Let no thread keep a driver connection longer than its open transaction or stream."""
        with self._lock:
            states = list(self._all)
        for state in states:
            if state.lease is None:
                state.held = None


class Threads(threading.local):
    """The calling thread's own state."""

    def __init__(self, states: States) -> None:
        self.own = states.new()


class Lease:
    """A driver connection that a thread keeps until the last of its holders (transactions, streams) has left.

    Args:
        thread: whose.
        driver: what is kept, from the state's pool.
        note: told of each error before it leaves.
        ended: called when the last holder has left, to give the driver connection back.
    """

    __slots__ = ("_ended", "_ident", "_note", "driver", "holders", "inherited", "nesting", "pool", "thread")

    def __init__(
        self,
        thread: ThreadState,
        driver: DriverConnection,
        note: Callable[[ThreadState, DriverConnection, DatabaseError], None],
        ended: Callable[[Lease], None],
    ) -> None:
        self.thread, self.driver, self._note, self._ended = thread, driver, note, ended
        self.pool = thread.pool
        self.nesting = Nesting()
        self.holders = 0
        self.inherited = False  # whether a parent process opened it
        self._ident = threading.get_ident()
        thread.lease, thread.held = self, driver

    def is_own(self) -> bool:
        """Whether the calling thread may end it."""
        return self._ident == threading.get_ident() and not self.inherited

    def enter(self) -> None:
        self.holders += 1

    def leave(self) -> None:
        self.holders -= 1
        if self.holders == 0:
            self.thread.lease = self.thread.held = None
            self._ended(self)

    def abort(self, error: DatabaseError) -> None:
        """Refuse statements until the transaction's block has been left: they would be committed one by one."""
        self.nesting.aborted_by = error
        self.thread.held = _Aborted(self.driver, self.nesting)

    def begin(self) -> None:
        """Open the transaction, or a savepoint in it."""
        self.enter()
        try:
            if self.nesting.aborted_by is not None:
                raise self.nesting.aborted()
            savepoint = self.nesting.savepoint()
            if savepoint is None:
                self.driver.begin()
            else:
                self.driver.execute(savepoint)
        except BaseException as error:
            if isinstance(error, DatabaseError):
                self._note(self.thread, self.driver, error)
            self.leave()
            raise
        self.nesting.depth += 1

    def commit(self) -> None:
        """Keep what was done since `begin`; when the database refuses, undo it and raise."""
        nesting = self.nesting
        nesting.depth -= 1
        try:
            if nesting.aborted_by is not None:
                raise nesting.aborted()
            if nesting.depth == 0:
                self.driver.commit()
            else:
                self.driver.execute(nesting.release())
        except BaseException as error:
            if isinstance(error, DatabaseError):
                self._note(self.thread, self.driver, error)
            self._undo()
            raise
        finally:
            self._left()

    def rollback(self) -> None:
        """Undo what was done since `begin`. Raises nothing of the database: there is an error on its way already."""
        self.nesting.depth -= 1
        try:
            self._undo()
        finally:
            self._left()

    def _undo(self) -> None:
        if not self.driver.in_transaction:
            return  # the database has ended it by itself
        try:
            if self.nesting.depth == 0:
                self.driver.rollback()
            else:
                for statement in self.nesting.undo():
                    self.driver.execute(statement)
        except DatabaseError as error:
            if self.nesting.depth == 0:
                self.driver.close()  # the server undoes what it no longer hears of
            else:
                self.abort(error)

    def _left(self) -> None:
        if self.nesting.depth == 0 and self.nesting.aborted_by is not None:
            self.nesting.aborted_by = None
            self.thread.held = self.driver  # a stream may still hold the lease
        self.leave()


class _Aborted:
    """Stands in for the driver connection of a transaction that the database has ended."""

    def __init__(self, driver: DriverConnection, nesting: Nesting) -> None:
        self._driver, self._nesting = driver, nesting

    @property
    def dialect(self) -> Dialect:
        return self._driver.dialect

    @property
    def capabilities(self) -> frozenset[str]:
        return self._driver.capabilities

    in_transaction = True
    closed = False

    def _refuse(self) -> NoReturn:
        raise self._nesting.aborted()

    def fetch(self, sql: str, parameters: Parameters = ()) -> list[Row]:  # noqa: ARG002 - refused, whatever it is
        self._refuse()

    def fetch_one(self, sql: str, parameters: Parameters = ()) -> Row | None:  # noqa: ARG002
        self._refuse()

    def execute(self, sql: str, parameters: Parameters = ()) -> int:  # noqa: ARG002
        self._refuse()

    def insert(self, sql: str, parameters: Parameters = ()) -> int:  # noqa: ARG002
        self._refuse()

    def execute_many(self, sql: str, rows: Sequence[Parameters]) -> int:  # noqa: ARG002
        self._refuse()

    def stream(self, sql: str, parameters: Parameters, size: int) -> Generator[list[Row]]:  # noqa: ARG002
        self._refuse()

    def begin(self) -> None:
        self._refuse()

    def commit(self) -> None:
        self._refuse()

    def rollback(self) -> None:
        self._refuse()

    def ping(self) -> bool:
        return False

    def stale(self) -> bool:
        return True

    def close(self) -> None:
        self._driver.close()
