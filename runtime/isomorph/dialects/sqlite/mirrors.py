"""Two columns that hold the same, on SQLite: triggers behind each write, since none before it can change the row.

They fire each other where a connection sets `PRAGMA recursive_triggers`, as isomorph's do: their conditions hold only while
the two columns disagree.
"""

from __future__ import annotations

from isomorph.catalog import Column
from isomorph.dialects.standard.mirrors import MirrorWriter

__all__ = ["SQLiteMirrors"]


class SQLiteMirrors(MirrorWriter):
    """Triggers whose conditions are their WHEN."""

    def made(self) -> list[str]:
        return [self._trigger(what, event, when, body) for what, event, when, body in self._triggers()]

    def dropped(self) -> list[str]:
        return [f"DROP TRIGGER {self._name(what)}" for what, *_ in self._triggers()]

    def _triggers(self) -> list[tuple[str, str, str, str]]:
        mirror = self._mirror
        if not mirror.is_two_way:
            changed = self._changed(mirror.before)
            given = f"NEW.{self._before} IS NOT NULL"
            return [
                ("insert", "INSERT", given, self._forward_write()),
                ("update", "UPDATE", changed, self._forward_write()),
            ]
        unlike = self._unlike
        found = [
            (
                "insert",
                "INSERT",
                f"NEW.{self._after} IS NULL AND NEW.{self._before} IS NOT NULL",
                self._forward_write(),
            ),
            ("insert_back", "INSERT", f"NEW.{self._after} IS NOT NULL AND {unlike}", self._back_write()),
            (
                "update",
                "UPDATE",
                f"{self._changed(mirror.before)} AND NOT ({self._changed(mirror.after)}) AND {unlike}",
                self._forward_write(),
            ),
            ("update_back", "UPDATE", f"{self._changed(mirror.after)} AND {unlike}", self._back_write()),
        ]
        if mirror.is_required:
            nothing = f"NEW.{self._before} IS NULL AND NEW.{self._after} IS NULL"
            # As SQLite itself says it.
            message = self._ddl.string(f"NOT NULL constraint failed: {mirror.table.name}.{mirror.after.name}")
            refused = f"SELECT RAISE(ABORT, {message})"
            found += [
                ("insert_null", "INSERT", nothing, refused),
                ("update_null", "UPDATE", nothing, refused),
            ]
        return found

    def _trigger(self, what: str, event: str, when: str, body: str) -> str:
        head = f"CREATE TRIGGER {self._name(what)} AFTER {event} ON {self._table} FOR EACH ROW"
        return f"{head}\nWHEN {when}\nBEGIN\n    {body};\nEND"

    def _forward_write(self) -> str:
        return self._write(self._after, self._forward(f"NEW.{self._before}"))

    def _back_write(self) -> str:
        return self._write(self._before, self._back(f"NEW.{self._after}"))

    def _write(self, column: str, value: str) -> str:
        row = self._row
        return f"UPDATE {self._table} SET {column} = {value} WHERE {row} = NEW.{row}"

    @property
    def _unlike(self) -> str:
        """Whether neither column is what the other one converts to."""
        # Of the table: a column of NEW is compared without its affinity, so that no text is the number it would be stored as.
        after = f"{self._after} COLLATE BINARY IS NOT {self._forward(self._before)}"
        before = f"{self._before} COLLATE BINARY IS NOT {self._back(self._after)}"
        return f"EXISTS (SELECT 1 FROM {self._table} WHERE {self._row} = NEW.{self._row} AND {after} AND {before})"

    @property
    def _row(self) -> str:
        """What this table calls the number of a row: a name that none of its columns has."""
        taken = {column.name.lower() for column in self._mirror.table.columns}
        return next((name for name in ("rowid", "_rowid_", "oid") if name not in taken), "rowid")

    def _changed(self, column: Column) -> str:
        """Whether a column has another value, to the byte."""
        name = self._ddl.quoted(column.name)
        return f"NEW.{name} COLLATE BINARY IS NOT OLD.{name}"
