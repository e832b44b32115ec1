"""Orders in which tables and columns can be made: each behind what it needs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from isomorph.catalog import Column, ForeignKey, Table, columns_of

__all__ = ["OrderedTables", "ordered_columns"]


def ordered_columns(columns: Iterable[Column]) -> list[Column]:
    """Columns, each behind those that it is generated from, and that it stands behind."""
    waiting = list(columns)
    found: list[Column] = []
    while waiting:
        names = {column.name for column in waiting}
        ready = (column for column in waiting if not names & (_needed(column) - {column.name}))
        column = next(ready, waiting[0])
        waiting.remove(column)
        found.append(column)
    return found


def _needed(column: Column) -> frozenset[str]:
    """The other columns of its table without which it cannot be added."""
    sources = () if column.generated is None else columns_of(column.generated.expression)
    return frozenset(sources if column.after is None else (*sources, column.after))


class OrderedTables:
    """Tables, each behind those among them that it references, otherwise in the order given.

    Attributes:
        tables: the tables; foreign keys that close a circle are cut out of them.
        cut: those foreign keys, each with the name of its table.

    Guards are left out of the tables: they come and go by operations of their own.
    """

    def __init__(self, tables: Sequence[Table]) -> None:
        self.tables: list[Table] = []
        self.cut: list[tuple[str, ForeignKey]] = []
        self._waiting = {table.name: table for table in tables}
        self._open: dict[str, None] = {}
        for table in tables:
            self._place(table.name)

    def _place(self, first: str) -> None:
        """Place a table, and before it, depth first, those that it references."""
        stack = [first]
        while stack:
            table = self._waiting.get(stack[-1])
            if table is None:
                stack.pop()
                continue
            self._open[table.name] = None
            ahead = [key for key in table.foreign_keys if key.table in self._waiting and key.table != table.name]
            unvisited = [key.table for key in ahead if key.table not in self._open]
            if unvisited:
                stack.append(unvisited[0])
                continue
            # What is still ahead waits for this table: a circle.
            self.cut += [(table.name, key) for key in ahead]
            rest = tuple(key for key in table.foreign_keys if key not in ahead)
            self.tables.append(replace(table, foreign_keys=rest, guards=()))
            del self._waiting[table.name]
