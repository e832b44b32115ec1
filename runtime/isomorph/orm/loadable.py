"""Loading relations of one object that is there already: the part of a model that does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar, overload

from isomorph.orm.loading import afterwards

if TYPE_CHECKING:
    from isomorph.orm.query import Query
    from isomorph.orm.relations import Includes, IncludesWith, RelationOf

__all__ = ["Loadable"]

M = TypeVar("M")
N = TypeVar("N")
N1 = TypeVar("N1")
N2 = TypeVar("N2")
N3 = TypeVar("N3")
N4 = TypeVar("N4")
R = TypeVar("R")


class Loadable:
    """The part of a model that loads relations of an object. For many objects a collection does it by one statement."""

    __slots__ = ()

    @overload
    def load(self: M, relation: Includes[M, N, R], /) -> R: ...
    @overload
    def load(self: M, relation: IncludesWith[M, N, R], query: Query[N], /) -> R: ...
    @overload
    def load(self: M, relation: IncludesWith[M, N1 | N2, R], query: Query[N1], query_2: Query[N2], /) -> R: ...
    @overload
    def load(
        self: M,
        relation: IncludesWith[M, N1 | N2 | N3, R],
        query: Query[N1],
        query_2: Query[N2],
        query_3: Query[N3],
        /,
    ) -> R: ...
    @overload
    def load(
        self: M,
        relation: IncludesWith[M, N1 | N2 | N3 | N4, R],
        query: Query[N1],
        query_2: Query[N2],
        query_3: Query[N3],
        query_4: Query[N4],
        /,
    ) -> R: ...
    def load(self, relation: Any, /, *queries: Any) -> Any:
        """Load a relation, anew if it is loaded already, by one statement for each level: `user.load(User.posts)`.

        Args:
            relation: a relation of the model.
            queries: a query of the related model, as for `include`; of a relation to several models one for each that is
                to be loaded.

        Returns:
            The same object, typed as having the relation.

        Raises:
            NotSaved: the object has no row.
            InvalidQuery: a relation or a query of another model.
        """
        afterwards.load((self,), relation, queries)
        return self

    @overload
    def load_missing(self: M, relation: Includes[M, N, R], /) -> R: ...
    @overload
    def load_missing(self: M, relation: IncludesWith[M, N, R], query: Query[N], /) -> R: ...
    @overload
    def load_missing(self: M, relation: IncludesWith[M, N1 | N2, R], query: Query[N1], query_2: Query[N2], /) -> R: ...
    @overload
    def load_missing(
        self: M,
        relation: IncludesWith[M, N1 | N2 | N3, R],
        query: Query[N1],
        query_2: Query[N2],
        query_3: Query[N3],
        /,
    ) -> R: ...
    @overload
    def load_missing(
        self: M,
        relation: IncludesWith[M, N1 | N2 | N3 | N4, R],
        query: Query[N1],
        query_2: Query[N2],
        query_3: Query[N3],
        query_4: Query[N4],
        /,
    ) -> R: ...
    def load_missing(self, relation: Any, /, *queries: Any) -> Any:
        """As `load`, but nothing that is loaded already is loaded again; what queries include is likewise only added."""
        afterwards.load_missing((self,), relation, queries)
        return self

    def load_count(self, *relations: RelationOf[Self]) -> Self:
        """Count what the object is related to, for `count_of`, by one statement for all relations.

        Raises:
            NotSaved: the object has no row.
            InvalidQuery: a relation of another model, or one to several models.
        """
        afterwards.load_count((self,), relations)
        return self
