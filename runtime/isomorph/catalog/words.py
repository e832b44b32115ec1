"""Column types in the words of a schema, as generated code writes them: `string(100)`, `bigint()`."""

from __future__ import annotations

import builtins as _b

from isomorph.catalog.types import ColumnType, Kind

__all__ = [
    "bigint",
    "bool",
    "bytes",
    "date",
    "datetime",
    "decimal",
    "double",
    "enum",
    "int",
    "json",
    "smallint",
    "string",
    "text",
    "time",
    "timestamptz",
    "uuid",
]


def bool() -> ColumnType:  # noqa: A001 - the schema's word
    """True or false."""
    return ColumnType(Kind.BOOL)


def smallint() -> ColumnType:
    """An integer of 16 bits."""
    return ColumnType(Kind.SMALLINT)


def int() -> ColumnType:  # noqa: A001 - the schema's word
    """An integer of 32 bits."""
    return ColumnType(Kind.INT)


def bigint() -> ColumnType:
    """An integer of 64 bits."""
    return ColumnType(Kind.BIGINT)


def decimal(precision: _b.int, scale: _b.int) -> ColumnType:
    """An exact number of `precision` digits, `scale` of them after the point."""
    return ColumnType(Kind.DECIMAL, precision=precision, scale=scale)


def double() -> ColumnType:
    """A floating-point number of 64 bits."""
    return ColumnType(Kind.DOUBLE)


def string(length: _b.int) -> ColumnType:
    """Text of at most `length` characters."""
    return ColumnType(Kind.STRING, length=length)


def text() -> ColumnType:
    """Text of any length."""
    return ColumnType(Kind.TEXT)


def bytes() -> ColumnType:  # noqa: A001 - the schema's word
    """Bytes of any length."""
    return ColumnType(Kind.BYTES)


def date() -> ColumnType:
    """A day."""
    return ColumnType(Kind.DATE)


def time() -> ColumnType:
    """A time of day, in microseconds."""
    return ColumnType(Kind.TIME)


def datetime() -> ColumnType:
    """A day and time without a zone, in microseconds."""
    return ColumnType(Kind.DATETIME)


def timestamptz() -> ColumnType:
    """A moment, in microseconds."""
    return ColumnType(Kind.TIMESTAMPTZ)


def json() -> ColumnType:
    """A JSON value."""
    return ColumnType(Kind.JSON)


def uuid() -> ColumnType:
    """A UUID."""
    return ColumnType(Kind.UUID)


def enum(name: str) -> ColumnType:
    """One of the values of the enum of that name."""
    return ColumnType(Kind.ENUM, enum=name)
