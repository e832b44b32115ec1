"""How MySQL and MariaDB spell statements where they differ from the standard."""

from __future__ import annotations

from collections.abc import Sequence

from isomorph.dialects.standard.sql import SqlRules

__all__ = ["RULES"]

# MySQL has no OFFSET without LIMIT; its manual (SELECT statement, LIMIT) says to pass a number larger than any table.
# 2**64 - 1 is the largest it takes.
_ALL_ROWS = str(2**64 - 1)


class MySQLRules(SqlRules):
    empty_insert = " () VALUES ()"
    # PyMySQL writes values into the text itself, so that only the size of a packet bounds them (16 MB by default).
    most_parameters = 1_000_000
    # A transaction reads as of its first SELECT (REPEATABLE READ), but a locking one reads what is committed.
    newest = " LOCK IN SHARE MODE"

    def row_window(self, limit: str | None, offset: str | None) -> str:
        return super().row_window(_ALL_ROWS if limit is None and offset is not None else limit, offset)

    def upsert(self, target: Sequence[str], updated: Sequence[str]) -> str:
        # VALUES() is deprecated in MySQL 8.0.20 in favour of a row alias, which MariaDB does not know.
        changes = [f"{column} = VALUES({column})" for column in updated]
        return f" ON DUPLICATE KEY UPDATE {', '.join(changes or [f'{target[0]} = {target[0]}'])}"


RULES = MySQLRules()
