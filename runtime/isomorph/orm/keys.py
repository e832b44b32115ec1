"""Rows by their keys: conditions over many of them, in batches that a statement takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Sized
from itertools import repeat
from operator import itemgetter
from typing import Any, TypeVar, cast

from isomorph.sql.expressions import All, AnyOf, Predicate
from isomorph.sql.kinds import Column, Comparable
from isomorph.sql.predicates import In

__all__ = ["in_batches", "in_order", "keys_predicate", "most_keys", "round_slices", "slices", "values_at"]

T = TypeVar("T")

_MOST_KEYS = 500
"""Keys of several columns per statement; more bring no speed and make texts that no cache keeps."""

_ANY_NUMBER = 2**63 - 1


def in_batches(items: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    """The items, so many at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def slices(columns: Sequence[Sequence[Any]], most: int, most_size: int | None) -> Iterable[slice]:
    """The parts of rows, given by column, that one statement takes.

    Args:
        columns: bound values.
        most: rows per part.
        most_size: characters and bytes per part, unless a single row has more; None for any number. Besides what a text has
            each value counts for 20.
    """
    number = len(columns[0])
    for start in range(0, number, most):
        end = min(start + most, number)
        if most_size is None:
            yield slice(start, end)
            continue
        sizes = _sizes([column[start:end] for column in columns])
        first, size = start, 0
        for place, own in enumerate(sizes, start):
            if place > first and size + own > most_size:
                yield slice(first, place)
                first, size = place, 0
            size += own
        yield slice(first, end)


def _sizes(columns: Sequence[Sequence[Any]]) -> Iterable[int]:
    """About how many characters and bytes each row takes."""
    least = _VALUE * len(columns)
    texts = [column for column in columns if not _SIZELESS.issuperset(map(type, column))]
    if not texts:
        return repeat(least, len(columns[0]))
    sizes = [
        map(len, column) if set(map(type, column)) == {str} else [_size(value) for value in column] for column in texts
    ]
    return [least + sum(row) for row in zip(*sizes, strict=True)]


_VALUE = 20
_SIZELESS = frozenset({int, float, bool, type(None)})


def _size(value: object) -> int:
    return len(value) if isinstance(value, Sized) else 0


def round_slices(number: int, most: int) -> Iterable[slice]:
    """Parts of so many rows whose sizes are powers of two, where they are large: few large texts.

    Args:
        number: how many rows there are.
        most: rows per part.
    """
    start = 0
    while start < number:
        size = min(most, number - start)
        if size > _SMALL:
            size = 1 << (size.bit_length() - 1)
        yield slice(start, start + size)
        start += size


_SMALL = 500


def values_at(places: Sequence[int]) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """Reads the values at these places of a row, at least one."""
    if len(places) == 1:
        return itemgetter(slice(places[0], places[0] + 1))
    return itemgetter(*places)


def in_order(columns: Sequence[Sequence[Any]]) -> list[int]:
    """The positions of bound keys, given by column, sorted by the keys.

    Any order does that all writers have: it keeps them from deadlocks. This one also lets rows that follow each other meet the
    same pages of the index: 10,000 random keys among 400,000 take SQLite 13 us each, and 22 as they come.
    """
    keys: Sequence[Any] = columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))
    try:
        return sorted(range(len(keys)), key=keys.__getitem__)
    except TypeError:  # values without an order
        texts = list(zip(*[map(str, column) for column in columns], strict=True))
        return sorted(range(len(keys)), key=texts.__getitem__)


def most_keys(width: int) -> int:
    """How many keys of so many columns one statement is asked for; single ones travel as one list, however long."""
    return _ANY_NUMBER if width == 1 else _MOST_KEYS


def keys_predicate(columns: Sequence[Column[Any]], keys: Sequence[tuple[Any, ...]]) -> Predicate:
    """True of the rows whose columns have one of these combinations of values."""
    known = [cast("Comparable[Any, Any]", column) for column in columns]
    if len(known) == 1:
        column = columns[0]
        values = [column.codec.compared(key[0], column._where()) for key in keys]
        return In(column, list(dict.fromkeys(values)), column.codec, negated=False)
    return AnyOf([All([column == part for column, part in zip(known, key, strict=True)]) for key in keys])
