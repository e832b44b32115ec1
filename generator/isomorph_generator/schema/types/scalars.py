"""The words of types whose values are one thing, with the limits of each database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from isomorph.catalog import INTEGERS, LONGEST_TEXT_BYTES, ColumnType, Kind
from isomorph_generator.schema.errors import SchemaError, UnknownType
from isomorph_generator.schema.types.word import Given, Word, plain

__all__ = ["SCALARS"]

_LONGEST_STRING = {"mysql": 16_383, "postgresql": 10_485_760, "sqlite": LONGEST_TEXT_BYTES // 4}
"""MySQL: 65,535 bytes in a row, 4 per character of utf8mb4. PostgreSQL: its documented limit of varchar(n)."""
_LONGEST_BYTES = {"mysql": 65_532, "postgresql": LONGEST_TEXT_BYTES, "sqlite": LONGEST_TEXT_BYTES}
_LONGEST_CHAR = {**_LONGEST_STRING, "mysql": 255}
_LARGEST_PRECISION = {"mysql": 65, "postgresql": 1000}
_LARGEST_SCALE = {"mysql": 30, "postgresql": 1000}

_MONEY = ColumnType(Kind.DECIMAL, precision=19, scale=4)

_NUMBER = r"\( *[0-9]+ *\)"


def _with_length(
    kind: Kind, needs: str, example: str, limits: Mapping[str, int], instead: str
) -> Callable[[Given], ColumnType | SchemaError]:
    def read(given: Given) -> ColumnType | SchemaError:
        numbers = given.numbers(1)
        if numbers is None:
            return given.wrong(f"it needs its greatest {needs}", example)
        (length,) = numbers
        if length < 1:
            return given.wrong("it holds nothing", "a length of at least 1")
        if beyond := given.beyond(length, limits):
            return given.wrong(f"{beyond[0]} takes at most {beyond[1]}", instead)
        return ColumnType(kind, length=length)

    return read


def _bytes(given: Given) -> ColumnType | SchemaError:
    if given.arguments is None:
        return ColumnType(Kind.BYTES)
    example = "bytes(16), or bytes for any number"
    return _with_length(Kind.BYTES, "number of bytes", example, _LONGEST_BYTES, "use bytes")(given)


def _decimal(given: Given) -> ColumnType | SchemaError:
    numbers = given.numbers(2)
    if numbers is None:
        return given.wrong("it needs all digits and those after the point", "decimal(10, 2)")
    precision, scale = numbers
    if precision < 1 or scale > precision:
        return given.wrong(
            "it has fewer digits in all than after the point", "decimal(all digits, digits after the point)"
        )
    for dialect in given.dialects:
        most, most_scale = _LARGEST_PRECISION.get(dialect, precision), _LARGEST_SCALE.get(dialect, scale)
        if precision > most or scale > most_scale:
            return given.wrong(
                f"{dialect} takes at most {most} digits, {most_scale} after the point", "use fewer digits"
            )
    return ColumnType(Kind.DECIMAL, precision=precision, scale=scale)


def _money(given: Given) -> ColumnType | SchemaError:
    if given.arguments is not None:
        return given.wrong(f"it is {_MONEY} and takes no arguments", "write money, or decimal(p, s)")
    return _MONEY


def _enum(given: Given) -> ColumnType | SchemaError:
    parts = given.parts
    if len(parts) != 1 or not parts[0]:
        return given.wrong("it needs the name of the enum", "enum(Name), or just Name")
    if parts[0] not in given.enums:
        return UnknownType(*given.at, parts[0], tuple(given.enums))
    return ColumnType(Kind.ENUM, enum=parts[0])


def _other_name(name: str, kind: Kind) -> Word:
    return replace(plain(kind), form=name, example=name, same_as=kind.value)


_STRING = _with_length(Kind.STRING, "length", "string(255), or text for any length", _LONGEST_STRING, "use text")
_CHAR = _with_length(Kind.CHAR, "length", "char(2)", _LONGEST_CHAR, "use string(n)")

SCALARS: dict[str, Word] = {
    "bool": plain(Kind.BOOL),
    **{kind.value: plain(kind) for kind in INTEGERS},
    "decimal": Word("decimal(p, s)", "decimal(10, 2)", _decimal, r"\( *[0-9]+ *, *[0-9]+ *\)"),
    "money": Word("money", "money", _money, same_as=str(_MONEY)),
    "real": plain(Kind.REAL),
    "double": plain(Kind.DOUBLE),
    "float": _other_name("float", Kind.DOUBLE),
    "string": Word("string(n)", "string(100)", _STRING, _NUMBER),
    "char": Word("char(n)", "char(2)", _CHAR, _NUMBER),
    "text": plain(Kind.TEXT),
    "mediumtext": plain(Kind.MEDIUMTEXT),
    "longtext": _other_name("longtext", Kind.TEXT),
    "bytes": Word("bytes(n)", "bytes(16)", _bytes, rf"({_NUMBER})?"),
    "date": plain(Kind.DATE),
    "time": plain(Kind.TIME),
    "datetime": plain(Kind.DATETIME),
    "timestamptz": plain(Kind.TIMESTAMPTZ),
    "interval": plain(Kind.INTERVAL),
    "json": plain(Kind.JSON),
    "jsonb": _other_name("jsonb", Kind.JSON),
    "uuid": plain(Kind.UUID),
    "enum": Word("enum(Name)", "enum(Role)", _enum, r"\( *[A-Z][A-Za-z0-9]* *\)"),
}
"""By the name that a schema writes."""
