"""Checks of values that are one thing: numbers, text, bytes, times."""

from __future__ import annotations

import datetime as dt
import math
import struct
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import cast

from isomorph.catalog import INTEGERS, INTERVAL_MICROSECONDS, LONGEST_TEXT_BYTES, MEDIUMTEXT_BYTES, Kind
from isomorph.sql.codecs.documents import check_json
from isomorph.sql.codecs.registry import Check, MakeCheck, Refused, Wanted, always, kind_of
from isomorph.sql.codecs.texts import check_text

__all__ = ["SCALARS"]


def _integer(held: range, expected: str) -> Check:
    least, most = held.start, held.stop - 1  # faster to compare with than the range is to ask

    def check(value: object) -> object:
        if type(value) is not int:
            if isinstance(value, bool) or not isinstance(value, int):
                raise Refused("an int", kind_of(value))
            value = int(value)
        if not least <= value <= most:
            raise Refused(expected, "one beyond that")
        return value

    return check


def _string(length: int | None) -> Check:
    def check(value: object) -> object:
        if not isinstance(value, str):
            raise Refused("a str", kind_of(value))
        if length is not None and len(value) > length:
            raise Refused(f"at most {length} characters", f"{len(value)}")
        check_text(value)
        return value

    return check


def _char(length: int | None) -> Check:
    string = _string(length)

    def check(value: object) -> object:
        text = string(value)
        if cast(str, text).endswith(" "):
            # MySQL cuts blanks off the end of a CHAR, and PostgreSQL fills it up with them.
            raise Refused("text without blanks at its end", "one with them")
        return text

    return check


def _text(most_bytes: int) -> Check:
    string = _string(None)

    def check(value: object) -> object:
        text = cast(str, string(value))
        # No character takes more than four bytes, so that only long text has to be counted.
        if len(text) > most_bytes // 4 and len(text.encode()) > most_bytes:
            raise Refused(f"at most {most_bytes} bytes of UTF-8", "more")
        return text

    return check


_MOST_DIGITS = 16_383
"""What PostgreSQL's numeric can hold behind the point. Written out in full, a larger exponent could fill the memory."""


def _decimal(precision: int | None, scale: int | None) -> Check:
    def check(value: object) -> object:
        if type(value) is int:
            value = Decimal(value)
        if not isinstance(value, Decimal):
            raise Refused("a Decimal", kind_of(value))
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
        return value or value.copy_abs()  # SQLite, where decimals are text, would keep a "-0"

    return check


def _instance(class_: type, expected: str) -> Check:
    def check(value: object) -> object:
        if not isinstance(value, class_):
            raise Refused(expected, kind_of(value))
        return value

    return check


def _check_double(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused("a float", kind_of(value))
    try:
        number = float(value)
    except OverflowError:  # an int of more than 308 digits
        number = math.inf
    if not math.isfinite(number):
        # MySQL stores neither; SQLite turns NaN into NULL.
        raise Refused("a finite float", "NaN or infinity")
    # -0.0 loses its sign on the way to MySQL, and equals 0.0 everywhere: it is stored as 0.0.
    return number + 0.0


_AS_REAL = struct.Struct("<f")


def _check_real(value: object) -> object:
    """The nearest number of 32 bits: what every database keeps, and what is compared with it."""
    number = cast(float, _check_double(value))
    try:
        packed = _AS_REAL.pack(number)
    except OverflowError:
        pass
    else:
        return cast(float, _AS_REAL.unpack(packed)[0]) + 0.0
    raise Refused("a float of 32 bits", "one beyond that")


def _bytes(length: int | None) -> Check:
    def check(value: object) -> object:
        if not isinstance(value, bytes | bytearray):
            raise Refused("bytes", kind_of(value))
        if length is not None and len(value) > length:
            raise Refused(f"at most {length} bytes", f"{len(value)}")
        return bytes(value)

    return check


def _check_interval(value: object) -> object:
    if not isinstance(value, dt.timedelta):
        raise Refused("a timedelta", kind_of(value))
    if value // _MICROSECOND not in INTERVAL_MICROSECONDS:
        raise Refused("a timedelta of at most 64 bits of microseconds (292,271 years)", "one beyond that")
    return value


_MICROSECOND = dt.timedelta(microseconds=1)


def _check_date(value: object) -> object:
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise Refused("a date", kind_of(value))
    return value


def _check_time(value: object) -> object:
    if not isinstance(value, dt.time):
        raise Refused("a time", kind_of(value))
    if value.tzinfo is not None:
        raise Refused("a time without time zone", "one with a time zone")
    return value


def _check_datetime(value: object) -> object:
    if not isinstance(value, dt.datetime):
        raise Refused("a datetime", kind_of(value))
    if value.tzinfo is not None:
        raise Refused("a naive datetime", "one with a time zone (use a timestamptz field, or .replace(tzinfo=None))")
    return value


def _check_timestamptz(value: object) -> object:
    if not isinstance(value, dt.datetime):
        raise Refused("a datetime", kind_of(value))
    if value.utcoffset() is None:
        raise Refused("a datetime with a time zone", "a naive one (say which zone: tzinfo=timezone.utc)")
    try:
        return value.astimezone(dt.UTC)
    except OverflowError:
        pass
    raise Refused("a datetime within the years 1 to 9999 in UTC", "one outside")


_COMPARED = INTEGERS[Kind.BIGINT]
_COMPARED_UNSIGNED = range(_COMPARED.start, INTEGERS[Kind.UNSIGNED_BIGINT].stop)


def _whole(wanted: Wanted) -> Check:
    kind = wanted.column_type.kind
    if not wanted.stored:
        return _integer(_COMPARED_UNSIGNED if kind is Kind.UNSIGNED_BIGINT else _COMPARED, "an int of 64 bits")
    held = INTEGERS[kind]
    bits = (held.stop - held.start).bit_length() - 1
    return _integer(held, f"a non-negative int of {bits} bits" if held.start == 0 else f"an int of {bits} bits")


def _of_length(make: Callable[[int | None], Check]) -> MakeCheck:
    return lambda wanted: make(wanted.column_type.length if wanted.stored else None)


def _of_digits(wanted: Wanted) -> Check:
    return _decimal(wanted.column_type.precision, wanted.column_type.scale) if wanted.stored else _decimal(None, None)


def _of_members(wanted: Wanted) -> Check:
    class_ = wanted.enum_class
    return _string(None) if class_ is None else _instance(class_, f"a {class_.__name__}")


SCALARS: dict[Kind, MakeCheck] = {
    Kind.BOOL: always(_instance(bool, "a bool")),
    **dict.fromkeys(INTEGERS, _whole),
    Kind.DECIMAL: _of_digits,
    Kind.REAL: always(_check_real),
    Kind.DOUBLE: always(_check_double),
    Kind.STRING: _of_length(_string),
    Kind.CHAR: lambda wanted: _char(wanted.column_type.length) if wanted.stored else _string(None),
    Kind.TEXT: always(_text(LONGEST_TEXT_BYTES)),
    Kind.MEDIUMTEXT: lambda wanted: _text(MEDIUMTEXT_BYTES if wanted.stored else LONGEST_TEXT_BYTES),
    Kind.BYTES: _of_length(_bytes),
    Kind.DATE: always(_check_date),
    Kind.TIME: always(_check_time),
    Kind.DATETIME: always(_check_datetime),
    Kind.TIMESTAMPTZ: always(_check_timestamptz),
    Kind.INTERVAL: always(_check_interval),
    Kind.JSON: always(check_json),
    Kind.UUID: always(_instance(uuid.UUID, "a UUID")),
    Kind.ENUM: _of_members,
}
