"""Finds, for each morph_to, the models that declare the inverse, and for each polymorphic pivot its model."""

from __future__ import annotations

from typing import Final

from isomorph.catalog import Morph, MorphAliases, RelationKind
from isomorph_generator.schema.errors import MorphMembersDiffer, MorphWithoutMembers, NoMorphTo, UnknownModel
from isomorph_generator.schema.naming import snake
from isomorph_generator.schema.resolve.drafts import ModelDraft, RelationDraft, Resolution
from isomorph_generator.schema.spec import MorphedByManySpec, MorphManySpec, MorphOneSpec, MorphToManySpec, MorphToSpec

__all__ = ["morph_aliases", "morph_ends", "morph_members", "morph_pivot_models"]

_PIVOTS: Final = (RelationKind.MORPH_TO_MANY, RelationKind.MORPHED_BY_MANY)


def morph_ends(relation: RelationDraft) -> tuple[ModelDraft, ModelDraft]:
    """Of a morph_to_many or morphed_by_many: the model that is the same for all of its name, and the one of several."""
    assert relation.target is not None
    if relation.kind is RelationKind.MORPH_TO_MANY:
        return relation.target, relation.model
    return relation.model, relation.target


def morph_aliases(resolution: Resolution, morph: Morph) -> MorphAliases:
    """What the type column of a polymorphic relation may hold, and whose rows each alias means."""
    members = ((member.alias, resolution.models[member.model].table) for member in morph.members)
    assert morph.type_column is not None  # an arc stores no alias
    return MorphAliases(morph.type_column, tuple(sorted(members)))


def morph_pivot_models(resolution: Resolution) -> dict[tuple[str, str], RelationDraft]:
    """The first relation that names the model of a polymorphic pivot, by the model that is the same for all and the name."""
    found: dict[tuple[str, str], RelationDraft] = {}
    for relation in resolution.relations(*_PIVOTS):
        spec = relation.spec
        assert isinstance(spec, MorphToManySpec | MorphedByManySpec)
        if relation.target is not None and spec.model is not None:
            found.setdefault((morph_ends(relation)[0].name, spec.name), relation)
    return found


def morph_members(resolution: Resolution) -> dict[tuple[str, str], list[ModelDraft]]:
    """The members of each morph_to, by model and name of the morph_to, in the schema's order.

    Also links each morph_one and morph_many with its morph_to.
    """
    members: dict[tuple[str, str], list[ModelDraft]] = {
        (relation.model.name, relation.name): [] for relation in resolution.relations(RelationKind.MORPH_TO)
    }
    for relation in resolution.relations(RelationKind.MORPH_ONE, RelationKind.MORPH_MANY):
        if relation.target is not None and (back := _morph_to(resolution, relation, relation.target)) is not None:
            relation.back = back
            found = members[back.model.name, back.name]
            if relation.model not in found:
                found.append(relation.model)
    _add_members_of_pivots(resolution, members)
    if not any(model.broken for model in resolution.models.values()):  # what is broken may be a member
        for relation in resolution.relations(RelationKind.MORPH_TO):
            _check_members(resolution, relation, members[relation.model.name, relation.name])
    return members


def _add_members_of_pivots(resolution: Resolution, members: dict[tuple[str, str], list[ModelDraft]]) -> None:
    """The morph_to of a pivot's model leads to the models at that end of the pivot."""
    models = morph_pivot_models(resolution)
    for relation in resolution.relations(*_PIVOTS):
        spec = relation.spec
        assert isinstance(spec, MorphToManySpec | MorphedByManySpec)
        if relation.target is None:
            continue
        fixed, member = morph_ends(relation)
        naming = models.get((fixed.name, spec.name))
        if naming is not None and isinstance(naming.spec, MorphToManySpec | MorphedByManySpec):
            found = members.get((naming.spec.model or "", spec.name), [])
            if all(member is not other for other in found):
                found.append(member)
    order = {name: number for number, name in enumerate(resolution.models)}
    for found in members.values():
        found.sort(key=lambda member: order[member.name])


def _morph_to(resolution: Resolution, relation: RelationDraft, target: ModelDraft) -> RelationDraft | None:
    assert isinstance(relation.spec, MorphOneSpec | MorphManySpec)
    known = {back.name: back for back in target.of_kind(RelationKind.MORPH_TO)}
    name = relation.spec.name
    if name is None and len(known) == 1:
        return next(iter(known.values()))
    if name in known:
        return known[name]
    if not target.broken:
        wanted = name if name is not None else f"{snake(target.name)}able"
        at = resolution.report.value(relation.path, "name" if name is not None else relation.kind.value)
        resolution.report.add(NoMorphTo(*at, target.name, wanted, tuple(known)))
    relation.model.broken.add(relation.name)
    return None


def _check_members(resolution: Resolution, relation: RelationDraft, members: list[ModelDraft]) -> None:
    assert isinstance(relation.spec, MorphToSpec)
    report = resolution.report
    listed = relation.spec.members
    model, name = relation.model.name, relation.name
    found = [member.name for member in members]
    unknown = [member for member in listed or () if member not in resolution.models]
    for member in unknown:
        if not resolution.is_removed("models", member):
            at = report.value((*relation.path, "members", (listed or []).index(member)))
            report.add(UnknownModel(*at, member, tuple(resolution.models)))
    if unknown:
        return
    if listed is not None and set(listed) != set(found):
        missing = tuple(member for member in found if member not in listed)
        extra = tuple(member for member in listed if member not in found)
        report.add(MorphMembersDiffer(*report.value(relation.path, "members"), missing, extra, model, name))
    elif not found:
        report.add(MorphWithoutMembers(*report.key(relation.path), model, name))
