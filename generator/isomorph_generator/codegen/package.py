"""The views of the modules that stand for the whole schema: `__init__`, `database`, `enums`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import cast

from isomorph.catalog import Catalog, Enum
from isomorph.connections.settings import ConnectionSettings, Env, PoolSettings
from isomorph.orm.database import PROTOCOL
from isomorph_generator.codegen.imports import Imports, imports_for, wrapped
from isomorph_generator.codegen.inputs import input_names
from isomorph_generator.codegen.layout import Code, call, fitted, prefixed, tuple_of
from isomorph_generator.codegen.literals import literal
from isomorph_generator.codegen.names import natural
from isomorph_generator.codegen.text import docstring, plain, sentence, string
from isomorph_generator.schema import Project
from isomorph_generator.schema.naming import enum_member_name

__all__ = [
    "DatabaseView",
    "EnumView",
    "EnumsView",
    "Export",
    "FolderView",
    "PackageView",
    "database_view",
    "enums_view",
    "exports",
    "package_view",
]


@dataclass(frozen=True, slots=True)
class Export:
    """A name of the package and the module it comes from."""

    name: str
    module: str


@dataclass(frozen=True, slots=True)
class PackageView:
    """`__init__.py`.

    Attributes:
        imports: lines that type checkers read.
        names: what it exports, sorted.
    """

    imports: tuple[str, ...]
    names: tuple[Export, ...]


@dataclass(frozen=True, slots=True)
class FolderView:
    """The `__init__.py` of a folder of modules."""

    doc: str


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an enum."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class EnumView:
    """An enum."""

    name: str
    doc: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class EnumsView:
    """`enums.py`."""

    enums: tuple[EnumView, ...]


@dataclass(frozen=True, slots=True)
class DatabaseView:
    """`database.py`.

    Attributes:
        imports: what it imports.
        protocol: what the package and the runtime agree on.
        package: name of the package, as a literal.
        depth: how many folders above the module's own the folder of the schema is.
        connections: items of the mapping of connections.
        models: items of the mapping from models to modules.
        enums: the keyword with the enums; empty without.
        pivots: the keyword with the pivot tables; empty without.
        cursor_key: the keyword with the key of cursors; empty without.
        encryption_keys: the keyword with the keys of encrypted fields; empty without.
        lazy_loading: the keyword with the way in which relations are loaded that were not included; empty for the strict one.
    """

    imports: Imports
    protocol: int
    package: str
    depth: int
    connections: tuple[str, ...]
    models: tuple[str, ...]
    enums: str
    pivots: str
    cursor_key: str
    encryption_keys: str
    lazy_loading: str


def exports(project: Project) -> Iterator[Export]:
    """The names of the package but for those of its morph relations, which give way to them."""
    yield Export("db", ".database")
    for enum in project.catalog.enums:
        yield Export(enum.name, ".enums")
    for mixin in project.mixins:
        yield Export(mixin.name, ".mixins")
    for model in project.catalog.models:
        for suffix in ("", "Changes", "Query", "Values"):
            yield Export(f"{model.name}{suffix}", f".models.{model.module}")
        for name in input_names(model):
            yield Export(name, f".inputs.{model.module}")


def package_view(names: Iterable[Export]) -> PackageView:
    """The view of the package itself."""
    found = sorted(names, key=lambda export: export.name)
    by_module = sorted(found, key=lambda export: (natural(export.module), natural(export.name)))
    return PackageView(tuple(map(_import, by_module)), tuple(found))


def _import(export: Export) -> str:
    return wrapped(f"from {export.module} import {export.name} as {export.name}")


def enums_view(catalog: Catalog) -> EnumsView:
    """The view of all enums."""
    return EnumsView(tuple(map(_enum, catalog.enums)))


def _enum(enum: Enum) -> EnumView:
    return EnumView(
        enum.name,
        docstring(sentence(enum.doc) if enum.doc else f"The enum {enum.name}.", 4),
        tuple(Member(enum_member_name(text), string(text)) for text in enum.values),
    )


def database_view(project: Project) -> DatabaseView:
    """The view of the module that makes `db`."""
    catalog = project.catalog
    enums = prefixed("enums=", tuple_of(map(literal, catalog.enums)))
    pivots = prefixed("pivots=", tuple_of(map(literal, catalog.pivots)))
    view = DatabaseView(
        imports=Imports(),
        protocol=PROTOCOL,
        package=string(project.package),
        depth=project.package.count(".") + 1,
        connections=tuple(_connections(project.connections)),
        models=tuple(f"{string(model.name)}: {string(model.module)}," for model in catalog.models),
        enums=fitted(enums, 8, after=",") if catalog.enums else "",
        pivots=fitted(pivots, 8, after=",") if catalog.pivots else "",
        cursor_key=fitted(prefixed("cursor_key=", _settings(project.cursor_key)), 8, after=",")
        if project.cursor_key is not None
        else "",
        encryption_keys=fitted(prefixed("encryption_keys=", _settings(project.encryption_keys)), 8, after=",")
        if project.encryption_keys
        else "",
        lazy_loading="" if project.lazy_loading == "strict" else f"lazy_loading={string(project.lazy_loading)},",
    )
    return replace(view, imports=imports_for(view, ("_i", "_pathlib", "_r", "_t")))


def _connections(connections: Mapping[str, ConnectionSettings]) -> Iterator[str]:
    for name, settings in connections.items():
        yield fitted(prefixed(f"{string(name)}: ", _settings(settings)), 12, after=",")


def _settings(value: object) -> Code:
    """Settings as code; what is at its default is left out."""
    match value:
        case Env(name, default):
            return call("_r.Env", [string(name)] if default is None else [string(name), string(default)])
        case ConnectionSettings() | PoolSettings():
            standard = type(value)()
            given = [
                prefixed(f"{field.name}=", _settings(getattr(value, field.name)))
                for field in fields(value)
                if getattr(value, field.name) != getattr(standard, field.name)
            ]
            return call(f"_r.{type(value).__name__}", given)
        case tuple():
            return tuple_of(map(_settings, cast("tuple[object, ...]", value)))
        case _:
            return plain(value)
