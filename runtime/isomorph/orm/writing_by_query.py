"""Writing by query: update, delete and increment of the rows that a query means, by one statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal, TypeVar

from isomorph.errors import ConstraintViolation, InvalidQuery, UnknownField
from isomorph.orm import including, writing
from isomorph.orm.builder import QueryBuilder
from isomorph.orm.scoping import split
from isomorph.sql.expressions import Bound, Expression
from isomorph.sql.kinds import Numeric
from isomorph.sql.statements import compile_delete, compile_update

__all__ = ["WritingByQuery"]

V = TypeVar("V")


class WritingByQuery(QueryBuilder):
    """The part of a query for objects that writes."""

    __slots__ = ()

    _includes: tuple[including.Include, ...]

    def delete(self, *, all_rows: bool = False) -> int:
        """Delete the rows, by one statement.

        Args:
            all_rows: say so when the query has no condition.

        Returns:
            The number of rows deleted.

        Raises:
            InvalidQuery: no condition and not `all_rows`; or joins, order, limit or includes.
        """
        self._check_writable("delete", all_rows=all_rows)
        executor = self._executor
        return executor.execute(*compile_delete(executor.dialect, self._statement.table, self._statement.predicates))

    def increment(self, column: Numeric[Any, V], by: V, *, all_rows: bool = False) -> int:
        """Add to a column of all rows, by one statement; see `delete` for `all_rows`, the result and the errors."""
        self._check_writable("increment", all_rows=all_rows)
        return self._added(column, by, minus=False)

    def decrement(self, column: Numeric[Any, Any], by: Any, *, all_rows: bool = False) -> int:
        """Subtract from a column of all rows; see `increment`."""
        self._check_writable("decrement", all_rows=all_rows)
        return self._added(column, by, minus=True)

    def _added(self, column: Numeric[Any, Any], by: object, *, minus: bool) -> int:
        changes = writing.increments(self._definition, column, by, minus=minus)
        return self._write(changes)

    def _update(self, changes: Mapping[str, object], *, all_rows: bool) -> int:
        """What the generated, typed `update` calls: set fields of all rows, by one statement.

        Raises:
            InvalidQuery: as `delete`; or nothing to change.
            UnknownField: a name is no field of the model.
            InvalidValue: a value that its column cannot hold.
        """
        self._check_writable("update", all_rows=all_rows)
        definition = self._definition
        if not changes:
            raise InvalidQuery("update() without changes", "name at least one field")
        written: dict[str, Expression[object]] = {}
        for field, value in changes.items():
            if field not in definition.public:
                raise UnknownField(definition.name, field, definition.public)
            column = definition.columns[field]
            codec = column.codec
            if value is None:
                definition.check_none(definition.positions[field])
            written[column.name] = Bound(codec.stored(value, column._where()), codec)
        stamped = definition.model.updated_at
        if stamped is not None and stamped not in changes:
            column = definition.columns[stamped]
            written[column.name] = Bound(dt.datetime.now(dt.UTC), column.codec)
        return self._write(written)

    def _write(self, changes: Mapping[str, Expression[object]]) -> int:
        executor = self._executor
        sql, parameters = compile_update(executor.dialect, self._statement.table, changes, self._statement.predicates)
        try:
            return executor.execute(sql, parameters)
        except ConstraintViolation as error:
            writing.attribute(self._definition, error)
            raise

    def _check_writable(self, what: Literal["delete", "update", "increment", "decrement"], *, all_rows: bool) -> None:
        statement = self._statement
        if statement.joins or statement.is_cut or statement.orders or self._includes or statement.distinct:
            raise InvalidQuery(
                f"{what}() by query takes conditions only", "drop joins, order, limit and includes, or write by key"
            )
        if bool(split(statement.predicates)[1]) == all_rows:  # a global scope is no condition of the caller's
            if all_rows:
                raise InvalidQuery(f"{what}(all_rows=True) on a query with conditions", "drop one of the two")
            raise InvalidQuery(f"{what}() without a condition would touch every row", "add where(), or all_rows=True")
