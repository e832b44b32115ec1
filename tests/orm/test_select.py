"""Columns instead of objects: tuples of Python values, whatever the dialect."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from generated import Category, Image, Item, Post, Profile, Role, User, Video
from isomorph.errors import InvalidQuery, InvalidValue
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("queries.select")]


def test_select_gives_a_list_of_tuples(sent: Sent) -> None:
    Role.insert_many([{"name": "a", "level": 1}, {"name": "b", "level": 2}])
    sent.clear()

    found = Role.query().where(Role.level > 0).order_by(Role.name).select(Role.name, Role.level).get()

    assert found == [("a", 1), ("b", 2)]
    assert type(found) is list
    assert type(found[0]) is tuple
    assert sent.texts == ['SELECT "name", "level" FROM "roles" WHERE "level" > ? ORDER BY "name"']


def test_a_selection_is_still_a_query() -> None:
    Role.insert_many({"name": name, "level": level} for level, name in enumerate("abcd", 1))
    names = Role.query().select(Role.name)

    assert names.where(Role.level > 2).order_by(Role.name.desc()).get() == [("d",), ("c",)]
    assert names.order_by(Role.name).limit(1).offset(1).get() == [("b",)]
    assert names.order_by(Role.name).first() == ("a",)
    assert names.where(Role.level > 9).first() is None
    assert names.order_by(Role.level).first_or_fail() == ("a",)
    assert names.where(Role.level < 3).count() == 2
    assert sorted(names) == [("a",), ("b",), ("c",), ("d",)]
    assert names.limit(0).first() is None


@pytest.mark.feature(
    "types.bool", "types.decimal", "types.double", "types.date", "types.time", "types.datetime", "types.timestamptz"
)
@pytest.mark.feature("types.uuid", "types.json", "types.enum", "types.bytes", "types.smallint", "types.bigint")
def test_values_of_every_type_are_converted(showcase: str) -> None:
    moment = dt.datetime(2026, 3, 1, 1, 2, 3, 4, tzinfo=dt.UTC)
    local = moment.replace(tzinfo=None)
    code = uuid.uuid4()
    ada = make_user(joined=moment, settings={"a": [1, None]})
    Profile.create(user=ada, born=dt.date(1, 1, 1), wakes_at=dt.time(23, 59, 59, 999_999))
    make_post(ada, publish_on=local)
    Item.create(code=code, name="x", price=Decimal("1.50"), weight_kg=2.0, category=Category.BOOK, rating=5)
    Image.create(url="u", preview=b"\0\xff")

    assert User.query().select(User.active, User.settings, User.joined, User.age).get() == [
        (True, {"a": [1, None]}, moment, None)
    ]
    assert Profile.query().select(Profile.born, Profile.wakes_at, Profile.bio).get() == [
        (dt.date(1, 1, 1), dt.time(23, 59, 59, 999_999), None)
    ]
    assert Post.query().select(Post.publish_on, Post.published).get() == [(local, False)]
    row = Item.query().select(Item.code, Item.price, Item.weight_kg, Item.category, Item.rating).first_or_fail()
    assert row == (code, Decimal("1.50"), 2.0, Category.BOOK, 5)
    assert [type(value) for value in row] == [uuid.UUID, Decimal, float, Category, int]
    assert Image.query().select(Image.preview).get() == [(b"\0\xff",)]
    assert type(Image.query().value(Image.preview)) is bytes
    assert type(User.query().value(User.active)) is bool


def test_calculations_are_selected_with_the_type_of_their_column() -> None:
    Role.create(name="a", level=3)
    Item.create(code=uuid.uuid4(), name="x", price=Decimal("1.50"), weight_kg=0.5, stock=7)

    assert Role.query().select(Role.level * 2 + 1, Role.name).get() == [(7, "a")]
    found = Item.query().select(Item.price * 3, Item.price - Decimal("0.01"), Item.weight_kg + 1.0).first_or_fail()
    assert found == (Decimal("4.50"), Decimal("1.49"), 1.5)
    assert [type(value) for value in found] == [Decimal, Decimal, float]


def test_columns_of_joined_tables_stand_side_by_side() -> None:
    ada, bob = make_user(), make_user("Bob")
    make_post(ada, "One")
    make_post(bob, "Two")

    found = Post.query().join(Post.author).order_by(Post.title).select(Post.title, User.name, User.id, Post.id).get()

    assert [row[:3] for row in found] == [("One", "Ada", ada.id), ("Two", "Bob", bob.id)]
    pairs = Post.query().join(Post.author).select(Post.id, User.id)
    assert pairs.distinct().count() == 2
    assert pairs.limit(1).count() == 1
    assert len(pairs.distinct().get()) == 2


def test_up_to_eight_columns_and_more_have_their_values() -> None:
    make_user(age=36)
    columns: list[Any] = [
        User.id,
        User.name,
        User.email,
        User.password,
        User.nickname,
        User.age,
        User.active,
        User.settings,
        User.joined,
    ]
    for count in range(1, 10):
        select: Any = User.query().select
        (row,) = select(*columns[:count]).get()
        assert len(row) == count


def test_a_selection_without_meaning_is_refused(sent: Sent) -> None:
    select: Any = Role.query().select
    with pytest.raises(InvalidQuery, match=r"select\(\) without columns"):
        select()
    with pytest.raises(InvalidValue, match=r"select\(\): expected columns such as User.name, and models, got str"):
        select("name")
    with pytest.raises(InvalidQuery, match="users is no part of the query"):
        select(User.name).get()
    with pytest.raises(InvalidQuery, match=r"select\(\) gives tuples, which carry no relations"):
        User.query().include(User.posts).select(User.name)
    assert len(sent) == 0


def test_a_selection_runs_on_the_connection_of_its_query() -> None:
    from isomorph.errors import UnknownConnection

    with pytest.raises(UnknownConnection):
        Video.query().on("nowhere").select(Video.title).get()
