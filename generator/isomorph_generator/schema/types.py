"""Reads the text of a type: `string(100)?`, `decimal(10, 2)`, `Role`, `enum(Role)`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from isomorph.catalog import ColumnType, Enum, Kind
from isomorph_generator.schema.errors import InvalidType, NotSupportedYet, SchemaError, UnknownType
from isomorph_generator.schema.errors.base import Position
from isomorph_generator.schema.unsupported import TYPES

__all__ = ["ParsedType", "Types"]

_TYPE = re.compile(r"\s*(?P<name>\w+)\s*(?:\((?P<arguments>[^()]*)\)\s*)?(?P<nullable>\?)?\s*")
_PLAIN = {kind.value: kind for kind in Kind if kind not in (Kind.STRING, Kind.DECIMAL, Kind.ENUM)}
_NAMES = tuple(
    "string(n)" if kind is Kind.STRING else "decimal(p, s)" if kind is Kind.DECIMAL else kind.value for kind in Kind
)
_ELSEWHERE = {
    "int4": "int",
    "integer": "int",
    "int8": "bigint",
    "int64": "bigint",
    "long": "bigint",
    "int2": "smallint",
    "int16": "smallint",
    "boolean": "bool",
    "str": "string",
    "varchar": "string",
    "numeric": "decimal",
    "float8": "double",
    "float64": "double",
    "blob": "bytes",
    "binary": "bytes",
    "bytea": "bytes",
    "timestamp": "timestamptz",
    "guid": "uuid",
}
"""Names that other systems use."""

_LONGEST_STRING = {"mysql": 16_383, "postgresql": 10_485_760}
"""MySQL: 65,535 bytes in a row, 4 per character of utf8mb4. PostgreSQL: its documented limit of varchar(n)."""
_LARGEST_PRECISION = {"mysql": 65, "postgresql": 1000}
_LARGEST_SCALE = {"mysql": 30, "postgresql": 1000}


@dataclass(frozen=True, slots=True)
class ParsedType:
    """A type and whether a `?` made it nullable."""

    type: ColumnType
    nullable: bool


class Types:
    """The types that a schema may use: those of the language and its enums."""

    def __init__(self, enums: Mapping[str, Enum], dialects: Sequence[str]) -> None:
        self._enums = enums
        self._dialects = tuple(dialects)

    def parsed(self, text: str, at: tuple[Position, str]) -> ParsedType | SchemaError:
        """The type that a text means, or what is wrong with it."""
        match = _TYPE.fullmatch(text)
        if match is None:
            if near := re.match(r"\s*(array|list)\b", text):
                return NotSupportedYet(*at, near[1], TYPES["array"])
            return UnknownType(*at, text, (*_NAMES, *self._enums))
        name, arguments = match["name"], match["arguments"]
        found = self._type(
            text, name, None if arguments is None else [part.strip() for part in arguments.split(",")], at
        )
        return ParsedType(found, match["nullable"] is not None) if isinstance(found, ColumnType) else found

    def _type(
        self, text: str, name: str, arguments: list[str] | None, at: tuple[Position, str]
    ) -> ColumnType | SchemaError:
        if name == "string":
            return self._string(text, arguments, at)
        if name == "decimal":
            return self._decimal(text, arguments, at)
        if name == "enum":
            return self._enum(text, arguments, at)
        if arguments is not None and (name in _PLAIN or name in self._enums):
            return InvalidType(*at, text, "it takes no arguments", f"write {name}")
        if name in _PLAIN:
            return ColumnType(_PLAIN[name])
        if name in self._enums:
            return ColumnType(Kind.ENUM, enum=name)
        if name.lower() in TYPES:
            return NotSupportedYet(*at, f'type "{name}"', TYPES[name.lower()])
        known = (*(kind.value for kind in Kind), *self._enums)
        meant = _ELSEWHERE.get(name.lower(), name.lower() if name.lower() in known else "")
        return UnknownType(*at, name, known, meant)

    def _string(self, text: str, arguments: list[str] | None, at: tuple[Position, str]) -> ColumnType | SchemaError:
        numbers = _numbers(arguments)
        if numbers is None or len(numbers) != 1:
            return InvalidType(*at, text, "it needs its greatest length", "string(255), or text for any length")
        length = numbers[0]
        if length < 1:
            return InvalidType(*at, text, "it holds nothing", "a length of at least 1")
        for dialect in self._dialects:
            if length > _LONGEST_STRING.get(dialect, length):
                return InvalidType(*at, text, f"{dialect} takes at most {_LONGEST_STRING[dialect]}", "use text")
        return ColumnType(Kind.STRING, length=length)

    def _decimal(self, text: str, arguments: list[str] | None, at: tuple[Position, str]) -> ColumnType | SchemaError:
        numbers = _numbers(arguments)
        if numbers is None or len(numbers) != 2:
            return InvalidType(*at, text, "it needs all digits and those after the point", "decimal(10, 2)")
        precision, scale = numbers
        if precision < 1 or scale > precision:
            return InvalidType(
                *at,
                text,
                "it has fewer digits in all than after the point",
                "decimal(all digits, digits after the point)",
            )
        for dialect in self._dialects:
            most, most_scale = _LARGEST_PRECISION.get(dialect, precision), _LARGEST_SCALE.get(dialect, scale)
            if precision > most or scale > most_scale:
                return InvalidType(
                    *at,
                    text,
                    f"{dialect} takes at most {most} digits, {most_scale} after the point",
                    "use fewer digits",
                )
        return ColumnType(Kind.DECIMAL, precision=precision, scale=scale)

    def _enum(self, text: str, arguments: list[str] | None, at: tuple[Position, str]) -> ColumnType | SchemaError:
        if arguments is None or len(arguments) != 1 or not arguments[0]:
            return InvalidType(*at, text, "it needs the name of the enum", "enum(Name), or just Name")
        if arguments[0] not in self._enums:
            return UnknownType(*at, arguments[0], tuple(self._enums))
        return ColumnType(Kind.ENUM, enum=arguments[0])


def _numbers(arguments: list[str] | None) -> list[int] | None:
    if arguments is None or not all(re.fullmatch("[0-9]{1,9}", argument) for argument in arguments):
        return None
    return [int(argument) for argument in arguments]
