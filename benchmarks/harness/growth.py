"""One size of a curve over rows, measured in a process of its own: `python -m benchmarks.harness.growth`.

Reads a JSON object with `contestant`, `place`, `name` (of what is measured), `size` and either `prepare`, which makes the
tables and fills them, or `seconds`, how long to repeat it. Writes one JSON line.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.harness.contestant import contestant_of
from benchmarks.harness.data import TABLES
from benchmarks.harness.memory import grown
from benchmarks.harness.places import Place
from benchmarks.harness.worker import prepare

__all__ = ["GROWTHS", "Growth", "main"]

_MOST = 5


@dataclass(frozen=True, slots=True)
class Growth:
    """Work of any size.

    Args:
        tables: how many rows of which tables it needs, for a size.
        before: brings the tables to where they were and the input to hand, before each run; is given contestant and size.
        run: does it; is given contestant and input.
    """

    name: str
    title: str
    run: Callable[[Any, Any], object]
    tables: Callable[[int], Mapping[str, int]] = lambda _: {}
    before: Callable[[Any, int], object] = lambda _contestant, _size: None


def _new(contestant: Any, size: int) -> list[tuple[Any, ...]]:
    """Rows without keys, for a table that is empty."""
    contestant.clear("users", 0)
    return [row[1:] for row in TABLES["users"].rows(size)]


def _half(contestant: Any, size: int) -> list[tuple[Any, ...]]:
    """The same, for a table that has half of them, with another score."""
    rows = _new(contestant, size)
    contestant.fill("users", [(*row[:4], -1.0, row[5]) for row in TABLES["users"].rows(size // 2)])
    return rows


GROWTHS = [
    Growth(
        name="fetch",
        title="rows into objects",
        tables=lambda size: {"users": size},
        run=lambda contestant, _: contestant.narrow(),
    ),
    Growth(
        name="include",
        title="authors with posts with comments; the size is that of the comments",
        tables=lambda size: {"authors": max(1, size // 100), "posts": max(1, size // 10), "comments": size},
        run=lambda contestant, _: contestant.nested(),
    ),
    Growth(
        name="insert_many",
        title="bulk insert, with keys back",
        before=_new,
        run=lambda contestant, rows: contestant.insert_many(rows),
    ),
    Growth(
        name="upsert",
        title="upsert, half of the rows there already",
        before=_half,
        run=lambda contestant, rows: contestant.upsert(rows),
    ),
]


def _measured(contestant: Any, growth: Growth, size: int, seconds: float) -> dict[str, Any]:
    """Memory of the first run, seconds of those behind it; where that one takes long, of itself."""
    state: list[object] = [growth.before(contestant, size)]
    start = time.perf_counter()
    # What the input holds while it is worked on is no growth; nor is what the work gives, once it is done.
    peak = grown(lambda: growth.run(contestant, state[0]))
    spent = time.perf_counter() - start
    runs: list[float] = [spent] if spent > seconds * _MOST else []
    spent = 0.0
    while not runs or (spent < seconds and len(runs) < _MOST):
        state[0] = growth.before(contestant, size)
        gc.collect()
        start = time.perf_counter()
        result = growth.run(contestant, state[0])
        runs.append(time.perf_counter() - start)
        del result
        spent += runs[-1]
    return {"seconds": median(runs), "peak": peak}


def main() -> None:
    """Do what the input says."""
    task = json.load(sys.stdin)
    growth = {growth.name: growth for growth in GROWTHS}[task["name"]]
    contestant = contestant_of(task["contestant"])(Place(**task["place"]))
    if task.get("prepare"):
        prepare(contestant, growth.tables(task["size"]))
    else:
        print(json.dumps(_measured(contestant, growth, task["size"], task["seconds"])))
    contestant.close()


if __name__ == "__main__":
    main()
