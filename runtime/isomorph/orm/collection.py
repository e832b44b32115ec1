"""The rows of a query, or the loaded members of a relation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, overload

from typing_extensions import TypeVar as CovariantTypeVar

__all__ = ["Collection"]

T_co = CovariantTypeVar("T_co", covariant=True)
K = TypeVar("K")


class Collection(Sequence[T_co]):
    """An immutable sequence of what was found, covariant in its items, so that `Collection[User[...]]` is a `Collection[User]`."""

    __slots__ = ("_items",)

    def __init__(self, items: Sequence[T_co] = ()) -> None:
        """Wrap items.

        Args:
            items: taken as they are, not copied; the caller gives them up.
        """
        self._items = items

    @overload
    def __getitem__(self, index: int, /) -> T_co: ...
    @overload
    def __getitem__(self, index: slice, /) -> Collection[T_co]: ...
    def __getitem__(self, index: int | slice, /) -> T_co | Collection[T_co]:
        if isinstance(index, slice):
            return Collection(self._items[index])
        return self._items[index]

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[T_co]:
        return iter(self._items)

    def __contains__(self, item: object, /) -> bool:
        return item in self._items

    def __eq__(self, other: object, /) -> bool:
        if isinstance(other, Collection):
            return list(self) == list(other)  # pyright: ignore[reportUnknownArgumentType] - items of any type
        return NotImplemented

    def __hash__(self) -> int:
        raise TypeError("a collection is not hashable, since its items may change")

    def __repr__(self) -> str:
        return f"Collection({list(self._items)!r})"

    def first(self) -> T_co | None:
        """The first item, or None."""
        return self._items[0] if self._items else None

    def last(self) -> T_co | None:
        """The last item, or None."""
        return self._items[-1] if self._items else None

    def map(self, function: Callable[[T_co], K]) -> list[K]:
        """The function's results, in order."""
        return [function(item) for item in self._items]

    def key_by(self, key: Callable[[T_co], K]) -> dict[K, T_co]:
        """Items by key; of several with one key, the last."""
        return {key(item): item for item in self._items}

    def group_by(self, key: Callable[[T_co], K]) -> dict[K, Collection[T_co]]:
        """Items of each key, in order of first appearance."""
        groups: dict[K, list[Any]] = {}
        for item in self._items:
            groups.setdefault(key(item), []).append(item)
        return {name: Collection(items) for name, items in groups.items()}
