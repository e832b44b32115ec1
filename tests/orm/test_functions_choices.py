"""Functions of values of any type in queries, and comparisons with more to them than an operator."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from generated import Category, Item, User
from isomorph import functions as f
from isomorph.errors import InvalidQuery, InvalidValue, LimitExceeded
from isomorph.limits import current, override
from tests.support.computing import Cases, Row, Wanted, check_all, naive, samples
from tests.support.fields import Package

# --- coalesce, nullif, greatest, least -----------------------------------------------------------------------------------


@pytest.fixture
def rows(fields: Package) -> list[Row]:
    """Columns of each kind, every second value of each NULL in its own rhythm."""
    day = dt.date(2026, 3, 1)
    noon = naive(2026, 3, 1, 12, 0, 0, 1)
    code = uuid.UUID(int=7)
    columns: dict[str, list[object]] = {
        "number": [1, None, 3, None, 5, -1],
        "big": [None, 2**40, 2, None, 5, None],
        "size": [2**64 - 1, 1, None, None, 5, 3],
        "price": [None, Decimal("1.5"), Decimal(3), None, Decimal(5), Decimal("-1.5")],
        "weight": [0.5, None, 3.0, None, 5.0, -2.5],
        "name": ["a", None, "", None, "É", "z"],
        "words": [None, "b", "c", None, "", "a"],
        "flag": [True, False, None, None, True, False],
        "day": [day, None, day + dt.timedelta(days=1), None, day, day],
        "local": [noon, None, noon, None, noon, noon - dt.timedelta(days=9)],
        "moment": [noon.replace(tzinfo=dt.UTC), None, None, None, noon.replace(tzinfo=dt.UTC), None],
        "span": [dt.timedelta(hours=1), None, None, None, dt.timedelta(-1), None],
        "code": [code, None, None, None, code, None],
        "colour": [fields.Colour("red"), None, None, None, fields.Colour("grün"), None],
    }
    return samples(fields, **columns)


def first(*names: str, default: object = None) -> Wanted:
    """The first of several fields that is not NULL."""
    return lambda r: next((r[name] for name in names if r[name] is not None), default)


@pytest.mark.feature("queries.coalesce")
def test_coalesce_gives_the_first_that_is_not_null(fields: Package, rows: list[Row]) -> None:
    m = fields.MaybeSample
    noon = naive(2026, 1, 1, 12)
    values: dict[str, Any] = {
        "number": 7, "price": Decimal("7.25"), "weight": 7.5, "name": "no % name", "flag": False, "size": 0,
        "day": noon.date(), "local": noon, "moment": noon.replace(tzinfo=dt.UTC), "span": dt.timedelta(7),
        "code": uuid.UUID(int=1), "colour": fields.Colour("it's"),
    }  # fmt: skip
    cases: Cases = {
        f"{name} or a value": (f.coalesce(getattr(m, name), value), first(name, default=value))
        for name, value in values.items()
    }
    cases["columns"] = (f.coalesce(m.number, m.big), first("number", "big"))
    cases["three"] = (f.coalesce(m.name, m.words, "neither"), first("name", "words", default="neither"))
    cases["calculated with"] = (
        f.coalesce(m.number, 0) + 2_147_483_647,
        lambda r: (r["number"] or 0) + 2147483647,
    )
    cases["a text"] = (
        f.coalesce(m.words, "É").lower(),
        lambda r: ("É" if r["words"] is None else r["words"]).lower(),
    )
    check_all(fields, rows, cases)

    assert m.query().where(f.coalesce(m.price, 4) > 3).count() == 4
    assert m.query().where(f.coalesce(m.flag, False).is_true()).count() == 2
    assert m.query().where(f.coalesce(m.day, noon.date()).year() == 2026).count() == len(rows)


@pytest.mark.feature("queries.coalesce")
def test_nullif_leaves_out_one_value(fields: Package, rows: list[Row]) -> None:
    m = fields.MaybeSample
    cases: Cases = {
        "text": (f.nullif(m.name, ""), lambda r: r["name"] or None),
        "number": (f.nullif(m.number, 5), lambda r: None if r["number"] == 5 else r["number"]),
        "column": (f.nullif(m.number, m.big), lambda r: None if r["number"] == r["big"] else r["number"]),
        "decimal": (f.nullif(m.price, Decimal("5.00")), lambda r: None if r["price"] == 5 else r["price"]),
        "size": (f.nullif(m.size, 5), lambda r: None if r["size"] == 5 else r["size"]),
        "enum": (
            f.nullif(m.colour, fields.Colour("red")),
            lambda r: None if r["colour"] == fields.Colour("red") else r["colour"],
        ),
    }
    check_all(fields, rows, cases)


def strict(choose: Callable[[list[Any]], Any], *names: str, also: object = None) -> Wanted:
    """One of several values, NULL where one is."""
    return lambda r: choose([*(getattr(r, name) for name in names), *([] if also is None else [also])])


@pytest.mark.feature("queries.coalesce")
def test_the_greatest_of_a_row_is_null_where_one_is(fields: Package, rows: list[Row]) -> None:
    m = fields.MaybeSample
    day = dt.date(2026, 3, 1)
    cases: Cases = {
        "numbers": (f.greatest(m.number, m.big), strict(max, "number", "big")),
        "three": (f.least(m.number, m.big, 2), strict(min, "number", "big", also=2)),
        "decimals": (f.greatest(m.price, Decimal("2.5")), strict(max, "price", also=Decimal("2.5"))),
        "a decimal and an integer": (
            f.least(m.price, m.number),
            strict(lambda v: min(Decimal(x) for x in v), "price", "number"),
        ),
        "sizes": (f.greatest(m.size, 4), strict(max, "size", also=4)),
        "floats": (f.least(m.weight, 1.5), strict(min, "weight", also=1.5)),
        "texts": (f.greatest(m.name, m.words), strict(max, "name", "words")),
        "dates": (f.least(m.day, day), strict(min, "day", also=day)),
        "moments": (f.greatest(m.local, m.local), strict(max, "local")),
        "spans": (f.least(m.span, dt.timedelta()), strict(min, "span", also=dt.timedelta())),
    }
    check_all(fields, rows, cases)


# --- case ----------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.case")
def test_case_gives_the_value_of_the_first_true_condition(fields: Package, rows: list[Row]) -> None:
    m = fields.MaybeSample
    red, green = fields.Colour("red"), fields.Colour("grün")

    def size(r: Row) -> str:
        return "none" if r["number"] is None else "large" if r.number > 2 else "small"

    cases: Cases = {
        "texts": (f.case((m.number > 2, "large"), (m.number.is_null(), "none"), default="small"), size),
        "no default": (f.case((m.number > 2, 1)), lambda r: 1 if (r["number"] or 0) > 2 else None),
        "columns": (
            f.case((m.number.is_not_null(), m.number), default=m.big),
            lambda r: r["big"] if r["number"] is None else r["number"],
        ),
        "integers and decimals": (
            f.case((m.number > 2, 1), default=Decimal("0.5")),
            lambda r: Decimal(1) if (r["number"] or 0) > 2 else Decimal("0.5"),
        ),
        "integers and floats": (
            f.case((m.number > 2, 1), default=0.5),
            lambda r: 1.0 if (r["number"] or 0) > 2 else 0.5,
        ),
        "truth": (f.case((m.number > 2, True), default=False), lambda r: (r["number"] or 0) > 2),
        "enum": (f.case((m.number > 2, red), default=green), lambda r: red if (r["number"] or 0) > 2 else green),
        "none among them": (
            f.case((m.number > 2, None), default="x"),
            lambda r: None if (r["number"] or 0) > 2 else "x",
        ),
        "small integers": (
            f.case((m.number > 2, 30_000), default=1) + 30_000,
            lambda r: 60000 if (r["number"] or 0) > 2 else 30001,
        ),
        "dates": (
            f.case((m.number > 2, dt.date(2026, 1, 2)), default=m.day),
            lambda r: dt.date(2026, 1, 2) if (r["number"] or 0) > 2 else r["day"],
        ),
    }
    check_all(fields, rows, cases)


# --- cast, literal, random ---------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.cast")
def test_casts_are_the_same_everywhere(fields: Package) -> None:
    m = fields.MaybeSample
    texts = [
        "1",
        "-12",
        "+3",
        "1.5",
        "-.5",
        "1e3",
        "x",
        "",
        " 1",
        "1\n",
        "123456789012345678",
        "1234567890123456789",
        "１",
    ]
    size = len(texts)
    rows = samples(
        fields,
        words=texts,
        name=texts,
        number=[*range(-6, size - 6)],
        price=[Decimal(n) / 4 for n in range(-6, size - 6)],
        weight=[n / 4 for n in range(-6, size - 6)],
        day=[dt.date(n + 1, 1, 2) for n in range(size)],
        code=[uuid.UUID(int=n) for n in range(size)],
        colour=[fields.Colour("it's")] * size,
        size=[2**64 - 1 - n for n in range(size)],
    )

    def of(name: str, convert: Callable[[Any], object]) -> Wanted:
        return lambda r: convert(getattr(r, name))

    def numbered(pattern: str, convert: Callable[[str], object]) -> Wanted:
        return lambda r: convert(r.words) if re.fullmatch(pattern, r.words, re.ASCII) else None

    cases: Cases = {
        "text to int": (f.cast(m.words, int), numbered(r"[+-]?[0-9]{1,18}", int)),
        "string to int": (f.cast(m.name, int), numbered(r"[+-]?[0-9]{1,18}", int)),
        "text to float": (f.cast(m.words, float), numbered(r"[+-]?\d{1,30}(\.\d{1,30})?(e\d)?", float)),
        "text to decimal": (f.cast(m.words, Decimal), numbered(r"[+-]?\d{1,30}(\.\d{1,30})?", Decimal)),
        "decimal to int": (f.cast(m.price, int), of("price", int)),
        "float to int": (f.cast(m.weight, int), of("weight", int)),
        "int to float": (f.cast(m.number, float), of("number", float)),
        "decimal to float": (f.cast(m.price, float), of("price", float)),
        "int to decimal": (f.cast(m.number, Decimal), of("number", Decimal)),
        "int to text": (f.cast(m.number, str), of("number", str)),
        "size to text": (f.cast(m.size, str), of("size", str)),
        "decimal to text": (f.cast(m.price, str), of("price", lambda price: f"{price:.6f}")),
        "date to text": (f.cast(m.day, str), of("day", str)),
        "code to text": (f.cast(m.code, str), of("code", str)),
        "enum to text": (f.cast(m.colour, str), of("colour", lambda colour: colour.value)),
        "used": (
            f.cast(m.number, str) + "!" + m.words,
            lambda r: None if r["words"] is None else f"{r['number']}!{r['words']}",
        ),
    }
    check_all(fields, rows, cases)


@pytest.mark.feature("queries.cast")
def test_literals_come_back_as_they_went_in(fields: Package) -> None:
    m = fields.MaybeSample
    m.create(name="x")
    noon = naive(2026, 3, 1, 12, 0, 0, 7)
    values: list[Any] = [
        True, 7, 2**62, 0.1, Decimal("1.50"), "it's 100% \\ ü", noon, noon.replace(tzinfo=dt.UTC), noon.date(), noon.time(),
        dt.timedelta(days=-1, microseconds=7), uuid.UUID(int=7),
    ]  # fmt: skip

    found = m.query().select(*[f.literal(value) for value in values]).first_or_fail()
    assert list(found) == values
    assert [type(value) for value in found] == [type(value) for value in values]
    assert m.query().where(f.literal("A") == "a").count() == 0
    assert m.query().where(f.literal("a") == "a ").count() == 0
    assert m.query().where(f.literal("Ä").lower() == "ä").count() == 1
    assert m.query().value(f.literal(30_000) + 30_000) == 60_000
    assert m.query().value(f.literal(noon) - noon) == dt.timedelta()
    assert m.query().value(f.literal("a") + f.literal("b")) == "ab"


@pytest.mark.feature("queries.cast")
def test_random_numbers_are_of_each_row_and_below_one(fields: Package) -> None:
    m = fields.MaybeSample
    m.insert_many({"number": number} for number in range(200))

    found = m.query().pluck(f.random())
    assert all(0 <= number < 1 for number in found)
    assert len(set(found)) > 150
    orders = {tuple(m.query().order_by(f.random()).pluck(m.number)) for _ in range(3)}
    assert len(orders) == 3
    assert 50 < m.query().where(f.random() < 0.5).count() < 150


# --- comparisons ---------------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.same_as")
def test_same_as_and_is_distinct_from_know_null(fields: Package, rows: list[Row]) -> None:
    m = fields.MaybeSample

    def count(holds: Callable[[Any], bool]) -> int:
        return sum(map(holds, rows))

    assert m.query().where(m.number.same_as(m.big)).count() == count(lambda r: r["number"] == r["big"])
    assert m.query().where(~m.number.same_as(m.big)).count() == count(lambda r: r["number"] != r["big"])
    assert m.query().where(m.number.is_distinct_from(3)).count() == count(lambda r: r["number"] != 3)
    assert m.query().where(m.number.is_distinct_from(None)).count() == count(lambda r: r["number"] is not None)
    assert m.query().where(m.number.same_as(None)).count() == count(lambda r: r["number"] is None)
    assert m.query().where(m.price.same_as(Decimal("1.50"))).count() == 1
    assert m.query().where(m.number.same_as(m.size)).count() == count(lambda r: r["number"] == r["size"])
    assert m.query().where(m.flag.is_distinct_from(True)).count() == count(lambda r: r["flag"] is not True)
    assert m.query().where(m.colour.same_as(fields.Colour("grün"))).count() == 1
    assert m.query().where(m.flag == (m.number > 2)).count() == count(
        lambda r: None not in (r["flag"], r["number"]) and r["flag"] == (r["number"] > 2)
    )


@pytest.mark.feature("queries.in")
def test_not_between_is_the_opposite_of_between(fields: Package, rows: list[Row]) -> None:
    m = fields.MaybeSample

    assert m.query().where(m.number.not_between(2, 4)).order_by(m.number).pluck(m.number) == [-1, 1, 5]
    assert m.query().where(m.number.between(m.big, 5)).pluck(m.number) == [3, 5]


TUPLES = [(a, b) for a in (1, 2, None) for b in ("x", "y", None)]


@pytest.fixture
def pairs(fields: Package) -> Package:
    """Rows with all pairs of `number` and `name`; `big` and `words` are those of the next row."""
    fields.MaybeSample.insert_many(
        {"number": a, "name": b, "big": c, "words": d}
        for (a, b), (c, d) in zip(TUPLES, [*TUPLES[1:], TUPLES[0]], strict=True)
    )
    return fields


def found(package: Package, predicate: Any) -> list[tuple[Any, Any]]:
    m = package.MaybeSample
    return [tuple(row) for row in m.query().where(predicate).order_by(m.id).select(m.number, m.name).get()]


def before(left: tuple[Any, Any], right: tuple[Any, Any]) -> bool | None:
    """What SQL says of rows: less by the first that differs; None where NULL decides."""
    for a, b in zip(left, right, strict=True):
        if a is None or b is None:
            return None
        if a != b:
            return bool(a < b)
    return False


@pytest.mark.feature("queries.tuples")
def test_tuples_are_compared_by_the_first_part_that_differs(pairs: Package) -> None:
    m = pairs.MaybeSample
    pair, limit = f.tuple_(m.number, m.name), (1, "y")

    assert found(pairs, pair < limit) == [row for row in TUPLES if before(row, limit)]
    assert found(pairs, pair > limit) == [row for row in TUPLES if before(limit, row)]
    assert found(pairs, pair <= limit) == [row for row in TUPLES if before(row, limit) or row == limit]
    assert found(pairs, pair >= limit) == [row for row in TUPLES if before(limit, row) or row == limit]
    assert found(pairs, pair == limit) == [limit]
    assert found(pairs, pair == (1, None)) == [(1, None)]
    assert set(found(pairs, pair != limit)) >= {(1, "x"), (2, "x"), (2, "y")}
    others = f.tuple_(m.big, m.words)
    expected = [row for row, other in zip(TUPLES, [*TUPLES[1:], TUPLES[0]], strict=True) if before(row, other)]
    assert found(pairs, pair < others) == expected
    three = f.tuple_(m.number, m.name, m.number)
    assert found(pairs, three > (1, "y", 0)) == [row for row in TUPLES if before((1, "y"), row) or row == (1, "y")]


@pytest.mark.feature("queries.tuples")
def test_tuples_are_found_in_lists_and_queries(pairs: Package) -> None:
    m = pairs.MaybeSample
    pair = f.tuple_(m.number, m.name)

    assert found(pairs, pair.in_([(1, "x"), (2, "y"), (9, "z")])) == [(1, "x"), (2, "y")]
    assert found(pairs, pair.in_([(1, None), (2, "y")])) == [(1, None), (2, "y")]
    assert found(pairs, pair.in_([])) == []
    assert len(found(pairs, pair.not_in([]))) == len(TUPLES)
    assert (1, "x") not in found(pairs, pair.not_in([(1, "x")]))
    wanted = m.query().where(m.number == 2).select(m.number, m.name)
    assert found(pairs, pair.in_(wanted)) == [(2, "x"), (2, "y")]
    assert found(pairs, pair.in_(wanted.order_by(m.name.desc()).limit(1))) == [(2, "y")]
    samples(pairs, price=[Decimal("1.5"), Decimal(10)], day=[dt.date(2026, 1, 1), dt.date(2026, 1, 2)])
    money = f.tuple_(m.price, m.day)
    assert m.query().where(money.in_([(Decimal("1.50"), dt.date(2026, 1, 1))])).count() == 1
    assert m.query().where(money > (9, dt.date(2026, 1, 1))).count() == 1


# --- what has no meaning -----------------------------------------------------------------------------------------------------


# Callers without a type checker.
untyped: Any = f
U: Any = User

WRONG: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: untyped.coalesce(U.name), InvalidQuery, r"coalesce\(\) of one expression, or with None"),
    (lambda: untyped.coalesce(U.nickname, None), InvalidQuery, "or with None"),
    (lambda: untyped.coalesce(U.nickname, 3), InvalidValue, r"coalesce\(\): expected a str, got int"),
    (
        lambda: untyped.coalesce(U.nickname, U.age),
        InvalidValue,
        r"coalesce\(\): expected an expression of the type text",
    ),
    (
        lambda: untyped.coalesce("x", U.name),
        InvalidValue,
        r"coalesce\(\): expected an expression such as User.name, got str",
    ),
    (lambda: untyped.nullif(U.name, None), InvalidQuery, r"nullif\(\) of None"),
    (lambda: untyped.greatest(U.active, True), InvalidValue, "expected numbers, texts, dates, times or UUIDs"),
    (lambda: untyped.least(U.age), InvalidQuery, r"least\(\) of one expression"),
    (untyped.case, InvalidQuery, r"case\(\) without a value"),
    (lambda: untyped.case((U.age > 1, None)), InvalidQuery, r"case\(\) without a value"),
    (lambda: untyped.case((U.age > 1, "a"), default=3), InvalidValue, r"case\(\): expected a str, got int"),
    (lambda: untyped.case((True, "a")), InvalidValue, r"case\(\): expected pairs of a predicate and a value"),
    (lambda: untyped.case(U.age > 1), InvalidValue, r"case\(\): expected pairs"),
    (lambda: untyped.case((U.age > 1, [1])), InvalidValue, r"case\(\): expected a bool, number"),
    (lambda: untyped.cast(U.name, dt.date), InvalidValue, r"cast\(\): expected int, .*, got string\(100\) to date"),
    (lambda: untyped.cast(U.active, int), InvalidValue, r"got bool to int"),
    (lambda: untyped.cast(3, int), InvalidValue, r"cast\(\): expected an expression such as User.name, got int"),
    (lambda: untyped.literal(None), InvalidValue, r"literal\(\): expected a value, got None"),
    (lambda: untyped.literal(object()), InvalidValue, r"literal\(\): expected a bool, number"),
    (lambda: untyped.tuple_(U.id), InvalidValue, r"tuple_\(\): expected two to four columns, got 1"),
    (lambda: untyped.tuple_(U.id, 3), InvalidValue, r"tuple_\(\): expected columns such as User.name, got int"),
    (lambda: untyped.tuple_(U.id, U.name) == (1,), InvalidValue, r"tuple_\(\): expected a tuple of 2, got one of 1"),
    (lambda: untyped.tuple_(U.id, U.name) == 3, InvalidValue, r"tuple_\(\): expected a tuple of 2, got int"),
    (lambda: untyped.tuple_(U.id, U.name) < (1, None), InvalidQuery, "nothing is less or greater than None"),
    (
        lambda: untyped.tuple_(U.id, U.active) < (1, True),
        InvalidValue,
        r"expected what can be less or greater, got User.active",
    ),
    (lambda: untyped.tuple_(U.id, U.name).in_([(1, 2)]), InvalidValue, "User.name: expected a str, got int"),
    (lambda: untyped.tuple_(U.id, U.name).in_(3), InvalidValue, "expected a list of tuples, got int"),
    (
        lambda: untyped.tuple_(U.id, U.name).in_(U.query().select(U.id)),
        InvalidQuery,
        "of 2 in a sub-query of others",
    ),
    (lambda: untyped.any_(3), InvalidValue, r"any_\(\): expected a selection of one column, or an array, got int"),
    (lambda: untyped.any_(U.query().select(U.id, U.name)), InvalidQuery, "a sub-query with 2 columns"),
    (
        lambda: U.name == untyped.any_(U.query().select(U.age)),
        InvalidValue,
        "User.name: expected an expression of the type",
    ),
    (lambda: U.query().select(untyped.any_(U.query().select(U.age))).to_sql(), InvalidQuery, r"any_\(\) by itself"),
]


@pytest.mark.feature("queries.typing")
@pytest.mark.parametrize(("make", "error", "message"), WRONG)  # fmt: skip
def test_what_makes_no_sense_is_refused(make: Callable[[], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()


def test_lists_of_tuples_have_the_limit_of_all_lists() -> None:
    with override(replace(current(), in_list=2)), pytest.raises(LimitExceeded):
        f.tuple_(Item.category, Item.name).in_([(Category.BOOK, "a")] * 3)
