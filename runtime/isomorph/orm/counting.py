"""How many rows a query has, and whether any."""

from __future__ import annotations

from isomorph.orm.builder import QueryBuilder
from isomorph.sql.tallies import compile_count, compile_exists

__all__ = ["Counting"]


class Counting(QueryBuilder):
    """The part of every query that counts."""

    __slots__ = ()

    def count(self) -> int:
        """The number of rows."""
        executor = self._executor
        statement = self._rewritten(counting=True)
        row = executor.fetch_one(*compile_count(statement, executor.dialect))
        return int(row[0]) if row is not None else 0

    def exists(self) -> bool:
        """Whether there is a row."""
        executor = self._executor
        statement = self._rewritten(counting=True)
        return executor.fetch_one(*compile_exists(statement, executor.dialect)) is not None
