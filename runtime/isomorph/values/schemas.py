"""How pydantic reads and writes ranges and shapes; imported only when a pydantic model with one is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, get_args

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, SerializationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticSerializationUnexpectedValue, core_schema

from isomorph.values.geometry import LineString, Point, Polygon, Shape
from isomorph.values.ranges import Bounds, Range

__all__ = ["json_schema", "range_schema", "shape_schema"]

V = TypeVar("V")


_Table: TypeAlias = "dict[str, Any]"


def _schema(
    class_: type[V], plain: Callable[[V], _Table], made: Callable[[_Table], V], table: CoreSchema
) -> CoreSchema:
    """A value that is plain data in JSON, and itself in Python.

    Args:
        class_: its class.
        plain: the value as plain data.
        made: the value from plain data.
        table: what the plain data is.
    """

    def read(value: object) -> object:
        return plain(value) if isinstance(value, class_) else value

    def written(value: object, info: SerializationInfo) -> object:
        if not isinstance(value, class_):  # in a union the next one is asked
            raise PydanticSerializationUnexpectedValue(f"expected a {class_.__name__}")
        return plain(value) if info.mode == "json" else value

    return core_schema.no_info_before_validator_function(
        read,
        core_schema.no_info_after_validator_function(made, table),
        serialization=core_schema.plain_serializer_function_ser_schema(written, info_arg=True),
    )


def json_schema(schema: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
    """The JSON Schema of the plain data, read and written alike; `schema` is what the functions below gave."""
    return handler(schema["schema"]["schema"])


# --- ranges ----------------------------------------------------------------------------------------------------------


def range_schema(source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
    """The schema of `Range[T]`: a table of its bounds, each checked as `T`."""
    (bound,) = get_args(source) or (Any,)
    nullable = core_schema.nullable_schema(handler.generate_schema(bound))
    field = core_schema.typed_dict_field
    table = core_schema.typed_dict_schema(
        {
            "lower": field(nullable, required=False),
            "upper": field(nullable, required=False),
            "bounds": field(core_schema.literal_schema(list(get_args(Bounds))), required=False),
            "empty": field(core_schema.bool_schema(), required=False),
        },
        extra_behavior="forbid",
    )
    return _schema(Range, _range_table, _range, table)


def _range(table: _Table) -> Range[Any]:
    return Range(**table)


def _range_table(value: Range[Any]) -> _Table:
    if value.is_empty:
        return {"empty": True}
    return {"lower": value.lower, "upper": value.upper, "bounds": value.bounds}


# --- shapes ----------------------------------------------------------------------------------------------------------


def _pair() -> CoreSchema:
    number = core_schema.float_schema(allow_inf_nan=False)
    return core_schema.tuple_schema([number, number])


def _pairs(least: int) -> CoreSchema:
    return core_schema.list_schema(_pair(), min_length=least)


def _point(coordinates: Any) -> Point:
    return Point(*coordinates)


_COORDINATES: dict[type[Shape], tuple[Callable[[], CoreSchema], Callable[[Any], Shape]]] = {
    Point: (_pair, _point),
    LineString: (lambda: _pairs(2), LineString),
    Polygon: (lambda: core_schema.list_schema(_pairs(4), min_length=1), Polygon),
}
"""By shape, what its coordinates are, and what makes it of them."""


def shape_schema(class_: type[Shape]) -> CoreSchema:
    """The schema of a shape: a GeoJSON geometry."""
    coordinates, make = _COORDINATES[class_]
    field = core_schema.typed_dict_field
    table = core_schema.typed_dict_schema(
        {
            "type": field(core_schema.literal_schema([class_.__name__])),
            "coordinates": field(coordinates()),
        },
        extra_behavior="forbid",
    )

    return _schema(class_, Shape.to_geojson, lambda table: make(table["coordinates"]), table)
