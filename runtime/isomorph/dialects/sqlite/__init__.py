"""SQLite 3.40 and newer."""

from __future__ import annotations

from functools import lru_cache

from isomorph.dialects.base import Dialect
from isomorph.dialects.sqlite.errors import translate
from isomorph.dialects.sqlite.sql import RULES
from isomorph.dialects.sqlite.types import TYPES
from isomorph.dialects.sqlite.writes import RULES as WRITES

__all__ = ["SQLITE"]


@lru_cache(maxsize=65_536)
def quoted(identifier: str) -> str:
    """The identifier in double quotes, as standard SQL has it."""
    return '"' + identifier.replace('"', '""') + '"'


SQLITE = Dialect(
    name="sqlite",
    placeholder="?",
    capabilities=frozenset({"last_insert_id", "partial_index", "returning", "savepoints", "transactional_ddl"}),
    quoted=quoted,
    types=TYPES,
    sql=RULES,
    writes=WRITES,
    translate=translate,
)
