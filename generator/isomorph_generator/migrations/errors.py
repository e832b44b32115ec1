"""What can be wrong when a revision is to be written."""

from __future__ import annotations

from collections.abc import Sequence

from isomorph.errors import IsomorphError

__all__ = ["UnsupportedChange", "UnsupportedChanges"]


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
