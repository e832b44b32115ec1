"""What the database says, the same classes on every dialect."""

from __future__ import annotations

from isomorph.errors.base import IsomorphError

__all__ = [
    "CheckViolation",
    "ConnectionFailed",
    "ConnectionLost",
    "ConstraintViolation",
    "DatabaseError",
    "DatabaseMissing",
    "DeadlockDetected",
    "DiskFull",
    "DriverFailure",
    "ForeignKeyViolation",
    "LockTimeout",
    "NotNullViolation",
    "NumericOverflow",
    "PermissionDenied",
    "QueryTimeout",
    "ReadOnlyDatabase",
    "SchemaMismatch",
    "SerializationFailure",
    "StatementFailed",
    "TransactionAborted",
    "UniqueViolation",
]


class DriverFailure(Exception):
    """What is chained in place of the driver's error: its class and code, without the text that may hold values."""


class DatabaseError(IsomorphError):
    """The database refused.

    Attributes:
        code: SQLSTATE, error number or SQLite's error name, as text; empty when the driver gives none.
        driver_error: the driver's own exception; its text may hold values.
    """

    what = "the database refused the statement"
    mend = "see .driver_error"

    def __init__(self, code: str = "", driver_error: BaseException | None = None) -> None:
        super().__init__(code)
        self.code, self.driver_error = code, driver_error

    def __reduce__(self) -> tuple[object, ...]:
        # The driver's error stays behind: it may hold values, and not every driver's can be pickled.
        state = {name: value for name, value in self.__dict__.items() if name != "driver_error"}
        return type(self), (self.code,), {**state, "driver_error": None}

    @property
    def coded(self) -> str:
        """What happened, with the database's code, and no advice."""
        return f"{self.what} [{self.code}]" if self.code else self.what

    def __str__(self) -> str:
        return f"{self.coded} ({self.mend})"


class StatementFailed(DatabaseError):
    """The statement itself is wrong: syntax, an unknown table, a value out of range."""


class SchemaMismatch(StatementFailed):
    """A table or column that the schema declares is not in the database."""

    what = "the database lacks a table or column of the schema"
    mend = "run `orm migrate run`"


class ConstraintViolation(DatabaseError):
    """A row breaks a constraint.

    Attributes:
        table: the table, or None when the database does not say.
        columns: the columns, in the constraint's order; empty when the database does not say.
        constraint: the constraint's name, or None when the database does not say.
        model: the model of that table; None for tables without one.
        fields: the columns as fields of the model.
        relation: the relation whose key it is, or that was written through: `Post.author`; None where neither is known.
    """

    kind = "constraint"

    def __init__(
        self,
        code: str = "",
        driver_error: BaseException | None = None,
        *,
        table: str | None = None,
        columns: tuple[str, ...] = (),
        constraint: str | None = None,
        model: str | None = None,
        fields: tuple[str, ...] = (),
        relation: str | None = None,
    ) -> None:
        super().__init__(code, driver_error)
        self.table, self.columns, self.constraint = table, columns, constraint
        self.model, self.fields, self.relation = model, fields, relation

    def __str__(self) -> str:
        owner = self.model or self.table or "a table"
        names = ", ".join(self.fields or self.columns)
        where = f"{owner}({names})" if names else owner
        named = f" {self.constraint}" if self.constraint else ""
        by = f", relation {self.relation}," if self.relation else ""
        return f"{self.kind}{named} of {where}{by} is violated ({self.mend})"


class UniqueViolation(ConstraintViolation):
    """Another row has the same values in a unique key."""

    kind = "unique constraint"
    mend = "another row has these values; find it first, or use first_or_create or upsert"


class ForeignKeyViolation(ConstraintViolation):
    """A row points to nothing, or is pointed to."""

    kind = "foreign key"
    mend = "the row it points to does not exist, or rows still point to this one"


class NotNullViolation(ConstraintViolation):
    """A row lacks a value."""

    kind = "not-null constraint"
    mend = "give a value, or make the field nullable in the schema"


class CheckViolation(ConstraintViolation):
    """A row does not meet a check."""

    kind = "check constraint"
    mend = "see the check in the schema"


class SerializationFailure(DatabaseError):
    """A concurrent transaction was in the way."""

    what = "the transaction met a concurrent one and was rolled back"
    mend = "run it again: db.run(work, retries=3)"


class DeadlockDetected(SerializationFailure):
    """The database ended a deadlock by rolling this transaction back."""

    what = "the transaction was chosen to end a deadlock"


class TransactionAborted(DatabaseError):
    """A statement, or the commit, of a transaction that an earlier error had already ended."""

    what = "an earlier error had ended this transaction, so nothing of it was kept"
    mend = "let errors leave the transaction block, or nest a transaction() around what may fail"


class LockTimeout(DatabaseError):
    """A lock was not granted in time."""

    what = "a lock was not granted in time"
    mend = "run it again, or shorten the transactions that hold it"


class QueryTimeout(DatabaseError):
    """A statement ran into its time limit."""

    what = "the statement took longer than its timeout"
    mend = "add an index, or raise the timeout"


class ConnectionFailed(DatabaseError):
    """No connection could be opened."""

    what = "cannot connect to the database"
    mend = "check host, port, user and password, and that the server runs"


class DatabaseMissing(ConnectionFailed):
    """The server has no database of that name."""

    what = "the database does not exist"
    mend = "create it, or correct the name in the URL"


class ConnectionLost(DatabaseError):
    """An open connection broke."""

    what = "the connection to the database was lost"
    mend = "whether the statement took effect is not known; run it again if it may be repeated"


class PermissionDenied(DatabaseError):
    """The database user may not do that."""

    what = "the database user lacks the right"
    mend = "grant it, or connect as another user"


class ReadOnlyDatabase(DatabaseError):
    """The database takes no writes."""

    what = "the database is read-only"
    mend = "check the file's permissions, or connect to the primary"


class DiskFull(DatabaseError):
    """The database ran out of space."""

    what = "the database has no space left"
    mend = "free some; nothing of this transaction was kept"


class NumericOverflow(StatementFailed):
    """A number left the range of its type: by a calculation, or on its way into a column."""

    what = "a number is out of the range of its type"
    mend = "calculate with a decimal or a float, or check the values that go in"
