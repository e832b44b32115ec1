"""MySQL and MariaDB through PyMySQL, a client library written in Python, which installs everywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, cast

from isomorph.dialects.base import Dialect
from isomorph.dialects.mysql import MYSQL
from isomorph.drivers.base import Parameters, Row, Target
from isomorph.drivers.failures import translated
from isomorph.drivers.mysql_connection import MySQLConnection, Source, failure_of
from isomorph.drivers.mysql_sessions import CONNECT_TIMEOUT_S, session_settings
from isomorph.drivers.mysql_values import LITERALS, literal, loaded_date, loaded_datetime
from isomorph.drivers.options import Options
from isomorph.drivers.processes import watcher
from isomorph.errors import MissingDriver

try:
    import pymysql
    from pymysql.connections import Connection as RawConnection
    from pymysql.constants import CLIENT, FIELD_TYPE, SERVER_STATUS
    from pymysql.converters import conversions
    from pymysql.cursors import Cursor, SSCursor
except ImportError as error:
    raise MissingDriver("PyMySQL", "mysql") from error

__all__ = ["DRIVER", "PyMySQLConnection", "PyMySQLDriver"]

_CONVERSIONS: dict[int | type, Callable[..., Any]] = {
    **conversions,
    **dict[int | type, Callable[..., Any]](LITERALS.items()),
    str: literal,  # for PyMySQL the one of all types that are not in the table; texts it writes itself
    FIELD_TYPE.DATE: loaded_date,
    FIELD_TYPE.DATETIME: loaded_datetime,
    FIELD_TYPE.TIMESTAMP: loaded_datetime,
}


class PyMySQLConnection(MySQLConnection):
    """A connection to a MySQL or MariaDB server."""

    __slots__ = ("_has_input", "_raw")

    library = "PyMySQL"
    client_error = pymysql.MySQLError
    raised = (pymysql.MySQLError, TypeError, ValueError)  # UnicodeEncodeError is a ValueError

    def __init__(self, raw: RawConnection[Cursor], version: str) -> None:
        super().__init__(version)
        self._raw = raw
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
        except self.raised as error:
            failed = error
        except BaseException:
            self._force_close()  # what is left of the answer would be taken for that of the next statement
            raise
        else:
            return cursor
        raise self.translated(failed, parameters)

    def _execute_all(self, sql: str, rows: Sequence[Parameters]) -> int:
        return self._raw.cursor().executemany(sql, [tuple(row) for row in rows]) or 0

    def _source(self, sql: str, parameters: Parameters) -> Source:
        return _Unbuffered(cast(SSCursor, self._run(sql, parameters, SSCursor)))

    def _begin(self) -> None:
        self._raw.begin()

    def _commit(self) -> None:
        self._raw.commit()

    def _rollback(self) -> None:
        self._raw.rollback()

    def _ping(self) -> None:
        self._raw.ping()

    def _ask_state(self) -> None:
        self._raw.ping()  # the answer says it

    def stale(self) -> bool:
        return not self._raw.open or self._has_input()

    def close(self) -> None:
        if self._raw.open:
            self._raw.close()


def _always() -> bool:
    return True


class _Unbuffered:
    """The rows of a cursor that reads them from the socket one by one."""

    def __init__(self, cursor: SSCursor) -> None:
        self._cursor = cursor

    def read(self, size: int | None) -> list[Row]:
        rows = self._cursor.fetchall_unbuffered()
        return list(rows if size is None else islice(rows, size))

    def finish(self) -> None:
        self._cursor.close()

    def drop(self) -> None:
        result = getattr(self._cursor, "_result", None)
        if result is not None:
            result.unbuffered_active = False  # or else its finalizer reads on from a closed socket


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
        settings = session_settings(options)
        arguments: dict[str, Any] = {
            "connect_timeout": options.seconds("connect_timeout") or CONNECT_TIMEOUT_S,
            "read_timeout": options.seconds("read_timeout"),
            "write_timeout": options.seconds("write_timeout"),
            "unix_socket": options.text("unix_socket"),
            "program_name": options.text("application_name") or "isomorph",
            **{name: value for name in _SSL_TEXTS if (value := options.text(name)) is not None},
            **{name: True for name in _SSL_FLAGS if options.flag(name, default=False)},
        }
        options.finish()
        try:
            raw: RawConnection[Cursor] = pymysql.connect(
                host=target.host,
                port=target.port or 0,
                user=target.user,
                password=target.password or "",
                database=target.database or None,
                charset="utf8mb4",
                autocommit=None,  # the session's set-up says it
                # An UPDATE to equal values counts the rows that it found, as on every other database.
                client_flag=CLIENT.FOUND_ROWS,
                local_infile=False,
                conv=_CONVERSIONS,
                **arguments,
            )
        except (pymysql.MySQLError, OSError, ValueError, RuntimeError) as error:
            failure = failure_of(error, pymysql.MySQLError, connecting=True)
        else:
            version = str(getattr(raw, "server_version", ""))
            connection = PyMySQLConnection(raw, version)
            connection.set_up(settings, version)
            return connection
        raise translated(MYSQL, failure)


DRIVER = PyMySQLDriver()
