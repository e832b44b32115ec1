"""Curves of `python -m benchmarks --scale`: what isomorph takes for more and more rows, and for more and more models."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks import commands, typing_cost
from benchmarks.harness.curve import Curve, Point
from benchmarks.harness.growth import GROWTHS, Growth
from benchmarks.harness.places import place
from benchmarks.harness.rounds import Watcher, WorkerFailed, worker

__all__ = ["MODELS", "ROWS", "checkers", "of_models", "of_rows", "steps"]

_CONTESTANT = "isomorph"
ROWS = (100, 1_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
MODELS = (10, 50, 200, 500, 1_000)
# Nothing larger is tried behind a size that took longer.
_MOST_S = 30.0
# Up to so many models a command is run three times.
_FEW = 200
_MOST: Mapping[str, Mapping[str, float]] = {
    "generate": {"1000": 10.0},
    "generate_unchanged": {"1000": 1.0},
    "make": {"1000": 5.0},
    "make_unchanged": {"1000": 1.0},
    "make_changed": {"1000": 5.0},
}


def steps(dialects: Sequence[str], rows: Sequence[int] = ROWS, models: Sequence[int] = MODELS) -> int:
    """How many turns a watcher will see."""
    return len(dialects) * len(GROWTHS) * len(rows) + len(models) + 1


def of_rows(
    dialects: Iterable[str], folder: Path, seconds: float, watcher: Watcher, sizes: Sequence[int] = ROWS
) -> list[Curve]:
    """Curves over rows, each size in processes of its own.

    Args:
        dialects: on which.
        folder: for files of SQLite.
        seconds: how long a size is repeated.
        watcher: is told what goes on.
        sizes: how many rows, smallest first.
    """
    return [_curve(growth, dialect, folder, seconds, watcher, sizes) for dialect in dialects for growth in GROWTHS]


def _curve(growth: Growth, dialect: str, folder: Path, seconds: float, watcher: Watcher, sizes: Sequence[int]) -> Curve:
    points: list[Point] = []
    stopped = ""
    for size in sizes:
        watcher.doing(f"{dialect}: {growth.name}, {size:,} rows")
        if not stopped:
            try:
                points.append(_point(growth, dialect, folder, seconds, size))
            except WorkerFailed as error:
                stopped = f"{size:,} rows: {error}"
                watcher.wrong(f"{dialect} {growth.name}: {stopped}", error.said)
            else:
                if points[-1].seconds > _MOST_S:
                    stopped = f"{size:,} rows took longer than {_MOST_S:g} s"
        watcher.done()
    return Curve(growth.name, growth.title, dialect, "rows", tuple(points), stopped=stopped)


def _point(growth: Growth, dialect: str, folder: Path, seconds: float, size: int) -> Point:
    where = place(dialect, _CONTESTANT, folder)
    where.anew()
    try:
        task = {"contestant": _CONTESTANT, "place": where.facts(), "name": growth.name, "size": size}
        worker({**task, "prepare": True}, "growth")
        told = json.loads(worker({**task, "seconds": seconds}, "growth"))
    finally:
        where.drop()
    return Point(size, told["seconds"], told["peak"])


def of_models(watcher: Watcher, sizes: Sequence[int] = MODELS) -> list[Curve]:
    """Curves of the `orm` command over models."""
    found: dict[str, list[Point]] = defaultdict(list)
    for size in sizes:
        watcher.doing(f"orm, {size:,} models")
        runs: dict[str, list[Point]] = defaultdict(list)
        for _ in range(3 if size <= _FEW else 1):
            with tempfile.TemporaryDirectory() as folder:
                for name, point in commands.measured(size, Path(folder)):
                    runs[name].append(point)
        for name, points in runs.items():
            seconds = median(point.seconds for point in points)
            found[name].append(Point(size, seconds, max(point.peak for point in points)))
        watcher.done()
    return [
        Curve(name, title, "", "models", tuple(found[name]), _MOST.get(name, {}))
        for name, title in commands.TITLES.items()
    ]


def checkers(models: int, watcher: Watcher) -> list[tuple[str, float, float]]:
    """What mypy and pyright take for a generated package: seconds by the clock and of the processor."""
    watcher.doing(f"mypy and pyright, {models} models")
    with tempfile.TemporaryDirectory() as folder:
        rows = typing_cost.checked(typing_cost.generated(models, Path(folder)))
        found = [(row.name, row.clock, row.processor) for row in rows]
    watcher.done()
    return found
