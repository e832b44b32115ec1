"""What rules ask of a database: whether rows are in the way, how large tables are. Reads only, a bounded part of a table.

Answers are yes, no or numbers, never a value. About a table that the database does not have (yet, or under that name)
there is no answer: None.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isomorph.migrate import Connection, State

__all__ = ["Live", "Size"]

_ROWS = 1_000_000
"""At how many rows of a table a question looks."""

_SIZES = {
    "postgresql": (
        "SELECT reltuples::bigint, pg_total_relation_size(oid) FROM pg_class"
        " WHERE relname = %s AND relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')"
    ),
    "mysql": (
        "SELECT table_rows, data_length + index_length FROM information_schema.tables"
        " WHERE table_schema = DATABASE() AND table_name = %s"
    ),
}
"""Rows as the server estimates them, and bytes with indexes."""

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


@dataclass(frozen=True, slots=True)
class Size:
    """How large a table is, about.

    Attributes:
        rows: its rows.
        size_bytes: with its indexes; None where that is not known.
    """

    rows: int
    size_bytes: int | None

    def __str__(self) -> str:
        rows = f"{'more than ' if self.rows > _ROWS and self.size_bytes is None else 'about '}{self.rows:,} rows"
        if self.size_bytes is None:
            return rows
        number, unit = float(self.size_bytes), 0
        while number >= 1000 and unit < len(_UNITS) - 1:
            number, unit = number / 1000, unit + 1
        return f"{rows} ({number:.0f} {_UNITS[unit]})"


class Live:
    """A database that can be asked.

    Args:
        connection: to it.
        state: what it holds: the state after the revisions that are applied there.
    """

    def __init__(self, connection: Connection, state: State) -> None:
        self._connection, self._state = connection, state
        self._dialect = connection.dialect
        self._sizes: dict[str, Size | None] = {}

    def size(self, table: str) -> Size | None:
        """How large a table is."""
        if table not in self._sizes:
            self._sizes[table] = self._measured(table) if table in self._state.tables else None
        return self._sizes[table]

    def has_rows(self, table: str) -> bool | None:
        return self._any(f"SELECT 1 FROM {self._quoted(table)} LIMIT 1", ()) if self._knows(table) else None

    def has_nulls(self, table: str, column: str) -> bool | None:
        return self._has(table, (column,), f"{self._quoted(column)} IS NULL")

    def has_longer(self, table: str, column: str, length: int) -> bool | None:
        """Whether a text has more characters than that."""
        measure = "LENGTH" if self._dialect.name == "sqlite" else "CHAR_LENGTH"
        return self._has(table, (column,), f"{measure}({self._quoted(column)}) > {self._mark}", (length,))

    def has_beyond(self, table: str, column: str, bounds: range) -> bool | None:
        """Whether a number is outside of the bounds."""
        own = self._quoted(column)
        given = (bounds.start, bounds.stop - 1)
        return self._has(table, (column,), f"{own} < {self._mark} OR {own} > {self._mark}", given)

    def has_value(self, table: str, column: str, value: str) -> bool | None:
        """Whether a row of an enum's column holds one of its values."""
        own = self._quoted(column)
        text = f"{own}::text" if self._dialect.name == "postgresql" else own
        return self._has(table, (column,), f"{text} = {self._mark}", (value,))

    def has_duplicates(self, table: str, columns: Sequence[str]) -> bool | None:
        """Whether two rows are alike in columns of which none is NULL."""
        if not self._knows(table, *columns):
            return None
        names = ", ".join(map(self._quoted, columns))
        present = " AND ".join(f"{self._quoted(name)} IS NOT NULL" for name in columns)
        some = f"SELECT {names} FROM {self._quoted(table)} WHERE {present} LIMIT {_ROWS}"
        return self._any(f"SELECT 1 FROM ({some}) looked_at GROUP BY {names} HAVING COUNT(*) > 1 LIMIT 1", ())

    def highest(self, table: str, column: str) -> int | None:
        """The highest number of a key."""
        if not self._knows(table, column):
            return None
        found = self._connection.fetch(f"SELECT MAX({self._quoted(column)}) FROM {self._quoted(table)}")[0][0]
        return None if found is None else int(found)

    @property
    def reach(self) -> str:
        """At which rows an answer looks, in words."""
        return f"the first {_ROWS:,} rows"

    # --- asking ------------------------------------------------------------------------------------------------------

    @property
    def _mark(self) -> str:
        return self._dialect.placeholder

    def _quoted(self, name: str) -> str:
        return self._dialect.quoted(name)

    def _knows(self, table: str, *columns: str) -> bool:
        found = self._state.tables.get(table)
        return found is not None and {*columns} <= {column.name for column in found.columns}

    def _has(
        self, table: str, columns: Sequence[str], condition: str, parameters: Sequence[object] = ()
    ) -> bool | None:
        if not self._knows(table, *columns):
            return None
        names = ", ".join(map(self._quoted, columns))
        some = f"SELECT {names} FROM {self._quoted(table)} LIMIT {_ROWS}"
        return self._any(f"SELECT 1 FROM ({some}) looked_at WHERE {condition} LIMIT 1", parameters)

    def _any(self, sql: str, parameters: Sequence[object]) -> bool:
        return bool(self._connection.fetch(sql, parameters))

    def _measured(self, table: str) -> Size | None:
        query = _SIZES.get(self._dialect.name)
        size_bytes = None
        if query is not None:
            found = self._connection.fetch(query, (table,))
            if not found:
                return None
            rows, size_bytes = int(found[0][0] or 0), int(found[0][1] or 0)
            if rows > _ROWS:
                return Size(rows, size_bytes)
        # Few rows are counted, for an estimate is only as good as the last ANALYZE.
        some = f"SELECT 1 FROM {self._quoted(table)} LIMIT {_ROWS + 1}"
        counted = int(self._connection.fetch(f"SELECT COUNT(*) FROM ({some}) looked_at")[0][0])
        return Size(counted, size_bytes)
