"""Expressions of the schema, as checks, partial indexes and scopes use them: trees over columns of one table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

__all__ = [
    "And",
    "Arithmetic",
    "Between",
    "ColumnRef",
    "Comparison",
    "Expression",
    "In",
    "IsNull",
    "Literal",
    "LiteralValue",
    "Not",
    "Or",
    "Parameter",
    "SqlText",
]


LiteralValue: TypeAlias = bool | int | float | str | Decimal | dt.date | dt.time | dt.datetime | None
"""What an expression may spell out; `None` is SQL's NULL."""


@dataclass(frozen=True, slots=True)
class ColumnRef:
    """A column of the expression's own table, by column name."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant."""

    value: LiteralValue


@dataclass(frozen=True, slots=True)
class Parameter:
    """`:name`, filled by the caller of a scope."""

    name: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left operator right`; operator is one of `= <> < <= > >=`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`left operator right`; operator is one of `+ - * / %`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class And:
    """True where all items are."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """True where any item is."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True where the item is false."""

    item: Expression


@dataclass(frozen=True, slots=True)
class In:
    """Whether the item is one of the items; `negated`, none of them."""

    item: Expression
    items: tuple[Expression, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """Whether the item lies between two bounds, both included."""

    item: Expression
    low: Expression
    high: Expression
    negated: bool = False


@dataclass(frozen=True, slots=True)
class IsNull:
    """Whether the item is NULL."""

    item: Expression
    negated: bool = False


Expression: TypeAlias = (
    ColumnRef | Literal | Parameter | Comparison | Arithmetic | And | Or | Not | In | Between | IsNull
)


@dataclass(frozen=True, slots=True)
class SqlText:
    """SQL written by hand, by dialect name; trusted, it comes from the schema or a revision."""

    by_dialect: Mapping[str, str]
