"""What the codes of each database mean, also those that no test can provoke here."""

from __future__ import annotations

import pytest

from isomorph import dialects, errors
from isomorph.dialects import Failure
from isomorph.dialects.standard.errors import identifiers

CASES = [
    ("sqlite", "SQLITE_FULL", errors.DiskFull),
    ("sqlite", "SQLITE_INTERRUPT", errors.QueryTimeout),
    ("sqlite", "SQLITE_AUTH", errors.PermissionDenied),
    ("sqlite", "SQLITE_LOCKED_SHAREDCACHE", errors.LockTimeout),
    ("sqlite", "SQLITE_BUSY_TIMEOUT", errors.LockTimeout),
    ("sqlite", "SQLITE_READONLY_DBMOVED", errors.ReadOnlyDatabase),
    ("sqlite", "SQLITE_CANTOPEN_ISDIR", errors.ConnectionFailed),
    ("sqlite", "SQLITE_IOERR_WRITE", errors.DatabaseError),
    ("sqlite", "SQLITE_CORRUPT_INDEX", errors.DatabaseError),
    ("sqlite", "SQLITE_NOTADB", errors.ConnectionFailed),
    ("sqlite", "SQLITE_CONSTRAINT_TRIGGER", errors.ConstraintViolation),
    ("sqlite", "SQLITE_CONSTRAINT_VTAB", errors.ConstraintViolation),
    ("sqlite", "SQLITE_UNHEARD_OF", errors.DatabaseError),
    ("sqlite", "", errors.StatementFailed),
    ("postgresql", "53100", errors.DiskFull),
    ("postgresql", "57P01", errors.ConnectionLost),
    ("postgresql", "08006", errors.ConnectionLost),
    ("postgresql", "25P03", errors.ConnectionLost),
    ("postgresql", "23P01", errors.ConstraintViolation),
    ("postgresql", "23001", errors.ForeignKeyViolation),
    ("postgresql", "40003", errors.SerializationFailure),
    ("postgresql", "22003", errors.NumericOverflow),
    ("postgresql", "22008", errors.NumericOverflow),
    ("postgresql", "22001", errors.StatementFailed),
    ("postgresql", "21000", errors.StatementFailed),
    ("postgresql", "42601", errors.StatementFailed),
    ("postgresql", "P0001", errors.StatementFailed),
    ("postgresql", "XX000", errors.DatabaseError),
    ("postgresql", "", errors.StatementFailed),
    ("mysql", "1021", errors.DiskFull),
    ("mysql", "1114", errors.DiskFull),
    ("mysql", "3024", errors.QueryTimeout),
    ("mysql", "3572", errors.LockTimeout),
    ("mysql", "1927", errors.ConnectionLost),
    ("mysql", "1290", errors.ReadOnlyDatabase),
    ("mysql", "1264", errors.NumericOverflow),
    ("mysql", "1441", errors.NumericOverflow),
    ("mysql", "1406", errors.StatementFailed),
    ("mysql", "1242", errors.StatementFailed),
    ("mysql", "126", errors.DatabaseError),
    ("mysql", "", errors.StatementFailed),
]


@pytest.mark.parametrize(("dialect", "code", "expected"), CASES)
def test_a_code_has_its_class(dialect: str, code: str, expected: type[errors.DatabaseError]) -> None:
    error = dialects.get(dialect).translate(Failure(RuntimeError("x"), code))
    assert type(error) is expected
    assert error.code == code
    assert error.mend


CONNECTING = [
    ("sqlite", "", "odd", errors.ConnectionFailed, "permissions"),
    ("postgresql", "", 'connection failed: FATAL:  database "a b" does not exist', errors.DatabaseMissing, "create it"),
    ("postgresql", "", 'FATAL:  password authentication failed for user "a"', errors.ConnectionFailed, "password"),
    ("postgresql", "", 'FATAL:  role "a" does not exist', errors.ConnectionFailed, "password"),
    ("postgresql", "", "FATAL:  no pg_hba.conf entry for host", errors.ConnectionFailed, "pg_hba.conf"),
    ("postgresql", "", "FATAL:  sorry, too many clients already", errors.ConnectionFailed, "max_connections"),
    ("postgresql", "", "FATAL:  the database system is starting up", errors.ConnectionFailed, "try again"),
    ("postgresql", "", "FATAL:  la base de données n'existe pas", errors.ConnectionFailed, "check host"),
    ("postgresql", "", "connection refused", errors.ConnectionFailed, "check host"),
    ("mysql", "1040", "Too many connections", errors.ConnectionFailed, "max_connections"),
    ("mysql", "1044", "Access denied for user to database", errors.ConnectionFailed, "check user"),
    ("mysql", "1045", "Access denied", errors.ConnectionFailed, "check user"),
    ("mysql", "1049", "Unknown database", errors.DatabaseMissing, "create it"),
    ("mysql", "2003", "Can't connect", errors.ConnectionFailed, "check host"),
    ("mysql", "2013", "Lost connection", errors.ConnectionFailed, "check host"),
]


@pytest.mark.parametrize(("dialect", "code", "message", "expected", "mend"), CONNECTING)
def test_an_error_while_connecting_says_what_to_check(
    dialect: str, code: str, message: str, expected: type[errors.DatabaseError], mend: str
) -> None:
    error = dialects.get(dialect).translate(Failure(RuntimeError("x"), code, message, connecting=True))
    assert type(error) is expected
    assert mend in error.mend


FOREIGN_KEY = (
    "Cannot add or update a child row: a foreign key constraint fails (`d`.`t`, CONSTRAINT `f``k` FOREIGN KEY"
    " (`a`, `b`) REFERENCES `p` (`x`, `y`))"
)

VIOLATIONS = [
    ("sqlite", "SQLITE_CONSTRAINT_UNIQUE", "UNIQUE constraint failed: t.a, t.b c", "t", ("a", "b c"), None),
    ("sqlite", "SQLITE_CONSTRAINT_UNIQUE", "UNIQUE constraint failed: index 'i x'", None, (), "i x"),
    ("sqlite", "SQLITE_CONSTRAINT_PRIMARYKEY", "UNIQUE constraint failed: t.id", "t", ("id",), None),
    ("sqlite", "SQLITE_CONSTRAINT_NOTNULL", "NOT NULL constraint failed: t.a", "t", ("a",), None),
    ("sqlite", "SQLITE_CONSTRAINT_CHECK", "CHECK constraint failed: t_check", None, (), "t_check"),
    ("sqlite", "SQLITE_CONSTRAINT_CHECK", "CHECK constraint failed: a > 0", None, (), None),
    ("mysql", "1062", "Duplicate entry 'x' for key 'a_unique'", None, (), "a_unique"),
    ("mysql", "1062", "Duplicate entry 'x' for key 'wrong'' for key 't.a_unique'", "t", (), "a_unique"),
    ("mysql", "1062", "Duplicate entry '1' for key 'PRIMARY'", None, (), "PRIMARY"),
    ("mysql", "1048", "Column 'a' cannot be null", None, ("a",), None),
    ("mysql", "1364", "Field 'a' doesn't have a default value", None, ("a",), None),
    ("mysql", "3819", "Check constraint 'c' is violated.", None, (), "c"),
    ("mysql", "4025", "CONSTRAINT `c` failed for `d`.`t`", "t", (), "c"),
    ("mysql", "1452", FOREIGN_KEY, "t", ("a", "b"), "f`k"),
]


@pytest.mark.parametrize(("dialect", "code", "message", "table", "columns", "constraint"), VIOLATIONS)
def test_a_violation_says_where(
    dialect: str, code: str, message: str, table: str | None, columns: tuple[str, ...], constraint: str | None
) -> None:
    error = dialects.get(dialect).translate(Failure(RuntimeError("x"), code, message))
    assert isinstance(error, errors.ConstraintViolation)
    assert (error.table, error.columns, error.constraint) == (table, columns, constraint)


def test_postgresql_says_the_place_apart_and_the_columns_in_its_detail() -> None:
    failure = Failure(
        RuntimeError("x"),
        "23505",
        'duplicate key value violates unique constraint "c"\nKey (a, "B c")=(1, (2)=(3) exists) already exists.',
        table="t",
        constraint="c",
    )
    error = dialects.get("postgresql").translate(failure)
    assert isinstance(error, errors.UniqueViolation)
    assert (error.table, error.columns, error.constraint) == ("t", ("a", "B c"), "c")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a", ("a",)),
        ('a, "B ""c"""', ("a", 'B "c"')),
        ("lower(a)", ()),
        ("a, lower(b)", ()),
        ("", ()),
        ("été", ("été",)),
    ],
)
def test_only_names_are_read_as_identifiers(text: str, names: tuple[str, ...]) -> None:
    assert identifiers(text) == names


def test_a_restrict_of_sqlite_is_a_foreign_key_though_it_reports_a_trigger() -> None:
    failure = Failure(RuntimeError("x"), "SQLITE_CONSTRAINT_TRIGGER", "FOREIGN KEY constraint failed")
    assert type(dialects.get("sqlite").translate(failure)) is errors.ForeignKeyViolation


MEANT = [
    ("22023", 'time zone "X/Y" not recognized', errors.StatementFailed, "name a time zone"),
    ("42704", 'text search configuration "x" does not exist', errors.StatementFailed, "name a language"),
    ("42704", 'type "mood" does not exist', errors.SchemaMismatch, "orm migrate run"),
    ("", "date too large (after year 10K): '10000-01-01'", errors.NumericOverflow, "years 1 to 9999"),
    ("", "timestamp too small (before year 1): '0001-01-01 BC'", errors.NumericOverflow, "years 1 to 9999"),
    ("21000", "more than one row returned by a subquery", errors.StatementFailed, "several rows where one is meant"),
    ("21000", "command cannot affect row a second time", errors.StatementFailed, "two rows of an upsert"),
]


@pytest.mark.parametrize(("code", "message", "expected", "mend"), MEANT)
def test_a_general_code_is_told_apart_by_the_text(
    code: str, message: str, expected: type[errors.DatabaseError], mend: str
) -> None:
    error = dialects.get("postgresql").translate(Failure(RuntimeError("x"), code, message))
    assert type(error) is expected
    assert mend in error.mend
