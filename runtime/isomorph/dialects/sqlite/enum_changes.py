"""How SQLite follows the changes of an enum: columns are text under a check, sets and arrays are JSON.

The rows are copied into a table whose check knows the new values, and renamed on the way.
"""

from __future__ import annotations

from collections.abc import Mapping

from isomorph.catalog import Column, Kind, Table
from isomorph.dialects.standard.ddl_text import DdlText
from isomorph.dialects.standard.enum_changes import EnumChange

__all__ = ["enum_values"]


def enum_values(ddl: DdlText, change: EnumChange, table: Table) -> Mapping[str, str]:
    """Expressions over the rows of a table as it was, by column, for the columns whose values change."""
    return {
        column.name: _value(ddl, change, column)
        for column in change.columns(table)
        if column.generated is None
        and (change.renamed or (column.type.kind is not Kind.ENUM and _counts(change, column)))
    }


def _counts(change: EnumChange, column: Column) -> bool:
    """Whether more than names counts in a list of values: none may be there that is gone; of sets, their order."""
    return bool(change.removed) or (column.type.kind is Kind.SET and not change.keeps_order)


def _value(ddl: DdlText, change: EnumChange, column: Column) -> str:
    name = ddl.quoted(column.name)
    if column.type.kind is Kind.ENUM:
        return _renamed(ddl, change, name)
    place = "key"
    if column.type.kind is Kind.SET:
        order = " ".join(f"WHEN {ddl.string(value)} THEN {n}" for n, value in enumerate(change.after.values))
        place = f"CASE {_renamed(ddl, change, 'value')} {order} END"
    items = f"SELECT value, key FROM json_each({name}) ORDER BY {place}"
    listed = f"(SELECT json_group_array({_renamed(ddl, change, 'value')}) FROM ({items}))"
    gone = ", ".join(map(ddl.string, change.removed))
    # What is no JSON fails the check of the column, as an enum's own check refuses a value that is gone.
    refused = (
        f" WHEN EXISTS (SELECT 1 FROM json_each({name}) WHERE value IN ({gone})) THEN 'it holds a value that is gone'"
        if gone
        else ""
    )
    return f"CASE WHEN {name} IS NULL THEN NULL{refused} ELSE {listed} END"


def _renamed(ddl: DdlText, change: EnumChange, value: str) -> str:
    if not change.renamed:
        return value
    cases = " ".join(f"WHEN {ddl.string(old)} THEN {ddl.string(new)}" for old, new in change.renamed)
    return f"CASE {value} {cases} ELSE {value} END"
