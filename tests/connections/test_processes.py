"""After a fork: a child opens its own connections and leaves those of its parent alone."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import textwrap
import threading
import warnings
from collections.abc import Callable

import pytest

from isomorph import errors
from tests.connections.conftest import Database, Threads

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system lacks fork")


def in_child(work: Callable[[], object], *, finalize: bool = False) -> object:
    """Run a function in a forked child and return its result; raises what it raised."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Python 3.12 and newer warn of threads (those of a pool) in the process that forks.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reading)
            try:
                result: object = work()
            except BaseException as error:  # noqa: BLE001 - raised again in the parent
                result = error
            with os.fdopen(writing, "wb") as pipe:
                pickle.dump(result, pipe)
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    assert os.waitpid(child, 0)[1] == 0
    result = pickle.loads(told)
    if isinstance(result, BaseException):
        raise result
    return result


def test_a_child_has_its_own_connections(dialect: str, database: Database, threads: Threads) -> None:
    connection = database.connection
    for _ in range(3):
        threads.start(connection.ping)
    threads.join()
    database.add_book(1)

    def work() -> list[str]:
        database.add_book(2)
        with connection.transaction():
            database.add_book(3)
        return database.titles()

    assert in_child(work) == ["book 1", "book 2", "book 3"]
    with connection.transaction():
        database.add_book(4)
    assert database.titles() == ["book 1", "book 2", "book 3", "book 4"]


def test_a_child_does_not_touch_what_other_threads_of_its_parent_hold(
    dialect: str, database: Database, threads: Threads
) -> None:
    ready, stop = threading.Barrier(3), threading.Event()

    def work() -> None:
        database.connection.ping()
        ready.wait(10)
        stop.wait(10)
        database.connection.ping()

    threads.start(work)
    threads.start(work)
    ready.wait(10)
    database.add_book(1)
    assert in_child(database.titles) == ["book 1"]
    assert database.titles() == ["book 1"]
    stop.set()


def test_a_program_that_closes_nothing_ends_at_once_and_in_silence(dialect: str, database_url: str) -> None:
    program = """
        import sys
        from isomorph.connections import Connection, parse

        connection = Connection("default", parse(sys.argv[1]))
        batches = connection.stream("SELECT 1")
        next(batches)
        transaction = connection.transaction()
        transaction.__enter__()
        connection.fetch("SELECT 1")
        print("done")
    """
    assert ran(program, database_url) == ("done\n", "")


def ran(program: str, database_url: str) -> tuple[str, str]:
    """Run a program, warnings being errors; returns what it wrote to stdout and stderr."""
    warned = ["-X", "dev", "-W", "error", "-W", "ignore::DeprecationWarning"]
    process = subprocess.run(
        [sys.executable, *warned, "-c", textwrap.dedent(program), database_url],
        check=False,
        capture_output=True,
        text=True,
        timeout=9,  # psycopg_pool would wait for ten
    )
    return process.stdout, process.stderr


def test_a_child_of_a_transaction_is_outside_of_it(dialect: str, database: Database) -> None:
    connection = database.connection
    with connection.transaction():
        database.add_book(1)
        assert in_child(database.titles) == []
        assert database.titles() == ["book 1"]

    def leave() -> None:
        block.__exit__(None, None, None)

    block = connection.transaction()
    block.__enter__()
    database.add_book(2)
    with pytest.raises(errors.InvalidQuery, match="thread or process"):
        in_child(leave)
    block.__exit__(None, None, None)
    assert database.titles() == ["book 1", "book 2"]


def test_a_child_that_ends_in_order_does_not_close_what_its_parent_uses(dialect: str, database_url: str) -> None:
    program = """
        import os, sys, threading
        from isomorph.connections import Connection, parse

        connection = Connection("default", parse(sys.argv[1]))
        connection.execute("CREATE TABLE t (a INTEGER)")
        with connection.transaction():
            connection.execute("INSERT INTO t VALUES (1)")
            child = os.fork()
            if child:
                assert os.waitpid(child, 0)[1] == 0
                connection.execute("INSERT INTO t VALUES (2)")
            else:
                assert connection.fetch("SELECT a FROM t") == []
                connection.close()
                sys.exit()
        assert connection.fetch("SELECT a FROM t ORDER BY a") == [(1,), (2,)]
        connection.close()
        print("done")
    """
    assert ran(program, database_url) == ("done\n", "")
