"""Emptying a database."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import nullcontext

from isomorph.migrate.connection import Connection

__all__ = ["is_empty", "wipe", "wipe_tables"]


def is_empty(connection: Connection) -> bool:
    """Whether there is nothing that `wipe` would drop."""
    text = connection.dialect.ddl.text
    return not any(connection.fetch(text(query)) for query in connection.dialect.contents.drops)


def wipe(connection: Connection) -> tuple[str, ...]:
    """Drop all tables, views, types and functions of the connection's own schema, with all rows, whoever made them.

    Where DDL takes part in transactions, all of it or nothing.

    Returns:
        The names of what was dropped, in order.
    """
    with connection.session():
        return wipe_tables(connection)


def wipe_tables(connection: Connection, kept: Collection[str] = ()) -> tuple[str, ...]:
    """The same, but for the tables of these names; in one session."""
    contents = connection.dialect.contents
    off, on = contents.without_keys
    dropped: list[str] = []
    for statement in off:
        connection.execute(statement)
    try:
        transactional = "transactional_ddl" in connection.capabilities
        with connection.transaction() if transactional else nullcontext():
            for query in contents.drops:
                for name, statement in connection.fetch(connection.dialect.ddl.text(query)):
                    if name not in kept:
                        connection.execute(connection.dialect.ddl.text(statement))
                        dropped.append(name)
    finally:
        for statement in on:
            connection.execute(statement)
    return tuple(dropped)
