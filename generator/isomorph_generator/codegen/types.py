"""Column types as Python annotations: of values, of columns, of inputs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from isomorph.catalog import FLOATS, INTEGERS, TEXTS, Column, ColumnType, Kind

__all__ = ["PYTHON_TYPES", "Builtins", "column_class", "python_type"]

PYTHON_TYPES: dict[Kind, str] = {
    Kind.BOOL: "bool",
    **dict.fromkeys(INTEGERS, "int"),
    Kind.DECIMAL: "_decimal.Decimal",
    **dict.fromkeys(FLOATS, "float"),
    **dict.fromkeys(TEXTS, "str"),
    Kind.BYTES: "bytes",
    Kind.DATE: "_dt.date",
    Kind.TIME: "_dt.time",
    Kind.DATETIME: "_dt.datetime",
    Kind.TIMESTAMPTZ: "_dt.datetime",
    Kind.INTERVAL: "_dt.timedelta",
    Kind.UUID: "_uuid.UUID",
}
"""What a value is in Python; JSON and enums are apart, since they are written differently here and there."""

_COLUMN_CLASSES: dict[Kind, str] = {
    Kind.BOOL: "BoolColumn",
    Kind.TINYINT: "TinyIntColumn",
    Kind.SMALLINT: "SmallIntColumn",
    Kind.INT: "IntColumn",
    Kind.BIGINT: "BigIntColumn",
    Kind.UNSIGNED_TINYINT: "TinyIntColumn",
    Kind.UNSIGNED_SMALLINT: "SmallIntColumn",
    Kind.UNSIGNED_INT: "IntColumn",
    Kind.UNSIGNED_BIGINT: "BigIntColumn",
    Kind.DECIMAL: "DecimalColumn",
    Kind.REAL: "RealColumn",
    Kind.DOUBLE: "DoubleColumn",
    Kind.STRING: "StringColumn",
    Kind.CHAR: "CharColumn",
    Kind.TEXT: "TextColumn",
    Kind.MEDIUMTEXT: "TextColumn",
    Kind.BYTES: "BytesColumn",
    Kind.DATE: "DateColumn",
    Kind.TIME: "TimeColumn",
    Kind.DATETIME: "DateTimeColumn",
    Kind.TIMESTAMPTZ: "TimestampTzColumn",
    Kind.INTERVAL: "IntervalColumn",
    Kind.JSON: "JsonColumn",
    Kind.UUID: "UuidColumn",
    Kind.ENUM: "EnumColumn",
}


@dataclass(frozen=True, slots=True)
class Builtins:
    """Builtin names as a class body writes them.

    Attributes:
        hidden: names of the class's own attributes, which a bare name would mean.
    """

    hidden: frozenset[str]

    @classmethod
    def beside(cls, names: Iterable[str]) -> Builtins:
        """In a class with these attributes."""
        return cls(frozenset(names))

    def __call__(self, name: str) -> str:
        """The name, or `_b.name` where the bare one would mean an attribute."""
        return f"_b.{name}" if name in self.hidden else name


def python_type(type_: ColumnType, builtin: Builtins, *, nullable: bool = False, json: str = "_i.JsonInput") -> str:
    """The annotation of a value: `str`, `_dt.date | None`, `_enums.Role`.

    Args:
        type_: the column type.
        builtin: how builtin names are written there.
        nullable: whether None is a value, too.
        json: the annotation of JSON, which holds None by itself.
    """
    if type_.kind is Kind.JSON:
        return json
    name = f"_enums.{type_.enum}" if type_.kind is Kind.ENUM else PYTHON_TYPES[type_.kind]
    written = name if name.startswith("_") else builtin(name)
    return f"{written} | None" if nullable else written


def column_class(column: Column, builtin: Builtins) -> str:
    """The annotation of a column on its class: `_i.StringColumn`, `_i.IntColumn[int | None]`."""
    name = f"_i.{_COLUMN_CLASSES[column.type.kind]}"
    if column.type.kind is Kind.JSON or not (column.nullable or column.type.kind is Kind.ENUM):
        return name
    return f"{name}[{python_type(column.type, builtin, nullable=column.nullable)}]"
