"""SQLite through sqlite3, which Python brings."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from typing import Any, cast

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
from isomorph.errors import DatabaseError, InvalidValue

__all__ = ["DRIVER", "SqliteConnection", "SqliteDriver"]

# sqlite3.Warning is no sqlite3.Error; Python 3.11 raises it for two statements in one text.
_ERRORS = (sqlite3.Error, sqlite3.Warning, UnicodeEncodeError, OverflowError)
_TAKEN = (int, float, str, bytes, bytearray, memoryview)

_FUNCTION_FAILED = "user-defined function raised exception"

# Codes that Python 3.11 has no name for.
_UNNAMED = {3091: "SQLITE_CONSTRAINT_DATATYPE"}


def _code(error: Exception) -> str:
    code: str = getattr(error, "sqlite_errorname", "") or ""
    return _UNNAMED.get(getattr(error, "sqlite_errorcode", 0), "") if code == "unknown" else code


def _failure(error: Exception, connecting: bool = False) -> Failure:
    code = _code(error)
    if str(error) == _FUNCTION_FAILED:
        code = told() or code
    return Failure(error, code, str(error), connecting=connecting)


def _translated(error: Exception, parameters: Sequence[object] = ()) -> DatabaseError | InvalidValue:
    if not isinstance(error, sqlite3.DatabaseError | sqlite3.Warning) or isinstance(error, sqlite3.ProgrammingError):
        wrong = unbindable("sqlite3", _TAKEN, parameters)
        if wrong is not None:
            return wrong
    return translated(SQLITE, _failure(error))


class _Raw(sqlite3.Connection):
    """sqlite3's connection, closed when it is finalized; since Python 3.13 one that nobody closed warns."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._opened_by = os.getpid()

    def __del__(self) -> None:
        if getattr(self, "_opened_by", None) == os.getpid():
            self.close()
        else:
            abandon(self)

    # Called by the connection around it as well: this one refers to itself, so it waits for the garbage collector,
    # which in turn may finalize it before the one around it.
    drop = __del__


class SqliteConnection(SqliteConnectionBase):
    """A connection to a SQLite file, or to a database in memory."""

    __slots__ = ("_execute", "_raw")

    def __init__(self, raw: _Raw, file: OpenFile, *, read_only: bool) -> None:
        super().__init__(file, read_only=read_only)
        self._raw = raw
        self._take_cursor()

    def _take_cursor(self) -> None:
        # One cursor for all statements but streams: each of them has read its rows when the next one comes.
        self._execute = cast("Callable[[str, Parameters], sqlite3.Cursor]", self._raw.cursor().execute)

    def __del__(self) -> None:
        # A thread that ends drops its connection.
        self._raw.drop()
        self._file.closed()

    @property
    def in_transaction(self) -> bool:
        return not self.closed and self._raw.in_transaction

    def fetch(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        try:
            return self._execute(sql, parameters).fetchall()
        except _ERRORS as error:
            failed = error
        raise _translated(failed, parameters)

    def fetch_one(self, sql: str, parameters: Parameters = ()) -> Row | None:
        try:
            cursor = self._execute(sql, parameters)
            row = cast("Row | None", cursor.fetchone())
            if row is not None and cursor.fetchone() is not None:
                self._take_cursor()  # or else the statement, and its lock, would last to the next one
        except _ERRORS as error:
            failed = error
        else:
            return row
        raise _translated(failed, parameters)

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        try:
            cursor = self._execute(sql, parameters)
            if cursor.description is not None:  # there may be rows, which nobody wants
                self._take_cursor()
        except _ERRORS as error:
            failed = error
        else:
            return cursor.rowcount
        raise _translated(failed, parameters)

    def insert(self, sql: str, parameters: Parameters = ()) -> int:
        try:
            cursor = self._execute(sql, parameters)
        except _ERRORS as error:
            failed = error
        else:
            # An INSERT OR IGNORE that inserted nothing leaves the key of the one before it.
            return (cursor.lastrowid or 0) if cursor.rowcount else 0
        raise _translated(failed, parameters)

    def _execute_all(self, sql: str, rows: Sequence[Parameters]) -> int:
        try:
            return self._raw.executemany(sql, rows).rowcount
        except _ERRORS as error:
            failed = error
        raise _translated(failed, rows)

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
        self._raw.close()
        self._file.closed()


def _batches(cursor: sqlite3.Cursor, size: int) -> Generator[list[Row]]:
    try:
        while rows := _batch(cursor, size):
            yield rows
    finally:
        with suppress(sqlite3.ProgrammingError):  # the connection was closed meanwhile
            cursor.close()


def _batch(cursor: sqlite3.Cursor, size: int) -> list[Row]:
    try:
        return cursor.fetchmany(size)
    except _ERRORS as error:
        failed = error
    raise _translated(failed)


class SqliteDriver:
    """Opens SQLite databases."""

    dialect: Dialect = SQLITE

    def connect(self, target: Target) -> SqliteConnection:
        settings = session_settings(target)
        settings.check("sqlite3")
        try:
            raw = sqlite3.connect(
                settings.name,
                uri=settings.is_uri,
                timeout=settings.timeout_s,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=settings.cached_statements,
                factory=_Raw,
            )
        except (sqlite3.Error, ValueError, UnicodeEncodeError) as error:
            failure = _failure(error, connecting=True)
        else:
            return _prepared(raw, settings)
        raise settings.unopened(failure)


def _prepared(raw: _Raw, settings: SessionSettings) -> SqliteConnection:
    """The connection with its session set up; closed again when that fails."""

    def run(sql: str) -> Any:
        row = raw.execute(sql).fetchone()
        return row and row[0]

    try:
        settings.set_up(run, _code)
        if sys.version_info >= (3, 12):
            # A column that is missing must not pass for a text in double quotes (https://sqlite.org/quirks.html#dblquote).
            raw.setconfig(sqlite3.SQLITE_DBCONFIG_DQS_DML, False)
        raw.create_collation("isomorph_decimal", compare_decimals)
        for name, arguments, function in FUNCTIONS:
            raw.create_function(name, arguments, function, deterministic=True)
        raw.create_window_function("isomorph_sum", 1, DecimalSum)
        raw.create_window_function("isomorph_avg", 1, DecimalAverage)
        raw.create_window_function("isomorph_mean", 1, IntegerAverage)
        # The stubs of sqlite3 know aggregates of one argument only.
        raw.create_aggregate("isomorph_texts", -1, cast(Any, GatheredTexts))
        raw.create_aggregate("isomorph_items", -1, cast(Any, GatheredItems))
        return SqliteConnection(raw, OpenFile(settings.path, "sqlite3"), read_only=settings.mode == "ro")
    except BaseException as error:
        raw.close()
        if not isinstance(error, sqlite3.Error):
            raise
        failed = error
    raise translated(SQLITE, _failure(failed, connecting=True))


def checked() -> SqliteDriver:
    check_version(sqlite3.sqlite_version, "use a Python that is built with a newer one")
    return SqliteDriver()


DRIVER = checked()
