"""Reading much: in chunks, one row at a time, page by page. Thin shells over queries, each of one statement or two."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, Generic, cast

from typing_extensions import TypeVar

from isomorph.errors import InvalidQuery
from isomorph.orm import including, writing
from isomorph.orm.builder import QueryBuilder, at_least_one
from isomorph.orm.collection import Collection
from isomorph.sql.kinds import Ordered

__all__ = ["Page", "Reading"]

M_co = TypeVar("M_co", covariant=True)


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


class Reading(QueryBuilder, Generic[M_co]):
    """The part of a query for objects that reads much."""

    __slots__ = ()

    _includes: tuple[including.Include, ...]

    def get(self) -> Collection[M_co]:
        """All rows."""
        raise NotImplementedError

    def count(self) -> int:
        """The number of rows."""
        raise NotImplementedError

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
