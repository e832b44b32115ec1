"""How the columns of each type are spelled on each database, and the checks that stand in for what one lacks."""

import datetime as dt
from collections.abc import Callable

import pytest

from isomorph import dialects
from isomorph.catalog import Column, ColumnType, Default, Table
from isomorph.dialects.standard.made_names import made_name
from isomorph.migrate import AddColumn, CreateTable, State
from isomorph.migrate import types as t
from isomorph_generator.migrations.source import Imports, source

# Type, a default, and its column definition behind the name on SQLite, PostgreSQL and MySQL; {c} is the quoted name.
DEFINITIONS: list[tuple[ColumnType, object, str, str, str]] = [
    (
        t.tinyint(),
        -1,
        'INTEGER NOT NULL DEFAULT -1 CONSTRAINT "things_a_range" CHECK ("a" BETWEEN -128 AND 127)',
        'smallint NOT NULL DEFAULT -1 CONSTRAINT "things_a_range" CHECK ("a" BETWEEN -128 AND 127)',
        "TINYINT NOT NULL DEFAULT -1",
    ),
    (
        t.smallint(),
        1,
        'INTEGER NOT NULL DEFAULT 1 CONSTRAINT "things_a_range" CHECK ("a" BETWEEN -32768 AND 32767)',
        "smallint NOT NULL DEFAULT 1",
        "SMALLINT NOT NULL DEFAULT 1",
    ),
    (
        t.unsigned_tinyint(),
        1,
        'INTEGER NOT NULL DEFAULT 1 CONSTRAINT "things_a_range" CHECK ("a" BETWEEN 0 AND 255)',
        'smallint NOT NULL DEFAULT 1 CONSTRAINT "things_a_range" CHECK ("a" BETWEEN 0 AND 255)',
        "TINYINT UNSIGNED NOT NULL DEFAULT 1",
    ),
    (
        t.unsigned_smallint(),
        1,
        'INTEGER NOT NULL DEFAULT 1 CONSTRAINT "things_a_range" CHECK ("a" BETWEEN 0 AND 65535)',
        'integer NOT NULL DEFAULT 1 CONSTRAINT "things_a_range" CHECK ("a" BETWEEN 0 AND 65535)',
        "SMALLINT UNSIGNED NOT NULL DEFAULT 1",
    ),
    (
        t.unsigned_int(),
        1,
        'INTEGER NOT NULL DEFAULT 1 CONSTRAINT "things_a_range" CHECK ("a" BETWEEN 0 AND 4294967295)',
        'bigint NOT NULL DEFAULT 1 CONSTRAINT "things_a_range" CHECK ("a" BETWEEN 0 AND 4294967295)',
        "INT UNSIGNED NOT NULL DEFAULT 1",
    ),
    (
        t.unsigned_bigint(),
        2**64 - 1,
        (
            "TEXT COLLATE isomorph_decimal NOT NULL DEFAULT '18446744073709551615' CONSTRAINT \"things_a_range\" CHECK ("
            '"a" NOT GLOB \'*[^0-9]*\' AND ("a" GLOB \'[1-9]*\' OR "a" = \'0\' COLLATE BINARY) AND (length("a") < 20 '
            'OR length("a") = 20 AND "a" <= \'18446744073709551615\' COLLATE BINARY))'
        ),
        (
            "numeric(20, 0) NOT NULL DEFAULT 18446744073709551615 "
            'CONSTRAINT "things_a_range" CHECK ("a" BETWEEN 0 AND 18446744073709551615)'
        ),
        "BIGINT UNSIGNED NOT NULL DEFAULT 18446744073709551615",
    ),
    (
        t.real(),
        0.1,
        "REAL NOT NULL DEFAULT 0.10000000149011612",
        "real NOT NULL DEFAULT 0.10000000149011612",
        "DOUBLE NOT NULL DEFAULT 0.10000000149011612",
    ),
    (
        t.char(2),
        "a",
        'TEXT NOT NULL DEFAULT \'a\' CONSTRAINT "things_a_length" CHECK (length("a") <= 2 AND substr("a", -1) <> \' \')',
        "varchar(2) NOT NULL DEFAULT 'a' CONSTRAINT \"things_a_length\" CHECK (right(\"a\", 1) <> ' ')",
        "CHAR(2) NOT NULL DEFAULT 'a'",
    ),
    (
        t.mediumtext(),
        "a",
        'TEXT NOT NULL DEFAULT \'a\' CONSTRAINT "things_a_length" CHECK (length(CAST("a" AS BLOB)) <= 16777215)',
        'text NOT NULL DEFAULT \'a\' CONSTRAINT "things_a_length" CHECK (octet_length("a") <= 16777215)',
        "MEDIUMTEXT NOT NULL DEFAULT ('a')",
    ),
    (
        t.bytes(16),
        "a",
        'BLOB NOT NULL DEFAULT X\'61\' CONSTRAINT "things_a_length" CHECK (length("a") <= 16)',
        'bytea NOT NULL DEFAULT \'\\x61\' CONSTRAINT "things_a_length" CHECK (octet_length("a") <= 16)',
        "VARBINARY(16) NOT NULL DEFAULT X'61'",
    ),
    (
        t.bytes(),
        "a",
        "BLOB NOT NULL DEFAULT X'61'",
        "bytea NOT NULL DEFAULT '\\x61'",
        "LONGBLOB NOT NULL DEFAULT (X'61')",
    ),
    (
        t.interval(),
        dt.timedelta(days=-1, microseconds=-1),
        "INTEGER NOT NULL DEFAULT -86400000001",
        (
            "interval NOT NULL DEFAULT INTERVAL '-2 days 86399 seconds 999999 microseconds' "
            'CONSTRAINT "things_a_interval" CHECK (extract(year FROM "a") = 0 AND extract(month FROM "a") = 0)'
        ),
        "BIGINT NOT NULL DEFAULT -86400000001",
    ),
]


def definition(column: Column, dialect: str) -> str:
    """The line of CREATE TABLE for a column, without its name."""
    ddl = dialects.get(dialect).ddl
    table = Table("things", (column,), primary_key=(column.name,))
    return ddl.printed(ddl.column_definition(table, column, {})).partition(" ")[2]


@pytest.mark.parametrize(
    ("type_", "default", "sqlite", "postgresql", "mysql"), DEFINITIONS, ids=lambda value: str(value)[:20]
)
def test_the_column_of_each_type(type_: ColumnType, default: object, sqlite: str, postgresql: str, mysql: str) -> None:
    column = Column("a", type_, default=Default(default))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - a table of all
    assert {name: definition(column, name) for name in dialects.NAMES} == {
        "sqlite": sqlite,
        "postgresql": postgresql,
        "mysql": mysql,
    }


def test_the_name_of_a_check_fits_every_database_and_stays_unique() -> None:
    assert made_name("users", "age", "range") == "users_age_range"
    long = [made_name("t" * 40, f"{'c' * 30}{number}", "range") for number in range(2)]
    assert len(set(long)) == 2
    assert all(len(name.encode()) == 63 and name.endswith("_range") for name in long)
    assert len(made_name("ü" * 40, "größe", "length").encode()) <= 63


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (Column("a", t.unsigned_bigint()), 'Column("a", t.unsigned_bigint())'),
        (Column("a", t.char(2)), 'Column("a", t.char(2))'),
        (Column("a", t.bytes(16)), 'Column("a", t.bytes(16))'),
        (Column("a", t.bytes()), 'Column("a", t.bytes())'),
        (
            Column("a", t.interval(), default=Default(-dt.timedelta(seconds=1))),
            'Column("a", t.interval(), default=Default(dt.timedelta(-1, 86399, 0)))',
        ),
    ],
)
def test_a_revision_says_it_in_the_words_of_the_schema(column: Column, text: str) -> None:
    assert source(column, Imports(set(), set())) == text


@pytest.mark.parametrize("make", [t.tinyint, t.unsigned_bigint, t.mediumtext, t.interval])
def test_a_column_with_a_check_is_added_in_place(make: Callable[[], ColumnType]) -> None:
    table = Table("things", (Column("id", t.bigint(), auto_increment=True),), primary_key=("id",))
    state = CreateTable(table).apply(State())
    for name in dialects.NAMES:
        (statement,) = AddColumn("things", Column("a", make(), nullable=True)).statements(dialects.get(name), state)
        assert statement.startswith("ALTER TABLE")
