"""Lazy loading in batches: the first read of a relation loads it for all objects that were read together.

Owns how objects know each other: by one list of weak references, which all of them share and nobody else holds. What is
loaded for some objects by one statement was read together, too, so that it goes on like this however deep one reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any
from weakref import ref

from isomorph.errors import NotSaved
from isomorph.orm.loading.include import Include
from isomorph.orm.loading.members import load_one
from isomorph.orm.plans import run
from isomorph.orm.relations import Relation
from isomorph.orm.tallies import beside

if TYPE_CHECKING:
    from isomorph import catalog
    from isomorph.orm.model import Model

__all__ = ["lazily", "relate", "relating"]


def relate(found: Sequence[Model]) -> None:
    """Let objects know that they were read together."""
    if len(found) > 1:
        shared = list(map(ref, found))
        for made in found:
            beside(made)["siblings"] = shared


def relating(
    load: Callable[[Iterable[tuple[Any, ...]]], list[Any]],
) -> Callable[[Iterable[tuple[Any, ...]]], list[Any]]:
    """A loader whose objects know each other."""

    def load_together(rows: Iterable[tuple[Any, ...]]) -> list[Any]:
        found = load(rows)
        relate(found)
        return found

    return load_together


def lazily(made: Model, relation: catalog.Relation) -> Any:
    """A relation of an object that has not loaded it: loaded now, for all that were read with it and lack it, too.

    Raises:
        NotSaved: the object has no row.
    """
    definition = made._definition
    if made._row is None:
        raise NotSaved(definition.name, f"{definition.name}.{relation.name}")
    slot = f"_{relation.name}"
    shared: Iterable[ref[Model]] = getattr(made, "_beside", {}).get("siblings", ())
    together = [
        item for known in shared if (item := known()) is not None and item._row is not None and not hasattr(item, slot)
    ]
    executor = definition.executor
    include = Include(Relation[Any]._make(definition, relation), {})
    run(executor, load_one(definition, together or [made], include, executor))
    return getattr(made, slot)
