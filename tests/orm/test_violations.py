"""Constraints that a write breaks: the class of the error, the model and the fields, and no value in its text."""

import copy
import pickle
import traceback
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from generated import Category, Department, Item, Order, OrderLine, Profile, Role, User, db
from isomorph.errors import (
    CheckViolation,
    ConstraintViolation,
    DatabaseError,
    ForeignKeyViolation,
    NotNullViolation,
    UniqueViolation,
)
from tests.support.showcase import make_user

pytestmark = pytest.mark.usefixtures("showcase")


def make_item(**values: Any) -> Item:
    all_values: Any = {"code": uuid.uuid4(), "name": "Lamp", "price": Decimal("9.90"), **values}
    return Item.create(**all_values)


# --- unique ----------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("errors.unique_violation")
@pytest.mark.parametrize(
    "write",
    [
        lambda: Role.create(name="admin"),
        lambda: Role.insert_many([{"name": "other"}, {"name": "admin"}]),
        lambda: Role.create(name="other").update(name="admin"),
        lambda: (Role.create(name="other"), Role.query().where(Role.name == "other").update(name="admin")),
        lambda: (Role.create(name="other"), Role.update_or_create({"name": "other"}, {"name": "admin"})),
    ],
    ids=["create", "insert_many", "update", "query", "update_or_create"],
)
def test_a_value_that_another_row_has_already(write: Callable[[], object]) -> None:
    Role.create(name="admin")

    with pytest.raises(UniqueViolation) as caught:
        write()

    error = caught.value
    assert (error.model, error.fields, error.table, error.columns) == ("Role", ("name",), "roles", ("name",))
    assert "Role(name) is violated (another row has these values; find it first" in str(error)


@pytest.mark.feature("errors.unique_violation", "models.composite_key")
def test_a_key_that_another_row_has_already() -> None:
    role = Role.create(name="admin")
    order = Order.create(number="A1", customer=make_user())
    item = make_item()
    OrderLine.create(order=order, item=item, unit_price=Decimal(1))

    with pytest.raises(UniqueViolation) as caught:
        Role.create(id=role.id, name="other")
    assert (caught.value.model, caught.value.fields) == ("Role", ("id",))
    with pytest.raises(UniqueViolation) as caught:
        OrderLine.create(order=order, item=item, unit_price=Decimal(1))
    assert (caught.value.model, caught.value.fields) == ("OrderLine", ("order_id", "item_id"))
    assert OrderLine.query().count() == 1


@pytest.mark.feature("errors.unique_violation", "types.nullable")
def test_a_unique_key_of_several_columns_ignores_rows_with_null() -> None:
    for _ in range(2):
        Department.create(name="Shop")
    shop = Department.create(name="Shop")
    Department.create(name="Part", parent=shop)

    with pytest.raises(UniqueViolation) as caught:
        Department.create(name="Part", parent=shop)
    assert (caught.value.model, caught.value.fields) == ("Department", ("parent_id", "name"))


# --- foreign keys ------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("errors.foreign_key_violation", "relations.foreign_keys")
def test_a_row_that_points_to_nothing(showcase: str) -> None:
    writes: list[Callable[[], object]] = [
        lambda: Profile.create(user_id=404),
        lambda: Profile.insert_many([{"user_id": 404}]),
        lambda: Profile.create(user=make_user()).update(user_id=404),
    ]
    for write in writes:
        with pytest.raises(ForeignKeyViolation, match="the row it points to does not exist") as caught:
            write()
        if showcase != "sqlite":  # which does not say which key it was
            assert (caught.value.model, caught.value.fields) == ("Profile", ("user_id",))


# --- null ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("errors.not_null_violation")
def test_a_row_that_lacks_a_value() -> None:
    ada = make_user()
    nothing: Any = None
    writes: list[Callable[[], object]] = [
        lambda: Role.create(name=nothing),
        lambda: Role.insert_many([{"name": nothing}]),
        lambda: Role.upsert([{"id": 1, "name": nothing}], unique=[Role.id]),
        lambda: Role.create(name="admin").update(name=nothing),
        lambda: Role.query().where(Role.id > 0).update(name=nothing),
    ]
    for write in writes:
        with pytest.raises(NotNullViolation, match=r"of Role\(name\) is violated \(give a value, or") as caught:
            write()
        assert (caught.value.model, caught.value.fields, caught.value.columns) == ("Role", ("name",), ("name",))
    with pytest.raises(NotNullViolation, match=r"of User\(email\) is violated"):
        ada.update(email=nothing)


# --- checks ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("errors.check_violation")
def test_a_row_that_does_not_meet_a_check() -> None:
    with pytest.raises(CheckViolation) as caught:
        make_item(stock=-1)
    assert (caught.value.model, caught.value.constraint) == ("Item", "shop_items_1_check")
    with pytest.raises(
        CheckViolation, match=r"check constraint shop_items_price_check of Item\(price, category\) is violated"
    ):
        make_item(price=Decimal(0), category=Category.BOOK)
    make_item(price=Decimal(0))  # of another category
    ada = make_user(age=3)
    with pytest.raises(CheckViolation) as caught:
        ada.update(age=-1)
    assert caught.value.model == "User"
    assert User.find_or_fail(ada.id).age == 3


# --- what they tell, and what not ----------------------------------------------------------------------------------------------------


@pytest.mark.feature("errors.no_values")
def test_no_value_is_told_in_any_part_of_the_error() -> None:
    secret = "s3cr3t-4815162342"
    Role.create(name=secret)

    with pytest.raises(UniqueViolation) as caught:
        Role.create(name=secret)

    error = caught.value
    told = "".join(traceback.format_exception(error))
    assert secret not in told
    assert secret not in repr(error)
    assert isinstance(error.driver_error, Exception)  # for those who ask
    for twin in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert (type(twin), str(twin), twin.model, twin.fields) == (UniqueViolation, str(error), "Role", ("name",))
        assert secret not in repr(twin.__dict__)


@pytest.mark.feature("errors.unique_violation", "errors.not_null_violation")
def test_violations_are_one_family() -> None:
    nothing: Any = None
    writes: list[Callable[[], object]] = [
        lambda: Role.create(name=nothing),
        lambda: make_item(stock=-1),
        lambda: Profile.create(user_id=1),
    ]
    for write in writes:
        with pytest.raises(ConstraintViolation) as caught:
            write()
        assert isinstance(caught.value, DatabaseError)
        assert caught.value.code


@pytest.mark.feature("errors.unique_violation")
def test_plain_sql_is_told_of_the_model_as_far_as_the_database_says() -> None:
    Role.create(name="admin")

    with pytest.raises(UniqueViolation) as caught:
        db.execute("INSERT INTO roles (name, level) VALUES (?, 1)", "admin")
    assert (caught.value.model, caught.value.fields) == ("Role", ("name",))
