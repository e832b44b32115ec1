"""How MySQL and MariaDB make values of one type of those of another.

MODIFY converts by itself, and refuses what does not fit since sessions are strict. Here is what it would make something else
of: truth values, which are numbers there, and moments, which have no zone.
"""

from __future__ import annotations

from isomorph.catalog import ColumnType
from isomorph.dialects.standard.conversions import NUMERIC, Conversions, group

__all__ = ["MySQLConversions"]


class MySQLConversions(Conversions):
    """Expressions for what MODIFY does otherwise."""

    def between(self, value: str, before: ColumnType, after: ColumnType) -> str | None:
        old, new = group(before.kind), group(after.kind)
        if new == "bool" and old in NUMERIC:
            return f"{value} <> 0"
        match (old, new):
            case ("bool", "text"):
                return f"CASE WHEN {value} THEN 'true' WHEN NOT {value} THEN 'false' END"
            case ("text", "bool"):
                known = "WHEN 'true' THEN 1 WHEN '1' THEN 1 WHEN 'false' THEN 0 WHEN '0' THEN 0"
                return f"CASE LOWER(TRIM({value})) {known} ELSE {value} END"
            case ("timestamptz", "text"):
                return f"CONCAT({value}, '+00:00')"
            case ("text", "timestamptz"):
                return f"REPLACE(TRIM({value}), '+00:00', '')"
            case _:
                return None
