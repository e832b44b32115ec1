"""Upsert: expressions over both rows, conditions, keys of all kinds, and what happens at other keys than the one named."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from generated import Category, Department, Item, ItemValues, Role, User, UserValues, db
from isomorph.errors import (
    CheckViolation,
    ForeignKeyViolation,
    InvalidQuery,
    InvalidValue,
    MissingValue,
    NotNullViolation,
    NotSupported,
    UniqueViolation,
    UnknownField,
)
from isomorph.functions import excluded
from tests.support.showcase import Sent, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("models.upsert")]

CODE = uuid.UUID(int=7)


def item_values(**values: Any) -> ItemValues:
    made: ItemValues = {"code": CODE, "name": "Lamp", "price": Decimal("1.50")}
    made.update(values)  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType, reportCallIssue] - any fields
    return made


def user_values(name: str, **values: Any) -> UserValues:
    made: UserValues = {"name": name, "email": f"{name.lower()}@example.com", "password": "hash"}
    made.update(values)  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType, reportCallIssue] - any fields
    return made


# --- expressions ------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("writes.upsert_expressions")
def test_a_row_that_is_there_is_updated_from_both_rows() -> None:
    Item.create(**item_values(stock=5, rating=1))

    (found,) = Item.upsert(
        [item_values(stock=3, name="Other")],
        unique=[Item.code],
        update=[Item.stock.to(Item.stock + excluded(Item.stock)), Item.rating.to(5)],
    )
    assert (found.stock, found.rating, found.name) == (8, 5, "Lamp")
    (new,) = Item.upsert(
        [item_values(code=uuid.UUID(int=8), stock=3)],
        unique=[Item.code],
        update=[Item.stock.to(Item.stock + excluded(Item.stock))],
    )
    assert new.stock == 3


@pytest.mark.feature("writes.upsert_expressions")
def test_every_expression_reads_the_row_as_it_was() -> None:
    Item.create(**item_values(stock=5, rating=1))

    (found,) = Item.upsert(
        [item_values(stock=3)],
        unique=[Item.code],
        update=[Item.stock.to(Item.stock + excluded(Item.stock)), Item.rating.to(Item.stock), Item.name],
    )
    assert (found.stock, found.rating) == (8, 5)


@pytest.mark.feature("writes.upsert_expressions", "models.timestamps")
def test_columns_and_assignments_are_mixed_and_the_time_is_set() -> None:
    long_ago = dt.datetime(2001, 2, 3, tzinfo=dt.UTC)
    Item.create(**item_values(stock=5, listed_at=long_ago, changed_at=long_ago))

    (found,) = Item.upsert(
        [item_values(name="New", stock=1, category=Category.BOOK)],
        unique=[Item.code],
        update=[Item.name, Item.stock.to(excluded(Item.stock) * 2)],
    )
    assert (found.name, found.stock, found.category) == ("New", 2, Category.OTHER)
    assert found.listed_at == long_ago
    assert found.changed_at > long_ago
    (found,) = Item.upsert([item_values()], unique=[Item.code], update=[Item.changed_at.to(long_ago)])
    assert found.changed_at == long_ago


@pytest.mark.feature("writes.upsert_expressions")
def test_columns_change_places_where_the_database_can(showcase: str) -> None:
    Item.create(**item_values(stock=5, rating=1))
    swap: Any = [Item.stock.to(Item.rating), Item.rating.to(Item.stock)]  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - it is there
    if showcase == "mysql":
        with pytest.raises(NotSupported, match=r"upsert that sets several columns which it also reads for others"):
            Item.upsert([item_values()], unique=[Item.code], update=swap)
        return
    (found,) = Item.upsert([item_values()], unique=[Item.code], update=swap)
    assert (found.stock, found.rating) == (1, 5)


# --- conditions --------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("writes.upsert_where")
def test_a_row_is_updated_only_where_a_condition_is_true() -> None:
    long_ago, later = dt.datetime(2001, 2, 3, tzinfo=dt.UTC), dt.datetime(2005, 2, 3, tzinfo=dt.UTC)

    def arrived(name: str, changed_at: dt.datetime) -> Item:
        (found,) = Item.upsert(
            [item_values(name=name, changed_at=changed_at)],
            unique=[Item.code],
            where=excluded(Item.changed_at) > Item.changed_at,
        )
        return found

    assert arrived("first", later).name == "first"
    assert arrived("too old", long_ago).name == "first"
    assert arrived("again", later).name == "first"
    assert arrived("newer", later + dt.timedelta(days=1)).name == "newer"
    assert Item.query().count() == 1


@pytest.mark.feature("writes.upsert_where")
def test_a_condition_that_is_null_keeps_the_row() -> None:
    Item.create(**item_values(rating=None))

    (found,) = Item.upsert(
        [item_values(name="New", rating=3)], unique=[Item.code], update=[Item.name], where=Item.rating > 0
    )
    assert found.name == "Lamp"


@pytest.mark.feature("writes.upsert_where")
def test_a_condition_over_several_columns_that_are_set_needs_them_at_once(showcase: str) -> None:
    Item.create(**item_values(stock=1, rating=1))
    where = (Item.stock > 0) & (Item.rating > 0)
    rows = [item_values(stock=0, rating=5)]
    if showcase == "mysql":
        with pytest.raises(NotSupported, match="lock the rows and update them by query"):
            Item.upsert(rows, unique=[Item.code], update=[Item.stock, Item.rating], where=where)
        return
    (found,) = Item.upsert(rows, unique=[Item.code], update=[Item.stock, Item.rating], where=where)
    assert (found.stock, found.rating) == (0, 5)


# --- keys --------------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("writes.upsert_keys")
def test_any_unique_key_of_the_model_finds_the_row() -> None:
    root = Department.create(name="Root")
    rows: Any = [{"parent_id": root.id, "name": "Garden"}]
    (garden,) = Department.upsert(rows, unique=[Department.parent_id, Department.name])
    (again,) = Department.upsert(rows, unique=[Department.name, Department.parent_id], update=[])
    assert garden.id == again.id

    user = make_user("Ada", age=36)
    (found,) = User.upsert([user_values("Ada", id=user.id, age=37)], unique=[User.id])
    assert (found.id, found.age) == (user.id, 37)
    with pytest.raises(
        InvalidQuery, match=r"no unique key over just these columns \(unique keys: id; parent_id, name\)"
    ):
        Department.upsert(rows, unique=[Department.name])


@pytest.mark.feature("writes.upsert_keys", "errors.unique_violation", "bad_input.half_written")
@pytest.mark.parametrize("update", [None, [], [User.age]], ids=["all", "nothing", "some"])
def test_a_row_that_another_key_finds_is_not_touched(update: Any) -> None:
    """Ada's address with Bob's key: neither of them may become the other."""
    ada, bob = make_user("Ada", age=1), make_user("Bob", age=2)
    new = user_values("New", id=bob.id + 10, email=ada.email, age=9)
    mixed = user_values("Mixed", id=bob.id, email=ada.email, age=9)

    with pytest.raises(UniqueViolation) as caught:
        User.upsert([user_values("Cy", id=bob.id + 11), new], unique=[User.id], update=update)
    assert caught.value.model == "User"
    assert caught.value.fields == ("email",)
    if update is None:
        with pytest.raises(UniqueViolation):
            User.upsert([mixed], unique=[User.id])
    assert User.query().order_by(User.id).select(User.name, User.age).get() == [("Ada", 1), ("Bob", 2)]


@pytest.mark.feature("writes.upsert_keys", "transactions.nested")
def test_a_transaction_goes_on_behind_an_upsert_that_was_refused() -> None:
    ada = make_user("Ada")
    with db.transaction():
        with pytest.raises(UniqueViolation), db.transaction():
            User.upsert([user_values("New", id=ada.id + 1, email=ada.email)], unique=[User.id])
        Role.create(name="kept")
    assert (User.query().count(), Role.query().count()) == (1, 1)


def test_rows_come_back_in_the_order_they_were_given() -> None:
    names = ["m", "a", "z", "k", "b"]
    Role.create(name="k", level=3)

    found = Role.upsert([{"name": name, "level": 2} for name in names], unique=[Role.name])
    assert [role.name for role in found] == names
    assert [
        role.name for role in Role.upsert([{"name": name} for name in names], unique=[Role.name], update=[])
    ] == names


# --- what goes wrong ---------------------------------------------------------------------------------------------------------


@pytest.mark.feature("bad_input.wrong_type", "bad_input.unknown_column", "bad_input.half_written")
def test_an_upsert_without_meaning_is_refused_before_any_sql(sent: Sent) -> None:
    upsert: Any = Item.upsert
    untyped_excluded: Any = excluded
    rows = [item_values()]
    for call, error, message in (
        (lambda: upsert([{"nmae": "x"}], unique=[Item.code]), UnknownField, 'Item has no field "nmae"'),
        (lambda: upsert([{"code": CODE}], unique=[Item.code]), MissingValue, "Item needs name, price"),
        (
            lambda: upsert([item_values(stock="3")], unique=[Item.code]),
            InvalidValue,
            "Item.stock: expected an int, got str",
        ),
        (lambda: upsert([item_values(code="x")], unique=[Item.code]), InvalidValue, "Item.code: expected"),
        (lambda: upsert(rows, unique="code"), InvalidValue, "expected a list of columns such as Item.id, got str"),
        (lambda: upsert(rows, unique=[Item.code], update=["name"]), InvalidValue, "expected a list of columns"),
        (lambda: upsert(rows, unique=[Item.code], update=[User.name]), InvalidQuery, "User.name is no field of Item"),
        (lambda: upsert(rows, unique=[Item.code], update=[Item.id]), InvalidQuery, "by which rows are found"),
        (
            lambda: upsert(rows, unique=[Item.code], update=[Item.code.to(CODE)]),
            InvalidQuery,
            "by which rows are found",
        ),
        (
            lambda: upsert(rows, unique=[Item.code], update=[Item.stock, Item.stock.to(1)]),
            InvalidQuery,
            "Item.upsert sets Item.stock twice",
        ),
        (
            lambda: upsert(rows, unique=[Item.code], update=[Item.name.to(User.name)]),
            InvalidQuery,
            "users is no part of the query",
        ),
        (lambda: upsert(rows, unique=[Item.code], where="x"), InvalidValue, "expected a predicate"),
        (
            lambda: upsert(rows, unique=[Item.code], update=[], where=Item.stock > 1),
            InvalidQuery,
            "with a condition that updates nothing",
        ),
        (lambda: upsert(rows * 2, unique=[Item.code]), InvalidValue, "rows that differ in code, got two equal ones"),
        (lambda: untyped_excluded("stock"), InvalidQuery, r"excluded\(\) of what is no column"),
        (
            lambda: Item.query().where(excluded(Item.stock) > 1).get(),
            InvalidQuery,
            "excluded is no part of the query",
        ),
    ):
        with pytest.raises(error, match=message):
            call()
    assert len(sent) == 0


@pytest.mark.feature("bad_input.half_written", "errors.check_violation", "errors.foreign_key_violation")
def test_what_the_database_refuses_is_attributed_and_undone() -> None:
    Item.create(**item_values(stock=5))
    with pytest.raises(CheckViolation) as check:
        Item.upsert(
            [item_values(code=uuid.UUID(int=9)), item_values(stock=1)],
            unique=[Item.code],
            update=[Item.stock.to(Item.stock - 9)],
        )
    assert check.value.model == "Item"
    with pytest.raises(ForeignKeyViolation):
        Item.upsert([item_values(department_id=99)], unique=[Item.code])
    with pytest.raises(NotNullViolation) as null:
        Item.upsert([item_values()], unique=[Item.code], update=[Item.stock.to(Item.rating)])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - it is NULL
    assert (null.value.model, null.value.fields) == ("Item", ("stock",))
    assert Item.query().pluck(Item.stock) == [5]
