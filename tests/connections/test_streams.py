"""Streams: batches, early ends, statements beside them, errors in the middle, constant memory."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from itertools import chain

import pytest

from isomorph import errors
from isomorph.connections import Connection, PoolSettings
from isomorph.drivers.base import Row
from tests.connections.conftest import Connect, Database, Threads

ALL = "SELECT id FROM books ORDER BY id"


@pytest.fixture
def library(database: Database) -> Database:
    insert = database.sql("INSERT INTO books (id, title) VALUES (%s, %s)")
    database.connection.execute_many(insert, [(n, f"book {n}") for n in range(1, 3001)])
    return database


def ids(batch: list[Row]) -> list[int]:
    return [row[0] for row in batch]


@pytest.mark.feature("queries.cursor")
@pytest.mark.parametrize("in_transaction", [False, True])
def test_a_stream_gives_all_rows_in_batches(dialect: str, library: Database, in_transaction: bool) -> None:
    def read() -> list[list[int]]:
        return [ids(batch) for batch in library.connection.stream(ALL, size=1300)]

    batches = library.connection.run(read) if in_transaction else read()
    assert [len(batch) for batch in batches] == [1300, 1300, 400]
    assert list(chain.from_iterable(batches)) == list(range(1, 3001))


def test_a_stream_takes_parameters_and_percent_signs(dialect: str, library: Database) -> None:
    percent = "%%" if library.connection.dialect.placeholder == "%s" else "%"
    sql = library.sql("SELECT title FROM books WHERE id < %s AND title LIKE 'book ~' ORDER BY id").replace("~", percent)
    assert list(chain.from_iterable(library.connection.stream(sql, (3,)))) == [("book 1",), ("book 2",)]


def test_a_stream_of_no_rows_is_empty(library: Database) -> None:
    assert list(library.connection.stream("SELECT id FROM books WHERE id < 0")) == []


def test_a_stream_runs_nothing_before_it_is_read(dialect: str, database: Database) -> None:
    batches = database.connection.stream("SELECT wrong")
    with pytest.raises(errors.StatementFailed):
        next(batches)
    assert database.connection.fetch("SELECT 1") == [(1,)]
    with pytest.raises(errors.InvalidQuery, match="less than one row"):
        database.connection.stream("SELECT 1", size=0)


@pytest.mark.parametrize("read", [1, 2, 10])
def test_a_stream_closed_early_gives_its_connection_back(dialect: str, library: Database, read: int) -> None:
    for _ in range(10):  # more often than there are connections
        batches = library.connection.stream(ALL, size=100)
        for _ in range(read):
            next(batches)
        batches.close()
        assert library.connection.fetch("SELECT 1") == [(1,)]
    if dialect != "sqlite":
        assert library.connection.statistics().in_use == 0


def test_a_stream_that_is_dropped_gives_its_connection_back(dialect: str, library: Database) -> None:
    for _ in range(10):
        for _ in library.connection.stream(ALL, size=100):
            break
    if dialect != "sqlite":
        assert library.connection.statistics().in_use == 0


def test_an_error_of_the_reader_ends_the_stream(dialect: str, library: Database) -> None:
    def read() -> None:
        for _ in library.connection.stream(ALL, size=10):
            raise ZeroDivisionError

    for _ in range(10):
        with pytest.raises(ZeroDivisionError):
            read()
    assert library.connection.fetch("SELECT 1") == [(1,)]


def test_statements_beside_a_stream_are_kept_even_when_it_ends_early(
    dialect: str, library: Database, connect: Connect
) -> None:
    batches = library.connection.stream(ALL, size=10)
    next(batches)
    library.execute("UPDATE books SET pages = 7 WHERE id = 3000")
    assert library.connection.fetch("SELECT id FROM books WHERE pages = 7") == [(3000,)]
    next(batches)
    batches.close()
    assert connect().fetch("SELECT id FROM books WHERE pages = 7") == [(3000,)]


def test_transactions_beside_a_stream(dialect: str, library: Database) -> None:
    seen: list[int] = []
    for batch in library.connection.stream(ALL, size=1000):
        with library.connection.transaction():
            library.execute("UPDATE books SET pages = 7 WHERE id = %s", (ids(batch)[0],))
        seen += ids(batch)
    assert seen == list(range(1, 3001))
    assert len(library.connection.fetch("SELECT id FROM books WHERE pages = 7")) == 3


def test_statements_beside_a_stream_in_one_transaction(dialect: str, library: Database, connect: Connect) -> None:
    with library.connection.transaction():
        seen: list[int] = []
        for batch in library.connection.stream(ALL, size=100):
            seen += ids(batch)
            library.execute("UPDATE books SET pages = 7 WHERE id = %s", (ids(batch)[0],))
            with library.connection.transaction():
                library.connection.fetch("SELECT 1")
        assert seen == list(range(1, 3001))
        assert connect().fetch("SELECT id FROM books WHERE pages = 7") == []
    assert len(library.connection.fetch("SELECT id FROM books WHERE pages = 7")) == 30


def test_two_streams_in_one_transaction(dialect: str, library: Database) -> None:
    with library.connection.transaction():
        one, two = library.connection.stream(ALL, size=1000), library.connection.stream(ALL, size=1000)
        both = [(ids(a)[0], ids(b)[0]) for a, b in zip(one, two, strict=True)]
    assert both == [(1, 1), (1001, 1001), (2001, 2001)]


def test_two_streams_side_by_side(dialect: str, library: Database) -> None:
    one, two = library.connection.stream(ALL, size=1000), library.connection.stream(ALL, size=1000)
    assert [(ids(a)[0], ids(b)[0]) for a, b in zip(one, two, strict=True)] == [(1, 1), (1001, 1001), (2001, 2001)]


def test_a_stream_closed_early_in_a_transaction_leaves_it_whole(dialect: str, library: Database) -> None:
    with library.connection.transaction():
        library.execute("UPDATE books SET pages = 7 WHERE id = 1")
        batches = library.connection.stream(ALL, size=10)
        next(batches)
        batches.close()
        library.execute("UPDATE books SET pages = 7 WHERE id = 2")
    assert library.connection.fetch("SELECT id FROM books WHERE pages = 7 ORDER BY id") == [(1,), (2,)]


def test_a_stream_that_outlives_its_transaction_never_meets_another_one(dialect: str, library: Database) -> None:
    connection = library.connection
    with connection.transaction():
        batches = connection.stream(ALL, size=1000)
        next(batches)
    with connection.transaction():
        library.execute("UPDATE books SET pages = 7 WHERE id = 1")
        if dialect == "postgresql":
            with pytest.raises(errors.InvalidQuery, match="inside its transaction"):
                next(batches)
        else:
            assert ids(next(batches))[0] == 1001
        batches.close()
        library.execute("UPDATE books SET pages = 7 WHERE id = 2")
    assert connection.fetch("SELECT id FROM books WHERE pages = 7 ORDER BY id") == [(1,), (2,)]
    assert (connection.statistics().in_use or 0) == 0


def test_a_stream_is_a_part_of_a_transaction_that_is_undone(dialect: str, library: Database) -> None:
    batches = library.connection.stream(ALL, size=10)

    def work() -> None:
        library.execute("UPDATE books SET pages = 7 WHERE id = 1")
        next(batches)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        library.connection.run(work)
    batches.close()
    assert library.connection.fetch("SELECT id FROM books WHERE pages = 7") == []


def test_closing_beside_a_stream_lets_it_end_first(dialect: str, library: Database) -> None:
    batches = library.connection.stream(ALL, size=1000)
    seen = ids(next(batches))
    library.connection.close()
    for batch in batches:
        seen += ids(batch)
    assert seen == list(range(1, 3001))
    assert library.connection.fetch("SELECT 1") == [(1,)]


def test_an_error_in_the_middle_of_a_stream_is_translated(dialect: str, library: Database) -> None:
    broken = {
        "sqlite": "SELECT abs(CASE id WHEN 2500 THEN -9223372036854775807 - 1 ELSE id END) FROM books ORDER BY id",
        "postgresql": "SELECT 1 / (id - 2500) FROM books",
        # MariaDB finds an error of a row while it reads, unless it must sort first.
        "mysql": "SELECT CASE WHEN id < 2500 THEN id ELSE (SELECT a.id FROM books a WHERE a.id > books.id) END FROM books",
    }[dialect]
    for in_transaction in (False, True):
        seen = 0

        def read() -> None:
            nonlocal seen
            for batch in library.connection.stream(broken, size=100):
                seen += len(batch)

        with pytest.raises(errors.StatementFailed) as caught:
            library.connection.run(read) if in_transaction else read()
        assert caught.value.driver_error is not None
        assert caught.value.__context__ is None
        assert seen > 0
        assert library.connection.fetch("SELECT 1") == [(1,)]


def test_an_error_in_rows_that_another_statement_made_be_read_belongs_to_the_stream(
    dialect: str, library: Database
) -> None:
    if dialect != "mysql":
        pytest.skip(f"{dialect} lacks a reason to read ahead")
    broken = "SELECT CASE WHEN id < 2500 THEN id ELSE (SELECT a.id FROM books a WHERE a.id > books.id) END FROM books"
    with library.connection.transaction():
        batches = library.connection.stream(broken, size=100)
        next(batches)
        library.execute("UPDATE books SET pages = 7 WHERE id = 1")
        with pytest.raises(errors.StatementFailed):
            next(batches)
    assert library.connection.fetch("SELECT id FROM books WHERE pages = 7") == [(1,)]


def test_a_stream_begun_in_one_thread_may_be_closed_in_another(
    dialect: str, library: Database, threads: Threads
) -> None:
    batches = library.connection.stream(ALL, size=10)
    next(batches)
    threads.start(batches.close)
    threads.join()
    assert library.connection.fetch("SELECT 1") == [(1,)]
    if dialect != "sqlite":
        assert library.connection.statistics().in_use == 0


def test_a_stream_beside_statements_needs_two_connections_of_a_server(
    dialect: str, library: Database, connect: Connect
) -> None:
    connection: Connection = connect(pool=PoolSettings(max=1, timeout_s=0.05))
    batches = connection.stream(ALL, size=10)
    next(batches)
    if dialect == "sqlite":
        assert connection.fetch("SELECT 1") == [(1,)]
    else:
        with pytest.raises(errors.PoolTimeout):
            connection.fetch("SELECT 1")
    batches.close()
    assert connection.fetch("SELECT 1") == [(1,)]


READER = """
    import resource, sys
    from isomorph.connections import Connection, parse

    connection = Connection("default", parse(sys.argv[1]))
    connection.fetch("SELECT 1")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows = 0
    for batch in connection.stream(sys.argv[2], size=500):
        rows += len(batch)
    connection.close()
    print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.feature("queries.cursor")
def test_a_stream_needs_constant_memory(dialect: str, database_url: str, connect: Connect) -> None:
    connection = connect()
    connection.execute(f"CREATE TABLE large (a {'LONGTEXT' if dialect == 'mysql' else 'TEXT'})")
    text = "x" * 10_000
    with connection.transaction():
        for _ in range(8):
            placeholder = connection.dialect.placeholder
            connection.execute_many(f"INSERT INTO large VALUES ({placeholder})", [(text,)] * 1000)
    read = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(READER), database_url, "SELECT a FROM large"],
        check=True,
        capture_output=True,
        text=True,
    )
    rows, grown_kb = map(int, read.stdout.split())
    assert rows == 8000
    assert grown_kb < 40_000, "80 MB of rows; a batch is 5 MB"
