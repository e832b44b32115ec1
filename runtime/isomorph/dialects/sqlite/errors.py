"""What SQLite's errors mean: extended result codes by name (`SQLITE_CONSTRAINT_UNIQUE`), then by their first words."""

from __future__ import annotations

import re

from isomorph.dialects.base import Failure
from isomorph.dialects.standard.errors import BEYOND_YEARS, Rule, Where, failed, violated
from isomorph.dialects.standard.guards import violated_guard
from isomorph.errors import (
    CheckViolation,
    ConnectionFailed,
    ConnectionLost,
    ConstraintViolation,
    DatabaseError,
    DatabaseMissing,
    DiskFull,
    ForeignKeyViolation,
    LockTimeout,
    NotNullViolation,
    NumericOverflow,
    PermissionDenied,
    QueryTimeout,
    ReadOnlyDatabase,
    SchemaMismatch,
    SerializationFailure,
    StatementFailed,
    UniqueViolation,
)

__all__ = ["missing", "taken", "translate"]

_FOREIGN_KEY = Rule(ForeignKeyViolation)
_SCHEMA_MISMATCH = Rule(SchemaMismatch)
_STATEMENT_FAILED = Rule(StatementFailed)
_CLOSED = Rule(ConnectionLost, "it was closed while in use; close connections after the work is done")
_OVERFLOW = Rule(NumericOverflow)
_UNKNOWN = Rule(DatabaseError)
_NOT_CONNECTED = Rule(ConnectionFailed, "check the path in the URL, and the permissions of the file and its folder")

# https://www.sqlite.org/rescode.html
_RULES = {
    "SQLITE_CONSTRAINT_UNIQUE": Rule(UniqueViolation),
    "SQLITE_CONSTRAINT_PRIMARYKEY": Rule(UniqueViolation),
    "SQLITE_CONSTRAINT_ROWID": Rule(UniqueViolation),
    "SQLITE_CONSTRAINT_FOREIGNKEY": _FOREIGN_KEY,
    "SQLITE_CONSTRAINT_NOTNULL": Rule(NotNullViolation),
    "SQLITE_CONSTRAINT_CHECK": Rule(CheckViolation),
    "SQLITE_CONSTRAINT_TRIGGER": Rule(ConstraintViolation, "a trigger refused it; see .driver_error"),
    "SQLITE_CONSTRAINT": Rule(ConstraintViolation, "see .driver_error"),
    # The transaction read before another one wrote: waiting cannot help, its snapshot is of the past.
    "SQLITE_BUSY_SNAPSHOT": Rule(SerializationFailure),
    "SQLITE_BUSY": Rule(LockTimeout, "run it again, or shorten the transactions that write; ?timeout=10s waits longer"),
    "SQLITE_LOCKED": Rule(LockTimeout, "close the streams that read this table on the same connection first"),
    "SQLITE_READONLY": Rule(
        ReadOnlyDatabase, "check the permissions of the file and its folder, and ?mode= in the URL"
    ),
    "SQLITE_FULL": Rule(DiskFull),
    "SQLITE_INTERRUPT": Rule(QueryTimeout),
    "SQLITE_PERM": Rule(PermissionDenied, "check the permissions of the file and its folder"),
    "SQLITE_AUTH": Rule(PermissionDenied),
    "SQLITE_CANTOPEN": Rule(
        ConnectionFailed, "the folder of the file does not exist, or may not be entered: create it, or correct the path"
    ),
    "SQLITE_NOTADB": Rule(ConnectionFailed, "the file is no SQLite database, or is encrypted: correct the path"),
    "SQLITE_CORRUPT": Rule(DatabaseError, "the file is damaged: restore a backup; PRAGMA integrity_check tells more"),
    "SQLITE_IOERR": Rule(DatabaseError, "the file cannot be read or written: check the disk"),
    "ISOMORPH_OVERFLOW": _OVERFLOW,
    "ISOMORPH_MOMENT": BEYOND_YEARS,
    "ISOMORPH_ZONE": Rule(StatementFailed, "name a zone that the system knows, or install the package tzdata"),
    "SQLITE_ERROR": _STATEMENT_FAILED,
    "SQLITE_TOOBIG": _STATEMENT_FAILED,
    "SQLITE_MISMATCH": _STATEMENT_FAILED,
    "SQLITE_RANGE": _STATEMENT_FAILED,
    "SQLITE_MISUSE": _STATEMENT_FAILED,
    "SQLITE_SCHEMA": _STATEMENT_FAILED,
    "SQLITE_CONSTRAINT_DATATYPE": _STATEMENT_FAILED,
}

_SCHEMA_WORDS = ("no such table: ", "no such column: ", "no such view: ", "no such index: ")
_FOREIGN_KEY_WORDS = "FOREIGN KEY constraint failed"
_NOT_NULL_WORDS = "NOT NULL constraint failed: "
_TABLE_COLUMNS = re.compile(r"(?:UNIQUE|NOT NULL) constraint failed: (.+)", re.DOTALL)
_INDEX = re.compile(r"UNIQUE constraint failed: index '(.+)'", re.DOTALL)
_CHECK = re.compile(r"CHECK constraint failed: (\w+)")


def translate(failure: Failure) -> DatabaseError:
    """The error that the application sees for what sqlite3 raised."""
    return violated(_rule(failure), failure, _READERS)


def missing(failure: Failure) -> DatabaseError:
    """The error for a file that must exist (`mode=ro`, `mode=rw`) and does not."""
    return failed(Rule(DatabaseMissing, "correct the path, or let it be created: leave ?mode= out of the URL"), failure)


def taken(failure: Failure, library: str) -> DatabaseError:
    """The error for a file that another library has open in the same process."""
    mend = f"{library} has the file open in this process, and two copies of SQLite do not see each other's locks"
    return failed(Rule(ConnectionFailed, f"{mend}: use one of both for all that is done with it"), failure)


def _rule(failure: Failure) -> Rule:
    code, message = failure.code, failure.message
    if code == "SQLITE_CONSTRAINT_TRIGGER" and (message == _FOREIGN_KEY_WORDS or violated_guard(message)):
        return _FOREIGN_KEY  # ON DELETE RESTRICT is a trigger inside SQLite, and reports itself as one
    if code == "SQLITE_CONSTRAINT_TRIGGER" and message.startswith(_NOT_NULL_WORDS):
        return _RULES["SQLITE_CONSTRAINT_NOTNULL"]  # a mirror's trigger says it so
    if code == "SQLITE_ERROR" and (message.startswith(_SCHEMA_WORDS) or " has no column named " in message):
        return _SCHEMA_MISMATCH
    if code == "SQLITE_ERROR" and message == "integer overflow":
        return _OVERFLOW  # what ABS and SUM say
    while code:
        if rule := _RULES.get(code):
            return rule
        code = code.rpartition("_")[0]
    if failure.connecting:
        return _NOT_CONNECTED
    if "closed database" in message:
        return _CLOSED
    # sqlite3's own refusals (a wrong number of parameters, two statements in one) have no code.
    return _STATEMENT_FAILED if not failure.code else _UNKNOWN


def _columns(failure: Failure) -> Where:
    if match := _INDEX.fullmatch(failure.message):
        return Where(constraint=match[1])
    match = _TABLE_COLUMNS.fullmatch(failure.message)
    if match is None:
        return Where()
    table = match[1].partition(".")[0]
    columns = match[1].split(f", {table}.")
    return Where(table, (columns[0].removeprefix(f"{table}."), *columns[1:]))


def _check(failure: Failure) -> Where:
    # A check without a name is reported by its text, which is no name.
    match = _CHECK.fullmatch(failure.message)
    return Where(constraint=match[1] if match else None)


def _trigger(failure: Failure) -> Where:
    if failure.message.startswith(_NOT_NULL_WORDS):
        return _columns(failure)
    return Where(constraint=violated_guard(failure.message))


_READERS = {
    "SQLITE_CONSTRAINT_UNIQUE": _columns,
    "SQLITE_CONSTRAINT_PRIMARYKEY": _columns,
    "SQLITE_CONSTRAINT_ROWID": _columns,
    "SQLITE_CONSTRAINT_NOTNULL": _columns,
    "SQLITE_CONSTRAINT_CHECK": _check,
    "SQLITE_CONSTRAINT_TRIGGER": _trigger,
}
