"""Makes models of tables: which tables are models, what they and their columns are called, how they hang together."""

from __future__ import annotations

from itertools import pairwise

from isomorph.catalog import Table
from isomorph_generator.introspect.authoring.choices import Choices, Note, Part, PartKind
from isomorph_generator.introspect.authoring.drafts import Draft, ModelDraft
from isomorph_generator.introspect.authoring.fields import why_not_column
from isomorph_generator.introspect.authoring.foreign_keys import add_belongs_to, add_has
from isomorph_generator.introspect.authoring.morphs import (
    Aliases,
    add_morph_has,
    add_morph_pivots,
    add_morph_to,
    guard_members,
    is_morph_pivot,
)
from isomorph_generator.introspect.authoring.naming import ClassNames, enum_name, field_name
from isomorph_generator.introspect.authoring.pivots import add_pivots, is_pivot_table
from isomorph_generator.introspect.inspected import Inspected
from isomorph_generator.schema.naming import snake

__all__ = ["drafted"]


def drafted(inspected: Inspected, choices: Choices, aliases: Aliases) -> Draft:
    """The models of a database, as far as is known what can be said.

    Args:
        inspected: what was found.
        choices: what cannot be said. The draft's own may say more; then it is to be made anew, with these.
        aliases: gives what rows hold in a type column.
    """
    draft = Draft(inspected, choices)
    names = ClassNames()
    # Names are given to all tables, so that none depends on what else can be said.
    classes = {name: names.model(name) for name in inspected.tables}
    has_types = inspected.dialect == "postgresql"
    for name, enum in inspected.enums.items():
        draft.enums[name] = names.enum(enum_name(enum.type_name if has_types else name))
        reason = choices.why_not(Part(PartKind.ENUM, name))
        if reason is not None:
            draft.notes.append(Note(None, f"enum {enum.type_name}", reason))
    tables = dict(inspected.tables)
    for name, table in tables.items():
        reason = _why_not_table(draft, table)
        if reason is not None:
            draft.left_out[name] = reason
    said = {name: table for name, table in tables.items() if name not in draft.left_out}
    pivots = {name: table for name, table in said.items() if is_pivot_table(draft, table)}
    pivots = {name: table for name, table in pivots.items() if _leads_to_models(table, said.keys() - pivots.keys())}
    morph_pivots = {
        name: table for name, table in said.items() if name not in pivots and is_morph_pivot(draft, table, aliases)
    }
    for name in _in_order(said, pivots):
        if name not in morph_pivots:
            draft.models[name] = _model(draft, said[name], classes[name])
    draft.pivots = pivots
    _relate(draft, morph_pivots, aliases)
    return draft


def _relate(draft: Draft, morph_pivots: dict[str, Table], aliases: Aliases) -> None:
    add_belongs_to(draft)
    add_morph_to(draft, aliases)
    add_has(draft)
    add_morph_has(draft)
    add_pivots(draft)
    add_morph_pivots(draft, morph_pivots, aliases)


def _leads_to_models(table: Table, models: set[str]) -> bool:
    return all(key.table in models for key in table.foreign_keys)


def _in_order(said: dict[str, Table], pivots: dict[str, Table]) -> list[str]:
    """Tables of models by name, but in the order that is seen in a database: of the key of a pivot table, of members."""
    before: dict[str, set[str]] = {}
    for pivot in pivots.values():
        first, second = sorted(pivot.foreign_keys, key=lambda key: pivot.primary_key.index(key.columns[0]))
        before.setdefault(second.table, set()).add(first.table)
    for table in said.values():
        for guard in table.guards:
            members = [member.table for member in guard_members(table, guard) if member.table in said]
            for earlier, later in pairwise(members):
                before.setdefault(later, set()).add(earlier)
    ordered: dict[str, None] = {}

    def add(name: str, path: frozenset[str]) -> None:
        for other in sorted(before.get(name, set()) - path):
            add(other, path | {other})
        ordered.setdefault(name)

    for name in sorted(said.keys() - pivots.keys()):
        add(name, frozenset({name}))
    return list(ordered)


def _why_not_table(draft: Draft, table: Table) -> str | None:
    reason = draft.choices.why_not(Part(PartKind.TABLE, table.name))
    if reason is not None:
        return reason
    if not table.primary_key:
        return "it has no primary key, by which a model finds its rows"
    for name in table.primary_key:
        why = why_not_column(draft, table.name, table.column(name))
        if why is not None:
            return f"column {name} of its primary key is not said: {why}"
    return None


def _model(draft: Draft, table: Table, name: str) -> ModelDraft:
    model = ModelDraft(table, name, snake(name))
    for column in table.columns:
        reason = why_not_column(draft, table.name, column)
        if reason is None:
            model.fields[column.name] = field_name(column.name, set(model.fields.values()))
        else:
            model.notes.append(Note(table.name, f"column {column.name}", reason, column.name))
    model.notes += [
        Note(unsaid.table, unsaid.what, unsaid.reason, unsaid.column)
        for unsaid in draft.inspected.unsaid_of(table.name)
        if unsaid.column is None or unsaid.column in model.fields
    ]
    return model
