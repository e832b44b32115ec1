"""Resolves what relations say beside where they lead: which row of several, what an absent one reads as, what is touched."""

from __future__ import annotations

from typing import Final

from isomorph.catalog import INTEGERS, CodeDefault, Default, Kind, OneOf
from isomorph_generator.schema.errors import (
    ComputedField,
    ConflictingKeys,
    OutOfBounds,
    SchemaError,
    TouchWithoutTimestamps,
    UnknownFieldName,
    UnorderedRows,
)
from isomorph_generator.schema.expressions.families import FAMILIES, ORDERED
from isomorph_generator.schema.resolve.columns import is_within
from isomorph_generator.schema.resolve.drafts import FieldDraft, ModelDraft, RelationDraft, Resolution
from isomorph_generator.schema.resolve.keys import cross_connection
from isomorph_generator.schema.scan import Path
from isomorph_generator.schema.spec import DefaultingSpec, OneOfManySpec, RelationSpec, TouchingSpec
from isomorph_generator.schema.values import checked_default

__all__ = ["chosen_by", "resolve_wishes"]

_WORDS: Final = ("latest_of_many", "oldest_of_many", "of_many")


def chosen_by(spec: RelationSpec) -> str | None:
    """The key by which a relation chooses one row of several, or None."""
    return next(iter(_choices(spec)), None) if isinstance(spec, OneOfManySpec) else None


def _choices(spec: OneOfManySpec) -> list[str]:
    return [word for word in _WORDS if getattr(spec, word)]


def resolve_wishes(resolution: Resolution) -> None:
    """Fill `one_of`, `default` and `touches` of all relations. The models have all their fields."""
    for model in resolution.models.values():
        for relation in model.relations.values():
            if relation.ready:
                _choose(resolution, relation)
                _fall_back(resolution, relation)
                _touch(resolution, relation)


# --- latest_of_many, oldest_of_many, of_many -----------------------------------------------------------------------------


def _choose(resolution: Resolution, relation: RelationDraft) -> None:
    spec, target = relation.spec, relation.target
    if not isinstance(spec, OneOfManySpec) or target is None:
        return
    first, *others = _choices(spec) or (None,)
    if first is None:
        return
    for word in others:
        at = resolution.report.key(relation.path, word)
        resolution.report.add(ConflictingKeys(*at, first, word, "each says which row it is"))
    name: str | None = None
    greatest = first == "latest_of_many"
    path: Path = (*relation.path, first)
    if first != "of_many":
        given = getattr(spec, first)
        name = given if isinstance(given, str) else None
    elif spec.of_many is not None:
        name, greatest, path = spec.of_many.column, spec.of_many.aggregate == "max", (*path, "column")
    field = _deciding_key(resolution, target, path) if name is None else _deciding(resolution, target, name, path)
    if field is not None:
        relation.one_of = OneOf(field.column, greatest)


def _deciding_key(resolution: Resolution, target: ModelDraft, path: Path) -> FieldDraft | None:
    """The key of the target, when a later row has a greater one."""
    if target.key is None or any(field.type is None for field in target.key):
        return None
    field, *others = target.key
    counts = field.type is not None and field.type.kind in INTEGERS
    if not others and (counts or field.default_code is CodeDefault.UUID7):
        return field
    problem = f"{target.shown_key(target.key)}, its key, does not tell which row is the latest"
    hint = f'name the field that does: {path[-1]} = "created_at"'
    resolution.report.add(UnorderedRows(*resolution.report.value(path), problem, hint))
    return None


def _deciding(resolution: Resolution, target: ModelDraft, name: str, path: Path) -> FieldDraft | None:
    at = resolution.report.value(path)
    field = target.find(name)
    if field is None or field.name.startswith("_"):
        if not target.is_broken(name):
            resolution.report.add(UnknownFieldName(*at, target.name, name, target.names))
        return None
    if field.type is None:
        return None
    if FAMILIES.get(field.type.kind) in ORDERED or (
        field.type.kind is Kind.UUID and field.default_code is CodeDefault.UUID7
    ):
        return field
    problem = f'"{name}" is {field.type}, which has no order that all databases share'
    resolution.report.add(UnorderedRows(*at, problem, "take a number, a text, a date or a time"))
    return None


# --- default -------------------------------------------------------------------------------------------------------------


def _fall_back(resolution: Resolution, relation: RelationDraft) -> None:
    spec, target = relation.spec, relation.target
    if not isinstance(spec, DefaultingSpec) or spec.default is False or target is None:
        return
    given = {} if spec.default is True else spec.default
    values = {name: _value(resolution, relation, target, name, value) for name, value in given.items()}
    relation.default = tuple((name, value) for name, value in values.items() if value is not None)


def _value(
    resolution: Resolution, relation: RelationDraft, target: ModelDraft, name: str, value: object
) -> Default | None:
    """What a field of the object has that stands for an absent one; None for a mistake."""
    report, path = resolution.report, (*relation.path, "default", name)
    field = target.find(name)
    if field is None or field.name.startswith("_"):
        if not target.is_broken(name):
            report.add(UnknownFieldName(*report.key(path), target.name, name, target.names))
        return None
    if field.type is None:
        return None
    if field.generated is not None or name == ("version" if target.spec.version is True else target.spec.version):
        report.add(ComputedField(*report.key(path), name, "given here"))
        return None
    found = checked_default(value, field.type, resolution.enums, report.value(path))
    if isinstance(found, SchemaError):
        report.add(found)
        return None
    if field.spec is not None and not is_within(found, field.spec):
        report.add(OutOfBounds(*report.value(path), f"between `min` and `max` of {target.name}.{name}"))
    return found


# --- touches -------------------------------------------------------------------------------------------------------------


def _touch(resolution: Resolution, relation: RelationDraft) -> None:
    spec, report = relation.spec, resolution.report
    if not isinstance(spec, TouchingSpec) or not spec.touches:
        return
    relation.touches = True
    members = [] if relation.morph is None else [resolution.models[member.model] for member in relation.morph.members]
    for parent in members if relation.target is None else [relation.target]:
        at = report.value(relation.path, "touches")
        if parent.connection != relation.model.connection:
            problem = "no transaction writes to both"
            report.add(cross_connection(at, relation.model, parent, problem, "drop `touches`"))
        elif parent.timestamps is None:
            report.add(TouchWithoutTimestamps(*at, parent.name))
