"""The form in which columns store constants, by kind: what a literal beside a column, or its default, is spelled from.

Owns which form a kind has; how a form is spelled is the dialect's (`DdlText`). The `types` of a dialect convert bound
values to the same forms.
"""

from __future__ import annotations

import datetime as dt
import json
import struct
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Protocol, TypeAlias

from isomorph.catalog import Kind
from isomorph.errors import InvalidOperation

__all__ = ["SPELLINGS", "Speller", "Spelling", "finite"]


class Speller(Protocol):
    """The spelling of each form; `text` of a date or time is in ISO form, with six digits of a second."""

    def literal(self, value: object) -> str: ...
    def string(self, value: str) -> str: ...
    def binary(self, value: bytes) -> str: ...
    def decimal(self, value: Decimal) -> str: ...
    def unsigned_bigint(self, value: int) -> str: ...
    def interval(self, microseconds: int) -> str: ...
    def date(self, text: str) -> str: ...
    def time(self, text: str) -> str: ...
    def datetime(self, text: str) -> str: ...
    def timestamptz(self, text: str) -> str: ...


Spelling: TypeAlias = Callable[[Speller, object], str | None]
"""A constant as SQL; None when it is of another type and stands for itself."""


def finite(value: Decimal) -> Decimal:
    """The value.

    Raises:
        InvalidOperation: it is NaN or infinite.
    """
    if not value.is_finite():
        raise InvalidOperation("a decimal cannot be NaN or infinite", "use a finite number")
    return value


def _number(value: object) -> int | float | Decimal | None:
    return value if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None


def _decimal(spell: Speller, value: object) -> str | None:
    number = value if isinstance(value, str) else _number(value)
    return None if number is None else spell.decimal(finite(Decimal(str(number))))


def _double(spell: Speller, value: object) -> str | None:
    number = _number(value)
    return None if number is None else spell.literal(float(number))


_AS_REAL = struct.Struct("<f")


def _real(spell: Speller, value: object) -> str | None:
    number = _number(value)
    return None if number is None else spell.literal(_AS_REAL.unpack(_AS_REAL.pack(float(number)))[0])


def _unsigned_bigint(spell: Speller, value: object) -> str | None:
    return spell.unsigned_bigint(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _json(spell: Speller, value: object) -> str:
    return spell.string(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")))


def _bytes(spell: Speller, value: object) -> str:
    return spell.binary(value if isinstance(value, bytes) else str(value).encode())


def _uuid(spell: Speller, value: object) -> str:
    return spell.string(str(value).lower())


def _date(spell: Speller, value: object) -> str | None:
    date = dt.date.fromisoformat(value) if isinstance(value, str) else value
    return spell.date(date.isoformat()[:10]) if isinstance(date, dt.date) else None


def _time(spell: Speller, value: object) -> str | None:
    time = dt.time.fromisoformat(value) if isinstance(value, str) else value
    return spell.time(time.isoformat("microseconds")) if isinstance(time, dt.time) else None


def _datetime(spell: Speller, value: object) -> str | None:
    moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(moment, dt.datetime):
        return None
    return spell.datetime(moment.replace(tzinfo=None).isoformat(" ", "microseconds"))


def _timestamptz(spell: Speller, value: object) -> str | None:
    moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(moment, dt.datetime):
        return None
    utc = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)
    return spell.timestamptz(utc.replace(tzinfo=None).isoformat(" ", "microseconds"))


_MICROSECOND = dt.timedelta(microseconds=1)


def _interval(spell: Speller, value: object) -> str | None:
    return spell.interval(value // _MICROSECOND) if isinstance(value, dt.timedelta) else None


SPELLINGS: Mapping[Kind, Spelling] = {
    Kind.UNSIGNED_BIGINT: _unsigned_bigint,
    Kind.DECIMAL: _decimal,
    Kind.REAL: _real,
    Kind.DOUBLE: _double,
    Kind.BYTES: _bytes,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.DATETIME: _datetime,
    Kind.TIMESTAMPTZ: _timestamptz,
    Kind.INTERVAL: _interval,
    Kind.JSON: _json,
    Kind.UUID: _uuid,
}
"""By kind; a kind that is missing stores its values as they are."""
