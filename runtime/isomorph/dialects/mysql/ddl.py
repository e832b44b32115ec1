"""How MySQL and MariaDB make tables: each operation one statement, since DDL cannot be rolled back there.

The index that a foreign key needs is made and dropped here, by rule: a foreign key has an index of its own name exactly
while no key of the table starts with its columns. Left to the server, what remains would depend on the history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from isomorph.catalog import (
    NETWORKS,
    RANGES,
    SHAPES,
    Collation,
    Column,
    ColumnType,
    Enum,
    ForeignKey,
    Index,
    Kind,
    SqlDefault,
    Table,
    Unique,
)
from isomorph.dialects.mysql.composites import NETWORK_PATTERNS
from isomorph.dialects.mysql.formulas import FORMULAS
from isomorph.dialects.mysql.guards import MySQLGuards
from isomorph.dialects.mysql.types import TYPES
from isomorph.dialects.standard.ddl import Change, Ddl
from isomorph.errors import InvalidOperation
from isomorph.values.networks import ADDRESS_CHARACTERS, MAC_CHARACTERS, NETWORK_CHARACTERS

__all__ = ["MySQLDdl"]

# Text is compared by code point, so that case, accents and trailing spaces count and sort as on SQLite and in
# PostgreSQL's "C". utf8mb4_bin pads with spaces; the collations that do not have a name of their own on each server, hence
# the comments: MariaDB runs /*M! */ and skips /*!50700 */ and above, MySQL the other way round.
_COLLATE = "/*M! COLLATE{joint}utf8mb4_{mariadb} */ /*!80017 COLLATE{joint}utf8mb4_{mysql} */"
_COLLATIONS = {"binary": ("nopad_bin", "0900_bin"), "nocase": ("uca1400_nopad_as_ci", "0900_as_ci")}
_CHARSET = "utf8mb4"

# An index takes 3,072 bytes in all (InnoDB limits of both manuals) and utf8mb4 four per character, so long text is indexed
# by its start: three such columns fit.
_PREFIX_CHARACTERS = 255
_INDEX_BYTES = 3072

_LONG = frozenset({Kind.TEXT, Kind.MEDIUMTEXT, Kind.JSON, Kind.ARRAY, Kind.NUMRANGE, Kind.ENCRYPTED, *SHAPES})

# Kept as text, and no text to the schema.
_NO_TEXTS = frozenset({Kind.ENUM, Kind.SET, Kind.ARRAY})

_ASCII = "CHARACTER SET ascii COLLATE ascii_bin"

# A range as JSON, its bounds of 32 characters at most.
_RANGE_CHARACTERS = 128

_COMMENT_CHARACTERS = 1024
_TABLE_COMMENT_CHARACTERS = 2048


class MySQLDdl(Ddl):
    """DDL of MySQL and MariaDB."""

    dialect = "mysql"
    own_schema = "DATABASE()"
    auto_increment = "AUTO_INCREMENT"
    type_names: ClassVar[Mapping[Kind, str]] = {
        Kind.BOOL: "TINYINT(1)",
        Kind.TINYINT: "TINYINT",
        Kind.SMALLINT: "SMALLINT",
        Kind.INT: "INT",
        Kind.BIGINT: "BIGINT",
        Kind.UNSIGNED_TINYINT: "TINYINT UNSIGNED",
        Kind.UNSIGNED_SMALLINT: "SMALLINT UNSIGNED",
        Kind.UNSIGNED_INT: "INT UNSIGNED",
        Kind.UNSIGNED_BIGINT: "BIGINT UNSIGNED",
        Kind.DECIMAL: "DECIMAL({precision}, {scale})",
        # The servers give a FLOAT as text of six digits, from which the number does not come back.
        Kind.REAL: "DOUBLE",
        Kind.DOUBLE: "DOUBLE",
        Kind.STRING: "VARCHAR({length})",
        Kind.CHAR: "CHAR({length})",
        Kind.TEXT: "LONGTEXT",
        Kind.MEDIUMTEXT: "MEDIUMTEXT",
        Kind.BYTES: "LONGBLOB",
        Kind.DATE: "DATE",
        Kind.TIME: "TIME(6)",
        Kind.DATETIME: "DATETIME(6)",
        Kind.TIMESTAMPTZ: "DATETIME(6)",
        # Their TIME ends at 838 hours.
        Kind.INTERVAL: "BIGINT",
        Kind.JSON: "JSON",
        Kind.UUID: f"CHAR(36) {_ASCII}",
        # Not their JSON, which is no text on MySQL, so that equality of it is another one.
        Kind.ARRAY: "LONGTEXT",
        Kind.INET: f"VARCHAR({ADDRESS_CHARACTERS}) {_ASCII}",
        Kind.CIDR: f"VARCHAR({NETWORK_CHARACTERS}) {_ASCII}",
        Kind.MACADDR: f"CHAR({MAC_CHARACTERS}) {_ASCII}",
        **dict.fromkeys(RANGES, f"VARCHAR({_RANGE_CHARACTERS}) {_ASCII}"),
        Kind.NUMRANGE: f"LONGTEXT {_ASCII}",
        **{kind: kind.value.upper() for kind in SHAPES},
        Kind.ENCRYPTED: f"LONGTEXT {_ASCII}",
    }
    types = TYPES
    sql_defaults: ClassVar[Mapping[tuple[SqlDefault, Kind], str]] = {
        (SqlDefault.NOW, Kind.DATETIME): "(UTC_TIMESTAMP(6))",
        (SqlDefault.NOW, Kind.TIMESTAMPTZ): "(UTC_TIMESTAMP(6))",
        (SqlDefault.NOW, Kind.DATE): "(UTC_DATE())",
        (SqlDefault.NOW, Kind.TIME): "(UTC_TIME(6))",
        (SqlDefault.CURRENT_DATE, Kind.DATE): "(UTC_DATE())",
        (SqlDefault.CURRENT_TIME, Kind.TIME): "(UTC_TIME(6))",
    }

    formulas = FORMULAS
    guards = MySQLGuards

    # --- text --------------------------------------------------------------------------------------------------------

    def scripted(self, statement: str) -> str:
        # The mysql client ends a statement at the first semicolon, also within a trigger.
        if ";" not in statement:
            return super().scripted(statement)
        end = "//"
        while end in statement:
            end += "/"
        return f"DELIMITER {end}\n{statement}{end}\nDELIMITER ;"

    def column_type(self, type_: ColumnType, enums: Mapping[str, Enum]) -> str:
        # BINARY(n) would fill shorter values up with zeros.
        if type_.kind is Kind.BYTES and type_.length is not None:
            return f"VARBINARY({type_.length})"
        return super().column_type(type_, enums)

    def enum_type(self, enum: Enum) -> str:
        return f"ENUM({', '.join(self.string(value) for value in enum.values)})"

    def set_type(self, enum: Enum) -> str:
        return f"SET({', '.join(self.string(value) for value in enum.values)})"

    def boolean(self, value: bool) -> str:
        return "1" if value else "0"

    def string(self, value: str) -> str:
        return super().string(value.replace("\\", "\\\\"))

    def timestamptz(self, text: str) -> str:
        return f"'{text}'"

    def default_constant(self, type_: ColumnType, value: object) -> str:
        text = self.stored(type_, value)
        # MySQL takes a default of these only as an expression (MySQL 8.0 manual, Data Type Default Values).
        return f"({text})" if _is_long(type_) else text

    def not_null(self, column: Column) -> str:
        # MariaDB takes no NOT NULL on a generated column.
        return "NOT NULL" if column.generated is None else "/*!80017 NOT NULL */"

    def collation_clause(self, table: Table, column: Column) -> str:
        if column.collation is None and column.charset is None:
            # The collation of a table is for its texts, and would reach these.
            if table.collation is not None and column.type.kind in _NO_TEXTS:
                return f" {self._collate('binary', table.charset, ' ')}"
            return ""
        charset = "" if column.charset is None else f" CHARACTER SET {self.quoted(column.charset)}"
        return f"{charset} {self._collate(column.collation, column.charset or table.charset, ' ')}"

    def _collate(self, collation: Collation | None, charset: str | None, joint: str) -> str:
        """The collation of a column or table; by code point where none of this dialect is named."""
        named = collation.get(self.dialect) if isinstance(collation, Mapping) else None
        if named is not None:
            return f"COLLATE{joint}{self.quoted(named)}"
        word = collation if isinstance(collation, str) else "binary"
        if charset is None or charset == _CHARSET:
            mariadb, mysql = _COLLATIONS[word]
            return _COLLATE.format(joint=joint, mariadb=mariadb, mysql=mysql)
        if word != "binary":
            what = f'the character set {charset} has no collation "{word}" of every server'
            raise InvalidOperation(what, 'name one: { mysql = "..." }')
        return f"COLLATE{joint}{self.quoted(f'{charset}_bin')}"

    # --- tables ------------------------------------------------------------------------------------------------------

    def create_table(self, table: Table, enums: Mapping[str, Enum]) -> list[str]:
        return [self.create_table_statement(table, table.name, enums)]

    def table_options(self, table: Table) -> str:
        comment = "" if table.comment is None else f" COMMENT={self.string(table.comment[:_TABLE_COMMENT_CHARACTERS])}"
        engine = "InnoDB" if table.engine is None else self.quoted(table.engine)
        charset = _CHARSET if table.charset is None else self.quoted(table.charset)
        collate = self._collate(table.collation, table.charset, "=")
        return f" ENGINE={engine} DEFAULT CHARSET={charset} {collate}{comment}"

    def create_table_statement(self, table: Table, name: str, enums: Mapping[str, Enum]) -> str:
        return super().create_table_statement(replace(table, columns=_placed(table.columns)), name, enums)

    def table_constraints(self, table: Table) -> list[str]:
        return [
            *super().table_constraints(table),
            *(self._index(table, index) for index in table.indexes),
            *(f"INDEX {self._foreign_key_index(foreign_key)}" for foreign_key in _without_key(table).values()),
        ]

    def column_extras(self, table: Table, column: Column, enums: Mapping[str, Enum]) -> list[str]:
        del table
        extras: list[str] = []
        if column.comment is not None:
            extras.append(f"COMMENT {self.string(column.comment[:_COMMENT_CHARACTERS])}")
        if (found := self.type_check(column, enums)) is not None:
            # MariaDB names the check of a column for the column, and takes it only at the end.
            extras.append(f"CHECK ({found[1]})")
        return extras

    def type_check(self, column: Column, enums: Mapping[str, Enum]) -> tuple[str, str] | None:
        del enums
        name, kind = self.quoted(column.name), column.type.kind
        if kind is Kind.ARRAY or kind in RANGES:
            return "json", f"JSON_VALID({name})"
        if kind in NETWORKS:
            return kind.value, f"{name} REGEXP '{NETWORK_PATTERNS[kind]}'"
        return None

    def index_columns(self, table: Table, index: Index) -> str:
        def text(name: str, *, descending: bool) -> str:
            prefix = f"({_PREFIX_CHARACTERS})" if not index.unique and _is_cut(table.column(name).type) else ""
            return f"{self.quoted(name)}{prefix}{' DESC' if descending else ''}"

        return ", ".join(text(column.name, descending=column.descending) for column in index.columns)

    def _index(self, table: Table, index: Index) -> str:
        """An index as CREATE TABLE and ADD take it; of all rows, since there are no partial ones."""
        unique = "UNIQUE " if index.unique else ""
        return f"{unique}INDEX {self.quoted(index.name)} ({self.index_columns(table, index)})"

    def _foreign_key_index(self, foreign_key: ForeignKey) -> str:
        return f"{self.quoted(foreign_key.name)} ({self.column_list(foreign_key.columns)})"

    # --- changes of a table ------------------------------------------------------------------------------------------

    def add_column(self, change: Change, column: Column) -> list[str]:
        place = " FIRST" if column.first else "" if column.after is None else f" AFTER {self.quoted(column.after)}"
        return self.alter(change, f"ADD COLUMN {self.column_definition(change.after, column, change.enums)}{place}")

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


def _placed(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Columns in the order of a table: each that says where it stands at that place."""
    found = [column for column in columns if column.first]
    found += [column for column in columns if not column.first and column.after is None]
    waiting = [column for column in columns if column not in found]
    while waiting:
        names = [column.name for column in found]
        column = next((column for column in waiting if column.after in names), waiting[0])
        waiting.remove(column)
        found.insert(names.index(column.after) + 1 if column.after in names else len(found), column)
    return tuple(found)


def _is_long(type_: ColumnType) -> bool:
    """Whether it is stored apart from its row, so that it has no default and no index of its whole."""
    return type_.kind in _LONG or (type_.kind is Kind.BYTES and type_.length is None)


def _is_cut(type_: ColumnType) -> bool:
    """Whether an index is of its beginning only."""
    longest = _INDEX_BYTES if type_.kind is Kind.BYTES else _INDEX_BYTES // 4
    return _is_long(type_) or (type_.length or 0) > longest


def _without_key(table: Table) -> dict[str, ForeignKey]:
    """The foreign keys whose columns no key, unique or index of the table starts with, by name."""
    keys: list[Sequence[str]] = [table.primary_key, *(unique.columns for unique in table.uniques)]
    # Of a descending or shortened index it is not certain on every server that it serves a foreign key.
    keys += [
        [column.name for column in index.columns]
        for index in table.indexes
        if not any(column.descending or _is_cut(table.column(column.name).type) for column in index.columns)
    ]
    return {
        foreign_key.name: foreign_key
        for foreign_key in table.foreign_keys
        if not any(tuple(key[: len(foreign_key.columns)]) == foreign_key.columns for key in keys)
    }
