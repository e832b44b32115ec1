"""Aggregates as expressions: what many rows come to, of a group, of all rows or over a window.

Owns their types and what they give for a kind of values. What is calculated is exact wherever values are: sums of
integers and decimals, means to 28 digits.
"""

# ruff: noqa: A001 - sum, min and max are called as in SQL
# What says more comes first: of several overloads the first counts.
# mypy: disable-error-code="overload-overlap"
# pyright: reportOverlappingOverload=false

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self, overload

from typing_extensions import TypeVar

from isomorph.catalog import FLOATS, INTEGERS, TEXTS, ColumnType, Kind
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.aggregation import Aggregate, codec_of, codec_of_mean, codec_of_sum, condition_of
from isomorph.sql.arithmetic import BIGINT, DOUBLE
from isomorph.sql.calculating import Numeric
from isomorph.sql.codecs import Codec, codec_for
from isomorph.sql.expressions import Expression, Predicate
from isomorph.sql.flags import Truthful
from isomorph.sql.frames import Frame
from isomorph.sql.grouping import Grouping
from isomorph.sql.kinds import Computed, Sortable, Summable, Value
from isomorph.sql.numbers import Approximate, Exact, Floating, Fractional, Integer, Integral
from isomorph.sql.texts import Text, Textual
from isomorph.sql.windows import Orders, Several, Windowed, window_of

__all__ = [
    "AggregateExact",
    "AggregateFloating",
    "AggregateInteger",
    "AggregateText",
    "AggregateTruth",
    "AggregateValue",
    "avg",
    "bool_and",
    "bool_or",
    "count",
    "grouping",
    "max",
    "min",
    "sum",
]

T = TypeVar("T")

_TRUTH = codec_for(ColumnType(Kind.BOOL))


# --- what a checker sees -------------------------------------------------------------------------------------------------


class _Filtering(Computed[T]):
    """What all aggregates can be asked for."""

    __slots__ = ()

    def _aggregate(self) -> Aggregate:
        node = self.node
        assert isinstance(node, Aggregate)  # the functions below make no others
        return node

    def filter(self, *predicates: Predicate) -> Self:
        """The same of the rows for which all predicates are true."""
        return type(self)(self._aggregate().filtered(condition_of(predicates)), self.codec)

    def distinct(self) -> Self:
        """The same with equal values once."""
        if self._aggregate().operand is None:
            raise InvalidQuery("count().distinct() of rows", "count(column).distinct(), or query.distinct().count()")
        return type(self)(self._aggregate().distinct(), self.codec)

    def _over(self, partition_by: Several, order_by: Orders, frame: Frame | None) -> Windowed:
        if self._aggregate().is_distinct:
            raise InvalidQuery(
                f"{self._aggregate().title} of distinct values over a window",
                "make the values distinct in a subquery()",
            )
        return Windowed(self._aggregate(), window_of(partition_by, order_by, frame), self.codec)


class AggregateInteger(_Filtering[T], Integer[T]):
    """A whole number that many rows come to."""

    __slots__ = ()

    def over(self, *, partition_by: Several = (), order_by: Orders = (), frame: Frame | None = None) -> Integer[T]:
        """The same for each row, of the rows around it.

        Args:
            partition_by: rows with equal values of these belong together; all rows without any.
            order_by: how they stand: then each row sees those up to it and its equals, unless the frame says otherwise.
            frame: which rows count: `Rows(preceding(2))`.

        Raises:
            InvalidQuery: of distinct values.
            InvalidValue: something that is no expression, order or frame.
        """
        return Integer(self._over(partition_by, order_by, frame), self.codec)

    def _referenced(self, table: str, name: str) -> Any:
        return Integer[T](self.node, self.codec)._referenced(table, name)


class AggregateExact(_Filtering[T], Exact[T]):
    """A decimal that many rows come to."""

    __slots__ = ()

    def over(self, *, partition_by: Several = (), order_by: Orders = (), frame: Frame | None = None) -> Exact[T]:
        """The same for each row, of the rows around it; see `AggregateInteger.over`."""
        return Exact(self._over(partition_by, order_by, frame), self.codec)

    def _referenced(self, table: str, name: str) -> Any:
        return Exact[T](self.node, self.codec)._referenced(table, name)


class AggregateFloating(_Filtering[T], Floating[T]):
    """A float that many rows come to."""

    __slots__ = ()

    def over(self, *, partition_by: Several = (), order_by: Orders = (), frame: Frame | None = None) -> Floating[T]:
        """The same for each row, of the rows around it; see `AggregateInteger.over`."""
        return Floating(self._over(partition_by, order_by, frame), self.codec)

    def _referenced(self, table: str, name: str) -> Any:
        return Floating[T](self.node, self.codec)._referenced(table, name)


class AggregateText(_Filtering[T], Text[T]):
    """A text that many rows come to."""

    __slots__ = ()

    def over(self, *, partition_by: Several = (), order_by: Orders = (), frame: Frame | None = None) -> Text[T]:
        """The same for each row, of the rows around it; see `AggregateInteger.over`."""
        return Text(self._over(partition_by, order_by, frame), self.codec)

    def _referenced(self, table: str, name: str) -> Any:
        return Text[T](self.node, self.codec)._referenced(table, name)


class AggregateValue(_Filtering[T], Value[T]):
    """A value that many rows come to: the least or the greatest."""

    __slots__ = ()

    def over(self, *, partition_by: Several = (), order_by: Orders = (), frame: Frame | None = None) -> Value[T]:
        """The same for each row, of the rows around it; see `AggregateInteger.over`."""
        return Value(self._over(partition_by, order_by, frame), self.codec)

    def _referenced(self, table: str, name: str) -> Any:
        return Value[T](self.node, self.codec)._referenced(table, name)


class AggregateTruth(_Filtering[T], Truthful[T]):
    """What many truth values come to."""

    __slots__ = ()

    def over(self, *, partition_by: Several = (), order_by: Orders = (), frame: Frame | None = None) -> Truthful[T]:
        """The same for each row, of the rows around it; see `AggregateInteger.over`."""
        return Truthful(self._over(partition_by, order_by, frame), self.codec)

    def _referenced(self, table: str, name: str) -> Any:
        return Truthful[T](self.node, self.codec)._referenced(table, name)


# --- functions -----------------------------------------------------------------------------------------------------------


def count(expression: Expression[Any] | None = None, /) -> AggregateInteger[int]:
    """The number of rows; with an expression, of the rows where that is not NULL."""
    if expression is not None and not isinstance(expression, Expression):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValue("count()", "a column such as Post.views", type(expression).__name__)
    return AggregateInteger(Aggregate("COUNT", expression, BIGINT), BIGINT)


@overload
def sum(expression: Integral[T], /) -> AggregateInteger[T | None]: ...
@overload
def sum(expression: Fractional[T], /) -> AggregateExact[T | None]: ...
@overload
def sum(expression: Approximate[T], /) -> AggregateFloating[T | None]: ...
@overload
def sum(expression: Summable[T], /) -> AggregateValue[T | None]: ...
def sum(expression: Summable[Any], /) -> Any:
    """The sum of the values; None of none. Exact but for floats.

    Raises:
        NumericOverflow: when the query runs, on SQLite: the sum of whole numbers leaves 64 bits.
    """
    codec = _checked(expression, Summable, "sum()")
    kind = codec.type.kind
    if kind in INTEGERS and kind is not Kind.UNSIGNED_BIGINT:
        codec = BIGINT
    elif kind in FLOATS:
        codec = DOUBLE
    return _made("SUM", expression, codec_of_sum(codec))


@overload
def avg(expression: Fractional[Any], /) -> AggregateExact[Decimal | None]: ...
@overload
def avg(expression: Integral[Any] | Approximate[Any], /) -> AggregateFloating[float | None]: ...
def avg(expression: Fractional[Any] | Integral[Any] | Approximate[Any], /) -> Any:
    """The mean of the values; None of none. A Decimal (28 digits) of decimals, else a float."""
    return _made("AVG", expression, codec_of_mean(_checked(expression, Numeric, "avg()")))


@overload
def min(expression: Integral[T], /) -> AggregateInteger[T | None]: ...
@overload
def min(expression: Fractional[T], /) -> AggregateExact[T | None]: ...
@overload
def min(expression: Approximate[T], /) -> AggregateFloating[T | None]: ...
@overload
def min(expression: Textual[T], /) -> AggregateText[T | None]: ...
@overload
def min(expression: Sortable[T], /) -> AggregateValue[T | None]: ...
def min(expression: Sortable[Any], /) -> Any:
    """The least value; None of none."""
    return _made("MIN", expression, _checked(expression, Sortable, "min()"))


@overload
def max(expression: Integral[T], /) -> AggregateInteger[T | None]: ...
@overload
def max(expression: Fractional[T], /) -> AggregateExact[T | None]: ...
@overload
def max(expression: Approximate[T], /) -> AggregateFloating[T | None]: ...
@overload
def max(expression: Textual[T], /) -> AggregateText[T | None]: ...
@overload
def max(expression: Sortable[T], /) -> AggregateValue[T | None]: ...
def max(expression: Sortable[Any], /) -> Any:
    """The greatest value; None of none."""
    return _made("MAX", expression, _checked(expression, Sortable, "max()"))


def _made(name: str, expression: Expression[Any], codec: Codec) -> Any:
    """An aggregate with the operators of its type."""
    kind = codec.type.kind
    class_: type[Computed[Any]] = AggregateValue[Any]
    if kind in INTEGERS:
        class_ = AggregateInteger[Any]
    elif kind in FLOATS:
        class_ = AggregateFloating[Any]
    elif kind is Kind.DECIMAL:
        class_ = AggregateExact[Any]
    elif kind in TEXTS:
        class_ = AggregateText[Any]
    return class_(Aggregate(name, expression, codec), codec)


def bool_and(expression: Expression[bool | None], /) -> AggregateTruth[bool | None]:
    """Whether it is true of all rows, NULL left out: a condition, or a column of truth values; None of no rows."""
    _checked_truth(expression, "bool_and()")
    return AggregateTruth(Aggregate("EVERY", expression, _TRUTH), _TRUTH)


def bool_or(expression: Expression[bool | None], /) -> AggregateTruth[bool | None]:
    """Whether it is true of any row, NULL left out: a condition, or a column of truth values; None of no rows."""
    _checked_truth(expression, "bool_or()")
    return AggregateTruth(Aggregate("SOME", expression, _TRUTH), _TRUTH)


def grouping(expression: Expression[Any], /) -> Integer[int]:
    """1 in the rows of a rollup that are totals over all values of a grouped column, else 0.

    Tells such a total from the group of the rows where the column is NULL: see `group_by(..., rollup=True)`.
    """
    if not isinstance(expression, Expression):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValue("grouping()", "a grouped column", type(expression).__name__)
    return Integer(Grouping(expression, BIGINT), BIGINT)


def _checked_truth(expression: object, where: str) -> None:
    codec = codec_of(expression)
    if codec is None or codec.type.kind is not Kind.BOOL:
        got: type[object] = type(expression)
        raise InvalidValue(where, "a condition, or a column of truth values", got.__name__)


def _checked(expression: object, kind: type[Any], where: str) -> Codec:
    if not isinstance(expression, kind):  # callers without a type checker
        raise InvalidValue(where, "a column such as Post.views", type(expression).__name__)
    codec = codec_of(expression)
    if codec is None:
        raise InvalidQuery(f"{where} of SQL without a type", "name its type: f.col(...), or aggregate a column")
    return codec
