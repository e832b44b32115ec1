"""PostgreSQL through psycopg 3. Owns how a session is set up and which of its statements the server prepares."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, suppress
from functools import cache
from itertools import count, islice
from math import ceil
from typing import Any, cast

from isomorph.dialects.base import Dialect, Failure
from isomorph.dialects.postgresql import POSTGRESQL
from isomorph.dialects.postgresql.writes import Copy
from isomorph.drivers.base import Parameters, Row, Target
from isomorph.drivers.failures import translated, unbindable
from isomorph.drivers.options import Options
from isomorph.drivers.processes import watcher
from isomorph.errors import (
    ConnectionLost,
    DatabaseError,
    InvalidQuery,
    InvalidUrl,
    InvalidValue,
    MissingDriver,
    TransactionAborted,
)

try:
    import psycopg
    from psycopg import pq

    from isomorph.drivers.psycopg_values import FORMATS, OtherTypeError, adapters, may_be_binary, types_copied
except ImportError as error:
    raise MissingDriver("psycopg", "postgresql") from error

__all__ = ["DRIVER", "PsycopgConnection", "PsycopgDriver", "RawConnection"]

_CONNECT_TIMEOUT_S = 10.0
# A text that comes a second time is likely to come a hundred times: preparing it costs one round trip, once.
_PREPARE_THRESHOLD = 1
# psycopg keeps 100 by default; the statements of a few dozen models are more.
_PREPARED_MAX = 500
# A cursor keeps its last result until its next one. After a result of more rows the connection takes a new cursor.
_ROWS_KEPT = 1_000

# The session's settings that have a name of their own among the options, all of them durations.
_TIMEOUTS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")

_IDLE = pq.TransactionStatus.IDLE
_IN_ERROR = pq.TransactionStatus.INERROR
_COMMAND_OK = pq.ExecStatus.COMMAND_OK

_ERRORS = (psycopg.Error, UnicodeEncodeError, OverflowError, ValueError, TypeError)
_LOST = "08006"
_CANNOT_ADAPT = re.compile(r"cannot adapt type '([^']+)'")

# libpq 17 hands several rows over at once.
_IN_CHUNKS = psycopg.capabilities.has_stream_chunked()

_binary = FORMATS.get

Execute = Callable[..., "psycopg.Cursor[Row]"]
_Stream = Callable[..., "Generator[Row]"]
_CopyIn = Callable[[str, Parameters], AbstractContextManager["psycopg.Copy"]]


class RawConnection(psycopg.Connection[Row]):
    """psycopg's connection, which its pool hands around; `around` is the one that isomorph works with."""

    around: PsycopgConnection


def _failure(error: Exception, code: str = "", *, connecting: bool = False) -> Failure:
    if not isinstance(error, psycopg.Error):
        return Failure(error, code, str(error), connecting=connecting)
    said = error.diag
    return Failure(
        error,
        code or error.sqlstate or "",
        f"{said.message_primary or error}\n{said.message_detail or ''}",
        table=said.table_name,
        column=said.column_name,
        constraint=said.constraint_name,
        connecting=connecting,
    )


def _unbindable(error: Exception, parameters: Sequence[object]) -> InvalidValue | None:
    """The error for a value that psycopg itself refused; None when it was not about a value."""
    if isinstance(error, psycopg.ProgrammingError) and (match := _CANNOT_ADAPT.search(str(error))):
        return InvalidValue("a bound value", "a type that psycopg takes", match[1])
    if isinstance(error, UnicodeEncodeError | psycopg.DataError) and not getattr(error, "sqlstate", None):
        return unbindable("psycopg", (object,), parameters)
    return None


class PsycopgConnection:
    """A connection to a PostgreSQL server."""

    __slots__ = ("__weakref__", "_cursor", "_execute", "_has_input", "_transactions", "raw")

    dialect: Dialect = POSTGRESQL
    capabilities = POSTGRESQL.capabilities

    def __init__(self, raw: RawConnection) -> None:
        self.raw = raw
        self._has_input = watcher(raw.fileno())
        self._transactions = 0  # how many have begun: a stream belongs to one
        self._take_cursor()

    def _take_cursor(self) -> None:
        # One cursor for all statements: making one costs more than all else that happens here per statement.
        self._cursor = self.raw.cursor()
        # psycopg's own signature wants texts that a type checker can see to be literals.
        self._execute = cast(Execute, self._cursor.execute)

    @property
    def closed(self) -> bool:
        return self.raw.closed

    @property
    def in_transaction(self) -> bool:
        return not self.raw.closed and self.raw.pgconn.transaction_status != _IDLE

    def fetch(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        binary = _binary(sql)
        try:
            cursor = self._execute(sql, parameters, binary=binary)
            rows = cursor.fetchall()
        except _ERRORS as error:
            failed = error
        else:
            if binary is None:
                FORMATS.learn(sql, cursor.pgresult)
            if len(rows) > _ROWS_KEPT:
                self._take_cursor()
            return rows
        again = self._recovered(failed, sql, parameters)
        return [] if again is None else again.fetchall()

    def fetch_one(self, sql: str, parameters: Parameters = ()) -> Row | None:
        binary = _binary(sql)
        try:
            cursor = self._execute(sql, parameters, binary=binary)
            row = cursor.fetchone()
        except _ERRORS as error:
            failed = error
        else:
            if binary is None:
                FORMATS.learn(sql, cursor.pgresult)
            if cursor.rowcount > _ROWS_KEPT:
                self._take_cursor()
            return row
        again = self._recovered(failed, sql, parameters)
        return None if again is None else again.fetchone()

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        try:
            return self._execute(sql, parameters).rowcount
        except _ERRORS as error:
            failed = error
        again = self._recovered(failed, sql, parameters)
        return -1 if again is None else again.rowcount

    def _recovered(self, error: Exception, sql: str, parameters: Parameters) -> psycopg.Cursor[Row] | None:
        """The cursor of a second run where that is safe; None when there was no error but a statement without rows.

        Raises:
            DatabaseError: otherwise; InvalidValue likewise.
        """
        if isinstance(error, psycopg.ProgrammingError) and error.sqlstate is None:
            result = self._cursor.pgresult
            if result is not None and result.status == _COMMAND_OK:
                return None
        again = isinstance(error, OtherTypeError)
        if again:
            FORMATS[sql] = False
        elif _is_plan_changed(error) and not self.in_transaction:
            # A table was altered under a prepared statement, which fails before it has done anything. From now on this
            # connection prepares none; it leaves the pool at the end of its life time.
            self.raw.prepare_threshold = None
            FORMATS.pop(sql, None)
            again = True
        if again:
            try:
                return self._execute(sql, parameters)
            except _ERRORS as second:
                error = second
        raise self._translated(error, parameters)

    def _translated(self, error: Exception, parameters: Sequence[object] = ()) -> DatabaseError | InvalidValue:
        wrong = _unbindable(error, parameters)
        if wrong is not None:
            return wrong
        # Of a connection that broke under a statement psycopg says so in words only.
        lost = self.raw.closed and getattr(error, "sqlstate", None) is None
        told = translated(POSTGRESQL, _failure(error, _LOST if lost else ""))
        if isinstance(told, ConnectionLost):
            self.close()
        return told

    def insert(self, sql: str, parameters: Parameters = ()) -> int:  # noqa: ARG002 - what the protocol asks for
        raise InvalidQuery("PostgreSQL knows no last inserted key", "add RETURNING to the INSERT and fetch it")

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
        cursor = self.raw.cursor()
        try:
            if sql.startswith("COPY "):
                types = self._types_copied(sql)
                with cast(_CopyIn, cursor.copy)(f"{sql} (FORMAT BINARY)" if types else sql, ()) as copy:
                    if types:
                        copy.set_types(types)
                    for row in rows:
                        copy.write_row(row)
            else:
                cast("Callable[[str, Sequence[Parameters]], None]", cursor.executemany)(sql, rows)
        except _ERRORS as error:
            failed = error
        else:
            return cursor.rowcount
        raise self._translated(failed, rows)

    def _types_copied(self, sql: str) -> list[int] | None:
        """The types of values that a COPY sends in binary format; None where it sends text."""
        if not isinstance(sql, Copy):
            return None
        # The SELECT locks the table, whose columns keep these types until the transaction ends.
        result = self._run(sql.asking).pgresult
        return None if result is None else types_copied(sql.types, list(map(result.ftype, range(result.nfields))))

    def stream(self, sql: str, parameters: Parameters, size: int) -> Generator[list[Row]]:
        if self.in_transaction:
            return self._stream_within(sql, parameters, size)
        return self._stream_alone(sql, parameters, size)

    def _stream_alone(self, sql: str, parameters: Parameters, size: int) -> Generator[list[Row]]:
        """Rows as the server sends them: outside a transaction nobody else asks this connection meanwhile."""
        cursor, binary = self.raw.cursor(), _binary(sql)
        rows = cast(_Stream, cursor.stream)(sql, parameters, size=size if _IN_CHUNKS else 1, binary=binary)
        is_known = False
        try:
            while True:
                batch: list[Row] = []
                failed: Exception | None = None
                try:
                    batch = list(islice(rows, size))
                except _ERRORS as error:
                    failed = error
                if not is_known and (result := cursor.pgresult) is not None:
                    is_known = True
                    if binary and not may_be_binary(result):
                        break
                    FORMATS.learn(sql, result)
                if failed is not None:
                    raise self._translated(failed, parameters)
                if not batch:
                    return
                yield batch
        finally:
            with suppress(*_ERRORS):  # who ends a stream early is not told of a connection that was lost meanwhile
                rows.close()
        # The table was altered since its format was learned. Nobody has seen a row yet.
        FORMATS[sql] = False
        yield from self._stream_alone(sql, parameters, size)

    def _stream_within(self, sql: str, parameters: Parameters, size: int) -> Generator[list[Row]]:
        """Rows of a cursor of the server, beside which the transaction's other statements run."""
        began_in, name = self._transactions, f"isomorph_{next(_CURSORS)}"
        try:
            self._run(f"DECLARE {name} NO SCROLL CURSOR FOR {sql}", parameters)
            binary = False  # what comes is known with the first rows
            while True:
                self._check_stream(began_in)
                cursor = self._run(f"FETCH FORWARD {size:d} FROM {name}", binary=binary)
                rows = cursor.fetchall()
                if not rows:
                    break
                binary = may_be_binary(cast("pq.abc.PGresult", cursor.pgresult))
                yield rows
        finally:
            # In another transaction its CLOSE would fail, and make that one fail. In a failed one so would any. Who ends
            # a stream early is not told of a connection that was lost meanwhile; the next statement is.
            is_here = began_in == self._transactions and self.in_transaction
            if is_here and self.raw.pgconn.transaction_status != _IN_ERROR:
                with suppress(DatabaseError):
                    self._run(f"CLOSE {name}")

    def _check_stream(self, began_in: int) -> None:
        if began_in != self._transactions or not self.in_transaction:
            raise InvalidQuery(
                "the transaction that this stream began in has ended", "read a stream to its end inside its transaction"
            )

    def _run(self, sql: str, parameters: Parameters | None = (), *, binary: bool = False) -> psycopg.Cursor[Row]:
        """Run a statement that is not worth preparing; without parameters (None), psycopg takes the text as it is."""
        try:
            return self._execute(sql, parameters, prepare=False, binary=binary)
        except _ERRORS as error:
            failed = error
        raise self._translated(failed, parameters or ())

    def begin(self) -> None:
        self._transactions += 1
        self._run("BEGIN", None)

    def commit(self) -> None:
        if self.raw.pgconn.transaction_status == _IN_ERROR:
            # The server would answer COMMIT with a rollback, and call it a success.
            self.rollback()
            raise TransactionAborted("25P02")
        self._end(self.raw.commit)

    def rollback(self) -> None:
        self._end(self.raw.rollback)

    def _end(self, end: Callable[[], None]) -> None:
        self._transactions += 1
        try:
            end()
        except _ERRORS as error:
            failed = error
        else:
            return
        raise self._translated(failed)

    def ping(self) -> bool:
        try:
            self._run("SELECT 1")
        except DatabaseError:
            return False
        return True

    def stale(self) -> bool:
        return self.raw.closed or self._has_input()

    def close(self) -> None:
        self.raw.close()


_CURSORS = count(1)


def _is_plan_changed(error: Exception) -> bool:
    # By the function that raised it: the message is in the server's language.
    return isinstance(error, psycopg.errors.FeatureNotSupported) and (
        error.diag.source_function == "RevalidateCachedQuery"
    )


class PsycopgDriver:
    """Opens connections to PostgreSQL servers.

    Options: those of libpq (`sslmode`, `sslrootcert`, `connect_timeout`, `application_name`, ...), `search_path`,
    the durations `statement_timeout`, `lock_timeout` and `idle_in_transaction_session_timeout`, and `prepare` (`auto`;
    `off` behind a pooler that shares server connections between transactions).
    """

    dialect: Dialect = POSTGRESQL

    def connect(self, target: Target) -> PsycopgConnection:
        options = Options(target)
        prepares = options.choice("prepare", ("auto", "off")) != "off"
        connect_timeout_s = options.seconds("connect_timeout") or _CONNECT_TIMEOUT_S
        session = {name: options.seconds(name) for name in _TIMEOUTS}
        search_path = options.text("search_path")
        arguments: dict[str, Any] = {"application_name": "isomorph", **options.rest(_libpq_options())}
        options.finish()

        parts = {
            "host": target.host,
            "port": target.port,
            "user": target.user,
            "password": target.password,
            "dbname": target.database or None,
        }
        arguments.update({name: value for name, value in parts.items() if value is not None})
        try:
            raw = RawConnection.connect(
                autocommit=True,
                prepare_threshold=_PREPARE_THRESHOLD if prepares else None,
                context=adapters(),
                connect_timeout=ceil(connect_timeout_s),
                client_encoding="UTF8",
                **arguments,
            )
        except (psycopg.Error, UnicodeEncodeError, ValueError) as error:
            failure = _failure(error, connecting=True)
        else:
            raw.prepared_max = _PREPARED_MAX
            settings = {name: f"{round(value * 1000)}ms" for name, value in session.items() if value is not None}
            if search_path is not None:
                settings["search_path"] = search_path
            return _prepared(raw, settings)
        if isinstance(failure.error, psycopg.ProgrammingError):  # libpq's own reading of the options
            raise InvalidUrl("libpq refuses one of its options", "see the list of libpq's connection parameters")
        raise translated(POSTGRESQL, failure)


@cache
def _libpq_options() -> tuple[str, ...]:
    return tuple(option.keyword.decode() for option in pq.Conninfo.get_defaults())


def _prepared(raw: RawConnection, settings: dict[str, str]) -> PsycopgConnection:
    """The connection with its session set up; closed again when that fails."""
    # Most servers' sessions are in UTC already; only what differs costs a round trip.
    if raw.pgconn.parameter_status(b"TimeZone") != b"UTC":
        settings["TimeZone"] = "UTC"
    if raw.pgconn.parameter_status(b"IntervalStyle") != b"postgres":
        settings["IntervalStyle"] = "postgres"  # psycopg reads no other
    connection = PsycopgConnection(raw)
    raw.around = connection
    if not settings:
        return connection
    calls = ", ".join("set_config(%s, %s, false)" for _ in settings)
    try:
        connection.execute(f"SELECT {calls}", [text for setting in settings.items() for text in setting])
    except DatabaseError as error:
        failed = error.driver_error
    else:
        return connection
    connection.close()
    raise translated(POSTGRESQL, _failure(cast(Exception, failed), connecting=True))


DRIVER = PsycopgDriver()
