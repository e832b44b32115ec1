"""How many: the check of numbers of rows and items that callers give."""

from __future__ import annotations

from isomorph.errors import InvalidValue

__all__ = ["at_least_one", "whole"]

_MOST = 2**63 - 1


def whole(number: int, where: str) -> int:
    """The number, if it is an int of 0 or more; one that no database could count to is cut to the largest it can.

    Raises:
        InvalidValue: it is not.
    """
    if type(number) is int and 0 <= number <= _MOST:  # at a glance: each limit is asked
        return number
    return _at_least(0, number, where)


def at_least_one(number: int, where: str) -> int:
    """The same for an int of 1 or more."""
    return _at_least(1, number, where)


def _at_least(least: int, number: int, where: str) -> int:
    if type(number) is not int or number < least:
        got = "less" if type(number) is int else type(number).__name__
        raise InvalidValue(where, f"an int of {least} or more", got)
    return min(number, _MOST)
