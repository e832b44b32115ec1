"""The nodes of arithmetic: in which width numbers are calculated with, and what that makes of an operand.

Whole numbers are calculated with in 64 bits; those of an unsigned bigint, which leaves them, as decimals.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from isomorph import dialects
from isomorph.catalog import INTEGERS, ColumnType, Kind
from isomorph.dialects.standard.types import load_int
from isomorph.errors import InvalidValue
from isomorph.sql.calls import Call, Partial
from isomorph.sql.codecs import Codec, Refused, codec_for
from isomorph.sql.codecs.registry import kind_of
from isomorph.sql.expressions import Bound, Expression
from isomorph.sql.kinds import Computed

__all__ = [
    "BIGINT",
    "DECIMAL",
    "DOUBLE",
    "INT",
    "SAFE_BITS",
    "WIDE",
    "WithinBits",
    "bits_of",
    "digits_of_rounding",
    "floating",
    "in_order",
    "kind_of_values",
    "nonzero",
    "whole",
    "wide",
]

INT = codec_for(ColumnType(Kind.INT))
BIGINT = codec_for(ColumnType(Kind.BIGINT))
DECIMAL = codec_for(ColumnType(Kind.DECIMAL))
DOUBLE = codec_for(ColumnType(Kind.DOUBLE))

_MOST_DIGITS = 30
"""Digits behind the point that every database can round to."""


class _Wide(Codec):
    """Whole numbers beyond 64 bits: databases calculate with them as decimals."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(ColumnType(Kind.UNSIGNED_BIGINT))
        self.compare = _any_whole
        for dialect in dialects.NAMES:
            self.loads[dialect] = load_int


def _any_whole(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused("an int", kind_of(value))
    return value


WIDE = _Wide()


def nonzero(divisor: Expression[Any]) -> Expression[Any]:
    """A divisor; NULL where it is 0."""
    return Partial("nonzero", (divisor,), divisor._codec())


def in_order(left: Expression[Any], right: Expression[Any], *, swapped: bool) -> tuple[Expression[Any], ...]:
    """Both operands, the other way round where that is asked for."""
    return (right, left) if swapped else (left, right)


def kind_of_values(expression: object) -> Kind | None:
    """The kind of an expression's values; None for what is none, or of an unknown type."""
    codec = expression._codec() if isinstance(expression, Expression) else None
    return None if codec is None else codec.type.kind


def floating(number: Expression[Any]) -> Expression[Any]:
    """A number as a float of 64 bits."""
    if isinstance(number, Bound):
        return Bound(float(cast("int | float | Decimal", number.value)), DOUBLE)
    return number if kind_of_values(number) is Kind.DOUBLE else Call("floating", (number,), DOUBLE)


SAFE_BITS = 62
"""Numbers of so many bits are within 64 for certain, sign and all."""

_CLASSES = (15, 31, 64)
_BITS = {kind: held.stop.bit_length() - 1 for kind, held in INTEGERS.items()}


class WithinBits(Call[Any]):
    """A whole number of which is known that it lies between -2**bits and 2**bits."""

    __slots__ = ("bits",)

    def __init__(self, name: str, arguments: tuple[Expression[Any], ...], bits: int) -> None:
        super().__init__(name, arguments, BIGINT)
        self.bits = bits


def bits_of(expression: Expression[Any]) -> int:
    """How many bits a whole number has at most, as far as anybody knows."""
    node = expression.node if isinstance(expression, Computed) else expression
    if isinstance(node, WithinBits):
        return node.bits
    if isinstance(node, Bound):
        # In classes, for the text of a statement depends on its values as little as possible.
        size = max(abs(cast(int, node.value)) - 1, 0).bit_length()
        return next(bits for bits in _CLASSES if size <= bits)
    return _BITS.get(kind_of_values(expression) or Kind.BIGINT, 63)


def whole(number: Expression[Any]) -> Expression[Any]:
    """A whole number as one of 64 bits."""
    if isinstance(number, Bound):
        return Bound(number.value, BIGINT)
    return number if kind_of_values(number) is Kind.BIGINT else Call("whole", (number,), BIGINT)


def wide(number: Expression[Any]) -> Expression[Any]:
    """A whole number as one of any size."""
    if isinstance(number, Bound):
        return Bound(number.value, WIDE)
    return Call("exact", (number,), WIDE)


def digits_of_rounding(digits: int) -> Expression[Any]:
    """How many digits to round to.

    Raises:
        InvalidValue: it is no number of digits.
    """
    if type(digits) is not int or not 0 <= digits <= _MOST_DIGITS:
        got = "another number" if type(digits) is int else type(digits).__name__
        raise InvalidValue("round()", f"digits from 0 to {_MOST_DIGITS}", got)
    return Bound(digits, INT)
