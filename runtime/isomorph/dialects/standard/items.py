"""Items of arrays as what JSON has: for databases without arrays, and the ground of PostgreSQL's texts of them.

Owns which types arrays may be of, and the one spelling of each item, so that equal arrays are equal text: what is text
in a column of its own is the same text here.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias, cast

from isomorph.catalog import FLOATS, INTEGERS, TEXTS, ColumnType, Kind
from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Bind, Load
from isomorph.dialects.standard.types import bind_enum, bind_interval, load_interval, load_json, load_uuid

__all__ = ["ITEMS", "Form", "bind_json_array", "canonical_json", "load_json_array", "plain_item"]

Plain: TypeAlias = "str | int | float | bool"
"""What JSON has for an item."""


@dataclass(frozen=True, slots=True)
class Form:
    """The form of items of a kind.

    Attributes:
        plain: a checked value as what JSON has.
        made: the reverse; None when they are the same.
    """

    plain: Callable[[object, ColumnType], Plain]
    made: Load | None = None


def _same(value: object, type_: ColumnType) -> Plain:
    del type_
    return cast(Plain, value)


def _float(value: object, type_: ColumnType) -> Plain:
    del type_
    return cast(float, value) + 0.0  # of two equal zeros only one has a sign


def _decimal(value: object, type_: ColumnType) -> Plain:
    number = cast(Decimal, value)
    text = format(number, "f" if type_.scale is None else f".{type_.scale}f")
    # What is compared may be finer than the items, and rounding it would change the answer.
    exact = text if Decimal(text) == number else format(number, "f")
    return exact.removeprefix("-") if number == 0 else exact


def _date(value: object, type_: ColumnType) -> Plain:
    del type_
    return cast(dt.date, value).isoformat()


def _time(value: object, type_: ColumnType) -> Plain:
    del type_
    return cast(dt.time, value).isoformat(timespec="microseconds")


def _datetime(value: object, type_: ColumnType) -> Plain:
    del type_
    return cast(dt.datetime, value).isoformat(" ", "microseconds")


def _timestamptz(value: object, type_: ColumnType) -> Plain:
    return _datetime(cast(dt.datetime, value).astimezone(dt.UTC), type_)


def _by(bind: Bind) -> Callable[[object, ColumnType], Plain]:
    return lambda value, _: cast(Plain, bind(value))


def _from(make: Callable[[str], object]) -> Load:
    return cast(Load, make)


ITEMS: Mapping[Kind, Form] = {
    Kind.BOOL: Form(_same),
    **dict.fromkeys(INTEGERS, Form(_same)),
    # Beyond what JSON's readers agree on.
    Kind.UNSIGNED_BIGINT: Form(_by(str), _from(int)),
    Kind.DECIMAL: Form(_decimal, _from(Decimal)),
    **dict.fromkeys(FLOATS, Form(_float, _from(cast("Callable[[str], object]", float)))),
    **dict.fromkeys(TEXTS, Form(_same)),
    Kind.BYTES: Form(lambda value, _: cast(bytes, value).hex(), _from(bytes.fromhex)),
    Kind.DATE: Form(_date, _from(dt.date.fromisoformat)),
    Kind.TIME: Form(_time, _from(dt.time.fromisoformat)),
    Kind.DATETIME: Form(_datetime, _from(dt.datetime.fromisoformat)),
    Kind.TIMESTAMPTZ: Form(_timestamptz, _from(dt.datetime.fromisoformat)),
    Kind.INTERVAL: Form(_by(bind_interval), load_interval),
    Kind.UUID: Form(_by(str), load_uuid),
    Kind.ENUM: Form(_by(bind_enum)),
}
"""The kinds that arrays may be of."""


def plain_item(value: object, type_: ColumnType) -> Plain:
    """A checked item as what JSON has."""
    return ITEMS[type_.kind].plain(value, type_)


canonical_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True).encode
"""The one text of a document."""


def bind_json_array(type_: ColumnType) -> Bind:
    """How arrays of a type are written as JSON."""
    item = _item(type_)
    form = ITEMS[item.kind].plain

    def bind(value: object) -> str:
        items = cast("Sequence[object]", value)
        return canonical_json([None if part is None else form(part, item) for part in items])

    return bind


def load_json_array(type_: ColumnType) -> Load:
    """How arrays of a type are read from JSON; enum members stay text."""
    made = ITEMS[_item(type_).kind].made
    if made is None:
        return load_json

    def load(value: object) -> list[object]:
        return [None if part is None else made(part) for part in json.loads(cast(str, value))]

    return load


def _item(type_: ColumnType) -> ColumnType:
    assert type_.item is not None  # it is an array
    return type_.item
