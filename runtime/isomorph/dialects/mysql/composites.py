"""Sets and shapes as MySQL and MariaDB have them.

A shape travels in the form in which they store it: the number of its reference system, then well-known binary (MySQL 8.0
manual, Internal Geometry Storage Format).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from isomorph.errors import InvalidValue
from isomorph.values.geometry import Geometry, geometry_from_wkb

__all__ = ["bind_names", "bind_shape", "load_names", "load_shape"]

_PLANE = bytes(4)
"""The reference system of shapes in the plane."""


def bind_names(value: object) -> str:
    """The names of a set, in the order of the enum."""
    return ",".join(cast("Sequence[str]", value))


def load_names(value: object) -> list[str]:
    """The names of a set from their text."""
    return cast(str, value).split(",") if value else []


def bind_shape(value: object) -> bytes:
    """A shape in the form in which it is stored."""
    return _PLANE + cast(Geometry, value).to_wkb()


def load_shape(value: object) -> Geometry:
    """A shape from the form in which it is stored.

    Raises:
        InvalidValue: it is of a reference system other than the plane.
    """
    stored = cast(bytes, value)
    if not stored.startswith(_PLANE):
        raise InvalidValue("a shape in the database", "one in the plane (SRID 0)", "one of another reference system")
    return geometry_from_wkb(stored[len(_PLANE) :])
