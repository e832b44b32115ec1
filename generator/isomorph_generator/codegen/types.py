"""Column types as Python annotations: of values, of columns, of inputs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from isomorph.catalog import FLOATS, INTEGERS, RANGES, SHAPES, TEXTS, Column, ColumnType, Kind
from isomorph_generator.codegen.layout import Code, subscript
from isomorph_generator.codegen.names import class_alias

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
    Kind.INET: "_i.Address",
    Kind.CIDR: "_i.Network",
    **dict.fromkeys((Kind.MACADDR, Kind.TSVECTOR, Kind.ENCRYPTED), "str"),
    Kind.POINT: "_i.Point",
    Kind.LINESTRING: "_i.LineString",
    Kind.POLYGON: "_i.Polygon",
    Kind.GEOMETRY: "_i.Geometry",
}
"""What a value is in Python; apart are JSON and enums, which are written differently here and there, and what is
made of other types."""

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
    Kind.ARRAY: "ArrayColumn",
    Kind.SET: "SetColumn",
    Kind.INET: "InetColumn",
    Kind.CIDR: "CidrColumn",
    Kind.MACADDR: "MacAddrColumn",
    **dict.fromkeys(RANGES, "RangeColumn"),
    Kind.TSVECTOR: "TsVectorColumn",
    **dict.fromkeys(SHAPES, "ShapeColumn"),
    Kind.ENCRYPTED: "EncryptedColumn",
}
_TYPED = frozenset({Kind.ENUM, Kind.ARRAY, Kind.SET, *RANGES, *SHAPES})
"""Kinds whose columns have no usual type."""
_MADE_OF_PARTS = frozenset({Kind.ARRAY, Kind.SET, *RANGES})
"""Kinds whose columns know the type of a part, too."""


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
    if type_.kind is Kind.JSON and type_.cast is None:
        return json
    written = _written(type_, builtin)
    return f"{written} | None" if nullable else written


def _written(type_: ColumnType, builtin: Builtins) -> str:
    """The annotation of a value that is not None."""
    if type_.cast is not None:
        return class_alias(type_.cast.python) if ":" in type_.cast.python else builtin(type_.cast.python)
    match type_.kind:
        case Kind.ENUM:
            return f"_enums.{type_.enum}"
        case Kind.SET:
            return f"{builtin('set')}[_enums.{type_.enum}]"
        case Kind.ARRAY if type_.item is not None:
            return f"{builtin('list')}[{python_type(type_.item, builtin, nullable=type_.items_nullable)}]"
        case kind if kind in RANGES:
            return f"_i.Range[{_part(type_, builtin)}]"
        case kind:
            name = PYTHON_TYPES[kind]
            return name if name.startswith("_") else builtin(name)


def _part(type_: ColumnType, builtin: Builtins) -> str:
    """The annotation of what a value is made of: an item, a member, a bound."""
    if type_.item is not None:
        return _written(type_.item, builtin)
    if type_.kind is Kind.SET:
        return f"_enums.{type_.enum}"
    return _written(ColumnType(RANGES[type_.kind]), builtin)


def column_class(column: Column, builtin: Builtins) -> Code:
    """The annotation of a column on its class: `_i.StringColumn`, `_i.IntColumn[int | None]`."""
    type_ = column.type
    value = python_type(type_, builtin, nullable=column.nullable)
    if type_.cast is not None:
        return subscript(f"_i.{'DocumentColumn' if type_.kind is Kind.JSON else 'CustomColumn'}", [value])
    name = f"_i.{_COLUMN_CLASSES[type_.kind]}"
    if type_.kind is Kind.JSON or not (column.nullable or type_.kind in _TYPED):
        return name
    return subscript(name, [value, _part(type_, builtin)] if type_.kind in _MADE_OF_PARTS else [value])
