"""Relations as attributes of model classes: what they are, and how their types say what a query included.

Owns the protocols by which `include` finds out which query a relation turns into which (each generated relation class
implements them for type checkers), and `Relation`, the object behind `User.posts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

from typing_extensions import TypeVar

from isomorph import catalog
from isomorph.errors import InvalidQuery

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition

__all__ = ["Includes", "IncludesWith", "NotIncluded", "Relation"]

Query_contra = TypeVar("Query_contra", contravariant=True)
Nested_contra = TypeVar("Nested_contra", contravariant=True)
Result_co = TypeVar("Result_co", covariant=True)


class NotIncluded(Protocol):
    """Default of every relation parameter. Empty, so that every `User[...]` is a `User`; never a value."""


class Includes(Protocol[Query_contra, Result_co]):
    """A relation that can be included in a query of the first type, giving a query of the second."""

    def _include(self, query: Query_contra, /) -> Result_co: ...


class IncludesWith(Protocol[Query_contra, Nested_contra, Result_co]):
    """The same with a query for the related model."""

    def _include_with(self, query: Query_contra, nested: Nested_contra, /) -> Result_co: ...


class Relation:
    """A relation of a model, as read on the class: `User.posts`."""

    __slots__ = ("_definition", "_relation", "_source")

    _definition: Definition
    _relation: catalog.Relation
    _source: str | None

    @classmethod
    def _make(cls, definition: Definition, relation: catalog.Relation, source: str | None = None) -> Self:
        """The relation of a model, as its definition resolves it; `source` is the alias that it starts at."""
        made = cls.__new__(cls)
        made._definition, made._relation, made._source = definition, relation, source
        return made

    @property
    def _name(self) -> str:
        return f"{self._definition.name}.{self._relation.name}"

    @property
    def _target(self) -> Definition:
        """The definition of the model that it leads to.

        Raises:
            InvalidQuery: it leads to several models.
        """
        if self._relation.target is None:
            raise InvalidQuery(f"{self._name} leads to several models", "name a relation to a single model")
        return self._definition.database.definition(self._relation.target)

    def __repr__(self) -> str:
        return f"<{self._relation.kind} {self._name}>"
