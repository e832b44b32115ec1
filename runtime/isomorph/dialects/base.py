"""What a dialect is: one frozen object per database that gathers its rules. Owns no rule itself; knows no driver."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from isomorph.dataclassing import dataclass

if TYPE_CHECKING:
    from isomorph.catalog import ColumnType
    from isomorph.dialects.standard.ddl import Ddl
    from isomorph.dialects.standard.explain import ExplainRules
    from isomorph.dialects.standard.safe_forms import SafeForms
    from isomorph.dialects.standard.sessions import SessionRules
    from isomorph.dialects.standard.sql import SqlRules
    from isomorph.dialects.standard.structure import ContentRules
    from isomorph.dialects.standard.writes import WriteRules
    from isomorph.errors import DatabaseError

__all__ = ["Bind", "Dialect", "Failure", "Load", "Types", "Upkeep"]

Bind = Callable[[object], object]
"""A checked Python value (never None) to what the driver is given."""

Load = Callable[[object], object]
"""What the driver gives (never None) to the Python value."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What a driver says about an error, in one form for all drivers.

    Attributes:
        error: the driver's exception.
        code: SQLSTATE (PostgreSQL), error number (MySQL) or the error's name (SQLite: `SQLITE_CONSTRAINT_UNIQUE`); may
            be empty.
        message: the driver's text; may hold values, so it is searched and never shown.
        table: the table, when the driver says it apart from the text.
        column: the column, likewise.
        constraint: the constraint's name, likewise.
        connecting: whether it happened while opening a connection.
    """

    error: BaseException
    code: str = ""
    message: str = ""
    table: str | None = None
    column: str | None = None
    constraint: str | None = None
    connecting: bool = False


class Types(Protocol):
    """How values of each column type travel."""

    def bind(self, type_: ColumnType) -> Bind | None:
        """The conversion of a checked Python value for the driver; None when the driver takes it as it is."""
        ...

    def load(self, type_: ColumnType) -> Load | None:
        """The conversion of what the driver gives; None when it already gives the Python value."""
        ...

    def total(self, type_: ColumnType) -> Load:
        """The conversion of what the driver gives for a sum of such values."""
        ...


@dataclass(frozen=True, slots=True)
class Upkeep:
    """How tables are made, changed and looked at: what revisions need, and hardly a query.

    Attributes:
        ddl: how tables are made.
        safe_forms: how those that are in use are changed; None where there is one way for all.
        contents: what a database is asked for all that is in it.
        sessions: what a session is asked for while revisions run.
        explain: how it is asked for the plan of a SELECT.
    """

    ddl: Ddl
    safe_forms: SafeForms | None
    contents: ContentRules
    sessions: SessionRules
    explain: ExplainRules


@dataclass(frozen=True, slots=True)
class Dialect:
    """A database's way of speaking.

    Attributes:
        name: `sqlite`, `postgresql` or `mysql`.
        placeholder: what stands for a bound parameter in the SQL text.
        capabilities: what it can do beyond the common ground, by name: `returning`, `partial_index`, ...
        quoted: an identifier as SQL text, for use where the text takes part in parameter formatting.
        types: how values travel.
        sql: how statements are spelled where databases differ.
        writes: how those that write are put together.
        translate: a driver's failure to the error that the application sees.
    """

    name: str
    placeholder: str
    capabilities: frozenset[str]
    quoted: Callable[[str], str]
    types: Types
    sql: SqlRules
    writes: WriteRules
    translate: Callable[[Failure], DatabaseError]

    @property
    def ddl(self) -> Ddl:
        """How tables are made."""
        return upkeep(self.name).ddl

    @property
    def safe_forms(self) -> SafeForms | None:
        """How tables that are in use are changed; None where there is one way for all."""
        return upkeep(self.name).safe_forms

    @property
    def contents(self) -> ContentRules:
        """What a database is asked for all that is in it."""
        return upkeep(self.name).contents

    @property
    def sessions(self) -> SessionRules:
        """What a session is asked for while revisions run."""
        return upkeep(self.name).sessions

    @property
    def explain(self) -> ExplainRules:
        """How it is asked for the plan of a SELECT."""
        return upkeep(self.name).explain


@cache
def upkeep(name: str) -> Upkeep:
    """What only revisions need of a dialect: modules that a program without them never loads."""
    return cast(Upkeep, import_module(f"isomorph.dialects.{name}.upkeep").UPKEEP)
