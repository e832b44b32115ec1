"""Ranges, networks, sets and shapes as text and bytes: for databases without types of their own for them.

Every value has one text, so that equality in SQL is that of the values.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from isomorph.catalog import RANGES, ColumnType, Kind
from isomorph.dialects.base import Bind, Load
from isomorph.dialects.standard.items import ITEMS, Plain, canonical_json, plain_item
from isomorph.values.geometry import Geometry, LineString, Point, Polygon, geometry_from_wkb
from isomorph.values.networks import Address, Network, address_from, address_text, network_from, network_text
from isomorph.values.ranges import Range

__all__ = [
    "NETWORK_BINDS",
    "NETWORK_LOADS",
    "WKB_HEADS",
    "bind_json_range",
    "bind_names",
    "bind_wkb",
    "load_json_range",
    "load_wkb",
    "plain_bound",
]


# --- networks --------------------------------------------------------------------------------------------------------


def _bind_inet(value: object) -> str:
    return address_text(cast(Address, value))


def _load_inet(value: object) -> Address:
    return address_from(cast(str, value))


def _bind_cidr(value: object) -> str:
    return network_text(cast(Network, value))


def _load_cidr(value: object) -> Network:
    return network_from(cast(str, value))


NETWORK_BINDS: Mapping[Kind, Bind] = {Kind.INET: _bind_inet, Kind.CIDR: _bind_cidr}
NETWORK_LOADS: Mapping[Kind, Load] = {Kind.INET: _load_inet, Kind.CIDR: _load_cidr}


# --- ranges ----------------------------------------------------------------------------------------------------------


def plain_bound(bound: object, type_: ColumnType) -> Plain:
    """A bound of a range as what JSON has: numbers without zeros that say nothing, since they have no scale."""
    if isinstance(bound, Decimal):
        text = format(bound, "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if bound == 0 else text
    return plain_item(bound, type_)


def bind_json_range(type_: ColumnType) -> Bind:
    """How ranges of a type are written as JSON: `{"bounds":"[)","lower":1,"upper":5}`, `{"empty":true}`."""
    bound = ColumnType(RANGES[type_.kind])

    def bind(value: object) -> str:
        found = cast("Range[Any]", value)
        if found.is_empty:
            return canonical_json({"empty": True})
        lower, upper = (None if end is None else plain_bound(end, bound) for end in (found.lower, found.upper))
        return canonical_json({"lower": lower, "upper": upper, "bounds": found.bounds})

    return bind


def load_json_range(type_: ColumnType) -> Load:
    """How ranges of a type are read from JSON."""
    made = ITEMS[RANGES[type_.kind]].made

    def load(value: object) -> Range[Any]:
        found = json.loads(cast(str, value))
        if found.get("empty"):
            return Range[Any](empty=True)
        lower, upper = found["lower"], found["upper"]
        if made is not None:
            lower, upper = (None if end is None else made(end) for end in (lower, upper))
        return Range[Any](lower, upper, found["bounds"])

    return load


# --- sets ------------------------------------------------------------------------------------------------------------


def bind_names(value: object) -> str:
    """The names of a set, in the order of the enum, as JSON."""
    return canonical_json(list(cast("Sequence[object]", value)))


# --- shapes ----------------------------------------------------------------------------------------------------------

_HEAD_OF = {
    Kind.POINT: struct.pack("<BI", 1, Point.wkb_type),
    Kind.LINESTRING: struct.pack("<BI", 1, LineString.wkb_type),
    Kind.POLYGON: struct.pack("<BI", 1, Polygon.wkb_type),
}
WKB_HEADS: Mapping[Kind, tuple[bytes, ...]] = {
    **{kind: (head,) for kind, head in _HEAD_OF.items()},
    Kind.GEOMETRY: tuple(_HEAD_OF.values()),
}
"""How well-known binary of a kind begins, as it is written here."""


def bind_wkb(value: object) -> bytes:
    """A shape as well-known binary."""
    return cast(Geometry, value).to_wkb()


def load_wkb(value: object) -> Geometry:
    """A shape from well-known binary."""
    return geometry_from_wkb(bytes(cast("bytes | memoryview", value)))
