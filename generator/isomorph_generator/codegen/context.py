"""What the views of all modules share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from isomorph.catalog import Model, Relation, Table
from isomorph_generator.schema import Project

__all__ = ["Context"]


@dataclass(frozen=True, slots=True)
class Context:
    """What all modules of a package know.

    Attributes:
        dialects: what static SQL and loaders are made for.
        models: by name.
        pivots: the tables between models that no model maps, by connection and name.
        leading: by model, the relations of any model that lead to it.
        scoped: the models with global scopes, which may hide the row that a relation means.
        is_lazy: whether reading a relation that was not included loads it.
    """

    dialects: tuple[str, ...]
    models: Mapping[str, Model]
    pivots: Mapping[tuple[str, str], Table]
    leading: Mapping[str, tuple[Relation, ...]]
    scoped: frozenset[str]
    is_lazy: bool

    @classmethod
    def of(cls, project: Project) -> Context:
        """The context of a project."""
        models = project.catalog.models
        leading: dict[str, list[Relation]] = {}
        for model in models:
            for relation in model.relations:
                if relation.target is not None:
                    leading.setdefault(relation.target, []).append(relation)
        return cls(
            project.dialects,
            {model.name: model for model in models},
            {(connection, table.name): table for connection, table in project.catalog.pivots},
            {name: tuple(relations) for name, relations in leading.items()},
            frozenset(model.name for model in models if model.global_scopes),
            project.lazy_loading == "batch",
        )

    def pivot_table(self, model: Model, relation: Relation) -> Table:
        """The table between of a many-to-many relation; it is on the connection of either side."""
        pivot, target = relation.pivot, relation.target
        assert pivot is not None  # the caller has asked
        assert target is not None  # only a morph_to has none
        own = self.pivots.get((model.connection, pivot.table))
        return self.pivots[self.models[target].connection, pivot.table] if own is None else own

    def import_of(self, model: str, alias: str, name: str | None = None, package: str = "") -> str:
        """How a module beside that of a model, or one of the package around it, imports the model or another name."""
        return f"from .{package}{self.models[model].module} import {name or model} as {alias}"
