"""Queries for tuples: what `select` gives. Rows are tuples of Python values, in the order asked for."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, Generic, Literal, Self, cast, overload

from typing_extensions import TypeVar

from isomorph.dialects.base import Dialect, Load
from isomorph.errors import InvalidQuery, InvalidValue, NotFound
from isomorph.orm.aliases import Entity, columns_of, entity_of
from isomorph.orm.amounts import at_least_one
from isomorph.orm.builder import QueryBuilder
from isomorph.orm.counting import Counting
from isomorph.orm.derived import Derived, Lateral
from isomorph.orm.dicts import dicts_of
from isomorph.orm.keys import in_batches
from isomorph.orm.reading import ReadingRows
from isomorph.orm.recursion import recursive_cte
from isomorph.sql.calls import Scalar
from isomorph.sql.expressions import Expression
from isomorph.sql.kinds import Value
from isomorph.sql.naming import checked_name
from isomorph.sql.select import Select
from isomorph.sql.sources import Cte, CteSource, DerivedTable
from isomorph.sql.subqueries import Subquery
from isomorph.sql.trees import label_of, nullable_reads, output_name

__all__ = ["Selection", "select_from"]

Row_co = TypeVar("Row_co", covariant=True, default=tuple[Any, ...])
T = TypeVar("T")


_AT_ONCE = 1000
"""Rows that are turned into columns and back at once."""


class Selection(Counting, ReadingRows[Row_co], Subquery[Row_co], Generic[Row_co]):
    """A query for tuples of columns."""

    __slots__ = ("_items",)

    _items: tuple[Expression[Any], ...]

    @classmethod
    def _over(cls, query: QueryBuilder, items: Sequence[Expression[Any]]) -> Self:
        made = object.__new__(cls)
        made._definition = query._definition
        made._statement = query._statement.copy()
        made._connection = query._connection
        made._items = tuple(items)
        columns: list[Expression[Any]] = []
        for item in items:
            columns += columns_of(item) if isinstance(item, Entity) else (item,)
        made._statement.columns = tuple(columns)
        return made

    def _copy(self) -> Self:
        made = super()._copy()
        made._items = self._items
        return made

    # --- rows ---

    def get(self) -> list[Row_co]:
        """All rows."""
        executor = self._reader
        dialect = executor.dialect
        return self._converted(executor.fetch(*self._compiled(dialect)), dialect)

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

    def dicts(self) -> list[dict[str, object]]:
        """All rows as dicts: by field, by the name of `as_`, for whole models by the model's name.

        Raises:
            InvalidQuery: something has no name, or two things have the same.
        """
        names = self._names()
        return dicts_of(names, cast("list[tuple[object, ...]]", self.get()))

    def cursor(self, size: int = 1000) -> Generator[Row_co]:
        """All rows, one at a time, from one statement, in constant memory; see `Query.cursor`."""
        return self._stream(at_least_one(size, "cursor"))

    def _stream(self, size: int) -> Generator[Row_co]:
        executor = self._reader
        dialect = executor.dialect
        convert = self._conversion(dialect)
        sql, parameters = self._compiled(dialect)
        batches: Any = executor.stream(sql, parameters, size)
        try:
            for rows in batches:
                yield from rows if convert is None else convert(rows)
        finally:
            batches.close()

    def __iter__(self) -> Iterator[Row_co]:
        return iter(self.get())

    # --- as a part of another statement ---

    @property
    def _select(self) -> Select:
        return self._statement

    def scalar(self: Selection[tuple[T]]) -> Value[T | None]:
        """Its one value, as an expression of another query; None without rows.

        Raises:
            InvalidQuery: it selects another number of columns.
        """
        node = Scalar[Any](self._statement)
        codec = node._codec()
        if codec is None:
            raise InvalidQuery("a sub-query of raw SQL as a value", "select a column or a typed expression")
        return Value(node, codec)

    @overload
    def subquery(self, name: str, *, lateral: Literal[False] = False) -> Derived[Row_co]: ...
    @overload
    def subquery(self, name: str, *, lateral: Literal[True]) -> Lateral[Row_co]: ...
    def subquery(self, name: str, *, lateral: bool = False) -> Derived[Row_co]:
        """The selection as a table, to join or to query.

        Args:
            name: what the table is called.
            lateral: whether it may read the tables that it is joined to (PostgreSQL only); then it is joined without a
                condition, too.

        Raises:
            InvalidQuery: two of its columns have the same name.
            InvalidValue: a name that no database takes.
        """
        names = self._statement.output_names()
        source = DerivedTable(self._statement.labelled(names), checked_name(name, "subquery()"), lateral=lateral)
        made = Lateral[Row_co] if lateral else Derived[Row_co]
        return made(source, self._statement.selected, names, self)

    def cte(self, name: str) -> Derived[Row_co]:
        """The selection as a common table expression (WITH), which a statement may read several times.

        Raises:
            InvalidQuery: two of its columns have the same name.
            InvalidValue: a name that no database takes.
        """
        names = self._statement.output_names()
        cte = Cte(checked_name(name, "cte()", self._statement.tables), names, self._statement)
        return Derived(CteSource(cte, name), self._statement.selected, names, self)

    def recursive(
        self, name: str, step: Callable[[Derived[Row_co]], Selection[Row_co]], *, max_depth: int = 1000
    ) -> Derived[Row_co]:
        """A recursive common table expression: these rows, and those that `step` finds from the rows found last.

        Args:
            name: what the table is called.
            step: from the table to a selection of the same columns that joins it.
            max_depth: how many steps are taken at most, so that a circle in the data ends.

        Raises:
            InvalidQuery: the step selects other columns, or is ordered or cut.
            InvalidValue: a depth below 1.
        """
        names = self._statement.output_names()
        depth = at_least_one(max_depth, "max_depth")
        cte, finish = recursive_cte(
            self._statement, checked_name(name, "recursive()", self._statement.tables), names, depth
        )
        made = Derived[Row_co](CteSource(cte, name), self._statement.selected, names, self)
        follow = step(made)
        if not isinstance(follow, Selection):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue("recursive()", "a step that gives a selection", type(follow).__name__)
        finish(follow._statement)
        return made

    # --- conversion ---

    def _converted(self, rows: list[Any], dialect: Dialect) -> list[Any]:
        """Driver rows as Python rows."""
        convert = self._conversion(dialect)
        return rows if convert is None or not rows else convert(rows)

    def _names(self) -> list[str]:
        names: list[str] = []
        for item in self._items:
            name = item.definition.name if isinstance(item, Entity) else label_of(item) or getattr(item, "field", None)
            name = name or getattr(getattr(item, "inner", None), "field", None) or output_name(item)
            if name is None:
                raise InvalidQuery(f"dicts() with {item._where()}, which has no name", 'give it one: .as_("...")')
            if name in names:
                raise InvalidQuery(f'dicts() with two columns "{name}"', 'name one of them: .as_("...")')
            names.append(name)
        return names

    def _conversion(self, dialect: Dialect) -> Callable[[list[tuple[Any, ...]]], list[Any]] | None:
        """Driver rows to Python rows; None where every column already is a Python value."""
        loads: list[Load | None] = []
        for item in self._items:
            if isinstance(item, Entity):
                return self._conversion_with_models(dialect)
            codec = item._codec()
            loads.append(None if codec is None else codec.loads[dialect.name])
        loaded = [(position, load) for position, load in enumerate(loads) if load is not None]
        if not loaded:
            return None

        def convert(rows: list[tuple[Any, ...]]) -> list[Any]:
            found: list[Any] = []
            for part in in_batches(rows, _AT_ONCE):
                columns: list[Sequence[Any]] = list(zip(*part, strict=True))
                for position, load in loaded:
                    columns[position] = [None if value is None else load(value) for value in columns[position]]
                found += zip(*columns, strict=True)
            return found

        return convert

    def _conversion_with_models(self, dialect: Dialect) -> Callable[[list[tuple[Any, ...]]], list[Any]]:
        """The same column by column, since models are loaded many at a time."""
        readers: list[Callable[[list[tuple[Any, ...]]], list[Any]]] = []
        position = 0
        for item in self._items:
            if isinstance(item, Entity):
                readers.append(_models(item, dialect, position))
                position += len(item.definition.fields)
            else:
                codec = item._codec()
                readers.append(_values(None if codec is None else codec.loads[dialect.name], position))
                position += 1
        return lambda rows: list(zip(*[read(rows) for read in readers], strict=True))


def _values(load: Load | None, position: int) -> Callable[[list[tuple[Any, ...]]], list[Any]]:
    def read(rows: list[tuple[Any, ...]]) -> list[Any]:
        if load is None:
            return [row[position] for row in rows]
        return [None if row[position] is None else load(row[position]) for row in rows]

    return read


def _models(entity: Entity[Any], dialect: Dialect, start: int) -> Callable[[list[tuple[Any, ...]]], list[Any]]:
    definition = entity.definition
    load = definition.loaders[dialect.name]
    stop = start + len(definition.fields)
    key = start + definition.key[0]

    def read(rows: list[tuple[Any, ...]]) -> list[Any]:
        if not entity.is_optional:
            return load([row[start:stop] for row in rows])
        found = iter(load([row[start:stop] for row in rows if row[key] is not None]))
        return [None if row[key] is None else next(found) for row in rows]

    return read


def select_from(query: QueryBuilder, items: Sequence[object]) -> Selection[Any]:
    """The same query for columns and models.

    Raises:
        InvalidQuery: nothing selected, or what may be missing and does not say so.
        InvalidValue: neither an expression nor a model.
    """
    if not items:
        raise InvalidQuery("select() without columns", "name at least one")
    query._check_single("select()")
    if query._shape is not query._definition:
        raise InvalidQuery("select() of a query with only()", "say one of the two")
    outer = query._statement.outer_joined
    made: list[Expression[Any]] = []
    for item in items:
        expression: Expression[Any] = cast(Any, item) if isinstance(item, Expression) else entity_of(item)
        made.append(expression)
        if outer:
            _check_present(expression, outer)
    return Selection._over(query, made)


def _check_present(item: Expression[Any], outer: Sequence[str]) -> None:
    """Refuse what a left join may leave without a value although its type does not say so."""
    if isinstance(item, Entity):
        missing = None if item.is_optional or item.table not in outer else item.table
        mend = f"select optional({item.definition.name}), from isomorph.functions"
    else:
        missing = next((table for table in nullable_reads(item) if table in outer), None)
        mend = f"select {item._where()}.optional()"
    if missing is not None:
        raise InvalidQuery(f"{item._where()} may be missing, since {missing} is left-joined", mend)
