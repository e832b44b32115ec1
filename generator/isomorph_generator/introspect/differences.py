"""What differs between two databases, in words. Pure data."""

from __future__ import annotations

import enum
from dataclasses import dataclass

__all__ = ["Difference", "DifferenceKind"]


class DifferenceKind(enum.StrEnum):
    """How something differs."""

    MISSING = "missing"
    """It is expected and not there."""
    UNKNOWN = "unknown"
    """It is there and not expected."""
    CHANGED = "changed"
    """It is there, and is another one."""
    SPELLED = "spelled"
    """It means the same and is spelled otherwise, or is nothing that a schema says."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that a database has otherwise than expected.

    Attributes:
        kind: how it differs.
        table: the table that it belongs to; None for an enum, a view, a function.
        part: what of it, such as `index users_email_index`; empty for the table itself.
        column: the column that it is about; None where it is about none, or several.
        fact: what of the part: `type`, `null`, `default`; empty when it is all of it.
        expected: the fact as it should be, None where there is nothing to say.
        found: the fact as it is, likewise.
    """

    kind: DifferenceKind
    table: str | None
    part: str = ""
    column: str | None = None
    fact: str = ""
    expected: str | None = None
    found: str | None = None

    @property
    def path(self) -> str:
        """What it is about: `users.email`, `users: index users_email_index`, `table users`."""
        if self.table is None:
            return self.part
        if self.column is not None:
            return f"{self.table}.{self.column}"
        return f"{self.table}: {self.part}" if self.part else f"table {self.table}"

    def __str__(self) -> str:
        what = self.expected if self.kind is DifferenceKind.MISSING else self.found
        if self.kind in {DifferenceKind.MISSING, DifferenceKind.UNKNOWN}:
            shown = f" ({what})" if what else ""
            return f"{self.path} is {self.kind.value}{shown}"
        fact = f"{self.fact} " if self.fact else ""
        text = f"{self.path}: {fact}{self.expected or 'none'} expected, {self.found or 'none'} found"
        return f"{text} (spelling)" if self.kind is DifferenceKind.SPELLED else text
