"""Nested transactions as a state of their own: how deep, which savepoint, whether it still lives. Pure; no I/O.

Whoever runs statements (now or in async code) asks it which one comes next.
"""

from __future__ import annotations

from isomorph.errors import DatabaseError, TransactionAborted

__all__ = ["Nesting"]


class Nesting:
    """The levels of one transaction on one driver connection.

    Attributes:
        depth: how many blocks are open; the first is the transaction, each further one a savepoint.
        aborted_by: the error that made the database end the transaction; None while it lives.
    """

    __slots__ = ("aborted_by", "depth")

    def __init__(self) -> None:
        self.depth = 0
        self.aborted_by: DatabaseError | None = None

    def savepoint(self) -> str | None:
        """The statement that opens the next level; None when that is the transaction itself, which BEGIN opens."""
        return f"SAVEPOINT isomorph_{self.depth}" if self.depth else None

    def release(self) -> str:
        """The statement that ends the level just left, keeping what was done in it."""
        return f"RELEASE SAVEPOINT isomorph_{self.depth}"

    def undo(self) -> tuple[str, str]:
        """The statements that end the level just left, undoing what was done in it.

        ROLLBACK TO alone would keep the savepoint; in a loop they would pile up in the server.
        """
        return f"ROLLBACK TO SAVEPOINT isomorph_{self.depth}", self.release()

    def aborted(self) -> TransactionAborted:
        """The error for going on after the transaction's end; its cause is what ended it."""
        error = TransactionAborted(self.aborted_by.code if self.aborted_by else "")
        error.__cause__ = self.aborted_by
        return error
