"""Guards of polymorphic relations on SQLite, where one connection writes at a time.

A row that REPLACE takes away, and one that goes by a trigger on its own table, fire triggers only with `PRAGMA
recursive_triggers`, which isomorph's connections set (https://sqlite.org/pragma.html#pragma_recursive_triggers).
"""

from __future__ import annotations

from isomorph.catalog import GuardMember
from isomorph.dialects.standard.guards import GuardWriter

__all__ = ["SQLiteGuards"]


class SQLiteGuards(GuardWriter):
    """Triggers behind every write, whose conditions are their WHEN."""

    def triggers(self) -> list[str]:
        old, new = (f"{self._type} IS NOT OLD.{self._type}", f"{self._id} IS NOT OLD.{self._id}")
        changed = f"(NEW.{old} OR NEW.{new})"
        nowhere = self._points_to_nothing("NEW")
        refused = f"SELECT RAISE(ABORT, {self._nothing_there});"
        return [
            self._trigger(self._own_name("insert"), "AFTER INSERT", self._child, nowhere, refused),
            self._trigger(self._own_name("update"), "AFTER UPDATE", self._child, f"{changed} AND {nowhere}", refused),
            *(trigger for member in self._guard.members for trigger in self._on_member(member)),
        ]

    def dropped(self) -> list[str]:
        own = [self._own_name("insert"), self._own_name("update")]
        of_members = [self._member_name(m, what) for m in self._guard.members for what in ("delete", "key")]
        return [f"DROP TRIGGER {name}" for name in (*own, *of_members)]

    def _on_member(self, member: GuardMember) -> list[str]:
        table, key = self._quoted(member.table), self._quoted(member.key)
        used = f"EXISTS ({self._any_pointing(member)})"
        refused = f"SELECT RAISE(ABORT, {self._still_used});"
        follow = self._follow(member)
        when, body = (used, refused) if follow is None else (None, f"{follow};")
        return [
            self._trigger(self._member_name(member, "delete"), "AFTER DELETE", table, when, body),
            self._trigger(
                self._member_name(member, "key"),
                "AFTER UPDATE",
                table,
                f"NEW.{key} IS NOT OLD.{key} AND {used}",
                refused,
            ),
        ]

    def _trigger(self, name: str, event: str, table: str, when: str | None, body: str) -> str:
        condition = "" if when is None else f"\nWHEN {when}"
        return f"CREATE TRIGGER {name} {event} ON {table} FOR EACH ROW{condition}\nBEGIN {body} END"

    def check_of_rows(self) -> list[str]:
        """RAISE is for triggers alone, so there is one for a moment."""
        name, nowhere = self._own_name("check"), self._points_to_nothing(self._child)
        return [
            self._trigger(name, "BEFORE UPDATE", self._child, None, f"SELECT RAISE(ABORT, {self._nothing_there});"),
            f"UPDATE {self._child} SET {self._id} = {self._id} WHERE {nowhere}",
            f"DROP TRIGGER {name}",
        ]
