"""Rows written: one by one, in bulk, changed and deleted. Each works on rows of its own, above those that are read.

What is done to each object has been carried out by the database when the call for it returns, as a program needs it that goes
on with the object: a unit of work is flushed after each. How fast a library is at its own pace is in `save_unit` and
`delete_unit`.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from benchmarks.harness.contestant import Contestant
from benchmarks.harness.data import TABLES, USERS, Row, scaled, user
from benchmarks.harness.workload import Aim, Workload, rows_of

__all__ = ["WORKLOADS"]

_GROUP = "Writing"
_FEW, _MANY = scaled(1_000), scaled(10_000)
_NAMES = TABLES["users"].columns[1:]
_SOURCE = random.Random(3)
# Rows without keys, then with them: the second half of those is in the table already when all are upserted.
_KEYED: list[Row] = [user(key, _SOURCE) for key in range(USERS + 1, USERS + 1 + _MANY)]
_NEW: list[Row] = [row[1:] for row in _KEYED]
_EACH = {"sqlite": Aim(extra_us=2.5), "": Aim(1.25)}
_BULK = {"": Aim(1.10)}
# However a library writes many objects at once, those that have only a loop for it included: there is a peer to be faster than.
_UNIT = {"": Aim()}


def _without(contestant: Contestant) -> None:
    contestant.clear("users", USERS)


def _with(number: int, contestant: Contestant) -> None:
    _without(contestant)
    contestant.fill("users", [(*row[:4], -1.0, row[5]) for row in _KEYED[:number]])


def _some(contestant: Any) -> list[Any]:
    """Fresh objects of rows that may be changed."""
    _with(_FEW, contestant)
    return list(contestant.users_above(USERS))


def _written(contestant: Contestant, users: Any) -> list[object]:
    return [len({contestant.value(item, "id") for item in users}), *sorted(rows_of(contestant, users, _NAMES))]


def _kept(contestant: Any, _: object) -> Sequence[object]:
    """What the table holds afterwards; without the keys, which an upsert may skip."""
    return sorted(rows_of(contestant, contestant.users_above(USERS), _NAMES))


WORKLOADS = [
    Workload(
        name="insert_each",
        title="Insert 1,000 objects one by one, in a transaction",
        group=_GROUP,
        tables=("users",),
        before=_without,
        run=lambda contestant, _: contestant.insert_each(_NEW[:_FEW]),
        seen=lambda contestant, users: [*_written(contestant, users), *_kept(contestant, users)],
        operations=_FEW,
        unit="row",
        aims=_EACH,
    ),
    Workload(
        name="insert_many",
        title="Insert 10,000 objects in bulk, with their keys back",
        group=_GROUP,
        tables=("users",),
        before=_without,
        run=lambda contestant, _: contestant.insert_many(_NEW),
        seen=lambda contestant, users: [*_written(contestant, users), *_kept(contestant, users)],
        operations=_MANY,
        unit="row",
        aims=_BULK,
    ),
    Workload(
        name="save_each",
        title="Change one column of 1,000 objects and save each, in a transaction",
        group=_GROUP,
        tables=("users",),
        before=_some,
        run=lambda contestant, users: contestant.save_each(users),
        needs=("save_each", "users_above"),
        seen=_kept,
        operations=_FEW,
        unit="row",
        aims=_EACH,
    ),
    Workload(
        name="save_unit",
        title="Change one column of 1,000 objects and write them at once, in whatever way there is",
        group=_GROUP,
        tables=("users",),
        before=_some,
        run=lambda contestant, users: contestant.save_unit(users),
        needs=("save_unit", "users_above"),
        seen=_kept,
        operations=_FEW,
        unit="row",
        aims=_UNIT,
    ),
    Workload(
        name="upsert",
        title="Upsert 10,000 rows, half of them there already",
        group=_GROUP,
        tables=("users",),
        before=lambda contestant: _with(_MANY // 2, contestant),
        run=lambda contestant, _: contestant.upsert(_NEW),
        needs=("upsert", "users_above"),
        seen=_kept,
        operations=_MANY,
        unit="row",
        aims=_BULK,
    ),
    Workload(
        name="delete_each",
        title="Delete 1,000 objects one by one, in a transaction",
        group=_GROUP,
        tables=("users",),
        before=_some,
        run=lambda contestant, users: contestant.delete_each(users),
        needs=("delete_each", "users_above"),
        seen=_kept,
        operations=_FEW,
        unit="row",
        aims=_EACH,
    ),
    Workload(
        name="delete_unit",
        title="Delete 1,000 objects at once, in whatever way there is",
        group=_GROUP,
        tables=("users",),
        before=_some,
        run=lambda contestant, users: contestant.delete_unit(users),
        needs=("delete_unit", "users_above"),
        seen=_kept,
        operations=_FEW,
        unit="row",
        aims=_UNIT,
    ),
]
