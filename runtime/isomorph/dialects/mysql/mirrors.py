"""Two columns that hold the same, on MySQL and MariaDB: a trigger before each kind of write.

What a value converts to is put into a variable of the column's type, so that it is compared as it would be stored. DDL is not
rolled back there: each trigger that is made takes the place of what a run before it may have left.
"""

from __future__ import annotations

from isomorph.catalog import TEXTS, Column, Kind
from isomorph.dialects.standard.mirrors import MirrorWriter

__all__ = ["MySQLMirrors"]

_NOT_NULL_VIOLATION = 1048
_AS_BYTES = TEXTS | {Kind.ENUM, Kind.SET, Kind.JSON, Kind.ARRAY}


class MySQLMirrors(MirrorWriter):
    """Two triggers."""

    def made(self) -> list[str]:
        # That of updates first: a row whose insert was mirrored, and whose update was not, would look as if it were copied.
        return [
            statement
            for what, event, lines in (
                ("update", "UPDATE", self._on_update()),
                ("insert", "INSERT", self._on_insert()),
            )
            for statement in (
                f"DROP TRIGGER IF EXISTS {self._name(what)}",
                self._trigger(what, event, lines),
            )
        ]

    def dropped(self) -> list[str]:
        return [f"DROP TRIGGER IF EXISTS {self._name(what)}" for what in ("insert", "update")]

    def _trigger(self, what: str, event: str, lines: list[str]) -> str:
        head = f"CREATE TRIGGER {self._name(what)} BEFORE {event} ON {self._table} FOR EACH ROW"
        return "\n".join((head, "BEGIN", *self._variables(), *lines, *self._required(), "END"))

    def _on_insert(self) -> list[str]:
        forward = f"SET NEW.{self._after} = {self._forward(f'NEW.{self._before}')};"
        if not self._mirror.is_two_way:
            return [f"    {forward}"]
        return [
            f"    IF NEW.{self._after} IS NULL THEN",
            f"        {forward}",
            "    ELSE",
            *self._follow(),
            "    END IF;",
        ]

    def _on_update(self) -> list[str]:
        before, after = self._mirror.before, self._mirror.after
        forward = f"SET NEW.{self._after} = {self._forward(f'NEW.{self._before}')};"
        is_changed = self._differs(before, f"OLD.{self._before}")
        if not self._mirror.is_two_way:
            return [f"    IF {is_changed} THEN {forward} END IF;"]
        return [
            f"    IF {self._differs(after, f'OLD.{self._after}')} THEN",
            *self._follow(),
            f"    ELSEIF {is_changed} THEN",
            f"        SET as_before = {self._back(f'NEW.{self._after}')};",
            f"        IF {self._differs(before, 'as_before')} THEN {forward} END IF;",
            "    END IF;",
        ]

    def _follow(self) -> list[str]:
        back = f"SET NEW.{self._before} = {self._back(f'NEW.{self._after}')};"
        return [
            f"        SET as_after = {self._forward(f'NEW.{self._before}')};",
            f"        IF {self._differs(self._mirror.after, 'as_after')} THEN {back} END IF;",
        ]

    def _variables(self) -> list[str]:
        if not self._mirror.is_two_way:
            return []
        return [
            f"    DECLARE {name} {self._ddl.column_type(column.type, self._enums)};"
            for name, column in (("as_after", self._mirror.after), ("as_before", self._mirror.before))
        ]

    def _required(self) -> list[str]:
        mirror = self._mirror
        if not mirror.is_required:
            return []
        message = self._ddl.string(f"Column '{mirror.after.name}' cannot be null")
        return [
            f"    IF NEW.{self._before} IS NULL AND NEW.{self._after} IS NULL THEN",
            f"        SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = {_NOT_NULL_VIOLATION}, MESSAGE_TEXT = {message};",
            "    END IF;",
        ]

    def _differs(self, column: Column, value: str) -> str:
        """Whether the column of the row that is written is another value than this one, to the byte."""
        own = f"NEW.{self._ddl.quoted(column.name)}"
        if column.type.kind is Kind.CUSTOM:
            own, value = (f"CAST({part} AS BINARY)" for part in (own, value))
        elif column.type.kind in _AS_BYTES:
            own, value = (f"CAST(CONVERT({part} USING utf8mb4) AS BINARY)" for part in (own, value))
        return f"NOT ({own} <=> {value})"
