"""How the values of each column type travel: what each driver is given, and what becomes of what it gives."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isomorph import dialects
from isomorph.catalog import ColumnType, Kind
from isomorph.drivers.decimals import compare_decimals
from isomorph.sql.codecs import Codec, codec_for
from tests.support.expressions import Colour

UUID = uuid.UUID("12345678-1234-5678-9234-567812345678")
FIRST = dt.datetime.fromisoformat("0001-01-01")
LAST = dt.datetime.fromisoformat("9999-12-31")
LOCAL = dt.datetime.fromisoformat("0001-02-03 04:05:06.000007")
MOMENT = LOCAL.replace(tzinfo=dt.UTC)
PRICE = ColumnType(Kind.DECIMAL, precision=10, scale=2)
SPAN = dt.timedelta(days=-1, microseconds=-1)
DOCUMENT = {"ä": [1, 1.5, None, True, "x"]}
TEXT = '{"ä":[1,1.5,null,true,"x"]}'

# Type, value, and what the driver is given on SQLite, PostgreSQL and MySQL.
ROWS: list[tuple[ColumnType, object, object, object, object]] = [
    (ColumnType(Kind.BOOL), True, 1, True, 1),
    (ColumnType(Kind.BOOL), False, 0, False, 0),
    (ColumnType(Kind.BIGINT), 2**63 - 1, 2**63 - 1, 2**63 - 1, 2**63 - 1),
    (ColumnType(Kind.TINYINT), -128, -128, -128, -128),
    (ColumnType(Kind.UNSIGNED_INT), 2**32 - 1, 2**32 - 1, 2**32 - 1, 2**32 - 1),
    (ColumnType(Kind.UNSIGNED_BIGINT), 2**64 - 1, "18446744073709551615", 2**64 - 1, 2**64 - 1),
    (ColumnType(Kind.UNSIGNED_BIGINT), 0, "0", 0, 0),
    (PRICE, Decimal("1.5"), "1.50", Decimal("1.5"), Decimal("1.5")),
    (PRICE, Decimal("1E+3"), "1000.00", Decimal("1E+3"), Decimal("1E+3")),
    (PRICE, Decimal("1.500"), "1.50", Decimal("1.500"), Decimal("1.500")),
    (ColumnType(Kind.REAL), 1.25, 1.25, 1.25, 1.25),
    (ColumnType(Kind.DOUBLE), 1.5, 1.5, 1.5, 1.5),
    (ColumnType(Kind.CHAR, length=3), "ä", "ä", "ä", "ä"),
    (ColumnType(Kind.MEDIUMTEXT), "ä ", "ä ", "ä ", "ä "),
    (ColumnType(Kind.TEXT), "ä", "ä", "ä", "ä"),
    (ColumnType(Kind.BYTES), b"\0", b"\0", b"\0", b"\0"),
    (ColumnType(Kind.BYTES, length=3), b"a\0", b"a\0", b"a\0", b"a\0"),
    (ColumnType(Kind.INTERVAL), SPAN, -86_400_000_001, SPAN, -86_400_000_001),
    (ColumnType(Kind.DATE), dt.date(1, 2, 3), "0001-02-03", dt.date(1, 2, 3), dt.date(1, 2, 3)),
    (ColumnType(Kind.TIME), dt.time(1, 2, 3), "01:02:03.000000", dt.time(1, 2, 3), dt.time(1, 2, 3)),
    (ColumnType(Kind.DATETIME), LOCAL, "0001-02-03 04:05:06.000007", LOCAL, LOCAL),
    (ColumnType(Kind.TIMESTAMPTZ), MOMENT, "0001-02-03 04:05:06.000007+00:00", MOMENT, LOCAL),
    (ColumnType(Kind.JSON), DOCUMENT, TEXT, TEXT, TEXT),
    (ColumnType(Kind.UUID), UUID, str(UUID), UUID, str(UUID)),
    (ColumnType(Kind.ENUM, enum="Colour"), Colour.DARK_BLUE, "dark blue", "dark blue", "dark blue"),
]


def bound(type_: ColumnType, value: object, dialect: str) -> object:
    codec = codec_for(type_, Colour if type_.enum else None)
    assert codec.stores[dialect](value) == _in_two_steps(codec, value, dialect)
    return codec.stores[dialect](value)


def _in_two_steps(codec: Codec, value: object, dialect: str) -> object:
    """Checked, as a comparison does it, and converted when the dialect is known."""
    checked, bind = codec.compared(value, "x"), codec.binds[dialect]
    return checked if bind is None else bind(checked)


def loaded(type_: ColumnType, value: object, dialect: str) -> object:
    load = codec_for(type_, Colour if type_.enum else None).loads[dialect]
    return value if load is None else load(value)


@pytest.mark.parametrize(("type_", "value", "sqlite", "postgresql", "mysql"), ROWS, ids=[str(row[0]) for row in ROWS])
def test_a_value_is_given_to_each_driver_in_the_form_that_it_takes(
    type_: ColumnType, value: object, sqlite: object, postgresql: object, mysql: object
) -> None:
    given_values = [bound(type_, value, dialect) for dialect in dialects.NAMES]

    assert given_values == [sqlite, postgresql, mysql]
    assert [type(item) for item in given_values] == [type(sqlite), type(postgresql), type(mysql)]


@pytest.mark.parametrize(("type_", "value", "sqlite", "postgresql", "mysql"), ROWS, ids=[str(row[0]) for row in ROWS])
def test_what_a_driver_gives_back_becomes_the_value_again(
    type_: ColumnType, value: object, sqlite: object, postgresql: object, mysql: object
) -> None:
    # PyMySQL gives a TIME as the time since midnight.
    since_midnight = dt.datetime.combine(FIRST, mysql) - FIRST if isinstance(mysql, dt.time) else mysql

    for dialect, raw in zip(dialects.NAMES, (sqlite, postgresql, since_midnight), strict=True):
        found = loaded(type_, raw, dialect)
        assert found == value
        assert type(found) is type(value)


decimals = st.decimals(min_value=-(10**8) + 1, max_value=10**8 - 1, places=2)
zones = st.timezones() | st.just(dt.UTC)
moments = st.datetimes(FIRST + dt.timedelta(2), LAST - dt.timedelta(2), timezones=zones)


@given(decimals)
def test_a_decimal_is_stored_on_sqlite_with_exactly_the_digits_of_its_scale(value: Decimal) -> None:
    text = bound(PRICE, value, "sqlite")

    assert isinstance(text, str)
    assert len(text.partition(".")[2]) == 2
    assert loaded(PRICE, text, "sqlite") == value


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20))
def test_a_decimal_that_is_compared_is_never_rounded(value: Decimal) -> None:
    assert loaded(PRICE, _in_two_steps(codec_for(PRICE), value, "sqlite"), "sqlite") == value


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Kind.DATE, st.dates()),
        (Kind.TIME, st.times()),
        (Kind.DATETIME, st.datetimes()),
        (Kind.TIMESTAMPTZ, moments),
        (Kind.UUID, st.uuids()),
        (Kind.BOOL, st.booleans()),
        (Kind.INTERVAL, st.timedeltas(dt.timedelta(microseconds=-(2**63)), dt.timedelta(microseconds=2**63 - 1))),
    ],
)
def test_what_sqlite_stores_in_another_form_is_ordered_as_the_values_are(
    kind: Kind, values: st.SearchStrategy[object]
) -> None:
    codec = codec_for(ColumnType(kind))

    @given(values, values)
    def check(one: object, other: object) -> None:
        one, other = codec.stored(one, "x"), codec.stored(other, "x")
        forms = bound(codec.type, one, "sqlite"), bound(codec.type, other, "sqlite")
        assert (forms[0] < forms[1]) == (one < other)  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue] - both of one ordered type
        assert (forms[0] == forms[1]) == (one == other)

    check()


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_an_unsigned_bigint_is_ordered_on_sqlite_by_the_collation_of_decimals(one: int, other: int) -> None:
    type_ = ColumnType(Kind.UNSIGNED_BIGINT)
    forms = [cast(str, bound(type_, value, "sqlite")) for value in (one, other)]
    assert compare_decimals(*forms) == (one > other) - (one < other)
    assert (forms[0] == forms[1]) == (one == other)


SUMS: list[tuple[ColumnType, str, object, object]] = [
    (ColumnType(Kind.TINYINT), "sqlite", 300, 300),
    (ColumnType(Kind.TINYINT), "postgresql", 300, 300),
    (ColumnType(Kind.TINYINT), "mysql", Decimal(300), 300),
    (ColumnType(Kind.UNSIGNED_BIGINT), "sqlite", "36893488147419103230", 2**65 - 2),
    (ColumnType(Kind.UNSIGNED_BIGINT), "postgresql", Decimal(2**65 - 2), 2**65 - 2),
    (ColumnType(Kind.UNSIGNED_BIGINT), "mysql", Decimal(2**65 - 2), 2**65 - 2),
    (PRICE, "sqlite", "1.50", Decimal("1.50")),
    (PRICE, "mysql", Decimal("1.50"), Decimal("1.50")),
    (ColumnType(Kind.REAL), "postgresql", 1.5, 1.5),
    (ColumnType(Kind.INTERVAL), "sqlite", 1_500_000, dt.timedelta(seconds=1.5)),
    (ColumnType(Kind.INTERVAL), "postgresql", dt.timedelta(seconds=1.5), dt.timedelta(seconds=1.5)),
    (ColumnType(Kind.INTERVAL), "mysql", Decimal(1_500_000), dt.timedelta(seconds=1.5)),
]


@pytest.mark.parametrize(
    ("type_", "dialect", "given_value", "expected"), SUMS, ids=[f"{row[0]}-{row[1]}" for row in SUMS]
)
def test_a_sum_is_loaded_from_whatever_a_driver_gives_for_it(
    type_: ColumnType, dialect: str, given_value: object, expected: object
) -> None:
    found = codec_for(type_).total(given_value, dialect)
    assert (found, type(found)) == (expected, type(expected))


@given(moments)
def test_a_moment_comes_back_as_the_same_moment_in_utc(value: dt.datetime) -> None:
    type_ = ColumnType(Kind.TIMESTAMPTZ)
    for dialect in dialects.NAMES:
        found = loaded(type_, bound(type_, value, dialect), dialect)
        assert isinstance(found, dt.datetime)
        # Python takes a time that a change of the clocks skips or repeats for unequal to every time of another zone.
        assert found == value.astimezone(dt.UTC)
        assert found.tzinfo is dt.UTC
