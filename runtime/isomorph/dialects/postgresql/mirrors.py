"""Two columns that hold the same, on PostgreSQL: one function before each write.

What a value converts to is put into a variable of the column's type, so that it is compared as it would be stored.
"""

from __future__ import annotations

from isomorph.catalog import SHAPES, TEXTS, Column, Kind
from isomorph.dialects.standard.mirrors import MirrorWriter

__all__ = ["PostgreSQLMirrors"]

_NOT_NULL_VIOLATION = "23502"


class PostgreSQLMirrors(MirrorWriter):
    """A function and the trigger that calls it."""

    def made(self) -> list[str]:
        name = self._name("write")
        return [
            # The types of today, whatever search path a session has.
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS {self._body()}",
            f"CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {self._table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]

    def dropped(self) -> list[str]:
        name = self._name("write")
        return [f"DROP TRIGGER {name} ON {self._table}", f"DROP FUNCTION {name}()"]

    def _body(self) -> str:
        lines = self._both_ways() if self._mirror.is_two_way else self._one_way()
        body = "\n".join(lines)
        number = 0
        while (quotes := f"$mirror{number or ''}$") in body:
            number += 1
        return f"{quotes}\n{body}\n{quotes}"

    def _one_way(self) -> list[str]:
        before = self._mirror.before
        return [
            "BEGIN",
            "    IF TG_OP = 'INSERT' THEN",
            f"        NEW.{self._after} := {self._forward(f'NEW.{self._before}')};",
            f"    ELSIF {self._differs(before, f'OLD.{self._before}')} THEN",
            f"        NEW.{self._after} := {self._forward(f'NEW.{self._before}')};",
            "    END IF;",
            "    RETURN NEW;",
            "END",
        ]

    def _both_ways(self) -> list[str]:
        before, after = self._mirror.before, self._mirror.after
        forward, back = self._forward(f"NEW.{self._before}"), self._back(f"NEW.{self._after}")
        follow = [
            f"        as_after := {forward};",
            f"        IF {self._differs(after, 'as_after')} THEN NEW.{self._before} := {back}; END IF;",
        ]
        return [
            "DECLARE",
            f"    as_after {self._type(after)};",
            f"    as_before {self._type(before)};",
            "BEGIN",
            "    IF TG_OP = 'INSERT' THEN",
            f"        IF NEW.{self._after} IS NULL THEN",
            f"            NEW.{self._after} := {forward};",
            "        ELSE",
            *(f"    {line}" for line in follow),
            "        END IF;",
            f"    ELSIF {self._differs(after, f'OLD.{self._after}')} THEN",
            *follow,
            f"    ELSIF {self._differs(before, f'OLD.{self._before}')} THEN",
            f"        as_before := {back};",
            f"        IF {self._differs(before, 'as_before')} THEN NEW.{self._after} := {forward}; END IF;",
            "    END IF;",
            *self._required(),
            "    RETURN NEW;",
            "END",
        ]

    def _required(self) -> list[str]:
        mirror = self._mirror
        if not mirror.is_required:
            return []
        table, column = self._ddl.string(mirror.table.name), self._ddl.string(mirror.after.name)
        message = self._ddl.string(f"null value in column {mirror.after.name} of {mirror.table.name}")
        return [
            f"    IF NEW.{self._before} IS NULL AND NEW.{self._after} IS NULL THEN",
            f"        RAISE EXCEPTION USING ERRCODE = '{_NOT_NULL_VIOLATION}', MESSAGE = {message},",
            f"            TABLE = {table}, COLUMN = {column};",
            "    END IF;",
        ]

    def _type(self, column: Column) -> str:
        return self._ddl.column_type(column.type, self._enums)

    def _differs(self, column: Column, value: str) -> str:
        """Whether the column of the row that is written is another value than this one, to the byte."""
        kind, own = column.type.kind, f"NEW.{self._ddl.quoted(column.name)}"
        if kind in TEXTS:
            return f'{own} COLLATE "C" IS DISTINCT FROM {value} COLLATE "C"'
        if kind in SHAPES or kind in {Kind.JSON, Kind.CUSTOM}:  # which may have no equality
            return f"{own}::text IS DISTINCT FROM {value}::text"
        return f"{own} IS DISTINCT FROM {value}"
