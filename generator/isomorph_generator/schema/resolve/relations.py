"""Resolves relations without a table between: has_one, has_many, morph_one, morph_many, through relations, inverses."""

from __future__ import annotations

from isomorph.catalog import Morph, RelationKind
from isomorph_generator.schema.errors import (
    AmbiguousForeignKey,
    InvalidThrough,
    InverseMismatch,
    NoForeignKey,
    UnknownRelation,
)
from isomorph_generator.schema.naming import snake
from isomorph_generator.schema.resolve.drafts import ModelDraft, RelationDraft, Resolution
from isomorph_generator.schema.resolve.keys import check_one_connection
from isomorph_generator.schema.spec import BelongsToSpec, HasManySpec, HasManyThroughSpec, HasOneSpec, HasOneThroughSpec

__all__ = ["resolve_has", "resolve_inverses", "resolve_morph_has", "resolve_through"]

_HAS = (RelationKind.HAS_ONE, RelationKind.HAS_MANY)
_THROUGH = (RelationKind.HAS_ONE_THROUGH, RelationKind.HAS_MANY_THROUGH)

# --- has_one, has_many -------------------------------------------------------------------------------------------------


def resolve_has(resolution: Resolution) -> None:
    """Find the belongs_to that each has_one and has_many is the other end of."""
    for relation in resolution.relations(*_HAS):
        target = relation.target
        if target is None or not check_one_connection(resolution, relation, target):
            continue
        back = _belongs_to(resolution, relation, target)
        if back is not None and back.ready:
            relation.back = back
            relation.local, relation.remote = back.remote, back.local
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
        report.add(AmbiguousForeignKey(*at, relation.model.name, target.name, names))
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
        if back is None or back.morph is None or key is None:
            continue
        relation.local = tuple(field.column for field in key)
        relation.remote = (back.morph.id_column,)
        relation.morph = Morph(back.name, back.morph.type_column, back.morph.id_column, relation.model.alias)
        relation.inverse = back.name
        relation.ready = True


# --- inverses of belongs_to ----------------------------------------------------------------------------------------------


def resolve_inverses(resolution: Resolution) -> None:
    """Find, for each belongs_to, the has_one or has_many that is its other end: the named one, or the only one."""
    for relation in resolution.relations(RelationKind.BELONGS_TO):
        target, name = relation.target, _inverse_of(relation)
        if target is None or not relation.ready:
            continue
        leading = [has.name for has in target.of_kind(*_HAS) if has.back is relation]
        if name is None:
            relation.inverse = leading[0] if len(leading) == 1 else None
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


# --- through -------------------------------------------------------------------------------------------------------------


def resolve_through(resolution: Resolution) -> None:
    """Follow the path of each through relation to its model."""
    for relation in resolution.relations(*_THROUGH):
        if relation.target is not None:
            path = _path(resolution, relation, relation.target)
            if path is not None and relation.model.key is not None:
                relation.through = tuple(step.name for step in path)
                relation.local = path[0].local
                relation.ready = True


def _path(resolution: Resolution, relation: RelationDraft, target: ModelDraft) -> list[RelationDraft] | None:
    """The relations to follow; None, and an error, when they do not lead to the target."""
    assert isinstance(relation.spec, HasOneThroughSpec | HasManyThroughSpec)
    report = resolution.report
    at = report.value(relation.path, "through")
    path: list[RelationDraft] = []
    here = relation.model
    for name in relation.spec.through.split("."):
        step = here.relations.get(name)
        if step is None:
            if name not in here.broken:
                report.add(UnknownRelation(*at, here.name, name, tuple(_steps(here, relation))))
            return None
        if step.kind in (*_THROUGH, RelationKind.MORPH_TO):
            problem = f'"{name}" is a {step.kind.value}, which cannot be followed further'
            report.add(InvalidThrough(*at, problem, "name the relations that it is made of"))
            return None
        if step.target is None or not step.ready:
            return None
        path.append(step)
        here = step.target
    if len(path) == 1 or here is not target:
        last = _last_step(resolution, relation, here, target)
        if last is None or not last.ready:
            return None
        path.append(last)
    return path if _has_right_number(resolution, relation, path) else None


def _steps(model: ModelDraft, but: RelationDraft) -> list[str]:
    kinds = (*_THROUGH, RelationKind.MORPH_TO)
    return [step.name for step in model.relations.values() if step.kind not in kinds and step is not but]


def _last_step(
    resolution: Resolution, relation: RelationDraft, here: ModelDraft, target: ModelDraft
) -> RelationDraft | None:
    """The only relation that leads from the end of the path to the target."""
    assert isinstance(relation.spec, HasOneThroughSpec | HasManyThroughSpec)
    leading = [here.relations[name] for name in _steps(here, relation) if here.relations[name].target is target]
    through = relation.spec.through
    if len(leading) == 1:
        return leading[0]
    at = resolution.report.value(relation.path, "through")
    if leading:
        names = " or ".join(f'"{through}.{step.name}"' for step in leading)
        problem = f"{here.name} leads to {target.name} by {len(leading)} relations"
        resolution.report.add(InvalidThrough(*at, problem, f"say which one: through = {names}"))
    elif not here.broken:
        problem = f"{here.name}, where it leads, has no relation to {target.name}"
        resolution.report.add(InvalidThrough(*at, problem, f"add one to [models.{here.name}.relations]"))
    return None


def _has_right_number(resolution: Resolution, relation: RelationDraft, path: list[RelationDraft]) -> bool:
    many = any(step.kind.to_many for step in path)
    if many == relation.kind.to_many:
        return True
    at = resolution.report.key(relation.path, relation.kind.value)
    names = ".".join(step.name for step in path)
    other = "has_many_through" if many else "has_one_through"
    problem = f"{names} leads to {'several rows' if many else 'one row'}"
    resolution.report.add(InvalidThrough(*at, problem, f"write {other}"))
    return False
