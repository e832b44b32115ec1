"""`select`: columns, expressions and whole models as typed tuples; and queries of tables that have no model."""

from __future__ import annotations

from typing import Any, Self, TypeAlias, TypeVar, overload

from isomorph.orm.aliases import Selects
from isomorph.orm.builder import QueryBuilder
from isomorph.orm.counting import Counting
from isomorph.orm.selection import Selection, select_from
from isomorph.sql.expressions import Expression
from isomorph.sql.select import Select
from isomorph.sql.sources import Source

__all__ = ["Selectable", "Selecting", "Selects", "SourceQuery"]

T = TypeVar("T")
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


Selectable: TypeAlias = Expression[T] | Selects[T]
"""What can be selected: a column, an expression, or a model or alias for whole objects."""


class Selecting(QueryBuilder):
    """The part of a query that reads columns instead of objects."""

    __slots__ = ()

    @overload
    def select(
        self,
        c1: Selectable[T1],
        /,
    ) -> Selection[tuple[T1]]: ...
    @overload
    def select(
        self,
        c1: Selectable[T1],
        c2: Selectable[T2],
        /,
    ) -> Selection[tuple[T1, T2]]: ...
    @overload
    def select(
        self,
        c1: Selectable[T1],
        c2: Selectable[T2],
        c3: Selectable[T3],
        /,
    ) -> Selection[tuple[T1, T2, T3]]: ...
    @overload
    def select(
        self,
        c1: Selectable[T1],
        c2: Selectable[T2],
        c3: Selectable[T3],
        c4: Selectable[T4],
        /,
    ) -> Selection[tuple[T1, T2, T3, T4]]: ...
    @overload
    def select(
        self,
        c1: Selectable[T1],
        c2: Selectable[T2],
        c3: Selectable[T3],
        c4: Selectable[T4],
        c5: Selectable[T5],
        /,
    ) -> Selection[tuple[T1, T2, T3, T4, T5]]: ...
    @overload
    def select(
        self,
        c1: Selectable[T1],
        c2: Selectable[T2],
        c3: Selectable[T3],
        c4: Selectable[T4],
        c5: Selectable[T5],
        c6: Selectable[T6],
        /,
    ) -> Selection[tuple[T1, T2, T3, T4, T5, T6]]: ...
    @overload
    def select(
        self,
        c1: Selectable[T1],
        c2: Selectable[T2],
        c3: Selectable[T3],
        c4: Selectable[T4],
        c5: Selectable[T5],
        c6: Selectable[T6],
        c7: Selectable[T7],
        /,
    ) -> Selection[tuple[T1, T2, T3, T4, T5, T6, T7]]: ...
    @overload
    def select(
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
    ) -> Selection[tuple[T1, T2, T3, T4, T5, T6, T7, T8]]: ...
    @overload
    def select(
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
    ) -> Selection[tuple[T1, T2, T3, T4, T5, T6, T7, T8, T9]]: ...
    @overload
    def select(
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
    ) -> Selection[tuple[T1, T2, T3, T4, T5, T6, T7, T8, T9, T10]]: ...
    @overload
    def select(
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
    ) -> Selection[tuple[T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11]]: ...
    @overload
    def select(
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
    ) -> Selection[tuple[T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12]]: ...
    def select(self, *columns: Any) -> Selection[Any]:
        """Read columns, expressions and whole models: each row is a tuple of their values, typed (up to twelve).

        Args:
            columns: columns such as `User.name`, expressions, and models or aliases for whole objects.

        Raises:
            InvalidQuery: one may be missing (left join) and is not marked `.optional()`; or relations were included.
        """
        self._check_selectable()
        return select_from(self, columns)

    def _check_selectable(self) -> None:
        """Refuse a query whose rows cannot be tuples."""

    def pluck(self, column: Selectable[T], /) -> list[T]:
        """The values of one column."""
        return [row[0] for row in self.select(column).get()]

    def value(self, column: Selectable[T], /) -> T | None:
        """The value of one column in the first row, or None without rows."""
        row = self.select(column).first()
        return None if row is None else row[0]


class SourceQuery(Counting, Selecting):
    """A query over a table without a model: a selection as a table, or a table by name. Say what to read by `select`."""

    __slots__ = ()

    @classmethod
    def _of(cls, origin: QueryBuilder, name: str, source: Source | None) -> Self:
        """A query over a source, on the connection of another query."""
        made = object.__new__(cls)
        made._definition, made._connection = origin._definition, origin._connection
        made._statement = Select(name, (), source)
        return made
