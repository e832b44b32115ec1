"""Guards of polymorphic relations on PostgreSQL: as its foreign keys do, by triggers behind each write.

The row that is pointed to is locked FOR KEY SHARE, as a foreign key's check does: who deletes it waits until the row that
points there is committed, and sees it then. A transaction of REPEATABLE READ would not see it, whatever it waits for (a
foreign key looks past the snapshot, which SQL cannot), so that deletes in one are refused.
"""

from __future__ import annotations

from typing import ClassVar, Final

from isomorph.catalog import GuardMember
from isomorph.dialects.standard.guards import GuardWriter

__all__ = ["PostgreSQLGuards"]

_FOREIGN_KEY_VIOLATION: Final = "23503"
_FEATURE_NOT_SUPPORTED: Final = "0A000"


class PostgreSQLGuards(GuardWriter):
    """A function for the table that points and one for each member, and the triggers that call them."""

    lock: ClassVar[str] = " FOR KEY SHARE"

    def triggers(self) -> list[str]:
        name = self._own_name("points")
        changed = (
            f"OLD.{self._type} IS DISTINCT FROM NEW.{self._type} OR OLD.{self._id} IS DISTINCT FROM NEW.{self._id}"
        )
        return [
            self._function(name, self._check()),
            self._trigger(self._own_name("insert"), "AFTER INSERT", self._child, name),
            self._trigger(self._own_name("update"), "AFTER UPDATE", self._child, name, f" WHEN ({changed})"),
            *(statement for member in self._guard.members for statement in self._on_member(member)),
        ]

    def dropped(self) -> list[str]:
        members = self._guard.members
        triggers = [(self._own_name(what), self._child) for what in ("insert", "update")]
        triggers += [
            (self._member_name(m, what), self._quoted(m.table))
            for m in members
            for what in ("delete", "key", "truncate")
        ]
        functions = [self._own_name("points"), *(self._member_name(member, "goes") for member in members)]
        return [
            *(f"DROP TRIGGER {name} ON {table}" for name, table in triggers),
            *(f"DROP FUNCTION {name}()" for name in functions),
        ]

    # --- the table that points ---------------------------------------------------------------------------------------

    def _check(self) -> str:
        cases = "\n".join(
            f"        WHEN {self._string(member.alias)} THEN\n"
            f"            PERFORM {self._row_of(member, 'NEW', self.lock)};"
            for member in self._guard.members
        )
        return (
            f"    IF NEW.{self._type} IS NULL OR NEW.{self._id} IS NULL THEN RETURN NULL; END IF;\n"
            f"    CASE NEW.{self._type}\n{cases}\n        ELSE RETURN NULL;\n    END CASE;\n"
            f"    IF NOT FOUND THEN {self._raised(self._nothing_there)} END IF;\n"
            "    RETURN NULL;"
        )

    def check_of_rows(self) -> list[str]:
        nowhere = self._points_to_nothing(self._child)
        body = f"    IF EXISTS (SELECT 1 FROM {self._child} WHERE {nowhere}) THEN {self._raised(self._nothing_there)} END IF;"
        return [f"DO {self._block(body)}"]

    # --- a member ----------------------------------------------------------------------------------------------------

    def _on_member(self, member: GuardMember) -> list[str]:
        function, table, key = self._member_name(member, "goes"), self._quoted(member.table), self._quoted(member.key)
        # Behind the statement, so that TRUNCATE may name the table that points along with the member's.
        truncate = self._member_name(member, "truncate")
        return [
            self._function(function, self._goes(member)),
            self._trigger(self._member_name(member, "delete"), "AFTER DELETE", table, function),
            self._trigger(
                self._member_name(member, "key"),
                "AFTER UPDATE",
                table,
                function,
                f" WHEN (OLD.{key} IS DISTINCT FROM NEW.{key})",
            ),
            f"CREATE TRIGGER {truncate} AFTER TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
        ]

    def _goes(self, member: GuardMember) -> str:
        refused = self._raised(self._still_used)
        any_left = f"EXISTS (SELECT 1 FROM {self._child} WHERE {self._type} = {self._string(member.alias)})"
        follow = self._follow(member)
        follows = "" if follow is None else f"    IF TG_OP = 'DELETE' THEN {follow}; RETURN NULL; END IF;\n"
        return (
            f"    IF current_setting('transaction_isolation') = 'repeatable read' THEN {self._unseen(member)} END IF;\n"
            f"    IF TG_OP = 'TRUNCATE' THEN\n        IF {any_left} THEN {refused} END IF;\n        RETURN NULL;\n    END IF;\n"
            f"{follows}"
            f"    PERFORM {self._any_pointing(member).removeprefix('SELECT ')};\n"
            f"    IF FOUND THEN {refused} END IF;\n"
            "    RETURN NULL;"
        )

    def _unseen(self, member: GuardMember) -> str:
        why = (
            f"rows of {member.table} cannot go or change their key in a transaction of REPEATABLE READ, which does not see "
            f"what points to them by now; use READ COMMITTED or SERIALIZABLE"
        )
        return f"RAISE EXCEPTION USING ERRCODE = '{_FEATURE_NOT_SUPPORTED}', MESSAGE = {self._string(why)};"

    # --- parts -------------------------------------------------------------------------------------------------------

    def _raised(self, message: str) -> str:
        name = self._string(self._guard.name)
        table = self._string(self._table.name)
        return (
            f"RAISE EXCEPTION USING ERRCODE = '{_FOREIGN_KEY_VIOLATION}', MESSAGE = {message}, "
            f"TABLE = {table}, CONSTRAINT = {name};"
        )

    def _function(self, name: str, body: str) -> str:
        # The tables of today, whatever search path a session has.
        head = f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS"
        return f"{head} {self._block(body)}"

    def _block(self, body: str) -> str:
        """A body in quotes that nothing in it closes: aliases may be any text."""
        number = 0
        while (quotes := f"$guard{number or ''}$") in body:
            number += 1
        return f"{quotes}\nBEGIN\n{body}\nEND\n{quotes}"

    def _trigger(self, name: str, event: str, table: str, function: str, when: str = "") -> str:
        return f"CREATE TRIGGER {name} {event} ON {table} FOR EACH ROW{when} EXECUTE FUNCTION {function}()"
