"""How PostgreSQL makes tables: types of their own for enums, comments by statements of their own.

Collations are the database's; a database that sorts as the others do was created with `LC_COLLATE 'C'`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from isomorph.catalog import (
    INTEGERS,
    MEDIUMTEXT_BYTES,
    NETWORKS,
    RANGES,
    SHAPES,
    Column,
    ColumnType,
    Enum,
    Index,
    Kind,
    SqlDefault,
    Table,
    Unique,
)
from isomorph.dialects.postgresql.formulas import FORMULAS
from isomorph.dialects.postgresql.guards import PostgreSQLGuards
from isomorph.dialects.postgresql.types import TYPES
from isomorph.dialects.standard.composites import WKB_HEADS
from isomorph.dialects.standard.ddl import Change, Ddl

__all__ = ["PostgreSQLDdl"]

# Without a zone the clock of UTC is meant, whatever the zone of the session.
_UTC = "CURRENT_TIMESTAMP AT TIME ZONE 'UTC'"

_NOCASE = "isomorph_nocase"

_DAY = 86_400 * 1_000_000  # microseconds
_CHECKED_INTEGERS = INTEGERS.keys() - {Kind.SMALLINT, Kind.INT, Kind.BIGINT}


class PostgreSQLDdl(Ddl):
    """DDL of PostgreSQL."""

    dialect = "postgresql"
    own_schema = "current_schema()"
    type_names: ClassVar[Mapping[Kind, str]] = {
        Kind.BOOL: "boolean",
        # There is no integer of 8 bits and none without a sign; the next wider one takes its place, under a check.
        Kind.TINYINT: "smallint",
        Kind.SMALLINT: "smallint",
        Kind.INT: "integer",
        Kind.BIGINT: "bigint",
        Kind.UNSIGNED_TINYINT: "smallint",
        Kind.UNSIGNED_SMALLINT: "integer",
        Kind.UNSIGNED_INT: "bigint",
        Kind.UNSIGNED_BIGINT: "numeric(20, 0)",
        Kind.DECIMAL: "numeric({precision}, {scale})",
        Kind.REAL: "real",
        Kind.DOUBLE: "double precision",
        Kind.STRING: "varchar({length})",
        # PostgreSQL's own char(n) fills text up with blanks, which LIKE then sees and = does not.
        Kind.CHAR: "varchar({length})",
        Kind.TEXT: "text",
        Kind.MEDIUMTEXT: "text",
        Kind.BYTES: "bytea",
        Kind.DATE: "date",
        Kind.TIME: "time",
        Kind.DATETIME: "timestamp",
        Kind.TIMESTAMPTZ: "timestamptz",
        Kind.INTERVAL: "interval",
        Kind.JSON: "jsonb",
        Kind.UUID: "uuid",
        **{kind: kind.value for kind in (*NETWORKS, *RANGES, Kind.TSVECTOR)},
        # Its own geometric types are of another make, and those of PostGIS not everywhere.
        **dict.fromkeys(SHAPES, "bytea"),
        Kind.ENCRYPTED: "text",
    }
    types = TYPES
    sql_defaults: ClassVar[Mapping[tuple[SqlDefault, Kind], str]] = {
        (SqlDefault.NOW, Kind.DATETIME): f"({_UTC})",
        (SqlDefault.NOW, Kind.TIMESTAMPTZ): "CURRENT_TIMESTAMP",
        (SqlDefault.NOW, Kind.DATE): f"(({_UTC})::date)",
        (SqlDefault.NOW, Kind.TIME): f"(({_UTC})::time)",
        (SqlDefault.CURRENT_DATE, Kind.DATE): f"(({_UTC})::date)",
        (SqlDefault.CURRENT_TIME, Kind.TIME): f"(({_UTC})::time)",
    }

    collations: ClassVar[Mapping[str, str]] = {"binary": "C", "nocase": _NOCASE}
    formulas = FORMULAS
    guards = PostgreSQLGuards
    has_virtual_columns = False  # PostgreSQL 18 has them, the ones before only stored ones

    # --- text --------------------------------------------------------------------------------------------------------

    def set_type(self, enum: Enum) -> str:
        return f"{self.enum_type(enum)}[]"

    def array_type(self, item: ColumnType, enums: Mapping[str, Enum]) -> str:
        return f"{self.column_type(item, enums)}[]"

    def binary(self, value: bytes) -> str:
        return f"'\\x{value.hex()}'"

    def interval(self, microseconds: int) -> str:
        days, rest = divmod(microseconds, _DAY)
        return f"INTERVAL '{days} days {rest // 1_000_000} seconds {rest % 1_000_000} microseconds'"

    def date(self, text: str) -> str:
        return f"DATE '{text}'"

    def time(self, text: str) -> str:
        return f"TIME '{text}'"

    def datetime(self, text: str) -> str:
        return f"TIMESTAMP '{text}'"

    def timestamptz(self, text: str) -> str:
        return f"TIMESTAMP WITH TIME ZONE '{text}+00:00'"

    # --- tables ------------------------------------------------------------------------------------------------------

    def type_check(self, column: Column, enums: Mapping[str, Enum]) -> tuple[str, str] | None:
        del enums
        name, type_ = self.quoted(column.name), column.type
        match type_.kind:
            case kind if kind in _CHECKED_INTEGERS:
                return "range", f"{name} BETWEEN {INTEGERS[kind].start} AND {INTEGERS[kind].stop - 1}"
            case Kind.CHAR:
                return "length", f"right({name}, 1) <> ' '"
            case Kind.MEDIUMTEXT:
                return "length", f"octet_length({name}) <= {MEDIUMTEXT_BYTES}"
            case Kind.BYTES if type_.length is not None:
                return "length", f"octet_length({name}) <= {type_.length}"
            case Kind.INTERVAL:
                # A month has no length that all databases, or a timedelta, agree on.
                return "interval", f"extract(year FROM {name}) = 0 AND extract(month FROM {name}) = 0"
            case kind if kind in SHAPES:
                heads = ", ".join(map(self.binary, WKB_HEADS[kind]))
                return "shape", f"substring({name} FROM 1 FOR 5) IN ({heads})"
            case _:
                return None

    def create_table(self, table: Table, enums: Mapping[str, Enum]) -> list[str]:
        # PostgreSQL makes one constraint of two of the same columns in one CREATE TABLE, so the second has its own
        # statement (transformIndexConstraints in its parse_utilcmd.c).
        seen, repeated = {table.primary_key}, list[Unique]()
        for unique in table.uniques:
            if unique.columns in seen:
                repeated.append(unique)
            seen.add(unique.columns)
        plain = replace(table, uniques=tuple(unique for unique in table.uniques if unique not in repeated))
        create, *rest = super().create_table(plain, enums)
        add = [f"ALTER TABLE {self.quoted(table.name)} ADD {self.unique_constraint(unique)}" for unique in repeated]
        return [*self._collations(table, *table.columns), create, *add, *rest]

    def index_columns(self, table: Table, index: Index) -> str:
        # NULL is the least value of a query's order, and an index serves only the order that it was made for.
        nulls = {False: " NULLS FIRST", True: " DESC NULLS LAST"}
        plain = {False: "", True: " DESC"}
        return ", ".join(
            self.quoted(column.name) + (nulls if table.column(column.name).nullable else plain)[column.descending]
            for column in index.columns
        )

    def _collations(self, table: Table, *columns: Column) -> list[str]:
        """Statements that make the collations of ours that columns have."""
        clause = f" COLLATE {self.quoted(_NOCASE)}"
        if not any(self.collation_clause(table, column) == clause for column in columns):
            return []
        # The case of letters is the third level of the Unicode collation algorithm, accents are the second.
        options = "provider = icu, locale = 'und-u-ks-level2', deterministic = false"
        return [f"CREATE COLLATION IF NOT EXISTS {self.quoted(_NOCASE)} ({options})"]

    def comments(self, table: Table) -> list[str]:
        statements = [] if table.comment is None else [self._comment("TABLE", self.quoted(table.name), table.comment)]
        return statements + [statement for column in table.columns for statement in self._column_comment(table, column)]

    def _column_comment(self, table: Table, column: Column) -> list[str]:
        if column.comment is None:
            return []
        return [self._comment("COLUMN", f"{self.quoted(table.name)}.{self.quoted(column.name)}", column.comment)]

    def _comment(self, what: str, name: str, comment: str) -> str:
        return f"COMMENT ON {what} {name} IS {self.string(comment)}"

    # --- changes of a table ------------------------------------------------------------------------------------------

    def add_column(self, change: Change, column: Column) -> list[str]:
        made = self._collations(change.after, column)
        return [*made, *super().add_column(change, column), *self._column_comment(change.after, column)]

    # --- enums -------------------------------------------------------------------------------------------------------

    def create_enum(self, enum: Enum) -> list[str]:
        values = ", ".join(self.string(value) for value in enum.values)
        return [f"CREATE TYPE {self.quoted(enum.type_name)} AS ENUM ({values})"]

    def drop_enum(self, enum: Enum) -> list[str]:
        return [f"DROP TYPE {self.quoted(enum.type_name)}"]
