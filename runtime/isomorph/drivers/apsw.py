"""SQLite through apsw, which brings a SQLite of its own and wraps it with less in between than sqlite3."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, Protocol, cast

from isomorph.dialects.base import Dialect, Failure
from isomorph.dialects.sqlite import SQLITE
from isomorph.drivers.base import Parameters, Row, Target
from isomorph.drivers.decimals import DecimalAverage, DecimalSum, IntegerAverage, compare_decimals
from isomorph.drivers.failures import translated, unbindable
from isomorph.drivers.functions import FUNCTIONS
from isomorph.drivers.gathering import GatheredItems, GatheredTexts
from isomorph.drivers.processes import abandon
from isomorph.drivers.sqlite_connection import SqliteConnectionBase
from isomorph.drivers.sqlite_files import OpenFile
from isomorph.drivers.sqlite_sessions import SessionSettings, check_version, session_settings
from isomorph.drivers.troubles import told
from isomorph.errors import DatabaseError, InvalidValue, MissingDriver

try:
    import apsw
except ImportError as error:
    raise MissingDriver("apsw", "apsw") from error

__all__ = ["DRIVER", "ApswConnection", "ApswDriver"]

# What a function of ours raises comes through as it is; and a value that cannot be bound is no error of apsw's.
_ERRORS = (apsw.Error, ArithmeticError, ValueError, TypeError, LookupError, re.error, RuntimeError, MemoryError)
_UNBOUND = (UnicodeEncodeError, OverflowError, TypeError)
_TAKEN = (int, float, str, bytes, bytearray, memoryview)

_CLOSED = (apsw.ConnectionClosedError, apsw.CursorClosedError)
_CODES = {**apsw.mapping_result_codes, **apsw.mapping_extended_result_codes}
_COUNTED = ("INSERT", "UPDATE", "DELETE", "REPLACE")
# What may stand behind a statement: nothing that would be run.
_NOTHING = re.compile(r"(?:[\s;]|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*", re.DOTALL)


class _Cursor(Protocol):
    """A cursor of apsw, whose own types want a newer Python."""

    exec_trace: Callable[[Any, str, Any], bool] | None

    def execute(self, statements: str, bindings: Parameters, /) -> _Cursor: ...

    def fetchall(self) -> list[Row]: ...

    def fetchone(self) -> Row | None: ...

    def __iter__(self) -> Iterator[Row]: ...

    def close(self, force: bool, /) -> None: ...


class _RawConnection(Protocol):
    """A connection of apsw."""

    @property
    def in_transaction(self) -> bool: ...

    def execute(self, statements: str, bindings: Parameters = (), /) -> _Cursor: ...

    def cursor(self) -> _Cursor: ...

    def changes(self) -> int: ...

    def last_insert_rowid(self) -> int: ...

    def set_busy_timeout(self, milliseconds: int, /) -> None: ...

    def config(self, op: int, /, *args: int) -> int: ...

    def create_collation(self, name: str, callback: Callable[[str, str], int], /) -> None: ...

    def create_scalar_function(
        self, name: str, function: Callable[..., Any], numargs: int, /, *, deterministic: bool
    ) -> None: ...

    def create_window_function(self, name: str, factory: Callable[[], Any], numargs: int, /) -> None: ...

    def create_aggregate_function(self, name: str, factory: Callable[[], Any], numargs: int, /) -> None: ...

    def close(self, force: bool, /) -> None: ...


_connect = cast("Callable[..., _RawConnection]", apsw.Connection)


def _code(error: Exception) -> str:
    code = _CODES.get(getattr(error, "extendedresult", -1))
    return code if isinstance(code, str) else ""


def _failure(error: Exception, connecting: bool = False) -> Failure:
    if isinstance(error, _CLOSED):
        return Failure(error, message="Cannot operate on a closed database.")
    code = _code(error) if isinstance(error, apsw.Error) else told() or "SQLITE_ERROR"
    return Failure(error, code, str(error), connecting=connecting)


def _translated(error: Exception, parameters: Sequence[object] = ()) -> DatabaseError | InvalidValue:
    failure = _failure(error)
    if isinstance(error, _UNBOUND) and failure.code == "SQLITE_ERROR":
        wrong = unbindable("apsw", _TAKEN, parameters)
        if wrong is not None:
            return wrong
    return translated(SQLITE, failure)


class ApswConnection(SqliteConnectionBase):
    """A connection to a SQLite file, or to a database in memory."""

    __slots__ = ("_process", "_raw", "_run")

    def __init__(self, raw: _RawConnection, file: OpenFile, *, read_only: bool) -> None:
        super().__init__(file, read_only=read_only)
        self._raw = raw
        self._process = os.getpid()
        self._take_cursor()

    def _take_cursor(self) -> None:
        # One cursor for all statements but streams: each of them has read its rows when the next one comes.
        self._run = self._raw.cursor().execute

    def __del__(self) -> None:
        # A thread that ends drops its connection.
        if self._process == os.getpid():
            self.close()
        else:
            abandon(self._raw)

    @property
    def in_transaction(self) -> bool:
        return not self.closed and self._raw.in_transaction

    def _execute(self, sql: str, parameters: Parameters) -> _Cursor:
        if ";" not in sql:
            return self._run(sql, parameters)
        # apsw would run all the statements of a text.
        cursor = self._raw.cursor()

        def check(_: object, first: str, __: object) -> bool:
            cursor.exec_trace = None
            if _NOTHING.fullmatch(sql, len(first)) is None:
                raise apsw.SQLError("several statements in one text")
            return True

        cursor.exec_trace = check
        return cursor.execute(sql, parameters)

    def fetch(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        try:
            return self._execute(sql, parameters).fetchall()
        except _ERRORS as error:
            failed = error
        raise _translated(failed, parameters)

    def fetch_one(self, sql: str, parameters: Parameters = ()) -> Row | None:
        try:
            cursor = self._execute(sql, parameters)
            row = cursor.fetchone()
            if row is not None and cursor.fetchone() is not None:
                self._take_cursor()  # or else the statement, and its lock, would last to the next one
        except _ERRORS as error:
            failed = error
        else:
            return row
        raise _translated(failed, parameters)

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        try:
            self._execute(sql, parameters).fetchall()
            return self._raw.changes() if sql.lstrip()[:7].upper().startswith(_COUNTED) else -1
        except _ERRORS as error:
            failed = error
        raise _translated(failed, parameters)

    def insert(self, sql: str, parameters: Parameters = ()) -> int:
        try:
            self._execute(sql, parameters).fetchall()
            # An INSERT OR IGNORE that inserted nothing leaves the key of the one before it.
            return self._raw.last_insert_rowid() if self._raw.changes() else 0
        except _ERRORS as error:
            failed = error
        raise _translated(failed, parameters)

    def _execute_all(self, sql: str, rows: Sequence[Parameters]) -> int:
        # apsw's own executemany does not say how many rows it touched.
        return sum(self.execute(sql, row) for row in rows)

    def stream(self, sql: str, parameters: Parameters, size: int) -> Generator[list[Row]]:
        try:
            cursor = self._execute(sql, parameters)
        except _ERRORS as error:
            failed = error
        else:
            self._take_cursor()
            return _batches(cursor, size)
        raise _translated(failed, parameters)

    def close(self) -> None:
        self.closed = True
        self._raw.close(True)
        self._file.closed()


def _batches(cursor: _Cursor, size: int) -> Generator[list[Row]]:
    try:
        while rows := _batch(cursor, size):
            yield rows
    finally:
        with suppress(apsw.Error):  # the connection was closed meanwhile, or the error has been told
            cursor.close(True)


def _batch(cursor: _Cursor, size: int) -> list[Row]:
    try:
        return list(islice(cursor, size))
    except _ERRORS as error:
        failed = error
    raise _translated(failed)


class ApswDriver:
    """Opens SQLite databases."""

    dialect: Dialect = SQLITE

    def connect(self, target: Target) -> ApswConnection:
        settings = session_settings(target)
        settings.check("apsw")
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
        try:
            raw = _connect(
                settings.name,
                flags=flags | (apsw.SQLITE_OPEN_URI if settings.is_uri else 0),
                statementcachesize=settings.cached_statements,
            )
        except (apsw.Error, ValueError) as error:
            failure = _failure(error, connecting=True)
        else:
            return _prepared(raw, settings)
        raise settings.unopened(failure)


def _prepared(raw: _RawConnection, settings: SessionSettings) -> ApswConnection:
    """The connection with its session set up; closed again when that fails."""

    def run(sql: str) -> Any:
        row = raw.execute(sql).fetchone()
        return row and row[0]

    try:
        raw.set_busy_timeout(round(settings.timeout_s * 1000))
        settings.set_up(run, _code)
        # A column that is missing must not pass for a text in double quotes (https://sqlite.org/quirks.html#dblquote).
        raw.config(apsw.SQLITE_DBCONFIG_DQS_DML, 0)
        raw.create_collation("isomorph_decimal", compare_decimals)
        for name, arguments, function in FUNCTIONS:
            raw.create_scalar_function(name, function, arguments, deterministic=True)
        for name, kind in (
            ("isomorph_sum", DecimalSum),
            ("isomorph_avg", DecimalAverage),
            ("isomorph_mean", IntegerAverage),
        ):
            raw.create_window_function(name, _window(kind), 1)
        for name, gathered in (("isomorph_texts", GatheredTexts), ("isomorph_items", GatheredItems)):
            raw.create_aggregate_function(name, _aggregate(gathered), -1)
        return ApswConnection(raw, OpenFile(settings.path, "apsw"), read_only=settings.mode == "ro")
    except BaseException as error:
        raw.close(True)
        if not isinstance(error, apsw.Error):
            raise
        failed = error
    raise translated(SQLITE, _failure(failed, connecting=True))


# apsw calls the last step `final`; told one by one, the steps may have the names that sqlite3 wants.


def _window(kind: type[Any]) -> Callable[[], Any]:
    return lambda: (kind(), kind.step, kind.finalize, kind.value, kind.inverse)


def _aggregate(kind: type[Any]) -> Callable[[], Any]:
    return lambda: (kind(), kind.step, kind.finalize)


def checked() -> ApswDriver:
    check_version(apsw.sqlitelibversion(), "install a newer apsw")
    return ApswDriver()


DRIVER = checked()
