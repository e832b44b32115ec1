"""Operations on relations whose key is in the object's own table: belongs_to and morph_to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from isomorph.errors import InvalidValue
from isomorph.orm import writing
from isomorph.orm.modifying import modify
from isomorph.orm.related.creating import check_nullable, keys_to
from isomorph.orm.related.forgetting import forget, forget_columns
from isomorph.orm.related.narrowed import query_of
from isomorph.orm.related.reading import Operations, Q_co, ReadingOne
from isomorph.orm.related.running import run_whole, writing_by
from isomorph.orm.restoring import restoring

if TYPE_CHECKING:
    from collections.abc import Mapping

    from isomorph.orm.query import Query

__all__ = ["RelatedMorphTo", "RelatedTo"]

M = TypeVar("M")


class _Pointing(Operations, Generic[M]):
    """The part that writes."""

    __slots__ = ()

    def associate(self, related: M, /) -> M:
        """Let this object point to another one, and save it, with all that has changed in it.

        Args:
            related: a saved object.

        Returns:
            The same, which is also what the relation reads as from now on.

        Raises:
            NotSaved: one of the two has no row.
            InvalidValue: an object of another model.
            DatabaseError: the database refuses; then the object is as it was.
        """
        self._saved("associate()")
        definition, relation = self._relation._definition, self._relation._relation
        where = self._where("associate()")
        if related is None:
            raise InvalidValue(where, "a saved object (dissociate() lets it point to none)", "None")
        self._point(keys_to(definition, relation, related, where))
        setattr(self._owner, f"_{relation.name}", related)
        return related

    def dissociate(self) -> None:
        """Let this object point to none, and save it, with all that has changed in it.

        Raises:
            InvalidQuery: the relation is required.
            NotSaved: this object has no row.
        """
        self._saved("dissociate()")
        definition, relation = self._relation._definition, self._relation._relation
        self._point(dict.fromkeys(check_nullable(definition, relation, self._where("dissociate()"))))

    def delete(self) -> int:
        """Delete what this object points to; what then becomes of this one is the foreign key's affair: `refresh()` it.

        Returns:
            How many rows were deleted: 1, or 0 where there was none.

        Raises:
            NotSaved: this object has no row.
            ForeignKeyViolation: rows still point to that one, this one among them, and its `on_delete` forbids it.
        """
        owner = self._saved("delete()")
        query = query_of(owner, self._relation)
        if query is None:
            return 0
        executor = query._definition.executor
        tables = (query._definition.model.table.name,)
        return run_whole(modify(query, None, executor), executor, self._relation, owner, tables=tables, deletes=True)

    def _point(self, keys: Mapping[str, object]) -> None:
        owner = self._owner
        model = owner._definition.model
        with writing_by(self._relation), restoring([owner]):
            for column, value in keys.items():
                setattr(owner, model.field_of(column).name, value)
            forget_columns(owner, keys)
            writing.save(owner)
        forget(owner, (model.table.name,))


class RelatedTo(_Pointing[M], ReadingOne[M, Q_co]):
    """The object that this one points to."""

    __slots__ = ()


class RelatedMorphTo(_Pointing[M]):
    """The object that this one points to, of one of several models."""

    __slots__ = ()

    def get(self) -> M | None:
        """The related object as it is in the database now, or None. What is loaded stays as it is.

        Raises:
            NotSaved: this object has no row.
            UnknownMorphType: the type column holds an alias that the morph map does not know.
        """
        query = self._query("get()")
        return None if query is None else cast("M | None", query.first())

    def first(self) -> M | None:
        """The same as `get`."""
        return self.get()

    def exists(self) -> bool:
        """Whether it points to a row that is there.

        Raises:
            NotSaved: this object has no row.
            UnknownMorphType: the type column holds an alias that the morph map does not know.
        """
        query = self._query("exists()")
        return query is not None and query.exists()

    def _query(self, method: str) -> Query[Any] | None:
        return query_of(self._saved(method), self._relation)
