"""What can be asked of a relation inside of a query: whether there are related rows, how many, and what they come to.

`User.posts.exists(Post.views > 100)` is a condition, `User.posts.count()` a number: correlated sub-queries, that stand in
`where`, `select` and `order_by` alike.
"""

# What says more comes first: of several overloads the first counts.
# mypy: disable-error-code="overload-overlap"
# pyright: reportOverlappingOverload=false

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, Protocol, cast, overload

from typing_extensions import TypeVar

from isomorph import catalog
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.orm.amounts import whole
from isomorph.orm.correlated import HasRows, OfRows, Rows
from isomorph.orm.morphing import Pointing, any_member
from isomorph.orm.narrowing import narrowing
from isomorph.sql import aggregates
from isomorph.sql.aggregation import Aggregate
from isomorph.sql.arithmetic import BIGINT
from isomorph.sql.expressions import Predicate, Truth
from isomorph.sql.kinds import Computed, Sortable, Summable, Value
from isomorph.sql.numbers import Approximate, Exact, Floating, Fractional, Integer, Integral
from isomorph.sql.texts import Text, Textual
from isomorph.sql.trees import reads

if TYPE_CHECKING:
    from isomorph.orm.query import Query
    from isomorph.orm.relations import Relation

__all__ = ["OPERATORS", "Existence", "LeadsTo", "aggregated", "compared", "rows_of"]

T = TypeVar("T")
Target_co = TypeVar("Target_co", covariant=True, default=object)
Target = TypeVar("Target")

OPERATORS = ("=", "!=", "<>", "<", "<=", ">", ">=")
"""How a number of related rows is compared."""


class LeadsTo(Protocol[Target]):
    """A relation that leads to just this, as type checkers see what goes with it; nothing here is ever called."""

    def _target(self) -> Target: ...
    def _met_by(self, query: Query[Target], /) -> None: ...


class Existence(Pointing, Generic[Target_co]):
    """The part of a relation that stands in queries."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _met_by(self, query: Query[Target_co], /) -> None: ...

    def exists(self, *conditions: Predicate | Query[Target_co]) -> Predicate:
        """True where there are related rows.

        Args:
            conditions: what must be true of them; or one query of the related model, for those that it finds.

        Raises:
            InvalidQuery: the relation leads to another connection; or a query that says more than which rows it means.
        """
        return compared(self._self, conditions, ">=", 1, f"{self._self._name}.exists()")

    def count(self, *conditions: Predicate | Query[Target_co]) -> Integer[int]:
        """The number of related rows; with conditions or a query, of those that it is true of. See `exists`."""
        rows = rows_of(self._self, conditions, f"{self._self._name}.count()")
        return Integer(OfRows(rows, _COUNT), BIGINT)

    @overload
    def sum(self, column: Integral[T], /, *conditions: Predicate | Query[Target_co]) -> Integer[T | None]: ...
    @overload
    def sum(self, column: Fractional[T], /, *conditions: Predicate | Query[Target_co]) -> Exact[T | None]: ...
    @overload
    def sum(self, column: Approximate[T], /, *conditions: Predicate | Query[Target_co]) -> Floating[T | None]: ...
    @overload
    def sum(self, column: Summable[T], /, *conditions: Predicate | Query[Target_co]) -> Value[T | None]: ...
    def sum(self, column: Summable[Any], /, *conditions: Predicate | Query[Target_co]) -> Any:
        """The sum of a column over the related rows; None where there are none. See `exists` and `f.sum`."""
        return aggregated(self._self, "sum", column, conditions)

    @overload
    def avg(self, column: Fractional[Any], /, *conditions: Predicate | Query[Target_co]) -> Exact[Decimal | None]: ...
    @overload
    def avg(
        self, column: Integral[Any] | Approximate[Any], /, *conditions: Predicate | Query[Target_co]
    ) -> Floating[float | None]: ...
    def avg(
        self,
        column: Fractional[Any] | Integral[Any] | Approximate[Any],
        /,
        *conditions: Predicate | Query[Target_co],
    ) -> Any:
        """The mean of a column over the related rows; None where there are none. See `exists` and `f.avg`."""
        return aggregated(self._self, "avg", column, conditions)

    @overload
    def min(self, column: Integral[T], /, *conditions: Predicate | Query[Target_co]) -> Integer[T | None]: ...
    @overload
    def min(self, column: Fractional[T], /, *conditions: Predicate | Query[Target_co]) -> Exact[T | None]: ...
    @overload
    def min(self, column: Approximate[T], /, *conditions: Predicate | Query[Target_co]) -> Floating[T | None]: ...
    @overload
    def min(self, column: Textual[T], /, *conditions: Predicate | Query[Target_co]) -> Text[T | None]: ...
    @overload
    def min(self, column: Sortable[T], /, *conditions: Predicate | Query[Target_co]) -> Value[T | None]: ...
    def min(self, column: Sortable[Any], /, *conditions: Predicate | Query[Target_co]) -> Any:
        """The least value of a column over the related rows; None where there are none. See `exists`."""
        return aggregated(self._self, "min", column, conditions)

    @overload
    def max(self, column: Integral[T], /, *conditions: Predicate | Query[Target_co]) -> Integer[T | None]: ...
    @overload
    def max(self, column: Fractional[T], /, *conditions: Predicate | Query[Target_co]) -> Exact[T | None]: ...
    @overload
    def max(self, column: Approximate[T], /, *conditions: Predicate | Query[Target_co]) -> Floating[T | None]: ...
    @overload
    def max(self, column: Textual[T], /, *conditions: Predicate | Query[Target_co]) -> Text[T | None]: ...
    @overload
    def max(self, column: Sortable[T], /, *conditions: Predicate | Query[Target_co]) -> Value[T | None]: ...
    def max(self, column: Sortable[Any], /, *conditions: Predicate | Query[Target_co]) -> Any:
        """The greatest value of a column over the related rows; None where there are none. See `exists`."""
        return aggregated(self._self, "max", column, conditions)


_COUNT = Aggregate("COUNT", None, BIGINT)

_PLAIN: dict[type[Computed[Any]], type[Computed[Any]]] = {
    aggregates.AggregateInteger: Integer,
    aggregates.AggregateExact: Exact,
    aggregates.AggregateFloating: Floating,
    aggregates.AggregateText: Text,
    aggregates.AggregateValue: Value,
}
"""By the class of an aggregate that of its value, which is one of the rows around and no aggregate there."""


def aggregated(relation: Relation[Any], name: str, column: object, conditions: Sequence[object]) -> Computed[Any]:
    """What a column of the related rows comes to.

    Args:
        relation: the relation.
        name: sum, avg, min or max.
        column: what is aggregated.
        conditions: those of the related rows that count, or a query for them.

    Raises:
        InvalidValue: no column, or one that cannot be aggregated so.
        InvalidQuery: as `rows_of`.
    """
    made = cast("Computed[Any]", getattr(aggregates, name)(column))
    node = made.node
    assert isinstance(node, Aggregate)  # nothing else comes from there
    where = f"{relation._name}.{name}()"
    rows = rows_of(relation, conditions, where)
    _check_inside(rows, node, where)
    return _PLAIN[type(made)](OfRows(rows, node), made.codec)


def _check_inside(rows: Rows, aggregate: Aggregate, where: str) -> None:
    """Refuse an aggregate of columns outside alone: to databases that is one of the statement around, and merges its rows."""
    inside = {step.table for step in rows.steps}
    if rows.alias is not None:
        inside.add(rows.alias)
    found = list(reads(aggregate))
    if found and inside.isdisjoint(found):
        definition = rows.steps[-1].definition
        assert definition is not None  # a relation ends at a model
        raise InvalidQuery(
            f"{where} of a column of {found[0]}, which is none of the tables that it leads to",
            f"name a column of {definition.name}",
        )


def rows_of(relation: Relation[Any], conditions: Sequence[object], where: str) -> Rows:
    """The related rows, for a sub-query.

    Args:
        relation: a relation, or a path of several: then the rows that all of these together lead to.
        conditions: conditions on the last ones, or one query for them.
        where: the call, for errors.

    Raises:
        InvalidValue: something that is neither a condition nor a query.
        InvalidQuery: a relation to several models or to another connection, or a query that makes no sense there.
    """
    path = relation._path
    for item in path:
        if item._relation.kind is catalog.RelationKind.MORPH_TO:
            raise InvalidQuery(
                f"{where}: {item._name} leads to several models", "say which by where_has_morph(), or use exists()"
            )
    steps = [step for item in path for step in item._steps]
    target = steps[-1].definition
    assert target is not None  # a relation ends at a model
    found = narrowing(target, conditions, where)
    return Rows(path[0]._begins, steps, found.conditions, scoped=found.scoped, alias=found.alias, among=found.among)


def compared(relation: Relation[Any], conditions: Sequence[object], operator: str, count: int, where: str) -> Predicate:
    """Whether there are so many related rows.

    Args:
        relation: a relation, or a path of several: then the count is that of the last one for a row of the one before.
        conditions: conditions on the related rows, or one query for them.
        operator: one of `OPERATORS`.
        count: what their number is compared with.
        where: the call, for errors.

    Raises:
        InvalidValue: another operator, or no count; something that is neither a condition nor a query.
        InvalidQuery: a relation to another connection, or to several models; or a query that makes no sense there.
    """
    if operator not in OPERATORS:
        raise InvalidValue(where, f"one of the operators {' '.join(OPERATORS)}", "another")
    number = whole(count, f"{where} count")
    before = relation._before
    asks = _ASKS.get((operator, number))
    if before is not None and asks is not True:
        own = relation._alone
        return compared(before, (compared(own, conditions, operator, number, where),), ">=", 1, where)
    if relation._relation.kind is catalog.RelationKind.MORPH_TO:
        return _of_several(relation, conditions, asks, where)
    rows = rows_of(relation, conditions, where)
    if asks is not None:
        return HasRows(rows, negated=not asks)
    if (operator, number) in _KNOWN:
        return Truth(_KNOWN[operator, number])
    counted = Integer[int](OfRows(rows, _COUNT), BIGINT)
    return _compare(counted, operator, number)


def _of_several(relation: Relation[Any], conditions: Sequence[object], asks: bool | None, where: str) -> Predicate:
    if conditions or asks is None:
        raise InvalidQuery(
            f"{where}: {relation._name} leads to one row of several models, which have no columns in common",
            f"where_has_morph({relation._name}, Model.query().where(...))",
        )
    found = any_member(relation, ("all",), (), where)
    return found if asks else ~found


_ASKS: dict[tuple[str, int], bool] = {
    (">=", 1): True,
    (">", 0): True,
    ("!=", 0): True,
    ("<>", 0): True,
    ("<", 1): False,
    ("<=", 0): False,
    ("=", 0): False,
}
"""Counts that ask whether there are any rows, which a database need not count for."""

_KNOWN: dict[tuple[str, int], bool] = {(">=", 0): True, ("<", 0): False}


def _compare(left: Integer[int], operator: str, number: int) -> Predicate:
    match operator:
        case "=":
            return left == number
        case "<":
            return left < number
        case "<=":
            return left <= number
        case ">":
            return left > number
        case ">=":
            return left >= number
        case _:
            return left != number
