"""Resolves scopes: parameters with types and defaults, condition, order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from isomorph.catalog import ColumnType, Default, Kind, Scope, ScopeParameter
from isomorph_generator.schema.errors import (
    ExpressionSyntax,
    ParameterOrder,
    SchemaError,
    UnusedParameter,
    WrongDefault,
)
from isomorph_generator.schema.expressions import Vocabulary, compiled, constant
from isomorph_generator.schema.resolve.constraints import indexed_fields
from isomorph_generator.schema.resolve.drafts import ModelDraft, Resolution
from isomorph_generator.schema.scan import Path
from isomorph_generator.schema.spec import ScopeSpec
from isomorph_generator.schema.values import checked_default

__all__ = ["resolved_scopes"]

_FROM_TEXT: Final[Mapping[Kind, Callable[[str], object]]] = {
    Kind.DATE: dt.date.fromisoformat,
    Kind.TIME: dt.time.fromisoformat,
    Kind.DATETIME: dt.datetime.fromisoformat,
    Kind.TIMESTAMPTZ: dt.datetime.fromisoformat,
}


def resolved_scopes(resolution: Resolution, model: ModelDraft, vocabulary: Vocabulary) -> tuple[Scope, ...]:
    """The scopes of a model, in the schema's order."""
    return tuple(
        _scope(resolution, model, vocabulary, name, spec, (*model.path, "scopes", name))
        for name, spec in model.spec.scopes.items()
    )


def _scope(
    resolution: Resolution, model: ModelDraft, vocabulary: Vocabulary, name: str, spec: ScopeSpec, path: Path
) -> Scope:
    report = resolution.report
    types: dict[str, ColumnType | None] = {}
    parameters: list[ScopeParameter] = []
    for parameter, parameter_spec in (spec.params or {}).items():
        found = _parameter(resolution, parameter, parameter_spec.type, (*path, "params", parameter))
        types[parameter] = found.type if found is not None else None
        if found is not None:
            if found.default is None and parameters and parameters[-1].default is not None:
                at = report.key((*path, "params", parameter))
                report.add(ParameterOrder(*at, parameter, parameters[-1].name))
            parameters.append(found)
    where, used = None, frozenset[str]()
    if spec.where is not None:
        where, used = compiled(spec.where, replace(vocabulary, parameters=types), (*path, "where"), report)
    if where is not None or spec.where is None:
        for parameter in types:
            if parameter not in used:
                report.add(UnusedParameter(*report.key((*path, "params", parameter)), parameter))
    order = indexed_fields(resolution, model, spec.order_by or (), (*path, "order_by")) or []
    return Scope(
        name=name,
        parameters=tuple(parameters),
        where=where,
        order_by=tuple((field.column, descending) for field, descending in order),
        limit=spec.limit,
        doc=spec.doc,
    )


def _parameter(resolution: Resolution, name: str, text: str, path: Path) -> ScopeParameter | None:
    """A parameter from its text, `int? = 100`; None when it is wrong, which was told."""
    report = resolution.report
    type_text, equals, default_text = text.partition("=")
    parsed = resolution.types.parsed(type_text.strip(), report.value((*path, "type")))
    if isinstance(parsed, SchemaError):
        report.add(parsed)
        return None
    if not equals:
        return ScopeParameter(name, parsed.type, parsed.nullable)
    index = len(type_text) + 1
    at = report.inside((*path, "type"), index + len(default_text) - len(default_text.lstrip()))
    found = constant(default_text)
    if found is None:
        hint = "write a number, a text in quotes, true, false or null"
        report.add(ExpressionSyntax(*at, "the default is no constant", hint))
        return ScopeParameter(name, parsed.type, parsed.nullable, Default(None))
    value: object = found[0]
    if value is None and parsed.nullable:
        return ScopeParameter(name, parsed.type, nullable=True, default=Default(None))
    if isinstance(value, str) and parsed.type.kind in _FROM_TEXT:
        value = _from_text(value, parsed.type.kind)
    default = (
        WrongDefault(*at, str(parsed.type), "a value", "null")
        if value is None
        else checked_default(value, parsed.type, resolution.enums, at)
    )
    if isinstance(default, SchemaError):
        report.add(default)
        return ScopeParameter(name, parsed.type, parsed.nullable, Default(None))
    return ScopeParameter(name, parsed.type, parsed.nullable, default)


def _from_text(text: str, kind: Kind) -> object:
    """Dates and times of a parameter are quoted, since it is a text that they stand in."""
    try:
        return _FROM_TEXT[kind](text)
    except ValueError:
        return text
