"""Resolves which fields untyped input may set, and which are shown: `fillable`, `guarded`, `hidden`, `visible`."""

from __future__ import annotations

from collections.abc import Sequence

from isomorph_generator.schema.errors import ComputedField, ConflictingKeys, RepeatedName, UnknownFieldName
from isomorph_generator.schema.resolve.drafts import FieldDraft, ModelDraft, Resolution

__all__ = ["fillable_fields", "hidden_fields"]


def fillable_fields(
    resolution: Resolution, model: ModelDraft, fields: Sequence[FieldDraft], version: FieldDraft | None
) -> frozenset[str]:
    """Names of the fields that untyped input may set.

    With `guarded` these are all others, but for what the database or isomorph gives: a numbered key, timestamps, the
    version, what is generated.
    """
    spec, report = model.spec, resolution.report
    computed = {
        field.shown
        for field in fields
        if field is version or (field.spec is not None and field.spec.generated is not None)
    }
    for index, name in enumerate(spec.fillable):
        if name in computed:
            at = report.value((*model.path, "fillable", index))
            report.add(ComputedField(*at, name, "filled from untyped input"))
    if spec.guarded is None:
        return _listed(resolution, model, "fillable", spec.fillable)
    _check_alone(resolution, model, "fillable", "guarded", is_given=bool(spec.fillable))
    guarded = _listed(resolution, model, "guarded", spec.guarded)
    own = {
        field.shown
        for field in fields
        if field.auto_increment or field.name.startswith("_") or field.path == (*model.path, "timestamps")
    }
    return frozenset(field.shown for field in fields) - guarded - computed - own


def hidden_fields(resolution: Resolution, model: ModelDraft, fields: Sequence[FieldDraft]) -> frozenset[str]:
    """Names of the fields that are not shown."""
    spec = model.spec
    if spec.visible is None:
        return _listed(resolution, model, "hidden", spec.hidden)
    _check_alone(resolution, model, "hidden", "visible", is_given=bool(spec.hidden))
    return frozenset(field.shown for field in fields) - _listed(resolution, model, "visible", spec.visible)


def _check_alone(resolution: Resolution, model: ModelDraft, first: str, second: str, *, is_given: bool) -> None:
    if is_given:
        at = resolution.report.key((*model.path, second))
        resolution.report.add(ConflictingKeys(*at, first, second, "each says what the other one leaves over"))


def _listed(resolution: Resolution, model: ModelDraft, key: str, names: list[str]) -> frozenset[str]:
    report = resolution.report
    for index, name in enumerate(names):
        at = report.value((*model.path, key, index))
        if name in names[:index]:
            report.add(RepeatedName(*at, name))
        elif model.find(name) is None and not model.is_broken(name):
            report.add(UnknownFieldName(*at, model.name, name, model.names))
    return frozenset(names)
