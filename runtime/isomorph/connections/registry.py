"""All connections of a program, by name. Owns which one a name stands for right now: `using`, `override`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Self

from isomorph.connections.connection import Annotate, Connection
from isomorph.connections.settings import ConnectionSettings, PoolSettings
from isomorph.connections.url import environment, resolve
from isomorph.errors import UnknownConnection

__all__ = ["DEFAULT", "Connections"]

DEFAULT = "default"


class Connections:
    """The connections that a schema declares.

    A connection is made of its settings when it is first asked for, and opened when it is first used; so a variable
    that is missing for one connection does not stop a program that never uses it.

    Args:
        settings: by name.
        root: the schema's folder: a `.env` in it is read, relative SQLite paths start from it.
        default: the name that stands for no name.
        environ: where settings are looked up; None for the process's environment over `.env`.
        annotate: completes constraint violations with model and fields.
        sleep: how `run` waits before it tries again.
    """

    def __init__(
        self,
        settings: Mapping[str, ConnectionSettings],
        root: Path | None = None,
        *,
        default: str = DEFAULT,
        environ: Mapping[str, str] | None = None,
        annotate: Annotate | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings, self._root, self._default = dict(settings), root, default
        self._environ = environ
        self._annotate, self._sleep = annotate, sleep
        self._current: dict[str, Connection] = {}
        self._making = threading.RLock()
        self._using: ContextVar[str | None] = ContextVar("isomorph_using", default=None)
        self._redirected = False  # whether `using` was ever used: until then nobody pays for it

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def names(self) -> tuple[str, ...]:
        """The names that the schema declares."""
        return tuple(self._settings)

    def current(self, name: str) -> Connection:
        """The connection for a model that is declared on `name`: inside `using`, the default gives way.

        Raises:
            UnknownConnection: there is none of that name.
            InvalidUrl: its settings make no sense.
        """
        if self._redirected and name == self._default:
            name = self._using.get() or name
        return self._current.get(name) or self._made(name)

    def get(self, name: str | None = None) -> Connection:
        """The connection of exactly that name; of no name, the block's default.

        Raises:
            UnknownConnection: there is none of that name.
            InvalidUrl: its settings make no sense.
        """
        if name is None:
            return self.current(self._default)
        connection = self._current.get(name)
        return self._made(name) if connection is None else connection

    def _made(self, name: str) -> Connection:
        if name not in self._settings:
            raise UnknownConnection(name, tuple(self._settings))
        with self._making:
            if name not in self._current:
                self._current[name] = self._new(name, self._settings[name])
            return self._current[name]

    def _new(self, name: str, settings: ConnectionSettings) -> Connection:
        environ = environment(self._root) if self._environ is None else self._environ
        target = resolve(settings, environ, self._root)
        return Connection(name, target, settings.pool, annotate=self._annotate, sleep=self._sleep)

    @contextmanager
    def using(self, name: str) -> Generator[None]:
        """A block in which `name` is the default; in this thread or task only."""
        self.get(name)
        self._redirected = True
        token = self._using.set(name)
        try:
            yield
        finally:
            self._using.reset(token)

    @contextmanager
    def override(
        self, url: str, connection: str = DEFAULT, *, pool: PoolSettings | None = None
    ) -> Generator[Connection]:
        """A block in which a name stands for another database, in all threads; for tests. Closes it at the end.

        Raises:
            UnknownConnection: there is no connection of that name to override.
            InvalidUrl: the URL cannot be read.
        """
        if connection not in self._settings:
            raise UnknownConnection(connection, tuple(self._settings))
        other = self._new(connection, ConnectionSettings(url=url, pool=pool or self._settings[connection].pool))
        with self._making:
            before = self._current.get(connection)
            self._current[connection] = other
        try:
            yield other
        finally:
            with self._making:
                if before is None:
                    self._current.pop(connection, None)
                else:
                    self._current[connection] = before
            other.close()

    @contextmanager
    def bound(self, connection: Connection) -> Generator[None]:
        """A block in which the name of a connection stands for this very one, in all threads; it stays open.

        Raises:
            UnknownConnection: there is no connection of that name.
        """
        name = connection.name
        if name not in self._settings:
            raise UnknownConnection(name, tuple(self._settings))
        with self._making:
            before = self._current.get(name)
            self._current[name] = connection
        try:
            yield
        finally:
            with self._making:
                if before is None:
                    self._current.pop(name, None)
                else:
                    self._current[name] = before

    def connect(self) -> None:
        """Open all connections and see that they answer.

        Raises:
            ConnectionFailed: one does not.
        """
        for name in self._settings:
            self.get(name).ping()

    def close(self) -> None:
        """Close all connections; a later statement opens its connection again."""
        with self._making:
            connections = list(self._current.values())
        for connection in connections:
            connection.close()
