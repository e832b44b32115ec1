"""Numbers: arithmetic, and what else is computed of them.

Whole numbers are calculated with in 64 bits on every database, decimals exactly, floats as IEEE 754 has it; what leaves
that range is a `NumericOverflow`. Of NULL and anything the result is NULL.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias, cast, overload

from typing_extensions import TypeVar

from isomorph.catalog import FLOATS, INTEGERS, Kind
from isomorph.errors import InvalidValue
from isomorph.sql.arithmetic import (
    BIGINT,
    DECIMAL,
    DOUBLE,
    INT,
    SAFE_BITS,
    WIDE,
    WithinBits,
    bits_of,
    digits_of_rounding,
    floating,
    in_order,
    kind_of_values,
    whole,
    wide,
)
from isomorph.sql.calculating import Numeric
from isomorph.sql.calls import Call, Partial
from isomorph.sql.expressions import Bound, Expression
from isomorph.sql.kinds import Computed

__all__ = ["Approximate", "Exact", "Floating", "Fractional", "Integer", "Integral"]

T = TypeVar("T")

AnyNumber: TypeAlias = "int | float | Decimal"
NumberExpression: TypeAlias = "Expression[int] | Expression[float] | Expression[Decimal]"
MaybeNumberExpression: TypeAlias = "Expression[int | None] | Expression[float | None] | Expression[Decimal | None]"


def _power(base: Numeric[Any, Any, Any, Any], exponent: object) -> Any:
    """A number to the power of another, both as floats."""
    if isinstance(exponent, bool) or not isinstance(exponent, int | float | Decimal | Expression):
        raise InvalidValue(base._where(), "a number", "None" if exponent is None else type(exponent).__name__)
    if isinstance(exponent, Expression):
        kind = kind_of_values(exponent)  # pyright: ignore[reportUnknownArgumentType] - of any number
        if kind is not None and kind not in INTEGERS and kind not in FLOATS and kind is not Kind.DECIMAL:
            raise InvalidValue(base._where(), "a number", f"an expression of the type {kind}")
        beside: Expression[Any] = floating(exponent)  # pyright: ignore[reportUnknownArgumentType] - as above
    else:
        beside = Bound(DOUBLE.compared(float(exponent), base._where()), DOUBLE)
    return Floating[Any](Call[Any]("power", (floating(base), beside), DOUBLE), DOUBLE)


# --- whole numbers -------------------------------------------------------------------------------------------------------


class Integral(Numeric[T, int, "Integer[T]", "Integer[T | None]"]):
    """A whole number. Beside a decimal or a float it is one; `/` gives a float, `//` and `%` round down as in Python."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _takes(self, value: int, /) -> None: ...
        def _same(self) -> Integer[T]: ...
        def _known(self) -> Integer[int]: ...
        def _maybe(self) -> Integer[int | None]: ...

    @overload
    def __truediv__(self: Integral[int], other: int) -> Floating[float]: ...
    @overload
    def __truediv__(self, other: int | Expression[int | None]) -> Floating[float | None]: ...
    def __truediv__(self, other: object) -> Any:
        return self._quotient(other, swapped=False)

    def __rtruediv__(self, other: int | Expression[int | None]) -> Floating[float | None]:
        return cast("Floating[float | None]", self._quotient(other, swapped=True))

    @overload
    def __floordiv__(self, other: int) -> Integer[T]: ...
    @overload
    def __floordiv__(self, other: Expression[int | None]) -> Integer[T | None]: ...
    def __floordiv__(self, other: object) -> Any:
        return self._rounded_quotient("floor_divide", other, swapped=False)

    def __rfloordiv__(self, other: int | Expression[int | None]) -> Integer[int | None]:
        return cast("Integer[int | None]", self._rounded_quotient("floor_divide", other, swapped=True))

    @overload
    def __mod__(self, other: int) -> Integer[T]: ...
    @overload
    def __mod__(self, other: Expression[int | None]) -> Integer[T | None]: ...
    def __mod__(self, other: object) -> Any:
        return self._rounded_quotient("modulo", other, swapped=False)

    def __rmod__(self, other: int | Expression[int | None]) -> Integer[int | None]:
        return cast("Integer[int | None]", self._rounded_quotient("modulo", other, swapped=True))

    @overload
    def sign(self: Integral[int]) -> Integer[int]: ...
    @overload
    def sign(self: Integral[int | None]) -> Integer[int | None]: ...
    def sign(self) -> Any:
        """-1, 0 or 1."""
        return Integer[Any](Call[Any]("sign", (self,), INT), INT)

    @overload
    def power(self: Integral[int], exponent: AnyNumber | NumberExpression) -> Floating[float]: ...
    @overload
    def power(self, exponent: AnyNumber | MaybeNumberExpression) -> Floating[float | None]: ...
    def power(self, exponent: Any) -> Any:
        """The number to the power of another one, as a float.

        Raises:
            NumericOverflow: when the query runs: the result is too large, or no real number.
        """
        return _power(self, exponent)

    def sqrt(self) -> Floating[float | None]:
        """The square root; NULL for a negative number."""
        return Floating(Partial[Any]("sqrt", (floating(self),), DOUBLE), DOUBLE)

    def _sides(self, other: object) -> tuple[Expression[Any], Expression[Any]]:
        if kind_of_values(other) is Kind.UNSIGNED_BIGINT and self.codec.type.kind is not Kind.UNSIGNED_BIGINT:
            return Integer[Any](wide(self), WIDE)._sides(other)
        return super()._sides(other)

    def _calculated(self, name: str, other: object, *, swapped: bool = False) -> Any:
        kind = kind_of_values(other)
        if kind is Kind.DECIMAL or kind in FLOATS:
            return NotImplemented  # the other one calculates with whole numbers, too
        if Kind.UNSIGNED_BIGINT in (kind, self.codec.type.kind):
            return Integer[Any](
                Call[Any](name, in_order(wide(self), self._wide_beside(other), swapped=swapped), WIDE), WIDE
            )
        beside = self._beside(other)
        mine, others = bits_of(self), bits_of(beside)
        bits = mine + others if name == "multiply" else max(mine, others) + 1
        arguments = in_order(whole(self), whole(beside), swapped=swapped)
        if bits > SAFE_BITS:
            return Integer[Any](Call[Any](f"checked_{name}", arguments, BIGINT), BIGINT)
        return Integer[Any](WithinBits(name, arguments, bits), BIGINT)

    def _of_itself(self, name: str) -> Any:
        if self.codec.type.kind is Kind.UNSIGNED_BIGINT:
            return Integer[Any](Call[Any](name, (wide(self),), WIDE), WIDE)
        bits = bits_of(self)
        if bits > SAFE_BITS:
            return Integer[Any](Call[Any](f"checked_{name}", (whole(self),), BIGINT), BIGINT)
        return Integer[Any](WithinBits(name, (whole(self),), bits), BIGINT)

    def _quotient(self, other: object, *, swapped: bool) -> Any:
        kind = kind_of_values(other)
        if kind is Kind.DECIMAL or kind in FLOATS:
            return NotImplemented
        name, (left, right) = self._divided("divide", other, swapped=swapped)
        return Floating[Any](Call[Any](name, (floating(left), floating(right)), DOUBLE), DOUBLE)

    def _rounded_quotient(self, name: str, other: object, *, swapped: bool) -> Any:
        kind = kind_of_values(other)
        if kind is Kind.DECIMAL or kind in FLOATS:
            return NotImplemented
        _, arguments = self._divided(name, other, swapped=swapped)
        is_wide = Kind.UNSIGNED_BIGINT in (kind, self.codec.type.kind)
        codec, widened = (WIDE, wide) if is_wide else (BIGINT, whole)
        return Integer[Any](Call[Any](name, tuple(map(widened, arguments)), codec), codec)

    def _wide_beside(self, other: object) -> Expression[Any]:
        given: Any = other
        return wide(given if isinstance(other, Expression) else self._beside(other))


# --- decimals ------------------------------------------------------------------------------------------------------------


class Fractional(Numeric[T, Decimal | int, "Exact[T]", "Exact[T | None]"]):
    """An exact decimal number. A quotient has twelve digits behind the point, half a digit rounded away from zero."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _takes(self, value: Decimal | int, /) -> None: ...
        def _same(self) -> Exact[T]: ...
        def _known(self) -> Exact[Decimal]: ...
        def _maybe(self) -> Exact[Decimal | None]: ...

    @overload
    def __truediv__(self, other: Decimal | int) -> Exact[T]: ...
    @overload
    def __truediv__(self, other: Expression[Decimal | int | None]) -> Exact[T | None]: ...
    def __truediv__(self, other: object) -> Any:
        return self._quotient("divide", other, swapped=False)

    def __rtruediv__(self, other: Decimal | int | Expression[Decimal | int | None]) -> Exact[Decimal | None]:
        return cast("Exact[Decimal | None]", self._quotient("divide", other, swapped=True))

    @overload
    def __floordiv__(self, other: Decimal | int) -> Exact[T]: ...
    @overload
    def __floordiv__(self, other: Expression[Decimal | int | None]) -> Exact[T | None]: ...
    def __floordiv__(self, other: object) -> Any:
        return self._quotient("floor_divide", other, swapped=False)

    def __rfloordiv__(self, other: Decimal | int | Expression[Decimal | int | None]) -> Exact[Decimal | None]:
        return cast("Exact[Decimal | None]", self._quotient("floor_divide", other, swapped=True))

    @overload
    def __mod__(self, other: Decimal | int) -> Exact[T]: ...
    @overload
    def __mod__(self, other: Expression[Decimal | int | None]) -> Exact[T | None]: ...
    def __mod__(self, other: object) -> Any:
        return self._quotient("modulo", other, swapped=False)

    def __rmod__(self, other: Decimal | int | Expression[Decimal | int | None]) -> Exact[Decimal | None]:
        return cast("Exact[Decimal | None]", self._quotient("modulo", other, swapped=True))

    @overload
    def sign(self: Fractional[Decimal]) -> Integer[int]: ...
    @overload
    def sign(self: Fractional[Decimal | None]) -> Integer[int | None]: ...
    def sign(self) -> Any:
        """-1, 0 or 1."""
        return Integer[Any](Call[Any]("sign", (self,), INT), INT)

    @overload
    def round(self: Fractional[Decimal]) -> Integer[int]: ...
    @overload
    def round(self: Fractional[Decimal | None]) -> Integer[int | None]: ...
    @overload
    def round(self, digits: int) -> Exact[T]: ...
    def round(self, digits: int | None = None) -> Any:
        """The nearest number with so many digits behind the point, of two the one away from zero.

        Args:
            digits: from 0 to 30; without it the result is a whole number.
        """
        if digits is None:
            return _as_integer("round", self)
        return Exact[Any](Call[Any]("round_to", (self, digits_of_rounding(digits)), DECIMAL), DECIMAL)

    @overload
    def floor(self: Fractional[Decimal]) -> Integer[int]: ...
    @overload
    def floor(self: Fractional[Decimal | None]) -> Integer[int | None]: ...
    def floor(self) -> Any:
        """The greatest whole number that is not more."""
        return _as_integer("floor", self)

    @overload
    def ceil(self: Fractional[Decimal]) -> Integer[int]: ...
    @overload
    def ceil(self: Fractional[Decimal | None]) -> Integer[int | None]: ...
    def ceil(self) -> Any:
        """The least whole number that is not less."""
        return _as_integer("ceil", self)

    @overload
    def power(self: Fractional[Decimal], exponent: AnyNumber | NumberExpression) -> Floating[float]: ...
    @overload
    def power(self, exponent: AnyNumber | MaybeNumberExpression) -> Floating[float | None]: ...
    def power(self, exponent: Any) -> Any:
        """The number to the power of another one, as a float; see `Integral.power`."""
        return _power(self, exponent)

    def sqrt(self) -> Floating[float | None]:
        """The square root, as a float; NULL for a negative number."""
        return Floating(Partial[Any]("sqrt", (floating(self),), DOUBLE), DOUBLE)

    def _calculated(self, name: str, other: object, *, swapped: bool = False) -> Any:
        return Exact[Any](Call[Any](name, in_order(self, self._beside(other), swapped=swapped), DECIMAL), DECIMAL)

    def _of_itself(self, name: str) -> Any:
        return Exact[Any](Call[Any](name, (self,), DECIMAL), DECIMAL)

    def _quotient(self, name: str, other: object, *, swapped: bool) -> Any:
        function, arguments = self._divided(name, other, swapped=swapped)
        return Exact[Any](Call[Any](function, arguments, DECIMAL), DECIMAL)


def _as_integer(name: str, number: Expression[Any]) -> Any:
    return Integer[Any](Call[Any](name, (number,), BIGINT), BIGINT)


# --- floats --------------------------------------------------------------------------------------------------------------


class Approximate(Numeric[T, float, "Floating[T]", "Floating[T | None]"]):
    """A floating-point number."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _takes(self, value: float, /) -> None: ...
        def _same(self) -> Floating[T]: ...
        def _known(self) -> Floating[float]: ...
        def _maybe(self) -> Floating[float | None]: ...

    @overload
    def __truediv__(self, other: float) -> Floating[T]: ...
    @overload
    def __truediv__(self, other: Expression[float | None]) -> Floating[T | None]: ...
    def __truediv__(self, other: object) -> Any:
        return self._quotient(other, swapped=False)

    def __rtruediv__(self, other: float | Expression[float | None]) -> Floating[float | None]:
        return cast("Floating[float | None]", self._quotient(other, swapped=True))

    @overload
    def sign(self: Approximate[float]) -> Integer[int]: ...
    @overload
    def sign(self: Approximate[float | None]) -> Integer[int | None]: ...
    def sign(self) -> Any:
        """-1, 0 or 1."""
        return Integer[Any](Call[Any]("sign", (self,), INT), INT)

    @overload
    def round(self: Approximate[float]) -> Integer[int]: ...
    @overload
    def round(self: Approximate[float | None]) -> Integer[int | None]: ...
    @overload
    def round(self, digits: int) -> Floating[T]: ...
    def round(self, digits: int | None = None) -> Any:
        """The nearest number with so many digits behind the point, of two the one away from zero.

        What counts are the digits with which the number is written: 2.675 rounds to 2.68.

        Args:
            digits: from 0 to 30; without it the result is a whole number.

        Raises:
            NumericOverflow: when the query runs: a whole number of more than 64 bits.
        """
        if digits is None:
            return _as_integer("round", floating(self))
        return Floating[Any](Call[Any]("round_to", (floating(self), digits_of_rounding(digits)), DOUBLE), DOUBLE)

    @overload
    def floor(self: Approximate[float]) -> Integer[int]: ...
    @overload
    def floor(self: Approximate[float | None]) -> Integer[int | None]: ...
    def floor(self) -> Any:
        """The greatest whole number that is not more.

        Raises:
            NumericOverflow: when the query runs: it has more than 64 bits.
        """
        return _as_integer("floor", floating(self))

    @overload
    def ceil(self: Approximate[float]) -> Integer[int]: ...
    @overload
    def ceil(self: Approximate[float | None]) -> Integer[int | None]: ...
    def ceil(self) -> Any:
        """The least whole number that is not less; see `floor`."""
        return _as_integer("ceil", floating(self))

    @overload
    def power(self: Approximate[float], exponent: AnyNumber | NumberExpression) -> Floating[float]: ...
    @overload
    def power(self, exponent: AnyNumber | MaybeNumberExpression) -> Floating[float | None]: ...
    def power(self, exponent: Any) -> Any:
        """The number to the power of another one; see `Integral.power`."""
        return _power(self, exponent)

    def sqrt(self) -> Floating[float | None]:
        """The square root; NULL for a negative number."""
        return Floating(Partial[Any]("sqrt", (floating(self),), DOUBLE), DOUBLE)

    def _calculated(self, name: str, other: object, *, swapped: bool = False) -> Any:
        arguments = in_order(floating(self), floating(self._beside(other)), swapped=swapped)
        return Floating[Any](Call[Any](name, arguments, DOUBLE), DOUBLE)

    def _of_itself(self, name: str) -> Any:
        return Floating[Any](Call[Any](name, (floating(self),), DOUBLE), DOUBLE)

    def _quotient(self, other: object, *, swapped: bool) -> Any:
        name, (left, right) = self._divided("divide", other, swapped=swapped)
        return Floating[Any](Call[Any](name, (floating(left), floating(right)), DOUBLE), DOUBLE)


# --- what is computed ----------------------------------------------------------------------------------------------------


class Integer(Computed[T], Integral[T]):
    """A computed whole number."""

    __slots__ = ()


class Exact(Computed[T], Fractional[T]):
    """A computed decimal."""

    __slots__ = ()


class Floating(Computed[T], Approximate[T]):
    """A computed float."""

    __slots__ = ()
