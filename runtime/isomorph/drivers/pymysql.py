"""MySQL and MariaDB through PyMySQL. Owns how a session is set up (strict, UTC, utf8mb4) and what values may travel."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from decimal import Decimal
from itertools import islice
from typing import Any, cast

from isomorph.dialects.base import Dialect, Failure
from isomorph.dialects.mysql import MYSQL
from isomorph.dialects.mysql.sql import Listed
from isomorph.drivers.base import Parameters, Row, Target
from isomorph.drivers.failures import translated, unbindable
from isomorph.drivers.options import Options
from isomorph.drivers.processes import watcher
from isomorph.errors import (
    ConnectionLost,
    DatabaseError,
    DiskFull,
    InvalidValue,
    LockTimeout,
    MissingDriver,
    SerializationFailure,
)

try:
    import pymysql
    from pymysql.connections import Connection as RawConnection
    from pymysql.constants import CLIENT, FIELD_TYPE, SERVER_STATUS
    from pymysql.converters import conversions, convert_date, convert_datetime, escape_datetime
    from pymysql.cursors import Cursor, SSCursor
except ImportError as error:
    raise MissingDriver("PyMySQL", "mysql") from error

__all__ = ["DRIVER", "PyMySQLConnection", "PyMySQLDriver"]

_CONNECT_TIMEOUT_S = 10.0
# MariaDB servers are often configured to store what does not fit cut to size, and to give 0 for what is no number.
# Without the last one the difference of two unsigned numbers may not be negative, not even in a comparison.
_SQL_MODE = (
    "STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,"
    "NO_UNSIGNED_SUBTRACTION"
)
# What GROUP_CONCAT gives is cut at this length, with no more than a warning; the largest that MariaDB takes, in bytes.
_LONGEST_GATHERED = 2**32 - 1
# Text that belongs to no column is compared as columns are (see the DDL of the dialect): as a part of SET, with its comma.
_COLLATION = "/*M! collation_connection = utf8mb4_nopad_bin, */ /*!80017 collation_connection = utf8mb4_0900_bin, */ "
# After a stream was closed early the server sends the rest all the same. Up to so many rows are read to keep the
# connection; of a longer rest it is cheaper to connect anew.
_ROWS_READ_OUT = 1_000

_ERRORS = (pymysql.MySQLError, TypeError, ValueError)  # UnicodeEncodeError is a ValueError
_LOST = "2013"
_TAKEN = (int, float, str, bytes, bytearray, memoryview, Decimal, dt.date, dt.time, dt.timedelta)
_MARIADB = re.compile(r"(?:5\.5\.5-)?(\d+)\.(\d+)[.\d]*-MariaDB", re.IGNORECASE)
_MARIADB_RETURNING = (10, 5)


# --- values --------------------------------------------------------------------------------------------------------------


def _escaped_datetime(value: dt.datetime, mapping: object = None) -> str:  # noqa: ARG001 - PyMySQL passes it
    # PyMySQL drops the zone; the session is in UTC.
    return escape_datetime(value if value.tzinfo is None else value.astimezone(dt.UTC))


def _escaped_bytes(value: memoryview, mapping: object = None) -> str:  # noqa: ARG001 - PyMySQL passes it
    return f"_binary X'{value.hex()}'"


def _escaped_other(value: object, mapping: dict[type, Callable[..., str]]) -> str:
    """PyMySQL's last resort is the value's `str`, whatever it is; only subclasses of what it knows are let through."""
    for known in (int, float, Decimal, dt.datetime, dt.date, dt.time, dt.timedelta):
        if isinstance(value, known):
            return mapping[known](value, mapping)
    raise TypeError(type(value).__name__)


def _escaped_list(values: Listed, mapping: dict[type, Callable[..., str]]) -> str:
    return f"({','.join([_ITEMS[type(value)](value, mapping) for value in values])})"


def _escaped_item(value: object, mapping: dict[type, Callable[..., str]]) -> str:
    if isinstance(value, str):
        return _escaped_text(str(value))
    if isinstance(value, bytes | bytearray):
        return f"_binary X'{value.hex()}'"
    escaped: Callable[..., str] = mapping.get(type(value), _escaped_other)
    return escaped(value, mapping)


def _escaped_text(text: str, mapping: object = None) -> str:  # noqa: ARG001 - as above
    # Whether a backslash escapes is a setting of the session, which the values of a list cannot see.
    if "\\" in text:
        return f"_utf8mb4 X'{text.encode().hex()}'"
    return "'" + text.replace("'", "''") + "'"


class _Items(dict[type, Callable[..., str]]):
    """How the values of a list are written, by their type."""

    def __missing__(self, kind: type) -> Callable[..., str]:
        return _escaped_item


_ITEMS = _Items({str: _escaped_text, Listed: _escaped_list})


def _loaded_date(text: str) -> dt.date | None:
    """A date; None for MySQL's zero dates, as its own connectors give them. PyMySQL would give a str."""
    value = convert_date(text)
    return value if isinstance(value, dt.date) else None


def _loaded_datetime(text: str) -> dt.datetime | None:
    value = convert_datetime(text)
    return value if isinstance(value, dt.datetime) else None


_CONVERSIONS: dict[int | type, Callable[..., Any]] = {
    **conversions,
    str: _escaped_other,
    Listed: _escaped_list,
    memoryview: _escaped_bytes,
    dt.datetime: _escaped_datetime,
    FIELD_TYPE.DATE: _loaded_date,
    FIELD_TYPE.DATETIME: _loaded_datetime,
    FIELD_TYPE.TIMESTAMP: _loaded_datetime,
}


# --- the connection --------------------------------------------------------------------------------------------------------


def _failure(error: Exception, *, lost: bool = False, connecting: bool = False) -> Failure:
    number = error.args[0] if error.args and isinstance(error, pymysql.MySQLError) else None
    code = str(number) if isinstance(number, int) and number else ""
    message = str(error.args[1]) if len(error.args) > 1 else str(error)
    return Failure(error, code or (_LOST if lost else ""), message, connecting=connecting)


class PyMySQLConnection:
    """A connection to a MySQL or MariaDB server."""

    __slots__ = ("__weakref__", "_has_input", "_raw", "_stream", "capabilities")

    dialect: Dialect = MYSQL

    def __init__(self, raw: RawConnection[Cursor], capabilities: frozenset[str]) -> None:
        self._raw = raw
        self.capabilities = capabilities
        self._stream: _Stream | None = None
        socket = getattr(raw, "_sock", None)  # PyMySQL has no public name for it
        self._has_input: Callable[[], bool] = watcher(socket.fileno()) if socket is not None else _always

    @property
    def closed(self) -> bool:
        return not self._raw.open

    @property
    def in_transaction(self) -> bool:
        status: int = getattr(self._raw, "server_status", 0)
        return self._raw.open and bool(status & SERVER_STATUS.SERVER_STATUS_IN_TRANS)

    def fetch(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        return list(self._run(sql, parameters).fetchall())

    def fetch_one(self, sql: str, parameters: Parameters = ()) -> Row | None:
        return self._run(sql, parameters).fetchone()

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        return self._run(sql, parameters).rowcount

    def insert(self, sql: str, parameters: Parameters = ()) -> int:
        return self._run(sql, parameters).lastrowid

    def _run(self, sql: str, parameters: Parameters, kind: type[Cursor] = Cursor) -> Cursor:
        if self._stream is not None:
            self._stream.settle()
        try:
            cursor = self._raw.cursor(kind)
            cursor.execute(sql, tuple(parameters))
        except _ERRORS as error:
            failed = error
        except BaseException:
            self._force_close()  # what is left of the answer would be taken for that of the next statement
            raise
        else:
            return cursor
        raise self._translated(failed, parameters)

    def _translated(self, error: Exception, parameters: Sequence[object] = ()) -> DatabaseError | InvalidValue:
        failure = _failure(error, lost=not self._raw.open)
        if not failure.code and (wrong := unbindable("PyMySQL", _TAKEN, parameters)) is not None:
            return wrong
        told = translated(MYSQL, failure)
        if isinstance(told, ConnectionLost):
            self._force_close()
        elif isinstance(told, SerializationFailure | LockTimeout | DiskFull):
            # The server may have rolled back the whole transaction, which its error does not say: the next statement
            # would be committed on its own. The answer to a ping does.
            with suppress(*_ERRORS):
                self._raw.ping()
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
        if self._stream is not None:
            self._stream.settle()
        try:
            return self._raw.cursor().executemany(sql, [tuple(row) for row in rows]) or 0
        except _ERRORS as error:
            failed = error
        except BaseException:
            self._force_close()
            raise
        raise self._translated(failed, rows)

    def stream(self, sql: str, parameters: Parameters, size: int) -> Generator[list[Row]]:
        cursor = self._run(sql, parameters, SSCursor)
        stream = self._stream = _Stream(self, cast(SSCursor, cursor))
        try:
            while rows := stream.take(size):
                yield rows
        finally:
            stream.close()

    def finished(self, stream: _Stream) -> None:
        """Called by a stream that needs the connection no more."""
        if self._stream is stream:
            self._stream = None

    def translated(self, error: Exception) -> DatabaseError | InvalidValue:
        """Called by a stream."""
        return self._translated(error)

    def begin(self) -> None:
        self._command(self._raw.begin)

    def commit(self) -> None:
        self._command(self._raw.commit)

    def rollback(self) -> None:
        self._command(self._raw.rollback)

    def _command(self, command: Callable[[], None]) -> None:
        if self._stream is not None:
            self._stream.settle()
        try:
            command()
        except _ERRORS as error:
            failed = error
        except BaseException:
            self._force_close()
            raise
        else:
            return
        raise self._translated(failed)

    def ping(self) -> bool:
        try:
            self._command(self._raw.ping)
        except DatabaseError:
            return False
        return True

    def stale(self) -> bool:
        return not self._raw.open or self._has_input()

    def _force_close(self) -> None:
        if self._stream is not None:
            self._stream.forget()
        self.close()

    def close(self) -> None:
        if self._raw.open:
            self._raw.close()


def _always() -> bool:
    return True


class _Stream:
    """The rows of a statement that the server is still sending.

    Until they have been read the connection can do nothing else. So another statement first reads the rest of them
    into memory.
    """

    def __init__(self, connection: PyMySQLConnection, cursor: SSCursor) -> None:
        self._connection = connection
        self._cursor: SSCursor | None = cursor
        self._rest: list[Row] = []
        self._failed: DatabaseError | InvalidValue | None = None

    def take(self, size: int) -> list[Row]:
        if self._cursor is not None:
            rows = self._read(size)
            if len(rows) < size:
                self._finish()
            return rows
        if self._failed is not None:
            raise self._failed
        rows, self._rest = self._rest[:size], self._rest[size:]
        return rows

    def _read(self, size: int | None) -> list[Row]:
        assert self._cursor is not None
        rows = self._cursor.fetchall_unbuffered()
        try:
            return list(rows if size is None else islice(rows, size))
        except _ERRORS as error:
            failed = error
        except BaseException:
            self.forget()
            self._connection.close()
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
        if self._cursor is None:
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
                self.forget()
                self._connection.close()

    def _finish(self) -> None:
        if self._cursor is not None:
            self._cursor.close()
        self._cursor = None
        self._connection.finished(self)

    def forget(self) -> None:
        """Let go of the cursor without reading on, when the connection is or will be closed."""
        result = getattr(self._cursor, "_result", None)
        if result is not None:
            result.unbuffered_active = False  # or else its finalizer reads on from a closed socket
        self._cursor = None
        self._connection.finished(self)


# --- the driver --------------------------------------------------------------------------------------------------------------

_SSL_TEXTS = ("ssl_ca", "ssl_cert", "ssl_key", "ssl_key_password")
_SSL_FLAGS = ("ssl_disabled", "ssl_verify_cert", "ssl_verify_identity")


class PyMySQLDriver:
    """Opens connections to MySQL and MariaDB servers.

    Options: `unix_socket`, `collation`, `application_name`, `ssl_ca`, `ssl_cert`, `ssl_key`, `ssl_key_password`,
    `ssl_verify_cert`, `ssl_verify_identity`, `ssl_disabled`, and the durations `connect_timeout`, `read_timeout`,
    `write_timeout`, `statement_timeout` and `lock_timeout`.
    """

    dialect: Dialect = MYSQL

    def connect(self, target: Target) -> PyMySQLConnection:
        options = Options(target)
        options.choice("charset", ("utf8mb4",))  # there is no other, but URLs of other programs name it
        arguments: dict[str, Any] = {
            "connect_timeout": options.seconds("connect_timeout") or _CONNECT_TIMEOUT_S,
            "read_timeout": options.seconds("read_timeout"),
            "write_timeout": options.seconds("write_timeout"),
            "unix_socket": options.text("unix_socket"),
            "collation": options.text("collation"),
            "program_name": options.text("application_name") or "isomorph",
            **{name: value for name in _SSL_TEXTS if (value := options.text(name)) is not None},
            **{name: True for name in _SSL_FLAGS if options.flag(name, default=False)},
        }
        statement_timeout_s = options.seconds("statement_timeout")
        lock_timeout_s = options.seconds("lock_timeout")
        options.finish()

        session = [f"sql_mode = '{_SQL_MODE}'", "time_zone = '+00:00'", f"group_concat_max_len = {_LONGEST_GATHERED}"]
        if lock_timeout_s is not None:
            session.append(f"innodb_lock_wait_timeout = {max(1, round(lock_timeout_s))}")
        try:
            raw: RawConnection[Cursor] = pymysql.connect(
                host=target.host,
                port=target.port or 0,
                user=target.user,
                password=target.password or "",
                database=target.database or None,
                charset="utf8mb4",
                autocommit=True,
                # An UPDATE to equal values counts the rows that it found, as on every other database.
                client_flag=CLIENT.FOUND_ROWS,
                local_infile=False,
                conv=_CONVERSIONS,
                init_command=f"SET {'' if arguments['collation'] else _COLLATION}{', '.join(session)}",
                **arguments,
            )
        except (pymysql.MySQLError, OSError, ValueError, RuntimeError) as error:
            failure = _failure(error, connecting=True)
        else:
            return _prepared(raw, statement_timeout_s)
        raise translated(MYSQL, failure)


def _prepared(raw: RawConnection[Cursor], statement_timeout_s: float | None) -> PyMySQLConnection:
    mariadb = _MARIADB.search(str(getattr(raw, "server_version", "")))
    capabilities = MYSQL.capabilities
    if mariadb is not None:
        capabilities |= {"analyze_json"}
    if mariadb is not None and (int(mariadb[1]), int(mariadb[2])) >= _MARIADB_RETURNING:
        capabilities |= {"returning"}
    connection = PyMySQLConnection(raw, capabilities)
    if statement_timeout_s is not None:
        # MySQL counts milliseconds, and for SELECT only.
        limit = (
            f"max_statement_time = {statement_timeout_s:f}"
            if mariadb is not None
            else f"max_execution_time = {round(statement_timeout_s * 1000)}"
        )
        connection.execute(f"SET {limit}")
    return connection


DRIVER = PyMySQLDriver()
