"""Conditions of the catalog as predicates: for scopes that columns' typed operators cannot say.

Owns which codec binds a constant or parameter: that of the column it stands beside, as in checks and partial indexes.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from isomorph import catalog
from isomorph.catalog import INTEGERS, ColumnType, Kind, SqlDefault
from isomorph.dialects.standard.ddl_text import has_collation
from isomorph.dialects.standard.expression_text import ExpressionWriter, Leaf
from isomorph.dialects.standard.formulas import Sql
from isomorph.sql.codecs import Bindable, Codec, codec_for, codec_of_value
from isomorph.sql.expressions import All, AnyOf, Opposite, Predicate
from isomorph.sql.writer import Writer

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition

__all__ = ["condition_of_scope"]

_MOMENTS = {
    "now": (SqlDefault.NOW, Kind.TIMESTAMPTZ),
    "current_date": (SqlDefault.CURRENT_DATE, Kind.DATE),
}


def condition_of_scope(definition: Definition, scope: str, given: Mapping[str, object]) -> Predicate:
    """The condition of a scope with its parameters filled in.

    Args:
        definition: the model.
        scope: name of the scope, which has a condition.
        given: values of the parameters.

    Raises:
        InvalidValue: a value that its parameter cannot be.
    """
    found = next(item for item in definition.model.scopes if item.name == scope)
    assert found.where is not None  # the generator calls this for scopes with a condition only
    filled = _Filled(definition, found, given)
    for parameter in found.parameters:
        filled.codec(parameter.type).compared(given[parameter.name], filled.where(parameter.name))
    return _predicate(found.where, filled)


def _predicate(expression: catalog.Expression, filled: _Filled) -> Predicate:
    match expression:
        case catalog.And(items):
            return All([_predicate(item, filled) for item in items])
        case catalog.Or(items):
            return AnyOf([_predicate(item, filled) for item in items])
        case catalog.Not(item):
            return Opposite(_predicate(item, filled))
        case _:
            return _Condition(expression, filled)


class _Filled:
    """A scope with the values of its parameters."""

    __slots__ = ("definition", "given", "scope")

    def __init__(self, definition: Definition, scope: catalog.Scope, given: Mapping[str, object]) -> None:
        self.definition, self.scope, self.given = definition, scope, given

    def where(self, parameter: str) -> str:
        """A parameter in an error."""
        return f"{self.definition.name}.{self.scope.name}({parameter}=...)"

    def codec(self, type_: ColumnType) -> Codec:
        """How values of a type travel; for enums, the codec that knows the members."""
        known = (codec for codec in self.definition.codecs if codec.type == type_)
        return next(known, None) or codec_for(type_)

    def parameter(self, name: str) -> catalog.ScopeParameter:
        return next(item for item in self.scope.parameters if item.name == name)


class _Condition(Predicate):
    """A condition of the schema, without `and`, `or` and `not` around it."""

    __slots__ = ("expression", "filled")

    def __init__(self, expression: catalog.Expression, filled: _Filled) -> None:
        self.expression, self.filled = expression, filled

    def _write(self, out: Writer) -> None:
        sql = _BoundExpression(out, self.filled).write(self.expression)
        out.parts.append(sql.text)
        out.parameters.extend(sql.values)

    def _own_reads(self) -> Sequence[str]:
        return (self.filled.definition.model.table.name,)


class _BoundExpression(ExpressionWriter):
    """An expression of a scope, its constants and parameters bound."""

    def __init__(self, out: Writer, filled: _Filled) -> None:
        super().__init__(out.dialect.ddl.formulas)
        self._out = out
        self._filled = filled
        self._table = filled.definition.model.table

    def column(self, name: str) -> Sql:
        parts = self._out.parts
        start = len(parts)
        self._out.column(self._table.name, name)
        text = "".join(parts[start:])
        del parts[start:]
        return Sql(text)

    def column_type(self, name: str) -> ColumnType:
        return self._table.column(name).type

    def has_collation(self, name: str) -> bool:
        return has_collation(self._table, self._table.column(name))

    def parameter_type(self, name: str) -> ColumnType:
        return self._filled.parameter(name).type

    def leaf(self, leaf: Leaf, beside: ColumnType | None) -> Sql:
        value, where = self._value(leaf)
        if beside is None and isinstance(leaf, catalog.Parameter):
            beside = self.parameter_type(leaf.name)
        codec = None if beside is None else self._filled.codec(beside)
        if codec is not None and isinstance(value, str):
            if codec.members is not None:
                value = codec.members.get(value, value)
            elif codec.type.kind is Kind.UUID:
                value = uuid.UUID(value)
        if codec is None or not _holds(codec, value):
            codec = codec_of_value(cast("Bindable", value), where)
        if codec is not None and value is not None:
            bind = codec.binds[self._out.name]
            value = codec.compared(value, where)
            value = value if bind is None else bind(value)
        return Sql(self._out.placeholder, (value,))

    def moment(self, function: str) -> Sql:
        ddl = self._out.dialect.ddl
        return Sql(ddl.text(ddl.sql_defaults[_MOMENTS[function]]))

    def text_of_leaf(self, leaf: Leaf, spelling: Callable[[str], str]) -> Sql:
        value, _ = self._value(leaf)
        return Sql(self._out.placeholder, (None if value is None else spelling(str(value)),))

    def _value(self, leaf: Leaf) -> tuple[object, str]:
        if isinstance(leaf, catalog.Literal):
            return leaf.value, "a constant"
        return self._filled.given[leaf.name], self._filled.where(leaf.name)


def _holds(codec: Codec, value: object) -> bool:
    """Whether a number is compared as the column's type: a fraction beside an integer keeps its own."""
    return codec.type.kind not in INTEGERS or isinstance(value, int) or value is None
