"""Doing one revision on a database. Owns the transaction around it and what is said when it fails.

Where DDL takes part in transactions, a revision is done whole or not at all; elsewhere (MySQL, MariaDB) each operation is
one statement, and RevisionFailed tells which of them were done.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from time import perf_counter
from typing import TypeVar

from isomorph.dialects.base import Dialect
from isomorph.errors import DatabaseError, InvalidOperation, MigrationError, RevisionFailed
from isomorph.migrate.connection import Connection
from isomorph.migrate.operations import Operation, TableChange, reverse
from isomorph.migrate.planning import Step, steps
from isomorph.migrate.revision import LoadedRevision
from isomorph.migrate.state import State, fold

__all__ = ["Plan", "execute"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """A revision's way forward or back on one database, and the state from which it starts."""

    revision: LoadedRevision
    steps: tuple[Step, ...]
    before: State


def execute(connection: Connection, plan: Plan, record: Callable[[int], T]) -> T:
    """Do a revision.

    Args:
        connection: not in a transaction.
        plan: what to do.
        record: writes the history, given the milliseconds that the revision took; in its transaction.

    Returns:
        What `record` returns.

    Raises:
        RevisionFailed: the database refused.
        MigrationError: rows are left that reference no row, or the connection is in a transaction; nothing was done.
    """
    transactional = "transactional_ddl" in connection.capabilities
    progress = _Progress()
    started = perf_counter()
    try:
        with _unenforced(connection, plan.revision), connection.transaction() if transactional else nullcontext():
            for step in plan.steps:
                progress.run(connection, step)
            progress.begin("check the foreign keys")
            _check_references(connection, plan.revision)
            progress.begin("write the history")
            result = record(round((perf_counter() - started) * 1000))
            progress.begin("commit")
    except DatabaseError as error:
        kept, undo = ((), ()) if transactional else (progress.kept(), _undo(connection.dialect, plan, progress.done))
        statement = connection.dialect.ddl.printed(progress.statement)
        raise RevisionFailed(plan.revision.id, progress.doing, statement, str(error), kept, undo) from error
    return result


@dataclass(slots=True)
class _Progress:
    """How far a revision came.

    Attributes:
        doing: what is being done, as messages name it.
        statement: the statement at hand; empty between operations.
        finished: how many statements of the step at hand are done.
        done: operations that are done, in order.
    """

    doing: str = "begin"
    statement: str = ""
    finished: int = 0
    done: list[Operation] = field(default_factory=list[Operation])

    def begin(self, doing: str) -> None:
        self.doing, self.statement, self.finished = doing, "", 0

    def run(self, connection: Connection, step: Step) -> None:
        self.begin(str(step))
        with _triggers_kept(connection, step):
            for self.statement in step.statements:
                connection.execute(self.statement)
                self.finished += 1
        self.done += step.operations

    def kept(self) -> tuple[str, ...]:
        """What is done, in words."""
        part = (f"{self.finished} of the statements of: {self.doing}",) if self.finished else ()
        return (*(str(operation) for operation in self.done), *part)


def _undo(dialect: Dialect, plan: Plan, done: list[Operation]) -> tuple[str, ...]:
    """Statements that take back what is done, for a person to run; none when that cannot be told."""
    try:
        back = steps(reverse(done), dialect, fold(done, plan.before))
    except InvalidOperation:
        return ()
    return tuple(dialect.ddl.printed(statement) for step in back for statement in step.statements)


@contextmanager
def _unenforced(connection: Connection, revision: LoadedRevision) -> Generator[None]:
    """Set foreign keys aside where tables are rebuilt (see `Ddl.rebuild`)."""
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
            raise MigrationError(revision.id, what, "run revisions outside of transactions")
        yield
    finally:
        for statement in (*enforcement.after, *((enforcement.on,) if was_on else ())):
            connection.execute(statement)


@contextmanager
def _triggers_kept(connection: Connection, step: Step) -> Generator[None]:
    """Make again the triggers that a table lost by being rebuilt."""
    enforcement = connection.dialect.ddl.enforcement
    if enforcement is None or not all(isinstance(operation, TableChange) for operation in step.operations):
        yield
        return
    before = connection.fetch(enforcement.triggers)
    yield
    after = {name for name, _ in connection.fetch(enforcement.triggers)}
    for name, statement in before:
        if name not in after:
            connection.execute(statement)


def _check_references(connection: Connection, revision: LoadedRevision) -> None:
    enforcement = connection.dialect.ddl.enforcement
    if enforcement is None:
        return
    broken = connection.fetch(enforcement.violations)
    if broken:
        table, referenced = broken[0][0], broken[0][2]
        what = f"{len(broken)} rows reference none, such as rows of {table} that have no {referenced}"
        raise MigrationError(revision.id, what, "mend the rows or the revision; nothing of it was kept")
