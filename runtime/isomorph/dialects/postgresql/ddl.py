"""How PostgreSQL makes tables: types of their own for enums, comments by statements of their own.

Collations are the database's; a database that sorts as the others do was created with `LC_COLLATE 'C'`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from isomorph.catalog import Column, Enum, Kind, SqlDefault, Table, Unique
from isomorph.dialects.standard.ddl import Change, Ddl

__all__ = ["PostgreSQLDdl"]

# Without a zone the clock of UTC is meant, whatever the zone of the session.
_UTC = "CURRENT_TIMESTAMP AT TIME ZONE 'UTC'"


class PostgreSQLDdl(Ddl):
    """DDL of PostgreSQL."""

    dialect = "postgresql"
    own_schema = "current_schema()"
    type_names: ClassVar[Mapping[Kind, str]] = {
        Kind.BOOL: "boolean",
        Kind.SMALLINT: "smallint",
        Kind.INT: "integer",
        Kind.BIGINT: "bigint",
        Kind.DECIMAL: "numeric({precision}, {scale})",
        Kind.DOUBLE: "double precision",
        Kind.STRING: "varchar({length})",
        Kind.TEXT: "text",
        Kind.BYTES: "bytea",
        Kind.DATE: "date",
        Kind.TIME: "time",
        Kind.DATETIME: "timestamp",
        Kind.TIMESTAMPTZ: "timestamptz",
        Kind.JSON: "jsonb",
        Kind.UUID: "uuid",
    }
    sql_defaults: ClassVar[Mapping[tuple[SqlDefault, Kind], str]] = {
        (SqlDefault.NOW, Kind.DATETIME): f"({_UTC})",
        (SqlDefault.NOW, Kind.TIMESTAMPTZ): "CURRENT_TIMESTAMP",
        (SqlDefault.NOW, Kind.DATE): f"(({_UTC})::date)",
        (SqlDefault.NOW, Kind.TIME): f"(({_UTC})::time)",
        (SqlDefault.CURRENT_DATE, Kind.DATE): f"(({_UTC})::date)",
        (SqlDefault.CURRENT_TIME, Kind.TIME): f"(({_UTC})::time)",
    }

    # --- text --------------------------------------------------------------------------------------------------------

    def binary(self, value: bytes) -> str:
        return f"'\\x{value.hex()}'"

    def date(self, text: str) -> str:
        return f"DATE '{text}'"

    def time(self, text: str) -> str:
        return f"TIME '{text}'"

    def datetime(self, text: str) -> str:
        return f"TIMESTAMP '{text}'"

    def timestamptz(self, text: str) -> str:
        return f"TIMESTAMP WITH TIME ZONE '{text}+00:00'"

    # --- tables ------------------------------------------------------------------------------------------------------

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
        return [create, *add, *rest]

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
        return [*super().add_column(change, column), *self._column_comment(change.after, column)]

    # --- enums -------------------------------------------------------------------------------------------------------

    def create_enum(self, enum: Enum) -> list[str]:
        values = ", ".join(self.string(value) for value in enum.values)
        return [f"CREATE TYPE {self.quoted(enum.type_name)} AS ENUM ({values})"]

    def drop_enum(self, enum: Enum) -> list[str]:
        return [f"DROP TYPE {self.quoted(enum.type_name)}"]
