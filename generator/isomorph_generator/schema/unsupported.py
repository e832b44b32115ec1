"""What the schema language names but this version does not act on yet: a table, so that nothing is silently ignored.

When a feature lands, its row goes. Each row says what to do meanwhile.
"""

from __future__ import annotations

__all__ = ["KEYS", "VALUES"]

_REMOVE = "remove it"

KEYS: dict[str, dict[str, str]] = {
    "SchemaSpec": {
        "cache": _REMOVE,
    },
    "ProjectSpec": {"cache": _REMOVE},
    "ConnectionSpec": {"replicas": "remove it; all statements go to the connection itself"},
    "PoolSpec": dict.fromkeys(("idle_timeout", "max_lifetime", "pre_ping"), _REMOVE),
    "MixinSpec": {"timestamps": "say `timestamps = true` in each model"},
    "ModelSpec": {
        "cache": _REMOVE,
        "soft_deletes": "declare the field `deleted_at` and filter by it",
    },
    "PivotFieldSpec": {"cast": "declare the pivot as a model"},
    "IndexSpec": {"columns": "say `fields`", "covering": "say `include`", "type": "say `method`"},
}
"""Keys by the table that they would stand in, and what to do instead."""

VALUES: dict[tuple[str, str], dict[str, str]] = {
    ("project", "interface"): {"async": 'say interface = "sync"'},
}
"""Values by the part of the file and the key, and what to do instead."""
