"""Resolves the models of pivot tables: which of their relations lead to the sides of a many-to-many relation."""

from __future__ import annotations

from collections.abc import Sequence

from isomorph.catalog import Pivot, RelationKind
from isomorph_generator.schema.errors import AmbiguousForeignKey, ConflictingKeys, NoForeignKey, UnknownModel
from isomorph_generator.schema.naming import singular, snake
from isomorph_generator.schema.resolve.drafts import ModelDraft, RelationDraft, Resolution
from isomorph_generator.schema.resolve.keys import cross_connection
from isomorph_generator.schema.spec import PivotSpec

__all__ = ["belongs_to_of", "ends_of", "is_on_one_connection", "pivot_model", "pivot_over"]

_SAID_BY_MODEL = ("table", "pivot", "timestamps", "integrity", "was")


def is_on_one_connection(resolution: Resolution, relation: RelationDraft, other: ModelDraft) -> bool:
    """Whether a many-to-many relation and another model of it are on one connection; a mistake when they are not."""
    model = relation.model
    if model.connection == other.connection:
        return True
    problem = "a pivot table is in one database with both sides"
    hint = "declare a model between them, with a belongs_to to each"
    resolution.report.add(cross_connection(resolution.report.key(relation.path), model, other, problem, hint))
    return False


def pivot_model(resolution: Resolution, relation: RelationDraft) -> ModelDraft | None:
    """The model that a relation names for its pivot; None, and an error, when it cannot be that."""
    spec, report = relation.spec, resolution.report
    assert isinstance(spec, PivotSpec)
    for key in _SAID_BY_MODEL:
        if getattr(spec, key, None) is not None:  # only polymorphic ones have an `integrity`
            at = report.key(relation.path, key)
            report.add(ConflictingKeys(*at, "model", key, "the model says what its table is and has"))
    name = spec.model or ""
    model = resolution.models.get(name)
    if model is None:
        if not resolution.is_removed("models", name):
            report.add(UnknownModel(*report.value(relation.path, "model"), name, tuple(resolution.models)))
        return None
    return model if is_on_one_connection(resolution, relation, model) else None


def ends_of(
    resolution: Resolution,
    relation: RelationDraft,
    model: ModelDraft,
    local: Sequence[str] | None,
    remote: Sequence[str] | None,
) -> tuple[RelationDraft, RelationDraft] | None:
    """The belongs_to of a pivot's model to the relation's own model, and the one to its target.

    Args:
        resolution: takes the mistakes.
        relation: the relation over the pivot.
        model: the model of the pivot.
        local: fields of the former, where the schema names them.
        remote: fields of the latter, likewise.
    """
    assert relation.target is not None
    here = belongs_to_of(resolution, relation, model, relation.model, "foreign_key", local, remote)
    if here is None:
        return None
    taken = [field.shown for field in here.fields]
    there = belongs_to_of(resolution, relation, model, relation.target, "related_key", remote, taken)
    return None if there is None else (here, there)


def belongs_to_of(
    resolution: Resolution,
    relation: RelationDraft,
    model: ModelDraft,
    side: ModelDraft,
    option: str,
    names: Sequence[str] | None,
    taken: Sequence[str] | None = None,
) -> RelationDraft | None:
    """The belongs_to of a pivot's model to a side; None, and an error, when there is none or more than one.

    Args:
        resolution: takes the mistakes.
        relation: the relation over the pivot.
        model: the model of the pivot.
        side: where the belongs_to leads.
        option: the key of the relation that chooses between several; empty where there is none.
        names: the fields of the belongs_to, where the schema names them.
        taken: the fields of the one to the other side, which is not meant.
    """
    report = resolution.report
    all_ = [back for back in model.of_kind(RelationKind.BELONGS_TO) if back.target is side]
    if not all(back.ready for back in all_):
        return None  # what is wrong with it was told
    fields = {back.name: [field.shown for field in back.fields] for back in all_}
    wanted = None if names is None else list(names)
    found = [
        back
        for back in all_
        if (fields[back.name] != list(taken or ()) if wanted is None else fields[back.name] == wanted)
    ]
    if len(found) == 1:
        return found[0]
    at = report.value(relation.path, option if names is not None else "model")
    if found:
        choice = f"say which one: {option} = {_toml(fields[found[0].name])}"
        hint = choice if option else "a polymorphic pivot needs one: remove the others"
        report.add(AmbiguousForeignKey(*at, side.name, model.name, tuple(back.name for back in found), hint))
    elif not model.broken:
        suggestion = singular(relation.name) if all_ else snake(side.name)
        if names is not None and len(names) == 1:
            suggestion = names[0].removesuffix("_id")
        report.add(NoForeignKey(*at, side.name, model.name, suggestion, other=bool(all_)))
    return None


def _toml(names: list[str]) -> str:
    quoted = ", ".join(f'"{name}"' for name in names)
    return quoted if len(names) == 1 else f"[{quoted}]"


def pivot_over(model: ModelDraft, local: tuple[str, ...], remote: tuple[str, ...]) -> Pivot:
    """The pivot whose table is a model's; its further columns are the model's fields."""
    created_at, updated_at = model.timestamps or (None, None)
    return Pivot(model.table, local, remote, (), model.name, created_at, updated_at)
