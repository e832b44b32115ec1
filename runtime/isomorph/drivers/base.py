"""What a driver must offer: one small module per client library implements these two protocols.

Connections are in autocommit mode outside `begin` ... `commit`. Parameters are always passed apart from the text, as a
tuple (empty when there are none). Every exception of the client library leaves as an `isomorph.errors` class.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import field
from typing import Any, Protocol

from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect

__all__ = ["Driver", "DriverConnection", "Parameters", "Row", "Target"]

Row = tuple[Any, ...]
"""A row as the client library gives it, in the order of the select list."""

Parameters = Sequence[Any]
"""Bound values in the order of their placeholders, already in the form that the client library takes."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect to: a URL taken apart and resolved against the environment.

    Attributes:
        driver: `sqlite`, `postgresql` or `mysql`.
        database: the database's name; a file path (or `:memory:`) for SQLite.
        options: further options by name, as text.
        library: the client library that the URL chose, `mysqlclient` or `apsw`; None for the usual one.
    """

    driver: str
    database: str
    host: str | None = None
    port: int | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    library: str | None = None


class DriverConnection(Protocol):
    """One open connection, used by one thread at a time."""

    @property
    def dialect(self) -> Dialect: ...

    @property
    def capabilities(self) -> frozenset[str]:
        """The dialect's capabilities, narrowed or widened by what this server's version can."""
        ...

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open: false again when an error made the database end it."""
        ...

    @property
    def closed(self) -> bool:
        """Whether it can no longer be used: closed, or lost (a driver closes itself when the connection is lost)."""
        ...

    def fetch(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Run a statement and return all its rows."""
        ...

    def fetch_one(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """Run a statement and return its first row, or None."""
        ...

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        """Run a statement without rows and return how many rows it touched (-1 when the database does not say)."""
        ...

    def insert(self, sql: str, parameters: Parameters = ()) -> int:
        """Run an INSERT of one row without RETURNING and return the key that the database gave (0 when none).

        Only for dialects with the capability `last_insert_id` (SQLite, MySQL).
        """
        ...

    def execute_many(self, sql: str, rows: Sequence[Parameters]) -> int:
        """Run a statement once per tuple of parameters, as the client library does best; return the rows touched.

        PostgreSQL's `COPY ... FROM STDIN` is run once, and takes the tuples as its rows.
        """
        ...

    def stream(self, sql: str, parameters: Parameters, size: int) -> Generator[list[Row]]:
        """Run a statement and give its rows in batches of `size`, in constant memory; close() ends it early.

        Other statements may run meanwhile. On MySQL they make the rest of the rows be read into memory first.
        """
        ...

    def begin(self) -> None: ...

    def commit(self) -> None: ...

    def rollback(self) -> None: ...

    def ping(self) -> bool:
        """Whether the connection still answers. One round trip."""
        ...

    def stale(self) -> bool:
        """Whether there is reason to ping before use: the server hung up or spoke unasked. No round trip."""
        ...

    def close(self) -> None: ...


class Driver(Protocol):
    """A client library."""

    dialect: Dialect

    def connect(self, target: Target) -> DriverConnection:
        """Open a connection with defaults right for production.

        Raises:
            ConnectionFailed: the server does not answer or refuses.
            DatabaseMissing: it has no such database.
        """
        ...
