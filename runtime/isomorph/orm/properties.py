"""Fields that may not be set just like that: properties over a slot of their own.

Owns what an assignment does there: a computed field refuses it, one with a mutator keeps what the mutator makes of it.
Reading is a C function, so it costs little more than reading a slot.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import Any

from isomorph import catalog
from isomorph.errors import ReadOnlyField

__all__ = ["properties_of"]


def properties_of(model: catalog.Model) -> Iterator[tuple[str, property]]:
    """The properties of a model's class, by field."""
    for field in model.fields:
        slot = model.slot(field)
        if slot != field.name:
            is_mutated = field.mutator is not None
            view = _mutated(slot, str(field.mutator)) if is_mutated else _computed(model.name, field.name, slot)
            yield field.name, view


def _computed(model: str, field: str, slot: str) -> property:
    def refuse(_made: Any, _value: object) -> None:
        raise ReadOnlyField(model, field)

    return property(attrgetter(slot), refuse)


def _mutated(slot: str, method: str) -> property:
    def keep(made: Any, value: object) -> None:
        setattr(made, slot, getattr(made, method)(value))

    return property(attrgetter(slot), keep)
