"""Running revisions: forward, back, as text. Owns which are run, in which order, and what must hold before.

Everything is planned before the first statement is run, so that a revision that cannot be said on this database stops the
run while nothing is done.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidOperation, MigrationError
from isomorph.migrate.connection import Connection
from isomorph.migrate.execution import Plan, execute
from isomorph.migrate.history import DEFAULT_NAME, Applied, History
from isomorph.migrate.operations import Operation
from isomorph.migrate.planning import steps
from isomorph.migrate.revision import LoadedRevision, Revisions, folded
from isomorph.migrate.state import State, fold

__all__ = ["Report", "RevisionSql", "RevisionState", "RevisionStatus", "rollback", "run", "sql", "status"]

Report = Callable[[LoadedRevision, int], None]
"""Told after each revision, with its duration in milliseconds."""


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _no_report(revision: LoadedRevision, duration_ms: int) -> None:
    del revision, duration_ms


# --- what is applied -------------------------------------------------------------------------------------------------


class RevisionState(enum.StrEnum):
    """How a revision stands to a database."""

    APPLIED = "applied"
    PENDING = "pending"
    EDITED = "edited"
    """Applied, and its file was changed since."""
    MISSING = "missing"
    """Applied, and there is no file of it."""


@dataclass(frozen=True, slots=True)
class RevisionStatus:
    """A revision and how it stands to a database; `applied` is None while it is pending."""

    id: str
    state: RevisionState
    applied: Applied | None = None


def status(
    connection: Connection, revisions: Revisions, *, history_table: str = DEFAULT_NAME
) -> tuple[RevisionStatus, ...]:
    """All revisions in their order, those without a file first. Changes nothing in the database."""
    history = History(connection, history_table).read()
    missing = [
        RevisionStatus(id_, RevisionState.MISSING, row) for id_, row in history.items() if not revisions.get(id_)
    ]
    return (*missing, *(_status(revision, history.get(revision.id)) for revision in revisions))


def _status(revision: LoadedRevision, applied: Applied | None) -> RevisionStatus:
    if applied is None:
        return RevisionStatus(revision.id, RevisionState.PENDING)
    state = RevisionState.APPLIED if applied.checksum == revision.checksum else RevisionState.EDITED
    return RevisionStatus(revision.id, state, applied)


def _check_history(history: dict[str, Applied], revisions: Revisions) -> None:
    """What is applied is what the files say, without gaps.

    Raises:
        MigrationError: a file is missing, was edited, or depends on a revision that is not applied.
    """
    for id_, applied in history.items():
        revision = revisions.get(id_)
        if revision is None:
            raise MigrationError(id_, "it is applied here, but its file is missing", "restore it from version control")
        if revision.checksum != applied.checksum:
            what = f"{revision.path} was edited after it was applied here"
            raise MigrationError(id_, what, "restore the file, and put the change into a new revision")
        for earlier in revision.depends_on:
            if earlier not in history:
                what = f"it is applied here, but {earlier}, on which it depends, is not"
                raise MigrationError(id_, what, "restore its depends_on, or roll it back and run again")


# --- one at a time ---------------------------------------------------------------------------------------------------


def _only_deployer(connection: Connection) -> AbstractContextManager[None]:
    """The place of the lock that makes a second deployer wait; none is taken yet."""
    del connection
    return nullcontext()


# --- plans -----------------------------------------------------------------------------------------------------------


def _plans(
    todo: Iterable[tuple[LoadedRevision, Sequence[Operation]]], dialect: Dialect, state: State
) -> Iterator[Plan]:
    for revision, operations in todo:
        try:
            yield Plan(revision, steps(operations, dialect, state), state)
            state = fold(operations, state)
        except InvalidOperation as error:
            raise MigrationError(revision.id, error.what, error.mend) from error


def _state_of(applied: Iterable[LoadedRevision]) -> State:
    state = State()
    for revision in applied:
        state = folded(revision, state)
    return state


# --- forward, back, as text --------------------------------------------------------------------------------------------


def run(
    connection: Connection,
    revisions: Revisions,
    *,
    report: Report = _no_report,
    clock: Callable[[], dt.datetime] = _now,
    history_table: str = DEFAULT_NAME,
) -> tuple[Applied, ...]:
    """Apply all pending revisions, in order, as one batch.

    Args:
        connection: held until the end; not in a transaction.
        revisions: all of the folder.
        report: told after each revision.
        clock: what time it is, with a zone.
        history_table: name of the table that says what is applied.

    Returns:
        What was applied, in order; nothing when all was.

    Raises:
        MigrationError: the files do not fit what is applied, or one cannot be said on this database; nothing was done.
        RevisionFailed: the database refused a statement; the revisions before it stay applied.
    """
    revisions.check_one_head()
    with _only_deployer(connection):
        history = History(connection, history_table)
        applied = history.read()
        _check_history(applied, revisions)
        state = _state_of(revision for revision in revisions if revision.id in applied)
        pending = [(revision, revision.upgrade) for revision in revisions if revision.id not in applied]
        plans = list(_plans(pending, connection.dialect, state))
        if plans:
            history.make()
        batch = max((row.batch for row in applied.values()), default=0) + 1
        return tuple(_apply(connection, history, plan, batch, report, clock) for plan in plans)


def _apply(
    connection: Connection,
    history: History,
    plan: Plan,
    batch: int,
    report: Report,
    clock: Callable[[], dt.datetime],
) -> Applied:
    revision = plan.revision

    def record(duration_ms: int) -> Applied:
        row = Applied(revision.id, revision.checksum, batch, clock(), duration_ms)
        history.add(row)
        return row

    row = execute(connection, plan, record)
    report(revision, row.duration_ms)
    return row


def rollback(
    connection: Connection,
    revisions: Revisions,
    *,
    step: int | None = None,
    report: Report = _no_report,
    history_table: str = DEFAULT_NAME,
) -> tuple[LoadedRevision, ...]:
    """Take back the revisions of the last batch, or the last `step` ones, newest first.

    Returns:
        What was taken back, in that order; nothing when nothing is applied.

    Raises:
        MigrationError: the files do not fit what is applied, or one is irreversible; nothing was done.
        RevisionFailed: the database refused a statement; the revisions before it stay taken back.
    """
    with _only_deployer(connection):
        history = History(connection, history_table)
        applied = history.read()
        _check_history(applied, revisions)
        done = [revision for revision in revisions if revision.id in applied]
        last = max((row.batch for row in applied.values()), default=0)
        todo = [revision for revision in reversed(done) if applied[revision.id].batch == last]
        if step is not None:
            todo = list(reversed(done))[:step]
        todo_operations = [(revision, revision.downgrade) for revision in todo]
        for plan in list(_plans(todo_operations, connection.dialect, _state_of(done))):
            _take_back(connection, history, plan, report)
        return tuple(todo)


def _take_back(connection: Connection, history: History, plan: Plan, report: Report) -> None:
    def forget(duration_ms: int) -> int:
        history.remove(plan.revision.id)
        return duration_ms

    report(plan.revision, execute(connection, plan, forget))


@dataclass(frozen=True, slots=True)
class RevisionSql:
    """The statements of a revision, as people and other tools read them."""

    id: str
    statements: tuple[str, ...]


def sql(revisions: Revisions, dialect: Dialect, applied: Iterable[str] = ()) -> tuple[RevisionSql, ...]:
    """The statements of all revisions but those that are applied, in order; needs no database.

    Raises:
        MigrationError: a revision cannot be said on this dialect.
    """
    known = frozenset(applied)
    state = _state_of(revision for revision in revisions if revision.id in known)
    pending = [(revision, revision.upgrade) for revision in revisions if revision.id not in known]
    return tuple(
        RevisionSql(
            plan.revision.id,
            tuple(dialect.ddl.printed(statement) for step in plan.steps for statement in step.statements),
        )
        for plan in _plans(pending, dialect, state)
    )
