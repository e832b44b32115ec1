"""A connection to SQLite, as far as it is the same with every library: transactions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Sequence

from isomorph.dialects.base import Dialect
from isomorph.dialects.sqlite import SQLITE
from isomorph.drivers.base import Parameters, Row
from isomorph.drivers.sqlite_files import OpenFile
from isomorph.errors import DatabaseError, ReadOnlyDatabase

__all__ = ["SqliteConnectionBase"]


class SqliteConnectionBase(ABC):
    """A connection to a SQLite file, or to a database in memory. Each library derives its own."""

    __slots__ = ("__weakref__", "_begin", "_file", "closed")

    dialect: Dialect = SQLITE
    capabilities = SQLITE.capabilities

    def __init__(self, file: OpenFile, *, read_only: bool) -> None:
        self._file = file
        # A transaction that begins by reading and then writes fails at once with SQLITE_BUSY when another one wrote in
        # between: no waiting helps it. One that asks for the write lock at its start waits its turn.
        self._begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"
        self.closed = False

    @property
    @abstractmethod
    def in_transaction(self) -> bool: ...

    @abstractmethod
    def fetch(self, sql: str, parameters: Parameters = ()) -> list[Row]: ...

    @abstractmethod
    def fetch_one(self, sql: str, parameters: Parameters = ()) -> Row | None: ...

    @abstractmethod
    def execute(self, sql: str, parameters: Parameters = ()) -> int: ...

    @abstractmethod
    def insert(self, sql: str, parameters: Parameters = ()) -> int: ...

    @abstractmethod
    def stream(self, sql: str, parameters: Parameters, size: int) -> Generator[list[Row]]: ...

    @abstractmethod
    def close(self) -> None: ...

    @abstractmethod
    def _execute_all(self, sql: str, rows: Sequence[Parameters]) -> int:
        """Run a statement for each of the rows, at least one, inside a transaction."""

    def execute_many(self, sql: str, rows: Sequence[Parameters]) -> int:
        if not rows:
            return 0
        if self.in_transaction:
            return self._execute_all(sql, rows)
        self.begin()  # all rows or none, and one commit instead of one per row
        try:
            touched = self._execute_all(sql, rows)
            self.commit()
        except BaseException:
            self.rollback()
            raise
        return touched

    def begin(self) -> None:
        try:
            self.execute(self._begin)
        except ReadOnlyDatabase:
            # The file's permissions say so, not the URL.
            self._begin = "BEGIN"
        else:
            return
        self.execute(self._begin)

    def commit(self) -> None:
        self.execute("COMMIT")

    def rollback(self) -> None:
        if self.in_transaction:  # a full disk, for one, ends the transaction by itself
            self.execute("ROLLBACK")

    def ping(self) -> bool:
        try:
            self.execute("SELECT 1")
        except DatabaseError:
            return False
        return True

    def stale(self) -> bool:
        return False
