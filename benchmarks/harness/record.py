"""What runs have measured, as it is kept in a JSON file: enough to render the report anew without running anything."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.harness.facts import Facts
from benchmarks.harness.rounds import Result
from benchmarks.harness.workload import Aim, Measure, Workload

__all__ = ["Outline", "Record"]


@dataclass(frozen=True, slots=True)
class Outline:
    """What the report says of a workload; its words are those of `Workload`."""

    name: str
    title: str
    group: str
    unit: str
    operations: int
    measure: Measure
    aims: Mapping[str, Aim]

    @classmethod
    def of(cls, work: Workload) -> Outline:
        """The outline of a workload."""
        return cls(work.name, work.title, work.group, work.unit, work.operations, work.measure, work.aims)

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> Outline:
        """What was written."""
        aims = {dialect: Aim(**aim) for dialect, aim in told["aims"].items()}
        fields: dict[str, Any] = {**told, "measure": Measure(told["measure"]), "aims": aims}
        return cls(**fields)

    def aim(self, dialect: str) -> Aim | None:
        """What is to be reached on a dialect."""
        return self.aims.get(dialect, self.aims.get(""))


@dataclass(slots=True)
class Record:
    """Everything that was measured.

    Args:
        machine: on what, in words.
        versions: of libraries by name, and of databases by dialect.
        runs: each with its `date`, `command`, `rounds`, `seconds` and `scale`, oldest first.
    """

    machine: dict[str, str] = field(default_factory=dict[str, str])
    versions: dict[str, str] = field(default_factory=dict[str, str])
    runs: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    contestants: dict[str, Facts] = field(default_factory=dict[str, Facts])
    workloads: dict[str, Outline] = field(default_factory=dict[str, Outline])
    results: list[Result] = field(default_factory=list[Result])

    def add(self, contestants: Iterable[Facts], workloads: Iterable[Workload], results: Iterable[Result]) -> None:
        """Take in what a run has measured, in place of what an earlier one said of the same."""
        self.contestants |= {facts.name: facts for facts in contestants}
        self.workloads |= {work.name: Outline.of(work) for work in workloads}
        found = {(result.dialect, result.contestant, result.workload): result for result in (*self.results, *results)}
        self.results = [*found.values()]

    def write(self, path: Path, *, each_run: bool = True) -> None:
        """Keep it in a file; without the numbers of each single run if those are not wanted."""
        told = asdict(self)
        if not each_run:
            for result in told["results"]:
                del result["runs"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(told, indent=1) + "\n")

    @classmethod
    def read(cls, path: Path) -> Record:
        """What was written."""
        told: dict[str, Any] = json.loads(path.read_text())
        fields: dict[str, Any] = {
            **told,
            "contestants": {name: Facts.of_json(facts) for name, facts in told["contestants"].items()},
            "workloads": {name: Outline.of_json(outline) for name, outline in told["workloads"].items()},
            "results": [Result(**result) for result in told["results"]],
        }
        return cls(**fields)
