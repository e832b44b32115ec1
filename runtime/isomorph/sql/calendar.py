"""Parts of dates and times. Those of a `timestamptz` are in UTC; `at_zone` gives the wall clock of another zone."""

from __future__ import annotations

import datetime as dt
from typing import Any, overload

from typing_extensions import TypeVar

from isomorph.sql.arithmetic import INT
from isomorph.sql.calls import Call
from isomorph.sql.expressions import Expression
from isomorph.sql.numbers import Integer

__all__ = ["Clocked", "Dated"]

T = TypeVar("T")


def _part(name: str, of: Expression[Any]) -> Any:
    return Integer[Any](Call[Any](name, (of,), INT), INT)


class Dated(Expression[T]):
    """Has a date."""

    __slots__ = ()

    @overload
    def year(self: Dated[dt.date] | Dated[dt.datetime]) -> Integer[int]: ...
    @overload
    def year(self: Dated[dt.date | None] | Dated[dt.datetime | None]) -> Integer[int | None]: ...
    def year(self) -> Any:
        """The year."""
        return _part("year", self)

    @overload
    def quarter(self: Dated[dt.date] | Dated[dt.datetime]) -> Integer[int]: ...
    @overload
    def quarter(self: Dated[dt.date | None] | Dated[dt.datetime | None]) -> Integer[int | None]: ...
    def quarter(self) -> Any:
        """The quarter of the year, from 1 to 4."""
        return _part("quarter", self)

    @overload
    def month(self: Dated[dt.date] | Dated[dt.datetime]) -> Integer[int]: ...
    @overload
    def month(self: Dated[dt.date | None] | Dated[dt.datetime | None]) -> Integer[int | None]: ...
    def month(self) -> Any:
        """The month, from 1 to 12."""
        return _part("month", self)

    @overload
    def day(self: Dated[dt.date] | Dated[dt.datetime]) -> Integer[int]: ...
    @overload
    def day(self: Dated[dt.date | None] | Dated[dt.datetime | None]) -> Integer[int | None]: ...
    def day(self) -> Any:
        """The day of the month, from 1 to 31."""
        return _part("day", self)

    @overload
    def day_of_year(self: Dated[dt.date] | Dated[dt.datetime]) -> Integer[int]: ...
    @overload
    def day_of_year(self: Dated[dt.date | None] | Dated[dt.datetime | None]) -> Integer[int | None]: ...
    def day_of_year(self) -> Any:
        """The day of the year, from 1 to 366."""
        return _part("day_of_year", self)

    @overload
    def weekday(self: Dated[dt.date] | Dated[dt.datetime]) -> Integer[int]: ...
    @overload
    def weekday(self: Dated[dt.date | None] | Dated[dt.datetime | None]) -> Integer[int | None]: ...
    def weekday(self) -> Any:
        """The day of the week (ISO 8601), from 1 for Monday to 7 for Sunday."""
        return _part("weekday", self)

    @overload
    def week(self: Dated[dt.date] | Dated[dt.datetime]) -> Integer[int]: ...
    @overload
    def week(self: Dated[dt.date | None] | Dated[dt.datetime | None]) -> Integer[int | None]: ...
    def week(self) -> Any:
        """The week of the year (ISO 8601), from 1 to 53; the first one has the year's first Thursday."""
        return _part("week", self)

    @overload
    def week_year(self: Dated[dt.date] | Dated[dt.datetime]) -> Integer[int]: ...
    @overload
    def week_year(self: Dated[dt.date | None] | Dated[dt.datetime | None]) -> Integer[int | None]: ...
    def week_year(self) -> Any:
        """The year that the week belongs to (ISO 8601)."""
        return _part("week_year", self)


class Clocked(Expression[T]):
    """Has a time of day."""

    __slots__ = ()

    @overload
    def hour(self: Clocked[dt.time] | Clocked[dt.datetime]) -> Integer[int]: ...
    @overload
    def hour(self: Clocked[dt.time | None] | Clocked[dt.datetime | None]) -> Integer[int | None]: ...
    def hour(self) -> Any:
        """The hour, from 0 to 23."""
        return _part("hour", self)

    @overload
    def minute(self: Clocked[dt.time] | Clocked[dt.datetime]) -> Integer[int]: ...
    @overload
    def minute(self: Clocked[dt.time | None] | Clocked[dt.datetime | None]) -> Integer[int | None]: ...
    def minute(self) -> Any:
        """The minute, from 0 to 59."""
        return _part("minute", self)

    @overload
    def second(self: Clocked[dt.time] | Clocked[dt.datetime]) -> Integer[int]: ...
    @overload
    def second(self: Clocked[dt.time | None] | Clocked[dt.datetime | None]) -> Integer[int | None]: ...
    def second(self) -> Any:
        """The second without its fraction, from 0 to 59."""
        return _part("second", self)

    @overload
    def microsecond(self: Clocked[dt.time] | Clocked[dt.datetime]) -> Integer[int]: ...
    @overload
    def microsecond(self: Clocked[dt.time | None] | Clocked[dt.datetime | None]) -> Integer[int | None]: ...
    def microsecond(self) -> Any:
        """The fraction of the second, from 0 to 999,999."""
        return _part("microsecond", self)
