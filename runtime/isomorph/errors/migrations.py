"""What is wrong with revisions."""

from __future__ import annotations

from isomorph.errors.base import IsomorphError

__all__ = [
    "InvalidOperation",
    "LossyRevision",
    "MigrationError",
    "MigrationsLocked",
    "RevisionFailed",
    "RevisionInterrupted",
]


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


class LossyRevision(MigrationError):
    """A revision loses rows or values and does not say why that is fine; nothing was done.

    Attributes:
        operation: the one that loses them: `drop column users.age`.
        losses: what is lost, in words.
        written: what the operation is called in the file: `DropColumn`.
    """

    def __init__(self, revision: str, operation: str, losses: tuple[str, ...], written: str) -> None:
        what = f"{operation} loses {' and '.join(losses)}, and it does not say why that is fine"
        mend = f'write lossy("what is lost and why that is fine", {written}(...)) around it'
        super().__init__(revision, what, mend)
        self.args = (revision, operation, losses, written)
        self.operation, self.losses, self.written = operation, losses, written


class RevisionFailed(MigrationError):
    """The database refused a statement of a revision; `__cause__` says why.

    Attributes:
        operation: what was being done: `add column users.age`.
        statement: the statement that was refused, as people read it.
        kept: what the revision did before and the database did not take back, in order; empty where the whole
            revision was rolled back.
        undo: statements that take back what was kept, in the order in which to run them.
        is_open: whether it is not known yet if the operation was done: the connection was lost in the middle of it.
    """

    def __init__(
        self,
        revision: str,
        operation: str,
        statement: str,
        reason: str,
        kept: tuple[str, ...] = (),
        undo: tuple[str, ...] = (),
        is_open: bool = False,
    ) -> None:
        what = f"{operation} was refused: {reason}"
        if kept:
            how = "with the statements that this error gives" if undo else "by hand"
            mend = (
                f"{len(kept)} operation{'s' if len(kept) > 1 else ''} of it stay done: {', '.join(kept)}; "
                f"mend the cause and run again: it goes on behind them; or take them back {how}, and "
                f"then `orm migrate resolve {revision} --forget`"
            )
        elif is_open:
            mend = "whether that was kept is seen by the next run, which goes on from there: run again"
        else:
            mend = "nothing of it was kept; mend the cause and run again"
        super().__init__(revision, what, mend)
        self.args = (revision, operation, statement, reason, kept, undo, is_open)
        self.operation, self.statement, self.reason = operation, statement, reason
        self.kept, self.undo, self.is_open = kept, undo, is_open


class RevisionInterrupted(MigrationError):
    """A revision was interrupted in a statement of which nobody can tell whether it was done.

    Attributes:
        operation: what was being done.
        statement: the statement, as people read it.
    """

    def __init__(self, revision: str, operation: str, statement: str) -> None:
        what = f"it was interrupted in: {operation}; whether this statement was done cannot be told: {statement}"
        mend = (
            f"look at the database; if it was done: `orm migrate resolve {revision} --done`; "
            f"if not: `orm migrate resolve {revision} --again`; then run again"
        )
        super().__init__(revision, what, mend)
        self.args = (revision, operation, statement)
        self.operation, self.statement = operation, statement


class HistoryNotWritable(IsomorphError):
    """The tables in which isomorph records what is applied cannot be written; `__cause__` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"what is applied cannot be recorded here: {self.reason}; nothing was done (let the user create and write "
            "tables, and run `orm migrate run` again)"
        )


class MigrationsLocked(IsomorphError):
    """Another deployer runs revisions on the database, or left its lock behind.

    Attributes:
        owner: who has the lock, in words; None when nobody says.
        waited_s: how long it was waited for, in seconds.
        gone: whether the owner's process does not run any more.
        writing: whether it holds the whole database, so that its lock cannot even be broken (SQLite).
    """

    def __init__(self, owner: str | None, waited_s: float = 0.0, *, gone: bool = False, writing: bool = False) -> None:
        super().__init__(owner, waited_s, gone, writing)
        self.owner, self.waited_s, self.gone, self.writing = owner, waited_s, gone, writing

    def __reduce__(self) -> tuple[object, ...]:
        return _locked, (self.owner, self.waited_s, self.gone, self.writing)

    def __str__(self) -> str:
        who = self.owner or "another session"
        if self.gone:
            return f"the lock was left behind by {who}, which runs no more (clear it with `orm migrate unlock`)"
        if self.writing:
            return (
                f"the lock is held by {who}, which is writing to the database right now (wait for it; if it hangs, end "
                "that process, and then `orm migrate unlock`)"
            )
        waited = f" and was waited for {self.waited_s:.0f} s" if self.waited_s >= 1 else ""
        return (
            f"revisions are being run by {who}{waited}; nothing was done here (wait for it and run again; "
            "if it hangs, `orm migrate unlock` ends it)"
        )


def _locked(owner: str | None, waited_s: float, gone: bool, writing: bool) -> MigrationsLocked:
    return MigrationsLocked(owner, waited_s, gone=gone, writing=writing)
