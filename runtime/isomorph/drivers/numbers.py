"""What SQLite lacks for numbers: overflow as an error, division that rounds down, powers. Pure; the driver registers it."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal

from isomorph.catalog import INTEGERS, Kind
from isomorph.dialects.standard.functions import FIXED, NUMBER, WHOLE
from isomorph.drivers.decimals import Number, exact
from isomorph.drivers.troubles import OVERFLOW, trouble

__all__ = [
    "finite",
    "floor_divide",
    "modulo",
    "nearest",
    "power",
    "sign",
    "square_root",
    "to_decimal",
    "to_float",
    "to_int",
    "truncated",
    "whole",
]

_INTEGERS = INTEGERS[Kind.BIGINT]
_EXACT = Context(prec=2_000, rounding=ROUND_HALF_UP)


def whole(number: float | None) -> int | None:
    """`isomorph_whole`: an integer; what SQLite made a float of since it left 64 bits is refused."""
    if isinstance(number, float):
        raise trouble(OVERFLOW)
    return number


def finite(number: float | None) -> float | None:
    """`isomorph_finite`: a number other than an infinity."""
    if number is not None and math.isinf(number):
        raise trouble(OVERFLOW)
    return number


def nearest(number: Number) -> int | None:
    """`isomorph_nearest`: the nearest integer, of two the one away from zero."""
    if number is None:
        return None
    return whole_of(int(Decimal(str(number)).to_integral_value(ROUND_HALF_UP, _EXACT)))


def truncated(number: Number) -> int | None:
    """`isomorph_truncated`: an integer of what stands before the point."""
    return None if number is None else whole_of(int(exact(number)))


_WHOLE, _NUMBER, _FIXED = (re.compile(f"{pattern}\\Z") for pattern in (WHOLE, NUMBER, FIXED))


def to_int(text: str | None) -> int | None:
    """`isomorph_to_int`: an integer of its text; NULL for another text."""
    return int(text) if text is not None and _WHOLE.match(text) else None


def to_float(text: str | None) -> float | None:
    """`isomorph_to_float`: a float of its text; NULL for another text."""
    return float(text) if text is not None and _NUMBER.match(text) else None


def to_decimal(text: str | None) -> str | None:
    """`isomorph_to_decimal`: a decimal of its text; NULL for another text."""
    return format(Decimal(text), "f") if text is not None and _FIXED.match(text) else None


def floor_divide(left: Number, right: Number) -> str | int | None:
    """`isomorph_floor_divide`: the quotient rounded down; NULL where the divisor is 0."""
    if left is None or right is None:
        return None
    if isinstance(left, str) or isinstance(right, str):
        divisor = Decimal(str(right))
        return str(_floored(Decimal(str(left)), divisor)) if divisor else None
    return whole_of(int(left) // int(right)) if right else None


def modulo(left: Number, right: Number) -> str | int | None:
    """`isomorph_modulo`: what the quotient rounded down leaves, with the sign of the divisor; NULL where that is 0."""
    if left is None or right is None:
        return None
    if isinstance(left, str) or isinstance(right, str):
        dividend, divisor = Decimal(str(left)), Decimal(str(right))
        if not divisor:
            return None
        rest = _EXACT.subtract(dividend, _EXACT.multiply(divisor, _floored(dividend, divisor)))
        return format(rest or abs(rest), "f")
    return int(left) % int(right) if right else None


def whole_of(number: int) -> int:
    """The number, if SQLite holds it."""
    if number not in _INTEGERS:
        raise trouble(OVERFLOW)
    return number


def _floored(left: Decimal, right: Decimal) -> Decimal:
    """Of decimals Python's own `//` rounds towards zero."""
    quotient, rest = _EXACT.divmod(left, right)
    if rest and (rest < 0) != (right < 0):
        quotient -= 1
    return quotient + 0  # no -0


def sign(number: Number) -> int | None:
    """`isomorph_sign`: -1, 0 or 1."""
    if number is None:
        return None
    found = exact(number)
    return (found > 0) - (found < 0)


def power(base: float | None, exponent: float | None) -> float | None:
    """`isomorph_power`: a number to the power of another, both floats."""
    if base is None or exponent is None:
        return None
    try:
        return math.pow(base, exponent)
    except (OverflowError, ValueError):
        pass
    raise trouble(OVERFLOW)


def square_root(number: float | None) -> float | None:
    """`isomorph_sqrt`: NULL for a negative number."""
    return None if number is None or number < 0 else math.sqrt(number)
