"""Families of types that can be compared with each other, and what a part of an expression is known to be."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from isomorph.catalog import NUMBERS, TEXTS, Expression, Kind, Literal, LiteralValue
from isomorph_generator.schema.durations import duration

__all__ = ["EXAMPLES", "FAMILIES", "FROM_TEXT", "ORDERED", "READERS", "Family", "Typed"]


class Family(enum.Enum):
    """Types that can be compared with each other; the value is the word for one of them."""

    NUMBER = "a number"
    TEXT = "a text"
    FLAG = "true or false"
    ENUM = "a value of the enum"
    UUID = "a uuid"
    DATE = "a date"
    TIME = "a time"
    DATETIME = "a date and time without offset"
    TIMESTAMPTZ = "a date and time with offset"
    INTERVAL = "a span of time"
    BYTES = "bytes"
    JSON = "json"
    OTHER = "of a type that expressions cannot say more of"
    NULL = "null"
    CONDITION = "a condition"
    UNKNOWN = "unknown"


FAMILIES: Final[Mapping[Kind, Family]] = {
    Kind.BOOL: Family.FLAG,
    **dict.fromkeys(NUMBERS, Family.NUMBER),
    **dict.fromkeys(TEXTS, Family.TEXT),
    Kind.BYTES: Family.BYTES,
    Kind.DATE: Family.DATE,
    Kind.TIME: Family.TIME,
    Kind.DATETIME: Family.DATETIME,
    Kind.TIMESTAMPTZ: Family.TIMESTAMPTZ,
    Kind.INTERVAL: Family.INTERVAL,
    Kind.JSON: Family.JSON,
    Kind.UUID: Family.UUID,
    Kind.ENUM: Family.ENUM,
}
_TIMES = frozenset({Family.DATE, Family.TIME, Family.DATETIME, Family.TIMESTAMPTZ, Family.INTERVAL})
ORDERED = _TIMES | {Family.NUMBER, Family.TEXT, Family.UNKNOWN}
FROM_TEXT = _TIMES | {Family.UUID, Family.ENUM}
EXAMPLES = {
    Family.DATE: "'2024-12-31'",
    Family.TIME: "'23:59:59'",
    Family.DATETIME: "'2024-12-31T23:59:59'",
    Family.TIMESTAMPTZ: "'2024-12-31T23:59:59+00:00'",
    Family.INTERVAL: "'1d 2h 30min'",
    Family.UUID: "'01234567-89ab-cdef-0123-456789abcdef'",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """A part of an expression.

    Attributes:
        expression: its form in the catalog.
        family: what it can be compared with.
        index: where it stands.
        kind: the kind of its values; None where the family says it all.
        enum: its enum, for values of one.
        name: what it is called in a message; empty for constants.
    """

    expression: Expression
    family: Family
    index: int
    kind: Kind | None = None
    enum: str | None = None
    name: str = ""

    @property
    def constant(self) -> bool:
        """Whether it is spelled out."""
        return isinstance(self.expression, Literal)

    @property
    def called(self) -> str:
        """The part in a message, without any value."""
        return f'"{self.name}"' if self.name else self.family.value

    @property
    def told(self) -> str:
        """The part and what it is."""
        what = self.family.value if self.enum is None else f"{self.family.value} {self.enum}"
        return f"{self.called} is {what}" if self.name else what


# --- texts that mean other values ----------------------------------------------------------------------------------------


def _datetime(text: str) -> dt.datetime:
    value = dt.datetime.fromisoformat(text)
    if value.tzinfo is not None:
        raise ValueError(text)
    return value


def _timestamptz(text: str) -> dt.datetime:
    value = dt.datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError(text)
    return value


def _time(text: str) -> dt.time:
    value = dt.time.fromisoformat(text)
    if value.tzinfo is not None:
        raise ValueError(text)
    return value


READERS: Final[Mapping[Family, Callable[[str], LiteralValue]]] = {
    Family.DATE: dt.date.fromisoformat,
    Family.TIME: _time,
    Family.DATETIME: _datetime,
    Family.TIMESTAMPTZ: _timestamptz,
    Family.INTERVAL: duration,
    Family.UUID: lambda text: str(uuid.UUID(text)),
}
