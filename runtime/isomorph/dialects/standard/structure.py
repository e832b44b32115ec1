"""What a database is asked for all that is in it, without knowing what should be.

That is how to see whether a statement was done, whether two ways lead to the same, and what to drop to empty it. Pure text; a dialect's instance is in its own `structure`. The queries see the connection's own schema.
"""

from __future__ import annotations

from isomorph.dataclassing import dataclass

__all__ = ["ContentRules", "Leftovers"]


@dataclass(frozen=True, slots=True)
class ContentRules:
    """What a dialect is asked.

    Attributes:
        structure: queries whose rows, sorted, differ when anything that DDL makes differs; the first column is the name
            of what the row is about, or of its table.
        drops: queries of (name, statement that drops it): run in order they empty the database, when foreign keys are
            set aside (`without_keys`). As people write statements: `%` is not doubled.
        without_keys: statements that set foreign keys aside for the session, and those that bring them back.
    """

    structure: tuple[str, ...]
    drops: tuple[str, ...]
    without_keys: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What a statement may leave behind that fails outside of a transaction.

    Attributes:
        query: gives a row when there is something, with `%` as the dialect's drivers take it.
        statements: what takes it away, likewise.
    """

    query: str
    statements: tuple[str, ...]
