"""Which values each column type takes, and which it refuses, before any SQL is made. The same on every dialect."""

import datetime as dt
import enum
import struct
import uuid
from collections import OrderedDict
from decimal import Decimal
from typing import Any

import pytest

from isomorph.catalog import ColumnType, Kind
from isomorph.errors import InvalidValue, LimitExceeded
from isomorph.sql.codecs import Codec, codec_for, codec_of_value
from tests.support.expressions import Colour

BERLIN = dt.timezone(dt.timedelta(hours=1))
NAIVE = dt.datetime.fromisoformat("2026-03-01 12:00:00")
FIRST = dt.datetime.fromisoformat("0001-01-01 00:00:00")
LAST = dt.datetime.fromisoformat("9999-12-31 23:59:59.999999")
MOMENT = dt.datetime(2026, 3, 1, 12, tzinfo=BERLIN)
UUID = uuid.UUID("12345678-1234-5678-9234-567812345678")


class Number(enum.IntEnum):
    THREE = 3


class Text(str):
    __slots__ = ()


def codec(name: str) -> Codec:
    """The codec of a type as a schema writes it."""
    match name.partition("("):
        case ("string" | "char" | "bytes" as kind, "(", arguments):
            return codec_for(ColumnType(Kind(kind), length=int(arguments.rstrip(")"))))
        case ("decimal", _, arguments):
            precision, scale = map(int, arguments.rstrip(")").split(","))
            return codec_for(ColumnType(Kind.DECIMAL, precision=precision, scale=scale))
        case ("Colour", _, _):
            return codec_for(ColumnType(Kind.ENUM, enum="Colour"), Colour)
        case (kind, _, _):
            return codec_for(ColumnType(Kind(kind)))


GOOD: list[tuple[str, object]] = [
    ("bool", True),
    ("bool", False),
    ("tinyint", -(2**7)),
    ("tinyint", 2**7 - 1),
    ("smallint", -(2**15)),
    ("smallint", 2**15 - 1),
    ("unsigned tinyint", 0),
    ("unsigned tinyint", 2**8 - 1),
    ("unsigned smallint", 2**16 - 1),
    ("unsigned int", 2**32 - 1),
    ("unsigned bigint", 0),
    ("unsigned bigint", 2**64 - 1),
    ("int", -(2**31)),
    ("int", 2**31 - 1),
    ("int", Number.THREE),
    ("bigint", -(2**63)),
    ("bigint", 2**63 - 1),
    ("decimal(5,2)", Decimal("999.99")),
    ("decimal(5,2)", Decimal("-999.99")),
    ("decimal(5,2)", Decimal("1.500")),
    ("decimal(5,2)", Decimal("1E+2")),
    ("decimal(5,2)", Decimal("0E-9")),
    ("decimal(5,2)", Decimal("-0.00")),
    ("decimal(2,2)", Decimal("0.99")),
    ("decimal(5,0)", Decimal(99999)),
    ("real", 0.0),
    ("real", -1.5),
    ("real", 0.10000000149011612),
    ("real", 3.4028234663852886e38),
    ("real", 1.401298464324817e-45),
    ("double", 1.5),
    ("double", 1.7976931348623157e308),
    ("double", 5e-324),
    ("double", -0.0),
    ("string(3)", ""),
    ("string(3)", "aÄ🙂"),
    ("string(3)", Text("abc")),
    ("char(3)", ""),
    ("char(3)", " ü"),
    ("char(3)", "a\t"),
    ("mediumtext", "a " * 100_000),
    ("text", "a" * 100_000),
    ("text", "'; DROP TABLE users; --"),
    ("bytes", b""),
    ("bytes", bytes(range(256))),
    ("bytes(4)", b"ab\0\0"),
    ("interval", dt.timedelta()),
    ("interval", dt.timedelta(microseconds=-(2**63))),
    ("interval", dt.timedelta(microseconds=2**63 - 1)),
    ("date", dt.date.min),
    ("date", dt.date.max),
    ("time", dt.time.min),
    ("time", dt.time.max),
    ("datetime", FIRST),
    ("datetime", LAST),
    ("timestamptz", MOMENT),
    ("timestamptz", LAST.replace(tzinfo=dt.UTC)),
    ("timestamptz", FIRST.replace(tzinfo=dt.UTC)),
    ("uuid", UUID),
    ("uuid", uuid.UUID(int=0)),
    ("Colour", Colour.RED),
]

DOCUMENTS: list[tuple[object, str]] = [
    ({}, "{}"),
    ([1, None, {"a": [True, "ü", 1.5]}], '[1,null,{"a":[true,"ü",1.5]}]'),
    ("text", '"text"'),
    (0, "0"),
    (False, "false"),
    ((1, 2), "[1,2]"),
    (OrderedDict(a=1), '{"a":1}'),
    ("a backslash \\u0000 is no NUL", r'"a backslash \\u0000 is no NUL"'),
]

BAD: list[tuple[str, object, str, str]] = [
    ("bool", 1, "a bool", "int"),
    ("bool", "true", "a bool", "str"),
    ("smallint", 2**15, "an int of 16 bits", "one beyond that"),
    ("smallint", -(2**15) - 1, "an int of 16 bits", "one beyond that"),
    ("tinyint", 2**7, "an int of 8 bits", "one beyond that"),
    ("tinyint", True, "an int", "bool"),
    ("unsigned tinyint", -1, "a non-negative int of 8 bits", "one beyond that"),
    ("unsigned tinyint", 2**8, "a non-negative int of 8 bits", "one beyond that"),
    ("unsigned smallint", 2**16, "a non-negative int of 16 bits", "one beyond that"),
    ("unsigned int", -1, "a non-negative int of 32 bits", "one beyond that"),
    ("unsigned bigint", 2**64, "a non-negative int of 64 bits", "one beyond that"),
    ("unsigned bigint", -1, "a non-negative int of 64 bits", "one beyond that"),
    ("unsigned bigint", 1.0, "an int", "float"),
    ("int", 2**31, "an int of 32 bits", "one beyond that"),
    ("int", True, "an int", "bool"),
    ("int", 1.0, "an int", "float"),
    ("int", "1", "an int", "str"),
    ("bigint", 2**63, "an int of 64 bits", "one beyond that"),
    ("bigint", -(2**63) - 1, "an int of 64 bits", "one beyond that"),
    ("bigint", Decimal(1), "an int", "Decimal"),
    ("decimal(5,2)", Decimal(1000), "at most 3 digits before the point", "4"),
    ("decimal(5,2)", Decimal("1E+3"), "at most 3 digits before the point", "4"),
    ("decimal(5,2)", 1000, "at most 3 digits before the point", "4"),
    ("decimal(2,2)", Decimal(1), "at most 0 digits before the point", "1"),
    ("decimal(5,2)", Decimal("1.005"), "at most 2 digits after the point", "3"),
    ("decimal(5,2)", Decimal("1E-9"), "at most 2 digits after the point", "9"),
    ("decimal(5,2)", Decimal("NaN"), "a finite Decimal", "NaN or infinity"),
    ("decimal(5,2)", Decimal("sNaN"), "a finite Decimal", "NaN or infinity"),
    ("decimal(5,2)", Decimal("Infinity"), "a finite Decimal", "NaN or infinity"),
    ("decimal(5,2)", 1.5, "a Decimal", "float"),
    ("decimal(5,2)", "1.5", "a Decimal", "str"),
    ("decimal(5,2)", True, "a Decimal", "bool"),
    ("real", float("nan"), "a finite float", "NaN or infinity"),
    ("real", 3.5e38, "a float of 32 bits", "one beyond that"),
    ("real", -(10**39), "a float of 32 bits", "one beyond that"),
    ("real", "1.5", "a float", "str"),
    ("double", float("nan"), "a finite float", "NaN or infinity"),
    ("double", float("-inf"), "a finite float", "NaN or infinity"),
    ("double", 10**400, "a finite float", "NaN or infinity"),
    ("double", True, "a float", "bool"),
    ("double", "1.5", "a float", "str"),
    ("double", Decimal("1.5"), "a float", "Decimal"),
    ("string(3)", "aÄ🙂b", "at most 3 characters", "4"),
    ("string(3)", 1, "a str", "int"),
    ("char(3)", "abcd", "at most 3 characters", "4"),
    ("char(3)", "ab ", "text without blanks at its end", "one with them"),
    ("char(3)", " ", "text without blanks at its end", "one with them"),
    ("char(3)", "a\0", "text without NUL characters", "one with a NUL"),
    ("mediumtext", "a" * 2**24, "at most 16777215 bytes of UTF-8", "more"),
    ("mediumtext", "ü" * 2**23, "at most 16777215 bytes of UTF-8", "more"),
    ("mediumtext", b"a", "a str", "bytes"),
    ("string(3)", b"abc", "a str", "bytes"),
    ("text", "a\0b", "text without NUL characters", "one with a NUL"),
    ("text", "a\ud800", "text that UTF-8 can encode", "a lone surrogate"),
    ("text", None.__class__, "a str", "type"),
    ("bytes", "abc", "bytes", "str"),
    ("bytes", 3, "bytes", "int"),
    ("bytes(4)", b"abcde", "at most 4 bytes", "5"),
    ("bytes(4)", "abcd", "bytes", "str"),
    ("interval", 60, "a timedelta", "int"),
    ("interval", dt.time(1), "a timedelta", "time"),
    ("interval", dt.timedelta(days=106_751_992), "64 bits of microseconds", "one beyond that"),
    ("interval", -dt.timedelta(days=106_751_992), "64 bits of microseconds", "one beyond that"),
    ("date", NAIVE, "a date", "datetime"),
    ("date", "2026-03-01", "a date", "str"),
    ("time", "12:00", "a time", "str"),
    ("time", dt.time(12, tzinfo=dt.UTC), "a time without time zone", "one with a time zone"),
    ("datetime", dt.date(2026, 3, 1), "a datetime", "date"),
    ("datetime", MOMENT, "a naive datetime", "one with a time zone"),
    ("timestamptz", NAIVE, "a datetime with a time zone", "a naive one"),
    ("timestamptz", dt.date(2026, 3, 1), "a datetime", "date"),
    ("timestamptz", 1_700_000_000, "a datetime", "int"),
    ("timestamptz", FIRST.replace(tzinfo=BERLIN), "within the years 1 to 9999 in UTC", "one outside"),
    ("json", {1: "a"}, "a JSON value", "dict"),
    ("json", [{"a": {2: 1}}], "a JSON value", "list"),
    ("json", {"a": {1, 2}}, "a JSON value", "dict"),
    ("json", [float("nan")], "a JSON value", "list"),
    ("json", float("inf"), "a JSON value", "float"),
    ("json", b"{}", "a JSON value", "bytes"),
    ("json", {"a": Decimal(1)}, "a JSON value", "dict"),
    ("json", ["a\0b"], "JSON text without NUL characters", "one with a NUL"),
    ("json", {"a\0": 1}, "JSON text without NUL characters", "one with a NUL"),
    ("json", "\\\0", "JSON text without NUL characters", "one with a NUL"),
    ("json", ["\udfff"], "text that UTF-8 can encode", "a lone surrogate"),
    ("uuid", str(UUID), "a UUID", "str"),
    ("uuid", UUID.bytes, "a UUID", "bytes"),
    ("Colour", "red", "a Colour", "str"),
    ("Colour", Number.THREE, "a Colour", "Number"),
]


def ids(rows: list[tuple[str, object]] | list[tuple[str, object, str, str]]) -> list[str]:
    return [f"{row[0]}-{ascii(row[1])[:30]}" for row in rows]


@pytest.mark.parametrize(("type_", "value"), GOOD, ids=ids(GOOD))
def test_a_value_that_the_type_holds_passes_and_stays_equal(type_: str, value: object) -> None:
    found = codec(type_).stored(value, "Thing.field"), codec(type_).compared(value, "Thing.field")

    assert found == (value, value)


@pytest.mark.parametrize(("document", "text"), DOCUMENTS)
def test_a_document_becomes_its_shortest_text(document: object, text: str) -> None:
    assert codec("json").stored(document, "Thing.field") == text


@pytest.mark.parametrize(("type_", "value", "expected", "got"), BAD, ids=ids(BAD))
def test_a_value_that_the_type_cannot_hold_is_refused_without_being_shown(
    type_: str, value: object, expected: str, got: str
) -> None:
    with pytest.raises(InvalidValue) as caught:
        codec(type_).stored(value, "Thing.field")

    assert caught.value.where == "Thing.field"
    assert expected in caught.value.expected
    assert got in caught.value.got
    assert isinstance(caught.value, ValueError)
    # The chain would show the value in a traceback.
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


COMPARED_ONLY: list[tuple[str, object]] = [
    ("tinyint", 2**63 - 1),
    ("smallint", 2**63 - 1),
    ("unsigned tinyint", -1),
    ("unsigned bigint", -(2**63)),
    ("char(3)", "longer than three "),
    ("mediumtext", "a" * 2**24),
    ("bytes(4)", b"longer than four"),
    ("int", -(2**63)),
    ("decimal(5,2)", Decimal("123456789.123456789")),
    ("string(3)", "longer than three"),
]


@pytest.mark.parametrize(("type_", "value"), COMPARED_ONLY, ids=ids(COMPARED_ONLY))
def test_a_comparison_may_go_beyond_what_the_column_holds(type_: str, value: object) -> None:
    assert codec(type_).compared(value, "Thing.field") == value
    with pytest.raises(InvalidValue):
        codec(type_).stored(value, "Thing.field")


def test_a_real_is_the_nearest_number_of_32_bits() -> None:
    for value in (0.1, 1 / 3, 16777217, 1e-46, -1e-46):
        nearest = struct.unpack("f", struct.pack("f", value))[0]
        assert codec("real").stored(value, "Thing.field") == codec("real").compared(value, "Thing.field") == nearest


@pytest.mark.parametrize("type_", ["real", "double"])
def test_zero_has_no_sign(type_: str) -> None:
    assert str(codec(type_).stored(-0.0, "Thing.field")) == "0.0"


def test_a_comparison_goes_no_further_than_64_bits() -> None:
    with pytest.raises(InvalidValue, match=r"^Thing.field: expected an int of 64 bits, got one beyond that$"):
        codec("int").compared(2**63, "Thing.field")


@pytest.mark.parametrize("type_", sorted({row[0] for row in GOOD}))
def test_none_passes_every_check(type_: str) -> None:
    assert codec(type_).stored(None, "Thing.field") is None
    assert codec(type_).compared(None, "Thing.field") is None


def test_a_subclass_of_a_plain_type_becomes_the_plain_type_where_drivers_care() -> None:
    assert type(codec("int").stored(Number.THREE, "Thing.field")) is int
    assert type(codec("bytes").stored(bytearray(b"ab"), "Thing.field")) is bytes
    assert type(codec("double").stored(3, "Thing.field")) is float
    assert type(codec("decimal(5,2)").stored(3, "Thing.field")) is Decimal


def test_a_moment_is_taken_to_utc() -> None:
    assert str(codec("timestamptz").stored(MOMENT, "Thing.field")) == "2026-03-01 11:00:00+00:00"


def test_a_document_may_not_hold_itself() -> None:
    document: list[object] = []
    document.append(document)

    with pytest.raises(InvalidValue, match="expected a JSON value"):
        codec("json").stored(document, "Thing.field")


def test_a_document_nested_too_deeply_is_refused_and_not_a_crash() -> None:
    document: list[Any] = []
    for _ in range(100_000):
        document = [document]

    with pytest.raises(LimitExceeded, match="expected a JSON document of at most 31 levels, got a deeper one"):
        codec("json").stored(document, "Thing.field")
    while document:  # or else Python frees it by recursion
        document = document.pop()


def test_equal_types_share_a_codec() -> None:
    assert codec("string(3)") is codec("string(3)")
    assert codec("string(3)") is not codec("string(4)")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (True, Kind.BOOL),
        (1, Kind.BIGINT),
        (1.5, Kind.DOUBLE),
        ("a", Kind.TEXT),
        (b"a", Kind.BYTES),
        (Decimal(1), Kind.DECIMAL),
        (dt.date(2026, 3, 1), Kind.DATE),
        (dt.time(1), Kind.TIME),
        (dt.timedelta(1), Kind.INTERVAL),
        (NAIVE, Kind.DATETIME),
        (MOMENT, Kind.TIMESTAMPTZ),
        (UUID, Kind.UUID),
        (Colour.RED, Kind.ENUM),
    ],
)
def test_a_value_without_a_column_is_known_by_its_own_type(value: object, kind: Kind) -> None:
    found = codec_of_value(value, "raw SQL")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - a table of all

    assert found is not None
    assert found.type.kind is kind


@pytest.mark.parametrize("value", [object(), [1], {"a": 1}, {1}, 1j])
def test_a_value_of_no_column_type_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match=r"^raw SQL: expected a bool, number, str, bytes, .* got \w+$"):
        codec_of_value(value, "raw SQL")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - no Bindable
