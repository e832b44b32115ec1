"""Decimals kept as text: how SQLite orders, calculates with and averages them, exactly. Pure; the driver registers it."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import TypeAlias

from isomorph.catalog import INTEGERS, Kind
from isomorph.dialects.standard.formulas import QUOTIENT_DIGITS
from isomorph.drivers.troubles import OVERFLOW, trouble

__all__ = [
    "ARITHMETIC",
    "DecimalAverage",
    "DecimalSum",
    "IntegerAverage",
    "absolute",
    "ceiling",
    "compare_decimals",
    "exact",
    "fitted",
    "floored",
    "rounded",
]

Number: TypeAlias = str | float | None
"""A decimal as text, or a number of SQLite's own; NULL is None."""

# Wider than any sum of columns with up to 1,000 digits, so that adding never rounds.
_EXACT = Context(prec=2_000)
# What PostgreSQL's avg() keeps at least is 16 significant digits; Python's own default is 28.
_QUOTIENT = Context(prec=28, rounding=ROUND_HALF_EVEN)


def compare_decimals(left: str, right: str) -> int:
    """Order two texts as numbers; texts that are no numbers come last, in text order.

    A collation must never raise: SQLite would take the order for arbitrary and build a wrong index.
    """
    if left == right:
        return 0
    a, b = _key(left), _key(right)
    return -1 if a < b else 1 if a > b else 0


def _key(text: str) -> tuple[int, Decimal, str]:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return 1, _ZERO, text
    return (0, number, "") if number.is_finite() else (1, _ZERO, text)


_ZERO = Decimal(0)


def _exactly(operation: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Number, Number], str | None]:
    def calculate(left: Number, right: Number) -> str | None:
        if left is None or right is None:
            return None
        return format(operation(Decimal(str(left)), Decimal(str(right))), "f")

    return calculate


def _divided(left: Number, right: Number) -> str | None:
    """The quotient, rounded to the digits that all databases give; NULL where the divisor is 0."""
    if left is None or right is None or not (divisor := Decimal(str(right))):
        return None
    return rounded(format(_EXACT.divide(Decimal(str(left)), divisor), "f"), QUOTIENT_DIGITS)


ARITHMETIC = {
    "isomorph_add": _exactly(_EXACT.add),
    "isomorph_subtract": _exactly(_EXACT.subtract),
    "isomorph_multiply": _exactly(_EXACT.multiply),
    "isomorph_divide": _divided,
}
"""What stands for + - * / between decimals, by the name of the SQL function; the results are text again."""


def rounded(value: Number, digits: int) -> str | None:
    """`isomorph_round`: a number as text with so many digits behind the point, halves away from zero."""
    if value is None:
        return None
    number = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP, context=_EXACT)
    return format(number or abs(number), "f")  # no "-0.00"


def fitted(value: Number, precision: int, scale: int) -> str | None:
    """`isomorph_fit`: a number as a column of so many digits keeps it; too large a one is an error, as elsewhere."""
    text = rounded(value, scale)
    if text is not None and abs(Decimal(text)) >= Decimal(1).scaleb(precision - scale):
        raise trouble(OVERFLOW)
    return text


def absolute(value: Number) -> str | None:
    """`isomorph_abs`: a decimal without its sign."""
    return None if value is None else format(_EXACT.abs(Decimal(str(value))), "f")


def floored(value: Number) -> int | None:
    """`isomorph_floor`: the greatest integer that is not more."""
    return None if value is None else _held(math.floor(exact(value)))


def ceiling(value: Number) -> int | None:
    """`isomorph_ceil`: the least integer that is not less."""
    return None if value is None else _held(math.ceil(exact(value)))


def exact(value: str | float) -> Decimal | float:
    """A decimal kept as text, or a number of SQLite's own, as a number of Python's."""
    return Decimal(value) if isinstance(value, str) else value


def _held(number: int) -> int:
    """The number, if SQLite holds it."""
    if number not in _INTEGERS:
        raise trouble(OVERFLOW)
    return number


_INTEGERS = INTEGERS[Kind.BIGINT]


class DecimalSum:
    """`isomorph_sum`: the exact sum as text, NULL over no values; also a window function."""

    def __init__(self) -> None:
        self._total, self._count = _ZERO, 0

    def step(self, value: Number) -> None:
        if value is not None:
            self._total = _EXACT.add(self._total, Decimal(str(value)))
            self._count += 1

    def inverse(self, value: Number) -> None:
        if value is not None:
            self._total = _EXACT.subtract(self._total, Decimal(str(value)))
            self._count -= 1

    def value(self) -> str | None:
        return format(self._total, "f") if self._count else None

    def finalize(self) -> str | None:
        return self.value()


class DecimalAverage(DecimalSum):
    """`isomorph_avg`: the average as text, to 28 significant digits."""

    def value(self) -> str | None:
        return format(_QUOTIENT.divide(self._total, Decimal(self._count)), "f") if self._count else None


class IntegerAverage:
    """`isomorph_mean`: the float that is nearest to the average of whole numbers; also a window function."""

    def __init__(self) -> None:
        self._total = self._count = 0

    def step(self, value: int | None) -> None:
        if value is not None:
            self._total += value
            self._count += 1

    def inverse(self, value: int | None) -> None:
        if value is not None:
            self._total -= value
            self._count -= 1

    def value(self) -> float | None:
        return self._total / self._count if self._count else None

    def finalize(self) -> float | None:
        return self.value()
