"""SQLite through sqlite3. Owns how a file is opened (WAL, foreign keys, busy timeout) and its functions for what it lacks."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from isomorph.dialects.base import Dialect, Failure
from isomorph.dialects.sqlite import SQLITE
from isomorph.dialects.sqlite.errors import missing
from isomorph.drivers.base import Parameters, Row, Target
from isomorph.drivers.decimals import DecimalAverage, DecimalSum, IntegerAverage, compare_decimals
from isomorph.drivers.failures import chained, translated, unbindable
from isomorph.drivers.functions import FUNCTIONS
from isomorph.drivers.gathering import GatheredItems, GatheredTexts
from isomorph.drivers.options import Options
from isomorph.drivers.processes import abandon
from isomorph.drivers.troubles import told
from isomorph.errors import DatabaseError, InvalidValue, ReadOnlyDatabase, UnsupportedVersion

__all__ = ["DRIVER", "MEMORY", "SqliteConnection", "SqliteDriver"]

MEMORY = ":memory:"

_OLDEST = (3, 40, 0)
_BUSY_TIMEOUT_S = 5.0
_CACHED_STATEMENTS = 512
_MODES = ("ro", "rw", "rwc")
_JOURNALS = ("wal", "delete", "truncate", "persist", "memory", "off")
_SYNCHRONOUS = ("off", "normal", "full", "extra")

# sqlite3.Warning is no sqlite3.Error; Python 3.11 raises it for two statements in one text.
_ERRORS = (sqlite3.Error, sqlite3.Warning, UnicodeEncodeError, OverflowError)
_TAKEN = (int, float, str, bytes, bytearray, memoryview)

_FUNCTION_FAILED = "user-defined function raised exception"

# Codes that Python 3.11 has no name for.
_UNNAMED = {3091: "SQLITE_CONSTRAINT_DATATYPE"}


def _failure(error: Exception, connecting: bool = False) -> Failure:
    code: str = getattr(error, "sqlite_errorname", "") or ""
    if code == "unknown":
        code = _UNNAMED.get(getattr(error, "sqlite_errorcode", 0), "")
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


class SqliteConnection:
    """A connection to a SQLite file, or to a database in memory."""

    __slots__ = ("__weakref__", "_begin", "_execute", "_raw", "closed")

    dialect: Dialect = SQLITE
    capabilities = SQLITE.capabilities

    def __init__(self, raw: _Raw, read_only: bool) -> None:
        self._raw = raw
        self._execute = cast("Callable[[str, Parameters], sqlite3.Cursor]", raw.execute)
        # A transaction that begins by reading and then writes fails at once with SQLITE_BUSY when another one wrote in
        # between: no waiting helps it. One that asks for the write lock at its start waits its turn.
        self._begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"
        self.closed = False

    def __del__(self) -> None:
        # A thread that ends drops its connection.
        self._raw.drop()

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
            return cast("Row | None", self._execute(sql, parameters).fetchone())
        except _ERRORS as error:
            failed = error
        raise _translated(failed, parameters)

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        try:
            return self._execute(sql, parameters).rowcount
        except _ERRORS as error:
            failed = error
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

    def execute_many(self, sql: str, rows: Sequence[Parameters]) -> int:
        if not rows:
            return 0
        if not self._raw.in_transaction:  # all rows or none, and one commit instead of one per row
            self.begin()
            try:
                touched = self.execute_many(sql, rows)
                self.commit()
            except BaseException:
                self.rollback()
                raise
            return touched
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
            return _batches(cursor, size)
        raise _translated(failed, parameters)

    def begin(self) -> None:
        try:
            self.execute(self._begin)
        except ReadOnlyDatabase:
            # The file's permissions say so, not the URL.
            self._begin = "BEGIN"
        else:
            return
        self.execute(self._begin)

    def commit(self) -> None:
        self.execute("COMMIT")

    def rollback(self) -> None:
        if self.in_transaction:  # a full disk, for one, ends the transaction by itself
            self.execute("ROLLBACK")

    def ping(self) -> bool:
        try:
            self.execute("SELECT 1")
        except DatabaseError:
            return False
        return True

    def stale(self) -> bool:
        return False

    def close(self) -> None:
        self.closed = True
        self._raw.close()


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
    """Opens SQLite databases.

    Options: `mode` (ro, rw, rwc), `timeout` (how long to wait for a lock), `journal_mode`, `synchronous`,
    `foreign_keys`, `cached_statements`.
    """

    dialect: Dialect = SQLITE

    def connect(self, target: Target) -> SqliteConnection:
        options = Options(target)
        mode = options.choice("mode", _MODES)
        timeout_s = options.seconds("timeout")
        journal = options.choice("journal_mode", _JOURNALS)
        synchronous = options.choice("synchronous", _SYNCHRONOUS)
        foreign_keys = options.flag("foreign_keys", default=True)
        cached_statements = options.whole("cached_statements", _CACHED_STATEMENTS)
        options.finish()

        in_memory = target.database in {"", MEMORY}
        try:
            raw = sqlite3.connect(
                MEMORY if in_memory else _name(target.database, mode),
                uri=mode is not None and not in_memory,
                timeout=_BUSY_TIMEOUT_S if timeout_s is None else timeout_s,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=cached_statements,
                factory=_Raw,
            )
        except (sqlite3.Error, ValueError, UnicodeEncodeError) as error:
            failure = _failure(error, connecting=True)
        else:
            return _prepared(raw, mode == "ro", None if in_memory else (journal, synchronous), foreign_keys)
        if mode in {"ro", "rw"} and not Path(target.database).exists():
            raise chained(missing(failure), failure)
        raise translated(SQLITE, failure)


def _name(path: str, mode: str | None) -> str:
    return path if mode is None else f"file:{quote(path)}?mode={mode}"


def _prepared(
    raw: _Raw, read_only: bool, durability: tuple[str | None, str | None] | None, foreign_keys: bool
) -> SqliteConnection:
    """The connection with its session set up; closed again when that fails."""
    try:
        raw.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        # Without it, a row that REPLACE takes away and one that a trigger on its own table deletes go unseen by triggers.
        raw.execute("PRAGMA recursive_triggers = ON")
        if durability is not None:
            _set_durability(raw, read_only, *durability)
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
        return SqliteConnection(raw, read_only)
    except sqlite3.Error as error:
        failure = _failure(error, connecting=True)
    raw.close()
    raise translated(SQLITE, failure)


def _set_durability(raw: sqlite3.Connection, read_only: bool, journal: str | None, synchronous: str | None) -> None:
    mode = raw.execute("PRAGMA journal_mode").fetchone()[0]
    wanted = journal or "wal"
    if mode != wanted and not read_only:
        try:
            mode = raw.execute(f"PRAGMA journal_mode = {wanted}").fetchone()[0]
        except sqlite3.OperationalError as error:
            # The switch needs the file for itself and does not wait for it; a file that may not be written stays as
            # it is. A default is not worth an error; what the URL asks for is.
            if journal is not None or error.sqlite_errorcode & 0xFF not in {
                sqlite3.SQLITE_BUSY,
                sqlite3.SQLITE_READONLY,
            }:
                raise
    if synchronous is not None or mode == "wal":
        # With a WAL, NORMAL cannot damage the file; a power cut may cost the last commits, never their order.
        raw.execute(f"PRAGMA synchronous = {synchronous or 'NORMAL'}")


def checked() -> SqliteDriver:
    if sqlite3.sqlite_version_info < _OLDEST:
        raise UnsupportedVersion(
            "SQLite", sqlite3.sqlite_version, ".".join(map(str, _OLDEST)), "use a Python that is built with a newer one"
        )
    return SqliteDriver()


DRIVER = checked()
