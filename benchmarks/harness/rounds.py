"""Contestants take turns: each round runs every one of them once, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.harness.facts import Facts
from benchmarks.harness.filling import analyze
from benchmarks.harness.places import Place, place
from benchmarks.harness.workload import Measure, Workload

__all__ = ["Result", "Run", "Watcher", "WorkerFailed", "described", "profiled", "run", "worker"]

_ROOT = Path(__file__).resolve().parents[2]
# Of the environment, what would change the work.
_UNWANTED = frozenset({"ISOMORPH_ECHO", "DATABASE_URL", "BENCHMARK_URL"})
_TIMEOUT_S = 1_200
# What takes a contestant longer is measured in the first round alone.
_ONCE_S = 5.0
_EACH_ROUND = (Measure.TIME, Measure.PROCESS)


@dataclass(slots=True)
class Result:
    """What one contestant did of one workload on one dialect.

    Args:
        runs: a number for each run of all rounds: seconds, or bytes.
        rounds: the median of each round's runs.
        checksum: of what all contestants must have in common.
        failure: why there is no number, or why it counts for nothing.
    """

    dialect: str
    contestant: str
    workload: str
    rounds: list[float] = field(default_factory=list[float])
    runs: list[float] = field(default_factory=list[float])
    checksum: str = ""
    failure: str = ""

    def as_json(self) -> dict[str, object]:
        """The fields by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Run:
    """What is to be done.

    Args:
        rounds: how many times every contestant has its turn.
        seconds: how long a process repeats each workload.
        folder: for files of SQLite.
    """

    dialects: Sequence[str]
    contestants: Sequence[Facts]
    workloads: Sequence[Workload]
    rounds: int
    seconds: float
    folder: Path

    def taking(self, dialect: str) -> list[Facts]:
        """Who takes part on a dialect."""
        return [facts for facts in self.contestants if dialect in facts.drivers and self.works(dialect, facts)]

    def works(self, dialect: str, facts: Facts) -> list[Workload]:
        """What a contestant does on a dialect."""
        return [work for work in self.workloads if dialect in work.dialects and facts.does(work.name, dialect)]

    def steps(self) -> int:
        """How many turns there are."""
        return sum(len(self.taking(dialect)) for dialect in self.dialects) * (1 + self.rounds)


class Watcher:
    """Is told what goes on; this one does not care."""

    def doing(self, what: str) -> None:
        """A turn begins."""

    def done(self) -> None:
        """A turn has ended."""

    def wrong(self, what: str, details: str) -> None:
        """Something has failed, with all that its process wrote."""


class WorkerFailed(RuntimeError):
    """A worker ended before its work was done.

    Attributes:
        lines: what it had measured by then.
        said: all it wrote to its standard error.
    """

    def __init__(self, message: str, lines: list[Any], said: str) -> None:
        super().__init__(message, lines, said)
        self.message, self.lines, self.said = message, lines, said

    def __str__(self) -> str:
        return self.message


def worker(task: Mapping[str, Any], module: str = "worker") -> str:
    """What a worker writes that is told what to do.

    Args:
        task: what it reads.
        module: which one of the harness it is.

    Raises:
        WorkerFailed: it did not get to its end.
    """
    environ = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
    try:
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.harness.{module}"],
            input=json.dumps(task),
            capture_output=True,
            text=True,
            check=False,
            cwd=_ROOT,
            env={**environ, "PYTHONHASHSEED": "0"},
            timeout=_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired as error:
        said = error.stdout.decode() if isinstance(error.stdout, bytes) else ""
        raise WorkerFailed(f"took longer than {_TIMEOUT_S} s", _lines(said), "") from error
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:]
        raise WorkerFailed("".join(last) or f"ended with {done.returncode}", _lines(done.stdout), done.stderr)
    return done.stdout


def _lines(written: str) -> list[Any]:
    return [json.loads(line) for line in written.splitlines() if line.startswith("{")]


def described(name: str) -> Facts:
    """What a contestant says of itself; why it cannot take part is in `missing`."""
    try:
        told = _lines(worker({"contestant": name, "describe": True}))
    except WorkerFailed as error:
        return Facts(name, name, missing=str(error))
    return Facts.of_json(told[0])


def run(run: Run, watcher: Watcher) -> Iterator[list[Result]]:
    """Do it all.

    Yields:
        After each round what there is of a dialect by then: a result for each contestant and workload that it takes part
        in. Who keeps them loses no more than a round when the run is stopped.
    """
    for dialect in run.dialects:
        places = {facts.name: place(dialect, facts.name, run.folder) for facts in run.taking(dialect)}
        try:
            yield from _on(run, dialect, places, watcher)
        finally:
            for where in places.values():
                where.drop()


def _on(run: Run, dialect: str, places: Mapping[str, Place], watcher: Watcher) -> Iterator[list[Result]]:
    taking = run.taking(dialect)
    results = {
        (facts.name, work.name): Result(dialect, facts.name, work.name)
        for facts in taking
        for work in run.works(dialect, facts)
    }

    def filled(facts: Facts) -> WorkerFailed | None:
        """Why its tables could not be filled; None when they are."""
        try:
            _prepare(facts.name, places[facts.name], run.works(dialect, facts))
        except WorkerFailed as error:
            return error
        return None

    ready: list[Facts] = []
    # Nothing is measured yet: as many at once as there are processors.
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for facts, error in zip(taking, threads.map(filled, taking), strict=True):
            watcher.doing(f"{dialect}: {facts.name} has filled its tables")
            if error is None:
                ready.append(facts)
            else:
                watcher.wrong(f"{dialect} {facts.name}: its tables could not be filled: {error}", error.said)
                for work in run.works(dialect, facts):
                    results[facts.name, work.name].failure = str(error)
            watcher.done()
    for number in range(run.rounds):
        # The order turns, so that no one is always the first after another.
        turn = number % max(len(ready), 1)
        for facts in ready[turn:] + ready[:turn]:
            watcher.doing(f"{dialect}: round {number + 1} of {run.rounds}, {facts.name}")
            works = [work for work in run.works(dialect, facts) if not _long(work, results[facts.name, work.name])]
            for group in _groups(works, first=not number):
                own = {work.name: results[facts.name, work.name] for work in group}
                _collect(run.seconds, facts.name, places[facts.name], own, watcher)
            watcher.done()
        yield [*results.values()]


def _long(work: Workload, result: Result) -> bool:
    """Whether an earlier round took so long that there is none after it."""
    return work.measure in _EACH_ROUND and bool(result.runs) and min(result.runs) > _ONCE_S


def _groups(works: Iterable[Workload], first: bool) -> list[list[Workload]]:
    """What one process does: all that is timed; then, in each round too, all that starts processes of its own.

    Memory is measured once, each time in a process where nothing was before.
    """
    works = list(works)
    groups = [[work for work in works if work.measure is measure] for measure in _EACH_ROUND]
    alone = [[work] for work in works if work.measure not in _EACH_ROUND] if first else []
    return [group for group in [*groups, *alone] if group]


def _prepare(name: str, where: Place, works: Iterable[Workload]) -> None:
    where.anew()
    tables = sorted({table for work in works for table in work.tables})
    worker({"contestant": name, "place": where.facts(), "prepare": tables})
    analyze(where, tables)


def _collect(seconds: float, name: str, where: Place, results: Mapping[str, Result], watcher: Watcher) -> None:
    """Let a worker do a group of workloads, and keep what it measured; after a failure it goes on with the next one."""
    left = list(results)
    while left:
        task = {"contestant": name, "place": where.facts(), "workloads": left, "seconds": seconds}
        try:
            lines, failed = _lines(worker(task)), None
        except WorkerFailed as error:
            lines, failed = error.lines, error
        done = [line for line in lines if "workload" in line]
        for line in done:
            _keep(results[line["workload"]], line)
        if failed is None or len(done) == len(left):
            return
        broken = results[left[len(done)]]
        broken.failure = broken.failure or str(failed)
        watcher.wrong(f"{where.dialect} {name} {broken.workload}: {failed}", failed.said)
        left = left[len(done) + 1 :]


def _keep(result: Result, line: Mapping[str, Any]) -> None:
    runs: list[float] = sorted(line["runs"])
    result.runs += runs
    result.rounds.append(runs[len(runs) // 2])
    if result.checksum and result.checksum != line["checksum"]:
        result.failure = "gave other rows in another round"
    result.checksum = line["checksum"]


def profiled(name: str, where: Place, work: Workload, seconds: float, page: Path) -> str:
    """Fill a contestant's tables and repeat a workload under pyinstrument.

    Args:
        name: of the contestant.
        where: its database, which is dropped afterwards.
        work: what to repeat.
        seconds: how long.
        page: where the profile is written as HTML.

    Returns:
        The profile as text.

    Raises:
        WorkerFailed: the contestant did not get through it.
    """
    try:
        _prepare(name, where, [work])
        task = {"contestant": name, "place": where.facts(), "workloads": [work.name], "seconds": seconds}
        return worker({**task, "profile": str(page.absolute())})
    finally:
        where.drop()
