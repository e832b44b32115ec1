"""How cost grows with size: points of time and memory, and the power of the size that they follow."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["STEEP", "Check", "Curve", "Point", "Scale", "exponent"]

# Linear growth, measured, comes out between 0.9 and 1.1.
STEEP = 1.15


@dataclass(frozen=True, slots=True)
class Point:
    """What one size costs.

    Args:
        size: rows or models.
        seconds: the median of the runs.
        peak: bytes that the process grew by at its highest; of a command, all that it held.
    """

    size: int
    seconds: float
    peak: int


@dataclass(frozen=True, slots=True)
class Curve:
    """One kind of work over sizes.

    Args:
        unit: what the size counts: `rows` or `models`.
        points: in the order of their sizes.
        most: by size, how many seconds it may take; sizes that are not named may take any.
        stopped: why the sizes behind the last point were not measured.
    """

    name: str
    title: str
    dialect: str
    unit: str
    points: tuple[Point, ...]
    most: Mapping[str, float] = field(default_factory=dict[str, float])
    stopped: str = ""

    def time_exponent(self) -> float | None:
        """To which power of the size the time grows."""
        return exponent([(point.size, point.seconds) for point in self.points])

    def memory_exponent(self) -> float | None:
        """The same of memory."""
        return exponent([(point.size, point.peak) for point in self.points])

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> Curve:
        """What was written."""
        fields: dict[str, Any] = {**told, "points": tuple(Point(**point) for point in told["points"])}
        return cls(**fields)


def exponent(points: Sequence[tuple[float, float]]) -> float | None:
    """The slope of a line through the logarithms, by least squares.

    Only of the larger sizes, above the geometric middle: what every run costs, however small, would make the rest look flat.

    Returns:
        None where there are not three sizes to see it by.
    """
    if not points:
        return None
    middle = math.sqrt(points[0][0] * points[-1][0])
    found = [(math.log(size), math.log(cost)) for size, cost in points if size >= middle * 0.999 and cost > 0]
    if len(found) < 3:
        return None
    across = sum(x for x, _ in found) / len(found)
    up = sum(y for _, y in found) / len(found)
    return sum((x - across) * (y - up) for x, y in found) / sum((x - across) ** 2 for x, _ in found)


@dataclass(frozen=True, slots=True)
class Check:
    """What a type checker takes for a generated package, cold: seconds by the clock and of the processor."""

    name: str
    models: int
    clock: float
    processor: float


@dataclass(slots=True)
class Scale:
    """All curves of a run, as they are kept in a JSON file.

    Args:
        checkers: what type checkers take, smallest package first.
    """

    machine: dict[str, str] = field(default_factory=dict[str, str])
    run: dict[str, Any] = field(default_factory=dict[str, Any])
    curves: list[Curve] = field(default_factory=list[Curve])
    checkers: list[Check] = field(default_factory=list[Check])

    def write(self, path: Path) -> None:
        """Keep it in a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")

    @classmethod
    def read(cls, path: Path) -> Scale:
        """What was written."""
        told: dict[str, Any] = json.loads(path.read_text())
        fields: dict[str, Any] = {
            **told,
            "curves": [Curve.of_json(curve) for curve in told["curves"]],
            "checkers": [Check(**check) for check in told["checkers"]],
        }
        return cls(**fields)
