"""Resolves belongs_to_many: which two relations share a pivot table, what the table is called and what stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from isomorph.catalog import Column, ForeignKey, Pivot, ReferentialAction, RelationKind, Table
from isomorph_generator.schema.errors import (
    InverseMismatch,
    KeyCountMismatch,
    NameClash,
    PivotMismatch,
    UnknownRelation,
)
from isomorph_generator.schema.naming import constraint_name, singular, snake
from isomorph_generator.schema.resolve.columns import declared_column
from isomorph_generator.schema.resolve.drafts import Key, PivotDraft, RelationDraft, Resolution
from isomorph_generator.schema.resolve.keys import check_one_connection
from isomorph_generator.schema.resolve.modifiers import text_modifiers
from isomorph_generator.schema.resolve.names import check_attribute
from isomorph_generator.schema.sources import dotted
from isomorph_generator.schema.spec import BelongsToManySpec, PivotFieldSpec

__all__ = [
    "foreign_key_columns",
    "key_columns",
    "pivot_columns",
    "pivot_foreign_key",
    "register_pivot",
    "resolve_belongs_to_many",
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

    def mirrored(self) -> _Plan:
        return _Plan(self.table, self.remote, self.local, self.fields, self.fields_from)


def resolve_belongs_to_many(resolution: Resolution) -> None:
    """Find both ends of each many-to-many relation and the pivot table between them."""
    plans: dict[tuple[str, str], _Plan | None] = {}
    for relation in resolution.relations(_KIND):
        target = relation.target
        if target is None or not check_one_connection(resolution, relation, target):
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
    tables = {_spec(relation).table, _spec(leading[0]).table} - {None}
    return leading[0] if len(tables) < 2 else None


def _plan(resolution: Resolution, relation: RelationDraft, other: RelationDraft | None) -> _Plan | None:
    """What the first of two ends, or the only one, says, with what the other adds."""
    target, model = relation.target, relation.model
    assert target is not None
    spec = _spec(relation)
    back = _spec(other) if other is not None else None
    if model.key is None or target.key is None:
        return None
    default = "_".join(sorted((snake(model.name), snake(target.name))))
    table = spec.table or (back.table if back is not None else None) or default
    remote_stem = singular(relation.name) if target is model else snake(target.name)
    local = spec.foreign_key or (back.related_key if back is not None else None)
    remote = spec.related_key or (back.foreign_key if back is not None else None)
    fields_from = other if other is not None and back is not None and spec.pivot is None else relation
    plan = _Plan(
        table,
        tuple(local) if local is not None else key_columns(snake(model.name), model.key),
        tuple(remote) if remote is not None else key_columns(remote_stem, target.key),
        _spec(fields_from).pivot or {},
        fields_from,
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


def key_columns(stem: str, key: Key) -> tuple[str, ...]:
    """Columns that hold a key in another table: `user_id`, or one per field of a composite key."""
    if len(key) == 1:
        return (f"{stem}_id",)
    return tuple(f"{stem}_{field.shown}" for field in key)


def _agreed(resolution: Resolution, relation: RelationDraft, other: RelationDraft, expected: _Plan) -> _Plan | None:
    """The plan of the other end, if nothing that this end says contradicts it."""
    spec = _spec(relation)
    difference = None
    if spec.table is not None and spec.table != expected.table:
        difference = f'its table is "{expected.table}"'
    elif spec.foreign_key is not None and tuple(spec.foreign_key) != expected.local:
        difference = f"its related_key is {', '.join(expected.local)}"
    elif spec.related_key is not None and tuple(spec.related_key) != expected.remote:
        difference = f"its foreign_key is {', '.join(expected.remote)}"
    elif spec.pivot is not None and spec.pivot != expected.fields:
        difference = "its `pivot` fields are others"
    if difference is None:
        return expected
    _told_difference(resolution, relation, spec.table or expected.table, other, difference)
    return None


def _told_difference(
    resolution: Resolution, relation: RelationDraft, table: str, other: RelationDraft, difference: str
) -> None:
    report = resolution.report
    first = report.sources.key(other.path)
    report.add(PivotMismatch(*report.key(relation.path), table, dotted(other.path), first, difference))


# --- the table -----------------------------------------------------------------------------------------------------------


def _build(resolution: Resolution, relation: RelationDraft, plan: _Plan) -> None:
    target, model = relation.target, relation.model
    assert target is not None
    if model.key is None or target.key is None:
        return
    extra = pivot_columns(resolution, plan.fields, plan.fields_from)
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
        relation.pivot = Pivot(plan.table, plan.local, plan.remote, tuple(plan.fields))
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
        check_attribute("field", name, resolution.report.key(path), resolution.report)
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
        hint = "give the pivot another `table`"
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
    _told_difference(resolution, relation, pivot.name, known.owner, f"its columns are {columns}")
    return False


def _meaning(table: Table) -> object:
    """A pivot table without regard to the side that it was written from."""
    return (
        table.name,
        sorted(table.columns, key=lambda column: column.name),
        sorted(table.primary_key),
        sorted((key.columns, key.table, key.references) for key in table.foreign_keys),
    )
