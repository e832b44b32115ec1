"""Adding up values in Python as exactly as they allow. Pure."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal
from typing import Any

__all__ = ["mean", "total"]

_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Adds without rounding; Python's own context keeps 28 digits."""

_MEAN = Context(prec=28, rounding=ROUND_HALF_EVEN)


def total(values: Iterable[Any]) -> Any:
    """The sum of values, None among them left out; None when there are none.

    Integers, decimals and timedeltas are added exactly; of floats the sum is the float nearest to the exact one,
    whatever their order.

    Raises:
        TypeError: values that cannot be added to one another: a Decimal and a float.
    """
    known = [value for value in values if value is not None]
    if not known:
        return None
    if any(isinstance(value, Decimal) for value in known):
        found = Decimal(0)
        for value in known:
            found = _EXACT.add(found, value)
        return found
    if any(isinstance(value, float) for value in known):
        try:
            return math.fsum(known)
        except (OverflowError, ValueError):  # infinities: as IEEE 754 has it
            return sum(known)
    return sum(known, dt.timedelta()) if isinstance(known[0], dt.timedelta) else sum(known)


def mean(values: Iterable[Any]) -> Any:
    """The mean of values, None among them left out; None when there are none.

    A Decimal (28 digits) for decimals, a timedelta for timedeltas, else a float.
    """
    known = [value for value in values if value is not None]
    added = total(known)
    if added is None:
        return None
    return _MEAN.divide(added, Decimal(len(known))) if isinstance(added, Decimal) else added / len(known)
