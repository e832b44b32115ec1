"""Resolves morph_to_many and morphed_by_many: relations of one name and one fixed model share a polymorphic pivot table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from isomorph.catalog import Column, ColumnType, Kind, Morph, Pivot, RelationKind, Table
from isomorph_generator.schema.errors import PivotMismatch
from isomorph_generator.schema.naming import plural, snake
from isomorph_generator.schema.resolve.drafts import ModelDraft, RelationDraft, Resolution
from isomorph_generator.schema.resolve.keys import check_one_connection, single_key_type
from isomorph_generator.schema.resolve.names import check_attribute
from isomorph_generator.schema.resolve.pivots import (
    foreign_key_columns,
    key_columns,
    pivot_columns,
    pivot_foreign_key,
    register_pivot,
)
from isomorph_generator.schema.sources import dotted
from isomorph_generator.schema.spec import MorphedByManySpec, MorphToManySpec, PivotFieldSpec

__all__ = ["resolve_morph_pivots"]

_TYPE_COLUMN: Final = ColumnType(Kind.STRING, length=255)


def resolve_morph_pivots(resolution: Resolution) -> None:
    """Build the pivot table of each group of relations, and fill them."""
    groups: dict[tuple[str, str], list[RelationDraft]] = {}
    for relation in resolution.relations(RelationKind.MORPH_TO_MANY, RelationKind.MORPHED_BY_MANY):
        if relation.target is None or not check_one_connection(resolution, relation, relation.target):
            continue
        name = _spec(relation).name
        if check_attribute("morph", name, resolution.report.value(relation.path, "name"), resolution.report):
            groups.setdefault((_fixed(relation).name, name), []).append(relation)
    for (fixed, name), relations in groups.items():
        _resolve_group(resolution, resolution.models[fixed], name, relations)


def _spec(relation: RelationDraft) -> MorphToManySpec | MorphedByManySpec:
    assert isinstance(relation.spec, MorphToManySpec | MorphedByManySpec)
    return relation.spec


def _ends(relation: RelationDraft) -> tuple[ModelDraft, ModelDraft]:
    """The model that is the same for all relations of the group, and the one of several."""
    assert relation.target is not None
    if relation.kind is RelationKind.MORPH_TO_MANY:
        return relation.target, relation.model
    return relation.model, relation.target


def _fixed(relation: RelationDraft) -> ModelDraft:
    return _ends(relation)[0]


def _resolve_group(resolution: Resolution, fixed: ModelDraft, name: str, relations: list[RelationDraft]) -> None:
    table_name, fields, fields_from = _agreed(resolution, name, relations)
    members = list({member.name: member for _, member in map(_ends, relations)}.values())
    key_type = single_key_type(resolution, relations[0], members, [member.key for member in members])
    if key_type is None or fixed.key is None:
        return
    fixed_names = key_columns(snake(fixed.name), fixed.key)
    fixed_columns = foreign_key_columns(fixed_names, fixed.key)
    if fixed_columns is None:
        return
    type_column, id_column = f"{name}_type", f"{name}_id"
    extra = pivot_columns(resolution, fields, fields_from)
    table = Table(
        name=table_name,
        columns=(*fixed_columns, Column(type_column, _TYPE_COLUMN), Column(id_column, key_type), *extra),
        primary_key=(*fixed_names, type_column, id_column),
        foreign_keys=(pivot_foreign_key(resolution, table_name, fixed_names, fixed.table, fixed.key),),
    )
    if not register_pivot(resolution, relations[0], table):
        return
    for relation in relations:
        _, member = _ends(relation)
        sides = (fixed_names, (id_column,))
        local, remote = (
            sides if relation.model is fixed and relation.kind is RelationKind.MORPHED_BY_MANY else sides[::-1]
        )
        assert relation.target is not None
        relation.local = tuple(field.column for field in relation.model.key or ())
        relation.remote = tuple(field.column for field in relation.target.key or ())
        relation.pivot = Pivot(table_name, local, remote, tuple(fields))
        relation.morph = Morph(name, type_column, id_column, member.alias)
        relation.inverse = _inverse(relation, relations)
        relation.ready = True


def _inverse(relation: RelationDraft, relations: list[RelationDraft]) -> str | None:
    leading = [other.name for other in relations if other.kind is not relation.kind and _ends(other) == _ends(relation)]
    return leading[0] if len(leading) == 1 else None


def _agreed(
    resolution: Resolution, name: str, relations: list[RelationDraft]
) -> tuple[str, Mapping[str, PivotFieldSpec], RelationDraft]:
    """The table and its further fields; a mistake when two relations of the group say different things."""
    naming = [relation for relation in relations if _spec(relation).table is not None]
    extending = [relation for relation in relations if _spec(relation).pivot is not None]
    for told, same in ((naming, "table"), (extending, "pivot")):
        for relation in told[1:]:
            if getattr(_spec(relation), same) != getattr(_spec(told[0]), same):
                report = resolution.report
                first = report.sources.key(told[0].path)
                table = _spec(relation).table or plural(name)
                difference = (
                    f'its table is "{_spec(told[0]).table}"' if same == "table" else "its `pivot` fields are others"
                )
                at = report.key(relation.path)
                report.add(PivotMismatch(*at, table, dotted(told[0].path), first, difference))
    table = (_spec(naming[0]).table if naming else None) or plural(name)
    fields_from = extending[0] if extending else relations[0]
    return table, _spec(fields_from).pivot or {}, fields_from
