"""All that an object carries: for copies of it, and to set it back where a write of several statements fails."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from isomorph.orm.model import Model

__all__ = ["restoring", "set_state", "state"]


@contextmanager
def restoring(items: Iterable[Model]) -> Generator[None]:
    """A block after which objects are as they were before, when an exception leaves it: their fields, row and relations."""
    held = [(item, state(item)) for item in items]
    try:
        yield
    except BaseException:
        for item, known in held:
            for name in _slots(item):
                if name not in known and hasattr(item, name):
                    delattr(item, name)
            set_state(item, known)
        raise


def _slots(item: Model) -> list[str]:
    definition = item._definition
    return [*definition.slots, *(f"_{relation.name}" for relation in definition.model.relations)]


def state(made: Model) -> dict[str, object]:
    """All that an object carries, as plain data: its row, the fields that are set, relations and amounts that are loaded.

    Not the objects that it was read with, which are nobody else's.
    """
    definition = made._definition
    names = (*definition.slots, *(f"_{relation.name}" for relation in definition.model.relations))
    found: dict[str, object] = {name: getattr(made, name) for name in names if hasattr(made, name)}
    found["_row"] = made._row
    beside = {key: value for key, value in getattr(made, "_beside", {}).items() if key != "siblings"}
    if beside:
        found["_beside"] = beside
    return found


def set_state(made: Model, state: Mapping[str, object]) -> None:
    """The reverse of `state`, on a new object."""
    for name, value in state.items():
        setattr(made, name, value)
