"""What is wrong with revisions."""

from __future__ import annotations

from isomorph.errors.base import IsomorphError

__all__ = ["InvalidOperation", "MigrationError", "RevisionFailed"]


class MigrationError(IsomorphError):
    """A revision cannot be read, applied or taken back."""

    def __init__(self, revision: str, what: str, mend: str) -> None:
        super().__init__(revision, what, mend)
        self.revision, self.what, self.mend = revision, what, mend

    def __str__(self) -> str:
        return f"revision {self.revision}: {self.what} ({self.mend})"


class InvalidOperation(IsomorphError):
    """An operation of a revision that has no meaning for the tables it meets."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what, mend)
        self.what, self.mend = what, mend

    def __str__(self) -> str:
        return f"{self.what} ({self.mend})"


class RevisionFailed(MigrationError):
    """The database refused a statement of a revision; `__cause__` says why.

    Attributes:
        operation: what was being done: `add column users.age`.
        statement: the statement that was refused, as people read it.
        kept: what the revision did before and the database did not take back, in order; empty where the whole
            revision was rolled back.
        undo: statements that take back what was kept, in the order in which to run them.
    """

    def __init__(
        self,
        revision: str,
        operation: str,
        statement: str,
        reason: str,
        kept: tuple[str, ...] = (),
        undo: tuple[str, ...] = (),
    ) -> None:
        what = f"{operation} was refused: {reason}"
        if kept:
            mend = (
                f"{len(kept)} operation{'s' if len(kept) > 1 else ''} of it stay done: {', '.join(kept)}; "
                "take them back with the statements of .undo, mend the revision and run again"
            )
        elif operation == "commit":
            mend = "`orm migrate status` tells whether it was kept; mend the cause and run again"
        else:
            mend = "nothing of it was kept; mend the cause and run again"
        super().__init__(revision, what, mend)
        self.args = (revision, operation, statement, reason, kept, undo)
        self.operation, self.statement, self.reason = operation, statement, reason
        self.kept, self.undo = kept, undo
