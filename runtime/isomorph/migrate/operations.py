"""What a revision does, one frozen dataclass per kind of operation: tables, columns, enums, free SQL.

Each can be applied to a state, reversed, and told as statements of a dialect. The operations on constraints and indexes
are in `constraints`, those that give a name or a fact of what exists another form in `renames`, `changes` and
`enum_changes`, the rules of what may follow what in `rules`; how a thing is spelled is the dialect's (`dialects/*/ddl.py`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from isomorph.catalog import Column, Enum, Table
from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.dialects.standard.ddl import Change, Ddl
from isomorph.dialects.standard.structure import Leftovers
from isomorph.errors import InvalidOperation
from isomorph.migrate import rules
from isomorph.migrate.batches import Batches, check_bounds, whole
from isomorph.migrate.state import State

__all__ = [
    "AddColumn",
    "CreateEnum",
    "CreateTable",
    "DropColumn",
    "DropEnum",
    "DropTable",
    "Irreversible",
    "Operation",
    "Operations",
    "RunSql",
    "SqlSource",
    "TableChange",
    "reverse",
]


class Operation(ABC):
    """One step of a revision."""

    __slots__ = ()

    @abstractmethod
    def apply(self, state: State) -> State:
        """The state after it.

        Raises:
            InvalidOperation: it does not fit the state it meets.
        """

    @abstractmethod
    def reverse(self) -> Operation:
        """The operation that takes it back."""

    @abstractmethod
    def statements(self, dialect: Dialect, state: State) -> list[str]:
        """Its SQL, in order, with `%` as the dialect's drivers take it.

        Args:
            dialect: whose SQL.
            state: the state before it.

        Raises:
            InvalidOperation: it does not fit the state, or cannot be said on this dialect.
        """

    def losses(self) -> tuple[str, ...]:
        """What is lost when it is done, that no reverse brings back: `the rows of users`; nothing for most."""
        return ()

    def parts(self) -> Operations:
        """What planning sees of it: itself, or the operations that stand within it."""
        return (self,)

    def is_outside(self, dialect: Dialect) -> bool:
        """Whether it must not, or shall not, be part of a transaction on this dialect: a concurrent index build, say."""
        del dialect
        return False

    def leftovers(self, dialect: Dialect) -> Leftovers | None:
        """How to see, and take away, what a failed attempt leaves behind; None where that is nothing."""
        del dialect
        return None

    @abstractmethod
    def __str__(self) -> str:
        """What it does, as messages name it: `add column users.age`."""


Operations: TypeAlias = Sequence[Operation]
"""The type of `upgrade` and `downgrade`."""


def reverse(operations: Operations) -> Operations:
    """What takes the operations back: the reverse of each, last first."""
    return tuple(operation.reverse() for operation in reversed(operations))


# --- tables ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CreateTable(Operation):
    """Makes a table with its constraints and indexes; tables that it references exist."""

    table: Table

    def apply(self, state: State) -> State:
        table = self.table
        if table.name in state.tables:
            what = f"there is a table {table.name} already"
            raise InvalidOperation(what, "drop it before, or take another name")
        after = state.with_table(table)
        rules.check_table(table, after)
        return after

    def reverse(self) -> DropTable:
        return DropTable(self.table)

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        return dialect.ddl.create_table(self.table, self.apply(state).enums)

    def __str__(self) -> str:
        return f"create table {self.table.name}"


@dataclass(frozen=True, slots=True)
class DropTable(Operation):
    """Drops a table; carries all of it, so that it can be made again (without its rows)."""

    table: Table

    def apply(self, state: State) -> State:
        name = self.table.name
        state.table(name)
        rules.check_unguarded(name, state)
        for other in state.tables.values():
            for foreign_key in other.foreign_keys:
                if foreign_key.table == name and other.name != name:
                    what = f"the foreign key {foreign_key.name} of {other.name} references {name}"
                    raise InvalidOperation(what, "drop it, or its table, before")
        return state.without_table(name)

    def reverse(self) -> CreateTable:
        return CreateTable(self.table)

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        self.apply(state)
        return dialect.ddl.drop_table(self.table)

    def losses(self) -> tuple[str, ...]:
        return (f"the rows of {self.table.name}",)

    def __str__(self) -> str:
        return f"drop table {self.table.name}"


# --- parts of a table ------------------------------------------------------------------------------------------------


class TableChange(Operation):
    """An operation that gives one table a new form."""

    __slots__ = ()

    table: str

    @abstractmethod
    def changed(self, table: Table, state: State) -> Table:
        """The table's new form; `state` is the one before, for what the table refers to.

        Raises:
            InvalidOperation: it does not fit the table.
        """

    @abstractmethod
    def _statements(self, ddl: Ddl, change: Change) -> list[str]: ...

    def apply(self, state: State) -> State:
        return state.with_table(self.changed(state.table(self.table), state))

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        self.apply(state)
        return self._statements(dialect.ddl, self.change(dialect.ddl, state))

    def change(self, ddl: Ddl, state: State) -> Change:
        """The table before and after, and what a copy of its rows takes instead of their own values."""
        before = state.table(self.table)
        change = Change(before, self.changed(before, state), state.enums, state.tables)
        return replace(change, values=self._values(ddl, change))

    def _values(self, ddl: Ddl, change: Change) -> Mapping[str, str]:
        del ddl, change
        return {}


@dataclass(frozen=True, slots=True)
class AddColumn(TableChange):
    """Adds a column behind the others, or on MySQL where it says."""

    table: str
    column: Column

    def changed(self, table: Table, state: State) -> Table:
        if any(column.name == self.column.name for column in table.columns):
            what = f"{table.name} has a column {self.column.name} already"
            raise InvalidOperation(what, "drop it before, or take another name")
        rules.check_type(self.column, state)
        rules.check_column(table, self.column)
        return replace(table, columns=(*table.columns, self.column))

    def reverse(self) -> DropColumn:
        return DropColumn(self.table, self.column)

    def _values(self, ddl: Ddl, change: Change) -> Mapping[str, str]:
        del change
        return {} if ddl.row_number is None or not self.column.auto_increment else {self.column.name: ddl.row_number}

    def _statements(self, ddl: Ddl, change: Change) -> list[str]:
        return ddl.add_column(change, self.column)

    def __str__(self) -> str:
        return f"add column {self.table}.{self.column.name}"


@dataclass(frozen=True, slots=True)
class DropColumn(TableChange):
    """Drops a column that no key, index or check uses; carries it, so that it can be added again (without its values)."""

    table: str
    column: Column

    def changed(self, table: Table, state: State) -> Table:
        name = self.column.name
        rules.check_unused(table, name, state)
        rest = tuple(column for column in table.columns if column.name != name)
        # Those that stood behind it have their place, and no name for it any more.
        return replace(
            table, columns=tuple(replace(column, after=None) if column.after == name else column for column in rest)
        )

    def reverse(self) -> AddColumn:
        return AddColumn(self.table, self.column)

    def _statements(self, ddl: Ddl, change: Change) -> list[str]:
        return ddl.drop_column(change, self.column)

    def losses(self) -> tuple[str, ...]:
        # What is computed can be computed again.
        return (f"the values of {self.table}.{self.column.name}",) if self.column.generated is None else ()

    def __str__(self) -> str:
        return f"drop column {self.table}.{self.column.name}"


# --- enums -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CreateEnum(Operation):
    """Makes an enum known to the columns of later operations; a type where the database names them."""

    enum: Enum

    def apply(self, state: State) -> State:
        if self.enum.name in state.enums:
            what = f"there is an enum {self.enum.name} already"
            raise InvalidOperation(what, "drop it before, or take another name")
        return state.with_enum(self.enum)

    def reverse(self) -> DropEnum:
        return DropEnum(self.enum)

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        self.apply(state)
        return dialect.ddl.create_enum(self.enum)

    def __str__(self) -> str:
        return f"create enum {self.enum.name}"


@dataclass(frozen=True, slots=True)
class DropEnum(Operation):
    """Drops an enum that no column uses."""

    enum: Enum

    def apply(self, state: State) -> State:
        rules.check_enum_unused(self.enum.name, state)
        return state.without_enum(self.enum.name)

    def reverse(self) -> CreateEnum:
        return CreateEnum(self.enum)

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        self.apply(state)
        return dialect.ddl.drop_enum(self.enum)

    def __str__(self) -> str:
        return f"drop enum {self.enum.name}"


# --- free SQL --------------------------------------------------------------------------------------------------------

SqlSource: TypeAlias = str | Sequence[str] | Mapping[str, str | Sequence[str]]
"""A statement, several, or either by dialect name."""


@dataclass(frozen=True, slots=True)
class RunSql(Operation):
    """Runs SQL written by hand, one statement per text, as it would be typed (`%` is not doubled).

    What it does to tables is not seen by later revisions: for that there are operations.

    Attributes:
        up: what is run; by dialect, every dialect that the revision meets must be named, with `()` for nothing to do.
        down: what takes it back; None makes the revision irreversible.
        atomic: False for statements that no transaction may hold (VACUUM, CREATE INDEX CONCURRENTLY); each is then
            recorded by itself, and the operations before and behind have transactions of their own.
        batched: for many rows: it is run for one range of keys after the other, `WHERE id BETWEEN :first AND :last`, each
            in a transaction of its own that records how far it came. Both ways are, and say `:first` and `:last`.
    """

    up: SqlSource
    down: SqlSource | None = None
    atomic: bool = True
    batched: Batches | None = None

    def apply(self, state: State) -> State:
        return state

    def reverse(self) -> Operation:
        if self.down is None:
            return Irreversible("its RunSql has no `down`")
        return RunSql(self.down, self.up, self.atomic, self.batched)

    def is_outside(self, dialect: Dialect) -> bool:
        del dialect
        return not self.atomic or self.batched is not None

    def texts(self, dialect: Dialect) -> tuple[str, ...]:
        """The statements for a dialect, as they were written.

        Raises:
            InvalidOperation: there are none for it.
        """
        source = self.up
        if isinstance(source, Mapping):
            if dialect.name not in source:
                what = f"RunSql has no SQL for {dialect.name}"
                raise InvalidOperation(what, "add it; () where there is nothing to do")
            source = source[dialect.name]
        return (source,) if isinstance(source, str) else tuple(source)

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        texts = self.texts(dialect)
        if self.batched is None:
            return [dialect.ddl.text(text) for text in texts]
        column = self.batched.column(state)
        for text in texts:
            check_bounds(text, column, dialect)
        return [whole(text, dialect, self.batched.table, column) for text in texts]

    def __str__(self) -> str:
        return "run SQL" if self.batched is None else f"run SQL in batches of {self.batched.table}"


@dataclass(frozen=True, slots=True)
class Irreversible(Operation):
    """Stands in a downgrade for what cannot be taken back, with the reason."""

    why: str

    def apply(self, state: State) -> State:
        return state

    def reverse(self) -> Irreversible:
        return self

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        del dialect, state
        what = f"it cannot be taken back: {self.why}"
        raise InvalidOperation(what, "restore a backup, or write a revision that goes on from here")

    def __str__(self) -> str:
        return "stop: irreversible"
