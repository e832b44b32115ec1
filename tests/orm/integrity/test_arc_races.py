"""Two connections at once, and an arc: one writes a row that points to what the other deletes. Nothing dangles."""

import threading
from collections.abc import Callable, Iterator

import pytest

from isomorph.connections import Connection, parse
from isomorph.errors import DatabaseError, DeadlockDetected, ForeignKeyViolation
from tests.orm.integrity.test_races import Pair, Waiting, rows
from tests.support.fields import Package

pytestmark = [
    pytest.mark.feature("relations.integrity_arc_races"),
    pytest.mark.requires("row_locks"),
]

ROUNDS = 20


@pytest.fixture
def connections(arcs: Package, module_database_url: str) -> Iterator[Pair]:
    """Two connections, with a post and a page that are there."""
    arcs.db.execute("INSERT INTO posts (id, title) VALUES (1, 'one')")
    arcs.db.execute("INSERT INTO pages (path, title) VALUES ('/a', 'a')")
    first, second = (Connection("default", parse(module_database_url)) for _ in range(2))
    yield first, second
    first.close()
    second.close()


def at_once(*works: Callable[[], object]) -> list[DatabaseError]:
    """What calls raised that began at the same moment, each in its thread."""
    gate = threading.Barrier(len(works))
    errors: list[DatabaseError] = []

    def run(work: Callable[[], object]) -> None:
        gate.wait(10)
        try:
            work()
        except DatabaseError as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return errors


def point(connection: Connection, table: str, name: str) -> None:
    connection.execute(f"INSERT INTO {table} ({name}_post_id) VALUES (1)")


@pytest.mark.parametrize(("table", "name"), [("comments", "commentable"), ("locks", "lockable"), ("seals", "sealable")])
def test_who_points_waits_for_who_deletes_and_is_refused(connections: Pair, table: str, name: str) -> None:
    deleting, pointing = connections
    waiting = Waiting(lambda: point(pointing, table, name))
    with deleting.transaction():
        deleting.execute("DELETE FROM posts WHERE id = 1")
        waiting.begin()
    assert waiting.end() == [ForeignKeyViolation]
    assert (rows(deleting, "posts"), rows(deleting, table)) == (0, 0)


@pytest.mark.parametrize(("table", "name"), [("comments", "commentable"), ("locks", "lockable"), ("seals", "sealable")])
def test_who_deletes_waits_for_who_points_and_sees_it(connections: Pair, table: str, name: str) -> None:
    deleting, pointing = connections
    waiting = Waiting(lambda: deleting.execute("DELETE FROM posts WHERE id = 1"))
    with pointing.transaction():
        point(pointing, table, name)
        waiting.begin()
    kept = table != "comments"
    assert waiting.end() == ([ForeignKeyViolation] if kept else [])
    assert (rows(deleting, "posts"), rows(deleting, table)) == (int(kept), int(kept))


def test_who_turns_to_another_member_waits_for_who_deletes_that(connections: Pair) -> None:
    deleting, turning = connections
    point(turning, "comments", "commentable")
    to_page = "UPDATE comments SET commentable_post_id = NULL, commentable_page_id = '/a'"
    waiting = Waiting(lambda: turning.execute(to_page))
    with deleting.transaction():
        deleting.execute("DELETE FROM pages WHERE path = '/a'")
        waiting.begin()
    assert waiting.end() == [ForeignKeyViolation]
    assert deleting.fetch("SELECT commentable_post_id, commentable_page_id FROM comments") == [(1, None)]


@pytest.mark.parametrize(("table", "name"), [("comments", "commentable"), ("locks", "lockable")])
def test_at_full_speed_nothing_dangles(connections: Pair, table: str, name: str) -> None:
    deleting, pointing = connections
    for _ in range(ROUNDS):
        errors = at_once(
            lambda: deleting.execute("DELETE FROM posts WHERE id = 1"), lambda: point(pointing, table, name)
        )
        assert all(isinstance(error, ForeignKeyViolation | DeadlockDetected) for error in errors), errors
        assert len(errors) <= 1
        assert rows(deleting, "posts") == 1 or rows(deleting, table) == 0
        deleting.execute(f"DELETE FROM {table}")
        deleting.execute("DELETE FROM posts")
        deleting.execute("INSERT INTO posts (id, title) VALUES (1, 'one')")
