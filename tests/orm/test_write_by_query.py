"""Updating, deleting and incrementing by query."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from generated import Category, Item, Post, Role, User
from isomorph.errors import (
    CheckViolation,
    ForeignKeyViolation,
    InvalidQuery,
    InvalidValue,
    NotNullViolation,
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
def test_a_query_that_is_more_than_conditions_cannot_write() -> None:
    for query in (
        Post.query().where(Post.id > 0).limit(1),
        Post.query().where(Post.id > 0).offset(1),
        Post.query().where(Post.id > 0).order_by(Post.id),
        Post.query().join(Post.author).where(User.name == "Ada"),
        Post.query().where(Post.id > 0).distinct(),
    ):
        with pytest.raises(InvalidQuery, match=r"update\(\) by query takes conditions only"):
            query.update(title="x")
        with pytest.raises(InvalidQuery, match=r"delete\(\) by query takes conditions only"):
            query.delete()
        with pytest.raises(InvalidQuery, match=r"increment\(\) by query takes conditions only"):
            query.increment(Post.views, 1)
    with pytest.raises(InvalidQuery, match="takes conditions only"):
        Post.query().where(Post.id > 0).include(Post.author).delete()


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
    from generated import Order

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
    with pytest.raises(InvalidQuery, match="users is no part of the query"):
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
