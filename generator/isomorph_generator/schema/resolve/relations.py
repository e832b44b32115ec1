"""Resolves relations without a table between: has_one, has_many, morph_one, morph_many, inverses."""

from __future__ import annotations

from isomorph.catalog import RelationKind
from isomorph_generator.schema.errors import (
    AmbiguousForeignKey,
    InverseMismatch,
    NoForeignKey,
    UnknownRelation,
)
from isomorph_generator.schema.naming import snake
from isomorph_generator.schema.resolve.drafts import ModelDraft, RelationDraft, Resolution
from isomorph_generator.schema.resolve.wishes import chosen_by
from isomorph_generator.schema.spec import BelongsToSpec, HasManySpec, HasOneSpec

__all__ = ["resolve_has", "resolve_inverses", "resolve_morph_has"]

_HAS = (RelationKind.HAS_ONE, RelationKind.HAS_MANY)

# --- has_one, has_many -------------------------------------------------------------------------------------------------


def resolve_has(resolution: Resolution) -> None:
    """Find the belongs_to that each has_one and has_many is the other end of."""
    for relation in resolution.relations(*_HAS):
        target = relation.target
        if target is None:
            continue
        back = _belongs_to(resolution, relation, target)
        if back is not None and back.ready:
            relation.back = back
            relation.local, relation.remote = back.remote, back.local
            relation.crosses = back.crosses
            relation.inverse = back.name
            relation.ready = True


def _belongs_to(resolution: Resolution, relation: RelationDraft, target: ModelDraft) -> RelationDraft | None:
    spec, report = relation.spec, resolution.report
    assert isinstance(spec, HasOneSpec | HasManySpec)
    candidates = [back for back in target.of_kind(RelationKind.BELONGS_TO) if back.target is relation.model]
    if spec.inverse is not None:
        return _named_inverse(resolution, relation, target, spec.inverse, candidates)
    if spec.foreign_key is not None:
        names = tuple(spec.foreign_key)
        candidates = [back for back in candidates if tuple(field.name for field in back.fields) == names]
    elif len(candidates) > 1:
        leading = [back for back in candidates if _inverse_of(back) == relation.name]
        candidates = leading or candidates
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        at = report.value(relation.path, relation.kind.value)
        names = tuple(back.name for back in candidates)
        report.add(
            AmbiguousForeignKey(*at, relation.model.name, target.name, names, f'say which one: inverse = "{names[0]}"')
        )
    elif not target.broken:
        at = report.value(relation.path, "foreign_key" if spec.foreign_key else relation.kind.value)
        report.add(NoForeignKey(*at, relation.model.name, target.name, snake(relation.model.name)))
    return None


def _inverse_of(relation: RelationDraft) -> str | None:
    return relation.spec.inverse if isinstance(relation.spec, BelongsToSpec) else None


def _named_inverse(
    resolution: Resolution, relation: RelationDraft, target: ModelDraft, name: str, candidates: list[RelationDraft]
) -> RelationDraft | None:
    report = resolution.report
    at = report.value(relation.path, "inverse")
    back = target.relations.get(name)
    if back is None:
        if name not in target.broken:
            known = tuple(target.relations)
            report.add(UnknownRelation(*at, target.name, name, known))
    elif back in candidates:
        foreign_key = relation.spec.foreign_key if isinstance(relation.spec, HasOneSpec | HasManySpec) else None
        if not foreign_key or not back.ready or [field.name for field in back.fields] == foreign_key:
            return back
        columns = ", ".join(field.name for field in back.fields)
        report.add(InverseMismatch(*at, name, f"its foreign key is {columns}"))
    elif back.target is not None:
        report.add(InverseMismatch(*at, name, f"it is no belongs_to that leads to {relation.model.name}"))
    return None


# --- morph_one, morph_many -----------------------------------------------------------------------------------------------


def resolve_morph_has(resolution: Resolution) -> None:
    """Fill morph_one and morph_many from the morph_to that they are the other end of."""
    for relation in resolution.relations(RelationKind.MORPH_ONE, RelationKind.MORPH_MANY):
        back, key = relation.back, relation.model.key
        member = None if back is None or back.morph is None else back.morph.member(relation.model.name)
        if back is None or back.morph is None or member is None or key is None:
            continue
        relation.crosses = back.model.connection != relation.model.connection
        relation.local = tuple(field.column for field in key)
        relation.remote = (back.morph.key_column(member),)
        relation.morph = back.morph.seen_from(member)
        relation.inverse = back.name
        relation.ready = True


# --- inverses of belongs_to ----------------------------------------------------------------------------------------------


def resolve_inverses(resolution: Resolution) -> None:
    """Find, for each belongs_to, the has_one or has_many that is its other end: the named one, or the only one.

    One that chooses a row of several is no other end, unless it is named: the chosen row is another one tomorrow.
    """
    for relation in resolution.relations(RelationKind.BELONGS_TO):
        target, name = relation.target, _inverse_of(relation)
        if target is None or not relation.ready:
            continue
        leading = [has.name for has in target.of_kind(*_HAS) if has.back is relation]
        if name is None:
            whole = [name for name in leading if chosen_by(target.relations[name].spec) is None]
            relation.inverse = whole[0] if len(whole) == 1 else None
        elif name in leading:
            relation.inverse = name
        else:
            at = resolution.report.value(relation.path, "inverse")
            other = target.relations.get(name)
            if other is None and name not in target.broken:
                resolution.report.add(UnknownRelation(*at, target.name, name, tuple(target.relations)))
            elif other is not None and (other.ready or other.kind not in _HAS):
                problem = f"it is no has_one or has_many over {', '.join(relation.local)}"
                resolution.report.add(InverseMismatch(*at, name, problem))
