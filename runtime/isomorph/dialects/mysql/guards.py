"""Guards of polymorphic relations on MySQL and MariaDB.

The row that is pointed to is read in share mode: that read sees what is committed, whatever the transaction's snapshot is,
and waits for who deletes it. It comes before the write, so that all lock the pointed-to row first, and none meet in a
deadlock.

Violations have the number of SIGNAL itself: those of foreign keys are among the ones that INSERT IGNORE makes warnings of
(MySQL 8.0 manual, The Effect of IGNORE on Statement Execution).
"""

from __future__ import annotations

from typing import ClassVar

from isomorph.catalog import GuardMember
from isomorph.dialects.standard.guards import GuardWriter

__all__ = ["MySQLGuards"]


class MySQLGuards(GuardWriter):
    """Triggers of one statement each.

    DDL is not rolled back there: each trigger that is made takes the place of what a run before it may have left.
    """

    lock: ClassVar[str] = " LOCK IN SHARE MODE"

    def triggers(self) -> list[str]:
        same = f"NEW.{self._type} <=> OLD.{self._type} AND NEW.{self._id} <=> OLD.{self._id}"
        nowhere = self._points_to_nothing("NEW", self.lock)
        refused = self._nothing_there
        own = [
            (self._own_name("insert"), "BEFORE INSERT", self._child, self._signal(nowhere, refused)),
            (
                self._own_name("update"),
                "BEFORE UPDATE",
                self._child,
                self._signal(f"NOT ({same}) AND {nowhere}", refused),
            ),
        ]
        of_members = [trigger for member in self._guard.members for trigger in self._on_member(member)]
        return [
            statement
            for name, event, table, body in (*own, *of_members)
            for statement in (
                f"DROP TRIGGER IF EXISTS {name}",
                f"CREATE TRIGGER {name} {event} ON {table} FOR EACH ROW {body}",
            )
        ]

    def dropped(self) -> list[str]:
        own = [self._own_name("insert"), self._own_name("update")]
        of_members = [self._member_name(m, what) for m in self._guard.members for what in ("delete", "key")]
        return [f"DROP TRIGGER IF EXISTS {name}" for name in (*own, *of_members)]

    def _on_member(self, member: GuardMember) -> list[tuple[str, str, str, str]]:
        table, key = self._quoted(member.table), self._quoted(member.key)
        used, refused = f"EXISTS ({self._any_pointing(member)})", self._still_used
        changed = f"NOT (NEW.{key} <=> OLD.{key}) AND {used}"
        goes = self._follow(member) or self._signal(used, refused)
        return [
            (self._member_name(member, "delete"), "AFTER DELETE", table, goes),
            (self._member_name(member, "key"), "AFTER UPDATE", table, self._signal(changed, refused)),
        ]

    def _signal(self, condition: str, message: str) -> str:
        return f"IF {condition} THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = {message}; END IF"

    def check_of_rows(self) -> list[str]:
        """The rows that point to nothing, inserted once more: the trigger refuses the first, and without any there is none."""
        columns = [column.name for column in self._table.columns if column.generated is None]
        listed = self._ddl.column_list(columns)
        where = self._points_to_nothing(self._child)
        return [f"INSERT INTO {self._child} ({listed}) SELECT {listed} FROM {self._child} WHERE {where}"]
