"""What migrations need of a connection."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from isomorph.dialects.base import Dialect

__all__ = ["Connection"]


class Connection(Protocol):
    """One connection, held by one thread for as long as revisions run on it."""

    @property
    def dialect(self) -> Dialect: ...

    @property
    def capabilities(self) -> frozenset[str]: ...

    def fetch(self, sql: str, parameters: Sequence[Any] = (), /) -> list[tuple[Any, ...]]:
        """Run a statement and return all its rows."""
        ...

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> int:
        """Run a statement without rows."""
        ...

    def transaction(self) -> AbstractContextManager[object]:
        """Commit at the end of the block, roll back when an exception leaves it."""
        ...

    def session(self) -> AbstractContextManager[object]:
        """A block in which all statements run in one session of the server."""
        ...
