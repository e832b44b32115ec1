"""MySQL 8.0 and MariaDB 10.6 and newer. What only one of them can is a capability of the connection."""

from __future__ import annotations

from functools import lru_cache

from isomorph.dialects.base import Dialect
from isomorph.dialects.mysql.errors import translate
from isomorph.dialects.mysql.sql import RULES
from isomorph.dialects.mysql.types import TYPES
from isomorph.dialects.mysql.writes import RULES as WRITES

__all__ = ["MYSQL"]


@lru_cache(maxsize=65_536)
def quoted(identifier: str) -> str:
    """The identifier in backticks; `%` doubled, since PyMySQL formats the text."""
    return "`" + identifier.replace("`", "``").replace("%", "%%") + "`"


MYSQL = Dialect(
    name="mysql",
    placeholder="%s",
    capabilities=frozenset({"add_constraint", "inline_enum", "last_insert_id", "row_locks", "savepoints"}),
    quoted=quoted,
    types=TYPES,
    sql=RULES,
    writes=WRITES,
    translate=translate,
)
