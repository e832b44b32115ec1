"""What columns hold: kinds of values, and the types made of them."""

from __future__ import annotations

import enum
from dataclasses import dataclass

__all__ = ["ColumnType", "Enum", "Kind"]


class Kind(enum.StrEnum):
    """What a column holds, whatever the database; the value is the name used in a schema."""

    BOOL = "bool"
    SMALLINT = "smallint"
    INT = "int"
    BIGINT = "bigint"
    DECIMAL = "decimal"
    DOUBLE = "double"
    STRING = "string"
    TEXT = "text"
    BYTES = "bytes"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    TIMESTAMPTZ = "timestamptz"
    JSON = "json"
    UUID = "uuid"
    ENUM = "enum"


@dataclass(frozen=True, slots=True)
class ColumnType:
    """A kind with its arguments.

    Attributes:
        kind: what the column holds.
        length: most characters of a string; set for `string` only.
        precision: all digits of a decimal; set for `decimal` only.
        scale: digits after the point of a decimal; set for `decimal` only.
        enum: name of the enum in the catalog; set for `enum` only.
    """

    kind: Kind
    length: int | None = None
    precision: int | None = None
    scale: int | None = None
    enum: str | None = None

    def __str__(self) -> str:
        """The type as a schema writes it: `string(100)`, `decimal(10, 2)`, `bigint`, `Role`."""
        if self.kind is Kind.STRING:
            return f"string({self.length})"
        if self.kind is Kind.DECIMAL:
            return f"decimal({self.precision}, {self.scale})"
        return self.enum if self.enum is not None else self.kind.value


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
