"""Tables between two others: said by relations alone where they are what those make, else as models with relations over them."""

from __future__ import annotations

from collections.abc import Iterator

from isomorph.catalog import Column, ForeignKey, Kind, ReferentialAction, SqlDefault, Table
from isomorph.catalog.words import timestamptz
from isomorph_generator.introspect.authoring.choices import Part, PartKind
from isomorph_generator.introspect.authoring.drafts import BelongsTo, Draft, ModelDraft, RelationLine
from isomorph_generator.introspect.authoring.fields import pivot_entry
from isomorph_generator.introspect.authoring.foreign_keys import many_name
from isomorph_generator.introspect.authoring.naming import field_name
from isomorph_generator.schema.naming import constraint_name, singular

__all__ = ["add_pivots", "is_pivot_table", "timestamps_of"]


def pivot_part(table: str) -> Part:
    return Part(PartKind.PIVOT, table)


# --- which tables --------------------------------------------------------------------------------------------------------


def is_pivot_table(draft: Draft, table: Table) -> bool:
    """Whether a table is just what a belongs_to_many makes, so that it needs no model."""
    keys = table.foreign_keys
    if len(keys) != 2 or draft.choices.why_not(pivot_part(table.name)) is not None:
        return False
    pair = (*keys[0].columns, *keys[1].columns)
    further = [column for column in table.columns if column.name not in pair]
    return (
        sorted(table.primary_key) == sorted(pair)
        and len(set(pair)) == len(pair)
        and all(_is_cascading(draft, table, key) for key in keys)
        and not (table.uniques or table.checks or table.guards or table.comment)
        and all(_is_further(column) for column in further)
        and not draft.inspected.unsaid_of(table.name)
        and not any(key.table == table.name for other in draft.inspected.tables.values() for key in other.foreign_keys)
        and all(key.table in draft.inspected.tables for key in keys)
    )


def _is_cascading(draft: Draft, table: Table, key: ForeignKey) -> bool:
    target = draft.inspected.tables.get(key.table)
    return key == ForeignKey(
        constraint_name(table.name, key.columns, "foreign", draft.dialects),
        key.columns,
        key.table,
        target.primary_key if target is not None else (),
        on_delete=ReferentialAction.CASCADE,
    )


def _is_further(column: Column) -> bool:
    """Whether a column can be one of `pivot`: under its own name, without what only models have."""
    return (
        column.generated is None and field_name(column.name, ()) == column.name and column.type.kind is not Kind.CUSTOM
    )


# --- relations -----------------------------------------------------------------------------------------------------------


def add_pivots(draft: Draft) -> None:
    """Make the relations over each table between two others, from both sides."""
    for table in draft.pivots.values():
        _add_over_table(draft, table)
    for model in draft.models.values():
        if (ends := _ends(model)) is not None:
            _add_over_model(draft, model, *ends)


def _add_over_table(draft: Draft, table: Table) -> None:
    first, second = (key for key in sorted(table.foreign_keys, key=lambda key: table.primary_key.index(key.columns[0])))
    left, right = draft.models[first.table], draft.models[second.table]
    there = _free(draft, left, second, right)
    words = dict(_table_words(draft, table, first, second, left, right, there))
    part = pivot_part(table.name)
    left.relations[there] = RelationLine({"belongs_to_many": right.name, **words}, part)
    back = _free(draft, right, first, left)
    back_words: dict[str, object] = {"belongs_to_many": left.name, "inverse": there}
    right.relations[back] = RelationLine(back_words, part)
    left.relations[there].words["inverse"] = back


def _free(draft: Draft, model: ModelDraft, key: ForeignKey, target: ModelDraft) -> str:
    """A name for the rows of `target`, to which `key` leads from a table between."""
    single = len(key.columns) == 1
    best = many_name(key.columns[0], key.references[0], target) if single else many_name("id", None, target)
    return model.free_name((best, many_name("id", None, target), f"{best}_by_{key.table}"), draft.choices)


def _table_words(
    draft: Draft, table: Table, first: ForeignKey, second: ForeignKey, left: ModelDraft, right: ModelDraft, name: str
) -> Iterator[tuple[str, object]]:
    """What a belongs_to_many says of its table where conventions do not."""
    if table.name != "_".join(sorted((left.words, right.words))):
        yield "table", table.name
    stem = singular(name) if left is right else right.words
    for option, key, words, target in (("foreign_key", first, left.words, left), ("related_key", second, stem, right)):
        if list(key.columns) != _key_columns(words, target):
            yield option, key.columns[0] if len(key.columns) == 1 else list(key.columns)
    pair = {*first.columns, *second.columns}
    further = [column for column in table.columns if column.name not in pair]
    if timestamps_of(further):
        yield "timestamps", True
        further = [column for column in further if column.name not in ("created_at", "updated_at")]
    if further:
        yield "pivot", {column.name: pivot_entry(draft, column) for column in further}


def _key_columns(stem: str, target: ModelDraft) -> list[str]:
    key = target.table.primary_key
    return [f"{stem}_id"] if len(key) == 1 else [f"{stem}_{target.fields[column]}" for column in key]


def timestamps_of(columns: list[Column]) -> bool:
    """Whether two of the columns are those that `timestamps = true` makes."""
    made = [Column(name, timestamptz(), default_sql=SqlDefault.NOW) for name in ("created_at", "updated_at")]
    return all(column in columns for column in made)


# --- over models ---------------------------------------------------------------------------------------------------------


def _ends(model: ModelDraft) -> tuple[BelongsTo, BelongsTo] | None:
    """The two keys of a table between two others, in the order of its columns; None when it is something else."""
    if len(model.belongs) != 2 or len(model.table.foreign_keys) != 2:
        return None
    first, second = model.belongs.values()
    together = (*first.key.columns, *second.key.columns)
    each = (first.key.columns, second.key.columns)
    if len(set(together)) != len(together) or any(model.is_unique(columns) for columns in each):
        return None
    required = not any(model.column(column).nullable for column in together)
    return (first, second) if required and _is_key(model, set(together)) else None


def _is_key(model: ModelDraft, columns: set[str]) -> bool:
    """Whether just these columns together are a key."""
    groups = [model.table.primary_key, *(unique.columns for unique in model.table.uniques)]
    groups += [index.column_names or () for index in model.table.indexes if index.unique and index.where is None]
    return any(set(group) == columns for group in groups)


def _add_over_model(draft: Draft, model: ModelDraft, first: BelongsTo, second: BelongsTo) -> None:
    part = Part(PartKind.MANY, model.table.name)
    uses_keys = all(set(end.key.references) == set(end.target.table.primary_key) for end in (first, second))
    if draft.choices.why_not(part) is not None or not uses_keys:
        return
    left, right = first.target, second.target
    there = _free(draft, left, second.key, right)
    left.relations[there] = RelationLine({"belongs_to_many": right.name, "model": model.name}, part)
    back = _free(draft, right, first.key, left)
    right.relations[back] = RelationLine({"belongs_to_many": left.name, "model": model.name}, part)
    for line, own, other, mine, theirs in (
        (left.relations[there], left, right, first, second),
        (right.relations[back], right, left, second, first),
    ):
        if own is other:
            fields = ([model.fields[column] for column in end.key.columns] for end in (mine, theirs))
            for option, names in zip(("foreign_key", "related_key"), fields, strict=True):
                line.words[option] = names[0] if len(names) == 1 else names
    left.relations[there].words["inverse"] = back
    right.relations[back].words["inverse"] = there
