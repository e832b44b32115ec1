"""Arrays: what is in them, and what is computed of them. None of the conditions asks for NULL among the items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Generic, cast

from typing_extensions import TypeVar

from isomorph import limits
from isomorph.catalog import FLOATS, INTEGERS, TEXTS, Kind
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.arithmetic import INT
from isomorph.sql.calls import Call, Partial
from isomorph.sql.codecs import Codec, codec_for
from isomorph.sql.expressions import Bound, Expression, Predicate
from isomorph.sql.faces import computed_codec, faced
from isomorph.sql.kinds import Comparable, Computed
from isomorph.sql.numbers import Integer
from isomorph.sql.predicates import Claim

__all__ = ["Items", "Listed"]

ListT = TypeVar("ListT", bound="list[Any] | None")
ItemT = TypeVar("ItemT")

_FURTHEST = 2**31 - 2


class Listed(Comparable[ListT, ListT], Generic[ListT, ItemT]):
    """An array: a list of items."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _takes(self, value: ListT, /) -> None: ...
        def _same(self) -> Items[ListT, ItemT]: ...
        def _known(self) -> Items[list[ItemT], ItemT]: ...
        def _maybe(self) -> Items[list[ItemT] | None, ItemT]: ...

    def contains(self, item: ItemT) -> Predicate:
        """True where the item is one of its items."""
        return self.contains_all([item])

    def contains_all(self, items: Iterable[ItemT]) -> Predicate:
        """True where all of these are among its items; always, for none."""
        return Claim("array_contains", (self, self._items(items)))

    def contained_by(self, items: Iterable[ItemT]) -> Predicate:
        """True where all its items are among these; an empty array always is."""
        return Claim("array_contained_by", (self, self._items(items)))

    def overlaps(self, items: Iterable[ItemT]) -> Predicate:
        """True where one of these is among its items, or more."""
        return Claim("array_overlaps", (self, self._items(items)))

    def length(self) -> Integer[int | None]:
        """The number of items; 0 for an empty array."""
        return Integer(Call[Any]("array_length", (self,), INT), INT)

    def item(self, place: int) -> Expression[ItemT | None]:
        """An item by its place, from 0; from the end when negative. NULL where there is none."""
        if type(place) is not int or not -_FURTHEST <= place <= _FURTHEST:
            got = "one beyond 32 bits" if type(place) is int else type(place).__name__
            raise InvalidValue(self._where(), "a place in an array, an int", got)
        codec = self._item_codec()
        # From the end the last one is at 1.
        name = f"array_item_{_family(codec.type.kind)}" + ("" if place >= 0 else "_from_end")
        node = Partial[Any](name, (self, Bound(place if place >= 0 else -place, INT)), codec)
        return cast("Expression[ItemT | None]", faced(node, codec))

    def append(self, item: ItemT) -> Items[ListT, ItemT]:
        """The array with one more item at its end.

        Raises:
            InvalidValue: an item that the array cannot hold.
        """
        codec = self._own_codec()
        given = Bound[Any](codec.stored([item], self._where()), codec)
        return Items(Call[Any]("array_append", (self, given), codec), codec)

    def _items(self, items: Iterable[object]) -> Expression[Any]:
        where = self._where()
        if isinstance(items, str | bytes) or not isinstance(items, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue(where, "a list of items", type(items).__name__)
        given = limits.listed(items, where)
        if any(item is None for item in given):
            raise InvalidQuery(
                f"{where}: None among the items that are looked for", "leave it out: nothing equals NULL"
            )
        codec = self._own_codec()
        return Bound(codec.compared(given, where), codec)

    def _item_codec(self) -> Codec:
        codec = self._own_codec()
        assert codec.type.item is not None  # it is an array
        return computed_codec(codec_for(codec.type.item, codec.enum_class))


class Items(Computed[ListT], Listed[ListT, ItemT]):
    """A computed array."""

    __slots__ = ()


def _family(kind: Kind) -> str:
    """What items are, where they are kept as JSON and have to be read."""
    if kind in INTEGERS and kind is not Kind.UNSIGNED_BIGINT:
        return "whole"
    if kind in FLOATS:
        return "floating"
    return "text" if kind in TEXTS or kind in _TEXTUAL else kind.word


_TEXTUAL: Sequence[Kind] = (Kind.UUID, Kind.ENUM, Kind.UNSIGNED_BIGINT)
