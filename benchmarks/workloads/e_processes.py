"""Processes from their start to their end: what importing many models takes, in time and in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from typing_extensions import override

from benchmarks.harness.contestant import Contestant
from benchmarks.harness.programs import has_program, made, start
from benchmarks.harness.workload import Aim, Measure, Workload

__all__ = ["WORKLOADS"]

_GROUP = "Processes"
_FEW, _MANY = 50, 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class _Program(Workload):
    """Needs no method but a program in `benchmarks.programs`."""

    @override
    def taken_by(self, contestant: type[Contestant]) -> bool:
        return has_program(contestant) and self.name not in contestant.absent


def _start(models: int, most_us: float) -> Workload:
    return _Program(
        name=f"cold_{models}",
        title=f"Cold start: a process that imports {models:,} models and gets one row by its key",
        group=_GROUP,
        tables=("users",),
        before=lambda contestant: made(contestant, models),
        run=lambda _, program: start(program),
        seen=lambda _, ended: ended.row,
        unit="process",
        measure=Measure.PROCESS,
        # On servers it is the import of the driver that takes the time.
        aims={"sqlite": Aim(extra_us=most_us), "": Aim(extra_us=most_us, peers=None)},
    )


def _memory(models: int) -> Workload:
    def resident(_: Any, program: Any) -> int:
        return start(program).resident

    return _Program(
        name=f"cold_{models}_memory",
        title=f"The same with {models:,} models: what the process holds at its end",
        group=_GROUP,
        tables=("users",),
        before=lambda contestant: made(contestant, models),
        run=resident,
        unit="process",
        measure=Measure.RESIDENT,
    )


WORKLOADS = [_start(_FEW, 150_000), _start(_MANY, 250_000), _memory(_FEW), _memory(_MANY)]
