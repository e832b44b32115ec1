"""What the views of all modules share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from isomorph.catalog import Model
from isomorph_generator.codegen.names import model_aliases
from isomorph_generator.schema import Project

__all__ = ["Context"]


@dataclass(frozen=True, slots=True)
class Context:
    """The project, and the names of its generated modules.

    Attributes:
        dialects: what static SQL and loaders are made for.
        modules: module of each model, by model: `user`.
        aliases: how other modules import it: `_user`.
        models: by name.
    """

    dialects: tuple[str, ...]
    modules: Mapping[str, str]
    aliases: Mapping[str, str]
    models: Mapping[str, Model]

    @classmethod
    def of(cls, project: Project) -> Context:
        """The context of a project."""
        models = project.catalog.models
        return cls(
            project.dialects,
            {model.name: model.module for model in models},
            model_aliases(models),
            {model.name: model for model in models},
        )
