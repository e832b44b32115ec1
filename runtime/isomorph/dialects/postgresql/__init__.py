"""PostgreSQL 13 and newer."""

from __future__ import annotations

from functools import lru_cache

from isomorph.dialects.base import Dialect
from isomorph.dialects.postgresql.errors import translate
from isomorph.dialects.postgresql.sql import RULES
from isomorph.dialects.postgresql.types import TYPES
from isomorph.dialects.postgresql.writes import RULES as WRITES

__all__ = ["POSTGRESQL"]


@lru_cache(maxsize=65_536)
def quoted(identifier: str) -> str:
    """The identifier in double quotes; `%` doubled, since psycopg formats the text."""
    return '"' + identifier.replace('"', '""').replace("%", "%%") + '"'


POSTGRESQL = Dialect(
    name="postgresql",
    placeholder="%s",
    capabilities=frozenset(
        {
            "add_constraint",
            "enum_type",
            "lateral",
            "partial_index",
            "returning",
            "row_locks",
            "savepoints",
            "transactional_ddl",
            "tsvector",
        }
    ),
    quoted=quoted,
    types=TYPES,
    sql=RULES,
    writes=WRITES,
    translate=translate,
)
