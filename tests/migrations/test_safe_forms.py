"""Tables in use are changed without holding up others: the same structure and rows as by the plain statements."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from isomorph import dialects
from isomorph.catalog import (
    Check,
    Column,
    ColumnRef,
    Comparison,
    Default,
    ForeignKey,
    Index,
    IndexColumn,
    Literal,
    SqlText,
    Table,
    Unique,
)
from isomorph.errors import LossyRevision, RevisionFailed
from isomorph.migrate import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddUnique,
    ChangeColumn,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropIndex,
    Limits,
    Operation,
    Operations,
    Revisions,
    RunSql,
    check_lossless,
    lossy,
    rollback,
    run,
    sql,
    status,
)
from isomorph.migrate import types as t
from isomorph.migrate.looking import RevisionState
from tests.support.migrations import Session, open_session, revision, structure

pytestmark = pytest.mark.feature("lint.safe_forms")

NAME = Column("name", t.string(50), nullable=True)
THINGS = Table(
    "a%things",
    columns=(Column("id", t.bigint(), auto_increment=True), Column("n", t.int(), nullable=True), NAME),
    primary_key=("id",),
    indexes=(Index("things%name", (IndexColumn("name"),)), Index("things_n", (IndexColumn("n"),))),
)
OWNERS = Table("owners", columns=(Column("id", t.int()),), primary_key=("id",))
BEFORE = (CreateTable(OWNERS), CreateTable(THINGS))
TABLE = THINGS.name
KEY = AddForeignKey(TABLE, ForeignKey("things_n_foreign", ("n",), "owners", ("id",)))
CHECK = AddCheck(TABLE, Check("things_n_check", Comparison(">", ColumnRef("n"), Literal(0))))
UNIQUE = AddUnique(TABLE, Unique("things%unique", ("n", "name")))
INDEX = CreateIndex(TABLE, Index("things%both", (IndexColumn("n", descending=True), IndexColumn("name"))))
FULL = ChangeColumn(TABLE, NAME, Column("name", t.string(50), default=Default("it's 100%")))
EMPTY = ChangeColumn(TABLE, NAME, Column("name", t.string(50)))


def computed(*, nullable: bool) -> AddColumn:
    """A column whose default the database computes for each row."""
    text = {"sqlite": "abs(-1)", "postgresql": "floor(random() * 100)::int", "mysql": "floor(rand() * 100)"}
    return AddColumn(TABLE, Column("luck", t.int(), nullable=nullable, default_sql=SqlText(text)))


CASES: dict[str, Operations] = {
    "an index": (INDEX,),
    "an index goes": (DropIndex(TABLE, THINGS.indexes[0]),),
    "a unique": (UNIQUE,),
    "a foreign key": (KEY,),
    "a check": (CHECK,),
    "NOT NULL with a default": (FULL,),
    "NOT NULL": (RunSql("UPDATE {0} SET name = 'x' WHERE name IS NULL", down=()), EMPTY),
    "NULL": (FULL, ChangeColumn(TABLE, FULL.after, NAME)),
    "a computed default": (computed(nullable=True),),
    "a computed default, NOT NULL": (computed(nullable=False),),
    "a plain column": (AddColumn(TABLE, Column("more", t.string(20), nullable=True)),),
    "a longer text": (ChangeColumn(TABLE, NAME, Column("name", t.string(60), nullable=True)),),
    "all": (AddColumn(TABLE, Column("more", t.int(), nullable=True)), INDEX, UNIQUE, KEY, CHECK, FULL),
}


def made(operations: Operations, session: Session, *, safely: bool) -> Revisions:
    table = session.dialect.ddl.printed(session.dialect.quoted(TABLE))
    known = tuple(
        RunSql(operation.up.format(table), down=())
        if isinstance(operation, RunSql) and isinstance(operation.up, str)
        else operation
        for operation in operations
    )
    return Revisions((revision("r1", BEFORE), revision("r2", known, "r1", safely=safely)))


def fill(session: Session, rows: int = 3) -> None:
    session.execute("INSERT INTO owners (id) VALUES (1), (2), (3)")
    for number in range(rows):
        name = "NULL" if number % 2 else f"'name {number}'"
        session.execute(f"INSERT INTO {session.dialect.quoted(TABLE)} (n, name) VALUES ({number % 3 + 1}, {name})")


@pytest.mark.parametrize("case", CASES)
def test_safe_and_plain_lead_to_the_same(case: str, session: Session, other_database_url: str) -> None:
    def rows(of: Session) -> list[tuple[object, ...]]:
        return of.fetch(f"SELECT id, n, name FROM {of.dialect.quoted(TABLE)} ORDER BY id")

    with open_session(other_database_url) as plain:
        found: list[tuple[object, object]] = []
        for place, safely in ((session, True), (plain, False)):
            revisions = made(CASES[case], place, safely=safely)
            run(place, Revisions(revisions.items[:1]))
            before = structure(place)
            fill(place)
            run(place, revisions)
            found.append((structure(place), rows(place)))
            if "computed" in case:
                assert place.fetch(f"SELECT 1 FROM {place.dialect.quoted(TABLE)} WHERE luck IS NULL") == []
            rollback(place, revisions, step=1)
            assert structure(place) == before
        assert found[0] == found[1]


def test_many_rows_are_filled_in_batches(session: Session, dialect: str) -> None:
    if dialect != "postgresql":
        return
    revisions = made((FULL,), session, safely=True)
    run(session, Revisions(revisions.items[:1]))
    session.execute("INSERT INTO owners (id) VALUES (1)")
    table = session.dialect.quoted(TABLE)
    session.execute(f"INSERT INTO {table} (n) SELECT 1 FROM generate_series(1, 200000)")
    batches: list[str] = []
    run(session, revisions, report=lambda event: batches.append(type(event).__name__))
    assert batches.count("BatchDone") > 5
    assert session.fetch(f"SELECT count(*) FROM {table} WHERE name = %s", ("it's 100%",)) == [(200000,)]


def test_a_failed_step_is_gone_on_with(session: Session, dialect: str) -> None:
    if dialect != "postgresql":
        return
    revisions = made((INDEX, EMPTY), session, safely=True)
    run(session, Revisions(revisions.items[:1]))
    fill(session)
    with pytest.raises(RevisionFailed) as failure:
        run(session, revisions)
    assert failure.value.kept == ("create index things%both on a%things", "keep NULL out of a%things.name")
    assert [row.state for row in status(session, revisions)] == [RevisionState.APPLIED, RevisionState.PARTIAL]
    # Nobody adds a NULL to what is being mended; then it goes on.
    session.execute(f"UPDATE {session.dialect.quoted(TABLE)} SET name = 'x' WHERE name IS NULL")
    assert [row.revision for row in run(session, revisions)] == ["r2"]
    rollback(session, revisions, step=1)


def test_what_is_undone_by_hand_leads_back(session: Session, dialect: str) -> None:
    if dialect != "postgresql":
        return
    revisions = made((UNIQUE, EMPTY), session, safely=True)
    run(session, Revisions(revisions.items[:1]))
    before = structure(session)
    fill(session)
    with pytest.raises(RevisionFailed) as failure:
        run(session, revisions)
    for statement in failure.value.undo:
        session.execute(session.dialect.ddl.text(statement))
    assert structure(session) == before


def test_a_table_of_the_same_revision_is_made_plainly(dialect: str) -> None:
    text = "\n".join(
        statement
        for made_ in sql(Revisions((revision("r1", (*BEFORE, INDEX, UNIQUE, KEY, CHECK)),)), dialects.get(dialect))
        for statement in made_.statements
    )
    assert not any(word in text for word in ("CONCURRENTLY", "NOT VALID", "ALGORITHM"))


# --- others at work ------------------------------------------------------------------------------------------------------


@dataclass
class Visitor:
    """Somebody who reads and writes while a revision runs; how long each took at most, in seconds."""

    url: str
    longest_s: float = 0.0
    times: int = 0

    def visit(self, until: threading.Event) -> None:
        with open_session(self.url) as session:
            table = session.dialect.quoted(TABLE)
            while not until.is_set():
                started = time.perf_counter()
                session.execute(f"UPDATE {table} SET n = 1 WHERE id = 1")
                session.fetch(f"SELECT n FROM {table} WHERE id = 1")
                self.longest_s = max(self.longest_s, time.perf_counter() - started)
                self.times += 1
                time.sleep(0.002)


_LONG: Sequence[tuple[str, Operation]] = (("index", INDEX), ("foreign key", KEY), ("check", CHECK), ("not null", FULL))


@pytest.mark.parametrize("operation", [pytest.param(operation, id=name) for name, operation in _LONG])
def test_others_read_and_write_meanwhile(
    operation: Operation, session: Session, database_url: str, dialect: str
) -> None:
    if dialect == "sqlite" or (dialect == "mysql" and operation is not INDEX):
        return
    revisions = made((operation,), session, safely=True)
    run(session, Revisions(revisions.items[:1]))
    session.execute("INSERT INTO owners (id) VALUES (1)")
    table = session.dialect.quoted(TABLE)
    if dialect == "postgresql":
        session.execute(f"INSERT INTO {table} (n, name) SELECT 1, repeat('x', 40) FROM generate_series(1, 300000)")
    else:
        session.execute(f"INSERT INTO {table} (n, name) SELECT 1, repeat('x', 40) FROM seq_1_to_300000")
    visitor, end = Visitor(database_url), threading.Event()
    thread = threading.Thread(target=visitor.visit, args=(end,))
    thread.start()
    try:
        while not visitor.times:
            time.sleep(0.01)
        started = time.perf_counter()
        run(session, revisions, limits=Limits(lock_timeout_s=30))
        took_s = time.perf_counter() - started
    finally:
        end.set()
        thread.join()
    assert visitor.times > 1
    assert visitor.longest_s < max(0.25, took_s / 2)


def test_an_index_that_waits_for_others_holds_up_nobody(session: Session, database_url: str, dialect: str) -> None:
    if dialect != "postgresql":
        return
    revisions = made((INDEX,), session, safely=True)
    run(session, Revisions(revisions.items[:1]))
    fill(session)
    table = session.dialect.quoted(TABLE)
    waiting = (
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        " AND query LIKE 'CREATE INDEX CONCURRENTLY%%'"
    )
    with open_session(database_url) as holder, open_session(database_url) as other:
        with holder.transaction():
            holder.execute(f"UPDATE {table} SET n = 2 WHERE id = 2")
            thread = threading.Thread(target=run, args=(session, revisions))
            thread.start()
            deadline = time.monotonic() + 30
            while not other.fetch(waiting) and time.monotonic() < deadline:
                time.sleep(0.02)
            assert other.fetch(waiting)
            # A plain CREATE INDEX would wait for the holder, and this for the index.
            other.execute("SET lock_timeout = 2000")
            other.execute(f"UPDATE {table} SET n = 3 WHERE id = 1")
        thread.join()
        assert [row.state for row in status(other, revisions)] == [RevisionState.APPLIED] * 2


# --- what is lost --------------------------------------------------------------------------------------------------------


@pytest.mark.feature("lint.lossy")
def test_what_is_lost_is_refused_until_the_revision_says_why(session: Session) -> None:
    gone = DropColumn(TABLE, Column("n", t.int(), nullable=True))
    drop = (DropIndex(TABLE, THINGS.indexes[1]), gone)
    first = revision("r1", BEFORE)
    run(session, Revisions((first,)))
    fill(session)
    before = structure(session)
    bare = revision("r2", (), "r1")
    bare = type(bare)("r2", ("r1",), drop, (), bare.path, bare.checksum)
    with pytest.raises(LossyRevision) as refused:
        run(session, Revisions((first, bare)))
    assert str(refused.value) == (
        "revision r2: drop column a%things.n loses the values of a%things.n, and it does not say why that is fine "
        '(write lossy("what is lost and why that is fine", DropColumn(...)) around it)'
    )
    assert structure(session) == before

    said = revision("r2", (drop[0], lossy("nobody counts any more", gone)), "r1")
    check_lossless([said])
    run(session, Revisions((first, said)))
    rollback(session, Revisions((first, said)), step=1)
    assert structure(session) == before
