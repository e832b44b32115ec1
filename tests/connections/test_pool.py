"""Pools: bounds, waiting, threads, dead connections, statistics, closing."""

from __future__ import annotations

import gc
import select
import threading
from functools import partial
from pathlib import Path
from time import monotonic
from types import SimpleNamespace
from typing import Any, cast

import pytest

from isomorph import errors
from isomorph.connections import Connection, PoolSettings, parse
from isomorph.connections.pool_sqlite import ThreadPool
from isomorph.drivers.base import Driver, DriverConnection, Target
from tests.connections.conftest import TABLES, Connect, Database, Threads
from tests.support.databases import RawConnection, connect_raw, fetch_all

SESSION_ID = {"postgresql": "SELECT pg_backend_pid()", "mysql": "SELECT connection_id()"}


def needs_server(dialect: str) -> None:
    if dialect == "sqlite":
        pytest.skip("sqlite lacks a server")


def session_of(connection: Connection) -> int:
    return cast(int, cast("tuple[Any, ...]", connection.fetch_one(SESSION_ID[connection.dialect.name]))[0])


def kill(raw: RawConnection, dialect: str, session: int) -> None:
    """End a session from the server's side, and wait until it has ended."""
    if dialect == "postgresql":
        assert fetch_all(raw, "SELECT pg_terminate_backend(%s, 10000)", (session,)) == [(True,)]
        return
    fetch_all(raw, f"KILL {session}")
    while fetch_all(raw, "SELECT 1 FROM information_schema.processlist WHERE id = %s", (session,)):
        pass


def wait_for_hangup(connection: Connection) -> None:
    """Wait until the end of the socket has reached the connection parked by this thread."""
    pool: Any = connection._pool
    driver = pool._spots.own.parked[0]
    raw = driver.raw if hasattr(driver, "raw") else driver._raw
    descriptor = (raw if hasattr(raw, "fileno") else raw._sock).fileno()
    assert select.select([descriptor], [], [], 10)[0]


# --- bounds --------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("connections.pool")
def test_eight_threads_share_four_connections(
    dialect: str, database: Database, threads: Threads, raw_connection: RawConnection
) -> None:
    connection, start = database.connection, threading.Barrier(8)

    def work(first: int) -> None:
        start.wait(10)
        for id_ in range(first, first + 25):
            with connection.transaction():
                database.add_book(id_)
            assert connection.fetch_one(database.sql("SELECT id FROM books WHERE id = %s"), (id_,)) == (id_,)

    for number in range(8):
        threads.start(partial(work, number * 100))
    threads.join()
    assert len(database.titles()) == 200
    told = connection.statistics()
    if dialect == "sqlite":
        assert told.max is None
    else:
        assert (told.max, told.in_use) == (4, 0)
        assert 1 <= (told.idle or 0) <= 4
        sessions = {
            "postgresql": "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'isomorph'"
            " AND datname = current_database()",
            "mysql": "SELECT count(*) FROM information_schema.processlist WHERE db = database()",
        }[dialect]
        assert fetch_all(raw_connection, sessions)[0][0] <= 4 + 1  # the one that asks may count itself


@pytest.mark.feature("connections.pool")
def test_who_waits_too_long_for_a_connection_is_told(dialect: str, connect: Connect, threads: Threads) -> None:
    url = "sqlite://" if dialect == "sqlite" else None
    connection = connect(url, pool=PoolSettings(max=1, timeout_s=0.05))
    caught: list[errors.PoolTimeout] = []

    def ask() -> None:
        with pytest.raises(errors.PoolTimeout, match=r'"default" became free within 0\.05 s .raise pool\.max') as info:
            connection.fetch("SELECT 1")
        caught.append(info.value)

    with connection.transaction():
        connection.fetch("SELECT 1")
        threads.start(ask)
        threads.join()
    assert len(caught) == 1
    assert connection.fetch("SELECT 1") == [(1,)]


def test_who_waits_gets_the_connection_that_another_thread_gives_back(
    dialect: str, connect: Connect, threads: Threads
) -> None:
    url = "sqlite://" if dialect == "sqlite" else None
    connection = connect(url, pool=PoolSettings(max=1, timeout_s=30))
    asking, answers = threading.Event(), list[object]()

    def ask() -> None:
        asking.set()
        answers.append(connection.fetch_one("SELECT 1"))

    with connection.transaction():
        threads.start(ask)
        assert asking.wait(10)
    threads.join()
    assert answers == [(1,)]


def test_a_connection_parked_by_one_thread_is_taken_by_another(
    dialect: str, connect: Connect, threads: Threads
) -> None:
    needs_server(dialect)
    connection = connect(pool=PoolSettings(max=1, timeout_s=5))
    mine = session_of(connection)
    theirs: list[int] = []
    threads.start(lambda: theirs.append(session_of(connection)))
    threads.join()
    assert theirs == [mine]
    assert session_of(connection) == mine


def test_the_connections_of_threads_that_have_ended_are_used_again(
    dialect: str, connect: Connect, threads: Threads
) -> None:
    needs_server(dialect)
    connection = connect(pool=PoolSettings(max=2, timeout_s=5))
    for _ in range(20):
        for _ in range(2):
            threads.start(connection.ping)
        threads.join()
    told = connection.statistics()
    assert told.in_use == 0
    assert 1 <= (told.idle or 0) <= 2


def test_only_one_connection_is_opened_for_one_thread(
    dialect: str, connect: Connect, raw_connection: RawConnection
) -> None:
    needs_server(dialect)
    connection = connect()
    for _ in range(10):
        with connection.transaction():
            connection.fetch("SELECT 1")
        connection.fetch("SELECT 1")
    assert connection.statistics().idle == 1


def test_a_sqlite_file_has_a_connection_per_thread_closed_at_its_end(
    tmp_path: Path, connect: Connect, threads: Threads
) -> None:
    connection = connect(f"sqlite:///{tmp_path / 'a.db'}")
    connection.execute("CREATE TABLE t (a INTEGER)")
    connection.close()
    assert not (tmp_path / "a.db-wal").exists()

    def work() -> None:
        connection.execute("INSERT INTO t VALUES (1)")
        assert (tmp_path / "a.db-wal").exists()

    threads.start(work)
    threads.join()
    # The last connection that closes takes the WAL with it. A thread may be joined a moment before its end.
    deadline = monotonic() + 10
    while (tmp_path / "a.db-wal").exists():
        assert monotonic() < deadline


def _alone(connection: Connection) -> ThreadPool:
    """The pool of a SQLite file, when all threads but this one have given back: one may be joined a moment before its end."""
    pool = cast("ThreadPool", connection._opened())
    deadline = monotonic() + 10
    while len(pool._places) > 1:
        assert monotonic() < deadline
    return pool


def test_a_thread_goes_on_with_what_another_left_behind_while_a_sqlite_file_is_open(
    tmp_path: Path, connect: Connect, threads: Threads
) -> None:
    connection = connect(f"sqlite:///{tmp_path / 'a.db'}")
    connection.ping()
    pool = _alone(connection)
    opened: list[Target] = []
    driver = pool._driver

    def counted(target: Target) -> DriverConnection:
        opened.append(target)
        return driver.connect(target)

    pool._driver = cast("Driver", SimpleNamespace(connect=counted))

    for _ in range(10):
        threads.start(connection.ping)
        threads.join()
        _alone(connection)
    assert len(opened) == 1


def test_a_connection_that_a_stream_still_reads_is_not_left_to_another_thread(
    tmp_path: Path, connect: Connect, threads: Threads
) -> None:
    connection = connect(f"sqlite:///{tmp_path / 'a.db'}")
    connection.ping()
    begun: list[Any] = []

    def work() -> None:
        begun.append(connection.stream("SELECT 1 UNION ALL SELECT 2", size=1))
        next(begun[0])

    threads.start(work)
    threads.join()
    assert _alone(connection)._unused() is None
    assert next(begun[0]) == [(2,)]


def test_a_connection_that_an_error_remembers_is_not_left_to_another_thread(
    tmp_path: Path, connect: Connect, threads: Threads
) -> None:
    """It is finalized with the frames of the error, whenever the garbage collector comes by."""
    connection = connect(f"sqlite:///{tmp_path / 'a.db'}")
    connection.ping()
    told: list[BaseException] = []

    def work() -> None:
        try:
            connection.fetch("SELECT * FROM nowhere")
        except errors.SchemaMismatch as error:
            told.append(error)

    threads.start(work)
    threads.join()
    assert _alone(connection)._unused() is None
    told.clear()
    gc.collect()
    threads.start(connection.ping)
    threads.join()


def test_at_most_so_many_connections_to_a_sqlite_file_are_left_behind(
    tmp_path: Path, connect: Connect, threads: Threads
) -> None:
    connection = connect(f"sqlite:///{tmp_path / 'a.db'}", pool=PoolSettings(max=2))
    connection.ping()
    together = threading.Barrier(4)

    def work() -> None:
        connection.ping()
        together.wait(10)

    for _ in range(4):
        threads.start(work)
    threads.join()
    pool = _alone(connection)
    assert len(pool._left) == 2
    connection.close()
    assert pool._left == []


def test_a_transaction_that_a_thread_left_open_is_not_left_to_another(
    tmp_path: Path, connect: Connect, threads: Threads
) -> None:
    connection = connect(f"sqlite:///{tmp_path / 'a.db'}")
    connection.execute("CREATE TABLE t (a INTEGER)")

    def work() -> None:
        connection.execute("BEGIN")  # behind isomorph's back
        connection.execute("INSERT INTO t VALUES (1)")

    threads.start(work)
    threads.join()
    _alone(connection)
    connection.execute("INSERT INTO t VALUES (2)")
    assert connection.fetch("SELECT a FROM t") == [(2,)]


# --- memory ----------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("connections.sqlite_memory")
def test_a_memory_database_is_one_for_all_threads(connect: Connect, threads: Threads) -> None:
    connection = connect("sqlite:///:memory:")
    connection.execute("CREATE TABLE t (a INTEGER)")

    def work() -> None:
        for _ in range(50):
            with connection.transaction():
                count = cast("tuple[int]", connection.fetch_one("SELECT count(*) FROM t"))[0]
                connection.execute("INSERT INTO t VALUES (?)", (count,))

    for _ in range(4):
        threads.start(work)
    threads.join()
    assert [row[0] for row in connection.fetch("SELECT a FROM t ORDER BY a")] == list(range(200))


@pytest.mark.feature("connections.sqlite_memory")
def test_two_connections_to_memory_are_two_databases(connect: Connect) -> None:
    one, two = connect("sqlite://"), connect("sqlite://")
    one.execute("CREATE TABLE t (a INTEGER)")
    with pytest.raises(errors.SchemaMismatch):
        two.fetch("SELECT * FROM t")


def test_a_stream_of_a_memory_database_keeps_its_turn(connect: Connect, threads: Threads) -> None:
    connection = connect("sqlite://", pool=PoolSettings(timeout_s=0.05))
    connection.execute("CREATE TABLE t (a INTEGER)")
    connection.execute_many("INSERT INTO t VALUES (?)", [(n,) for n in range(10)])
    batches = connection.stream("SELECT a FROM t ORDER BY a", size=3)
    assert next(batches) == [(0,), (1,), (2,)]
    with connection.transaction():
        connection.execute("DELETE FROM t WHERE a = 9")

    def ask() -> None:
        with pytest.raises(errors.PoolTimeout):
            connection.fetch("SELECT 1")

    threads.start(ask)
    threads.join()
    batches.close()
    threads.start(connection.ping)
    threads.join()
    assert connection.statistics().in_use == 0


# --- dead connections --------------------------------------------------------------------------------------------------------


@pytest.mark.feature("errors.connection_lost")
def test_a_connection_killed_while_idle_is_replaced_before_the_next_statement(
    dialect: str, connect: Connect, raw_connection: RawConnection
) -> None:
    needs_server(dialect)
    connection = connect()
    for _ in range(3):
        kill(raw_connection, dialect, session_of(connection))
        wait_for_hangup(connection)
        assert connection.fetch("SELECT 1") == [(1,)]
        kill(raw_connection, dialect, session_of(connection))
        wait_for_hangup(connection)
        with connection.transaction():
            assert connection.fetch("SELECT 1") == [(1,)]
    assert connection.statistics().in_use == 0


@pytest.mark.feature("errors.connection_lost")
def test_a_connection_killed_in_a_transaction_is_lost_and_nothing_goes_on_without_it(
    dialect: str, database: Database, raw_connection: RawConnection
) -> None:
    needs_server(dialect)
    connection = database.connection

    def work() -> None:
        database.add_book(1)
        kill(raw_connection, dialect, session_of(connection))
        with pytest.raises(errors.ConnectionLost, match="run it again if it may be repeated"):
            database.add_book(2)
        for _ in range(2):  # not on another connection, outside of the transaction
            with pytest.raises(errors.TransactionAborted):
                database.add_book(3)
        with pytest.raises(errors.TransactionAborted), connection.transaction():
            raise AssertionError

    with pytest.raises(errors.TransactionAborted):
        connection.run(work)
    assert database.titles() == []


def test_an_error_of_the_program_is_not_hidden_by_a_lost_connection(
    dialect: str, database: Database, raw_connection: RawConnection
) -> None:
    needs_server(dialect)

    def work() -> None:
        kill(raw_connection, dialect, session_of(database.connection))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.connection.run(work)
    assert database.titles() == []


def test_after_all_connections_died_each_thread_goes_on(
    dialect: str, connect: Connect, threads: Threads, raw_connection: RawConnection
) -> None:
    needs_server(dialect)
    connection = connect(pool=PoolSettings(max=4, timeout_s=10))
    inside, outside, killed = threading.Barrier(4), threading.Barrier(5), threading.Event()
    sessions: list[int] = []

    def work() -> None:
        with connection.transaction():
            sessions.append(session_of(connection))
            inside.wait(10)  # four at once, so four sessions
        outside.wait(10)
        assert killed.wait(10)
        while True:  # a session ends a moment before its end reaches the client
            try:
                assert connection.fetch("SELECT 1") == [(1,)]
            except errors.ConnectionLost:
                continue
            return

    for _ in range(4):
        threads.start(work)
    outside.wait(10)
    for session in sessions:
        kill(raw_connection, dialect, session)
    killed.set()
    threads.join()
    assert connection.statistics().in_use == 0


def test_a_server_that_went_away_is_told_at_once_and_used_again_when_it_is_back(
    dialect: str, connect: Connect, raw_connection: RawConnection
) -> None:
    needs_server(dialect)
    connection = connect(pool=PoolSettings(max=2, timeout_s=60))
    connection.ping()
    pool: Any = connection._pool
    kill(raw_connection, dialect, session_of(connection))
    wait_for_hangup(connection)
    inner, target = pool._inner, pool._inner._target
    inner._target = parse(f"{dialect}://nobody:nothing@127.0.0.1:1/nowhere")
    for _ in range(3):
        with pytest.raises(errors.ConnectionFailed):
            connection.fetch("SELECT 1")
    inner._target = target
    assert connection.fetch("SELECT 1") == [(1,)]
    with connection.transaction():
        assert connection.fetch("SELECT 1") == [(1,)]
    assert connection.statistics().in_use == 0


def test_a_changed_table_does_not_break_prepared_statements(dialect: str, database: Database, connect: Connect) -> None:
    database.add_book(1, "7")
    other = connect()
    for _ in range(3):
        assert other.fetch("SELECT title, pages FROM books WHERE id = 1") == [("7", 1)]
        assert other.fetch_one("SELECT title, pages FROM books WHERE id = 1") == ("7", 1)
    if dialect == "sqlite":
        database.execute("ALTER TABLE books ADD COLUMN more INTEGER")
        assert other.fetch("SELECT title, pages FROM books WHERE id = 1") == [("7", 1)]
        return
    change = {
        "postgresql": "ALTER TABLE books ALTER COLUMN title TYPE integer USING title::integer",
        "mysql": "ALTER TABLE books MODIFY title INTEGER",
    }[dialect]
    database.execute(change)
    assert other.fetch_one("SELECT title, pages FROM books WHERE id = 1") == (7, 1)
    assert other.fetch("SELECT title, pages FROM books WHERE id = 1") == [(7, 1)]


def test_a_table_that_changed_inside_a_transaction_asks_to_run_it_again(
    dialect: str, database: Database, connect: Connect
) -> None:
    if dialect != "postgresql":
        pytest.skip(f"{dialect} lacks plans that outlive a change of their table")
    database.add_book(1, "7")
    tried = connect(sleep=lambda _: None)
    select_title = "SELECT title FROM books WHERE id = 1"
    for _ in range(3):
        tried.fetch(select_title)
    database.execute("ALTER TABLE books ALTER COLUMN title TYPE integer USING title::integer")
    assert tried.run(lambda: tried.fetch(select_title), retries=1) == [(7,)]


# --- closing -----------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("connections.close")
def test_a_closed_connection_leaves_no_session_and_opens_again_when_used(
    dialect: str, connect: Connect, threads: Threads, raw_connection: RawConnection
) -> None:
    connection = connect()
    for _ in range(3):
        threads.start(connection.ping)
    threads.join()
    connection.ping()
    connection.close()
    connection.close()
    if dialect != "sqlite":
        sessions = {
            "postgresql": "SELECT pid FROM pg_stat_activity WHERE application_name = 'isomorph'"
            " AND datname = current_database()",
            "mysql": "SELECT id FROM information_schema.processlist WHERE db = database() AND id <> connection_id()",
        }[dialect]
        while fetch_all(raw_connection, sessions):  # the server takes a moment to notice
            pass
    assert connection.fetch("SELECT 1") == [(1,)]


def test_closing_while_threads_work_breaks_none_of_their_transactions(
    dialect: str, database: Database, threads: Threads
) -> None:
    inside, closed = threading.Barrier(4), threading.Event()
    connection = database.connection
    if dialect == "sqlite":
        count = 1  # one can write at a time
        inside = threading.Barrier(2)
    else:
        count = 3

    def work(id_: int) -> None:
        with connection.transaction():
            database.add_book(id_)
            inside.wait(10)
            assert closed.wait(10)
            database.add_book(id_ + 10)

    for id_ in range(count):
        threads.start(partial(work, id_ + 1))
    inside.wait(10)
    connection.close()
    closed.set()
    threads.join()
    assert len(database.titles()) == 2 * count


def test_threads_that_read_a_sqlite_file_survive_its_closing(
    tmp_path: Path, connect: Connect, threads: Threads
) -> None:
    connection = connect(f"sqlite:///{tmp_path / 'a.db'}")
    for table in TABLES:
        connection.execute(table)
    connection.execute_many("INSERT INTO books VALUES (?, ?, 1, NULL)", [(n, str(n)) for n in range(500)])
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            assert len(connection.fetch("SELECT * FROM books")) == 500

    for _ in range(4):
        threads.start(read)
    for _ in range(50):
        connection.ping()
        connection.close()
    stop.set()
    threads.join()


def test_a_connection_that_is_dropped_unclosed_warns_of_nothing(database_url: str) -> None:
    connection = Connection("default", parse(database_url), PoolSettings(max=2))
    with connection.transaction():
        connection.fetch("SELECT 1")
    next(connection.stream("SELECT 1"))
    del connection
    gc.collect()


def test_connect_raw_sees_what_the_connection_wrote(database: Database, database_url: str) -> None:
    database.add_book(1)
    raw = connect_raw(database_url)
    try:
        assert fetch_all(raw, "SELECT title FROM books") == [("book 1",)]
    finally:
        raw.close()
