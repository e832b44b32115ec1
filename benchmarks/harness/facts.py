"""What the harness knows of a contestant without importing its library: the contestant tells it in a process of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.harness.contestant import Kind, contestant_of
from benchmarks.harness.workload import workloads

__all__ = ["Facts", "facts_of"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a contestant says of itself.

    Args:
        drivers: by dialect.
        taking: names of the workloads that it takes part in.
        missing: why it can take part in none: its library is not installed.
    """

    name: str
    title: str = ""
    kind: Kind = Kind.PEER
    drivers: Mapping[str, str] = field(default_factory=dict[str, str])
    manual: str = ""
    absent: Mapping[str, str] = field(default_factory=dict[str, str])
    taking: tuple[str, ...] = ()
    missing: str = ""

    def does(self, workload: str, dialect: str) -> bool:
        """Whether it takes part in a workload there."""
        return workload in self.taking and f"{workload} on {dialect}" not in self.absent

    def as_json(self) -> dict[str, object]:
        """The fields by name."""
        return asdict(self)

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> Facts:
        """What `as_json` gave, after it was written and read."""
        fields: dict[str, Any] = {**told, "kind": Kind(told["kind"]), "taking": tuple(told["taking"])}
        return cls(**fields)


def facts_of(name: str) -> Facts:
    """Ask a contestant; imports its library."""
    try:
        found = contestant_of(name)
    except ImportError as error:
        return Facts(name, name, missing=str(error))
    return Facts(
        name,
        found.title,
        found.kind,
        dict(found.drivers),
        found.manual,
        dict(found.absent),
        tuple(work.name for work in workloads().values() if work.taken_by(found)),
    )
