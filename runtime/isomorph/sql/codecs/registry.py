"""Which check a column type's values pass: one table of all kinds, filled by the modules that know the types.

Owns the form of a check, what it raises, and how a check is made for a type. A module of checks declares a dict of
`Kind` to `MakeCheck`; the package's `__init__` merges these into `CHECKS`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import TypeAlias

from isomorph.catalog import ColumnType, Kind
from isomorph.dataclassing import dataclass
from isomorph.errors import InvalidValue, LimitExceeded

__all__ = ["CHECKS", "Check", "MakeCheck", "Refused", "Wanted", "always", "check_of", "kind_of"]

Check: TypeAlias = Callable[[object], object]
"""A value (never None) to the value that is kept of it; raises Refused."""


class Refused(Exception):
    """A check said no: what it expected and what it got, both without the value. Never leaves isomorph.

    Attributes:
        limit: name of the limit of `isomorph.limits` that was passed; empty when the value itself is wrong.
    """

    def __init__(self, expected: str, got: str, limit: str = "") -> None:
        super().__init__(expected, got)
        self.expected, self.got, self.limit = expected, got, limit

    def told(self, where: str) -> InvalidValue:
        """The error that the application sees.

        Args:
            where: `Model.field`.
        """
        if self.limit:
            return LimitExceeded(where, self.expected, self.got, self.limit)
        return InvalidValue(where, self.expected, self.got)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a check is wanted for.

    Attributes:
        column_type: the column type.
        enum_class: the class of its values, for an enum.
        stored: whether the value is to be stored; what is only compared may exceed length, scale and range.
    """

    column_type: ColumnType
    enum_class: type[enum.Enum] | None
    stored: bool


MakeCheck: TypeAlias = Callable[[Wanted], Check]
"""Makes the check of a kind for the arguments of a type."""

CHECKS: dict[Kind, MakeCheck] = {}


def check_of(wanted: Wanted) -> Check:
    """The check of a type, and what a check of elements (of an array, say) is made with."""
    return CHECKS[wanted.column_type.kind](wanted)


def always(check: Check) -> MakeCheck:
    """For a kind without arguments, whose values are stored and compared alike."""
    return lambda _: check


def kind_of(value: object) -> str:
    """What an error says that it got."""
    return "None" if value is None else type(value).__name__
