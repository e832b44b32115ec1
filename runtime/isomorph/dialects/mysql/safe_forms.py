"""How MySQL and MariaDB change a table that is in use: the plain statements, told to do no more than others can bear.

A server that would copy the table after all refuses, and nothing is done. What both would copy is left plain; the linter
says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from isomorph.catalog import Column, Index, Unique
from isomorph.dialects.mysql.online import (
    IN_PLACE,
    Algorithm,
    Online,
    column_added,
    column_changed,
    index_made,
    is_special,
)
from isomorph.dialects.standard.ddl import Change
from isomorph.dialects.standard.safe_forms import Part, SafeForms

__all__ = ["MySQLSafeForms"]


class MySQLSafeForms(SafeForms):
    """The safe forms of MySQL and MariaDB."""

    def create_index(self, change: Change, index: Index) -> Sequence[Part] | None:
        return self._asked(change, self.ddl.create_index(change, index), index_made(index))

    def drop_index(self, change: Change, index: Index) -> Sequence[Part] | None:
        return self._asked(change, self.ddl.drop_index(change, index), IN_PLACE)

    def add_unique(self, change: Change, unique: Unique) -> Sequence[Part] | None:
        return self._asked(change, self.ddl.add_unique(change, unique), IN_PLACE)

    def add_column(self, change: Change, column: Column) -> Sequence[Part] | None:
        return self._asked(change, self.ddl.add_column(change, column), column_added(self.ddl, change, column))

    def change_column(self, change: Change, before: Column, after: Column) -> Sequence[Part] | None:
        statements = self.ddl.change_column(change, before, after)
        return self._asked(change, statements, column_changed(self.ddl, change, before, after))

    def _asked(self, change: Change, statements: Sequence[str], online: Online) -> Sequence[Part] | None:
        """The last statement with what is asked of the server; those before it change rows."""
        if online.algorithm is Algorithm.COPY or not self._is_simple(change):
            return None
        *others, last = statements or ("",)
        if not last.startswith("ALTER TABLE") or any(other.startswith("ALTER TABLE") for other in others):
            return None
        return (Part("", (*others, f"{last}, {online.clause}"), is_whole=True),)

    def _is_simple(self, change: Change) -> bool:
        """Whether the table has nothing for which one of the servers copies it whatever the change: checks, computed columns."""
        table = change.before
        return (
            (table.engine or "InnoDB").lower() == "innodb"
            and not table.checks
            and not any(is_special(index) for index in change.after.indexes)
            and all(column.generated is None for column in table.columns)
            and all(self.ddl.type_check(column, change.enums) is None for column in table.columns)
        )
