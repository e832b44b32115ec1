"""How PostgreSQL puts INSERT, UPDATE and DELETE together."""

from __future__ import annotations

from collections.abc import Sequence

from isomorph.catalog import INTEGERS, SHAPES, TEXTS, ColumnType, Kind
from isomorph.dialects.postgresql.sql import array_of, type_name_of
from isomorph.dialects.standard.writes import WriteRules

__all__ = ["RULES", "Copy"]


# Types whose values the driver takes in lists, and whose lists cannot be taken for lists of lists.
_LISTED = frozenset(
    {
        *INTEGERS,
        *TEXTS,
        *(Kind.BOOL, Kind.DECIMAL, Kind.DOUBLE, Kind.UUID, Kind.BYTES),
        *(Kind.DATE, Kind.TIME, Kind.DATETIME, Kind.TIMESTAMPTZ, Kind.INTERVAL),
    }
)


# Those besides whose values are what COPY takes in binary format; that of an enum is its text.
_COPIED = (_LISTED - {Kind.UNSIGNED_BIGINT}) | {Kind.REAL, Kind.JSON, Kind.ENUM, *SHAPES}


class Copy(str):
    """A COPY of rows whose values may go in binary format, if the table's columns are of these types.

    Attributes:
        types: names of types; None for an enum's.
        asking: a SELECT of no rows, which tells the types that the columns have.
    """

    __slots__ = ("asking", "types")

    types: Sequence[str | None]
    asking: str


class PostgreSQLWriteRules(WriteRules):
    def rows_of(self, types: Sequence[ColumnType]) -> str | None:
        if not all(type_.kind in _LISTED for type_ in types):
            return None
        arrays = ["text[]" if type_.kind in TEXTS else array_of(type_.kind) for type_ in types]
        return f"SELECT * FROM unnest({', '.join([f'%s::{array}' for array in arrays])})"

    def copy(self, table: str, names: Sequence[str], types: Sequence[ColumnType]) -> str:
        columns = ", ".join(names)
        text = Copy(f"COPY {table} ({columns}) FROM STDIN")
        if not all(type_.kind in _COPIED for type_ in types):
            return str(text)
        text.types = [type_name_of(type_.kind) for type_ in types]
        text.asking = f"SELECT {columns} FROM {table} LIMIT 0"
        return text

    def numbers(self) -> str:
        # The sequence is looked up once, in a query of its own; and one array comes, since thousands of rows set the
        # collector going.
        return (
            "SELECT array_agg(nextval((SELECT pg_get_serial_sequence(%s, %s)::regclass))) FROM generate_series(1, %s)"
        )


RULES = PostgreSQLWriteRules(copies=True)
