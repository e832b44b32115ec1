"""MySQL and MariaDB through mysqlclient, which speaks C: a good deal faster, and to be compiled where it is installed.

Statements run on its module `_mysql`, past the cursors of its DB-API: these ask for a description, flags, warnings
and keys after each statement, whether anybody wants them or not.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from math import ceil
from typing import Any, Protocol, cast

from isomorph.dialects.base import Dialect
from isomorph.dialects.mysql import MYSQL
from isomorph.drivers.base import Parameters, Row, Target
from isomorph.drivers.failures import translated
from isomorph.drivers.mysql_connection import MySQLConnection, Source, failure_of
from isomorph.drivers.mysql_sessions import CONNECT_TIMEOUT_S, session_settings
from isomorph.drivers.mysql_values import LITERALS, Literals, loaded_date, loaded_datetime
from isomorph.drivers.options import Options
from isomorph.drivers.processes import abandon, watcher
from isomorph.errors import MissingDriver

try:
    from MySQLdb import _mysql
    from MySQLdb.constants import CLIENT, FIELD_TYPE, FLAG
    from MySQLdb.times import TimeDelta_or_None
except ImportError as error:
    raise MissingDriver("mysqlclient", "mysqlclient") from error

__all__ = ["DRIVER", "MysqlclientConnection", "MysqlclientDriver"]


class _Result(Protocol):
    """A result of `_mysql`: rows that have been read, or that the server is still sending."""

    has_next: bool

    def fetch_row(self, maxrows: int, /) -> tuple[Row, ...]:
        """The next rows; 0 for all."""
        ...


class _RawConnection(Protocol):
    """A connection of `_mysql`."""

    open: bool

    def query(self, text: bytes, /) -> None: ...

    def store_result(self) -> _Result | None: ...

    def use_result(self) -> _Result | None: ...

    def next_result(self) -> int: ...

    def discard_result(self) -> None: ...

    def affected_rows(self) -> int: ...

    def insert_id(self) -> int: ...

    def string_literal(self, text: str, /) -> bytes: ...

    def commit(self) -> None: ...

    def rollback(self) -> None: ...

    def ping(self) -> None: ...

    def fileno(self) -> int: ...

    def get_server_info(self) -> str: ...

    def close(self) -> None: ...


# Its type stubs know neither arguments nor results.
_connect = cast("Callable[..., _RawConnection]", _mysql.connection)

# Text or bytes, by the character set of the column.
_BYTES_OR_TEXT = ((FLAG.BINARY, bytes), (None, str))

_CONVERSIONS: Mapping[int, object] = {
    **dict.fromkeys(
        (FIELD_TYPE.TINY, FIELD_TYPE.SHORT, FIELD_TYPE.LONG, FIELD_TYPE.LONGLONG, FIELD_TYPE.INT24, FIELD_TYPE.YEAR),
        int,
    ),
    FIELD_TYPE.FLOAT: float,
    FIELD_TYPE.DOUBLE: float,
    FIELD_TYPE.DECIMAL: Decimal,
    FIELD_TYPE.NEWDECIMAL: Decimal,
    FIELD_TYPE.DATE: loaded_date,
    FIELD_TYPE.DATETIME: loaded_datetime,
    FIELD_TYPE.TIMESTAMP: loaded_datetime,
    FIELD_TYPE.TIME: TimeDelta_or_None,
    **dict.fromkeys(
        (
            FIELD_TYPE.STRING,
            FIELD_TYPE.VAR_STRING,
            FIELD_TYPE.VARCHAR,
            FIELD_TYPE.TINY_BLOB,
            FIELD_TYPE.MEDIUM_BLOB,
            FIELD_TYPE.LONG_BLOB,
            FIELD_TYPE.BLOB,
        ),
        _BYTES_OR_TEXT,
    ),
    FIELD_TYPE.JSON: str,  # MySQL says that it is binary
}

# Statements that neither begin nor end a transaction. The library does not tell what the server says of it behind
# each statement; so after all others it is asked for when somebody wants to know.
_KEEPS_STATE = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "REPLACE", "SAVEPOINT", "RELEASE", "SHOW", "EXPLAIN")
_NO_SUCH_SAVEPOINT = 1305

_INSERT = re.compile(r"(\s*(?:INSERT|REPLACE)\b.+?\bVALUES\s*)(\((?:%s|[\s,])+\))(.*)", re.IGNORECASE | re.DOTALL)
# Rows of one INSERT together; the smallest packet that servers take by default has 1 MB.
_MOST_BYTES = 500_000


def _keeps_state(sql: str) -> bool:
    return sql.startswith(_KEEPS_STATE) or sql.lstrip(" \t\r\n(").upper().startswith(_KEEPS_STATE)


class MysqlclientConnection(MySQLConnection):
    """A connection to a MySQL or MariaDB server."""

    __slots__ = ("_begun", "_has_input", "_is_sure", "_literals", "_raw")

    library = "mysqlclient"
    client_error = _mysql.MySQLError
    raised = (_mysql.MySQLError, TypeError, ValueError)  # UnicodeEncodeError is a ValueError

    def __init__(self, raw: _RawConnection, version: str) -> None:
        super().__init__(version)
        self._raw = raw
        self._has_input = watcher(raw.fileno())
        self._literals = Literals(LITERALS)
        self._literals[str] = _texts(raw.string_literal)
        self._begun = False
        self._is_sure = True

    def __del__(self) -> None:
        # Its own finalizer says goodbye to the server, which would end the session of the process that opened it.
        if self._process != os.getpid():
            abandon(self._raw)

    @property
    def closed(self) -> bool:
        return not self._raw.open

    @property
    def in_transaction(self) -> bool:
        if not self._is_sure and self._stream is None:
            self._look()
        return self._begun and self._raw.open

    def _look(self) -> None:
        """Learn whether a transaction is open: only there a savepoint lasts longer than the statement that sets it."""
        raw = self._raw
        try:
            raw.query(b"SAVEPOINT isomorph_look")
            raw.query(b"RELEASE SAVEPOINT isomorph_look")
        except _mysql.MySQLError as error:
            self._begun = error.args[0] != _NO_SUCH_SAVEPOINT
            if self._begun:  # the connection answers no more
                self._force_close()
        else:
            self._begun = True
        self._is_sure = True

    def fetch(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        return list(self._run(sql, parameters, 0))

    def fetch_one(self, sql: str, parameters: Parameters = ()) -> Row | None:
        rows = self._run(sql, parameters, 1)
        return rows[0] if rows else None

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        self._run(sql, parameters, 1)
        return self._raw.affected_rows()

    def insert(self, sql: str, parameters: Parameters = ()) -> int:
        self._run(sql, parameters, 1)
        return self._raw.insert_id()

    def _written(self, sql: str, parameters: Parameters) -> bytes:
        """The statement with its values in it."""
        literals = self._literals
        return (sql % tuple([literals[type(value)](value) for value in parameters])).encode()

    def _run(self, sql: str, parameters: Parameters, most: int) -> tuple[Row, ...]:
        """Run a statement and return its rows, no more than `most` of them; 0 for all."""
        if self._stream is not None:
            self._stream.settle()
        if not _keeps_state(sql):
            self._is_sure = False
        raw = self._raw
        try:
            raw.query(self._written(sql, parameters))
            result = raw.store_result()
            if result is None:
                return ()
            rows = result.fetch_row(most)
            if result.has_next:
                _discard(raw)
        except self.raised as error:
            failed = error
        except BaseException:
            self._force_close()  # what is left of the answer would be taken for that of the next statement
            raise
        else:
            return rows
        raise self.translated(failed, parameters)

    def _execute_all(self, sql: str, rows: Sequence[Parameters]) -> int:
        self._is_sure = self._is_sure and _keeps_state(sql)
        match = _INSERT.fullmatch(sql)
        if match is None or "%s" in match[1] or "%s" in match[3]:
            return sum(self._executed(self._written(sql, row)) for row in rows)
        head, values, tail = match.groups()
        written = [self._written(values, row) for row in rows]
        return sum(map(self._executed, _joined((head % ()).encode(), written, (tail % ()).encode())))

    def _executed(self, text: bytes) -> int:
        self._raw.query(text)
        result = self._raw.store_result()
        if result is not None and result.has_next:
            _discard(self._raw)
        return self._raw.affected_rows()

    def _source(self, sql: str, parameters: Parameters) -> Source:
        if not _keeps_state(sql):
            self._is_sure = False
        try:
            self._raw.query(self._written(sql, parameters))
            result = self._raw.use_result()
        except self.raised as error:
            failed = error
        except BaseException:
            self._force_close()
            raise
        else:
            return _Unbuffered(self._raw, result)
        raise self.translated(failed, parameters)

    def _begin(self) -> None:
        self._is_sure = False
        self._raw.query(b"BEGIN")
        self._begun = self._is_sure = True

    def _commit(self) -> None:
        self._is_sure = False
        self._raw.commit()
        self._begun, self._is_sure = False, True

    def _rollback(self) -> None:
        self._is_sure = False
        self._raw.rollback()
        self._begun, self._is_sure = False, True

    def _ping(self) -> None:
        self._raw.ping()

    def _ask_state(self) -> None:
        self._is_sure = False

    def stale(self) -> bool:
        return not self._raw.open or self._has_input()

    def close(self) -> None:
        if self._raw.open:
            with suppress(_mysql.MySQLError):
                self._raw.close()


def _texts(string_literal: Callable[[str], bytes]) -> Callable[..., str]:
    def text(value: str) -> str:
        # Nothing else in a text of UTF-8 has a meaning between quotes.
        if "\\" not in value:
            return "'" + value.replace("'", "''") + "'"
        return string_literal(value).decode()  # whether a backslash escapes is a setting of the session

    return text


def _joined(head: bytes, values: Iterable[bytes], tail: bytes) -> Iterable[bytes]:
    """Statements that insert many rows each."""
    batch: list[bytes] = []
    size = 0
    for row in values:
        if batch and size + len(row) > _MOST_BYTES:
            yield head + b",".join(batch) + tail
            batch, size = [], 0
        batch.append(row)
        size += len(row) + 1
    yield head + b",".join(batch) + tail


def _discard(raw: _RawConnection) -> None:
    """Read what follows the first result: that of a procedure, or how it ended."""
    while raw.next_result() == 0:
        raw.discard_result()


class _Unbuffered:
    """Rows that the server is still sending."""

    def __init__(self, raw: _RawConnection, result: _Result | None) -> None:
        self._raw, self._result = raw, result

    def read(self, size: int | None) -> list[Row]:
        if self._result is None:
            return []
        rows = list(self._result.fetch_row(size or 0))
        if (size is None or len(rows) < size) and self._result.has_next:
            _discard(self._raw)
        return rows

    def finish(self) -> None:
        self._result = None

    def drop(self) -> None:
        # Its finalizer reads on where the connection is still open.
        self._result = None


class MysqlclientDriver:
    """Opens connections to MySQL and MariaDB servers.

    Options: those of PyMySQL but `application_name` and `ssl_key_password`, which mysqlclient does not take.
    """

    dialect: Dialect = MYSQL

    def connect(self, target: Target) -> MysqlclientConnection:
        options = Options(target)
        settings = session_settings(options)
        arguments: dict[str, Any] = {
            "connect_timeout": ceil(options.seconds("connect_timeout") or CONNECT_TIMEOUT_S),
            "read_timeout": ceil(options.seconds("read_timeout") or 0),
            "write_timeout": ceil(options.seconds("write_timeout") or 0),
            "user": target.user,
            "database": target.database or None,
            "unix_socket": options.text("unix_socket"),
            **_encryption(options),
        }
        options.finish()
        if arguments["unix_socket"] is None:
            # The C library takes `localhost` for the socket in its own default place, whatever the port says.
            arguments["host"] = "127.0.0.1" if target.host in {None, "localhost"} else target.host
        try:
            raw = _connect(
                port=target.port or 3306,
                password=target.password or "",
                charset="utf8mb4",
                # An UPDATE to equal values counts the rows that it found, as on every other database.
                client_flag=CLIENT.FOUND_ROWS | CLIENT.MULTI_RESULTS,
                local_infile=0,
                conv=_CONVERSIONS,
                **{name: value for name, value in arguments.items() if value is not None},
            )
        except (_mysql.MySQLError, ValueError) as error:
            failure = failure_of(error, _mysql.MySQLError, connecting=True)
        else:
            version = raw.get_server_info()
            connection = MysqlclientConnection(raw, version)
            connection.set_up(settings, version)
            return connection
        raise translated(MYSQL, failure)


def _encryption(options: Options) -> dict[str, object]:
    """What the library is told about TLS: as much as PyMySQL would make of the same options."""
    files = {name: value for name in ("ca", "cert", "key") if (value := options.text(f"ssl_{name}")) is not None}
    verified = options.flag("ssl_verify_cert", default="ca" in files)
    identified = options.flag("ssl_verify_identity", default=False)
    if options.flag("ssl_disabled", default=False):
        return {"ssl_mode": "DISABLED"}
    if identified or verified:
        return {"ssl_mode": "VERIFY_IDENTITY" if identified else "VERIFY_CA", "ssl": files}
    return {"ssl_mode": "REQUIRED", "ssl": files} if files else {}


DRIVER = MysqlclientDriver()
