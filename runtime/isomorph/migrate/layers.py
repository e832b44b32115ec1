"""Mappings of which thousands follow one another, each with one item changed: what did not change is shared."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import TypeVar

__all__ = ["Layers"]

K = TypeVar("K")
V = TypeVar("V")

_MOST = 32
"""Items that are copied for each change; more, and they become part of what is shared."""


class Layers(Mapping[K, V]):
    """A mapping that never changes, in the order of a dict.

    Looking up needs no copy of what is shared, going through all items one.
    """

    __slots__ = ("_above", "_below")

    def __init__(self, below: Mapping[K, V], above: dict[K, V] | None = None) -> None:
        self._below: Mapping[K, V] = below
        self._above: dict[K, V] = {} if above is None else above

    def having(self, key: K, value: V) -> Layers[K, V]:
        """The mapping with an item added or replaced."""
        made = Layers(self._below, {**self._above, key: value})
        if len(made._above) > _MOST:
            made._whole()
        return made

    def _whole(self) -> Mapping[K, V]:
        if self._above:
            self._below = {**self._below, **self._above}
            self._above = {}
        return self._below

    def __getitem__(self, key: K) -> V:
        return self._above[key] if key in self._above else self._below[key]

    def __contains__(self, key: object) -> bool:
        return key in self._above or key in self._below

    def __iter__(self) -> Iterator[K]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())

    def keys(self) -> KeysView[K]:
        return self._whole().keys()

    def values(self) -> ValuesView[V]:
        return self._whole().values()

    def items(self) -> ItemsView[K, V]:
        return self._whole().items()

    def __repr__(self) -> str:
        return repr(dict(self._whole()))
