"""Resolves the integrity of polymorphic relations: who wants it, what a database cannot keep, the guards and their checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isomorph.catalog import (
    And,
    Check,
    ColumnRef,
    Expression,
    GuardMember,
    In,
    Integrity,
    IsNull,
    Literal,
    Morph,
    MorphGuard,
    Or,
    ReferentialAction,
    RelationKind,
)
from isomorph_generator.schema.errors import CrossConnection, Position, RequiredForeignKey, UnkeptIntegrity
from isomorph_generator.schema.resolve.drafts import ModelDraft, RelationDraft, Resolution
from isomorph_generator.schema.scan import Path
from isomorph_generator.schema.spec import BelongsToSpec, MorphToSpec

if TYPE_CHECKING:
    from isomorph_generator.schema.resolve.constraints import ConstraintNames

__all__ = ["check_integrity", "guarded", "integrity_of"]


def integrity_of(
    resolution: Resolution, relation: RelationDraft, members: Sequence[ModelDraft]
) -> tuple[Integrity, ReferentialAction]:
    """What a morph_to says about rows that point to nothing, or its model or the project for it."""
    spec, model, report = relation.spec, relation.model, resolution.report
    assert isinstance(spec, MorphToSpec)
    said = spec.integrity or model.spec.integrity or resolution.spec.project.integrity
    on_delete = spec.on_delete or "no action"
    if said == "none":
        if spec.on_delete is not None:
            problem = f'nothing carries out on_delete = "{on_delete}"'
            hint = 'add integrity = "triggers" or "arc", or drop `on_delete`'
            report.add(UnkeptIntegrity(*report.value(relation.path, "on_delete"), problem, hint))
        return Integrity.NONE, ReferentialAction.NO_ACTION
    elsewhere = [member for member in members if member.connection != model.connection]
    arc = said == "arc"
    if elsewhere:
        at = report.key(relation.path) if spec.integrity is None else report.value(relation.path, "integrity")
        what = "foreign keys" if arc else "triggers"
        other, problem, hint = elsewhere[0], f"{what} are in one database", 'say integrity = "none"'
        names = (model.name, model.connection, other.name, other.connection)
        report.add(CrossConnection(*at, *names, problem, hint))
    if on_delete == "set null" and not spec.nullable:
        at = report.value(relation.path, "on_delete")
        hint = "add nullable = true, or write another on_delete"
        report.add(RequiredForeignKey(*at, f'"{relation.name}" may not be NULL', hint))
    elif arc and on_delete == "set null" and "mysql" in resolution.dialects:
        at = report.value(relation.path, "on_delete")
        problem = (
            'on MySQL and MariaDB no check may name a column that on_delete = "set null" writes, and an arc needs one'
        )
        hint = 'say integrity = "triggers", write another on_delete, or take "mysql" out of `dialects`'
        report.add(UnkeptIntegrity(*at, problem, hint))
    return Integrity(said), ReferentialAction(on_delete)


# --- what MySQL and MariaDB cannot keep ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Guarded:
    """What a guard is made for.

    Attributes:
        path: the relation that says so.
        name: in messages: `Comment.commentable`, or the pivot's table.
        morph: with its members.
        model: whose table has the columns; None for a pivot without a model.
    """

    path: Path
    name: str
    morph: Morph
    model: ModelDraft | None = None

    def members(self, resolution: Resolution) -> Iterator[ModelDraft]:
        return (resolution.models[member.model] for member in self.morph.members)


def check_integrity(resolution: Resolution) -> None:
    """Refuse what the triggers of a database of the project do not see, or may not do."""
    if "mysql" not in resolution.dialects:
        return
    guarded = list(_all_guarded(resolution))
    for item in guarded:
        for member in item.members(resolution):
            _check_foreign_keys(resolution, item, member)
    _check_circles(resolution, guarded)


def _all_guarded(resolution: Resolution) -> Iterator[_Guarded]:
    for relation in resolution.relations(RelationKind.MORPH_TO):
        if relation.ready and relation.morph is not None and relation.morph.integrity is Integrity.TRIGGERS:
            name = f"{relation.model.name}.{relation.name}"
            yield _Guarded(relation.path, name, relation.morph, relation.model)
    for pivot in resolution.pivots.values():
        if pivot.morph is not None and pivot.morph.integrity is Integrity.TRIGGERS:
            yield _Guarded(pivot.owner.path, pivot.table.name, pivot.morph)


def _check_foreign_keys(resolution: Resolution, item: _Guarded, member: ModelDraft) -> None:
    """The rows of a member go, and change their keys, by statements only: what a foreign key does there fires no trigger."""
    for relation in member.of_kind(RelationKind.BELONGS_TO, RelationKind.MORPH_TO):
        rule = _cascades(member, relation)
        if rule is None or not relation.ready or relation.crosses:
            continue
        does = "deletes rows" if rule == "on_delete" else "changes keys"
        problem = (
            f'on MySQL and MariaDB {rule} = "cascade" {does} of {member.name} without firing triggers, so that {item.name} '
            "would point to nothing"
        )
        hint = f'write another {rule}, say integrity = "none" for {item.name}, or take "mysql" out of `dialects`'
        at = resolution.report.value(relation.path, rule)
        resolution.report.add(UnkeptIntegrity(*at, problem, hint))


def _cascades(member: ModelDraft, relation: RelationDraft) -> str | None:
    """The rule by which a foreign key of a relation deletes rows of a model, or changes their keys; None if none does."""
    if not isinstance(relation.spec, BelongsToSpec):
        morph = relation.morph
        arc = morph is not None and morph.integrity is Integrity.ARC and morph.on_delete is ReferentialAction.CASCADE
        return "on_delete" if arc else None
    key = {field.column for field in member.key or ()}
    if relation.spec.on_delete == "cascade":
        return "on_delete"
    return "on_update" if relation.spec.on_update == "cascade" and key & set(relation.local) else None


def _check_circles(resolution: Resolution, guarded: Sequence[_Guarded]) -> None:
    """A trigger may not write to a table that the statement behind it writes to (error 1442)."""
    below: dict[str, set[str]] = {}
    for item in guarded:
        if item.model is not None and item.morph.on_delete is ReferentialAction.CASCADE:
            for member in item.morph.members:
                below.setdefault(member.model, set()).add(item.model.name)
    for item in guarded:
        if item.model is None or item.morph.on_delete not in (ReferentialAction.CASCADE, ReferentialAction.SET_NULL):
            continue
        reached = _reached(item.model.name, below)
        circle = [member.model for member in item.morph.members if member.model in reached]
        if circle:
            action = item.morph.on_delete.value
            problem = (
                f'on MySQL and MariaDB on_delete = "{action}" leads from {circle[0]} back to it, and a trigger may not change '
                "a table whose rows are being deleted"
            )
            hint = 'write on_delete = "restrict", or take "mysql" out of `dialects`'
            at = resolution.report.value(item.path, "on_delete")
            resolution.report.add(UnkeptIntegrity(*at, problem, hint))


def _reached(start: str, below: dict[str, set[str]]) -> set[str]:
    """The models whose rows go with those of one, itself among them."""
    found, waiting = {start}, [start]
    while waiting:
        further = below.get(waiting.pop(), set()) - found
        found |= further
        waiting += further
    return found


# --- guards --------------------------------------------------------------------------------------------------------------


def guarded(
    resolution: Resolution,
    connection: str,
    table: str,
    morph: Morph,
    at: Position,
    names: ConstraintNames,
    *,
    nullable: bool = False,
) -> tuple[list[Check], MorphGuard]:
    """The checks and the guard of a type and an id column.

    Args:
        resolution: with the members' models.
        connection: that of the table.
        table: the one that has the columns.
        morph: the columns, and the members.
        at: what the names are made for.
        names: takes note of them.
        nullable: whether both may be NULL.
    """
    assert morph.type_column is not None  # an arc needs no guard
    assert morph.id_column is not None
    type_, id_ = ColumnRef(morph.type_column), ColumnRef(morph.id_column)

    def check(columns: Sequence[str], condition: Expression) -> Check:
        return Check(names.made(connection, table, columns, "check", at), condition)

    checks = [check([type_.name], In(type_, tuple(Literal(member.alias) for member in morph.members)))]
    if nullable:
        none = And((IsNull(type_), IsNull(id_)))
        both = And((IsNull(type_, negated=True), IsNull(id_, negated=True)))
        checks.append(check([type_.name, id_.name], Or((none, both))))
    members: list[GuardMember] = []
    for member in morph.members:
        model = resolution.models[member.model]
        members += [GuardMember(member.alias, model.table, field.column) for field in model.key or ()]
    name = names.made(connection, table, [morph.name], "guard", at)
    return checks, MorphGuard(name, morph.type_column, morph.id_column, tuple(members), morph.on_delete)
