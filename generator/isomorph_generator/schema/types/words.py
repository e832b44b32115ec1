"""All words of the type language, and what other systems call the same things."""

from __future__ import annotations

from isomorph_generator.schema.types.composites import COMPOSITES
from isomorph_generator.schema.types.scalars import SCALARS
from isomorph_generator.schema.types.word import Word

__all__ = ["ELSEWHERE", "WORDS"]

WORDS: dict[str, Word] = {**SCALARS, **COMPOSITES}
"""By the name that a schema writes, in the order of the reference."""

ELSEWHERE = {
    "int4": "int",
    "integer": "int",
    "int8": "bigint",
    "int64": "bigint",
    "long": "bigint",
    "int2": "smallint",
    "int16": "smallint",
    "uint8": "unsigned tinyint",
    "uint16": "unsigned smallint",
    "uint32": "unsigned int",
    "uint64": "unsigned bigint",
    "boolean": "bool",
    "str": "string",
    "varchar": "string",
    "character": "char",
    "numeric": "decimal",
    "float4": "real",
    "float32": "real",
    "float8": "double",
    "float64": "double",
    "blob": "bytes",
    "binary": "bytes",
    "varbinary": "bytes",
    "bytea": "bytes",
    "timestamp": "timestamptz",
    "duration": "interval",
    "timedelta": "interval",
    "guid": "uuid",
    "list": "array",
    "ip": "inet",
    "ipaddress": "inet",
    "network": "cidr",
    "mac": "macaddr",
}
"""Names that other systems use."""
