"""Modules of the application, read with `ast` and never imported: they import the package that is about to be made."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from isomorph_generator.codegen.errors import BehaviourSyntax
from isomorph_generator.schema import Position, SchemaError

__all__ = ["LONGEST_CHAIN", "Module", "Reader", "base_name", "is_within"]

LONGEST_CHAIN = 20
"""Re-exports and bases that a class is followed through; more is a circle."""


@dataclass(frozen=True, slots=True)
class Module:
    """A Python file.

    Attributes:
        name: its import name.
        shown: its path, for messages.
        classes: its classes by name.
        imported: where other names come from: module and name.
        names: all names that it defines.
    """

    name: str
    shown: str
    classes: Mapping[str, ast.ClassDef]
    imported: Mapping[str, tuple[str, str]]
    names: frozenset[str]


@dataclass(slots=True)
class Reader:
    """Reads modules below a folder, each once."""

    root: Path
    package: str
    modules: dict[str, Module | SchemaError | None] = field(default_factory=dict[str, "Module | SchemaError | None"])

    def module(self, name: str) -> Module | SchemaError | None:
        """A module; None when the folder has none of that name."""
        if name not in self.modules:
            self.modules[name] = self._read(name)
        return self.modules[name]

    def places(self, name: str) -> tuple[tuple[Path, bool], ...]:
        """Where a module may be, and whether that makes it a package."""
        stem = self.root.joinpath(*name.split("."))
        return (stem.with_name(f"{stem.name}.py"), False), (stem / "__init__.py", True)

    def _read(self, name: str) -> Module | SchemaError | None:
        for path, package in self.places(name):
            try:
                source = path.read_bytes()
            except OSError:
                continue
            shown = path.as_posix()
            try:
                tree = ast.parse(source, shown)
            except SyntaxError as error:
                return BehaviourSyntax(Position(shown, error.lineno or 1, error.offset or 1), "", error.msg)
            except ValueError as error:  # such as a NUL byte
                return BehaviourSyntax(Position(shown, 1, 1), "", str(error))
            imported = _imported(tree, name if package else name.rpartition(".")[0])
            return Module(name, shown, _classes(tree), imported, _names(tree))
        return None

    def find(self, module: Module, name: str) -> tuple[Module, ast.ClassDef] | None:
        """The class of a name as a module sees it, followed through imports; None where that leads elsewhere."""
        for _ in range(LONGEST_CHAIN):
            if name in module.classes:
                return module, module.classes[name]
            if name not in module.imported:
                return None
            origin, name = module.imported[name]
            found = None if is_within(origin, self.package) else self.module(origin)
            if not isinstance(found, Module):
                return None
            module = found
        return None


def is_within(module: str, package: str) -> bool:
    """Whether a module is a package or one of its modules."""
    return module == package or module.startswith(f"{package}.")


def _classes(tree: ast.Module) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _imported(tree: ast.Module, package: str) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            above = parts[: len(parts) - node.level + 1] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                found[alias.asname or alias.name] = (origin, alias.name)
    return found


def _names(tree: ast.Module) -> frozenset[str]:
    found: set[str] = set()
    for node in tree.body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                found.add(name)
            case ast.Assign(targets=targets):
                found |= {target.id for target in targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
            case _:
                pass
    return frozenset(found)


def base_name(node: ast.expr) -> str:
    """`abc.ABC` of a base, without its type arguments."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{base_name(value)}.{name}"
        case ast.Subscript(value=value):
            return base_name(value)
        case _:
            return "?"


# --- methods that are global scopes ----------------------------------------------------------------------------------
