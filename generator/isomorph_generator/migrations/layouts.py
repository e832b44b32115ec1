"""Polymorphic relations that get the other layout: type and id, or a foreign key for each member. Pure.

What rows point to would be lost with the columns of the old layout, and is not read off the new ones' names: a rename of
`commentable_id` to `commentable_post_id` would let comments on videos lead to posts. So it is a person who writes how the rows
move, in two revisions (docs/guide/morphs.md).
"""

from __future__ import annotations

from collections.abc import Iterator

from isomorph.catalog import Table
from isomorph.migrate import State
from isomorph_generator.migrations.errors import UnsupportedChange

__all__ = ["other_layouts"]


def other_layouts(before: State, after: State) -> Iterator[UnsupportedChange]:
    """The polymorphic relations whose columns would all go, and others come in their place."""
    for name, table in after.tables.items():
        known = before.tables.get(name)
        if known is None or bool(known.primary_key) != bool(table.primary_key):
            continue  # a pivot, which gets or loses its key with it: that is refused for the whole table
        for stem in _replaced(known, table):
            yield _unsupported(f"{name}.{stem}", "an arc of foreign keys")
        for stem in _replaced(table, known):
            yield _unsupported(f"{name}.{stem}", "type and id")


def _replaced(typed: Table, arc: Table) -> Iterator[str]:
    """The relations that one form of a table has by type and id and the other one by an arc, neither by both."""
    columns, others = ({column.name for column in table.columns} for table in (typed, arc))
    for aliases in typed.aliases:
        stem = aliases.type_column.removesuffix("_type")
        members = {table for _, table in aliases.members}
        keys = {
            key.columns[0]
            for key in arc.foreign_keys
            if key.table in members and len(key.columns) == 1 and key.columns[0].startswith(f"{stem}_")
        }
        if aliases.type_column not in others and keys and columns.isdisjoint(keys):
            yield stem


def _unsupported(relation: str, layout: str) -> UnsupportedChange:
    what = f"{relation} would be stored as {layout}, and what its rows point to would be lost"
    mend = (
        "add the new columns in a revision by hand (orm migrate make --empty) that fills them from the old ones, "
        "then let orm migrate make write the rest"
    )
    return UnsupportedChange(what, mend)
