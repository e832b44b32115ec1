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
    MissingValue,
    NotFillable,
    NotFound,
    NotSaved,
    PoolTimeout,
    RelationNotLoaded,
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
