"""Resolves scopes: those of a model, of its mixins, and the macros that fit it; parameters, condition, order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from isomorph.catalog import ColumnType, Default, Expression, Kind, Scope, ScopeParameter
from isomorph_generator.schema.errors import (
    ExpressionSyntax,
    ExpressionType,
    InvalidGlobalScope,
    InvalidType,
    MacroWithoutModels,
    NameClash,
    ParameterOrder,
    RepeatedName,
    SchemaError,
    UnknownModel,
    UnusedParameter,
    WrongDefault,
)
from isomorph_generator.schema.expressions import Vocabulary, compiled, constant, fields_of
from isomorph_generator.schema.expressions.families import FAMILIES
from isomorph_generator.schema.report import Report
from isomorph_generator.schema.resolve.constraints import indexed_fields
from isomorph_generator.schema.resolve.drafts import ModelDraft, Resolution
from isomorph_generator.schema.resolve.names import check_attribute
from isomorph_generator.schema.scan import Path
from isomorph_generator.schema.spec import MacroSpec, QueryPartSpec, ScopeSpec
from isomorph_generator.schema.values import checked_default

__all__ = ["check_shared_scopes", "resolved_scopes", "scope_methods"]

_FROM_TEXT: Final[Mapping[Kind, Callable[[str], object]]] = {
    Kind.DATE: dt.date.fromisoformat,
    Kind.TIME: dt.time.fromisoformat,
    Kind.DATETIME: dt.datetime.fromisoformat,
    Kind.TIMESTAMPTZ: dt.datetime.fromisoformat,
}

_Declared = Iterator[tuple[str, QueryPartSpec, Path]]
"""Name, spec and path of scopes."""


def resolved_scopes(resolution: Resolution, model: ModelDraft, vocabulary: Vocabulary) -> tuple[Scope, ...]:
    """The scopes of a model: its own, those of its mixins and the macros that fit it, each in the schema's order."""
    found: dict[str, Scope] = {}
    paths: dict[str, Path] = {}
    for name, spec, path in _declared(resolution, model, vocabulary):
        if name in paths:
            report = resolution.report
            what, first = f"a scope of model {model.name}", report.sources.key(paths[name])
            report.add(NameClash(*report.key(path), "scope", name, what, first, "rename one of the two"))
            continue
        paths[name] = path
        if path[:2] != model.path:
            resolution.report.sources.aliases[(*model.path, "scopes", name)] = path
        found[name] = _scope(resolution, model, vocabulary, name, spec, path)
    return tuple(found.values())


def _declared(resolution: Resolution, model: ModelDraft, vocabulary: Vocabulary) -> _Declared:
    for name, spec in model.spec.scopes.items():
        yield name, spec, (*model.path, "scopes", name)
    for mixin in dict.fromkeys(model.spec.mixins):
        if mixin in resolution.spec.mixins:
            for name, spec in resolution.spec.mixins[mixin].scopes.items():
                yield name, spec, ("mixins", mixin, "scopes", name)
    for name, macro in resolution.spec.macros.items():
        if _fits(macro, model, vocabulary):
            resolution.macros_used.add(name)
            yield name, macro, ("macros", name)


def _fits(macro: MacroSpec, model: ModelDraft, vocabulary: Vocabulary) -> bool:
    """Whether a model gets a macro: it is listed, or has all the fields that the macro uses."""
    if macro.models is not None:
        return model.name in macro.models
    used = fields_of(macro.where) if macro.where is not None else frozenset[str]()
    ordered = {name.removeprefix("-") for name in macro.order_by or ()}
    # A text that cannot be read is told with the first model.
    return all(name in vocabulary.fields or model.is_broken(name) for name in used or ()) and all(
        name in vocabulary.fields or name in model.relations or model.is_broken(name) for name in ordered
    )


def check_shared_scopes(resolution: Resolution) -> None:
    """Tell macros that no model gets, models that macros cannot mean, and what is wrong with scopes of unused mixins."""
    report, models = resolution.report, resolution.models
    for name, macro in resolution.spec.macros.items():
        path: Path = ("macros", name)
        for index, model in enumerate(macro.models or ()):
            at = report.value((*path, "models", index))
            if model in (macro.models or ())[:index]:
                report.add(RepeatedName(*at, model))
            elif model not in models and not resolution.is_removed("models", model):
                report.add(UnknownModel(*at, model, tuple(models)))
        some_missing = any(gone[:1] == ("models",) for gone in resolution.removed)
        if macro.models is None and name not in resolution.macros_used and not some_missing:
            report.add(MacroWithoutModels(*report.key(path), name))
    used = {name for spec in resolution.spec.models.values() for name in spec.mixins}
    for mixin, content in resolution.spec.mixins.items():
        if mixin not in used:
            for name, spec in content.scopes.items():
                _check_alone(resolution, spec, ("mixins", mixin, "scopes", name))


def _check_alone(resolution: Resolution, spec: ScopeSpec, path: Path) -> None:
    """Judge a scope that no model has: all but the meaning of its fields."""
    report = resolution.report
    types = _parameters(resolution, spec, path)[1]
    if spec.where is not None:
        # Nobody knows its fields, so whatever it names is taken to be right.
        vocabulary = Vocabulary("", {}, resolution.enums, types, broken=lambda _name: True)
        compiled(spec.where, vocabulary, (*path, "where"), report)


def scope_methods(resolution: Resolution, model: ModelDraft, scopes: tuple[Scope, ...]) -> tuple[str, ...]:
    """Names of the methods of the query behaviour that are global scopes."""
    report, names = resolution.report, model.spec.global_scopes
    for index, name in enumerate(names):
        at = report.value((*model.path, "global_scopes", index))
        if name in names[:index]:
            report.add(RepeatedName(*at, name))
        elif any(scope.name == name for scope in scopes):
            problem, hint = f'"{name}" is a scope of the schema', "write global = true in it, and take it out here"
            report.add(InvalidGlobalScope(*at, problem, hint))
        elif check_attribute("scope", name, at, report, "query") and model.spec.query_behaviour is None:
            problem = f'"{name}" is a method of no `query_behaviour`, since {model.name} has none'
            report.add(InvalidGlobalScope(*at, problem, 'add query_behaviour = "module:Class"'))
    return tuple(names)


# --- one scope -----------------------------------------------------------------------------------------------------------


def _scope(
    resolution: Resolution, model: ModelDraft, vocabulary: Vocabulary, name: str, spec: QueryPartSpec, path: Path
) -> Scope:
    report = resolution.report
    parameters, types = _parameters(resolution, spec, path)
    where, used = None, frozenset[str]()
    if spec.where is not None:
        words = replace(vocabulary, parameters=types)
        where, used = _condition(spec.where, words, (*path, "where"), report, shared=path[:2] != model.path)
    if where is not None or spec.where is None:
        for parameter in types:
            if parameter not in used:
                report.add(UnusedParameter(*report.key((*path, "params", parameter)), parameter))
    order = indexed_fields(resolution, model, spec.order_by or (), (*path, "order_by")) or []
    is_global = isinstance(spec, ScopeSpec) and spec.global_
    if is_global:
        _check_global(report, spec, parameters, path)
    return Scope(
        name=name,
        parameters=tuple(parameters),
        where=where,
        order_by=tuple((field.column, descending) for field, descending in order),
        limit=spec.limit,
        doc=spec.doc,
        is_global=is_global,
    )


def _condition(
    text: str, vocabulary: Vocabulary, path: Path, report: Report, *, shared: bool
) -> tuple[Expression | None, frozenset[str]]:
    """The condition of a scope; of one that models share, mistakes of types say for which model."""
    if not shared:
        return compiled(text, vocabulary, path, report)
    mistakes = Report(report.sources)
    found = compiled(text, vocabulary, path, mistakes)
    for mistake in mistakes.errors:
        error = mistake
        if isinstance(error, ExpressionType):
            error = replace(error, problem=f"for {vocabulary.model}, {error.problem}")
        report.add(error)
    return found


def _check_global(report: Report, spec: QueryPartSpec, parameters: list[ScopeParameter], path: Path) -> None:
    """A global scope is a condition that needs nothing from the caller."""
    if spec.where is None:
        at = report.key((*path, "global"))
        report.add(InvalidGlobalScope(*at, "a global scope without a condition", "add `where`"))
    for key, given in (("order_by", spec.order_by), ("limit", spec.limit)):
        if given is not None:
            problem = f"a global scope is a condition, so it has no `{key}`"
            hint = "make it a scope of its own, which queries call"
            report.add(InvalidGlobalScope(*report.key((*path, key)), problem, hint))
    for parameter in parameters:
        if parameter.default is None:
            problem = f'nobody gives a global scope its parameter "{parameter.name}"'
            hint = f'add a default, such as {parameter.name} = "{parameter.type} = ..."'
            report.add(InvalidGlobalScope(*report.key((*path, "params", parameter.name)), problem, hint))


def _parameters(
    resolution: Resolution, spec: QueryPartSpec, path: Path
) -> tuple[list[ScopeParameter], dict[str, ColumnType | None]]:
    """The parameters that are right; and the types of all by name, None for a wrong one."""
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
    return parameters, types


def _parameter(resolution: Resolution, name: str, text: str, path: Path) -> ScopeParameter | None:
    """A parameter from its text, `int? = 100`; None when it is wrong, which was told."""
    report = resolution.report
    type_text, equals, default_text = text.partition("=")
    parsed = resolution.types.parsed(type_text.strip(), report.value((*path, "type")))
    if isinstance(parsed, SchemaError):
        report.add(parsed)
        return None
    if parsed.type.kind not in FAMILIES:
        at = report.value((*path, "type"))
        problem = "expressions have no values of it"
        report.add(InvalidType(*at, str(parsed.type), problem, "filter by it in a method of the `query_behaviour`"))
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
