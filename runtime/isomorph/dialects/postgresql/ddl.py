"""How PostgreSQL makes tables: types of their own for enums, comments by statements of their own.

Collations are the database's; a database that sorts as the others do was created with `LC_COLLATE 'C'`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from isomorph.catalog import (
    INTEGERS,
    MEDIUMTEXT_BYTES,
    SHAPES,
    Column,
    ColumnType,
    Enum,
    Index,
    IndexColumn,
    IndexExpression,
    Kind,
    SqlDefault,
    Table,
    Unique,
)
from isomorph.dialects.postgresql.column_changes import ColumnChange
from isomorph.dialects.postgresql.conversions import PostgreSQLConversions
from isomorph.dialects.postgresql.enum_changes import changed_by_new_type, changed_in_place, fits_in_place
from isomorph.dialects.postgresql.formulas import FORMULAS
from isomorph.dialects.postgresql.guards import PostgreSQLGuards
from isomorph.dialects.postgresql.mirrors import PostgreSQLMirrors
from isomorph.dialects.postgresql.types import TYPE_NAMES, TYPES
from isomorph.dialects.standard.composites import WKB_HEADS
from isomorph.dialects.standard.ddl import Change, Ddl
from isomorph.dialects.standard.enum_changes import EnumChange
from isomorph.dialects.standard.made_names import LONGEST_NAME_BYTES, made_name

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
    type_names = TYPE_NAMES
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
    conversions = PostgreSQLConversions
    mirrors = PostgreSQLMirrors
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

    def index_order(self, table: Table, part: IndexColumn | IndexExpression) -> str:
        if part.nulls is not None or (isinstance(part, IndexColumn) and not table.column(part.name).nullable):
            return super().index_order(table, part)
        # NULL is the least value of a query's order, and an index serves only the order that it was made for.
        return " DESC NULLS LAST" if part.descending else " NULLS FIRST"

    def index_columns(self, table: Table, index: Index) -> str:
        if index.method is None or index.method == "btree":
            return super().index_columns(table, index)
        # Other methods keep no order that could be asked for.
        return ", ".join(self.index_part(table, part) for part in index.columns)

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

    def _comment(self, what: str, name: str, comment: str | None) -> str:
        return f"COMMENT ON {what} {name} IS {'NULL' if comment is None else self.string(comment)}"

    # --- changes of a table ------------------------------------------------------------------------------------------

    def add_column(self, change: Change, column: Column) -> list[str]:
        made = self._collations(change.after, column)
        return [*made, *super().add_column(change, column), *self._column_comment(change.after, column)]

    # --- names -------------------------------------------------------------------------------------------------------

    def rename_table(self, change: Change) -> list[str]:
        before, after = change.before, change.after
        names = zip(before.columns, after.columns, strict=True)
        return [
            *super().rename_table(change),
            # The key has a name that PostgreSQL made of the table's, unless others made the table.
            f"ALTER INDEX IF EXISTS {self.quoted(_key_name(before))} RENAME TO {self.quoted(_key_name(after))}",
            *(statement for old, new in names for statement in self._renamed_check(change, old, new)),
        ]

    def rename_column(self, change: Change, before: str, after: str) -> list[str]:
        renamed = self._renamed_check(change, change.before.column(before), change.after.column(after))
        return [*super().rename_column(change, before, after), *renamed]

    def _renamed_check(self, change: Change, before: Column, after: Column) -> list[str]:
        found = self.type_check(before, change.enums)
        if found is None:
            return []
        old, new = (
            self.quoted(made_name(table.name, column.name, found[0]))
            for table, column in ((change.before, before), (change.after, after))
        )
        return self.alter(change, f"RENAME CONSTRAINT {old} TO {new}")

    # --- facts -------------------------------------------------------------------------------------------------------

    def change_column(self, change: Change, before: Column, after: Column) -> list[str]:
        changed = ColumnChange(self, change, before, after)
        return [*self._collations(change.after, after), *changed.statements(), *self._changed_comment(change, after)]

    def _changed_comment(self, change: Change, after: Column) -> list[str]:
        if change.before.column(after.name).comment == after.comment:
            return []
        name = f"{self.quoted(change.table)}.{self.quoted(after.name)}"
        return [self._comment("COLUMN", name, after.comment)]

    def change_primary_key(self, change: Change) -> list[str]:
        (key,) = self.primary_key(change.after)
        clause = f"DROP CONSTRAINT {self.quoted(_key_name(change.before))}, ADD {key}"
        return self._joined_anew(change, change.before.primary_key, self.alter(change, clause))

    def drop_unique(self, change: Change, unique: Unique) -> list[str]:
        return self._joined_anew(change, unique.columns, super().drop_unique(change, unique))

    def drop_index(self, change: Change, index: Index) -> list[str]:
        columns = index.column_names if index.unique and index.where is None else None
        return self._joined_anew(change, columns or (), super().drop_index(change, index))

    def _joined_anew(self, change: Change, columns: Sequence[str], statements: list[str]) -> list[str]:
        """Statements that take an index of these columns away, while the foreign keys are apart that may have found it.

        They hold on to the index; that there is another one of the same columns is a rule of the operation.
        """
        joined = [
            (f"ALTER TABLE {self.quoted(table.name)}", foreign_key)
            for table in change.tables.values()
            for foreign_key in table.foreign_keys
            if foreign_key.table == change.table and {*foreign_key.references} == {*columns}
        ]
        return [
            *(f"{alter} DROP CONSTRAINT {self.quoted(foreign_key.name)}" for alter, foreign_key in joined),
            *statements,
            *(f"{alter} ADD {self.foreign_key_constraint(foreign_key)}" for alter, foreign_key in joined),
        ]

    def change_table(self, change: Change) -> list[str]:
        before, after = change.before, change.after
        comment = self._comment("TABLE", self.quoted(after.name), after.comment)
        # A collation of the table's is one of each of its texts.
        recollated = (c for c in after.columns if self.collation_clause(before, c) != self.collation_clause(after, c))
        return [
            *(statement for column in recollated for statement in self.change_column(change, column, column)),
            *([comment] if before.comment != after.comment else []),
        ]

    # --- enums -------------------------------------------------------------------------------------------------------

    def create_enum(self, enum: Enum) -> list[str]:
        values = ", ".join(self.string(value) for value in enum.values)
        return [f"CREATE TYPE {self.quoted(enum.type_name)} AS ENUM ({values})"]

    def drop_enum(self, enum: Enum) -> list[str]:
        return [f"DROP TYPE {self.quoted(enum.type_name)}"]

    def rename_enum(self, before: Enum, after: Enum) -> list[str]:
        if before.type_name == after.type_name:
            return []
        return [f"ALTER TYPE {self.quoted(before.type_name)} RENAME TO {self.quoted(after.type_name)}"]

    def change_enum(self, change: EnumChange, *, used_at_once: bool) -> list[str]:
        if fits_in_place(change) and not (change.added and used_at_once):
            return changed_in_place(self, change)
        return changed_by_new_type(self, change)


def _key_name(table: Table) -> str:
    """The name that PostgreSQL gives to the primary key of a table (ChooseIndexName in its indexcmds.c)."""
    tail = "_pkey"
    return table.name.encode()[: LONGEST_NAME_BYTES - len(tail)].decode(errors="ignore") + tail
