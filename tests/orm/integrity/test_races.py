"""Two connections at once: one writes a row that points to what the other deletes. Whoever is first wins, nothing dangles."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from isomorph.connections import Connection, parse
from isomorph.errors import DatabaseError, ForeignKeyViolation, SerializationFailure, StatementFailed
from tests.support.fields import Package

pytestmark = [
    pytest.mark.feature("relations.integrity_races"),
    pytest.mark.requires("row_locks"),
]

ROUNDS = 30


@pytest.fixture
def connections(guarded: Package, module_database_url: str) -> Iterator[tuple[Connection, Connection]]:
    """Two connections, with a post and a comment on it that are there."""
    guarded.db.execute("INSERT INTO posts (id, title) VALUES (1, 'one')")
    first, second = (Connection("default", parse(module_database_url)) for _ in range(2))
    yield first, second
    first.close()
    second.close()


Pair = tuple[Connection, Connection]


class Waiting:
    """Work in a thread that has to wait for something."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work, self._thread = work, threading.Thread(target=self._run)
        self._raised: list[BaseException] = []

    def _run(self) -> None:
        try:
            self._work()
        except DatabaseError as error:
            self._raised.append(error)

    def begin(self) -> None:
        """Start, and see that it waits."""
        self._thread.start()
        self._thread.join(0.3)
        assert self._thread.is_alive(), self._raised

    def end(self) -> list[type[BaseException]]:
        """What it raised, now that it need not wait any more."""
        self._thread.join(30)
        assert not self._thread.is_alive()
        return [type(error) for error in self._raised]


def point(connection: Connection, table: str, name: str) -> None:
    connection.execute(f"INSERT INTO {table} (id, {name}_type, {name}_id) VALUES (1, 'post', 1)")


def rows(connection: Connection, table: str) -> int:
    return int(connection.fetch(f"SELECT count(*) FROM {table}")[0][0])


@pytest.mark.parametrize(("table", "name"), [("comments", "commentable"), ("locks", "lockable"), ("notes", "notable")])
def test_who_points_waits_for_who_deletes_and_is_refused(connections: Pair, table: str, name: str) -> None:
    deleting, pointing = connections
    waiting = Waiting(lambda: point(pointing, table, name))
    with deleting.transaction():
        deleting.execute("DELETE FROM posts WHERE id = 1")
        waiting.begin()
    assert waiting.end() == [ForeignKeyViolation]
    assert (rows(deleting, "posts"), rows(deleting, table)) == (0, 0)


@pytest.mark.parametrize(
    ("table", "name", "left"), [("comments", "commentable", 0), ("locks", "lockable", 1), ("notes", "notable", 1)]
)
def test_who_deletes_waits_for_who_points_and_sees_it(connections: Pair, table: str, name: str, left: int) -> None:
    deleting, pointing = connections
    waiting = Waiting(lambda: deleting.execute("DELETE FROM posts WHERE id = 1"))
    with pointing.transaction():
        point(pointing, table, name)
        waiting.begin()
    kept = table == "locks"
    assert waiting.end() == ([ForeignKeyViolation] if kept else [])
    assert (rows(deleting, "posts"), rows(deleting, table)) == (int(kept), left)
    assert table != "notes" or deleting.fetch("SELECT notable_type, notable_id FROM notes") == [(None, None)]


def test_a_delete_that_is_taken_back_lets_the_other_go_on(connections: Pair) -> None:
    deleting, pointing = connections
    waiting = Waiting(lambda: point(pointing, "comments", "commentable"))
    with pytest.raises(ZeroDivisionError), deleting.transaction():
        deleting.execute("DELETE FROM posts WHERE id = 1")
        waiting.begin()
        raise ZeroDivisionError
    assert waiting.end() == []
    assert (rows(deleting, "posts"), rows(deleting, "comments")) == (1, 1)


def test_who_points_waits_for_a_key_that_changes(connections: Pair) -> None:
    changing, pointing = connections
    waiting = Waiting(lambda: point(pointing, "comments", "commentable"))
    with changing.transaction():
        changing.execute("UPDATE posts SET id = 5 WHERE id = 1")
        waiting.begin()
    assert waiting.end() == [ForeignKeyViolation]
    assert rows(changing, "comments") == 0


def test_two_that_point_to_the_same_row_do_not_wait_for_each_other(connections: Pair) -> None:
    first, second = connections
    with first.transaction():
        point(first, "comments", "commentable")
        second.execute("INSERT INTO comments (id, commentable_type, commentable_id) VALUES (2, 'post', 1)")
    assert rows(first, "comments") == 2


def test_a_snapshot_from_before_leaves_nothing_that_dangles(connections: Pair, dialect: str) -> None:
    """A transaction of REPEATABLE READ that has looked before the row was there that points."""
    deleting, pointing = connections
    is_postgresql = dialect == "postgresql"
    begin = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ" if is_postgresql else "SELECT 1"
    # MariaDB 11.6 and newer end a transaction that would write to what changed behind its snapshot.
    ending = pytest.raises(StatementFailed) if is_postgresql else suppress(SerializationFailure)
    with ending, deleting.transaction():
        deleting.execute(begin)
        assert rows(deleting, "comments") == 0
        point(pointing, "comments", "commentable")
        deleting.execute("DELETE FROM posts WHERE id = 1")
    assert rows(pointing, "posts") == rows(pointing, "comments")


@pytest.mark.parametrize(("table", "name"), [("comments", "commentable"), ("locks", "lockable"), ("notes", "notable")])
def test_at_full_speed_nothing_dangles(connections: Pair, table: str, name: str) -> None:
    deleting, pointing = connections
    refused = 0
    for _ in range(ROUNDS):
        gate = threading.Barrier(2)
        outcomes: dict[str, BaseException | None] = {}

        def run(who: str, work: Callable[[], object], gate: threading.Barrier = gate) -> None:
            gate.wait(10)
            try:
                work()
                outcomes[who] = None  # noqa: B023 - read in the same round
            except DatabaseError as error:
                outcomes[who] = error  # noqa: B023 - read in the same round

        threads = [
            threading.Thread(target=run, args=("delete", lambda: deleting.execute("DELETE FROM posts WHERE id = 1"))),
            threading.Thread(target=run, args=("point", lambda: point(pointing, table, name))),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        errors = [error for error in outcomes.values() if error is not None]
        assert all(isinstance(error, ForeignKeyViolation) for error in errors), errors
        assert len(errors) <= 1
        refused += len(errors)
        found = deleting.fetch(f"SELECT {name}_type FROM {table}")
        assert rows(deleting, "posts") == 1 or all(row == (None,) for row in found)
        deleting.execute(f"DELETE FROM {table}")
        deleting.execute("DELETE FROM posts")
        deleting.execute("INSERT INTO posts (id, title) VALUES (1, 'one')")
    assert refused or table == "notes"
