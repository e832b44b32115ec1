"""What a database would say of itself if a state had been made in it: the state is made beside, described, and taken away.

SQLite makes it in memory; PostgreSQL in a schema of its own within a transaction that is rolled back; MySQL in a database
of its own, which is dropped.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Final, cast

from isomorph.catalog import ObjectKind
from isomorph.connections import Connection, parse
from isomorph.errors import ConnectionFailed, InvalidOperation, PermissionDenied
from isomorph.migrate import CreateObject, Operations, State
from isomorph.migrate.planning import steps
from isomorph_generator.introspect.raw import RawDatabase
from isomorph_generator.introspect.reading import described
from isomorph_generator.migrations.autodetector import detect

__all__ = ["expected_of"]

_PREFIX = "isomorph_drift_"
_SHARED = frozenset({ObjectKind.EXTENSION, ObjectKind.SCHEMA})
"""Objects that do not belong to a schema, so that those that are there already are not made once more."""


def expected_of(state: State, connection: Connection) -> RawDatabase:
    """The description of a database in which a state has just been made.

    Args:
        state: the tables, enums and declared objects.
        connection: where it is made and taken away again; not in a transaction.

    Raises:
        InvalidOperation: the user may not make it there.
    """
    with _PLACES[connection.dialect.name](connection) as place:
        for step in steps(_operations(state, place), place.dialect, State()):
            for statement in step.statements:
                place.execute(statement)
        return described(place)


def _operations(state: State, connection: Connection) -> Operations:
    """What makes a state from nothing: objects that others need first, those that need tables last."""
    there: frozenset[str] = frozenset()
    if state.objects and connection.dialect.name == "postgresql":
        rows = connection.fetch("SELECT extname FROM pg_extension UNION SELECT nspname FROM pg_namespace")
        there = frozenset(name for (name,) in rows)
    shared = [made for (kind, name), made in state.objects.items() if kind in _SHARED and name not in there]
    own = [made for (kind, _), made in state.objects.items() if kind not in _SHARED]
    return (
        *map(CreateObject, shared),
        *detect(State(), state.with_objects(())),
        *map(CreateObject, own),
    )


# --- where it is made ------------------------------------------------------------------------------------------------


@contextmanager
def _in_memory(connection: Connection) -> Generator[Connection]:
    del connection
    place = Connection("drift", parse("sqlite://"))
    try:
        yield place
    finally:
        place.close()


class _Undone(Exception):
    """Leaves a transaction whose work is not to stay."""


@contextmanager
def _in_schema(connection: Connection) -> Generator[Connection]:
    name = _name()
    try:
        with connection.transaction():
            path = cast(str, connection.fetch("SELECT current_setting('search_path')")[0][0])
            with _allowed("a schema", "GRANT CREATE ON DATABASE ... TO ..."):
                connection.execute(f"CREATE SCHEMA {connection.dialect.quoted(name)}")
            connection.fetch("SELECT set_config('search_path', %s, true)", (f"{name}, {path}",))
            yield connection
            raise _Undone
    except _Undone:
        return


@contextmanager
def _in_database(connection: Connection) -> Generator[Connection]:
    quoted = connection.dialect.quoted
    name = _name()
    with connection.session():
        own = cast("str | None", connection.fetch("SELECT DATABASE()")[0][0])
        with _allowed("a database", f"GRANT ALL ON `{_PREFIX}%`.* TO ..."):
            connection.execute(f"CREATE DATABASE {quoted(name)}")
        try:
            connection.execute(f"USE {quoted(name)}")
            yield connection
        finally:
            if own is not None:
                connection.execute(f"USE {quoted(own)}")
            connection.execute(f"DROP DATABASE {quoted(name)}")


@contextmanager
def _allowed(what: str, grant: str) -> Generator[None]:
    try:
        yield
    except (PermissionDenied, ConnectionFailed) as error:
        said = f"the tables that are expected are made in {what} of their own for comparison, which the user may not create"
        raise InvalidOperation(said, f"{grant}, or name a database where it may with --scratch") from error


def _name() -> str:
    return _PREFIX + secrets.token_hex(4)


_PLACES: Final[Mapping[str, Callable[[Connection], AbstractContextManager[Connection]]]] = {
    "sqlite": _in_memory,
    "postgresql": _in_schema,
    "mysql": _in_database,
}
