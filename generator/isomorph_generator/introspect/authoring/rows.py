"""Reads what rows hold in the type column of a polymorphic pair. The only part of authoring that asks a database."""

from __future__ import annotations

from isomorph.connections import Connection
from isomorph_generator.introspect.authoring.morphs import MOST_ALIASES, Aliases

__all__ = ["aliases_of"]


def aliases_of(connection: Connection) -> Aliases:
    """What gives the values of a column, each once and in order; of more than `MOST_ALIASES` the first ones and one more."""
    quoted = connection.dialect.quoted

    def ask(table: str, column: str) -> list[str]:
        name = quoted(column)
        sql = (
            f"SELECT DISTINCT {name} FROM {quoted(table)} WHERE {name} IS NOT NULL ORDER BY {name} "  # noqa: S608 - quoted names, no values
            f"LIMIT {MOST_ALIASES + 1}"
        )
        return [str(value) for (value,) in connection.fetch(sql)]

    return ask
