"""What a SQLite database is asked for all that is in it."""

from __future__ import annotations

from isomorph.dialects.standard.structure import ContentRules

__all__ = ["CONTENTS"]

_OWN = "name NOT LIKE 'sqlite~_%' ESCAPE '~'"

CONTENTS = ContentRules(
    structure=("SELECT tbl_name, type, name, sql FROM sqlite_master",),
    drops=tuple(
        f"SELECT name, 'DROP {kind} \"' || REPLACE(name, '\"', '\"\"') || '\"' FROM sqlite_master"
        f" WHERE type = '{kind.lower()}' AND {_OWN} ORDER BY name"
        for kind in ("VIEW", "TABLE")
    ),
    without_keys=(("PRAGMA foreign_keys = OFF",), ("PRAGMA foreign_keys = ON",)),
)
