"""The classes that a schema names as casts and as types of attributes: how modules import them, and what is wrong with them.

They are read, never imported. Owns what a cast class needs: `to_database`, `from_database`, and no arguments to be made.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from importlib.util import find_spec

from isomorph.catalog import Cast, Column
from isomorph_generator.codegen.errors import UnknownBehaviour, UnknownBehaviourModule
from isomorph_generator.codegen.modules import LONGEST_CHAIN, Module, Reader, base_name
from isomorph_generator.codegen.names import class_alias
from isomorph_generator.schema import Position, Project, SchemaError
from isomorph_generator.schema.errors import InvalidCast

__all__ = ["cast_imports", "cast_mistakes", "type_imports"]

_METHODS = ("to_database", "from_database")


# --- imports ---------------------------------------------------------------------------------------------------------


def _import(path: str) -> str:
    module, _, name = path.partition(":")
    return f"from {module} import {name} as {class_alias(path)}"


def type_imports(columns: Iterable[Column]) -> list[str]:
    """What a module imports that annotates attributes of these columns."""
    casts = [column.type.cast for column in columns if column.type.cast is not None]
    return sorted({_import(cast.python) for cast in casts if ":" in cast.python})


def cast_imports(columns: Iterable[Column]) -> list[str]:
    """What a module imports that makes the casts of these columns, too."""
    known = list(columns)
    casts = [column.type.cast for column in known if column.type.cast is not None]
    return sorted({*type_imports(known), *(_import(cast.target) for cast in casts)})


# --- mistakes --------------------------------------------------------------------------------------------------------


def cast_mistakes(project: Project, reader: Reader) -> Iterator[SchemaError]:
    """What is wrong with the casts of all fields."""
    told: set[str] = set()
    for model in project.catalog.models:
        for field, column in zip(model.fields, model.table.columns, strict=True):
            path = ("models", model.name, "fields", field.name)
            if column.type.cast is None:
                continue
            for mistake in _mistakes(reader, project, column.type.cast, path):
                if str(mistake) not in told:  # fields may share a cast
                    told.add(str(mistake))
                    yield mistake


def _mistakes(reader: Reader, project: Project, cast: Cast, path: tuple[str, ...]) -> Iterator[SchemaError]:
    at = (project.value_at(*path, "cast"), ".".join((*path, "cast")))
    found = _class(reader, cast.target, at)
    if isinstance(found, SchemaError):
        yield found
    elif found is not None and cast.is_document:
        yield from _model_mistakes(reader, *found, at)
    elif found is not None:
        yield from _cast_mistakes(reader, *found)
    if ":" in cast.python and not cast.is_document:
        at = (project.value_at(*path, "python"), ".".join((*path, "python")))
        of_type = _class(reader, cast.python, at, is_type=True)
        if isinstance(of_type, SchemaError):
            yield of_type


def _class(
    reader: Reader, path: str, at: tuple[Position, str], *, is_type: bool = False
) -> tuple[Module, ast.ClassDef] | SchemaError | None:
    """The class of a path; None where it is not in the project's folder, or is a type but no class."""
    module_name, _, name = path.partition(":")
    module = reader.module(module_name)
    if module is None:
        # Only the first part is looked up: that imports nothing.
        if find_spec(module_name.partition(".")[0]) is not None and not _is_of_project(reader, module_name):
            return None
        file = reader.root.joinpath(*module_name.split(".")).with_suffix(".py")
        return UnknownBehaviourModule(*at, module_name, file.as_posix())
    if isinstance(module, SchemaError):
        return module
    if name in module.classes or name in module.imported or (is_type and name in module.names):
        return reader.find(module, name)
    return UnknownBehaviour(*at, module.shown, name, tuple(module.classes))


def _is_of_project(reader: Reader, module: str) -> bool:
    """Whether the folder of the schema has the package that a module would be in."""
    first = reader.root / module.partition(".")[0]
    return first.is_dir() or first.with_suffix(".py").is_file()


def _cast_mistakes(reader: Reader, module: Module, node: ast.ClassDef) -> Iterator[SchemaError]:
    """What a cast class lacks, unless a base that cannot be read has it."""
    methods, complete = _methods(reader, module, node)
    at = (Position(module.shown, node.lineno, node.col_offset + 1), node.name)
    for name in _METHODS:
        if name not in methods and complete:
            yield InvalidCast(*at, f"a cast class needs the method {name}", f"add def {name}(self, value) to it")
    made = methods.get("__init__")
    if made is not None and _is_given_arguments(made):
        yield InvalidCast(*at, "a cast class is made without arguments", "give those of its __init__ defaults")


def _methods(
    reader: Reader, module: Module, node: ast.ClassDef, depth: int = 0
) -> tuple[dict[str, ast.FunctionDef], bool]:
    """The methods of a class and its bases by name; and whether all of its bases could be read."""
    methods: dict[str, ast.FunctionDef] = {}
    complete = True
    for base in reversed(node.bases):
        found = reader.find(module, base_name(base))
        if found is None:
            complete = complete and base_name(base).rpartition(".")[2] in ("Cast", "Generic", "Protocol", "object")
        elif depth < LONGEST_CHAIN:
            inherited, known = _methods(reader, *found, depth + 1)
            methods |= inherited
            complete = complete and known
    methods |= {part.name: part for part in node.body if isinstance(part, ast.FunctionDef)}
    return methods, complete


def _is_given_arguments(method: ast.FunctionDef) -> bool:
    given = method.args
    required = len(given.posonlyargs) + len(given.args) - len(given.defaults)
    return required > 1 or None in given.kw_defaults


def _model_mistakes(
    reader: Reader, module: Module, node: ast.ClassDef, at: tuple[Position, str]
) -> Iterator[SchemaError]:
    if not _may_be_model(reader, module, node):
        yield InvalidCast(
            *at,
            f"{node.name} is no pydantic model, and what a cast class gives is not known",
            'inherit from pydantic.BaseModel, or add python = "app.money:Money"',
        )


def _may_be_model(reader: Reader, module: Module, node: ast.ClassDef, depth: int = 0) -> bool:
    """Whether a class is a pydantic model, as far as its bases can be read."""
    for base in node.bases:
        name = base_name(base).rpartition(".")[2]
        found = reader.find(module, base_name(base))
        if found is None and name not in ("Cast", "Generic", "Protocol", "object", "Enum", "StrEnum"):
            return True
        if found is not None and depth < LONGEST_CHAIN and _may_be_model(reader, *found, depth + 1):
            return True
    return False
