"""Runs the stages of resolving and puts the catalog together from the drafts."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from dataclasses import dataclass, replace

from isomorph.catalog import Catalog, Column, Field, Integrity, Model, Relation, RelationKind, Table
from isomorph_generator.schema.errors import (
    InvalidName,
    NameClash,
    RepeatedName,
)
from isomorph_generator.schema.expressions import Known, Vocabulary
from isomorph_generator.schema.naming import module_name
from isomorph_generator.schema.renames import Renames
from isomorph_generator.schema.report import Report
from isomorph_generator.schema.resolve.arcs import arc_check, arc_uniques
from isomorph_generator.schema.resolve.constraints import ConstraintNames, model_constraints, pivot_indexes
from isomorph_generator.schema.resolve.drafts import FieldDraft, ModelDraft, RelationDraft, Resolution
from isomorph_generator.schema.resolve.enums import resolved_enums
from isomorph_generator.schema.resolve.integrity import check_integrity, guarded
from isomorph_generator.schema.resolve.keys import resolve_keys
from isomorph_generator.schema.resolve.listing import fillable_fields, hidden_fields
from isomorph_generator.schema.resolve.models import start_models, timestamp_fields
from isomorph_generator.schema.resolve.modifiers import modify, mutator_of, table_options, version_field
from isomorph_generator.schema.resolve.morph_members import morph_aliases, morph_members
from isomorph_generator.schema.resolve.morph_pivots import resolve_morph_pivots
from isomorph_generator.schema.resolve.names import (
    check_attribute,
    check_class_names,
    check_fields_and_relations,
    check_scopes,
)
from isomorph_generator.schema.resolve.objects import resolved_objects, timestamp_triggers
from isomorph_generator.schema.resolve.pivots import resolve_belongs_to_many
from isomorph_generator.schema.resolve.relations import (
    resolve_has,
    resolve_inverses,
    resolve_morph_has,
)
from isomorph_generator.schema.resolve.renames import resolved_renames
from isomorph_generator.schema.resolve.scopes import check_shared_scopes, resolved_scopes, scope_methods
from isomorph_generator.schema.resolve.tables import check_columns, check_tables
from isomorph_generator.schema.resolve.through import resolve_through
from isomorph_generator.schema.resolve.wishes import resolve_wishes
from isomorph_generator.schema.scan import Path
from isomorph_generator.schema.spec import SchemaSpec
from isomorph_generator.schema.types import Types

__all__ = ["resolved_catalog"]


def resolved_catalog(
    spec: SchemaSpec, dialects: tuple[str, ...], removed: frozenset[Path], report: Report
) -> tuple[Catalog, Mapping[str, Renames]]:
    """Resolve a schema, and what its parts were called by connection; of no use when the report has mistakes afterwards.

    Args:
        spec: the checked shape.
        dialects: those of the project.
        removed: paths that were taken out for being wrong.
        report: takes the mistakes.
    """
    check_class_names(spec, report)
    check_fields_and_relations(spec, report)
    check_scopes(spec, report)
    enums = resolved_enums(spec, report)
    resolution = Resolution(spec, report, dialects, enums, Types(enums, dialects), removed)
    start_models(resolution)
    resolve_keys(resolution, morph_members(resolution))
    resolve_has(resolution)
    resolve_morph_has(resolution)
    resolve_belongs_to_many(resolution)
    resolve_morph_pivots(resolution)
    resolve_through(resolution)
    resolve_inverses(resolution)
    check_integrity(resolution)
    return _catalog(resolution), resolved_renames(resolution)


def _catalog(resolution: Resolution) -> Catalog:
    names = ConstraintNames(resolution)
    check_tables(resolution)
    completed = [_completed(resolution, model) for model in resolution.models.values()]
    resolve_wishes(resolution)
    models = tuple(_model(resolution, item, names) for item in completed)
    check_shared_scopes(resolution)
    pivots: list[tuple[str, Table]] = []
    for pivot in sorted(resolution.pivots.values(), key=lambda pivot: pivot.table.name):
        at = resolution.report.sources.key(pivot.owner.path)
        table, morph = pivot.table, pivot.morph
        if morph is not None and morph.type_column is not None:
            table = replace(table, aliases=(morph_aliases(resolution, morph),))
        if morph is not None and morph.integrity is Integrity.ARC:
            check = arc_check(pivot.connection, table.name, morph, at, names)
            table = replace(table, checks=(check,), uniques=arc_uniques(table, pivot.connection, morph, at, names))
        elif morph is not None and morph.integrity is Integrity.TRIGGERS:
            checks, guard = guarded(resolution, pivot.connection, table.name, morph, at, names)
            table = replace(table, checks=tuple(checks), guards=(guard,))
        indexes = pivot_indexes(table, pivot.connection, names, at)
        pivots.append((pivot.connection, replace(table, indexes=indexes)))
    tables = {(model.connection, model.table.name): model.table for model in models}
    tables |= {(connection, table.name): table for connection, table in pivots}
    objects = (*resolved_objects(resolution), *timestamp_triggers(resolution, tables))
    return Catalog(models, tuple(resolution.enums.values()), tuple(pivots), objects=objects)


# --- models --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Completed:
    """A model with all its fields: in the order of the table, the timestamps and the version among them."""

    draft: ModelDraft
    fields: list[FieldDraft]
    timestamps: list[FieldDraft]
    version: FieldDraft | None
    vocabulary: Vocabulary


def _completed(resolution: Resolution, model: ModelDraft) -> _Completed:
    version = version_field(resolution, model)
    timestamps = _timestamps(resolution, model)
    fields = [*_fields_in_order(model), *timestamps]
    model.fields.update((field.name, field) for field in timestamps)
    check_columns(resolution, fields)
    vocabulary = _vocabulary(resolution, model, fields)
    for field in fields:
        modify(resolution, model, field, vocabulary)
    return _Completed(model, fields, timestamps, version, vocabulary)


def _model(resolution: Resolution, completed: _Completed, names: ConstraintNames) -> Model:
    model, fields, version = completed.draft, completed.fields, completed.version
    vocabulary = completed.vocabulary
    spec = model.spec
    fillable = fillable_fields(resolution, model, fields, version)
    hidden = hidden_fields(resolution, model, fields)
    engine, charset, collation = table_options(resolution, model)
    made = model_constraints(resolution, model, fields, vocabulary, names)
    table = Table(
        name=model.table,
        columns=tuple(_column(field) for field in fields if field.type is not None),
        primary_key=tuple(field.column for field in model.key or ()),
        uniques=tuple(made.uniques),
        indexes=tuple(made.indexes),
        foreign_keys=tuple(made.foreign_keys),
        checks=tuple(made.checks),
        guards=tuple(made.guards),
        comment=spec.comment,
        engine=engine,
        charset=charset,
        collation=collation,
        aliases=tuple(
            morph_aliases(resolution, relation.morph)
            for relation in model.of_kind(RelationKind.MORPH_TO)
            if relation.ready and relation.morph is not None and relation.morph.type_column is not None
        ),
    )
    scopes = resolved_scopes(resolution, model, vocabulary)
    created_at, updated_at = (field.name for field in completed.timestamps) if completed.timestamps else (None, None)
    return Model(
        name=model.name,
        table=table,
        fields=tuple(_field(field, fillable, hidden, mutator_of(resolution, model, field)) for field in fields),
        relations=tuple(_relation(relation) for relation in model.relations.values()),
        connection=model.connection,
        doc=spec.doc,
        scopes=scopes,
        scope_methods=scope_methods(resolution, model, scopes),
        mixins=tuple(dict.fromkeys(spec.mixins)),
        behaviour=_behaviour(resolution, model, "behaviour", spec.behaviour),
        query_behaviour=_behaviour(resolution, model, "query_behaviour", spec.query_behaviour),
        created_at=created_at,
        updated_at=updated_at,
        version=None if version is None else version.name,
        morph_alias=model.alias,
        module=module_name(model.name),
    )


def _fields_in_order(model: ModelDraft) -> list[FieldDraft]:
    """The key, declared fields, then those that relations add, in the order of the relations."""
    order = {name: number for number, name in enumerate(model.relations)}
    added = sorted(model.added.values(), key=lambda field: order.get(field.relation or "", 0))
    key = list(model.key or ())
    return key + [field for field in (*model.fields.values(), *added) if field not in key]


def _timestamps(resolution: Resolution, model: ModelDraft) -> list[FieldDraft]:
    """The fields that `timestamps` adds; none when a name is taken."""
    report, fields = resolution.report, timestamp_fields(model)
    for number, field in enumerate(fields):
        at = report.value(field.path, ("created_at", "updated_at")[number])
        other = model.fields.get(field.name) or model.relations.get(field.name) or model.added.get(field.name)
        if not check_attribute("field", field.name, at, report, "model"):
            return []
        if other is not None:
            hint = "remove or rename the other, or rename the timestamp"
            report.add(NameClash(*at, "field", field.name, "declared", report.sources.key(other.path), hint))
            return []
    if len(fields) == 2 and fields[0].name == fields[1].name:
        report.add(RepeatedName(*report.value(fields[1].path, "updated_at"), fields[1].name))
        return []
    return fields


def _vocabulary(resolution: Resolution, model: ModelDraft, fields: list[FieldDraft]) -> Vocabulary:
    known = {field.shown: Known(field.column, field.type, field.nullable) for field in fields}
    return Vocabulary(model.name, known, resolution.enums, broken=model.is_broken)


def _behaviour(resolution: Resolution, model: ModelDraft, key: str, text: str | None) -> str | None:
    """`module:Class`; whether it exists is seen when code is generated."""
    if text is not None:
        module, colon, name = text.partition(":")
        parts = [*module.split("."), name]
        if not colon or not all(part.isidentifier() and not keyword.iskeyword(part) for part in parts):
            at = resolution.report.value((*model.path, key))
            hint = 'write "module:Class", such as "app.users:UserBehaviour"'
            resolution.report.add(InvalidName(*at, key, text, "it names no class of a module", hint))
    return text


def _column(field: FieldDraft) -> Column:
    assert field.type is not None
    return Column(
        name=field.column,
        type=field.type,
        nullable=field.nullable,
        default=field.default,
        default_sql=field.default_sql,
        auto_increment=field.auto_increment,
        comment=field.spec.comment if field.spec is not None else None,
        generated=field.generated,
        collation=field.collation,
        charset=field.charset,
        after=field.after,
        first=field.first,
    )


def _field(field: FieldDraft, fillable: frozenset[str], hidden: frozenset[str], mutator: str | None) -> Field:
    spec = field.spec
    return Field(
        name=field.name,
        column=field.column,
        doc=spec.doc if spec is not None else None,
        hidden=field.shown in hidden,
        fillable=field.shown in fillable,
        minimum=spec.min if spec is not None else None,
        maximum=spec.max if spec is not None else None,
        pattern=spec.pattern if spec is not None else None,
        trim=spec is not None and spec.trim,
        mutator=mutator,
        default_code=field.default_code,
    )


def _relation(relation: RelationDraft) -> Relation:
    return Relation(
        name=relation.name,
        kind=relation.kind,
        target=relation.target.name if relation.target is not None else None,
        local=relation.local,
        remote=relation.remote,
        nullable=relation.nullable,
        pivot=relation.pivot,
        morph=relation.morph,
        through=relation.through,
        inverse=relation.inverse,
        doc=relation.spec.doc,
        one_of=relation.one_of,
        default=relation.default,
        touches=relation.touches,
        crosses=relation.crosses,
    )
