"""What can be asked of items in a row, whether all are at hand (Collection) or come one by one (LazyCollection).

Owns the questions whose answer is a value or a plain list or dict. What gives items again is in the classes themselves.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self, TypeVar, overload

from typing_extensions import TypeVar as DefaultTypeVar

from isomorph.catalog import Kind
from isomorph.errors import InvalidQuery, InvalidValue, NotFound
from isomorph.orm.by import reader
from isomorph.orm.sums import mean, total
from isomorph.sql.expressions import Expression
from isomorph.sql.kinds import Column, Sortable, Summable

if TYPE_CHECKING:
    from _typeshed import SupportsRichComparison

    from isomorph.orm.collection import Collection

__all__ = ["Items", "Unseen"]

T_co = DefaultTypeVar("T_co", covariant=True)
C = TypeVar("C", bound="SupportsRichComparison")
K = TypeVar("K")
N = TypeVar("N", int, float, Decimal, dt.timedelta)
Mean = TypeVar("Mean", Decimal, float, dt.timedelta)
R = TypeVar("R")
S = TypeVar("S")

_ZEROS: dict[Kind, Any] = {Kind.DECIMAL: Decimal(0), Kind.DOUBLE: 0.0}
"""What the sum of no values of a column is; 0 for the kinds that are not named."""


class HasDict(Protocol):
    """What `to_dicts` needs: every model has it."""

    def to_dict(self) -> dict[str, object]: ...


class Unseen:
    """Tells which values it was not asked about before; also such that have no hash."""

    __slots__ = ("_hashed", "_others")

    def __init__(self, values: Iterable[object] = ()) -> None:
        self._hashed: set[object] = set()
        self._others: list[object] = []
        for value in values:
            self.add(value)

    def add(self, value: object) -> bool:
        """Remember a value; whether it is new."""
        if value in self:
            return False
        try:
            self._hashed.add(value)
        except TypeError:  # a list, a dict, a model without a row: no hash, compared one by one
            self._others.append(value)
        return True

    def __contains__(self, value: object) -> bool:
        try:
            return value in self._hashed
        except TypeError:
            return value in self._others


class Items(Iterable[T_co]):
    """Items in a row, and what can be asked of them.

    Wherever an item's key or value is asked for, `by` is a column of the items' model (`User.name`) or a function of an
    item; a predicate is a column of truth values, or a function.
    """

    __slots__ = ()

    def __iter__(self) -> Iterator[T_co]:
        raise NotImplementedError

    # --- one item ---

    def first(self, predicate: Column[bool] | Callable[[T_co], object] | None = None) -> T_co | None:
        """The first item (for which the predicate is true), or None."""
        return next(self._matching(predicate, "first"), None)

    def first_or_fail(self, predicate: Column[bool] | Callable[[T_co], object] | None = None) -> T_co:
        """The first item (for which the predicate is true).

        Raises:
            NotFound: there is none.
        """
        for item in self._matching(predicate, "first_or_fail"):
            return item
        raise NotFound("item")

    def sole(self, predicate: Column[bool] | Callable[[T_co], object] | None = None) -> T_co:
        """The only item (for which the predicate is true).

        Raises:
            NotFound: there is none.
            InvalidQuery: there are several.
        """
        found = list(islice(self._matching(predicate, "sole"), 2))
        if not found:
            raise NotFound("item")
        if len(found) > 1:
            raise InvalidQuery("sole(): there are several such items", "use first(), or ask for more")
        return found[0]

    def _matching(self, predicate: object, where: str) -> Iterator[T_co]:
        return iter(self) if predicate is None else filter(reader(predicate, where), self)

    @overload
    def find(self, predicate: Column[bool] | Callable[[T_co], object], /) -> T_co | None: ...
    @overload
    def find(self, *key: object) -> T_co | None: ...
    def find(self, *key: Any) -> T_co | None:
        """The object with this primary key (several values for a composite one), or None; or as `first(predicate)`.

        Raises:
            InvalidValue: an item is no object with a row.
        """
        if len(key) == 1 and _is_predicate(key[0]):
            return next(self._matching(key[0], "find"), None)
        for item in self:
            if _key_of(item) == key:
                return item
        return None

    @overload
    def contains(self, predicate: Column[bool] | Callable[[T_co], object], /) -> bool: ...
    @overload
    def contains(self, item: object, /) -> bool: ...
    def contains(self, item: Any, /) -> bool:
        """Whether the item, or one for which the predicate is true, is there."""
        if _is_predicate(item):
            return any(map(reader(item, "contains"), self))
        return any(found is item or found == item for found in self)

    def every(self, predicate: Column[bool] | Callable[[T_co], object]) -> bool:
        """Whether the predicate is true for all items; true without items."""
        return all(map(reader(predicate, "every"), self))

    # --- numbers ---

    @overload
    def sum(self: Items[int]) -> int: ...
    @overload
    def sum(self: Items[Decimal]) -> Decimal | Literal[0]: ...
    @overload
    def sum(self: Items[float]) -> float: ...
    @overload
    def sum(self: Items[dt.timedelta]) -> dt.timedelta | Literal[0]: ...
    @overload
    def sum(self, by: Summable[N] | Summable[N | None]) -> N: ...
    @overload
    def sum(self, by: Callable[[T_co], N | None]) -> N | Literal[0]: ...
    def sum(self, by: Any = None) -> Any:
        """The sum, None left out: exact for integers and decimals, for floats the nearest to the exact one.

        Of nothing it is zero: of the column's type, else 0.
        """
        found = total(self._values("sum", by))
        if found is not None:
            return found
        return _ZEROS.get(by.codec.type.kind, 0) if isinstance(by, Column) else 0

    @overload
    def avg(self: Items[Decimal]) -> Decimal | None: ...
    @overload
    def avg(self: Items[float]) -> float | None: ...
    @overload
    def avg(self: Items[dt.timedelta]) -> dt.timedelta | None: ...
    @overload
    def avg(self, by: Summable[Mean] | Summable[Mean | None] | Callable[[T_co], Mean | None]) -> Mean | None: ...
    def avg(self, by: Any = None) -> Any:
        """The mean, None left out: a Decimal (28 digits) for decimals, else a float; None for nothing."""
        return mean(self._values("avg", by))

    @overload
    def min(self: Items[C | None]) -> C | None: ...
    @overload
    def min(self, by: Sortable[C | None] | Callable[[T_co], C | None]) -> C | None: ...
    def min(self, by: Any = None) -> Any:
        """The least value, None left out; None for nothing."""
        return min((value for value in self._values("min", by) if value is not None), default=None)

    @overload
    def max(self: Items[C | None]) -> C | None: ...
    @overload
    def max(self, by: Sortable[C | None] | Callable[[T_co], C | None]) -> C | None: ...
    def max(self, by: Any = None) -> Any:
        """The greatest value, None left out; None for nothing."""
        return max((value for value in self._values("max", by) if value is not None), default=None)

    def min_by(self, by: Sortable[object] | Callable[[T_co], SupportsRichComparison | None]) -> T_co | None:
        """The item with the least value, the first of several; without a value or items, None."""
        read = reader(by, "min_by")
        return min((item for item in self if read(item) is not None), key=read, default=None)

    def max_by(self, by: Sortable[object] | Callable[[T_co], SupportsRichComparison | None]) -> T_co | None:
        """The item with the greatest value, the first of several; without a value or items, None."""
        read = reader(by, "max_by")
        return max((item for item in self if read(item) is not None), key=read, default=None)

    def _values(self, name: str, by: object) -> Iterable[Any]:
        return self if by is None else map(reader(by, name), self)

    # --- plain Python ---

    def to_list(self) -> list[T_co]:
        """The items as a list."""
        return list(self)

    def pluck(self, by: Column[K] | Callable[[T_co], K]) -> list[K]:
        """One value of each item, as a list."""
        return list(map(reader(by, "pluck"), self))

    def to_dicts(self: Items[HasDict]) -> list[dict[str, object]]:
        """Each object's `to_dict()`: the fields of a model that are not hidden.

        Raises:
            InvalidValue: an item has none.
        """
        return [_dict_of(item) for item in self]

    def key_by(self, by: Column[K] | Callable[[T_co], K]) -> dict[K, T_co]:
        """Items by key; of several with one key, the last."""
        read = reader(by, "key_by")
        return {read(item): item for item in self}

    def group_by(self, by: Column[K] | Callable[[T_co], K]) -> dict[K, Collection[T_co]]:
        """Items of each key, in order of first appearance."""
        read = reader(by, "group_by")
        groups: dict[K, list[T_co]] = {}
        for item in self:
            groups.setdefault(read(item), []).append(item)
        return {key: _collection(items) for key, items in groups.items()}

    def count_by(self, by: Column[K] | Callable[[T_co], K]) -> dict[K, int]:
        """The number of items of each key, in order of first appearance."""
        return dict(Counter(map(reader(by, "count_by"), self)))

    def partition(self, by: Column[bool] | Callable[[T_co], object]) -> tuple[Collection[T_co], Collection[T_co]]:
        """Those for which it is true, and the others."""
        read = reader(by, "partition")
        sides: tuple[list[T_co], list[T_co]] = ([], [])
        for item in self:
            sides[0 if read(item) else 1].append(item)
        return _collection(sides[0]), _collection(sides[1])

    def reduce(self, function: Callable[[K, T_co], K], initial: K) -> K:
        """`function(function(initial, first), second)` and so on; `initial` without items."""
        result = initial
        for item in self:
            result = function(result, item)
        return result

    def join(
        self,
        separator: str = ", ",
        *,
        by: Column[Any] | Callable[[T_co], object] | None = None,
        last: str | None = None,
    ) -> str:
        """The items as one text; None is left out.

        Args:
            separator: between two of them.
            by: what is shown of each; without it, `str(item)`.
            last: between the last two, where that differs: `" and "`.
        """
        texts = [str(value) for value in self._values("join", by) if value is not None]
        if last is None or len(texts) < 2:
            return separator.join(texts)
        return f"{separator.join(texts[:-1])}{last}{texts[-1]}"

    # --- the whole ---

    def tap(self, function: Callable[[Self], object]) -> Self:
        """Call a function with all of it, for what the function does, and go on with the same."""
        function(self)
        return self

    def pipe(self, function: Callable[[Self], K]) -> K:
        """What a function makes of all of it."""
        return function(self)

    @overload
    def when(self, condition: object, then: Callable[[Self], R]) -> R | Self: ...
    @overload
    def when(self, condition: object, then: Callable[[Self], R], otherwise: Callable[[Self], S]) -> R | S: ...
    def when(
        self, condition: object, then: Callable[[Self], Any], otherwise: Callable[[Self], Any] | None = None
    ) -> Any:
        """What `then` makes of it when the condition is true, else what `otherwise` does; without that, the same."""
        return self._chosen(bool(condition), then, otherwise)

    @overload
    def unless(self, condition: object, then: Callable[[Self], R]) -> R | Self: ...
    @overload
    def unless(self, condition: object, then: Callable[[Self], R], otherwise: Callable[[Self], S]) -> R | S: ...
    def unless(
        self, condition: object, then: Callable[[Self], Any], otherwise: Callable[[Self], Any] | None = None
    ) -> Any:
        """As `when`, for a condition that is false."""
        return self._chosen(not condition, then, otherwise)

    def _chosen(self, holds: bool, then: Callable[[Self], Any], otherwise: Callable[[Self], Any] | None) -> Any:
        if holds:
            return then(self)
        return self if otherwise is None else otherwise(self)


def _collection(items: list[K]) -> Collection[K]:
    from isomorph.orm.collection import Collection  # noqa: PLC0415 - a collection is made of these methods

    return Collection(items)


def _is_predicate(item: object) -> bool:
    """Whether it is asked of items, rather than looked for among them. Classes and models are items."""
    if isinstance(item, Expression):
        return True
    return callable(item) and not isinstance(item, type) and not hasattr(type(item), "_definition")


def _key_of(item: object) -> tuple[object, ...]:
    definition = getattr(type(item), "_definition", None)
    row = None if definition is None else getattr(item, "_row", None)
    if definition is None or row is None:
        raise InvalidValue("find()", "objects with a row, which have a key", type(item).__name__)
    return tuple(row[position] for position in definition.key)


def _dict_of(item: HasDict) -> dict[str, object]:
    made = getattr(item, "to_dict", None)
    if made is None:
        raise InvalidValue("to_dicts()", "objects with a to_dict(), such as models", type(item).__name__)
    found: dict[str, object] = made()
    return found
