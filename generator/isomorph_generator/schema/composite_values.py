"""Checks constants against types whose values are made of others, and against networks and shapes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from ipaddress import ip_address, ip_network
from typing import Any, TypeAlias, cast

from isomorph.catalog import RANGES, SHAPES, ColumnType, Kind, LiteralValue
from isomorph.errors import InvalidValue
from isomorph.values.geometry import geometry_from_geojson
from isomorph.values.networks import mac_text
from isomorph.values.ranges import Range
from isomorph_generator.schema.documents import as_list, as_table
from isomorph_generator.schema.shape import described
from isomorph_generator.schema.unfit import Unfit

__all__ = ["composite_readers"]

Constant: TypeAlias = "LiteralValue | Mapping[str, object] | list[object]"
Read: TypeAlias = Callable[[object, ColumnType], Constant]
"""A constant in the form that a type needs; raises Unfit."""


def composite_readers(scalars: Mapping[Kind, Read]) -> dict[Kind, Read]:
    """The readers of all composite kinds.

    Args:
        scalars: the readers of the kinds that they are made of.
    """

    def array(value: object, type_: ColumnType) -> Constant:
        assert type_.item is not None  # it is an array
        item = type_.item
        items = as_list(value)
        if items is None:
            raise Unfit("a list")
        return [_part(scalars[item.kind], part, item, "a list, each item ") for part in items]

    def range_(value: object, type_: ColumnType) -> Constant:
        bound = ColumnType(RANGES[type_.kind])
        read = _number if bound.kind is Kind.DECIMAL else scalars[bound.kind]
        return _range(value, bound, read)

    return {
        Kind.ARRAY: array,
        Kind.SET: _set,
        Kind.INET: _parsed_by(ip_address, 'an IP address, such as "192.168.0.1"'),
        Kind.CIDR: _parsed_by(ip_network, 'an IP network, such as "192.168.0.0/16"'),
        Kind.MACADDR: _mac,
        **dict.fromkeys(RANGES, range_),
        Kind.TSVECTOR: scalars[Kind.TEXT],
        **dict.fromkeys(SHAPES, _shape),
        Kind.ENCRYPTED: _refused("no default, since it would stand in the database as it is"),
        Kind.CUSTOM: _refused("`default_sql`, since the cast class alone knows its values"),
    }


def _part(read: Read, value: object, type_: ColumnType, before: str) -> Constant:
    try:
        return read(value, type_)
    except Unfit as unfit:
        failure = unfit
    raise Unfit(f"{before}{failure.expected}", failure.got or described(value))


def _set(value: object, _type: ColumnType) -> Constant:
    """A list of texts; whether the enum has them, the caller knows."""
    items = as_list(value)
    if items is None or not all(isinstance(item, str) for item in items):
        raise Unfit("a list of values of the enum")
    if len(set(cast("list[str]", items))) < len(items):
        raise Unfit("a list of values of the enum, each once", "one of them twice")
    return items


def _parsed_by(parse: Callable[[str], object], expected: str) -> Read:
    def read(value: object, _type: ColumnType) -> Constant:
        if not isinstance(value, str) or "%" in value:
            raise Unfit(expected)
        try:
            parse(value)
        except ValueError:
            raise Unfit(expected, "another text") from None
        return value.lower()

    return read


def _mac(value: object, _type: ColumnType) -> Constant:
    expected = 'the address of a network card, such as "08:00:2b:01:02:03"'
    if not isinstance(value, str):
        raise Unfit(expected)
    found = mac_text(value)
    if found is None:
        raise Unfit(expected, "another text")
    return found


def _number(value: object, _type: ColumnType) -> Constant:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise Unfit("a number")
    try:
        number = Decimal(value)
    except ArithmeticError:
        raise Unfit("a number", "another text") from None
    if not number.is_finite():
        raise Unfit("a finite number", "another")
    return number


def _range(value: object, bound: ColumnType, read: Read) -> Constant:
    """`{ lower = 1, upper = 5, bounds = "[)" }` or `{ empty = true }`."""
    table = as_table(value)
    if table is None or not table or not set(table) <= {"lower", "upper", "bounds", "empty"}:
        raise Unfit('a table of lower, upper and bounds, such as { lower = 1, upper = 5, bounds = "[)" }')
    ends = {name: _part(read, table[name], bound, f"`{name}` to be ") for name in ("lower", "upper") if name in table}
    bounds, empty = table.get("bounds", "[)"), table.get("empty", False)
    if not isinstance(empty, bool):
        raise Unfit("`empty` to be true or false", described(empty))
    try:
        found = Range[Any](cast(Any, ends.get("lower")), cast(Any, ends.get("upper")), bounds, empty=empty)
    except InvalidValue as error:
        raise Unfit(error.expected, error.got) from None
    if found.is_empty:
        return {"empty": True}
    return {
        **{name: end for name, end in (("lower", found.lower), ("upper", found.upper)) if end is not None},
        "bounds": found.bounds,
    }


def _shape(value: object, type_: ColumnType) -> Constant:
    """A GeoJSON geometry: `{ type = "Point", coordinates = [13.4, 52.5] }`."""
    names = {Kind.POINT: "Point", Kind.LINESTRING: "LineString", Kind.POLYGON: "Polygon"}
    table = as_table(value)
    wanted = names.get(type_.kind)
    if table is None or set(table) != {"type", "coordinates"} or (wanted is not None and table["type"] != wanted):
        raise Unfit(f'a GeoJSON geometry, such as {{ type = "{wanted or "Point"}", coordinates = [...] }}')
    plain = {"type": table["type"], "coordinates": _floats(table["coordinates"])}
    try:
        return geometry_from_geojson(plain).to_geojson()
    except InvalidValue as error:
        raise Unfit(f"{error.where} with {error.expected}", error.got) from None


def _floats(value: object) -> object:
    """Numbers of TOML as floats."""
    items = as_list(value)
    if items is not None:
        return [_floats(item) for item in items]
    return float(value) if isinstance(value, Decimal) else value


def _refused(instead: str) -> Read:
    def read(_value: object, _type: ColumnType) -> Constant:
        raise Unfit(instead, "one")

    return read
