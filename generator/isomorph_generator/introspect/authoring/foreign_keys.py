"""Foreign keys as relations: what each belongs_to is called, and what the way back is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from isomorph.catalog import Column, ForeignKey, ReferentialAction
from isomorph_generator.introspect.authoring.choices import Note, Part, PartKind
from isomorph_generator.introspect.authoring.drafts import BelongsTo, Draft, ModelDraft, RelationLine
from isomorph_generator.introspect.authoring.naming import plain, role, several
from isomorph_generator.schema.naming import constraint_name, plural

__all__ = ["add_belongs_to", "add_has", "key_part", "many_name"]

_BACK: Final[Mapping[str, str]] = {
    "boss": "reports",
    "in_reply_to": "replies",
    "manager": "reports",
    "parent": "children",
    "reply_to": "replies",
    "reports_to": "reports",
    "supervisor": "reports",
}
"""What the rows are to each other that point to their own table: who reports to somebody is one of their reports."""


def key_part(table: str, key: ForeignKey) -> Part:
    """A foreign key, as something that can be said or not."""
    return Part(PartKind.KEY, table, key.name)


def _note_key(model: ModelDraft, key: ForeignKey, reason: str) -> None:
    """Take note of a foreign key that is no relation; its columns are plain fields."""
    leads = f"foreign key {key.name} ({', '.join(key.columns)}) to {key.table} ({', '.join(key.references)})"
    model.notes.append(Note(model.table.name, leads, reason))


# --- belongs_to ----------------------------------------------------------------------------------------------------------


def add_belongs_to(draft: Draft) -> None:
    """Make a belongs_to of every foreign key that can be one."""
    for model in draft.models.values():
        for key in _in_order(model):
            reason = draft.choices.why_not(key_part(model.table.name, key)) or _why_not(draft, model, key)
            if reason is not None:
                _note_key(model, key, reason)
            else:
                _add(draft, model, draft.models[key.table], key)


def _in_order(model: ModelDraft) -> list[ForeignKey]:
    """Its foreign keys in the order of their columns, so that names do not hang on those of constraints."""
    place = {column.name: number for number, column in enumerate(model.table.columns)}
    return sorted(model.table.foreign_keys, key=lambda key: ([place[name] for name in key.columns], key.name))


def _why_not(draft: Draft, model: ModelDraft, key: ForeignKey) -> str | None:
    target = draft.models.get(key.table)
    if target is None:
        if key.table in draft.left_out:
            return f"table {key.table} is not said"
        return f"{key.table} is not among the tables that were read"
    for owner, names in ((model, key.columns), (target, key.references)):
        unsaid = next((name for name in names if name not in owner.fields), None)
        if unsaid is not None:
            return f"column {owner.table.name}.{unsaid} is not said"
    for name, reference in zip(key.columns, key.references, strict=True):
        column, other = model.column(name), target.column(reference)
        if column.type != other.type:
            return f"{name} is {column.type}, {key.table}.{reference} is {other.type}; relations join equal types"
    return None


def _add(draft: Draft, model: ModelDraft, target: ModelDraft, key: ForeignKey) -> None:
    name = _name(draft, model, target, key)
    nullable = any(model.column(column).nullable for column in key.columns)
    words: dict[str, object] = {"belongs_to": target.name + "?" * nullable}
    if set(key.references) != set(target.table.primary_key):
        words["references"] = _one_or_more([target.fields[column] for column in key.references])
    elif key.references != target.table.primary_key:
        words["references"] = [target.fields[column] for column in key.references]
    fields = [model.fields[column] for column in key.columns]
    if fields != _default_fields(name, key, target, explicit="references" in words):
        words["foreign_key"] = _one_or_more(fields)
    elif all(_is_bare(draft, model, target, key, column, nullable=nullable) for column in key.columns):
        model.added |= set(key.columns)
    if key.on_delete is not ReferentialAction.NO_ACTION:
        words["on_delete"] = key.on_delete.value
    if key.on_update is not ReferentialAction.NO_ACTION:
        words["on_update"] = key.on_update.value
    if key.deferrable is not None:
        words["deferrable"] = key.deferrable.value
    if key.name != constraint_name(model.table.name, key.columns, "foreign", draft.dialects):
        words["constraint"] = key.name
    model.relations[name] = RelationLine(words, key_part(model.table.name, key))
    model.belongs[key.name] = BelongsTo(name, key, model, target)


def _one_or_more(names: list[str]) -> object:
    return names[0] if len(names) == 1 else names


def _name(draft: Draft, model: ModelDraft, target: ModelDraft, key: ForeignKey) -> str:
    """What the relation is called; may rename the field of a column that is called as the relation wants to be."""
    said = _roles(model, target, key)
    column = key.columns[0]
    if len(key.columns) == 1 and said[0] == model.fields[column] and said[0] not in model.relations:
        field = f"{said[0]}_id"
        if field not in model.taken(draft.choices) and (model.name, said[0]) not in draft.choices.avoided:
            model.fields[column] = field
    return model.free_name(said, draft.choices)


def _roles(model: ModelDraft, target: ModelDraft, key: ForeignKey) -> tuple[str, ...]:
    """Names for the relation, the best first: of the column without `_id`, of the table that it leads to."""
    own = [column for column in key.columns if not _is_shared(model, key, column)]
    found = ""
    if len(key.columns) == 1:
        found = role(key.columns[0], key.references[0])
    elif len(stems := _stems(target, key)) == 1:
        found = stems.pop()
    elif len(own) == 1:
        found = role(own[0], key.references[key.columns.index(own[0])])
    together = "_".join(plain(column) for column in key.columns)
    names = (found, target.words, f"{found}_{target.words}" if found else "", f"{target.words}_by_{together}")
    return tuple(name for name in names if name)


def _stems(target: ModelDraft, key: ForeignKey) -> set[str]:
    """What stands before the names of the other table's columns: `line` of `line_order_id` and `line_item_id`."""
    pairs = zip(map(plain, key.columns), (target.fields[reference] for reference in key.references), strict=True)
    return {name.removesuffix(f"_{field}") if name.endswith(f"_{field}") else "" for name, field in pairs}


def _is_shared(model: ModelDraft, key: ForeignKey, column: str) -> bool:
    return any(other is not key and column in other.columns for other in model.table.foreign_keys)


def _default_fields(name: str, key: ForeignKey, target: ModelDraft, *, explicit: bool) -> list[str]:
    """The fields that a belongs_to of that name has when it does not say."""
    if len(key.columns) == 1 and not explicit:
        return [f"{name}_id"]
    return [f"{name}_{target.fields[reference]}" for reference in key.references]


def _is_bare(
    draft: Draft, model: ModelDraft, target: ModelDraft, key: ForeignKey, name: str, *, nullable: bool
) -> bool:
    """Whether a column is what the relation adds by itself."""
    column = model.column(name)
    reference = target.column(key.references[key.columns.index(name)])
    return (
        column == Column(name, reference.type, nullable)
        and model.fields[name] == name
        and not any(name in other.columns for other in model.table.foreign_keys if other is not key)
        and not any(unsaid.column == name for unsaid in draft.inspected.unsaid_of(model.table.name))
    )


# --- has_one, has_many ---------------------------------------------------------------------------------------------------


def add_has(draft: Draft) -> None:
    """Make the way back of every belongs_to."""
    for model in draft.models.values():
        for belongs in model.belongs.values():
            part = Part(PartKind.INVERSE, model.table.name, belongs.key.name)
            if draft.choices.why_not(part) is None:
                _add_back(draft, belongs, part)


def _add_back(draft: Draft, belongs: BelongsTo, part: Part) -> None:
    model, target = belongs.model, belongs.target
    kind = "has_one" if belongs.one_to_one else "has_many"
    words: dict[str, object] = {kind: model.name}
    if sum(other.target is target for other in model.belongs.values()) > 1:
        words["inverse"] = belongs.name
    name = target.free_name(tuple(_back_names(belongs)), draft.choices)
    target.relations[name] = RelationLine(words, part)


def _back_names(belongs: BelongsTo) -> Iterator[str]:
    """Names for the way back, the best first.

    The rows' own name is enough where one key leads there, or this is the one that is named for the table; of several
    others each says by which it goes: `flights_by_origin`. Rows of one table have words of their own for each other.
    """
    model, target = belongs.model, belongs.target
    rows = model.words if belongs.one_to_one else plural(model.words)
    rivals = [other for other in model.belongs.values() if other.target is target and other is not belongs]
    if model is target:
        if belongs.name in _BACK and not belongs.one_to_one:
            yield _BACK[belongs.name]
    elif not rivals or belongs.name == target.words:
        yield rows
    yield f"{rows}_by_{belongs.name}"


def many_name(column: str, reference: str | None, target: ModelDraft) -> str:
    """What rows beyond a table between are called: by the column there that leads to them."""
    return several(role(column, reference) or target.words)
