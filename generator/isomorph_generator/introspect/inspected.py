"""What a live database holds, in the words of the catalog: the answer of `inspect`. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from isomorph.catalog import Enum, Table
from isomorph.migrate import State

__all__ = ["Function", "Inspected", "Trigger", "Unsaid", "View"]


@dataclass(frozen=True, slots=True)
class Unsaid:
    """Something of a database that the catalog has no word for, or only a near one; never silently dropped.

    Attributes:
        table: the table (or view) that it belongs to; None for the database itself.
        what: the thing, as the database names it: `column price: type money`, `index users_name_idx`, `STRICT`.
        reason: why it is not said, or what was said in its place, as one clause without a full stop.
        column: name of the column that it is about; None for what belongs to the whole table.
    """

    table: str | None
    what: str
    reason: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class View:
    """A view.

    Attributes:
        name: its name.
        sql: the query behind AS, as the database gives it, without a semicolon.
        columns: their names, in order.
        materialized: whether its rows are kept (PostgreSQL).
    """

    name: str
    sql: str
    columns: tuple[str, ...] = ()
    materialized: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger that belongs to no guard.

    Attributes:
        name: its name.
        table: whose writes fire it.
        sql: the statement that makes it, as the database gives it, without a semicolon.
        enabled: whether it fires.
    """

    name: str
    table: str
    sql: str
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Function:
    """A function or procedure that belongs to no guard: its name with argument types, and the statement that makes it."""

    name: str
    sql: str


@dataclass(frozen=True, slots=True)
class Inspected:
    """A database, as far as it can be said.

    Every table of the database is in `tables`, whatever was unclear about it: a column of a type that isomorph has no
    word for has the type `custom` (`spelled` by this dialect) and a note in `unsaid`; a table without a primary key has
    `primary_key=()` and a note. Expressions are trees where they are simple and certain, otherwise `SqlText` of this
    dialect alone. isomorph's own tables (history, lock, progress) are left out.

    Attributes:
        dialect: name of the database's dialect.
        tables: by name, in the order of their names.
        enums: by name. Where types have names (PostgreSQL) `type_name` is that of the database and `name` its Pascal
            case; elsewhere both are made of the column's name, with the table's in front when two columns of that name
            hold other values. A name may be changed: it stands in `Column.type` (`enum`) and nowhere else.
        views: in the order of their names.
        triggers: those that belong to no guard.
        functions: those that belong to no guard.
        unsaid: what could not be said, by table.
    """

    dialect: str
    tables: Mapping[str, Table]
    enums: Mapping[str, Enum] = field(default_factory=lambda: MappingProxyType({}))
    views: tuple[View, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    functions: tuple[Function, ...] = ()
    unsaid: tuple[Unsaid, ...] = ()

    def state(self) -> State:
        """The tables and enums as a state, for `detect` and operations."""
        return State(self.tables, self.enums)

    def unsaid_of(self, table: str | None) -> tuple[Unsaid, ...]:
        """What could not be said of one table; None for what belongs to none."""
        return tuple(unsaid for unsaid in self.unsaid if unsaid.table == table)
