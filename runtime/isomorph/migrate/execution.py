"""Doing one revision on a database. Owns its transactions, and what is recorded so that it can go on when it is interrupted.

Where DDL takes part in transactions, a revision is done whole or not at all, unless a step of it must be outside of them.
Elsewhere (MySQL, MariaDB) each statement is recorded as it completes. Of one that was begun and has no end nobody was told
whether it was done: then what is in the database says so, compared with what was in it before.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from itertools import groupby
from time import perf_counter
from typing import TypeVar

from isomorph.errors import (
    ConnectionLost,
    DatabaseError,
    InvalidOperation,
    MigrationError,
    RevisionFailed,
    RevisionInterrupted,
    SchemaMismatch,
)
from isomorph.migrate import events
from isomorph.migrate.acts import acts, is_resumable, made_or_dropped, places, python_of
from isomorph.migrate.connection import Connection
from isomorph.migrate.data import Data, PythonFailed, RunPython
from isomorph.migrate.events import Report
from isomorph.migrate.fingerprint import fingerprint
from isomorph.migrate.journal import Direction, Entry, Journal
from isomorph.migrate.limits import Limits, retried, unlimited_locks
from isomorph.migrate.operations import CreateTable, Operation, RunSql, reverse
from isomorph.migrate.planning import Step, steps
from isomorph.migrate.references import check_references, triggers_kept, unenforced
from isomorph.migrate.revision import LoadedRevision
from isomorph.migrate.safely import settled
from isomorph.migrate.state import State, fold

__all__ = ["Plan", "Setting", "execute"]

T = TypeVar("T")

_COMMIT = "commit"


@dataclass(frozen=True, slots=True)
class Plan:
    """A revision's way forward or back on one database, and the state from which it starts."""

    revision: LoadedRevision
    steps: tuple[Step, ...]
    before: State
    direction: Direction = Direction.UP


@dataclass(frozen=True, slots=True)
class Setting:
    """What the revisions of a run have in common.

    Attributes:
        journal: where their progress is kept.
        limits: how long to wait for locks.
        report: told what happens.
        clock: what time it is, with a zone.
        own_tables: names of isomorph's own tables.
    """

    journal: Journal
    limits: Limits
    report: Report
    clock: Callable[[], dt.datetime]
    own_tables: tuple[str, ...]


def execute(
    connection: Connection, plan: Plan, record: Callable[[int], T], setting: Setting, done: Sequence[Entry] = ()
) -> T:
    """Do a revision, or the rest of it.

    Args:
        connection: in one session, not in a transaction.
        plan: what to do.
        record: writes the history, given the milliseconds that the revision took; in its transaction.
        setting: of the run.
        done: what of it an earlier run has recorded.

    Returns:
        What `record` returns.

    Raises:
        RevisionFailed: the database refused.
        RevisionInterrupted: an earlier run was interrupted in a statement of which it cannot be told whether it was done.
        MigrationError: rows are left that reference no row, the connection is in a transaction, or the revision was
            edited after a part of it was done.
    """
    return _Execution(connection, plan, setting, done).run(record)


@dataclass(slots=True)
class _Execution:
    """How far a revision came.

    Attributes:
        doing: what is being done, as messages name it.
        statement: the statement at hand; empty between operations.
        finished: how many statements of the step at hand are done and kept.
        rows: how many rows of the step at hand are done and kept, where it goes by batches.
        done: operations that are done, in order.
    """

    connection: Connection
    plan: Plan
    setting: Setting
    recorded: Sequence[Entry]
    doing: str = "begin"
    statement: str = ""
    finished: int = 0
    rows: int = 0
    done: list[Operation] = field(default_factory=list[Operation])
    entries: dict[int, Entry] = field(default_factory=dict[int, Entry])

    @property
    def id(self) -> str:
        return self.plan.revision.id

    @property
    def is_transactional(self) -> bool:
        return "transactional_ddl" in self.connection.capabilities

    @property
    def is_whole(self) -> bool:
        """Whether all of it is one transaction, so that there is nothing to record on the way."""
        return self.is_transactional and not any(step.is_outside for step in self.plan.steps)

    def run(self, record: Callable[[int], T]) -> T:
        started = perf_counter()
        self.setting.report(events.RevisionStarted(self.id, len(self.plan.steps)))

        def finish() -> T:
            self.begin("check the foreign keys")
            check_references(self.connection, self.id)
            self.begin("write the history")
            result = record(round((perf_counter() - started) * 1000))
            self.setting.journal.clear(self.id)
            self.begin(_COMMIT)
            return result

        try:
            with unenforced(self.connection, self.id):
                if self.is_whole:
                    result = self.retried(lambda: self.together(self.plan.steps, finish))
                else:
                    self.resume()
                    self.parts()
                    result = self.retried(lambda: self.together((), finish))
        except DatabaseError as error:
            raise self.failed(_reason(error), is_open=self.is_open(error)) from error
        except PythonFailed as error:
            raise self.failed(str(error)) from error.__cause__
        self.setting.report(events.RevisionDone(self.id, round((perf_counter() - started) * 1000)))
        return result

    def failed(self, reason: str, *, is_open: bool = False) -> RevisionFailed:
        if (table := self.standing_in_the_way()) is not None:
            reason += (
                f"; there is a table {table} already: when it is what the revision makes, `orm migrate stamp --only {self.id}` "
                "records that, else rename or drop it"
            )
        kept, undo = ((), ()) if self.is_whole else (self.kept(), self.undo())
        statement = self.connection.dialect.ddl.printed(self.statement)
        return RevisionFailed(self.id, self.doing, statement, reason, kept, undo, is_open)

    def is_open(self, error: DatabaseError) -> bool:
        """Whether it cannot be told here if what was being done is kept: nobody answered."""
        return isinstance(error, ConnectionLost) and (not self.is_whole or self.doing == _COMMIT)

    def standing_in_the_way(self) -> str | None:
        """The table that a refused operation was to make and that is there, as it was before."""
        wanted = {
            str(step): operation.table.name
            for step in self.plan.steps
            for operation in step.operations
            if isinstance(operation, CreateTable)
        }.get(self.doing)
        if wanted is None:
            return None
        with suppress(DatabaseError):
            if self.connection.fetch(self.connection.dialect.ddl.has_table(wanted)):
                return wanted
        return None

    def kept(self) -> tuple[str, ...]:
        """What is done, in words."""
        parts = [str(operation) for operation in self.done]
        if self.finished:
            parts.append(f"{self.finished} of the statements of: {self.doing}")
        if self.rows:
            parts.append(f"{self.rows} rows of: {self.doing}")
        return tuple(parts)

    def undo(self) -> tuple[str, ...]:
        """Statements that take back what is done, for a person to run; none when that cannot be told."""
        dialect = self.connection.dialect
        if self.rows:
            return ()
        try:
            done = settled(self.done)
            back = steps(reverse(done), dialect, fold(done, self.plan.before))
        except InvalidOperation:
            return ()
        return tuple(dialect.ddl.printed(statement) for step in back for statement in step.statements)

    def begin(self, doing: str) -> None:
        self.doing, self.statement, self.finished, self.rows = doing, "", 0, 0

    def retried(self, work: Callable[[], T]) -> T:
        """Do what undoes itself when it fails, and again when a lock was in its way."""

        def waiting(error: DatabaseError, attempt: int, delay_s: float) -> None:
            self.setting.report(events.Retrying(self.id, self.doing, error.what, attempt, delay_s))

        return retried(work, self.setting.limits, waiting)

    # --- all in one transaction --------------------------------------------------------------------------------------

    def together(self, together: Sequence[Step], finish: Callable[[], T]) -> T:
        """Do steps, and what ends them, in one transaction; on failure nothing of them is done."""
        before = len(self.done)
        try:
            with self.connection.transaction():
                for step in together:
                    self.step(step)
                result = finish()
        except BaseException:
            del self.done[before:]
            raise
        return result

    def step(self, step: Step) -> None:
        started = perf_counter()
        self.announce(step)
        with triggers_kept(self.connection, step):
            for self.statement in step.statements:
                self.connection.execute(self.statement)
        if (python := python_of(step)) is not None:
            self.perform(python, None)
        self.finish(step, started)

    def announce(self, step: Step) -> None:
        self.begin(str(step))
        self.setting.report(events.OperationStarted(self.id, self.doing))

    def finish(self, step: Step, started: float) -> None:
        duration_ms = round((perf_counter() - started) * 1000)
        self.done += step.operations
        self.setting.report(events.OperationDone(self.id, str(step), duration_ms))

    def perform(self, python: RunPython, entry: Entry | None) -> None:
        """Call the function of a data step; with a line in the journal, keeping there how far it came."""
        line = entry

        def keep(last_key: object, rows: int) -> None:
            nonlocal line
            if line is not None:
                line = self.setting.journal.keep(line, last_key, rows)

        def tell(rows: int) -> None:
            self.rows = 0 if entry is None else rows
            self.setting.report(events.BatchDone(self.id, str(python), rows))

        last_key = None if entry is None or entry.last_key is None else json.loads(entry.last_key)
        self.rows = 0 if entry is None else entry.rows_done
        data = Data(
            self.connection, is_atomic=python.atomic, keep=keep, tell=tell, last_key=last_key, rows_done=self.rows
        )
        try:
            python.perform(data)
        except InvalidOperation as error:
            raise MigrationError(self.id, error.what, error.mend) from error

    def perform_batches(self, python: RunPython, position: int) -> None:
        """Call it, and again behind its last finished batch when a lock was in the way of the next."""
        entry = self.entries[position]
        self.retried(lambda: self.perform(python, self.setting.journal.now(entry)))
        self.setting.journal.finish(entry)

    # --- part by part ------------------------------------------------------------------------------------------------

    def parts(self) -> None:
        """Do what is not done yet, recording each part."""
        self.setting.journal.make()
        numbered = list(places(self.plan.steps))
        if not self.is_transactional:
            for place, step in numbered:
                self.alone(place, step)
            return
        for is_outside, group in groupby(numbered, lambda pair: pair[1].is_outside):
            if is_outside:
                for place, step in group:
                    self.alone(place, step)
            else:
                self.group([*group])

    def group(self, group: Sequence[tuple[int, Step]]) -> None:
        """Do steps in one transaction that records them."""
        if all(self.is_done(place, step) for place, step in group):
            self.done += [operation for _, step in group for operation in step.operations]
            return

        def record() -> None:
            for place, step in group:
                for position, text in acts(place, step):
                    entry = self.entry(position, step, text)
                    self.setting.journal.begin(replace(entry, finished_at=self.setting.clock()))

        self.retried(lambda: self.together([step for _, step in group], record))

    def is_done(self, place: int, step: Step) -> bool:
        return all(position in self.entries for position, _ in acts(place, step))

    def alone(self, place: int, step: Step) -> None:
        """Do a step, each statement recorded as it completes."""
        own = list(acts(place, step))
        if own and all(self.is_recorded(position) for position, _ in own):
            self.done += step.operations
            return
        started = perf_counter()
        self.announce(step)
        for position, text in own:
            if not self.is_recorded(position):
                self.act(position, step, text)
            self.finished += 1
        self.finish(step, started)

    def is_recorded(self, position: int) -> bool:
        entry = self.entries.get(position)
        return entry is not None and entry.is_done

    def act(self, position: int, step: Step, text: str) -> None:
        """Do one statement, or call one function, and record it."""
        python = python_of(step)
        self.statement = text if python is None else self.connection.dialect.ddl.text(python.shown)
        entry = self.entries.get(position)
        if entry is None:
            entry = replace(self.entry(position, step, text), before=self.look(step))
        if python is not None and not python.atomic:
            if position not in self.entries:
                self.setting.journal.begin(entry)
                self.entries[position] = entry
            self.perform_batches(python, position)
        elif self.is_transactional:
            # Who builds an index concurrently waits for transactions without holding up others: it may take its time.
            with nullcontext() if step.leftovers is None else unlimited_locks(self.connection):
                self.retried(lambda: self.attempt_outside(entry, step))
        else:
            self.retried(lambda: self.attempt(entry, python))

    def attempt(self, entry: Entry, python: RunPython | None) -> None:
        with self.refusal(entry) as refused, self.connection.transaction():
            # The line is in the statement's transaction: of one that changes rows only, both are kept or neither. DDL ends
            # the transaction before it begins, and so leaves a line without an end when it is the last thing to happen.
            self.setting.journal.begin(entry)
            with refused:
                if python is None:
                    self.connection.execute(self.statement)
                else:
                    self.perform(python, None)
            self.setting.journal.finish(entry)

    def attempt_outside(self, entry: Entry, step: Step) -> None:
        with self.refusal(entry, step) as refused:
            self.setting.journal.begin(entry)
            with refused:
                self.connection.execute(self.statement)
            self.setting.journal.finish(entry)

    @contextmanager
    def refusal(self, entry: Entry, step: Step | None = None) -> Generator[AbstractContextManager[None]]:
        """A block of a statement and its line, which goes when the part of the block for the statement alone raises.

        It stays when the connection was lost, or the program is being ended: then the statement may have been done, or
        still be on its way.
        """
        is_refused = False

        @contextmanager
        def statement() -> Generator[None]:
            nonlocal is_refused
            try:
                yield
            except Exception as error:
                is_refused = not isinstance(error, ConnectionLost)
                raise

        try:
            yield statement()
        except Exception:
            if is_refused:
                self.withdraw(entry, step)
            raise

    def withdraw(self, entry: Entry, step: Step | None) -> None:
        """Take away what a refused statement left, and its line."""
        with suppress(DatabaseError):  # what is said is why the statement was refused
            if step is not None:
                self.clean(step)
            self.setting.journal.withdraw(entry)

    def clean(self, step: Step) -> bool:
        """Take away what a failed attempt left behind; whether there was something."""
        if step.leftovers is None or not self.connection.fetch(step.leftovers.query):
            return False
        for statement in step.leftovers.statements:
            self.connection.execute(statement)
        return True

    def entry(self, position: int, step: Step, text: str) -> Entry:
        return self.setting.journal.entry(self.id, position, self.plan.direction, str(step), text)

    def look(self, step: Step) -> str:
        """What is in the database before a statement; empty where another question tells whether it was done."""
        if python_of(step) is not None or made_or_dropped(step) is not None:
            return ""
        return fingerprint(self.connection, self.setting.own_tables)

    # --- going on ----------------------------------------------------------------------------------------------------

    def resume(self) -> None:
        """Take in what an earlier run has recorded, and decide about the statement in which it was interrupted."""
        if not self.recorded:
            return
        known = {
            position: (step, text) for place, step in places(self.plan.steps) for position, text in acts(place, step)
        }
        for entry in self.recorded:
            step, text = known.get(entry.position, (None, ""))
            expected = None if step is None else self.entry(entry.position, step, text)
            if step is None or expected is None or expected.statement != entry.statement:
                raise self.edited()
            if entry.is_done or self.was_done(entry, step, text):
                self.entries[entry.position] = replace(entry, finished_at=entry.finished_at or self.setting.clock())
            elif is_resumable(step):
                self.entries[entry.position] = entry
        done = tuple(dict.fromkeys(entry.operation for entry in self.entries.values() if entry.is_done))
        self.setting.report(events.Resumed(self.id, done))

    def was_done(self, entry: Entry, step: Step, text: str) -> bool:
        """Whether the statement in which an earlier run was interrupted was done; if not, nothing of it is left."""
        if is_resumable(step):
            return False
        if not self.clean(step):
            if self.is_changed(entry, step):
                self.setting.journal.finish(entry)
                return True
            if any(isinstance(operation, RunSql) for operation in step.operations):
                raise RevisionInterrupted(self.id, str(step), self.connection.dialect.ddl.printed(text))
        self.setting.journal.withdraw(entry)
        return False

    def is_changed(self, entry: Entry, step: Step) -> bool:
        """Whether the database shows that the statement was done."""
        if (named := made_or_dropped(step)) is None:
            return entry.before != fingerprint(self.connection, self.setting.own_tables)
        table, is_made = named
        return bool(self.connection.fetch(self.connection.dialect.ddl.has_table(table))) is is_made

    def edited(self) -> MigrationError:
        done = ", ".join(dict.fromkeys(entry.operation for entry in self.recorded))
        what = f"it was edited after a part of it was done here: {done}"
        mend = (
            "restore these operations as they were, and run again; or take back by hand what they did, and then "
            f"`orm migrate resolve {self.id} --forget`"
        )
        return MigrationError(self.id, what, mend)


def _reason(error: DatabaseError) -> str:
    """Why the database refused, without the advice that is for applications: what to do next a revision knows better."""
    if isinstance(error, SchemaMismatch):
        return f"it names a table or column that is not there{f' [{error.code}]' if error.code else ''}"
    return error.coded if isinstance(error, ConnectionLost) or error.mend == DatabaseError.mend else str(error)
