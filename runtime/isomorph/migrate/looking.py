"""Looking at a database's revisions, and at the SQL that a run would send. Changes nothing."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence

from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidOperation, MigrationError
from isomorph.migrate.choosing import forward, state_of
from isomorph.migrate.connection import Connection
from isomorph.migrate.data import RunPython
from isomorph.migrate.execution import Plan
from isomorph.migrate.history import DEFAULT_NAME, Applied, History
from isomorph.migrate.journal import Direction, Journal
from isomorph.migrate.operations import Operation
from isomorph.migrate.planning import Step, steps
from isomorph.migrate.replacing import understood
from isomorph.migrate.revision import LoadedRevision, Revisions
from isomorph.migrate.safely import FillInBatches
from isomorph.migrate.sql_in_batches import SqlInBatches
from isomorph.migrate.state import State, fold

__all__ = ["RevisionSql", "RevisionState", "RevisionStatus", "history", "plans", "sql", "status"]


class RevisionState(enum.StrEnum):
    """How a revision stands to a database."""

    APPLIED = "applied"
    PENDING = "pending"
    PARTIAL = "partial"
    """Begun, to apply it or to take it back, and interrupted."""
    EDITED = "edited"
    """Applied, and its file was changed since."""
    MISSING = "missing"
    """Applied, and there is no file of it."""


@dataclass(frozen=True, slots=True)
class RevisionStatus:
    """A revision and how it stands to a database.

    Attributes:
        id: of the revision.
        state: how it stands.
        applied: what the history says; None while it is not applied.
        done: of a partial one, the operations that are done (taken back, while it is applied).
    """

    id: str
    state: RevisionState
    applied: Applied | None = None
    done: tuple[str, ...] = ()


def status(
    connection: Connection, revisions: Revisions, *, history_table: str = DEFAULT_NAME
) -> tuple[RevisionStatus, ...]:
    """All revisions in their order, those without a file first. Changes nothing in the database."""
    found = understood(History(connection, history_table).read(), revisions).applied
    partial: dict[str, list[str]] = {}
    for entry in Journal.of(connection, history_table).read():
        partial.setdefault(entry.revision, []).extend([entry.operation] if entry.is_done else [])
    missing = [RevisionStatus(id_, RevisionState.MISSING, row) for id_, row in found.items() if not revisions.get(id_)]
    return (*missing, *(_status(revision, found.get(revision.id), partial) for revision in revisions))


def _status(revision: LoadedRevision, applied: Applied | None, partial: dict[str, list[str]]) -> RevisionStatus:
    if revision.id in partial:
        done = tuple(dict.fromkeys(partial[revision.id]))
        return RevisionStatus(revision.id, RevisionState.PARTIAL, applied, done)
    if applied is None:
        return RevisionStatus(revision.id, RevisionState.PENDING)
    state = RevisionState.APPLIED if applied.checksum == revision.checksum else RevisionState.EDITED
    return RevisionStatus(revision.id, state, applied)


def history(connection: Connection, *, history_table: str = DEFAULT_NAME) -> tuple[Applied, ...]:
    """What the history table says, in the order in which it was applied."""
    return tuple(History(connection, history_table).read().values())


def plans(
    todo: Iterable[tuple[LoadedRevision, Sequence[Operation]]],
    dialect: Dialect,
    state: State,
    direction: Direction = Direction.UP,
) -> list[Plan]:
    """What is to be done for revisions, one behind the other, from a state on.

    Raises:
        MigrationError: an operation does not fit, or cannot be said on this dialect.
    """
    made: list[Plan] = []
    for revision, operations in todo:
        try:
            planned = steps(operations, dialect, state, safely=revision.safely)
            made.append(Plan(revision, planned, state, direction))
            state = fold(operations, state)
        except InvalidOperation as error:
            raise MigrationError(revision.id, error.what, error.mend) from error
    return made


@dataclass(frozen=True, slots=True)
class RevisionSql:
    """The statements of a revision, as people and other tools read them.

    What runs Python has a comment in its place.
    """

    id: str
    statements: tuple[str, ...]


def sql(
    revisions: Revisions,
    dialect: Dialect,
    applied: Iterable[str] = (),
    *,
    to: str | None = None,
    only: str | None = None,
    step: int | None = None,
) -> tuple[RevisionSql, ...]:
    """The statements of all revisions but those that are applied, in order; needs no database.

    Raises:
        MigrationError: a revision cannot be said on this dialect, or the choice makes no sense (see `run`).
    """
    known = frozenset(applied)
    state = state_of(revision for revision in revisions if revision.id in known)
    if to is None and only is None:
        chosen = [revision for revision in revisions if revision.id not in known][:step]
    else:
        chosen = forward(revisions, known, to=to, only=only, step=step)
    todo = [(revision, revision.upgrade) for revision in chosen]
    return tuple(
        RevisionSql(plan.revision.id, tuple(text for planned in plan.steps for text in _printed(planned, dialect)))
        for plan in plans(todo, dialect, state)
    )


def _printed(step: Step, dialect: Dialect) -> list[str]:
    first = step.operations[0]
    if isinstance(first, FillInBatches):
        return [f"-- {step}: {first.batch}"]
    if isinstance(first, SqlInBatches):
        return [f"-- {step}; here, all rows at once", *map(dialect.ddl.printed, step.statements)]
    if isinstance(first, RunPython):
        return [f"-- {step}"]
    return [dialect.ddl.printed(statement) for statement in step.statements]
