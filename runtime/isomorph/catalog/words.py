"""Column types in the words of a schema, as generated code writes them: `string(100)`, `bigint()`."""

from __future__ import annotations

import builtins as _b
from dataclasses import replace

from isomorph.catalog.types import Cast, ColumnType, Kind

__all__ = [
    "array",
    "bigint",
    "bool",
    "bytes",
    "cast",
    "char",
    "cidr",
    "custom",
    "date",
    "daterange",
    "datetime",
    "decimal",
    "double",
    "encrypted",
    "enum",
    "geometry",
    "inet",
    "int",
    "int4range",
    "int8range",
    "interval",
    "json",
    "linestring",
    "macaddr",
    "mediumtext",
    "numrange",
    "point",
    "polygon",
    "real",
    "set",
    "smallint",
    "string",
    "text",
    "time",
    "timestamptz",
    "tinyint",
    "tsrange",
    "tstzrange",
    "tsvector",
    "unsigned_bigint",
    "unsigned_int",
    "unsigned_smallint",
    "unsigned_tinyint",
    "uuid",
]


def bool() -> ColumnType:  # noqa: A001 - the schema's word
    """True or false."""
    return ColumnType(Kind.BOOL)


def tinyint() -> ColumnType:
    """An integer of 8 bits."""
    return ColumnType(Kind.TINYINT)


def smallint() -> ColumnType:
    """An integer of 16 bits."""
    return ColumnType(Kind.SMALLINT)


def int() -> ColumnType:  # noqa: A001 - the schema's word
    """An integer of 32 bits."""
    return ColumnType(Kind.INT)


def bigint() -> ColumnType:
    """An integer of 64 bits."""
    return ColumnType(Kind.BIGINT)


def unsigned_tinyint() -> ColumnType:
    """An integer of 8 bits, none negative."""
    return ColumnType(Kind.UNSIGNED_TINYINT)


def unsigned_smallint() -> ColumnType:
    """An integer of 16 bits, none negative."""
    return ColumnType(Kind.UNSIGNED_SMALLINT)


def unsigned_int() -> ColumnType:
    """An integer of 32 bits, none negative."""
    return ColumnType(Kind.UNSIGNED_INT)


def unsigned_bigint() -> ColumnType:
    """An integer of 64 bits, none negative."""
    return ColumnType(Kind.UNSIGNED_BIGINT)


def decimal(precision: _b.int, scale: _b.int) -> ColumnType:
    """An exact number of `precision` digits, `scale` of them after the point."""
    return ColumnType(Kind.DECIMAL, precision=precision, scale=scale)


def real() -> ColumnType:
    """A floating-point number of 32 bits."""
    return ColumnType(Kind.REAL)


def double() -> ColumnType:
    """A floating-point number of 64 bits."""
    return ColumnType(Kind.DOUBLE)


def string(length: _b.int) -> ColumnType:
    """Text of at most `length` characters."""
    return ColumnType(Kind.STRING, length=length)


def char(length: _b.int) -> ColumnType:
    """Text of at most `length` characters without blanks at its end."""
    return ColumnType(Kind.CHAR, length=length)


def text() -> ColumnType:
    """Text of any length."""
    return ColumnType(Kind.TEXT)


def mediumtext() -> ColumnType:
    """Text of at most 16 MiB."""
    return ColumnType(Kind.MEDIUMTEXT)


def bytes(length: _b.int | None = None) -> ColumnType:  # noqa: A001 - the schema's word
    """At most `length` bytes, or any number of them."""
    return ColumnType(Kind.BYTES, length=length)


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


def interval() -> ColumnType:
    """A span of time, in microseconds."""
    return ColumnType(Kind.INTERVAL)


def json() -> ColumnType:
    """A JSON value."""
    return ColumnType(Kind.JSON)


def uuid() -> ColumnType:
    """A UUID."""
    return ColumnType(Kind.UUID)


def enum(name: str) -> ColumnType:
    """One of the values of the enum of that name."""
    return ColumnType(Kind.ENUM, enum=name)


def array(item: ColumnType, *, items_nullable: _b.bool = False) -> ColumnType:
    """A list of items."""
    return ColumnType(Kind.ARRAY, item=item, items_nullable=items_nullable)


def set(enum: str) -> ColumnType:  # noqa: A001 - the schema's word
    """Some of the values of the enum of that name."""
    return ColumnType(Kind.SET, enum=enum)


def inet() -> ColumnType:
    """An IP address."""
    return ColumnType(Kind.INET)


def cidr() -> ColumnType:
    """An IP network."""
    return ColumnType(Kind.CIDR)


def macaddr() -> ColumnType:
    """The address of a network card."""
    return ColumnType(Kind.MACADDR)


def int4range() -> ColumnType:
    """A range of integers of 32 bits."""
    return ColumnType(Kind.INT4RANGE)


def int8range() -> ColumnType:
    """A range of integers of 64 bits."""
    return ColumnType(Kind.INT8RANGE)


def numrange() -> ColumnType:
    """A range of exact numbers."""
    return ColumnType(Kind.NUMRANGE)


def daterange() -> ColumnType:
    """A range of days."""
    return ColumnType(Kind.DATERANGE)


def tsrange() -> ColumnType:
    """A range of times without a zone."""
    return ColumnType(Kind.TSRANGE)


def tstzrange() -> ColumnType:
    """A range of moments."""
    return ColumnType(Kind.TSTZRANGE)


def tsvector() -> ColumnType:
    """Words of a text, prepared for search."""
    return ColumnType(Kind.TSVECTOR)


def point() -> ColumnType:
    """A point of the plane."""
    return ColumnType(Kind.POINT)


def linestring() -> ColumnType:
    """A line through points of the plane."""
    return ColumnType(Kind.LINESTRING)


def polygon() -> ColumnType:
    """An area of the plane, which may have holes."""
    return ColumnType(Kind.POLYGON)


def geometry() -> ColumnType:
    """Any of the shapes."""
    return ColumnType(Kind.GEOMETRY)


def encrypted() -> ColumnType:
    """Text that is encrypted at rest."""
    return ColumnType(Kind.ENCRYPTED)


def custom(**spelled: str) -> ColumnType:
    """A type of the database that only a cast class knows, by dialect."""
    return ColumnType(Kind.CUSTOM, spelled=tuple(spelled.items()))


def cast(type_: ColumnType, target: str, python: str) -> ColumnType:
    """A type whose values a class of the application makes others of."""
    return replace(type_, cast=Cast(target, python))
