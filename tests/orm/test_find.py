"""Finding rows by their key."""

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from generated import Item, Order, OrderLine, Role
from isomorph.errors import InvalidValue, NotFound
from tests.support.showcase import Sent, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("models.find")]


def test_find_gives_the_row_or_none(sent: Sent) -> None:
    made = Role.create(name="admin", level=3)
    sent.clear()

    found = Role.find(made.id)

    assert sent.texts == ['SELECT "id", "name", "level" FROM "roles" WHERE "id" = ?']
    assert found is not None
    assert (found.id, found.name, found.level) == (made.id, "admin", 3)
    assert Role.find(made.id + 1) is None


def test_find_or_fail_gives_the_row_or_says_that_there_is_none() -> None:
    made = Role.create(name="admin")

    assert Role.find_or_fail(made.id) == made
    with pytest.raises(NotFound, match=r"^no Role matches \(use the variant that returns None if that is expected\)$"):
        Role.find_or_fail(made.id + 1)


def test_not_found_is_a_lookup_error() -> None:
    with pytest.raises(LookupError) as caught:
        Role.find_or_fail(404)

    assert isinstance(caught.value, NotFound)
    assert caught.value.model == "Role"


def test_finding_a_row_twice_gives_two_objects() -> None:
    made = Role.create(name="admin")

    assert Role.find(made.id) is not Role.find(made.id)


def test_find_many_keeps_the_order_of_the_keys_and_leaves_out_what_is_missing(sent: Sent) -> None:
    a, b, c = (Role.create(name=name) for name in "abc")
    sent.clear()

    found = Role.find_many([c.id, 404_404, a.id, c.id, b.id])

    assert [role.name for role in found] == ["c", "a", "b"]
    assert len(sent) == 1


def test_find_many_of_no_keys_asks_nothing(sent: Sent) -> None:
    assert list(Role.find_many([])) == []
    assert len(sent) == 0


def test_find_many_takes_any_iterable() -> None:
    made = Role.create(name="admin")

    assert len(Role.find_many(iter({made.id}))) == 1


@pytest.mark.feature("bad_input.huge_in")
def test_find_many_takes_a_hundred_thousand_keys(sent: Sent) -> None:
    made = [Role.create(name=name) for name in "ab"]
    sent.clear()

    found = Role.find_many([made[1].id, *range(10**12, 10**12 + 100_000), made[0].id])

    assert list(found) == [made[1], made[0]]
    assert len(sent) <= 2


@pytest.mark.feature("models.composite_key")
def test_a_composite_key_is_found_by_its_parts_in_order(sent: Sent) -> None:
    order = Order.create(number="A1", customer=make_user())
    items = [Item.create(code=uuid.uuid4(), name=name, price=Decimal(3)) for name in "abc"]
    lines = [OrderLine.create(order=order, item=item, unit_price=Decimal(1)) for item in items]
    sent.clear()

    assert OrderLine.find(order.id, items[1].id) == lines[1]
    assert sent.last.endswith('WHERE "order_id" = ? AND "item_id" = ?')
    assert OrderLine.find(order.id, 404_404) is None
    with pytest.raises(NotFound):
        OrderLine.find_or_fail(404_404, items[0].id)
    found = OrderLine.find_many([(order.id, items[2].id), (order.id, 404_404), (order.id, items[0].id)])
    assert list(found) == [lines[2], lines[0]]


@pytest.mark.feature("models.composite_key")
def test_find_many_takes_many_composite_keys() -> None:
    order = Order.create(number="A1", customer=make_user())
    item = Item.create(code=uuid.uuid4(), name="Lamp", price=Decimal(3))
    line = OrderLine.create(order=order, item=item, unit_price=Decimal(1))

    found = OrderLine.find_many([*((order.id, 10**12 + n) for n in range(2_000)), (order.id, item.id)])

    assert list(found) == [line]


@pytest.mark.feature("bad_input.wrong_type")
@pytest.mark.parametrize("key", ["1", 1.0, True, [1], object()])
def test_a_key_of_the_wrong_type_is_refused_before_any_sql(sent: Sent, key: Any) -> None:
    finders: list[Callable[[], object]] = [
        lambda: Role.find(key),
        lambda: Role.find_or_fail(key),
        lambda: Role.find_many([key]),
    ]
    for find in finders:
        with pytest.raises(InvalidValue, match=r"^Role.id: expected an int, got \w+$"):
            find()
    assert len(sent) == 0


@pytest.mark.feature("bad_input.big_integers")
def test_a_key_beyond_64_bits_is_refused(sent: Sent) -> None:
    with pytest.raises(InvalidValue, match=r"^Role.id: expected an int of 64 bits, got one beyond that$"):
        Role.find(2**63)
    assert len(sent) == 0


def test_find_of_none_finds_nothing() -> None:
    nothing: Any = None
    Role.create(name="admin")

    assert Role.find(nothing) is None


def test_all_gives_all_rows() -> None:
    made = [Role.create(name=name) for name in "ab"]

    assert sorted(role.id for role in Role.all()) == [role.id for role in made]
