"""How MySQL and MariaDB make tables: each operation one statement, since DDL cannot be rolled back there.

The index that a foreign key needs is made and dropped here, by rule: a foreign key has an index of its own name exactly
while no key of the table starts with its columns. Left to the server, what remains would depend on the history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from isomorph.catalog import Column, ColumnType, Enum, ForeignKey, Index, Kind, SqlDefault, Table, Unique
from isomorph.dialects.standard.ddl import Change, Ddl

__all__ = ["MySQLDdl"]

# Text is compared by code point, so that case, accents and trailing spaces count and sort as on SQLite and in
# PostgreSQL's "C". utf8mb4_bin pads with spaces; the collations that do not have a name of their own on each server, hence
# the comments: MariaDB runs /*M! */ and skips /*!50700 */ and above, MySQL the other way round.
_CHARSET = "DEFAULT CHARSET=utf8mb4 /*M! COLLATE=utf8mb4_nopad_bin */ /*!80017 COLLATE=utf8mb4_0900_bin */"

# An index takes 3,072 bytes in all (InnoDB limits of both manuals) and utf8mb4 four per character, so long text is indexed
# by its start: three such columns fit.
_PREFIX_CHARACTERS = 255
_LONGEST_INDEXED_STRING = 768

_LONG = frozenset({Kind.TEXT, Kind.BYTES, Kind.JSON})

_COMMENT_CHARACTERS = 1024
_TABLE_COMMENT_CHARACTERS = 2048


class MySQLDdl(Ddl):
    """DDL of MySQL and MariaDB."""

    dialect = "mysql"
    own_schema = "DATABASE()"
    auto_increment = "AUTO_INCREMENT"
    type_names: ClassVar[Mapping[Kind, str]] = {
        Kind.BOOL: "TINYINT(1)",
        Kind.SMALLINT: "SMALLINT",
        Kind.INT: "INT",
        Kind.BIGINT: "BIGINT",
        Kind.DECIMAL: "DECIMAL({precision}, {scale})",
        Kind.DOUBLE: "DOUBLE",
        Kind.STRING: "VARCHAR({length})",
        Kind.TEXT: "LONGTEXT",
        Kind.BYTES: "LONGBLOB",
        Kind.DATE: "DATE",
        Kind.TIME: "TIME(6)",
        Kind.DATETIME: "DATETIME(6)",
        Kind.TIMESTAMPTZ: "DATETIME(6)",
        Kind.JSON: "JSON",
        Kind.UUID: "CHAR(36) CHARACTER SET ascii COLLATE ascii_bin",
    }
    sql_defaults: ClassVar[Mapping[tuple[SqlDefault, Kind], str]] = {
        (SqlDefault.NOW, Kind.DATETIME): "(UTC_TIMESTAMP(6))",
        (SqlDefault.NOW, Kind.TIMESTAMPTZ): "(UTC_TIMESTAMP(6))",
        (SqlDefault.NOW, Kind.DATE): "(UTC_DATE())",
        (SqlDefault.NOW, Kind.TIME): "(UTC_TIME(6))",
        (SqlDefault.CURRENT_DATE, Kind.DATE): "(UTC_DATE())",
        (SqlDefault.CURRENT_TIME, Kind.TIME): "(UTC_TIME(6))",
    }

    # --- text --------------------------------------------------------------------------------------------------------

    def enum_type(self, enum: Enum) -> str:
        return f"ENUM({', '.join(self.string(value) for value in enum.values)})"

    def boolean(self, value: bool) -> str:
        return "1" if value else "0"

    def string(self, value: str) -> str:
        return super().string(value.replace("\\", "\\\\"))

    def timestamptz(self, text: str) -> str:
        return f"'{text}'"

    def default_constant(self, type_: ColumnType, value: object) -> str:
        text = self.stored(type_, value)
        # MySQL takes a default of these only as an expression (MySQL 8.0 manual, Data Type Default Values).
        return f"({text})" if type_.kind in _LONG else text

    def division(self, left: str, right: str, *, integers: bool) -> str:
        return f"{left} DIV {right}" if integers else f"{left} / {right}"

    # --- tables ------------------------------------------------------------------------------------------------------

    def create_table(self, table: Table, enums: Mapping[str, Enum]) -> list[str]:
        return [self.create_table_statement(table, table.name, enums)]

    def table_options(self, table: Table) -> str:
        comment = "" if table.comment is None else f" COMMENT={self.string(table.comment[:_TABLE_COMMENT_CHARACTERS])}"
        return f" ENGINE=InnoDB {_CHARSET}{comment}"

    def table_constraints(self, table: Table) -> list[str]:
        return [
            *super().table_constraints(table),
            *(self._index(table, index) for index in table.indexes),
            *(f"INDEX {self._foreign_key_index(foreign_key)}" for foreign_key in _without_key(table).values()),
        ]

    def column_extras(self, table: Table, column: Column, enums: Mapping[str, Enum]) -> list[str]:
        del table, enums
        if column.comment is None:
            return []
        return [f"COMMENT {self.string(column.comment[:_COMMENT_CHARACTERS])}"]

    def index_columns(self, table: Table, index: Index) -> str:
        def text(name: str, *, descending: bool) -> str:
            prefix = f"({_PREFIX_CHARACTERS})" if not index.unique and _is_long(table.column(name)) else ""
            return f"{self.quoted(name)}{prefix}{' DESC' if descending else ''}"

        return ", ".join(text(column.name, descending=column.descending) for column in index.columns)

    def _index(self, table: Table, index: Index) -> str:
        """An index as CREATE TABLE and ADD take it; of all rows, since there are no partial ones."""
        unique = "UNIQUE " if index.unique else ""
        return f"{unique}INDEX {self.quoted(index.name)} ({self.index_columns(table, index)})"

    def _foreign_key_index(self, foreign_key: ForeignKey) -> str:
        return f"{self.quoted(foreign_key.name)} ({self.column_list(foreign_key.columns)})"

    # --- changes of a table ------------------------------------------------------------------------------------------

    def alter(self, change: Change, clause: str) -> list[str]:
        """The clause, and in the same statement the indexes that foreign keys need from now on or need no more."""
        before, after = _without_key(change.before), _without_key(change.after)
        clauses = [
            clause,
            *(f"ADD INDEX {self._foreign_key_index(key)}" for name, key in after.items() if name not in before),
            *(f"DROP INDEX {self.quoted(name)}" for name in before if name not in after),
        ]
        return super().alter(change, ", ".join(clauses))

    def create_index(self, change: Change, index: Index) -> list[str]:
        return self.alter(change, f"ADD {self._index(change.after, index)}")

    def drop_index(self, change: Change, index: Index) -> list[str]:
        return self.alter(change, f"DROP INDEX {self.quoted(index.name)}")

    def drop_foreign_key(self, change: Change, foreign_key: ForeignKey) -> list[str]:
        return self.alter(change, f"DROP FOREIGN KEY {self.quoted(foreign_key.name)}")

    def drop_unique(self, change: Change, unique: Unique) -> list[str]:
        return self.alter(change, f"DROP INDEX {self.quoted(unique.name)}")


def _is_long(column: Column) -> bool:
    return column.type.kind in _LONG or (column.type.length or 0) > _LONGEST_INDEXED_STRING


def _without_key(table: Table) -> dict[str, ForeignKey]:
    """The foreign keys whose columns no key, unique or index of the table starts with, by name."""
    keys: list[Sequence[str]] = [table.primary_key, *(unique.columns for unique in table.uniques)]
    # Of a descending or shortened index it is not certain on every server that it serves a foreign key.
    keys += [
        [column.name for column in index.columns]
        for index in table.indexes
        if not any(column.descending or _is_long(table.column(column.name)) for column in index.columns)
    ]
    return {
        foreign_key.name: foreign_key
        for foreign_key in table.foreign_keys
        if not any(tuple(key[: len(foreign_key.columns)]) == foreign_key.columns for key in keys)
    }
