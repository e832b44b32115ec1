"""Python source text for names, strings and values. Whatever a schema says goes through here before it enters a view."""

from __future__ import annotations

import datetime as dt
import inspect
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from isomorph.catalog import RANGES, SHAPES, ColumnType, Kind
from isomorph_generator.codegen.layout import Code, Group, call, prefixed, tuple_of
from isomorph_generator.schema.naming import enum_member_name

__all__ = ["COMPOSITE_VALUES", "docstring", "json_value", "number", "plain", "sentence", "string", "value"]


def string(text: str) -> str:
    """A string literal with the quotes that a formatter would choose."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    if quote not in text and "\\" not in text and text.isprintable():
        return f"{quote}{text}{quote}"
    escaped = "".join(_escaped(char, quote) for char in text)
    return f"{quote}{escaped}{quote}"


_INTEGER = re.compile("-?[0-9]+")
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escaped(char: str, quote: str) -> str:
    if char == quote:
        return f"\\{char}"
    if char in _ESCAPES:
        return _ESCAPES[char]
    return char if char.isprintable() else char.encode("unicode_escape", "surrogatepass").decode()


def sentence(text: str) -> str:
    """Documentation with a point at its end."""
    cleaned = inspect.cleandoc(text).strip()
    return f"{cleaned}." if cleaned[-1:].isalnum() else cleaned


def docstring(text: str, indent: int) -> str:
    '''A docstring, `"""` included, whose first line is not indented.'''
    lines = [_documented(line).rstrip() for line in inspect.cleandoc(text).split("\n")]
    body = "\n".join(" " * indent + line if line and number else line for number, line in enumerate(lines))
    body = body.replace('"""', '\\"\\"\\"')
    if body.startswith('"'):
        body = f" {body}"  # as formatters have it
    if body.endswith('"'):
        body = f'{body[:-1]}\\"'
    return f'"""{body}\n{" " * indent}"""' if len(lines) > 1 else f'"""{body}"""'


def _documented(line: str) -> str:
    if line.isprintable() and "\\" not in line:
        return line
    return "".join(
        "\\\\"
        if char == "\\"
        else char
        if char.isprintable()
        else char.encode("unicode_escape", "surrogatepass").decode()
        for char in line.expandtabs(4)
    )


def value(given: object, type_: ColumnType) -> Code:
    """The Python value of a constant of that column type, as generated code writes it."""
    match type_.kind:
        case _ if given is None:
            return "None"
        case Kind.ENUM:
            return f"_enums.{type_.enum}.{enum_member_name(cast(str, given))}"
        case Kind.UUID:
            return f"_uuid.UUID({string(str(uuid.UUID(cast(str, given))))})"
        case Kind.BYTES:
            return _bytes(cast(str, given).encode())
        case Kind.REAL | Kind.DOUBLE:
            return number(float(cast(float, given)))
        case kind if kind in COMPOSITE_VALUES:
            return COMPOSITE_VALUES[kind](given, type_)
        case _:
            return plain(given)


def _array(given: Any, type_: ColumnType) -> Code:
    assert type_.item is not None  # it is an array
    item = type_.item
    return Group("[", tuple(value(part, item) for part in given), "]")


def _set(given: Any, type_: ColumnType) -> Code:
    members = tuple(f"_enums.{type_.enum}.{enum_member_name(part)}" for part in given)
    return Group("{", members, "}") if members else "_b.set()"


def _range(given: Any, type_: ColumnType) -> Code:
    bound = ColumnType(RANGES[type_.kind])
    if given.get("empty"):
        return "_i.Range(empty=True)"
    ends = [value(given.get(name), bound) for name in ("lower", "upper")]
    usual = "()" if given.get("lower") is None else "[)"
    return call("_i.Range", ends if given["bounds"] == usual else [*ends, string(given["bounds"])])


def _shape(given: Any, type_: ColumnType) -> Code:
    del type_
    coordinates = given["coordinates"]
    return call(f"_i.{given['type']}", map(number, coordinates) if given["type"] == "Point" else [_points(coordinates)])


def _points(coordinates: Any) -> Code:
    """A pair of numbers, or a list of what is made of such."""
    if isinstance(coordinates[0], float):
        return tuple_of(map(number, coordinates))
    return Group("[", tuple(map(_points, coordinates)), "]")


COMPOSITE_VALUES: Mapping[Kind, Callable[[Any, ColumnType], Code]] = {
    Kind.ARRAY: _array,
    Kind.SET: _set,
    Kind.INET: lambda given, _: call("_ipaddress.ip_address", [string(given)]),
    Kind.CIDR: lambda given, _: call("_ipaddress.ip_network", [string(given)]),
    **dict.fromkeys(RANGES, _range),
    **dict.fromkeys(SHAPES, _shape),
}
"""The values that are made of others, or by a call."""


def plain(given: object) -> Code:
    """A value as it is, whatever column it belongs to."""
    match given:
        case float():
            return number(given)
        case bool() | int() | None:
            return repr(given)
        case str():
            return string(given)
        case Decimal():
            text = str(given)
            return f"_decimal.Decimal({text if _INTEGER.fullmatch(text) else string(text)})"
        case dt.datetime():
            return _moment(given)
        case dt.date():
            return f"_dt.date({given.year}, {given.month}, {given.day})"
        case dt.time():
            return call("_dt.time", _clock(given))
        case dt.timedelta():
            return call("_dt.timedelta", _span(given))
        case _:
            raise TypeError(type(given).__name__)


def number(given: float) -> str:
    """A float as formatters write it."""
    return repr(given).replace("e+", "e")


def _bytes(given: bytes) -> str:
    text = repr(given)
    return f'b"{text[2:-1]}"' if text[1] == "'" and '"' not in text else text


def _moment(given: dt.datetime) -> Code:
    """A moment with a time zone is written in UTC, which is how it is stored."""
    zone = [] if given.tzinfo is None else ["tzinfo=_dt.UTC"]
    if given.tzinfo is not None:
        given = given.astimezone(dt.UTC)
    return call("_dt.datetime", [str(given.year), str(given.month), str(given.day), *_clock(given), *zone])


def _clock(given: dt.time | dt.datetime) -> list[str]:
    parts = [given.hour, given.minute, given.second, given.microsecond]
    while len(parts) > 2 and not parts[-1]:
        parts.pop()
    return list(map(str, parts))


def _span(given: dt.timedelta) -> list[str]:
    parts = {"days": given.days, "seconds": given.seconds, "microseconds": given.microseconds}
    return [f"{name}={part}" for name, part in parts.items() if part] or ["0"]


def json_value(given: object) -> Code:
    """A JSON document as Python code."""
    if isinstance(given, Mapping):
        items = tuple(
            prefixed(f"{string(key)}: ", json_value(item)) for key, item in cast("Mapping[str, object]", given).items()
        )
        return Group("{", items, "}")
    if isinstance(given, Sequence) and not isinstance(given, str | bytes):
        return Group("[", tuple(json_value(item) for item in cast("Sequence[object]", given)), "]")
    return plain(given)
