"""Shapes in the plane, and their binary form: well-known binary (OGC 06-103r4, section 8), which every database reads.

Owns what is a shape: finite coordinates, lines of at least two points, rings that end where they begin. Whether a
polygon makes sense on a map (rings that cross, areas of nothing) is not asked, as databases do not ask either.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias, cast

from isomorph.errors import InvalidValue
from isomorph.values.base import Value

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

__all__ = ["Geometry", "LineString", "Point", "Polygon", "Shape", "geometry_from_geojson", "geometry_from_wkb"]

_LEAST_ON_LINE: Final = 2
_LEAST_ON_RING: Final = 4


class Shape(Value):
    """What shapes share: their forms for other programs."""

    __slots__ = ()

    wkb_type: ClassVar[int]

    def to_wkb(self) -> bytes:
        """Well-known binary, little-endian; equal shapes give equal bytes."""
        return struct.pack("<BI", 1, self.wkb_type) + self._body()

    def to_geojson(self) -> dict[str, Any]:
        """A GeoJSON geometry (RFC 7946): `{"type": "Point", "coordinates": [1.0, 2.0]}`."""
        return {"type": type(self).__name__, "coordinates": self._coordinates()}

    @property
    def wkt(self) -> str:
        """Well-known text: `POINT (1 2)`."""
        return f"{type(self).__name__.upper()} {self._text()}"

    def __reduce__(self) -> tuple[object, ...]:
        return geometry_from_wkb, (self.to_wkb(),)

    def _body(self) -> bytes:
        raise NotImplementedError

    def _coordinates(self) -> list[Any]:
        raise NotImplementedError

    def _text(self) -> str:
        raise NotImplementedError

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Inputs take the shape as a GeoJSON geometry, and are written so."""
        from isomorph.values.schemas import shape_schema  # noqa: PLC0415 - pydantic is for those who validate

        return shape_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        from isomorph.values.schemas import json_schema  # noqa: PLC0415 - as above

        return json_schema(schema, handler)


class Point(Shape):
    """A point of the plane: `Point(13.4, 52.5)`, x (or longitude) first.

    Raises:
        InvalidValue: a coordinate that is no finite number.
    """

    __slots__ = ()
    __match_args__ = ("x", "y")

    wkb_type: ClassVar[int] = 1

    def __init__(self, x: float, y: float) -> None:
        self._set(_coordinate(x), _coordinate(y))

    @property
    def x(self) -> float:
        """How far to the right, or the longitude."""
        return cast("float", self._parts[0])

    @property
    def y(self) -> float:
        """How far up, or the latitude."""
        return cast("float", self._parts[1])

    def __repr__(self) -> str:
        return f"Point({self.x!r}, {self.y!r})"

    def _body(self) -> bytes:
        return struct.pack("<dd", self.x, self.y)

    def _coordinates(self) -> list[Any]:
        return [self.x, self.y]

    def _text(self) -> str:
        return f"({_pair(self)})"


PointLike: TypeAlias = "Point | tuple[float, float]"
"""A point, or its coordinates."""


class LineString(Shape):
    """A line through points: `LineString([(0, 0), (1, 1)])`.

    Raises:
        InvalidValue: fewer than two points, or what is none.
    """

    __slots__ = ()
    __match_args__ = ("points",)

    wkb_type: ClassVar[int] = 2

    def __init__(self, points: Iterable[PointLike]) -> None:
        self._set(*_points("LineString", points, _LEAST_ON_LINE))

    @property
    def points(self) -> tuple[Point, ...]:
        """Its points, two or more."""
        return self._parts

    def __repr__(self) -> str:
        return f"LineString({list(self.points)!r})"

    def _body(self) -> bytes:
        return _packed(self.points)

    def _coordinates(self) -> list[Any]:
        return _lists(self.points)

    def _text(self) -> str:
        return f"({', '.join(map(_pair, self.points))})"


class Polygon(Shape):
    """An area: the ring around it, and one ring for each hole. `Polygon([[(0, 0), (4, 0), (4, 4), (0, 0)]])`.

    Raises:
        InvalidValue: no ring, a ring of fewer than four points, or one that does not end where it begins.
    """

    __slots__ = ()
    __match_args__ = ("rings",)

    wkb_type: ClassVar[int] = 3

    def __init__(self, rings: Iterable[Iterable[PointLike]]) -> None:
        if not isinstance(rings, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue("Polygon", "a list of rings", type(rings).__name__)
        made = tuple(_points("a ring of a Polygon", ring, _LEAST_ON_RING) for ring in rings)
        if not made:
            raise InvalidValue("Polygon", "the ring around it", "no ring")
        if any(ring[0] != ring[-1] for ring in made):
            raise InvalidValue("a ring of a Polygon", "the first point again at its end", "another")
        self._set(*made)

    @property
    def rings(self) -> tuple[tuple[Point, ...], ...]:
        """Its rings, the one around it first."""
        return self._parts

    @property
    def shell(self) -> tuple[Point, ...]:
        """The ring around it."""
        return self.rings[0]

    @property
    def holes(self) -> tuple[tuple[Point, ...], ...]:
        """The rings of its holes."""
        return self.rings[1:]

    def __repr__(self) -> str:
        return f"Polygon({[list(ring) for ring in self.rings]!r})"

    def _body(self) -> bytes:
        return struct.pack("<I", len(self.rings)) + b"".join(map(_packed, self.rings))

    def _coordinates(self) -> list[Any]:
        return [_lists(ring) for ring in self.rings]

    def _text(self) -> str:
        return f"({', '.join('(' + ', '.join(map(_pair, ring)) + ')' for ring in self.rings)})"


Geometry: TypeAlias = Point | LineString | Polygon
"""Any of the shapes."""


# --- parts -----------------------------------------------------------------------------------------------------------


def _coordinate(number: object) -> float:
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise InvalidValue("Point", "numbers as coordinates", type(number).__name__)
    try:
        found = float(number)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise InvalidValue("Point", "finite coordinates", "NaN or infinity")
    return found + 0.0  # of two equal zeros only one has a sign


def _points(where: str, points: Iterable[PointLike], least: int) -> tuple[Point, ...]:
    if not isinstance(points, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValue(where, "a list of points", type(points).__name__)
    found = tuple(point if isinstance(point, Point) else _point(point) for point in points)
    if len(found) < least:
        raise InvalidValue(where, f"at least {least} points", f"{len(found)}")
    return found


def _point(pair: object) -> Point:
    if not isinstance(pair, Sequence) or isinstance(pair, str | bytes):
        raise InvalidValue("Point", "a Point, or a pair of numbers", type(pair).__name__)
    coordinates = cast("Sequence[float]", pair)
    if len(coordinates) != 2:
        raise InvalidValue("Point", "two coordinates", f"{len(coordinates)}")
    return Point(coordinates[0], coordinates[1])


def _packed(points: tuple[Point, ...]) -> bytes:
    flat = [number for point in points for number in (point.x, point.y)]
    return struct.pack(f"<I{len(flat)}d", len(points), *flat)


def _lists(points: tuple[Point, ...]) -> list[list[float]]:
    return [[point.x, point.y] for point in points]


def _pair(point: Point) -> str:
    return f"{point.x:.17g} {point.y:.17g}"


# --- reading ---------------------------------------------------------------------------------------------------------


def geometry_from_geojson(table: Mapping[str, Any]) -> Geometry:
    """The shape that a GeoJSON geometry says.

    Raises:
        InvalidValue: it says none, or one of another type.
    """
    coordinates = table.get("coordinates")
    match table.get("type"):
        case "Point":
            return _point(coordinates)
        case "LineString":
            return LineString(cast(Any, coordinates))
        case "Polygon":
            return Polygon(cast(Any, coordinates))
        case _:
            raise InvalidValue("GeoJSON", "a Point, LineString or Polygon", "another type")


def geometry_from_wkb(data: bytes) -> Geometry:
    """The shape that well-known binary says, in either order of bytes.

    Raises:
        InvalidValue: it says none: cut short, of another type, with a height, a measure or a reference system.
    """
    try:
        return _Reader(data).shape()
    except struct.error:
        pass
    raise InvalidValue("well-known binary", "a whole shape", f"{len(data)} bytes of none")


class _Reader:
    """Reads through bytes once; struct.error where they end too early."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._order = "<"

    def shape(self) -> Geometry:
        (order,) = self._take("B")
        if order not in (0, 1):
            raise InvalidValue("well-known binary", "an order of bytes, 0 or 1", "another number")
        self._order = "<" if order else ">"
        (type_,) = self._take("I")
        shape: Geometry
        match type_:
            case 1:
                shape = Point(*self._take("dd"))
            case 2:
                shape = LineString(self._points())
            case 3:
                shape = Polygon([self._points() for _ in range(self._count(4))])
            case _:
                raise InvalidValue("well-known binary", "a point, linestring or polygon of the plane", f"type {type_}")
        if self._at != len(self._data):
            raise InvalidValue("well-known binary", "one shape", "more behind it")
        return shape

    def _points(self) -> list[Point]:
        count = self._count(16)
        flat = self._take(f"{2 * count}d")
        return [Point(flat[at], flat[at + 1]) for at in range(0, len(flat), 2)]

    def _count(self, size_bytes: int) -> int:
        """How many parts follow; checked against what is left, before memory is taken for them."""
        (count,) = self._take("I")
        if count * size_bytes > len(self._data) - self._at:
            raise struct.error
        return int(count)

    def _take(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(f"{self._order}{form}", self._data, self._at)
        self._at += struct.calcsize(f"{self._order}{form}")
        return found
