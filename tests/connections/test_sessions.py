"""How a session is set up, and how values travel through it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest

from isomorph import errors
from isomorph.connections import Connection
from tests.connections.conftest import Connect, Database
from tests.support.databases import RawConnection, fetch_all


def one(connection: Connection, sql: str, *parameters: object) -> object:
    row = connection.fetch_one(sql, parameters)
    assert row is not None
    return row[0]


@pytest.mark.feature("connections.defaults", dialect="sqlite")
def test_sqlite_is_set_up_for_production(tmp_path: Path, connect: Connect) -> None:
    connection = connect(f"sqlite:///{tmp_path / 'a.db'}")
    for pragma, expected in (("journal_mode", "wal"), ("synchronous", 1), ("foreign_keys", 1), ("busy_timeout", 5000)):
        assert one(connection, f"PRAGMA {pragma}") == expected, pragma


def test_sqlite_options_change_it(tmp_path: Path, connect: Connect) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}?journal_mode=DELETE&foreign_keys=off&timeout=1.5s&synchronous=extra"
    connection = connect(url)
    for pragma, expected in (
        ("journal_mode", "delete"),
        ("synchronous", 3),
        ("foreign_keys", 0),
        ("busy_timeout", 1500),
    ):
        assert one(connection, f"PRAGMA {pragma}") == expected, pragma


def test_a_path_with_odd_characters(tmp_path: Path, connect: Connect) -> None:
    from urllib.parse import quote

    for mode in ("", "?mode=rwc"):
        path = tmp_path / f"a b?c#d%20é{mode[:0]}.db"
        connection = connect(f"sqlite:///{quote(str(path))}{mode}")
        connection.execute("CREATE TABLE IF NOT EXISTS t (a INTEGER)")
        connection.close()
        assert path.exists()


@pytest.mark.parametrize("ask", [Connection.fetch_one, Connection.execute])
def test_rows_that_nobody_reads_leave_no_lock_on_sqlite(
    tmp_path: Path, connect: Connect, ask: Callable[[Connection, str], object]
) -> None:
    # Without WAL a statement in the middle of its rows keeps everybody from writing.
    reader, writer = (connect(f"sqlite:///{tmp_path / 'a.db'}?journal_mode=delete&timeout=0s") for _ in range(2))
    writer.execute("CREATE TABLE t (a INTEGER)")
    writer.execute_many("INSERT INTO t VALUES (?)", [(number,) for number in range(100)])
    ask(reader, "SELECT a FROM t")
    assert writer.execute("DELETE FROM t") == 100


@pytest.mark.feature("connections.defaults")
def test_postgresql_is_set_up_for_production(dialect: str, connect: Connect) -> None:
    if dialect != "postgresql":
        pytest.skip(f"{dialect} lacks these settings")
    options = {
        "statement_timeout": "2min",
        "lock_timeout": "1500ms",
        "search_path": "pg_catalog",
        "application_name": "a",
    }
    connection = connect(options=options)
    for setting, expected in (
        ("TimeZone", "UTC"),
        ("client_encoding", "UTF8"),
        ("statement_timeout", "2min"),
        ("lock_timeout", "1500ms"),
        ("search_path", "pg_catalog"),
        ("application_name", "a"),
    ):
        assert one(connection, f"SHOW {setting}") == expected


@pytest.mark.feature("connections.defaults")
def test_mysql_is_set_up_for_production(dialect: str, connect: Connect) -> None:
    if dialect != "mysql":
        pytest.skip(f"{dialect} lacks these settings")
    connection = connect(options={"statement_timeout": "1500ms", "lock_timeout": "3s"})
    mode = str(one(connection, "SELECT @@sql_mode")).split(",")
    assert {"STRICT_ALL_TABLES", "NO_ZERO_DATE", "ERROR_FOR_DIVISION_BY_ZERO", "NO_ENGINE_SUBSTITUTION"} <= set(mode)
    for variable, expected in (
        ("time_zone", "+00:00"),
        ("character_set_client", "utf8mb4"),
        ("autocommit", 1),
        ("innodb_lock_wait_timeout", 3),
        ("max_statement_time", Decimal("1.5")),
    ):
        assert one(connection, f"SELECT @@{variable}") == expected


def test_capabilities_are_those_of_the_server(dialect: str, connect: Connect, raw_connection: RawConnection) -> None:
    connection = connect()
    assert connection.capabilities >= connection.dialect.capabilities
    if dialect == "mysql":
        version = str(fetch_all(raw_connection, "SELECT version()")[0][0])
        assert ("returning" in connection.capabilities) == ("MariaDB" in version)
        assert "returning" not in connection.dialect.capabilities


def test_prepared_statements_can_be_switched_off(dialect: str, connect: Connect) -> None:
    if dialect != "postgresql":
        pytest.skip(f"{dialect} lacks statements prepared by the server here")
    count = "SELECT count(*) FROM pg_prepared_statements WHERE NOT from_sql"
    with (prepared := connect()).transaction():
        for _ in range(3):
            prepared.fetch("SELECT %s", (1,))
        assert one(prepared, count) == 1
    with (plain := connect(options={"prepare": "off"})).transaction():
        for _ in range(3):
            plain.fetch("SELECT %s", (1,))
        assert one(plain, count) == 0


@pytest.mark.feature("connections.execute")
def test_rows_touched_are_the_rows_found_also_when_nothing_changes(dialect: str, database: Database) -> None:
    database.add_book(1)
    database.add_book(2)
    for _ in range(2):
        assert database.execute("UPDATE books SET pages = 7") == 2
    assert database.execute("UPDATE books SET pages = 7 WHERE id = 99") == 0
    assert database.execute("DELETE FROM books") == 2


def test_insert_gives_the_key_that_the_database_made(dialect: str, connect: Connect) -> None:
    connection = connect()
    if dialect == "postgresql":
        with pytest.raises(errors.InvalidQuery, match="add RETURNING"):
            connection.insert("INSERT INTO t DEFAULT VALUES")
        return
    auto = "INTEGER PRIMARY KEY AUTO_INCREMENT" if dialect == "mysql" else "INTEGER PRIMARY KEY"
    connection.execute(f"CREATE TABLE t (id {auto}, a INTEGER UNIQUE)")
    insert = f"INSERT INTO t (a) VALUES ({connection.dialect.placeholder})"
    assert [connection.insert(insert, (n,)) for n in (5, 6)] == [1, 2]
    ignore = insert.replace("INSERT", "INSERT IGNORE" if dialect == "mysql" else "INSERT OR IGNORE")
    assert connection.insert(ignore, (5,)) == 0


def test_fetch_of_a_statement_without_rows_is_empty(dialect: str, database: Database) -> None:
    for _ in range(4):  # prepared by then
        assert database.connection.fetch("UPDATE books SET pages = 7") == []
        assert database.connection.fetch_one("UPDATE books SET pages = 7") is None


def test_returning_gives_rows_and_keeps_them(dialect: str, database: Database, connect: Connect) -> None:
    if "returning" not in database.connection.capabilities:
        pytest.skip(f"{dialect} lacks returning")
    insert = "INSERT INTO books (id, title) VALUES (1, 'a'), (2, 'b') RETURNING id"
    assert database.connection.fetch_one(insert) == (1,)
    assert Database(connect()).titles() == ["a", "b"]


@pytest.mark.feature("connections.execute")
def test_percent_signs_are_doubled_where_parameters_are_formatted(dialect: str, connect: Connect) -> None:
    connection = connect()
    formatted = connection.dialect.placeholder == "%s"
    assert one(connection, f"SELECT 'a{'%%' if formatted else '%'}b'") == "a%b"
    assert one(connection, f"SELECT {connection.dialect.placeholder}", "50%s") == "50%s"


@pytest.mark.feature("connections.execute")
def test_lists_are_taken_for_parameters_too(dialect: str, database: Database) -> None:
    database.execute("INSERT INTO books (id, title) VALUES (%s, %s)", [1, "a"])
    assert database.connection.fetch(database.sql("SELECT title FROM books WHERE id = %s"), [1]) == [("a",)]


def test_a_large_result_is_not_kept(dialect: str, database: Database) -> None:
    insert = database.sql("INSERT INTO books (id, title) VALUES (%s, %s)")
    database.connection.execute_many(insert, [(n, str(n)) for n in range(2000)])
    for _ in range(3):
        assert len(database.connection.fetch("SELECT * FROM books")) == 2000
        assert database.connection.fetch_one("SELECT id FROM books ORDER BY id") == (0,)


def test_postgresql_gives_json_as_text_and_moments_in_utc(dialect: str, connect: Connect) -> None:
    if dialect != "postgresql":
        pytest.skip(f"{dialect} lacks jsonb and timestamptz")
    connection = connect()
    for _ in range(4):
        row = connection.fetch_one("""SELECT '{"b": 1}'::jsonb, '[1,2]'::json, timestamptz '2024-02-03 04:05:06+02'""")
        assert row == ('{"b": 1}', "[1,2]", dt.datetime(2024, 2, 3, 2, 5, 6, tzinfo=dt.UTC))
        assert row is not None
        assert row[2].tzinfo is dt.UTC


def test_postgresql_takes_values_of_all_kinds(dialect: str, connect: Connect) -> None:
    if dialect != "postgresql":
        pytest.skip(f"{dialect} lacks these types")
    connection, key = connect(), uuid4()
    row = connection.fetch_one(
        "SELECT %s::uuid, %s::int[], %s::jsonb, %s::numeric", (key, [1, 2], '{"a": 1}', Decimal("1.10"))
    )
    assert row == (key, [1, 2], '{"a": 1}', Decimal("1.10"))


def test_mysql_values_come_back_as_they_went(dialect: str, connect: Connect, raw_connection: RawConnection) -> None:
    if dialect != "mysql":
        pytest.skip(f"{dialect} lacks these types")
    connection = connect()
    connection.execute(
        "CREATE TABLE t (d DATE, dt DATETIME(6), t TIME(6), n DECIMAL(10, 2), b LONGBLOB, j JSON, x BOOLEAN)"
    )
    moment = dt.datetime(2024, 2, 3, 4, 5, 6, 789)  # noqa: DTZ001 - a DATETIME has no zone
    values = (moment.date(), moment, moment.time(), Decimal("1.10"), b"\x00\xff'", '{"a": "\\""}', True)
    connection.execute("INSERT INTO t VALUES (%s, %s, %s, %s, %s, %s, %s)", values)
    elapsed = dt.timedelta(hours=4, minutes=5, seconds=6, microseconds=789)
    assert connection.fetch("SELECT * FROM t") == [(*values[:2], elapsed, *values[3:6], 1)]
    aware = dt.datetime(2024, 2, 3, 6, 5, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    assert one(connection, "SELECT CAST(%s AS DATETIME)", aware) == aware.astimezone(dt.UTC).replace(tzinfo=None)
    assert one(connection, "SELECT %s", memoryview(b"a\x00")) == b"a\x00"
    # A zero date, stored by a session that was not strict.
    fetch_all(raw_connection, "SET sql_mode = ''")
    fetch_all(raw_connection, "UPDATE t SET d = '0000-00-00', dt = '2024-00-00'")
    assert connection.fetch("SELECT d, dt FROM t") == [(None, None)]


def test_subclasses_of_plain_types_are_bound_as_such(dialect: str, connect: Connect) -> None:
    import enum

    class Level(enum.IntEnum):
        HIGH = 7

    class Name(enum.StrEnum):
        ADA = "ada"

    connection = connect()
    placeholder = connection.dialect.placeholder
    connection.execute("CREATE TABLE t (a INTEGER, b VARCHAR(10))")
    connection.execute(f"INSERT INTO t VALUES ({placeholder}, {placeholder})", (Level.HIGH, Name.ADA))
    assert connection.fetch("SELECT * FROM t") == [(7, "ada")]
