"""Lists to compare with: of 100,000 values, of none, and what is no list."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from generated import Category
from isomorph.errors import InvalidQuery, InvalidValue
from tests.bad_input.untyped import Image, Item, Order, Post, Profile, Role, User
from tests.bad_input.witness import Witness, new_secret
from tests.support.databases import fetch_all
from tests.support.showcase import Sent, make_user

pytestmark = pytest.mark.usefixtures("showcase")

MANY = 100_000
SECRET = new_secret()
DAY = dt.date(1900, 1, 1)
NOON = dt.datetime(1900, 1, 1, 12)  # noqa: DTZ001 - naive on purpose


@dataclass(frozen=True)
class _Values:
    """A column, 100,000 different values for it by number, and a row that holds one of them."""

    column: Any
    value: Callable[[int], Any]
    make: Callable[[Any], object]


def _item(**values: Any) -> Any:
    return Item.create(**{"code": uuid.uuid4(), "name": "Lamp", "price": Decimal(3), **values})


VALUES = {
    "int": _Values(Item.stock, lambda n: n, lambda value: _item(stock=value)),
    "decimal": _Values(Item.price, lambda n: Decimal(n) / 100, lambda value: _item(price=value)),
    "double": _Values(Item.weight_kg, lambda n: n / 7, lambda value: _item(weight_kg=value)),
    "string": _Values(User.name, "O'Näme 🙂 {}".format, make_user),
    "date": _Values(
        Profile.born, lambda n: DAY + dt.timedelta(n), lambda value: Profile.create(user=make_user(), born=value)
    ),
    "time": _Values(
        Profile.wakes_at,
        lambda n: (NOON + dt.timedelta(milliseconds=n)).time(),
        lambda value: Profile.create(user=make_user(), wakes_at=value),
    ),
    "timestamptz": _Values(
        Order.placed,
        lambda n: (NOON + dt.timedelta(minutes=n, microseconds=n)).replace(tzinfo=dt.UTC),
        lambda value: Order.create(number="A1", customer=make_user(), placed=value),
    ),
    "uuid": _Values(Item.code, lambda n: uuid.UUID(int=n << 90 | n), lambda value: _item(code=value)),
}


@pytest.mark.feature("bad_input.huge_in")
@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
def test_a_list_of_a_hundred_thousand_values_of_a_type_finds_just_its_rows(values: _Values) -> None:
    listed = [values.value(number) for number in range(1, MANY + 1)]
    assert len(set(listed)) == MANY
    values.make(values.value(48_151))
    query: Any = {"Item": Item, "Post": Post, "User": User, "Profile": Profile, "Order": Order}[values.column.model]
    assert query.query().where(values.column.in_(listed)).count() == 1
    del listed[48_150]
    assert query.query().where(values.column.not_in(listed)).count() == 1


@pytest.mark.feature("bad_input.huge_in")
def test_a_hundred_thousand_bytes_are_found_or_told_to_be_too_many(showcase: str, witness: Witness) -> None:
    listed = [f"{SECRET}{number}".encode() for number in range(MANY)]
    Image.create(url="a.png", preview=listed[7])
    query = Image.query().where(Image.preview.in_(listed))
    if showcase == "sqlite":  # the list travels as JSON there, which has no bytes
        with witness.refuses(InvalidQuery, SECRET, match=r"^100000 values .* \(split the list into several queries\)$"):
            query.get()
        query = Image.query().where(Image.preview.in_(listed[:30_000]))
    assert query.count() == 1


@pytest.mark.feature("bad_input.huge_in")
def test_a_list_may_repeat_a_value_a_hundred_thousand_times() -> None:
    _item(category=Category.BOOK)
    assert Item.query().where(Item.category.in_([Category.BOOK] * MANY)).count() == 1
    assert Item.query().where(Item.category.not_in([*Category] * (MANY // 4))).count() == 0


@pytest.mark.feature("bad_input.huge_in")
def test_a_hundred_thousand_keys_are_found_changed_and_deleted(witness: Witness) -> None:
    made = Role.insert_many({"name": f"role {number}"} for number in range(3))
    keys = [made[1].id, *range(10**6, 10**6 + MANY), made[0].id]
    assert [role.name for role in Role.find_many(keys)] == ["role 1", "role 0"]
    assert Role.query().where(Role.id.in_(keys)).update(level=9) == 2
    assert Role.query().where(Role.id.not_in(keys)).delete() == 1
    assert fetch_all(witness.raw, "SELECT name, level FROM roles ORDER BY name") == [("role 0", 9), ("role 1", 9)]


@pytest.mark.feature("bad_input.huge_in", "bad_input.half_written")
def test_one_wrong_value_among_a_hundred_thousand_is_told_without_the_others(witness: Witness) -> None:
    make_user(SECRET)
    wrong: Any = [*(f"{SECRET}{number}" for number in range(MANY)), 48_151_623]
    with witness.refuses(InvalidValue, SECRET, 48_151_623, match="^User.name: expected a str, got int$"):
        User.query().where(User.name.in_(wrong)).delete()


@pytest.mark.feature("bad_input.empty_in")
def test_in_no_values_is_true_for_no_row_and_not_in_for_all(sent: Sent) -> None:
    Role.insert_many({"name": name} for name in "ab")
    none: list[Any] = []
    empties: list[Any] = [none, (), set[Any](), iter(none), {}]
    for empty in empties:
        assert not Role.query().where(Role.id.in_(empty)).get()
    assert Role.query().where(Role.id.not_in(none)).count() == 2
    assert Role.query().where(~Role.id.in_(none)).count() == 2
    assert Role.query().where(Role.id.in_(none) | (Role.name == "a")).count() == 1
    assert Role.query().where(Role.id.not_in(none) & (Role.name == "a")).count() == 1
    assert not Role.find_many(none)
    assert sent.statements[-1][1] == ("a",)


@pytest.mark.feature("bad_input.empty_in")
def test_in_no_values_never_widens_a_write(witness: Witness) -> None:
    Role.insert_many({"name": name} for name in "ab")
    none: list[int] = []
    assert Role.query().where(Role.id.in_(none)).delete() == 0
    assert Role.query().where(Role.id.in_(none)).update(level=9) == 0
    assert Role.query().where(Role.id.in_(none)).increment(Role.level, 1) == 0
    assert fetch_all(witness.raw, "SELECT name, level FROM roles ORDER BY name") == [("a", 1), ("b", 1)]


@pytest.mark.feature("bad_input.empty_in")
def test_null_among_values_is_a_value_and_alone_is_no_empty_list() -> None:
    make_user("Ada", nickname="Countess")
    make_user("Bob", nickname=None)
    assert User.query().where(User.nickname.in_([None])).pluck(User.name) == ["Bob"]
    assert User.query().where(User.nickname.in_([None, "Countess"])).count() == 2
    assert User.query().where(User.nickname.not_in([None])).pluck(User.name) == ["Ada"]
    assert User.query().where(User.nickname.not_in([])).count() == 2


@pytest.mark.feature("bad_input.wrong_type")
def test_what_is_no_list_is_told_as_such(witness: Witness) -> None:
    text: Any = SECRET
    with witness.refuses(InvalidQuery, SECRET, match=r"^User.name: in_\(\) was given a single text"):
        User.name.in_(text)
    number: Any = 48_151_623
    for wrong in (number, None, 1.5):
        with witness.refuses(InvalidValue, number, match="^User.id: expected a list of values, got "):
            User.id.in_(wrong)
