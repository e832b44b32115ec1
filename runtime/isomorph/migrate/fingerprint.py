"""What is in a database, as one digest: the same before and after a statement that was not done."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256

from isomorph.migrate.connection import Connection

__all__ = ["described", "fingerprint"]


def described(connection: Connection, without: Collection[str] = ()) -> list[tuple[str, ...]]:
    """All that DDL made in the connection's own schema, as sorted text, but for the tables of these names."""
    text = connection.dialect.ddl.text
    return sorted(
        (str(number), *map(str, row))
        for number, query in enumerate(connection.dialect.contents.structure)
        for row in connection.fetch(text(query))
        if row[0] not in without
    )


def fingerprint(connection: Connection, without: Collection[str] = ()) -> str:
    """The digest of it."""
    return sha256(repr(described(connection, without)).encode()).hexdigest()
