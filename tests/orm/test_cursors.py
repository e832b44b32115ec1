"""Cursors as text: what is written is read again, on every dialect's codecs. No database takes part."""

import datetime as dt
import enum
import ipaddress
import uuid
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isomorph import dialects
from isomorph.catalog import ColumnType, Kind
from isomorph.errors import InvalidCursor, InvalidQuery
from isomorph.orm.cursors import LONGEST, Cursor, Cursors
from isomorph.orm.keyset import Key
from isomorph.sql.codecs import codec_for
from isomorph.sql.expressions import Reference

SECRET = "a key for tests, long enough"


class Colour(enum.Enum):
    RED = "red"
    GREEN = "it's grün"


def cursors(*types: ColumnType, secret: str = SECRET, dialect: str = "sqlite", descending: bool = False) -> Cursors:
    keys: list[Key] = []
    for number, type_ in enumerate(types):
        codec = codec_for(type_, Colour if type_.kind is Kind.ENUM else None)
        column = Reference[Any]("samples", f"c{number}", codec)
        keys.append(Key(column, codec, descending=descending, nulls_first=True, is_nullable=True))
    return Cursors(secret, "samples", keys, dialects.get(dialect))


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
moments = st.datetimes(dt.datetime(1, 1, 3), dt.datetime(9999, 12, 28), timezones=st.just(dt.UTC))  # noqa: DTZ001
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.BOOL: st.booleans(),
    Kind.BIGINT: st.integers(-(2**63), 2**63 - 1),
    Kind.UNSIGNED_BIGINT: st.integers(0, 2**64 - 1),
    Kind.DECIMAL: st.decimals(allow_nan=False, allow_infinity=False, places=6),
    Kind.DOUBLE: st.floats(allow_nan=False, allow_infinity=False),
    Kind.TEXT: texts,
    Kind.BYTES: st.binary(max_size=60),
    Kind.DATE: st.dates(),
    Kind.TIME: st.times(),
    Kind.DATETIME: st.datetimes(),
    Kind.TIMESTAMPTZ: moments,
    Kind.INTERVAL: st.timedeltas(dt.timedelta(days=-100_000), dt.timedelta(days=100_000)),
    Kind.UUID: st.uuids(),
    Kind.ENUM: st.sampled_from(Colour),
    Kind.INET: st.ip_addresses(),
    Kind.CIDR: st.ip_addresses().map(ipaddress.ip_network),
    Kind.MACADDR: st.just("08:00:2b:01:02:03"),
}
TYPES = {kind: ColumnType(kind, enum="Colour") if kind is Kind.ENUM else ColumnType(kind) for kind in VALUES}


@pytest.mark.parametrize("kind", VALUES)
@given(data=st.data(), backwards=st.booleans(), inclusive=st.booleans())
def test_a_value_comes_back_as_it_went_in(kind: Kind, data: st.DataObject, backwards: bool, inclusive: bool) -> None:
    value = data.draw(st.none() | VALUES[kind])
    found = cursors(TYPES[kind])
    cursor = Cursor((value,), backwards, inclusive)

    text = found.written(cursor)

    assert found.read(text) == cursor
    assert type(found.read(text).place[0]) is type(value)
    assert text.isascii()
    assert text.replace("-", "").replace("_", "").isalnum()


@given(st.tuples(*[st.none() | strategy for strategy in VALUES.values()]))
def test_a_place_of_many_keys_comes_back(place: tuple[Any, ...]) -> None:
    found = cursors(*TYPES.values())

    assert found.read(found.written(Cursor(place, backwards=False))) == Cursor(place, backwards=False)


def test_a_cursor_is_as_short_as_it_can_be() -> None:
    assert len(cursors(TYPES[Kind.BIGINT]).written(Cursor((12345,), backwards=False))) <= 56


@given(st.text(max_size=100) | st.binary(max_size=100).map(lambda raw: raw.decode("latin-1")))
def test_any_other_text_is_invalid_and_nothing_else(text: str) -> None:
    with pytest.raises(InvalidCursor):
        cursors(TYPES[Kind.BIGINT]).read(text)


@pytest.mark.parametrize("other", [{"secret": "another key, long enough"}, {"descending": True}])
def test_another_key_or_order_does_not_read_it(other: dict[str, Any]) -> None:
    text = cursors(TYPES[Kind.TEXT]).written(Cursor(("Ada",), backwards=False))

    with pytest.raises(InvalidCursor) as refused:
        cursors(TYPES[Kind.TEXT], **other).read(text)
    assert "Ada" not in repr(refused.value)


def test_a_cursor_has_a_greatest_length() -> None:
    found = cursors(TYPES[Kind.TEXT])
    fits = found.written(Cursor(("x" * 3000,), backwards=False))
    assert len(fits) <= LONGEST
    with pytest.raises(InvalidQuery, match="make a cursor of more than 4096 characters"):
        found.written(Cursor(("x" * 3100,), backwards=False))


@pytest.mark.parametrize("value", [["a"], {"a": 1}, object(), float("nan"), float("inf")])
def test_what_has_no_form_is_refused(value: object) -> None:
    with pytest.raises(InvalidQuery, match=r"in the order of samples.c0, whose values do not fit into a cursor \("):
        cursors(TYPES[Kind.TEXT]).written(Cursor((value,), backwards=False))


def test_a_key_that_is_no_utf_8_signs_too() -> None:
    """Bytes of the environment that are no text come as surrogates."""
    found = cursors(TYPES[Kind.UUID], secret="key \udcff of the environment")

    place = (uuid.UUID(int=7),)
    assert found.read(found.written(Cursor(place, backwards=True))).place == place


def test_a_decimal_keeps_its_digits() -> None:
    found = cursors(TYPES[Kind.DECIMAL])

    assert str(found.read(found.written(Cursor((Decimal("1.50"),), backwards=False))).place[0]) == "1.50"
