"""From rows to objects: of the related model, whole or in part, each with the key by which it finds its partners.

Owns what is read of related rows: all or some columns of the model and amounts, then what stands beside each object: the
row of the table between, or no more than its key there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from isomorph.orm.loading.keys import Key, Keys, key_reader
from isomorph.orm.loading.pivots import PivotReader, pivot_reader

if TYPE_CHECKING:
    from isomorph import catalog
    from isomorph.dialects.base import Dialect
    from isomorph.orm.loading.statements import Related
    from isomorph.orm.query import Query
    from isomorph.sql.expressions import Expression
    from isomorph.sql.select import Compiled

__all__ = ["Reader", "direct_reader", "joined_reader"]

Rows: TypeAlias = "Sequence[tuple[Any, ...]]"


class Reader:
    """What is read of related rows.

    Attributes:
        sql: the statement, compiled.
        read: rows to their objects and, likewise in order, the keys by which these find their partners.
    """

    __slots__ = ("read", "sql")

    def __init__(self, sql: Compiled, read: Callable[[Rows], tuple[list[Any], Iterable[Key]]]) -> None:
        self.sql, self.read = sql, read


def direct_reader(found: Related, columns: Sequence[str], query: Query[Any] | None, dialect: Dialect) -> Reader:
    """What is read of rows that hold their key themselves, which is then read off the objects.

    Args:
        found: the statement.
        columns: of the model's table, those with the key.
        query: what says which fields and amounts are read; None for all fields.
        dialect: who is asked.
    """
    target, statement, name = found.target, found.select, dialect.name
    load, shape, chosen = target.loaders[name], target, None
    if query is not None:
        query = query._holding(columns)
        load, shape, chosen = partial(_objects, query, name), query._shape, query._read_columns()
    if chosen is not None:
        statement.columns = chosen
    elif shape is not target or statement.source is not None:
        statement.columns = tuple([target.columns[field] for field in shape.fields])
    sql = statement.compile(dialect, shape.statements[name].select)
    key_of = key_reader(shape, columns)

    def read(rows: Rows) -> tuple[list[Any], Iterable[Key]]:
        items = load(rows)
        return items, map(key_of, items)

    return Reader(sql, read)


def joined_reader(
    found: Related, relation: catalog.Relation, query: Query[Any] | None, keys: Keys, dialect: Dialect
) -> Reader:
    """What is read of rows that find their objects by way of other tables.

    Args:
        found: the statement.
        relation: the relation; with a table between, its row stands beside each object.
        query: what says which fields and amounts are read; None for all fields.
        keys: those of the objects.
        dialect: who is asked.
    """
    target, statement, name = found.target, found.select, dialect.name
    own: tuple[Expression[Any], ...] = tuple(target.columns.values())
    if query is not None:
        own = query._read_columns() or tuple([target.columns[field] for field in query._shape.fields])
    if relation.pivot is not None:
        beside = pivot_reader(keys.owner, relation, found.near, len(own), name)
    else:
        beside = _keys_beside(found.key, len(own), name)
    statement.columns = (*own, *beside.columns)
    front = itemgetter(slice(len(own)))

    def read(rows: Rows) -> tuple[list[Any], Iterable[Key]]:
        items = target.loaders[name](map(front, rows)) if query is None else query._objects(rows, name)
        return items, beside.read(items, rows)

    return Reader(statement.compile(dialect), read)


def _objects(query: Query[Any], dialect: str, rows: Rows) -> list[Any]:
    return query._objects(rows, dialect)


def _keys_beside(key: Sequence[Expression[Any]], start: int, dialect: str) -> PivotReader:
    """What reads no more than the key, which begins there in the rows."""
    codecs = [item._codec() for item in key]
    loads = [None if codec is None else codec.loads[dialect] for codec in codecs]

    def read(_items: Sequence[Any], rows: Rows) -> Iterable[Key]:
        if len(loads) == 1:
            (load,) = loads
            values = map(itemgetter(start), rows)
            return values if load is None else [value if value is None else load(value) for value in values]
        keys = map(itemgetter(slice(start, None)), rows)
        if not any(loads):
            return keys
        return [
            tuple(
                [
                    value if load is None or value is None else load(value)
                    for value, load in zip(row, loads, strict=True)
                ]
            )
            for row in keys
        ]

    return PivotReader(tuple(key), read)
