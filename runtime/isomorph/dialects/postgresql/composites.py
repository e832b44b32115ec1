"""Arrays, ranges and sets as the texts that PostgreSQL reads them from, and what it gives of them.

They are bound as text, which takes the type of the column that it stands beside; psycopg would have to guess it from the
items, and an empty array has none (PostgreSQL manual, Arrays, Array Input and Output Syntax; Range Types, likewise).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Protocol, cast

from isomorph.catalog import RANGES, ColumnType, Kind
from isomorph.dialects.base import Bind, Load
from isomorph.dialects.standard.composites import plain_bound
from isomorph.dialects.standard.items import plain_item
from isomorph.values.ranges import Range

__all__ = ["bind_array", "bind_names", "bind_range", "bind_text", "load_array", "load_names", "load_range"]


# --- arrays ----------------------------------------------------------------------------------------------------------


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _array(items: Iterable[str | None]) -> str:
    return "{" + ",".join("NULL" if item is None else _quoted(item) for item in items) + "}"


def _item_text(value: object, type_: ColumnType) -> str:
    plain = plain_item(value, type_)
    match type_.kind:
        case Kind.BOOL:
            return "t" if plain else "f"
        case Kind.BYTES:
            return f"\\x{plain}"
        case Kind.INTERVAL:
            return f"{plain} microseconds"
        case _:
            return str(plain)


def bind_array(type_: ColumnType) -> Bind:
    """How arrays of a type are written."""
    item = type_.item
    assert item is not None  # it is an array

    def bind(value: object) -> str:
        items = cast("Sequence[object]", value)
        return _array(None if part is None else _item_text(part, item) for part in items)

    return bind


def load_array(type_: ColumnType, item_load: Load | None) -> Load | None:
    """How arrays of a type are read; None when psycopg gives them as they are. Enum members stay text."""
    assert type_.item is not None  # it is an array
    if type_.item.kind is Kind.ENUM:
        return load_names  # psycopg does not know the type, and gives the text
    if item_load is None:
        return None

    def load(value: object) -> list[object]:
        return [None if part is None else item_load(part) for part in cast("list[object]", value)]

    return load


_ITEM = re.compile(r'"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^",{}]+)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def load_names(value: object) -> list[str | None]:
    """The items of a one-dimensional array from its text."""
    found: list[str | None] = []
    for match in _ITEM.finditer(cast(str, value)):
        if match["quoted"] is not None:
            found.append(_ESCAPED.sub(r"\1", match["quoted"]))
        else:
            found.append(None if match["bare"] == "NULL" else match["bare"])
    return found


def bind_names(value: object) -> str:
    """The names of a set, in the order of the enum, as an array of it."""
    return _array(cast("Sequence[str]", value))


# --- networks --------------------------------------------------------------------------------------------------------


def bind_text(value: object) -> str:
    """An address or a network as Python writes it, which PostgreSQL reads."""
    return str(value)


# --- ranges ----------------------------------------------------------------------------------------------------------


class _DriversRange(Protocol):
    """What psycopg gives, of which this module knows no more."""

    isempty: bool
    lower: Any
    upper: Any
    bounds: Any


def bind_range(type_: ColumnType) -> Bind:
    """How ranges of a type are written."""
    bound = ColumnType(RANGES[type_.kind])

    def text(end: object) -> str:
        return "" if end is None else _quoted(str(plain_bound(end, bound)))

    def bind(value: object) -> str:
        found = cast("Range[Any]", value)
        if found.is_empty:
            return "empty"
        return f"{found.bounds[0]}{text(found.lower)},{text(found.upper)}{found.bounds[1]}"

    return bind


def load_range(value: object) -> Range[Any]:
    """A range from psycopg's."""
    found = cast(_DriversRange, value)
    return Range(empty=True) if found.isempty else Range(found.lower, found.upper, found.bounds)
