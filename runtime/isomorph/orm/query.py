"""Running queries, synchronously: thin shells over the builder, one statement each, or a plan where more are needed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, Generic, Literal, Self, TypeVar, cast, overload

from typing_extensions import TypeVar as DefaultTypeVar

from isomorph.catalog import Kind
from isomorph.errors import ConstraintViolation, InvalidQuery, InvalidValue, NotFound, UnknownField
from isomorph.orm import including, writing
from isomorph.orm.builder import QueryBuilder, at_least_one
from isomorph.orm.collection import Collection
from isomorph.orm.plans import run
from isomorph.orm.relations import Includes, IncludesWith, Relation
from isomorph.orm.selection import Selection, select_from
from isomorph.sql.codecs import Codec
from isomorph.sql.columns import Numeric, Ordered, Sortable, Summable
from isomorph.sql.expressions import Arithmetic, Bound, Expression, Function
from isomorph.sql.statements import compile_delete, compile_update

__all__ = ["Page", "Query"]

M_co = DefaultTypeVar("M_co", covariant=True)
Q = TypeVar("Q")
N = TypeVar("N")
R = TypeVar("R")
T = TypeVar("T")
V = TypeVar("V")
T1 = TypeVar("T1")
T2 = TypeVar("T2")
T3 = TypeVar("T3")
T4 = TypeVar("T4")
T5 = TypeVar("T5")
T6 = TypeVar("T6")
T7 = TypeVar("T7")
T8 = TypeVar("T8")

_MEAN = Context(prec=28, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Page(Generic[M_co]):
    """One page of a query's rows.

    Attributes:
        items: the rows.
        total: rows on all pages.
        per_page: most rows on a page.
        page: number of this page, from 1.
    """

    items: Collection[M_co]
    total: int
    per_page: int
    page: int

    @property
    def last_page(self) -> int:
        """Number of the last page; 1 when there are no rows."""
        return max(1, -(-self.total // self.per_page))

    @property
    def first_item(self) -> int | None:
        """Position of the first row of this page among all, from 1; None on an empty page."""
        return (self.page - 1) * self.per_page + 1 if self.items else None

    @property
    def last_item(self) -> int | None:
        """Position of the last row of this page among all; None on an empty page."""
        return (self.page - 1) * self.per_page + len(self.items) if self.items else None

    @property
    def has_more(self) -> bool:
        """Whether there are pages behind this one."""
        return self.page < self.last_page


class Query(QueryBuilder, Generic[M_co]):
    """A query for objects of a model."""

    __slots__ = ("_includes",)

    _includes: tuple[including.Include, ...]

    def _start(self, definition: Any) -> Self:
        super()._start(definition)
        self._includes = ()
        return self

    def _copy(self) -> Self:
        made = super()._copy()
        made._includes = self._includes
        return made

    # --- relations ---

    @overload
    def include(self: Q, relation: Includes[Q, R], /) -> R: ...
    @overload
    def include(self: Q, relation: IncludesWith[Q, N, R], nested: N, /) -> R: ...
    def include(self, relation: Any, nested: Any = None, /) -> Any:
        """Load a relation of all rows with one more statement, and say so in the type of the result.

        Args:
            relation: a relation of the model: `User.posts`.
            nested: a query of the related model that narrows, orders or includes further.

        Raises:
            InvalidQuery: the relation belongs to another model, or the nested query is cut by limit or offset.
        """
        made = self._copy()
        made._includes += (including.Include.checked(self._definition, cast(Relation, relation), nested),)
        return made

    # --- rows ---

    def get(self) -> Collection[M_co]:
        """All rows."""
        executor = self._executor
        dialect = executor.dialect
        found = self._definition.loaders[dialect.name](executor.fetch(*self._compiled(dialect)))
        if self._includes and found:
            run(executor, including.load_all(self._definition, found, self._includes, executor))
        return Collection(found)

    def all(self) -> Collection[M_co]:
        """All rows; the same as `get`."""
        return self.get()

    def first(self) -> M_co | None:
        """The first row, or None. Without an order, any."""
        limit = self._statement.limit
        return self.limit(1 if limit is None else min(1, limit)).get().first()

    def first_or_fail(self) -> M_co:
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

    def exists(self) -> bool:
        """Whether there is a row."""
        executor = self._executor
        return executor.fetch_one(*self._statement.compile_exists(executor.dialect)) is not None

    # --- aggregates ---

    def sum(self, column: Summable[T]) -> T | None:
        """The sum of a column over the rows, exact but for floats; None without rows."""
        return cast("T | None", self._summed("sum", column)[0])

    @overload
    def avg(self, column: Numeric[Any, Decimal | int]) -> Decimal | None: ...
    @overload
    def avg(self, column: Numeric[Any, int] | Numeric[Any, float]) -> float | None: ...
    def avg(self, column: Numeric[Any, Any]) -> float | Decimal | None:
        """The mean of a column over the rows; None without rows. A Decimal (28 digits) for decimals, else a float."""
        # Databases cut their AVG to different numbers of digits; a sum and a count are the same on all.
        total, count = self._summed("avg", column)
        if total is None:
            return None
        return _MEAN.divide(total, Decimal(count)) if isinstance(total, Decimal) else cast(float, total / count)

    def _summed(self, name: str, column: Summable[Any]) -> tuple[Any, int]:
        """The sum of a column, None without rows; and, for `avg`, the number of its values."""
        executor = self._executor
        dialect = executor.dialect
        codec = self._checked_aggregate(name, column, Numeric)
        kind = codec.type.kind
        parts = dialect.sql.sum_in_parts.get(kind, ())
        sums: list[Function[object]] = [
            Function("SUM", Arithmetic(column, operator, Bound(operand, None), codec)) for operator, operand, _ in parts
        ] or [Function("SUM", column)]
        counted: list[Function[object]] = [Function("COUNT", column)] if name == "avg" else []
        row = executor.fetch_one(*self._statement.compile_aggregate(dialect, *sums, *counted))
        if row is None or row[0] is None:
            return None, 0
        if kind is Kind.DECIMAL or kind is Kind.DOUBLE:
            load = codec.loads[dialect.name]
            total = row[0] if load is None else load(row[0])
        else:
            # SUM of integers is a decimal on PostgreSQL and MySQL, so that it cannot overflow.
            shifts = [shift for _, _, shift in parts] or [0]
            total = sum(int(value) << shift for value, shift in zip(row, shifts, strict=False))
        return total, int(row[-1]) if counted else 0

    def min(self, column: Sortable[T]) -> T | None:
        """The least value of a column; None without rows."""
        return cast("T | None", self._extreme("min", column))

    def max(self, column: Sortable[T]) -> T | None:
        """The greatest value of a column; None without rows."""
        return cast("T | None", self._extreme("max", column))

    def _extreme(self, name: str, column: Sortable[Any]) -> object:
        executor = self._executor
        dialect = executor.dialect
        codec = self._checked_aggregate(name, column, Ordered)
        row = executor.fetch_one(*self._statement.compile_aggregate(dialect, Function(name.upper(), column)))
        value: object = None if row is None else row[0]
        load = codec.loads[dialect.name]
        return value if load is None or value is None else load(value)

    def _checked_aggregate(self, name: str, column: Expression[Any], kind: type[Ordered[Any, Any]]) -> Codec:
        if not isinstance(column, kind):  # callers without a type checker
            raise InvalidValue(f"{name}()", "a column such as Post.views", type(column).__name__)
        self._check_tables(cast("Expression[Any]", column))
        return column._own_codec()

    # --- columns ---

    @overload
    def select(self, c1: Expression[T1], /) -> Selection[tuple[T1]]: ...
    @overload
    def select(self, c1: Expression[T1], c2: Expression[T2], /) -> Selection[tuple[T1, T2]]: ...
    @overload
    def select(self, c1: Expression[T1], c2: Expression[T2], c3: Expression[T3], /) -> Selection[tuple[T1, T2, T3]]: ...
    @overload
    def select(
        self, c1: Expression[T1], c2: Expression[T2], c3: Expression[T3], c4: Expression[T4], /
    ) -> Selection[tuple[T1, T2, T3, T4]]: ...
    @overload
    def select(
        self, c1: Expression[T1], c2: Expression[T2], c3: Expression[T3], c4: Expression[T4], c5: Expression[T5], /
    ) -> Selection[tuple[T1, T2, T3, T4, T5]]: ...
    @overload
    def select(
        self,
        c1: Expression[T1],
        c2: Expression[T2],
        c3: Expression[T3],
        c4: Expression[T4],
        c5: Expression[T5],
        c6: Expression[T6],
        /,
    ) -> Selection[tuple[T1, T2, T3, T4, T5, T6]]: ...
    @overload
    def select(
        self,
        c1: Expression[T1],
        c2: Expression[T2],
        c3: Expression[T3],
        c4: Expression[T4],
        c5: Expression[T5],
        c6: Expression[T6],
        c7: Expression[T7],
        /,
    ) -> Selection[tuple[T1, T2, T3, T4, T5, T6, T7]]: ...
    @overload
    def select(
        self,
        c1: Expression[T1],
        c2: Expression[T2],
        c3: Expression[T3],
        c4: Expression[T4],
        c5: Expression[T5],
        c6: Expression[T6],
        c7: Expression[T7],
        c8: Expression[T8],
        /,
    ) -> Selection[tuple[T1, T2, T3, T4, T5, T6, T7, T8]]: ...
    def select(self, *columns: Expression[Any]) -> Selection[Any]:
        """Read columns instead of objects: each row is a tuple of their values, typed (up to eight columns).

        Raises:
            InvalidQuery: a column's table is no part of the query, or may be missing (left join) and the column is not
                marked `.optional()`; or relations were included.
        """
        if self._includes:
            raise InvalidQuery("select() gives tuples, which carry no relations", "drop the include")
        return select_from(self, columns)

    def pluck(self, column: Expression[T], /) -> list[T]:
        """The values of one column."""
        return [row[0] for row in self.select(column).get()]

    def value(self, column: Expression[T], /) -> T | None:
        """The value of one column in the first row, or None without rows."""
        row = self.select(column).first()
        return None if row is None else row[0]

    # --- reading much ---

    def chunk(self, size: int) -> Iterator[Collection[M_co]]:
        """All rows in collections of at most `size`, each by a statement of its own, ordered by the primary key.

        Rows are found by key, not by offset, so that rows written meanwhile neither repeat nor hide others. A limit
        bounds the rows in all.

        Raises:
            InvalidQuery: the query has an order or offset of its own, or its key is not a single column.
            InvalidValue: a size below 1.
        """
        size = at_least_one(size, "chunk")
        definition = self._definition
        if self._statement.orders or self._statement.offset or len(definition.key) != 1:
            raise InvalidQuery(
                "chunk() reads in the order of a single-column key", "drop order and offset, or use cursor()"
            )
        return self._chunks(size)

    def _chunks(self, size: int) -> Iterator[Collection[M_co]]:
        key = cast("Ordered[Any, Any]", self._definition.columns[self._definition.key_fields[0]])
        left = self._statement.limit
        last: Any = None
        while left is None or left > 0:
            wanted = size if left is None else min(size, left)
            page = self if last is None else self.where(key > last)
            rows = page.order_by(key).limit(wanted).get()
            if rows:
                last = writing.key_of(cast(Any, rows[-1]))[0]  # the caller may delete it
                yield rows
            if len(rows) < wanted:
                return
            left = None if left is None else left - wanted

    def cursor(self, size: int = 1000) -> Generator[M_co]:
        """All rows, one at a time, from one statement, in constant memory.

        Args:
            size: rows fetched at once. The connection is held until the iterator is exhausted or closed.

        Raises:
            InvalidQuery: relations were included.
        """
        if self._includes:
            raise InvalidQuery("cursor() reads rows one at a time and cannot include relations", "use chunk()")
        return self._stream(at_least_one(size, "cursor"))

    def _stream(self, size: int) -> Generator[M_co]:
        executor = self._executor
        dialect = executor.dialect
        load = self._definition.loaders[dialect.name]
        sql, parameters = self._compiled(dialect)
        batches = executor.stream(sql, parameters, size)
        try:
            for rows in batches:
                yield from load(rows)
        finally:
            batches.close()

    def paginate(self, page: int = 1, per_page: int = 15) -> Page[M_co]:
        """One page of rows and the number of all, by two statements.

        Args:
            page: number of the page, from 1; one behind the last is empty.
            per_page: most rows on a page.

        Raises:
            InvalidValue: a number below 1.
        """
        page, per_page = at_least_one(page, "page"), at_least_one(per_page, "per_page")
        if self._statement.is_cut:
            raise InvalidQuery("paginate() sets limit and offset itself", "drop them")
        total = self.count()
        items = self.limit(per_page).offset((page - 1) * per_page).get()
        return Page(items, total, per_page, page)

    # --- writing by query ---

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
        self._check_tables(column)
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
        if bool(statement.predicates) == all_rows:
            if all_rows:
                raise InvalidQuery(f"{what}(all_rows=True) on a query with conditions", "drop one of the two")
            raise InvalidQuery(f"{what}() without a condition would touch every row", "add where(), or all_rows=True")
