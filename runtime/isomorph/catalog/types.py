"""What columns hold: kinds of values, and the types made of them."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import field

from isomorph.dataclassing import dataclass

__all__ = [
    "FLOATS",
    "INTEGERS",
    "INTERVAL_MICROSECONDS",
    "LONGEST_TEXT_BYTES",
    "MEDIUMTEXT_BYTES",
    "NETWORKS",
    "NUMBERS",
    "RANGES",
    "SHAPES",
    "TEXTS",
    "UNSIGNED",
    "Cast",
    "ColumnType",
    "Enum",
    "Kind",
]


class Kind(enum.StrEnum):
    """What a column holds, whatever the database; the value is the name used in a schema.

    Tables by kind are how every part of isomorph says what it does with a type, so what differs is a kind of its own: an
    unsigned integer, too.
    """

    BOOL = "bool"
    TINYINT = "tinyint"
    SMALLINT = "smallint"
    INT = "int"
    BIGINT = "bigint"
    UNSIGNED_TINYINT = "unsigned tinyint"
    UNSIGNED_SMALLINT = "unsigned smallint"
    UNSIGNED_INT = "unsigned int"
    UNSIGNED_BIGINT = "unsigned bigint"
    DECIMAL = "decimal"
    REAL = "real"
    DOUBLE = "double"
    STRING = "string"
    CHAR = "char"
    TEXT = "text"
    MEDIUMTEXT = "mediumtext"
    BYTES = "bytes"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    TIMESTAMPTZ = "timestamptz"
    INTERVAL = "interval"
    JSON = "json"
    UUID = "uuid"
    ENUM = "enum"
    ARRAY = "array"
    SET = "set"
    INET = "inet"
    CIDR = "cidr"
    MACADDR = "macaddr"
    INT4RANGE = "int4range"
    INT8RANGE = "int8range"
    NUMRANGE = "numrange"
    DATERANGE = "daterange"
    TSRANGE = "tsrange"
    TSTZRANGE = "tstzrange"
    TSVECTOR = "tsvector"
    POINT = "point"
    LINESTRING = "linestring"
    POLYGON = "polygon"
    GEOMETRY = "geometry"
    ENCRYPTED = "encrypted"
    CUSTOM = "custom"

    @property
    def word(self) -> str:
        """Its name as an identifier, in `isomorph.catalog.words` and in generated code: `unsigned_int`."""
        return self.value.replace(" ", "_")


INTEGERS: Mapping[Kind, range] = {
    Kind.TINYINT: range(-(2**7), 2**7),
    Kind.SMALLINT: range(-(2**15), 2**15),
    Kind.INT: range(-(2**31), 2**31),
    Kind.BIGINT: range(-(2**63), 2**63),
    Kind.UNSIGNED_TINYINT: range(2**8),
    Kind.UNSIGNED_SMALLINT: range(2**16),
    Kind.UNSIGNED_INT: range(2**32),
    Kind.UNSIGNED_BIGINT: range(2**64),
}
"""Whole numbers, and which of them each kind holds."""

UNSIGNED: Mapping[Kind, Kind] = {
    Kind.TINYINT: Kind.UNSIGNED_TINYINT,
    Kind.SMALLINT: Kind.UNSIGNED_SMALLINT,
    Kind.INT: Kind.UNSIGNED_INT,
    Kind.BIGINT: Kind.UNSIGNED_BIGINT,
}
"""The kind of the same width without negative numbers."""

FLOATS = frozenset({Kind.REAL, Kind.DOUBLE})
"""Floating-point numbers."""

NUMBERS = frozenset({*INTEGERS, *FLOATS, Kind.DECIMAL})
"""All that is calculated with."""

TEXTS = frozenset({Kind.STRING, Kind.CHAR, Kind.TEXT, Kind.MEDIUMTEXT})
"""Text without a form of its own."""

MEDIUMTEXT_BYTES = 2**24 - 1
"""What MySQL's MEDIUMTEXT holds, in bytes of UTF-8."""

LONGEST_TEXT_BYTES = 1_000_000_000
"""What SQLite holds in one value unless it was built otherwise (https://sqlite.org/limits.html); PostgreSQL 1 GiB."""

INTERVAL_MICROSECONDS = range(-(2**63), 2**63)
"""Which spans of time an interval holds, in microseconds."""

RANGES: Mapping[Kind, Kind] = {
    Kind.INT4RANGE: Kind.INT,
    Kind.INT8RANGE: Kind.BIGINT,
    Kind.NUMRANGE: Kind.DECIMAL,
    Kind.DATERANGE: Kind.DATE,
    Kind.TSRANGE: Kind.DATETIME,
    Kind.TSTZRANGE: Kind.TIMESTAMPTZ,
}
"""Ranges, and what their bounds are."""

NETWORKS = frozenset({Kind.INET, Kind.CIDR, Kind.MACADDR})
"""Addresses of a network."""

SHAPES = frozenset({Kind.POINT, Kind.LINESTRING, Kind.POLYGON, Kind.GEOMETRY})
"""Geometric shapes in the plane."""


@dataclass(frozen=True, slots=True)
class Cast:
    """A class of the application that stands between a column and its attribute.

    Attributes:
        target: `module:Class` of the cast, or of the pydantic model that a JSON document is read as.
        python: `module:Class` of the attribute's values, or a builtin type; the same as `target` for a pydantic model.
    """

    target: str
    python: str

    @property
    def is_document(self) -> bool:
        """Whether it is a pydantic model rather than a cast class."""
        return self.target == self.python


@dataclass(frozen=True, slots=True)
class ColumnType:
    """A kind with its arguments.

    Attributes:
        kind: what the column holds.
        length: most characters of a string or char, most bytes of bytes; None for any number of bytes.
        precision: all digits of a decimal; set for `decimal` only.
        scale: digits after the point of a decimal; set for `decimal` only.
        enum: name of the enum in the catalog; set for `enum` and `set` only.
        item: type of the items of an array.
        items_nullable: whether items of an array may be NULL.
        spelled: dialects and the column types that a `custom` has on them.
        cast: what makes the attribute's values of the column's. No database knows it, so it makes no other type.
    """

    kind: Kind
    length: int | None = None
    precision: int | None = None
    scale: int | None = None
    enum: str | None = None
    item: ColumnType | None = None
    items_nullable: bool = False
    spelled: tuple[tuple[str, str], ...] = ()
    cast: Cast | None = field(default=None, compare=False)

    @property
    def named_enum(self) -> str | None:
        """Name of the enum whose values it holds: one, some, or a list of them."""
        return self.enum if self.item is None else self.item.enum

    @property
    def arguments(self) -> tuple[int | str, ...]:
        """What its word in `isomorph.catalog.words` takes to make it."""
        given = (self.length, self.precision, self.scale, self.enum)
        return tuple(argument for argument in given if argument is not None)

    @property
    def unsigned(self) -> bool:
        """Whether it holds whole numbers and no negative ones."""
        return self.kind in INTEGERS and INTEGERS[self.kind].start == 0

    def __str__(self) -> str:
        """The type as a schema writes it: `string(100)`, `decimal(10, 2)`, `unsigned int`, `Role`."""
        if self.item is not None:
            return f"array({self.item}{'?' if self.items_nullable else ''})"
        if self.enum is not None:
            return f"set({self.enum})" if self.kind is Kind.SET else self.enum
        arguments = self.arguments
        return f"{self.kind.value}({', '.join(map(str, arguments))})" if arguments else self.kind.value


@dataclass(frozen=True, slots=True)
class Enum:
    """A closed set of strings.

    Attributes:
        name: the Python class and, where the database has named types, its source (PostgreSQL: snake case of it).
        values: the stored strings, in the schema's order, which is also the database's sort order where it has one.
        type_name: name of the database's type.
        doc: documentation, or None.
    """

    name: str
    values: tuple[str, ...]
    type_name: str
    doc: str | None = None
