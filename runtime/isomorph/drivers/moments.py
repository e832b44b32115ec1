"""Dates and moments kept as text: what SQLite lacks to calculate with them, to the microsecond. The driver registers it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from isomorph.drivers.troubles import MOMENT, ZONE, trouble

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = ["add_days", "add_span", "at_offset", "at_zone", "difference"]

T = TypeVar("T")

_MICROSECOND = dt.timedelta(microseconds=1)


def _within(make: Callable[[], T]) -> T:
    """What `make` gives; beyond Python's years, which are those of all databases, an error."""
    try:
        return make()
    except OverflowError:
        pass
    raise trouble(MOMENT)


def add_days(date: str | None, days: int | None) -> str | None:
    """`isomorph_add_days`: a date so many days later."""
    if date is None or days is None:
        return None
    return _within(lambda: dt.date.fromisoformat(date) + dt.timedelta(days)).isoformat()


def add_span(moment: str | None, microseconds: int | None) -> str | None:
    """`isomorph_add_span`: a moment so many microseconds later, in the form that it has."""
    if moment is None or microseconds is None:
        return None
    later = _within(lambda: dt.datetime.fromisoformat(moment) + dt.timedelta(microseconds=microseconds))
    return later.isoformat(" ", "microseconds")


def difference(left: str | None, right: str | None) -> int | None:
    """`isomorph_difference`: microseconds between two dates, or two moments."""
    if left is None or right is None:
        return None
    return (dt.datetime.fromisoformat(left) - dt.datetime.fromisoformat(right)) // _MICROSECOND


def at_offset(moment: str | None, microseconds: int | None) -> str | None:
    """`isomorph_at_offset`: what clocks show that are so far from UTC."""
    shown = add_span(moment, microseconds)
    return None if shown is None else shown.removesuffix("+00:00")


def at_zone(moment: str | None, name: str | None) -> str | None:
    """`isomorph_at_zone`: what the clocks of a zone show."""
    if moment is None or name is None:
        return None
    zone = _zone(name)
    if zone is None:
        raise trouble(ZONE)
    shown = _within(lambda: dt.datetime.fromisoformat(moment).astimezone(zone))
    return shown.replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo | None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 - takes longer than all else here, for one function

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return None
