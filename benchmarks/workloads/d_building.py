"""Queries as text: what it takes to build and compile one, before any database is asked."""

from __future__ import annotations

from benchmarks.harness.data import scaled
from benchmarks.harness.workload import Aim, Workload

__all__ = ["WORKLOADS"]

_TIMES = scaled(500)

WORKLOADS = [
    Workload(
        name="compile",
        title="Build and compile a query: five predicates, a join, two orders, a limit; 500 times with fresh literals",
        group="Building",
        run=lambda contestant, _: contestant.compile(_TIMES),
        # Texts differ from one to the other; that five values are bound in each does not.
        seen=lambda _, texts: [len(texts) == _TIMES, all("JOIN" in text.upper() for text in texts)],
        operations=_TIMES,
        unit="query",
        aims={"": Aim(most=15e-6, peers=3.0)},
    ),
]
