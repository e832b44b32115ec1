"""What a workload is, and where they are found."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib
import json
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, cast
from uuid import UUID

from benchmarks.harness.contestant import Contestant

__all__ = ["Aim", "Measure", "Workload", "digest", "rows_of", "workloads"]


class Measure(StrEnum):
    """What is measured."""

    TIME = "time"  # seconds of a run, many times in a process
    MEMORY = "memory"  # bytes that the result of one run holds
    PEAK = "peak"  # bytes that the process grew by during one run
    PROCESS = "process"  # seconds of a process from its start to its end, a few times
    RESIDENT = "resident"  # bytes that such a process holds at its end: what a run gives


@dataclass(frozen=True, slots=True)
class Aim:
    """What isomorph must reach beside hand-written code, and beside the best peer.

    Args:
        ratio: at most so many times what hand-written code takes; None where that is not what counts.
        extra_us: so many microseconds more for each operation will do as well.
        most: at most so much by itself, in seconds or bytes, whatever hand-written code takes.
        peers: the best peer takes at least so many times what isomorph takes; None where there is none to compare.
    """

    ratio: float | None = None
    extra_us: float | None = None
    most: float | None = None
    peers: float | None = 1.0


def _nothing(_contestant: object, _result: object) -> tuple[object, ...]:
    return ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Workload:
    """A piece of work, done by the contestants' method of its name.

    Args:
        name: also the name of the method.
        title: a line for the report.
        group: under which heading it stands.
        run: does it; is given the contestant and what `before` gave. Timed.
        operations: what a run's time is divided by to say what one of them costs.
        unit: what one operation is, in the singular.
        tables: which must be filled.
        before: brings the tables to where they were and the input to hand, before each run. Not timed.
        seen: what all contestants must have in common, from the result. Not timed.
        needs: the methods that it takes, where that is not the one of its name.
        aims: by dialect, "" for those that are not named.
    """

    name: str
    title: str
    group: str
    run: Callable[[Any, Any], object]
    operations: int = 1
    unit: str = "run"
    tables: tuple[str, ...] = ()
    before: Callable[[Any], object] = lambda _: None
    seen: Callable[[Any, Any], Iterable[Any]] = _nothing
    needs: tuple[str, ...] = ()
    measure: Measure = Measure.TIME
    dialects: tuple[str, ...] = ("sqlite", "postgresql", "mysql")
    aims: Mapping[str, Aim] = field(default_factory=dict[str, Aim])

    def methods(self) -> tuple[str, ...]:
        """The methods that a contestant must have to take part."""
        return self.needs or (self.name,)

    def taken_by(self, contestant: type[Contestant]) -> bool:
        """Whether a contestant takes part."""
        named = contestant.absent
        return self.name not in named and all(
            hasattr(contestant, name) and name not in named for name in self.methods()
        )

    def aim(self, dialect: str) -> Aim | None:
        """What is to be reached on a dialect."""
        return self.aims.get(dialect, self.aims.get(""))


def workloads() -> dict[str, Workload]:
    """All workloads by name, in the order of the report: those of `WORKLOADS` of every module of `benchmarks.workloads`."""
    from benchmarks import workloads as package  # noqa: PLC0415 - they import this module

    found: list[Workload] = []
    for module in pkgutil.iter_modules(package.__path__):
        found += importlib.import_module(f"{package.__name__}.{module.name}").WORKLOADS
    return {workload.name: workload for workload in found}


def rows_of(contestant: Contestant, items: Iterable[Any], names: Iterable[str]) -> list[tuple[Any, ...]]:
    """Objects as rows of their columns."""
    names = tuple(names)
    return [tuple(contestant.value(item, name) for name in names) for item in items]


def _plain(value: object) -> object:
    """A value in the words that all contestants share: whichever class they give it, if it says the same."""
    match value:
        case Enum():
            return value.value
        case bool() | None:
            return value
        case Decimal():
            return str(value.normalize())
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat() if value.tzinfo else f"without a zone: {value.isoformat()}"
        case UUID():
            return str(value)
        case float():
            return round(value, 9)
        case dict():
            items = cast(dict[object, object], value).items()
            return {str(key): _plain(item) for key, item in items}
        case list() | tuple():
            return [_plain(item) for item in cast(Iterable[object], value)]
        case _:
            return value


def digest(seen: Iterable[object]) -> str:
    """A checksum of what a run gave."""
    text = json.dumps([_plain(item) for item in seen], sort_keys=True, default=repr)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
