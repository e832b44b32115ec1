"""Assignments: columns set to values and expressions, by `update_with` and `increment_each`."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from generated import Category, Item, Order, OrderLine, Post, Role, User
from isomorph import functions as f
from isomorph.errors import (
    CheckViolation,
    DatabaseError,
    InvalidQuery,
    InvalidValue,
    NotNullViolation,
    UniqueViolation,
)
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("writes.assignments")]


def make_item(name: str = "Lamp", **values: Any) -> Item:
    all_values: Any = {"code": uuid.uuid4(), "name": name, "price": Decimal("1.50"), **values}
    return Item.create(**all_values)


# --- what is set -----------------------------------------------------------------------------------------------------------


def test_a_column_is_set_to_an_expression_over_its_row(sent: Sent) -> None:
    ada = make_user()
    for views in (1, 10):
        make_post(ada, str(views), views=views)
    sent.clear()

    assert Post.query().where(Post.views > 5).update_with(Post.views.to(Post.views + 1), Post.title.to("read")) == 1

    assert len(sent) == 1
    assert Post.query().order_by(Post.views).select(Post.title, Post.views).get() == [("1", 1), ("read", 11)]


def test_every_expression_reads_what_the_row_was_before() -> None:
    item = make_item(stock=3, rating=5)

    # A database that sets one column after the other would give (5, 5), (6, 5) or the like.
    Item.query().where(Item.id == item.id).update_with(Item.stock.to(Item.rating + 1), Item.rating.to(Item.stock))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - it is there
    assert (item.refresh().stock, item.rating) == (6, 3)
    Item.query().where(Item.id == item.id).update_with(Item.rating.to(Item.stock - 2), Item.stock.to(Item.stock * 2))
    assert (item.refresh().stock, item.rating) == (12, 4)
    Item.query().where(Item.id == item.id).update_with(Item.stock.to(Item.stock * 2), Item.rating.to(Item.stock - 9))
    assert (item.refresh().stock, item.rating) == (24, 3)


def test_columns_change_places_in_the_first_rows_of_an_order_and_under_an_alias() -> None:
    for number in range(3):
        make_item(str(number), stock=number, rating=5 - number)
    swap: Any = (Item.stock.to(Item.rating), Item.rating.to(Item.stock + 1))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - it is there

    assert Item.query().order_by(Item.name).limit(1).update_with(*swap) == 1
    assert Item.query().order_by(Item.name).select(Item.stock, Item.rating).get() == [(5, 1), (1, 4), (2, 3)]
    ware = Item.alias("ware")
    swap = (ware.stock.to(ware.rating), ware.rating.to(ware.stock + 1))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - it is there
    assert ware.query().where(ware.name == "2").update_with(*swap) == 1
    assert Item.query().order_by(Item.name).select(Item.stock, Item.rating).get() == [(5, 1), (1, 4), (3, 3)]


def test_values_of_every_type_are_set() -> None:
    item, code = make_item(rating=3), uuid.uuid4()

    Item.query().where(Item.id == item.id).update_with(
        Item.code.to(code),
        Item.price.to(Decimal("2.5")),
        Item.category.to(Category.BOOK),
        Item.attributes.to({"a": [1]}),
        Item.rating.to(None),
        Item.weight_kg.to(1.5),
        Item.available_from.to(dt.date(2026, 3, 1)),
    )

    item.refresh()
    assert (item.code, item.price, item.category, item.attributes) == (code, Decimal("2.50"), Category.BOOK, {"a": [1]})
    assert (item.rating, item.weight_kg, item.available_from) == (None, 1.5, dt.date(2026, 3, 1))


def test_a_condition_is_a_value_of_a_truth() -> None:
    ada, bob = make_user(age=17), make_user("Bob", age=18)

    User.query().update_with(User.active.to(User.age >= 18), all_rows=True)
    assert (ada.refresh().active, bob.refresh().active) == (False, True)


def test_a_value_is_taken_from_a_sub_query() -> None:
    ada, bob = make_user(), make_user("Bob")
    for user, views in ((ada, 3), (ada, 7), (bob, 1)):
        make_post(user, views=views)
    most = Post.query().where(Post.author_id == User.id).order_by(Post.views.desc()).limit(1).select(Post.title)

    assert User.query().update_with(User.nickname.to(most.scalar()), all_rows=True) == 2
    assert User.query().pluck(User.nickname) == ["Notes", "Notes"]


def test_decimals_are_rounded_to_the_digits_of_their_column() -> None:
    item, exact = make_item(price=Decimal("0.25"), rating=3), make_item(price=Decimal("1.10"))
    order = Order.create(number="A1", customer=make_user())
    OrderLine.create(order=order, item=item, unit_price=Decimal("1.05"))

    Item.query().where(Item.id == item.id).update_with(Item.price.to(Item.price * Decimal("0.1")))
    Item.query().where(Item.id == exact.id).update_with(Item.price.to(Item.price + Decimal(2)))
    assert Item.query().order_by(Item.id).pluck(Item.price) == [Decimal("0.03"), Decimal("3.10")]
    assert Item.query().where(Item.price == Decimal("0.03")).count() == 1
    OrderLine.query().update_with(OrderLine.unit_price.to(OrderLine.unit_price * Decimal("1.5")), all_rows=True)
    assert OrderLine.query().pluck(OrderLine.unit_price) == [Decimal("1.58")]


@pytest.mark.feature("models.timestamps")
def test_the_time_of_the_update_is_set_unless_it_is_given() -> None:
    long_ago = dt.datetime(2001, 2, 3, tzinfo=dt.UTC)
    ada = make_user(updated_at=long_ago, created_at=long_ago)

    User.query().where(User.id == ada.id).update_with(User.age.to(37))
    assert ada.refresh().updated_at > long_ago
    assert ada.created_at == long_ago
    User.query().where(User.id == ada.id).update_with(User.updated_at.to(User.created_at))
    assert ada.refresh().updated_at == long_ago


def test_the_primary_key_may_be_set() -> None:
    role = Role.create(name="a")

    assert Role.query().where(Role.name == "a").update_with(Role.id.to(Role.id + 100)) == 1
    assert Role.find(role.id) is None
    assert Role.find_or_fail(role.id + 100).name == "a"


# --- what cannot be set --------------------------------------------------------------------------------------------------


@pytest.mark.feature("bad_input.wrong_type", "bad_input.too_long")
@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        (Post.views, "1", r"^Post.views: expected an int, got str$"),
        (Post.title, None, r"^Post.title: expected a value, for the field is required, got None$"),
        (Post.title, "x" * 201, r"^Post.title: expected at most 200 characters, got 201$"),
        (Post.title, Post.views, r"^Post.title: expected an expression of the type string\(200\), got one of the type"),
        (Post.views, Post.published, r"^Post.views: expected .* bigint, got one of the type bool$"),
        (Item.category, Order.status, r"^Item.category: expected .* Category, got one of the type OrderStatus$"),
        (Item.price, Decimal("1.005"), r"^Item.price: expected at most 2 digits after the point, got 3$"),
        (Item.attributes, None, r"^Item.attributes: expected a value, for the field is required, got None$"),
        (User.joined, dt.datetime(2026, 1, 1), r"^User.joined: expected"),  # noqa: DTZ001 - that is what is wrong
    ],
)
def test_a_value_of_the_wrong_type_is_refused_at_once(column: Any, value: object, message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        column.to(value)


def test_assignments_without_meaning_are_refused_before_any_sql(sent: Sent) -> None:
    query = Post.query().where(Post.id > 0)
    with pytest.raises(InvalidQuery, match=r"update_with\(\) without changes"):
        query.update_with()
    with pytest.raises(InvalidQuery, match=r"update_with\(\) sets Post.title twice"):
        query.update_with(Post.title.to("a"), Post.title.to("b"))
    with pytest.raises(InvalidQuery, match=r"update_with\(\): User.name is no field of Post \(pass Post.<field>\)"):
        query.update_with(User.name.to("a"))
    other = Post.alias("other")
    with pytest.raises(InvalidQuery, match=r"update_with\(\) writes posts, and Post.title is that of other"):
        query.update_with(other.title.to("a"))
    with pytest.raises(InvalidQuery, match="users is no part of the query"):
        query.update_with(Post.title.to(User.name))
    several: list[Any] = [f.count(), f.sum(Post.views) + 1, f.row_number().over(order_by=[Post.id])]
    for many in several:
        with pytest.raises(InvalidQuery, match=r"Post.views set to an aggregate or a window, .*scalar\(\)\)"):
            Post.views.to(many)
    wrong: Any = query.update_with
    with pytest.raises(InvalidValue, match=r"update_with\(\): expected assignments such as .*, got str"):
        wrong("title")
    with pytest.raises(InvalidQuery, match=r"update_with\(\) without a condition would touch every row"):
        Post.query().update_with(Post.title.to("x"))
    with pytest.raises(InvalidQuery, match=r"update_with\(all_rows=True\) on a query with conditions"):
        query.update_with(Post.title.to("x"), all_rows=True)
    assert len(sent) == 0


@pytest.mark.feature("bad_input.half_written", "errors.unique_violation", "errors.check_violation")
def test_what_the_database_refuses_is_attributed_and_changes_nothing() -> None:
    Role.insert_many({"name": name, "level": level} for level, name in enumerate("abc", 1))
    with pytest.raises(UniqueViolation) as unique:
        Role.query().where(Role.level > 1).update_with(Role.name.to("a"))
    assert (unique.value.model, unique.value.fields) == ("Role", ("name",))
    assert sorted(Role.query().pluck(Role.name)) == ["a", "b", "c"]

    item = make_item(stock=1)
    with pytest.raises(CheckViolation) as check:
        Item.query().update_with(Item.stock.to(Item.stock - 2), all_rows=True)
    assert check.value.model == "Item"
    with pytest.raises(NotNullViolation) as null:
        Item.query().update_with(Item.stock.to(Item.rating), all_rows=True)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - it is NULL
    assert (null.value.model, null.value.fields) == ("Item", ("stock",))
    with pytest.raises(DatabaseError):
        Item.query().update_with(Item.rating.to(Item.stock + 40_000), all_rows=True)
    assert (item.refresh().stock, item.rating) == (1, None)


# --- numbers ----------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("writes.increment_each", "models.increment")
def test_several_columns_are_added_to_at_once(sent: Sent) -> None:
    item = make_item(stock=3, rating=1, price=Decimal("0.10"))
    query = Item.query().where(Item.id == item.id)
    sent.clear()

    assert query.increment_each({Item.stock: 2, Item.price: Decimal("0.25"), Item.rating: 1}, Item.name.to("Bulb")) == 1
    assert len(sent) == 1
    assert (item.refresh().stock, item.rating, item.price, item.name) == (5, 2, Decimal("0.35"), "Bulb")
    assert query.decrement_each({Item.stock: 1, Item.rating: -2}) == 1
    assert (item.refresh().stock, item.rating) == (4, 4)
    assert query.increment(Item.stock, 1, Item.name.to("Lamp"), Item.rating.to(None)) == 1
    assert (item.refresh().stock, item.name, item.rating) == (5, "Lamp", None)
    assert query.decrement(Item.stock, 5) == 1
    assert item.refresh().stock == 0


@pytest.mark.feature("writes.increment_each", "bad_input.wrong_type")
def test_amounts_that_are_none_are_refused(sent: Sent) -> None:
    query: Any = Item.query().where(Item.id > 0)
    with pytest.raises(InvalidValue, match=r"^Item.stock: expected an int, got str$"):
        query.increment_each({Item.rating: 1, Item.stock: "1"})
    with pytest.raises(InvalidValue, match=r"^Item.stock: expected a number, got None$"):
        query.increment_each({Item.stock: None})
    with pytest.raises(
        InvalidValue, match=r"increment\(\): expected a column of numbers such as Post.views, got StringColumn"
    ):
        query.increment_each({Item.name: 1})
    with pytest.raises(InvalidValue, match=r"increment_each\(\): expected a mapping of columns to numbers, got list"):
        query.increment_each([Item.stock])
    with pytest.raises(InvalidQuery, match=r"decrement_each\(\) without changes"):
        query.decrement_each({})
    with pytest.raises(InvalidQuery, match=r"increment_each\(\) sets Item.stock twice"):
        query.increment_each({Item.stock: 1}, Item.stock.to(3))
    with pytest.raises(InvalidQuery, match=r"increment_each\(\) without a condition"):
        Item.query().increment_each({Item.stock: 1})
    assert len(sent) == 0
