"""Operations on the constraints and indexes of a table: foreign keys, uniques, checks."""

from __future__ import annotations

from dataclasses import replace

from isomorph.catalog import Check, ForeignKey, Index, Table, Unique, columns_of
from isomorph.dataclassing import dataclass
from isomorph.dialects.standard.ddl import Change, Ddl
from isomorph.migrate import rules
from isomorph.migrate.operations import TableChange
from isomorph.migrate.state import State

__all__ = [
    "AddCheck",
    "AddForeignKey",
    "AddUnique",
    "CreateIndex",
    "DropCheck",
    "DropForeignKey",
    "DropIndex",
    "DropUnique",
]


@dataclass(frozen=True, slots=True)
class CreateIndex(TableChange):
    """Makes an index."""

    table: str
    index: Index

    def changed(self, table: Table, state: State) -> Table:
        del state
        rules.check_columns(table, rules.columns_of_index(self.index))
        return replace(table, indexes=rules.added(table.indexes, self.index, table))

    def reverse(self) -> DropIndex:
        return DropIndex(self.table, self.index)

    def _statements(self, ddl: Ddl, change: Change) -> list[str]:
        return ddl.create_index(change, self.index)

    def __str__(self) -> str:
        return f"create index {self.index.name} on {self.table}"


@dataclass(frozen=True, slots=True)
class DropIndex(TableChange):
    """Drops an index."""

    table: str
    index: Index

    def changed(self, table: Table, state: State) -> Table:
        changed = replace(table, indexes=rules.removed(table.indexes, self.index, table))
        if self.index.unique:
            rules.check_references(changed, state)
        return changed

    def reverse(self) -> CreateIndex:
        return CreateIndex(self.table, self.index)

    def _statements(self, ddl: Ddl, change: Change) -> list[str]:
        return ddl.drop_index(change, self.index)

    def __str__(self) -> str:
        return f"drop index {self.index.name} on {self.table}"


@dataclass(frozen=True, slots=True)
class AddForeignKey(TableChange):
    """Adds a foreign key; the rows must keep to it already."""

    table: str
    foreign_key: ForeignKey

    def changed(self, table: Table, state: State) -> Table:
        rules.check_foreign_key(table, self.foreign_key, state)
        return replace(table, foreign_keys=rules.added(table.foreign_keys, self.foreign_key, table))

    def reverse(self) -> DropForeignKey:
        return DropForeignKey(self.table, self.foreign_key)

    def _statements(self, ddl: Ddl, change: Change) -> list[str]:
        return ddl.add_foreign_key(change, self.foreign_key)

    def __str__(self) -> str:
        return f"add foreign key {self.foreign_key.name} to {self.table}"


@dataclass(frozen=True, slots=True)
class DropForeignKey(TableChange):
    """Drops a foreign key."""

    table: str
    foreign_key: ForeignKey

    def changed(self, table: Table, state: State) -> Table:
        del state
        return replace(table, foreign_keys=rules.removed(table.foreign_keys, self.foreign_key, table))

    def reverse(self) -> AddForeignKey:
        return AddForeignKey(self.table, self.foreign_key)

    def _statements(self, ddl: Ddl, change: Change) -> list[str]:
        return ddl.drop_foreign_key(change, self.foreign_key)

    def __str__(self) -> str:
        return f"drop foreign key {self.foreign_key.name} of {self.table}"


@dataclass(frozen=True, slots=True)
class AddUnique(TableChange):
    """Adds a unique constraint; the rows must keep to it already."""

    table: str
    unique: Unique

    def changed(self, table: Table, state: State) -> Table:
        del state
        rules.check_columns(table, self.unique.columns)
        return replace(table, uniques=rules.added(table.uniques, self.unique, table))

    def reverse(self) -> DropUnique:
        return DropUnique(self.table, self.unique)

    def _statements(self, ddl: Ddl, change: Change) -> list[str]:
        return ddl.add_unique(change, self.unique)

    def __str__(self) -> str:
        return f"add unique constraint {self.unique.name} to {self.table}"


@dataclass(frozen=True, slots=True)
class DropUnique(TableChange):
    """Drops a unique constraint."""

    table: str
    unique: Unique

    def changed(self, table: Table, state: State) -> Table:
        changed = replace(table, uniques=rules.removed(table.uniques, self.unique, table))
        rules.check_references(changed, state)
        return changed

    def reverse(self) -> AddUnique:
        return AddUnique(self.table, self.unique)

    def _statements(self, ddl: Ddl, change: Change) -> list[str]:
        return ddl.drop_unique(change, self.unique)

    def __str__(self) -> str:
        return f"drop unique constraint {self.unique.name} of {self.table}"


@dataclass(frozen=True, slots=True)
class AddCheck(TableChange):
    """Adds a check; the rows must keep to it already."""

    table: str
    check: Check

    def changed(self, table: Table, state: State) -> Table:
        del state
        rules.check_columns(table, columns_of(self.check.expression))
        return replace(table, checks=rules.added(table.checks, self.check, table))

    def reverse(self) -> DropCheck:
        return DropCheck(self.table, self.check)

    def _statements(self, ddl: Ddl, change: Change) -> list[str]:
        return ddl.add_check(change, self.check)

    def __str__(self) -> str:
        return f"add check {self.check.name} to {self.table}"


@dataclass(frozen=True, slots=True)
class DropCheck(TableChange):
    """Drops a check."""

    table: str
    check: Check

    def changed(self, table: Table, state: State) -> Table:
        del state
        return replace(table, checks=rules.removed(table.checks, self.check, table))

    def reverse(self) -> AddCheck:
        return AddCheck(self.table, self.check)

    def _statements(self, ddl: Ddl, change: Change) -> list[str]:
        return ddl.drop_check(change, self.check)

    def __str__(self) -> str:
        return f"drop check {self.check.name} of {self.table}"
