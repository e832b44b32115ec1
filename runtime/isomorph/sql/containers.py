"""What arrays and sets have in common: items, which can be looked for and counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Generic, overload

from typing_extensions import TypeVar

from isomorph import limits
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.arithmetic import INT
from isomorph.sql.calls import Call
from isomorph.sql.expressions import Expression, Predicate
from isomorph.sql.kinds import Comparable
from isomorph.sql.numbers import Integer

__all__ = ["Container"]

T = TypeVar("T")
ItemT = TypeVar("ItemT")


class Container(Comparable[T, T], Generic[T, ItemT]):
    """A value that holds items. What is asked about them is NULL where the value is."""

    __slots__ = ()

    def contains(self, item: ItemT) -> Predicate:
        """True where the item is one of its items."""
        return self._asked("contains", self._listed([item]))

    def contains_all(self, items: Iterable[ItemT]) -> Predicate:
        """True where all of these are among its items; always, for none."""
        return self._asked("contains", self._listed(items))

    def contained_by(self, items: Iterable[ItemT]) -> Predicate:
        """True where all its items are among these; always, where it has none."""
        return self._asked("contained_by", self._listed(items))

    def overlaps(self, items: Iterable[ItemT]) -> Predicate:
        """True where one of these is among its items, or more."""
        return self._asked("overlaps", self._listed(items))

    def is_empty(self) -> Predicate:
        """True where it has no items."""
        return self._compared(" = ", self._nothing())

    @overload
    def length(self: Expression[Collection[Any]]) -> Integer[int]: ...
    @overload
    def length(self) -> Integer[int | None]: ...
    def length(self) -> Any:
        """The number of its items; 0 where it has none."""
        return Integer[Any](Call[Any]("array_length", (self,), INT), INT)

    def _asked(self, name: str, items: Sequence[object]) -> Predicate:
        """A condition about the items, none of which is None: `contains`, `contained_by` or `overlaps` these."""
        raise NotImplementedError

    def _nothing(self) -> object:
        """The value that has no items."""
        raise NotImplementedError

    def _listed(self, items: Iterable[object]) -> Sequence[object]:
        where = self._where()
        if isinstance(items, str | bytes) or not isinstance(items, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue(where, "a list of items", type(items).__name__)
        given = limits.listed(items, where)
        if any(item is None for item in given):
            raise InvalidQuery(
                f"{where}: None among the items that are looked for", "leave it out: nothing equals NULL"
            )
        return given
