"""What objects forget after a write: relations and amounts that are no longer what they were when they were loaded.

So that nothing stale is read: what was loaded over a table that an operation has written is to be loaded again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from isomorph.catalog import RelationKind

if TYPE_CHECKING:
    from isomorph import catalog
    from isomorph.orm.definition import Definition
    from isomorph.orm.model import Model

__all__ = ["forget", "forget_columns"]


def forget(owner: Model, tables: Collection[str]) -> None:
    """Forget what an object has loaded over tables, and the amounts of it."""
    definition = owner._definition
    for relation in definition.model.relations:
        slot = f"_{relation.name}"
        if hasattr(owner, slot) and not _tables(definition, relation).isdisjoint(tables):
            delattr(owner, slot)
    known: dict[Any, Any] = getattr(owner, "_beside", {})
    amounts: list[Any] = [key for key in known if isinstance(key, tuple)]
    for amount in amounts:
        if not _tables_of_path(definition, amount[1]).isdisjoint(tables):
            del known[amount]


def forget_columns(item: Model, columns: Collection[str]) -> None:
    """Forget what an object has loaded by way of columns of its own table, which were written."""
    definition = item._definition
    for relation in definition.model.relations:
        if hasattr(item, f"_{relation.name}") and not set(_local(definition, relation)).isdisjoint(columns):
            delattr(item, f"_{relation.name}")


def _local(definition: Definition, relation: catalog.Relation) -> Iterator[str]:
    yield from relation.own_columns
    if relation.through:
        yield from _local(definition, definition.model.relation(relation.through[0]))


def _tables(definition: Definition, relation: catalog.Relation) -> set[str]:
    """The tables that a relation leads over, and to."""
    if relation.through:
        found: set[str] = set()
        for name in relation.through:
            step = definition.model.relation(name)
            found |= _tables(definition, step)
            if step.target is not None:
                definition = definition.database.definition(step.target)
        return found
    models = [relation.target] if relation.target is not None else []
    if relation.kind is RelationKind.MORPH_TO and relation.morph is not None:
        models = [member.model for member in relation.morph.members]
    tables = {definition.database.definition(model).model.table.name for model in models}
    return tables if relation.pivot is None else {*tables, relation.pivot.table}


def _tables_of_path(definition: Definition, path: str) -> set[str]:
    """The tables that relations one behind another lead over: `posts.comments`."""
    found: set[str] = set()
    for name in path.split("."):
        relation = definition.model.relation(name)
        found |= _tables(definition, relation)
        if relation.target is not None:
            definition = definition.database.definition(relation.target)
    return found
