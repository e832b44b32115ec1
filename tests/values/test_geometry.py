"""Shapes: what is one, and their forms for other programs."""

import copy
import pickle
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from isomorph import Geometry, LineString, Point, Polygon
from isomorph.errors import InvalidValue
from isomorph.values.geometry import geometry_from_geojson, geometry_from_wkb

pytestmark = pytest.mark.feature("types.values")

finite = st.floats(allow_nan=False, allow_infinity=False)
points = st.builds(Point, finite, finite)
lines = st.builds(LineString, st.lists(points, min_size=2, max_size=4))
polygons = st.lists(
    st.lists(points, min_size=3, max_size=4).map(lambda ring: [*ring, ring[0]]), min_size=1, max_size=3
).map(Polygon)
shapes: st.SearchStrategy[Geometry] = points | lines | polygons

SQUARE = Polygon([[(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)], [(1, 1), (2, 1), (2, 2), (1, 1)]])


# The examples of OGC 06-103r4 and of PostGIS's ST_AsBinary.
BINARY: list[tuple[Geometry, str, str]] = [
    (Point(1, 2), "0101000000000000000000f03f0000000000000040", "POINT (1 2)"),
    (
        LineString([(0, 0), (1, 1)]),
        "01020000000200000000000000000000000000000000000000000000000000f03f000000000000f03f",
        "LINESTRING (0 0, 1 1)",
    ),
    (
        Polygon([[(0, 0), (1, 0), (1, 1), (0, 0)]]),
        "01030000000100000004000000"
        + 2 * 8 * "00"
        + "000000000000f03f"
        + 8 * "00"
        + 2 * "000000000000f03f"
        + 2 * 8 * "00",
        "POLYGON ((0 0, 1 0, 1 1, 0 0))",
    ),
]


@pytest.mark.parametrize(("shape", "binary", "text"), BINARY, ids=[text for _, _, text in BINARY])
def test_the_binary_form_is_that_of_the_standard(shape: Geometry, binary: str, text: str) -> None:
    assert shape.to_wkb().hex() == binary
    assert geometry_from_wkb(bytes.fromhex(binary)) == shape
    assert shape.wkt == text


@given(shapes)
def test_shapes_survive_all_their_forms(shape: Geometry) -> None:
    assert geometry_from_wkb(shape.to_wkb()) == shape
    assert geometry_from_geojson(shape.to_geojson()) == shape
    for twin in (copy.copy(shape), copy.deepcopy(shape), pickle.loads(pickle.dumps(shape)), eval(repr(shape))):
        assert twin == shape
        assert hash(twin) == hash(shape)


def test_either_order_of_bytes_is_read() -> None:
    big = struct.pack(">BIdd", 0, 1, 1.5, -2.5)
    assert geometry_from_wkb(big) == Point(1.5, -2.5)
    assert geometry_from_wkb(struct.pack(">BII4d", 0, 2, 2, 0, 0, 1, 1)) == LineString([(0, 0), (1, 1)])


def test_equal_shapes_are_equal_bytes() -> None:
    assert Point(-0.0, 0) == Point(0, 0)
    assert Point(-0.0, 0).to_wkb() == Point(0, 0).to_wkb()
    assert Point(1, 2) == Point(1.0, 2.0)
    assert Point(1, 2) != Point(2, 1)
    assert Point(1, 2) != (1, 2)


def test_the_parts_of_a_polygon() -> None:
    assert SQUARE.shell == SQUARE.rings[0]
    assert SQUARE.holes == (SQUARE.rings[1],)
    match SQUARE:
        case Polygon((shell, *_)):
            assert len(shell) == 5
        case _:
            pytest.fail("no match")
    match Point(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Point(float("nan"), 0), "finite coordinates"),
        (lambda: Point(0, float("inf")), "finite coordinates"),
        (lambda: Point(10**400, 0), "finite coordinates"),
        (lambda: Point("1", 2), "numbers as coordinates"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        (lambda: Point(True, 2), "numbers as coordinates"),
        (lambda: LineString([(0, 0)]), "at least 2 points"),
        (lambda: LineString([(0, 0), (1, 2, 3)]), "two coordinates"),  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
        (lambda: LineString([(0, 0), 3]), "a Point, or a pair of numbers"),  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
        (lambda: LineString(3), "a list of points"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        (lambda: Polygon([]), "the ring around it"),
        (lambda: Polygon([[(0, 0), (1, 1), (0, 0)]]), "at least 4 points"),
        (lambda: Polygon([[(0, 0), (1, 1), (2, 0), (3, 0)]]), "the first point again at its end"),
        (lambda: Polygon(3), "a list of rings"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ],
)
def test_what_is_no_shape_is_refused(make: Any, told: str) -> None:
    with pytest.raises(InvalidValue) as raised:
        make()
    assert told in str(raised.value)


HEAD = bytes.fromhex("0101000000")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x02",
        HEAD,
        HEAD + bytes(15),
        HEAD + bytes(17),
        bytes.fromhex("0102000000ffffffff"),
        bytes.fromhex("0103000000ffffffff"),
        bytes.fromhex("0103000000010000000200000000000000"),
        bytes.fromhex("0104000000") + bytes(16),  # a multipoint
        bytes.fromhex("01e9030000") + bytes(24),  # a point with a height
        bytes.fromhex("0101000020e6100000") + bytes(16),  # PostGIS's own form, with a reference system
        HEAD + struct.pack("<dd", float("nan"), 0),
    ],
)
def test_bytes_that_are_no_shape_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidValue):
        geometry_from_wkb(data)


def test_a_shape_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Point(1, 2).x = 3  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(AttributeError):
        del SQUARE.rings  # pyright: ignore[reportAttributeAccessIssue]


# --- at the boundary -------------------------------------------------------------------------------------------------


class Place(BaseModel):
    at: Point
    shape: Geometry | None = None


@given(points, st.none() | shapes)
def test_pydantic_reads_and_writes_shapes_as_geojson(at: Point, shape: Geometry | None) -> None:
    found = Place(at=at, shape=shape)
    assert found.model_dump() == {"at": at, "shape": shape}
    assert found.model_dump(mode="json")["at"] == at.to_geojson()
    assert Place.model_validate_json(found.model_dump_json()) == found


def test_the_json_schema_is_that_of_geojson() -> None:
    at = Place.model_json_schema()["properties"]["at"]
    assert at["properties"]["type"]["const"] == "Point"
    assert Place.model_json_schema(mode="serialization") == Place.model_json_schema()


@pytest.mark.parametrize(
    "given_value",
    [
        [1, 2],
        {"type": "Point"},
        {"type": "LineString", "coordinates": [[0, 0], [1, 1]]},
        {"type": "Point", "coordinates": [1]},
        {"type": "Point", "coordinates": [1, float("nan")]},
        LineString([(0, 0), (1, 1)]),
    ],
)
def test_pydantic_refuses_other_shapes(given_value: Any) -> None:
    with pytest.raises(ValidationError):
        Place.model_validate({"at": given_value})
