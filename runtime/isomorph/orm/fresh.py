"""New rows on their way to the database, by column, and the objects that they are or become.

Owns what is the same for both: the times and the version that a new row gets, and that an object has, once it is saved, what
its row has.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from isomorph.catalog import Kind
from isomorph.orm import updating, writing

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.model import Model

__all__ = ["Fresh", "by_positions", "fresh_of"]

M = TypeVar("M", bound="Model")


class Fresh(Generic[M]):
    """New rows of a model that have values for the same columns.

    Attributes:
        definition: the model.
        positions: of these columns.
        columns: the values, as attributes have them.
        number: how many rows there are.
        missing: positions of the columns that the database fills.
    """

    __slots__ = ("_items", "columns", "definition", "missing", "number", "positions")

    def __init__(
        self,
        definition: Definition,
        positions: tuple[int, ...],
        columns: Sequence[list[Any]],
        items: Sequence[M] | None = None,
    ) -> None:
        self.definition, self.positions, self.columns = definition, positions, columns
        self._items = items
        self.number = len(columns[0]) if items is None else len(items)
        given = set(positions)
        self.missing = tuple([position for position in range(len(definition.fields)) if position not in given])

    def keys(self, positions: Sequence[int], order: Sequence[int] | None = None) -> list[tuple[Any, ...]]:
        """What each row has at these positions, which have values; in that order of the rows."""
        columns = [self.columns[self.positions.index(position)] for position in positions]
        if order is not None:
            columns = [list(map(column.__getitem__, order)) for column in columns]
        return list(zip(*columns, strict=True))

    def saved(self, found: Mapping[int, Sequence[Any]], dialect: str) -> Sequence[M]:
        """The objects, in the order of the rows, as they are in the database.

        Args:
            found: by position, what the database has, as the driver gave it: what it filled, and what may be other than it
                was given.
            dialect: whose driver.
        """
        definition = self.definition
        if self._items is None:
            return self._made(found, dialect)
        for position, values in found.items():
            updating.take_column(definition, self._items, position, values, dialect)
        updating.keep_many(definition, self._items)
        return self._items

    def _made(self, found: Mapping[int, Sequence[Any]], dialect: str) -> Sequence[M]:
        definition = self.definition
        values: dict[int, Sequence[Any]] = dict(zip(self.positions, self.columns, strict=True))
        for position, column in found.items():
            values[position] = updating.loaded_column(definition, position, column, dialect)
        columns = [values[position] for position in range(len(definition.fields))]
        rows: Iterable[tuple[Any, ...]] = zip(*columns, strict=True)
        if _loads_nothing(definition, dialect):
            return definition.loaders[dialect](rows)
        class_ = cast("type[M]", definition.model_class)
        made = [class_.__new__(class_) for _ in range(self.number)]
        for slot, column in zip(definition.slots, columns, strict=True):
            deque(map(setattr, made, repeat(slot), column), maxlen=0)
        if definition.shaped:
            rows = map(definition.kept, rows)
        deque(map(setattr, made, repeat("_row"), rows), maxlen=0)
        return made


def _loads_nothing(definition: Definition, dialect: str) -> bool:
    """Whether the loader of rows from there leaves values of attributes as they are, and lets nobody know of others."""
    return not (definition.shaped or definition.database.is_lazy) and all(
        codec.type.kind is Kind.BOOL or codec.loads[dialect] is None for codec in definition.codecs
    )


def fresh_of(model: type[M], rows: Iterable[Mapping[str, Any]]) -> Fresh[M] | None:
    """Rows that become objects when they are saved; None where objects have to be made of them first."""
    definition = model._definition
    # What others give may be one mapping, changed from row to row.
    if type(rows) not in (list, tuple) or model is not definition.model_class:
        return None
    keywords, given = definition.keywords, cast("Sequence[object]", rows)
    columns = None if keywords is None else keywords.columns(given)
    if columns is None:
        return None
    number = len(given)
    if definition.version is not None:
        columns[definition.version] = [1] * number
    if definition.times:
        now = dt.datetime.now(dt.UTC)
        for field in definition.times:
            columns.setdefault(definition.positions[field], [now] * number)
    if not columns:
        return None  # rows of nothing but defaults go one by one
    positions = tuple(sorted(columns))
    return Fresh(definition, positions, [columns[position] for position in positions])


def by_positions(definition: Definition, made: Sequence[M]) -> list[Fresh[M]]:
    """New objects by the positions of the columns that they have values for; their times are set."""
    if not made:
        return []
    updating.stamp_new(definition, made)
    columns = _given(definition, made)
    if columns is not None:
        return [Fresh(definition, definition.given, columns, made)]
    groups: dict[tuple[int, ...], list[M]] = {}
    for item in made:
        groups.setdefault(writing.set_positions(item), []).append(item)
    return [
        Fresh(definition, positions, _columns(definition, positions, items), items)
        for positions, items in groups.items()
    ]


def _given(definition: Definition, made: Sequence[Model]) -> list[list[Any]] | None:
    """The columns of objects that have values for those that are always given, and for no other; as nearly all have."""
    for slot in definition.filled_slots:
        if any(map(hasattr, made, repeat(slot))):
            return None
    try:
        return _columns(definition, definition.given, made)
    except AttributeError:
        return None


def _columns(definition: Definition, positions: Sequence[int], made: Sequence[Model]) -> list[list[Any]]:
    # Not a tuple for each object: ten thousand of those set the collector going.
    return [list(map(attrgetter(definition.slots[position]), made)) for position in positions]
