"""Conditions of the catalog as predicates: for scopes that columns' typed operators cannot say.

Owns which codec binds a constant or parameter: that of the column it stands beside, as in checks and partial indexes.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, assert_never, cast

from isomorph import catalog
from isomorph.catalog import INTEGERS, Kind
from isomorph.sql.calls import Arithmetic
from isomorph.sql.codecs import Bindable, Codec, codec_for, codec_of_value
from isomorph.sql.expressions import All, AnyOf, Bound, Comparison, Expression, NotNull, Null, Opposite, Predicate
from isomorph.sql.writer import Writer

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition

__all__ = ["condition_of_scope"]

_OPERATORS = {"=": " = ", "<>": " <> ", "<": " < ", "<=": " <= ", ">": " > ", ">=": " >= "}


def condition_of_scope(definition: Definition, scope: str, given: Mapping[str, object]) -> Predicate:
    """The condition of a scope with its parameters filled in.

    Args:
        definition: the model.
        scope: name of the scope, which has a condition.
        given: values of the parameters.

    Raises:
        InvalidValue: a value that what it is compared with cannot be.
    """
    found = next(item for item in definition.model.scopes if item.name == scope)
    assert found.where is not None  # the generator calls this for scopes with a condition only
    return _Reader(definition, found, given).predicate(found.where)


class _Division(Arithmetic[object]):
    """`left / right`, spelled as the dialect divides."""

    __slots__ = ("integers",)

    def __init__(
        self, left: Expression[object], right: Expression[object], codec: Codec | None, *, integers: bool
    ) -> None:
        super().__init__(left, " / ", right, codec)
        self.integers = integers

    def _write(self, out: Writer) -> None:
        if self.operator in out.dialect.sql.arithmetic_of_decimals and self._is_decimal:
            super()._write(out)
            return
        start = len(out.parts)
        self.left._write(out)
        middle = len(out.parts)
        self.right._write(out)
        left, right = "".join(out.parts[start:middle]), "".join(out.parts[middle:])
        out.parts[start:] = ["(", out.dialect.ddl.division(left, right, integers=self.integers), ")"]

    @property
    def _is_decimal(self) -> bool:
        return self.codec is not None and self.codec.type.kind is Kind.DECIMAL


class _Remainder(Arithmetic[object]):
    """`left % right`, the sign doubled where it would begin a placeholder."""

    __slots__ = ()

    def _write(self, out: Writer) -> None:
        out.parts.append("(")
        self.left._write(out)
        out.parts.append(" %% " if "%" in out.placeholder else " % ")
        self.right._write(out)
        out.parts.append(")")


class _Among(Predicate):
    """`item` among operands, any of which may be a column."""

    __slots__ = ("item", "items", "negated")

    def __init__(self, item: Expression[object], items: list[Expression[object]], *, negated: bool) -> None:
        self.item, self.items, self.negated = item, items, negated

    def _write(self, out: Writer) -> None:
        self.item._write(out)
        out.parts.append(" NOT IN (" if self.negated else " IN (")
        for number, item in enumerate(self.items):
            if number:
                out.parts.append(", ")
            item._write(out)
        out.parts.append(")")

    def _children(self) -> Sequence[Expression[object]]:
        return (self.item, *self.items)


class _Reader:
    def __init__(self, definition: Definition, scope: catalog.Scope, given: Mapping[str, object]) -> None:
        self._definition = definition
        self._scope = scope
        self._given = given

    # --- conditions ------------------------------------------------------------------------------------------------

    def predicate(self, expression: catalog.Expression) -> Predicate:
        match expression:
            case catalog.And(items):
                return All([self.predicate(item) for item in items])
            case catalog.Or(items):
                return AnyOf([self.predicate(item) for item in items])
            case catalog.Not(item):
                return Opposite(self.predicate(item))
            case catalog.Comparison(operator, left, right):
                return Comparison(self._operand(left, right), _OPERATORS[operator], self._operand(right, left))
            case catalog.IsNull(item, negated):
                operand = self._operand(item, item)
                return NotNull(operand) if negated else Null(operand)
            case catalog.In(item, items, negated):
                beside = item if self._codec(item) is not None else items[0]
                operands = [self._operand(part, item) for part in items]
                return _Among(self._operand(item, beside), operands, negated=negated)
            case catalog.Between(item, low, high, negated):
                operand = self._operand(item, low)
                least = Comparison(operand, " >= ", self._operand(low, item))
                most = Comparison(operand, " <= ", self._operand(high, item))
                return Opposite(All((least, most))) if negated else All((least, most))
            case catalog.ColumnRef() | catalog.Literal() | catalog.Parameter() | catalog.Arithmetic():
                raise AssertionError("the schema's checker lets only conditions through")
            case _:
                assert_never(expression)

    # --- values ----------------------------------------------------------------------------------------------------

    def _operand(self, expression: catalog.Expression, beside: catalog.Expression) -> Expression[object]:
        """A value; a constant or parameter is bound as what it stands beside."""
        match expression:
            case catalog.ColumnRef(name):
                return self._definition.columns[self._definition.model.field_of(name).name]
            case catalog.Literal(value):
                return self._bound(value, self._codec(beside), "a constant")
            case catalog.Parameter(name):
                known = self._codec(beside) or self._parameter_codec(name)
                return self._bound(self._given[name], known, f"{self._definition.name}.{self._scope.name}({name}=...)")
            case catalog.Arithmetic(operator, left, right):
                first, second = self._operand(left, right), self._operand(right, left)
                codec = self._codec(left) or self._codec(right)
                if operator == "/":
                    integers = self._is_integer(left) and self._is_integer(right)
                    return _Division(first, second, codec, integers=integers)
                if operator == "%":
                    return _Remainder(first, operator, second, codec)
                return Arithmetic(first, f" {operator} ", second, codec)
            case _:
                return self.predicate(expression)

    def _bound(self, value: object, beside: Codec | None, where: str) -> Expression[object]:
        codec = beside
        if codec is not None and isinstance(value, str):
            if codec.members is not None:
                value = codec.members.get(value, value)
            elif codec.type.kind is Kind.UUID:
                value = uuid.UUID(value)
        if codec is None or not _holds(codec, value):
            codec = codec_of_value(cast("Bindable", value), where)
        return Bound(value if codec is None else codec.compared(value, where), codec)

    def _codec(self, expression: catalog.Expression) -> Codec | None:
        """How the values of an operand travel; None for constants and parameters."""
        match expression:
            case catalog.ColumnRef(name):
                return self._definition.columns[self._definition.model.field_of(name).name].codec
            case catalog.Arithmetic(_, left, right):
                return self._codec(left) or self._codec(right)
            case _:
                return None

    def _parameter_codec(self, name: str) -> Codec:
        found = next(item for item in self._scope.parameters if item.name == name)
        known = (codec for codec in self._definition.codecs if codec.type == found.type)
        return next(known, codec_for(found.type))

    def _is_integer(self, expression: catalog.Expression) -> bool:
        match expression:
            case catalog.Literal(value):
                return isinstance(value, int) and not isinstance(value, bool)
            case catalog.Parameter(name):
                return self._parameter_codec(name).type.kind in INTEGERS
            case catalog.Arithmetic(_, left, right):
                return self._is_integer(left) and self._is_integer(right)
            case _:
                codec = self._codec(expression)
                return codec is not None and codec.type.kind in INTEGERS


def _holds(codec: Codec, value: object) -> bool:
    """Whether a number is compared as the column's type: a fraction beside an integer keeps its own."""
    return codec.type.kind not in INTEGERS or isinstance(value, int) or value is None
