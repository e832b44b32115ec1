"""Ranges: one form for equal ranges, and what makes none."""

import copy
import datetime as dt
import pickle
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from isomorph import Range
from isomorph.errors import InvalidValue

pytestmark = pytest.mark.feature("types.values")

DAY = dt.date(2026, 3, 1)
NAIVE = dt.datetime(2026, 3, 1)  # noqa: DTZ001 - of no zone
MOMENT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)

SAME: list[tuple[Any, Any, str]] = [
    (Range(1, 5, "[]"), Range(1, 6), "[1,6)"),
    (Range(0, 5, "()"), Range(1, 5), "[1,5)"),
    (Range(0, 5, "(]"), Range(1, 6), "[1,6)"),
    (Range(None, 5, "[]"), Range(None, 6), "(,6)"),
    (Range(5, None, "[]"), Range(4, None, "()"), "[5,)"),
    (Range[int](None, None, "[]"), Range[int](), "(,)"),
    (Range(3, 3), Range[int](empty=True), "empty"),
    (Range(3, 4, "()"), Range[int](empty=True), "empty"),
    (Range(DAY, DAY, "[]"), Range(DAY, DAY + dt.timedelta(1)), "[2026-03-01,2026-03-02)"),
    (Range(Decimal(1), Decimal("1.0"), "[]"), Range(Decimal("1.00"), Decimal(1), "[]"), "[1,1.0]"),
    (Range(Decimal(1), Decimal(1)), Range(empty=True), "empty"),
    (Range(NAIVE, NAIVE, "(]"), Range(empty=True), "empty"),
    (Range(MOMENT, None, "(]"), Range(MOMENT, None, "()"), "(2026-03-01 00:00:00+00:00,)"),
]


@pytest.mark.parametrize(("one", "other", "text"), SAME, ids=[text for _, _, text in SAME])
def test_equal_ranges_are_equal_objects(one: Any, other: Any, text: str) -> None:
    assert one == other
    assert hash(one) == hash(other)
    assert str(one) == text


@pytest.mark.parametrize(
    ("lower", "upper", "bounds", "told"),
    [
        (5, 1, "[)", "a lower bound that is not above the upper one"),
        (1, 5, "[[", 'bounds "[)", "[]", "(]" or "()"'),
        ("a", "b", "[)", "bounds that are ints, Decimals, dates or datetimes"),
        (True, 3, "[)", "bounds that are ints"),
        (0.5, 3.5, "[)", "bounds that are ints"),
        (1, Decimal(2), "[)", "bounds of one type"),
        (DAY, MOMENT, "[)", "bounds of one type"),
        (NAIVE, MOMENT, "[)", "both have a time zone or both have none"),
        (Decimal("NaN"), None, "[)", "finite bounds"),
        (None, Decimal("Infinity"), "[)", "finite bounds"),
        (DAY, dt.date.max, "[]", "a last day before 9999-12-31"),
    ],
)
def test_what_is_no_range_is_refused(lower: Any, upper: Any, bounds: Any, told: str) -> None:
    with pytest.raises(InvalidValue) as raised:
        Range(lower, upper, bounds)
    assert told in str(raised.value)
    with pytest.raises(InvalidValue, match="no bounds of the empty range"):
        Range(1, 2, empty=True)


def test_ranges_are_not_equal_to_what_is_none() -> None:
    assert Range(1, 5) != (1, 5)
    assert Range(1, 5) != Range(1, 6)
    assert Range(Decimal(1), Decimal(5)) != Range(Decimal(1), Decimal(5), "[]")
    assert Range(1) != Range[int](empty=True)


def test_a_range_tells_what_is_in_it() -> None:
    assert 1 in Range(1, 5)
    assert 5 not in Range(1, 5)
    assert 0 not in Range(1, 5)
    assert 10**9 in Range(1)
    assert Decimal("1.5") in Range(Decimal(1), Decimal(2), "()")
    assert Decimal(1) not in Range(Decimal(1), Decimal(2), "()")
    assert Decimal(2) in Range(Decimal(1), Decimal(2), "(]")
    assert 1 not in Range[int](empty=True)
    assert "a" not in Range(1, 5)
    assert None not in Range[int]()
    assert NAIVE not in Range(MOMENT)


def test_a_range_cannot_be_changed() -> None:
    found = Range(1, 5)
    for name in ("lower", "other", "_parts"):
        with pytest.raises(AttributeError):
            setattr(found, name, 2)
        with pytest.raises(AttributeError):
            delattr(found, name)
    assert found == Range(1, 5)


bounds = st.integers() | st.none()


@given(bounds, bounds, st.sampled_from(["[)", "[]", "(]", "()"]))
def test_ranges_survive_copying_pickling_and_their_repr(lower: Any, upper: Any, sides: Any) -> None:
    try:
        found = Range(lower, upper, sides)
    except InvalidValue:
        return
    for twin in (copy.copy(found), copy.deepcopy(found), pickle.loads(pickle.dumps(found)), eval(repr(found))):
        assert twin == found
        assert (twin.lower_inc, twin.upper_inc) == (found.lower_inc, found.upper_inc)


@given(st.integers(-5, 5), st.integers(-5, 5), st.sampled_from(["[)", "[]", "(]", "()"]))
def test_the_canonical_form_holds_the_same_values(lower: int, upper: int, sides: Any) -> None:
    if lower > upper:
        return
    found = Range(lower, upper, sides)
    wanted = [
        number
        for number in range(-7, 8)
        if (lower < number or (sides[0] == "[" and lower == number))
        and (number < upper or (sides[1] == "]" and number == upper))
    ]
    assert [number for number in range(-7, 8) if number in found] == wanted
    assert found.is_empty is (wanted == [])


# --- at the boundary -------------------------------------------------------------------------------------------------


class Booking(BaseModel):
    nights: Range[dt.date]
    rooms: Range[int] | None = None


def test_pydantic_reads_and_writes_ranges_as_tables() -> None:
    found = Booking.model_validate_json('{"nights": {"lower": "2026-03-01", "upper": "2026-03-05", "bounds": "[]"}}')
    assert found.nights == Range(DAY, dt.date(2026, 3, 6))
    assert found.model_dump()["nights"] is found.nights
    assert found.model_dump(mode="json")["nights"] == {"lower": "2026-03-01", "upper": "2026-03-06", "bounds": "[)"}
    assert Booking.model_validate_json(found.model_dump_json()) == found
    assert Booking(nights=Range(empty=True), rooms=Range(1)).model_dump(mode="json") == {
        "nights": {"empty": True},
        "rooms": {"lower": 1, "upper": None, "bounds": "[)"},
    }
    assert Booking.model_json_schema()["properties"]["nights"]["properties"]["lower"]["anyOf"][0]["format"] == "date"
    assert Booking.model_json_schema(mode="serialization") == Booking.model_json_schema()


@pytest.mark.parametrize(
    "given_value",
    [3, {"lower": 3}, {"lower": "2026-03-02", "upper": "2026-03-01"}, {"from": "2026-03-01"}, {"bounds": "]["}],
)
def test_pydantic_refuses_what_is_no_range(given_value: Any) -> None:
    with pytest.raises(ValidationError):
        Booking.model_validate({"nights": given_value})
    with pytest.raises(ValidationError):
        Booking.model_validate({"nights": Range(1, 2)})
