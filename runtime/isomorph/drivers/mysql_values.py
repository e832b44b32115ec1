"""How values are written into statements of MySQL and MariaDB, and read from what they send. Pure.

Client libraries of MySQL write values into the text of a statement, each in a way of its own. Here is one for all of
them, so that what a program stores does not depend on the library.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from math import isfinite

from isomorph.dialects.mysql.sql import Listed

__all__ = ["LITERALS", "TAKEN", "Literals", "literal", "loaded_date", "loaded_datetime", "text"]

TAKEN = (int, float, str, bytes, bytearray, memoryview, Decimal, dt.date, dt.time, dt.timedelta)
"""The types that can be written, with what is derived from them."""

_Literal = Callable[..., str]
"""From a value to its text in SQL. PyMySQL passes its own table as a second argument."""


def text(value: str, _: object = None) -> str:
    """A text in quotes, whatever the session says of backslashes."""
    if "\\" in value:
        return f"_utf8mb4 X'{value.encode().hex()}'"
    return "'" + str.__str__(value).replace("'", "''") + "'"


def literal(value: object, _: object = None) -> str:
    """The text of a value whose very type is not in the table: as what it is derived from.

    Raises:
        TypeError: it is derived from nothing that MySQL knows.
    """
    for kind in TAKEN:
        if isinstance(value, kind):
            # A moment is also a date.
            return LITERALS[dt.datetime if isinstance(value, dt.datetime) else kind](value)
    raise TypeError(type(value).__name__)


def _whole(value: int, _: object = None) -> str:
    return int.__repr__(value)


def _truth(value: bool, _: object = None) -> str:
    return "1" if value else "0"


def _null(value: None, _: object = None) -> str:
    del value
    return "NULL"


def _number(value: float, _: object = None) -> str:
    if not isfinite(value):
        raise ValueError("a number that is not finite")
    written = float.__repr__(value)
    # Without an exponent MySQL takes it for a DECIMAL.
    return written if "e" in written else written + "e0"


def _decimal(value: Decimal, _: object = None) -> str:
    if not value.is_finite():
        raise ValueError("a number that is not finite")
    return format(value, "f")


def _bytes(value: bytes | bytearray | memoryview, _: object = None) -> str:
    return f"_binary X'{value.hex()}'"


def _moment(value: dt.datetime, _: object = None) -> str:
    if value.tzinfo is not None:
        value = value.astimezone(dt.UTC).replace(tzinfo=None)  # the zone of the session
    return f"'{value.isoformat(' ')}'"


def _date(value: dt.date, _: object = None) -> str:
    return f"'{value.isoformat()}'"


def _time(value: dt.time, _: object = None) -> str:
    return f"'{value.replace(tzinfo=None).isoformat()}'"


def _span(value: dt.timedelta, _: object = None) -> str:
    sign, span = ("-", -value) if value < dt.timedelta() else ("", value)
    minutes, seconds = divmod(span.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{span.microseconds:06d}" if span.microseconds else ""
    return f"'{sign}{span.days * 24 + hours:02d}:{minutes:02d}:{seconds:02d}{fraction}'"


def _list(values: Iterable[object], _: object = None) -> str:
    return f"({','.join([LITERALS[type(value)](value) for value in values])})"


class Literals(dict[type, _Literal]):
    """How a value is written, by its type."""

    def __missing__(self, kind: type) -> _Literal:
        return literal


LITERALS = Literals(
    {
        int: _whole,
        str: text,
        type(None): _null,
        bool: _truth,
        float: _number,
        Decimal: _decimal,
        bytes: _bytes,
        bytearray: _bytes,
        memoryview: _bytes,
        dt.datetime: _moment,
        dt.date: _date,
        dt.time: _time,
        dt.timedelta: _span,
        Listed: _list,
        list: _list,
        tuple: _list,
    }
)


def loaded_date(value: str) -> dt.date | None:
    """A date; None for MySQL's zero dates, as its own connectors give them."""
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def loaded_datetime(value: str) -> dt.datetime | None:
    """A datetime without a zone; None for MySQL's zero dates."""
    try:
        return dt.datetime.fromisoformat(value)
    except ValueError:
        return None
