"""How the values of a column become those of another type. Pure text, with `%` as `quoted` has it.

Owns which types become which: those pairs that mean the same on every database, so that a revision does the same on each.
For other pairs whoever writes the revision says how. How a pair is spelled is the dialect's (`dialects/*/conversions.py`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING

from isomorph.catalog import FLOATS, INTEGERS, SHAPES, TEXTS, Column, ColumnType, Enum, Kind
from isomorph.errors import InvalidOperation

if TYPE_CHECKING:
    from isomorph.dialects.standard.ddl_text import DdlText

__all__ = ["NUMERIC", "Conversions", "converts", "group"]

NUMERIC = frozenset({"bool", "int", "decimal", "double"})
"""The groups of kinds that are numbers; a truth value is 1 or 0."""

_AS_TEXT = frozenset(
    {*NUMERIC, "enum", "uuid", "date", "time", "datetime", "timestamptz", "json", "bytes", "inet", "cidr", "macaddr"}
)
_DAYS = frozenset({"date", "datetime", "timestamptz"})


def group(kind: Kind) -> str:
    """What a kind is told as: kinds that are converted alike have the same group."""
    if kind in INTEGERS:
        return "int"
    if kind in FLOATS:
        return "double"
    if kind in TEXTS:
        return "text"
    return "shape" if kind in SHAPES else kind.value


class Conversions(ABC):
    """Values of one type as those of another."""

    def __init__(self, ddl: DdlText, enums: Mapping[str, Enum]) -> None:
        self._ddl = ddl
        self._enums = enums

    def converted(self, table: str, before: Column, after: Column) -> str | None:
        """An expression over the row that gives a column's new value; None where the database converts as it should.

        Raises:
            InvalidOperation: it is not the same everywhere, or means nothing.
        """
        old, new = before.type, after.type
        if old == new:
            return None
        if not converts(old, new):
            what = f"{table}.{after.name} is to become {new}, and no conversion from {old} is the same on all databases"
            raise InvalidOperation(what, 'say how by `using="..."`, an SQL expression, or add a new column instead')
        return self.between(self._ddl.quoted(before.name), old, new)

    @abstractmethod
    def between(self, value: str, before: ColumnType, after: ColumnType) -> str | None:
        """A value of one type as one of another, of a pair that is known; None where the database does it by itself."""


def converts(before: ColumnType, after: ColumnType) -> bool:
    """Whether values of one type become those of another by themselves, and mean the same on every database."""
    old, new = group(before.kind), group(after.kind)
    if "custom" in (old, new):
        return True
    if old == new == "array" and before.item is not None and after.item is not None:
        pair = {group(before.item.kind), group(after.item.kind)}
        # As JSON, which some databases keep them in, other items would have another form.
        return (len(pair) == 1 and "decimal" not in pair and "bool" not in pair) or pair == {"enum", "text"}
    return (
        old == new
        or (old in NUMERIC and new in NUMERIC)
        or (old == "text" and new in _AS_TEXT)
        or (new == "text" and old in _AS_TEXT)
        or (old in _DAYS and new in _DAYS)
        or {old, new} == {"int", "interval"}
    )
