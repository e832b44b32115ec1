"""Values that Python has no class for: ranges and shapes; and the canonical texts of network addresses.

Owns what such a value is, whatever the database: immutable, equal by what it says, copied and pickled as plain data.
Knows no column and no dialect.
"""

from __future__ import annotations

from isomorph.values.geometry import Geometry, LineString, Point, Polygon
from isomorph.values.ranges import Range

__all__ = ["Geometry", "LineString", "Point", "Polygon", "Range"]
