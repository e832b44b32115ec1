"""Range: all values between two bounds, in one canonical form, so that equal ranges are equal objects and equal text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, Literal, Never, TypeAlias, cast, get_args

from typing_extensions import TypeVar

from isomorph.errors import InvalidValue
from isomorph.values.base import Value

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

__all__ = ["Bounds", "Range"]

# Nothing is in a range without bounds that could tell its type: the empty one is a range of whatever is asked for.
T_co = TypeVar("T_co", bound="int | Decimal | dt.date", covariant=True, default=Never)

Bounds: TypeAlias = Literal["[)", "[]", "(]", "()"]
"""Which bounds belong to the range: `[` and `]` do, `(` and `)` do not."""

_ONE_DAY = dt.timedelta(days=1)


class Range(Value, Generic[T_co]):
    """All values from `lower` to `upper`; None is no bound.

    Whole numbers and days have neighbours, so their ranges have many spellings; the one kept is the one that includes
    its lower bound and excludes its upper: `Range(1, 5, "[]")` is `Range(1, 6)`. What has nothing in it is the one
    empty range.
    """

    __slots__ = ()

    def __init__(
        self,
        lower: T_co | None = None,
        upper: T_co | None = None,
        bounds: Bounds = "[)",
        *,
        empty: bool = False,
    ) -> None:
        """A range of ints, Decimals, dates or datetimes.

        Args:
            lower: its lower bound, or None.
            upper: its upper bound, or None.
            bounds: whether they belong to the range.
            empty: whether it is the empty range, which has no bounds.

        Raises:
            InvalidValue: bounds of other or different types, in the wrong order, or without a neighbour.
        """
        if bounds not in get_args(Bounds):
            raise InvalidValue("Range", 'bounds "[)", "[]", "(]" or "()"', "others")
        if empty:
            if lower is not None or upper is not None:
                raise InvalidValue("Range", "no bounds of the empty range", "one")
            self._set(*_EMPTY)
        else:
            self._set(*_canonical(_checked(lower), _checked(upper), bounds[0] == "[", bounds[1] == "]"))

    @property
    def lower(self) -> T_co | None:
        """The lower bound; None for none, and for the empty range."""
        return cast("T_co | None", self._parts[0])

    @property
    def upper(self) -> T_co | None:
        """The upper bound; None for none, and for the empty range."""
        return cast("T_co | None", self._parts[1])

    @property
    def bounds(self) -> Bounds:
        """Which of them belong to it; a bound that is None does not."""
        return cast("Bounds", self._parts[2])

    @property
    def is_empty(self) -> bool:
        """Whether no value is in it."""
        return cast("bool", self._parts[3])

    @property
    def lower_inc(self) -> bool:
        """Whether the lower bound belongs to it."""
        return self.bounds[0] == "["

    @property
    def upper_inc(self) -> bool:
        """Whether the upper bound belongs to it."""
        return self.bounds[1] == "]"

    def __contains__(self, value: object) -> bool:
        """Whether a value is in it; False for one of another type."""
        if self.is_empty or value is None:
            return False
        lower, upper, found = cast("Any", self.lower), cast("Any", self.upper), cast("Any", value)
        try:
            above = lower is None or lower < found or (self.lower_inc and lower == found)
            below = upper is None or found < upper or (self.upper_inc and upper == found)
        except TypeError:
            return False
        return bool(above and below)

    def __repr__(self) -> str:
        if self.is_empty:
            return "Range(empty=True)"
        usual = "()" if self.lower is None else "[)"
        bounds = "" if self.bounds == usual else f", {self.bounds!r}"
        return f"Range({self.lower!r}, {self.upper!r}{bounds})"

    def __str__(self) -> str:
        """As PostgreSQL writes it: `[1,5)`, `(,2024-12-31)`, `empty`."""
        if self.is_empty:
            return "empty"
        lower, upper = ("" if bound is None else str(bound) for bound in (self.lower, self.upper))
        return f"{self.bounds[0]}{lower},{upper}{self.bounds[1]}"

    def __reduce__(self) -> tuple[object, ...]:
        if self.is_empty:
            return _empty, ()
        return Range, (self.lower, self.upper, self.bounds)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Inputs take `{"lower": ..., "upper": ..., "bounds": "[)"}` or `{"empty": true}`, and are written so."""
        from isomorph.values.schemas import range_schema  # noqa: PLC0415 - pydantic is for those who validate

        return range_schema(source, handler)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        from isomorph.values.schemas import json_schema  # noqa: PLC0415 - as above

        return json_schema(schema, handler)


_Parts: TypeAlias = "tuple[object, object, str, bool]"
_EMPTY: _Parts = (None, None, "()", True)


def _empty() -> Range[Any]:
    return Range(empty=True)


def _checked(bound: object) -> Any:
    if bound is None:
        return None
    if isinstance(bound, bool) or not isinstance(bound, int | Decimal | dt.date):
        raise InvalidValue("Range", "bounds that are ints, Decimals, dates or datetimes", type(bound).__name__)
    if isinstance(bound, Decimal) and not bound.is_finite():
        raise InvalidValue("Range", "finite bounds (None is no bound)", "NaN or infinity")
    return bound


def _canonical(lower: Any, upper: Any, lower_inc: bool, upper_inc: bool) -> _Parts:
    if lower is not None and upper is not None:
        if _family(lower) is not _family(upper):
            got = f"{type(lower).__name__} and {type(upper).__name__}"
            raise InvalidValue("Range", "bounds of one type", got)
        if _above(lower, upper):
            raise InvalidValue("Range", "a lower bound that is not above the upper one", "one above it")
    if _is_discrete(lower):
        lower = lower if lower_inc else _next(lower)
        lower_inc = True
    if _is_discrete(upper):
        upper = _next(upper) if upper_inc else upper
        upper_inc = False
    if lower is not None and upper is not None and not (lower < upper or (lower == upper and lower_inc and upper_inc)):
        return _EMPTY
    opening = "[" if lower_inc and lower is not None else "("
    closing = "]" if upper_inc and upper is not None else ")"
    return lower, upper, opening + closing, False


def _family(bound: object) -> type:
    for family in (int, Decimal, dt.datetime, dt.date):
        if isinstance(bound, family):
            return family
    raise AssertionError(bound)  # it was checked


def _above(lower: Any, upper: Any) -> bool:
    try:
        return bool(lower > upper)
    except TypeError:
        pass
    raise InvalidValue("Range", "bounds that both have a time zone or both have none", "one of each")


def _is_discrete(bound: object) -> bool:
    """Whether the values of its type have neighbours."""
    return isinstance(bound, int) or (isinstance(bound, dt.date) and not isinstance(bound, dt.datetime))


def _next(bound: Any) -> Any:
    try:
        return bound + 1 if isinstance(bound, int) else bound + _ONE_DAY
    except OverflowError:
        pass
    raise InvalidValue("Range", "a last day before 9999-12-31 (None is no bound)", "that one")
