"""Numbers in queries: what every database computes is what Python computes."""

import random
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from typing import Any

import pytest

from isomorph.errors import InvalidQuery, InvalidValue, NumericOverflow
from tests.support.computing import Cases, Row, Wanted, check_all, samples
from tests.support.fields import Package

EXACT = Context(prec=200, rounding=ROUND_HALF_UP)
QUOTIENT = Decimal("1e-12")


def divided(left: Decimal, right: Decimal) -> Decimal | None:
    return EXACT.divide(left, right).quantize(QUOTIENT, ROUND_HALF_UP, EXACT) if right else None


def floored(left: Decimal, right: Decimal) -> Decimal:
    return EXACT.divide(left, right).to_integral_value(ROUND_FLOOR) + 0


# --- whole numbers -------------------------------------------------------------------------------------------------------


@pytest.fixture
def integers(fields: Package) -> list[Row]:
    """Three columns of integers: small ones, large ones, ones without a sign."""
    chance = random.Random(7)
    edges = [-(2**31), 2**31 - 1, -1, 0, 1, 2, -7, 7, 100, -100]
    number = [*edges, *(chance.randint(-50, 50) for _ in range(30))]
    big = [*reversed(edges), *(chance.randint(-(2**40), 2**40) for _ in range(30))]
    hits = [*(abs(edge) for edge in edges), *(chance.randint(0, 2**32 - 1) for _ in range(30))]
    return samples(fields, number=number, big=big, hits=hits)


@pytest.mark.feature("queries.arithmetic")
def test_whole_numbers_are_calculated_with_in_64_bits(fields: Package, integers: list[Row]) -> None:
    m = fields.MaybeSample
    cases: Cases = {
        "plus": (m.number + 2_000_000_000, lambda r: r.number + 2000000000),
        "minus": (m.number - m.big, lambda r: r.number - r.big),
        "times": (m.number * m.number, lambda r: r.number * r.number),
        "reversed": (1 - m.number * 2, lambda r: 1 - r.number * 2),
        "unsigned": (m.hits - 2**32, lambda r: r.hits - 2**32),
        "unsigned and signed": (m.number + m.hits, lambda r: r.number + r.hits),
        "signed by unsigned": (m.number * m.hits, lambda r: r.number * r.hits),
        "negative": (-m.number, lambda r: -r.number),
        "without a sign": (m.big.abs() + m.number.abs(), lambda r: abs(r.big) + abs(r.number)),
        "sign": (m.big.sign(), lambda r: (r.big > 0) - (r.big < 0)),
        "nested": ((m.number + 1) * (m.number - 1), lambda r: (r.number + 1) * (r.number - 1)),
    }
    check_all(fields, integers, cases)


@pytest.mark.feature("queries.division")
def test_whole_numbers_are_divided_as_python_does(fields: Package, integers: list[Row]) -> None:
    m = fields.MaybeSample
    cases: Cases = {
        "/ 7": (m.number / 7, lambda r: r.number / 7),
        "/ column": (m.big / m.number, lambda r: r.big / r.number if r.number else None),
        "1 /": (1 / m.number, lambda r: 1 / r.number if r.number else None),
        "// 7": (m.number // 7, lambda r: r.number // 7),
        "// -7": (m.number // -7, lambda r: r.number // -7),
        "// column": (m.big // m.number, lambda r: r.big // r.number if r.number else None),
        "9 //": (9 // m.number, lambda r: 9 // r.number if r.number else None),
        "% 7": (m.number % 7, lambda r: r.number % 7),
        "% -7": (m.big % -7, lambda r: r.big % -7),
        "% column": (m.big % m.number, lambda r: r.big % r.number if r.number else None),
        "9 %": (9 % m.number, lambda r: 9 % r.number if r.number else None),
        "unsigned": (m.number % m.hits, lambda r: r.number % r.hits if r.hits else None),
    }
    check_all(fields, integers, cases)


@pytest.mark.feature("queries.division")
def test_a_quotient_of_large_integers_is_rounded_down_exactly(fields: Package) -> None:
    chance = random.Random(1)
    big = [
        2**63 - 1,
        2**63 - 1,
        -(2**63),
        -(2**63),
        2**63 - 1,
        -1,
        1,
        *(chance.randint(-(2**63), 2**63 - 1) for _ in range(60)),
    ]
    others = [
        2,
        3,
        2,
        3,
        -2,
        2**63 - 1,
        -(2**63) + 1,
        *(chance.choice([1, -1]) * chance.randint(2, 2**62) for _ in range(60)),
    ]
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
    cases: Cases = {
        "plus": (m.size + 1, lambda r: r.size + 1),
        "minus column": (m.size - m.big, lambda r: r.size - r.big),
        "column minus": (m.big - m.size, lambda r: r.big - r.size),
        "times": (m.size * m.size, lambda r: r.size * r.size),
        "reversed": (1 - m.size, lambda r: 1 - r.size),
        "//": (m.size // m.big, lambda r: r.size // r.big),
        "%": (m.size % m.big, lambda r: r.size % r.big),
        "% 7": (m.size % 7, lambda r: r.size % 7),
        "sign": ((m.size - 1).sign(), lambda r: (r.size > 1) - (r.size < 1)),
        "abs": ((-m.size).abs(), lambda r: r.size),
    }
    check_all(fields, rows, cases)

    assert m.query().where(m.size - 1 < 0).count() == 1
    assert m.query().where(m.size > m.big).count() == 4
    assert m.query().where(m.big < m.size * 2).count() == 4
    assert m.query().where(m.size + 1 == 2**64).count() == 1


BEYOND: list[Callable[[Any], Any]] = [
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
]


@pytest.mark.feature("queries.overflow")
@pytest.mark.parametrize("make", BEYOND)
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
def decimals(fields: Package) -> list[Row]:
    """Two columns of decimals and one of integers."""
    chance = random.Random(3)
    edges = ["0", "1", "-1", "0.000001", "-0.000001", "99999999999999.999999", "-99999999999999.999999", "2.5", "-2.5"]
    price = [*edges, *(f"{chance.randint(-(10**9), 10**9)}e-6" for _ in range(40))]
    fee = [*reversed(["3", "7", "-3", "0.0001", "-0.0001", "0", "999999", "-0.5", "0.5"])]
    fee += [f"{chance.randint(-(10**6), 10**6)}e-4" for _ in range(40)]
    number = [chance.randint(-20, 20) for _ in price]
    return samples(fields, price=[Decimal(p) for p in price], fee=[Decimal(f) for f in fee], number=number)


@pytest.mark.feature("queries.arithmetic", "types.decimal")
def test_decimals_are_calculated_with_exactly(fields: Package, decimals: list[Row]) -> None:
    m = fields.MaybeSample
    cases: Cases = {
        "+": (m.price + m.fee, lambda r: EXACT.add(r.price, r.fee)),
        "-": (m.price - Decimal("0.1"), lambda r: EXACT.subtract(r.price, Decimal("0.1"))),
        "*": (m.price * m.fee * 2, lambda r: EXACT.multiply(r.price, r.fee) * 2),
        "* integer": (m.price * m.number, lambda r: EXACT.multiply(r.price, Decimal(r.number))),
        "integer *": (m.number * m.price, lambda r: EXACT.multiply(r.price, Decimal(r.number))),
        "1 -": (1 - m.price, lambda r: EXACT.subtract(Decimal(1), r.price)),
        "negative": (-m.price, lambda r: EXACT.minus(r.price)),
        "abs": (m.price.abs(), lambda r: EXACT.abs(r.price)),
        "sign": (m.price.sign(), lambda r: (r.price > 0) - (r.price < 0)),
    }
    check_all(fields, decimals, cases)


@pytest.mark.feature("queries.division", "types.decimal")
def test_a_quotient_of_decimals_has_twelve_digits_on_every_database(fields: Package, decimals: list[Row]) -> None:
    m = fields.MaybeSample
    cases: Cases = {
        "/": (m.price / m.fee, lambda r: divided(r.price, r.fee)),
        "/ 3": (m.price / 3, lambda r: divided(r.price, Decimal(3))),
        "1 /": (1 / m.price, lambda r: divided(Decimal(1), r.price)),
        "integer /": (m.number / m.price, lambda r: divided(Decimal(r.number), r.price)),
        "//": (m.price // m.fee, lambda r: floored(r.price, r.fee) if r.fee else None),
        "%": (m.price % m.fee, lambda r: None if not r.fee else r.price - r.fee * floored(r.price, r.fee)),
        "% -3": (m.price % -3, lambda r: r.price + 3 * floored(r.price, Decimal(-3))),
    }
    check_all(fields, decimals, cases)


@pytest.mark.feature("queries.rounding")
def test_decimals_are_rounded_half_away_from_zero(fields: Package, decimals: list[Row]) -> None:
    m = fields.MaybeSample

    def to(digits: int) -> Wanted:
        return lambda r: r.price.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0

    cases: Cases = {
        "round": (m.price.round(), lambda r: int(r.price.to_integral_value(ROUND_HALF_UP))),
        "round(0)": (m.price.round(0), to(0)),
        "round(2)": (m.price.round(2), to(2)),
        "round(8)": (m.price.round(8), to(8)),
        "floor": (m.price.floor(), lambda r: int(r.price.to_integral_value(ROUND_FLOOR))),
        "ceil": (m.price.ceil(), lambda r: int(r.price.to_integral_value(ROUND_CEILING))),
    }
    check_all(fields, decimals, cases)


@pytest.mark.feature("queries.comparisons", "types.decimal")
def test_computed_decimals_are_compared_and_ordered_as_numbers(fields: Package) -> None:
    m = fields.MaybeSample
    samples(fields, price=[Decimal(9), Decimal(10), Decimal(-2)], number=[9, 11, -2])

    assert m.query().where(m.price * 1 > 9).count() == 1
    assert m.query().where(m.price * 1 == m.number).count() == 2
    assert m.query().where(m.number * 1 > 0, m.price < m.number).count() == 1
    assert m.query().where((m.price + 1).in_([10, Decimal("-1.0")])).count() == 2
    assert m.query().where(m.price.is_not_null()).order_by(m.price * 2).pluck(m.price + 0) == [-2, 9, 10]


# --- floats --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def floats(fields: Package) -> list[Row]:
    """Two columns of floats, one of 32 bits."""
    chance = random.Random(5)
    weight = [
        0.0,
        1.5,
        -2.5,
        2.675,
        1e15,
        -1e20,
        0.1,
        1e-9,
        123456.789,
        *(chance.uniform(-1e6, 1e6) for _ in range(30)),
    ]
    level = [0.0, 0.5, -0.25, 3.0, *(float(chance.randint(-100, 100)) / 8 for _ in range(len(weight) - 4))]
    return samples(fields, weight=weight, level=level)


@pytest.mark.feature("queries.arithmetic")
def test_floats_are_calculated_with_in_64_bits(fields: Package, floats: list[Row]) -> None:
    m = fields.MaybeSample
    cases: Cases = {
        "+": (m.weight + m.level, lambda r: r.weight + r.level),
        "- 0.1": (m.weight - 0.1, lambda r: r.weight - 0.1),
        "*": (m.weight * m.weight, lambda r: r.weight * r.weight),
        "32 bits": (m.level * m.level / 3, lambda r: r.level * r.level / 3),
        "/": (m.weight / m.level, lambda r: r.weight / r.level if r.level else None),
        "1 -": (1 - m.weight, lambda r: 1 - r.weight),
        "1 /": (1 / m.weight, lambda r: 1 / r.weight if r.weight else None),
        "abs": (m.weight.abs(), lambda r: abs(r.weight)),
        "sign": (m.weight.sign(), lambda r: (r.weight > 0) - (r.weight < 0)),
        "sqrt": (m.weight.sqrt(), lambda r: r.weight**0.5 if r.weight >= 0 else None),
    }
    check_all(fields, floats, cases)


@pytest.mark.feature("queries.rounding")
def test_floats_are_rounded_by_the_digits_they_are_written_with(fields: Package, floats: list[Row]) -> None:
    m = fields.MaybeSample

    def to(digits: int) -> Wanted:
        return lambda r: float(EXACT.quantize(Decimal(repr(r.weight)), Decimal(1).scaleb(-digits))) + 0.0

    rows = [row for row in floats if row["weight"] is None or abs(row["weight"]) < 1e18]
    cases: Cases = {
        "round(2)": (m.weight.round(2), to(2)),
        "round(0)": (m.weight.round(0), to(0)),
        "round(12)": (m.weight.round(12), to(12)),
    }
    check_all(fields, floats, cases)

    m.query().where(m.weight < -1e18).delete()
    whole: Cases = {
        "round": (
            m.weight.round(),
            lambda r: int(Decimal(repr(r.weight)).to_integral_value(ROUND_HALF_UP)),
        ),
        "floor": (m.weight.floor(), lambda r: int(r.weight // 1)),
        "ceil": (m.weight.ceil(), lambda r: int(-(-r.weight // 1))),
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

    refused: list[Callable[[], object]] = [
        lambda: m.number / 0,
        lambda: m.number // 0,
        lambda: m.number % 0,
        lambda: m.price / Decimal("0.00"),
        lambda: m.weight / 0.0,
        lambda: m.size // 0,
    ]
    for make in refused:
        with pytest.raises(InvalidValue, match="expected a divisor other than 0, got 0"):
            make()
    nothing = m.query().select(
        m.number / m.big, m.number // m.big, m.number % m.big, m.price / m.fee, m.price // m.fee, m.price % m.fee,
        m.weight / m.level, 1 / m.big, m.number % m.size, 1 // m.size,
    )  # fmt: skip
    assert nothing.first_or_fail() == (None,) * 10


WRONG: list[tuple[Callable[[Any], Any], str]] = [
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
    (
        lambda m: m.number.power(m.name),
        "MaybeSample.number: expected a number, got an expression of the type string",
    ),
    (lambda m: m.price.round(31), r"round\(\): expected digits from 0 to 30, got another number"),
    (lambda m: m.price.round("2"), r"round\(\): expected digits from 0 to 30, got str"),
    (lambda m: m.number == m.name, "MaybeSample.number: expected an expression of the type int"),
    (lambda m: m.number.in_(["1"]), "MaybeSample.number: expected an int, got str"),
    (lambda m: m.local < m.moment, "MaybeSample.local: expected an expression of the type datetime"),
    (lambda m: m.day < m.local, "MaybeSample.day: expected an expression of the type date"),
]


@pytest.mark.feature("queries.typing")
@pytest.mark.parametrize(("make", "message"), WRONG)
def test_wrong_operands_are_refused_before_anything_is_sent(
    fields_package: Package, make: Callable[[Any], Any], message: str
) -> None:
    with pytest.raises(InvalidValue, match=message):
        make(fields_package.MaybeSample)


def test_nothing_is_calculated_with_none(fields_package: Package) -> None:
    m: Any = fields_package.MaybeSample

    refused: list[Callable[[], object]] = [
        lambda: m.number + None,
        lambda: None - m.price,
        lambda: m.weight / None,
        lambda: m.number % None,
    ]
    for make in refused:
        with pytest.raises(InvalidQuery, match="nothing is calculated with None"):
            make()
