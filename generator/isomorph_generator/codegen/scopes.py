"""Scopes of the schema as methods of queries: their conditions as typed Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from isomorph.catalog import (
    FLOATS,
    INTEGERS,
    And,
    Arithmetic,
    Between,
    ColumnRef,
    ColumnType,
    Comparison,
    Expression,
    In,
    IsNull,
    Kind,
    Literal,
    Model,
    Not,
    Or,
    Parameter,
    Scope,
)
from isomorph_generator.codegen.layout import (
    WIDTH,
    Code,
    Group,
    call,
    fitted,
    flat,
    prefixed,
    signature,
    subscript,
    suffixed,
)
from isomorph_generator.codegen.names import free
from isomorph_generator.codegen.text import docstring, plain, sentence, string, value
from isomorph_generator.codegen.types import PYTHON_TYPES, Builtins, python_type

__all__ = ["ScopeView", "scope_of", "without_scope"]

_BODY = 8
_FLIPPED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_PYTHON = {"=": "==", "<>": "!="}
_CONSTANTS: Mapping[Kind, tuple[type, ...]] = {
    **dict.fromkeys(INTEGERS, (int,)),
    Kind.DECIMAL: (int, Decimal),
    **dict.fromkeys(FLOATS, (int, float)),
}
"""What constants the numbers of a kind are compared with; other types have constants of their own."""


@dataclass(frozen=True, slots=True)
class ScopeView:
    """A scope.

    Attributes:
        signature: of its method.
        doc: its docstring; empty when the schema says nothing.
        lines: its body.
    """

    signature: str
    doc: str
    lines: tuple[str, ...]


class _Untyped(Exception):
    """The condition cannot be said with the operators that columns have."""


@dataclass(frozen=True, slots=True)
class _Operand:
    """A value of a condition.

    Attributes:
        code: as Python.
        type: the type of a column or of a calculation; None for constants and parameters.
        nullable: whether it may be None.
        simple: whether it can be called upon without parentheses.
        constant: the value, when it is one.
    """

    code: str
    type: ColumnType | None = None
    nullable: bool = False
    simple: bool = True
    constant: Literal | None = None


@dataclass(frozen=True, slots=True)
class _Condition:
    """A condition as Python; atomic when it binds more than any operator around it."""

    code: Code
    atomic: bool = True

    @property
    def inside(self) -> Code:
        """As a part of another condition."""
        return self.code if self.atomic else suffixed(prefixed("(", self.code), ")")


def scope_of(model: Model, scope: Scope, builtin: Builtins) -> ScopeView:
    """The method of a scope."""
    parameters: list[Code] = ["self"]
    for parameter in scope.parameters:
        text = f"{parameter.name}: {python_type(parameter.type, builtin, nullable=parameter.nullable)}"
        default = parameter.default
        parameters.append(text if default is None else prefixed(f"{text} = ", value(default.value, parameter.type)))
    calls: list[Group] = []
    if scope.where is not None:
        calls.append(call("_narrowed", _Writer(model, scope).arguments()))
    if scope.order_by:
        calls.append(
            call("_arranged", [_order(model, column, descending=descending) for column, descending in scope.order_by])
        )
    if scope.limit is not None:
        calls.append(call("limit", [str(scope.limit)]))
    return ScopeView(
        signature=signature(scope.name, parameters, "_t.Self", 4),
        doc=docstring(sentence(scope.doc), _BODY) if scope.doc else "",
        lines=_chained(calls, free("found", [parameter.name for parameter in scope.parameters])),
    )


def without_scope(model: Model) -> ScopeView | None:
    """The method that takes global scopes out of a query, by names that type checkers know; None without any."""
    if not model.global_scopes:
        return None
    names = prefixed("*names: ", subscript("_t.Literal", map(string, model.global_scopes)))
    return ScopeView(
        signature=signature("without_scope", ["self", names], "_t.Self", 4),
        doc=docstring("Take out global scopes, by name.", _BODY),
        lines=("return self._without(names)",),
    )


def _chained(calls: list[Group], name: str) -> tuple[str, ...]:
    """`return self.where(...).order_by(...)`, in steps where it is too long for a line."""
    line = f"return self.{'.'.join(map(flat, calls))}" if calls else "return self"
    if _BODY + len(line) <= WIDTH or not calls:
        return (line,)
    lines: list[str] = []
    subject = "self"
    for step in calls[:-1]:
        lines.append(fitted(prefixed(f"{subject}.", step), _BODY, before=f"{name} = "))
        subject = name
    return (*lines, fitted(prefixed(f"{subject}.", calls[-1]), _BODY, before="return "))


def _order(model: Model, column: str, *, descending: bool) -> str:
    return f"{model.name}.{model.field_of(column).name}{'.desc()' if descending else ''}"


class _Writer:
    """Writes the condition of one scope."""

    def __init__(self, model: Model, scope: Scope) -> None:
        self._model = model
        self._scope = scope
        self._parameters = {parameter.name: parameter for parameter in scope.parameters}

    def arguments(self) -> list[Code]:
        """The arguments of `where`."""
        where = self._scope.where
        assert where is not None  # the caller looked
        try:
            parts = where.items if isinstance(where, And) else (where,)
            return [self._predicate(part).code for part in parts]
        except _Untyped:
            # Such as a sum of different kinds of numbers: the runtime reads the condition from the catalog.
            given = Group("{", tuple(f"{string(name)}: {name}" for name in self._parameters), "}")
            return [call("_i.condition", [self._model.name, string(self._scope.name), given])]

    # --- conditions ------------------------------------------------------------------------------------------------

    def _predicate(self, expression: Expression) -> _Condition:
        match expression:
            case Comparison():
                return self._comparison(expression)
            case And(items):
                return self._joined(items, " & ", "_i.all_of")
            case Or(items):
                return self._joined(items, " | ", "_i.any_of")
            case Not(item):
                return _Condition(prefixed("~", self._predicate(item).inside))
            case IsNull(item, negated):
                return _Condition(f"{self._column(item).code}.{'is_not_null' if negated else 'is_null'}()")
            case In(item, items, negated):
                column = self._column(item)
                values = Group("[", tuple(self._beside(part, column).code for part in items), "]")
                return _Condition(call(f"{column.code}.{'not_in' if negated else 'in_'}", [values]))
            case Between(item, low, high, negated):
                column = self._column(item)
                bounds = [self._beside(low, column).code, self._beside(high, column).code]
                return _Condition(call(f"{'~' if negated else ''}{column.code}.between", bounds))
            case _:
                raise _Untyped

    def _joined(self, items: tuple[Expression, ...], operator: str, function: str) -> _Condition:
        conditions = [self._predicate(item) for item in items]
        line = operator.join(flat(condition.inside) for condition in conditions)
        if len(line) < WIDTH - _BODY - 4:
            return _Condition(line, atomic=False)
        return _Condition(call(function, [condition.code for condition in conditions]))

    def _comparison(self, expression: Comparison) -> _Condition:
        left, right = self._operand(expression.left), self._operand(expression.right)
        operator = expression.operator
        if not self._fits(left, right):
            left, right, operator = right, left, _FLIPPED[operator]
            if not self._fits(left, right):
                raise _Untyped
        if right.constant is not None and isinstance(right.constant.value, bool):
            return _Condition(f"{left.code}.{'is_true' if right.constant.value is (operator == '=') else 'is_false'}()")
        if right.type is None and right.nullable and operator not in _PYTHON:
            raise _Untyped
        code = f"{left.code} {_PYTHON.get(operator, operator)} {self._as_type(right, left).code}"
        return _Condition(code, atomic=False)

    # --- values ----------------------------------------------------------------------------------------------------

    def _operand(self, expression: Expression) -> _Operand:
        match expression:
            case ColumnRef(name):
                column = self._model.table.column(name)
                code = f"{self._model.name}.{self._model.field_of(name).name}"
                return _Operand(code, column.type, column.nullable)
            case Parameter(name):
                parameter = self._parameters[name]
                return _Operand(name, None, parameter.nullable)
            case Literal():
                return _Operand(flat(plain(expression.value)), constant=expression)
            case Arithmetic("+" | "-" | "*" as operator, left_part, right_part):
                left, right = self._operand(left_part), self._operand(right_part)
                if not self._fits(left, right) and operator != "-":
                    left, right = right, left
                if not self._fits(left, right) or (right.type is None and right.nullable):
                    raise _Untyped
                other = _parenthesised(self._as_type(right, left))
                code = f"{_parenthesised(left)} {operator} {other}"
                return _Operand(code, left.type, left.nullable or right.nullable, simple=False)
            case _:
                raise _Untyped

    def _column(self, expression: Expression) -> _Operand:
        """What conditions are methods of."""
        operand = self._operand(expression)
        if operand.type is None:
            raise _Untyped
        return _Operand(_parenthesised(operand), operand.type, operand.nullable)

    def _beside(self, expression: Expression, column: _Operand) -> _Operand:
        """A constant or parameter as an argument."""
        operand = self._operand(expression)
        if operand.type is not None or operand.nullable or not self._fits(column, operand):
            raise _Untyped
        return self._as_type(operand, column)

    def _fits(self, left: _Operand, right: _Operand) -> bool:
        """Whether type checkers take `right` as the operand of `left`."""
        if left.type is None:
            return False
        if right.type is not None:
            mine, other = _python(left.type), _python(right.type)
            return mine == other or (mine == "_decimal.Decimal" and other == "int")
        if right.constant is None:
            return self._parameter_fits(left, right)
        return isinstance(right.constant.value, _CONSTANTS.get(left.type.kind, object))

    def _parameter_fits(self, left: _Operand, right: _Operand) -> bool:
        assert left.type is not None  # the caller looked
        parameter = self._parameters[right.code]
        mine, other = _python(left.type), _python(parameter.type)
        if parameter.nullable and not left.nullable:
            return False
        return mine == other or (mine, other) in (("_decimal.Decimal", "int"), ("float", "int"))

    def _as_type(self, operand: _Operand, column: _Operand) -> _Operand:
        """A constant as the column's type writes it."""
        assert column.type is not None  # it is a column
        if operand.constant is None:
            return operand
        return _Operand(flat(value(operand.constant.value, column.type)), constant=operand.constant)


def _python(type_: ColumnType) -> str:
    return type_.enum or PYTHON_TYPES.get(type_.kind, type_.kind.value)


def _parenthesised(operand: _Operand) -> str:
    return operand.code if operand.simple else f"({operand.code})"
