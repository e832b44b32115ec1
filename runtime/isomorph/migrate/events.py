"""What a run tells while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from isomorph.dataclassing import dataclass
from isomorph.migrate.locking import LockOwner

__all__ = [
    "BatchDone",
    "Event",
    "OperationDone",
    "OperationStarted",
    "Report",
    "Resumed",
    "Retrying",
    "RevisionDone",
    "RevisionStarted",
    "Waiting",
    "unheard",
]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Another deployer is at work; `owner` is None when nobody says who it is."""

    owner: LockOwner | None


@dataclass(frozen=True, slots=True)
class RevisionStarted:
    """A revision begins; `steps` is how many operations it has."""

    revision: str
    steps: int


@dataclass(frozen=True, slots=True)
class Resumed:
    """A revision goes on where it was interrupted; `done` is what of it was done then."""

    revision: str
    done: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OperationStarted:
    """An operation begins, as messages name it."""

    revision: str
    operation: str


@dataclass(frozen=True, slots=True)
class BatchDone:
    """A data step has finished another batch; `rows` counts those of the step up to now."""

    revision: str
    operation: str
    rows: int


@dataclass(frozen=True, slots=True)
class OperationDone:
    """An operation is done. Where a revision is one transaction, it is kept only with the whole of it."""

    revision: str
    operation: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Retrying:
    """A lock, or another transaction, was in the way: what was begun is undone, and begins again in `delay_s` seconds."""

    revision: str
    operation: str
    reason: str
    attempt: int
    delay_s: float


@dataclass(frozen=True, slots=True)
class RevisionDone:
    """A revision is done and recorded."""

    revision: str
    duration_ms: int


Event: TypeAlias = (
    Waiting | RevisionStarted | Resumed | OperationStarted | BatchDone | OperationDone | Retrying | RevisionDone
)
"""All that a run tells."""

Report: TypeAlias = Callable[[Event], None]
"""Told of each event, in order, in the thread of the run."""


def unheard(event: Event) -> None:
    """Nobody listens."""
    del event
