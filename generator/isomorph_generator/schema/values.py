"""Checks constants of the schema (defaults of fields and of parameters) against types."""

from __future__ import annotations

import datetime as dt
import struct
import uuid
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from isomorph.catalog import INTEGERS, MEDIUMTEXT_BYTES, ColumnType, Default, Enum, Kind, LiteralValue
from isomorph_generator.schema.composite_values import Read, composite_readers
from isomorph_generator.schema.documents import as_list, as_table
from isomorph_generator.schema.durations import duration
from isomorph_generator.schema.errors import Position, SchemaError, UnknownEnumValue, WrongDefault
from isomorph_generator.schema.shape import described
from isomorph_generator.schema.unfit import Unfit

__all__ = ["checked_default"]


def checked_default(
    value: object, type_: ColumnType, enums: Mapping[str, Enum], at: tuple[Position, str]
) -> Default | SchemaError:
    """A constant in the form that the type needs, or what is wrong with it.

    Args:
        value: as tomllib gave it, floats as Decimal.
        type_: the type that must hold it.
        enums: the enums of the schema, by name.
        at: where it stands, for the error.
    """
    values: tuple[str, ...] = ()
    if type_.named_enum is not None:
        values = enums[type_.named_enum].values
        items = as_list(value)
        for text in [value] if items is None else items:
            if isinstance(text, str) and text not in values:
                return UnknownEnumValue(*at, type_.named_enum, text, values)
    try:
        found = _READERS[type_.kind](value, type_)
        if type_.kind is Kind.SET and isinstance(found, list):
            found = sorted(found, key=lambda text: values.index(str(text)))
        return Default(found)
    except Unfit as unfit:
        return WrongDefault(*at, str(type_), unfit.expected, unfit.got or described(value))


def _flag(value: object, _type: ColumnType) -> bool:
    if not isinstance(value, bool):
        raise Unfit("true or false")
    return value


def _integer(value: object, type_: ColumnType) -> int:
    held = INTEGERS[type_.kind]
    expected = f"a whole number from {held.start} to {held.stop - 1}"
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unfit(expected)
    if value not in held:
        raise Unfit(expected, "one outside")
    return value


def _decimal(value: object, type_: ColumnType) -> Decimal:
    precision, scale = type_.precision or 0, type_.scale or 0
    expected = f"a number with at most {precision - scale} digits before the point and {scale} after it"
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise Unfit(expected)
    try:
        number = Decimal(value)
    except ArithmeticError:
        raise Unfit(expected) from None
    if not number.is_finite():
        raise Unfit(expected, "no finite one")
    digits, exponent = number.as_tuple().digits, int(number.as_tuple().exponent)
    if -exponent > scale or (number and len(digits) + exponent > precision - scale):
        raise Unfit(expected, "more")
    return number


def _double(value: object, _type: ColumnType) -> float:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Unfit("a number")
    try:
        number = float(value)
    except OverflowError:
        raise Unfit("a number", "one that is too large") from None
    if number - number != 0:  # infinite, or no number
        raise Unfit("a finite number", "another")
    return number + 0.0  # -0.0 is 0.0 to every type


def _real(value: object, type_: ColumnType) -> float:
    try:
        return float(struct.unpack("<f", struct.pack("<f", _double(value, type_)))[0])
    except OverflowError:
        raise Unfit("a number of 32 bits", "one that is too large") from None


def _text(value: object, type_: ColumnType) -> str:
    if not isinstance(value, str):
        raise Unfit("a text")
    if type_.length is not None and len(value) > type_.length:
        raise Unfit(f"a text of at most {type_.length} characters", f"one of {len(value)}")
    if "\0" in value:
        raise Unfit("a text without NUL characters, which not all databases can hold", "one with them")
    return value


def _char(value: object, type_: ColumnType) -> str:
    text = _text(value, type_)
    if text.endswith(" "):
        raise Unfit("a text without blanks at its end, which not all databases keep", "one with them")
    return text


def _mediumtext(value: object, type_: ColumnType) -> str:
    text = _text(value, type_)
    if len(text.encode()) > MEDIUMTEXT_BYTES:
        raise Unfit(f"a text of at most {MEDIUMTEXT_BYTES} bytes", "a longer one")
    return text


def _bytes(value: object, type_: ColumnType) -> str:
    text = _text(value, replace(type_, length=None))
    if type_.length is not None and len(text.encode()) > type_.length:
        raise Unfit(f"a text of at most {type_.length} bytes", f"one of {len(text.encode())}")
    return text


def _date(value: object, _type: ColumnType) -> dt.date:
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise Unfit("a date, such as 2024-12-31 without quotes")
    return value


def _time(value: object, _type: ColumnType) -> dt.time:
    if not isinstance(value, dt.time):
        raise Unfit("a time, such as 23:59:59 without quotes")
    return value


def _datetime(value: object, _type: ColumnType) -> dt.datetime:
    if not isinstance(value, dt.datetime) or value.tzinfo is not None:
        raise Unfit("a date and time without offset, such as 2024-12-31T23:59:59 without quotes")
    return value


def _timestamptz(value: object, _type: ColumnType) -> dt.datetime:
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        raise Unfit("a date and time with offset, such as 2024-12-31T23:59:59Z without quotes")
    return value


def _interval(value: object, _type: ColumnType) -> dt.timedelta:
    expected = 'a span of time, such as "1d 2h 30min"'
    if not isinstance(value, str):
        raise Unfit(expected)
    try:
        return duration(value)
    except ValueError:
        raise Unfit(expected, "another text") from None


def _json(value: object, type_: ColumnType) -> LiteralValue | Mapping[str, object] | list[object]:
    if (table := as_table(value)) is not None:
        return {key: _json(item, type_) for key, item in table.items()}
    if (items := as_list(value)) is not None:
        return [_json(item, type_) for item in items]
    if isinstance(value, Decimal):
        return _double(value, type_)
    if isinstance(value, bool | int | str):
        return value
    raise Unfit("a JSON value", described(value))


def _uuid(value: object, _type: ColumnType) -> str:
    expected = 'a uuid, such as "01234567-89ab-cdef-0123-456789abcdef"'
    if not isinstance(value, str):
        raise Unfit(expected)
    try:
        return str(uuid.UUID(value))
    except ValueError:
        raise Unfit(expected, "another text") from None


_SCALARS: Final[Mapping[Kind, Read]] = {
    Kind.BOOL: _flag,
    **dict.fromkeys(INTEGERS, _integer),
    Kind.DECIMAL: _decimal,
    Kind.REAL: _real,
    Kind.DOUBLE: _double,
    Kind.STRING: _text,
    Kind.CHAR: _char,
    Kind.TEXT: _text,
    Kind.MEDIUMTEXT: _mediumtext,
    Kind.BYTES: _bytes,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.DATETIME: _datetime,
    Kind.TIMESTAMPTZ: _timestamptz,
    Kind.INTERVAL: _interval,
    Kind.JSON: _json,
    Kind.UUID: _uuid,
    Kind.ENUM: _text,
}
_READERS: Final[Mapping[Kind, Read]] = {**_SCALARS, **composite_readers(_SCALARS)}
