"""NULL is the least value on every database, unless an order says otherwise."""

from typing import Any

import pytest

from generated import Post, Profile, User, db
from isomorph import functions as f
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("queries.null_order")]


@pytest.fixture
def users(showcase: str) -> None:
    for name, age in (("a", None), ("b", 2), ("c", None), ("d", 1)):
        make_user(name, age=age)


def ages(*orders: Any) -> list[int | None]:
    return User.query().order_by(*orders, User.name).pluck(User.age)


def test_of_a_nullable_column(users: None) -> None:
    assert ages(User.age) == [None, None, 1, 2]
    assert ages(User.age.asc()) == [None, None, 1, 2]
    assert ages(User.age.desc()) == [2, 1, None, None]


def test_first_and_last_when_asked(users: None) -> None:
    assert ages(User.age.asc().nulls_first()) == [None, None, 1, 2]
    assert ages(User.age.asc().nulls_last()) == [1, 2, None, None]
    assert ages(User.age.desc().nulls_first()) == [None, None, 2, 1]
    assert ages(User.age.desc().nulls_last()) == [2, 1, None, None]


def test_equal_ones_are_ordered_by_what_follows(users: None) -> None:
    by_name = User.query().order_by(User.age.asc().nulls_last(), User.name.desc())
    assert by_name.pluck(User.name) == ["d", "b", "c", "a"]


def test_of_calculations(users: None) -> None:
    assert ages(User.age + 1) == [None, None, 1, 2]
    assert ages((User.age * -1).desc()) == [1, 2, None, None]
    assert ages((User.age + 1).asc().nulls_last()) == [1, 2, None, None]


def test_of_a_left_joined_table(users: None) -> None:
    for name, bio in (("a", "z"), ("b", None)):
        Profile.create(user=User.query().where(User.name == name).first_or_fail(), bio=bio)
    query = User.query().left_join(User.profile)

    # Its columns may be NULL although its own table says they never are.
    assert query.order_by(Profile.id, User.name).pluck(User.name) == ["c", "d", "a", "b"]
    assert query.order_by(Profile.id.desc(), User.name).pluck(User.name) == ["b", "a", "c", "d"]
    assert query.order_by(Profile.id.asc().nulls_last(), User.name).pluck(User.name) == ["a", "b", "c", "d"]
    assert query.order_by(Profile.bio, User.name).pluck(User.name) == ["b", "c", "d", "a"]
    assert query.order_by(Profile.id.optional(), User.name).pluck(User.name) == ["c", "d", "a", "b"]


def test_of_distinct_rows_and_in_a_cursor(users: None) -> None:
    distinct = User.query().select(User.age).distinct()

    assert distinct.order_by(User.age).get() == [(None,), (1,), (2,)]
    assert distinct.order_by(User.age.desc()).get() == [(2,), (1,), (None,)]
    assert distinct.order_by(User.age.asc().nulls_last()).get() == [(1,), (2,), (None,)]
    assert [user.age for user in User.query().order_by(User.age.desc(), User.name).cursor()] == [2, 1, None, None]


def test_limits_cut_in_that_order(users: None) -> None:
    assert User.query().order_by(User.age, User.name).limit(1).pluck(User.name) == ["a"]
    assert User.query().order_by(User.age.desc()).limit(1).pluck(User.name) == ["b"]
    assert User.query().order_by(User.age.desc(), User.name).offset(3).pluck(User.name) == ["c"]


def test_a_column_without_null_is_ordered_as_it_is(users: None, sent: Sent) -> None:
    """So that its index serves."""
    User.query().order_by(User.name.desc(), User.id).get()
    Post.query().join(Post.author).order_by(User.name).get()
    User.query().left_join(User.profile).order_by(User.name).get()

    assert not any("NULLS" in text or "IS NULL" in text for text in sent.texts)


def test_what_each_database_is_told(users: None, showcase: str) -> None:
    def tail(order: Any) -> str:
        text = User.query().order_by(order).to_sql()[0]
        return text.partition(" ORDER BY ")[2].replace("`", '"')

    natural = showcase != "postgresql"
    assert tail(User.age) == ('"age"' if natural else '"age" NULLS FIRST')
    assert tail(User.age.desc()) == ('"age" DESC' if natural else '"age" DESC NULLS LAST')
    assert tail(User.age.asc().nulls_first()) == tail(User.age)
    last = {"sqlite": '"age" NULLS LAST', "postgresql": '"age"', "mysql": '("age" IS NULL), "age"'}
    assert tail(User.age.asc().nulls_last()) == last[showcase]
    first = {
        "sqlite": '"age" DESC NULLS FIRST',
        "postgresql": '"age" DESC',
        "mysql": '("age" IS NULL) DESC, "age" DESC',
    }
    assert tail(User.age.desc().nulls_first()) == first[showcase]


def test_a_distinct_on_and_a_lock_keep_it(users: None) -> None:
    make_post(User.query().first_or_fail(), "x")
    assert User.query().distinct_on(User.active).order_by(User.age.desc()).pluck(User.age) == [2]
    with db.transaction():
        assert User.query().order_by(User.age, User.name).lock_for_share().pluck(User.age) == [None, None, 1, 2]
    assert User.query().order_by(f.count(User.id).over(), User.age, User.name).pluck(User.age) == [None, None, 1, 2]


@pytest.mark.parametrize("descending", [False, True])
def test_an_index_serves_it(showcase: str, descending: bool) -> None:
    boss = make_user("boss")
    User.insert_many(
        {"name": name, "email": name, "password": "", "manager_id": boss.id if number % 2 else None}
        for number, name in enumerate(f"u{number}" for number in range(400))
    )
    if showcase == "postgresql":
        db.execute("ANALYZE users")  # which it does by itself, at some time
    order = User.manager_id.desc() if descending else User.manager_id.asc()
    plan = str(User.query().order_by(order).limit(1).explain()).lower()
    assert "users_manager_id" in plan
    assert "sort" not in plan
    assert "temp b-tree" not in plan
