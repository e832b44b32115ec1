"""Dates, times of day and moments: their arithmetic, and how they become one another.

What is added is a span of time, as in Python; of a date whole days. The years of Python, 1 to 9999, are those of all
databases; what leaves them is an error or, on MariaDB, NULL.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, cast, get_args, overload

from typing_extensions import TypeVar

from isomorph.catalog import ColumnType, Kind
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.arithmetic import INT
from isomorph.sql.calendar import Clocked, Dated
from isomorph.sql.calls import Call
from isomorph.sql.codecs import codec_for
from isomorph.sql.expressions import Bound, Expression
from isomorph.sql.kinds import Computed, Ordered
from isomorph.sql.spans import INTERVAL, Span
from isomorph.sql.texts import TEXT

__all__ = [
    "DATE",
    "DATETIME",
    "TIME",
    "TIMESTAMPTZ",
    "Clock",
    "Daily",
    "Day",
    "Local",
    "LocalMoment",
    "Moment",
    "TimeOfDay",
    "Zoned",
]

T = TypeVar("T")
S_co = TypeVar("S_co", covariant=True, default=Any)
M_co = TypeVar("M_co", covariant=True, default=Any)

DATE = codec_for(ColumnType(Kind.DATE))
TIME = codec_for(ColumnType(Kind.TIME))
DATETIME = codec_for(ColumnType(Kind.DATETIME))
TIMESTAMPTZ = codec_for(ColumnType(Kind.TIMESTAMPTZ))

DayUnit: TypeAlias = Literal["year", "quarter", "month", "week", "day"]
Unit: TypeAlias = Literal[DayUnit, "hour", "minute", "second"]

_DAY_UNITS: tuple[str, ...] = get_args(DayUnit)
_UNITS: tuple[str, ...] = get_args(Unit)

_ONE_DAY = dt.timedelta(days=1)


# --- dates ---------------------------------------------------------------------------------------------------------------


class Daily(Ordered[T, dt.date], Dated[T]):
    """A date."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _takes(self, value: dt.date, /) -> None: ...
        def _same(self) -> Day[T]: ...
        def _known(self) -> Day[dt.date]: ...
        def _maybe(self) -> Day[dt.date | None]: ...

    def __add__(self, other: dt.timedelta) -> Day[T]:
        return self._moved(other, 1)

    def __radd__(self, other: dt.timedelta) -> Day[T]:
        return self._moved(other, 1)

    @overload
    def __sub__(self, other: dt.timedelta) -> Day[T]: ...
    @overload
    def __sub__(self: Daily[dt.date], other: dt.date | Expression[dt.date]) -> Span[dt.timedelta]: ...
    @overload
    def __sub__(self, other: dt.date | Expression[dt.date | None]) -> Span[dt.timedelta | None]: ...
    def __sub__(self, other: object) -> Any:
        return self._moved(other, -1) if isinstance(other, dt.timedelta) else _difference(self, _beside(self, other))

    @overload
    def __rsub__(self: Daily[dt.date], other: dt.date) -> Span[dt.timedelta]: ...
    @overload
    def __rsub__(self: Daily[dt.date | None], other: dt.date) -> Span[dt.timedelta | None]: ...
    def __rsub__(self, other: dt.date) -> Any:
        return _difference(_beside(self, other), self)

    def truncate(self, unit: DayUnit) -> Day[T]:
        """The first day of its year, quarter, month or week; weeks begin on Monday."""
        return Day(_truncated(self, unit, _DAY_UNITS), DATE)

    def _moved(self, by: object, sign: int) -> Day[Any]:
        where = self._where()
        if not isinstance(by, dt.timedelta):
            raise InvalidValue(where, "a timedelta of whole days", "None" if by is None else type(by).__name__)
        if by % _ONE_DAY:
            raise InvalidValue(where, "a timedelta of whole days", "one with a part of a day")
        return Day(Call[Any]("add_days", (self, Bound(sign * (by // _ONE_DAY), INT)), DATE), DATE)


class Day(Computed[T], Daily[T]):
    """A computed date."""

    __slots__ = ()


# --- times of day --------------------------------------------------------------------------------------------------------


class TimeOfDay(Ordered[T, dt.time], Clocked[T]):
    """A time of day."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _takes(self, value: dt.time, /) -> None: ...
        def _same(self) -> Clock[T]: ...
        def _known(self) -> Clock[dt.time]: ...
        def _maybe(self) -> Clock[dt.time | None]: ...


class Clock(Computed[T], TimeOfDay[T]):
    """A computed time of day."""

    __slots__ = ()


# --- moments -------------------------------------------------------------------------------------------------------------


class Momentary(Ordered[T, dt.datetime], Dated[T], Clocked[T], Generic[T, S_co, M_co]):
    """A date with a time of day. `S_co` is what is computed of it, `M_co` the same with NULL."""

    __slots__ = ()

    @overload
    def __add__(self, other: dt.timedelta | Expression[dt.timedelta]) -> S_co: ...
    @overload
    def __add__(self, other: Expression[dt.timedelta | None]) -> M_co: ...
    def __add__(self, other: object) -> Any:
        return self._moment(_moved("add_span", self, other))

    def __radd__(self, other: dt.timedelta) -> S_co:
        return cast("S_co", self._moment(_moved("add_span", self, other)))

    @overload
    def __sub__(self, other: dt.timedelta | Expression[dt.timedelta]) -> S_co: ...
    @overload
    def __sub__(
        self: Momentary[dt.datetime, Any, Any], other: dt.datetime | Expression[dt.datetime]
    ) -> Span[dt.timedelta]: ...
    @overload
    def __sub__(self, other: dt.datetime | Expression[dt.datetime | None]) -> Span[dt.timedelta | None]: ...
    @overload
    def __sub__(self, other: Expression[dt.timedelta | None]) -> M_co: ...
    def __sub__(self, other: object) -> Any:
        if _is_span(other):
            return self._moment(_moved("subtract_span", self, other))
        return _difference(self, _beside(self, other))

    @overload
    def __rsub__(self: Momentary[dt.datetime, Any, Any], other: dt.datetime) -> Span[dt.timedelta]: ...
    @overload
    def __rsub__(self: Momentary[dt.datetime | None, Any, Any], other: dt.datetime) -> Span[dt.timedelta | None]: ...
    def __rsub__(self, other: dt.datetime) -> Any:
        return _difference(_beside(self, other), self)

    @overload
    def date(self: Momentary[dt.datetime, Any, Any]) -> Day[dt.date]: ...
    @overload
    def date(self: Momentary[dt.datetime | None, Any, Any]) -> Day[dt.date | None]: ...
    def date(self) -> Any:
        """Its date; that of a moment with a zone in UTC."""
        return Day[Any](Call[Any]("date", (self,), DATE), DATE)

    @overload
    def time(self: Momentary[dt.datetime, Any, Any]) -> Clock[dt.time]: ...
    @overload
    def time(self: Momentary[dt.datetime | None, Any, Any]) -> Clock[dt.time | None]: ...
    def time(self) -> Any:
        """Its time of day; that of a moment with a zone in UTC."""
        return Clock[Any](Call[Any]("time", (self,), TIME), TIME)

    def truncate(self, unit: Unit) -> S_co:
        """The start of its year, quarter, month, week, day, hour, minute or second; weeks begin on Monday."""
        return cast("S_co", self._moment(_truncated(self, unit, _UNITS)))

    def _moment(self, node: Expression[Any]) -> Any:
        """What is computed, with the operators of its type."""
        raise NotImplementedError


class Local(Momentary[T, "LocalMoment[T]", "LocalMoment[T | None]"]):
    """A date and time of day that belongs to no zone."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _takes(self, value: dt.datetime, /) -> None: ...
        def _same(self) -> LocalMoment[T]: ...
        def _known(self) -> LocalMoment[dt.datetime]: ...
        def _maybe(self) -> LocalMoment[dt.datetime | None]: ...

    def _moment(self, node: Expression[Any]) -> Any:
        return LocalMoment[Any](node, DATETIME)


class LocalMoment(Computed[T], Local[T]):
    """A computed date and time of day."""

    __slots__ = ()


class Zoned(Momentary[T, "Moment[T]", "Moment[T | None]"]):
    """A moment: always with a time zone. Its parts are those in UTC; `at_zone` gives the clock of another zone."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _takes(self, value: dt.datetime, /) -> None: ...
        def _same(self) -> Moment[T]: ...
        def _known(self) -> Moment[dt.datetime]: ...
        def _maybe(self) -> Moment[dt.datetime | None]: ...

    def at_zone(self, zone: str) -> LocalMoment[T]:
        """What the clocks of a zone show: `User.joined.at_zone("Europe/Berlin").hour()`.

        Args:
            zone: `UTC`, an offset such as `+05:30`, or a name such as `Europe/Berlin` (not on MariaDB and MySQL, which
                know names only once somebody has loaded them).

        Raises:
            InvalidValue: it is none of these.
            NotSupported: when the query is compiled: a name, for MariaDB or MySQL.
            StatementFailed: when it runs: the database knows no zone of that name.
        """
        offset = _offset(zone)
        if offset is None:
            return LocalMoment(Call[Any]("at_zone", (self, Bound(zone, TEXT)), DATETIME), DATETIME)
        return LocalMoment(Call[Any]("at_offset", (self, Bound(offset, INTERVAL)), DATETIME), DATETIME)

    def _moment(self, node: Expression[Any]) -> Any:
        return Moment[Any](node, TIMESTAMPTZ)


class Moment(Computed[T], Zoned[T]):
    """A computed moment."""

    __slots__ = ()


# --- how -----------------------------------------------------------------------------------------------------------------


def _beside(moment: Ordered[Any, Any], other: object) -> Expression[Any]:
    if other is None:
        raise InvalidQuery(f"{moment._where()}: nothing is taken from None", "use coalesce()")
    return moment._operand(other)


def _is_span(other: object) -> bool:
    if isinstance(other, Expression):
        codec = other._codec()
        return codec is not None and codec.type.kind is Kind.INTERVAL
    return isinstance(other, dt.timedelta)


def _moved(name: str, moment: Ordered[Any, Any], by: Any) -> Expression[Any]:
    if not _is_span(by):
        got = "an expression of another type" if isinstance(by, Expression) else type(by).__name__
        raise InvalidValue(moment._where(), "a timedelta", "None" if by is None else got)
    span = Bound[Any](INTERVAL.compared(by, moment._where()), INTERVAL) if isinstance(by, dt.timedelta) else by
    return Call(name, (moment, span), moment.codec)


def _difference(left: Expression[Any], right: Expression[Any]) -> Span[Any]:
    return Span(Call[Any]("difference", (left, right), INTERVAL), INTERVAL)


def _truncated(moment: Ordered[Any, Any], unit: str, units: tuple[str, ...]) -> Expression[Any]:
    if unit not in units:
        raise InvalidValue("truncate()", f"one of {', '.join(units)}", "another unit")
    return Call(f"truncate_{unit}", (moment,), moment.codec)


_OFFSET = re.compile(r"([+-])([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
# PostgreSQL takes a name that it does not know and that ends with a number for a zone so many hours away, without a word;
# only these have one.
_ZONE = re.compile(
    r"[A-Z][A-Za-z_]*(?:/[A-Za-z_-]+){1,2}|Etc/GMT(?:[+-]?0|\+(?:[1-9]|1[0-2])|-(?:[1-9]|1[0-4]))", re.ASCII
)


def _offset(zone: object) -> dt.timedelta | None:
    """The distance of a zone from UTC; None for one that has a name.

    Raises:
        InvalidValue: it is neither.
    """
    expected = 'a zone such as "UTC", "+05:30" or "Europe/Berlin"'
    if not isinstance(zone, str):
        raise InvalidValue("at_zone()", expected, "None" if zone is None else type(zone).__name__)
    if zone == "UTC":
        return dt.timedelta()
    if match := _OFFSET.fullmatch(zone):
        distance = dt.timedelta(hours=int(match[2]), minutes=int(match[3]))
        return distance if match[1] == "+" else -distance
    if _ZONE.fullmatch(zone):
        return None
    raise InvalidValue("at_zone()", expected, "another text")
