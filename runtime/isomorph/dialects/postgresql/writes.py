"""How PostgreSQL puts INSERT, UPDATE and DELETE together."""

from __future__ import annotations

from isomorph.dialects.standard.writes import WriteRules

__all__ = ["RULES"]


class PostgreSQLWriteRules(WriteRules):
    def numbers(self) -> str:
        return "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"


RULES = PostgreSQLWriteRules(copies=True)
