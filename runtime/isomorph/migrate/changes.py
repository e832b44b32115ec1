"""Operations that change facts of what stays: a column's type, its default, a table's key, its options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from isomorph.catalog import Collation, Column, Table
from isomorph.dataclassing import dataclass
from isomorph.dialects.standard.ddl import Change, Ddl
from isomorph.migrate import rules
from isomorph.migrate.losses import lost_by_column, lost_by_options
from isomorph.migrate.operations import TableChange
from isomorph.migrate.state import State

__all__ = ["ChangeColumn", "ChangePrimaryKey", "ChangeTable", "TableOptions"]


@dataclass(frozen=True, slots=True)
class ChangeColumn(TableChange):
    """Changes what a column is, under the same name: any of its facts.

    Rows keep their values, converted where the type is another one; a value that cannot be converted fails it, and nothing is
    lost. NULLs of a column that may hold none any more become its default.

    Attributes:
        table: its table.
        before: the column until now.
        after: the column from now on.
        using: SQL expression over the row that gives the new values, or one per dialect; None for the conversion that
            the types suggest.
    """

    table: str
    before: Column
    after: Column
    using: str | Mapping[str, str] | None = None

    def changed(self, table: Table, state: State) -> Table:
        rules.check_change(table, self.before, self.after, state)
        columns = (self.after if column.name == self.after.name else column for column in table.columns)
        return replace(table, columns=tuple(columns))

    def reverse(self) -> ChangeColumn:
        # The way back is another conversion.
        return ChangeColumn(self.table, self.after, self.before)

    def _values(self, ddl: Ddl, change: Change) -> Mapping[str, str]:
        value = ddl.converted(change, self.before, self.after, self.using)
        return {} if value is None else {self.after.name: value}

    def _statements(self, ddl: Ddl, change: Change) -> list[str]:
        return ddl.change_column(change, self.before, self.after)

    def losses(self) -> tuple[str, ...]:
        return lost_by_column(self.table, self.before, self.after)

    def __str__(self) -> str:
        return f"change column {self.table}.{self.after.name}"


@dataclass(frozen=True, slots=True)
class ChangePrimaryKey(TableChange):
    """Makes other columns the primary key; foreign keys that reference the old one need a unique constraint of it."""

    table: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    def changed(self, table: Table, state: State) -> Table:
        changed = replace(table, primary_key=self.after)
        rules.check_primary_key(changed, state)
        return changed

    def reverse(self) -> ChangePrimaryKey:
        return ChangePrimaryKey(self.table, self.after, self.before)

    def _statements(self, ddl: Ddl, change: Change) -> list[str]:
        return ddl.change_primary_key(change)

    def __str__(self) -> str:
        return f"change primary key of {self.table} to {', '.join(self.after)}"


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What a table says of itself beside its parts; see `Table`."""

    comment: str | None = None
    engine: str | None = None
    charset: str | None = None
    collation: Collation | None = None

    @classmethod
    def of(cls, table: Table) -> TableOptions:
        """Those of a table."""
        return cls(table.comment, table.engine, table.charset, table.collation)


@dataclass(frozen=True, slots=True)
class ChangeTable(TableChange):
    """Changes a table's comment, engine, character set or collation; text columns without their own follow."""

    table: str
    before: TableOptions
    after: TableOptions

    def changed(self, table: Table, state: State) -> Table:
        del state
        to = self.after
        return replace(table, comment=to.comment, engine=to.engine, charset=to.charset, collation=to.collation)

    def reverse(self) -> ChangeTable:
        return ChangeTable(self.table, self.after, self.before)

    def _statements(self, ddl: Ddl, change: Change) -> list[str]:
        return ddl.change_table(change)

    def losses(self) -> tuple[str, ...]:
        return lost_by_options(self.table, self.before.charset, self.after.charset)

    def __str__(self) -> str:
        return f"change options of table {self.table}"
