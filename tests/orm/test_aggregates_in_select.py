"""Aggregates as expressions: in select, having and order_by, the same values of the same types on every dialect."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from generated import Category, Item, Order, OrderLine, Post, Profile, User, db
from isomorph import functions as f
from isomorph.errors import InvalidQuery, InvalidValue
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("queries.aggregate_expressions")]


def make_item(name: str, price: str = "1.00", **values: Any) -> Item:
    return Item.create(code=uuid.uuid5(uuid.NAMESPACE_DNS, name), name=name, price=Decimal(price), **values)


@pytest.fixture
def items(showcase: str) -> None:
    make_item("a", "0.10", weight_kg=0.5, stock=1, rating=5, category=Category.BOOK)
    make_item("b", "0.20", stock=2, category=Category.BOOK)
    make_item("c", "9999999.99", weight_kg=2.5, stock=2, rating=2, category=Category.CLOTHING)


def assert_row(found: tuple[Any, ...] | None, expected: tuple[Any, ...]) -> None:
    assert found == expected
    assert [type(value) for value in found or ()] == [type(value) for value in expected]


def test_all_of_them_side_by_side(items: None) -> None:
    found = (
        Item.query()
        .select(
            f.count(), f.count(Item.rating), f.sum(Item.stock), f.avg(Item.stock), f.min(Item.name), f.max(Item.name)
        )
        .first()
    )

    assert_row(found, (3, 2, 5, 5 / 3, "a", "c"))


def test_decimals_are_exact(items: None) -> None:
    found = Item.query().select(f.sum(Item.price), f.min(Item.price), f.max(Item.price)).first()
    assert_row(found, (Decimal("10000000.29"), Decimal("0.10"), Decimal("9999999.99")))
    found = (
        Item.query().where(Item.price < 1).select(f.sum(Item.price), f.avg(Item.price), f.sum(Item.price * 3)).first()
    )
    assert_row(found, (Decimal("0.30"), Decimal("0.15"), Decimal("0.90")))


def test_the_mean_of_decimals_is_that_of_the_query(showcase: str) -> None:
    for name, price in (
        ("a", "0.01"),
        ("b", "0.01"),
        ("c", "0.02"),
        ("d", "12345678.90"),
        ("e", "0.07"),
        ("f", "0.05"),
    ):
        make_item(name, price)

    for names in (["a", "b", "c"], ["c", "d", "e"], ["a", "d"], ["a", "b", "c", "d", "e", "f"]):
        query = Item.query().where(Item.name.in_(names))
        assert_row(query.select(f.avg(Item.price)).first(), (query.avg(Item.price),))
    assert (
        str(Item.query().where(Item.name.in_(["a", "b", "c"])).value(f.avg(Item.price)))
        == "0.01333333333333333333333333333"
    )
    assert str(Item.query().where(Item.name.in_(["a", "e"])).value(f.avg(Item.price))) == "0.04"


def test_floats_and_their_mean(items: None) -> None:
    assert_row(Item.query().select(f.sum(Item.weight_kg), f.avg(Item.weight_kg)).first(), (3.0, 1.5))
    assert_row(Item.query().select(f.min(Item.weight_kg), f.max(Item.weight_kg)).first(), (0.5, 2.5))


@pytest.mark.parametrize(
    "views", [(1, 2, 2), (1, 1, 5, 4, 4, 4, 1), (2**53 - 1, 2**53 - 2, 1), (0, 0, 1), (2**63 - 1,) * 3]
)
def test_the_mean_of_whole_numbers_is_the_nearest_float(showcase: str, views: tuple[int, ...]) -> None:
    author = make_user()
    for number in views:
        make_post(author, views=number)

    assert_row(Post.query().select(f.avg(Post.views)).first(), (sum(views) / len(views),))


def test_a_sum_beyond_64_bits_is_exact_or_a_typed_error(showcase: str) -> None:
    from isomorph.errors import NumericOverflow

    author = make_user()
    Post.insert_many({"author": author, "title": "x", "body": "", "views": 2**63 - 1} for _ in range(3))
    summed = Post.query().select(f.sum(Post.views))

    if showcase == "sqlite":
        with pytest.raises(NumericOverflow):
            summed.get()
        assert Post.query().sum(Post.views) == 3 * (2**63 - 1)
    else:
        assert_row(summed.first(), (3 * (2**63 - 1),))


def test_over_no_rows_there_is_no_value_but_a_count(showcase: str) -> None:
    found = Item.query().select(
        f.count(),
        f.count(Item.name),
        f.sum(Item.stock),
        f.avg(Item.price),
        f.min(Item.name),
        f.string_agg(Item.name, ","),
    )
    assert found.get() == [(0, 0, None, None, None, None)]
    assert Item.query().select(f.array_agg(Item.name), f.bool_and(Item.stock > 1), f.bool_or(Item.stock > 1)).get() == [
        ([], None, None)
    ]


@pytest.mark.feature("types.date", "types.time", "types.timestamptz", "types.datetime", "types.uuid")
def test_the_least_and_greatest_of_every_ordered_type(items: None) -> None:
    early, late = dt.datetime(1815, 12, 10, 1, 2, 3, 4, tzinfo=dt.UTC), dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    ada, bob = make_user(joined=late), make_user("Bob", joined=early)
    Profile.create(user=ada, born=dt.date(999, 1, 1), wakes_at=dt.time(7, 30))
    Profile.create(user=bob, born=dt.date(1000, 1, 1), wakes_at=dt.time(7, 30, 0, 1))
    make_post(ada, publish_on=early.replace(tzinfo=None))

    assert_row(User.query().select(f.min(User.joined), f.max(User.joined)).first(), (early, late))
    assert_row(
        Profile.query().select(f.min(Profile.born), f.max(Profile.wakes_at)).first(),
        (dt.date(999, 1, 1), dt.time(7, 30, 0, 1)),
    )
    assert_row(Post.query().select(f.max(Post.publish_on)).first(), (early.replace(tzinfo=None),))
    codes = [item.code for item in Item.all()]
    assert_row(Item.query().select(f.min(Item.code), f.max(Item.code)).first(), (min(codes), max(codes)))


# --- which rows, which values ------------------------------------------------------------------------------------------


def test_a_filter_counts_some_rows_only(items: None) -> None:
    found = Item.query().select(
        f.count().filter(Item.stock == 2),
        f.count(Item.rating).filter(Item.stock == 2),
        f.sum(Item.price).filter(Item.price < 1),
        f.avg(Item.stock).filter(Item.name != "c", Item.price > 0),
        f.max(Item.name).filter(Item.stock == 1),
        f.min(Item.price).filter(Item.stock > 99),
    )

    assert_row(found.first(), (1 + 1, 1, Decimal("0.30"), 1.5, "a", None))


def test_filters_add_up(items: None) -> None:
    counted = f.count().filter(Item.stock == 2).filter(Item.price < 1)
    assert Item.query().value(counted) == 1


def test_distinct_values_count_once(items: None) -> None:
    found = Item.query().select(
        f.count(Item.stock).distinct(),
        f.sum(Item.stock).distinct(),
        f.count(Item.stock).distinct().filter(Item.stock > 1),
    )

    assert_row(found.first(), (2, 3, 1))


def test_bool_and_bool_or(items: None) -> None:
    make_user("Ada", active=True)
    make_user("Bob", active=False)

    assert_row(User.query().select(f.bool_and(User.active), f.bool_or(User.active)).first(), (False, True))
    assert_row(
        Item.query()
        .select(f.bool_and(Item.stock >= 1), f.bool_or(Item.stock > 2), f.bool_or(Item.rating == 5))
        .first(),
        (True, False, True),
    )
    grouped = Item.query().group_by(Item.category).select(Item.category).order_by(Item.category)
    assert grouped.having(f.bool_and(Item.rating.is_not_null()).is_true()).get() == [(Category.CLOTHING,)]
    assert grouped.having(f.bool_and(Item.rating.is_not_null()).is_false()).get() == [(Category.BOOK,)]
    assert Item.query().value(f.bool_and(Item.stock > 1).filter(Item.name != "a")) is True


def test_calculations_with_aggregates(items: None) -> None:
    found = Item.query().select(f.max(Item.stock) - f.min(Item.stock), f.sum(Item.price) + 1, f.count() * 10).first()
    assert_row(found, (1, Decimal("10000001.29"), 30))


# --- groups ------------------------------------------------------------------------------------------------------------


def test_of_groups_in_select_having_and_order_by(items: None, sent: Sent) -> None:
    query = (
        Item.query()
        .group_by(Item.category)
        .select(Item.category, f.count(), f.sum(Item.price))
        .having(f.count() > 0, f.sum(Item.price) >= Decimal("0.30"))
        .order_by(f.sum(Item.price).desc())
    )
    sent.clear()

    assert query.get() == [
        (Category.CLOTHING, 1, Decimal("9999999.99")),
        (Category.BOOK, 2, Decimal("0.30")),
    ]
    assert len(sent) == 1
    assert query.having(f.sum(Item.price) > Decimal("9.5")).get() == [(Category.CLOTHING, 1, Decimal("9999999.99"))]
    assert query.having(f.avg(Item.price) < 1, f.max(Item.price) < Decimal("0.3")).count() == 1
    assert query.having(f.count() == 1).exists()
    assert not query.having(f.count() == 7).exists()


def test_a_decimal_is_compared_as_a_number(showcase: str) -> None:
    """9 is less than 10, although its text is not."""
    for name, price in (("a", "9.00"), ("b", "10.00"), ("c", "0.50")):
        make_item(name, price, department_id=None)

    prices = Item.query().group_by(Item.name).select(Item.name)
    for of in (f.sum(Item.price), f.avg(Item.price), f.min(Item.price), f.max(Item.price)):
        assert prices.having(of > Decimal("9.5")).get() == [("b",)]
        assert prices.order_by(of.desc()).get() == [("b",), ("a",), ("c",)]
        assert prices.having(of < f.max(Item.price) + 1).count() == 3


def test_an_aggregate_is_compared_with_a_subquery(showcase: str) -> None:
    ada, bob = make_user(), make_user("Bob")
    for author, views in ((ada, 4), (ada, 5), (bob, 3)):
        make_post(author, views=views)
    mean = Post.query().select(f.avg(Post.views)).scalar()

    found = Post.query().group_by(Post.author_id).having(f.avg(Post.views) > mean).select(Post.author_id).get()

    assert found == [(ada.id,)]


def test_an_aggregate_of_a_query_without_groups_is_one_row(items: None) -> None:
    query = Item.query().select(f.count())

    assert query.get() == [(3,)]
    assert query.count() == 1
    assert Item.query().where(Item.stock > 99).select(f.count()).count() == 1
    assert Item.query().where(Item.stock > 99).select(f.count()).exists()
    assert query.having(f.count() > 3).get() == []
    assert query.having(f.count() > 3).count() == 0
    assert not query.having(f.count() > 3).exists()


def test_aggregates_have_names_in_dicts_and_subqueries(items: None) -> None:
    total = f.sum(Item.price).as_("total")
    by_category = Item.query().group_by(Item.category).select(Item.category, total).subquery("by_category")

    assert Item.query().select(f.count().as_("number"), total).dicts() == [
        {"number": 3, "total": Decimal("10000000.29")}
    ]
    query = by_category.query().where(by_category[total] > Decimal("9.5"))
    assert query.select(by_category[Item.category], by_category[total] + 1).get() == [
        (Category.CLOTHING, Decimal("10000000.99"))
    ]
    outer = by_category.query().select(f.max(by_category[total]), f.sum(by_category[total]))
    assert outer.get() == [(Decimal("9999999.99"), Decimal("10000000.29"))]


# --- texts and lists ----------------------------------------------------------------------------------------------------


def test_string_agg_joins_texts_in_an_order(items: None) -> None:
    make_item("d", stock=1)
    names = Item.query()

    assert names.value(f.string_agg(Item.name, ", ")) == "a, b, c, d"
    assert names.value(f.string_agg(Item.name, "", order_by=Item.name.desc())) == "dcba"
    assert names.value(
        f.string_agg(Item.name, "%s ?'`\"", order_by=[Item.stock.desc(), Item.price])
    ) == "%s ?'`\"".join("bcad")
    assert names.value(f.string_agg(Item.name, "-").filter(Item.stock == 1)) == "a-d"
    by_rating = f.string_agg(Item.name, "", order_by=[Item.rating, Item.name])
    assert names.value(by_rating) == "bdca"
    by_rating_last = f.string_agg(Item.name, "", order_by=[Item.rating.desc().nulls_first(), Item.name])
    assert names.value(by_rating_last) == "bdac"
    by_rating_last = f.string_agg(Item.name, "", order_by=[Item.rating.asc().nulls_last(), Item.name.desc()])
    assert names.value(by_rating_last) == "cadb"
    by_price = f.string_agg(Item.name, "", order_by=Item.price.desc())
    assert names.value(by_price) == "cdba"


def test_string_agg_of_groups_and_distinct_texts(showcase: str) -> None:
    ada, bob = make_user(), make_user("Bob")
    for author, title in ((ada, "x"), (ada, "x"), (ada, "b"), (bob, "z")):
        make_post(author, title)

    query = Post.query().join(Post.author).group_by(User.id).order_by(User.name)
    assert query.select(User.name, f.string_agg(Post.title, "|")).get() == [("Ada", "b|x|x"), ("Bob", "z")]
    assert query.select(f.string_agg(Post.title, "|").distinct()).get() == [("b|x",), ("z",)]
    backwards = f.string_agg(Post.title, "|", order_by=Post.title.desc()).distinct()
    assert query.select(backwards).get() == [("x|b",), ("z",)]
    assert query.having(f.string_agg(Post.title, "").starts_with("b")).select(User.name).get() == [("Ada",)]


def test_null_is_left_out(showcase: str) -> None:
    make_user(nickname="A")
    make_user("Bob")
    make_user("Cy", nickname="C", age=3)

    assert User.query().value(f.string_agg(User.nickname, ",")) == "A,C"
    assert User.query().value(f.array_agg(User.nickname)) == ["A", "C"]
    assert User.query().where(User.name == "Bob").select(
        f.string_agg(User.nickname, ","), f.array_agg(User.age)
    ).get() == [(None, [])]


def test_long_texts_are_not_cut(showcase: str) -> None:
    author = make_user()
    Post.insert_many({"author": author, "title": str(number), "body": "x" * 10_000} for number in range(300))

    found = Post.query().value(f.string_agg(Post.body, ""))

    assert found is not None
    assert len(found) == 3_000_000


@pytest.mark.feature(
    "types.bool", "types.decimal", "types.double", "types.date", "types.time", "types.datetime", "types.timestamptz"
)
@pytest.mark.feature("types.uuid", "types.enum", "types.smallint", "types.bigint", "types.string", "types.text")
def test_array_agg_of_every_type(showcase: str) -> None:
    moment = dt.datetime(2026, 3, 1, 1, 2, 3, 4, tzinfo=dt.UTC)
    whole = dt.datetime.fromisoformat("2026-03-01T01:02:03")
    ada, bob = make_user(joined=moment), make_user('Bob "the" \\ ☃', active=False, joined=moment.replace(microsecond=0))
    Profile.create(user=ada, born=dt.date(1, 1, 1), wakes_at=dt.time(23, 59, 59, 999_999))
    Profile.create(user=bob, born=dt.date(9999, 12, 31), wakes_at=dt.time(7))
    make_post(ada, publish_on=moment.replace(tzinfo=None), views=2**63 - 1)
    make_post(bob, publish_on=whole)
    codes = [uuid.uuid4(), uuid.uuid4()]
    for code, price, weight_kg, category in (
        (codes[0], "1.50", 0.1, Category.OTHER),
        (codes[1], "12345678.91", 1e300, Category.BOOK),
    ):
        Item.create(code=code, name="x", price=Decimal(price), weight_kg=weight_kg, category=category, rating=2)

    users = User.query().select(
        f.array_agg(User.name), f.array_agg(User.active, order_by=User.name), f.array_agg(User.joined)
    )
    assert users.get() == [(["Ada", 'Bob "the" \\ ☃'], [True, False], [moment.replace(microsecond=0), moment])]
    assert Profile.query().select(f.array_agg(Profile.born), f.array_agg(Profile.wakes_at)).get() == [
        ([dt.date(1, 1, 1), dt.date(9999, 12, 31)], [dt.time(7), dt.time(23, 59, 59, 999_999)])
    ]
    posts = Post.query().select(f.array_agg(Post.publish_on), f.array_agg(Post.views), f.array_agg(Post.body))
    assert posts.get() == [([whole, moment.replace(tzinfo=None)], [0, 2**63 - 1], ["...", "..."])]
    (row,) = Item.query().select(
        f.array_agg(Item.code, order_by=Item.price),
        f.array_agg(Item.price),
        f.array_agg(Item.weight_kg),
        f.array_agg(Item.category, order_by=Item.price.desc()),
        f.array_agg(Item.rating).distinct(),
    )
    assert row == (
        codes,
        [Decimal("1.50"), Decimal("12345678.91")],
        [0.1, 1e300],
        [Category.BOOK, Category.OTHER],
        [2],
    )
    assert [type(value) for value in (*row[1], *row[2], *row[4])] == [Decimal, Decimal, float, float, int]


def test_array_agg_with_a_filter_of_groups(items: None) -> None:
    query = Item.query().group_by(Item.category).order_by(f.count().desc())
    found = query.select(
        f.array_agg(Item.name).filter(Item.stock == 2), f.array_agg(Item.stock, order_by=Item.name.desc())
    )

    assert found.get() == [(["b"], [2, 1]), (["c"], [2])]


# --- joins ---------------------------------------------------------------------------------------------------------------


def test_over_a_left_join_a_count_of_its_column_is_zero_where_there_is_none(showcase: str) -> None:
    ada, _ = make_user(), make_user("Bob")
    make_post(ada, views=2)
    make_post(ada, views=3)

    query = User.query().left_join(User.posts).group_by(User.id).order_by(User.name)

    assert query.select(User.name, f.count(Post.id), f.sum(Post.views), f.max(Post.title)).get() == [
        ("Ada", 2, 5, "Notes"),
        ("Bob", 0, None, None),
    ]
    assert [(user.name, count) for user, count in query.select(User, f.count(Post.id))] == [("Ada", 2), ("Bob", 0)]


def test_of_rows_with_a_composite_key(showcase: str) -> None:
    ada = make_user()
    order = Order.create(number="1", customer=ada)
    for name, quantity in (("a", 2), ("b", 3)):
        OrderLine.create(order=order, item=make_item(name), quantity=quantity, unit_price=Decimal("1.10"))

    total = Order.query().join(Order.lines).group_by(Order.id).select(Order.number, f.sum(OrderLine.unit_price * 2))

    assert total.get() == [("1", Decimal("4.40"))]


# --- refusals --------------------------------------------------------------------------------------------------------------


def test_an_aggregate_where_single_rows_are_meant_is_refused(sent: Sent) -> None:
    with pytest.raises(InvalidQuery, match=r"count\(\) in where\(\) \(use having\(\), or compare with a sub-query\)"):
        Item.query().where(f.count() > 1).get()
    with pytest.raises(InvalidQuery, match=r"sum\(\) in group_by\(\)"):
        Item.query().group_by(f.sum(Item.stock)).select(f.count()).get()
    with pytest.raises(InvalidQuery, match=r"max\(\) in an aggregate"):
        Item.query().select(f.sum(f.max(Item.stock))).get()
    with pytest.raises(InvalidQuery, match=r"avg\(\) in an aggregate"):
        Item.query().select(f.count().filter(f.avg(Item.stock) > 1)).get()
    with pytest.raises(InvalidQuery, match=r"string_agg\(\) in where\(\)"):
        Item.query().where(f.string_agg(Item.name, "") == "x").get()
    with pytest.raises(InvalidQuery, match=r"count\(\) in the condition of a join"):
        Post.query().join(User, on=f.count() == Post.author_id).get()
    with pytest.raises(InvalidQuery, match=r"in where\(\)"):
        Item.query().where(f.bool_or(Item.stock > 1).is_true()).delete()
    assert len(sent) == 0


def test_what_cannot_be_aggregated_is_refused() -> None:
    wrong: Any
    calls: list[Any] = [f.sum, f.avg, f.min, f.max]
    for wrong in ("stock", Item.attributes, None, Item):
        for call in calls:
            with pytest.raises(InvalidValue, match=r"\w+\(\): expected a column such as Post.views, got \w+"):
                call(wrong)
    count: Any = f.count
    with pytest.raises(InvalidValue, match=r"count\(\): expected a column"):
        count("stock")
    summed: Any = f.sum
    with pytest.raises(InvalidValue, match=r"sum\(\)"):
        summed(Item.name)
    joined: Any = f.string_agg
    with pytest.raises(InvalidValue, match=r"string_agg\(\): expected a text such as User.name, got IntColumn"):
        joined(Item.stock, ",")
    with pytest.raises(InvalidValue, match=r"string_agg\(\): expected .*, got int"):
        joined(Item.name, 3)
    for call in (f.bool_and, f.bool_or):
        truth: Any = call
        with pytest.raises(InvalidValue, match="expected a condition, or a column of truth values, got IntColumn"):
            truth(Item.stock)
    with pytest.raises(InvalidValue, match=r"array_agg\(\): expected .*, got json"):
        f.array_agg(Item.attributes)
    with pytest.raises(InvalidQuery, match=r"filter\(\) without a condition"):
        f.count().filter()
    filtered: Any = f.count().filter
    with pytest.raises(InvalidValue, match=r"filter\(\): expected a predicate"):
        filtered("stock > 1")
    with pytest.raises(InvalidQuery, match=r"count\(\).distinct\(\) of rows"):
        f.count().distinct()
    with pytest.raises(InvalidQuery, match="distinct values in the order of something else"):
        f.string_agg(Item.name, ",", order_by=Item.stock).distinct()


def test_an_aggregate_is_no_aggregate_any_more_in_the_query_around(items: None) -> None:
    """A sub-query in where() has groups of its own."""
    most = Item.query().select(f.max(Item.stock)).scalar()

    assert Item.query().where(Item.stock == most).order_by(Item.name).pluck(Item.name) == ["b", "c"]
    assert db.connection().name == "default"


def test_texts_are_joined_by_a_text(sent: Sent) -> None:
    string_agg: Any = f.string_agg
    with pytest.raises(InvalidValue, match=r"string_agg\(\): expected a separator, got None"):
        string_agg(Item.name, None)
    assert len(sent) == 0
