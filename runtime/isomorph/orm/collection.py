"""The rows of a query, or the loaded members of a relation: items that are all at hand.

Owns what makes a collection of a collection. Nothing changes one: each method gives a new one. What can be asked of
items, however they come, is in `isomorph.orm.items`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, dropwhile, takewhile
from typing import TYPE_CHECKING, Any, Self, TypeVar, overload

from typing_extensions import TypeVar as CovariantTypeVar

from isomorph.orm.amounts import at_least_one, whole
from isomorph.orm.by import in_order, reader
from isomorph.orm.items import Items, Unseen
from isomorph.orm.lazy_collection import LazyCollection
from isomorph.sql.expressions import Expression, Order
from isomorph.sql.kinds import Column

if TYPE_CHECKING:
    import random as _random
    from types import ModuleType

    from _typeshed import SupportsRichComparison

    from isomorph.orm.query import Query
    from isomorph.orm.relations import Includes, IncludesWith, RelationOf

__all__ = ["Collection"]

T_co = CovariantTypeVar("T_co", covariant=True)
K = TypeVar("K")
M = TypeVar("M")
N = TypeVar("N")
N1 = TypeVar("N1")
N2 = TypeVar("N2")
N3 = TypeVar("N3")
N4 = TypeVar("N4")
R = TypeVar("R")
S = TypeVar("S")


@cache
def _chance() -> _random.Random:
    # It decides about fairness, not about secrets; pass random.SystemRandom() where it does.
    from random import Random  # noqa: PLC0415 - what it draws on takes as long to load as this package

    return Random()  # noqa: S311


class Collection(Items[T_co], Sequence[T_co]):
    """An immutable sequence of what was found, covariant in its items, so that `Collection[User[...]]` is a `Collection[User]`.

    What gives items again gives a new Collection, so that calls may follow one another; what ends in values gives plain
    Python: `pluck` and `to_dicts` a list, `key_by`, `group_by` and `count_by` a dict.
    """

    __slots__ = ("_items",)

    def __init__(self, items: Sequence[T_co] = ()) -> None:
        """Wrap items.

        Args:
            items: taken as they are, not copied; the caller gives them up. `make` copies.
        """
        self._items = items

    # --- making one ---

    @staticmethod
    def make(items: Iterable[K] = ()) -> Collection[K]:
        """A collection of any items."""
        return Collection(list(items))

    @overload
    @staticmethod
    def range(stop: int, /) -> Collection[int]: ...
    @overload
    @staticmethod
    def range(start: int, stop: int, step: int = 1, /) -> Collection[int]: ...
    @staticmethod
    def range(*bounds: int) -> Collection[int]:
        """The numbers that Python's `range` gives: the end is not among them."""
        return Collection(range(*bounds))

    @staticmethod
    def times(number: int, function: Callable[[int], K]) -> Collection[K]:
        """What a function makes of 0, 1, 2 and so on, that many times.

        Raises:
            InvalidValue: a negative number.
        """
        return Collection([function(count) for count in range(whole(number, "times"))])

    # --- relations ---

    @overload
    def load(self: Collection[M], relation: Includes[M, N, R], /) -> Collection[R]: ...
    @overload
    def load(self: Collection[M], relation: IncludesWith[M, N, R], query: Query[N], /) -> Collection[R]: ...
    @overload
    def load(
        self: Collection[M], relation: IncludesWith[M, N1 | N2, R], query: Query[N1], query_2: Query[N2], /
    ) -> Collection[R]: ...
    @overload
    def load(
        self: Collection[M],
        relation: IncludesWith[M, N1 | N2 | N3, R],
        query: Query[N1],
        query_2: Query[N2],
        query_3: Query[N3],
        /,
    ) -> Collection[R]: ...
    @overload
    def load(
        self: Collection[M],
        relation: IncludesWith[M, N1 | N2 | N3 | N4, R],
        query: Query[N1],
        query_2: Query[N2],
        query_3: Query[N3],
        query_4: Query[N4],
        /,
    ) -> Collection[R]: ...
    def load(self, relation: Any, /, *queries: Any) -> Any:
        """Load a relation of all objects, anew where it is loaded already, by one statement for each level.

        Args:
            relation: a relation of their model.
            queries: a query of the related model, as for `include`; of a relation to several models one for each that is
                to be loaded.

        Returns:
            This collection, its objects typed as having the relation.

        Raises:
            InvalidValue: an item is no object of a model.
            NotSaved: an object has no row.
            InvalidQuery: a relation or a query of another model than that of the objects.
        """
        _afterwards().load(self._items, relation, queries)
        return self

    @overload
    def load_missing(self: Collection[M], relation: Includes[M, N, R], /) -> Collection[R]: ...
    @overload
    def load_missing(self: Collection[M], relation: IncludesWith[M, N, R], query: Query[N], /) -> Collection[R]: ...
    @overload
    def load_missing(
        self: Collection[M], relation: IncludesWith[M, N1 | N2, R], query: Query[N1], query_2: Query[N2], /
    ) -> Collection[R]: ...
    @overload
    def load_missing(
        self: Collection[M],
        relation: IncludesWith[M, N1 | N2 | N3, R],
        query: Query[N1],
        query_2: Query[N2],
        query_3: Query[N3],
        /,
    ) -> Collection[R]: ...
    @overload
    def load_missing(
        self: Collection[M],
        relation: IncludesWith[M, N1 | N2 | N3 | N4, R],
        query: Query[N1],
        query_2: Query[N2],
        query_3: Query[N3],
        query_4: Query[N4],
        /,
    ) -> Collection[R]: ...
    def load_missing(self, relation: Any, /, *queries: Any) -> Any:
        """As `load`, for the objects that lack the relation; what queries include is likewise only added."""
        _afterwards().load_missing(self._items, relation, queries)
        return self

    def load_count(self: Collection[M], *relations: RelationOf[M]) -> Collection[M]:
        """Count what each object is related to, for `count_of`, by one statement for all objects and relations.

        Raises:
            InvalidValue: an item is no object of a model.
            NotSaved: an object has no row.
            InvalidQuery: a relation of another model than that of the objects, or one to several models.
        """
        _afterwards().load_count(self._items, relations)
        return self

    # --- as a sequence ---

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

    def __reversed__(self) -> Iterator[T_co]:
        return reversed(self._items)

    def __contains__(self, item: object, /) -> bool:
        return item in self._items

    def __add__(self, other: Iterable[K], /) -> Collection[T_co | K]:
        return Collection([*self._items, *other])

    def __eq__(self, other: object, /) -> bool:
        if isinstance(other, Collection):
            return list(self) == list(other)  # pyright: ignore[reportUnknownArgumentType] - items of any type
        return NotImplemented

    def __hash__(self) -> int:
        raise TypeError("a collection is not hashable, since its items may change")

    def __repr__(self) -> str:
        return f"Collection({list(self._items)!r})"

    def is_empty(self) -> bool:
        """Whether there are no items."""
        return not self._items

    def is_not_empty(self) -> bool:
        """Whether there are items."""
        return bool(self._items)

    def last(self, predicate: Column[bool] | Callable[[T_co], object] | None = None) -> T_co | None:
        """The last item (for which the predicate is true), or None."""
        items = reversed(self._items)
        return next(items if predicate is None else filter(reader(predicate, "last"), items), None)

    # --- other items ---

    def map(self, function: Callable[[T_co], K]) -> Collection[K]:
        """The function's results, in order. `pluck` gives them as a list."""
        return Collection(list(map(function, self._items)))

    def flat_map(self, function: Callable[[T_co], Iterable[K]]) -> Collection[K]:
        """The items of the function's results, in order: all posts of all users."""
        return Collection(list(chain.from_iterable(map(function, self._items))))

    def zip(self, other: Iterable[K], /, *, strict: bool = False) -> Collection[tuple[T_co, K]]:
        """Pairs with the items of another, as long as both have some.

        Raises:
            ValueError: `strict`, and they differ in length.
        """
        return Collection(list(zip(self._items, other, strict=strict)))

    # --- some of the items ---

    def filter(self, by: Column[bool] | Callable[[T_co], object]) -> Collection[T_co]:
        """Those for which it is true."""
        return Collection(list(filter(reader(by, "filter"), self._items)))

    def reject(self, by: Column[bool] | Callable[[T_co], object]) -> Collection[T_co]:
        """Those for which it is not true."""
        read = reader(by, "reject")
        return Collection([item for item in self._items if not read(item)])

    def of_type(self, kind: type[K]) -> Collection[K]:
        """Those that are instances of a class: the posts among what was commented on."""
        return Collection([item for item in self._items if isinstance(item, kind)])

    def without_none(self: Collection[K | None]) -> Collection[K]:
        """Those that are not None."""
        return Collection([item for item in self._items if item is not None])

    def unique(self, by: Column[Any] | Callable[[T_co], object] | None = None) -> Collection[T_co]:
        """The first of equal items, or of those with equal keys; order is kept."""
        unseen = Unseen()
        if by is None:
            return Collection([item for item in self._items if unseen.add(item)])
        read = reader(by, "unique")
        return Collection([item for item in self._items if unseen.add(read(item))])

    def take(self, number: int) -> Collection[T_co]:
        """The first so many, or all when there are fewer.

        Raises:
            InvalidValue: a negative number.
        """
        return Collection(self._items[: whole(number, "take")])

    def skip(self, number: int) -> Collection[T_co]:
        """All but the first so many.

        Raises:
            InvalidValue: a negative number.
        """
        return Collection(self._items[whole(number, "skip") :])

    def take_while(self, predicate: Column[bool] | Callable[[T_co], object]) -> Collection[T_co]:
        """Those before the first for which the predicate is false."""
        return Collection(list(takewhile(reader(predicate, "take_while"), self._items)))

    def skip_while(self, predicate: Column[bool] | Callable[[T_co], object]) -> Collection[T_co]:
        """Those from the first for which the predicate is false."""
        return Collection(list(dropwhile(reader(predicate, "skip_while"), self._items)))

    def diff(
        self, other: Iterable[S], by: Column[Any] | Callable[[T_co | S], object] | None = None
    ) -> Collection[T_co]:
        """Those that are not in another, compared by themselves or by key."""
        return self._compared(other, by, "diff", inside=False)

    def intersect(
        self, other: Iterable[S], by: Column[Any] | Callable[[T_co | S], object] | None = None
    ) -> Collection[T_co]:
        """Those that are in another, too, compared by themselves or by key."""
        return self._compared(other, by, "intersect", inside=True)

    def _compared(self, other: Iterable[object], by: object, name: str, *, inside: bool) -> Collection[T_co]:
        if by is None:
            known = Unseen(other)
            return Collection([item for item in self._items if (item in known) == inside])
        read = reader(by, name)
        known = Unseen(map(read, other))
        return Collection([item for item in self._items if (read(item) in known) == inside])

    # --- in another order ---

    def sort_by(
        self,
        by: Expression[object] | Order | Callable[[T_co], SupportsRichComparison | None],
        *more: Expression[object] | Order | Callable[[T_co], SupportsRichComparison | None],
        descending: bool = False,
    ) -> Collection[T_co]:
        """Sorted as by a query's `order_by`: by a column, by `User.age.desc()`, or by a function's result.

        None is the least of all values; items that are equal in all keep their order. Texts are ordered by their
        characters' numbers.

        Args:
            by: what to sort by first.
            more: what to sort by where that is equal.
            descending: whether the greatest comes first, with all of them turned round.
        """
        return Collection(in_order(self._items, (by, *more), "sort_by", descending=descending))

    def shuffle(self, chance: _random.Random | None = None) -> Collection[T_co]:
        """In random order.

        Args:
            chance: where chance comes from: `random.Random(7)` for an order that can be repeated.
        """
        items = list(self._items)
        (chance or _chance()).shuffle(items)
        return Collection(items)

    @overload
    def random(self, *, chance: _random.Random | None = None) -> T_co | None: ...
    @overload
    def random(self, number: int, *, chance: _random.Random | None = None) -> Collection[T_co]: ...
    def random(
        self, number: int | None = None, *, chance: _random.Random | None = None
    ) -> T_co | Collection[T_co] | None:
        """One item by chance, or None without items; or so many different ones, all when there are fewer.

        Args:
            number: how many, for a collection of them.
            chance: where chance comes from: `random.Random(7)` for a choice that can be repeated.

        Raises:
            InvalidValue: a negative number.
        """
        chance = chance or _chance()
        if number is None:
            return chance.choice(self._items) if self._items else None
        return Collection(chance.sample(self._items, min(whole(number, "random"), len(self._items))))

    # --- in parts ---

    def chunk(self, size: int) -> Collection[Collection[T_co]]:
        """Collections of `size` items each, the last of what is left.

        Raises:
            InvalidValue: a size below 1.
        """
        at_least_one(size, "chunk")
        return Collection([self[start : start + size] for start in range(0, len(self._items), size)])

    def sliding(self, size: int, step: int = 1) -> Collection[Collection[T_co]]:
        """Collections of `size` neighbours each, beginning every `step` items; each item with its next for 2.

        Raises:
            InvalidValue: a size or step below 1.
        """
        last = len(self._items) - at_least_one(size, "sliding")
        starts = range(0, last + 1, at_least_one(step, "sliding"))
        return Collection([self[start : start + size] for start in starts])

    # --- the whole ---

    def each(self, function: Callable[[T_co], object]) -> Self:
        """Call a function with every item, for what the function does, and go on with the same items."""
        for item in self._items:
            function(item)
        return self

    @overload
    def when_empty(self, then: Callable[[Self], R]) -> R | Self: ...
    @overload
    def when_empty(self, then: Callable[[Self], R], otherwise: Callable[[Self], S]) -> R | S: ...
    def when_empty(self, then: Callable[[Self], Any], otherwise: Callable[[Self], Any] | None = None) -> Any:
        """As `when`, for a collection without items."""
        return self._chosen(not self._items, then, otherwise)

    @overload
    def when_not_empty(self, then: Callable[[Self], R]) -> R | Self: ...
    @overload
    def when_not_empty(self, then: Callable[[Self], R], otherwise: Callable[[Self], S]) -> R | S: ...
    def when_not_empty(self, then: Callable[[Self], Any], otherwise: Callable[[Self], Any] | None = None) -> Any:
        """As `when`, for a collection with items."""
        return self._chosen(bool(self._items), then, otherwise)

    def lazy(self) -> LazyCollection[T_co]:
        """The same items as a pipeline: each goes through all steps before the next, and only when it is asked for."""
        return LazyCollection(self)


def _afterwards() -> ModuleType:
    # What loads makes collections, so that it cannot be there before them.
    from isomorph.orm.loading import afterwards  # noqa: PLC0415

    return afterwards
