"""Resolves belongs_to_many: which two relations share a pivot table, what the table is called and what stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from isomorph.catalog import (
    Column,
    ForeignKey,
    Pivot,
    ReferentialAction,
    RelationKind,
    SqlDefault,
    Table,
)
from isomorph_generator.schema.errors import (
    InverseMismatch,
    KeyCountMismatch,
    NameClash,
    PivotMismatch,
    UnknownRelation,
)
from isomorph_generator.schema.naming import constraint_name, singular, snake
from isomorph_generator.schema.resolve.columns import declared_column
from isomorph_generator.schema.resolve.drafts import (
    TIMESTAMP,
    Key,
    ModelDraft,
    PivotDraft,
    RelationDraft,
    Resolution,
    timestamp_names,
)
from isomorph_generator.schema.resolve.modifiers import text_modifiers
from isomorph_generator.schema.resolve.names import check_attribute
from isomorph_generator.schema.resolve.pivot_models import (
    ends_of,
    is_on_one_connection,
    pivot_model,
    pivot_over,
)
from isomorph_generator.schema.sources import dotted
from isomorph_generator.schema.spec import BelongsToManySpec, PivotFieldSpec

__all__ = [
    "foreign_key_columns",
    "key_columns",
    "pivot_columns",
    "pivot_foreign_key",
    "pivot_timestamps",
    "register_pivot",
    "resolve_belongs_to_many",
    "table_pivot",
    "tell_difference",
]

_KIND = RelationKind.BELONGS_TO_MANY


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one relation, together with its other end, says about their pivot table."""

    table: str
    local: tuple[str, ...]
    remote: tuple[str, ...]
    fields: Mapping[str, PivotFieldSpec]
    fields_from: RelationDraft
    timestamps: tuple[str, str] | None = None
    timestamps_from: RelationDraft | None = None
    model: ModelDraft | None = None
    ends: tuple[RelationDraft, RelationDraft] | None = None
    """With a model: its belongs_to to this side and to the other. `local` and `remote` are their fields then."""

    def mirrored(self) -> _Plan:
        ends = None if self.ends is None else self.ends[::-1]
        return replace(self, local=self.remote, remote=self.local, ends=ends)


def resolve_belongs_to_many(resolution: Resolution) -> None:
    """Find both ends of each many-to-many relation and the pivot table between them."""
    plans: dict[tuple[str, str], _Plan | None] = {}
    for relation in resolution.relations(_KIND):
        target = relation.target
        if target is None or not is_on_one_connection(resolution, relation, target):
            continue
        other = _other_end(resolution, relation)
        relation.inverse = other.name if other is not None else None
        if other is not None and (other.model.name, other.name) in plans:
            first = plans[other.model.name, other.name]
            plan = _agreed(resolution, relation, other, first.mirrored()) if first is not None else None
        else:
            plan = _plan(resolution, relation, other)
        plans[relation.model.name, relation.name] = plan
        if plan is not None:
            _build(resolution, relation, plan)


def _spec(relation: RelationDraft) -> BelongsToManySpec:
    assert isinstance(relation.spec, BelongsToManySpec)
    return relation.spec


# --- the other end -----------------------------------------------------------------------------------------------------


def _other_end(resolution: Resolution, relation: RelationDraft) -> RelationDraft | None:
    """The relation of the target over the same pivot table: the one that either end names, or the only possible one."""
    target = relation.target
    assert target is not None
    leading = [other for other in target.of_kind(_KIND) if other.target is relation.model and other is not relation]
    name = _spec(relation).inverse
    if name is not None:
        other = target.relations.get(name)
        if other in leading:
            return other
        at = resolution.report.value(relation.path, "inverse")
        if other is None and name not in target.broken:
            resolution.report.add(UnknownRelation(*at, target.name, name, tuple(other.name for other in leading)))
        elif other is not None:
            problem = f"it is no other belongs_to_many that leads to {relation.model.name}"
            resolution.report.add(InverseMismatch(*at, name, problem))
        return None
    naming = [other for other in leading if _spec(other).inverse == relation.name]
    if naming:
        return naming[0]
    same = [other for other in relation.model.of_kind(_KIND) if other.target is target]
    if target is relation.model or len(leading) != 1 or len(same) != 1 or _spec(leading[0]).inverse is not None:
        return None
    both = (_spec(relation), _spec(leading[0]))
    tables = {spec.table for spec in both} - {None}
    models = {spec.model for spec in both} - {None}
    return leading[0] if len(tables) < 2 and len(models) < 2 else None


def _plan(resolution: Resolution, relation: RelationDraft, other: RelationDraft | None) -> _Plan | None:
    """What the first of two ends, or the only one, says, with what the other adds."""
    target, model = relation.target, relation.model
    assert target is not None
    spec = _spec(relation)
    back = _spec(other) if other is not None else None
    if model.key is None or target.key is None:
        return None
    naming = relation if spec.model is not None or other is None else other
    if _spec(naming).model is not None:
        return _plan_of_model(resolution, relation, other, naming)
    default = "_".join(sorted((snake(model.name), snake(target.name))))
    table = spec.table or (back.table if back is not None else None) or default
    remote_stem = singular(relation.name) if target is model else snake(target.name)
    local = spec.foreign_key or (back.related_key if back is not None else None)
    remote = spec.related_key or (back.foreign_key if back is not None else None)
    fields_from = other if other is not None and spec.pivot is None else relation
    timestamps_from = other if other is not None and spec.timestamps is None else relation
    plan = _Plan(
        table,
        tuple(local) if local is not None else key_columns(snake(model.name), model.key),
        tuple(remote) if remote is not None else key_columns(remote_stem, target.key),
        _spec(fields_from).pivot or {},
        fields_from,
        timestamp_names(_spec(timestamps_from).timestamps),
        timestamps_from,
    )
    for names, key, owner, option in (
        (plan.local, model.key, model, "foreign_key"),
        (plan.remote, target.key, target, "related_key"),
    ):
        if len(names) != len(key):
            at = resolution.report.value(relation.path, option)
            told = owner.shown_key(key)
            resolution.report.add(KeyCountMismatch(*at, len(names), told, len(key)))
            return None
    return plan


def _plan_of_model(
    resolution: Resolution, relation: RelationDraft, other: RelationDraft | None, naming: RelationDraft
) -> _Plan | None:
    """The plan of two ends of which one, or both, name the pivot's model."""
    model = pivot_model(resolution, naming)
    if model is None:
        return None
    spec, back = _spec(relation), _spec(other) if other is not None else None
    local = spec.foreign_key or (back.related_key if back is not None else None)
    remote = spec.related_key or (back.foreign_key if back is not None else None)
    ends = ends_of(resolution, relation, model, local, remote)
    if ends is None:
        return None
    names = [tuple(field.shown for field in end.fields) for end in ends]
    plan = _Plan(model.table, names[0], names[1], {}, naming, model=model, ends=ends)
    return plan if naming is relation else _agreed(resolution, relation, naming, plan)


def key_columns(stem: str, key: Key) -> tuple[str, ...]:
    """Columns that hold a key in another table: `user_id`, or one per field of a composite key."""
    if len(key) == 1:
        return (f"{stem}_id",)
    return tuple(f"{stem}_{field.shown}" for field in key)


def _agreed(resolution: Resolution, relation: RelationDraft, other: RelationDraft, expected: _Plan) -> _Plan | None:
    """The plan of the other end, if nothing that this end says contradicts it."""
    spec = _spec(relation)
    difference = None
    if spec.model is not None and (expected.model is None or spec.model != expected.model.name):
        difference = "it names no model" if expected.model is None else f"its model is {expected.model.name}"
    elif expected.model is not None and (spec.pivot is not None or spec.timestamps is not None):
        difference = f"its model is {expected.model.name}"
    elif spec.table is not None and spec.table != expected.table:
        difference = f'its table is "{expected.table}"'
    elif spec.foreign_key is not None and tuple(spec.foreign_key) != expected.local:
        difference = f"its related_key is {', '.join(expected.local)}"
    elif spec.related_key is not None and tuple(spec.related_key) != expected.remote:
        difference = f"its foreign_key is {', '.join(expected.remote)}"
    elif spec.pivot is not None and spec.pivot != expected.fields:
        difference = "its `pivot` fields are others"
    elif spec.timestamps is not None and timestamp_names(spec.timestamps) != expected.timestamps:
        difference = "its `timestamps` are others"
    if difference is None:
        return expected
    tell_difference(resolution, relation, spec.table or expected.table, other, difference)
    return None


def tell_difference(
    resolution: Resolution, relation: RelationDraft, table: str, other: RelationDraft, difference: str
) -> None:
    """Tell that two relations differ about a pivot table."""
    report = resolution.report
    first = report.sources.key(other.path)
    report.add(PivotMismatch(*report.key(relation.path), table, dotted(other.path), first, difference))


# --- the table -----------------------------------------------------------------------------------------------------------


def _build(resolution: Resolution, relation: RelationDraft, plan: _Plan) -> None:
    target, model = relation.target, relation.model
    assert target is not None
    if model.key is None or target.key is None:
        return
    if plan.ends is not None and plan.model is not None:
        here, there = plan.ends
        relation.local, relation.remote = here.remote, there.remote
        relation.pivot = pivot_over(plan.model, here.local, there.local)
        relation.ready = True
        return
    extra = pivot_columns(resolution, plan.fields, plan.fields_from)
    extra += pivot_timestamps(resolution, plan.timestamps, plan.timestamps_from)
    sides = ((plan.local, model.key, model.table), (plan.remote, target.key, target.table))
    columns: list[Column] = []
    foreign_keys: list[ForeignKey] = []
    for names, key, table in sides:
        side = foreign_key_columns(names, key)
        if side is None:
            return
        columns += side
        foreign_keys.append(pivot_foreign_key(resolution, plan.table, names, table, key))
    pivot = Table(
        name=plan.table,
        columns=(*columns, *extra),
        primary_key=(*plan.local, *plan.remote),
        foreign_keys=tuple(foreign_keys),
    )
    if register_pivot(resolution, relation, pivot):
        relation.local = tuple(field.column for field in model.key)
        relation.remote = tuple(field.column for field in target.key)
        relation.pivot = table_pivot(plan.table, plan.local, plan.remote, plan.fields, plan.timestamps)
        relation.ready = True


def foreign_key_columns(names: tuple[str, ...], key: Key) -> list[Column] | None:
    """Columns that hold a key; None when the type of one is not known, which was told."""
    columns: list[Column] = []
    for name, field in zip(names, key, strict=True):
        if field.type is None:
            return None
        columns.append(Column(name, field.type))
    return columns


def pivot_foreign_key(resolution: Resolution, table: str, names: tuple[str, ...], to: str, key: Key) -> ForeignKey:
    """A foreign key of a pivot table: its row goes when one of its ends goes."""
    return ForeignKey(
        name=constraint_name(table, names, "foreign", resolution.dialects),
        columns=names,
        table=to,
        references=tuple(field.column for field in key),
        on_delete=ReferentialAction.CASCADE,
    )


def pivot_columns(resolution: Resolution, fields: Mapping[str, PivotFieldSpec], owner: RelationDraft) -> list[Column]:
    """The further columns of a pivot table; those with a wrong type are left out."""
    columns: list[Column] = []
    for name, spec in fields.items():
        path = (*owner.path, "pivot", name)
        check_attribute("field", name, resolution.report.key(path), resolution.report, "pivot")
        declared = declared_column(resolution, spec, path)
        if declared.type is not None:
            collation, charset = text_modifiers(resolution, spec, declared.type, path)
            columns.append(
                Column(
                    name=name,
                    type=declared.type,
                    nullable=declared.nullable,
                    default=declared.default,
                    default_sql=declared.default_sql,
                    comment=spec.comment,
                    collation=collation,
                    charset=charset,
                )
            )
    return columns


def pivot_timestamps(
    resolution: Resolution, names: tuple[str, str] | None, owner: RelationDraft | None
) -> list[Column]:
    """The columns that `timestamps` adds to a pivot table."""
    for name in names or ():
        if owner is not None:
            at = resolution.report.value(owner.path, "timestamps")
            check_attribute("field", name, at, resolution.report, "pivot")
    return [Column(name, TIMESTAMP, default_sql=SqlDefault.NOW) for name in names or ()]


def table_pivot(
    table: str,
    local: tuple[str, ...],
    remote: tuple[str, ...],
    fields: Mapping[str, PivotFieldSpec],
    timestamps: tuple[str, str] | None,
) -> Pivot:
    """The pivot that has a table of its own."""
    created_at, updated_at = timestamps or (None, None)
    further = (*fields, *(timestamps or ()))
    return Pivot(table, local, remote, further, created_at=created_at, updated_at=updated_at)


def register_pivot(resolution: Resolution, relation: RelationDraft, pivot: Table) -> bool:
    """Take note of a pivot table; a mistake when a column or the table clashes, or another relation differs about it."""
    report = resolution.report
    names: set[str] = set()
    for column in pivot.columns:
        if column.name.lower() in names:
            at = report.key(relation.path)
            hint = "name the columns with `foreign_key` and `related_key`, and the fields in `pivot` otherwise"
            report.add(
                NameClash(*at, "column", column.name, f"in {pivot.name}", report.sources.key(relation.path), hint)
            )
            return False
        names.add(column.name.lower())
    model = resolution.tables.get((relation.model.connection, pivot.name.lower()))
    if model is not None:
        at = report.key(relation.path)
        hint = f'give the pivot another `table`, or say model = "{model.name}" if it is that'
        report.add(
            NameClash(*at, "table", pivot.name, f"that of model {model.name}", report.sources.key(model.path), hint)
        )
        return False
    known = resolution.pivots.get(pivot.name.lower())
    if known is None:
        resolution.pivots[pivot.name.lower()] = PivotDraft(pivot, relation.model.connection, relation)
        return True
    if _meaning(known.table) == _meaning(pivot) and known.connection == relation.model.connection:
        return True
    columns = ", ".join(column.name for column in known.table.columns)
    tell_difference(resolution, relation, pivot.name, known.owner, f"its columns are {columns}")
    return False


def _meaning(table: Table) -> object:
    """A pivot table without regard to the side that it was written from."""
    return (
        table.name,
        sorted(table.columns, key=lambda column: column.name),
        sorted(table.primary_key),
        sorted((key.columns, key.table, key.references) for key in table.foreign_keys),
    )
