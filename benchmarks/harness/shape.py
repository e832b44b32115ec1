"""What a generated package costs by its shape, in a process of its own: `python -m benchmarks.harness.shape`.

Started in the folder of a package of `benchmarks.shapes`, with BENCHMARK_URL for its database. Reads a JSON object with
`unit` (`columns` or `relations`) and `size`; writes, as one line of JSON, seconds and bytes by what was done.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from statistics import median
from typing import Any

from benchmarks.harness.memory import grown
from isomorph.migrate import State
from isomorph.migrate.planning import steps
from isomorph_generator.migrations.autodetector import detect

__all__ = ["HUBS", "LEAVES", "MODELS", "PACKAGE", "ROWS", "main"]

PACKAGE = "shaped"
# So many models have the columns; the one that has the relations is beside those that it has them to.
MODELS, ROWS = 10, 500
HUBS, LEAVES = 20, 100
_RUNS = 5


def _imported(names: list[str]) -> list[Any]:
    """The models themselves: the package imports each when it is first used."""
    package = import_module(PACKAGE)
    return [getattr(package, name) for name in names]


def _create(db: Any) -> None:
    connection = db.connection()
    for step in steps(detect(State(), State.of_catalog(db.catalog)), connection.dialect, State()):
        for statement in step.statements:
            connection.execute(statement)


def _cost(work: Callable[[], object]) -> tuple[float, int]:
    """Seconds of the median of some runs, and bytes that the first one grew by."""
    peak, runs = grown(work), list[float]()
    for _ in range(_RUNS):
        gc.collect()
        start = time.perf_counter()
        work()
        runs.append(time.perf_counter() - start)
    return median(runs), peak


def _of_columns(models: list[Any], size: int) -> dict[str, tuple[float, int]]:
    """Rows of the first model, whose columns are c0, c1 and so on: texts and integers in turns."""
    first = models[0]
    rows = [{f"c{n}": f"value {n}" if n % 2 else n for n in range(size)} for _ in range(ROWS)]

    def inserted() -> None:
        first.query().delete(all_rows=True)
        first.insert_many(rows)

    inserting = _cost(inserted)
    return {"insert_many": inserting, "fetch": _cost(lambda: first.query().get())}


def _of_relations(models: list[Any], size: int) -> dict[str, tuple[float, int]]:
    """A query of hubs that includes all of their relations."""
    hub, *leaves = models
    hubs = hub.insert_many([{"name": f"hub {n}"} for n in range(HUBS)])
    for leaf in leaves:
        leaf.insert_many([{"name": f"leaf {n}", "hub_id": hubs[n % HUBS].id} for n in range(LEAVES)])

    def included() -> None:
        query = hub.query()
        for n in range(size):
            query = query.include(getattr(hub, f"leaves{n}"))
        query.get()

    return {"include": _cost(included)}


def main() -> None:
    """Do what the input says."""
    task = json.load(sys.stdin)
    unit, size = task["unit"], task["size"]
    columns = unit == "columns"
    names = [f"M{n}" for n in range(MODELS)] if columns else ["Hub", *(f"Leaf{n}" for n in range(size))]
    models = list[Any]()
    start = time.perf_counter()
    peak = grown(lambda: models.extend(_imported(names)))
    found = {"import": (time.perf_counter() - start, peak)}
    with import_module(PACKAGE).db as db:
        _create(db)
        found |= (_of_columns if columns else _of_relations)(models, size)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
