"""Every error that isomorph raises, under one root.

Owns the words of each message; raise sites give fields. No message holds a value of a row or a parameter: the driver's
own error, whose text often does, is kept as `driver_error` and is not part of the traceback.
"""

from __future__ import annotations

from isomorph.errors.base import (
    IsomorphError,
    near_hint,
)
from isomorph.errors.database import (
    CheckViolation,
    ConnectionFailed,
    ConnectionLost,
    ConstraintViolation,
    DatabaseError,
    DatabaseMissing,
    DeadlockDetected,
    DiskFull,
    DriverFailure,
    ForeignKeyViolation,
    LockTimeout,
    NotNullViolation,
    PermissionDenied,
    QueryTimeout,
    ReadOnlyDatabase,
    SchemaMismatch,
    SerializationFailure,
    StatementFailed,
    TransactionAborted,
    UniqueViolation,
)
from isomorph.errors.migrations import (
    InvalidOperation,
    MigrationError,
    RevisionFailed,
)
from isomorph.errors.setup import (
    ConfigurationError,
    InvalidUrl,
    MissingDriver,
    ProtocolMismatch,
    UnknownConnection,
    UnsupportedVersion,
)
from isomorph.errors.use import (
    InvalidQuery,
    InvalidValue,
    LimitExceeded,
    MissingValue,
    NotFillable,
    NotFound,
    NotSaved,
    NotSupported,
    OrderNotAllowed,
    PoolTimeout,
    RelationNotLoaded,
    TransactionRequired,
    UnknownField,
    UnknownMorphType,
)

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
    "LimitExceeded",
    "LockTimeout",
    "MigrationError",
    "MissingDriver",
    "MissingValue",
    "NotFillable",
    "NotFound",
    "NotNullViolation",
    "NotSaved",
    "NotSupported",
    "OrderNotAllowed",
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
    "TransactionRequired",
    "UniqueViolation",
    "UnknownConnection",
    "UnknownField",
    "UnknownMorphType",
    "UnsupportedVersion",
    "near_hint",
]

# Tracebacks and pickles name the place that errors are imported from.
for _name in __all__:
    globals()[_name].__module__ = __name__
