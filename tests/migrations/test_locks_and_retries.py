"""How long DDL waits for locks, how often it is tried again, and what stands outside of transactions."""

from collections.abc import Generator
from contextlib import ExitStack

import pytest

from isomorph.catalog import Column, Index, IndexColumn, Table
from isomorph.errors import LockTimeout, RevisionFailed, UniqueViolation
from isomorph.migrate import (
    AddColumn,
    CreateIndex,
    CreateTable,
    Event,
    Limits,
    Operations,
    Retrying,
    Revisions,
    RevisionStarted,
    RunSql,
    rollback,
    run,
)
from isomorph.migrate import types as t
from tests.support.migrations import Session, chain, open_session, structure

ITEMS: Operations = (
    CreateTable(Table("items", (Column("id", t.bigint(), auto_increment=True), Column("n", t.int())), ("id",))),
    RunSql("INSERT INTO items (n) VALUES (1), (2)", ()),
)
COLUMN = AddColumn("items", Column("m", t.int(), nullable=True))


class Reader:
    """Somebody whose open transaction has read the table, or on SQLite has the database."""

    def __init__(self, session: Session) -> None:
        self._session, self._stack = session, ExitStack()

    def begin(self, event: Event) -> None:
        if isinstance(event, RevisionStarted):
            self._stack.enter_context(self._session.transaction())
            self._session.fetch("SELECT n FROM items")

    def end(self) -> None:
        self._stack.close()


@pytest.fixture
def reader(database_url: str) -> Generator[Reader]:
    with open_session(database_url) as session:
        made = Reader(session)
        yield made
        made.end()


def timeouts(session: Session) -> list[object]:
    return [session.fetch(setting.read)[0][0] for setting in session.dialect.sessions.lock_timeouts]


@pytest.mark.feature("migrations.retries")
def test_the_lock_timeout_is_that_of_tables_and_of_rows(session: Session) -> None:
    settings = {
        "sqlite": {"PRAGMA busy_timeout": 2000},
        "postgresql": {"SELECT setting::int FROM pg_settings WHERE name = 'lock_timeout'": 2000},
        "mysql": {"SELECT @@SESSION.lock_wait_timeout": 2, "SELECT @@SESSION.innodb_lock_wait_timeout": 2},
    }[session.dialect.name]
    told: list[dict[str, object]] = []

    def tell(event: Event) -> None:
        if isinstance(event, RevisionStarted):
            told.append({query: session.fetch(query)[0][0] for query in settings})

    run(session, chain(ITEMS), report=tell, limits=Limits(lock_timeout_s=2))
    assert told == [settings]


@pytest.mark.feature("migrations.retries")
def test_ddl_that_meets_a_lock_is_tried_again_until_the_lock_is_gone(session: Session, reader: Reader) -> None:
    revisions = chain(ITEMS, (COLUMN,))
    run(session, Revisions(revisions.items[:1]))
    with session.session():
        before = timeouts(session)
        slept: list[float] = []

        def sleep(seconds: float) -> None:
            slept.append(seconds)
            if len(slept) == 2:
                reader.end()

        told: list[Retrying] = []

        def tell(event: Event) -> None:
            reader.begin(event)
            told.extend([event] if isinstance(event, Retrying) else [])

        limits = Limits(lock_timeout_s=0.2, retries=4, sleep=sleep)
        assert [row.revision for row in run(session, revisions, report=tell, limits=limits)] == ["r2"]
        assert timeouts(session) == before
    assert [(event.attempt, event.reason) for event in told] == [
        (2, "a lock was not granted in time"),
        (3, "a lock was not granted in time"),
    ]
    assert 0.3 < slept[0] < 0.6
    assert slept[0] < slept[1] < 1.1
    assert session.fetch("SELECT n, m FROM items ORDER BY n") == [(1, None), (2, None)]


@pytest.mark.feature("migrations.retries")
def test_ddl_that_meets_a_lock_for_too_long_is_undone_and_said(session: Session, reader: Reader) -> None:
    revisions = chain(ITEMS, (COLUMN,))
    run(session, Revisions(revisions.items[:1]))
    before = structure(session)
    limits = Limits(lock_timeout_s=0.1, retries=1, sleep=lambda _: None)
    with pytest.raises(RevisionFailed, match=r"a lock was not granted in time.*nothing of it was kept") as failed:
        run(session, revisions, report=reader.begin, limits=limits)
    assert isinstance(failed.value.__cause__, LockTimeout)
    reader.end()
    assert structure(session) == before
    assert [row.revision for row in run(session, revisions)] == ["r2"]


@pytest.mark.feature("migrations.outside")
def test_what_no_transaction_may_hold_stands_between_two(session: Session) -> None:
    outside = RunSql(
        {"sqlite": "VACUUM", "postgresql": "VACUUM items", "mysql": "ANALYZE TABLE items"}, (), atomic=False
    )
    update = RunSql("UPDATE items SET n = n + 10", "UPDATE items SET n = n - 10")
    broken = RunSql("INSERT INTO nowhere VALUES (1)", ())
    revisions = chain(ITEMS, (COLUMN, update, outside, update, broken))
    with pytest.raises(RevisionFailed) as failed:
        run(session, revisions)
    is_one = "transactional_ddl" in session.capabilities
    kept = ("add column items.m", "run SQL", "run SQL", *(() if is_one else ("run SQL",)))
    assert failed.value.kept == kept
    assert session.fetch("SELECT n FROM items ORDER BY n") == ([(11,), (12,)] if is_one else [(21,), (22,)])
    session.execute("CREATE TABLE nowhere (a INT)")
    run(session, revisions)
    assert session.fetch("SELECT n FROM items ORDER BY n") == [(21,), (22,)]
    rollback(session, revisions, step=1)
    assert session.fetch("SELECT n FROM items ORDER BY n") == [(1,), (2,)]


@pytest.mark.feature("migrations.outside")
def test_an_index_that_could_not_be_built_leaves_nothing_behind(session: Session) -> None:
    index = CreateIndex("items", Index("items_n_index", (IndexColumn("n"),), unique=True))
    revisions = chain(ITEMS, (index,))
    run(session, Revisions(revisions.items[:1]))
    session.execute("INSERT INTO items (n) VALUES (2)")
    before = structure(session)
    with pytest.raises(RevisionFailed) as failed:
        run(session, revisions)
    assert isinstance(failed.value.__cause__, UniqueViolation)
    assert structure(session) == before
    session.execute("DELETE FROM items WHERE id = 3")
    assert [row.revision for row in run(session, revisions)] == ["r2"]
    if session.dialect.name == "postgresql":
        assert session.fetch("SELECT indisvalid FROM pg_index WHERE indexrelid = 'items_n_index'::regclass") == [
            (True,)
        ]
