"""The view of a model's module. Owns what stands in it, and how each part of a model is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from isomorph import dialects
from isomorph.catalog import Column, Field, Kind, Model
from isomorph.sql.statics import statements_of
from isomorph_generator.codegen.casts import cast_imports
from isomorph_generator.codegen.constructor import (
    ConstructorView,
    constructor_of,
    owners,
    relation_type,
    targets_of,
)
from isomorph_generator.codegen.context import Context
from isomorph_generator.codegen.given import Given, given_of
from isomorph_generator.codegen.imports import Imports, imports_for
from isomorph_generator.codegen.layout import Code, Group, call, fitted, subscript, tuple_of
from isomorph_generator.codegen.literals import literal
from isomorph_generator.codegen.loaders import LoaderView, loaders_of, loads_of, readers_of
from isomorph_generator.codegen.methods import FinderView, MethodView, finders_of, methods_of, query_update, update_of
from isomorph_generator.codegen.names import enum_members, natural, relation_class, type_variables
from isomorph_generator.codegen.neighbours import Neighbours
from isomorph_generator.codegen.related import RelatedView, related_class, related_of
from isomorph_generator.codegen.relations import (
    WHATEVER,
    RelationsView,
    included_variables,
    member_variables,
    related_variables,
    relations_of,
)
from isomorph_generator.codegen.scopes import ScopeView, scope_of, without_scope
from isomorph_generator.codegen.text import docstring, sentence, string
from isomorph_generator.codegen.types import Builtins, column_class, python_type

__all__ = ["Entry", "ModelView", "StatementsView", "column_entries", "model_view"]


_BEHAVIOUR = "_Behaviour"
_QUERY_BEHAVIOUR = "_QueryBehaviour"
"""What modules call the classes that the schema names as behaviours."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`name: type`, with a docstring below it when there is one."""

    name: str
    type: str
    doc: str = ""


@dataclass(frozen=True, slots=True)
class StatementsView:
    """The static SQL of a dialect, as string literals."""

    dialect: str
    select: str
    find: str
    insert: str
    delete: str


@dataclass(frozen=True, slots=True)
class ModelView:
    """A module of `models/`.

    Attributes:
        name: the model.
        module_doc: docstring of the module.
        imports: what it imports.
        variables: definitions of its type parameters, one for each relation.
        keys: `<Model>Values` and its like.
        changes: keys of `<Model>Changes`.
        given_head: the `class` line of changes with related objects.
        given: its further keys; none where there are no related objects to give.
        literal: the model's part of the catalog.
        constants: further constants for the interpreter, one line each.
        statements: static SQL by dialect.
        enums: the keyword that gives the definition its enums; empty without.
        casts: the keyword that gives it its casts; empty without.
        class_head: the `class` line of the model.
        doc: docstring of the model.
        columns: class attributes of its fields, and the slots of those that are properties.
        slots: its `__slots__`.
        constructor: its constructor.
        static: the decorator of static methods.
        property: that of properties, without the `@`.
        methods: finders and writers, for type checkers.
        finders: those that take a key, for the interpreter.
        update: the method that changes fields and saves.
        loaders: functions from rows to objects.
        returns: the annotation of what a loader returns.
        query_head: the `class` line of the query.
        scopes: methods of the query from scopes, and the one that takes global ones out.
        query_update: the query's update.
        relations: the types of relations.
        related: the types of operations on them.
    """

    name: str
    module_doc: str
    imports: Imports
    variables: tuple[str, ...]
    keys: Given
    changes: tuple[Entry, ...]
    given_head: str
    given: tuple[Entry, ...]
    literal: str
    constants: tuple[str, ...]
    statements: tuple[StatementsView, ...]
    enums: str
    casts: str
    class_head: str
    doc: str
    columns: tuple[Entry, ...]
    slots: str
    constructor: ConstructorView
    static: str
    property: str
    methods: tuple[MethodView, ...]
    finders: tuple[FinderView, ...]
    update: MethodView
    loaders: tuple[LoaderView, ...]
    returns: str
    query_head: str
    scopes: tuple[ScopeView, ...]
    query_update: MethodView
    relations: RelationsView
    related: RelatedView


def model_view(model: Model, context: Context) -> ModelView:
    """The view of a model's module."""
    dialect_names = context.dialects
    private = list(_private_names(model, context))
    neighbours = Neighbours(model.name, context, _known(model), private)
    classes = neighbours.classes
    builtin = Builtins.beside([*(field.name for field in model.fields), *(item.name for item in model.relations)])
    query_builtin = Builtins.beside(scope.name for scope in model.scopes)
    variables = type_variables(relation.name for relation in model.relations)
    parameters = tuple(variables.values())
    view = ModelView(
        name=model.name,
        module_doc=docstring(sentence(f"{model.name}: {model.doc}" if model.doc else f"The model {model.name}."), 0),
        imports=Imports(),
        variables=tuple(_variable(name) for name in parameters),
        keys=given_of(model, classes, builtin, context, private),
        changes=tuple(_changes(model, builtin)),
        given_head=fitted(call(f"class {model.name}Given", [f"{model.name}Changes", "total=False"]), after=":"),
        given=tuple(Entry(relation.name, relation_type(relation, classes)) for relation in owners(model)),
        literal=fitted(literal(model), 4, before="_MODEL = "),
        constants=(*_members(model), *loads_of(model, dialect_names), *readers_of(model, dialect_names)),
        statements=tuple(_statements(model, name) for name in dialect_names),
        enums=_enums(model),
        casts="casts=_CASTS," if any(column.type.cast is not None for column in model.table.columns) else "",
        class_head=_class_head(model, parameters),
        doc=docstring(sentence(model.doc) if model.doc else f"A row of {model.table.name}.", 4),
        columns=(*column_entries(model, builtin), *_slot_entries(model, builtin)),
        slots=_slots(model),
        constructor=constructor_of(model, classes, builtin),
        static=f"@{builtin('staticmethod')}",
        property=f"{builtin('property')}",
        methods=methods_of(model, builtin),
        finders=finders_of(model, builtin),
        update=update_of(model),
        loaders=loaders_of(model, dialect_names),
        returns=f"{builtin('list')}[{model.name}]",
        query_head=_query_head(model, parameters),
        scopes=tuple(_scopes(model, query_builtin)),
        query_update=query_update(model, query_builtin),
        relations=relations_of(model, parameters, context, neighbours),
        related=related_of(model, context, neighbours),
    )
    typing = neighbours.imports()
    running = ["from ..database import db as _db"]
    application = (*_behaviour_imports(model), *cast_imports(model.table.columns))
    return replace(
        view, imports=imports_for(view, ("_c", "_i", "_r", "_t", "_abc"), application, typing=typing, running=running)
    )


def _written(model: Model) -> Iterator[tuple[Field, Column]]:
    """The fields that the application sets."""
    computed = model.computed
    for field, column in zip(model.fields, model.table.columns, strict=True):
        if not field.private and field.name not in computed:
            yield field, column


def _known(model: Model) -> Iterator[str]:
    """The models that the types of a model name."""
    for relation in model.relations:
        yield from targets_of(relation)
        if relation.pivot is not None and relation.pivot.model is not None:
            yield relation.pivot.model


def _private_names(model: Model, context: Context) -> Iterator[str]:
    """Names with an underscore and a capital letter that stand in the module of a model."""
    yield from ("_MODEL", f"_{model.name}Meta", related_class(model.name), WHATEVER, _BEHAVIOUR, _QUERY_BEHAVIOUR)
    yield from type_variables(relation.name for relation in model.relations).values()
    yield from included_variables(model)
    yield from member_variables(model, context)
    for relation in model.relations:
        yield relation_class(model.name, relation.name)
    yield from related_variables(model).values()
    yield from map(enum_members, _used_enums(model))


def _variable(name: str) -> str:
    items = [string(name), "default=_i.NotIncluded", "covariant=True"]
    return fitted(call("_i.TypeVar", items), before=f"{name} = ")


def _changes(model: Model, builtin: Builtins) -> Iterator[Entry]:
    for field, column in _written(model):
        yield Entry(field.name, python_type(column.type, builtin, nullable=column.nullable))


def column_entries(model: Model, builtin: Builtins) -> Iterator[Entry]:
    """The fields of a model as class attributes, private ones included."""
    computed = model.computed
    for field, column in zip(model.fields, model.table.columns, strict=True):
        type_ = column_class(column, builtin)
        if field.name in computed:
            value = python_type(column.type, builtin, nullable=column.nullable, json="_i.JsonValue")
            type_ = subscript("_i.ReadOnly", [type_, value])
        name = f"{field.name}: "
        written = fitted(type_, 8, before=name).removeprefix(name)
        yield Entry(field.name, written, docstring(sentence(field.doc), 8) if field.doc else "")


def _slot_entries(model: Model, builtin: Builtins) -> Iterator[Entry]:
    """The slots behind fields that are properties."""
    for field, column in zip(model.fields, model.table.columns, strict=True):
        if model.slot(field) != field.name:
            type_ = python_type(column.type, builtin, nullable=column.nullable, json="_i.JsonValue")
            yield Entry(model.slot(field), type_)


def _scopes(model: Model, builtin: Builtins) -> Iterator[ScopeView]:
    for scope in model.scopes:
        yield scope_of(model, scope, builtin)
    without = without_scope(model)
    if without is not None:
        yield without


def _used_enums(model: Model) -> list[str]:
    return sorted({column.type.named_enum for column in model.table.columns if column.type.named_enum is not None})


def _members(model: Model) -> Iterator[str]:
    for name in sorted({column.type.enum or "" for column in model.table.columns if column.type.kind is Kind.ENUM}):
        yield fitted(call("_r.members", [f"_enums.{name}"]), 4, before=f"{enum_members(name)} = ")


def _enums(model: Model) -> str:
    items = tuple(f"{string(name)}: _enums.{name}" for name in _used_enums(model))
    return fitted(Group("enums={", items, "}"), 12, after=",") if items else ""


def _statements(model: Model, dialect: str) -> StatementsView:
    made = statements_of(model, dialects.get(dialect))
    return StatementsView(dialect, string(made.select), string(made.find), string(made.insert), string(made.delete))


def _class_head(model: Model, parameters: Sequence[str]) -> str:
    bases: list[Code] = [] if model.behaviour is None else [_BEHAVIOUR]
    bases.append("_i.Model")
    if parameters:
        bases.append(subscript("_t.Generic", parameters))
    return fitted(call(f"class {model.name}", [*bases, f"metaclass=_{model.name}Meta"]), after=":")


def _query_head(model: Model, parameters: Sequence[str]) -> str:
    bases: list[Code] = [] if model.query_behaviour is None else [_QUERY_BEHAVIOUR]
    bases.append(subscript("_i.Query", [subscript(model.name, parameters)]))
    if parameters:
        bases.append(subscript("_t.Generic", parameters))
    return fitted(call(f"class {model.name}Query", bases), after=":")


def _slots(model: Model) -> str:
    names = [model.slot(field) for field in model.fields] + [f"_{relation.name}" for relation in model.relations]
    return fitted(tuple_of(map(string, sorted(names, key=natural))), 8, before="__slots__ = ")


def _behaviour_imports(model: Model) -> Iterator[str]:
    for behaviour, alias in ((model.behaviour, _BEHAVIOUR), (model.query_behaviour, _QUERY_BEHAVIOUR)):
        if behaviour is not None:
            module, _, name = behaviour.partition(":")
            yield f"from {module} import {name} as {alias}"
