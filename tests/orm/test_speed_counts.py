"""What speed rests on, counted and not timed: Python calls per row, statements per operation."""

import gc
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest

from generated import Post, Role, Tag, User, db
from tests.support.limits import bound_limit
from tests.support.showcase import Sent, make_post, make_user, tables_of


def calls_of(work: Callable[[], object]) -> tuple[int, int]:
    """How many Python functions and how many C functions a piece of work calls."""
    counts = {"call": 0, "c_call": 0}

    def count(frame: FrameType, event: str, argument: Any) -> None:
        if event in counts:
            counts[event] += 1

    work()  # what is done once only: prepared texts, the connection
    gc.disable()  # collections call back
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
        gc.enable()
    return counts["call"], counts["c_call"]


def per_row(work: Callable[[int], object]) -> tuple[float, float]:
    """Calls per row: the difference that a thousand rows make."""
    few, many = calls_of(lambda: work(100)), calls_of(lambda: work(1_100))
    return (many[0] - few[0]) / 1_000, (many[1] - few[1]) / 1_000


@pytest.fixture
def roles() -> Iterator[None]:
    """Rows on SQLite, whose driver adds no Python of its own."""
    with tables_of(db, "sqlite:///:memory:"):
        Role.insert_many({"name": f"r{number}"} for number in range(1_100))
        yield


def test_fetching_objects_calls_no_python_function_per_row(roles: None) -> None:
    python, c = per_row(lambda rows: Role.query().limit(rows).get())

    assert python == 0
    assert c <= 2  # the new object and its place in the list


def test_fetching_columns_calls_nothing_per_row(roles: None) -> None:
    python, c = per_row(lambda rows: Role.query().limit(rows).select(Role.id, Role.name).get())

    assert (python, c) == (0, 0)


def test_a_cursor_calls_no_more_than_its_own_loop_per_row(roles: None) -> None:
    python, c = per_row(lambda rows: list(Role.query().limit(rows).cursor(size=2_000)))

    # The generator that gives the row; and a few calls for each part whose objects are made at once.
    assert python <= 1.02
    assert c <= 2.02


def test_plucking_calls_nothing_per_row(roles: None) -> None:
    python, _ = per_row(lambda rows: Role.query().limit(rows).pluck(Role.name))

    assert python == 0


def test_reading_and_writing_a_field_calls_nothing(roles: None) -> None:
    role = Role.query().first_or_fail()

    def read_and_write() -> None:
        role.name = role.name
        role.level = role.level

    calls, c_calls = calls_of(read_and_write)
    assert (calls, c_calls) == (1, 1)  # read_and_write itself, and sys.setprofile


@pytest.mark.parametrize("server", ["postgresql", "mysql"])
def test_building_a_query_and_its_text_asks_no_connection(server: str) -> None:
    with db.override(f"{server}://nobody@127.0.0.1:1/nothing"):
        query = User.query().where(User.age >= 18, User.name.contains("a")).order_by(User.name).limit(3)
        query.include(User.posts).join(User.profile)

        assert query.to_sql()[1] == (18, "%a%", *bound_limit(server, 3))


@pytest.mark.feature("models.find", "models.save", "models.create", "models.delete", "models.update", "models.refresh")
def test_each_operation_on_one_row_is_one_statement(sent: Sent) -> None:
    def statements(work: Callable[[], object]) -> int:
        sent.clear()
        work()
        return len(sent)

    tag = Tag.create(name="new")
    tag.name = "newer"

    assert statements(lambda: Tag.create(name="other")) == 1
    assert statements(make_user) == 1
    assert statements(tag.save) == 1
    assert statements(tag.save) == 0
    assert statements(lambda: tag.update(name="newest")) == 1
    assert statements(tag.refresh) == 1
    assert statements(lambda: Tag.find(tag.id)) == 1
    assert statements(lambda: Tag.find_or_fail(tag.id)) == 1
    assert statements(lambda: Tag.find_many([tag.id, 404])) == 1
    assert statements(lambda: Tag.query().where(Tag.name == "newest").first()) == 1
    assert statements(lambda: Tag.query().count()) == 1
    assert statements(lambda: Tag.query().exists()) == 1
    assert statements(lambda: Tag.first_or_create({"name": "newest"})) == 1
    assert statements(lambda: Tag.insert_many([{"name": str(number)} for number in range(400)])) == 1
    assert statements(tag.delete) == 1


def test_no_operation_on_one_row_opens_a_transaction(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    """One statement is a transaction by itself; BEGIN and COMMIT would be two more round trips."""
    connection = db.connection()

    def refused() -> object:
        raise AssertionError("a transaction")

    monkeypatch.setattr(connection, "transaction", refused)
    ada = make_user()
    ada.update(age=3)
    ada.increment(User.age)
    make_post(ada).delete()
    User.insert_many([{"name": "b", "email": "b@example.com", "password": "-"}])
    Post.query().where(Post.id > 0).update(title="x")

    assert User.query().count() == 2
