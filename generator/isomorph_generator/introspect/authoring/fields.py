"""Columns as fields: their types in the words of the schema, and what else is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from isomorph.catalog import Collation, Column, ColumnType, Expression, Kind, SqlDefault, SqlText
from isomorph_generator.introspect.authoring import toml
from isomorph_generator.introspect.authoring.choices import Note, Part, PartKind
from isomorph_generator.introspect.authoring.drafts import Draft, ModelDraft
from isomorph_generator.schema.expressions import expression_text

__all__ = ["condition", "dialect_table", "field_entry", "pivot_entry", "type_text", "why_not_column"]


def why_not_column(draft: Draft, table: str, column: Column) -> str | None:
    """Why a column is no field; None when it can be one."""
    refused = draft.choices.why_not(Part(PartKind.COLUMN, table, column.name))
    if refused is not None:
        return refused
    if column.type.kind is Kind.CUSTOM:
        return (
            f"no word for the type {dict(column.type.spelled).get(draft.inspected.dialect, 'of the database')}; "
            'declare it with type = "custom", its `column_type` and a `cast` class of yours'
        )
    enum = column.type.named_enum
    return None if enum is None else draft.choices.why_not(Part(PartKind.ENUM, enum))


def type_text(draft: Draft, type_: ColumnType) -> str:
    """A type as the schema writes it, enums under the names that they got."""
    if type_.item is not None:
        type_ = replace(type_, item=_renamed(draft, type_.item))
    return str(_renamed(draft, type_))


def _renamed(draft: Draft, type_: ColumnType) -> ColumnType:
    return type_ if type_.enum is None else replace(type_, enum=draft.enums.get(type_.enum, type_.enum))


def dialect_table(draft: Draft, given: str) -> Mapping[str, str]:
    """Something that only the dialect of the database knows."""
    return {draft.inspected.dialect: given}


def condition(model: ModelDraft, expression: Expression | SqlText) -> object:
    """An expression as the schema writes it: over fields, or as SQL by dialect."""
    if isinstance(expression, SqlText):
        return {"sql": dict(expression.by_dialect)}
    return expression_text(expression, lambda name: model.fields.get(name, name))


# --- entries -------------------------------------------------------------------------------------------------------------


def field_entry(draft: Draft, model: ModelDraft, column: Column, further: Mapping[str, object]) -> object:
    """What stands behind a field: its type alone, or a table.

    Args:
        draft: takes note of what is not said.
        model: the model.
        column: its column.
        further: what constraints and keys say within the field, in their order.
    """
    words: dict[str, object] = {}
    field = model.fields[column.name]
    if field != column.name:
        words["column"] = column.name
    words.update(_modifiers(draft, column))
    words.update(further)
    if column.generated is not None:
        made = condition(model, column.generated.expression)
        words["generated"] = (
            made
            if column.generated.stored and isinstance(made, str)
            else {"as": made, "stored": column.generated.stored}
        )
        if column.generated.stored and not isinstance(made, str):
            words["generated"] = {"as": made}
    return _entry(draft, model.notes, model.table.name, column, words)


def pivot_entry(draft: Draft, column: Column) -> object:
    """What stands behind a column of `pivot`."""
    return _entry(draft, draft.notes, "", column, _modifiers(draft, column))


def _entry(draft: Draft, notes: list[Note], table: str, column: Column, words: Mapping[str, object]) -> object:
    said: dict[str, object] = {"type": type_text(draft, column.type) + "?" * column.nullable}
    for name, given in words.items():
        reason = _why_not(given) or draft.choices.why_not(Part(PartKind.MODIFIER, table, column.name, name))
        if reason is None:
            said[name] = given
        else:
            notes.append(Note(table or None, f"{name} of column {column.name}", reason, column.name))
    return said["type"] if len(said) == 1 else said


def _why_not(given: object) -> str | None:
    try:
        toml.value(given)
    except toml.NotToml as error:
        return f"the schema has no form for {error}"
    return None


def _modifiers(draft: Draft, column: Column) -> Mapping[str, object]:
    """What any column may say beside its type."""
    words: dict[str, object] = {}
    if column.default is not None:
        words["default"] = column.default.value
    if isinstance(column.default_sql, SqlDefault):
        words["default_sql"] = column.default_sql.value
    elif column.default_sql is not None:
        words["default_sql"] = {"sql": dict(column.default_sql.by_dialect)}
    if column.collation is not None:
        words["collation"] = collation_value(column.collation)
    if column.charset is not None:
        words["charset"] = dialect_table(draft, column.charset)
    if column.comment is not None:
        words["comment"] = column.comment
    return words


def collation_value(collation: Collation) -> object:
    """A collation as the schema writes it."""
    return collation if isinstance(collation, str) else dict(collation)
