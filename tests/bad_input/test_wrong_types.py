"""Values of the wrong type: for each column type, by each way into the database."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from generated import Category, OrderStatus
from isomorph.errors import InvalidValue, LimitExceeded
from isomorph.sql.columns import JsonColumn
from isomorph.sql.kinds import Comparable, Ordered
from isomorph.sql.texts import Textual
from tests.bad_input.untyped import Image, Item, Order, Post, Profile, Role, User, Video
from tests.bad_input.witness import Witness, new_secret
from tests.support.showcase import make_user

pytestmark = pytest.mark.usefixtures("showcase")

SECRET = new_secret()
NOON = dt.datetime(1815, 12, 10, 12)  # noqa: DTZ001 - naive on purpose
LONG_AGO = dt.datetime(1815, 12, 10, 12, tzinfo=dt.UTC)


@dataclass(frozen=True)
class _Kind:
    """A column of a type, what it holds, and what it does not."""

    column: Any
    expected: str
    right: object
    wrong: tuple[object, ...]


KINDS = {
    "bool": _Kind(Post.published, "a bool", True, (SECRET, 1, 0.0, [SECRET])),
    "smallint": _Kind(Item.rating, "an int", 3, (SECRET, True, 48151.6, Decimal(48151), [SECRET])),
    "int": _Kind(Item.stock, "an int", 3, (SECRET, False, 48151.6, b"48151")),
    "bigint": _Kind(Post.views, "an int", 3, (SECRET, True, 48151.0, Category.BOOK)),
    "decimal": _Kind(Item.price, "a Decimal", Decimal(3), (SECRET, 48151.6, True, "48151.60")),
    "double": _Kind(Item.weight_kg, "a float", 0.5, (SECRET, True, Decimal("48151.6"), 48151 + 6j)),
    "string": _Kind(User.name, "a str", "Ada", (SECRET.encode(), 48151, [SECRET], uuid.uuid4())),
    "text": _Kind(Post.body, "a str", "...", (SECRET.encode(), 48151, {SECRET: SECRET})),
    "bytes": _Kind(Image.preview, "bytes", b"PNG", (SECRET, 48151, [48151])),
    "date": _Kind(Profile.born, "a date", dt.date(2001, 2, 3), (SECRET, "1815-12-10", NOON, 18151210)),
    "time": _Kind(Profile.wakes_at, "a time", dt.time(7), (SECRET, "12:48:15", NOON, dt.timedelta(seconds=48151))),
    "datetime": _Kind(Post.publish_on, "a datetime", dt.datetime(2001, 2, 3), (SECRET, NOON.date(), -48151)),  # noqa: DTZ001
    "timestamptz": _Kind(Order.placed, "a datetime", LONG_AGO, (SECRET, NOON.date(), NOON.isoformat(), 48151.6)),
    "json": _Kind(Item.attributes, "a JSON value", {}, ({48151: SECRET}, {SECRET: {1, 2}}, [NOON], SECRET.encode())),
    "uuid": _Kind(Item.code, "a UUID", uuid.uuid4(), (str(uuid.uuid4()), SECRET, 48151, uuid.uuid4().bytes)),
    "enum": _Kind(Item.category, "a Category", Category.BOOK, ("book", SECRET, OrderStatus.PAID, 48151)),
}

MODELS: dict[str, tuple[Any, Callable[[], dict[str, Any]]]] = {
    "User": (User, lambda: {"name": "Ada", "email": f"{new_secret()}@example.com", "password": "hash"}),
    "Post": (Post, lambda: {"author_id": make_user().id, "title": "Notes", "body": "..."}),
    "Profile": (Profile, lambda: {"user_id": make_user().id}),
    "Image": (Image, lambda: {"url": "a.png"}),
    "Item": (Item, lambda: {"code": uuid.uuid4(), "name": "Lamp", "price": Decimal(3), "rating": 4}),
    "Order": (Order, lambda: {"number": "A1", "customer_id": make_user().id}),
}


@pytest.mark.feature("bad_input.wrong_type", "bad_input.half_written")
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_way_of_writing_takes_a_value_of_the_wrong_type(kind: _Kind, witness: Witness) -> None:
    field: str = kind.column.field
    where = f"{kind.column.model}.{field}"
    model, values_of = MODELS[kind.column.model]
    values = values_of()
    made = model.create(**{**values, field: kind.right})
    key = model.id == made.id
    other = {**values, "code": uuid.uuid4(), "email": "other"}
    good = {name: value for name, value in other.items() if name in values}

    def save(wrong: object) -> None:
        setattr(made, field, wrong)
        made.save()

    ways: list[Callable[[object], object]] = [
        lambda wrong: model.create(**{**good, field: wrong}),
        save,
        lambda wrong: made.update(**{field: wrong}),
        lambda wrong: model.query().where(key).update(**{field: wrong}),
        lambda wrong: model.insert_many([good, {**good, field: wrong}]),
        lambda wrong: model.upsert([{**good, field: wrong, "id": made.id}], unique=[model.id]),
        lambda wrong: model.create_or_first({**values, "id": made.id}, {field: wrong}),
        lambda wrong: model.update_or_create({"id": made.id}, {field: wrong}),
    ]
    for way, wrong in product(ways, kind.wrong):
        with witness.refuses(InvalidValue, wrong, SECRET) as told:
            way(wrong)
        assert (told.error.where, type(wrong).__name__) == (where, told.error.got)
        assert told.error.expected.startswith(kind.expected)
        made.refresh()


@pytest.mark.feature("bad_input.wrong_type")
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_comparison_takes_a_value_of_the_wrong_type(kind: _Kind, witness: Witness) -> None:
    column = kind.column
    ways: list[Callable[[Any], object]] = []
    kinds: tuple[type, ...] = type(column).__mro__
    if Comparable in kinds:
        ways.extend([lambda wrong: column == wrong, lambda wrong: column != wrong])
        ways.extend([lambda wrong: column.in_([kind.right, wrong]), lambda wrong: column.not_in([wrong])])
    else:
        assert JsonColumn in kinds  # documents cannot be compared: there is no way to do it wrong
    if Ordered in kinds:
        ways.extend([lambda wrong: column < wrong, lambda wrong: column >= wrong])
        ways.extend([lambda wrong: column.between(kind.right, wrong)])
    if Textual in kinds:
        ways.extend([column.contains, column.starts_with, column.ends_with, column.like, column.ilike])
    for way, wrong in product(ways, kind.wrong):
        with witness.refuses(InvalidValue, wrong, SECRET) as told:
            way(wrong)
        assert (told.error.where, told.error.got) == (f"{column.model}.{column.field}", type(wrong).__name__)
        assert told.error.expected == kind.expected


@pytest.mark.feature("bad_input.wrong_type")
def test_a_key_of_the_wrong_type_finds_no_row_and_is_told(witness: Witness) -> None:
    make_user()
    wrong: Any = SECRET
    ways: list[Callable[[], object]] = [
        lambda: User.find(wrong),
        lambda: User.find_or_fail(wrong),
        lambda: User.find_many([1, wrong]),
        lambda: Post.create(author_id=wrong, title="Notes", body="..."),
    ]
    for way in ways:
        with witness.refuses(InvalidValue, SECRET, match=r"^(User|Post)\.\w*id: expected an int, got str$"):
            way()


@pytest.mark.feature("bad_input.wrong_type")
def test_a_number_to_add_must_be_one_that_the_column_holds(witness: Witness) -> None:
    ada = make_user(age=36)
    wrong: Any
    for wrong in (SECRET, None, 1.5, True):
        ways: list[Callable[[Any], object]] = [
            lambda value: ada.increment(User.age, value),
            lambda value: ada.decrement(User.age, value),
            lambda value: User.query().increment(User.age, value, all_rows=True),
            lambda value: User.query().decrement(User.age, value, all_rows=True),
        ]
        for way in ways:
            with witness.refuses(InvalidValue, SECRET, match="^User.age: expected an? (int|number), got "):
                way(wrong)


@pytest.mark.feature("bad_input.wrong_type")
def test_only_numbers_can_be_added_to(witness: Witness) -> None:
    ada = make_user(age=36)
    name: Any = User.name
    active: Any = User.active
    for column in (name, active):
        ways: list[Callable[[Any], object]] = [
            lambda column: ada.increment(column, SECRET),
            lambda column: User.query().decrement(column, SECRET, all_rows=True),
        ]
        for way in ways:
            with witness.refuses(InvalidValue, SECRET, match=r"expected a column of numbers such as Post\.views"):
                way(column)


@pytest.mark.feature("bad_input.wrong_type")
def test_a_scope_takes_no_value_of_another_type(witness: Witness) -> None:
    wrong: Any = SECRET
    with witness.refuses(InvalidValue, SECRET, match="^User.age: expected an int, got str$"):
        User.query().adults(wrong).get()
    with witness.refuses(InvalidValue, SECRET, match="^Item.price: expected a Decimal, got str$"):
        Item.query().affordable(wrong).count()


@pytest.mark.feature("bad_input.wrong_type")
def test_a_document_that_nests_without_end_is_refused(witness: Witness) -> None:
    Item.create(code=uuid.uuid4(), name="Lamp", price=Decimal(3))
    circle: list[Any] = [SECRET]
    circle.append(circle)
    deep: Any = SECRET
    for _ in range(100_000):
        deep = [deep]
    shallower: Any = SECRET
    for _ in range(700):
        shallower = {"a": shallower}
    with witness.refuses(InvalidValue, SECRET, match="^Item.attributes: expected a JSON value"):
        Item.query().update(attributes=circle, all_rows=True)
    for document in (deep, shallower):
        with witness.refuses(LimitExceeded, SECRET, match="^Item.attributes: expected .* of at most 31 levels"):
            Item.query().update(attributes=document, all_rows=True)


@pytest.mark.feature("bad_input.half_written")
def test_a_wrong_value_in_the_last_row_of_thousands_keeps_all_others_out(witness: Witness) -> None:
    rows: list[Any] = [{"name": f"role {number}"} for number in range(2_000)]
    with witness.refuses(InvalidValue, SECRET, match="^Role.level: expected an int, got str$"):
        Role.insert_many([*rows, {"name": "last", "level": SECRET}])
    with witness.refuses(InvalidValue, SECRET, match="^Video.seconds: expected a float, got str$"):
        Video.insert_many([{"title": "a", "url": "b", "seconds": 1.0}, {"title": "a", "url": "b", "seconds": SECRET}])


@pytest.mark.feature("bad_input.half_written")
def test_a_key_that_no_key_can_be_is_told_before_keys_are_compared(witness: Witness) -> None:
    rows: list[Any] = [{"name": "a"}, {"name": [SECRET]}]
    for given in (rows, iter(rows)):
        with witness.refuses(InvalidValue, SECRET, match="^Role.name: expected a str, got list$"):
            Role.upsert(given, unique=[Role.name])
