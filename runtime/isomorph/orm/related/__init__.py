"""Operations on a relation of one object: `user.related.posts.create(title="...")`, whether the relation is loaded or not.

A class for each kind of relation. Their parameters, which generated code gives: M the related objects, Q their query, K
their key, V the keywords of a new one and C those of a match or a change, both without what the relation itself fills;
for relations over a table between, R the objects with their pivot and P the columns of the pivot.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from isomorph.catalog import RelationKind
from isomorph.errors import near_hint
from isomorph.orm.related.many import RelatedMany, RelatedOne
from isomorph.orm.related.pivots import NoValues, RelatedPivot, Synced
from isomorph.orm.related.reading import Operations, RelatedThrough, RelatedThroughOne
from isomorph.orm.related.to import RelatedMorphTo, RelatedTo
from isomorph.orm.relations import Relation

if TYPE_CHECKING:
    from isomorph.orm.model import Model

__all__ = [
    "NoValues",
    "Related",
    "RelatedMany",
    "RelatedMorphTo",
    "RelatedOne",
    "RelatedPivot",
    "RelatedThrough",
    "RelatedThroughOne",
    "RelatedTo",
    "Synced",
]

_CLASSES: Mapping[RelationKind, type[Operations]] = {
    RelationKind.BELONGS_TO: RelatedTo,
    RelationKind.HAS_ONE: RelatedOne,
    RelationKind.HAS_MANY: RelatedMany,
    RelationKind.BELONGS_TO_MANY: RelatedPivot,
    RelationKind.HAS_ONE_THROUGH: RelatedThroughOne,
    RelationKind.HAS_MANY_THROUGH: RelatedThrough,
    RelationKind.MORPH_TO: RelatedMorphTo,
    RelationKind.MORPH_ONE: RelatedOne,
    RelationKind.MORPH_MANY: RelatedMany,
    RelationKind.MORPH_TO_MANY: RelatedPivot,
    RelationKind.MORPHED_BY_MANY: RelatedPivot,
}


class Related:
    """`user.related`: the relations of an object, each with its operations."""

    __slots__ = ("_owner",)

    def __init__(self, owner: Model) -> None:
        self._owner = owner

    if not TYPE_CHECKING:
        # Generated classes say which relations there are.
        def __getattr__(self, name: str) -> Operations:
            if name in Related.__slots__:  # not set yet: a copy in the making
                raise AttributeError(name)
            definition = self._owner._definition
            for relation in definition.model.relations:
                if relation.name == name:
                    return _CLASSES[relation.kind](self._owner, Relation._make(definition, relation))
            known = tuple(relation.name for relation in definition.model.relations)
            raise AttributeError(
                f"{definition.name} has no relation {name!r} ({near_hint(name, known, 'see the schema')})"
            )

    def __repr__(self) -> str:
        return f"<related {self._owner._definition.name}>"

    def __dir__(self) -> list[str]:
        return [*object.__dir__(self), *(relation.name for relation in self._owner._definition.model.relations)]
