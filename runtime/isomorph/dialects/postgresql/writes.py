"""How PostgreSQL puts INSERT, UPDATE and DELETE together."""

from __future__ import annotations

from collections.abc import Sequence

from isomorph.catalog import INTEGERS, TEXTS, ColumnType, Kind
from isomorph.dialects.postgresql.sql import array_of
from isomorph.dialects.standard.writes import WriteRules

__all__ = ["RULES"]


# Types whose values the driver takes in lists, and whose lists cannot be taken for lists of lists.
_LISTED = frozenset(
    {
        *INTEGERS,
        *TEXTS,
        *(Kind.BOOL, Kind.DECIMAL, Kind.DOUBLE, Kind.UUID, Kind.BYTES),
        *(Kind.DATE, Kind.TIME, Kind.DATETIME, Kind.TIMESTAMPTZ, Kind.INTERVAL),
    }
)


class PostgreSQLWriteRules(WriteRules):
    def rows_of(self, types: Sequence[ColumnType]) -> str | None:
        if not all(type_.kind in _LISTED for type_ in types):
            return None
        arrays = ["text[]" if type_.kind in TEXTS else array_of(type_.kind) for type_ in types]
        return f"SELECT * FROM unnest({', '.join([f'%s::{array}' for array in arrays])})"

    def numbers(self) -> str:
        return "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"


RULES = PostgreSQLWriteRules(copies=True)
