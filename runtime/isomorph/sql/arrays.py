"""Arrays: what is in them, and what is computed of them. None of the conditions asks for NULL among the items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from typing_extensions import TypeVar

from isomorph.catalog import FLOATS, INTEGERS, TEXTS, Kind
from isomorph.errors import InvalidValue
from isomorph.sql.arithmetic import INT
from isomorph.sql.calls import Call, Partial
from isomorph.sql.codecs import Codec, codec_for
from isomorph.sql.containers import Container
from isomorph.sql.expressions import Bound, Expression, Predicate
from isomorph.sql.faces import computed_codec, faced
from isomorph.sql.kinds import Computed
from isomorph.sql.predicates import Claim

__all__ = ["Items", "Listed"]

ListT = TypeVar("ListT", bound="list[Any] | None")
ItemT = TypeVar("ItemT")

_FURTHEST = 2**31 - 2


class Listed(Container[ListT, ItemT]):
    """An array: a list of items."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _takes(self, value: ListT, /) -> None: ...
        def _same(self) -> Items[ListT, ItemT]: ...
        def _known(self) -> Items[list[ItemT], ItemT]: ...
        def _maybe(self) -> Items[list[ItemT] | None, ItemT]: ...

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
        codec = self.codec
        given = Bound[Any](codec.stored([item], self._where()), codec)
        return Items(Call[Any]("array_append", (self, given), codec), codec)

    def _asked(self, name: str, items: Sequence[object]) -> Predicate:
        codec = self.codec
        return Claim(f"array_{name}", (self, Bound(codec.compared(items, self._where()), codec)))

    def _nothing(self) -> object:
        return []

    def _item_codec(self) -> Codec:
        codec = self.codec
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
