"""Resolves the columns by which a table points to one of several models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from isomorph.catalog import ColumnType, Integrity, Kind, Morph, MorphMember, ReferentialAction
from isomorph_generator.schema.errors import InvalidKey, MorphKeyTypes
from isomorph_generator.schema.naming import snake
from isomorph_generator.schema.resolve.drafts import Key, ModelDraft, RelationDraft, Resolution

__all__ = ["morph_columns", "morph_over"]

_TYPE_COLUMN: Final = ColumnType(Kind.STRING, length=255)


def morph_columns(
    resolution: Resolution,
    relation: RelationDraft,
    members: Sequence[ModelDraft],
    keys: Sequence[Key | None],
    integrity: Integrity,
    name: str = "",
    type_column: ColumnType = _TYPE_COLUMN,
) -> dict[str, ColumnType] | None:
    """The columns by which rows point to one of several models, and their types: alias and key, or a key for each.

    Args:
        resolution: takes the mistakes.
        relation: the relation that they are told of.
        members: the models, one at least.
        keys: theirs; None for those that are wrong.
        integrity: an arc has a column for each.
        name: what the columns are called after; by default the relation.
        type_column: what the column with the alias holds.

    Returns:
        None when keys are wrong or have types that one column cannot hold, which was told.
    """
    types = _single_key_types(resolution, relation, members, keys)
    if types is None:
        return None
    name = name or relation.name
    if integrity is Integrity.ARC:
        arc = {f"{name}_{snake(member.name)}_id": types[member.name] for member in members}
        # Models whose names are alike in snake case were told of.
        return arc if len(arc) == len(members) else None
    if len(set(types.values())) > 1:
        told = tuple((model, str(type_)) for model, type_ in types.items())
        resolution.report.add(MorphKeyTypes(*resolution.report.key(relation.path), told))
        return None
    return {f"{name}_type": type_column, **dict.fromkeys([f"{name}_id"], next(iter(types.values())))}


def morph_over(
    name: str,
    columns: tuple[str, ...],
    members: Sequence[ModelDraft],
    integrity: Integrity,
    on_delete: ReferentialAction,
) -> Morph:
    """The polymorphic part of what points to members by columns that `morph_columns` made."""
    if integrity is Integrity.ARC:
        arc = tuple(
            MorphMember(member.alias, member.name, column) for member, column in zip(members, columns, strict=True)
        )
        return Morph(name, None, None, None, arc, integrity, on_delete)
    type_column, id_column = columns
    aliases = tuple(MorphMember(member.alias, member.name) for member in members)
    return Morph(name, type_column, id_column, None, aliases, integrity, on_delete)


def _single_key_types(
    resolution: Resolution, relation: RelationDraft, members: Sequence[ModelDraft], keys: Sequence[Key | None]
) -> dict[str, ColumnType] | None:
    """The types of the members' keys, by model; None when there are no members or keys are wrong, which was told."""
    types: dict[str, ColumnType] = {}
    for member, key in zip(members, keys, strict=True):
        if key is None or any(field.type is None for field in key):
            return None
        first, *others = key
        if others:
            hint = "give it a key of one field; a morph_to stores one"
            at = resolution.report.key(relation.path)
            resolution.report.add(InvalidKey(*at, f"the key of {member.name} has {len(key)} fields", hint))
            return None
        if first.type is not None:
            types[member.name] = first.type
    return types or None
