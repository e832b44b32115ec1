"""How MySQL and MariaDB make tables: each operation one statement, since DDL cannot be rolled back there.

The index that a foreign key needs is made and dropped here, by rule: a foreign key has an index of its own name exactly
while no key of the table starts with its columns. Left to the server, what remains would depend on the history.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from isomorph.catalog import (
    NETWORKS,
    RANGES,
    SHAPES,
    TEXTS,
    Collation,
    Column,
    ColumnType,
    Enum,
    ForeignKey,
    Index,
    IndexColumn,
    IndexExpression,
    Kind,
    Nulls,
    SqlDefault,
    Table,
    Unique,
)
from isomorph.dialects.mysql.column_changes import BESIDE, ColumnChange
from isomorph.dialects.mysql.composites import NETWORK_PATTERNS
from isomorph.dialects.mysql.conversions import MySQLConversions
from isomorph.dialects.mysql.enum_changes import changed_enum
from isomorph.dialects.mysql.formulas import FORMULAS
from isomorph.dialects.mysql.guards import MySQLGuards
from isomorph.dialects.mysql.mirrors import MySQLMirrors
from isomorph.dialects.mysql.types import TYPES
from isomorph.dialects.standard.ddl import Change, Ddl
from isomorph.dialects.standard.enum_changes import EnumChange
from isomorph.dialects.standard.made_names import made_name
from isomorph.errors import InvalidOperation
from isomorph.values.networks import ADDRESS_CHARACTERS, MAC_CHARACTERS, NETWORK_CHARACTERS

__all__ = ["MySQLDdl"]

# Text is compared by code point, so that case, accents and trailing spaces count and sort as on SQLite and in
# PostgreSQL's "C". utf8mb4_bin pads with spaces; the collations that do not have a name of their own on each server, hence
# the comments: MariaDB runs /*M! */ and skips /*!50700 */ and above, MySQL the other way round.
_COLLATE = "/*M! COLLATE{joint}utf8mb4_{mariadb} */ /*!80017 COLLATE{joint}utf8mb4_{mysql} */"
_COLLATIONS = {"binary": ("nopad_bin", "0900_bin"), "nocase": ("uca1400_nopad_as_ci", "0900_as_ci")}
_FOR_MARIADB, _FOR_MYSQL = re.compile(r"/\*M!.*?\*/"), re.compile(r"/\*!\d+ (.*?) \*/")
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

_METHODS = frozenset({"btree", "hash"})
_KINDS_OF_INDEX = frozenset({"fulltext", "spatial"})

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
    conversions = MySQLConversions
    mirrors = MySQLMirrors

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
        return f" ENGINE={self._engine(table)} {self._charset(table)}{comment}"

    def _engine(self, table: Table) -> str:
        return "InnoDB" if table.engine is None else self.quoted(table.engine)

    def _charset(self, table: Table) -> str:
        charset = _CHARSET if table.charset is None else self.quoted(table.charset)
        return f"DEFAULT CHARSET={charset} {self._collate(table.collation, table.charset, '=')}"

    def create_table_statement(self, table: Table, name: str, enums: Mapping[str, Enum]) -> str:
        return super().create_table_statement(replace(table, columns=_placed(table.columns)), name, enums)

    def table_constraints(self, table: Table) -> list[str]:
        return [
            *super().table_constraints(table),
            *(self.index(table, index) for index in table.indexes),
            *self._own_indexes(table).values(),
        ]

    def column_extras(self, table: Table, column: Column, enums: Mapping[str, Enum]) -> list[str]:
        extras: list[str] = []
        if column.comment is not None:
            extras.append(f"COMMENT {self.string(column.comment[:_COMMENT_CHARACTERS])}")
        if (found := self.type_check(column, enums)) is not None:
            # MariaDB names the check of a column for the column, and takes it only at the end; MySQL keeps it when the column
            # is told anew, so that it has to have a name to be dropped by.
            extras.append(f"/*!80016 CONSTRAINT {self.type_check_name(table, column, found)} */ CHECK ({found[1]})")
        return extras

    def type_check_name(self, table: Table, column: Column, found: tuple[str, str]) -> str:
        return self.quoted(made_name(table.name, column.name, found[0]))

    def type_check(self, column: Column, enums: Mapping[str, Enum]) -> tuple[str, str] | None:
        del enums
        name, kind = self.quoted(column.name), column.type.kind
        if kind is Kind.ARRAY or kind in RANGES:
            return "json", f"JSON_VALID({name})"
        if kind in NETWORKS:
            return kind.value, f"{name} REGEXP '{NETWORK_PATTERNS[kind]}'"
        return None

    def deferrable(self, foreign_key: ForeignKey) -> str:
        if foreign_key.deferrable is not None:
            what = f"the foreign key {foreign_key.name} is deferrable, and mysql checks each at once"
            raise InvalidOperation(what, "leave `deferrable` out")
        return ""

    def index_columns(self, table: Table, index: Index) -> str:
        def text(part: IndexColumn | IndexExpression) -> str:
            is_cut = isinstance(part, IndexColumn) and not index.unique and _is_cut(table.column(part.name).type)
            prefix = f"({_PREFIX_CHARACTERS})" if is_cut and index.method not in _KINDS_OF_INDEX else ""
            return f"{self.index_part(table, part)}{prefix}{self.index_order(table, part)}"

        return ", ".join(map(text, index.columns))

    def index_part(self, table: Table, part: IndexColumn | IndexExpression) -> str:
        if isinstance(part, IndexColumn):
            return super().index_part(table, part)
        # MySQL has them since 8.0.13, MariaDB has none.
        what = f"an index of {table.name} is over an expression, which not every server of mysql has"
        raise InvalidOperation(what, "index a column that is generated from it")

    def index_order(self, table: Table, part: IndexColumn | IndexExpression) -> str:
        if part.nulls is not None and (part.nulls is Nulls.LAST) is not part.descending:
            what = f"an index of {table.name} has NULL {part.nulls.value}, and in mysql NULL is the least value"
            raise InvalidOperation(what, "leave `nulls` out")
        return " DESC" if part.descending else ""

    def index(self, table: Table, index: Index) -> str:
        """An index as CREATE TABLE and ADD take it; of all rows, since there are no partial ones."""
        if index.include:
            what = f"the index {index.name} includes columns beside its own, which mysql knows none of"
            raise InvalidOperation(what, "leave `include` out, or make them columns of the index")
        kind, using = "UNIQUE " if index.unique else "", ""
        method = None if index.method is None else index.method.lower()
        if method in _KINDS_OF_INDEX:
            kind = f"{method.upper()} "
        elif method in _METHODS:
            using = f" USING {method.upper()}"
        elif method is not None:
            what = f"the index {index.name} is to be built by {method}, which mysql does not know"
            raise InvalidOperation(what, f"use {', '.join(sorted(_METHODS | _KINDS_OF_INDEX))}, or leave `method` out")
        return f"{kind}INDEX {self.quoted(index.name)}{using} ({self.index_columns(table, index)})"

    def _foreign_key_index(self, foreign_key: ForeignKey) -> str:
        return f"{self.quoted(foreign_key.name)} ({self.column_list(foreign_key.columns)})"

    # --- changes of a table ------------------------------------------------------------------------------------------

    def add_column(self, change: Change, column: Column) -> list[str]:
        definition = self.column_definition(change.after, column, change.enums)
        return self.alter(change, f"ADD COLUMN {definition}{self.place(column)}")

    def place(self, column: Column) -> str:
        """Where a column stands that comes to a table, as follows its definition."""
        return " FIRST" if column.first else "" if column.after is None else f" AFTER {self.quoted(column.after)}"

    def alter(self, change: Change, clause: str) -> list[str]:
        """The clause, and in the same statement the indexes that keys need from now on or need no more."""
        before, after = self._own_indexes(change.before), self._own_indexes(change.after)
        clauses = [
            *([clause] if clause else []),
            *(f"ADD {index}" for name, index in after.items() if name not in before),
            *(f"DROP INDEX {self.quoted(name)}" for name in before if name not in after),
        ]
        return super().alter(change, ", ".join(clauses)) if clauses else []

    def _own_indexes(self, table: Table) -> dict[str, str]:
        """The indexes that no schema names: of foreign keys, and of a column that numbers rows without being a key."""
        found = {name: f"INDEX {self._foreign_key_index(key)}" for name, key in _without_key(table).items()}
        for column in table.columns:
            if column.auto_increment and table.primary_key[:1] != (column.name,):
                name = made_name(table.name, column.name, "number")
                found[name] = f"UNIQUE INDEX {self.quoted(name)} ({self.quoted(column.name)})"
        return found

    def create_index(self, change: Change, index: Index) -> list[str]:
        return self.alter(change, f"ADD {self.index(change.after, index)}")

    def drop_index(self, change: Change, index: Index) -> list[str]:
        return self.alter(change, f"DROP INDEX {self.quoted(index.name)}")

    def drop_foreign_key(self, change: Change, foreign_key: ForeignKey) -> list[str]:
        return self.alter(change, f"DROP FOREIGN KEY {self.quoted(foreign_key.name)}")

    def drop_unique(self, change: Change, unique: Unique) -> list[str]:
        return self.alter(change, f"DROP INDEX {self.quoted(unique.name)}")

    # --- names -------------------------------------------------------------------------------------------------------

    def rename_table(self, change: Change) -> list[str]:
        before, after = self.quoted(change.before.name), self.quoted(change.table)
        return [f"RENAME TABLE {before} TO {after}", *self._renamed_checks(change)]

    def _renamed_checks(self, change: Change) -> list[str]:
        """On MySQL, the checks of types under names of the new table's."""
        clauses: list[str] = []
        for old, new in zip(change.before.columns, change.after.columns, strict=True):
            if (found := self.type_check(new, change.enums)) is not None:
                name = self.type_check_name(change.after, new, found)
                clauses.append(f"DROP CHECK {self.type_check_name(change.before, old, found)}")
                clauses.append(f"ADD CONSTRAINT {name} CHECK ({found[1]})")
        return self.only_on_mysql(change.table, clauses)

    def only_on_mysql(self, table: str, clauses: Sequence[str]) -> list[str]:
        """Clauses of ALTER TABLE that MariaDB, where what they see to follows by itself, reads as none."""
        # What is for one of the two within them is not, for comments have no comments in them.
        text = _FOR_MYSQL.sub(r"\1", _FOR_MARIADB.sub("", ", ".join(clauses)))
        return [f"ALTER TABLE {self.quoted(table)} /*!80016 {text} */"] if clauses else []

    def rename_column(self, change: Change, before: str, after: str) -> list[str]:
        return ColumnChange(self, change).renamed((before, after))

    def swap_columns(self, change: Change, first: str, second: str) -> list[str]:
        # DDL is not rolled back there, and between two statements a program would miss one of the columns.
        return ColumnChange(self, change).renamed((first, second), (second, first))

    def rename_index(self, change: Change, before: str, after: str) -> list[str]:
        return self.alter(change, f"RENAME INDEX {self.quoted(before)} TO {self.quoted(after)}")

    def rename_constraint(self, change: Change, before: str, after: str) -> list[str]:
        if any(unique.name == before for unique in change.before.uniques):
            return self.rename_index(change, before, after)
        for check in change.after.checks:
            if check.name == after:
                drop = f"DROP CONSTRAINT {self.quoted(before)}"
                return self.alter(change, f"{drop}, ADD {self.check_constraint(change.after, check)}")
        key = next(key for key in change.after.foreign_keys if key.name == after)
        # By two statements, since one that copies the table takes not both (MySQL 8.0 manual, ALTER TABLE).
        both = replace(change.before, foreign_keys=(*change.before.foreign_keys, key))
        return [
            *self.alter(replace(change, after=both), f"ADD {self.foreign_key_constraint(key)}"),
            *self.alter(replace(change, before=both), f"DROP FOREIGN KEY {self.quoted(before)}"),
        ]

    # --- facts -------------------------------------------------------------------------------------------------------

    def change_column(self, change: Change, before: Column, after: Column) -> list[str]:
        return ColumnChange(self, change).changed(before, after)

    def modified(self, change: Change, before: Column, after: Column, *, place: bool = True) -> str:
        """The clause that tells a column anew."""
        found = self.type_check(before, change.enums)
        drop = "" if found is None else f"/*!80016 DROP CHECK {self.type_check_name(change.before, before, found)}, */ "
        moved = place and (before.first, before.after) != (after.first, after.after)
        definition = self.column_definition(change.after, after, change.enums)
        return f"{drop}MODIFY COLUMN {definition}{self.place(after) if moved else ''}"

    def change_primary_key(self, change: Change) -> list[str]:
        (key,) = self.primary_key(change.after)
        return self.alter(change, f"DROP PRIMARY KEY, ADD {key}")

    def change_table(self, change: Change) -> list[str]:
        before, after = change.before, change.after
        clauses: list[str] = []
        if before.engine != after.engine:
            clauses.append(f"ENGINE={self._engine(after)}")
        if (before.charset, before.collation) != (after.charset, after.collation):
            clauses.append(self._charset(after))
            # Those that have none of their own have the one of the table, from when they were made.
            clauses += [
                self.modified(change, column, column)
                for column in after.columns
                if column.type.kind in {*TEXTS, *_NO_TEXTS, Kind.CUSTOM}
            ]
        if before.comment != after.comment:
            clauses.append(f"COMMENT={self.string((after.comment or '')[:_TABLE_COMMENT_CHARACTERS])}")
        return self.alter(change, ", ".join(clauses))

    # --- enums -------------------------------------------------------------------------------------------------------

    def change_enum(self, change: EnumChange, *, used_at_once: bool) -> list[str]:
        del used_at_once
        return changed_enum(self, change)

    # --- questions ---------------------------------------------------------------------------------------------------

    def tables_left_between(self) -> str:
        return (
            f"SELECT table_name FROM information_schema.columns WHERE table_schema = {self.own_schema} "
            f"AND column_name = {self.string(BESIDE)}"
        )

    def between_taken_back(self, table: str) -> list[str]:
        return [f"ALTER TABLE {self.quoted(table)} DROP COLUMN {self.quoted(BESIDE)}"]


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
        index.column_names
        for index in table.indexes
        if index.column_names is not None
        and index.method in {None, "btree"}
        and not any(part.descending for part in index.columns)
        and not any(_is_cut(table.column(name).type) for name in index.column_names)
    ]
    return {
        foreign_key.name: foreign_key
        for foreign_key in table.foreign_keys
        if not any(tuple(key[: len(foreign_key.columns)]) == foreign_key.columns for key in keys)
    }
