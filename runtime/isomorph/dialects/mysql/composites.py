"""Sets, networks and shapes as MySQL and MariaDB have them.

A shape travels in the form in which they store it: the number of its reference system, then well-known binary (MySQL 8.0
manual, Internal Geometry Storage Format).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from isomorph.catalog import Kind
from isomorph.errors import InvalidValue
from isomorph.values.geometry import Geometry, geometry_from_wkb

__all__ = ["NETWORK_PATTERNS", "bind_names", "bind_shape", "load_names", "load_shape"]

_ADDRESS = "4:([0-9]{3}[.]){3}[0-9]{3}", "6:([0-9a-f]{4}:){7}[0-9a-f]{4}"
NETWORK_PATTERNS: Mapping[Kind, str] = {
    Kind.INET: f"^({_ADDRESS[0]}|{_ADDRESS[1]})$",
    Kind.CIDR: f"^({_ADDRESS[0]}/[0-9]{{2}}|{_ADDRESS[1]}/[0-9]{{3}})$",
    Kind.MACADDR: "^([0-9a-f]{2}:){5}[0-9a-f]{2}$",
}
"""Regular expressions of the texts of addresses, which both servers read alike."""

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
