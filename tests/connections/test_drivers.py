"""Client libraries beside the usual ones: chosen by the URL, and alike in all that a program can see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from enum import IntEnum, StrEnum
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from isomorph import errors
from isomorph.connections import Connection, ConnectionSettings, parse, resolve
from isomorph.dialects.mysql.sql import Listed
from isomorph.drivers import LIBRARIES, Target
from tests.connections.conftest import TABLES, Connect, Threads
from tests.support.databases import DRIVERS, missing_library

# --- choosing --------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("connections.drivers")
@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("mysql+mysqlclient://localhost/blog", Target("mysql", "blog", host="localhost", library="mysqlclient")),
        ("MariaDB+MySQLclient://localhost/blog", Target("mysql", "blog", host="localhost", library="mysqlclient")),
        ("sqlite+apsw:///blog.db", Target("sqlite", "blog.db", library="apsw")),
        ("sqlite+apsw://", Target("sqlite", ":memory:", library="apsw")),
    ],
)
def test_the_scheme_names_the_client_library(url: str, target: Target) -> None:
    assert parse(url) == target


def test_the_driver_of_a_connection_in_parts_names_it_too() -> None:
    settings = ConnectionSettings(driver="mysql+mysqlclient", host="db", database="blog")
    assert resolve(settings, {}) == Target("mysql", "blog", host="db", library="mysqlclient")


@pytest.mark.feature("connections.drivers", "bad_input.bad_url")
@pytest.mark.parametrize(
    ("url", "mend"),
    [
        ("mysql+asyncmy://localhost/blog", "write mysql:// or mysql+mysqlclient://"),
        ("mariadb+mariadbconnector://localhost/blog", "write mariadb:// or mariadb+mysqlclient://"),
        ("mysql+apsw://localhost/blog", "write mysql:// or mysql+mysqlclient://"),
        ("mysql+://localhost/blog", "write mysql:// or mysql+mysqlclient://"),
        ("sqlite+pysqlite:///blog.db", "write sqlite:// or sqlite+apsw://"),
        ("postgresql+psycopg2://localhost/blog", "write postgresql:// alone"),
    ],
)
def test_another_library_is_refused_with_those_that_there_are(url: str, mend: str) -> None:
    with pytest.raises(errors.InvalidUrl) as caught:
        parse(url)
    assert caught.value.mend == mend
    with pytest.raises(errors.InvalidUrl):
        resolve(ConnectionSettings(driver=url.partition(":")[0]), {})


def test_each_library_is_tested() -> None:
    assert {(name, dialect) for dialect, names in LIBRARIES.items() for name in names} == set(DRIVERS.items())


# --- the same, whatever library ----------------------------------------------------------------------------------------------


@pytest.fixture
def both(dialect: str, driver: str | None, database_url: str, connect: Connect) -> tuple[Connection, Connection]:
    """A connection through the usual library, and one through the other, to the same database."""
    other = next((name for name, of in DRIVERS.items() if of == dialect), None)
    if driver is not None:
        pytest.skip("it compares both already")
    if other is None:
        pytest.skip(f"{dialect} lacks a second client library")
    if reason := missing_library(other):
        pytest.skip(reason)
    if dialect == "sqlite":  # two copies of SQLite in one process must not open the same file
        return connect("sqlite://"), connect("sqlite+apsw://")
    return connect(database_url), connect(database_url.replace("mysql:", "mysql+mysqlclient:", 1))


class Size(IntEnum):
    LARGE = 3


class Letter(StrEnum):
    A = "a\\'b"


VALUES: dict[str, list[Any]] = {
    "sqlite": [
        None,
        True,
        -(2**63),
        1.5,
        0.1,
        1e300,
        "",
        "x'y\\z\0é😀",
        b"\0\xff'",
        Size.LARGE,
        Letter.A,
        memoryview(b"ab"),
    ],
    "mysql": [
        None,
        True,
        2**63,
        1.5,
        0.1,
        1e300,
        Decimal("12345678901234567890.123456789"),
        "",
        "x'y\\z\0\n%é😀",
        b"\0\xff'\\",
        bytearray(b"a"),
        memoryview(b"ab"),
        dt.date(1, 2, 3),
        dt.datetime(2024, 2, 29, 23, 59, 59, 7),  # noqa: DTZ001 - a moment of no zone is what is meant
        dt.datetime(2024, 2, 29, 23, 59, tzinfo=dt.timezone(dt.timedelta(hours=3))),
        dt.time(1, 2, 3, 400_000),
        dt.timedelta(days=20, microseconds=1),
        -dt.timedelta(hours=1, microseconds=1),
        Size.LARGE,
        Letter.A,
    ],
}


@pytest.mark.feature("connections.drivers")
def test_values_arrive_alike_whichever_library_writes_and_reads_them(
    dialect: str, both: tuple[Connection, Connection]
) -> None:
    columns = {
        "sqlite": ["value"],
        "mysql": [
            "big BIGINT",
            "large BIGINT UNSIGNED",
            "flag TINYINT(1)",
            "number DOUBLE",
            "money DECIMAL(30, 9)",
            "name VARCHAR(50) COLLATE utf8mb4_bin",
            "body LONGTEXT",
            "data LONGBLOB",
            "short BINARY(3)",
            "day DATE",
            "moment DATETIME(6)",
            "stamp TIMESTAMP(3) NULL",
            "hour TIME(6)",
            "year YEAR",
            "bits BIT(9)",
            "kind ENUM('a', 'b')",
            "kinds SET('a', 'b')",
            "document JSON",
            "place POINT",
        ],
    }[dialect]
    answers: list[list[Any]] = []
    for connection in both:
        mark = connection.dialect.placeholder
        told = [connection.fetch_one(f"SELECT {mark}", (value,)) for value in VALUES[dialect]]
        connection.execute(f"CREATE TABLE v{len(answers)} ({', '.join(columns)})")
        answers.append([*told])
    assert answers[0] == answers[1]
    assert [type(row and row[0]) for row in answers[0]] == [type(row and row[0]) for row in answers[1]]
    if dialect == "mysql":
        insert = (
            "INSERT INTO v0 VALUES (-5, 18446744073709551615, 1, 0.1, 1.5, 'é', '😀', X'00ff', 'ab', '2024-02-29',"
            " '2024-02-29 01:02:03.000004', '2024-02-29 01:02:03.5', '-838:59:58.5', 2024, b'101', 'b', 'a,b',"
            " '{\"a\": 1}', ST_GeomFromText('POINT(1 2)')), (" + ", ".join(["NULL"] * len(columns)) + ")"
        )
        both[0].execute(insert)
        read = [connection.fetch("SELECT * FROM v0") for connection in both]
        assert read[0] == read[1]
        assert [[type(value) for value in row] for row in read[0]] == [
            [type(value) for value in row] for row in read[1]
        ]


def test_lists_and_zero_dates_are_alike_on_mysql(dialect: str, both: tuple[Connection, Connection]) -> None:
    if dialect != "mysql":
        pytest.skip(f"{dialect} lacks them")
    rows = Listed((Listed((1, "a\\b'")), Listed((2, b"\0"))))
    for connection in both:
        assert connection.fetch_one("SELECT (1, 'a\\\\b''') IN %s, 3 NOT IN %s", (rows, [1, 2])) == (1, 1)
        connection.execute("SET SESSION sql_mode = ''")
        zeros = connection.fetch_one(
            "SELECT CAST('0000-00-00' AS DATE), CAST('2024-00-01' AS DATE), CAST('0000-00-00' AS DATETIME)"
        )
        assert zeros == (None, None, None)


def test_a_backslash_is_itself_whatever_the_session_says_of_it(
    dialect: str, both: tuple[Connection, Connection]
) -> None:
    if dialect != "mysql":
        pytest.skip(f"{dialect} lacks escapes")
    for connection in both:
        for mode in ("", "NO_BACKSLASH_ESCAPES"):
            with connection.session():
                connection.execute("SET SESSION sql_mode = %s", (mode,))
                assert connection.fetch_one("SELECT %s, %s", ("\\' OR 1 -- \\", "\\")) == ("\\' OR 1 -- \\", "\\")


@pytest.mark.feature("connections.drivers")
def test_sessions_are_set_up_alike(dialect: str, both: tuple[Connection, Connection]) -> None:
    settings = {
        "mysql": [
            "SELECT @@sql_mode, @@time_zone, @@autocommit, @@group_concat_max_len, @@collation_connection",
            "SELECT @@character_set_client, @@character_set_results, @@character_set_connection",
        ],
        "sqlite": [f"PRAGMA {name}" for name in ("foreign_keys", "recursive_triggers", "busy_timeout", "synchronous")],
    }[dialect]
    for statement in settings:
        assert both[0].fetch(statement) == both[1].fetch(statement) != []
    assert both[0].capabilities == both[1].capabilities


STATEMENTS = [
    "INSERT INTO books (id, title) VALUES (1, 'a'), (2, 'a')",
    "INSERT INTO books (id, title, pages) VALUES (1, 'a', -1)",
    "INSERT INTO books (id, title, shelf) VALUES (1, 'a', 7)",
    "INSERT INTO books (id) VALUES (1)",
    "SELECT nothing FROM books",
    "SELECT * FROM nowhere",
    "SELEC",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE books",
]


@pytest.mark.feature("connections.drivers")
def test_errors_and_counts_are_alike(both: tuple[Connection, Connection]) -> None:
    told: list[list[object]] = []
    for connection in both:
        for table in ("books", "shelves"):
            connection.execute(f"DROP TABLE IF EXISTS {table}")
        counts = [connection.execute(statement) for statement in TABLES]
        counts += [
            connection.execute("INSERT INTO shelves VALUES (1, 'a'), (2, 'b')"),
            connection.execute("UPDATE shelves SET label = label"),
            connection.insert("INSERT INTO books (id, title) VALUES (7, 'x')"),
            connection.execute("DELETE FROM shelves WHERE id > 5"),
        ]
        mark = connection.dialect.placeholder
        many = f"INSERT INTO shelves (id, label) VALUES ({mark}, {mark})"
        counts.append(connection.execute_many(many, [(n, "%s'") for n in range(10, 20)]))
        counts.append(connection.execute_many(f"UPDATE shelves SET label = 'c' WHERE id > {mark}", [(17,), (12,)]))
        failed: list[object] = []
        for statement in STATEMENTS:
            with pytest.raises(errors.DatabaseError) as caught:
                connection.execute(statement)
            error = caught.value
            where = (
                (error.table, error.columns, error.constraint) if isinstance(error, errors.ConstraintViolation) else ()
            )
            failed.append((type(error), where))
        told.append([*counts, *failed])
        assert connection.fetch("SELECT COUNT(*), MIN(label) FROM shelves")[0][0] == 12
    assert told[0] == told[1]


@pytest.mark.feature("connections.drivers")
def test_two_libraries_do_not_open_the_same_file(tmp_path: Path, connect: Connect, driver: str | None) -> None:
    if driver is not None:
        pytest.skip("it names both already")
    if reason := missing_library("apsw"):
        pytest.skip(reason)
    path = tmp_path / "a.db"
    usual, other = connect(f"sqlite:///{path}"), connect(f"sqlite+apsw:///{path}")
    usual.execute("CREATE TABLE t (a INTEGER)")
    with pytest.raises(errors.ConnectionFailed, match="sqlite3 has the file open in this process"):
        other.fetch("SELECT * FROM t")
    usual.close()
    assert other.fetch("SELECT * FROM t") == []
    (tmp_path / "b.db").symlink_to(path)
    with pytest.raises(errors.ConnectionFailed, match="apsw has the file open in this process"):
        connect(f"sqlite:///{tmp_path / 'b.db'}").fetch("SELECT * FROM t")
    other.close()
    assert usual.fetch("SELECT * FROM t") == []


# --- what mysqlclient does not say of transactions ------------------------------------------------------------------------


@pytest.fixture
def fast(dialect: str, both: tuple[Connection, Connection]) -> Connection:
    if dialect != "mysql":
        pytest.skip(f"{dialect} lacks mysqlclient")
    both[1].execute(TABLES[0])
    return both[1]


@pytest.mark.feature("connections.drivers")
@pytest.mark.parametrize("ending", ["CREATE TABLE other (a INTEGER)", "commit", "SET autocommit = 1"])
def test_a_transaction_that_a_statement_ends_takes_no_more_after_an_error(fast: Connection, ending: str) -> None:
    def work() -> None:
        fast.execute("INSERT INTO shelves VALUES (1, 'a')")
        fast.execute(ending)
        if ending.startswith("SET"):  # it was on, and so nothing has ended
            return
        with pytest.raises(errors.SchemaMismatch):
            fast.execute("INSERT INTO nowhere VALUES (1)")
        with pytest.raises(errors.TransactionAborted):
            fast.execute("INSERT INTO shelves VALUES (2, 'b')")

    if ending.startswith("SET"):
        fast.run(work)
    else:
        with pytest.raises(errors.TransactionAborted):
            fast.run(work)
    assert fast.fetch("SELECT id FROM shelves") == [(1,)]


def test_a_transaction_of_plain_sql_does_not_reach_the_next_user_of_its_connection(
    fast: Connection, both: tuple[Connection, Connection]
) -> None:
    for number, begin in enumerate(("BEGIN", " start transaction", "SET autocommit = 0")):
        fast.execute(begin)
        fast.execute("INSERT INTO shelves VALUES (%s, 'a')", (number,))
        assert both[0].fetch("SELECT id FROM shelves WHERE id = %s", (number,)) == [(number,)], begin


def test_the_results_of_a_procedure_do_not_stay_in_the_way(fast: Connection) -> None:
    fast.execute("CREATE PROCEDURE two() BEGIN SELECT 1; SELECT 2; END")
    calls: list[Callable[[], object]] = [
        lambda: fast.fetch("CALL two()"),
        lambda: fast.fetch_one("CALL two()"),
        lambda: fast.execute("CALL two()"),
        lambda: list(fast.stream("CALL two()")),
    ]
    for call in calls:
        call()
        assert fast.fetch("SELECT 3") == [(3,)]


def test_rows_of_many_megabytes_are_inserted_in_several_statements(fast: Connection) -> None:
    fast.execute("CREATE TABLE large (id INTEGER PRIMARY KEY, body LONGTEXT)")
    rows = [(number, "x" * 200_000) for number in range(20)]
    assert fast.execute_many("INSERT INTO large (id, body) VALUES (%s, %s)", rows) == 20
    assert fast.fetch("SELECT COUNT(*), MIN(LENGTH(body)) FROM large") == [(20, 200_000)]
    changed = fast.execute_many(
        "INSERT INTO large (id, body) VALUES (%s, %s) ON DUPLICATE KEY UPDATE body = %s",
        [(1, "a", "b"), (50, "c", "d")],
    )
    assert changed == 3  # a row that is changed counts twice
    assert fast.fetch("SELECT id, body FROM large WHERE id IN (1, 50)") == [(1, "b"), (50, "c")]


def test_threads_read_at_the_same_time(fast: Connection, threads: Threads) -> None:
    def read(number: int) -> None:
        assert {fast.fetch_one("SELECT %s", (number,)) for _ in range(50)} == {(number,)}

    for number in range(4):
        threads.start(partial(read, number))
    threads.join()


def test_an_option_that_the_library_does_not_take_is_told(fast: Connection, database_url: str) -> None:
    url = database_url.replace("mysql:", "mysql+mysqlclient:", 1)
    with pytest.raises(errors.InvalidUrl, match=r'mysql\+mysqlclient has no option "application_name"'):
        Connection("default", parse(f"{url}?application_name=a")).fetch("SELECT 1")
