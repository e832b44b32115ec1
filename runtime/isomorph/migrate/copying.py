"""Copying one column into another, some rows at a time: how a column takes the place of another in a table that is in use.

Owns which rows are copied, and how far a batch goes; how a value of the one type becomes one of the other is the dialect's
(`dialects/*/conversions.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.migrate import rules
from isomorph.migrate.connection import Connection
from isomorph.migrate.data import Data
from isomorph.migrate.operations import Operation
from isomorph.migrate.safely import FillInBatches
from isomorph.migrate.state import State

__all__ = ["CopyColumn", "CopyColumnBack", "copied_in_batches"]

_ROWS = 1_000
"""Rows of a batch."""


class _Copying(Operation):
    """What both directions have in common: they are about two columns, and leave the state as it is."""

    __slots__ = ()

    table: str
    source: str
    target: str

    def apply(self, state: State) -> State:
        rules.check_columns(state.table(self.table), (self.source, self.target))
        return state

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        # Its statements need keys as parameters: see `copied_in_batches`.
        del dialect
        self.apply(state)
        return []


@dataclass(frozen=True, slots=True)
class CopyColumn(_Copying):
    """Copies a column into another one, converted: in batches, each a transaction of its own.

    Taking it back copies nothing. A value that the other column cannot hold stops it.

    Attributes:
        table: their table.
        source: what is copied.
        target: where to.
        anew: whether all rows are copied; otherwise those whose target is NULL, so that an interrupted run goes on with
            those that are left.
    """

    table: str
    source: str
    target: str
    anew: bool = False

    def reverse(self) -> CopyColumnBack:
        return CopyColumnBack(self.table, self.source, self.target, self.anew)

    def __str__(self) -> str:
        return f"copy column {self.table}.{self.source} to {self.target}"


@dataclass(frozen=True, slots=True)
class CopyColumnBack(_Copying):
    """Does nothing; taking it back is a `CopyColumn`, so that the column that is dropped behind it comes back full."""

    table: str
    source: str
    target: str
    anew: bool = False

    def reverse(self) -> CopyColumn:
        return CopyColumn(self.table, self.source, self.target, self.anew)

    def __str__(self) -> str:
        return f"copy column {self.table}.{self.source} to {self.target}, when taken back"


def copied_in_batches(copy: CopyColumn, dialect: Dialect, state: State) -> FillInBatches:
    """The data step that a copy is on a dialect.

    Raises:
        InvalidOperation: it does not fit the state it meets, or values of the one column are none of the other.
    """
    copy.apply(state)
    ddl, table = dialect.ddl, state.table(copy.table)
    source, target = table.column(copy.source), table.column(copy.target)
    before, after = ddl.quoted(source.name), ddl.quoted(target.name)
    value = ddl.conversions(ddl, state.enums).converted(table.name, source, target) or before
    name = ddl.quoted(table.name)
    lacking = "1 = 1" if copy.anew else f"{after} IS NULL AND {before} IS NOT NULL"
    update = f"UPDATE {name} SET {after} = {value} WHERE {lacking}"
    copying = _Copy(name, ddl.quoted(table.primary_key[0]) if table.primary_key else None, update)
    batch = update if copying.key is None else f"{update} AND {copying.key} > ... AND {copying.key} <= ..."
    return FillInBatches(copying.run, atomic=False, operation=copy, title=str(copy), batch=ddl.printed(batch))


@dataclass(frozen=True, slots=True)
class _Copy:
    """The statements of a copy.

    Attributes:
        table: the table, quoted.
        key: the column by whose order batches follow each other, quoted; None where all rows are one.
        update: what copies all rows that lack the value.
    """

    table: str
    key: str | None
    update: str

    def run(self, data: Data) -> None:
        """Copy; the rows that an interrupted run has copied already are passed over."""
        batches = self._batches(data.connection)

        def read(after: int, size: int) -> Sequence[int]:
            del size
            return next(((after + 1,) * rows for rows in batches if rows), ())

        for _ in data.batches(read, _same, start=0, size=0):
            pass

    def _batches(self, connection: Connection) -> Iterator[int]:
        """How many rows each batch copied, one by one, in the transaction of who asks."""
        if self.key is None:
            yield connection.execute(self.update)
            return
        place = connection.dialect.placeholder
        begin: tuple[object, ...] = ()
        while True:
            above = f" AND {self.key} > {place}" if begin else ""
            last = connection.fetch(
                f"SELECT {self.key} FROM {self.table} WHERE 1 = 1{above} ORDER BY {self.key} LIMIT 1 OFFSET {_ROWS - 1}",
                begin,
            )
            if not last:
                yield connection.execute(f"{self.update}{above}", begin)
                return
            end = (last[0][0],)
            yield connection.execute(f"{self.update}{above} AND {self.key} <= {place}", (*begin, *end))
            begin = end


def _same(number: int) -> int:
    return number
