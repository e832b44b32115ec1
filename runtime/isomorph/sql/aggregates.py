"""Aggregates as expressions: what many rows come to, of a group, of all rows or over a window.

Owns their types and what they give for a kind of values. What is calculated is exact wherever values are: sums of
integers and decimals, means to 28 digits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Self, overload

from typing_extensions import TypeVar

from isomorph import dialects
from isomorph.catalog import FLOATS, INTEGERS, TEXTS, ColumnType, Kind
from isomorph.dialects.base import Load
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.codecs import Codec, codec_for
from isomorph.sql.expressions import All, Expression, Predicate
from isomorph.sql.frames import Frame
from isomorph.sql.flags import Truthful
from isomorph.sql.kinds import Computed, Sortable, Summable, Value
from isomorph.sql.means import rounded_mean
from isomorph.sql.numbers import (
    BIGINT,
    DOUBLE,
    Approximate,
    Exact,
    Floating,
    Fractional,
    Integer,
    Integral,
    Numeric,
)
from isomorph.sql.texts import Text, Textual
from isomorph.sql.windows import Orders, Several, Window, Windowed, window_of
from isomorph.sql.writer import Writer

__all__ = [
    "Aggregate",
    "AggregateExact",
    "AggregateFloating",
    "AggregateInteger",
    "AggregateText",
    "AggregateTruth",
    "AggregateValue",
    "Grouping",
    "ResultCodec",
    "Truthful",
    "avg",
    "bool_and",
    "bool_or",
    "check_place",
    "codec_of",
    "condition_of",
    "count",
    "grouping",
    "max",
    "min",
    "sum",
    "write_counted",
    "write_filter",
]

T = TypeVar("T")

_TRUTH = codec_for(ColumnType(Kind.BOOL))


# --- nodes ---------------------------------------------------------------------------------------------------------------


class Aggregate(Expression[Any]):
    """An aggregate, spelled as the dialect does for the kind of its operand.

    Attributes:
        name: COUNT, SUM, AVG, MIN, MAX, EVERY or SOME.
        operand: what is aggregated; None for rows.
        codec: how its value is loaded.
        condition: which rows count; None for all.
        is_distinct: whether equal values count once.
    """

    __slots__ = ("codec", "condition", "is_distinct", "name", "operand")

    def __init__(
        self,
        name: str,
        operand: Expression[Any] | None,
        codec: Codec | None = None,
        *,
        condition: Predicate | None = None,
        is_distinct: bool = False,
    ) -> None:
        self.name, self.operand, self.codec = name, operand, codec
        self.condition, self.is_distinct = condition, is_distinct

    def filtered(self, condition: Predicate) -> Aggregate:
        """The same of the rows that meet a condition, too."""
        both = condition if self.condition is None else All((self.condition, condition))
        return Aggregate(self.name, self.operand, self.codec, condition=both, is_distinct=self.is_distinct)

    def distinct(self) -> Aggregate:
        """The same with equal values once."""
        return Aggregate(self.name, self.operand, self.codec, condition=self.condition, is_distinct=True)

    def _write(self, out: Writer) -> None:
        check_place(out, self.title)
        with out.part("an aggregate"):
            self._write_call(out, None)

    def write_over(self, out: Writer, window: Window) -> None:
        """Write it over a window."""
        self._write_call(out, window)

    def _write_call(self, out: Writer, window: Window | None) -> None:
        parts, totalled = out.parts, out.totalled
        out.totalled = ()  # in a total of a rollup, too, it is of the values of all rows
        codec = None if self.operand is None else self.operand._codec()
        spelled = out.dialect.sql.aggregate(self.name, None if codec is None else codec.type.kind)
        before, behind = spelled.result
        parts.append(f"{before}{spelled.name}({'DISTINCT ' if self.is_distinct else ''}{spelled.operand[0]}")
        write_counted(out, self.operand, self.condition)
        parts.append(f"{spelled.operand[1]})")
        write_filter(out, self.condition)
        if window is not None:
            parts.append(" OVER (")
            window.write(out)
            parts.append(")")
        if behind:
            parts.append(behind)
        out.totalled = totalled

    def _codec(self) -> Codec | None:
        return self.codec

    def _where(self) -> str:
        return self.title

    def _children(self) -> Sequence[Expression[Any]]:
        return self.operands

    def _is_aggregate(self) -> bool:
        return True

    def _tells_null(self) -> bool:
        return self.tells_null

    def _allows_none(self) -> bool:
        return self.allows_none

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        del outer_joined
        return not self.is_never_null

    @property
    def operands(self) -> Sequence[Expression[Any]]:
        """What it is made of."""
        return tuple([item for item in (self.operand, self.condition) if item is not None])

    @property
    def is_never_null(self) -> bool:
        """Whether it has a value of no rows, too."""
        return self.name == "COUNT"

    @property
    def allows_none(self) -> bool:
        """Whether its type says that it may be None."""
        return not self.is_never_null

    @property
    def tells_null(self) -> bool:
        """Whether its type says what it is where a row that it reads is missing."""
        return True

    @property
    def title(self) -> str:
        """What it is called in an error."""
        return f"{_TITLES.get(self.name) or self.name.lower()}()"


_TITLES = {"EVERY": "bool_and", "SOME": "bool_or"}


def check_place(out: Writer, title: str) -> None:
    """Refuse an aggregate where single rows are meant.

    Raises:
        InvalidQuery: it stands there.
    """
    clause = out.clause
    if clause is None or clause in _TAKING_AGGREGATES:
        return
    mend = "use having(), or compare with a sub-query" if clause == "where()" else "select() it in a subquery() first"
    raise InvalidQuery(f"{title} in {clause}", mend)


_TAKING_AGGREGATES = frozenset({"having()", "a window"})


def write_counted(out: Writer, operand: Expression[Any] | None, condition: Predicate | None) -> None:
    """Write an operand; NULL for the rows that do not count, where the dialect has no FILTER."""
    if condition is None or out.dialect.sql.has_filter:
        _write_operand(out, operand, "*")
        return
    out.parts.append("CASE WHEN ")
    condition._write(out)
    out.parts.append(" THEN ")
    _write_operand(out, operand, "1")
    out.parts.append(" END")


def _write_operand(out: Writer, operand: Expression[Any] | None, rows: str) -> None:
    if operand is None:
        out.parts.append(rows)
    else:
        operand._write(out)


def write_filter(out: Writer, condition: Predicate | None) -> None:
    """Write which rows count, where the dialect has FILTER."""
    if condition is not None and out.dialect.sql.has_filter:
        out.parts.append(" FILTER (WHERE ")
        condition._write(out)
        out.parts.append(")")


class Grouping(Expression[int]):
    """Whether a row is a total over all values of a grouped expression: 1, else 0."""

    __slots__ = ("item",)

    def __init__(self, item: Expression[Any]) -> None:
        self.item = item

    def _write(self, out: Writer) -> None:
        if out.dialect.sql.has_rollup:
            out.parts.append("GROUPING(")
            self.item._write(out)
            out.parts.append(")")
        else:
            key = getattr(self.item, "table", None), getattr(self.item, "name", None)
            out.parts.append("1" if key in out.totalled else "0")

    def _codec(self) -> Codec:
        return BIGINT

    def _where(self) -> str:
        return "grouping()"

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.item,)

    def _tells_null(self) -> bool:
        return True

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        del outer_joined
        return False


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
                f"{self._aggregate().title} of distinct values over a window", "make the values distinct in a subquery()"
            )
        return Windowed(self._aggregate(), window_of(partition_by, order_by, frame), self.codec)


def condition_of(predicates: Sequence[Predicate]) -> Predicate:
    """The condition that all of these are true.

    Raises:
        InvalidQuery: there is none.
        InvalidValue: something that is no predicate.
    """
    if not predicates:
        raise InvalidQuery("filter() without a condition", "say which rows count")
    for predicate in predicates:
        if not isinstance(predicate, Predicate):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue("filter()", "a predicate such as User.age >= 18", type(predicate).__name__)
    return predicates[0] if len(predicates) == 1 else All(predicates)


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


# --- how results are loaded ------------------------------------------------------------------------------------------------


class ResultCodec(Codec):
    """The codec of a column type whose values come from a calculation, and so in another form."""

    __slots__ = ()

    def __init__(self, like: Codec, load: Callable[[str], Load | None]) -> None:
        """As another codec, but for the loads.

        Args:
            like: how values are checked and bound.
            load: from a dialect's name to how what its driver gives is loaded.
        """
        super().__init__(like.type, like.enum_class, like.converter, like.cipher)
        self.loads.update({name: load(name) for name in dialects.NAMES})


@lru_cache(maxsize=1024)
def _codec_of_sum(codec: Codec) -> Codec:
    return ResultCodec(codec, lambda dialect: lambda value: codec.total(value, dialect))


@lru_cache(maxsize=1024)
def _codec_of_mean(codec: Codec) -> Codec:
    if codec.type.kind is not Kind.DECIMAL:
        return _MEAN_OF_NUMBERS
    exact = codec_for(ColumnType(Kind.DECIMAL))

    def load(dialect: str) -> Load:
        made = exact.loads[dialect]
        return rounded_mean if made is None else lambda value: rounded_mean(made(value))

    return ResultCodec(exact, load)


def _load_float(value: Any) -> float:
    return float(value)


_MEAN_OF_NUMBERS = ResultCodec(DOUBLE, lambda _: _load_float)


# --- functions -----------------------------------------------------------------------------------------------------------


def count(expression: Expression[Any] | None = None, /) -> AggregateInteger[int]:
    """The number of rows; with an expression, of the rows where that is not NULL."""
    if expression is not None and not isinstance(expression, Expression):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValue("count()", "a column such as Post.views", type(expression).__name__)
    return AggregateInteger(Aggregate("COUNT", expression, BIGINT), BIGINT)


@overload
def sum(  # type: ignore[overload-overlap]  # pyright: ignore[reportOverlappingOverload] - says more than the last
    expression: Integral[T], /
) -> AggregateInteger[T | None]: ...
@overload
def sum(expression: Fractional[T], /) -> AggregateExact[T | None]: ...  # type: ignore[overload-overlap]  # says more than the last
@overload
def sum(expression: Approximate[T], /) -> AggregateFloating[T | None]: ...  # type: ignore[overload-overlap]  # says more than the last
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
    return _made("SUM", expression, _codec_of_sum(codec))


@overload
def avg(expression: Fractional[Any], /) -> AggregateExact[Decimal | None]: ...
@overload
def avg(expression: Integral[Any] | Approximate[Any], /) -> AggregateFloating[float | None]: ...
def avg(expression: Fractional[Any] | Integral[Any] | Approximate[Any], /) -> Any:
    """The mean of the values; None of none. A Decimal (28 digits) of decimals, else a float."""
    return _made("AVG", expression, _codec_of_mean(_checked(expression, Numeric, "avg()")))


@overload
def min(  # type: ignore[overload-overlap]  # pyright: ignore[reportOverlappingOverload] - says more than the last
    expression: Integral[T], /
) -> AggregateInteger[T | None]: ...
@overload
def min(expression: Fractional[T], /) -> AggregateExact[T | None]: ...  # type: ignore[overload-overlap]  # says more than the last
@overload
def min(expression: Approximate[T], /) -> AggregateFloating[T | None]: ...  # type: ignore[overload-overlap]  # says more than the last
@overload
def min(expression: Textual[T], /) -> AggregateText[T | None]: ...  # type: ignore[overload-overlap]  # says more than the last
@overload
def min(expression: Sortable[T], /) -> AggregateValue[T | None]: ...
def min(expression: Sortable[Any], /) -> Any:
    """The least value; None of none."""
    return _made("MIN", expression, _checked(expression, Sortable, "min()"))


@overload
def max(  # type: ignore[overload-overlap]  # pyright: ignore[reportOverlappingOverload] - says more than the last
    expression: Integral[T], /
) -> AggregateInteger[T | None]: ...
@overload
def max(expression: Fractional[T], /) -> AggregateExact[T | None]: ...  # type: ignore[overload-overlap]  # says more than the last
@overload
def max(expression: Approximate[T], /) -> AggregateFloating[T | None]: ...  # type: ignore[overload-overlap]  # says more than the last
@overload
def max(expression: Textual[T], /) -> AggregateText[T | None]: ...  # type: ignore[overload-overlap]  # says more than the last
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
    return Integer(Grouping(expression), BIGINT)


def codec_of(given: object) -> Codec | None:
    """How the values of an expression are loaded; None of anything else."""
    return given._codec() if isinstance(given, Expression) else None


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
