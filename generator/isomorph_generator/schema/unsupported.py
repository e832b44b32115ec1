"""What the schema language names but this version does not act on yet: a table, so that nothing is silently ignored.

When a feature lands, its row goes. Each row says what to do meanwhile.
"""

from __future__ import annotations

__all__ = ["KEYS", "VALUES"]

_REMOVE = "remove it"
_SQL_IN_REVISION = "create it by SQL in a revision"

_FIELD_KEYS = {
    "was": "rename the column by hand in a revision",
}

KEYS: dict[str, dict[str, str]] = {
    "SchemaSpec": {
        "cache": _REMOVE,
        "extensions": _SQL_IN_REVISION,
        "functions": _SQL_IN_REVISION,
        "schemas": _SQL_IN_REVISION,
        "triggers": _SQL_IN_REVISION,
        "views": _SQL_IN_REVISION,
    },
    "ProjectSpec": {"cache": _REMOVE},
    "ConnectionSpec": {"replicas": "remove it; all statements go to the connection itself"},
    "PoolSpec": dict.fromkeys(("idle_timeout", "max_lifetime", "pre_ping"), _REMOVE),
    "EnumSpec": {"was": "rename it by hand in a revision"},
    "EnumValueSpec": {"was": "rename it by hand in a revision"},
    "MixinSpec": {"timestamps": "say `timestamps = true` in each model"},
    "ModelSpec": {
        "cache": _REMOVE,
        "soft_deletes": "declare the field `deleted_at` and filter by it",
        "was": "rename the table by hand in a revision",
    },
    "FieldSpec": _FIELD_KEYS,
    "PivotFieldSpec": {**_FIELD_KEYS, "cast": "declare the pivot as a model"},
    "IndexSpec": dict.fromkeys(("columns", "covering", "expression", "include", "method", "type"), _SQL_IN_REVISION),
}
"""Keys by the table that they would stand in, and what to do instead."""

VALUES: dict[tuple[str, str], dict[str, str]] = {
    ("project", "interface"): {"async": 'say interface = "sync"'},
}
"""Values by the part of the file and the key, and what to do instead."""
