"""Expressions of the schema, as checks, generated columns, partial indexes and scopes use them: trees over one table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

from isomorph.dataclassing import dataclass

__all__ = [
    "And",
    "Arithmetic",
    "Between",
    "Call",
    "ColumnRef",
    "Comparison",
    "Expression",
    "In",
    "IsNull",
    "Like",
    "Literal",
    "LiteralValue",
    "Matches",
    "Not",
    "Or",
    "Parameter",
    "SqlText",
    "columns_of",
    "parts_of",
    "with_columns",
]


LiteralValue: TypeAlias = bool | int | float | str | Decimal | dt.date | dt.time | dt.datetime | dt.timedelta | None
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


@dataclass(frozen=True, slots=True)
class Like:
    r"""Whether the whole text matches a pattern: `%` any text, `_` any character, `\` takes the next one as text."""

    item: Expression
    pattern: Literal | Parameter
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Matches:
    """Whether a regular expression (see `isomorph.catalog.patterns`) is found in a text."""

    item: Expression
    pattern: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A function by its name in the schema language (see `isomorph.catalog.functions`)."""

    function: str
    arguments: tuple[Expression, ...] = ()


Expression: TypeAlias = (
    ColumnRef
    | Literal
    | Parameter
    | Comparison
    | Arithmetic
    | And
    | Or
    | Not
    | In
    | Between
    | IsNull
    | Like
    | Matches
    | Call
)


@dataclass(frozen=True, slots=True)
class SqlText:
    """SQL written by hand, by dialect name; trusted, it comes from the schema or a revision."""

    by_dialect: Mapping[str, str]


def parts_of(expression: Expression) -> tuple[Expression, ...]:
    """The expressions that one is directly made of, from left to right."""
    match expression:
        case ColumnRef() | Literal() | Parameter():
            return ()
        case Comparison(_, left, right) | Arithmetic(_, left, right):
            return (left, right)
        case And(items) | Or(items) | Call(_, items):
            return items
        case Not(item) | IsNull(item) | Matches(item):
            return (item,)
        case In(item, items):
            return (item, *items)
        case Between(item, low, high):
            return (item, low, high)
        case Like(item, pattern):
            return (item, pattern)


def columns_of(expression: Expression | SqlText) -> tuple[str, ...]:
    """The columns that an expression names, each once, in order; of hand-written SQL none is known."""
    return () if isinstance(expression, SqlText) else tuple(dict.fromkeys(_columns(expression)))


def _columns(expression: Expression) -> Iterator[str]:
    waiting = [expression]
    while waiting:
        part = waiting.pop()
        if isinstance(part, ColumnRef):
            yield part.name
        waiting += reversed(parts_of(part))


def with_columns(expression: Expression, names: Mapping[str, str]) -> Expression:
    """The same expression over columns of other names: old name to new, others as they are."""

    def same(part: Expression) -> Expression:
        return with_columns(part, names)

    match expression:
        case ColumnRef(name):
            return ColumnRef(names.get(name, name))
        case Literal() | Parameter():
            return expression
        case Comparison(_, left, right) | Arithmetic(_, left, right):
            return replace(expression, left=same(left), right=same(right))
        case And(items) | Or(items):
            return replace(expression, items=tuple(map(same, items)))
        case Call(function, arguments):
            return Call(function, tuple(map(same, arguments)))
        case In(item, items):
            return replace(expression, item=same(item), items=tuple(map(same, items)))
        case Between(item, low, high):
            return replace(expression, item=same(item), low=same(low), high=same(high))
        case Not(item) | IsNull(item) | Like(item) | Matches(item):
            return replace(expression, item=same(item))
