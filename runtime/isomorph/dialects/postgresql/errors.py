"""What PostgreSQL's errors mean: by SQLSTATE, then by its class (the first two characters)."""

from __future__ import annotations

import re

from isomorph.dialects.base import Failure
from isomorph.dialects.standard.errors import (
    BEYOND_YEARS,
    SEVERAL_ROWS,
    TOO_LONG,
    UNKNOWN_ZONE,
    Rule,
    Where,
    identifiers,
    violated,
)
from isomorph.errors import (
    CheckViolation,
    ConnectionFailed,
    ConnectionLost,
    ConstraintViolation,
    DatabaseError,
    DatabaseMissing,
    DeadlockDetected,
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
    TransactionAborted,
    UniqueViolation,
)

__all__ = ["translate"]

_CREDENTIALS = Rule(ConnectionFailed, "check user and password in the URL, and pg_hba.conf on the server")
_MISSING = Rule(DatabaseMissing)
_LOST = Rule(ConnectionLost)
_SCHEMA_MISMATCH = Rule(SchemaMismatch)
_STATEMENT_FAILED = Rule(StatementFailed)
_OVERFLOW = Rule(NumericOverflow)
_PLAN_CHANGED = Rule(SerializationFailure, "a table changed while the transaction ran: run it again")

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_RULES = {
    "23505": Rule(UniqueViolation),
    "23503": Rule(ForeignKeyViolation),
    "23001": Rule(ForeignKeyViolation),  # what RESTRICT gives since PostgreSQL 18
    "23502": Rule(NotNullViolation),
    "23514": Rule(CheckViolation),
    "23P01": Rule(ConstraintViolation, "another row overlaps with this one"),
    "23": Rule(ConstraintViolation, "see .driver_error"),
    "40001": Rule(SerializationFailure),
    "40P01": Rule(DeadlockDetected),
    "40": Rule(SerializationFailure),
    "25P02": Rule(TransactionAborted),
    "25P03": Rule(ConnectionLost, "the transaction sat idle for too long: shorten it"),
    "25006": Rule(ReadOnlyDatabase, "connect to the primary, or leave the read-only transaction"),
    "55P03": Rule(LockTimeout),
    "57014": Rule(QueryTimeout),
    "57P01": _LOST,
    "57P02": _LOST,
    "57P03": Rule(ConnectionFailed, "the server is starting or stopping: try again"),
    "57P04": _LOST,
    "57P05": _LOST,
    "08": _LOST,
    "28": _CREDENTIALS,
    "3D000": _MISSING,
    "42501": Rule(PermissionDenied),
    "53100": Rule(DiskFull),
    "53300": Rule(ConnectionFailed, "the server has no connection left: lower pool.max, or raise max_connections"),
    "42P01": _SCHEMA_MISMATCH,
    "42703": _SCHEMA_MISMATCH,
    "42704": _SCHEMA_MISMATCH,
    "3F000": _SCHEMA_MISMATCH,
    "34000": Rule(StatementFailed, "read a stream to its end inside the transaction that it began in"),
    "0A000": _STATEMENT_FAILED,
    "21000": SEVERAL_ROWS,
    "21": _STATEMENT_FAILED,
    "22001": TOO_LONG,
    "22003": _OVERFLOW,
    "22008": BEYOND_YEARS,
    "2201F": _OVERFLOW,  # a power that is no real number
    "22": _STATEMENT_FAILED,
    "26": _STATEMENT_FAILED,
    "42": _STATEMENT_FAILED,
    "54": _STATEMENT_FAILED,
    "P0": Rule(StatementFailed, "a function or trigger refused it; see .driver_error"),
}

# Of general codes only the server's text, in its language, says what they are about.
_MEANT = (
    ("22023", re.compile(r"time zone"), UNKNOWN_ZONE),
    (
        "21000",
        re.compile(r"second time"),
        Rule(StatementFailed, "two rows of an upsert are the same one to the database"),
    ),
    ("42704", re.compile(r"text search configuration"), Rule(StatementFailed, "name a language that the server knows")),
    # psycopg's own, of a date that Python's do not reach.
    ("", re.compile(r"^(?:date|timestamp)\b.* too (?:large|small) \("), BEYOND_YEARS),
)

_UNKNOWN = Rule(DatabaseError)
_NOT_CONNECTED = Rule(ConnectionFailed)

# While connecting libpq gives no SQLSTATE, only the server's text, in the server's language; in a language other than
# English the general ConnectionFailed is all there is to say.
_CONNECTING = (
    (re.compile(r'database "[^"]*" does not exist'), "3D000"),
    (re.compile(r"(password|\w+) authentication failed|no password supplied|no pg_hba\.conf entry"), "28P01"),
    (re.compile(r'role "[^"]*" (does not exist|is not permitted to log in)'), "28000"),
    (re.compile(r"too many (connections|clients)|remaining connection slots"), "53300"),
    (re.compile(r"the database system is (starting up|shutting down|not yet accepting)"), "57P03"),
)

# DETAIL of a unique or foreign key violation: Key (a, "B")=(1, x) already exists.
_KEY = re.compile(r"\((.+?)\)=\(")


def translate(failure: Failure) -> DatabaseError:
    """The error that the application sees for what psycopg raised."""
    if failure.connecting:
        return _connecting(failure)
    if failure.code == "0A000" and "cached plan" in failure.message:
        return violated(_PLAN_CHANGED, failure, _READERS)
    rule = next((rule for code, words, rule in _MEANT if code == failure.code and words.search(failure.message)), None)
    rule = rule or _RULES.get(failure.code) or _RULES.get(failure.code[:2])
    if rule is None:
        # psycopg's own refusals (a wrong number of parameters) have no code.
        rule = _UNKNOWN if failure.code else _STATEMENT_FAILED
    return violated(rule, failure, _READERS)


def _connecting(failure: Failure) -> DatabaseError:
    code = failure.code or next((code for words, code in _CONNECTING if words.search(failure.message)), "")
    rule = _RULES.get(code) or _RULES.get(code[:2])
    if rule is None or not issubclass(rule.error, ConnectionFailed):
        rule = _NOT_CONNECTED
    error = violated(rule, failure, _READERS)
    error.code = code
    return error


def _named(failure: Failure) -> Where:
    return Where(failure.table, (failure.column,) if failure.column else (), failure.constraint)


def _key(failure: Failure) -> Where:
    match = _KEY.search(failure.message)
    return Where(failure.table, identifiers(match[1]) if match else (), failure.constraint)


_READERS = {"23505": _key, "23503": _key, "23001": _key, "23502": _named, "23514": _named, "23P01": _named}
