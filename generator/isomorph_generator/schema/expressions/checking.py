"""Gives the parts of an expression their types and turns it into the catalog's form.

Owns what may be compared with what. Constants take the type of what they stand beside: in `born > '2000-01-01'` the text
becomes a date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from isomorph.catalog import (
    FLOATS,
    FUNCTIONS,
    INTEGERS,
    And,
    Arithmetic,
    Between,
    ColumnRef,
    ColumnType,
    Comparison,
    Enum,
    Expression,
    In,
    IsNull,
    Kind,
    Literal,
    LiteralValue,
    Not,
    Or,
    Parameter,
)
from isomorph_generator.schema.errors import (
    ExpressionType,
    ParameterOutsideScope,
    Position,
    SchemaError,
    UnknownEnumValue,
    UnknownFieldName,
    UnknownFunction,
    UnknownParameter,
)
from isomorph_generator.schema.expressions.calls import call, concatenation, pattern_test
from isomorph_generator.schema.expressions.families import (
    EXAMPLES,
    FAMILIES,
    FROM_TEXT,
    ORDERED,
    READERS,
    Family,
    Typed,
)
from isomorph_generator.schema.expressions.syntax import (
    Binary,
    Constant,
    FunctionCall,
    Membership,
    Name,
    Negated,
    Node,
    NullTest,
    ParameterName,
    PatternTest,
    Range,
)

__all__ = ["Checker", "Known", "Vocabulary"]

_LARGEST = 2**63 - 1


def _never(_name: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Known:
    """A field as expressions see it.

    Attributes:
        column: its column.
        type: its type; None when that is wrong and was told elsewhere.
        nullable: whether it may be NULL.
        refused: why the expression at hand may not use it; None when it may.
    """

    column: str
    type: ColumnType | None
    nullable: bool = False
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the names of an expression mean.

    Attributes:
        model: the model, for messages.
        fields: its fields by name.
        enums: all enums by name.
        parameters: the scope's parameters by name, None outside of scopes; a type is None when it is wrong.
        broken: names that mean something, but were declared wrongly; no error is told about them here.
    """

    model: str
    fields: Mapping[str, Known]
    enums: Mapping[str, Enum]
    parameters: Mapping[str, ColumnType | None] | None = None
    broken: Callable[[str], bool] = _never


class Checker:
    """Checks one expression; `check` gives its form in the catalog and takes note of every mistake."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        at: Callable[[int], tuple[Position, str]],
        add: Callable[[SchemaError], None],
    ) -> None:
        self._words = vocabulary
        self._at = at
        self._add = add
        self.used: set[str] = set()
        """Parameters that the expression uses."""

    @property
    def in_scope(self) -> bool:
        """Whether the expression is that of a scope."""
        return self._words.parameters is not None

    def check(self, node: Node) -> Expression:
        """The condition that the tree means; of no use when a mistake was found."""
        return self._condition(node)

    def value(self, node: Node, type_: ColumnType, name: str) -> Expression:
        """What a column of a type is computed from; of no use when a mistake was found.

        Args:
            node: the tree.
            type_: the type of the column.
            name: its field, for messages.
        """
        if type_.kind is Kind.BOOL:
            return self._condition(node)
        found = self.typed(node)
        family = FAMILIES.get(type_.kind, Family.OTHER)
        if found.family is Family.UNKNOWN or (found.family is family and found.enum == type_.enum):
            if not _fits(found.kind, type_.kind):
                hint = "round(...) without digits, floor and ceil give whole numbers; or take another type"
                self.wrong(node.index, f'the result is no whole number, "{name}" is {type_}', hint)
        else:
            what = found.family.value if found.enum is None else f"{found.family.value} {found.enum}"
            self.wrong(
                node.index, f'the result is {what}, "{name}" is {type_}', "give the field the type of the result"
            )
        return found.expression

    # --- conditions ----------------------------------------------------------------------------------------------------

    def _condition(self, node: Node) -> Expression:
        match node:
            case Binary(_, "and" | "or" as operator, _, _):
                items = [self._condition(part) for part in _flattened(node, operator)]
                return _joined(operator, items)
            case Negated(_, "not", item):
                return Not(self._condition(item))
            case _:
                typed = self.typed(node)
                if typed.family is Family.FLAG and not typed.constant:
                    return Comparison("=", typed.expression, Literal(value=True))
                if typed.family not in (Family.CONDITION, Family.UNKNOWN):
                    self.wrong(typed.index, f"{typed.called} is no condition", "compare it with something")
                return typed.expression

    def _comparison(self, node: Binary) -> Expression:
        left, right = self.typed(node.left), self.typed(node.right)
        left, right = self.pair(left, right, ordered=node.operator not in ("=", "<>"), index=node.index)
        return Comparison(node.operator, left.expression, right.expression)

    def _membership(self, node: Membership) -> Expression:
        item = self.typed(node.item)
        items: list[Expression] = []
        for part in node.items:
            item, other = self.pair(item, self.typed(part), ordered=False, index=part.index)
            items.append(other.expression)
        return In(item.expression, tuple(items), node.negated)

    def _range(self, node: Range) -> Expression:
        item = self.typed(node.item)
        item, low = self.pair(item, self.typed(node.low), ordered=True, index=node.low.index)
        item, high = self.pair(item, self.typed(node.high), ordered=True, index=node.high.index)
        return Between(item.expression, low.expression, high.expression, node.negated)

    def pair(self, left: Typed, right: Typed, *, ordered: bool, index: int) -> tuple[Typed, Typed]:
        """Both sides of a comparison, constants in the other side's type."""
        left, right = self._beside(left, right), self._beside(right, left)
        families = {left.family, right.family}
        if Family.UNKNOWN in families:
            return left, right
        if Family.NULL in families:
            self.wrong(index, "nothing is equal to null", 'write "is null" or "is not null"')
        elif Family.CONDITION in families:
            self.wrong(index, "a condition cannot be compared", 'join conditions with "and", "or" and "not"')
        elif len(families) > 1 or left.enum != right.enum:
            self._mismatch(left, right, index)
        elif left.family in (Family.JSON, Family.BYTES, Family.OTHER):
            self.wrong(index, f"{left.called} is {left.family.value}, which cannot be compared", 'use "is null"')
        elif ordered and left.family not in ORDERED:
            self.wrong(index, f"{left.called} has no order that all databases share", 'use "=", "<>" or "in"')
        return left, right

    def _mismatch(self, left: Typed, right: Typed, index: int) -> None:
        if left.constant and not right.constant:
            left, right = right, left
        joint = ", " if right.name else ", compared with " if left.name else " compared with "
        problem = f"{left.told}{joint}{right.told}"
        self.wrong(right.index if right.constant else index, problem, "compare values of the same type")

    def _beside(self, typed: Typed, other: Typed) -> Typed:
        """A constant as the other side needs it."""
        if not isinstance(typed.expression, Literal):
            return typed
        value = typed.expression.value
        if isinstance(value, Decimal) and other.kind in FLOATS:
            return replace(typed, expression=Literal(float(value)))
        if isinstance(value, str) and typed.family is Family.TEXT and other.family in FROM_TEXT:
            found = self._from_text(value, other, typed.index)
            family = Family.UNKNOWN if found is None else other.family
            return replace(typed, expression=Literal(found), family=family, kind=other.kind, enum=other.enum)
        return typed

    def _from_text(self, text: str, other: Typed, index: int) -> LiteralValue:
        """The value that a text means for a type; None, and an error, when it means none."""
        if other.enum is not None:
            values = self._words.enums[other.enum].values if other.enum in self._words.enums else (text,)
            if text in values:
                return text
            self._add(UnknownEnumValue(*self._at(index), other.enum, text, values))
            return None
        try:
            return READERS[other.family](text)
        except ValueError:
            self.wrong(index, f"this text is not {other.family.value}", f"write it as {EXAMPLES[other.family]}")
            return None

    # --- values ----------------------------------------------------------------------------------------------------------

    def typed(self, node: Node) -> Typed:
        """A part of the expression, checked."""
        match node:
            case Name(index, name):
                return self._field(index, name)
            case ParameterName(index, name):
                return self._parameter(index, name)
            case Constant(index, value):
                return self._constant(index, value)
            case Binary(index, "+" | "-" | "*" | "/" | "%", _, _):
                return self._arithmetic(node)
            case Binary(_, "||", _, _):
                return concatenation(node, self)
            case FunctionCall():
                return call(node, self)
            case Negated(index, "-", item):
                minus = Binary(index, "-", Constant(index, 0), item)
                return self._arithmetic(minus)
            case _:
                return Typed(self._test(node), Family.CONDITION, node.index)

    def _test(self, node: Membership | Range | NullTest | PatternTest | Binary | Negated) -> Expression:
        match node:
            case Membership():
                return self._membership(node)
            case Range():
                return self._range(node)
            case NullTest(_, item, negated):
                return IsNull(self.typed(item).expression, negated)
            case PatternTest():
                return pattern_test(node, self)
            case Binary(_, "and" | "or", _, _) | Negated():
                return self._condition(node)
            case Binary():
                return self._comparison(node)

    def _of_type(self, expression: Expression, found: ColumnType | None, index: int, name: str) -> Typed:
        if found is None:
            return Typed(expression, Family.UNKNOWN, index, name=name)
        # A cast's values are compared as it says, which the language of scopes does not know.
        is_cast = found.cast is not None and self.in_scope
        family = Family.OTHER if is_cast else FAMILIES.get(found.kind, Family.OTHER)
        return Typed(expression, family, index, found.kind, found.enum, name)

    def _field(self, index: int, name: str) -> Typed:
        known = self._words.fields.get(name)
        if known is None:
            if not self._words.broken(name):
                self._add(UnknownFieldName(*self._at(index), self._words.model, name, tuple(self._words.fields)))
            return Typed(ColumnRef(name), Family.UNKNOWN, index)
        if known.refused is not None:
            self.wrong(index, f'"{name}" {known.refused}', "use other fields")
        return self._of_type(ColumnRef(known.column), known.type, index, name)

    def _parameter(self, index: int, name: str) -> Typed:
        self.used.add(name)
        parameters = self._words.parameters
        if parameters is None:
            self._add(ParameterOutsideScope(*self._at(index), name))
        elif name not in parameters:
            self._add(UnknownParameter(*self._at(index), name, tuple(parameters)))
        return self._of_type(Parameter(name), (parameters or {}).get(name), index, f":{name}")

    def _constant(self, index: int, value: int | Decimal | str | None) -> Typed:
        match value:
            case None:
                return Typed(Literal(None), Family.NULL, index)
            case bool():
                return Typed(Literal(value), Family.FLAG, index, Kind.BOOL)
            case str():
                return Typed(Literal(value), Family.TEXT, index, Kind.TEXT)
            case int():
                if not -_LARGEST - 1 <= value <= _LARGEST:
                    self.wrong(index, "the number is beyond 64 bits", "no integer column holds it")
                return Typed(Literal(value), Family.NUMBER, index, Kind.BIGINT)
            case _:
                return Typed(Literal(value), Family.NUMBER, index, Kind.DECIMAL)

    def _arithmetic(self, node: Binary) -> Typed:
        left, right = self.typed(node.left), self.typed(node.right)
        left, right = self._beside(left, right), self._beside(right, left)
        for side in (left, right):
            if side.family not in (Family.NUMBER, Family.UNKNOWN):
                self.wrong(side.index, f"{side.called} is no number", f'"{node.operator}" calculates with numbers')
            elif side.kind is Kind.UNSIGNED_BIGINT:
                hint = "calculate in the application, or give SQL by dialect"
                self.wrong(side.index, f"{side.called} is beyond what all databases calculate with exactly", hint)
        kinds = {left.kind, right.kind}
        if node.operator == "%" and not kinds <= INTEGERS.keys() and None not in kinds:
            self.wrong(node.index, '"%" is for whole numbers', "use integer fields")
        kind = Kind.DOUBLE if kinds & FLOATS else Kind.BIGINT if kinds <= INTEGERS.keys() else Kind.DECIMAL
        family = Family.UNKNOWN if Family.UNKNOWN in (left.family, right.family) else Family.NUMBER
        return Typed(Arithmetic(node.operator, left.expression, right.expression), family, node.index, kind)

    def unknown_function(self, index: int, name: str) -> None:
        """Take note of a function that the language does not have."""
        self._add(UnknownFunction(*self._at(index), name, tuple(FUNCTIONS)))

    def wrong(self, index: int, problem: str, hint: str) -> None:
        """Take note of a mistake."""
        self._add(ExpressionType(*self._at(index), problem, hint))


def _fits(kind: Kind | None, column: Kind) -> bool:
    """Whether a number may be stored in a column: no fraction in that of integers, no float in that of decimals."""
    if column in INTEGERS:
        return kind is None or kind in INTEGERS
    return column is not Kind.DECIMAL or kind not in FLOATS


def _flattened(node: Node, operator: str) -> list[Node]:
    """The parts that one operator joins, from left to right."""
    parts: list[Node] = []
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Binary) and part.operator == operator:
            waiting += [part.right, part.left]
        else:
            parts.append(part)
    return parts


def _joined(operator: str, items: list[Expression]) -> Expression:
    return And(tuple(items)) if operator == "and" else Or(tuple(items))
