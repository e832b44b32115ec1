"""Texts that are kept by outline: the same as those written anew, whatever the statement, and few."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isomorph import dialects
from isomorph.errors import InvalidQuery
from isomorph.sql import outlines
from isomorph.sql.columns import IntColumn, StringColumn
from isomorph.sql.expressions import All, AnyOf, Expression, Order, Predicate
from isomorph.sql.select import Select
from isomorph.sql.sources import Join
from tests.support.expressions import TABLE, Colour, Things

PEOPLE = "people"

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=9)
integers = st.integers(-(2**31), 2**31 - 1)
numbers: list[IntColumn[Any]] = [Things.id, Things.small, Things.number, Things.maybe_number]
texts: list[StringColumn[Any]] = [Things.name, Things.maybe_name, Things.text, Things.owner]

Made = Callable[[st.DataObject], Predicate]


def leaf(data: st.DataObject) -> Predicate:
    """A condition, of those that are kept and of others."""
    number, name = data.draw(st.sampled_from(numbers)), data.draw(st.sampled_from(texts))
    made: Sequence[Callable[[], Predicate]] = [
        lambda: number == data.draw(st.none() | integers),
        lambda: number != data.draw(st.none() | integers),
        lambda: number < data.draw(integers),
        lambda: number.between(data.draw(integers), data.draw(integers)),
        lambda: number >= data.draw(st.sampled_from(numbers)),
        lambda: number + 1 > data.draw(integers),
        lambda: number.in_(data.draw(st.lists(st.none() | integers, max_size=4))),
        lambda: number.not_in(data.draw(st.lists(st.none() | integers, max_size=4))),
        lambda: number.in_(range(data.draw(st.sampled_from([99, 100, 101, 102])))),
        lambda: name.like(data.draw(text)),
        lambda: name.ilike(data.draw(text)),
        lambda: name.contains(data.draw(text)),
        lambda: name.starts_with(data.draw(text)),
        lambda: name.lower() == data.draw(text),
        name.is_null,
        lambda: name.optional().is_not_null(),
        lambda: name.as_("label") == data.draw(text),
        Things.flag.is_true,
        lambda: Things.price < data.draw(st.sampled_from([Decimal(1), Decimal("2.5")])),
        lambda: Things.code == data.draw(st.uuids()),
        lambda: Things.colour == data.draw(st.sampled_from(Colour)),
        lambda: Things.day <= data.draw(st.dates()),
    ]
    return data.draw(st.sampled_from(made))()


def predicate(data: st.DataObject, depth: int = 2) -> Predicate:
    kind = data.draw(st.sampled_from(["leaf", "leaf", "and", "or", "not"])) if depth else "leaf"
    match kind:
        case "and":
            return predicate(data, depth - 1) & predicate(data, depth - 1)
        case "or":
            return predicate(data, depth - 1) | predicate(data, depth - 1)
        case "not":
            return ~predicate(data, depth - 1)
        case _:
            return leaf(data)


def order(data: st.DataObject) -> Order:
    item: Expression[Any] = data.draw(st.sampled_from([*numbers, *texts, Things.number == 1, Things.number == 2]))
    made: Expression[Any] = data.draw(st.sampled_from([item, item.optional()]))
    found = made.desc() if data.draw(st.booleans()) else made.asc()
    return data.draw(st.sampled_from([found, found.nulls_first(), found.nulls_last()]))


JOINS = [
    Join(PEOPLE, TABLE, (("owner", "name"),)),
    Join(PEOPLE, TABLE, (("owner", "name"),), outer=True, is_single=True),
    Join(PEOPLE, TABLE, (("owner", "name"), ("id", "id"))),
    Join(PEOPLE, TABLE, (("owner", "name"),), constants=(("kind", "thing"),)),
    Join(PEOPLE, "", (), condition=Things.number > 3),
    Join(PEOPLE, "", ()),
]


def statement(data: st.DataObject) -> Select:
    made = Select(TABLE, data.draw(st.sampled_from([("id", "name"), ["id"], ("name", "id")])), key=("id",))
    made.joins = (data.draw(st.sampled_from(JOINS)),)
    if data.draw(st.booleans()):
        some: list[Expression[Any]] = [*numbers, *texts, Things.number == 1, Things.number.is_null()]
        columns = data.draw(st.lists(st.sampled_from(some), min_size=1, max_size=3))
        made.distinct = data.draw(st.booleans())
        made.columns = tuple([data.draw(st.sampled_from([item, item.as_("a"), item.as_("b")])) for item in columns])
    made.predicates = tuple([predicate(data) for _ in range(data.draw(st.integers(0, 3)))])
    made.orders = tuple([order(data) for _ in range(data.draw(st.integers(0, 2)))])
    made.limit, made.offset = data.draw(st.none() | st.integers(0, 9)), data.draw(st.integers(0, 3))
    return made


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    outlines.TEXTS.clear()
    yield
    outlines.TEXTS.clear()


@given(st.data())
def test_a_kept_text_is_the_one_that_would_be_written(data: st.DataObject) -> None:
    made = statement(data)

    for name in dialects.NAMES:
        dialect = dialects.get(name)
        for select_all in ("", "SELECT everything"):
            try:
                wanted = made.written(dialect, select_all)
            except InvalidQuery:  # a table that is missing, distinct rows in an order that they do not have
                continue
            for _ in range(3):  # written, kept, read
                assert made.compile(dialect, select_all) == wanted


# --- each thing that differs ---------------------------------------------------------------------------------------------


def alone(column: IntColumn[Any]) -> list[Predicate]:
    """Conditions that differ from each other in one thing."""
    return [
        *(column == 1, column != 1, column < 1, column <= 1, column > 1, column >= 1),
        *(column.is_null(), column.is_not_null(), column.optional().is_null(), column.as_("a").is_null()),
        *[made([1, 2, 3][:number]) for made in (column.in_, column.not_in) for number in range(4)],
        *[made([1, 2, None]) for made in (column.in_, column.not_in)],
        *(column == Things.id, column + 1 > 1, column + 2 > 1, column._referenced("things", "other") > 1),
    ]


def conditions() -> list[Predicate]:
    name = Things.name
    single = [
        *[condition for column in (Things.number, Things.maybe_number) for condition in alone(column)],
        *(name.like("a"), name.ilike("a"), name.like("%"), name.contains("a"), Things.text.like("a"), name == "a"),
    ]
    few = [Things.number == 1, Things.number < 1, Things.id.is_null(), name.like("a")]
    pairs = [made for one in few for other in few for made in (one & other, one | other)]
    nested = [All((All(few[:2]), few[2])), All((All(few[:3]),)), All(few[:3]), AnyOf(few[:3])]
    deep = [one | (pair & one) for one in few for pair in pairs]
    return [*single, *pairs, *[~item for item in single], *nested, *deep]


def variants() -> Iterator[Select]:
    """Statements of which no two are made alike."""

    def made(**slots: Any) -> Select:
        statement = Select(slots.pop("table", TABLE), slots.pop("names", ("id", "name")))
        for slot, value in slots.items():
            setattr(statement, slot, value)
        return statement

    orders = [
        order
        for column in (Things.number, Things.maybe_number)
        for item in (column, column.optional(), column + 1)
        for plain in (item.asc(), item.desc())
        for order in (plain, plain.nulls_first(), plain.nulls_last())
    ]
    columns: list[Expression[Any]] = [
        item for column in (Things.id, Things.name) for item in (column, column.as_("a"), column.optional())
    ]
    asked: list[Expression[Any]] = [
        Things.number == 1,
        Things.number == 2,
        Things.number.is_null(),
        Things.maybe_number,
    ]
    columns += [*asked, (Things.number == 1).as_("a")]
    orders += [order for item in asked for order in (item.asc(), item.desc(), item.asc().nulls_last())]
    windows = [{"limit": limit, "offset": offset} for limit in (None, 0, 7) for offset in (0, 7)]
    slots: list[dict[str, Any]] = [
        {},
        *({"distinct": True}, {"names": ("id",)}, {"names": ("name", "id")}, {"table": "other", "joins": JOINS[:1]}),
        *[{"columns": (column,)} for column in columns],
        *[{"columns": (one, other)} for one in columns for other in columns if one is not other],
        *[{"columns": (one,), "distinct": True, "orders": (order,)} for one in columns for order in orders],
        *[{"joins": (join,)} for join in JOINS],
        *windows,
        *[{"orders": (one,)} for one in orders],
        *[{"orders": (one, other)} for one in orders for other in orders],
    ]
    yield from [made(**some) for some in slots]
    found = conditions()
    for predicates in [*[(one,) for one in found], *product(found[:40], found[:40])]:
        yield made(predicates=predicates)
    for predicate, join, window in product(found[:40], JOINS[:2], windows):
        yield made(predicates=(predicate,), joins=(join,), orders=(Things.maybe_number.desc(),), **window)


@pytest.mark.parametrize("name", dialects.NAMES)
def test_equal_outlines_are_those_of_equal_texts(name: str) -> None:
    dialect = dialects.get(name)
    texts: dict[object, str] = {}
    shared = 0

    for statement in variants():
        try:
            text, parameters = statement.written(dialect)
        except InvalidQuery:  # as above
            continue
        outline = statement.outline(dialect)
        if outline is not None:
            shared += tuple(outline.parts) in texts
            assert texts.setdefault(tuple(outline.parts), text) == text
            assert tuple(outline.parameters) == parameters
    assert shared > 100
    assert len(texts) > 1_000


def test_statements_that_differ_in_values_share_a_text() -> None:
    sqlite = dialects.get("sqlite")

    def text_of(number: int) -> str:
        made = Select(TABLE, ("id",))
        made.predicates = (Things.number >= number, Things.name.like(f"%{number}%"), Things.id.in_([number, 7]))
        made.orders, made.limit = (Things.number.desc(), Things.id.asc()), number
        return made.compile(sqlite)[0]

    assert text_of(1) is text_of(2) is text_of(3)


def test_statements_that_differ_in_their_limit_share_a_text_but_on_postgresql() -> None:
    def text_of(name: str, limit: int, offset: int) -> str:
        made = Select(TABLE, ("id",))
        made.limit, made.offset = limit, offset
        return made.compile(dialects.get(name))[0]

    for name in ("sqlite", "mysql"):
        assert text_of(name, 2, 5) is text_of(name, 3, 6)
    assert text_of("postgresql", 2, 5) is text_of("postgresql", 2, 6)
    assert text_of("postgresql", 2, 5) != text_of("postgresql", 3, 5)
    assert len(outlines.TEXTS) == 4


def test_columns_made_for_one_query_are_written_anew() -> None:
    made = Select("twin", ("id",))
    made.predicates = (Things.number._referenced("twin", "number") == 3,)

    assert made.outline(dialects.get("sqlite")) is None


def test_texts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlines, "MOST", 10)
    sqlite = dialects.get("sqlite")

    for number in range(1, 100):
        made = Select(TABLE, ("id",))
        made.predicates = (Things.number.in_(range(number)),)
        for _ in range(2):
            assert made.compile(sqlite) == made.written(sqlite)
        assert len(outlines.TEXTS) <= 10


def test_texts_of_many_limits_are_bounded() -> None:
    made = Select(TABLE, ("id",))
    for limit in range(outlines.MOST * 2 + 10):
        made.limit = limit
        for name in dialects.NAMES:
            dialect = dialects.get(name)
            assert made.compile(dialect) == made.written(dialect)
        assert len(outlines.TEXTS) <= outlines.MOST


def classes_of(base: type[Any]) -> Iterator[type[Any]]:
    yield base
    for class_ in base.__subclasses__():
        yield from classes_of(class_)


def owner(class_: type[Any], method: str) -> type[Any]:
    return next(base for base in class_.__mro__ if method in vars(base))


@pytest.mark.parametrize("base", [Expression, Order])
def test_what_is_written_in_a_way_of_its_own_has_an_outline_of_its_own(base: type[Any]) -> None:
    """Else a subclass that is written differently would have the text of its base."""
    for class_ in classes_of(base):
        outlined = owner(class_, "_outline")
        assert outlined is Expression or outlined is owner(class_, "_write"), class_
