"""Rows that are given as a list are taken by column where that changes nothing: held against rows that are given one by one.

Of an iterator each row becomes an object before the next one is asked for; of a list of dicts with the same names the objects
are made last. Both must give the same objects, the same rows and the same errors.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generated import Category, Item, Post, Role, User, db
from isomorph.errors import IsomorphError
from isomorph.orm.fresh import fresh_of
from isomorph.orm.keywords import UNSET
from isomorph.orm.restoring import state
from tests.support.showcase import make_user

pytestmark = pytest.mark.usefixtures("showcase")

_YEARS = tuple(dt.datetime(year, 1, 1) for year in (2001, 2020))  # noqa: DTZ001 - as hypothesis takes them
_MOMENTS = st.datetimes(*_YEARS, timezones=st.just(dt.UTC))
# No database draws them, or goes on from them.
_AUTHOR, _KEYS = -1, st.integers(-(10**6), -10)
_WRONG = st.sampled_from(
    [None, 7, -1, 2**70, 1.5, float("nan"), True, "x" * 300, "a\0b", b"", [1], dt.date(2020, 1, 1)]
)


@dataclass(frozen=True)
class Sample:
    """A model with what its rows are made of.

    Attributes:
        model: its class.
        unique: the fields by which it is upserted.
        needed: what each row has, by field; texts are made different.
        more: what rows may have besides.
    """

    model: Any
    unique: tuple[str, ...]
    needed: dict[str, st.SearchStrategy[Any]]
    more: dict[str, st.SearchStrategy[Any]]


_SAMPLES = (
    Sample(Role, ("name",), {"name": st.text("aé", max_size=9)}, {"level": st.integers(-9, 9), "id": _KEYS}),
    Sample(
        User,
        ("email",),
        {"name": st.text(max_size=9), "email": st.text("ab", max_size=9), "password": st.just("hash")},
        {
            "nickname": st.none() | st.text("aß", max_size=9),
            "age": st.none() | st.integers(0, 99),
            "active": st.booleans(),
            "settings": st.dictionaries(st.just("theme"), st.lists(st.integers(0, 3))),
            "joined": _MOMENTS,
            "created_at": _MOMENTS,
            "manager_id": st.none(),
            "manager": st.none(),
        },
    ),
    Sample(
        Post,
        ("id",),
        {"id": _KEYS, "title": st.text("ab", max_size=9), "body": st.text(max_size=9), "author_id": st.just(0)},
        {
            "published": st.booleans(),
            "views": st.integers(0, 2**40),
            "publish_on": st.none() | st.datetimes(*_YEARS),
            "author": st.none(),
        },
    ),
    Sample(
        Item,
        ("code",),
        {"code": st.uuids(), "name": st.text("ab", max_size=9), "price": st.decimals(0, 999, places=2)},
        {
            "category": st.sampled_from(Category),
            "weight_kg": st.none() | st.floats(0, 9),
            "stock": st.integers(0, 9),
            "attributes": st.dictionaries(st.just("colour"), st.sampled_from("rgb")),
            "available_from": st.just(dt.date(2026, 1, 2)),
            "listed_at": _MOMENTS,
        },
    ),
)


@st.composite
def _given_rows(draw: st.DrawFn) -> tuple[Sample, list[Any]]:
    """Rows of a model, most often of the same names, and right, but for one."""
    sample = draw(st.sampled_from(_SAMPLES))
    names = [*sample.needed, *draw(st.lists(st.sampled_from(sorted(sample.more)), unique=True))]
    known = {**sample.needed, **sample.more}
    rows: list[Any] = []
    for number in range(draw(st.integers(1, 5))):
        row = {name: draw(known[name]) for name in draw(st.permutations(names))}
        for name in ("name", "email", "title"):
            if name in row:
                row[name] += str(number)
        if "id" in row:
            row["id"] -= number * 10**6
        rows.append(row)
    spoiled = draw(st.integers(0, len(rows) - 1))
    match draw(st.integers(0, 12)):
        case 0:
            rows[spoiled][draw(st.sampled_from(names))] = draw(_WRONG)
        case 1:
            rows[spoiled]["nmae"] = 1
        case 2:
            del rows[spoiled][draw(st.sampled_from(names))]
        case 3:
            rows[spoiled] = draw(st.sampled_from([None, [], "name", list(rows[spoiled].items())]))
        case 4:
            rows[spoiled][draw(st.sampled_from(sorted(known)))] = None
        case 5:
            rows.append(dict(rows[spoiled]))
        case _:
            pass
    return sample, rows


class _Undone(Exception):
    """Ends a transaction."""


def _told(model: Any, write: Callable[[], Iterable[Any]]) -> object:
    """What a write gave and what it left, or its error; it is undone."""
    told: list[object] = []
    try:
        with db.transaction():
            made = list(write())
            found = model.query().where(model.id != _AUTHOR).order_by(model.id).get()
            for item in (*made, *found):
                told += [model is type(item), item.is_dirty(), _shown(item)]
            raise _Undone
    except _Undone:
        return told
    except IsomorphError as error:
        return type(error), str(error)


def _shown(item: Any) -> dict[str, object]:
    """All that an object carries; keys that the database drew, and the present, differ from one write to the next."""
    values = state(item)
    row: Any = values.pop("_row")
    places = {f"row {place}": value for place, value in enumerate(row)}
    return {name: _like(name, value) for name, value in {**values, **places}.items()}


def _like(name: str, value: object) -> object:
    if name in ("id", "row 0") and isinstance(value, int) and value > 0:
        return "drawn"
    if isinstance(value, dt.datetime) and value.tzinfo and abs(dt.datetime.now(dt.UTC) - value) < dt.timedelta(hours=1):
        return "now"
    return type(value), repr(value)


@pytest.fixture
def author() -> int:
    return make_user(id=_AUTHOR).id


_MANY = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def _pointing(rows: list[Any], author: int) -> list[Any]:
    for row in rows:
        if type(row) is dict and "author_id" in row and row["author_id"] == 0:
            row["author_id"] = author
    return rows


@pytest.mark.feature("models.insert_many")
@given(_given_rows())
@_MANY
def test_rows_by_column_are_inserted_as_rows_one_by_one(author: int, given_rows: tuple[Sample, list[Any]]) -> None:
    sample, rows = given_rows[0], _pointing(given_rows[1], author)

    by_column = _told(sample.model, lambda: sample.model.insert_many(rows))

    assert by_column == _told(sample.model, lambda: sample.model.insert_many(iter(rows)))


@pytest.mark.feature("models.upsert")
@given(_given_rows(), st.booleans())
@_MANY
def test_rows_by_column_are_upserted_as_rows_one_by_one(
    author: int, given_rows: tuple[Sample, list[Any]], is_there: bool
) -> None:
    sample, rows = given_rows[0], _pointing(given_rows[1], author)
    model = sample.model
    unique = [getattr(model, field) for field in sample.unique]

    def upserted(given: Iterable[Any]) -> Iterable[Any]:
        if is_there:
            model.upsert(iter(rows[:1]), unique=unique)
        return list(model.upsert(given, unique=unique))

    assert _told(model, lambda: upserted(rows)) == _told(model, lambda: upserted(iter(rows)))


@pytest.mark.feature("models.insert_many")
def test_rows_go_by_column_where_the_constructor_only_sets_fields() -> None:
    user = {"name": "a", "email": "b", "password": "c"}

    assert fresh_of(Role, [{"name": "a"}, {"name": "b"}])
    assert fresh_of(User, ({**user, "settings": {}},))
    assert fresh_of(Post, [{"title": "a", "body": "b", "author_id": 1}])

    assert not fresh_of(Role, []), "nothing"
    assert not fresh_of(Role, iter([{"name": "a"}])), "one mapping may be all rows of an iterator"
    assert not fresh_of(User, [user]), "each object has settings of its own"
    assert not fresh_of(Post, [{"title": "a", "body": "b"}]), "the author is missing"
    assert not fresh_of(Post, [{"title": "a", "body": "b", "author": 1}]), "the author is an object"
    assert not fresh_of(Role, [{"name": "a"}, {"name": "b", "level": 1}])
    assert not fresh_of(Role, [{"name": "a"}, {"nmae": "b"}])
    assert not fresh_of(Role, [{"name": "a", "id": UNSET}]), "which says that there is none"
