"""The rows of tables between: what is read of them beside each related object, and the key that they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from isomorph.dataclassing import dataclass
from isomorph.orm.loading.keys import Key, key_reader
from isomorph.orm.pivots import pivot_columns, pivots_of
from isomorph.orm.tallies import lay_beside

if TYPE_CHECKING:
    from isomorph import catalog
    from isomorph.dialects.base import Load
    from isomorph.orm.definition import Definition
    from isomorph.sql.expressions import Expression

__all__ = ["Between", "PivotReader", "pivot_reader"]

Rows: TypeAlias = "Sequence[tuple[Any, ...]]"


@dataclass(frozen=True, slots=True)
class PivotReader:
    """What is read behind the columns of a related model.

    Attributes:
        columns: the columns.
        read: takes the objects and, in their order, the rows that hold these columns; gives the keys that they hold.
    """

    columns: tuple[Expression[Any], ...]
    read: Callable[[Sequence[Any], Rows], Iterable[Key]]


@dataclass(frozen=True, slots=True)
class Between:
    """The table between two models as a part of a query for objects of one of them.

    Attributes:
        owner: the other model, which has the relation.
        relation: the relation.
        table: what the query calls the table between.
    """

    owner: Definition
    relation: catalog.Relation
    table: str

    @property
    def columns(self) -> tuple[Expression[Any], ...]:
        """What is read of it."""
        return tuple(pivot_columns(self.owner, self.relation, self.table).values())

    def lay(self, found: Sequence[Any], rows: Sequence[tuple[Any, ...]], start: int, dialect: str) -> None:
        """Lay the rows between beside the objects that were read with them, the columns of which begin at `start`."""
        pivot_reader(self.owner, self.relation, self.table, start, dialect).read(found, rows)


def pivot_reader(owner: Definition, relation: catalog.Relation, table: str, start: int, dialect: str) -> PivotReader:
    """What reads the rows of a table between and lays them beside the objects, as `pivot`.

    Args:
        owner: the model that has the relation.
        relation: the relation.
        table: what the statement calls the table between.
        start: where its columns begin in the rows.
        dialect: name of the dialect.
    """
    pivot = relation.pivot
    assert pivot is not None  # the caller has asked
    columns = pivot_columns(owner, relation, table)
    if pivot.model is not None:
        model = owner.database.definition(pivot.model)
        load, key_of = model.loaders[dialect], key_reader(model, pivot.local)
        own = itemgetter(slice(start, start + len(columns)))

        def read(items: Sequence[Any], rows: Rows) -> Iterable[Key]:
            pivots = load(map(own, rows))
            lay_beside(items, "pivot", pivots)
            return map(key_of, pivots)

        return PivotReader(tuple(columns.values()), read)

    names = {name: place for place, name in enumerate(columns, start)}
    loads = [
        (place, convert)
        for place, column in enumerate(columns.values(), start)
        if (convert := column.codec.loads[dialect]) is not None
    ]
    key_at = itemgetter(*[names[column] for column in pivot.local])

    def read_plain(items: Sequence[Any], rows: Rows) -> Iterable[Key]:
        if loads:
            rows = [_loaded(row, loads) for row in rows]
        lay_beside(items, "pivot", pivots_of(names, rows))
        return map(key_at, rows)

    return PivotReader(tuple(columns.values()), read_plain)


def _loaded(row: tuple[Any, ...], loads: Sequence[tuple[int, Load]]) -> tuple[Any, ...]:
    values = list(row)
    for place, load in loads:
        if values[place] is not None:
            values[place] = load(values[place])
    return tuple(values)
