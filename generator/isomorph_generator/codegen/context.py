"""What the views of all modules share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from isomorph_generator.schema import Project

__all__ = ["Context"]


@dataclass(frozen=True, slots=True)
class Context:
    """What all modules of a package know.

    Attributes:
        dialects: what static SQL and loaders are made for.
        modules: module of each model, by model: `user`.
        scoped: the models with global scopes, which may hide the row that a relation means.
    """

    dialects: tuple[str, ...]
    modules: Mapping[str, str]
    scoped: frozenset[str]

    @classmethod
    def of(cls, project: Project) -> Context:
        """The context of a project."""
        models = project.catalog.models
        return cls(
            project.dialects,
            {model.name: model.module for model in models},
            frozenset(model.name for model in models if model.global_scopes),
        )

    def import_of(self, model: str, alias: str, package: str = "") -> str:
        """How a module beside it, or that of a package within, imports a model."""
        return f"from .{package}{self.modules[model]} import {model} as {alias}"
