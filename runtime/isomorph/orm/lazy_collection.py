"""Items that come one by one: a pipeline over a source, run when somebody iterates over it.

Owns the steps that need no more than the item at hand, and what becomes of the source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, dropwhile, filterfalse, islice, takewhile
from typing import TYPE_CHECKING, Any, TypeVar

from typing_extensions import TypeVar as CovariantTypeVar

from isomorph.errors import InvalidQuery
from isomorph.orm.amounts import at_least_one, whole
from isomorph.orm.by import reader
from isomorph.orm.items import Items, Unseen
from isomorph.sql.kinds import Column

if TYPE_CHECKING:
    from isomorph.orm.collection import Collection

__all__ = ["LazyCollection"]

T_co = CovariantTypeVar("T_co", covariant=True)
K = TypeVar("K")

_Step = Callable[[Iterator[Any]], Iterator[Any]]


class LazyCollection(Items[T_co]):
    """A pipeline of steps over a source of items.

    Nothing happens before it is iterated over, or asked something; then each item goes through all steps before the
    next one is asked for, so that memory holds no more than one (and what `chunk` and `unique` have to remember).

    Iterating again begins anew: the source is read and the steps are called once more; over a query, its statements are
    sent again. A source that can be read only once (an iterator, such as a query's `cursor()`) is refused the second
    time rather than taken for empty. Whoever stops early closes the source, and with it a cursor's connection.
    """

    __slots__ = ("_source", "_steps")

    def __init__(self, source: Iterable[T_co] | Callable[[], Iterable[T_co]]) -> None:
        """Begin a pipeline.

        Args:
            source: where items come from, or a function that gives it, called once per reading.
        """
        self._source: Callable[[], Iterable[Any]] = source if callable(source) else _readings_of(source)
        self._steps: tuple[_Step, ...] = ()

    def __iter__(self) -> Iterator[T_co]:
        source = iter(self._source())
        try:
            items = source
            for step in self._steps:
                items = step(items)
            yield from items
        finally:
            close = getattr(source, "close", None)
            if close is not None:
                close()

    def __repr__(self) -> str:
        return f"LazyCollection(<{len(self._steps)} step{'' if len(self._steps) == 1 else 's'}>)"

    def _with(self, step: _Step) -> LazyCollection[Any]:
        made = LazyCollection[Any](self._source)
        made._steps = (*self._steps, step)
        return made

    # --- steps ---

    def map(self, function: Callable[[T_co], K]) -> LazyCollection[K]:
        """The function's results."""
        return self._with(lambda items: map(function, items))

    def flat_map(self, function: Callable[[T_co], Iterable[K]]) -> LazyCollection[K]:
        """The items of the function's results."""
        return self._with(lambda items: chain.from_iterable(map(function, items)))

    def filter(self, by: Column[bool] | Callable[[T_co], object]) -> LazyCollection[T_co]:
        """Those for which it is true."""
        read = reader(by, "filter")
        return self._with(lambda items: filter(read, items))

    def reject(self, by: Column[bool] | Callable[[T_co], object]) -> LazyCollection[T_co]:
        """Those for which it is not true."""
        read = reader(by, "reject")
        return self._with(lambda items: filterfalse(read, items))

    def of_type(self, kind: type[K]) -> LazyCollection[K]:
        """Those that are instances of a class."""
        return self._with(lambda items: (item for item in items if isinstance(item, kind)))

    def without_none(self: LazyCollection[K | None]) -> LazyCollection[K]:
        """Those that are not None."""
        return self._with(lambda items: (item for item in items if item is not None))

    def unique(self, by: Column[Any] | Callable[[T_co], object] | None = None) -> LazyCollection[T_co]:
        """The first of equal items, or of those with equal keys; remembers every key that it saw."""
        read = None if by is None else reader(by, "unique")
        return self._with(lambda items: _unique(items, read))

    def take(self, number: int) -> LazyCollection[T_co]:
        """The first so many; no more are asked for.

        Raises:
            InvalidValue: a negative number.
        """
        number = whole(number, "take")
        return self._with(lambda items: islice(items, number))

    def skip(self, number: int) -> LazyCollection[T_co]:
        """All but the first so many.

        Raises:
            InvalidValue: a negative number.
        """
        number = whole(number, "skip")
        return self._with(lambda items: islice(items, number, None))

    def take_while(self, predicate: Column[bool] | Callable[[T_co], object]) -> LazyCollection[T_co]:
        """Those before the first for which the predicate is false."""
        read = reader(predicate, "take_while")
        return self._with(lambda items: takewhile(read, items))

    def skip_while(self, predicate: Column[bool] | Callable[[T_co], object]) -> LazyCollection[T_co]:
        """Those from the first for which the predicate is false."""
        read = reader(predicate, "skip_while")
        return self._with(lambda items: dropwhile(read, items))

    def zip(self, other: Iterable[K], /, *, strict: bool = False) -> LazyCollection[tuple[T_co, K]]:
        """Pairs with the items of another, as long as both have some.

        Raises:
            ValueError: `strict`, and they differ in length; when that is seen.
        """
        return self._with(lambda items: zip(items, other, strict=strict))

    def chunk(self, size: int) -> LazyCollection[Collection[T_co]]:
        """Collections of `size` items each, the last of what is left.

        Raises:
            InvalidValue: a size below 1.
        """
        size = at_least_one(size, "chunk")
        return self._with(lambda items: _chunks(items, size))

    def tap_each(self, function: Callable[[T_co], object]) -> LazyCollection[T_co]:
        """Call a function with every item as it comes by, for what the function does."""
        return self._with(lambda items: _tapped(items, function))

    # --- ends ---

    def collect(self) -> Collection[T_co]:
        """All items, as a Collection."""
        from isomorph.orm.collection import Collection  # noqa: PLC0415 - a collection begins pipelines

        return Collection(list(self))

    def each(self, function: Callable[[T_co], object]) -> None:
        """Call a function with every item, to the end."""
        for item in self:
            function(item)


def _unique(items: Iterator[Any], read: Callable[[Any], object] | None) -> Iterator[Any]:
    unseen = Unseen()
    return (item for item in items if unseen.add(item if read is None else read(item)))


def _tapped(items: Iterator[Any], function: Callable[[Any], object]) -> Iterator[Any]:
    for item in items:
        function(item)
        yield item


def _chunks(items: Iterator[Any], size: int) -> Iterator[Collection[Any]]:
    from isomorph.orm.collection import Collection  # noqa: PLC0415 - see above

    while chunk := list(islice(items, size)):
        yield Collection(chunk)


def _readings_of(source: Iterable[Any]) -> Callable[[], Iterable[Any]]:
    """What gives the source for each reading; an iterator is given once."""
    if not isinstance(source, Iterator):
        return lambda: source
    given = False

    def once() -> Iterable[Any]:
        nonlocal given
        if given:
            raise InvalidQuery(
                "this lazy collection was read before, and its source can be read only once",
                "collect() it, or begin with a query's lazy() instead of cursor()",
            )
        given = True
        return source

    return once
