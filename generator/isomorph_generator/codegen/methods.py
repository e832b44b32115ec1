"""The methods that every model has: finders and writers, typed for its key and its fields."""

from __future__ import annotations

from dataclasses import dataclass

from isomorph.catalog import Model
from isomorph_generator.codegen.constructor import owners
from isomorph_generator.codegen.layout import Code, call, fitted, signature, tuple_of
from isomorph_generator.codegen.names import free
from isomorph_generator.codegen.text import docstring
from isomorph_generator.codegen.types import Builtins, python_type

__all__ = ["FinderView", "MethodView", "finders_of", "methods_of", "query_update", "update_of"]

_INDENT = 8
_COLUMNS = "_abc.Sequence[_i.Column[_t.Any]]"
_CHANGES = "_abc.Sequence[_i.Column[_t.Any] | _i.Assignment]"


@dataclass(frozen=True, slots=True)
class MethodView:
    """A method: its signature, its docstring. What it does is the same for all models, and stands in their base."""

    signature: str
    doc: str


@dataclass(frozen=True, slots=True)
class FinderView:
    """A method that takes a key, as the interpreter sees it: its first line, and what it returns."""

    head: str
    result: str


def finders_of(model: Model, builtin: Builtins) -> tuple[FinderView, ...]:
    """The methods that take a key."""
    found: list[FinderView] = []
    for name, returns in (("find", f"{model.name} | None"), ("find_or_fail", model.name)):
        result = call(f"_r.{name}", [model.name, tuple_of(_keys(model))])
        found.append(
            FinderView(
                signature(name, [*_key_parameters(model, builtin), "/"], returns, _INDENT),
                fitted(result, _INDENT + 4, before="return "),
            )
        )
    return tuple(found)


def _key_types(model: Model, builtin: Builtins) -> list[str]:
    return [python_type(model.table.column(column).type, builtin) for column in model.table.primary_key]


def _key_parameters(model: Model, builtin: Builtins) -> list[Code]:
    return [f"{key}: {type_}" for key, type_ in zip(_keys(model), _key_types(model, builtin), strict=True)]


def _keys(model: Model) -> list[str]:
    """What the parts of a key are called as parameters."""
    keys = [model.field_of(column).name for column in model.table.primary_key]
    return [free(f"{key}_", keys) if key in ("cls", "self") else key for key in keys]  # no receivers of static methods


def _method(name: str, parameters: list[Code], returns: str, doc: str) -> MethodView:
    return MethodView(signature(name, parameters, returns, _INDENT), docstring(doc, _INDENT + 4))


def methods_of(model: Model, builtin: Builtins) -> tuple[MethodView, ...]:
    """The static methods of a model."""
    return (*_finders(model, builtin), *_writers(model, builtin))


def _finders(model: Model, builtin: Builtins) -> tuple[MethodView, ...]:
    name = model.name
    types, parameters = _key_types(model, builtin), _key_parameters(model, builtin)
    if len(types) == 1:
        many = f"keys: _abc.Iterable[{types[0]}]"
    else:
        many = f"keys: _abc.Iterable[{builtin('tuple')}[{', '.join(types)}]]"
    return (
        _method("query", [], f"{name}Query", f"A query for all of {name}."),
        _method("all", [], f"_i.Collection[{name}]", f"All of {name}."),
        _method("find", [*parameters, "/"], f"{name} | None", f"The {name} with that key, or None."),
        _method(
            "find_or_fail",
            [*parameters, "/"],
            name,
            f"The {name} with that key; NotFound if there is none.",
        ),
        _method(
            "find_many",
            [many, "/"],
            f"_i.Collection[{name}]",
            "Those with the keys, in the order of the keys; missing ones are left out.",
        ),
    )


def _writers(model: Model, builtin: Builtins) -> tuple[MethodView, ...]:
    name = model.name
    rows = f"rows: _abc.Iterable[{name}Values]"
    match = f"match: {name}Changes"
    given = f"{name}Given" if owners(model) else f"{name}Changes"
    return (
        _method(
            "create",
            [f"**values: _t.Unpack[{name}Values]"],
            name,
            f"Insert a new {name}.",
        ),
        _method(
            "create_from",
            [f"values: _abc.Mapping[{builtin('str')}, {builtin('object')}]", "/"],
            name,
            "Insert a row from untyped input, of which only fillable fields are taken.",
        ),
        _method(
            "insert_many",
            [rows, "/"],
            f"_i.Collection[{name}]",
            "Insert rows with few statements; their keys are read back.",
        ),
        _method(
            "upsert",
            [
                rows,
                "/",
                "*",
                f"unique: {_COLUMNS}",
                f"update: {_CHANGES} | None = None",
                "where: _i.Predicate | None = None",
            ],
            f"_i.Collection[{name}]",
            "Insert rows; where the unique columns exist already, update the others, or those given.",
        ),
        _method(
            "first_or_create",
            [match, f"values: {given} | None = None", "/"],
            name,
            "The first row that matches, else a new one with these and further values.",
        ),
        _method(
            "create_or_first",
            [match, f"values: {given} | None = None", "/"],
            name,
            "A new row, or the one that has its unique values already.",
        ),
        _method(
            "update_or_create",
            [match, f"values: {name}Changes", "/"],
            name,
            "The first row that matches, changed; else a new one.",
        ),
    )


def _with_changes(model: Model, receiver: str, *others: str) -> list[Code]:
    # A field may be called as the receiver, which then must not be a keyword.
    hidden = ["/"] if any(field.name == receiver for field in model.fields) else []
    return [receiver, *hidden, *others, f"**changes: _t.Unpack[{model.name}Changes]"]


def update_of(model: Model) -> MethodView:
    """The method that changes fields of an object and saves it."""
    return _method(
        "update",
        _with_changes(model, "self"),
        "_t.Self",
        "Set fields and save.",
    )


def query_update(model: Model, builtin: Builtins) -> MethodView:
    """The method that changes fields of all rows of a query."""
    return _method(
        "update",
        _with_changes(model, "self", "*", f"all_rows: {builtin('bool')} = False"),
        builtin("int"),
        "Set fields of all rows by one statement; without a condition, say `all_rows=True`.",
    )
