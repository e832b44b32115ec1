"""Writing by query: update, delete and increment of the rows that a query means, by one statement."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.orm.assigning import Changes, added, changes_of, values_of
from isomorph.orm.builder import QueryBuilder
from isomorph.orm.loading import Include
from isomorph.orm.modifying import modify
from isomorph.orm.plans import run
from isomorph.orm.scoping import is_narrowed
from isomorph.orm.tallies import Amount
from isomorph.sql.assignments import Assignment
from isomorph.sql.calculating import Numeric
from isomorph.sql.sources import TableSource

__all__ = ["WritingByQuery"]

V = TypeVar("V")


class WritingByQuery(QueryBuilder):
    """The part of a query for objects that writes.

    Which rows are meant is what `get` would say: conditions, joins, and limits. Each of them is written once, however many
    partners a join finds for it; which partner's values it is given is then the database's choice.
    """

    __slots__ = ()

    _amounts: tuple[Amount, ...]
    _includes: tuple[Include, ...]

    def delete(self, *, all_rows: bool = False) -> int:
        """Delete the rows, by one statement.

        Args:
            all_rows: say so when the query has neither conditions nor a limit.

        Returns:
            The number of rows deleted.

        Raises:
            InvalidQuery: no condition and not `all_rows`; or rows that are no rows of the table: distinct, grouped,
                combined.
        """
        self._check_writable("delete()", all_rows=all_rows)
        return self._modified(None)

    def update_with(self, *assignments: Assignment, all_rows: bool = False) -> int:
        """Set columns of all rows to values and expressions, by one statement: `update_with(Post.title.to(User.name))`.

        All expressions read what the row was before. For values alone there is `update(title="...")`.

        Args:
            assignments: what is set; a column once.
            all_rows: say so when the query has neither conditions nor a limit.

        Returns:
            The number of rows found, whether or not anything in them changed.

        Raises:
            InvalidQuery: as `delete`; or nothing to set, or a column twice, or one of another model.
        """
        self._check_writable("update_with()", all_rows=all_rows)
        return self._modified(self._changes(assignments, "update_with()"))

    def increment(
        self, column: Numeric[Any, V], by: V | Literal[1] = 1, *also: Assignment, all_rows: bool = False
    ) -> int:
        """Add to a column of all rows, by one statement; see `update_with`.

        Args:
            column: what is added to.
            by: how much.
            also: what else is set.
            all_rows: say so when the query has neither conditions nor a limit.
        """
        self._check_writable("increment()", all_rows=all_rows)
        return self._added({column: by}, also, "increment()", minus=False)

    def decrement(
        self, column: Numeric[Any, V], by: V | Literal[1] = 1, *also: Assignment, all_rows: bool = False
    ) -> int:
        """Subtract from a column of all rows; see `increment`."""
        self._check_writable("decrement()", all_rows=all_rows)
        return self._added({column: by}, also, "decrement()", minus=True)

    def increment_each(
        self, amounts: Mapping[Numeric[Any, Any], int | float | Decimal], *also: Assignment, all_rows: bool = False
    ) -> int:
        """Add to several columns of all rows, by one statement: `increment_each({Post.views: 1, Post.likes: 2})`.

        Args:
            amounts: how much is added to each column; a number that the column holds, also a negative one.
            also: what else is set.
            all_rows: say so when the query has neither conditions nor a limit.
        """
        self._check_writable("increment_each()", all_rows=all_rows)
        return self._added(amounts, also, "increment_each()", minus=False)

    def decrement_each(
        self, amounts: Mapping[Numeric[Any, Any], int | float | Decimal], *also: Assignment, all_rows: bool = False
    ) -> int:
        """Subtract from several columns of all rows; see `increment_each`."""
        self._check_writable("decrement_each()", all_rows=all_rows)
        return self._added(amounts, also, "decrement_each()", minus=True)

    def _added(self, amounts: object, also: tuple[Assignment, ...], what: str, *, minus: bool) -> int:
        if not isinstance(amounts, Mapping):
            raise InvalidValue(what, "a mapping of columns to numbers", type(amounts).__name__)
        definition, table = self._definition, self._statement.table
        known = cast("Mapping[object, object]", amounts)
        numbers = [added(definition, table, column, by, minus=minus) for column, by in known.items()]
        return self._modified(self._changes((*numbers, *also), what))

    if not TYPE_CHECKING:
        # Generated classes declare it with the fields that they have.
        def update(self, /, *, all_rows: bool = False, **changes: object) -> int:
            """Set fields of all rows by one statement; without a condition, say `all_rows=True`."""
            return self._update(changes, all_rows=all_rows)

    def _update(self, changes: Mapping[str, object], *, all_rows: bool) -> int:
        """Set fields of all rows, by one statement.

        Raises:
            InvalidQuery: as `delete`; or nothing to change.
            UnknownField: a name is no field of the model.
            InvalidValue: a value that its column cannot hold.
        """
        self._check_writable("update()", all_rows=all_rows)
        values = values_of(self._definition, self._statement.table, changes)
        return self._modified(self._changes(values, "update()"))

    def _changes(self, assignments: tuple[Assignment, ...] | list[Assignment], what: str) -> Changes:
        return changes_of(self._definition, self._statement, assignments, what)

    def _modified(self, changes: Changes | None) -> int:
        executor = self._executor
        return run(executor, modify(self, changes, executor))

    def _check_writable(self, what: str, *, all_rows: bool) -> None:
        statement = self._statement
        if statement.source is not None and not isinstance(statement.source, TableSource):
            raise InvalidQuery(
                f"{what} of {statement.table}, which is no table", f"write {self._definition.name}, and join it"
            )
        if statement.distinct or statement.extra.is_derived or self._includes:
            raise InvalidQuery(
                f"{what} of distinct, grouped or combined rows, or with includes",
                "narrow by conditions: where(Model.id.in_(...))",
            )
        if self._amounts:
            raise InvalidQuery(
                f"{what} of a query with with_count() and its like, which reads nothing back", "drop these"
            )
        picks = statement.is_cut or statement.extra.lock is not None
        if statement.orders and not picks:
            raise InvalidQuery(
                f"{what} in an order, which changes nothing without a limit", "add limit(), or reorder()"
            )
        is_limited = is_narrowed(statement.predicates) or statement.limit is not None
        if is_limited == all_rows:  # a global scope is no condition of the caller's
            if all_rows:
                raise InvalidQuery(f"{what[:-1]}all_rows=True) on a query with conditions", "drop one of the two")
            raise InvalidQuery(f"{what} without a condition would touch every row", "add where(), or all_rows=True")
