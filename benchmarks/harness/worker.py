"""One contestant at work in a process of its own: `python -m benchmarks.harness.worker`, told what to do on its input.

Reads a JSON object with `contestant` and what it has to do:

- `describe`: writes what the contestant says of itself.
- `place` and `prepare` (names of tables, or true for all): makes and fills its tables.
- `place`, `workloads` (names) and `seconds`, how long to repeat each of them: writes one JSON line for each.
- `place`, `workloads`, `seconds` and `profile`, the path of an HTML page: writes the profiles there.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
import tracemalloc
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, cast

from benchmarks.harness import filling
from benchmarks.harness.contestant import Contestant, contestant_of
from benchmarks.harness.data import TABLES, USERS
from benchmarks.harness.facts import facts_of
from benchmarks.harness.memory import grown
from benchmarks.harness.places import Place
from benchmarks.harness.workload import Measure, Workload, digest, workloads

__all__ = ["main", "prepare", "seen"]

_LEAST, _MOST = 3, 50
# What takes long is not repeated for the sake of numbers that hardly differ: so many times the seconds it was given, what
# brings it about counted in.
_PATIENCE = 5
# Of what takes longer, the first run is the only one: what warms up is nothing beside it.
_LONG_S = 2.0


def prepare(contestant: Contestant, tables: Mapping[str, int | None]) -> None:
    """Make all tables, and fill those that are named with so many rows; None for all of theirs."""
    contestant.create()
    for name, number in tables.items():
        rows = TABLES[name].rows(number)
        if name in filling.LARGE:
            filling.fill(contestant.place, name, rows)
        else:
            contestant.fill(name, rows)


def seen(contestant: Contestant, workload: Workload) -> str:
    """Run once; the checksum of what all contestants must have in common."""
    state = workload.before(contestant)
    return digest(workload.seen(contestant, workload.run(contestant, state)))


def _once(contestant: Contestant, workload: Workload) -> tuple[float, object]:
    """Seconds of a run, and what it gave."""
    state = workload.before(contestant)
    gc.collect()
    start = time.perf_counter()
    result = workload.run(contestant, state)
    return time.perf_counter() - start, result


def _timed(contestant: Contestant, workload: Workload, seconds: float) -> dict[str, Any]:
    """The checksum of a first run, and seconds of each of those behind it; of the first one, where that takes long."""
    first, result = _once(contestant, workload)
    checksum = digest(workload.seen(contestant, result))
    del result
    if first > _LONG_S:
        return {"checksum": checksum, "runs": [first]}
    runs, spent, start, most = list[float](), 0.0, time.perf_counter(), seconds * _PATIENCE
    while len(runs) < _MOST:
        took, result = _once(contestant, workload)
        del result
        runs.append(took)
        spent += took
        if spent > most or (len(runs) >= _LEAST and (spent > seconds or time.perf_counter() - start > most)):
            break
    return {"checksum": checksum, "runs": runs}


def _held(contestant: Contestant, workload: Workload) -> dict[str, Any]:
    """The checksum of a run, and how many bytes its result holds."""
    state = workload.before(contestant)
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    result = workload.run(contestant, state)
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return {"checksum": digest(workload.seen(contestant, result)), "runs": [after - before]}


def _measured(contestant: Contestant, workload: Workload, seconds: float) -> dict[str, Any]:
    match workload.measure:
        case Measure.TIME | Measure.PROCESS:
            return _timed(contestant, workload, seconds)
        case Measure.MEMORY:
            return _held(contestant, workload)
        case Measure.PEAK:
            # First of all: what a run before it had grown by would not be seen.
            state, given = workload.before(contestant), list[object]()
            peak = grown(lambda: given.append(workload.run(contestant, state)))
            return {"checksum": digest(workload.seen(contestant, given[0])), "runs": [peak]}
        case Measure.RESIDENT:
            held = cast(int, workload.run(contestant, workload.before(contestant)))
            return {"checksum": digest(workload.seen(contestant, held)), "runs": [held]}


def _profiled(contestant: Contestant, workload: Workload, seconds: float, page: Path) -> None:
    """Repeat a workload under a profiler, which sees nothing else; the profile as text, and as a page."""
    from pyinstrument import Profiler  # noqa: PLC0415 - only who profiles needs it

    seen(contestant, workload)
    profiler = Profiler(interval=0.0002)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        state = workload.before(contestant)
        with profiler:
            workload.run(contestant, state)
    page.write_text(profiler.output_html())
    print(profiler.output_text(color=False, show_all=False))


def _work(task: dict[str, Any]) -> None:
    # Closed whatever happens: the thread of a driver that is left open would keep the process alive.
    with closing(contestant_of(task["contestant"])(Place(**task["place"]))) as contestant:
        tables = task.get("prepare")
        if tables is not None:
            # In the order in which tables point to each other.
            prepare(contestant, {name: None for name in TABLES if tables is True or name in tables})
        else:
            known = workloads()
            for name in task["workloads"]:
                _cleared(contestant)
                if page := task.get("profile"):
                    _profiled(contestant, known[name], task["seconds"], Path(page))
                else:
                    result = _measured(contestant, known[name], task["seconds"])
                    print(json.dumps({"workload": name, **result}), flush=True)
            _cleared(contestant)
            print(json.dumps({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}), flush=True)


def _cleared(contestant: Contestant) -> None:
    """Take away what a workload has written."""
    contestant.clear("users", USERS)


def main() -> None:
    """Do what the input says."""
    task = json.load(sys.stdin)
    if task.get("describe"):
        print(json.dumps(facts_of(task["contestant"]).as_json()))
    else:
        _work(task)


if __name__ == "__main__":
    main()
