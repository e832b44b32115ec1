"""`inspect`: a live database in the words of the catalog."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Final

from isomorph.connections import Connection
from isomorph.migrate.history import DEFAULT_NAME
from isomorph_generator.introspect import mysql, postgresql, sqlite
from isomorph_generator.introspect.inspected import Inspected
from isomorph_generator.introspect.meaning import said
from isomorph_generator.introspect.raw import RawDatabase

__all__ = ["described", "inspect"]

_READERS: Final[Mapping[str, Callable[[Connection, str | None], RawDatabase]]] = {
    "sqlite": sqlite.read,
    "postgresql": postgresql.read,
    "mysql": mysql.read,
}
_OWN = ("", "_lock", "_progress")


def inspect(
    connection: Connection,
    *,
    schema: str | None = None,
    history_table: str = DEFAULT_NAME,
    ignore: Collection[str] = (),
) -> Inspected:
    """What a database holds, in the words of the catalog. Changes nothing.

    Args:
        connection: to the database.
        schema: which one: a schema of PostgreSQL, a database of MySQL's server, an attached one of SQLite; None for the
            connection's own.
        history_table: name of the history table, which is left out with what belongs to it.
        ignore: patterns of tables that are left out as well: `wp_*`.

    Raises:
        InvalidOperation: there is no such schema, or none that the user may use.
    """
    raw = described(connection, schema=schema, history_table=history_table, ignore=ignore)
    return said(raw, connection.dialect.name)


def described(
    connection: Connection,
    *,
    schema: str | None = None,
    history_table: str = DEFAULT_NAME,
    ignore: Collection[str] = (),
) -> RawDatabase:
    """What a database says of itself, without isomorph's own tables and those that are to be ignored."""
    raw = _READERS[connection.dialect.name](connection, schema)
    own = {f"{history_table}{tail}" for tail in _OWN}

    def kept(table: str) -> bool:
        return table not in own and not any(fnmatchcase(table, pattern) for pattern in ignore)

    return replace(
        raw,
        tables=MappingProxyType({name: table for name, table in raw.tables.items() if kept(name)}),
        views=tuple(view for view in raw.views if kept(view.name)),
        triggers=tuple(trigger for trigger in raw.triggers if kept(trigger.table)),
    )
