"""Guards of polymorphic relations: what their triggers have in common, and the message by which a violation is known.

A guard is triggers on the table that points (a row that points to nothing is refused) and on that of each member (rows
that point there follow, or keep it). How a trigger is made is the dialect's (`dialects/*/guards.py`). Pure text, with `%`
as `quoted` has it.

Rules for every dialect: an alias that no member has is left to the check of the type column; nothing depends on the columns
that a statement names, since a row may be changed without them (SQLite's `rowid`, a trigger before ours); `no action` refuses as
`restrict` does.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import ClassVar

from isomorph.catalog import GuardMember, MorphGuard, ReferentialAction, Table
from isomorph.dialects.standard.ddl_text import DdlText
from isomorph.dialects.standard.made_names import made_name

__all__ = ["GuardWriter", "violated_guard"]

_MEMBER = "isomorph_member"
"""What a member's table is called in a sub-query: it may be the table that points."""

_VIOLATED = re.compile(r'guard "(.+)" is violated: [a-z ]+', re.DOTALL)


def violated_guard(message: str) -> str | None:
    """The name of the guard that a trigger's message tells of; None for other messages."""
    match = _VIOLATED.fullmatch(message)
    return match[1] if match else None


class GuardWriter(ABC):
    """The statements of one guard.

    Attributes:
        lock: what makes the read of a row wait for those who change it, and them for us; empty where one writer is alone.
    """

    lock: ClassVar[str] = ""

    def __init__(self, ddl: DdlText, table: Table, guard: MorphGuard) -> None:
        self._ddl, self._table, self._guard = ddl, table, guard
        self._quoted, self._string = ddl.quoted, ddl.string
        self._child = ddl.quoted(table.name)
        self._type, self._id = ddl.quoted(guard.type_column), ddl.quoted(guard.id_column)

    def made(self) -> list[str]:
        """Statements that make the triggers, and fail when rows are there that the guard would have refused."""
        return [*self.triggers(), *self.check_of_rows()]

    @abstractmethod
    def triggers(self) -> list[str]:
        """Statements that make the triggers."""

    @abstractmethod
    def check_of_rows(self) -> list[str]:
        """Statements that fail when rows are there that the guard would have refused."""

    @abstractmethod
    def dropped(self) -> list[str]:
        """Statements that drop them."""

    # --- names and messages ------------------------------------------------------------------------------------------

    def _own_name(self, what: str) -> str:
        """The name of something on the table that points."""
        return self._quoted(made_name(self._guard.name, self._table.name, what))

    def _member_name(self, member: GuardMember, what: str) -> str:
        return self._quoted(made_name(self._guard.name, member.table, what))

    @property
    def _nothing_there(self) -> str:
        """The message of a row that points to nothing, as a literal."""
        return self._message("no row of that type has that id")

    @property
    def _still_used(self) -> str:
        """The message of a row that others point to, as a literal."""
        return self._message("rows still point to this one")

    def _message(self, why: str) -> str:
        return self._string(f'guard "{self._guard.name}" is violated: {why}')

    # --- conditions --------------------------------------------------------------------------------------------------

    def _points_to_nothing(self, row: str, lock: str = "") -> str:
        """Whether a row of the table that points to something does so to nothing; `row` is what its columns belong to."""
        return f"{row}.{self._id} IS NOT NULL AND ({' OR '.join(self._missing(row, lock))})"

    def _missing(self, row: str, lock: str) -> list[str]:
        return [
            f"({row}.{self._type} = {self._string(member.alias)} "
            f"AND NOT EXISTS (SELECT {self._row_of(member, row, lock)}))"
            for member in self._guard.members
        ]

    def _row_of(self, member: GuardMember, row: str, lock: str) -> str:
        """What follows SELECT in a query for the member's row that a row points to."""
        name = self._quoted(_MEMBER)
        where = f"{name}.{self._quoted(member.key)} = {row}.{self._id}"
        return f"1 FROM {self._quoted(member.table)} AS {name} WHERE {where}{lock}"

    def _pointing(self, member: GuardMember) -> str:
        """The condition of the rows that point to the member's row as it was."""
        # Without the table's name, which may be `old`.
        return f"{self._type} = {self._string(member.alias)} AND {self._id} = OLD.{self._quoted(member.key)}"

    def _any_pointing(self, member: GuardMember) -> str:
        """A query that has a row while any points to the member's row as it was."""
        return f"SELECT 1 FROM {self._child} WHERE {self._pointing(member)} LIMIT 1{self.lock}"

    def _follow(self, member: GuardMember) -> str | None:
        """What rows do whose member's row goes; None where they keep it."""
        where = f"WHERE {self._pointing(member)}"
        match self._guard.on_delete:
            case ReferentialAction.CASCADE:
                return f"DELETE FROM {self._child} {where}"
            case ReferentialAction.SET_NULL:
                return f"UPDATE {self._child} SET {self._type} = NULL, {self._id} = NULL {where}"
            case _:
                return None
