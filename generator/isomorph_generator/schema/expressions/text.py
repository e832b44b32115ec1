"""Writes an expression of the catalog as the schema language says it: the inverse of reading one.

Column names stand where the schema has field names; a caller that wants fields maps them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from isomorph.catalog import (
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
from isomorph_generator.schema.durations import duration_text

__all__ = ["expression_text", "literal_text"]

_OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _ATOM = range(7)


def literal_text(value: LiteralValue) -> str:
    """A constant of an expression: `12`, `'text'`, `true`, `null`; dates and times are texts in ISO form, spans with units."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case dt.date() | dt.time():  # a datetime is a date
            return f"'{value.isoformat()}'"
        case dt.timedelta():
            return f"'{duration_text(value)}'"
        case _:
            return str(value)


def expression_text(expression: Expression, name_of: Callable[[str], str] = str) -> str:
    """The text of an expression, with the fewest parentheses that keep its meaning.

    Args:
        expression: the expression.
        name_of: gives the field of a column; by default its name.
    """
    return _Writer(name_of).write(expression)[0]


class _Writer:
    def __init__(self, name_of: Callable[[str], str]) -> None:
        self._name_of = name_of

    def write(self, expression: Expression) -> tuple[str, int]:
        """The text, and how tightly its outermost operator binds."""
        match expression:
            case ColumnRef(name):
                return self._name_of(name), _ATOM
            case Literal(value):
                return literal_text(value), _ATOM
            case Parameter(name):
                return f":{name}", _ATOM
            case Call(name, arguments):
                return f"{name}({', '.join(self._in(argument, _SUM) for argument in arguments)})", _ATOM
            case Arithmetic(operator, left, right):
                level = _SUM if operator in ("+", "-") else _PRODUCT
                return f"{self._in(left, level)} {operator} {self._in(right, level + 1)}", level
            case And(items):
                return " and ".join(self._in(item, _NOT) for item in items), _AND
            case Or(items):
                return " or ".join(self._in(item, _AND) for item in items), _OR
            case Not(item):
                return f"not {self._in(item, _NOT)}", _NOT
            case _:
                return self._test(expression), _COMPARISON

    def _test(self, expression: Comparison | In | Between | IsNull | Like | Matches) -> str:
        match expression:
            case Comparison(operator, left, right):
                return f"{self._in(left, _SUM)} {operator} {self._in(right, _SUM)}"
            case In(item, items, negated):
                listed = ", ".join(self._in(part, _SUM) for part in items)
                return f"{self._in(item, _SUM)} {'not ' * negated}in ({listed})"
            case Between(item, low, high, negated):
                bounds = f"{self._in(low, _SUM)} and {self._in(high, _SUM)}"
                return f"{self._in(item, _SUM)} {'not ' * negated}between {bounds}"
            case IsNull(item, negated):
                return f"{self._in(item, _SUM)} is {'not ' * negated}null"
            case Like(item, pattern, negated):
                return f"{self._in(item, _SUM)} {'not ' * negated}like {self._in(pattern, _ATOM)}"
            case Matches(item, pattern, negated):
                return f"{self._in(item, _SUM)} {'not ' * negated}matches {literal_text(pattern)}"

    def _in(self, expression: Expression, level: int) -> str:
        text, binds = self.write(expression)
        return text if binds >= level else f"({text})"
