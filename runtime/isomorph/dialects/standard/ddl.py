"""How tables are made and changed: standard SQL, and the points where a dialect differs.

Owns the shape of every DDL statement; how its parts are spelled is in `ddl_text`. Pure text. Statements have no
parameters but go through the driver's parameter formatting, so `%` is doubled wherever the dialect's `quoted` doubles
it; `printed` undoes that for people.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import field
from typing import ClassVar

from isomorph.catalog import (
    Check,
    Column,
    Enum,
    ForeignKey,
    Index,
    IndexColumn,
    IndexExpression,
    MorphGuard,
    ReferentialAction,
    SqlText,
    Table,
    Unique,
)
from isomorph.dataclassing import dataclass
from isomorph.dialects.standard.conversions import Conversions
from isomorph.dialects.standard.ddl_text import DdlText
from isomorph.dialects.standard.enum_changes import EnumChange
from isomorph.dialects.standard.guards import GuardWriter
from isomorph.dialects.standard.made_names import made_name
from isomorph.dialects.standard.mirrors import MirrorWriter

__all__ = ["Change", "Ddl", "Enforcement"]


@dataclass(frozen=True, slots=True)
class Change:
    """A table before and after one or more operations.

    Attributes:
        before: the table before them.
        after: the table after them.
        enums: those that its columns name.
        tables: all tables before them, for what references this one.
        values: where the rows are copied into a new table, expressions over the old one, by column of the new one, for
            those that take something else than what they hold.
    """

    before: Table
    after: Table
    enums: Mapping[str, Enum]
    tables: Mapping[str, Table] = field(default_factory=dict[str, Table])
    values: Mapping[str, str] = field(default_factory=dict[str, str])

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


class Ddl(DdlText, ABC):
    """Standard SQL. A dialect's subclass overrides what it spells or does differently.

    Methods give the statements of one operation, in order. A change of a table is told as the table before and after.

    Attributes:
        enforcement: what a revision needs around it because tables are rebuilt; None where ALTER TABLE can do all.
        guards: how the triggers of polymorphic relations are written.
        conversions: how values of one type become those of another.
        mirrors: how the triggers of two columns that hold the same are written.
        row_number: what numbers the rows of a table that is copied; None where a new column does so by itself.
    """

    enforcement: ClassVar[Enforcement | None] = None
    guards: ClassVar[type[GuardWriter]]
    conversions: ClassVar[type[Conversions]]
    mirrors: ClassVar[type[MirrorWriter]]
    row_number: ClassVar[str | None] = None

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

        Columns of the same name keep their values, but for those that `change.values` has another one for; what is
        generated is computed anew. Foreign keys must not be enforced meanwhile (`enforcement`), or dropping the old table
        would delete what points to it.
        """
        after = change.after
        temporary = f"isomorph_new_{after.name}"
        before_names = {column.name for column in change.before.columns} | change.values.keys()
        kept = [c.name for c in after.columns if c.name in before_names and c.generated is None]
        columns = self.column_list(kept)
        values = ", ".join(change.values.get(name, self.quoted(name)) for name in kept)
        return [
            self.create_table_statement(after, temporary, change.enums),
            f"INSERT INTO {self.quoted(temporary)} ({columns}) SELECT {values} FROM {self.quoted(after.name)}",
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
        return text + self.deferrable(foreign_key)

    def deferrable(self, foreign_key: ForeignKey) -> str:
        """When a foreign key is checked; empty for each statement."""
        when = foreign_key.deferrable
        return "" if when is None else f" DEFERRABLE INITIALLY {when.value.upper()}"

    def check_constraint(self, table: Table, check: Check) -> str:
        return f"CONSTRAINT {self.quoted(check.name)} CHECK ({self.expression(check.expression, table)})"

    def index_columns(self, table: Table, index: Index) -> str:
        """What an index is ordered by, as CREATE INDEX takes it between parentheses."""
        return ", ".join(self.index_part(table, part) + self.index_order(table, part) for part in index.columns)

    def index_part(self, table: Table, part: IndexColumn | IndexExpression) -> str:
        """A column of an index, or an expression."""
        return (
            self.quoted(part.name) if isinstance(part, IndexColumn) else f"({self.expression(part.expression, table)})"
        )

    def index_order(self, table: Table, part: IndexColumn | IndexExpression) -> str:
        """The direction of a part of an index, and where NULL stands in it."""
        del table
        nulls = "" if part.nulls is None else f" NULLS {part.nulls.value.upper()}"
        return f"{' DESC' if part.descending else ''}{nulls}"

    def create_index_statement(self, table: Table, index: Index) -> str:
        unique = "UNIQUE " if index.unique else ""
        using = "" if index.method is None else f" USING {self.quoted(index.method)}"
        include = f" INCLUDE ({self.column_list(index.include)})" if index.include else ""
        where = "" if index.where is None else f" WHERE {self.expression(index.where, table)}"
        return (
            f"CREATE {unique}INDEX {self.quoted(index.name)} ON {self.quoted(table.name)}{using} "
            f"({self.index_columns(table, index)}){include}{where}"
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

    # --- names -------------------------------------------------------------------------------------------------------

    def rename_table(self, change: Change) -> list[str]:
        """Another name for a table, and for what is made with it."""
        return [f"ALTER TABLE {self.quoted(change.before.name)} RENAME TO {self.quoted(change.table)}"]

    def rename_column(self, change: Change, before: str, after: str) -> list[str]:
        """Another name for a column, and for what is made with it."""
        return [f"ALTER TABLE {self.quoted(change.table)} RENAME COLUMN {self.quoted(before)} TO {self.quoted(after)}"]

    def swap_columns(self, change: Change, first: str, second: str) -> list[str] | None:
        """The names of two columns, each for the other, at once; None where renaming one by one is as good."""
        del change, first, second
        return None

    def rename_index(self, change: Change, before: str, after: str) -> list[str]:
        del change
        return [f"ALTER INDEX {self.quoted(before)} RENAME TO {self.quoted(after)}"]

    def rename_constraint(self, change: Change, before: str, after: str) -> list[str]:
        clause = f"RENAME CONSTRAINT {self.quoted(before)} TO {self.quoted(after)}"
        return self.alter(change, clause)

    def rename_alias(self, table: str, type_column: str, before: str, after: str) -> list[str]:
        """Another alias in the rows that have one."""
        column = self.quoted(type_column)
        to, of = self.string(after), self.string(before)
        return [f"UPDATE {self.quoted(table)} SET {column} = {to} WHERE {column} = {of}"]

    def reshaped(self, change: Change) -> list[str]:
        """What a table needs behind new names to be as CREATE TABLE would make it; nothing where the names are all."""
        del change
        return []

    # --- facts -------------------------------------------------------------------------------------------------------

    def converted(
        self, change: Change, before: Column, after: Column, using: str | Mapping[str, str] | None
    ) -> str | None:
        """An expression over the row for the value of a column that changes; None where it is its own, or computed.

        Raises:
            InvalidOperation: how a value of the one type becomes one of the other is not said.
        """
        if after.generated is not None:
            return None
        if using is not None:
            return self.chosen(SqlText(dict.fromkeys([self.dialect], using) if isinstance(using, str) else using))
        value = self.conversions(self, change.enums).converted(change.table, before, after)
        filling = self.filling(before, after)
        return value if filling is None else f"COALESCE({value or self.quoted(after.name)}, {filling})"

    def filling(self, before: Column, after: Column) -> str | None:
        """What takes the place of NULL in a column that may hold it no more; None where nothing does."""
        return self.default(after) if before.nullable and not after.nullable else None

    @abstractmethod
    def change_column(self, change: Change, before: Column, after: Column) -> list[str]:
        """A column that is another one under the same name; its values are `change.values`, where they are not its own."""

    @abstractmethod
    def change_primary_key(self, change: Change) -> list[str]:
        """Other columns as the key; foreign keys that reference it keep a unique constraint of theirs."""

    @abstractmethod
    def change_table(self, change: Change) -> list[str]:
        """Another comment, engine, character set or collation."""

    # --- guards ------------------------------------------------------------------------------------------------------

    def add_guard(self, table: Table, guard: MorphGuard) -> list[str]:
        """Make the triggers of a guard on its table and on those of its members; rows that do not keep to it fail it."""
        return self.guards(self, table, guard).made()

    def add_guard_triggers(self, table: Table, guard: MorphGuard) -> list[str]:
        """Make the triggers alone, of a guard that the rows keep to."""
        return self.guards(self, table, guard).triggers()

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

    def rename_enum(self, before: Enum, after: Enum) -> list[str]:
        """Another name for an enum's type, where types have names."""
        del before, after
        return []

    @abstractmethod
    def change_enum(self, change: EnumChange, *, used_at_once: bool) -> list[str]:
        """Other values for an enum, in its type and in all columns.

        Args:
            change: the enum and its tables.
            used_at_once: whether values that are new may be used before the transaction is committed.
        """

    # --- questions ---------------------------------------------------------------------------------------------------

    def has_table(self, name: str) -> str:
        """A query that gives a row when the connection's own schema has that table."""
        return (
            f"SELECT 1 FROM information_schema.tables WHERE table_schema = {self.own_schema} "
            f"AND table_name = {self.string(name)}"
        )

    def has_column(self, table: str, name: str) -> str:
        """A query that gives a row when a table of the connection's own schema has that column."""
        return (
            f"SELECT 1 FROM information_schema.columns WHERE table_schema = {self.own_schema} "
            f"AND table_name = {self.string(table)} AND column_name = {self.string(name)}"
        )

    def tables_left_between(self) -> str | None:
        """A query of the tables that a change of a column, which was interrupted, left with more than they are to have.

        None where no change leaves any.
        """
        return None

    def between_taken_back(self, table: str) -> list[str]:
        """Statements that take that away from such a table; no value of its own columns goes."""
        del table
        return []
