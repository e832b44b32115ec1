"""Numbers in queries: what every database computes is what Python computes."""

import random
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from typing import Any

import pytest

from isomorph.errors import InvalidQuery, InvalidValue, NumericOverflow
from tests.support.computing import Case, check_all, samples
from tests.support.fields import Package

EXACT = Context(prec=200, rounding=ROUND_HALF_UP)
QUOTIENT = Decimal("1e-12")


def known(function: Callable[..., object]) -> Callable[..., object]:
    """NULL of NULL."""

    def of(**values: object) -> object:
        return None if None in values.values() else function(**values)

    return of


def divided(left: Decimal, right: Decimal) -> Decimal | None:
    return EXACT.divide(left, right).quantize(QUOTIENT, ROUND_HALF_UP, EXACT) if right else None


def floored(left: Decimal, right: Decimal) -> Decimal | None:
    return EXACT.divide(left, right).to_integral_value(ROUND_FLOOR) + 0 if right else None


# --- whole numbers -------------------------------------------------------------------------------------------------------


@pytest.fixture
def integers(fields: Package) -> list[dict[str, Any]]:
    """Three columns of integers: small ones, large ones, ones without a sign."""
    chance = random.Random(7)
    edges = [-(2**31), 2**31 - 1, -1, 0, 1, 2, -7, 7, 100, -100]
    number = [*edges, *(chance.randint(-50, 50) for _ in range(30))]
    big = [*reversed(edges), *(chance.randint(-(2**40), 2**40) for _ in range(30))]
    hits = [*(abs(edge) for edge in edges), *(chance.randint(0, 2**32 - 1) for _ in range(30))]
    return samples(fields, number=number, big=big, hits=hits)


@pytest.mark.feature("queries.arithmetic")
def test_whole_numbers_are_calculated_with_in_64_bits(fields: Package, integers: list[dict[str, Any]]) -> None:
    m = fields.MaybeSample
    cases: dict[str, Case] = {
        "plus": (m.number + 2_000_000_000, known(lambda number, **_: number + 2_000_000_000)),
        "minus": (m.number - m.big, known(lambda number, big, **_: number - big)),
        "times": (m.number * m.number, known(lambda number, **_: number * number)),
        "reversed": (1 - m.number * 2, known(lambda number, **_: 1 - number * 2)),
        "unsigned": (m.hits - 2**32, known(lambda hits, **_: hits - 2**32)),
        "unsigned and signed": (m.number + m.hits, known(lambda number, hits, **_: number + hits)),
        "signed by unsigned": (m.number * m.hits, known(lambda number, hits, **_: number * hits)),
        "negative": (-m.number, known(lambda number, **_: -number)),
        "without a sign": (m.big.abs() + m.number.abs(), known(lambda number, big, **_: abs(big) + abs(number))),
        "sign": (m.big.sign(), known(lambda big, **_: (big > 0) - (big < 0))),
        "nested": ((m.number + 1) * (m.number - 1), known(lambda number, **_: (number + 1) * (number - 1))),
    }
    check_all(fields, integers, cases)


@pytest.mark.feature("queries.division")
def test_whole_numbers_are_divided_as_python_does(fields: Package, integers: list[dict[str, Any]]) -> None:
    m = fields.MaybeSample
    cases: dict[str, Case] = {
        "/ 7": (m.number / 7, known(lambda number, **_: number / 7)),
        "/ column": (m.big / m.number, known(lambda number, big, **_: big / number if number else None)),
        "1 /": (1 / m.number, known(lambda number, **_: 1 / number if number else None)),
        "// 7": (m.number // 7, known(lambda number, **_: number // 7)),
        "// -7": (m.number // -7, known(lambda number, **_: number // -7)),
        "// column": (m.big // m.number, known(lambda number, big, **_: big // number if number else None)),
        "9 //": (9 // m.number, known(lambda number, **_: 9 // number if number else None)),
        "% 7": (m.number % 7, known(lambda number, **_: number % 7)),
        "% -7": (m.big % -7, known(lambda big, **_: big % -7)),
        "% column": (m.big % m.number, known(lambda number, big, **_: big % number if number else None)),
        "9 %": (9 % m.number, known(lambda number, **_: 9 % number if number else None)),
        "unsigned": (m.number % m.hits, known(lambda number, hits, **_: number % hits if hits else None)),
    }
    check_all(fields, integers, cases)


@pytest.mark.feature("queries.division")
def test_a_quotient_of_large_integers_is_rounded_down_exactly(fields: Package) -> None:
    chance = random.Random(1)
    big = [2**63 - 1, 2**63 - 1, -(2**63), -(2**63), 2**63 - 1, -1, 1, *(chance.randint(-(2**63), 2**63 - 1) for _ in range(60))]
    others = [2, 3, 2, 3, -2, 2**63 - 1, -(2**63) + 1, *(chance.choice([1, -1]) * chance.randint(2, 2**62) for _ in range(60))]
    rows = [{"big": a, "size": None} for a in big]
    del rows
    m = fields.MaybeSample
    m.insert_many({"big": a, "words": str(b)} for a, b in zip(big, others, strict=True))

    for left, right in zip(big, others, strict=True):
        query = m.query().where(m.big == left)
        assert query.value(m.big // right) == left // right, (left, right)
        assert query.value(m.big % right) == left % right, (left, right)


@pytest.mark.feature("queries.arithmetic")
def test_unsigned_bigints_are_calculated_with_beyond_64_bits(fields: Package) -> None:
    m = fields.MaybeSample
    rows = samples(fields, size=[0, 1, 2**64 - 1, 2**63, 12], big=[1, -5, -(2**63), 2**63 - 1, 5])
    cases: dict[str, Case] = {
        "plus": (m.size + 1, known(lambda size, **_: size + 1)),
        "minus column": (m.size - m.big, known(lambda size, big: size - big)),
        "column minus": (m.big - m.size, known(lambda size, big: big - size)),
        "times": (m.size * m.size, known(lambda size, **_: size * size)),
        "reversed": (1 - m.size, known(lambda size, **_: 1 - size)),
        "//": (m.size // m.big, known(lambda size, big: size // big)),
        "%": (m.size % m.big, known(lambda size, big: size % big)),
        "% 7": (m.size % 7, known(lambda size, **_: size % 7)),
        "sign": ((m.size - 1).sign(), known(lambda size, **_: (size > 1) - (size < 1))),
        "abs": ((-m.size).abs(), known(lambda size, **_: size)),
    }
    check_all(fields, rows, cases)

    assert m.query().where(m.size - 1 < 0).count() == 1
    assert m.query().where(m.size > m.big).count() == 4
    assert m.query().where(m.big < m.size * 2).count() == 4
    assert m.query().where(m.size + 1 == 2**64).count() == 1


@pytest.mark.feature("queries.overflow")
@pytest.mark.parametrize(
    "make",
    [
        lambda m: m.big + 1,
        lambda m: m.big * 2,
        lambda m: -m.big - 2,
        lambda m: m.big + m.big,
        lambda m: m.big * m.number,
        lambda m: m.weight * 1e300,
        lambda m: m.weight + m.weight,
        lambda m: m.weight.floor(),
        lambda m: m.weight.ceil(),
        lambda m: m.weight.round(),
        lambda m: m.weight.power(2),
        lambda m: m.number.power(1000),
        lambda m: (m.number - 1000).power(-1),
        lambda m: (-m.number).power(0.5),
    ],
)
def test_what_leaves_its_range_is_an_error(fields: Package, make: Callable[[Any], Any]) -> None:
    fields.MaybeSample.create(big=2**63 - 1, number=1000, weight=1.5e308)
    expression = make(fields.MaybeSample)

    with pytest.raises(NumericOverflow, match="out of the range of its type"):
        fields.MaybeSample.query().value(expression)
    with pytest.raises(NumericOverflow):
        fields.MaybeSample.query().where(expression > 0).get()


@pytest.mark.feature("queries.overflow")
def test_the_least_integer_has_no_opposite(fields: Package) -> None:
    m = fields.MaybeSample
    m.create(big=-(2**63))

    for expression in (-m.big, m.big.abs(), m.big - 1, m.big // -1):
        with pytest.raises(NumericOverflow):
            m.query().value(expression)
    assert m.query().value(m.big + 1) == -(2**63) + 1


# --- decimals ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def decimals(fields: Package) -> list[dict[str, Any]]:
    """Two columns of decimals and one of integers."""
    chance = random.Random(3)
    edges = ["0", "1", "-1", "0.000001", "-0.000001", "99999999999999.999999", "-99999999999999.999999", "2.5", "-2.5"]
    price = [*edges, *(f"{chance.randint(-(10**9), 10**9)}e-6" for _ in range(40))]
    fee = [*reversed(["3", "7", "-3", "0.0001", "-0.0001", "0", "999999", "-0.5", "0.5"])]
    fee += [f"{chance.randint(-(10**6), 10**6)}e-4" for _ in range(40)]
    number = [chance.randint(-20, 20) for _ in price]
    return samples(fields, price=[Decimal(p) for p in price], fee=[Decimal(f) for f in fee], number=number)


@pytest.mark.feature("queries.arithmetic", "types.decimal")
def test_decimals_are_calculated_with_exactly(fields: Package, decimals: list[dict[str, Any]]) -> None:
    m = fields.MaybeSample
    cases: dict[str, Case] = {
        "+": (m.price + m.fee, known(lambda price, fee, **_: EXACT.add(price, fee))),
        "-": (m.price - Decimal("0.1"), known(lambda price, **_: EXACT.subtract(price, Decimal("0.1")))),
        "*": (m.price * m.fee * 2, known(lambda price, fee, **_: EXACT.multiply(price, fee) * 2)),
        "* integer": (m.price * m.number, known(lambda price, number, **_: EXACT.multiply(price, Decimal(number)))),
        "integer *": (m.number * m.price, known(lambda price, number, **_: EXACT.multiply(price, Decimal(number)))),
        "1 -": (1 - m.price, known(lambda price, **_: EXACT.subtract(Decimal(1), price))),
        "negative": (-m.price, known(lambda price, **_: EXACT.minus(price))),
        "abs": (m.price.abs(), known(lambda price, **_: EXACT.abs(price))),
        "sign": (m.price.sign(), known(lambda price, **_: (price > 0) - (price < 0))),
    }
    check_all(fields, decimals, cases)


@pytest.mark.feature("queries.division", "types.decimal")
def test_a_quotient_of_decimals_has_twelve_digits_on_every_database(
    fields: Package, decimals: list[dict[str, Any]]
) -> None:
    m = fields.MaybeSample
    cases: dict[str, Case] = {
        "/": (m.price / m.fee, known(lambda price, fee, **_: divided(price, fee))),
        "/ 3": (m.price / 3, known(lambda price, **_: divided(price, Decimal(3)))),
        "1 /": (1 / m.price, known(lambda price, **_: divided(Decimal(1), price))),
        "integer /": (m.number / m.price, known(lambda price, number, **_: divided(Decimal(number), price))),
        "//": (m.price // m.fee, known(lambda price, fee, **_: floored(price, fee))),
        "%": (m.price % m.fee, known(lambda price, fee, **_: None if not fee else price - fee * floored(price, fee))),
        "% -3": (m.price % -3, known(lambda price, **_: price + 3 * floored(price, Decimal(-3)))),
    }
    check_all(fields, decimals, cases)


@pytest.mark.feature("queries.rounding")
def test_decimals_are_rounded_half_away_from_zero(fields: Package, decimals: list[dict[str, Any]]) -> None:
    m = fields.MaybeSample

    def to(digits: int) -> Callable[..., object]:
        return known(lambda price, **_: price.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0)

    cases: dict[str, Case] = {
        "round": (m.price.round(), known(lambda price, **_: int(price.to_integral_value(ROUND_HALF_UP)))),
        "round(0)": (m.price.round(0), to(0)),
        "round(2)": (m.price.round(2), to(2)),
        "round(8)": (m.price.round(8), to(8)),
        "floor": (m.price.floor(), known(lambda price, **_: int(price.to_integral_value(ROUND_FLOOR)))),
        "ceil": (m.price.ceil(), known(lambda price, **_: int(price.to_integral_value(ROUND_CEILING)))),
    }
    check_all(fields, decimals, cases)


@pytest.mark.feature("queries.comparisons", "types.decimal")
def test_computed_decimals_are_compared_and_ordered_as_numbers(fields: Package) -> None:
    m = fields.MaybeSample
    samples(fields, price=[Decimal(9), Decimal(10), Decimal("-2")], number=[9, 11, -2])

    assert m.query().where(m.price * 1 > 9).count() == 1
    assert m.query().where(m.price * 1 == m.number).count() == 2
    assert m.query().where(m.number * 1 > 0, m.price < m.number).count() == 1
    assert m.query().where((m.price + 1).in_([10, Decimal("-1.0")])).count() == 2
    assert m.query().where(m.price.is_not_null()).order_by(m.price * 2).pluck(m.price + 0) == [-2, 9, 10]


# --- floats --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def floats(fields: Package) -> list[dict[str, Any]]:
    """Two columns of floats, one of 32 bits."""
    chance = random.Random(5)
    weight = [0.0, 1.5, -2.5, 2.675, 1e15, -1e20, 0.1, 1e-9, 123456.789, *(chance.uniform(-1e6, 1e6) for _ in range(30))]
    level = [0.0, 0.5, -0.25, 3.0, *(float(chance.randint(-100, 100)) / 8 for _ in range(len(weight) - 4))]
    return samples(fields, weight=weight, level=level)


@pytest.mark.feature("queries.arithmetic")
def test_floats_are_calculated_with_in_64_bits(fields: Package, floats: list[dict[str, Any]]) -> None:
    m = fields.MaybeSample
    cases: dict[str, Case] = {
        "+": (m.weight + m.level, known(lambda weight, level: weight + level)),
        "- 0.1": (m.weight - 0.1, known(lambda weight, **_: weight - 0.1)),
        "*": (m.weight * m.weight, known(lambda weight, **_: weight * weight)),
        "32 bits": (m.level * m.level / 3, known(lambda level, **_: level * level / 3)),
        "/": (m.weight / m.level, known(lambda weight, level: weight / level if level else None)),
        "1 -": (1 - m.weight, known(lambda weight, **_: 1 - weight)),
        "1 /": (1 / m.weight, known(lambda weight, **_: 1 / weight if weight else None)),
        "abs": (m.weight.abs(), known(lambda weight, **_: abs(weight))),
        "sign": (m.weight.sign(), known(lambda weight, **_: (weight > 0) - (weight < 0))),
        "sqrt": (m.weight.sqrt(), known(lambda weight, **_: weight**0.5 if weight >= 0 else None)),
    }
    check_all(fields, floats, cases)


@pytest.mark.feature("queries.rounding")
def test_floats_are_rounded_by_the_digits_they_are_written_with(fields: Package, floats: list[dict[str, Any]]) -> None:
    m = fields.MaybeSample

    def to(digits: int) -> Callable[..., object]:
        return known(lambda weight, **_: float(EXACT.quantize(Decimal(repr(weight)), Decimal(1).scaleb(-digits))) + 0.0)

    rows = [row for row in floats if row["weight"] is None or abs(row["weight"]) < 1e18]
    cases: dict[str, Case] = {
        "round(2)": (m.weight.round(2), to(2)),
        "round(0)": (m.weight.round(0), to(0)),
        "round(12)": (m.weight.round(12), to(12)),
    }
    check_all(fields, floats, cases)

    m.query().where(m.weight < -1e18).delete()
    whole: dict[str, Case] = {
        "round": (m.weight.round(), known(lambda weight, **_: int(Decimal(repr(weight)).to_integral_value(ROUND_HALF_UP)))),
        "floor": (m.weight.floor(), known(lambda weight, **_: int(weight // 1))),
        "ceil": (m.weight.ceil(), known(lambda weight, **_: int(-(-weight // 1)))),
    }
    check_all(fields, rows, whole)


@pytest.mark.feature("queries.arithmetic")
def test_powers_are_floats(fields: Package) -> None:
    m = fields.MaybeSample
    m.create(number=3, price=Decimal("2.5"), weight=0.25)

    found = m.query().select(
        m.number.power(2), m.price.power(2), m.weight.power(0.5), m.number.power(m.number), m.weight.power(-1),
        m.number.sqrt(), (-m.number).sqrt(), m.price.sqrt(),
    )  # fmt: skip
    assert found.first_or_fail() == (9.0, 6.25, 0.5, 27.0, 4.0, 3**0.5, None, 2.5**0.5)
    assert all(isinstance(value, float) for value in found.first_or_fail() if value is not None)


# --- what has no meaning -----------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.division", "bad_input.wrong_type")
def test_what_divides_by_zero_is_refused_when_it_is_said_and_null_when_it_is_found(fields: Package) -> None:
    m = fields.MaybeSample
    m.create(number=5, price=Decimal(5), weight=5.0, big=0, fee=Decimal(0), level=0.0, size=0)

    for make in (
        lambda: m.number / 0,
        lambda: m.number // 0,
        lambda: m.number % 0,
        lambda: m.price / Decimal("0.00"),
        lambda: m.weight / 0.0,
        lambda: m.size // 0,
    ):
        with pytest.raises(InvalidValue, match="expected a divisor other than 0, got 0"):
            make()
    nothing = m.query().select(
        m.number / m.big, m.number // m.big, m.number % m.big, m.price / m.fee, m.price // m.fee, m.price % m.fee,
        m.weight / m.level, 1 / m.big, m.number % m.size, 1 // m.size,
    )  # fmt: skip
    assert nothing.first_or_fail() == (None,) * 10


@pytest.mark.feature("queries.typing")
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda m: m.number + "1", "MaybeSample.number: expected an int, got str"),
        (lambda m: m.number + 1.5, "MaybeSample.number: expected an int, got float"),
        (lambda m: m.number + True, "MaybeSample.number: expected an int, got bool"),
        (lambda m: m.number + 2**64, "MaybeSample.number: expected an int of 64 bits, got one beyond that"),
        (lambda m: m.price + 1.5, "MaybeSample.price: expected a Decimal, got float"),
        (lambda m: m.weight * Decimal(1), "MaybeSample.weight: expected a float, got Decimal"),
        (lambda m: m.price + m.weight, r"MaybeSample.price: expected an expression of the type decimal\(20, 6\)"),
        (lambda m: m.number + m.name, "MaybeSample.number: expected an expression of the type int"),
        (lambda m: m.weight / m.price, "MaybeSample.weight: expected an expression of the type double"),
        (lambda m: m.number.power("2"), "MaybeSample.number: expected a number, got str"),
        (lambda m: m.number.power(m.name), "MaybeSample.number: expected a number, got an expression of the type string"),
        (lambda m: m.price.round(31), r"round\(\): expected digits from 0 to 30, got another number"),
        (lambda m: m.price.round("2"), r"round\(\): expected digits from 0 to 30, got str"),
        (lambda m: m.number == m.name, "MaybeSample.number: expected an expression of the type int"),
        (lambda m: m.number.in_(["1"]), "MaybeSample.number: expected an int, got str"),
        (lambda m: m.local < m.moment, "MaybeSample.local: expected an expression of the type datetime"),
        (lambda m: m.day < m.local, "MaybeSample.day: expected an expression of the type date"),
    ],
)
def test_wrong_operands_are_refused_before_anything_is_sent(
    fields_package: Package, make: Callable[[Any], Any], message: str
) -> None:
    with pytest.raises(InvalidValue, match=message):
        make(fields_package.MaybeSample)


def test_nothing_is_calculated_with_none(fields_package: Package) -> None:
    m: Any = fields_package.MaybeSample

    for make in (lambda: m.number + None, lambda: None - m.price, lambda: m.weight / None, lambda: m.number % None):
        with pytest.raises(InvalidQuery, match="nothing is calculated with None"):
            make()
