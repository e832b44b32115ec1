"""ISOMORPH_ECHO=1: the SQL of any program on stderr, with the time it took, never with values.

A pool that lends connections which speak out; a program that did not ask for it never meets this module.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Sequence
from time import perf_counter
from types import TracebackType

from isomorph.connections.pool import Pool, PoolStatistics
from isomorph.dialects.base import Dialect
from isomorph.drivers.base import DriverConnection, Parameters, Row

__all__ = ["EchoPool"]


class _Timed:
    """Prints a statement when it has ended."""

    __slots__ = ("_began", "_name", "_sql")

    def __init__(self, name: str, sql: str) -> None:
        self._name, self._sql = name, sql

    def __enter__(self) -> None:
        self._began = perf_counter()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        took_ms = (perf_counter() - self._began) * 1000
        outcome = f" -- {kind.__name__}" if kind is not None else ""
        sys.stderr.write(f"[{self._name} {took_ms:.1f} ms] {self._sql}{outcome}\n")


class _Echo:
    """A driver connection that prints what it runs."""

    def __init__(self, inner: DriverConnection, name: str) -> None:
        self.inner, self._name = inner, name

    @property
    def dialect(self) -> Dialect:
        return self.inner.dialect

    @property
    def capabilities(self) -> frozenset[str]:
        return self.inner.capabilities

    @property
    def in_transaction(self) -> bool:
        return self.inner.in_transaction

    @property
    def closed(self) -> bool:
        return self.inner.closed

    def fetch(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        with _Timed(self._name, sql):
            return self.inner.fetch(sql, parameters)

    def fetch_one(self, sql: str, parameters: Parameters = ()) -> Row | None:
        with _Timed(self._name, sql):
            return self.inner.fetch_one(sql, parameters)

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        with _Timed(self._name, sql):
            return self.inner.execute(sql, parameters)

    def insert(self, sql: str, parameters: Parameters = ()) -> int:
        with _Timed(self._name, sql):
            return self.inner.insert(sql, parameters)

    def execute_many(self, sql: str, rows: Sequence[Parameters]) -> int:
        with _Timed(self._name, f"{sql} -- {len(rows)} times"):
            return self.inner.execute_many(sql, rows)

    def stream(self, sql: str, parameters: Parameters, size: int) -> Generator[list[Row]]:
        with _Timed(self._name, f"{sql} -- streamed"):
            yield from self.inner.stream(sql, parameters, size)

    def begin(self) -> None:
        with _Timed(self._name, "BEGIN"):
            self.inner.begin()

    def commit(self) -> None:
        with _Timed(self._name, "COMMIT"):
            self.inner.commit()

    def rollback(self) -> None:
        with _Timed(self._name, "ROLLBACK"):
            self.inner.rollback()

    def ping(self) -> bool:
        return self.inner.ping()

    def stale(self) -> bool:
        return self.inner.stale()

    def close(self) -> None:
        self.inner.close()


class EchoPool:
    """A pool whose connections print what they run."""

    def __init__(self, inner: Pool, name: str) -> None:
        self._inner, self._name = inner, name
        self.kept, self.streams_apart = inner.kept, inner.streams_apart

    def acquire(self) -> DriverConnection:
        return _Echo(self._inner.acquire(), self._name)

    def release(self, connection: DriverConnection) -> None:
        self._inner.release(connection.inner if isinstance(connection, _Echo) else connection)

    def statistics(self) -> PoolStatistics:
        return self._inner.statistics()

    def close(self) -> None:
        self._inner.close()
