"""Selections as tables: sub-queries in FROM, common table expressions, lists of values.

A column is found by the expression that was selected: `recent[Post.title]` is `Post.title`, read from `recent`, with
its type and its operators.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, cast

from typing_extensions import TypeVar

from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.expressions import Expression
from isomorph.sql.sameness import bare, column_key, is_same
from isomorph.sql.sources import Source
from isomorph.sql.trees import label_of

if TYPE_CHECKING:
    from isomorph.orm.selecting import SourceQuery

__all__ = ["Derived", "Lateral"]

Row_co = TypeVar("Row_co", covariant=True)
C = TypeVar("C", bound="Expression[Any]")


class Derived(Generic[Row_co]):
    """A selection as a table."""

    __slots__ = ("_columns", "_names", "_origin", "_source")

    def __init__(self, source: Source, columns: Sequence[Expression[Any]], names: Sequence[str], origin: Any) -> None:
        """Called by `cte`, `subquery` and their kin.

        Args:
            source: what stands in FROM.
            columns: what was selected.
            names: what these columns are called.
            origin: whose connection queries of it run on.
        """
        self._source, self._columns, self._names, self._origin = source, tuple(columns), tuple(names), origin

    def __getitem__(self, column: C) -> C:
        """A selected column or expression, read from this table.

        Raises:
            InvalidQuery: it was not selected.
            InvalidValue: no column or expression.
        """
        if not isinstance(column, Expression):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue(f"{self._source.name}[...]", "what was selected", type(column).__name__)
        label, key = label_of(column), column_key(bare(column))
        for item, name in zip(self._columns, self._names, strict=True):
            is_named = label is not None and label == label_of(item)
            is_column = key is not None and key == column_key(bare(item)) and label_of(item) in (None, label)
            if is_named or is_column or is_same(bare(item), bare(column)):
                return cast("C", item._referenced(self._source.name, name))
        raise InvalidQuery(
            f"{self._source.name} has no column for {column._where()}",
            "select() it there, and pass the same expression",
        )

    def query(self) -> SourceQuery:
        """A query over this table.

        Raises:
            InvalidQuery: a list of values, which belongs to no database.
        """
        if self._origin is None:
            raise InvalidQuery(f"query() of the values {self._source.name}", "db.table(...) of them, or join them")
        from isomorph.orm.selecting import SourceQuery  # noqa: PLC0415 - the two know each other

        return SourceQuery._of(self._origin, self._source.name, self._source)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._source.name}>"


class Lateral(Derived[Row_co]):
    """A selection as a table that may read the tables which it is joined to: what belongs to each of their rows."""

    __slots__ = ()
