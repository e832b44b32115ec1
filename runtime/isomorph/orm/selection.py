"""Queries for tuples: what `select` gives. Rows are tuples of Python values, in the order asked for."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, Self

from typing_extensions import TypeVar

from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidQuery, InvalidValue, NotFound
from isomorph.orm.builder import QueryBuilder, at_least_one
from isomorph.sql.expressions import Expression, Optional

if TYPE_CHECKING:
    from isomorph.dialects.base import Load

__all__ = ["Selection", "select_from"]

Row_co = TypeVar("Row_co", covariant=True, default=tuple[Any, ...])


class Selection(QueryBuilder, Generic[Row_co]):
    """A query for tuples of columns."""

    __slots__ = ()

    @classmethod
    def _over(cls, query: QueryBuilder, columns: tuple[Expression[Any], ...]) -> Self:
        made = object.__new__(cls)
        made._definition = query._definition
        made._statement = query._statement.copy()
        made._statement.columns = columns
        made._connection = query._connection
        return made

    def get(self) -> list[Row_co]:
        """All rows."""
        executor = self._executor
        dialect = executor.dialect
        rows: list[Any] = executor.fetch(*self._compiled(dialect))
        convert = self._conversion(dialect)
        return rows if convert is None else [convert(row) for row in rows]

    def first(self) -> Row_co | None:
        """The first row, or None. Without an order, any."""
        limit = self._statement.limit
        rows = self.limit(1 if limit is None else min(1, limit)).get()
        return rows[0] if rows else None

    def first_or_fail(self) -> Row_co:
        """The first row.

        Raises:
            NotFound: there is none.
        """
        found = self.first()
        if found is None:
            raise NotFound(self._definition.name)
        return found

    def count(self) -> int:
        """The number of rows."""
        executor = self._executor
        row = executor.fetch_one(*self._compiled_count(executor.dialect))
        return int(row[0]) if row is not None else 0

    def cursor(self, size: int = 1000) -> Generator[Row_co]:
        """All rows, one at a time, from one statement, in constant memory; see `Query.cursor`."""
        return self._stream(at_least_one(size, "cursor"))

    def _stream(self, size: int) -> Generator[Row_co]:
        executor = self._executor
        dialect = executor.dialect
        convert = self._conversion(dialect)
        sql, parameters = self._compiled(dialect)
        batches: Any = executor.stream(sql, parameters, size)
        try:
            for rows in batches:
                yield from rows if convert is None else map(convert, rows)
        finally:
            batches.close()

    def _conversion(self, dialect: Dialect) -> Callable[[tuple[Any, ...]], Any] | None:
        """Driver row to Python row; None where every column already is a Python value."""
        loads: list[Load | None] = []
        for column in self._statement.columns or ():
            codec = column._codec()
            loads.append(None if codec is None else codec.loads[dialect.name])
        if not any(loads):
            return None
        return lambda row: tuple(
            [value if load is None or value is None else load(value) for load, value in zip(loads, row, strict=True)]
        )

    def __iter__(self) -> Iterator[Row_co]:
        return iter(self.get())


def select_from(query: QueryBuilder, columns: Sequence[Expression[Any]]) -> Selection[Any]:
    """The same query for columns.

    Raises:
        InvalidQuery: no columns, or one whose table is no part of the query or may be missing.
    """
    if not columns:
        raise InvalidQuery("select() without columns", "name at least one")
    outer = {join.table for join in query._statement.joins if join.outer}
    for column in columns:
        if not isinstance(column, Expression):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue("select()", "columns such as User.name", type(column).__name__)
        query._check_tables(column)
        missing = outer.intersection(column._tables())
        if missing and not isinstance(column, Optional) and not getattr(column, "nullable", False):
            raise InvalidQuery(
                f"{column._where()} may be missing, since {missing.pop()} is left-joined",
                f"select {column._where()}.optional()",
            )
    return Selection._over(query, tuple(columns))
