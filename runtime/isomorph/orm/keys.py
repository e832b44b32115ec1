"""Rows by their keys: conditions over many of them, in batches that a statement takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, cast

from isomorph.sql.expressions import All, AnyOf, Predicate
from isomorph.sql.kinds import Column, Comparable
from isomorph.sql.predicates import In

__all__ = ["MOST_ROWS", "in_batches", "keys_predicate", "most_keys"]

T = TypeVar("T")

MOST_ROWS = 500
"""Rows, or keys of several columns, per statement; more bring no speed and make texts that no cache keeps."""

_MOST_SINGLE_KEYS = 10_000


def in_batches(items: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    """The items, so many at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def most_keys(width: int) -> int:
    """How many keys of so many columns one statement is asked for; single ones travel as one list."""
    return _MOST_SINGLE_KEYS if width == 1 else MOST_ROWS


def keys_predicate(columns: Sequence[Column[Any]], keys: Sequence[tuple[Any, ...]]) -> Predicate:
    """True of the rows whose columns have one of these combinations of values."""
    known = [cast("Comparable[Any, Any]", column) for column in columns]
    if len(known) == 1:
        column = columns[0]
        values = [column.codec.compared(key[0], column._where()) for key in keys]
        return In(column, list(dict.fromkeys(values)), column.codec, negated=False)
    return AnyOf([All([column == part for column, part in zip(known, key, strict=True)]) for key in keys])
