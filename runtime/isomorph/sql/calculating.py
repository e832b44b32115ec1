"""Operators of numbers: which operands they take and in which order. What they give is each number's own."""

from __future__ import annotations

from typing import Any, Generic, cast, overload

from typing_extensions import TypeVar

from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.arithmetic import nonzero
from isomorph.sql.expressions import Bound, Expression
from isomorph.sql.kinds import Ordered, Summable

__all__ = ["Numeric"]

T = TypeVar("T")
V = TypeVar("V")
S_co = TypeVar("S_co", covariant=True, default=Any)
M_co = TypeVar("M_co", covariant=True, default=Any)


class Numeric(Ordered[T, V], Summable[T], Generic[T, V, S_co, M_co]):
    """Can also be calculated with. `S_co` is what is computed of it, `M_co` the same with NULL."""

    __slots__ = ()

    @overload
    def __add__(self, other: V | Expression[V]) -> S_co: ...
    @overload
    def __add__(self, other: Expression[V | None]) -> M_co: ...
    def __add__(self, other: object) -> Any:
        return self._calculated("add", other)

    @overload
    def __radd__(self, other: V | Expression[V]) -> S_co: ...
    @overload
    def __radd__(self, other: Expression[V | None]) -> M_co: ...
    def __radd__(self, other: object) -> Any:
        return self._calculated("add", other, swapped=True)

    @overload
    def __sub__(self, other: V | Expression[V]) -> S_co: ...
    @overload
    def __sub__(self, other: Expression[V | None]) -> M_co: ...
    def __sub__(self, other: object) -> Any:
        return self._calculated("subtract", other)

    @overload
    def __rsub__(self, other: V | Expression[V]) -> S_co: ...
    @overload
    def __rsub__(self, other: Expression[V | None]) -> M_co: ...
    def __rsub__(self, other: object) -> Any:
        # MariaDB takes the least integer for its own opposite when it is subtracted from 0.
        return -self if other == 0 and type(other) is int else self._calculated("subtract", other, swapped=True)

    @overload
    def __mul__(self, other: V | Expression[V]) -> S_co: ...
    @overload
    def __mul__(self, other: Expression[V | None]) -> M_co: ...
    def __mul__(self, other: object) -> Any:
        return self._calculated("multiply", other)

    @overload
    def __rmul__(self, other: V | Expression[V]) -> S_co: ...
    @overload
    def __rmul__(self, other: Expression[V | None]) -> M_co: ...
    def __rmul__(self, other: object) -> Any:
        return self._calculated("multiply", other, swapped=True)

    def __neg__(self) -> S_co:
        return cast("S_co", self._of_itself("negate"))

    def abs(self) -> S_co:
        """The number without its sign."""
        return cast("S_co", self._of_itself("abs"))

    def _calculated(self, name: str, other: object, *, swapped: bool = False) -> Any:
        """`self name other`, or the other way round."""
        raise NotImplementedError

    def _of_itself(self, name: str) -> Any:
        """A function of the number alone, of its type."""
        raise NotImplementedError

    def _beside(self, other: object) -> Expression[Any]:
        """The other operand.

        Raises:
            InvalidQuery: None.
            InvalidValue: it is of another type.
        """
        if other is None:
            raise InvalidQuery(f"{self._where()}: nothing is calculated with None", "use coalesce()")
        return self._operand(other)

    def _divided(self, name: str, other: object, *, swapped: bool) -> tuple[str, tuple[Expression[Any], ...]]:
        """The name and arguments of a division, its divisor kept from being 0."""
        if swapped:
            return name, (self._beside(other), nonzero(self))
        beside = self._beside(other)
        if isinstance(beside, Bound):
            if not beside.value:
                raise InvalidValue(self._where(), "a divisor other than 0", "0")
            return name, (self, beside)
        return name, (self, nonzero(beside))
