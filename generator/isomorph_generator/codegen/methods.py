"""The methods that every model has: finders and writers, typed for its key and its fields."""

from __future__ import annotations

from dataclasses import dataclass

from isomorph.catalog import Model
from isomorph_generator.codegen.constructor import owners
from isomorph_generator.codegen.layout import Code, call, fitted, signature, tuple_of
from isomorph_generator.codegen.names import free
from isomorph_generator.codegen.text import docstring
from isomorph_generator.codegen.types import Builtins, python_type

__all__ = ["MethodView", "methods_of", "query_update", "update_of"]

_BODY = 8
_COLUMNS = "_abc.Sequence[_i.Column[_t.Any]]"
_CHANGES = "_abc.Sequence[_i.Column[_t.Any] | _i.Assignment]"


@dataclass(frozen=True, slots=True)
class MethodView:
    """A method: its signature, its docstring, its only line."""

    signature: str
    doc: str
    line: str


def _method(name: str, parameters: list[Code], returns: str, doc: str, result: Code) -> MethodView:
    return MethodView(
        signature(name, parameters, returns, 4), docstring(doc, _BODY), fitted(result, _BODY, before="return ")
    )


def methods_of(model: Model, builtin: Builtins) -> tuple[MethodView, ...]:
    """The static methods of a model."""
    return (*_finders(model, builtin), *_writers(model, builtin))


def _finders(model: Model, builtin: Builtins) -> tuple[MethodView, ...]:
    name = model.name
    keys = [model.field_of(column).name for column in model.table.primary_key]
    keys = [free(f"{key}_", keys) if key in ("cls", "self") else key for key in keys]  # no receivers of static methods
    types = [python_type(model.table.column(column).type, builtin) for column in model.table.primary_key]
    parameters: list[Code] = [f"{key}: {type_}" for key, type_ in zip(keys, types, strict=True)]
    found = call("_i.find_scoped" if model.global_scopes else "_i.find", [name, tuple_of(keys)])
    if len(keys) == 1:
        many = f"keys: _abc.Iterable[{types[0]}]"
        wanted = "((key,) for key in keys)"
    else:
        many = f"keys: _abc.Iterable[{builtin('tuple')}[{', '.join(types)}]]"
        wanted = "keys"
    return (
        _method("query", [], f"{name}Query", f"A query for all of {name}.", call("_i.query", [f"{name}Query", name])),
        _method("all", [], f"_i.Collection[{name}]", f"All of {name}.", f"{name}.query().get()"),
        _method("find", [*parameters, "/"], f"{name} | None", f"The {name} with that key, or None.", found),
        _method(
            "find_or_fail",
            [*parameters, "/"],
            name,
            f"The {name} with that key; NotFound if there is none.",
            call("_i.required", [found, name]),
        ),
        _method(
            "find_many",
            [many, "/"],
            f"_i.Collection[{name}]",
            "Those with the keys, in the order of the keys; missing ones are left out.",
            call("_i.find_many", [name, wanted]),
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
            f"{name}(**values).save()",
        ),
        _method(
            "create_from",
            [f"values: _abc.Mapping[{builtin('str')}, {builtin('object')}]", "/"],
            name,
            "Insert a row from untyped input, of which only fillable fields are taken.",
            call("_i.create_from", [name, "values"]),
        ),
        _method(
            "insert_many",
            [rows, "/"],
            f"_i.Collection[{name}]",
            "Insert rows with few statements; their keys are read back.",
            call("_i.insert_many", [name, "rows"]),
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
            call("_i.upsert", [name, "rows", "unique", "update", "where"]),
        ),
        _method(
            "first_or_create",
            [match, f"values: {given} | None = None", "/"],
            name,
            "The first row that matches, else a new one with these and further values.",
            call("_i.first_or_create", [name, "match", "values or {}"]),
        ),
        _method(
            "create_or_first",
            [match, f"values: {given} | None = None", "/"],
            name,
            "A new row, or the one that has its unique values already.",
            call("_i.create_or_first", [name, "match", "values or {}"]),
        ),
        _method(
            "update_or_create",
            [match, f"values: {name}Changes", "/"],
            name,
            "The first row that matches, changed; else a new one.",
            call("_i.update_or_create", [name, "match", "values"]),
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
        call("_i.changed", ["self", "changes"]),
    )


def query_update(model: Model, builtin: Builtins) -> MethodView:
    """The method that changes fields of all rows of a query."""
    return _method(
        "update",
        _with_changes(model, "self", "*", f"all_rows: {builtin('bool')} = False"),
        builtin("int"),
        "Set fields of all rows by one statement; without a condition, say `all_rows=True`.",
        call("self._update", ["changes", "all_rows=all_rows"]),
    )
