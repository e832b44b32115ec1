"""The columns of each field type: what their values are in Python, and which operators they have."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING

from typing_extensions import TypeVar

from isomorph.sql.codecs import JsonInput, JsonValue
from isomorph.sql.documents import Structured
from isomorph.sql.flags import Flagged
from isomorph.sql.kinds import Column, Equatable, Orderable
from isomorph.sql.moments import Daily, Local, TimeOfDay, Zoned
from isomorph.sql.numbers import Approximate, Fractional, Integral
from isomorph.sql.spans import Spanned
from isomorph.sql.texts import Textual

__all__ = [
    "BigIntColumn",
    "BoolColumn",
    "BytesColumn",
    "CharColumn",
    "DateColumn",
    "DateTimeColumn",
    "DecimalColumn",
    "DoubleColumn",
    "EnumColumn",
    "IntColumn",
    "IntervalColumn",
    "JsonColumn",
    "RealColumn",
    "SmallIntColumn",
    "StringColumn",
    "TextColumn",
    "TimeColumn",
    "TimestampTzColumn",
    "TinyIntColumn",
    "UuidColumn",
]

IntT = TypeVar("IntT", bound=int | None, default=int)
FloatT = TypeVar("FloatT", bound=float | None, default=float)
DecimalT = TypeVar("DecimalT", bound=Decimal | None, default=Decimal)
BoolT = TypeVar("BoolT", bound=bool | None, default=bool)
StrT = TypeVar("StrT", bound=str | None, default=str)
BytesT = TypeVar("BytesT", bound=bytes | None, default=bytes)
DateT = TypeVar("DateT", bound=dt.date | None, default=dt.date)
TimeT = TypeVar("TimeT", bound=dt.time | None, default=dt.time)
SpanT = TypeVar("SpanT", bound=dt.timedelta | None, default=dt.timedelta)
MomentT = TypeVar("MomentT", bound=dt.datetime | None, default=dt.datetime)
JsonT = TypeVar("JsonT", default=JsonValue)
UuidT = TypeVar("UuidT", bound=uuid.UUID | None, default=uuid.UUID)
EnumT = TypeVar("EnumT", bound=enum.Enum | None)


class BoolColumn(Column[BoolT], Flagged[BoolT]):
    """A truth value."""

    __slots__ = ()


class IntColumn(Column[IntT], Integral[IntT]):
    """An integer of 32 bits."""

    __slots__ = ()


class TinyIntColumn(IntColumn[IntT]):
    """An integer of 8 bits."""

    __slots__ = ()


class SmallIntColumn(IntColumn[IntT]):
    """An integer of 16 bits."""

    __slots__ = ()


class BigIntColumn(IntColumn[IntT]):
    """An integer of 64 bits."""

    __slots__ = ()


class DecimalColumn(Column[DecimalT], Fractional[DecimalT]):
    """An exact decimal number."""

    __slots__ = ()


class DoubleColumn(Column[FloatT], Approximate[FloatT]):
    """A floating-point number of 64 bits."""

    __slots__ = ()


class RealColumn(DoubleColumn[FloatT]):
    """A floating-point number of 32 bits."""

    __slots__ = ()


class StringColumn(Column[StrT], Textual[StrT]):
    """Text of a bounded length."""

    __slots__ = ()


class CharColumn(StringColumn[StrT]):
    """Text of a bounded length without blanks at its end."""

    __slots__ = ()


class TextColumn(StringColumn[StrT]):
    """Text of any length."""

    __slots__ = ()


class BytesColumn(Column[BytesT], Equatable[BytesT, bytes]):
    """Bytes."""

    __slots__ = ()


class DateColumn(Column[DateT], Daily[DateT]):
    """A date."""

    __slots__ = ()


class TimeColumn(Column[TimeT], TimeOfDay[TimeT]):
    """A time of day, to the microsecond."""

    __slots__ = ()


class DateTimeColumn(Column[MomentT], Local[MomentT]):
    """A date and time of day that belongs to no zone."""

    __slots__ = ()


class TimestampTzColumn(Column[MomentT], Zoned[MomentT]):
    """A moment: always with a time zone, read back in UTC."""

    __slots__ = ()


class IntervalColumn(Column[SpanT], Spanned[SpanT]):
    """A span of time, to the microsecond."""

    __slots__ = ()


class JsonColumn(Column[JsonT], Structured[JsonT]):
    """A JSON document. Edits in place are seen by `save`."""

    __slots__ = ()

    if TYPE_CHECKING:

        def __set__(self, instance: object, value: JsonT | JsonInput, /) -> None: ...


class UuidColumn(Column[UuidT], Orderable[UuidT, uuid.UUID]):
    """A UUID."""

    __slots__ = ()


class EnumColumn(Column[EnumT], Equatable[EnumT, EnumT]):
    """A member of one of the schema's enums."""

    __slots__ = ()
