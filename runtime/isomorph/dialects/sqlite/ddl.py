"""How SQLite makes tables: STRICT ones, with checks where it lacks a type, rebuilt where ALTER TABLE cannot do a thing.

A table is STRICT, so that a value of another type is refused as on the other databases (https://sqlite.org/stricttables.html).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from isomorph.catalog import (
    INTEGERS,
    MEDIUMTEXT_BYTES,
    NETWORKS,
    RANGES,
    SHAPES,
    TEXTS,
    Column,
    ColumnType,
    Enum,
    Kind,
    SqlDefault,
    Table,
)
from isomorph.dialects.sqlite.composites import composite_check
from isomorph.dialects.sqlite.formulas import FORMULAS
from isomorph.dialects.sqlite.guards import SQLiteGuards
from isomorph.dialects.sqlite.types import TYPES
from isomorph.dialects.standard.constants import finite
from isomorph.dialects.standard.ddl import Change, Ddl, Enforcement

__all__ = ["SQLiteDdl"]

_DATETIME = "(strftime('%Y-%m-%d %H:%M:%f000', 'now'))"
_TIMESTAMPTZ = "(strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))"
_DATE = "(strftime('%Y-%m-%d', 'now'))"
_TIME = "(strftime('%H:%M:%f000', 'now'))"

_JSON = frozenset({Kind.JSON, Kind.ARRAY, Kind.SET, *RANGES})
"""Kinds that are stored as JSON."""


class SQLiteDdl(Ddl):
    """DDL of SQLite."""

    dialect = "sqlite"
    # Without legacy_alter_table, renaming a table re-parses every view and trigger, and fails for those that name the
    # table that was just dropped; and it is what keeps references of other tables as they are (https://sqlite.org/lang_altertable.html).
    enforcement = Enforcement(
        is_on="PRAGMA foreign_keys",
        off="PRAGMA foreign_keys = OFF",
        on="PRAGMA foreign_keys = ON",
        before=("PRAGMA legacy_alter_table = ON",),
        after=("PRAGMA legacy_alter_table = OFF",),
        violations="PRAGMA foreign_key_check",
        triggers="SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    )
    # A single INTEGER PRIMARY KEY is the rowid and numbers new rows by itself; AUTOINCREMENT would only cost.
    auto_increment = ""
    type_names: ClassVar[Mapping[Kind, str]] = {
        Kind.BOOL: "INTEGER",
        **dict.fromkeys(INTEGERS, "INTEGER"),
        Kind.UNSIGNED_BIGINT: "TEXT COLLATE isomorph_decimal",
        Kind.DECIMAL: "TEXT COLLATE isomorph_decimal",
        Kind.REAL: "REAL",
        Kind.DOUBLE: "REAL",
        **dict.fromkeys(TEXTS, "TEXT"),
        Kind.BYTES: "BLOB",
        Kind.DATE: "TEXT",
        Kind.TIME: "TEXT",
        Kind.DATETIME: "TEXT",
        Kind.TIMESTAMPTZ: "TEXT",
        Kind.INTERVAL: "INTEGER",
        Kind.JSON: "TEXT",
        Kind.UUID: "TEXT",
        **dict.fromkeys((Kind.ARRAY, Kind.SET, *NETWORKS, *RANGES, Kind.ENCRYPTED), "TEXT"),
        **dict.fromkeys(SHAPES, "BLOB"),
    }
    types = TYPES
    sql_defaults: ClassVar[Mapping[tuple[SqlDefault, Kind], str]] = {
        (SqlDefault.NOW, Kind.DATETIME): _DATETIME,
        (SqlDefault.NOW, Kind.TIMESTAMPTZ): _TIMESTAMPTZ,
        (SqlDefault.NOW, Kind.DATE): _DATE,
        (SqlDefault.NOW, Kind.TIME): _TIME,
        (SqlDefault.CURRENT_DATE, Kind.DATE): _DATE,
        (SqlDefault.CURRENT_TIME, Kind.TIME): _TIME,
    }

    collations: ClassVar[Mapping[str, str]] = {"binary": "BINARY", "nocase": "NOCASE"}
    formulas = FORMULAS
    guards = SQLiteGuards

    # --- text --------------------------------------------------------------------------------------------------------

    def enum_type(self, enum: Enum) -> str:
        del enum
        return "TEXT"

    def boolean(self, value: bool) -> str:
        return "1" if value else "0"

    def decimal(self, value: Decimal) -> str:
        return self.string(format(value, "f"))

    def unsigned_bigint(self, value: int) -> str:
        return self.string(str(value))

    def default_constant(self, type_: ColumnType, value: object) -> str:
        if type_.kind is Kind.DECIMAL and type_.scale is not None:
            return self.string(f"{finite(Decimal(str(value))):.{type_.scale}f}")
        return self.stored(type_, value)

    # --- tables ------------------------------------------------------------------------------------------------------

    def table_options(self, table: Table) -> str:
        del table
        return " STRICT"

    def primary_key(self, table: Table) -> list[str]:
        if any(column.auto_increment for column in table.columns):
            return []
        return super().primary_key(table)

    def column_definition(self, table: Table, column: Column, enums: Mapping[str, Enum]) -> str:
        if column.auto_increment:
            return f"{self.quoted(column.name)} INTEGER PRIMARY KEY"
        return super().column_definition(table, column, enums)

    def type_check(self, column: Column, enums: Mapping[str, Enum]) -> tuple[str, str] | None:
        name, type_ = self.quoted(column.name), column.type
        match type_.kind:
            case Kind.BOOL:
                return "bool", f"{name} IN (0, 1)"
            case Kind.BIGINT:
                return None
            case Kind.UNSIGNED_BIGINT:
                # By text, so that other tools, which lack the collation, may write it.
                most = INTEGERS[type_.kind].stop - 1
                is_number = f"{name} NOT GLOB '*[^0-9]*' AND ({name} GLOB '[1-9]*' OR {name} = '0' COLLATE BINARY)"
                longest = f"length({name}) = {len(str(most))} AND {name} <= '{most}' COLLATE BINARY"
                return "range", f"{is_number} AND (length({name}) < {len(str(most))} OR {longest})"
            case kind if kind in INTEGERS:
                return "range", f"{name} BETWEEN {INTEGERS[kind].start} AND {INTEGERS[kind].stop - 1}"
            case Kind.STRING:
                return "length", f"length({name}) <= {type_.length}"
            case Kind.CHAR:
                return "length", f"length({name}) <= {type_.length} AND substr({name}, -1) <> ' '"
            case Kind.MEDIUMTEXT:
                return "length", f"length(CAST({name} AS BLOB)) <= {MEDIUMTEXT_BYTES}"
            case Kind.BYTES if type_.length is not None:
                return "length", f"length({name}) <= {type_.length}"
            case kind if kind in _JSON:
                # json_valid(NULL) is 0 before SQLite 3.45.
                may_be_null = f"{name} IS NULL OR " if column.nullable else ""
                return "json", f"{may_be_null}json_valid({name})"
            case Kind.ENUM:
                values = ", ".join(self.string(value) for value in enums[type_.enum or ""].values)
                return "enum", f"{name} IN ({values})"
            case _:
                return composite_check(type_.kind, name, self.binary)

    # --- changes of a table ------------------------------------------------------------------------------------------

    def alter(self, change: Change, clause: str) -> list[str]:
        """ALTER TABLE knows no constraints, so the table is rebuilt, whatever the clause."""
        del clause
        return self.rebuild(change)

    def add_column(self, change: Change, column: Column) -> list[str]:
        # A new column may not have a computed default, nor be NOT NULL without a default (https://sqlite.org/lang_altertable.html).
        # A generated one may be neither stored.
        is_stored = column.generated is not None and column.generated.stored
        is_missing = not column.nullable and column.default is None and column.generated is None
        if column.default_sql is not None or is_missing or is_stored:
            return self.rebuild(change)
        return super().alter(change, f"ADD COLUMN {self.column_definition(change.after, column, change.enums)}")

    def drop_column(self, change: Change, column: Column) -> list[str]:
        return super().alter(change, f"DROP COLUMN {self.quoted(column.name)}")

    # --- questions ---------------------------------------------------------------------------------------------------

    def has_table(self, name: str) -> str:
        return f"SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = {self.string(name)}"
