"""What constants of a schema mean for the types whose values are no constants: lists, tables and texts as values.

A default is kept as the schema gives it, so that it can be compared and written into a revision; here it becomes the
value that a column's codec would bind.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from ipaddress import ip_address, ip_network
from typing import Any, cast

from isomorph.catalog import RANGES, SHAPES, ColumnType, Kind
from isomorph.values.geometry import geometry_from_geojson
from isomorph.values.ranges import Range

__all__ = ["GIVEN", "given_value"]

_SCALARS: Mapping[Kind, Callable[[Any], object]] = {
    Kind.DECIMAL: lambda given: Decimal(str(given)),
    Kind.REAL: float,
    Kind.DOUBLE: float,
    Kind.BYTES: lambda given: given if isinstance(given, bytes) else str(given).encode(),
    Kind.DATE: lambda given: given if isinstance(given, dt.date) else dt.date.fromisoformat(given),
    Kind.TIME: lambda given: given if isinstance(given, dt.time) else dt.time.fromisoformat(given),
    Kind.DATETIME: lambda given: given if isinstance(given, dt.datetime) else dt.datetime.fromisoformat(given),
    Kind.TIMESTAMPTZ: lambda given: given if isinstance(given, dt.datetime) else dt.datetime.fromisoformat(given),
    Kind.UUID: lambda given: uuid.UUID(str(given)),
}


def _scalar(type_: ColumnType, given: object) -> object:
    make = _SCALARS.get(type_.kind)
    return given if make is None or given is None else make(given)


def _array(type_: ColumnType, given: object) -> object:
    assert type_.item is not None  # it is an array
    item = type_.item
    return [_scalar(item, part) for part in cast("Sequence[object]", given)]


def _range(type_: ColumnType, given: object) -> object:
    table = cast("Mapping[str, Any]", given)
    bound = ColumnType(RANGES[type_.kind])
    lower, upper = (_scalar(bound, table.get(name)) for name in ("lower", "upper"))
    return Range[Any](cast(Any, lower), cast(Any, upper), table.get("bounds", "[)"), empty=table.get("empty", False))


GIVEN: Mapping[Kind, Callable[[ColumnType, object], object]] = {
    Kind.ARRAY: _array,
    Kind.SET: lambda _, given: given,
    Kind.INET: lambda _, given: ip_address(cast(str, given)),
    Kind.CIDR: lambda _, given: ip_network(cast(str, given)),
    **dict.fromkeys(RANGES, _range),
    **dict.fromkeys(SHAPES, lambda _, given: geometry_from_geojson(cast("Mapping[str, Any]", given))),
}
"""The kinds whose values are no constants, and what makes a value of what a schema gives."""


def given_value(type_: ColumnType, given: object) -> object:
    """The value that a constant means for a type.

    Raises:
        ValueError: none; InvalidValue is one.
    """
    return GIVEN[type_.kind](type_, given)
