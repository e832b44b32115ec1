"""Curves of `python -m benchmarks --scale`: what isomorph takes for more and more rows, models, columns and relations."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks import commands, shapes, typing_cost
from benchmarks.harness.curve import Check, Curve, Point
from benchmarks.harness.filling import analyze
from benchmarks.harness.growth import GROWTHS, Growth
from benchmarks.harness.places import place
from benchmarks.harness.rounds import Watcher, WorkerFailed, worker

__all__ = ["CHECKED", "MODELS", "ROWS", "checkers", "of_models", "of_rows", "of_shapes", "steps"]

_CONTESTANT = "isomorph"
ROWS = (100, 1_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
# On servers, where most of the time is theirs, so many at most.
_MOST_ON_SERVERS = 100_000
MODELS = (10, 50, 200, 500, 1_000)
CHECKED = (50, 200, 1_000)
# Nothing larger is tried behind a size that took longer.
_MOST_S = 30.0
_MOST_CHECK_S = 90.0
# Up to so many models a command is run three times, and all that is done with columns and relations.
_FEW, _TIMES = 200, 3
_MOST: Mapping[str, Mapping[str, float]] = {
    "generate": {"1000": 10.0},
    "generate_unchanged": {"1000": 1.0},
    "make": {"1000": 5.0},
    "make_unchanged": {"1000": 1.0},
    "make_changed": {"1000": 5.0},
}


def steps(dialects: Sequence[str]) -> int:
    """How many turns a watcher will see."""
    rows = sum(len(_rows(dialect)) for dialect in dialects)
    return rows * len(GROWTHS) + len(MODELS) + sum(map(len, shapes.SIZES.values())) + len(CHECKED)


def _rows(dialect: str) -> tuple[int, ...]:
    return ROWS if dialect == "sqlite" else tuple(size for size in ROWS if size <= _MOST_ON_SERVERS)


def of_rows(
    dialects: Iterable[str], folder: Path, seconds: float, watcher: Watcher, sizes: Sequence[int] | None = None
) -> list[Curve]:
    """Curves over rows, each size in processes of its own.

    Args:
        dialects: on which.
        folder: for files of SQLite.
        seconds: how long a size is repeated.
        watcher: is told what goes on.
        sizes: how many rows, smallest first; None for the usual ones of each dialect.
    """
    return [
        _curve(growth, dialect, folder, seconds, watcher, sizes or _rows(dialect))
        for dialect in dialects
        for growth in GROWTHS
    ]


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
                if points[-1].seconds > _MOST_S and size != sizes[-1]:
                    stopped = f"{size:,} rows took longer than {_MOST_S:g} s"
        watcher.done()
    return Curve(growth.name, growth.title, dialect, "rows", tuple(points), stopped=stopped)


def _point(growth: Growth, dialect: str, folder: Path, seconds: float, size: int) -> Point:
    where = place(dialect, _CONTESTANT, folder)
    where.anew()
    try:
        task = {"contestant": _CONTESTANT, "place": where.facts(), "name": growth.name, "size": size}
        worker({**task, "prepare": True}, "growth")
        analyze(where, growth.tables(size))
        told = json.loads(worker({**task, "seconds": seconds}, "growth"))
    finally:
        where.drop()
    return Point(size, told["seconds"], told["peak"])


def of_models(watcher: Watcher, sizes: Sequence[int] = MODELS) -> list[Curve]:
    """Curves of the `orm` command over models."""
    found: dict[str, list[Point]] = defaultdict(list)
    for size in sizes:
        watcher.doing(f"orm, {size:,} models")
        for name, point in _median(_TIMES if size <= _FEW else 1, partial(commands.measured, size)):
            found[name].append(point)
        watcher.done()
    return [
        Curve(name, title, "", "models", tuple(found[name]), _MOST.get(name, {}))
        for name, title in commands.TITLES.items()
    ]


def _median(times: int, measured: Callable[[Path], Iterable[tuple[str, Point]]]) -> Iterator[tuple[str, Point]]:
    """Measure so many times, each in a folder of its own: the median of seconds, and the most memory."""
    runs: dict[str, list[Point]] = defaultdict(list)
    for _ in range(times):
        with tempfile.TemporaryDirectory() as folder:
            for name, point in measured(Path(folder)):
                runs[name].append(point)
    for name, points in runs.items():
        seconds = median(point.seconds for point in points)
        yield name, Point(points[0].size, seconds, max(point.peak for point in points))


def of_shapes(watcher: Watcher, sizes: Mapping[str, Sequence[int]] = shapes.SIZES) -> list[Curve]:
    """Curves over columns of a model, and over relations of one."""
    found: dict[tuple[str, str], list[Point]] = defaultdict(list)
    for unit in sizes:
        for size in sizes[unit]:
            watcher.doing(f"{size:,} {unit}")
            for name, point in _median(_TIMES, partial(shapes.measured, unit, size)):
                found[unit, name].append(point)
            watcher.done()
    return [
        Curve(name, title, "", unit, tuple(found[unit, name]))
        for unit in sizes
        for name, title in shapes.TITLES[unit].items()
    ]


def checkers(watcher: Watcher, sizes: Sequence[int] = CHECKED) -> list[Check]:
    """What mypy and pyright take for a generated package; none is tried on a size that would take it too long."""
    found: list[Check] = []
    slow: set[str] = set()
    for models, larger in zip(sizes, [*sizes[1:], 0], strict=True):
        watcher.doing(f"mypy and pyright, {models:,} models")
        with tempfile.TemporaryDirectory() as folder:
            package = typing_cost.generated(models, Path(folder))
            for cost in typing_cost.checked(package, slow):
                found.append(Check(cost.name, models, cost.clock, cost.processor))
                if cost.clock * larger / models > _MOST_CHECK_S:
                    slow.add(cost.name)
        watcher.done()
    return found
