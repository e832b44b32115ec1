"""Gives the parts of an expression their types and turns it into the catalog's form.

Owns what may be compared with what. Constants take the type of what they stand beside: in `born > '2000-01-01'` the text
becomes a date.
"""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from isomorph.catalog import (
    FLOATS,
    INTEGERS,
    NUMBERS,
    TEXTS,
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
from isomorph_generator.schema.durations import duration
from isomorph_generator.schema.errors import (
    ExpressionType,
    ParameterOutsideScope,
    Position,
    SchemaError,
    UnknownEnumValue,
    UnknownFieldName,
    UnknownParameter,
)
from isomorph_generator.schema.expressions.syntax import (
    Binary,
    Constant,
    Membership,
    Name,
    Negated,
    Node,
    NullTest,
    ParameterName,
    Range,
)

__all__ = ["Checker", "Known", "Vocabulary"]


def _never(_name: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Known:
    """A field as expressions see it: its column, and its type, None when that is wrong and was told elsewhere."""

    column: str
    type: ColumnType | None


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


class _Family(enum.Enum):
    """Types that can be compared with each other; the value is the word for one of them."""

    NUMBER = "a number"
    TEXT = "a text"
    FLAG = "true or false"
    ENUM = "a value of the enum"
    UUID = "a uuid"
    DATE = "a date"
    TIME = "a time"
    DATETIME = "a date and time without offset"
    TIMESTAMPTZ = "a date and time with offset"
    INTERVAL = "a span of time"
    BYTES = "bytes"
    JSON = "json"
    NULL = "null"
    CONDITION = "a condition"
    UNKNOWN = "unknown"


_FAMILIES: Final = {
    Kind.BOOL: _Family.FLAG,
    **dict.fromkeys(NUMBERS, _Family.NUMBER),
    **dict.fromkeys(TEXTS, _Family.TEXT),
    Kind.BYTES: _Family.BYTES,
    Kind.DATE: _Family.DATE,
    Kind.TIME: _Family.TIME,
    Kind.DATETIME: _Family.DATETIME,
    Kind.TIMESTAMPTZ: _Family.TIMESTAMPTZ,
    Kind.INTERVAL: _Family.INTERVAL,
    Kind.JSON: _Family.JSON,
    Kind.UUID: _Family.UUID,
    Kind.ENUM: _Family.ENUM,
}
_TIMES = frozenset({_Family.DATE, _Family.TIME, _Family.DATETIME, _Family.TIMESTAMPTZ, _Family.INTERVAL})
_ORDERED = _TIMES | {_Family.NUMBER, _Family.TEXT, _Family.UNKNOWN}
_FROM_TEXT = _TIMES | {_Family.UUID, _Family.ENUM}
_EXAMPLES = {
    _Family.DATE: "'2024-12-31'",
    _Family.TIME: "'23:59:59'",
    _Family.DATETIME: "'2024-12-31T23:59:59'",
    _Family.TIMESTAMPTZ: "'2024-12-31T23:59:59+00:00'",
    _Family.INTERVAL: "'1d 2h 30min'",
    _Family.UUID: "'01234567-89ab-cdef-0123-456789abcdef'",
}
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class _Typed:
    expression: Expression
    family: _Family
    index: int
    kind: Kind | None = None
    enum: str | None = None
    name: str = ""

    @property
    def constant(self) -> bool:
        return isinstance(self.expression, Literal)

    @property
    def called(self) -> str:
        """The part in a message, without any value."""
        return f'"{self.name}"' if self.name else self.family.value

    @property
    def told(self) -> str:
        """The part and what it is."""
        what = self.family.value if self.enum is None else f"{self.family.value} {self.enum}"
        return f"{self.called} is {what}" if self.name else what


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

    def check(self, node: Node) -> Expression:
        """The condition that the tree means; of no use when a mistake was found."""
        return self._condition(node)

    # --- conditions ----------------------------------------------------------------------------------------------------

    def _condition(self, node: Node) -> Expression:
        match node:
            case Binary(_, "and" | "or" as operator, _, _):
                items = [self._condition(part) for part in _flattened(node, operator)]
                return _joined(operator, items)
            case Negated(_, "not", item):
                return Not(self._condition(item))
            case _:
                typed = self._typed(node)
                if typed.family is _Family.FLAG and not typed.constant:
                    return Comparison("=", typed.expression, Literal(value=True))
                if typed.family not in (_Family.CONDITION, _Family.UNKNOWN):
                    self._wrong(typed.index, f"{typed.called} is no condition", "compare it with something")
                return typed.expression

    def _comparison(self, node: Binary) -> Expression:
        left, right = self._typed(node.left), self._typed(node.right)
        left, right = self._pair(left, right, ordered=node.operator not in ("=", "<>"), index=node.index)
        return Comparison(node.operator, left.expression, right.expression)

    def _membership(self, node: Membership) -> Expression:
        item = self._typed(node.item)
        items: list[Expression] = []
        for part in node.items:
            item, other = self._pair(item, self._typed(part), ordered=False, index=part.index)
            items.append(other.expression)
        return In(item.expression, tuple(items), node.negated)

    def _range(self, node: Range) -> Expression:
        item = self._typed(node.item)
        item, low = self._pair(item, self._typed(node.low), ordered=True, index=node.low.index)
        item, high = self._pair(item, self._typed(node.high), ordered=True, index=node.high.index)
        return Between(item.expression, low.expression, high.expression, node.negated)

    def _pair(self, left: _Typed, right: _Typed, *, ordered: bool, index: int) -> tuple[_Typed, _Typed]:
        """Both sides of a comparison, constants in the other side's type."""
        left, right = self._beside(left, right), self._beside(right, left)
        families = {left.family, right.family}
        if _Family.UNKNOWN in families:
            return left, right
        if _Family.NULL in families:
            self._wrong(index, "nothing is equal to null", 'write "is null" or "is not null"')
        elif _Family.CONDITION in families:
            self._wrong(index, "a condition cannot be compared", 'join conditions with "and", "or" and "not"')
        elif len(families) > 1 or left.enum != right.enum:
            self._mismatch(left, right, index)
        elif left.family in (_Family.JSON, _Family.BYTES):
            self._wrong(index, f"{left.called} is {left.family.value}, which cannot be compared", 'use "is null"')
        elif ordered and left.family not in _ORDERED:
            self._wrong(index, f"{left.called} has no order that all databases share", 'use "=", "<>" or "in"')
        return left, right

    def _mismatch(self, left: _Typed, right: _Typed, index: int) -> None:
        if left.constant and not right.constant:
            left, right = right, left
        joint = ", " if right.name else ", compared with " if left.name else " compared with "
        problem = f"{left.told}{joint}{right.told}"
        self._wrong(right.index if right.constant else index, problem, "compare values of the same type")

    def _beside(self, typed: _Typed, other: _Typed) -> _Typed:
        """A constant as the other side needs it."""
        if not isinstance(typed.expression, Literal):
            return typed
        value = typed.expression.value
        if isinstance(value, Decimal) and other.kind in FLOATS:
            return replace(typed, expression=Literal(float(value)))
        if isinstance(value, str) and typed.family is _Family.TEXT and other.family in _FROM_TEXT:
            found = self._from_text(value, other, typed.index)
            family = _Family.UNKNOWN if found is None else other.family
            return replace(typed, expression=Literal(found), family=family, enum=other.enum)
        return typed

    def _from_text(self, text: str, other: _Typed, index: int) -> LiteralValue:
        """The value that a text means for a type; None, and an error, when it means none."""
        if other.enum is not None:
            values = self._words.enums[other.enum].values if other.enum in self._words.enums else (text,)
            if text in values:
                return text
            self._add(UnknownEnumValue(*self._at(index), other.enum, text, values))
            return None
        try:
            return _READERS[other.family](text)
        except ValueError:
            self._wrong(index, f"this text is not {other.family.value}", f"write it as {_EXAMPLES[other.family]}")
            return None

    # --- values ----------------------------------------------------------------------------------------------------------

    def _typed(self, node: Node) -> _Typed:
        match node:
            case Name(index, name):
                return self._field(index, name)
            case ParameterName(index, name):
                return self._parameter(index, name)
            case Constant(index, value):
                return self._constant(index, value)
            case Binary(index, "+" | "-" | "*" | "/" | "%", _, _):
                return self._arithmetic(node)
            case Negated(index, "-", item):
                minus = Binary(index, "-", Constant(index, 0), item)
                return self._arithmetic(minus)
            case Membership(index):
                return _Typed(self._membership(node), _Family.CONDITION, index)
            case Range(index):
                return _Typed(self._range(node), _Family.CONDITION, index)
            case NullTest(index, item, negated):
                return _Typed(IsNull(self._typed(item).expression, negated), _Family.CONDITION, index)
            case Binary(index, "and" | "or", _, _) | Negated(index):
                return _Typed(self._condition(node), _Family.CONDITION, index)
            case Binary(index):
                return _Typed(self._comparison(node), _Family.CONDITION, index)

    def _of_type(self, expression: Expression, found: ColumnType | None, index: int, name: str) -> _Typed:
        if found is None:
            return _Typed(expression, _Family.UNKNOWN, index, name=name)
        return _Typed(expression, _FAMILIES[found.kind], index, found.kind, found.enum, name)

    def _field(self, index: int, name: str) -> _Typed:
        known = self._words.fields.get(name)
        if known is None:
            if not self._words.broken(name):
                self._add(UnknownFieldName(*self._at(index), self._words.model, name, tuple(self._words.fields)))
            return _Typed(ColumnRef(name), _Family.UNKNOWN, index)
        return self._of_type(ColumnRef(known.column), known.type, index, name)

    def _parameter(self, index: int, name: str) -> _Typed:
        self.used.add(name)
        parameters = self._words.parameters
        if parameters is None:
            self._add(ParameterOutsideScope(*self._at(index), name))
        elif name not in parameters:
            self._add(UnknownParameter(*self._at(index), name, tuple(parameters)))
        return self._of_type(Parameter(name), (parameters or {}).get(name), index, f":{name}")

    def _constant(self, index: int, value: int | Decimal | str | None) -> _Typed:
        match value:
            case None:
                return _Typed(Literal(None), _Family.NULL, index)
            case bool():
                return _Typed(Literal(value), _Family.FLAG, index)
            case str():
                return _Typed(Literal(value), _Family.TEXT, index)
            case int():
                if not -_LARGEST - 1 <= value <= _LARGEST:
                    self._wrong(index, "the number is beyond 64 bits", "no integer column holds it")
                return _Typed(Literal(value), _Family.NUMBER, index, Kind.BIGINT)
            case _:
                return _Typed(Literal(value), _Family.NUMBER, index, Kind.DECIMAL)

    def _arithmetic(self, node: Binary) -> _Typed:
        left, right = self._typed(node.left), self._typed(node.right)
        left, right = self._beside(left, right), self._beside(right, left)
        for side in (left, right):
            if side.family not in (_Family.NUMBER, _Family.UNKNOWN):
                self._wrong(side.index, f"{side.called} is no number", f'"{node.operator}" calculates with numbers')
            elif side.kind is Kind.UNSIGNED_BIGINT:
                hint = "calculate in the application, or give SQL by dialect"
                self._wrong(side.index, f"{side.called} is beyond what all databases calculate with exactly", hint)
        kinds = {left.kind, right.kind}
        if node.operator == "%" and not kinds <= INTEGERS.keys() and None not in kinds:
            self._wrong(node.index, '"%" is for whole numbers', "use integer fields")
        integer = kinds <= INTEGERS.keys() and node.operator != "/"
        kind = Kind.DOUBLE if kinds & FLOATS else Kind.BIGINT if integer else Kind.DECIMAL
        family = _Family.UNKNOWN if _Family.UNKNOWN in (left.family, right.family) else _Family.NUMBER
        return _Typed(Arithmetic(node.operator, left.expression, right.expression), family, node.index, kind)

    def _wrong(self, index: int, problem: str, hint: str) -> None:
        self._add(ExpressionType(*self._at(index), problem, hint))


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


# --- texts that mean other values ----------------------------------------------------------------------------------------


def _datetime(text: str) -> dt.datetime:
    value = dt.datetime.fromisoformat(text)
    if value.tzinfo is not None:
        raise ValueError(text)
    return value


def _timestamptz(text: str) -> dt.datetime:
    value = dt.datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError(text)
    return value


def _time(text: str) -> dt.time:
    value = dt.time.fromisoformat(text)
    if value.tzinfo is not None:
        raise ValueError(text)
    return value


_READERS: Final[Mapping[_Family, Callable[[str], LiteralValue]]] = {
    _Family.DATE: dt.date.fromisoformat,
    _Family.TIME: _time,
    _Family.DATETIME: _datetime,
    _Family.TIMESTAMPTZ: _timestamptz,
    _Family.INTERVAL: duration,
    _Family.UUID: lambda text: str(uuid.UUID(text)),
}
