"""A connection to MySQL or MariaDB, as far as it is the same with every client library: what errors mean, streams."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from typing import ClassVar, Protocol

from isomorph.dialects.base import Dialect, Failure
from isomorph.dialects.mysql import MYSQL
from isomorph.drivers.base import Parameters, Row
from isomorph.drivers.failures import translated, unbindable
from isomorph.drivers.mysql_sessions import SessionSettings, capabilities
from isomorph.drivers.mysql_values import TAKEN
from isomorph.drivers.processes import abandon
from isomorph.errors import (
    ConnectionLost,
    DatabaseError,
    DiskFull,
    InvalidValue,
    LockTimeout,
    SerializationFailure,
)

__all__ = ["MySQLConnection", "Source", "failure_of"]

# After a stream was closed early the server sends the rest all the same. Up to so many rows are read to keep the
# connection; of a longer rest it is cheaper to connect anew.
_ROWS_READ_OUT = 1_000

_LOST = "2013"


class Source(Protocol):
    """Rows that the server is still sending, as the client library gives them; raises the client library's errors."""

    def read(self, size: int | None) -> list[Row]:
        """The next rows, fewer when they end; None for all that are left."""
        ...

    def finish(self) -> None:
        """All rows have been read: make the connection ready for the next statement."""
        ...

    def drop(self) -> None:
        """The connection is closed: read no more, not even when this is finalized."""
        ...


def failure_of(error: Exception, client: type[Exception], *, lost: bool = False, connecting: bool = False) -> Failure:
    """What an error says.

    Args:
        error: what was raised.
        client: the base of the client library's errors, which have a number and a message.
        lost: whether it closed the connection.
        connecting: whether it happened while opening one.
    """
    number = error.args[0] if error.args and isinstance(error, client) else None
    code = str(number) if isinstance(number, int) and number else ""
    message = str(error.args[1]) if len(error.args) > 1 else str(error)
    return Failure(error, code or (_LOST if lost else ""), message, connecting=connecting)


class MySQLConnection(ABC):
    """A connection to a MySQL or MariaDB server. Each client library derives its own."""

    __slots__ = ("__weakref__", "_process", "_stream", "capabilities")

    dialect: Dialect = MYSQL

    library: ClassVar[str]
    """The client library's name."""
    client_error: ClassVar[type[Exception]]
    """The base of its errors."""
    raised: ClassVar[tuple[type[Exception], ...]]
    """All that it raises."""

    def __init__(self, version: str) -> None:
        self.capabilities = capabilities(version)
        self._process = os.getpid()
        self._stream: _Stream | None = None

    @property
    @abstractmethod
    def closed(self) -> bool: ...

    @property
    @abstractmethod
    def in_transaction(self) -> bool: ...

    @abstractmethod
    def fetch(self, sql: str, parameters: Parameters = ()) -> list[Row]: ...

    @abstractmethod
    def fetch_one(self, sql: str, parameters: Parameters = ()) -> Row | None: ...

    @abstractmethod
    def execute(self, sql: str, parameters: Parameters = ()) -> int: ...

    @abstractmethod
    def insert(self, sql: str, parameters: Parameters = ()) -> int: ...

    @abstractmethod
    def stale(self) -> bool: ...

    @abstractmethod
    def close(self) -> None: ...

    @abstractmethod
    def _source(self, sql: str, parameters: Parameters) -> Source:
        """Run a statement and leave its rows with the server."""

    @abstractmethod
    def _execute_all(self, sql: str, rows: Sequence[Parameters]) -> int:
        """Run a statement for each of the rows, at least one, inside a transaction; raises the library's errors."""

    @abstractmethod
    def _begin(self) -> None:
        """As the client library does it, with its errors; the next three likewise."""

    @abstractmethod
    def _commit(self) -> None: ...

    @abstractmethod
    def _rollback(self) -> None: ...

    @abstractmethod
    def _ping(self) -> None: ...

    @abstractmethod
    def _ask_state(self) -> None:
        """Learn whether the transaction is still open, after an error that may have ended it."""

    def set_up(self, settings: SessionSettings, version: str) -> None:
        """Make the session what isomorph promises; closes the connection when that fails.

        Raises:
            ConnectionFailed: the server refuses.
        """
        try:
            self.execute(settings.statement(version))
        except DatabaseError as error:
            failed = error.driver_error
        else:
            return
        self.close()
        assert isinstance(failed, Exception)
        raise translated(MYSQL, failure_of(failed, self.client_error, connecting=True))

    def translated(self, error: Exception, parameters: Sequence[object] = ()) -> DatabaseError | InvalidValue:
        """The error to raise for one of the client library's; closes the connection when it was lost."""
        failure = failure_of(error, self.client_error, lost=self.closed)
        if not failure.code and (wrong := unbindable(self.library, TAKEN, parameters)) is not None:
            return wrong
        told = translated(MYSQL, failure)
        if isinstance(told, ConnectionLost):
            self._force_close()
        elif isinstance(told, SerializationFailure | LockTimeout | DiskFull):
            # The server may have rolled back the whole transaction, which its error does not say: the next statement
            # would be committed on its own.
            with suppress(*self.raised):
                self._ask_state()
        return told

    def execute_many(self, sql: str, rows: Sequence[Parameters]) -> int:
        if not rows:
            return 0
        if not self.in_transaction:  # all rows or none
            self.begin()
            try:
                touched = self.execute_many(sql, rows)
                self.commit()
            except BaseException:
                with suppress(DatabaseError):
                    self.rollback()
                raise
            return touched
        self._settle()
        try:
            return self._execute_all(sql, rows)
        except self.raised as error:
            failed = error
        except BaseException:
            self._force_close()
            raise
        raise self.translated(failed, rows)

    def stream(self, sql: str, parameters: Parameters, size: int) -> Generator[list[Row]]:
        self._settle()
        stream = self._stream = _Stream(self, self._source(sql, parameters))
        try:
            while rows := stream.take(size):
                yield rows
        finally:
            if self._process == os.getpid():
                stream.close()
            else:  # a forked child ends: what is left of the answer is its parent's
                abandon(stream)

    def _settle(self) -> None:
        if self._stream is not None:
            self._stream.settle()

    def finished(self, stream: _Stream) -> None:
        """Called by a stream that needs the connection no more."""
        if self._stream is stream:
            self._stream = None

    def begin(self) -> None:
        self._command(self._begin)

    def commit(self) -> None:
        self._command(self._commit)

    def rollback(self) -> None:
        self._command(self._rollback)

    def ping(self) -> bool:
        try:
            self._command(self._ping)
        except DatabaseError:
            return False
        return True

    def _command(self, command: Callable[[], None]) -> None:
        self._settle()
        try:
            command()
        except self.raised as error:
            failed = error
        except BaseException:
            self._force_close()
            raise
        else:
            return
        raise self.translated(failed)

    def _force_close(self) -> None:
        self.close()
        if self._stream is not None:
            self._stream.forget()


class _Stream:
    """The rows of a statement that the server is still sending.

    Until they have been read the connection can do nothing else. So another statement first reads the rest of them
    into memory.
    """

    def __init__(self, connection: MySQLConnection, source: Source) -> None:
        self._connection = connection
        self._source: Source | None = source
        self._rest: list[Row] = []
        self._failed: DatabaseError | InvalidValue | None = None

    def take(self, size: int) -> list[Row]:
        if self._source is not None:
            rows = self._read(size)
            if len(rows) < size:
                self._finish()
            return rows
        if self._failed is not None:
            raise self._failed
        rows, self._rest = self._rest[:size], self._rest[size:]
        return rows

    def _read(self, size: int | None) -> list[Row]:
        assert self._source is not None
        try:
            return self._source.read(size)
        except self._connection.raised as error:
            failed = error
        except BaseException:
            self._connection.close()
            self.forget()
            raise
        self.forget()
        raise self._connection.translated(failed)

    def settle(self) -> None:
        """Read the rest into memory, so that the connection is free. An error in it is the stream's, not the caller's."""
        try:
            self._rest = self._read(None)
        except (DatabaseError, InvalidValue) as error:
            self._failed = error
        else:
            self._finish()

    def close(self) -> None:
        if self._source is None:
            return
        if self._connection.in_transaction:
            self.settle()
            self._rest = []
            return
        # Who ends a stream early is not told of an error in the rest of it.
        with suppress(DatabaseError, InvalidValue):
            if len(self._read(_ROWS_READ_OUT)) < _ROWS_READ_OUT:
                self._finish()
            else:
                self._connection.close()
                self.forget()

    def _finish(self) -> None:
        if self._source is not None:
            self._source.finish()
        self._source = None
        self._connection.finished(self)

    def forget(self) -> None:
        """Let go of the rows without reading on, when they have ended or the connection is closed."""
        if self._source is not None:
            self._source.drop()
        self._source = None
        self._connection.finished(self)
