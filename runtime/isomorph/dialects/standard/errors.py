"""From a driver's failure to the error that the application sees: the part that all dialects share.

A dialect's rules are a table from its codes to `Rule`. What is read out of the driver's text are names only (tables,
columns, constraints), never values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Failure
from isomorph.errors import ConstraintViolation, DatabaseError, NumericOverflow, StatementFailed

__all__ = [
    "BEYOND_YEARS",
    "SEVERAL_ROWS",
    "TOO_LONG",
    "UNKNOWN_ZONE",
    "Rule",
    "Where",
    "failed",
    "identifiers",
    "violated",
]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a code means.

    Attributes:
        error: the class raised for it.
        mend: how to mend it, where the class's own mend is too general.
    """

    error: type[DatabaseError]
    mend: str | None = None


BEYOND_YEARS = Rule(NumericOverflow, "dates and moments are those of the years 1 to 9999: leave out rows beyond them")
SEVERAL_ROWS = Rule(
    StatementFailed, "several rows where one is meant: limit(1) a sub-query that stands for a value, or aggregate it"
)
TOO_LONG = Rule(StatementFailed, "a text is longer than its column takes: cut it, or make the column longer")
UNKNOWN_ZONE = Rule(StatementFailed, "name a time zone that the database knows, or convert the moments in Python")


@dataclass(frozen=True, slots=True)
class Where:
    """Where a constraint was violated, as far as the database says."""

    table: str | None = None
    columns: tuple[str, ...] = ()
    constraint: str | None = None


_NOWHERE = Where()


def failed(rule: Rule, failure: Failure) -> DatabaseError:
    """The error that the rule gives for the failure."""
    error = rule.error(failure.code, failure.error)
    if rule.mend is not None:
        error.mend = rule.mend
    return error


def violated(rule: Rule, failure: Failure, readers: Mapping[str, Callable[[Failure], Where]]) -> DatabaseError:
    """The same, with the place that the reader of the failure's code finds when the rule gives a violation."""
    error = failed(rule, failure)
    if isinstance(error, ConstraintViolation):
        reader = readers.get(failure.code)
        where = _NOWHERE if reader is None else reader(failure)
        error.table, error.columns, error.constraint = where.table, where.columns, where.constraint
    return error


_IDENTIFIER = re.compile(r'"((?:[^"]|"")+)"|([^\W\d][\w$]*)')


def identifiers(text: str) -> tuple[str, ...]:
    """The names of a list such as `a, "B c"`; none when it holds anything but names (an indexed expression)."""
    names: list[str] = []
    position = 0
    while match := _IDENTIFIER.match(text, position):
        names.append(match[2] or match[1].replace('""', '"'))
        if match.end() == len(text):
            return tuple(names)
        if not text.startswith(", ", match.end()):
            break
        position = match.end() + 2
    return ()
