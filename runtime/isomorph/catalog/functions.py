"""The functions of the schema language: what they take and give. What each means is in `docs/guide/schema.md`.

Owns the types of expressions, in a few kinds: whatever its width an integer is a `bigint` here, a floating-point number
a `double`, a text a `text`; an unsigned bigint, which no bigint holds, is a decimal. How a database spells a function is
in its dialect's `formulas`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from isomorph.catalog.expressions import (
    And,
    Arithmetic,
    Between,
    Call,
    ColumnRef,
    Comparison,
    Expression,
    In,
    IsNull,
    Like,
    Literal,
    LiteralValue,
    Matches,
    Not,
    Or,
    Parameter,
)
from isomorph.catalog.types import FLOATS, INTEGERS, TEXTS, Kind
from isomorph.dataclassing import dataclass

__all__ = ["FUNCTIONS", "Function", "common_kind", "kind_of", "value_kind"]


@dataclass(frozen=True, slots=True)
class Function:
    """What a function takes and gives.

    Attributes:
        arguments: for each argument, the kinds that it may be; the last one repeats up to `most`. None: any kind that
            the others have, too.
        least: fewest arguments.
        most: most arguments.
        result: the kind of the result; None for the kind that the arguments have in common.
        counts: by position, the least value of arguments that are spelled out as a whole number.
        texts: positions of arguments that are spelled out as a text which is not empty.
        moment: whether its value depends on when it is asked for, so that only scopes may use it.
    """

    arguments: tuple[frozenset[Kind] | None, ...]
    least: int
    most: int
    result: Kind | None
    counts: tuple[tuple[int, int], ...] = ()
    texts: tuple[int, ...] = ()
    moment: bool = False

    def accepts(self, position: int) -> frozenset[Kind] | None:
        """The kinds that an argument may be; None for any."""
        return self.arguments[min(position, len(self.arguments) - 1)]

    def least_count(self, position: int) -> int | None:
        """The least value of an argument that is a constant; None for any other argument."""
        return dict(self.counts).get(position)


_MANY = 100
_TEXT = frozenset({Kind.TEXT})
_SPELLED = frozenset({Kind.TEXT, Kind.BIGINT})
_WHOLE = frozenset({Kind.BIGINT})
_EXACT = frozenset({Kind.BIGINT, Kind.DECIMAL})
_NUMBER = frozenset({Kind.BIGINT, Kind.DECIMAL, Kind.DOUBLE})
_DAYS = frozenset({Kind.DATE, Kind.DATETIME, Kind.TIMESTAMPTZ})
_CLOCKS = frozenset({Kind.TIME, Kind.DATETIME, Kind.TIMESTAMPTZ})
_MOMENTS = frozenset({Kind.DATETIME, Kind.TIMESTAMPTZ})

FUNCTIONS: dict[str, Function] = {
    "lower": Function((_TEXT,), 1, 1, Kind.TEXT),
    "upper": Function((_TEXT,), 1, 1, Kind.TEXT),
    "trim": Function((_TEXT,), 1, 1, Kind.TEXT),
    "ltrim": Function((_TEXT,), 1, 1, Kind.TEXT),
    "rtrim": Function((_TEXT,), 1, 1, Kind.TEXT),
    "length": Function((_TEXT,), 1, 1, Kind.BIGINT),
    "concat": Function((_SPELLED,), 1, _MANY, Kind.TEXT),
    "substring": Function((_TEXT, _WHOLE, _WHOLE), 2, 3, Kind.TEXT, ((1, 1), (2, 0))),
    "replace": Function((_TEXT,), 3, 3, Kind.TEXT, texts=(1,)),
    "coalesce": Function((None,), 2, _MANY, None),
    "nullif": Function((None,), 2, 2, None),
    "abs": Function((_NUMBER,), 1, 1, None),
    "round": Function((_EXACT, _WHOLE), 1, 2, None, ((1, 0),)),
    "floor": Function((_NUMBER,), 1, 1, Kind.BIGINT),
    "ceil": Function((_NUMBER,), 1, 1, Kind.BIGINT),
    "year": Function((_DAYS,), 1, 1, Kind.BIGINT),
    "month": Function((_DAYS,), 1, 1, Kind.BIGINT),
    "day": Function((_DAYS,), 1, 1, Kind.BIGINT),
    "hour": Function((_CLOCKS,), 1, 1, Kind.BIGINT),
    "minute": Function((_CLOCKS,), 1, 1, Kind.BIGINT),
    "second": Function((_CLOCKS,), 1, 1, Kind.BIGINT),
    "date": Function((_MOMENTS,), 1, 1, Kind.DATE),
    "now": Function((), 0, 0, Kind.TIMESTAMPTZ, moment=True),
    "current_date": Function((), 0, 0, Kind.DATE, moment=True),
}
"""The functions by name."""


def value_kind(kind: Kind) -> Kind:
    """The kind that values of a column have in an expression."""
    if kind is Kind.UNSIGNED_BIGINT:
        return Kind.DECIMAL
    if kind in INTEGERS:
        return Kind.BIGINT
    if kind in FLOATS:
        return Kind.DOUBLE
    return Kind.TEXT if kind in TEXTS else kind


_NUMBERS = (Kind.BIGINT, Kind.DECIMAL, Kind.DOUBLE)
"""Each can say what those before it say."""

_OF_CONSTANTS: dict[type, Kind] = {
    bool: Kind.BOOL,
    int: Kind.BIGINT,
    Decimal: Kind.DECIMAL,
    float: Kind.DOUBLE,
    str: Kind.TEXT,
    dt.date: Kind.DATE,
    dt.time: Kind.TIME,
}


def common_kind(left: Kind | None, right: Kind | None) -> Kind | None:
    """The kind that two operands are brought to; a constant text takes the kind of what it stands beside."""
    if left in _NUMBERS and right in _NUMBERS:
        return _NUMBERS[max(_NUMBERS.index(left), _NUMBERS.index(right))]
    return right if left in (None, Kind.TEXT) else left


def kind_of(
    expression: Expression, kind_of_column: Callable[[str], Kind], kind_of_parameter: Callable[[str], Kind]
) -> Kind | None:
    """The kind of an expression's values; None for NULL.

    Args:
        expression: one that the schema's checker let through.
        kind_of_column: gives the kind of a column's values.
        kind_of_parameter: gives that of a parameter's.
    """

    def of(part: Expression) -> Kind | None:
        match part:
            case ColumnRef(name):
                return kind_of_column(name)
            case Parameter(name):
                return kind_of_parameter(name)
            case Literal(value):
                return _of_constant(value)
            case Arithmetic(_, left, right):
                return common_kind(of(left), of(right))
            case Call(name, arguments):
                return _of_call(FUNCTIONS[name], name, arguments)
            case Comparison() | And() | Or() | Not() | In() | Between() | IsNull() | Like() | Matches():
                return Kind.BOOL

    def _of_call(function: Function, name: str, arguments: tuple[Expression, ...]) -> Kind | None:
        if function.result is not None:
            return function.result
        if name == "round":
            return Kind.BIGINT if len(arguments) == 1 else Kind.DECIMAL
        found: Kind | None = None
        for argument in arguments:
            found = common_kind(found, of(argument))
        return found

    return of(expression)


def _of_constant(value: LiteralValue) -> Kind | None:
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        return Kind.DATETIME if value.tzinfo is None else Kind.TIMESTAMPTZ
    return _OF_CONSTANTS[type(value)]
