"""How SQLite makes tables: STRICT ones, with checks where it lacks a type, rebuilt where ALTER TABLE cannot do a thing.

A table is STRICT, so that a value of another type is refused as on the other databases (https://sqlite.org/stricttables.html).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
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
    Index,
    IndexColumn,
    IndexExpression,
    Kind,
    Nulls,
    SqlDefault,
    Table,
)
from isomorph.dialects.sqlite.composites import composite_check
from isomorph.dialects.sqlite.conversions import SQLiteConversions
from isomorph.dialects.sqlite.enum_changes import enum_values
from isomorph.dialects.sqlite.formulas import FORMULAS
from isomorph.dialects.sqlite.guards import SQLiteGuards
from isomorph.dialects.sqlite.mirrors import SQLiteMirrors
from isomorph.dialects.sqlite.types import TYPES
from isomorph.dialects.standard.constants import finite
from isomorph.dialects.standard.ddl import Change, Ddl, Enforcement
from isomorph.dialects.standard.enum_changes import EnumChange
from isomorph.errors import InvalidOperation

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
    conversions = SQLiteConversions
    mirrors = SQLiteMirrors
    row_number = "rowid"

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
        if any(_numbers(table, column) for column in table.columns):
            return []
        return super().primary_key(table)

    def column_definition(self, table: Table, column: Column, enums: Mapping[str, Enum]) -> str:
        if _numbers(table, column):
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

    def create_index_statement(self, table: Table, index: Index) -> str:
        beyond = "method" if index.method not in {None, "btree"} else "include" if index.include else None
        if beyond is not None:
            what = f"the index {index.name} has `{beyond}`, and sqlite knows one kind of index only, of its own columns"
            raise InvalidOperation(what, f"leave `{beyond}` out")
        return super().create_index_statement(table, replace(index, method=None))

    def index_order(self, table: Table, part: IndexColumn | IndexExpression) -> str:
        if part.nulls is not None and (part.nulls is Nulls.LAST) is not part.descending:
            what = f"an index of {table.name} has NULL {part.nulls.value}, and in sqlite NULL is the least value"
            raise InvalidOperation(what, "leave `nulls` out")
        return " DESC" if part.descending else ""

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

    # --- names -------------------------------------------------------------------------------------------------------

    def rename_table(self, change: Change) -> list[str]:
        return _followed(super().rename_table(change))

    def rename_column(self, change: Change, before: str, after: str) -> list[str]:
        return _followed(super().rename_column(change, before, after))

    def rename_index(self, change: Change, before: str, after: str) -> list[str]:
        index = next(index for index in change.after.indexes if index.name == after)
        return [f"DROP INDEX {self.quoted(before)}", self.create_index_statement(change.after, index)]

    def reshaped(self, change: Change) -> list[str]:
        # Checks of types have names that are made of the table's and the column's, and only a new table gives them others.
        before, after = change.before, change.after
        names = {column.name for column in before.columns}
        named = (c for c in after.columns if before.name != after.name or c.name not in names)
        if any(self.type_check(column, change.enums) is not None for column in named):
            return self.rebuild(replace(change, before=after))
        return []

    # --- facts -------------------------------------------------------------------------------------------------------

    def change_column(self, change: Change, before: Column, after: Column) -> list[str]:
        del before, after
        return self._changed(change)

    def change_primary_key(self, change: Change) -> list[str]:
        return self._changed(change)

    def change_table(self, change: Change) -> list[str]:
        return self._changed(change)

    def _changed(self, change: Change) -> list[str]:
        """A new table, unless what changes is not in its text: a comment, say."""
        before, after = (self.create_table(table, change.enums) for table in (change.before, change.after))
        return self.rebuild(change) if before != after or change.values else []

    # --- enums -------------------------------------------------------------------------------------------------------

    def change_enum(self, change: EnumChange, *, used_at_once: bool) -> list[str]:
        del used_at_once
        return [
            statement
            for before, after in change.tables
            for statement in self.rebuild(
                Change(before, after, change.enums_after, values=enum_values(self, change, before))
            )
        ]

    # --- questions ---------------------------------------------------------------------------------------------------

    def has_table(self, name: str) -> str:
        return f"SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = {self.string(name)}"

    def has_column(self, table: str, name: str) -> str:
        return f"SELECT 1 FROM pragma_table_xinfo({self.string(table)}) WHERE name = {self.string(name)}"


def _numbers(table: Table, column: Column) -> bool:
    """Whether a column is the rowid, which numbers new rows."""
    return column.auto_increment and table.primary_key == (column.name,)


def _followed(statements: list[str]) -> list[str]:
    """Statements that rename, such that views, triggers and other tables follow, which they do not while a table is rebuilt."""
    return ["PRAGMA legacy_alter_table = OFF", *statements, "PRAGMA legacy_alter_table = ON"]
