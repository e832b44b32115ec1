"""One error of each class but those of schemas, as the error reference shows it."""

from __future__ import annotations

from isomorph import errors
from isomorph_generator.codegen.errors import ForeignFile, UnwritableFile

__all__ = ["SAMPLES"]

_UNIQUE = errors.UniqueViolation(
    "23505",
    table="users",
    columns=("email",),
    constraint="users_email_key",
    model="User",
    fields=("email",),
)
_FOREIGN_KEY = errors.ForeignKeyViolation(
    "23503",
    table="posts",
    columns=("author_id",),
    constraint="posts_author_id_fkey",
    model="Post",
    fields=("author_id",),
    relation="Post.author",
)
_NOT_NULL = errors.NotNullViolation("23502", table="users", columns=("name",), model="User", fields=("name",))
_CHECK = errors.CheckViolation("23514", table="users", constraint="users_age_check", model="User")

SAMPLES: tuple[errors.IsomorphError, ...] = (
    errors.InvalidUrl("its scheme is unknown", 'did you mean "postgresql"?'),
    errors.MissingDriver("psycopg", "postgresql"),
    errors.MissingLibrary("cryptography", "crypto"),
    errors.InvalidEncryptionKey("APP_KEY", "is not set"),
    errors.DecryptionFailed(),
    errors.UnsupportedVersion("SQLite", "3.39.4", "3.40.0", "use a Python that is built with a newer one"),
    errors.UnusableCursorKey("there is no key"),
    errors.UnknownConnection("analytic", ("default", "analytics")),
    errors.ProtocolMismatch(1, 2),
    ForeignFile("generated/models/user.py"),
    UnwritableFile("generated/models/user.py", "Permission denied"),
    errors.InvalidValue("User.age", "an int", "str"),
    errors.InvalidCursor("one of another query or order"),
    errors.LimitExceeded("User.id", "at most 1000000 values in a list", "more", "in_list"),
    errors.OrderNotAllowed("order_by_untyped()", "crated_at", ("name", "created_at")),
    errors.MissingValue("User", ("email", "password")),
    errors.UnknownField("User", "nmae", ("id", "name", "email")),
    errors.NotFillable("User", ("password",)),
    errors.ReadOnlyField("Order", "total"),
    errors.StaleObject("Order"),
    errors.NotFound("User"),
    errors.FieldNotLoaded("User", "email"),
    errors.NotSaved("User", "delete"),
    errors.RelationNotLoaded("User", "posts"),
    errors.AmountNotLoaded("User", "count", "User.posts", None, None),
    errors.PivotNotLoaded("Role"),
    errors.UnknownMorphType("comments", "commentable_type", "article", ("post", "clip")),
    errors.InvalidQuery("delete() without a condition would touch every row", "add where(), or all_rows=True"),
    errors.NotSupported("lateral join", "mysql", "join a subquery with a window function, or ask twice"),
    errors.TransactionRequired("lock_for_update()"),
    errors.PoolTimeout("default", 30.0),
    errors.DatabaseError("HY000"),
    errors.StatementFailed("42601"),
    errors.NumericOverflow("22003"),
    errors.SchemaMismatch("42P01"),
    _UNIQUE,
    _FOREIGN_KEY,
    _NOT_NULL,
    _CHECK,
    errors.SerializationFailure("40001"),
    errors.DeadlockDetected("40P01"),
    errors.TransactionAborted("25P02"),
    errors.LockTimeout("55P03"),
    errors.QueryTimeout("57014"),
    errors.ConnectionFailed("08001"),
    errors.DatabaseMissing("3D000"),
    errors.ConnectionLost("08006"),
    errors.PermissionDenied("42501"),
    errors.ReadOnlyDatabase("25006"),
    errors.DiskFull("53100"),
    errors.MigrationError(
        "20240131_101500_add_nickname",
        "migrations/20240131_101500_add_nickname.py was edited after it was applied here",
        "restore the file, and put the change into a new revision",
    ),
    errors.InvalidOperation('no table "usres"', 'did you mean "users"?'),
    errors.LossyRevision(
        "20240131_101500_drop_nickname",
        "drop column users.nickname",
        ("the values of users.nickname",),
        "DropColumn",
    ),
    errors.RevisionFailed(
        "20240131_101500_add_nickname",
        "add column users.nickname",
        "ALTER TABLE users ADD COLUMN nickname VARCHAR(50)",
        "a lock was not granted in time [1205] (run it again, or shorten the transactions that hold it)",
    ),
    errors.RevisionInterrupted("20240131_101500_clean", "run SQL", "TRUNCATE TABLE visits"),
    errors.MigrationsLocked("ada on build-7, process 4711, since 2024-01-31 10:15:02 UTC", gone=True),
    errors.HistoryNotWritable("the database user lacks the right [42501] (grant it, or connect as another user)"),
)
"""In the order of the page. Roots without a message of their own are left out."""
