"""Every error that isomorph raises, under one root.

Owns the words of each message; raise sites give fields. No message holds a value of a row or a parameter: the driver's
own error, whose text often does, is kept as `driver_error` and is not part of the traceback.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

__all__ = [
    "CheckViolation",
    "ConfigurationError",
    "ConnectionFailed",
    "ConnectionLost",
    "ConstraintViolation",
    "DatabaseError",
    "DatabaseMissing",
    "DeadlockDetected",
    "DiskFull",
    "DriverFailure",
    "ForeignKeyViolation",
    "InvalidOperation",
    "InvalidQuery",
    "InvalidUrl",
    "InvalidValue",
    "IsomorphError",
    "LockTimeout",
    "MigrationError",
    "MissingDriver",
    "MissingValue",
    "NotFillable",
    "NotFound",
    "NotNullViolation",
    "NotSaved",
    "PermissionDenied",
    "PoolTimeout",
    "ProtocolMismatch",
    "QueryTimeout",
    "ReadOnlyDatabase",
    "RelationNotLoaded",
    "RevisionFailed",
    "SchemaMismatch",
    "SerializationFailure",
    "StatementFailed",
    "TransactionAborted",
    "UniqueViolation",
    "UnknownConnection",
    "UnknownField",
    "UnknownMorphType",
    "UnsupportedVersion",
    "near_hint",
]


def near_hint(name: str, known: Sequence[str], otherwise: str) -> str:
    """The mend for a name nobody knows: the nearest known one, or `otherwise`."""
    # Untyped input may name anything, and an error must be able to say so.
    near = get_close_matches(str(name), known, n=1)
    return f'did you mean "{near[0]}"?' if near else otherwise


class IsomorphError(Exception):
    """Root of all errors."""


# --- set-up ----------------------------------------------------------------------------------------------------------


class ConfigurationError(IsomorphError):
    """Something outside the code is missing or wrong: a URL, a driver, a setting."""


class InvalidUrl(ConfigurationError):
    """A connection URL that cannot be read. The URL itself is not repeated: it may hold a password."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what, mend)
        self.what, self.mend = what, mend

    def __str__(self) -> str:
        return f"cannot read the connection URL: {self.what} ({self.mend})"


class MissingDriver(ConfigurationError):
    """The client library for a URL's scheme is not installed."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(library, extra)
        self.library, self.extra = library, extra

    def __str__(self) -> str:
        return f'{self.library} is not installed: pip install "isomorph[{self.extra}]"'


class UnsupportedVersion(ConfigurationError):
    """A library or server is older than what isomorph works with."""

    def __init__(self, product: str, found: str, needed: str, mend: str) -> None:
        super().__init__(product, found, needed, mend)
        self.product, self.found, self.needed, self.mend = product, found, needed, mend

    def __str__(self) -> str:
        return f"{self.product} {self.found} is too old: {self.needed} or newer is needed ({self.mend})"


class UnknownConnection(ConfigurationError):
    """A connection name that the schema does not declare."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(name, known)
        self.name, self.known = name, known

    def __str__(self) -> str:
        mend = near_hint(self.name, self.known, f"add [connections.{self.name}] to the schema")
        return f'no connection "{self.name}" ({mend})'


class ProtocolMismatch(ConfigurationError):
    """Generated code and runtime speak different protocols."""

    def __init__(self, generated: int, runtime: int) -> None:
        super().__init__(generated, runtime)
        self.generated, self.runtime = generated, runtime

    def __str__(self) -> str:
        return (
            f"the generated package speaks protocol {self.generated}, this isomorph speaks {self.runtime} "
            "(run `orm generate` with the installed isomorph)"
        )


# --- use of models and queries -----------------------------------------------------------------------------------------


class InvalidValue(IsomorphError, ValueError):
    """A value that the column cannot hold or be compared with. The value is not repeated."""

    def __init__(self, where: str, expected: str, got: str) -> None:
        super().__init__(where, expected, got)
        self.where, self.expected, self.got = where, expected, got

    def __str__(self) -> str:
        return f"{self.where}: expected {self.expected}, got {self.got}"


class MissingValue(IsomorphError, TypeError):
    """A new row lacks values that it needs."""

    def __init__(self, model: str, fields: tuple[str, ...]) -> None:
        super().__init__(model, fields)
        self.model, self.fields = model, fields

    def __str__(self) -> str:
        return (
            f"{self.model} needs {', '.join(self.fields)} (pass {'it' if len(self.fields) == 1 else 'them'} by keyword)"
        )


class UnknownField(IsomorphError, TypeError):
    """A field name, from untyped input, that the model does not have."""

    def __init__(self, model: str, field: str, known: tuple[str, ...]) -> None:
        super().__init__(model, field, known)
        self.model, self.field, self.known = model, field, known

    def __str__(self) -> str:
        return f'{self.model} has no field "{self.field}" ({near_hint(self.field, self.known, "see its fields in the schema")})'


class NotFillable(IsomorphError, TypeError):
    """Untyped input names fields that are not open to it."""

    def __init__(self, model: str, fields: tuple[str, ...]) -> None:
        super().__init__(model, fields)
        self.model, self.fields = model, fields

    def __str__(self) -> str:
        return (
            f"{self.model}: {', '.join(self.fields)} may not be set from untyped input "
            "(add to `fillable` in the schema, or pass by typed keyword)"
        )


class NotFound(IsomorphError, LookupError):
    """No row where one was required."""

    def __init__(self, model: str) -> None:
        super().__init__(model)
        self.model = model

    def __str__(self) -> str:
        return f"no {self.model} matches (use the variant that returns None if that is expected)"


class NotSaved(IsomorphError):
    """An operation that needs a row of the database was called on an object without one."""

    def __init__(self, model: str, operation: str) -> None:
        super().__init__(model, operation)
        self.model, self.operation = model, operation

    def __str__(self) -> str:
        return f"{self.operation}: this {self.model} has no row in the database (save it first)"


class RelationNotLoaded(IsomorphError):
    """A relation was read that the query did not include. No AttributeError: `hasattr` and `match` must not swallow it."""

    def __init__(self, model: str, relation: str) -> None:
        super().__init__(model, relation)
        self.model, self.relation = model, relation

    def __str__(self) -> str:
        return f"{self.model}.{self.relation} is not loaded (add .include({self.model}.{self.relation}) to the query)"


class UnknownMorphType(IsomorphError):
    """A `*_type` column holds an alias that the morph map does not know."""

    def __init__(self, table: str, column: str, alias: str, known: tuple[str, ...]) -> None:
        super().__init__(table, column, alias, known)
        self.table, self.column, self.alias, self.known = table, column, alias, known

    def __str__(self) -> str:
        return (
            f'{self.table}.{self.column} holds the unknown alias "{self.alias}" '
            f"(known: {', '.join(self.known)}; add it to [morph_map])"
        )


class InvalidQuery(IsomorphError):
    """A query that has no meaning, or would do more than it says."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what, mend)
        self.what, self.mend = what, mend

    def __str__(self) -> str:
        return f"{self.what} ({self.mend})"


class PoolTimeout(IsomorphError):
    """No connection became free in time."""

    def __init__(self, connection: str, timeout_s: float) -> None:
        super().__init__(connection, timeout_s)
        self.connection, self.timeout_s = connection, timeout_s

    def __str__(self) -> str:
        return (
            f'no connection of "{self.connection}" became free within {self.timeout_s:g} s '
            "(raise pool.max, or shorten transactions)"
        )


# --- what the database says ----------------------------------------------------------------------------------------------


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

    def __str__(self) -> str:
        return f"{self.what}{f' [{self.code}]' if self.code else ''} ({self.mend})"


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
    ) -> None:
        super().__init__(code, driver_error)
        self.table, self.columns, self.constraint = table, columns, constraint
        self.model, self.fields = model, fields

    def __str__(self) -> str:
        owner = self.model or self.table or "a table"
        names = ", ".join(self.fields or self.columns)
        where = f"{owner}({names})" if names else owner
        named = f" {self.constraint}" if self.constraint else ""
        return f"{self.kind}{named} of {where} is violated ({self.mend})"


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


# --- migrations ------------------------------------------------------------------------------------------------------------


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
