"""What can be wrong when a revision is to be written."""

from __future__ import annotations

from collections.abc import Sequence

from isomorph.errors import IsomorphError
from isomorph_generator.schema.renames import RenameKind

__all__ = ["UnclearRename", "UnclearRenames", "UnsupportedChange", "UnsupportedChanges"]


class UnsupportedChange(IsomorphError):
    """A change of the schema that no operation can do."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what, mend)
        self.what, self.mend = what, mend

    def __str__(self) -> str:
        return f"{self.what} ({self.mend})"


class UnsupportedChanges(IsomorphError):
    """All changes of a schema that no operation can do; as text, one per line."""

    def __init__(self, changes: Sequence[UnsupportedChange]) -> None:
        self.changes = tuple(changes)
        super().__init__(self.changes)

    def __str__(self) -> str:
        return "\n".join(str(change) for change in self.changes)


class UnclearRename(IsomorphError):
    """Something is gone and something like it is new: renamed, or not.

    Attributes:
        kind: what both are.
        owner: the table of a column, the enum of a value; empty for others.
        before: the name of what is gone.
        after: the name of what is new.
        line: the key of the schema that says which; empty where it is not known.
    """

    def __init__(self, kind: RenameKind, owner: str, before: str, after: str, line: str) -> None:
        super().__init__(kind, owner, before, after, line)
        self.kind: RenameKind = kind
        self.owner, self.before, self.after, self.line = owner, before, after, line

    @property
    def question(self) -> str:
        """What to ask: `was the column notes.due_on called due`."""
        match self.kind:
            case "value":
                return f'was the value "{self.after}" of the enum {self.owner} called "{self.before}"'
            case "column":
                return f"was the column {self.owner}.{self.after} called {self.before}"
            case _:
                return f"was the {self.kind} {self.after} called {self.before}"

    @property
    def _told(self) -> tuple[str, str]:
        match self.kind:
            case "value":
                return f'the value "{self.before}" of the enum {self.owner}', f'"{self.after}"'
            case "column":
                return f"the column {self.owner}.{self.before}", self.after
            case _:
                return f"the {self.kind} {self.before}", self.after

    def __str__(self) -> str:
        gone, new = self._told
        renamed, other = self._lines
        return (
            f"{gone} is gone and {new}, which is like it, is new (write {renamed} to rename it, "
            f"or {other} to drop the one and add the other)"
        )

    @property
    def _lines(self) -> tuple[str, str]:
        """What the schema says in either case."""
        if self.kind == "value":  # which may stand there as a text alone
            entry = f'name = "{self.after}", was ='
            return f'{{ {entry} "{self.before}" }}', f"{{ {entry} false }}"
        line = self.line or "was"
        return f'{line} = "{self.before}"', f"{line} = false"


class UnclearRenames(IsomorphError):
    """All likely renames that the schema does not speak of; as text, one per line."""

    def __init__(self, renames: Sequence[UnclearRename]) -> None:
        self.renames = tuple(renames)
        super().__init__(self.renames)

    def __str__(self) -> str:
        return "\n".join(str(rename) for rename in self.renames)
