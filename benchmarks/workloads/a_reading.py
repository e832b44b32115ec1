"""Rows into objects, tuples and dictionaries."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

from benchmarks.harness.contestant import Contestant
from benchmarks.harness.data import EVENTS, READINGS, TABLES, USERS, scaled
from benchmarks.harness.workload import Aim, Measure, Workload, rows_of

__all__ = ["WORKLOADS"]

_GROUP = "Reading"
_KEYS = random.Random(1).sample(range(1, USERS + 1), scaled(1_000))
_AGES = random.Random(2).choices(range(18, 80), k=scaled(100))
_THREADS = 8
_USER = TABLES["users"].columns
_EVENT = TABLES["events"].columns
_OBJECTS = scaled(100_000)

_POINT = {"sqlite": Aim(extra_us=2), "": Aim(1.25)}
_FETCH = {"": Aim(1.15)}


def _attributes(_: Any, items: list[Any]) -> int:
    total = 0
    for item in items:
        total += item.age
        item.age = 1
        if item.active:
            total += len(item.name)
    return total


def _tuples(rows: Iterable[Iterable[Any]]) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in rows]


def _kept(contestant: Contestant, items: Any) -> list[object]:
    return [len(items), *rows_of(contestant, items[:100], TABLES["readings"].columns)]


WORKLOADS = [
    Workload(
        name="get_by_key",
        title="Get 1,000 rows by key, one by one",
        group=_GROUP,
        tables=("users",),
        run=lambda contestant, _: contestant.get_by_key(_KEYS),
        seen=lambda contestant, users: rows_of(contestant, users, _USER),
        operations=len(_KEYS),
        unit="statement",
        aims=_POINT,
    ),
    Workload(
        name="filter_limit",
        title="Three conditions, an order, the first 50 rows; 100 times",
        group=_GROUP,
        tables=("users",),
        run=lambda contestant, _: contestant.filter_limit(_AGES),
        seen=lambda contestant, pages: [rows_of(contestant, page, _USER) for page in pages],
        operations=len(_AGES),
        unit="statement",
        aims=_POINT,
    ),
    Workload(
        name="narrow",
        title="20,000 narrow rows into objects",
        group=_GROUP,
        tables=("users",),
        run=lambda contestant, _: contestant.narrow(),
        seen=lambda contestant, users: sorted(rows_of(contestant, users, _USER)),
        operations=USERS,
        unit="row",
        aims=_FETCH,
    ),
    Workload(
        name="wide",
        title="10,000 rows of 20 columns into objects",
        group=_GROUP,
        tables=("events",),
        run=lambda contestant, _: contestant.wide(),
        seen=lambda contestant, events: sorted(rows_of(contestant, events, _EVENT), key=lambda row: str(row[0])),
        operations=EVENTS,
        unit="row",
        aims=_FETCH,
    ),
    Workload(
        name="tuples",
        title="20,000 rows as tuples",
        group=_GROUP,
        tables=("users",),
        run=lambda contestant, _: contestant.tuples(),
        seen=lambda _, rows: sorted(_tuples(rows)),
        operations=USERS,
        unit="row",
        aims={"": Aim()},
    ),
    Workload(
        name="dicts",
        title="20,000 rows as dictionaries",
        group=_GROUP,
        tables=("users",),
        run=lambda contestant, _: contestant.dicts(),
        seen=lambda _, rows: sorted(_tuples(row.items() for row in rows)),
        operations=USERS,
        unit="row",
        aims={"": Aim()},
    ),
    Workload(
        name="stream",
        title="500,000 rows as a stream of objects",
        group=_GROUP,
        tables=("readings",),
        run=lambda contestant, _: contestant.stream(),
        seen=lambda _, result: result,
        operations=READINGS,
        unit="row",
        aims={"": Aim(1.15)},
    ),
    Workload(
        name="stream_memory",
        title="The same: growth of the process at its highest",
        group=_GROUP,
        tables=("readings",),
        needs=("stream",),
        run=lambda contestant, _: contestant.stream(),
        seen=lambda _, result: result,
        measure=Measure.PEAK,
        aims={"": Aim(most=30_000_000, peers=None)},
    ),
    Workload(
        name="narrow_memory",
        title="Memory of an object with 5 columns (100,000 of them)",
        group=_GROUP,
        tables=("readings",),
        needs=("readings",),
        run=lambda contestant, _: contestant.readings(_OBJECTS),
        seen=_kept,
        operations=_OBJECTS,
        unit="object",
        measure=Measure.MEMORY,
        aims={"": Aim(1.8)},
    ),
    Workload(
        name="wide_memory",
        title="Memory of an object with 20 columns (10,000 of them)",
        group=_GROUP,
        tables=("events",),
        needs=("wide",),
        run=lambda contestant, _: contestant.wide(),
        seen=lambda _, items: [len(items)],
        operations=EVENTS,
        unit="object",
        measure=Measure.MEMORY,
        aims={"": Aim(1.5)},
    ),
    Workload(
        name="attributes",
        title="Read three attributes and write one, 20,000 times",
        group=_GROUP,
        tables=("users",),
        needs=("narrow",),
        before=lambda contestant: contestant.narrow(),
        run=_attributes,
        seen=lambda _, total: [total],
        operations=USERS,
        unit="object",
        aims={"": Aim(1.1)},
    ),
    Workload(
        name="threads",
        title="1,000 rows by key in 8 threads, with a pool of 4",
        group=_GROUP,
        tables=("users",),
        run=lambda contestant, _: contestant.threads([_KEYS[start::_THREADS] for start in range(_THREADS)]),
        seen=lambda contestant, parts: sorted(rows_of(contestant, (user for part in parts for user in part), _USER)),
        operations=len(_KEYS),
        unit="statement",
        aims={"": Aim()},
    ),
]
