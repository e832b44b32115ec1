"""Writes that tell what they wrote: `query.returning(Post.id, Post.title).delete()`.

Owns the typed face; how the rows are found where a database has no RETURNING is in `isomorph.orm.modifying`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, cast, overload

from typing_extensions import TypeVar

from isomorph.errors import InvalidQuery
from isomorph.orm.aliases import Entity, ModelAlias
from isomorph.orm.assigning import Changes, changes_of
from isomorph.orm.collection import Collection
from isomorph.orm.derived import Derived
from isomorph.orm.modifying import modification, modify_returning
from isomorph.orm.plans import run
from isomorph.orm.selecting import Selectable, Selects
from isomorph.orm.selection import Selection, select_from
from isomorph.orm.writing_by_query import WritingByQuery
from isomorph.sql.assignments import Assignment
from isomorph.sql.expressions import Expression
from isomorph.sql.naming import checked_name
from isomorph.sql.sources import Cte, CteSource
from isomorph.sql.trees import has_aggregate, reads

if TYPE_CHECKING:
    from isomorph.orm.model import Model

__all__ = ["Returning", "ReturningQuery"]

M = TypeVar("M", bound="Model")
Result_co = TypeVar("Result_co", covariant=True)
Table_co = TypeVar("Table_co", covariant=True)
T1 = TypeVar("T1")
T2 = TypeVar("T2")
T3 = TypeVar("T3")
T4 = TypeVar("T4")
T5 = TypeVar("T5")
T6 = TypeVar("T6")
T7 = TypeVar("T7")
T8 = TypeVar("T8")
T9 = TypeVar("T9")
T10 = TypeVar("T10")
T11 = TypeVar("T11")
T12 = TypeVar("T12")


class Returning(Generic[Result_co, Table_co]):
    """A query that is about to write its rows, and what is to be read of them.

    Columns of the table that is written are read as they are then: after an update, before a delete. Columns of joined
    tables are read as they were before. The rows come in no order.
    """

    __slots__ = ("_is_model", "_query", "_selection")

    def __init__(self, query: WritingByQuery, items: tuple[object, ...]) -> None:
        """Called by `returning`.

        Raises:
            InvalidQuery: nothing to return, an expression over the written table and others, or what may be missing.
            InvalidValue: neither an expression nor a model.
        """
        self._query = query
        self._selection: Selection[Any] = select_from(query, items)
        self._is_model = len(items) == 1 and isinstance(self._selection._items[0], Entity)
        table = query._statement.table
        for item in self._selection._items:
            if has_aggregate(item) or item._is_windowed():
                raise InvalidQuery(
                    f"returning(): {item._where()} is of many rows, and each row is returned",
                    "compute it of what is returned",
                )
            tables = set(reads(item))
            if table in tables and len(tables) > 1:
                raise InvalidQuery(
                    f"returning(): {item._where()} reads {' and '.join(sorted(tables))} at once",
                    "return its parts, and compute it in Python",
                )

    def update_with(self, *assignments: Assignment, all_rows: bool = False) -> Result_co:
        """Set columns of all rows; see `update_with` of the query.

        Returns:
            What was asked for, of each row that was found.

        Raises:
            InvalidQuery: as there; or a column of the primary key, by which the rows are known.
        """
        return self._written(self._changes(assignments, "update_with()", all_rows=all_rows))

    def delete(self, *, all_rows: bool = False) -> Result_co:
        """Delete the rows; see `delete` of the query.

        Returns:
            What was asked for, of each row that was deleted.
        """
        self._query._check_writable("delete()", all_rows=all_rows)
        return self._written(None)

    def update_cte(self, name: str, *assignments: Assignment, all_rows: bool = False) -> Table_co:
        """The update as a common table expression, whose rows are those that were updated (PostgreSQL).

        Raises:
            InvalidValue: a name that no database takes.
            NotSupported: when it is run, on another database.
        """
        return self._as_table(name, self._changes(assignments, "update_cte()", all_rows=all_rows), "update_cte()")

    def delete_cte(self, name: str, *, all_rows: bool = False) -> Table_co:
        """The delete as a common table expression, whose rows are those that were deleted (PostgreSQL).

        A statement that reads it deletes them, once, whatever it reads of it.

        Raises:
            InvalidValue: a name that no database takes.
            NotSupported: when it is run, on another database.
        """
        self._query._check_writable("delete_cte()", all_rows=all_rows)
        return self._as_table(name, None, "delete_cte()")

    def _changes(self, assignments: tuple[Assignment, ...], what: str, *, all_rows: bool) -> Changes:
        query = self._query
        query._check_writable(what, all_rows=all_rows)
        changes = changes_of(query._definition, query._statement, assignments, what)
        for name in query._definition.model.table.primary_key:
            if name in changes:
                raise InvalidQuery(f"{what} with returning() sets {name}, by which rows are known", "update it apart")
        return changes

    def _written(self, changes: Changes | None) -> Result_co:
        executor = self._query._executor
        rows = run(executor, modify_returning(self._query, self._selection, changes, executor))
        found: object = Collection([row[0] for row in rows]) if self._is_model else rows
        return cast("Result_co", found)

    def _as_table(self, name: str, changes: Changes | None, what: str) -> Table_co:
        query, statement = self._query, self._selection._select
        columns, names = statement.selected, statement.output_names()
        made = modification(query._definition, query._statement, changes, columns)
        source = CteSource(Cte(checked_name(name, what), names, made), name)
        if not self._is_model:
            return cast("Table_co", Derived[Any](source, columns, names, query))
        entity = cast("Entity[Any]", self._selection._items[0])
        if entity.definition is not query._definition:
            raise InvalidQuery(
                f"returning({entity.definition.name}) of a query for {query._definition.name} as a table",
                "return the columns that are needed",
            )
        blank = query._copy()._start(query._definition)
        blank._connection = query._connection
        blank._statement.predicates = ()  # the rows went through the global scopes already
        return cast("Table_co", ModelAlias(query._definition, source, lambda: blank))


class ReturningQuery(WritingByQuery):
    """The part of a query for objects that writes and tells what it wrote."""

    __slots__ = ()

    @overload
    def returning(self, model: Selects[M], /) -> Returning[Collection[M], type[M]]: ...
    @overload
    def returning(self, c1: Expression[T1], /) -> Returning[list[tuple[T1]], Derived[tuple[T1]]]: ...
    @overload
    def returning(
        self,
        c1: Selectable[T1],
        c2: Selectable[T2],
        /,
    ) -> Returning[list[tuple[T1, T2]], Derived[tuple[T1, T2]]]: ...
    @overload
    def returning(
        self,
        c1: Selectable[T1],
        c2: Selectable[T2],
        c3: Selectable[T3],
        /,
    ) -> Returning[list[tuple[T1, T2, T3]], Derived[tuple[T1, T2, T3]]]: ...
    @overload
    def returning(
        self,
        c1: Selectable[T1],
        c2: Selectable[T2],
        c3: Selectable[T3],
        c4: Selectable[T4],
        /,
    ) -> Returning[list[tuple[T1, T2, T3, T4]], Derived[tuple[T1, T2, T3, T4]]]: ...
    @overload
    def returning(
        self,
        c1: Selectable[T1],
        c2: Selectable[T2],
        c3: Selectable[T3],
        c4: Selectable[T4],
        c5: Selectable[T5],
        /,
    ) -> Returning[list[tuple[T1, T2, T3, T4, T5]], Derived[tuple[T1, T2, T3, T4, T5]]]: ...
    @overload
    def returning(
        self,
        c1: Selectable[T1],
        c2: Selectable[T2],
        c3: Selectable[T3],
        c4: Selectable[T4],
        c5: Selectable[T5],
        c6: Selectable[T6],
        /,
    ) -> Returning[list[tuple[T1, T2, T3, T4, T5, T6]], Derived[tuple[T1, T2, T3, T4, T5, T6]]]: ...
    @overload
    def returning(
        self,
        c1: Selectable[T1],
        c2: Selectable[T2],
        c3: Selectable[T3],
        c4: Selectable[T4],
        c5: Selectable[T5],
        c6: Selectable[T6],
        c7: Selectable[T7],
        /,
    ) -> Returning[list[tuple[T1, T2, T3, T4, T5, T6, T7]], Derived[tuple[T1, T2, T3, T4, T5, T6, T7]]]: ...
    @overload
    def returning(
        self,
        c1: Selectable[T1],
        c2: Selectable[T2],
        c3: Selectable[T3],
        c4: Selectable[T4],
        c5: Selectable[T5],
        c6: Selectable[T6],
        c7: Selectable[T7],
        c8: Selectable[T8],
        /,
    ) -> Returning[list[tuple[T1, T2, T3, T4, T5, T6, T7, T8]], Derived[tuple[T1, T2, T3, T4, T5, T6, T7, T8]]]: ...
    @overload
    def returning(
        self,
        c1: Selectable[T1],
        c2: Selectable[T2],
        c3: Selectable[T3],
        c4: Selectable[T4],
        c5: Selectable[T5],
        c6: Selectable[T6],
        c7: Selectable[T7],
        c8: Selectable[T8],
        c9: Selectable[T9],
        /,
    ) -> Returning[
        list[tuple[T1, T2, T3, T4, T5, T6, T7, T8, T9]], Derived[tuple[T1, T2, T3, T4, T5, T6, T7, T8, T9]]
    ]: ...
    @overload
    def returning(
        self,
        c1: Selectable[T1],
        c2: Selectable[T2],
        c3: Selectable[T3],
        c4: Selectable[T4],
        c5: Selectable[T5],
        c6: Selectable[T6],
        c7: Selectable[T7],
        c8: Selectable[T8],
        c9: Selectable[T9],
        c10: Selectable[T10],
        /,
    ) -> Returning[
        list[tuple[T1, T2, T3, T4, T5, T6, T7, T8, T9, T10]], Derived[tuple[T1, T2, T3, T4, T5, T6, T7, T8, T9, T10]]
    ]: ...
    @overload
    def returning(
        self,
        c1: Selectable[T1],
        c2: Selectable[T2],
        c3: Selectable[T3],
        c4: Selectable[T4],
        c5: Selectable[T5],
        c6: Selectable[T6],
        c7: Selectable[T7],
        c8: Selectable[T8],
        c9: Selectable[T9],
        c10: Selectable[T10],
        c11: Selectable[T11],
        /,
    ) -> Returning[
        list[tuple[T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11]],
        Derived[tuple[T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11]],
    ]: ...
    @overload
    def returning(
        self,
        c1: Selectable[T1],
        c2: Selectable[T2],
        c3: Selectable[T3],
        c4: Selectable[T4],
        c5: Selectable[T5],
        c6: Selectable[T6],
        c7: Selectable[T7],
        c8: Selectable[T8],
        c9: Selectable[T9],
        c10: Selectable[T10],
        c11: Selectable[T11],
        c12: Selectable[T12],
        /,
    ) -> Returning[
        list[tuple[T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12]],
        Derived[tuple[T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12]],
    ]: ...
    def returning(self, *columns: Any) -> Returning[Any, Any]:
        """Have the write that follows return columns, expressions or whole objects of the rows it writes.

        `query.returning(Post).delete()` gives objects, `query.returning(Post.id, User.name).update_with(...)` typed tuples.
        Where the database cannot return them (UPDATE on MariaDB and MySQL; joined columns on SQLite) they are read by
        further statements in one transaction, with the same result.

        Args:
            columns: one model, for objects; else what `select` takes, up to twelve.

        Raises:
            InvalidQuery: one may be missing (left join) and is not marked `.optional()`; or an expression reads the written
                table and others at once.
        """
        return Returning(self, columns)
