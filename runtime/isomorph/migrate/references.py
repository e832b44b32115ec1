"""What a revision needs around it where tables are rebuilt (SQLite): foreign keys set aside, triggers made again."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from isomorph.errors import MigrationError
from isomorph.migrate.connection import Connection
from isomorph.migrate.planning import Step

__all__ = ["check_references", "triggers_kept", "unenforced"]


@contextmanager
def unenforced(connection: Connection, revision: str) -> Generator[None]:
    """Set foreign keys aside where tables are rebuilt (see `Ddl.rebuild`).

    Raises:
        MigrationError: the connection is in a transaction.
    """
    enforcement = connection.dialect.ddl.enforcement
    if enforcement is None:
        yield
        return
    was_on = bool(connection.fetch(enforcement.is_on)[0][0])
    for statement in (enforcement.off, *enforcement.before):
        connection.execute(statement)
    try:
        # SQLite ignores the switch within a transaction, and rebuilding a table would then delete what references it.
        if connection.fetch(enforcement.is_on)[0][0]:
            what = "the connection is in a transaction, in which foreign keys cannot be set aside"
            raise MigrationError(revision, what, "run revisions outside of transactions")
        yield
    finally:
        for statement in (*enforcement.after, *((enforcement.on,) if was_on else ())):
            connection.execute(statement)


@contextmanager
def triggers_kept(connection: Connection, step: Step) -> Generator[None]:
    """Make again the triggers that a table lost by being rebuilt."""
    enforcement = connection.dialect.ddl.enforcement
    if enforcement is None or not step.rebuilds:
        yield
        return
    before = connection.fetch(enforcement.triggers)
    yield
    after = {name for name, _ in connection.fetch(enforcement.triggers)}
    for name, statement in before:
        if name not in after:
            connection.execute(statement)


def check_references(connection: Connection, revision: str) -> None:
    """See that no row references none.

    Raises:
        MigrationError: one does.
    """
    enforcement = connection.dialect.ddl.enforcement
    if enforcement is None:
        return
    broken = connection.fetch(enforcement.violations)
    if broken:
        table, referenced = broken[0][0], broken[0][2]
        what = f"{len(broken)} rows reference none, such as rows of {table} that have no {referenced}"
        raise MigrationError(
            revision, what, "mend the rows or the revision and run again; this transaction of it was not kept"
        )
