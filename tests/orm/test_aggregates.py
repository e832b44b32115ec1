"""sum, avg, min and max: the same values of the same types on every dialect."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from generated import Category, Item, Post, Profile, Role, User
from isomorph.errors import InvalidQuery, InvalidValue
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("queries.aggregates")]


@pytest.fixture
def items(showcase: str) -> None:
    rows: list[tuple[str, str, float | None, int, int | None]] = [
        ("a", "0.10", 0.5, 1, 5),
        ("b", "0.20", None, 2, None),
        ("c", "9999999.99", 2.5, 2, 2),
    ]
    for name, price, weight_kg, stock, rating in rows:
        code = uuid.UUID(int=ord(name))
        Item.create(code=code, name=name, price=Decimal(price), weight_kg=weight_kg, stock=stock, rating=rating)


def assert_same(found: object, expected: object) -> None:
    assert found == expected
    assert type(found) is type(expected)


def test_integers(items: None) -> None:
    assert_same(Item.query().sum(Item.stock), 5)
    assert_same(Item.query().min(Item.stock), 1)
    assert_same(Item.query().max(Item.stock), 2)
    assert_same(Item.query().avg(Item.stock), 5 / 3)
    assert_same(Item.query().where(Item.stock == 2).avg(Item.stock), 2.0)


def test_nulls_do_not_count(items: None) -> None:
    assert_same(Item.query().sum(Item.rating), 7)
    assert_same(Item.query().avg(Item.rating), 3.5)
    assert_same(Item.query().min(Item.rating), 2)
    assert_same(Item.query().avg(Item.weight_kg), 1.5)


@pytest.mark.feature("types.decimal")
def test_decimals_are_exact(items: None) -> None:
    assert_same(Item.query().sum(Item.price), Decimal("10000000.29"))
    assert_same(Item.query().where(Item.price < 1).sum(Item.price), Decimal("0.30"))
    assert_same(Item.query().min(Item.price), Decimal("0.10"))
    assert_same(Item.query().max(Item.price), Decimal("9999999.99"))
    assert_same(Item.query().where(Item.price < 1).avg(Item.price), Decimal("0.15"))


@pytest.mark.feature("types.decimal")
def test_the_mean_of_decimals_is_the_same_to_all_its_digits(showcase: str) -> None:
    for number, price in enumerate(("0.01", "0.01", "0.02")):
        Item.create(code=uuid.UUID(int=number), name="x", price=Decimal(price))
    found = Item.query().avg(Item.price)

    assert found is not None
    assert_same(found, Decimal("0.04") / 3)


@pytest.mark.feature("types.double")
def test_doubles(items: None) -> None:
    assert_same(Item.query().sum(Item.weight_kg), 3.0)
    assert_same(Item.query().min(Item.weight_kg), 0.5)
    assert_same(Item.query().max(Item.weight_kg), 2.5)


@pytest.mark.feature("types.double")
def test_a_sum_of_whole_doubles_is_a_float(showcase: str) -> None:
    Item.create(code=uuid.uuid4(), name="x", price=Decimal(1), weight_kg=2.0)

    assert_same(Item.query().sum(Item.weight_kg), 2.0)
    assert_same(Item.query().max(Item.weight_kg), 2.0)


@pytest.mark.feature("types.bigint")
def test_a_sum_beyond_64_bits_is_exact(showcase: str) -> None:
    author = make_user()
    Post.insert_many({"author": author, "title": "x", "body": "", "views": 2**63 - 1} for _ in range(3))

    assert_same(Post.query().sum(Post.views), 3 * (2**63 - 1))
    assert_same(Post.query().max(Post.views), 2**63 - 1)
    assert_same(Post.query().avg(Post.views), float(2**63 - 1))


def test_over_no_rows_there_is_no_value(items: None) -> None:
    nothing = Item.query().where(Item.stock > 100)

    for column in (Item.stock, Item.price, Item.weight_kg):
        assert nothing.sum(column) is None
        assert nothing.avg(column) is None
        assert nothing.min(column) is None
        assert nothing.max(column) is None
    assert Item.query().where(Item.rating.is_null()).sum(Item.rating) is None


@pytest.mark.feature("types.string", "types.date", "types.time", "types.timestamptz", "types.datetime", "types.uuid")
def test_the_least_and_greatest_of_every_ordered_type(items: None) -> None:
    early, late = dt.datetime(1815, 12, 10, 1, 2, 3, 4, tzinfo=dt.UTC), dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    ada, bob = make_user(joined=late), make_user("Bob", joined=early)
    Profile.create(user=ada, born=dt.date(999, 1, 1), wakes_at=dt.time(7, 30))
    Profile.create(user=bob, born=dt.date(1000, 1, 1), wakes_at=dt.time(7, 30, 0, 1))
    for on in (early, late):
        make_post(ada, publish_on=on.replace(tzinfo=None))

    assert_same(User.query().min(User.name), "Ada")
    assert_same(User.query().max(User.name), "Bob")
    assert_same(User.query().min(User.joined), early)
    assert_same(User.query().max(User.joined), late)
    assert_same(Profile.query().min(Profile.born), dt.date(999, 1, 1))
    assert_same(Profile.query().max(Profile.wakes_at), dt.time(7, 30, 0, 1))
    assert_same(Post.query().min(Post.publish_on), early.replace(tzinfo=None))
    assert_same(Item.query().min(Item.code), uuid.UUID(int=ord("a")))
    assert_same(Item.query().max(Item.code), uuid.UUID(int=ord("c")))


def test_aggregates_mind_conditions_joins_and_calculations(items: None, sent: Sent) -> None:
    ada, bob = make_user(age=36), make_user("Bob", age=20)
    for author, views in ((ada, 1), (ada, 2), (bob, 40)):
        make_post(author, views=views)

    query = Post.query().join(Post.author)
    assert query.where(User.name == "Ada").sum(Post.views) == 3
    assert query.max(User.age) == 36
    assert query.where(User.age > 30).order_by(Post.title).count() == 2
    assert Item.query().sum(Item.stock * 2) == 10
    assert_same(Item.query().where(Item.price < 1).sum(Item.price * 2), Decimal("0.60"))
    assert_same(Item.query().max(Item.price - Decimal("0.09")), Decimal("9999999.90"))
    sent.clear()
    Item.query().order_by(Item.name).sum(Item.stock)
    assert sent.texts == ['SELECT SUM("stock") FROM "shop_items"']


def test_an_aggregate_without_meaning_is_refused(sent: Sent) -> None:
    with pytest.raises(InvalidQuery, match="roles is no part of the query"):
        Item.query().sum(Role.level)
    wrong: Any
    for wrong in ("stock", Item.attributes, Item.category, None):
        for call in (Item.query().sum, Item.query().avg, Item.query().min, Item.query().max):
            with pytest.raises(InvalidValue, match=r"\w+\(\): expected a column such as Post.views, got \w+"):
                call(wrong)
    for wrong in (Item.name, Item.available_from):
        for call in (Item.query().sum, Item.query().avg):
            with pytest.raises(InvalidValue, match=r"expected a column such as Post.views"):
                call(wrong)
    assert len(sent) == 0


def test_an_aggregate_of_an_enum_is_no_number() -> None:
    make: Any = Item.query().max
    Item.create(code=uuid.uuid4(), name="x", price=Decimal(1), category=Category.BOOK)
    with pytest.raises(InvalidValue):
        make(Item.category)


def test_a_limited_or_distinct_query_is_aggregated_as_it_is(items: None) -> None:
    first = Item.query().order_by(Item.name).limit(2)

    assert_same(first.sum(Item.stock), 3)
    assert_same(first.sum(Item.price), Decimal("0.30"))
    assert_same(first.avg(Item.stock), 1.5)
    assert_same(first.max(Item.name), "b")
    assert_same(Item.query().distinct().max(Item.stock), 2)
    assert_same(Item.query().order_by(Item.name).offset(2).min(Item.price), Decimal("9999999.99"))


def test_joined_columns_of_a_limited_query(items: None) -> None:
    ada, bob = make_user(age=36), make_user("Bob", age=20)
    for author, title in ((ada, "a"), (ada, "b"), (bob, "c")):
        make_post(author, title)
    query = Post.query().join(Post.author).order_by(Post.title.desc())

    assert_same(query.limit(2).sum(User.age), 56)
    assert_same(query.limit(1).max(User.name), "Bob")
    with pytest.raises(InvalidQuery, match="an aggregate of a joined table over distinct or combined rows"):
        Post.query().join(Post.author).distinct().sum(User.age)
    with pytest.raises(InvalidQuery, match=r"an aggregate of groups \(select\(\) it of each group"):
        Post.query().group_by(Post.title).sum(Post.views)
