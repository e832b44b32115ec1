"""Reading what one object is related to: the part that all relations have, and all that those over others have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from typing_extensions import TypeVar as CovariantTypeVar

from isomorph.errors import NotSaved
from isomorph.orm.related.keys import key_predicates
from isomorph.orm.related.narrowed import query_of

if TYPE_CHECKING:
    from isomorph.orm.collection import Collection
    from isomorph.orm.model import Model
    from isomorph.orm.query import Query
    from isomorph.orm.relations import Relation
    from isomorph.sql.expressions import Predicate

__all__ = ["Operations", "ReadingMany", "ReadingOne", "RelatedThrough", "RelatedThroughOne"]

K = TypeVar("K")
M_co = CovariantTypeVar("M_co", covariant=True)
Q_co = CovariantTypeVar("Q_co", covariant=True)


class Operations:
    """A relation of one object."""

    __slots__ = ("_owner", "_relation")

    _owner: Model
    _relation: Relation[Any]

    def __init__(self, owner: Model, relation: Relation[Any]) -> None:
        self._owner, self._relation = owner, relation

    def _where(self, method: str) -> str:
        """What an operation is called in errors."""
        return f"{self._relation._definition.name}.related.{self._relation._relation.name}.{method}"

    def _saved(self, method: str) -> Model:
        """The object.

        Raises:
            NotSaved: it has no row.
        """
        if self._owner._row is None:
            raise NotSaved(self._relation._definition.name, self._where(method))
        return self._owner

    def __repr__(self) -> str:
        return f"<{self._relation._relation.kind} {self._where('')[:-1]}>"


class Reading(Operations, Generic[M_co, Q_co]):
    """The part that reads, of a relation to a single model."""

    __slots__ = ()

    def query(self) -> Q_co:
        """A query for the related objects: it can be narrowed, ordered, counted and written like any other.

        What is said to it holds among the related objects, an `or_where` too. Of a relation with a table between, its
        objects carry their row of that as `pivot`, and conditions and orders may name its columns.

        Raises:
            NotSaved: the object has no row.
        """
        return cast("Q_co", self._query("query()"))

    def where(self, *predicates: Predicate) -> Q_co:
        """A query for those related objects for which all predicates are true; see `query`."""
        return cast("Q_co", self._query("where()").where(*predicates))

    def count(self) -> int:
        """The number of related objects.

        Raises:
            NotSaved: the object has no row.
        """
        return self._query("count()").count()

    def exists(self) -> bool:
        """Whether there are related objects.

        Raises:
            NotSaved: the object has no row.
        """
        return self._query("exists()").exists()

    def first(self) -> M_co | None:
        """The first related object, or None. Without an order, any.

        Raises:
            NotSaved: the object has no row.
        """
        return cast("M_co | None", self._query("first()").first())

    def _query(self, method: str) -> Query[Any]:
        found = query_of(self._saved(method), self._relation)
        assert found is not None  # only a morph_to may lead nowhere
        return found


class ReadingOne(Reading[M_co, Q_co]):
    """The part that reads, of a relation to one object."""

    __slots__ = ()

    def get(self) -> M_co | None:
        """The related object as it is in the database now, or None. What is loaded stays as it is.

        Raises:
            NotSaved: the object has no row.
        """
        return cast("M_co | None", self._query("get()").first())


class ReadingMany(Reading[M_co, Q_co], Generic[M_co, Q_co, K]):
    """The part that reads, of a relation to many objects."""

    __slots__ = ()

    def get(self) -> Collection[M_co]:
        """The related objects as they are in the database now. What is loaded stays as it is.

        Raises:
            NotSaved: the object has no row.
        """
        return cast("Collection[M_co]", self._query("get()").get())

    def find(self, key: K, /) -> M_co | None:
        """The related object with a primary key, or None: another object's is not found.

        Raises:
            NotSaved: the object has no row.
            InvalidValue: a key of another type.
        """
        query = self._query("find()")
        return cast("M_co | None", query.where(*key_predicates(query._definition, key, self._where("find()"))).first())


class RelatedThrough(ReadingMany[M_co, Q_co, K]):
    """Related objects that are reached over others, to be read only."""

    __slots__ = ()


class RelatedThroughOne(ReadingOne[M_co, Q_co]):
    """The related object that is reached over others, to be read only."""

    __slots__ = ()
