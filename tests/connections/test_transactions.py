"""Transactions: kept or undone as a whole, savepoints, what happens after errors, running again."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from isomorph import errors
from isomorph.connections import Connection, PoolSettings
from isomorph.connections.nesting import Nesting
from isomorph.connections.retry import delay_s, is_repeatable
from tests.connections.conftest import Connect, Database, Threads


class Oops(Exception):
    pass


@pytest.mark.feature("transactions.commit")
def test_a_block_is_kept_at_its_end_and_undone_at_an_error(dialect: str, database: Database, connect: Connect) -> None:
    with database.connection.transaction():
        database.add_book(1)
    with pytest.raises(Oops), database.connection.transaction():
        database.add_book(2)
        assert database.titles() == ["book 1", "book 2"]
        raise Oops
    assert database.titles() == ["book 1"]
    assert Database(connect()).titles() == ["book 1"]


@pytest.mark.feature("transactions.commit")
def test_others_do_not_see_a_transaction_before_its_end(dialect: str, database: Database, connect: Connect) -> None:
    other = Database(connect())
    with database.connection.transaction():
        database.add_book(1)
        assert other.titles() == []
    assert other.titles() == ["book 1"]


def test_an_interrupt_undoes_too(database: Database) -> None:
    with pytest.raises(KeyboardInterrupt), database.connection.transaction():
        database.add_book(1)
        raise KeyboardInterrupt
    assert database.titles() == []


@pytest.mark.feature("transactions.nested")
def test_nested_blocks_are_savepoints(dialect: str, database: Database) -> None:
    connection = database.connection
    with connection.transaction():
        database.add_book(1)
        with connection.transaction():
            database.add_book(2)
            with pytest.raises(Oops), connection.transaction():
                database.add_book(3)
                raise Oops
            with connection.transaction():
                database.add_book(4)
        with pytest.raises(Oops), connection.transaction():
            database.add_book(5)
            with connection.transaction():
                database.add_book(6)
            raise Oops
        database.add_book(7)
    assert database.titles() == ["book 1", "book 2", "book 4", "book 7"]


@pytest.mark.feature("transactions.nested")
def test_a_statement_that_fails_in_a_nested_block_undoes_that_block_only(dialect: str, database: Database) -> None:
    connection = database.connection
    with connection.transaction():
        database.add_book(1)
        for _ in range(3):
            with pytest.raises(errors.UniqueViolation), connection.transaction():
                database.add_book(2)
                database.add_book(1)
        database.add_book(3)
    assert database.titles() == ["book 1", "book 3"]


def test_an_error_swallowed_in_a_transaction_never_commits_half_of_it_silently(
    dialect: str, database: Database
) -> None:
    """PostgreSQL ends a transaction at its first error, and answers COMMIT with a rollback that it calls a success."""

    def work() -> None:
        database.add_book(1)
        with pytest.raises(errors.UniqueViolation):
            database.add_book(1)

    if dialect == "postgresql":
        with pytest.raises(errors.TransactionAborted, match="nest a transaction"):
            database.connection.run(work)
        assert database.titles() == []
    else:
        database.connection.run(work)
        assert database.titles() == ["book 1"]
    assert database.connection.fetch("SELECT 1") == [(1,)]


def test_statements_after_a_swallowed_error_are_refused_by_postgresql(dialect: str, database: Database) -> None:
    if dialect != "postgresql":
        pytest.skip(f"{dialect} goes on after a statement that failed")
    with pytest.raises(errors.TransactionAborted), database.connection.transaction():
        with pytest.raises(errors.UniqueViolation):
            database.connection.execute_many(
                database.sql("INSERT INTO books (id, title) VALUES (%s, 'a')"), [(1,), (2,)]
            )
        database.add_book(3)
    assert database.titles() == []


def test_a_swallowed_error_in_a_nested_block_is_told_at_its_end_and_the_outer_one_goes_on(
    dialect: str, database: Database
) -> None:
    if dialect != "postgresql":
        pytest.skip(f"{dialect} goes on after a statement that failed")
    connection = database.connection

    def swallow() -> None:
        with connection.transaction(), pytest.raises(errors.UniqueViolation):
            database.add_book(1, "again")

    with connection.transaction():
        database.add_book(1)
        with pytest.raises(errors.TransactionAborted):
            swallow()
        database.add_book(2)
    assert database.titles() == ["book 1", "book 2"]


@pytest.mark.feature("bad_input.half_written")
def test_execute_many_outside_a_transaction_does_all_or_nothing(dialect: str, database: Database) -> None:
    insert = database.sql("INSERT INTO books (id, title) VALUES (%s, %s)")
    rows = [(number, f"book {number}") for number in range(1, 1001)]
    with pytest.raises(errors.UniqueViolation):
        database.connection.execute_many(insert, [*rows, (1, "again")])
    assert database.titles() == []
    assert database.connection.execute_many(insert, rows) == 1000
    assert len(database.titles()) == 1000
    assert database.connection.execute_many(insert, []) == 0


def test_execute_many_inside_a_transaction_is_a_part_of_it(database: Database) -> None:
    insert = database.sql("INSERT INTO books (id, title) VALUES (%s, %s)")
    with pytest.raises(Oops), database.connection.transaction():
        assert database.connection.execute_many(insert, [[1, "a"], [2, "b"]]) == 2
        raise Oops
    assert database.titles() == []


def test_a_statement_that_began_a_transaction_by_itself_does_not_spoil_the_connection(
    dialect: str, database: Database
) -> None:
    if dialect == "sqlite":
        pytest.skip("a thread keeps its sqlite connection, so its own BEGIN is its own affair")
    database.connection.execute("BEGIN")
    database.add_book(1)
    for _ in range(5):
        with database.connection.transaction():
            database.connection.fetch("SELECT 1")
    assert database.connection.statistics().in_use == 0


def test_closing_inside_a_transaction_lets_it_end_first(database: Database) -> None:
    with database.connection.transaction():
        database.add_book(1)
        database.connection.close()
    assert database.titles() == ["book 1"]


# --- running again -----------------------------------------------------------------------------------------------------------


@pytest.mark.feature("transactions.run")
def test_run_gives_the_result_and_rolls_back_at_an_error(dialect: str, database: Database) -> None:
    def add(id_: int) -> int:
        database.add_book(id_)
        if id_ == 2:
            raise Oops
        return id_

    assert database.connection.run(lambda: add(1)) == 1
    with pytest.raises(Oops):
        database.connection.run(lambda: add(2), retries=3)
    assert database.titles() == ["book 1"]


def conflicting(dialect: str, database: Database, other: Database, attempts: list[int]) -> Callable[[], None]:
    """Work that meets a concurrent transaction in its first attempt, and only then."""
    connection = database.connection

    def work() -> None:
        attempts.append(len(attempts))
        if dialect == "postgresql":
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        elif dialect == "mysql":
            connection.execute("SET innodb_snapshot_isolation = ON")
        pages = connection.fetch("SELECT pages FROM books WHERE id = 1")[0][0]
        if len(attempts) == 1:
            other.execute("UPDATE books SET pages = pages + 10 WHERE id = 1")
        database.execute("UPDATE books SET pages = %s WHERE id = 1", (pages + 1,))

    return work


@pytest.mark.feature("transactions.run", "errors.serialization_failure")
def test_run_tries_again_after_a_serialization_failure(dialect: str, database: Database, connect: Connect) -> None:
    if dialect == "sqlite":
        pytest.skip("sqlite lacks conflicts: a transaction holds its one lock from the beginning")
    slept: list[float] = []
    tried = Database(connect(sleep=slept.append))
    database.add_book(1)
    attempts: list[int] = []
    tried.connection.run(conflicting(dialect, tried, database, attempts), retries=2)
    assert attempts == [0, 1]
    assert len(slept) == 1
    assert database.connection.fetch("SELECT pages FROM books") == [(12,)]


@pytest.mark.feature("errors.serialization_failure")
def test_a_serialization_failure_without_retries_is_raised(dialect: str, database: Database, connect: Connect) -> None:
    database.add_book(1)
    other = Database(connect())
    if dialect == "sqlite":
        connection = database.connection
        connection.execute("BEGIN")  # a transaction that begins by reading
        connection.fetch("SELECT pages FROM books")
        other.execute("UPDATE books SET pages = 2")
        with pytest.raises(errors.SerializationFailure, match="retries=3"):
            connection.execute("UPDATE books SET pages = 3")
        connection.execute("ROLLBACK")
    else:
        with pytest.raises(errors.SerializationFailure, match="retries=3"):
            database.connection.run(conflicting(dialect, database, other, []))
    assert database.connection.fetch("SELECT pages FROM books")[0][0] in {2, 11}


@pytest.mark.feature("transactions.run")
def test_run_gives_up_after_its_retries_and_waits_longer_each_time(dialect: str, connect: Connect) -> None:
    slept: list[float] = []
    connection = connect(sleep=slept.append)
    attempts: list[int] = []

    def work() -> None:
        attempts.append(1)
        raise errors.SerializationFailure("40001")

    with pytest.raises(errors.SerializationFailure):
        connection.run(work, retries=3)
    assert (len(attempts), len(slept)) == (4, 3)
    assert all(0.01 * 2**n / 2 <= wait <= 0.01 * 2**n for n, wait in enumerate(slept))


@pytest.mark.parametrize(("error", "expected"), [(errors.SerializationFailure, 6), (errors.LockTimeout, 1)])
def test_what_settles_by_itself_begins_again_after_conflicts_not_after_waiting_for_a_lock(
    dialect: str, connect: Connect, error: type[errors.DatabaseError], expected: int
) -> None:
    slept: list[float] = []
    connection = connect(sleep=slept.append)
    attempts: list[int] = []

    def work() -> None:
        attempts.append(1)
        raise error("1")

    with pytest.raises(error):
        connection.settle(work)
    assert (len(attempts), len(slept)) == (expected, expected - 1)


def test_run_inside_a_transaction_is_a_savepoint_and_does_not_try_again(database: Database) -> None:
    attempts: list[int] = []

    def work() -> None:
        attempts.append(1)
        database.add_book(2)
        raise errors.SerializationFailure("40001")

    with database.connection.transaction():
        database.add_book(1)
        with pytest.raises(errors.SerializationFailure):
            database.connection.run(work, retries=3)
    assert attempts == [1]
    assert database.titles() == ["book 1"]


def test_run_waits_for_a_lock_that_is_freed_between_attempts(database_url: str, connect: Connect, dialect: str) -> None:
    options = {
        "sqlite": {"timeout": "10ms"},
        "postgresql": {"lock_timeout": "50ms"},
        "mysql": {"lock_timeout": "1s"},
    }[dialect]
    holder = connect()
    holder.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER)")
    holder.execute("INSERT INTO t VALUES (1, 1)")
    holding = holder.transaction()
    holding.__enter__()
    holder.execute("UPDATE t SET a = 2")
    waits: list[float] = []

    def free(wait_s: float) -> None:
        waits.append(wait_s)
        holding.__exit__(None, None, None)

    connection = connect(database_url, sleep=free, options=options)
    connection.run(lambda: connection.execute("UPDATE t SET a = a + 10"), retries=1)
    assert connection.fetch("SELECT a FROM t") == [(12,)]
    assert len(waits) == 1


def test_a_lock_that_is_not_freed_is_a_lock_timeout(database: Database, connect: Connect, dialect: str) -> None:
    options = {
        "sqlite": {"timeout": "10ms"},
        "postgresql": {"lock_timeout": "50ms"},
        "mysql": {"lock_timeout": "1s"},
    }[dialect]
    database.add_book(1)
    other = connect(options=options)
    with database.connection.transaction():
        database.execute("UPDATE books SET pages = 2")
        with pytest.raises(errors.LockTimeout):
            other.execute("UPDATE books SET pages = 3")


@pytest.mark.feature("errors.deadlock")
@pytest.mark.parametrize("retries", [0, 5])
def test_a_deadlock_ends_one_of_two_transactions(
    dialect: str, database: Database, threads: Threads, retries: int
) -> None:
    if dialect == "sqlite":
        pytest.skip("sqlite lacks deadlocks: a transaction holds its one lock from the beginning")
    database.add_book(1)
    database.add_book(2)
    met = threading.Barrier(2)
    deadlocks: list[errors.DeadlockDetected] = []

    def cross(first: int, second: int) -> None:
        attempts: list[int] = []

        def work() -> None:
            attempts.append(1)
            database.execute("UPDATE books SET pages = pages + 1 WHERE id = %s", (first,))
            if len(attempts) == 1:
                met.wait(10)
            database.execute("UPDATE books SET pages = pages + 1 WHERE id = %s", (second,))

        try:
            database.connection.run(work, retries)
        except errors.DeadlockDetected as error:
            deadlocks.append(error)

    threads.start(lambda: cross(1, 2))
    threads.start(lambda: cross(2, 1))
    threads.join()
    if retries:
        assert deadlocks == []
        assert database.connection.fetch("SELECT pages FROM books") == [(3,), (3,)]
    else:
        assert len(deadlocks) == 1
        assert database.connection.fetch("SELECT pages FROM books") == [(2,), (2,)]


def test_after_a_deadlock_that_was_swallowed_nothing_more_of_the_transaction_is_kept(
    dialect: str, database: Database, threads: Threads
) -> None:
    """MySQL rolls back the transaction and leaves the session in autocommit: the next statement would be kept alone."""
    if dialect == "sqlite":
        pytest.skip("sqlite lacks deadlocks: a transaction holds its one lock from the beginning")
    database.add_book(1)
    database.add_book(2)
    connection = database.connection
    met = threading.Barrier(2)
    refused: list[errors.TransactionAborted] = []

    def work(first: int, second: int) -> None:
        with connection.transaction():
            database.execute("UPDATE books SET pages = 50 + %s WHERE id = %s", (first, first))
            met.wait(10)
            try:
                with connection.transaction():
                    database.execute("UPDATE books SET pages = 50 + %s WHERE id = %s", (first, second))
            except errors.DeadlockDetected:
                database.add_book(9)  # PostgreSQL goes on from the savepoint, MySQL has undone all

    def swallowing(first: int, second: int) -> None:
        try:
            work(first, second)
        except errors.TransactionAborted as error:
            refused.append(error)

    threads.start(lambda: swallowing(1, 2))
    threads.start(lambda: swallowing(2, 1))
    threads.join()
    if dialect == "mysql":
        assert len(refused) == 1
        assert isinstance(refused[0].__cause__, errors.DeadlockDetected)
        assert is_repeatable(refused[0])
        assert database.titles() == ["book 1", "book 2"]
    else:
        assert refused == []
        assert database.titles() == ["book 1", "book 2", "book 9"]


@pytest.mark.feature("errors.query_timeout")
def test_a_statement_that_takes_too_long(dialect: str, connect: Connect) -> None:
    if dialect == "sqlite":
        pytest.skip("sqlite lacks a timeout of statements")
    connection = connect(options={"statement_timeout": "50ms"})
    slow = (
        "SELECT pg_sleep(20)"
        if dialect == "postgresql"
        else "SELECT count(*) FROM information_schema.collations a, information_schema.collations b, information_schema.collations c, information_schema.collations d"
    )
    with pytest.raises(errors.QueryTimeout, match="timeout"):
        connection.fetch(slow)
    assert connection.fetch("SELECT 1") == [(1,)]


# --- threads -----------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("transactions.threads")
def test_each_thread_has_a_transaction_of_its_own(dialect: str, database: Database, threads: Threads) -> None:
    inside, done = threading.Event(), threading.Event()
    seen: list[list[str]] = []

    def look() -> None:
        assert inside.wait(10)
        seen.append(database.titles())
        done.set()

    threads.start(look)
    with database.connection.transaction():
        database.add_book(1)
        inside.set()
        assert done.wait(10)
    assert seen == [[]]


def test_a_transaction_left_in_another_thread_is_refused(database: Database, threads: Threads) -> None:
    block = database.connection.transaction()
    threads.start(block.__enter__)
    threads.join()
    with pytest.raises(errors.InvalidQuery, match="in another thread"):
        block.__exit__(None, None, None)


def test_a_statement_in_a_copied_context_does_not_join_the_transaction(
    dialect: str, database: Database, threads: Threads
) -> None:
    """Web frameworks and asyncio.to_thread copy the context into worker threads; the driver connection must not go."""
    from contextvars import copy_context

    seen: list[list[str]] = []
    with database.connection.transaction():
        database.add_book(1)
        context = copy_context()
        threads.start(lambda: context.run(lambda: seen.append(database.titles())))
        threads.join()
    assert seen == [[]]


# --- the pure parts ------------------------------------------------------------------------------------------------------------


def test_nesting_names_savepoints_by_depth() -> None:
    nesting = Nesting()
    assert nesting.savepoint() is None
    nesting.depth = 1
    assert nesting.savepoint() == "SAVEPOINT isomorph_1"
    nesting.depth = 2
    assert nesting.savepoint() == "SAVEPOINT isomorph_2"
    nesting.depth = 1  # the level that savepoint isomorph_1 opened has been left
    assert nesting.release() == "RELEASE SAVEPOINT isomorph_1"
    assert nesting.undo() == ("ROLLBACK TO SAVEPOINT isomorph_1", "RELEASE SAVEPOINT isomorph_1")


def test_delays_grow_to_a_second_and_differ() -> None:
    assert [delay_s(n, lambda: 1.0) for n in range(9)] == [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.0, 1.0]
    assert delay_s(0, lambda: 0.0) == 0.005


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (errors.SerializationFailure(), True),
        (errors.DeadlockDetected(), True),
        (errors.LockTimeout(), True),
        (errors.TransactionAborted(), False),
        (errors.ConnectionLost(), False),
        (errors.UniqueViolation(), False),
        (ValueError(), False),
    ],
)
def test_what_may_be_run_again(error: BaseException, expected: bool) -> None:
    assert is_repeatable(error) is expected


def test_a_pool_of_one_is_enough_for_nested_transactions(dialect: str, connect: Connect) -> None:
    connection: Connection = connect(pool=PoolSettings(max=1, timeout_s=5))
    with connection.transaction(), connection.transaction():
        assert connection.fetch_one("SELECT 1") == (1,)
