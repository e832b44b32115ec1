"""How many rows a query has, and whether any."""

from __future__ import annotations

from isomorph.orm.builder import QueryBuilder

__all__ = ["Counting"]


class Counting(QueryBuilder):
    """The part of every query that counts."""

    __slots__ = ()

    def count(self) -> int:
        """The number of rows."""
        executor = self._executor
        statement = self._rewritten(counting=True)
        row = executor.fetch_one(*statement.compile_count(executor.dialect))
        return int(row[0]) if row is not None else 0

    def exists(self) -> bool:
        """Whether there is a row."""
        executor = self._executor
        statement = self._rewritten(counting=True)
        return executor.fetch_one(*statement.compile_exists(executor.dialect)) is not None
