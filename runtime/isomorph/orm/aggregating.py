"""What the rows of a query come to: the sum, mean, least and greatest of a column, each by one statement."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar, cast, overload

from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidValue
from isomorph.orm.builder import QueryBuilder
from isomorph.sql.aggregation import Aggregate
from isomorph.sql.calculating import Numeric
from isomorph.sql.calls import Arithmetic
from isomorph.sql.codecs import Codec
from isomorph.sql.expressions import Bound, Expression
from isomorph.sql.kinds import Sortable, Summable
from isomorph.sql.means import MEAN
from isomorph.sql.numbers import Approximate, Fractional, Integral
from isomorph.sql.tallies import aggregating

__all__ = ["Aggregating"]

T = TypeVar("T")


class Aggregating(QueryBuilder):
    """The part of a query that aggregates its rows, limited, distinct and combined ones, too."""

    __slots__ = ()

    def sum(self, column: Summable[T]) -> T | None:
        """The sum of a column over the rows, exact but for floats; None without rows."""
        return cast("T | None", self._summed("sum", column, Summable)[0])

    @overload
    def avg(self, column: Fractional[Any]) -> Decimal | None: ...
    @overload
    def avg(self, column: Integral[Any] | Approximate[Any]) -> float | None: ...
    def avg(self, column: Fractional[Any] | Integral[Any] | Approximate[Any]) -> float | Decimal | None:
        """The mean of a column over the rows; None without rows. A Decimal (28 digits) for decimals, else a float."""
        # Databases cut their AVG to different numbers of digits; a sum and a count are the same on all.
        total, count = self._summed("avg", column, Numeric)
        if total is None:
            return None
        return MEAN.divide(total, Decimal(count)) if isinstance(total, Decimal) else cast(float, total / count)

    def min(self, column: Sortable[T]) -> T | None:
        """The least value of a column; None without rows."""
        return cast("T | None", self._extreme("min", column))

    def max(self, column: Sortable[T]) -> T | None:
        """The greatest value of a column; None without rows."""
        return cast("T | None", self._extreme("max", column))

    def _summed(self, name: str, column: Expression[Any], kind: type[Expression[Any]]) -> tuple[Any, int]:
        """The sum of a column, None without rows; and, for `avg`, the number of its values."""
        codec = _codec_of(name, column, kind)
        executor = self._executor
        dialect = executor.dialect
        statement, operand = aggregating(self._rewritten(), column)
        parts = dialect.sql.sum_in_parts.get(codec.type.kind, ())
        counted = (Aggregate("COUNT", operand),) if name == "avg" else ()
        statement.columns = (*_sums(operand, codec, dialect), *counted)
        row = executor.fetch_one(*statement.compile(dialect))
        if row is None or row[0] is None:
            return None, 0
        total = row[0]
        if parts:
            # Added up in parts, whole numbers cannot overflow.
            total = sum(int(value) << shift for value, (_, _, shift) in zip(row, parts, strict=False))
        return codec.total(total, dialect.name), int(row[-1]) if counted else 0

    def _extreme(self, name: str, column: Expression[Any]) -> object:
        codec = _codec_of(name, column, Sortable)
        executor = self._executor
        dialect = executor.dialect
        statement, operand = aggregating(self._rewritten(), column)
        statement.columns = (Aggregate(name.upper(), operand),)
        row = executor.fetch_one(*statement.compile(dialect))
        return None if row is None else codec.loaded(row[0], dialect.name)


def _sums(operand: Expression[Any], codec: Codec, dialect: Dialect) -> list[Aggregate]:
    parts = dialect.sql.sum_in_parts.get(codec.type.kind, ())
    if not parts:
        return [Aggregate("SUM", operand)]
    return [
        Aggregate("SUM", Arithmetic(operand, operator, Bound(number, None), codec)) for operator, number, _ in parts
    ]


def _codec_of(name: str, column: Expression[Any], kind: type[Expression[Any]]) -> Codec:
    codec = column._codec() if isinstance(column, kind) else None
    if codec is None:  # callers without a type checker
        raise InvalidValue(f"{name}()", "a column such as Post.views", type(column).__name__)
    return codec
