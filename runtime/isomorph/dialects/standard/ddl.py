"""How tables are made and changed: standard SQL, and the points where a dialect differs.

Owns the shape of every DDL statement; how its parts are spelled is in `ddl_text`. Pure text. Statements have no
parameters but go through the driver's parameter formatting, so `%` is doubled wherever the dialect's `quoted` doubles
it; `printed` undoes that for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from isomorph.catalog import (
    Check,
    Column,
    Enum,
    ForeignKey,
    Index,
    MorphGuard,
    ReferentialAction,
    Table,
    Unique,
)
from isomorph.dialects.standard.ddl_text import DdlText
from isomorph.dialects.standard.guards import GuardWriter
from isomorph.dialects.standard.made_names import made_name

__all__ = ["Change", "Ddl", "Enforcement"]


@dataclass(frozen=True, slots=True)
class Change:
    """A table before and after one or more operations, with the enums that its columns name."""

    before: Table
    after: Table
    enums: Mapping[str, Enum]

    @property
    def table(self) -> str:
        return self.after.name


@dataclass(frozen=True, slots=True)
class Enforcement:
    """How foreign keys are set aside while tables are rebuilt, outside any transaction.

    Attributes:
        is_on: query of one row and one column, true while foreign keys are enforced.
        off: statement that sets them aside.
        on: statement that enforces them again.
        before: statements for what else a rebuild needs.
        after: statements that end it.
        violations: query whose rows are broken references: (table, row, referenced table, ...).
        triggers: query of all triggers, (name, SQL that makes it): a rebuilt table has lost its own.
    """

    is_on: str
    off: str
    on: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    violations: str
    triggers: str


class Ddl(DdlText):
    """Standard SQL. A dialect's subclass overrides what it spells or does differently.

    Methods give the statements of one operation, in order. A change of a table is told as the table before and after.

    Attributes:
        enforcement: what a revision needs around it because tables are rebuilt; None where ALTER TABLE can do all.
        guards: how the triggers of polymorphic relations are written.
    """

    enforcement: ClassVar[Enforcement | None] = None
    guards: ClassVar[type[GuardWriter]]

    # --- tables ------------------------------------------------------------------------------------------------------

    def create_table(self, table: Table, enums: Mapping[str, Enum]) -> list[str]:
        """Make a table with all its constraints and indexes; the tables that it references exist."""
        return [
            self.create_table_statement(table, table.name, enums),
            *(self.create_index_statement(table, index) for index in table.indexes),
            *self.comments(table),
        ]

    def create_table_statement(self, table: Table, name: str, enums: Mapping[str, Enum]) -> str:
        """CREATE TABLE alone, under a name that may differ from the table's (see `rebuild`)."""
        lines = [self.column_definition(table, column, enums) for column in table.columns]
        lines += self.table_constraints(table)
        body = ",\n    ".join(lines)
        return f"CREATE TABLE {self.quoted(name)} (\n    {body}\n){self.table_options(table)}"

    def drop_table(self, table: Table) -> list[str]:
        return [f"DROP TABLE {self.quoted(table.name)}"]

    def rebuild(self, change: Change) -> list[str]:
        """Give a table its new form by a new one: create, copy the rows, drop the old, rename.

        Columns of the same name keep their values; what is generated is computed anew. Foreign keys must not be enforced meanwhile (`enforcement`), or
        dropping the old table would delete what points to it.
        """
        after = change.after
        temporary = f"isomorph_new_{after.name}"
        after_names = {column.name for column in after.columns if column.generated is None}
        kept = [c.name for c in change.before.columns if c.name in after_names]
        columns = self.column_list(kept)
        return [
            self.create_table_statement(after, temporary, change.enums),
            f"INSERT INTO {self.quoted(temporary)} ({columns}) SELECT {columns} FROM {self.quoted(after.name)}",
            f"DROP TABLE {self.quoted(after.name)}",
            f"ALTER TABLE {self.quoted(temporary)} RENAME TO {self.quoted(after.name)}",
            *(self.create_index_statement(after, index) for index in after.indexes),
            *self.comments(after),
        ]

    def table_options(self, table: Table) -> str:
        """What follows the closing parenthesis of CREATE TABLE."""
        del table
        return ""

    def comments(self, table: Table) -> list[str]:
        """Statements that store the comments of a table and its columns, where they are statements."""
        del table
        return []

    # --- parts of a table --------------------------------------------------------------------------------------------

    def column_definition(self, table: Table, column: Column, enums: Mapping[str, Enum]) -> str:
        """A column as CREATE TABLE and ADD COLUMN take it."""
        type_ = self.column_type(column.type, enums) + self.collation_clause(table, column)
        parts = [self.quoted(column.name), type_]
        if (generated := self.generated(column, table)) is not None:
            parts.append(generated)
        if not column.nullable:
            parts.append(self.not_null(column))
        if (default := self.default(column)) is not None:
            parts.append(f"DEFAULT {default}")
        if column.auto_increment:
            parts.append(self.auto_increment)
        parts += self.column_extras(table, column, enums)
        return " ".join(parts)

    def not_null(self, column: Column) -> str:
        """What keeps NULL out of a column."""
        del column
        return "NOT NULL"

    def column_extras(self, table: Table, column: Column, enums: Mapping[str, Enum]) -> list[str]:
        """What a dialect adds to a column: the check that makes it hold only what its type allows, a comment."""
        found = self.type_check(column, enums)
        if found is None:
            return []
        what, condition = found
        name = self.quoted(made_name(table.name, column.name, what))
        return [f"CONSTRAINT {name} CHECK ({condition})"]

    def type_check(self, column: Column, enums: Mapping[str, Enum]) -> tuple[str, str] | None:
        """What the database's own type does not refuse: a word for the name of a check, and its condition."""
        del column, enums
        return None

    def table_constraints(self, table: Table) -> list[str]:
        """What follows the columns in CREATE TABLE: key, uniques, foreign keys, checks."""
        return [
            *self.primary_key(table),
            *(self.unique_constraint(unique) for unique in table.uniques),
            *(self.foreign_key_constraint(foreign_key) for foreign_key in table.foreign_keys),
            *(self.check_constraint(table, check) for check in table.checks),
        ]

    def primary_key(self, table: Table) -> list[str]:
        return [f"PRIMARY KEY ({self.column_list(table.primary_key)})"] if table.primary_key else []

    def unique_constraint(self, unique: Unique) -> str:
        return f"CONSTRAINT {self.quoted(unique.name)} UNIQUE ({self.column_list(unique.columns)})"

    def foreign_key_constraint(self, foreign_key: ForeignKey) -> str:
        text = (
            f"CONSTRAINT {self.quoted(foreign_key.name)} FOREIGN KEY ({self.column_list(foreign_key.columns)}) "
            f"REFERENCES {self.quoted(foreign_key.table)} ({self.column_list(foreign_key.references)})"
        )
        for event, action in (("DELETE", foreign_key.on_delete), ("UPDATE", foreign_key.on_update)):
            if action is not ReferentialAction.NO_ACTION:
                text += f" ON {event} {action.value.upper()}"
        return text

    def check_constraint(self, table: Table, check: Check) -> str:
        return f"CONSTRAINT {self.quoted(check.name)} CHECK ({self.expression(check.expression, table)})"

    def index_columns(self, table: Table, index: Index) -> str:
        del table
        return ", ".join(
            f"{self.quoted(column.name)}{' DESC' if column.descending else ''}" for column in index.columns
        )

    def create_index_statement(self, table: Table, index: Index) -> str:
        unique = "UNIQUE " if index.unique else ""
        where = "" if index.where is None else f" WHERE {self.expression(index.where, table)}"
        return (
            f"CREATE {unique}INDEX {self.quoted(index.name)} ON {self.quoted(table.name)} "
            f"({self.index_columns(table, index)}){where}"
        )

    # --- changes of a table ------------------------------------------------------------------------------------------

    def alter(self, change: Change, clause: str) -> list[str]:
        """Change a table by a clause of ALTER TABLE."""
        return [f"ALTER TABLE {self.quoted(change.table)} {clause}"]

    def add_column(self, change: Change, column: Column) -> list[str]:
        return self.alter(change, f"ADD COLUMN {self.column_definition(change.after, column, change.enums)}")

    def drop_column(self, change: Change, column: Column) -> list[str]:
        return self.alter(change, f"DROP COLUMN {self.quoted(column.name)}")

    def create_index(self, change: Change, index: Index) -> list[str]:
        return [self.create_index_statement(change.after, index)]

    def drop_index(self, change: Change, index: Index) -> list[str]:
        del change
        return [f"DROP INDEX {self.quoted(index.name)}"]

    def add_foreign_key(self, change: Change, foreign_key: ForeignKey) -> list[str]:
        return self.alter(change, f"ADD {self.foreign_key_constraint(foreign_key)}")

    def drop_foreign_key(self, change: Change, foreign_key: ForeignKey) -> list[str]:
        return self.alter(change, f"DROP CONSTRAINT {self.quoted(foreign_key.name)}")

    def add_unique(self, change: Change, unique: Unique) -> list[str]:
        return self.alter(change, f"ADD {self.unique_constraint(unique)}")

    def drop_unique(self, change: Change, unique: Unique) -> list[str]:
        return self.alter(change, f"DROP CONSTRAINT {self.quoted(unique.name)}")

    def add_check(self, change: Change, check: Check) -> list[str]:
        return self.alter(change, f"ADD {self.check_constraint(change.after, check)}")

    def drop_check(self, change: Change, check: Check) -> list[str]:
        return self.alter(change, f"DROP CONSTRAINT {self.quoted(check.name)}")

    # --- guards ------------------------------------------------------------------------------------------------------

    def add_guard(self, table: Table, guard: MorphGuard) -> list[str]:
        """Make the triggers of a guard on its table and on those of its members; rows that do not keep to it fail it."""
        return self.guards(self, table, guard).made()

    def drop_guard(self, table: Table, guard: MorphGuard) -> list[str]:
        return self.guards(self, table, guard).dropped()

    # --- enums -------------------------------------------------------------------------------------------------------

    def create_enum(self, enum: Enum) -> list[str]:
        """Make an enum's type, where types have names; nothing where columns spell out the values."""
        del enum
        return []

    def drop_enum(self, enum: Enum) -> list[str]:
        del enum
        return []

    # --- questions ---------------------------------------------------------------------------------------------------

    def has_table(self, name: str) -> str:
        """A query that gives a row when the connection's own schema has that table."""
        return (
            f"SELECT 1 FROM information_schema.tables WHERE table_schema = {self.own_schema} "
            f"AND table_name = {self.string(name)}"
        )
