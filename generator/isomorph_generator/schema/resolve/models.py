"""Starts the drafts: models with their tables and aliases, fields and relations of their own and of their mixins."""

from __future__ import annotations

from typing import Final

from isomorph.catalog import RelationKind, SqlDefault
from isomorph_generator.schema.errors import (
    InvalidMorphAlias,
    NameClash,
    RepeatedName,
    UndeclaredConnection,
    UnknownMixin,
    UnknownModel,
)
from isomorph_generator.schema.naming import plural, snake
from isomorph_generator.schema.resolve.columns import declared_field
from isomorph_generator.schema.resolve.drafts import TIMESTAMP, FieldDraft, ModelDraft, RelationDraft, Resolution
from isomorph_generator.schema.scan import Path
from isomorph_generator.schema.spec import RELATION_KINDS, MixinSpec, ModelSpec, RelationSpec

__all__ = ["start_models", "timestamp_fields"]

_LONGEST_ALIAS: Final = 255
_KINDS = {spec: RelationKind(name) for name, spec in RELATION_KINDS.items()}


def start_models(resolution: Resolution) -> None:
    """Make a draft of each model, and find the target of each relation."""
    aliases = _aliases(resolution)
    for name, spec in resolution.spec.models.items():
        model = ModelDraft(
            name=name,
            spec=spec,
            path=("models", name),
            table=spec.table if spec.table is not None else plural(snake(name)),
            connection=spec.connection or "default",
            alias=aliases.get(name, snake(name)),
        )
        resolution.models[name] = model
        resolution.tables.setdefault((model.connection, model.table.lower()), model)
        model.broken = {str(path[3]) for path in resolution.removed if path[:2] == model.path and len(path) == 4}
        _add_members(resolution, model, spec, model.path)
        for mixin_name, mixin in _mixins(resolution, model):
            _add_members(resolution, model, mixin, ("mixins", mixin_name))
        _check_connection(resolution, model)
    for model in resolution.models.values():
        for relation in model.relations.values():
            relation.target = _target(resolution, relation)
    _check_unused_mixins(resolution)


def _aliases(resolution: Resolution) -> dict[str, str]:
    """What `*_type` columns store, by model, where the morph map says so."""
    report, models = resolution.report, resolution.spec.models
    aliases: dict[str, str] = {}
    for alias, name in resolution.spec.morph_map.items():
        path = ("morph_map", alias)
        if name not in models:
            if not resolution.is_removed("models", name):
                report.add(UnknownModel(*report.value(path), name, tuple(models)))
        elif name in aliases:
            hint = "remove one of the two"
            report.add(InvalidMorphAlias(*report.key(path), alias, f'is the second one for "{name}"', hint))
        elif not 0 < len(alias) <= _LONGEST_ALIAS or "\0" in alias:
            hint = f"1 to {_LONGEST_ALIAS} characters"
            report.add(InvalidMorphAlias(*report.key(path), alias, "cannot be stored", hint))
        else:
            aliases[name] = alias
    stored = {aliases[name]: name for name in aliases}
    for name in models:
        if name not in aliases and (other := stored.get(snake(name))) is not None:
            at = report.key(("morph_map", snake(name)))
            hint = f"take another alias, or give {name} one too"
            report.add(InvalidMorphAlias(*at, snake(name), f'is already what model "{name}" is stored as', hint))
            stored.pop(snake(name), other)
    return aliases


def _mixins(resolution: Resolution, model: ModelDraft) -> list[tuple[str, MixinSpec]]:
    report, known = resolution.report, resolution.spec.mixins
    found: dict[str, MixinSpec] = {}
    for index, name in enumerate(model.spec.mixins):
        at = report.value((*model.path, "mixins", index))
        if name in found:
            report.add(RepeatedName(*at, name))
        elif name in known:
            found[name] = known[name]
            model.broken |= {
                str(path[3]) for path in resolution.removed if path[:2] == ("mixins", name) and len(path) == 4
            }
        elif not resolution.is_removed("mixins", name):
            report.add(UnknownMixin(*at, name, tuple(known)))
    return list(found.items())


def _add_members(resolution: Resolution, model: ModelDraft, spec: ModelSpec | MixinSpec, path: Path) -> None:
    """Give a model the fields and relations that it declares, or that one of its mixins does."""
    for name, field_spec in spec.fields.items():
        here = (*path, "fields", name)
        if _is_free(resolution, model, name, here, "field"):
            model.fields[name] = declared_field(resolution, name, field_spec, here)
            _remember_origin(resolution, model, "fields", name, here)
    for name, relation_spec in spec.relations.items():
        here = (*path, "relations", name)
        if _is_free(resolution, model, name, here, "relation"):
            kind = _KINDS[type(relation_spec)]
            model.relations[name] = RelationDraft(name, kind, relation_spec, here, model)
            _remember_origin(resolution, model, "relations", name, here)


def _remember_origin(resolution: Resolution, model: ModelDraft, section: str, name: str, here: Path) -> None:
    if here[:2] != model.path:
        resolution.report.sources.aliases[(*model.path, section, name)] = here


def _is_free(resolution: Resolution, model: ModelDraft, name: str, here: Path, kind: str) -> bool:
    """Whether no earlier part of the model has the name. Clashes inside of one part are told with the names."""
    other = model.fields.get(name) or model.relations.get(name)
    if other is None:
        return True
    if other.path[:2] != here[:2]:
        report = resolution.report
        what = f"{'a field' if isinstance(other, FieldDraft) else 'a relation'} of model {model.name}"
        first = report.sources.key(other.path)
        report.add(NameClash(*report.key(here), kind, name, what, first, "rename one of the two"))
    return False


def _check_connection(resolution: Resolution, model: ModelDraft) -> None:
    known = tuple(resolution.spec.connections) or ("default",)
    if model.connection in known or resolution.is_removed("connections", model.connection):
        return
    report = resolution.report
    at = report.key(model.path) if model.spec.connection is None else report.value((*model.path, "connection"))
    report.add(UndeclaredConnection(*at, model.connection, known))


def _target_name(spec: RelationSpec, kind: RelationKind) -> tuple[str, bool]:
    """The name of the model that a relation leads to, and whether a `?` makes it optional."""
    text = str(getattr(spec, kind.value))
    if kind is RelationKind.BELONGS_TO and text.endswith("?"):
        return text[:-1], True
    return text, False


def _target(resolution: Resolution, relation: RelationDraft) -> ModelDraft | None:
    if relation.kind is RelationKind.MORPH_TO:
        return None
    name, optional = _target_name(relation.spec, relation.kind)
    relation.nullable = optional or relation.kind is not RelationKind.BELONGS_TO
    return _named_model(resolution, name, (*relation.path, relation.kind.value), relation.path)


def _named_model(resolution: Resolution, name: str, path: Path, shown: Path) -> ModelDraft | None:
    target = resolution.models.get(name)
    if target is None and not resolution.is_removed("models", name):
        at = resolution.report.value(shown, *path[len(shown) :])
        resolution.report.add(UnknownModel(*at, name, tuple(resolution.models)))
    return target


def _check_unused_mixins(resolution: Resolution) -> None:
    """Fields and relations of mixins that no model uses are judged too."""
    used = {name for spec in resolution.spec.models.values() for name in spec.mixins}
    for name, mixin in resolution.spec.mixins.items():
        if name in used:
            continue
        for field, spec in mixin.fields.items():
            declared_field(resolution, field, spec, ("mixins", name, "fields", field))
        for relation, relation_spec in mixin.relations.items():
            kind = _KINDS[type(relation_spec)]
            if kind is not RelationKind.MORPH_TO:
                path = ("mixins", name, "relations", relation)
                _named_model(resolution, _target_name(relation_spec, kind)[0], (*path, kind.value), path)


# --- timestamps --------------------------------------------------------------------------------------------------------


def timestamp_fields(model: ModelDraft) -> list[FieldDraft]:
    """The fields that `timestamps` adds."""
    names = model.timestamps or ()
    path = (*model.path, "timestamps")
    return [FieldDraft(name, name, TIMESTAMP, path, default_sql=SqlDefault.NOW) for name in names]
