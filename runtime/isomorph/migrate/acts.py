"""What of the steps of a revision is done and recorded by itself: its acts, by number. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from isomorph.migrate.data import RunPython
from isomorph.migrate.operations import CreateTable, DropTable
from isomorph.migrate.planning import Step

__all__ = ["acts", "is_resumable", "made_or_dropped", "places", "python_of"]


def places(all_steps: Sequence[Step]) -> Iterator[tuple[int, Step]]:
    """The steps, each with the number of its first act in the revision."""
    place = 0
    for step in all_steps:
        yield place, step
        place += len(list(acts(place, step)))


def acts(place: int, step: Step) -> Iterator[tuple[int, str]]:
    """What of a step is recorded, by number: its statements, or the function that it calls."""
    python = python_of(step)
    texts = step.statements if python is None else (python.recorded,)
    return enumerate(texts, place)


def python_of(step: Step) -> RunPython | None:
    """The data step that it is; None where it is SQL."""
    operation = step.operations[0]
    return operation if isinstance(operation, RunPython) else None


def is_resumable(step: Step) -> bool:
    """Whether it goes on by itself where it was interrupted."""
    python = python_of(step)
    return python is not None and not python.atomic


def made_or_dropped(step: Step) -> tuple[str, bool] | None:
    """The table that one statement makes (True) or drops (False): asking for it is cheaper than for all there is."""
    if len(step.statements) != 1:
        return None
    match step.operations[0]:
        case CreateTable(table):
            return table.name, True
        case DropTable(table):
            return table.name, False
        case _:
            return None
