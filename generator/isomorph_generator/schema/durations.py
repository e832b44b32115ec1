"""Reads spans of time as a schema writes them: `1d 2h 30min`, `-1.5s`."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from typing import Final

from isomorph.catalog import INTERVAL_MICROSECONDS

__all__ = ["duration", "duration_text"]

_SECOND = 1_000_000
_MICROSECONDS: Final = {
    "w": 7 * 86_400 * _SECOND,
    "d": 86_400 * _SECOND,
    "h": 3_600 * _SECOND,
    "min": 60 * _SECOND,
    "s": _SECOND,
    "ms": 1_000,
    "us": 1,
}
_PART = re.compile(r"\s*([0-9]{1,20}(?:\.[0-9]{1,20})?)\s*(w|d|h|min|s|ms|us)(?![a-z])")


def duration(text: str) -> dt.timedelta:
    """The span of time that a text means: numbers with units (w, d, h, min, s, ms, us), added up; `-` in front of all.

    Raises:
        ValueError: it means none, has a part of a microsecond, or is beyond what an interval holds.
    """
    bare = text.strip()
    rest = bare.removeprefix("-")
    total = Fraction(0)
    while rest:
        part = _PART.match(rest)
        if part is None:
            raise ValueError("no number with a unit")
        total += Fraction(part[1]) * _MICROSECONDS[part[2]]
        rest = rest[part.end() :]
    if total.denominator != 1 or not bare.strip("-"):
        raise ValueError("no whole number of microseconds")
    microseconds = -int(total) if bare.startswith("-") else int(total)
    if microseconds not in INTERVAL_MICROSECONDS:
        raise ValueError("beyond 64 bits of microseconds")
    return dt.timedelta(microseconds=microseconds)


def duration_text(span: dt.timedelta) -> str:
    """The shortest text that `duration` reads as that span."""
    microseconds = span // dt.timedelta(microseconds=1)
    parts: list[str] = []
    rest = abs(microseconds)
    for unit, size in _MICROSECONDS.items():
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return ("-" if microseconds < 0 else "") + (" ".join(parts) or "0s")
