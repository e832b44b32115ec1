"""How a table that stays differs before and after: which columns change, and what has to give way to that. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from isomorph.catalog import (
    TEXTS,
    Column,
    Default,
    Expression,
    ForeignKey,
    Index,
    IndexColumn,
    SqlText,
    Table,
    columns_of,
)

__all__ = ["Pair", "by_name", "computed_by", "computes_with", "differs", "holds", "leads_to", "names_columns"]


def by_name(columns: Iterable[Column]) -> dict[str, Column]:
    """Columns by their names."""
    return {column.name: column for column in columns}


# --- columns -----------------------------------------------------------------------------------------------------------


def _meaning(default: Default | None) -> object:
    """What two spellings of the same default have in common."""

    def text(value: object) -> str:
        return str(value.normalize()) if isinstance(value, Decimal) else str(value)

    return None if default is None else json.dumps(default.value, sort_keys=True, default=text)


def _facts(column: Column) -> Column:
    """A column without its place, and without the spelling of its default: equal for no difference."""
    meaning = None if column.default is None else Default(str(_meaning(column.default)))
    return replace(column, default=meaning, after=None, first=False)


def differs(before: Column, after: Column) -> bool:
    """Whether a column changes. Its place is none of its facts: no operation moves columns."""
    return _facts(before) != _facts(after)


def _form(column: Column) -> object:
    """What keys, checks and indexes of a column depend on."""
    return column.type, column.collation, column.charset, column.generated


@dataclass(frozen=True, slots=True)
class Pair:
    """A table before and after."""

    before: Table
    after: Table

    @property
    def name(self) -> str:
        return self.after.name

    @property
    def old(self) -> Mapping[str, Column]:
        """The columns before, by name."""
        return by_name(self.before.columns)

    @property
    def new(self) -> Mapping[str, Column]:
        """The columns after, by name."""
        return by_name(self.after.columns)

    def remade(self) -> frozenset[str]:
        """Columns that go and come: computed ones that change, and those that are made of what changes its form."""
        old, new = self.old, self.new
        found = {
            name
            for name, column in new.items()
            if name in old and column.generated is not None and _remakes(old[name], column)
        }
        formed = self._reformed()
        found |= {
            name
            for name, column in old.items()
            if column.generated is not None
            and names_columns(column.generated.expression, formed)
            and name in new
            and new[name].generated is not None
        }
        return frozenset(found)

    def _reformed(self) -> frozenset[str]:
        """Columns with another type, collation or character set."""
        old = self.old
        own = (self.before.collation, self.before.charset) != (self.after.collation, self.after.charset)
        return frozenset(
            name
            for name, column in self.new.items()
            if name in old
            and (_form(old[name]) != _form(column) or (own and column.collation is None and column.type.kind in TEXTS))
        )

    def touched(self) -> frozenset[str]:
        """Columns for whose change the keys, checks and conditions that name them have to go and come again."""
        return self._reformed() | self.remade()


def _remakes(before: Column, after: Column) -> bool:
    return differs(replace(before, comment=None), replace(after, comment=None))


# --- what names a column ---------------------------------------------------------------------------------------------


def names_columns(expression: Expression | SqlText, columns: Collection[str]) -> bool:
    """Whether an expression names one of the columns; SQL that was written by hand: by its words."""
    if not isinstance(expression, SqlText):
        return not set(columns).isdisjoint(columns_of(expression))
    return any(
        re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
        for text in expression.by_dialect.values()
        for name in columns
    )


def computed_by(index: Index) -> list[Expression | SqlText]:
    """The expressions of an index, its condition among them."""
    parts = [part.expression for part in index.columns if not isinstance(part, IndexColumn)]
    return parts if index.where is None else [*parts, index.where]


def computes_with(index: Index, columns: Collection[str]) -> bool:
    """Whether a condition or an expression of an index names one of the columns."""
    return any(names_columns(part, columns) for part in computed_by(index))


def holds(index: Index, columns: Collection[str]) -> bool:
    """Whether an index is of one of the columns, or computes with it."""
    named = {part.name for part in index.columns if isinstance(part, IndexColumn)} | {*index.include}
    return not named.isdisjoint(columns) or computes_with(index, columns)


def leads_to(key: ForeignKey, table: str, columns: Collection[str]) -> bool:
    """Whether a foreign key references one of these columns of a table."""
    return key.table == table and not set(columns).isdisjoint(key.references)
