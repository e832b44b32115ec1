"""Writes the expressions of a schema as SQL. Owns the order of operands, which kind they are brought to, and parentheses.

Compound operands are always put in parentheses, so precedence never matters. What columns, constants and parameters are
written as is a subclass's: literals in DDL, placeholders in queries.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TypeAlias, assert_never

from isomorph.catalog import (
    INTEGERS,
    And,
    Arithmetic,
    Between,
    Call,
    ColumnRef,
    ColumnType,
    Comparison,
    Expression,
    In,
    IsNull,
    Kind,
    Like,
    Literal,
    Matches,
    Not,
    Or,
    Parameter,
    columns_of,
    common_kind,
    kind_of,
    value_kind,
)
from isomorph.catalog.patterns import spelled
from isomorph.dialects.standard.formulas import Formulas, Sql, joined
from isomorph.dialects.standard.sql import Pattern, Wildcard

__all__ = ["ExpressionWriter", "Leaf", "wildcards"]

Leaf: TypeAlias = Literal | Parameter
_Condition: TypeAlias = Comparison | And | Or | Not | In | Between | IsNull | Like | Matches


class ExpressionWriter(ABC):
    """Writes expressions over the columns of one table.

    Args:
        formulas: how the dialect spells their parts.
    """

    def __init__(self, formulas: Formulas) -> None:
        self._formulas = formulas

    # --- what a subclass knows -------------------------------------------------------------------------------------------

    @abstractmethod
    def column(self, name: str) -> Sql:
        """A column."""

    @abstractmethod
    def column_type(self, name: str) -> ColumnType:
        """The type of a column."""

    @abstractmethod
    def has_collation(self, name: str) -> bool:
        """Whether a text column is compared otherwise than by code point."""

    @abstractmethod
    def parameter_type(self, name: str) -> ColumnType:
        """The type of a parameter."""

    @abstractmethod
    def leaf(self, leaf: Leaf, beside: ColumnType | None) -> Sql:
        """A constant or parameter, in the form of a type; None for that of its own value."""

    @abstractmethod
    def moment(self, function: str) -> Sql:
        """`now` or `current_date`, in UTC."""

    @abstractmethod
    def text_of_leaf(self, leaf: Leaf, spelling: Callable[[str], str]) -> Sql:
        """A text constant or parameter, changed into what an operator takes."""

    # --- expressions -----------------------------------------------------------------------------------------------------

    def write(self, expression: Expression) -> Sql:
        """An expression, without parentheses around it."""
        match expression:
            case ColumnRef(name):
                return self.column(name)
            case Literal() | Parameter():
                return self.leaf(expression, None)
            case Arithmetic():
                return self._arithmetic(expression)
            case Call():
                return self._call(expression)
            case _:
                return self._condition(expression)

    def _condition(self, expression: _Condition) -> Sql:
        match expression:
            case Comparison(operator, left, right):
                first, second = self._beside(left, (right,))
                return joined(first, f" {operator} ", second)
            case And(items):
                return _listed([self._nested(item) for item in items], " AND ")
            case Or(items):
                return _listed([self._nested(item) for item in items], " OR ")
            case Not(item):
                return joined("NOT (", self.write(item), ")")
            case In(Literal() | Parameter() as item, items, negated) if any(isinstance(o, ColumnRef) for o in items):
                # SQLite's IN compares by the collation of its left side alone, `=` by that of the column.
                tests = tuple([Comparison("<>" if negated else "=", item, other) for other in items])
                return self._condition(tests[0] if len(tests) == 1 else And(tests) if negated else Or(tests))
            case In(item, items, negated):
                first, *others = self._beside(item, items)
                return joined(first, " NOT IN (" if negated else " IN (", _listed(others, ", "), ")")
            case Between(item, low, high, negated):
                middle, least, most = self._beside(item, (low, high))
                return joined(middle, " NOT BETWEEN " if negated else " BETWEEN ", least, " AND ", most)
            case IsNull(item, negated):
                return joined(self._nested(item), " IS NOT NULL" if negated else " IS NULL")
            case Like():
                return self._like(expression)
            case Matches():
                return self._matches(expression)
            case _:
                assert_never(expression)

    def kind(self, expression: Expression) -> Kind | None:
        """The kind of its values; None for NULL."""
        return kind_of(
            expression,
            lambda name: value_kind(self.column_type(name).kind),
            lambda name: value_kind(self.parameter_type(name).kind),
        )

    def _nested(self, expression: Expression) -> Sql:
        text = self.write(expression)
        return text if isinstance(expression, ColumnRef | Literal | Parameter | Call) else joined("(", text, ")")

    # --- operands --------------------------------------------------------------------------------------------------------

    def _common(self, expressions: Sequence[Expression]) -> Kind | None:
        found: Kind | None = None
        for expression in expressions:
            found = common_kind(found, self.kind(expression))
        return found

    def _operand(self, expression: Expression, kind: Kind | None, beside: ColumnType | None = None) -> Sql:
        """An operand brought to a kind; `beside` is the type of the column that a constant stands beside."""
        if isinstance(expression, Literal | Parameter):
            return self.leaf(expression, beside or (None if kind is None else ColumnType(kind)))
        return self._formulas.converted(self._nested(expression), self.kind(expression), kind)

    def _beside(self, item: Expression, others: Sequence[Expression]) -> list[Sql]:
        """What is compared, and what with, all of one kind; constants beside a column in the form that it stores."""
        if isinstance(item, Literal | Parameter) and len(others) == 1 and isinstance(others[0], ColumnRef):
            column, constant = self._beside(others[0], (item,))
            return [constant, column]
        if isinstance(item, ColumnRef) and all(isinstance(other, Literal | Parameter) for other in others):
            type_ = self.column_type(item.name)
            return [self.column(item.name), *(self._operand(other, None, type_) for other in others)]
        parts = (item, *others)
        kind, operands = self._alike(parts)
        operands[0] = self._compared(operands[0], kind, parts)
        return operands

    def _compared(self, left: Sql, kind: Kind | None, parts: Sequence[Expression]) -> Sql:
        """The first of operands, which the others are compared with: a column as it is, else a computed value."""
        item = parts[0]
        if isinstance(item, ColumnRef) and self.kind(item) is kind:
            return left
        return self._formulas.compared(left, kind, of_columns=any(map(self._has_text, parts)))

    def _has_text(self, expression: Expression) -> bool:
        """Whether it names a column of text, whose collation it then has."""
        return any(value_kind(self.column_type(name).kind) is Kind.TEXT for name in columns_of(expression))

    def _alike(self, parts: Sequence[Expression]) -> tuple[Kind | None, list[Sql]]:
        """Operands brought to the kind that they have in common, and that kind."""
        kind = self._common(parts)
        types = (self.column_type(part.name) for part in parts if isinstance(part, ColumnRef))
        fitting = next((type_ for type_ in types if value_kind(type_.kind) is kind), None)
        return kind, [self._operand(part, kind, fitting) for part in parts]

    # --- calculations ----------------------------------------------------------------------------------------------------

    def _arithmetic(self, expression: Arithmetic) -> Sql:
        formulas, operator = self._formulas, expression.operator
        kind = self._common((expression.left, expression.right))
        left, right = self._operand(expression.left, kind), self._operand(expression.right, kind)
        if kind is Kind.BIGINT:
            widths = self._width(expression.left), self._width(expression.right)
            left, right = formulas.widened(operator, left, widths[0], right, widths[1])
        divisor = expression.right
        if operator in ("/", "%") and not (isinstance(divisor, Literal) and divisor.value):
            right = formulas.divisor(right)
        return formulas.arithmetic(operator, left, right, kind)

    def _width(self, expression: Expression) -> Kind | None:
        """The kind of an integer's column, the narrowest that it may have; None for constants and decimals."""
        match expression:
            case ColumnRef(name):
                kind = self.column_type(name).kind
                return kind if kind in INTEGERS else None
            case Literal() | Parameter():
                return None
            case Arithmetic(operator) if operator in ("+", "-", "*"):
                return Kind.BIGINT
            case _:
                return Kind.INT if self.kind(expression) is Kind.BIGINT else None

    def _call(self, expression: Call) -> Sql:
        name, items = expression.function, expression.arguments
        formulas = self._formulas
        kind = self.kind(items[0]) if items else None
        match name:
            case "now" | "current_date":
                return self.moment(name)
            case "coalesce" | "nullif":
                kind, arguments = self._alike(items)
                if name == "nullif":
                    arguments[0] = self._compared(arguments[0], kind, items)
            case "concat":
                arguments = [self._as_text(item) for item in items]
            case "substring":
                arguments = [self._text(items[0]), *(_count(item) for item in items[1:])]
            case "round" if len(items) == 2:
                name, kind = "round to", Kind.DECIMAL
                arguments = [self._operand(items[0], Kind.DECIMAL), _count(items[1])]
            case "abs" if kind is Kind.BIGINT:
                # The opposite of the least number of its column is beyond it.
                width = self._width(items[0])
                arguments = [formulas.widened("-", self._operand(items[0], kind), width, Sql(""), None)[0]]
            case "replace":
                name = name if isinstance(items[2], Literal) else "replace by"
                arguments = [self._text(item) for item in items]
                if any(map(self.has_collation, columns_of(expression))):
                    arguments[0] = formulas.replaceable(arguments[0])
            case _:
                arguments = [self._operand(item, self.kind(item)) for item in items]
        return formulas.function(name, kind, arguments)

    # --- texts -----------------------------------------------------------------------------------------------------------

    def _text(self, item: Expression) -> Sql:
        return self._operand(item, Kind.TEXT)

    def _as_text(self, item: Expression) -> Sql:
        if self.kind(item) is Kind.BIGINT:
            return self._formulas.as_text(self._operand(item, Kind.BIGINT))
        return self._text(item)

    def _exact(self, item: Expression) -> Sql:
        """A text that is searched by code point, whatever the collations of its columns."""
        text = self._text(item)
        if any(map(self.has_collation, columns_of(item))):
            return self._formulas.exact_text(text)
        return text if self._has_text(item) else self._formulas.exact_constant(text)

    def _like(self, expression: Like) -> Sql:
        rules = self._formulas.patterns
        before, between, behind = rules.like
        pattern = self.text_of_leaf(expression.pattern, lambda text: rules.like_pattern(wildcards(text)))
        found = joined(before, self._exact(expression.item), between, pattern, behind)
        return joined("NOT (", found, ")") if expression.negated else found

    def _matches(self, expression: Matches) -> Sql:
        pattern = self.text_of_leaf(
            Literal(expression.pattern), lambda pattern: spelled(pattern, self._formulas.engine)
        )
        found = joined(self._exact(expression.item), self._formulas.search, pattern)
        return joined("NOT (", found, ")") if expression.negated else found


def _listed(items: Sequence[Sql], separator: str) -> Sql:
    pieces: list[str | Sql] = []
    for number, item in enumerate(items):
        if number:
            pieces.append(separator)
        pieces.append(item)
    return joined(*pieces)


def _count(item: Expression) -> Sql:
    """An argument that the schema spells out as a whole number."""
    assert isinstance(item, Literal)  # the schema's checker saw to it
    return Sql(str(item.value))


def wildcards(text: str) -> Pattern:
    r"""The pattern that a text means: `%` is any text, `_` any character, `\` takes the next one as text."""
    parts: list[str | Wildcard] = []
    escaped = False
    for char in text:
        if escaped or char not in "%_\\":
            parts.append(char)
            escaped = False
        elif char == "\\":
            escaped = True
        else:
            parts.append(Wildcard(char))
    return parts
