"""Pages: some of a query's rows, and what else there is. Pure data."""

from __future__ import annotations

from collections.abc import Callable, Sized
from typing import Generic, TypeVar

from typing_extensions import TypeVar as CovariantTypeVar

from isomorph.dataclassing import dataclass
from isomorph.orm.collection import Collection

__all__ = ["CursorPage", "Page", "SimplePage"]

T_co = CovariantTypeVar("T_co", covariant=True)
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Page(Generic[T_co]):
    """One page of a query's rows, and the number of all.

    Attributes:
        items: the rows.
        total: rows on all pages.
        per_page: most rows on a page.
        page: number of this page, from 1.
    """

    items: Collection[T_co]
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
        return _first_item(self.items, self.page, self.per_page)

    @property
    def last_item(self) -> int | None:
        """Position of the last row of this page among all; None on an empty page."""
        return _last_item(self.items, self.page, self.per_page)

    @property
    def has_more(self) -> bool:
        """Whether there are pages behind this one."""
        return self.page < self.last_page

    def map(self, function: Callable[[T_co], K]) -> Page[K]:
        """The same page with what a function makes of each row."""
        return Page(self.items.map(function), self.total, self.per_page, self.page)


@dataclass(frozen=True, slots=True)
class SimplePage(Generic[T_co]):
    """One page of a query's rows, where nobody counted all.

    Attributes:
        items: the rows.
        per_page: most rows on a page.
        page: number of this page, from 1.
        has_more: whether there are rows behind it.
    """

    items: Collection[T_co]
    per_page: int
    page: int
    has_more: bool

    @property
    def first_item(self) -> int | None:
        """Position of the first row of this page among all, from 1; None on an empty page."""
        return _first_item(self.items, self.page, self.per_page)

    @property
    def last_item(self) -> int | None:
        """Position of the last row of this page among all; None on an empty page."""
        return _last_item(self.items, self.page, self.per_page)

    def map(self, function: Callable[[T_co], K]) -> SimplePage[K]:
        """The same page with what a function makes of each row."""
        return SimplePage(self.items.map(function), self.per_page, self.page, self.has_more)


@dataclass(frozen=True, slots=True)
class CursorPage(Generic[T_co]):
    """One page of a query's rows, and how to get to those before and behind it.

    Attributes:
        items: the rows, in the query's order whichever way they were come upon.
        per_page: most rows on a page.
        next_cursor: gives the rows behind these; None when there were none.
        previous_cursor: gives the rows before these; None on the first page.
    """

    items: Collection[T_co]
    per_page: int
    next_cursor: str | None
    previous_cursor: str | None

    @property
    def has_more(self) -> bool:
        """Whether there are rows behind these."""
        return self.next_cursor is not None

    def map(self, function: Callable[[T_co], K]) -> CursorPage[K]:
        """The same page with what a function makes of each row."""
        return CursorPage(self.items.map(function), self.per_page, self.next_cursor, self.previous_cursor)


def _first_item(items: Sized, page: int, per_page: int) -> int | None:
    return (page - 1) * per_page + 1 if items else None


def _last_item(items: Sized, page: int, per_page: int) -> int | None:
    return (page - 1) * per_page + len(items) if items else None
