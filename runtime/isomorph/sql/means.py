"""Means of decimals, to the digits that all databases give. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal

__all__ = ["MEAN", "rounded_mean"]

MEAN = Context(prec=28, rounding=ROUND_HALF_EVEN)
"""How a sum is divided by a number of values: to 28 digits, as Python's own decimals are."""


def rounded_mean(value: object) -> Decimal:
    """A mean as a database calculated it, which knows more digits, without zeros at its end."""
    assert isinstance(value, Decimal)  # every driver gives means of decimals so, or the load before makes them
    rounded = MEAN.plus(value).normalize(MEAN)
    _, _, exponent = rounded.as_tuple()
    return rounded.quantize(Decimal(1), context=MEAN) if isinstance(exponent, int) and 0 < exponent < 20 else rounded
