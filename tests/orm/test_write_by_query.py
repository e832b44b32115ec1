"""Updating, deleting and incrementing by query."""

import datetime as dt
import threading
import uuid
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from generated import Category, Item, Order, OrderLine, Post, Role, User, db
from isomorph.errors import (
    CheckViolation,
    ForeignKeyViolation,
    InvalidQuery,
    InvalidValue,
    LockTimeout,
    NotNullViolation,
    NumericOverflow,
    StatementFailed,
    UniqueViolation,
    UnknownField,
)
from tests.support.showcase import Sent, make_post, make_user

pytestmark = pytest.mark.usefixtures("showcase")


@pytest.fixture
def roles(showcase: str) -> None:
    Role.insert_many({"name": name, "level": level} for level, name in enumerate("abc", 1))


@pytest.mark.feature("queries.update")
def test_update_changes_the_rows_that_match_by_one_statement(roles: None, sent: Sent) -> None:
    assert Role.query().where(Role.level > 1).update(level=9) == 2

    assert sent.texts == ['UPDATE "roles" SET "level" = ? WHERE "level" > ?']
    assert Role.query().order_by(Role.name).pluck(Role.level) == [1, 9, 9]


@pytest.mark.feature("queries.update")
def test_update_tells_how_many_rows_it_found(roles: None) -> None:
    assert Role.query().where(Role.level > 9).update(level=1) == 0
    assert Role.query().where(Role.name == "a").update(level=1) == 1  # although nothing in it changes
    assert Role.query().where(Role.level.in_([])).update(level=1) == 0


@pytest.mark.feature("queries.update")
def test_an_update_of_all_rows_must_say_so(roles: None, sent: Sent) -> None:
    with pytest.raises(InvalidQuery, match=r"update\(\) without a condition would touch every row"):
        Role.query().update(level=9)
    with pytest.raises(InvalidQuery, match=r"update\(all_rows=True\) on a query with conditions"):
        Role.query().where(Role.level > 1).update(all_rows=True, level=9)
    assert len(sent) == 0
    assert Role.query().update(all_rows=True, level=9) == 3


@pytest.mark.feature("queries.update", "types.decimal", "types.json", "types.enum", "types.uuid", "types.nullable")
def test_an_update_takes_values_of_every_type() -> None:
    ada = make_user(age=36)
    item = Item.create(code=uuid.uuid4(), name="x", price=Decimal(1), rating=3)
    code = uuid.uuid4()

    changed = (
        Item.query()
        .where(Item.id == item.id)
        .update(
            code=code, price=Decimal("2.5"), category=Category.BOOK, attributes={"a": [1]}, rating=None, weight_kg=1.5
        )
    )

    assert changed == 1
    item.refresh()
    assert (item.code, item.price, item.category, item.attributes, item.rating, item.weight_kg) == (
        code,
        Decimal("2.50"),
        Category.BOOK,
        {"a": [1]},
        None,
        1.5,
    )
    User.query().where(User.id == ada.id).update(age=None, active=False)
    assert (ada.refresh().age, ada.active) == (None, False)


@pytest.mark.feature("queries.update", "models.timestamps")
def test_an_update_by_query_sets_the_time_of_the_update() -> None:
    long_ago = dt.datetime(2001, 2, 3, tzinfo=dt.UTC)
    ada = make_user(updated_at=long_ago, created_at=long_ago)

    User.query().where(User.id == ada.id).update(age=37)
    assert ada.refresh().updated_at > long_ago
    assert ada.created_at == long_ago
    User.query().where(User.id == ada.id).update(updated_at=long_ago)
    assert ada.refresh().updated_at == long_ago


@pytest.mark.feature("queries.update", "bad_input.unknown_column", "bad_input.wrong_type", "bad_input.half_written")
def test_an_update_that_cannot_be_is_refused_before_any_sql(roles: None, sent: Sent) -> None:
    update: Any = Role.query().where(Role.level > 0).update
    with pytest.raises(UnknownField, match=r'Role has no field "levle" \(did you mean "level"\?\)'):
        update(levle=1)
    with pytest.raises(InvalidValue, match=r"^Role.level: expected an int, got str$"):
        update(name="x", level="1")
    with pytest.raises(InvalidQuery, match=r"update\(\) without changes"):
        update()
    assert len(sent) == 0


@pytest.mark.feature("queries.update", "bad_input.half_written")
def test_an_update_that_the_database_refuses_changes_no_row(roles: None) -> None:
    with pytest.raises(UniqueViolation) as caught:
        Role.query().where(Role.level > 1).update(name="a")
    assert (caught.value.model, caught.value.fields) == ("Role", ("name",))
    update: Any = Role.query().where(Role.level > 1).update
    with pytest.raises(NotNullViolation):
        update(name=None)
    assert sorted(Role.query().pluck(Role.name)) == ["a", "b", "c"]


@pytest.mark.feature("queries.update", "queries.delete")
def test_a_query_whose_rows_are_not_those_of_the_table_cannot_write(sent: Sent) -> None:
    posts = Post.query().where(Post.id > 0)
    queries: list[Any] = [
        posts.distinct(),
        posts.group_by(Post.author_id),
        posts.union(posts),
        posts.include(Post.author),
    ]
    for query in queries:
        for write in (
            partial(query.update, title="x"),
            partial(query.update_with, Post.title.to("x")),
            query.delete,
            partial(query.increment, Post.views, 1),
        ):
            with pytest.raises(InvalidQuery, match=r"of distinct, grouped or combined rows, or with includes"):
                write()
    for query in (posts.distinct(), posts.group_by(Post.author_id), posts.include(Post.author)):
        with pytest.raises(InvalidQuery, match=r"of distinct, grouped or combined rows, or with includes"):
            query.returning(Post.id).delete()
    with pytest.raises(InvalidQuery, match=r"delete\(\) of some, which is no table \(write Post, and join it\)"):
        posts.cte("some").query().delete()
    assert len(sent) == 0


@pytest.mark.feature("queries.update", "queries.delete")
def test_an_order_without_a_limit_is_refused_since_it_changes_nothing() -> None:
    with pytest.raises(InvalidQuery, match=r"delete\(\) in an order, which changes nothing without a limit"):
        Post.query().where(Post.id > 0).order_by(Post.id).delete()
    with pytest.raises(InvalidQuery, match=r"update\(\) in an order, .* \(add limit\(\), or reorder\(\)\)"):
        Post.query().popular().update(title="x")
    assert Post.query().popular().reorder().update(title="x") == 0


@pytest.mark.feature("writes.limit", "queries.update", "queries.delete")
def test_a_limit_chooses_the_rows_that_are_written(roles: None) -> None:
    assert Role.query().order_by(Role.level.desc()).limit(2).update(level=9) == 2
    assert Role.query().order_by(Role.name).pluck(Role.level) == [1, 9, 9]
    assert Role.query().order_by(Role.name).offset(2).update(all_rows=True, level=5) == 1
    assert Role.query().order_by(Role.name).pluck(Role.level) == [1, 9, 5]
    assert Role.query().where(Role.level > 1).order_by(Role.level).limit(1).increment(Role.level, 1) == 1
    assert Role.query().order_by(Role.name).pluck(Role.level) == [1, 9, 6]
    assert Role.query().where(Role.level > 1).order_by(Role.name).limit(1).offset(1).delete() == 1
    assert Role.query().order_by(Role.name).pluck(Role.name) == ["a", "b"]
    assert Role.query().order_by(Role.name.desc()).limit(1).delete() == 1
    assert Role.query().pluck(Role.name) == ["a"]
    assert Role.query().limit(0).delete() == 0
    assert Role.query().limit(5).delete() == 1


@pytest.mark.feature("writes.limit", "models.composite_key")
def test_a_limit_works_with_a_composite_key() -> None:
    order = Order.create(number="A1", customer=make_user())
    items = Item.insert_many({"code": uuid.uuid4(), "name": name, "price": Decimal(1)} for name in "abc")
    OrderLine.insert_many({"order": order, "item": item, "unit_price": item.price} for item in items)

    lines = OrderLine.query().join(OrderLine.item).order_by(Item.name.desc())
    assert lines.limit(2).update_with(OrderLine.quantity.to(OrderLine.quantity + 4)) == 2
    assert OrderLine.query().order_by(OrderLine.item_id).pluck(OrderLine.quantity) == [1, 5, 5]
    assert lines.limit(2).delete() == 2
    assert OrderLine.query().pluck(OrderLine.item_id) == [items[0].id]
    assert OrderLine.query().order_by(OrderLine.item_id).limit(1).delete() == 1


@pytest.mark.feature("writes.lock")
def test_rows_that_others_have_locked_can_be_left_out(showcase: str, roles: None) -> None:
    """A queue: each worker takes what no other one is at."""
    free = Role.query().order_by(Role.name).limit(1).lock_for_update(skip_locked=True)
    if showcase == "sqlite":  # one writer at a time: nothing is locked by anybody else
        assert free.update(level=9) == 1
        return
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with db.transaction():
            Role.query().where(Role.name == "a").lock_for_update().get()
            held.set()
            done.wait(10)

    other = threading.Thread(target=hold)
    other.start()
    try:
        assert held.wait(10)
        assert free.update(level=9) == 1
        assert [role.name for role in free.returning(Role).update_with(Role.level.to(8))] == ["b"]
        assert free.returning(Role.name).delete() == [("b",)]
        with pytest.raises(LockTimeout):
            Role.query().where(Role.name == "a").lock_for_update(nowait=True).delete()
    finally:
        done.set()
        other.join()
    assert Role.query().order_by(Role.name).select(Role.name, Role.level).get() == [("a", 1), ("c", 3)]


@pytest.mark.feature("writes.comment")
def test_a_remark_travels_with_a_write(roles: None, sent: Sent) -> None:
    Role.query().where(Role.level > 1).comment("nightly job").update(level=9)
    Role.query().where(Role.level > 1).comment("nightly job").delete()

    assert sent.texts == [
        'UPDATE "roles" SET "level" = ? WHERE "level" > ? /* nightly job */',
        'DELETE FROM "roles" WHERE "level" > ? /* nightly job */',
    ]


@pytest.mark.feature("queries.delete")
def test_delete_removes_the_rows_that_match_by_one_statement(roles: None, sent: Sent) -> None:
    assert Role.query().where(Role.level > 1).delete() == 2

    assert sent.texts == ['DELETE FROM "roles" WHERE "level" > ?']
    assert Role.query().pluck(Role.name) == ["a"]
    assert Role.query().where(Role.level > 1).delete() == 0


@pytest.mark.feature("queries.delete")
def test_a_delete_of_all_rows_must_say_so(roles: None, sent: Sent) -> None:
    with pytest.raises(InvalidQuery, match=r"delete\(\) without a condition .* \(add where\(\), or all_rows=True\)"):
        Role.query().delete()
    with pytest.raises(InvalidQuery, match=r"delete\(all_rows=True\) on a query with conditions"):
        Role.query().where(Role.level > 1).delete(all_rows=True)
    assert len(sent) == 0
    assert Role.query().delete(all_rows=True) == 3


@pytest.mark.feature("queries.delete", "bad_input.half_written", "errors.foreign_key_violation")
def test_a_delete_that_the_database_refuses_removes_no_row() -> None:
    ada, bob = make_user(), make_user("Bob")
    Order.create(number="A1", customer=bob)

    with pytest.raises(ForeignKeyViolation):
        User.query().delete(all_rows=True)
    assert User.query().count() == 2
    assert ada.refresh().name == "Ada"


@pytest.mark.feature("models.increment", "queries.update")
def test_increment_by_query_adds_to_all_rows_that_match() -> None:
    ada = make_user()
    posts = [make_post(ada, str(views), views=views) for views in (1, 10)]
    old = posts[0].updated_at

    assert Post.query().where(Post.views > 5).increment(Post.views, 3) == 1
    assert Post.query().decrement(Post.views, 1, all_rows=True) == 2
    assert Post.query().order_by(Post.views).pluck(Post.views) == [0, 12]
    assert posts[0].refresh().updated_at > old
    with pytest.raises(InvalidQuery, match=r"increment\(\) without a condition"):
        Post.query().increment(Post.views, 1)
    with pytest.raises(InvalidQuery, match=r"increment\(\): User.age is no field of Post"):
        Post.query().where(Post.id > 0).increment(User.age, 1)
    wrong: Any = "1"
    with pytest.raises(InvalidValue, match=r"^Post.views: expected an int, got str$"):
        Post.query().where(Post.id > 0).increment(Post.views, wrong)


@pytest.mark.feature("models.increment", "types.decimal", "errors.check_violation")
def test_a_decimal_is_incremented_by_query_exactly_and_within_its_checks() -> None:
    for price in ("0.10", "9999999.95"):
        Item.create(code=uuid.uuid4(), name="x", price=Decimal(price))

    Item.query().increment(Item.price, Decimal("0.02"), all_rows=True)
    assert Item.query().order_by(Item.price).pluck(Item.price) == [Decimal("0.12"), Decimal("9999999.97")]
    with pytest.raises(InvalidValue, match=r"^Item.price: expected at most 2 digits after the point, got 3$"):
        Item.query().increment(Item.price, Decimal("0.005"), all_rows=True)
    with pytest.raises(CheckViolation):
        Item.query().decrement(Item.stock, 1, all_rows=True)
    assert Item.query().pluck(Item.stock) == [0, 0]


def make_item(price: str) -> Item:
    return Item.create(name="Lamp", code=uuid.uuid4(), price=Decimal(price), category=Category.OTHER)


@pytest.mark.feature("writes.assignments", "queries.overflow")
def test_a_decimal_beyond_its_column_is_an_overflow() -> None:
    lamp = make_item("99999999.99")
    query = Item.query().where(Item.id == lamp.id)
    for assignment in (Item.price.to(Item.price + 1), Item.price.to(Item.price * 10**9)):
        with pytest.raises(NumericOverflow), db.transaction():
            query.update_with(assignment)
    with pytest.raises(NumericOverflow), db.transaction():
        query.increment(Item.price, Decimal("0.01"))
    query.update_with(Item.price.to(Item.price / 3))
    assert query.value(Item.price) == Decimal("33333333.33")


@pytest.mark.feature("writes.assignments", "queries.text_functions")
def test_a_computed_text_that_is_too_long_says_so(showcase: str) -> None:
    lamp = make_item("1.00")
    query = Item.query().where(Item.id == lamp.id)
    with pytest.raises(CheckViolation if showcase == "sqlite" else StatementFailed) as caught, db.transaction():
        query.update_with(Item.name.to(Item.name.repeat(100)))
    if showcase != "sqlite":
        assert "a text is longer than its column takes" in str(caught.value)


@pytest.mark.feature("queries.update")
def test_increment_adds_one_unless_told_otherwise(roles: None) -> None:
    query = Role.query().where(Role.name == "a")
    query.increment(Role.level)
    assert query.value(Role.level) == 2
    query.decrement(Role.level)
    assert query.value(Role.level) == 1
