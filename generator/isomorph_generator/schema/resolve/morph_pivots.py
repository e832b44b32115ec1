"""Resolves morph_to_many and morphed_by_many: relations of one name and one fixed model share a polymorphic pivot table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from isomorph.catalog import (
    Column,
    Integrity,
    Morph,
    MorphMember,
    Pivot,
    ReferentialAction,
    RelationKind,
    Table,
)
from isomorph_generator.schema.errors import NoMorphTo
from isomorph_generator.schema.naming import plural, snake
from isomorph_generator.schema.resolve.arcs import arc_foreign_keys
from isomorph_generator.schema.resolve.drafts import ModelDraft, RelationDraft, Resolution, timestamp_names
from isomorph_generator.schema.resolve.morph_columns import morph_columns, morph_over
from isomorph_generator.schema.resolve.morph_members import morph_ends, morph_pivot_models
from isomorph_generator.schema.resolve.names import check_attribute
from isomorph_generator.schema.resolve.pivot_models import (
    belongs_to_of,
    is_on_one_connection,
    pivot_model,
    pivot_over,
)
from isomorph_generator.schema.resolve.pivots import (
    foreign_key_columns,
    key_columns,
    pivot_columns,
    pivot_foreign_key,
    pivot_timestamps,
    register_pivot,
    table_pivot,
    tell_difference,
)
from isomorph_generator.schema.spec import MorphedByManySpec, MorphToManySpec, PivotFieldSpec

__all__ = ["resolve_morph_pivots"]

_NAMED: Final = {"pivot": "its `pivot` fields are others", "timestamps": "its `timestamps` are others"}


@dataclass(frozen=True, slots=True)
class _Plan:
    """What all relations of a group say about their pivot table."""

    table: str
    fields: Mapping[str, PivotFieldSpec]
    fields_from: RelationDraft
    timestamps: tuple[str, str] | None
    timestamps_from: RelationDraft
    integrity: Integrity


def resolve_morph_pivots(resolution: Resolution) -> None:
    """Build the pivot table of each group of relations, or find its model, and fill them."""
    groups: dict[tuple[str, str], list[RelationDraft]] = {}
    for relation in resolution.relations(RelationKind.MORPH_TO_MANY, RelationKind.MORPHED_BY_MANY):
        if relation.target is None or not is_on_one_connection(resolution, relation, relation.target):
            continue
        name = _spec(relation).name
        if check_attribute("morph", name, resolution.report.value(relation.path, "name"), resolution.report):
            groups.setdefault((morph_ends(relation)[0].name, name), []).append(relation)
    models = morph_pivot_models(resolution)
    for (fixed, name), relations in groups.items():
        if (naming := models.get((fixed, name))) is not None:
            _resolve_over_model(resolution, resolution.models[fixed], name, relations, naming)
        else:
            _resolve_group(resolution, resolution.models[fixed], name, relations)


def _spec(relation: RelationDraft) -> MorphToManySpec | MorphedByManySpec:
    assert isinstance(relation.spec, MorphToManySpec | MorphedByManySpec)
    return relation.spec


# --- a table of its own --------------------------------------------------------------------------------------------------


def _resolve_group(resolution: Resolution, fixed: ModelDraft, name: str, relations: list[RelationDraft]) -> None:
    plan = _agreed(resolution, name, relations)
    members = list({member.name: member for _, member in map(morph_ends, relations)}.values())
    keys = [member.key for member in members]
    pointing = morph_columns(resolution, relations[0], members, keys, plan.integrity, name)
    if pointing is None or fixed.key is None:
        return
    fixed_names = key_columns(snake(fixed.name), fixed.key)
    fixed_columns = foreign_key_columns(fixed_names, fixed.key)
    if fixed_columns is None:
        return
    is_arc = plan.integrity is Integrity.ARC
    extra = pivot_columns(resolution, plan.fields, plan.fields_from)
    extra += pivot_timestamps(resolution, plan.timestamps, plan.timestamps_from)
    on_delete = ReferentialAction.CASCADE if plan.integrity is not Integrity.NONE else ReferentialAction.NO_ACTION
    morph = morph_over(name, tuple(pointing), members, plan.integrity, on_delete)
    table = Table(
        name=plan.table,
        columns=(*fixed_columns, *[Column(column, type_, is_arc) for column, type_ in pointing.items()], *extra),
        # The columns of an arc may be NULL, those of a key may not.
        primary_key=() if is_arc else (*fixed_names, *pointing),
        foreign_keys=(
            pivot_foreign_key(resolution, plan.table, fixed_names, fixed.table, fixed.key),
            *(arc_foreign_keys(resolution, plan.table, morph) if is_arc else ()),
        ),
    )
    if not register_pivot(resolution, relations[0], table):
        return
    resolution.pivots[table.name.lower()].morph = morph
    for relation in relations:
        assert relation.target is not None
        relation.local = tuple(field.column for field in relation.model.key or ())
        relation.remote = tuple(field.column for field in relation.target.key or ())
        local, remote = _sides(relation, fixed_names, (morph.key_column(_member(relation, morph)),))
        pivot = table_pivot(plan.table, local, remote, plan.fields, plan.timestamps)
        _fill(relation, relations, pivot, morph)


def _sides(
    relation: RelationDraft, fixed: tuple[str, ...], member: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What belongs to the relation's own side and to the other, of what belongs to the same model and to one of several."""
    return (member, fixed) if relation.kind is RelationKind.MORPH_TO_MANY else (fixed, member)


def _member(relation: RelationDraft, morph: Morph) -> MorphMember:
    """The member that is the relation's one of several models."""
    member = morph.member(morph_ends(relation)[1].name)
    assert member is not None  # a member is what declares the relation
    return member


def _fill(relation: RelationDraft, relations: list[RelationDraft], pivot: Pivot, morph: Morph) -> None:
    relation.pivot = pivot
    relation.morph = morph.seen_from(_member(relation, morph))
    relation.inverse = _inverse(relation, relations)
    relation.ready = True


def _inverse(relation: RelationDraft, relations: list[RelationDraft]) -> str | None:
    ends = morph_ends(relation)
    leading = [other.name for other in relations if other.kind is not relation.kind and _is_between(other, ends)]
    return leading[0] if len(leading) == 1 else None


def _is_between(relation: RelationDraft, ends: tuple[ModelDraft, ModelDraft]) -> bool:
    return all(mine is other for mine, other in zip(morph_ends(relation), ends, strict=True))


def _agreed(resolution: Resolution, name: str, relations: list[RelationDraft]) -> _Plan:
    """The table and its further fields; a mistake when two relations of the group say different things."""
    saying = {
        key: [relation for relation in relations if getattr(_spec(relation), key) is not None]
        for key in ("table", "pivot", "timestamps", "integrity")
    }
    for key, told in saying.items():
        for relation in told[1:]:
            if getattr(_spec(relation), key) != getattr(_spec(told[0]), key):
                table = _spec(relation).table or plural(name)
                said = getattr(_spec(told[0]), key)
                difference = _NAMED.get(key) or f'its {key} is "{said}"'
                tell_difference(resolution, relation, table, told[0], difference)
    table_from, fields_from, timestamps_from, integrity_from = (
        next(iter(told), relations[0]) for told in saying.values()
    )
    return _Plan(
        _spec(table_from).table or plural(name),
        _spec(fields_from).pivot or {},
        fields_from,
        timestamp_names(_spec(timestamps_from).timestamps),
        timestamps_from,
        Integrity(_spec(integrity_from).integrity or resolution.spec.project.integrity),
    )


# --- the table of a model ------------------------------------------------------------------------------------------------


def _resolve_over_model(
    resolution: Resolution, fixed: ModelDraft, name: str, relations: list[RelationDraft], naming: RelationDraft
) -> None:
    model = pivot_model(resolution, naming)
    if model is None:
        return
    for relation in relations:
        spec = _spec(relation)
        if spec.model not in (None, model.name) or (relation is not naming and _says_table(spec)):
            tell_difference(resolution, relation, spec.table or model.table, naming, f"its model is {model.name}")
    back = belongs_to_of(resolution, naming, model, fixed, "", None)
    morph_to = model.relations.get(name)
    if morph_to is None or morph_to.kind is not RelationKind.MORPH_TO:
        if not model.broken:
            at = resolution.report.value(naming.path, "model")
            known = tuple(other.name for other in model.of_kind(RelationKind.MORPH_TO))
            resolution.report.add(NoMorphTo(*at, model.name, name, known))
        return
    morph = morph_to.morph
    if back is None or morph is None or not morph_to.ready:
        return
    for relation in relations:
        key = tuple(field.column for field in morph_ends(relation)[1].key or ())
        relation.local, relation.remote = _sides(relation, back.remote, key)
        pivot = pivot_over(model, *_sides(relation, back.local, (morph.key_column(_member(relation, morph)),)))
        _fill(relation, relations, pivot, morph)


def _says_table(spec: MorphToManySpec | MorphedByManySpec) -> bool:
    return any(said is not None for said in (spec.table, spec.pivot, spec.timestamps, spec.integrity))
