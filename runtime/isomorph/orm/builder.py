"""Building queries: everything about a query but running it. Pure; both flavours inherit it.

A query is immutable: each call gives a new one over a new statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, LiteralString, Self, overload

from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidQuery, InvalidValue, TransactionRequired
from isomorph.orm.aliases import entity_of, is_model
from isomorph.orm.amounts import whole
from isomorph.orm.composing import Composing
from isomorph.orm.derived import Derived, Lateral
from isomorph.orm.joining import cross_join_to, joins_to
from isomorph.orm.relations import Relation
from isomorph.orm.scoping import Guard, resolved
from isomorph.orm.untyped import FromUntyped
from isomorph.sql.codecs import Bindable
from isomorph.sql.compounds import check_alike
from isomorph.sql.expressions import Expression, Order, Predicate
from isomorph.sql.fixed import Fixed
from isomorph.sql.homes import At, Homed
from isomorph.sql.raw import Raw
from isomorph.sql.select import PLAIN, Compiled, Lock, Select
from isomorph.sql.sources import Join

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.model import Model
    from isomorph.orm.plans import Executor

__all__ = ["QueryBuilder"]

_REMARK = re.compile(r"[\w ,.:=-]*(?:/(?!\*)[\w ,.:=-]*)*")


class QueryBuilder(Fixed, Composing, FromUntyped):
    """A query over a model's table, not yet run."""

    __slots__ = ("_connection", "_definition", "_statement")

    _definition: Definition
    _statement: Select
    _connection: str | None

    def _start(self, definition: Definition) -> Self:
        self._definition = definition
        table = definition.model.table
        self._statement = Select(table.name, definition.column_names, key=table.primary_key)
        self._statement.predicates = definition.guards
        self._connection = None
        return self

    def _copy(self) -> Self:
        made = object.__new__(type(self))
        made._definition = self._definition
        made._statement = self._statement.copy()
        made._connection = self._connection
        return made

    def _belongs(self) -> tuple[str, str]:
        return "queries", "make another one there; or take along what it found: get()"

    # --- clauses ---

    def where(self, *predicates: Predicate) -> Self:
        """Keep the rows for which all predicates are true."""
        self._check_predicates(predicates)
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
        self._check_single("where_raw()")
        made = self._copy()
        made._statement.predicates += (Raw(sql, values),)
        return made

    def order_by(self, *orders: Order | Expression[Any]) -> Self:
        """Order by these, behind what was asked before; a bare expression is ascending."""
        made = self._copy()
        made._statement.orders += tuple([_order(order) for order in orders])
        return made

    def reorder(self, *orders: Order | Expression[Any]) -> Self:
        """Order by these only."""
        made = self._copy()
        made._statement.orders = tuple([_order(order) for order in orders])
        return made

    def limit(self, limit: int | None) -> Self:
        """Return at most so many rows; None lifts the limit.

        Raises:
            InvalidValue: negative, or no int.
        """
        made = self._copy()
        made._statement.limit = None if limit is None else whole(limit, "limit()")
        return made

    def offset(self, offset: int) -> Self:
        """Skip so many rows.

        Raises:
            InvalidValue: negative, or no int.
        """
        made = self._copy()
        made._statement.offset = whole(offset, "offset()")
        return made

    def distinct(self) -> Self:
        """Merge equal rows."""
        self._check_single("distinct()")
        made = self._copy()
        made._statement.distinct = True
        return made

    def distinct_on(self, *expressions: Expression[Any]) -> Self:
        """Keep only the first row, by the order of the query, of those with equal values.

        The latest post of each author: `Post.query().distinct_on(Post.author_id).order_by(Post.created_at.desc())`. The
        rows stand in the order of the query.

        Raises:
            InvalidQuery: no columns; and, when it is compiled, no order.
        """
        if not expressions:
            raise InvalidQuery("distinct_on() without columns", "name at least one, or use distinct()")
        self._check_single("distinct_on()")
        return self._with(firsts=self._statement.extra.firsts + _checked(expressions, "distinct_on()"))

    @overload
    def join(self, relation: Relation, alias: type[Model] | None = None, /) -> Self: ...
    @overload
    def join(self, table: type[Model] | Derived[Any], /, *, on: Predicate) -> Self: ...
    @overload
    def join(self, table: Lateral[Any], /) -> Self: ...
    def join(self, target: object, alias: object = None, /, *, on: object = None) -> Self:
        """Join a table, keeping only rows that have a partner there.

        Joins may follow one another: from Post to its author, from there to the author's profile. A to-many relation
        repeats rows, one per partner.

        Args:
            target: a relation of a table of the query; or a model, an alias, or a selection as a table.
            alias: with a relation, the alias that its model is joined as: `join(User.manager, boss)`.
            on: with a table, the condition: `join(boss, on=User.manager_id == boss.id)`; a lateral one needs none.

        Raises:
            InvalidQuery: the relation starts at a table that is not part of the query, or the table already is.
        """
        return self._joined(target, joins_to(target, alias, on, outer=False))

    @overload
    def left_join(self, relation: Relation, alias: type[Model] | None = None, /) -> Self: ...
    @overload
    def left_join(self, table: type[Model] | Derived[Any], /, *, on: Predicate) -> Self: ...
    @overload
    def left_join(self, table: Lateral[Any], /) -> Self: ...
    def left_join(self, target: object, alias: object = None, /, *, on: object = None) -> Self:
        """As `join`, but rows without a partner stay; select the partner's columns with `.optional()`."""
        return self._joined(target, joins_to(target, alias, on, outer=True))

    def cross_join(self, table: type[Model] | Derived[Any], /) -> Self:
        """Join every row with every row of a table."""
        return self._joined(table, [cross_join_to(table)])

    # --- groups ---

    def group_by(self, *expressions: Expression[Any], rollup: bool = False) -> Self:
        """Merge the rows with equal values into one; `select` what to read of each group.

        What is read is grouped or aggregated; of a table whose key is grouped, anything.

        Args:
            expressions: what to group by.
            rollup: have totals, too: over all values of the last column, of the last two, and so on to the total of all
                rows. In them the columns left out are None, so they are selected with `.optional()`; see `f.grouping`.

        Raises:
            InvalidQuery: no columns; and, when it is compiled, something read that has no one value in a group.
        """
        if not expressions:
            raise InvalidQuery("group_by() without columns", "name at least one")
        self._check_single("group_by()")
        extra = self._statement.extra
        groups = extra.groups + _checked(expressions, "group_by()")
        return self._with(groups=groups, rollup=rollup or extra.rollup)

    def having(self, *predicates: Predicate) -> Self:
        """Keep the groups for which all predicates are true."""
        self._check_single("having()")
        self._check_predicates(predicates)
        return self._with(havings=self._statement.extra.havings + predicates)

    # --- combined queries ---

    def union(self, *others: Self, all_rows: bool = False) -> Self:
        """The rows of this query and of others, equal ones once.

        Args:
            others: queries of the same kind, with as many columns. Their order counts only where they are cut.
            all_rows: keep equal rows (UNION ALL), which spares the database the search for them.

        Raises:
            InvalidQuery: another number of columns, or other types; or one with locks.
        """
        return self._combined("UNION ALL" if all_rows else "UNION", others)

    def intersect(self, *others: Self) -> Self:
        """The rows that this query and all others have, each once; see `union`."""
        return self._combined("INTERSECT", others)

    def except_(self, *others: Self) -> Self:
        """The rows of this query that none of the others has, each once; see `union`."""
        return self._combined("EXCEPT", others)

    # --- locks, remarks ---

    def lock_for_update(
        self, *, nowait: bool = False, skip_locked: bool = False, of: Iterable[type[Model]] = ()
    ) -> Self:
        """Lock the rows until the transaction ends, so that nobody else locks, changes or deletes them.

        SQLite locks the whole database for a transaction anyway, and writes nothing.

        Args:
            nowait: fail with LockTimeout rather than wait for other transactions.
            skip_locked: leave out rows that others have locked.
            of: lock the rows of these models only (PostgreSQL).
        """
        return self._locked("update", nowait=nowait, skip_locked=skip_locked, of=of)

    def lock_for_share(
        self, *, nowait: bool = False, skip_locked: bool = False, of: Iterable[type[Model]] = ()
    ) -> Self:
        """Lock the rows until the transaction ends against changes by others, who may still read and share them."""
        return self._locked("share", nowait=nowait, skip_locked=skip_locked, of=of)

    def comment(self, text: str) -> Self:
        """Send a remark with the statement, which logs and monitors of the database show.

        Raises:
            InvalidValue: characters that could end the remark: only letters, digits and ` _-.,:=/` may be in it.
        """
        if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue("comment()", "a text", type(text).__name__)
        if not _REMARK.fullmatch(text):
            raise InvalidValue("comment()", "letters, digits and ' _-.,:=/', and no */", "something else")
        return self._with(comment=text)

    def hint(self, dialect: Literal["mysql", "postgresql"], text: LiteralString) -> Self:
        """Give the optimizer of one database a hint (`/*+ ... */`); the others never see it.

        Args:
            dialect: MySQL reads hints itself, PostgreSQL with the extension pg_hint_plan.
            text: never made from user input.
        """
        if dialect not in ("mysql", "postgresql"):
            raise InvalidValue("hint()", "mysql or postgresql", "another dialect")
        if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue("hint()", "a text", type(text).__name__)
        if any(mark in text for mark in ("*/", "/*", "%")):
            raise InvalidValue("hint()", "a hint without */, /* and %", "one with")
        return self._with(hints={**self._statement.extra.hints, dialect: text})

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

    @property
    def _reader(self) -> Executor:
        """The connection to read rows from.

        Raises:
            TransactionRequired: rows would be locked, and there is no transaction to keep the locks.
        """
        executor = self._executor
        lock = self._statement.extra.lock
        if lock is not None and not executor.in_transaction:
            raise TransactionRequired(f"lock_for_{lock.mode}()")
        return executor

    @property
    def _shape(self) -> Definition:
        """What the objects hold that it gives."""
        return self._definition

    def _compiled(self, dialect: Dialect) -> Compiled:
        return self._rewritten().compile(dialect)

    def _rewritten(self, *, counting: bool = False) -> Select:
        """The statement as it is sent."""
        definition = self._definition
        statement = resolved(self._statement) if definition.guards else self._statement
        return definition.database.rewriter.rewritten(statement, counting=counting)

    def _with(self, **changes: Any) -> Self:
        made = self._copy()
        made._statement.extra = replace(made._statement.extra, **changes)
        return made

    def _joined(self, target: object, joins: Sequence[Join]) -> Self:
        self._check_single("join()")
        made = self._copy()
        statement = made._statement
        for join in joins:
            present = statement.tables
            if join.source and join.source not in present:
                what = _what(target)
                raise InvalidQuery(
                    f"{what} starts at {join.source}, which is no part of the query", f"join {join.source} first"
                )
            # SQLite and MySQL ignore case in names.
            if join.table.lower() in [table.lower() for table in present]:
                what = _what(target)
                raise InvalidQuery(
                    f"{what} joins {join.table}, which is already part of the query",
                    'join it under another name: boss = User.alias("boss")',
                )
            statement.joins += (join,)
        return made

    def _combined(self, operator: str, others: Sequence[QueryBuilder]) -> Self:
        if not others:
            raise InvalidQuery(f"{operator.lower()} of one query", "pass at least one other")
        if self._shape is not self._definition:
            raise InvalidQuery(f"{operator.lower()} of queries with only()", "select() the same of each")
        for other in others:
            if not isinstance(other, QueryBuilder):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
                raise InvalidValue(f"{operator.lower()}()", "queries", type(other).__name__)
            if type(other) is not type(self):
                raise InvalidQuery(f"{operator.lower()} of queries with different columns", "select the same of each")
            check_alike(self._statement, other._statement, operator.lower())
            if other._shape is not other._definition:
                raise InvalidQuery(f"{operator.lower()} of queries with only()", "select() the same of each")
            if other._statement.extra.lock is not None:
                raise InvalidQuery(
                    f"{operator.lower()} of a query that locks rows", "lock them by a query of their own"
                )
        statement = self._statement
        if statement.extra.lock is not None:
            raise InvalidQuery(f"{operator.lower()} of a query that locks rows", "lock them by a query of their own")
        if statement.is_cut or statement.orders:
            raise InvalidQuery(
                f"{operator.lower()} of a query that is already ordered or limited",
                "combine first, then order and limit; or pass the limited one as the other",
            )
        parts = tuple((operator, other._statement) for other in others)
        return self._with(compound=statement.extra.compound + parts)

    def _locked(
        self, mode: Literal["update", "share"], *, nowait: bool, skip_locked: bool, of: Iterable[object]
    ) -> Self:
        if nowait and skip_locked:
            raise InvalidQuery("a lock with both nowait and skip_locked", "choose one")
        self._check_single("a lock")
        if isinstance(of, type) or not isinstance(of, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue("of=", "a list of models of the query", getattr(of, "__name__", type(of).__name__))
        tables = tuple([_named(table) for table in of])
        for table in tables:
            if table not in self._statement.tables:
                raise InvalidQuery(f"{table} is no part of the query", "join it first")
        return self._with(lock=Lock(mode, "nowait" if nowait else "skip_locked" if skip_locked else "wait", tables))

    def _check_single(self, what: str) -> None:
        """Refuse what a combined query cannot be asked for any more."""
        if self._statement.extra.compound:
            raise InvalidQuery(f"{what} behind a union", "narrow, join and group the queries before they are combined")

    def _check_predicates(self, predicates: Sequence[Predicate]) -> None:
        for predicate in predicates:
            if not isinstance(predicate, Predicate):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
                raise InvalidValue("where()", "a predicate such as User.age >= 18", type(predicate).__name__)
        if self._statement.extra is not PLAIN:
            self._check_single("where()")

    # --- for scopes of the schema, which name the model's own table ---

    def _narrowed(self, *predicates: Predicate) -> Self:
        """As `where`; over an alias, conditions of the model's own table are conditions of the alias."""
        own, home = self._definition.model.table.name, self._statement.table
        if own == home:
            return self.where(*predicates)
        return self.where(*[Homed(predicate, own, home) for predicate in predicates])

    def _arranged(self, *orders: Order | Expression[Any]) -> Self:
        """As `order_by`, likewise."""
        own, home = self._definition.model.table.name, self._statement.table
        if own == home:
            return self.order_by(*orders)
        made = [_order(order) for order in orders]
        return self.order_by(
            *[Order(At(order.expression, own, home), descending=order.descending, nulls=order.nulls) for order in made]
        )

    def _home_guards(self, name: str) -> None:
        """Let the global scopes mean the table under its other name."""
        statement = self._statement
        statement.predicates = tuple(
            predicate.at(name) if isinstance(predicate, Guard) else predicate for predicate in statement.predicates
        )


def _order(order: Order | Expression[Any]) -> Order:
    expression = order.expression if isinstance(order, Order) else order
    if not isinstance(expression, Expression):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValue("order_by()", "a column such as User.name", type(order).__name__)
    codec = expression._codec()
    if codec is not None and not codec.has_order:
        raise InvalidQuery(
            f"an order by {expression._where()}, whose values have none that databases share",
            "order by a part of it, or what is computed of it",
        )
    return order if isinstance(order, Order) else expression.asc()


def _what(target: object) -> str:
    return target._name if isinstance(target, Relation) else "join()"


def _checked(expressions: tuple[Expression[Any], ...], where: str) -> tuple[Expression[Any], ...]:
    for expression in expressions:
        if not isinstance(expression, Expression):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue(where, "columns such as User.name", type(expression).__name__)
    return expressions


def _named(model: object) -> str:
    if not is_model(model):
        raise InvalidValue("of=", "models of the query", type(model).__name__)
    return entity_of(model).table
