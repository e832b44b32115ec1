"""Resolves arcs: polymorphic relations with a nullable foreign key for each member, of which one is set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, TypeVar

from isomorph.catalog import (
    And,
    Check,
    ColumnRef,
    Expression,
    ForeignKey,
    Integrity,
    IsNull,
    Morph,
    Or,
    RelationKind,
    Table,
    Unique,
)
from isomorph_generator.schema.resolve.drafts import FieldDraft, ModelDraft, Resolution
from isomorph_generator.schema.resolve.pivots import pivot_foreign_key

if TYPE_CHECKING:
    from isomorph_generator.schema.errors import Position
    from isomorph_generator.schema.resolve.constraints import ConstraintNames

__all__ = ["arc_check", "arc_condition", "arc_foreign_keys", "arc_uniques", "for_each_member"]

T = TypeVar("T")


def arc_condition(columns: Sequence[str], *, nullable: bool) -> Expression:
    """That exactly one of the columns is set, or with `nullable` at most one.

    By comparisons with NULL only, which every database has: that all others are NULL holds for one of them.
    """
    refs = [ColumnRef(column) for column in columns]
    found: list[Expression] = []
    for own in refs:
        others: list[Expression] = [IsNull(other) for other in refs if other is not own]
        terms = others if nullable and others else [IsNull(own, negated=True), *others]
        found.append(terms[0] if len(terms) == 1 else And(tuple(terms)))
    if nullable and len(refs) == 1:
        found.append(IsNull(refs[0]))
    return found[0] if len(found) == 1 else Or(tuple(found))


def arc_check(
    connection: str, table: str, morph: Morph, at: Position, names: ConstraintNames, *, nullable: bool = False
) -> Check:
    """The check of an arc.

    Args:
        connection: that of the table.
        table: the one that has the columns.
        morph: the columns.
        at: what its name is made for.
        names: takes note of it.
        nullable: whether all may be NULL.
    """
    name = names.made(connection, table, [morph.name], "check", at)
    return Check(name, arc_condition(morph.columns, nullable=nullable))


def for_each_member(model: ModelDraft, fields: Sequence[tuple[FieldDraft, T]]) -> Iterator[list[tuple[FieldDraft, T]]]:
    """What a list of fields means for a unique or an index: with an arc among them, one for each of its members.

    Over all columns of an arc none would ever clash, for one of them is NULL.
    """
    named = {field.column for field, _ in fields}
    arcs = [columns for columns in _arcs_of(model) if named.issuperset(columns)]
    for chosen in product(*arcs):
        left_out = {column for columns in arcs for column in columns}.difference(chosen)
        yield [pair for pair in fields if pair[0].column not in left_out]


def _arcs_of(model: ModelDraft) -> Iterator[tuple[str, ...]]:
    """The columns of each arc in a model's table."""
    for relation in model.of_kind(RelationKind.MORPH_TO):
        if relation.ready and relation.morph is not None and relation.morph.integrity is Integrity.ARC:
            yield relation.morph.columns


# --- pivots without a model ----------------------------------------------------------------------------------------------


def arc_foreign_keys(resolution: Resolution, table: str, morph: Morph) -> list[ForeignKey]:
    """The foreign keys of a pivot table to the members of its arc."""
    found: list[ForeignKey] = []
    for member in morph.members:
        model = resolution.models[member.model]
        found.append(pivot_foreign_key(resolution, table, (morph.key_column(member),), model.table, model.key or ()))
    return found


def arc_uniques(
    table: Table, connection: str, morph: Morph, at: Position, names: ConstraintNames
) -> tuple[Unique, ...]:
    """What is unique in a pivot table with an arc, which has no key: the other side together with each member."""
    fixed = table.foreign_keys[0].columns
    keys = [(*fixed, morph.key_column(member)) for member in morph.members]
    return tuple(Unique(names.made(connection, table.name, key, "unique", at), key) for key in keys)
