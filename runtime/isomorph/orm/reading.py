"""Reading much: in chunks, one row at a time, page by page. Thin shells over queries, each of one statement or two.

What a query of objects and one of tuples have in common stands first; how each finds the place of a row that it read,
behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Generic, Self, cast

from typing_extensions import TypeVar

from isomorph import limits
from isomorph.errors import InvalidQuery, InvalidValue, LimitExceeded
from isomorph.orm import writing
from isomorph.orm.amounts import at_least_one
from isomorph.orm.builder import QueryBuilder
from isomorph.orm.collection import Collection
from isomorph.orm.keys import in_batches
from isomorph.orm.keyset import Key, Place, behind, checked_place, identity, keys_of, orders_of, turned
from isomorph.orm.lazy_collection import LazyCollection
from isomorph.orm.loading import Include
from isomorph.orm.pages import CursorPage, Page, SimplePage
from isomorph.sql.expressions import Expression, Order

__all__ = ["Reading", "ReadingRows"]

T_co = TypeVar("T_co", covariant=True)


_AT_ONCE = 250
"""Objects of a stream that are made at once: more of them leave the caches of the processor before they are read."""


class _Reading(QueryBuilder, Generic[T_co]):
    """The part of every query that reads much."""

    __slots__ = ()

    _repeats = False
    """Whether a row of the model may stand in several rows that are read."""

    if TYPE_CHECKING:

        def get(self) -> Sequence[T_co]: ...
        def count(self) -> int: ...

    def _placed(self, keys: Sequence[Key], what: str) -> tuple[Sequence[T_co], Callable[[int], Place]]:
        """All rows, and what gives the place of each by its position among them.

        Raises:
            InvalidQuery: what is read does not tell its place.
        """
        raise NotImplementedError

    # --- chunks ---

    def chunk(self, size: int) -> Iterator[Collection[T_co]]:
        """All rows in collections of at most `size`, each by a statement of its own, in the order of the primary key.

        Rows are found by key, not by offset, so that rows written meanwhile neither repeat nor hide others. A limit
        bounds the rows in all.

        Raises:
            InvalidQuery: the query has an order or offset of its own, or merges rows.
            InvalidValue: a size below 1.
        """
        return self._by_key(size, "chunk", ())

    def chunk_by_id(
        self, size: int, column: Expression[object] | None = None, *, descending: bool = False
    ) -> Iterator[Collection[T_co]]:
        """As `chunk`, in the order of another column: the newest first, say.

        Rows whose column is changed while they are read may come twice, or never.

        Args:
            size: rows in a chunk.
            column: what to order by; need not be unique. The primary key without one.
            descending: the greatest first.

        Raises:
            InvalidQuery: the query has an order or offset of its own, or merges rows; or the column cannot be read
                from them.
            InvalidValue: a size below 1, or no column.
        """
        if column is not None and not isinstance(column, Expression):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue("chunk_by_id()", "a column such as User.id", type(column).__name__)
        columns = self._key_columns("chunk_by_id()") if column is None else (column,)
        return self._by_key(size, "chunk_by_id", [Order(item, descending=descending) for item in columns])

    def lazy(self, size: int = 1000) -> LazyCollection[T_co]:
        """All rows one at a time, read in chunks of `size` in the order of the primary key; includes are allowed.

        The statement for a chunk is sent when its first row is asked for. Iterating again sends them anew.

        Raises:
            InvalidQuery: the query has an order or offset of its own, or merges rows.
            InvalidValue: a size below 1.
        """
        self._by_key(size, "lazy", ())  # refuses here what cannot be, not in the first step
        return LazyCollection(lambda: chain.from_iterable(self._by_key(size, "lazy", ())))

    def _key_columns(self, what: str) -> Sequence[Expression[object]]:
        return [key.expression for key in keys_of(self._definition, self._statement, (), what, repeats=self._repeats)]

    def _by_key(self, size: int, name: str, orders: Sequence[Order]) -> Iterator[Collection[T_co]]:
        size = at_least_one(size, name)
        if self._statement.orders or self._statement.offset:
            raise InvalidQuery(
                f"{name}() reads in the order of a key",
                "drop order and offset, or use cursor() or chunk_by_id(column=...)",
            )
        keys = keys_of(self._definition, self._statement, orders, f"{name}()", repeats=self._repeats)
        return self._chunks(size, keys, f"{name}()")

    def _chunks(self, size: int, keys: Sequence[Key], what: str) -> Iterator[Collection[T_co]]:
        left = self._statement.limit
        ordered = self.reorder(*orders_of(keys))
        page = ordered
        while left is None or left > 0:
            wanted = size if left is None else min(size, left)
            rows, place_of = page.limit(wanted)._placed(keys, what)
            if not rows:
                return
            place = place_of(-1)  # before anybody can change the row
            yield Collection(rows)
            if len(rows) < wanted:
                return
            left = None if left is None else left - wanted
            dialect = self._executor.dialect
            page = ordered.where(behind(keys, checked_place(keys, place, dialect, what), dialect))

    # --- pages ---

    def paginate(self, page: int = 1, per_page: int = 15) -> Page[T_co]:
        """One page of rows and the number of all, by two statements.

        Args:
            page: number of the page, from 1; one behind the last is empty.
            per_page: most rows on a page; `limits.per_page` at most.

        Raises:
            InvalidValue: a number below 1, or LimitExceeded.
            InvalidQuery: the query has a limit or offset of its own.
        """
        query = self._page(page, per_page, "paginate()")
        total = self.count()
        return Page(Collection(query.limit(per_page).get()), total, per_page, page)

    def simple_paginate(self, page: int = 1, per_page: int = 15) -> SimplePage[T_co]:
        """One page of rows and whether there are more, by one statement: nobody counts them all.

        Args:
            page: number of the page, from 1; one behind the last is empty.
            per_page: most rows on a page; `limits.per_page` at most.

        Raises:
            InvalidValue: a number below 1, or LimitExceeded.
            InvalidQuery: the query has a limit or offset of its own.
        """
        rows = self._page(page, per_page, "simple_paginate()").limit(per_page + 1).get()
        return SimplePage(Collection(rows[:per_page]), per_page, page, len(rows) > per_page)

    def _page(self, page: int, per_page: int, what: str) -> Self:
        at_least_one(page, "page")
        self._check_page(per_page, what)
        return self.offset((page - 1) * per_page)

    def _check_page(self, per_page: int, what: str) -> None:
        most = limits.current().per_page
        if at_least_one(per_page, "per_page") > most:
            raise LimitExceeded("per_page", f"at most {most} rows on a page", "more", "per_page")
        if self._statement.is_cut:
            raise InvalidQuery(f"{what} sets limit and offset itself", "drop them")

    def cursor_paginate(self, per_page: int = 15, cursor: str | None = None) -> CursorPage[T_co]:
        """One page of rows, found by where another page ended, with cursors for the pages before and behind it.

        Costs the same however far one has come. Rows written or deleted meanwhile neither repeat nor hide others. The
        query's order counts, over several columns and in both directions; the primary key is put behind it, so that
        no two rows have the same place.

        Args:
            per_page: most rows on a page; `limits.per_page` at most.
            cursor: `next_cursor` or `previous_cursor` of a page of this query, which may come from a client: it is
                signed (with `cursor_key`, see `Database`), and readable. None for the first page.

        Raises:
            InvalidCursor: no page of a query with this order gave it.
            InvalidQuery: the query has a limit or offset of its own, merges rows, or is ordered by what cannot be read
                from them or does not fit into a cursor.
            InvalidValue: a number below 1, or LimitExceeded.
            UnusableCursorKey: there is no key to sign cursors with.
        """
        # hashlib and its kin take longer to import than all the rest of a query, and most programs have no cursors.
        from isomorph.orm.cursors import Cursor, Cursors  # noqa: PLC0415

        self._check_page(per_page, "cursor_paginate()")
        what, statement, dialect = "cursor_paginate()", self._statement, self._executor.dialect
        keys = keys_of(self._definition, statement, statement.orders, what, repeats=self._repeats)
        cursors = Cursors(self._definition.database.cursor_key, statement.table, keys, dialect)
        start = None if cursor is None else cursors.read(cursor)
        is_back = start is not None and start.backwards
        walked = turned(keys) if is_back else keys
        query = self.reorder(*orders_of(walked)).limit(per_page + 1)
        if start is not None:
            query = query.where(behind(walked, start.place, dialect, inclusive=start.inclusive))
        found, place_of = query._placed(walked, what)
        rows = found[:per_page]
        before = after = None
        if len(found) > per_page:
            after = Cursor(place_of(per_page - 1), backwards=is_back)
        if start is not None:
            # Where nothing is left, the way back leads to what is on the other side of the place that one came from.
            empty = Cursor(start.place, backwards=not is_back, inclusive=not start.inclusive)
            before = Cursor(place_of(0), backwards=not is_back) if rows else empty
        if is_back:
            rows, before, after = rows[::-1], after, before
        return CursorPage(
            Collection(rows),
            per_page,
            None if after is None else cursors.written(after),
            None if before is None else cursors.written(before),
        )


class Reading(_Reading[T_co], Generic[T_co]):
    """The part of a query for objects that reads much."""

    __slots__ = ()

    _includes: tuple[Include, ...]

    if TYPE_CHECKING:

        def get(self) -> Collection[T_co]: ...
        def _objects(self, rows: Sequence[tuple[Any, ...]], dialect: str) -> list[Any]: ...

    def _placed(self, keys: Sequence[Key], what: str) -> tuple[Sequence[T_co], Callable[[int], Place]]:
        definition = self._definition
        table = self._statement.table
        fields: dict[object, str] = {(table, column.name): field for field, column in definition.columns.items()}
        found: list[str] = []
        for key in keys:
            field = fields.get(identity(key.expression))
            if field is None:
                raise InvalidQuery(
                    f"{what} in the order of {key.expression._where()}, which objects of {definition.name} do not hold",
                    f"select({definition.name}, ...) reads tuples, which can be ordered by anything",
                )
            found.append(field)
        rows = cast("Collection[Any]", self.get())
        return rows, lambda position: tuple([writing.original(rows[position], field) for field in found])

    def cursor(self, size: int = 1000) -> Generator[T_co]:
        """All rows, one at a time, from one statement, in constant memory.

        Args:
            size: rows fetched at once. The connection is held until the iterator is exhausted or closed.

        Raises:
            InvalidQuery: relations were included.
        """
        if self._includes:
            raise InvalidQuery(
                "cursor() reads rows one at a time and cannot include relations", "use lazy() or chunk()"
            )
        return self._stream(at_least_one(size, "cursor"))

    def _stream(self, size: int) -> Generator[T_co]:
        executor = self._reader
        dialect = executor.dialect
        sql, parameters = self._compiled(dialect)
        batches = executor.stream(sql, parameters, size)
        try:
            for rows in batches:
                for part in in_batches(rows, _AT_ONCE):
                    yield from self._objects(part, dialect.name)
        finally:
            batches.close()


class ReadingRows(_Reading[T_co], Generic[T_co]):
    """The part of a query for tuples that reads much."""

    __slots__ = ()

    _repeats = True
    _items: tuple[Expression[Any], ...]

    if TYPE_CHECKING:

        def get(self) -> list[T_co]: ...
        @classmethod
        def _over(cls, query: QueryBuilder, items: Sequence[Expression[Any]]) -> Self: ...

    def _placed(self, keys: Sequence[Key], what: str) -> tuple[Sequence[T_co], Callable[[int], Place]]:
        """What is ordered by and not selected is read along, and left out of the rows."""
        del what
        selected = {identity(item): position for position, item in enumerate(self._items)}
        width = len(self._items)
        more: list[Expression[Any]] = []
        positions: list[int] = []
        for key in keys:
            position = selected.get(identity(key.expression))
            if position is None:
                position = width + len(more)
                more.append(key.expression)
            positions.append(position)
        if not more:
            rows: list[Any] = self.get()
            return rows, lambda position: tuple([rows[position][number] for number in positions])
        whole: list[Any] = self._over(self, (*self._items, *more)).get()
        return [row[:width] for row in whole], lambda position: tuple([whole[position][number] for number in positions])
