"""Ranges: what lies in them, what they have in common, and their bounds.

Where a database has no ranges, they are asked for by their bounds, which say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, cast

from typing_extensions import TypeVar

from isomorph.catalog import RANGES, ColumnType, Kind
from isomorph.errors import InvalidQuery, InvalidValue, NotSupported
from isomorph.sql.calls import Partial
from isomorph.sql.codecs import Codec, codec_for
from isomorph.sql.expressions import All, AnyOf, Bound, Expression, NotNull, Null, Predicate, Truth
from isomorph.sql.faces import computed_codec
from isomorph.sql.kinds import Comparable, Value, operand
from isomorph.sql.predicates import Claim
from isomorph.sql.writer import Writer
from isomorph.values.ranges import Range

__all__ = ["Ranged"]

RangeT = TypeVar("RangeT", bound="Range[Any] | None")
BoundT = TypeVar("BoundT")


class Ranged(Comparable[RangeT, RangeT], Generic[RangeT, BoundT]):
    """All values between two bounds."""

    __slots__ = ()

    def contains(self, value: BoundT | Expression[BoundT | None]) -> Predicate:
        """True where the value lies in it."""
        if value is None:
            raise InvalidQuery(f"{self._where()}: None lies in no range", "use is_null()")
        given = operand(value, self._bound_codec(), self._where())
        return _Asked("contains", self, given, lambda r: r.contains_value(given))

    def contains_range(self, other: Range[Any] | Expression[RangeT]) -> Predicate:
        """True where all values of the other range lie in it; the empty one does everywhere."""
        return self._asked("contains_range", other, _Bounds.contains)

    def contained_by(self, other: Range[Any] | Expression[RangeT]) -> Predicate:
        """True where all its values lie in the other range; those of the empty one do everywhere."""
        return self._asked("contained_by", other, _Bounds.contained_by)

    def overlaps(self, other: Range[Any] | Expression[RangeT]) -> Predicate:
        """True where a value lies in both."""
        return self._asked("overlaps", other, _Bounds.overlaps)

    def adjacent(self, other: Range[Any] | Expression[RangeT]) -> Predicate:
        """True where one begins just where the other ends."""
        return self._asked("adjacent", other, _Bounds.adjacent)

    def is_empty(self) -> Predicate:
        """True where no value lies in it."""
        return Claim("range_is_empty", (self,))

    def lower(self) -> Value[BoundT | None]:
        """The lower bound; NULL where there is none, and of the empty range."""
        codec = self._bound_codec()
        return Value(Partial[Any]("range_lower", (self,), codec), codec)

    def upper(self) -> Value[BoundT | None]:
        """The upper bound; NULL where there is none, and of the empty range."""
        codec = self._bound_codec()
        return Value(Partial[Any]("range_upper", (self,), codec), codec)

    def _bound_codec(self) -> Codec:
        return computed_codec(codec_for(ColumnType(RANGES[self.codec.type.kind])))

    def _asked(self, name: str, other: Range[Any] | Expression[Any], say: _Say) -> Predicate:
        codec = self.codec
        if isinstance(other, Expression):
            return _Asked(name, self, self._operand(other), None)
        if other is None:  # pyright: ignore[reportUnnecessaryComparison] - callers without a type checker
            raise InvalidValue(self._where(), "a Range", "None")
        checked = cast("Range[Any]", codec.compared(other, self._where()))
        return _Asked(name, self, Bound(checked, codec), lambda r: say(r, checked))


class _Asked(Predicate):
    """A question about a range; what stands for it where there are no ranges is said by `say`."""

    __slots__ = ("name", "other", "range_", "say")

    def __init__(self, name: str, range_: Ranged[Any, Any], other: Expression[Any], say: _SayOne | None) -> None:
        self.name, self.range_, self.other, self.say = name, range_, other, say

    def _write(self, out: Writer) -> None:
        if out.dialect.sql.has_ranges:
            Claim(f"range_{self.name}", (self.range_, self.other))._write(out)
        elif self.say is None:
            raise NotSupported(f"{self.name}() of two ranges", out.name, "pass a Range, or compare lower() and upper()")
        else:
            self.say(_Bounds(self.range_))._write(out)

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.range_, self.other)


class _Bounds:
    """What is so of a range, by its bounds."""

    def __init__(self, range_: Ranged[Any, Any]) -> None:
        self._range = range_
        self._lower, self._upper = cast("Any", range_.lower()), cast("Any", range_.upper())
        # Of whole numbers and days there is one spelling, which includes the lower bound and excludes the upper one.
        is_discrete = range_.codec.type.kind in _DISCRETE
        self._lower_inc: Predicate = Truth(True) if is_discrete else Claim("range_lower_inc", (range_,))
        self._upper_inc: Predicate = Truth(False) if is_discrete else Claim("range_upper_inc", (range_,))
        self._is_filled = ~range_.is_empty()

    def _begins_before(self, value: object, *, includes: bool | Predicate) -> Predicate:
        """Whether it begins before a value, or, if both sides include it, at it."""
        at = _all([self._lower == value, _truth(includes)])
        return _any([Null(self._lower), self._lower < value, at])

    def _ends_behind(self, value: object, *, includes: bool | Predicate) -> Predicate:
        at = _all([self._upper == value, _truth(includes)])
        return _any([Null(self._upper), self._upper > value, at])

    def _never(self) -> Predicate:
        """False of any range, and NULL of none."""
        return All([self._is_filled, self._range.is_empty()])

    def contains_value(self, value: Expression[Any]) -> Predicate:
        begins = self._begins_before(value, includes=self._lower_inc)
        known = _all([self._is_filled, begins, self._ends_behind(value, includes=self._upper_inc)])
        return _all([known, NotNull(value)]) if not isinstance(value, Bound) else known

    def contains(self, other: Range[Any]) -> Predicate:
        if other.is_empty:
            return AnyOf([self._is_filled, self._range.is_empty()])  # NULL of no range
        conditions = [self._is_filled]
        if other.lower is None:
            conditions.append(Null(self._lower))
        else:
            conditions.append(self._begins_before(other.lower, includes=_either(self._lower_inc, not other.lower_inc)))
        if other.upper is None:
            conditions.append(Null(self._upper))
        else:
            conditions.append(self._ends_behind(other.upper, includes=_either(self._upper_inc, not other.upper_inc)))
        return _all(conditions)

    def contained_by(self, other: Range[Any]) -> Predicate:
        if other.is_empty:
            return self._range.is_empty()
        conditions: list[Predicate] = []
        if other.lower is not None:
            at = _all([self._lower == other.lower, _either(_opposite(self._lower_inc), other.lower_inc)])
            conditions += [NotNull(self._lower), _any([self._lower > other.lower, at])]
        if other.upper is not None:
            at = _all([self._upper == other.upper, _either(_opposite(self._upper_inc), other.upper_inc)])
            conditions += [NotNull(self._upper), _any([self._upper < other.upper, at])]
        inside = _all([NotNull(self._range), *conditions])
        return _any([self._range.is_empty(), inside])

    def overlaps(self, other: Range[Any]) -> Predicate:
        conditions = [self._is_filled]
        if other.is_empty:
            return self._never()
        if other.upper is not None:
            conditions.append(self._begins_before(other.upper, includes=_both(self._lower_inc, other.upper_inc)))
        if other.lower is not None:
            conditions.append(self._ends_behind(other.lower, includes=_both(self._upper_inc, other.lower_inc)))
        return _all(conditions)

    def adjacent(self, other: Range[Any]) -> Predicate:
        if other.is_empty:
            return self._never()
        sides: list[Predicate] = []
        if other.lower is not None:
            behind = _opposite(self._upper_inc) if other.lower_inc else self._upper_inc
            sides.append(_all([NotNull(self._upper), self._upper == other.lower, behind]))
        if other.upper is not None:
            before = _opposite(self._lower_inc) if other.upper_inc else self._lower_inc
            sides.append(_all([NotNull(self._lower), self._lower == other.upper, before]))
        # What is known of no range is not known: the last condition is NULL for NULL, and never true beside the first.
        return _all([self._is_filled, _any([*sides, self._range.is_empty()])])


if TYPE_CHECKING:
    from collections.abc import Callable

    _SayOne = Callable[[_Bounds], Predicate]
    _Say = Callable[[_Bounds, Range[Any]], Predicate]

_DISCRETE = frozenset({Kind.INT4RANGE, Kind.INT8RANGE, Kind.DATERANGE})


def _all(conditions: Sequence[Predicate]) -> Predicate:
    """True where all are; nothing is said of what is always true."""
    known = [item for item in conditions if not (isinstance(item, Truth) and item.value)]
    return All(known) if len(known) > 1 else known[0] if known else Truth(True)


def _any(conditions: Sequence[Predicate]) -> Predicate:
    """True where one is; nothing is said of what never is."""
    known = [item for item in conditions if not (isinstance(item, Truth) and not item.value)]
    return AnyOf(known) if len(known) > 1 else known[0] if known else Truth(False)


def _opposite(condition: Predicate) -> Predicate:
    return Truth(not condition.value) if isinstance(condition, Truth) else ~condition


def _truth(condition: bool | Predicate) -> Predicate:
    return Truth(condition) if isinstance(condition, bool) else condition


def _either(condition: Predicate, certain: bool) -> Predicate:
    return Truth(True) if certain else condition


def _both(condition: Predicate, certain: bool) -> Predicate:
    return condition if certain else Truth(False)
