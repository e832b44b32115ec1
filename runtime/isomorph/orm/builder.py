"""Building queries: everything about a query but running it. Pure; both flavours inherit it.

A query is immutable: each call gives a new one over a new statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, LiteralString, Self, cast

from isomorph.catalog import RelationKind
from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.orm.relations import Relation
from isomorph.sql.codecs import Bindable
from isomorph.sql.expressions import Expression, Order, Predicate, Raw
from isomorph.sql.statements import Compiled, Join, Select

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.plans import Executor

__all__ = ["QueryBuilder", "at_least_one", "joins_of"]


class QueryBuilder:
    """A query over a model's table, not yet run."""

    __slots__ = ("_connection", "_definition", "_statement")

    _definition: Definition
    _statement: Select
    _connection: str | None

    def _start(self, definition: Definition) -> Self:
        self._definition = definition
        self._statement = Select(definition.model.table.name)
        self._connection = None
        return self

    def _copy(self) -> Self:
        made = object.__new__(type(self))
        made._definition = self._definition
        made._statement = self._statement.copy()
        made._connection = self._connection
        return made

    # --- clauses ---

    def where(self, *predicates: Predicate) -> Self:
        """Keep the rows for which all predicates are true."""
        for predicate in predicates:
            self._check_predicate(predicate)
        made = self._copy()
        made._statement.predicates += predicates
        return made

    def where_raw(self, sql: LiteralString, *values: Bindable) -> Self:
        """Keep the rows for which a condition in SQL is true.

        Args:
            sql: the condition, never made from user input; `?` for each bound value, `??` for a question mark.
            values: bound in the order of the placeholders.

        Raises:
            InvalidQuery: the numbers of placeholders and values differ.
        """
        made = self._copy()
        made._statement.predicates += (Raw(sql, values),)
        return made

    def order_by(self, *orders: Order | Expression[Any]) -> Self:
        """Order by these, behind what was asked before; a bare expression is ascending."""
        made = self._copy()
        made._statement.orders += tuple(self._order(order) for order in orders)
        return made

    def reorder(self, *orders: Order | Expression[Any]) -> Self:
        """Order by these only."""
        made = self._copy()
        made._statement.orders = tuple(self._order(order) for order in orders)
        return made

    def limit(self, limit: int | None) -> Self:
        """Return at most so many rows; None lifts the limit.

        Raises:
            InvalidValue: negative, or no int.
        """
        made = self._copy()
        made._statement.limit = None if limit is None else _whole(limit, "limit")
        return made

    def offset(self, offset: int) -> Self:
        """Skip so many rows.

        Raises:
            InvalidValue: negative, or no int.
        """
        made = self._copy()
        made._statement.offset = _whole(offset, "offset")
        return made

    def distinct(self) -> Self:
        """Merge equal rows."""
        made = self._copy()
        made._statement.distinct = True
        return made

    def join(self, relation: Relation) -> Self:
        """Join the table that a relation leads to, keeping only rows that have a partner there.

        A to-many relation repeats rows, one per partner. Joins may follow one another: from Post to its author, from
        there to the author's profile.

        Raises:
            InvalidQuery: the relation starts at a table that is not part of the query, or ends at one that already is.
        """
        return self._joined(relation, outer=False)

    def left_join(self, relation: Relation) -> Self:
        """As `join`, but rows without a partner stay; select the partner's columns with `.optional()`."""
        return self._joined(relation, outer=True)

    def on(self, connection: str) -> Self:
        """Run on another connection of the schema, by name."""
        made = self._copy()
        made._connection = connection
        return made

    # --- text ---

    def to_sql(self) -> Compiled:
        """The SQL text and its parameters, as they would be sent."""
        return self._compiled(self._executor.dialect)

    # --- for both flavours ---

    @property
    def _executor(self) -> Executor:
        definition = self._definition
        if self._connection is None:
            return definition.executor
        return definition.database.executor_named(self._connection)

    def _compiled(self, dialect: Dialect) -> Compiled:
        definition = self._definition
        return self._statement.compile(dialect, definition.statements[dialect.name].select, definition.column_names)

    def _compiled_count(self, dialect: Dialect) -> Compiled:
        definition = self._definition
        return self._statement.compile_count(
            dialect, definition.statements[dialect.name].select, definition.column_names
        )

    def _joined(self, relation: Relation, *, outer: bool) -> Self:
        if not isinstance(relation, Relation):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue("join()", "a relation such as User.posts", type(relation).__name__)
        made = self._copy()
        for join in joins_of(relation, outer=outer):
            present = made._statement.tables
            if join.source not in present:
                raise InvalidQuery(
                    f"{relation._name} starts at {join.source}, which is no part of the query",
                    f"join {join.source} first",
                )
            if join.table in present:
                raise InvalidQuery(
                    f"{relation._name} joins {join.table}, which is already part of the query",
                    "joining a table twice needs aliases, which are not supported yet",
                )
            made._statement.joins += (join,)
        return made

    def _check_predicate(self, predicate: Predicate) -> None:
        if not isinstance(predicate, Predicate):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue("where()", "a predicate such as User.age >= 18", type(predicate).__name__)
        self._check_tables(predicate)

    def _check_tables(self, expression: Expression[Any]) -> None:
        present = self._statement.tables
        for table in expression._tables():
            if table not in present:
                raise InvalidQuery(f"{table} is no part of the query", "join it first, or use its own model's columns")

    def _order(self, order: Order | Expression[Any]) -> Order:
        made = order if isinstance(order, Order) else Order(order, descending=False)
        if not isinstance(made.expression, Expression):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue("order_by()", "a column such as User.name", type(order).__name__)
        self._check_tables(made.expression)
        return made


def joins_of(relation: Relation, *, outer: bool) -> list[Join]:
    """The joins that follow a relation, in order.

    Raises:
        InvalidQuery: a relation that leads to several tables.
    """
    found = relation._relation
    source = relation._definition.model.table.name
    if found.kind in (RelationKind.HAS_ONE_THROUGH, RelationKind.HAS_MANY_THROUGH):
        joins: list[Join] = []
        definition = relation._definition
        for name in found.through:
            step = Relation._make(definition, definition.model.relation(name))
            joins += joins_of(step, outer=outer)
            definition = step._target
        return joins
    target = relation._target.model.table.name
    morph, pivot = found.morph, found.pivot
    alias = [] if morph is None else [(morph.type_column, cast(str, morph.alias))]
    if pivot is None:
        pairs = list(zip(found.local, found.remote, strict=True))
        return [Join(target, source, pairs, constants=alias, outer=outer)]
    return [
        Join(pivot.table, source, list(zip(found.local, pivot.local, strict=True)), constants=alias, outer=outer),
        Join(target, pivot.table, list(zip(pivot.remote, found.remote, strict=True)), outer=outer),
    ]


def _whole(number: int, where: str) -> int:
    if type(number) is not int or number < 0:
        raise InvalidValue(
            f"{where}()", "an int of 0 or more", type(number).__name__ if type(number) is not int else "less"
        )
    return min(number, 2**63 - 1)


def at_least_one(number: int, where: str) -> int:
    """The number, if it is an int of 1 or more.

    Raises:
        InvalidValue: it is not.
    """
    if type(number) is not int or number < 1:
        raise InvalidValue(where, "an int of 1 or more", type(number).__name__ if type(number) is not int else "less")
    return number
