"""Checks the classes that a schema names as behaviours. They are read, never imported: they import the package to be made.

Owns what generated classes ask of the classes that they inherit from.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping

from isomorph.catalog import Model
from isomorph.names import MODEL_NAMES, QUERY_NAMES
from isomorph_generator.codegen.errors import (
    BehaviourHasMetaclass,
    BehaviourHidesName,
    BehaviourWithoutSlots,
    GlobalScopeMethod,
    MutatorMethod,
    UnknownBehaviour,
    UnknownBehaviourModule,
)
from isomorph_generator.codegen.modules import LONGEST_CHAIN, Module, Reader, base_name, is_within
from isomorph_generator.schema import Position, Project, SchemaError

__all__ = ["behaviour_mistakes"]

_METACLASSES = {
    "ABC": "ABCMeta",
    "BaseModel": "ModelMetaclass",
    "Enum": "EnumMeta",
    "Protocol": "ABCMeta",
}
"""Well-known bases that bring a metaclass."""


def behaviour_mistakes(project: Project, reader: Reader) -> Iterator[SchemaError]:
    """What is wrong with the behaviours of all models."""
    told: set[str] = set()
    for model in project.catalog.models:
        for key, text, taken in (
            ("behaviour", model.behaviour, _names_of_model(model)),
            ("query_behaviour", model.query_behaviour, _names_of_query(model)),
        ):
            if text is None:
                continue
            path = ("models", model.name, key)
            at = (project.value_at(*path), ".".join(path))
            for mistake in _mistakes(reader, text, at, taken):
                if str(mistake) not in told:  # models may share a behaviour
                    told.add(str(mistake))
                    yield mistake
        yield from _global_scope_mistakes(reader, project, model)
        yield from _mutator_mistakes(reader, project, model)


def _names_of_model(model: Model) -> dict[str, str]:
    """What the generated class defines, with a word for each."""
    names = dict.fromkeys(MODEL_NAMES, "a name of every model")
    names["__init__"] = names["__new__"] = "made for every model"
    names |= {model.slot(field): f"needed by {model.name}.{field.name}" for field in model.fields}
    names |= {field.name: f"a field of {model.name}" for field in model.fields}
    names |= {f"_{relation.name}": f"needed by {model.name}.{relation.name}" for relation in model.relations}
    return names | {relation.name: f"a relation of {model.name}" for relation in model.relations}


def _names_of_query(model: Model) -> dict[str, str]:
    names = dict.fromkeys(QUERY_NAMES, "a name of every query")
    return names | {scope.name: f"a scope of {model.name}" for scope in model.scopes}


def _mistakes(reader: Reader, text: str, at: tuple[Position, str], taken: Mapping[str, str]) -> Iterator[SchemaError]:
    module_name, _, class_name = text.partition(":")
    module = reader.module(module_name)
    if module is None:
        file = reader.root.joinpath(*module_name.split(".")).with_suffix(".py")
        yield UnknownBehaviourModule(*at, module_name, file.as_posix())
    elif isinstance(module, SchemaError):
        yield module
    elif class_name in module.classes or class_name in module.imported:
        found = reader.find(module, class_name)
        if found is not None:
            yield from _class_mistakes(reader, *found, taken)
    else:
        yield UnknownBehaviour(*at, module.shown, class_name, tuple(module.classes))


def _class_mistakes(
    reader: Reader, module: Module, node: ast.ClassDef, taken: Mapping[str, str], depth: int = 0
) -> Iterator[SchemaError]:
    """What is wrong with a class and with those of its bases that are read."""

    def at(part: ast.stmt | ast.expr) -> tuple[Position, str]:
        return Position(module.shown, part.lineno, part.col_offset + 1), node.name

    yield from _own_mistakes(node, taken, at)
    for base in node.bases:
        name = base_name(base)
        bare = name.rpartition(".")[2]
        found = reader.find(module, name)
        if found is not None and depth < LONGEST_CHAIN:
            yield from _class_mistakes(reader, *found, taken, depth + 1)
        elif found is None and bare in _METACLASSES:
            yield BehaviourHasMetaclass(*at(base), _METACLASSES[bare])


def _own_mistakes(
    node: ast.ClassDef, taken: Mapping[str, str], at: Callable[[ast.stmt | ast.expr], tuple[Position, str]]
) -> Iterator[SchemaError]:
    for keyword in node.keywords:
        if keyword.arg == "metaclass":
            yield BehaviourHasMetaclass(*at(keyword.value), base_name(keyword.value))
    defined = list(_defined(node))
    slots = [value for name, _, value in defined if name == "__slots__"]
    if not (slots and isinstance(slots[0], ast.Tuple | ast.List) and not slots[0].elts):
        yield BehaviourWithoutSlots(*at(node))
    for name, part, _ in defined:
        if name in taken:
            yield BehaviourHidesName(*at(part), name, taken[name])


def _defined(node: ast.ClassDef) -> Iterator[tuple[str, ast.stmt, ast.expr | None]]:
    """The names that a class body defines, with the statement and the value. Annotations alone define nothing."""
    for part in node.body:
        match part:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, part, None
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name):
                        yield target.id, part, value
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                yield name, part, value
            case _:
                pass


def _global_scope_mistakes(reader: Reader, project: Project, model: Model) -> Iterator[SchemaError]:
    """What is wrong with the methods that a model's `global_scopes` names."""
    module_name, _, class_name = (model.query_behaviour or "").partition(":")
    module = reader.module(module_name) if module_name else None
    found = reader.find(module, class_name) if isinstance(module, Module) else None
    if found is None:
        return  # told elsewhere, or nobody can read it
    for index, name in enumerate(model.scope_methods):
        path = ("models", model.name, "global_scopes", index)
        at = (project.value_at(*path), project.sources.shown(path))
        method, complete = _method(reader, *found, name)
        if method is None and complete:
            problem, hint = f"is no method of {class_name}", f"add def {name}(self) -> Self to it"
            yield GlobalScopeMethod(*at, name, problem, hint)
        elif method is not None and not _takes(method[1], 0):
            problem = "is not a plain method that can be called without arguments"
            hint = f"write def {name}(self) -> Self, and give further parameters defaults"
            yield GlobalScopeMethod(*at, name, problem, hint)


def _mutator_mistakes(reader: Reader, project: Project, model: Model) -> Iterator[SchemaError]:
    """What is wrong with the methods that a model's fields name as mutators."""
    module_name, _, class_name = (model.behaviour or "").partition(":")
    module = reader.module(module_name) if module_name else None
    found = reader.find(module, class_name) if isinstance(module, Module) else None
    if found is None:
        return  # told elsewhere, or nobody can read it
    for field in (field for field in model.fields if field.mutator is not None):
        name = str(field.mutator)
        path = ("models", model.name, "fields", field.name, "mutator")
        method, complete = _method(reader, *found, name)
        hint = f"def {name}(self, value: ...) -> ..., which gives what is kept"
        if method is None and complete:
            at = (project.value_at(*path), project.sources.shown(path))
            yield MutatorMethod(*at, name, f"is no method of {class_name}", f"add {hint}")
        elif method is not None and not _takes(method[1], 1):
            where, part = method
            at = (Position(where.shown, part.lineno, part.col_offset + 1), class_name)
            yield MutatorMethod(*at, name, "is not a plain method of one value", f"write {hint}")


def _method(
    reader: Reader, module: Module, node: ast.ClassDef, name: str, depth: int = 0
) -> tuple[tuple[Module, ast.stmt] | None, bool]:
    """What a class or one of its bases calls `name`, and where; and whether all of its bases could be read."""
    for defined, part, _ in _defined(node):
        if defined == name:
            return (module, part), True
    complete = True
    for base in node.bases:
        found = reader.find(module, base_name(base)) if depth < LONGEST_CHAIN else None
        if found is None:
            complete = complete and _is_generated(reader, module, base_name(base))
            continue
        method, known = _method(reader, *found, name, depth + 1)
        if method is not None:
            return method, True
        complete = complete and known
    return None, complete


def _is_generated(reader: Reader, module: Module, name: str) -> bool:
    """Whether a base comes from the generated package, whose names nobody else's method has."""
    first = name.partition(".")[0]
    return first in module.imported and is_within(module.imported[first][0], reader.package)


def _takes(method: ast.stmt, number: int) -> bool:
    """Whether it is a plain method that may be called with so many arguments."""
    if not isinstance(method, ast.FunctionDef):
        return False
    if any(base_name(item) in ("property", "staticmethod", "classmethod") for item in method.decorator_list):
        return False
    given = method.args
    most = len(given.posonlyargs) + len(given.args)
    required = most - len(given.defaults)
    fits = required <= number + 1 and (number < most or given.vararg is not None)
    return fits and required > 0 and None not in given.kw_defaults
