"""Operations that give something another name: nothing of what it holds, and nothing that points to it, is lost."""

from __future__ import annotations

from dataclasses import replace

from isomorph.catalog import Check, ForeignKey, Table, Unique
from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.dialects.standard.ddl import Change, Ddl
from isomorph.errors import InvalidOperation
from isomorph.migrate import rules
from isomorph.migrate.guards import around_guards
from isomorph.migrate.operations import Operation, TableChange
from isomorph.migrate.renaming import renamed_column, renamed_enum, renamed_table
from isomorph.migrate.state import State

__all__ = ["RenameColumn", "RenameConstraint", "RenameEnum", "RenameIndex", "RenameTable"]


@dataclass(frozen=True, slots=True)
class RenameTable(Operation):
    """Gives a table another name; rows, keys, indexes and triggers stay, and what references it follows.

    Its indexes and constraints keep their names, which have operations of their own.
    """

    before: str
    after: str

    def apply(self, state: State) -> State:
        state.table(self.before)
        if self.after in state.tables:
            what = f"there is a table {self.after} already"
            raise InvalidOperation(what, "drop or rename it before, or take another name")
        return renamed_table(state, self.before, self.after)

    def reverse(self) -> RenameTable:
        return RenameTable(self.after, self.before)

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        return [*self.names(dialect, state), *self.reshaped(dialect, state)]

    def names(self, dialect: Dialect, state: State) -> list[str]:
        """The statements of the new name; guards, whose triggers name the table, are made anew."""
        statements = dialect.ddl.rename_table(self._change(state))
        return around_guards(dialect.ddl, state, self.apply(state), self.before, statements)

    def reshaped(self, dialect: Dialect, state: State) -> list[str]:
        """The statements that follow them, where names that are made of the table's take a new table."""
        return dialect.ddl.reshaped(self._change(state))

    def _change(self, state: State) -> Change:
        return Change(state.table(self.before), self.apply(state).table(self.after), state.enums, state.tables)

    def __str__(self) -> str:
        return f"rename table {self.before} to {self.after}"


@dataclass(frozen=True, slots=True)
class RenameColumn(TableChange):
    """Gives a column another name; keys, indexes, checks and computed columns follow, as do foreign keys of other tables."""

    table: str
    before: str
    after: str

    def changed(self, table: Table, state: State) -> Table:
        return self._renamed(table, state).table(table.name)

    def apply(self, state: State) -> State:
        return self._renamed(state.table(self.table), state)

    def _renamed(self, table: Table, state: State) -> State:
        rules.check_columns(table, (self.before,))
        rules.check_not_in_sql(table, self.before)
        if any(column.name == self.after for column in table.columns):
            what = f"{table.name} has a column {self.after} already"
            raise InvalidOperation(what, "drop or rename it before, or take another name")
        return renamed_column(state, table.name, self.before, self.after)

    def reverse(self) -> RenameColumn:
        return RenameColumn(self.table, self.after, self.before)

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        return [*self.names(dialect, state), *self.reshaped(dialect, state)]

    def names(self, dialect: Dialect, state: State) -> list[str]:
        """The statements of the new name; guards, whose triggers name the column, are made anew."""
        statements = self._statements(dialect.ddl, self.change(dialect.ddl, state))
        return around_guards(dialect.ddl, state, self.apply(state), self.table, statements)

    def reshaped(self, dialect: Dialect, state: State) -> list[str]:
        """The statements that follow them, where names that are made of the column's take a new table."""
        return dialect.ddl.reshaped(self.change(dialect.ddl, state))

    def _statements(self, ddl: Ddl, change: Change) -> list[str]:
        return ddl.rename_column(change, self.before, self.after)

    def __str__(self) -> str:
        return f"rename column {self.table}.{self.before} to {self.after}"


@dataclass(frozen=True, slots=True)
class RenameIndex(TableChange):
    """Gives an index another name."""

    table: str
    before: str
    after: str

    def changed(self, table: Table, state: State) -> Table:
        del state
        return replace(table, indexes=rules.renamed(table.indexes, self.before, self.after, table))

    def reverse(self) -> RenameIndex:
        return RenameIndex(self.table, self.after, self.before)

    def _statements(self, ddl: Ddl, change: Change) -> list[str]:
        return ddl.rename_index(change, self.before, self.after)

    def __str__(self) -> str:
        return f"rename index {self.before} of {self.table} to {self.after}"


@dataclass(frozen=True, slots=True)
class RenameConstraint(TableChange):
    """Gives a unique constraint, a check or a foreign key another name."""

    table: str
    before: str
    after: str

    def changed(self, table: Table, state: State) -> Table:
        del state
        match rules.constraint(table, self.before):
            case Unique():
                return replace(table, uniques=rules.renamed(table.uniques, self.before, self.after, table))
            case Check():
                return replace(table, checks=rules.renamed(table.checks, self.before, self.after, table))
            case ForeignKey():
                return replace(table, foreign_keys=rules.renamed(table.foreign_keys, self.before, self.after, table))

    def reverse(self) -> RenameConstraint:
        return RenameConstraint(self.table, self.after, self.before)

    def _statements(self, ddl: Ddl, change: Change) -> list[str]:
        return ddl.rename_constraint(change, self.before, self.after)

    def __str__(self) -> str:
        return f"rename constraint {self.before} of {self.table} to {self.after}"


@dataclass(frozen=True, slots=True)
class RenameEnum(Operation):
    """Gives an enum another name, and with it its type where the database names types.

    Attributes:
        before: its name until now.
        after: its name from now on.
        type_before: the name of its type until now.
        type_after: the name of its type from now on.
    """

    before: str
    after: str
    type_before: str
    type_after: str

    def apply(self, state: State) -> State:
        enum = state.enum(self.before)
        if self.after != self.before and self.after in state.enums:
            what = f"there is an enum {self.after} already"
            raise InvalidOperation(what, "drop or rename it before, or take another name")
        renamed = replace(enum, name=self.after, type_name=self.type_after)
        enums = (renamed if other is enum else other for other in state.enums.values())
        return renamed_enum(state.with_enums(enums), self.before, self.after)

    def reverse(self) -> RenameEnum:
        return RenameEnum(self.after, self.before, self.type_after, self.type_before)

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        before, after = state.enum(self.before), self.apply(state).enum(self.after)
        return dialect.ddl.rename_enum(before, after)

    def __str__(self) -> str:
        return f"rename enum {self.before} to {self.after}"
