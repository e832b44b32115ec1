"""What only the generator can find wrong with a schema: names that generated modules need, behaviours, and casts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from isomorph.catalog import Model
from isomorph.orm.model import Model as ModelBase
from isomorph_generator.codegen.behaviours import behaviour_mistakes
from isomorph_generator.codegen.casts import cast_mistakes
from isomorph_generator.codegen.errors import HiddenByGeneratedName
from isomorph_generator.codegen.modules import Reader
from isomorph_generator.codegen.morphs import unions_of
from isomorph_generator.codegen.package import exports
from isomorph_generator.schema import Project, SchemaError, SchemaErrors

__all__ = ["check"]

_OWN_CLASSES = ("", "Query", "Values", "Changes")


def check(project: Project) -> tuple[Path, ...]:
    """Check what can only be seen when code is generated.

    Returns:
        Files beside the schema that were read for it, or looked for in vain.

    Raises:
        SchemaErrors: every such mistake.
    """
    reader = Reader(project.root, project.package)
    mistakes = [
        *(mistake for model in project.catalog.models for mistake in _hidden_names(project, model)),
        *_union_names(project),
        *behaviour_mistakes(project, reader),
        *cast_mistakes(project, reader),
    ]
    if mistakes:
        # What is no Python is so for each class that is looked for in it.
        raise SchemaErrors(list({str(mistake): mistake for mistake in mistakes}.values()))
    return tuple(path for name in reader.modules for path, _ in reader.places(name))


def _hidden_names(project: Project, model: Model) -> Iterator[SchemaError]:
    """Names of attributes and parameters that mean something else in the module of the model."""
    module = {f"{model.name}{suffix}" for suffix in _OWN_CLASSES}
    why = "is a class of the model's own module, which its attributes would hide"

    def mistake(kind: str, name: str, reason: str, *path: str) -> SchemaError:
        whole = ("models", model.name, *path)
        return HiddenByGeneratedName(
            project.at(*whole), project.sources.shown(whole), kind, name, reason, kind == "field"
        )

    private = {field.name for field in model.fields if field.private}
    for field in model.fields:
        if field.name in module:
            yield mistake("field", field.name, why, "fields", field.name)
        elif field.name == "all_rows":
            yield mistake("field", field.name, "is an argument of every query's `update`", "fields", field.name)
    for relation in model.relations:
        slot = f"_{relation.name}"
        if relation.name in module:
            yield mistake("relation", relation.name, why, "relations", relation.name)
        elif slot in private or slot.startswith("_load") or _is_attribute(slot):
            reason = f"needs the attribute {slot}, which every model has"
            yield mistake("relation", relation.name, reason, "relations", relation.name)
    for scope in model.scopes:
        if scope.name == f"{model.name}Changes":
            yield mistake("scope", scope.name, why, "scopes", scope.name)
        for parameter in scope.parameters:
            if parameter.name == model.name:
                reason = "is the model, which the scope needs"
                yield mistake("parameter", parameter.name, reason, "scopes", scope.name, "params", parameter.name)


def _union_names(project: Project) -> Iterator[SchemaError]:
    """Morph relations whose types would have the name of something else in the package."""
    taken = {export.name for export in exports(project)}
    for union in unions_of(project.catalog, taken):
        for name in (union.name, f"{union.name}Alias"):
            if name in taken:
                model, relation = union.sources[0]
                path = ("models", model.name, "relations", relation.name)
                reason = f"would give the package a second {name}, the type of what it leads to"
                yield HiddenByGeneratedName(
                    project.at(*path), project.sources.shown(path), "relation", relation.name, reason
                )


def _is_attribute(name: str) -> bool:
    return hasattr(ModelBase, name) or name in ModelBase.__annotations__
