"""Telling the history what is so: stamping it, deciding about an interrupted revision, breaking a lock. Runs no revision."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable

from isomorph.dataclassing import dataclass
from isomorph.errors import MigrationError
from isomorph.migrate.choosing import find, up_to
from isomorph.migrate.connection import Connection
from isomorph.migrate.events import Report, unheard
from isomorph.migrate.executor import deploying, now
from isomorph.migrate.history import DEFAULT_NAME, Applied
from isomorph.migrate.limits import Limits
from isomorph.migrate.locking import Lock, LockOwner
from isomorph.migrate.replacing import understood
from isomorph.migrate.revision import Revisions

__all__ = ["Resolution", "Stamped", "lock_owner", "resolve", "stamp", "unlock"]

_PATIENT = Limits()


@dataclass(frozen=True, slots=True)
class Stamped:
    """What was changed in the history.

    Attributes:
        added: revisions that are now said to be applied, in order.
        changed: revisions that were applied and edited since: their files are now said to be right.
        removed: revisions that are now said not to be applied.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


def stamp(
    connection: Connection,
    revisions: Revisions,
    *,
    to: str | None = None,
    only: str | None = None,
    report: Report = unheard,
    clock: Callable[[], dt.datetime] = now,
    history_table: str = DEFAULT_NAME,
    limits: Limits = _PATIENT,
) -> Stamped:
    """Say that a database has exactly these revisions, without running any: how to adopt one that has their tables.

    Args:
        connection: to the database.
        revisions: all of the folder.
        to: up to this one; by default all of them. What is recorded beyond it is forgotten.
        only: say it of this one alone, and leave what else is recorded.
        report: told what happens.
        clock: what time it is, with a zone.
        history_table: name of the table that says what is applied.
        limits: how long to wait for another deployer.

    Raises:
        MigrationError: there is no such revision, or the revisions fork and none is named.
        MigrationsLocked: another deployer is at work.
    """
    if to is None and only is None:
        revisions.check_one_head()
    if only is not None:
        wanted = frozenset({find(revisions, only).id})
    else:
        wanted = up_to(revisions, find(revisions, to)) if to else frozenset(revision.id for revision in revisions)
    with deploying(connection, history_table, limits, report, clock) as deployment:
        rows = deployment.history.read()
        known = understood(rows, revisions).applied
        batch = max((row.batch for row in rows.values()), default=0) + 1
        added: list[str] = []
        changed: list[str] = []
        deployment.history.make()
        with connection.transaction():
            for revision in revisions:
                row = known.get(revision.id)
                if revision.id not in wanted or (
                    row is not None and row.checksum == revision.checksum and row in rows.values()
                ):
                    continue
                (added if row is None else changed).append(revision.id)
                deployment.history.remove(revision.id)
                deployment.history.add(
                    Applied(revision.id, revision.checksum, batch if row is None else row.batch, clock(), 0)
                )
                deployment.setting.journal.clear(revision.id)
            removed = [] if only is not None else [id_ for id_ in rows if id_ not in wanted]
            for id_ in removed:
                deployment.history.remove(id_)
                deployment.setting.journal.clear(id_)
    return Stamped(tuple(added), tuple(changed), tuple(removed))


class Resolution(enum.StrEnum):
    """What a person found out about a revision that was interrupted."""

    DONE = "done"
    """The statement at hand was done: go on behind it."""
    AGAIN = "again"
    """The statement at hand was not done: go on with it."""
    FORGET = "forget"
    """All that was done of it has been taken back by hand: as if it had never begun.

    The new values that a change of a column keeps beside the old ones until it is done are taken away by this.
    """


def resolve(
    connection: Connection,
    revision: str,
    resolution: Resolution,
    *,
    report: Report = unheard,
    clock: Callable[[], dt.datetime] = now,
    history_table: str = DEFAULT_NAME,
    limits: Limits = _PATIENT,
) -> str:
    """Decide about a revision that was interrupted, so that the next run can go on.

    Returns:
        What the decision was about: the operation in which it was interrupted, or all that was done of it.

    Raises:
        MigrationError: it was not interrupted, or not in a statement whose end is not known.
        MigrationsLocked: another deployer is at work.
    """
    with deploying(connection, history_table, limits, report, clock) as deployment:
        journal = deployment.setting.journal
        lines = [entry for entry in journal.read() if revision in entry.revision]
        if not lines:
            mend = "`orm migrate status` shows what is partial; there is nothing to resolve"
            raise MigrationError(revision, "it was not interrupted here", mend)
        if resolution is Resolution.FORGET:
            _take_back_between(connection)
            journal.clear(lines[0].revision)
            return ", ".join(dict.fromkeys(entry.operation for entry in lines))
        open_ = [entry for entry in lines if not entry.is_done]
        if not open_:
            what = "all of its statements that were begun were done"
            raise MigrationError(lines[0].revision, what, "`orm migrate run` goes on with it")
        for entry in open_:
            if resolution is Resolution.DONE:
                journal.finish(entry)
            else:
                journal.withdraw(entry)
        return open_[0].operation


def _take_back_between(connection: Connection) -> None:
    query = connection.dialect.ddl.tables_left_between()
    for (table,) in () if query is None else connection.fetch(query):
        for statement in connection.dialect.ddl.between_taken_back(table):
            connection.execute(statement)


def lock_owner(connection: Connection, *, history_table: str = DEFAULT_NAME) -> LockOwner | None:
    """Who runs revisions on the database right now, or left a lock there; None when nobody does, or nobody says who."""
    with connection.session():
        return Lock(connection, history_table, now).owner()


def unlock(connection: Connection, *, history_table: str = DEFAULT_NAME) -> LockOwner | None:
    """Break the lock of a database; where it is a session's, that session is ended, and what it was doing is undone.

    Returns:
        Who had it; None when nobody had it, or nobody says who.

    Raises:
        MigrationsLocked: its owner is writing to the database right now, so that nobody else can (SQLite).
    """
    with connection.session():
        return Lock(connection, history_table, now).break_()
