"""`drift`: how a live database differs from what a state would make."""

from __future__ import annotations

from collections.abc import Collection

from isomorph.connections import Connection
from isomorph.migrate import State
from isomorph.migrate.history import DEFAULT_NAME
from isomorph_generator.introspect.comparison import Comparison, Side
from isomorph_generator.introspect.differences import Difference, DifferenceKind
from isomorph_generator.introspect.meaning import said
from isomorph_generator.introspect.reading import described
from isomorph_generator.introspect.scratch import expected_of

__all__ = ["compared", "drift"]


def drift(
    connection: Connection,
    state: State,
    *,
    strict: bool = False,
    ignore: Collection[str] = (),
    history_table: str = DEFAULT_NAME,
    scratch: Connection | None = None,
) -> tuple[Difference, ...]:
    """How a database differs from what a state would make in it. Changes nothing.

    The tables of the state are made beside those of the database and described by the database itself, so that both
    sides are in its own spelling: in memory for SQLite; in a schema within a transaction that is rolled back for
    PostgreSQL; in a database that is dropped again for MySQL.

    Args:
        connection: to the database; not in a transaction.
        state: what is expected.
        strict: also what means the same and is only spelled otherwise (`DATETIME` where isomorph makes `DATETIME(6)`), and
            views, functions and triggers that nobody declared.
        ignore: patterns of tables that are no matter of isomorph's: `wp_*`.
        history_table: name of the history table.
        scratch: where to make the expected tables instead, when the user of `connection` may not; of the same dialect and,
            best, the same version.

    Returns:
        The differences, tables in the order of their names; none while the database is as expected.

    Raises:
        InvalidOperation: the expected tables can be made nowhere.
    """
    found = compared(connection, state, ignore=ignore, history_table=history_table, scratch=scratch).differences()
    return tuple(difference for difference in found if strict or difference.kind is not DifferenceKind.SPELLED)


def compared(
    connection: Connection,
    state: State,
    *,
    ignore: Collection[str] = (),
    history_table: str = DEFAULT_NAME,
    scratch: Connection | None = None,
) -> Comparison:
    """Both sides, for who wants more of them than the differences."""
    dialect = connection.dialect.name
    live = described(connection, history_table=history_table, ignore=ignore)
    expected = expected_of(state, scratch or connection)
    return Comparison(
        connection.dialect, state, Side(expected, said(expected, dialect)), Side(live, said(live, dialect))
    )
