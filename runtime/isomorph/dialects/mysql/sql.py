"""How MySQL and MariaDB spell statements where they differ from the standard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from isomorph.catalog import Kind
from isomorph.dialects.mysql.functions import FUNCTIONS
from isomorph.dialects.standard import functions as standard
from isomorph.dialects.standard.sql import WAITS, SqlRules
from isomorph.dialects.standard.templates import Template, parsed
from isomorph.errors import NotSupported

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

    has_nulls_order = False
    functions: ClassVar[Mapping[str | tuple[str, Kind], Template]] = parsed(
        standard.FUNCTIONS, FUNCTIONS, literal_percent=False
    )

    def lock(self, mode: str, wait: str, of: Sequence[str]) -> str:
        if of:
            raise NotSupported("lock of some tables only", "mysql", "lock the rows of all, or query them apart")
        # MariaDB has no FOR SHARE, MySQL takes both.
        return (" FOR UPDATE" if mode == "update" else " LOCK IN SHARE MODE") + WAITS[wait]

    def row_window(self, limit: str | None, offset: str | None) -> str:
        return super().row_window(_ALL_ROWS if limit is None and offset is not None else limit, offset)

    def upsert(self, target: Sequence[str], updated: Sequence[str]) -> str:
        # VALUES() is deprecated in MySQL 8.0.20 in favour of a row alias, which MariaDB does not know.
        changes = [f"{column} = VALUES({column})" for column in updated]
        return f" ON DUPLICATE KEY UPDATE {', '.join(changes or [f'{target[0]} = {target[0]}'])}"


RULES = MySQLRules()
