"""What the errors of MySQL and MariaDB mean: by error number."""

from __future__ import annotations

import re

from isomorph.dialects.base import Failure
from isomorph.dialects.standard.errors import BEYOND_YEARS, SEVERAL_ROWS, TOO_LONG, Rule, Where, violated
from isomorph.dialects.standard.guards import violated_guard
from isomorph.errors import (
    CheckViolation,
    ConnectionFailed,
    ConnectionLost,
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
    UniqueViolation,
)

__all__ = ["translate"]

_UNIQUE = Rule(UniqueViolation)
_FOREIGN_KEY = Rule(ForeignKeyViolation)
_NOT_NULL = Rule(NotNullViolation)
_CHECK = Rule(CheckViolation)
_CREDENTIALS = Rule(ConnectionFailed, "check user and password in the URL, and from which hosts the user may connect")
_NOT_CONNECTED = Rule(ConnectionFailed)
_TOO_MANY = Rule(ConnectionFailed, "the server has no connection left: lower pool.max, or raise max_connections")
_LOST = Rule(ConnectionLost)
_READ_ONLY = Rule(ReadOnlyDatabase, "connect to the primary, or leave the read-only transaction")
_DENIED = Rule(PermissionDenied)
_SCHEMA_MISMATCH = Rule(SchemaMismatch)
_STATEMENT_FAILED = Rule(StatementFailed)
_OVERFLOW = Rule(NumericOverflow)
_UNKNOWN = Rule(DatabaseError)

# https://mariadb.com/kb/en/mariadb-error-code-reference/, https://dev.mysql.com/doc/mysql-errors/8.0/en/
_RULES = {
    "1062": _UNIQUE,
    "1169": _UNIQUE,
    "1586": _UNIQUE,
    "1216": _FOREIGN_KEY,
    "1217": _FOREIGN_KEY,
    "1451": _FOREIGN_KEY,
    "1452": _FOREIGN_KEY,
    "1048": _NOT_NULL,
    "1364": _NOT_NULL,
    "3819": _CHECK,  # MySQL
    "4025": _CHECK,  # MariaDB
    "1020": Rule(SerializationFailure),  # MariaDB, innodb_snapshot_isolation
    "1213": Rule(DeadlockDetected),
    "3101": Rule(SerializationFailure),
    "1205": Rule(LockTimeout),
    "3572": Rule(LockTimeout),  # MySQL, NOWAIT
    "1317": Rule(QueryTimeout),
    "1969": Rule(QueryTimeout),  # MariaDB
    "3024": Rule(QueryTimeout),  # MySQL
    "1040": _TOO_MANY,
    "1203": _TOO_MANY,
    "1226": _TOO_MANY,
    "1045": _CREDENTIALS,
    "1129": _CREDENTIALS,
    "1130": _CREDENTIALS,
    "1251": _CREDENTIALS,
    "1698": _CREDENTIALS,
    "2059": _CREDENTIALS,
    "2002": _NOT_CONNECTED,
    "2003": _NOT_CONNECTED,
    "2005": _NOT_CONNECTED,
    "1049": Rule(DatabaseMissing),
    "1053": _LOST,
    "1158": _LOST,
    "1159": _LOST,
    "1160": _LOST,
    "1161": _LOST,
    "1184": _LOST,
    "1927": _LOST,
    "2006": _LOST,
    "2013": _LOST,
    "2055": _LOST,
    "4031": _LOST,
    "1044": _DENIED,
    "1142": _DENIED,
    "1143": _DENIED,
    "1227": _DENIED,
    "1370": _DENIED,
    "1290": _READ_ONLY,
    "1792": _READ_ONLY,
    "1836": _READ_ONLY,
    "1021": Rule(DiskFull),
    "1114": Rule(DiskFull),
    "1054": _SCHEMA_MISMATCH,
    "1109": _SCHEMA_MISMATCH,
    "1146": _SCHEMA_MISMATCH,
    "1264": _OVERFLOW,
    "1690": _OVERFLOW,
    "1441": BEYOND_YEARS,
    "1242": SEVERAL_ROWS,
    "1406": TOO_LONG,
    "1191": Rule(
        SchemaMismatch, "add a full-text index over just the columns that are searched: FULLTEXT (title, body)"
    ),
    "1046": Rule(StatementFailed, "name a database in the URL: mysql://host/database"),
    "1153": Rule(StatementFailed, "the statement is larger than max_allowed_packet: send fewer rows, or raise it"),
}

_NO_SPACE = re.compile(r"\b(?:errno|error)(?:: | )28\b")
_BACKTICKED = re.compile(r"`((?:[^`]|``)+)`")
_COLUMN = re.compile(r"(?:Column|Field) '(.+)' (?:cannot be null|doesn't have a default value)", re.DOTALL)
_CHECK_NAME = re.compile(r"Check constraint '(.+)' is violated\.", re.DOTALL)
_MARIADB_CHECK = re.compile(r"CONSTRAINT `((?:[^`]|``)+)` failed for `(?:[^`]|``)+`\.`((?:[^`]|``)+)`", re.DOTALL)
_FOREIGN_KEY_AT = re.compile(
    r"\(`(?:[^`]|``)+`\.`((?:[^`]|``)+)`, CONSTRAINT `((?:[^`]|``)+)` FOREIGN KEY \((.+?)\) REFERENCES ", re.DOTALL
)


def translate(failure: Failure) -> DatabaseError:
    """The error that the application sees for what PyMySQL raised."""
    return violated(_rule(failure), failure, _READERS)


def _rule(failure: Failure) -> Rule:
    rule = _FOREIGN_KEY if _guard_of(failure) is not None else _RULES.get(failure.code)
    if failure.connecting and (rule is None or not issubclass(rule.error, ConnectionFailed)):
        return _CREDENTIALS if rule is _DENIED else _NOT_CONNECTED
    if rule is not None:
        return rule
    if not failure.code:
        return _STATEMENT_FAILED  # PyMySQL's own refusals (a wrong number of parameters)
    if _NO_SPACE.search(failure.message):
        return Rule(DiskFull)
    # Below 1000 are errors of the operating system and the storage engines; the rest speaks of the statement.
    return _STATEMENT_FAILED if len(failure.code) == 4 and failure.code.startswith(("1", "3", "4")) else _UNKNOWN


_SIGNAL = "1644"


def _guard_of(failure: Failure) -> str | None:
    return violated_guard(failure.message) if failure.code == _SIGNAL else None


def _unquoted(name: str) -> str:
    return name.replace("``", "`")


def _unique(failure: Failure) -> Where:
    # Duplicate entry 'x' for key 'name': the value before may hold anything, so the name is what follows the last
    # `for key`. MySQL 8.0.19 and newer put the table before it.
    _, found, key = failure.message.rpartition(" for key '")
    table, dot, name = key.removesuffix("'").rpartition(".")
    if not found:
        return Where()
    return Where(table, constraint=name) if dot else Where(constraint=name)


def _foreign_key(failure: Failure) -> Where:
    match = _FOREIGN_KEY_AT.search(failure.message)
    if match is None:
        return Where()
    columns = tuple(_unquoted(name) for name in _BACKTICKED.findall(match[3]))
    return Where(_unquoted(match[1]), columns, _unquoted(match[2]))


def _not_null(failure: Failure) -> Where:
    match = _COLUMN.fullmatch(failure.message)
    return Where(columns=(match[1],)) if match else Where()


def _check(failure: Failure) -> Where:
    if match := _MARIADB_CHECK.search(failure.message):
        return Where(_unquoted(match[2]), constraint=_unquoted(match[1]))
    match = _CHECK_NAME.fullmatch(failure.message)
    return Where(constraint=match[1]) if match else Where()


def _guard(failure: Failure) -> Where:
    return Where(constraint=_guard_of(failure))


_READERS = {
    "1062": _unique,
    "1169": _unique,
    "1586": _unique,
    "1216": _foreign_key,
    "1217": _foreign_key,
    "1451": _foreign_key,
    "1452": _foreign_key,
    "1048": _not_null,
    "1364": _not_null,
    "3819": _check,
    "4025": _check,
    _SIGNAL: _guard,
}
