"""Running revisions: forward, back, all anew. Owns which are run, in which order, and what must hold before.

Everything is planned before the first statement is run, so that a revision that cannot be said on this database stops the
run while nothing is done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager

from isomorph.dataclassing import dataclass
from isomorph.errors import MigrationError
from isomorph.migrate import journal, locking
from isomorph.migrate.choosing import backward, check_history, forward, state_of, states_back
from isomorph.migrate.connection import Connection
from isomorph.migrate.events import Report, Waiting, unheard
from isomorph.migrate.execution import Plan, Setting, execute
from isomorph.migrate.history import DEFAULT_NAME, Applied, History
from isomorph.migrate.journal import Direction, Entry, Journal
from isomorph.migrate.limits import Limits, lock_timeout
from isomorph.migrate.locking import Lock
from isomorph.migrate.looking import plans
from isomorph.migrate.lossy import check_lossless
from isomorph.migrate.replacing import Understood, check_replaced, understood
from isomorph.migrate.revision import LoadedRevision, Revisions
from isomorph.migrate.wiping import wipe_tables

__all__ = ["Deployment", "deploying", "fresh", "now", "reset", "rollback", "run"]

_PATIENT = Limits()


def now() -> dt.datetime:
    """What time it is."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Deployment:
    """What a command works with while it has the lock.

    Attributes:
        connection: in one session.
        history: the table of what is applied.
        setting: what the revisions that it runs have in common.
    """

    connection: Connection
    history: History
    setting: Setting

    def read(self, revisions: Revisions) -> Understood:
        """What is applied, which fits the files.

        Raises:
            MigrationError: it does not.
        """
        rows = self.history.read()
        check_replaced(rows, revisions)
        found = understood(rows, revisions)
        check_history(found.applied, revisions)
        return found

    def partial(self) -> list[Entry]:
        """What is recorded of the revision that was interrupted; nothing when none was."""
        return self.setting.journal.read()

    def replace(self, found: Understood) -> None:
        """Say in the history what stands for others, in their place."""
        for id_, replaced in found.replaced.items():
            with self.connection.transaction():
                for gone in replaced:
                    self.history.remove(gone)
                self.history.add(found.applied[id_])


@contextmanager
def deploying(
    connection: Connection, history_table: str, limits: Limits, report: Report, clock: Callable[[], dt.datetime]
) -> Generator[Deployment]:
    """A block in which this is the only deployer, in one session that waits for locks only so long.

    Raises:
        MigrationsLocked: another one is at work, for longer than the limits allow to wait.
    """
    with (
        connection.session(),
        Lock(connection, history_table, clock).held(limits, lambda owner: report(Waiting(owner))),
        lock_timeout(connection, limits),
    ):
        own = (history_table, locking.table_name(history_table), journal.table_name(history_table))
        setting = Setting(Journal(connection, history_table, clock), limits, report, clock, own)
        yield Deployment(connection, History(connection, history_table), setting)


# --- forward ---------------------------------------------------------------------------------------------------------


def run(
    connection: Connection,
    revisions: Revisions,
    *,
    to: str | None = None,
    only: str | None = None,
    step: int | None = None,
    fake: bool = False,
    report: Report = unheard,
    clock: Callable[[], dt.datetime] = now,
    history_table: str = DEFAULT_NAME,
    limits: Limits = _PATIENT,
) -> tuple[Applied, ...]:
    """Apply pending revisions, in order, as one batch: all of them, unless less is asked for.

    A revision that an earlier run was interrupted in is gone on with. When there is nothing to do, no lock is taken and
    nothing is written.

    Args:
        connection: held until the end; not in a transaction.
        revisions: all of the folder.
        to: apply up to this revision: it and what it depends on. An id, or a part of one that no other has.
        only: apply this revision alone.
        step: apply at most so many.
        fake: record them as applied without running anything.
        report: told what happens.
        clock: what time it is, with a zone.
        history_table: name of the table that says what is applied.
        limits: how long to wait for another deployer and for locks, and how often to try again.

    Returns:
        What was applied, in order; nothing when all was.

    Raises:
        MigrationError: the files do not fit what is applied, or one cannot be said on this database; nothing was done.
        LossyRevision: one loses something and does not say why that is fine; nothing was done.
        MigrationsLocked: another deployer is at work.
        RevisionFailed: the database refused a statement; the revisions before it stay applied.
        RevisionInterrupted: an earlier run was killed in a statement of which it cannot be told whether it was done.
    """

    def pending(found: Understood) -> list[LoadedRevision]:
        return forward(revisions, found.applied, to=to, only=only, step=step)

    history = History(connection, history_table)
    rows = history.read()
    check_replaced(rows, revisions)
    found = understood(rows, revisions)
    if not Journal.of(connection, history_table).read() and not found.replaced and not pending(found):
        check_history(found.applied, revisions)
        return ()
    with deploying(connection, history_table, limits, report, clock) as deployment:
        found = deployment.read(revisions)
        deployment.replace(found)
        chosen = pending(found)
        begun = _begun(deployment.partial(), chosen, Direction.UP)
        batch = max((row.batch for row in found.applied.values()), default=0) + 1
        if fake:
            return _recorded(deployment, chosen, batch)
        check_lossless(chosen)
        state = state_of(revision for revision in revisions if revision.id in found.applied)
        planned = plans(((revision, revision.upgrade) for revision in chosen), connection.dialect, state)
        if planned:
            deployment.history.make()
        return tuple(_apply(deployment, plan, batch, begun.get(plan.revision.id, ())) for plan in planned)


def _apply(deployment: Deployment, plan: Plan, batch: int, begun: Sequence[Entry]) -> Applied:
    revision = plan.revision

    def record(duration_ms: int) -> Applied:
        row = Applied(revision.id, revision.checksum, batch, deployment.setting.clock(), duration_ms)
        deployment.history.add(row)
        return row

    return execute(deployment.connection, plan, record, deployment.setting, begun)


def _recorded(deployment: Deployment, chosen: Sequence[LoadedRevision], batch: int) -> tuple[Applied, ...]:
    """Record revisions as applied, all of them or none."""
    clock = deployment.setting.clock
    rows = tuple(Applied(revision.id, revision.checksum, batch, clock(), 0) for revision in chosen)
    if rows:
        deployment.history.make()
    with deployment.connection.transaction():
        for row in rows:
            deployment.history.add(row)
            deployment.setting.journal.clear(row.revision)
    return rows


def _begun(
    entries: Sequence[Entry], chosen: Sequence[LoadedRevision], direction: Direction
) -> Mapping[str, list[Entry]]:
    """What is recorded of the revision that an earlier run was interrupted in, which must come first now.

    Raises:
        MigrationError: it was interrupted in the other direction, or is none of those that are to be done.
    """
    begun: dict[str, list[Entry]] = {}
    for entry in entries:
        begun.setdefault(entry.revision, []).append(entry)
    for id_, lines in begun.items():
        number = sum(entry.is_done for entry in lines)
        done = f"{number} statement{'' if number == 1 else 's'} of it {'is' if number == 1 else 'are'} done"
        was_up = lines[0].direction == Direction.UP
        if was_up and direction is Direction.DOWN:
            what = f"applying it was interrupted ({done})"
            mend = (
                "`orm migrate run` goes on with it; or take back by hand what it did, and then "
                f"`orm migrate resolve {id_} --forget`"
            )
            raise MigrationError(id_, what, mend)
        if not was_up and direction is Direction.UP:
            what = f"taking it back was interrupted ({done})"
            mend = (
                "`orm migrate rollback --step 1` goes on with it; or do again by hand what was taken back, and then "
                f"`orm migrate resolve {id_} --forget`"
            )
            raise MigrationError(id_, what, mend)
        if not chosen or chosen[0].id != id_:
            command = f"orm migrate run --only {id_}" if was_up else "orm migrate rollback --step 1"
            what = (
                f"{'applying it' if was_up else 'taking it back'} was interrupted ({done}), and it is not the next one"
            )
            raise MigrationError(id_, what, f"finish it first: `{command}`")
    return begun


# --- back ------------------------------------------------------------------------------------------------------------


def rollback(
    connection: Connection,
    revisions: Revisions,
    *,
    to: str | None = None,
    step: int | None = None,
    batch: int | None = None,
    report: Report = unheard,
    clock: Callable[[], dt.datetime] = now,
    history_table: str = DEFAULT_NAME,
    limits: Limits = _PATIENT,
) -> tuple[LoadedRevision, ...]:
    """Take back revisions, newest first: those of the last batch, unless something else is asked for.

    Args:
        connection: held until the end; not in a transaction.
        revisions: all of the folder.
        to: take back all behind this one, which stays. An id, or a part of one that no other has.
        step: take back so many.
        batch: take back those of this batch.
        report: told what happens.
        clock: what time it is, with a zone.
        history_table: name of the table that says what is applied.
        limits: how long to wait, and how often to try again.

    Returns:
        What was taken back, in that order; nothing when nothing is applied.

    Raises:
        MigrationError: the files do not fit what is applied, one is irreversible, or what stays depends on one; nothing
            was done.
        MigrationsLocked: another deployer is at work.
        RevisionFailed: the database refused a statement; the revisions before it stay taken back.
        RevisionInterrupted: an earlier one was killed in a statement of which it cannot be told whether it was done.
    """
    if not History(connection, history_table).read() and not Journal.of(connection, history_table).read():
        return ()
    with deploying(connection, history_table, limits, report, clock) as deployment:
        found = deployment.read(revisions)
        deployment.replace(found)
        todo = backward(revisions, found.applied, to=to, step=step, batch=batch)
        begun = _begun(deployment.partial(), todo, Direction.DOWN)
        applied = [revision for revision in revisions if revision.id in found.applied]
        planned = [
            plan
            for revision, state in zip(todo, states_back(applied, todo), strict=True)
            for plan in plans([(revision, revision.downgrade)], connection.dialect, state, Direction.DOWN)
        ]
        for plan in planned:
            _take_back(deployment, plan, begun.get(plan.revision.id, ()))
        return tuple(todo)


def _take_back(deployment: Deployment, plan: Plan, begun: Sequence[Entry]) -> None:
    execute(
        deployment.connection,
        plan,
        lambda _: deployment.history.remove(plan.revision.id),
        deployment.setting,
        begun,
    )


def reset(
    connection: Connection,
    revisions: Revisions,
    *,
    report: Report = unheard,
    clock: Callable[[], dt.datetime] = now,
    history_table: str = DEFAULT_NAME,
    limits: Limits = _PATIENT,
) -> tuple[LoadedRevision, ...]:
    """Take back all revisions, newest first; see `rollback`."""
    return rollback(
        connection,
        revisions,
        step=max(1, len(revisions)),
        report=report,
        clock=clock,
        history_table=history_table,
        limits=limits,
    )


def fresh(
    connection: Connection,
    revisions: Revisions,
    *,
    report: Report = unheard,
    clock: Callable[[], dt.datetime] = now,
    history_table: str = DEFAULT_NAME,
    limits: Limits = _PATIENT,
) -> tuple[Applied, ...]:
    """Drop all that is in the database, revisions or not, and apply all revisions to what is left; see `wipe` and `run`.

    Nothing is dropped before all revisions are planned.
    """
    revisions.check_one_head()
    planned = plans(((revision, revision.upgrade) for revision in revisions), connection.dialect, state_of(()))
    with deploying(connection, history_table, limits, report, clock) as deployment:
        wipe_tables(connection, kept=(locking.table_name(history_table),))
        deployment.history.make()
        return tuple(_apply(deployment, plan, 1, ()) for plan in planned)
