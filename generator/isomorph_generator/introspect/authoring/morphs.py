"""Polymorphic pairs, `x_type` beside `x_id`: found by their columns, and by what their rows say they lead to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from isomorph.catalog import (
    TEXTS,
    Column,
    GuardMember,
    In,
    Kind,
    Literal,
    MorphGuard,
    ReferentialAction,
    Table,
    columns_of,
)
from isomorph_generator.introspect.authoring.choices import Note, Part, PartKind
from isomorph_generator.introspect.authoring.drafts import Draft, ModelDraft, MorphTo, RelationLine
from isomorph_generator.introspect.authoring.fields import pivot_entry
from isomorph_generator.introspect.authoring.naming import is_attribute, plain, table_words
from isomorph_generator.introspect.authoring.pivots import timestamps_of
from isomorph_generator.schema.naming import constraint_name, plural, snake

__all__ = [
    "MOST_ALIASES",
    "Aliases",
    "add_morph_has",
    "add_morph_pivots",
    "add_morph_to",
    "guard_members",
    "is_morph_pivot",
    "pairs_of",
]

Aliases: TypeAlias = Callable[[str, str], Sequence[str]]
"""Gives what the rows of a table hold in a column, each value once: table, column."""

MOST_ALIASES: Final = 100
"""A column with more values than that says something else than to which model its row belongs."""
_TYPE: Final = "string(255)"
_SEPARATORS = re.compile(r"\\|::|/|\.")


@dataclass(frozen=True, slots=True)
class Pair:
    """The columns of a polymorphic relation, and the name that they share."""

    name: str
    type: Column
    id: Column


def pairs_of(table: Table) -> Iterator[Pair]:
    """The pairs of columns that look like those of a polymorphic relation."""
    columns = {plain(column.name): column for column in table.columns}
    keyed = {name for key in table.foreign_keys for name in key.columns}
    for words, column in columns.items():
        stem = words.removesuffix("_type")
        other = columns.get(f"{stem}_id")
        if stem in ("", words) or other is None or {column.name, other.name} & keyed:
            continue
        if column.type.kind in TEXTS and column.generated is None:
            yield Pair(stem, column, other)


def guard_members(table: Table, guard: MorphGuard) -> tuple[GuardMember, ...]:
    """The members of a guard in the order of the check that comes with it, which is that of the models."""
    listed = [check.expression for check in table.checks if columns_of(check.expression) == (guard.type_column,)]
    for expression in listed:
        if isinstance(expression, In):
            order = [item.value for item in expression.items if isinstance(item, Literal)]
            if sorted(map(str, order)) == sorted(member.alias for member in guard.members):
                return tuple(sorted(guard.members, key=lambda member: order.index(member.alias)))
    return guard.members


def _part(table: str, pair: Pair) -> Part:
    return Part(PartKind.MORPH, table, pair.name)


# --- what the aliases mean -----------------------------------------------------------------------------------------------


def _members(draft: Draft, table: Table, pair: Pair, aliases: Aliases) -> Mapping[str, ModelDraft] | str:
    """The models that a pair leads to, by alias; or why that is not known."""
    refused = draft.choices.why_not(_part(table.name, pair))
    if refused is not None:
        return refused
    if pair.type.name != f"{pair.name}_type" or pair.id.name != f"{pair.name}_id":
        return f'a morph_to has columns "{pair.name}_type" and "{pair.name}_id"'
    if not is_attribute(pair.name, relation=True):
        return f'no relation may be called "{pair.name}"'
    by_table = next(
        (
            {member.alias: member.table for member in guard.members}
            for guard in table.guards
            if guard.type_column == pair.type.name
        ),
        None,
    )
    found: dict[str, ModelDraft] = {}
    said = list(by_table) if by_table is not None else aliases(table.name, pair.type.name)
    if len(said) > MOST_ALIASES:
        return f"rows hold more than {MOST_ALIASES} different values in {pair.type.name}"
    for alias in said:
        model = draft.models.get(by_table[alias]) if by_table is not None else _model_of(draft, alias)
        if model is None:
            return f'rows say "{alias}", and no model is called like that (if one is meant, say so in [morph_map])'
        found[alias] = model
    return found or "no row says what it leads to"


def _model_of(draft: Draft, alias: str) -> ModelDraft | None:
    r"""The model that an alias means: its name, its table, or the class of another framework: `App\Models\Post`."""
    last = _SEPARATORS.split(alias)[-1]
    if not last or last.isdigit():
        return None
    exact = [model for model in draft.models.values() if alias in (model.name, snake(model.name), model.table.name)]
    if exact:
        return exact[0]
    words = table_words(last)
    matching = [model for model in draft.models.values() if words in (model.words, snake(model.name))]
    return matching[0] if len(matching) == 1 else None


def _why_not_members(draft: Draft, part: Part, pair: Pair, members: Mapping[str, ModelDraft]) -> str | None:
    """Why a pair cannot lead to its members; None, and their aliases in the morph map, when it can."""
    if len({model.name for model in members.values()}) < len(members):
        return "two of its aliases mean the same model"
    for alias, model in members.items():
        key = model.table.primary_key
        if len(key) != 1:
            return f"the key of {model.table.name} has {len(key)} columns"
        type_ = model.column(key[0]).type
        if type_ != pair.id.type:
            return f"{pair.id.name} is {pair.id.type}, {model.table.name}.{key[0]} is {type_}"
        other = _alias_of(draft, model)
        if other is not None and other != alias:
            return f'"{alias}" is stored as "{other}" elsewhere; a model has one alias'
        if draft.morph_map.get(alias, model.name) != model.name:
            return f'"{alias}" means {draft.morph_map[alias]} elsewhere'
    for alias, model in members.items():
        draft.morph_map[alias] = model.name
        draft.alias_parts.setdefault(alias, part)
    return None


def _alias_of(draft: Draft, model: ModelDraft) -> str | None:
    return next((alias for alias, name in draft.morph_map.items() if name == model.name), None)


# --- morph_to ------------------------------------------------------------------------------------------------------------


def add_morph_to(draft: Draft, aliases: Aliases) -> None:
    """Make a morph_to of every pair that can be one, and the way back on its members."""
    for model in draft.models.values():
        for pair in pairs_of(model.table):
            members = _members(draft, model.table, pair, aliases)
            reason = members if isinstance(members, str) else None
            if not isinstance(members, str):
                reason = _why_not_columns(draft, model, pair) or _why_not_members(
                    draft, _part(model.table.name, pair), pair, members
                )
                if reason is None:
                    _add(model, pair, members)
            if reason is not None:
                what = f"polymorphic pair {pair.type.name}, {pair.id.name}"
                model.notes.append(Note(model.table.name, what, reason))
                _note_guard(model, pair)


def _why_not_columns(draft: Draft, model: ModelDraft, pair: Pair) -> str | None:
    nullable = pair.type.nullable
    for column in (pair.type, pair.id):
        if column != Column(column.name, column.type, nullable):
            return f"column {column.name} says more than its type, or may be NULL where the other may not"
    return next(
        (f"column {unsaid.column}: {unsaid.reason}" for unsaid in draft.inspected.unsaid_of(model.table.name)
         if unsaid.column in (pair.type.name, pair.id.name)),
        None,
    )  # fmt: skip


def _note_guard(model: ModelDraft, pair: Pair) -> None:
    for guard in model.table.guards:
        if guard.type_column == pair.type.name:
            model.notes.append(Note(model.table.name, f"triggers {guard.name}", "they belong to the pair above"))


def _add(model: ModelDraft, pair: Pair, members: Mapping[str, ModelDraft]) -> None:
    words: dict[str, object] = {"morph_to": True}
    if str(pair.type.type) != _TYPE:
        words["type"] = str(pair.type.type)
    if pair.type.nullable:
        words["nullable"] = True
    for guard in model.table.guards:
        if guard.type_column == pair.type.name:
            words["integrity"] = "triggers"
            if guard.on_delete is not ReferentialAction.NO_ACTION:
                words["on_delete"] = guard.on_delete.value
    part = _part(model.table.name, pair)
    for column in (pair.type, pair.id):
        model.fields[column.name] = column.name
        model.added.add(column.name)
    model.relations[pair.name] = RelationLine(words, part)
    model.morphs[pair.name] = MorphTo(pair.name, model, members)


def add_morph_has(draft: Draft) -> None:
    """Make the way back of every morph_to, on each of its members."""
    for model in draft.models.values():
        for morph in model.morphs.values():
            for member in morph.members.values():
                pair = (f"{morph.name}_type", f"{morph.name}_id")
                kind, rows = (
                    ("morph_one", model.words) if model.is_unique(pair) else ("morph_many", plural(model.words))
                )
                name = member.free_name((rows, f"{rows}_by_{morph.name}"), draft.choices)
                part = Part(PartKind.MORPH, model.table.name, morph.name)
                member.relations[name] = RelationLine({kind: model.name, "name": morph.name}, part)


# --- pivots --------------------------------------------------------------------------------------------------------------


def is_morph_pivot(draft: Draft, table: Table, aliases: Aliases) -> bool:
    """Whether a table is just what a morph_to_many makes, so that it needs no model."""
    pairs = list(pairs_of(table))
    if len(table.foreign_keys) != 1 or len(pairs) != 1:
        return False
    key, pair = table.foreign_keys[0], pairs[0]
    keyed = (*key.columns, pair.type.name, pair.id.name)
    further = [column for column in table.columns if column.name not in keyed]
    return (
        table.primary_key == keyed
        and key.on_delete is ReferentialAction.CASCADE
        and key.name == constraint_name(table.name, key.columns, "foreign", draft.dialects)
        and key.table in draft.inspected.tables
        and draft.choices.why_not(Part(PartKind.PIVOT, table.name)) is None
        and not (table.uniques or table.comment or draft.inspected.unsaid_of(table.name))
        and all(is_attribute(column.name) and column.type.kind is not Kind.CUSTOM for column in further)
        and all(column.generated is None for column in further)
        and pair.type.name == f"{pair.name}_type"
        and str(pair.type.type) == _TYPE
        and bool(table.guards or aliases(table.name, pair.type.name))
    )


def add_morph_pivots(draft: Draft, tables: Mapping[str, Table], aliases: Aliases) -> None:
    """Make the relations over each polymorphic table between others; one that has none is refused to be a pivot."""
    for table in tables.values():
        (pair,) = pairs_of(table)
        members = _members(draft, table, pair, aliases)
        reason = (
            members
            if isinstance(members, str)
            else _why_not_members(draft, Part(PartKind.PIVOT, table.name), pair, members)
        )
        if not isinstance(members, str) and reason is None:
            _add_pivot(draft, table, pair, members)
        elif reason is not None:
            draft.choices = draft.choices.without(Part(PartKind.PIVOT, table.name), reason)


def _add_pivot(draft: Draft, table: Table, pair: Pair, members: Mapping[str, ModelDraft]) -> None:
    key = table.foreign_keys[0]
    fixed = draft.models[key.table]
    keyed = (*key.columns, pair.type.name, pair.id.name)
    words: dict[str, object] = {"name": pair.name}
    if table.name != plural(pair.name):
        words["table"] = table.name
    further = [column for column in table.columns if column.name not in keyed]
    if timestamps_of(further):
        words["timestamps"] = True
        further = [column for column in further if column.name not in ("created_at", "updated_at")]
    if further:
        words["pivot"] = {column.name: pivot_entry(draft, column) for column in further}
    if table.guards:
        words["integrity"] = "triggers"
    part = Part(PartKind.PIVOT, table.name)
    for number, member in enumerate(members.values()):
        name = member.free_name((plural(fixed.words), f"{plural(fixed.words)}_by_{pair.name}"), draft.choices)
        said = words if number == 0 else {"name": pair.name}
        member.relations[name] = RelationLine({"morph_to_many": fixed.name, **said}, part)
        back = fixed.free_name((plural(member.words), f"{plural(member.words)}_by_{pair.name}"), draft.choices)
        fixed.relations[back] = RelationLine({"morphed_by_many": member.name, "name": pair.name}, part)
