"""Codecs: per column type, which Python values it accepts and how they travel on each dialect.

Owns the run-time checks that every bound value passes, whatever the database: the same wrong value gets the same error
everywhere, before any SQL is sent. Knows no driver.
"""

from __future__ import annotations

import datetime as dt
import enum
import json
import math
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias, cast

from isomorph import dialects
from isomorph.catalog import ColumnType, Kind
from isomorph.dialects.base import Bind, Load
from isomorph.errors import InvalidValue

__all__ = ["Bindable", "Codec", "JsonInput", "JsonValue", "Members", "Refused", "codec_for", "codec_of_value"]

JsonValue: TypeAlias = "dict[str, JsonValue] | list[JsonValue] | str | int | float | bool | None"
"""A JSON document as it is read."""

JsonInput: TypeAlias = "Mapping[str, JsonInput] | Sequence[JsonInput] | str | int | float | bool | None"
"""A JSON document as it may be written: wider than JsonValue, so that a `dict[str, int]` is accepted."""

Bindable: TypeAlias = (
    bool | int | float | str | bytes | Decimal | dt.date | dt.time | dt.datetime | uuid.UUID | enum.Enum | None
)
"""A value that may be bound to a raw fragment."""

_INTEGER_BITS = {Kind.SMALLINT: 16, Kind.INT: 32, Kind.BIGINT: 64}


class Refused(Exception):
    """A check said no: what it expected and what it got, both without the value. Never leaves isomorph."""

    def __init__(self, expected: str, got: str) -> None:
        super().__init__(expected, got)
        self.expected, self.got = expected, got


def _kind_of(value: object) -> str:
    return "None" if value is None else type(value).__name__


class Members(dict[object, enum.Enum]):
    """The members of an enum by what is stored for them; what the schema does not know is told, but not repeated."""

    __slots__ = ("name",)

    def __init__(self, class_: type[enum.Enum]) -> None:
        super().__init__((member.value, member) for member in class_)
        self.name = class_.__name__

    def __missing__(self, stored: object) -> enum.Enum:
        raise InvalidValue(self.name, "one of its values in the database", "a text that the schema does not know")


class _Loads(dict[str, "Load | None"]):
    """Loads by dialect name, found at first use."""

    __slots__ = ("codec",)

    def __init__(self, codec: Codec) -> None:
        super().__init__()
        self.codec = codec

    def __missing__(self, dialect: str) -> Load | None:
        load = dialects.get(dialect).types.load(self.codec.type)
        members = self.codec.members
        if members is not None:
            load = members.__getitem__
        self[dialect] = load
        return load


class _Binds(dict[str, "Bind | None"]):
    """Binds by dialect name, found at first use."""

    __slots__ = ("type",)

    def __init__(self, type_: ColumnType) -> None:
        super().__init__()
        self.type = type_

    def __missing__(self, dialect: str) -> Bind | None:
        bind = dialects.get(dialect).types.bind(self.type)
        self[dialect] = bind
        return bind


class _Stores(dict[str, Bind]):
    """Checks and binds in one, by dialect name, made at first use."""

    __slots__ = ("codec",)

    def __init__(self, codec: Codec) -> None:
        super().__init__()
        self.codec = codec

    def __missing__(self, dialect: str) -> Bind:
        check, bind = self.codec.check, self.codec.binds[dialect]
        store = check if bind is None else _composed(bind, check)
        self[dialect] = store
        return store


def _composed(bind: Bind, check: Bind) -> Bind:
    return lambda value: bind(check(value))


class Codec:
    """How the values of one column type are checked and travel.

    Attributes:
        type: the column type.
        check: the bare check behind `stored`: raises Refused. Never called with None.
        binds: by dialect name, the conversion of a checked value for the driver; None when there is none.
        stores: by dialect name, `check` and the bind in one call. Never called with None.
        loads: by dialect name, the conversion of a driver's value; None when there is none. Never called with None.
        members: stored text to enum member; None unless the type is an enum.
    """

    __slots__ = ("_compared", "binds", "check", "loads", "members", "stores", "type")

    def __init__(self, type_: ColumnType, enum_class: type[enum.Enum] | None = None) -> None:
        self.type = type_
        self.members: Mapping[object, object] | None = None
        if enum_class is not None:
            self.members = Members(enum_class)
        self.binds = _Binds(type_)
        self.loads = _Loads(self)
        self.check = _check(type_, enum_class, stored=True)
        self.stores = _Stores(self)
        self._compared = _check(type_, enum_class, stored=False)

    def stored(self, value: object, where: str) -> object:
        """The value as a row may hold it, a JSON document as its text; None passes (nullability is the column's).

        Args:
            value: what the application gave.
            where: `Model.field`, for the error.

        Raises:
            InvalidValue: wrong type, out of range, too long, or text that no database takes.
        """
        if value is None:
            return None
        try:
            return self.check(value)
        except Refused as refused:
            failure = refused
        raise InvalidValue(where, failure.expected, failure.got)

    def compared(self, value: object, where: str) -> object:
        """The value as it may be compared with the column: as `stored`, but length and scale are free.

        Raises:
            InvalidValue: wrong type, beyond 64 bits, or text that no database takes.
        """
        if value is None:
            return None
        try:
            return self._compared(value)
        except Refused as refused:
            failure = refused
        raise InvalidValue(where, failure.expected, failure.got)


@lru_cache(maxsize=4096)
def codec_for(type_: ColumnType, enum_class: type[enum.Enum] | None = None) -> Codec:
    """The codec of a column type; one object for equal types."""
    return Codec(type_, enum_class)


_BY_PYTHON_TYPE: dict[type, ColumnType] = {
    bool: ColumnType(Kind.BOOL),
    int: ColumnType(Kind.BIGINT),
    float: ColumnType(Kind.DOUBLE),
    str: ColumnType(Kind.TEXT),
    bytes: ColumnType(Kind.BYTES),
    Decimal: ColumnType(Kind.DECIMAL),
    dt.date: ColumnType(Kind.DATE),
    dt.time: ColumnType(Kind.TIME),
    uuid.UUID: ColumnType(Kind.UUID),
}


def codec_of_value(value: Bindable, where: str) -> Codec | None:
    """The codec for a value that no column gives a type to; None for None.

    Raises:
        InvalidValue: a type that cannot be bound.
    """
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        kind = Kind.DATETIME if value.tzinfo is None else Kind.TIMESTAMPTZ
        return codec_for(ColumnType(kind))
    if isinstance(value, enum.Enum):
        return codec_for(ColumnType(Kind.ENUM, enum=type(value).__name__), type(value))
    found = _BY_PYTHON_TYPE.get(type(value))
    if found is None:
        raise InvalidValue(
            where, "a bool, number, str, bytes, Decimal, date, time, datetime, UUID or enum", _kind_of(value)
        )
    return codec_for(found)


# --- checks ----------------------------------------------------------------------------------------------------------

_Check = Callable[[object], object]


def _check(type_: ColumnType, enum_class: type[enum.Enum] | None, *, stored: bool) -> _Check:
    """The check of a type. `stored` also bounds length, scale and range, which a comparison may exceed."""
    kind = type_.kind
    if kind in _INTEGER_BITS:
        return _integer(_INTEGER_BITS[kind] if stored else 64)
    if kind is Kind.STRING:
        return _string(type_.length if stored else None)
    if kind is Kind.DECIMAL:
        return _decimal(type_.precision, type_.scale) if stored else _decimal(None, None)
    if kind is Kind.ENUM and enum_class is not None:
        return _instance(enum_class, f"a {enum_class.__name__}")
    return _CHECKS[kind]


def _integer(bits: int) -> _Check:
    least, most = -(1 << bits - 1), (1 << bits - 1) - 1

    def check(value: object) -> object:
        if type(value) is not int:
            if isinstance(value, bool) or not isinstance(value, int):
                raise Refused("an int", _kind_of(value))
            value = int(value)
        if not least <= value <= most:
            raise Refused(f"an int of {bits} bits", "one beyond that")
        return value

    return check


def _string(length: int | None) -> _Check:
    def check(value: object) -> object:
        if not isinstance(value, str):
            raise Refused("a str", _kind_of(value))
        if length is not None and len(value) > length:
            raise Refused(f"at most {length} characters", f"{len(value)}")
        _check_text(value)
        return value

    return check


def _check_text(value: str) -> None:
    """PostgreSQL stores no NUL, and no database a lone surrogate; refused everywhere, so that data can move."""
    if "\0" in value:
        raise Refused("text without NUL characters", "one with a NUL")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            pass
        else:
            return
        raise Refused("text that UTF-8 can encode", "a lone surrogate")


_MOST_DIGITS = 16_383
"""What PostgreSQL's numeric can hold behind the point. Written out in full, a larger exponent could fill the memory."""


def _decimal(precision: int | None, scale: int | None) -> _Check:
    def check(value: object) -> object:
        if type(value) is int:
            value = Decimal(value)
        if not isinstance(value, Decimal):
            raise Refused("a Decimal", _kind_of(value))
        if not value.is_finite():
            raise Refused("a finite Decimal", "NaN or infinity")
        _, digits, exponent = value.as_tuple()
        assert isinstance(exponent, int)  # finite
        if scale is not None and precision is not None:
            if -exponent > scale:
                # More digits than the column keeps: exact only if the surplus is zeros.
                surplus = -exponent - scale
                if any(digits[-surplus:]) or (surplus > len(digits) and any(digits)):
                    raise Refused(f"at most {scale} digits after the point", f"{-exponent}")
            if value and value.adjusted() + 1 > precision - scale:
                raise Refused(f"at most {precision - scale} digits before the point", f"{value.adjusted() + 1}")
        if -exponent > _MOST_DIGITS or value.adjusted() >= _MOST_DIGITS:
            raise Refused(f"at most {_MOST_DIGITS} digits before and after the point", "more")
        return value

    return check


def _instance(class_: type, expected: str) -> _Check:
    def check(value: object) -> object:
        if not isinstance(value, class_):
            raise Refused(expected, _kind_of(value))
        return value

    return check


def _check_double(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused("a float", _kind_of(value))
    try:
        number = float(value)
    except OverflowError:  # an int of more than 308 digits
        number = math.inf
    if not math.isfinite(number):
        # MySQL stores neither; SQLite turns NaN into NULL.
        raise Refused("a finite float", "NaN or infinity")
    return number


def _check_bytes(value: object) -> object:
    if not isinstance(value, bytes | bytearray):
        raise Refused("bytes", _kind_of(value))
    return bytes(value)


def _check_date(value: object) -> object:
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise Refused("a date", _kind_of(value))
    return value


def _check_time(value: object) -> object:
    if not isinstance(value, dt.time):
        raise Refused("a time", _kind_of(value))
    if value.tzinfo is not None:
        raise Refused("a time without time zone", "one with a time zone")
    return value


def _check_datetime(value: object) -> object:
    if not isinstance(value, dt.datetime):
        raise Refused("a datetime", _kind_of(value))
    if value.tzinfo is not None:
        raise Refused("a naive datetime", "one with a time zone (use a timestamptz field, or .replace(tzinfo=None))")
    return value


def _check_timestamptz(value: object) -> object:
    if not isinstance(value, dt.datetime):
        raise Refused("a datetime", _kind_of(value))
    if value.utcoffset() is None:
        raise Refused("a datetime with a time zone", "a naive one (say which zone: tzinfo=timezone.utc)")
    try:
        return value.astimezone(dt.UTC)
    except OverflowError:
        pass
    raise Refused("a datetime within the years 1 to 9999 in UTC", "one outside")


_encoded = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode

_ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def _has_text_keys(value: object) -> bool:
    """`json.dumps` turns the key 1 into "1" without a word; a document must come back as it went in."""
    if isinstance(value, dict):
        return all(
            isinstance(key, str) and _has_text_keys(item) for key, item in cast("dict[object, object]", value).items()
        )
    if isinstance(value, list | tuple):
        return all(_has_text_keys(item) for item in cast("Sequence[object]", value))
    return True


def _check_json(value: object) -> object:
    """The document as its shortest text, which is what every dialect stores."""
    try:
        text = _encoded(value)
        is_document = _has_text_keys(value)
    except RecursionError:
        text, is_document = "", True
    except (TypeError, ValueError):
        text, is_document = "", False
    if not text and is_document:
        raise Refused("a JSON value that nests less deeply than Python's recursion limit", "one beyond that")
    if not is_document:
        raise Refused("a JSON value (dict with str keys, list, str, finite number, bool, None)", _kind_of(value))
    if "\\u0000" in text and _ESCAPED_NUL.search(text):
        raise Refused("JSON text without NUL characters", "one with a NUL")
    _check_text(text)
    return text


_CHECKS: dict[Kind, _Check] = {
    Kind.BOOL: _instance(bool, "a bool"),
    Kind.DOUBLE: _check_double,
    Kind.TEXT: _string(None),
    Kind.BYTES: _check_bytes,
    Kind.DATE: _check_date,
    Kind.TIME: _check_time,
    Kind.DATETIME: _check_datetime,
    Kind.TIMESTAMPTZ: _check_timestamptz,
    Kind.JSON: _check_json,
    Kind.UUID: _instance(uuid.UUID, "a UUID"),
    Kind.ENUM: _string(None),
}
