"""What goes wrong in a run: each time a clear message, the state of the database and the next step, and no row lost."""

import os
import re
import subprocess
from ast import literal_eval
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from isomorph.catalog import Column, ForeignKey, Table
from isomorph.connections import Connection, parse
from isomorph.errors import (
    ConnectionLost,
    DiskFull,
    HistoryNotWritable,
    MigrationError,
    MigrationsLocked,
    PermissionDenied,
    RevisionFailed,
    RevisionInterrupted,
)
from isomorph.migrate import (
    AddColumn,
    AddForeignKey,
    ChangeColumn,
    CreateTable,
    Event,
    Operations,
    OperationStarted,
    Resolution,
    Revisions,
    RevisionStarted,
    RunSql,
    load,
    lock_owner,
    resolve,
    run,
    stamp,
    status,
    unlock,
)
from isomorph.migrate import types as t
from tests.support.databases import VARIABLES
from tests.support.migrations import Session, chain, open_session, structure, table_names

ID = Column("id", t.bigint(), auto_increment=True)
ROWS = [(1, 1), (2, 2), (3, 3)]
FIRST: Operations = (
    CreateTable(Table("items", (ID, Column("n", t.int())), ("id",))),
    RunSql("INSERT INTO items (n) VALUES (1), (2), (3)", ()),
)


def made(session: Session, *more: Operations) -> Revisions:
    """A database with three rows, and revisions that go on from there."""
    revisions = chain(FIRST, *more)
    run(session, Revisions(revisions.items[:1]))
    return revisions


def rows(session: Session) -> list[tuple[int, ...]]:
    return [tuple(int(value) for value in row) for row in session.fetch("SELECT id, n FROM items ORDER BY id")]


def check_untouched(session: Session, before: list[tuple[str, ...]]) -> None:
    """Nothing of the second revision is there, nobody has the lock, and the rows are as they were."""
    assert structure(session) == before
    assert rows(session) == ROWS
    assert [row.revision for row in run(session, chain(FIRST))] == []
    assert lock_owner(session) is None


# --- files -------------------------------------------------------------------------------------------------------------

HEAD = "from isomorph.migrate import *\nrevision = Revision(id={id!r}, depends_on={after!r})\n"
TAIL = "upgrade = ()\ndowngrade = ()\n"


@pytest.mark.feature("migrations.bad_input")
@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a": "", "b": "oops(\n"}, r"revision b: .*b\.py:3: .*never closed \(mend the syntax\)"),
        (
            {"a": "('b',)", "b": "('a',)"},
            r"it depends on itself: .* \(take one of them out of the other's depends_on\)",
        ),
        ({"a": "()", "b": "('a',)", "c": "('a',)"}, r"both come last, .*`orm migrate merge` brings them together"),
        ({"a": "('z',)"}, r"depends on z, of which there is no file"),
    ],
    ids=["syntax", "cycle", "heads", "unknown"],
)
def test_revisions_that_make_no_sense_stop_the_run(
    session: Session, tmp_path: Path, files: dict[str, str], words: str
) -> None:
    made(session)
    before = structure(session)
    for id_, after in files.items():
        head = HEAD.format(id=id_, after=literal_eval(after) if after.startswith("(") else ())
        (tmp_path / f"{id_}.py").write_text(head + (after if after.startswith("oops") else TAIL))
    with pytest.raises(MigrationError, match=words):
        run(session, load(tmp_path))
    check_untouched(session, before)


# --- operations --------------------------------------------------------------------------------------------------------


@pytest.mark.feature("migrations.bad_input")
def test_a_foreign_key_to_a_missing_table_stops_the_run_before_anything_is_done(session: Session) -> None:
    key = ForeignKey("items_box_foreign", ("id",), "boxes", ("id",))
    revisions = made(session, (AddColumn("items", Column("m", t.int(), nullable=True)), AddForeignKey("items", key)))
    before = structure(session)
    with pytest.raises(MigrationError, match=r"revision r2: .*no table boxes at this point \(create it"):
        run(session, revisions)
    check_untouched(session, before)


@pytest.mark.feature("migrations.bad_input")
def test_an_operation_that_fails_in_the_middle_is_said_with_the_next_command(session: Session) -> None:
    revisions = made(
        session,
        (
            AddColumn("items", Column("m", t.int(), nullable=True)),
            RunSql("UPDATE items SET m = n", ()),
            RunSql("INSERT INTO nowhere VALUES (1)", ()),
        ),
    )
    before = structure(session)
    with pytest.raises(
        RevisionFailed, match=r"run SQL was refused: it names a table or col.*mend the cause and run again"
    ) as failed:
        run(session, revisions)
    # What applications are told of the same error is no help here.
    assert "`orm migrate run`" not in str(failed.value)
    assert ".driver_error" not in str(failed.value)
    assert rows(session) == ROWS
    assert lock_owner(session) is None
    if "transactional_ddl" in session.capabilities:
        assert structure(session) == before
    else:
        assert [(row.state.value, row.done) for row in status(session, revisions)] == [
            ("applied", ()),
            ("partial", ("add column items.m", "run SQL")),
        ]
    session.execute("CREATE TABLE nowhere (a INT)")
    assert [row.revision for row in run(session, revisions)] == ["r2"]
    assert session.fetch("SELECT n FROM items WHERE m = n ORDER BY n") == [(1,), (2,), (3,)]
    assert session.fetch("SELECT COUNT(*) FROM nowhere") == [(1,)]


@pytest.mark.feature("migrations.bad_input")
def test_a_table_that_is_there_already_can_be_adopted(session: Session) -> None:
    revisions = made(session, (CreateTable(Table("boxes", (ID,), ("id",))),))
    session.execute("CREATE TABLE boxes (id INT)")
    session.execute("INSERT INTO boxes VALUES (7)")
    before = structure(session)
    with pytest.raises(RevisionFailed) as refused:
        run(session, revisions)
    assert "there is a table boxes already" in str(refused.value)
    assert "`orm migrate stamp --only r2` records that, else rename or drop it" in str(refused.value)
    check_untouched(session, before)
    assert stamp(session, revisions, only="r2").added == ("r2",)
    assert run(session, revisions) == ()
    assert session.fetch("SELECT id FROM boxes") == [(7,)]


@pytest.mark.feature("migrations.bad_input")
def test_a_part_that_was_edited_after_it_was_done_is_not_gone_on_with(session: Session) -> None:
    if "transactional_ddl" in session.capabilities:
        step = RunSql("UPDATE items SET n = n + 10", "UPDATE items SET n = n - 10", atomic=False)
    else:
        step = RunSql("UPDATE items SET n = n + 10", "UPDATE items SET n = n - 10")
    broken = RunSql("INSERT INTO nowhere VALUES (1)", ())
    revisions = made(session, (step, broken))
    with pytest.raises(RevisionFailed, match=r"1 operation of it stay done: run SQL; .*it goes on behind them"):
        run(session, revisions)
    edited = chain(FIRST, (replace(step, up="UPDATE items SET n = n + 11"), broken))
    with pytest.raises(MigrationError, match=r"edited after a part of it was done .*resolve r2 --forget"):
        run(session, edited)
    assert rows(session) == [(1, 11), (2, 12), (3, 13)]
    with pytest.raises(MigrationError, match=r"all of its statements that were begun were done \(`orm migrate run`"):
        resolve(session, "r2", Resolution.AGAIN)
    session.execute("UPDATE items SET n = n - 10")
    assert resolve(session, "r2", Resolution.FORGET) == "run SQL"
    assert [row.state.value for row in status(session, revisions)] == ["applied", "pending"]
    session.execute("CREATE TABLE nowhere (a INT)")
    run(session, edited)
    assert rows(session) == [(1, 12), (2, 13), (3, 14)]


@pytest.mark.feature("migrations.bad_input")
def test_what_a_conversion_that_failed_left_goes_when_it_is_forgotten(session: Session) -> None:
    if "transactional_ddl" in session.capabilities:
        pytest.skip("a revision is one transaction")
    word, truth = Column("word", t.string(20), nullable=True), Column("word", t.bool(), nullable=True)
    change = ChangeColumn("items", word, truth)
    revisions = made(session, (AddColumn("items", word),), (change,))
    run(session, Revisions(revisions.items[:2]))
    session.execute("UPDATE items SET word = 'no truth' WHERE n = 2")
    before = structure(session)
    with pytest.raises(RevisionFailed, match=r"change column items\.word was refused: .*resolve r3 --forget"):
        run(session, revisions)
    assert structure(session) != before
    assert resolve(session, "r3", Resolution.FORGET) == "change column items.word"
    assert structure(session) == before
    assert session.fetch("SELECT word FROM items WHERE n = 2") == [("no truth",)]
    session.execute("UPDATE items SET word = 'true' WHERE n = 2")
    run(session, revisions)
    assert session.fetch("SELECT word FROM items WHERE n = 2") == [(1,)]


# --- the database ------------------------------------------------------------------------------------------------------


def ended_by(session: Session, url: str) -> None:
    """End the session's connection to the server from outside."""
    advisory = session.dialect.sessions.advisory
    assert advisory is not None
    (number,) = session.fetch(advisory.session)[0]
    with open_session(url) as other:
        other.fetch(advisory.end, (number,)) if other.dialect.name == "postgresql" else other.execute(
            advisory.end, (number,)
        )


@pytest.mark.feature("migrations.bad_input")
@pytest.mark.requires("row_locks")
def test_a_lost_connection_leaves_what_the_next_run_goes_on_with(session: Session, database_url: str) -> None:
    revisions = made(
        session,
        (
            AddColumn("items", Column("m", t.int(), nullable=True)),
            RunSql("UPDATE items SET n = n + 10", ()),
            RunSql("UPDATE items SET m = 1", ()),
        ),
    )
    seen: list[str] = []

    def cut(event: Event) -> None:
        if isinstance(event, OperationStarted):
            seen.append(event.operation)
            if len(seen) == 3:
                ended_by(session, database_url)

    with pytest.raises(RevisionFailed, match="the connection to the database was lost") as failed:
        run(session, revisions, report=cut)
    assert isinstance(failed.value.__cause__, ConnectionLost)
    is_whole = "transactional_ddl" in session.capabilities
    assert rows(session) == (ROWS if is_whole else [(1, 11), (2, 12), (3, 13)])
    assert [row.revision for row in run(session, revisions)] == ["r2"]
    assert rows(session) == [(1, 11), (2, 12), (3, 13)]
    assert session.fetch("SELECT COUNT(*) FROM items WHERE m = 1") == [(3,)]


@pytest.mark.feature("migrations.bad_input", dialect="sqlite")
def test_a_full_disk_undoes_the_revision(tmp_path: Path) -> None:
    with open_session(f"sqlite:///{tmp_path / 'test.db'}") as session:
        numbers = "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 20000)"
        fill = f"INSERT INTO items (n) {numbers} SELECT i FROM c"
        revisions = made(session, (AddColumn("items", Column("m", t.int(), nullable=True)), RunSql(fill, ())))
        before = structure(session)

        def bound(event: Event) -> None:
            if isinstance(event, RevisionStarted):
                pages = session.fetch("PRAGMA page_count")[0][0]
                session.fetch(f"PRAGMA max_page_count = {pages + 4}")

        with pytest.raises(RevisionFailed, match=r"no space left.*nothing of it was kept; mend the cause") as failed:
            run(session, revisions, report=bound)
        assert isinstance(failed.value.__cause__, DiskFull)
        session.fetch("PRAGMA max_page_count = 1000000")
        check_untouched(session, before)
        assert [row.revision for row in run(session, revisions)] == ["r2"]
        assert session.fetch("SELECT COUNT(*) FROM items") == [(20003,)]


@pytest.mark.feature("migrations.bad_input")
@pytest.mark.requires("row_locks")
def test_of_what_was_done_when_the_connection_was_lost_nothing_is_said_that_is_not_known(
    session: Session, database_url: str
) -> None:
    revisions = made(session, (AddColumn("items", Column("m", t.int(), nullable=True)),))

    def cut(event: Event) -> None:
        if isinstance(event, OperationStarted):
            ended_by(session, database_url)

    with pytest.raises(RevisionFailed) as failed:
        run(session, revisions, report=cut)
    is_whole = "transactional_ddl" in session.capabilities
    assert failed.value.is_open is not is_whole
    assert ("nothing of it was kept" in str(failed.value)) is is_whole
    assert ("is seen by the next run" in str(failed.value)) is not is_whole
    assert "run it again if it may be repeated" not in str(failed.value)
    assert [row.revision for row in run(session, revisions)] == ["r2"]
    assert rows(session) == ROWS


@contextmanager
def small_disk(size_kb: int, owner: int | None = None) -> Generator[Path]:
    """A folder that is a disk of its own, for a server that is run by `owner`; whoever may mount none skips the test."""
    # Not below the folder of the tests, which servers may not enter.
    parent = Path(mkdtemp())
    parent.chmod(0o755)
    folder = parent / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_kb}k", "tmpfs", str(folder)]
    try:
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            pytest.skip("only root may mount a small disk, and not everywhere")
        try:
            if owner is not None:
                os.chown(folder, owner, -1)
            yield folder
        finally:
            # A server that still has files there must not lose them.
            if owner is None or not any(folder.iterdir()):
                subprocess.run(["umount", str(folder)], check=True)
    finally:
        if not folder.is_mount():
            folder.rmdir()
            parent.rmdir()


# 3 ** 9 rows more.
MANY = "INSERT INTO items (n) SELECT a.n FROM items a, items b, items c, items d, items e, items f, items g, items h, items i"
FULL = r"run SQL was refused: the database has no space left .*\(free some.*mend the cause and run again"


@pytest.mark.feature("migrations.bad_input", dialect="postgresql")
def test_a_disk_of_the_server_that_is_full_undoes_the_revision(session: Session) -> None:
    if session.dialect.name != "postgresql":
        pytest.skip("other servers have no tablespaces, or do not outlive a full one")
    try:
        owner = Path(session.fetch("SHOW data_directory")[0][0]).stat().st_uid
    except OSError:
        pytest.skip("the server runs on another machine")
    revisions = made(session, (AddColumn("items", Column("m", t.int(), nullable=True)), RunSql(MANY, ())))
    before = structure(session)
    name = session.dialect.quoted(f"isomorph_small_{os.getpid()}")
    with small_disk(600, owner) as folder:
        session.execute(f"CREATE TABLESPACE {name} LOCATION '{folder}'")
        try:
            session.execute(f"ALTER TABLE items SET TABLESPACE {name}")
            with pytest.raises(RevisionFailed, match=FULL) as failed:
                run(session, revisions)
            assert isinstance(failed.value.__cause__, DiskFull)
            check_untouched(session, before)
        finally:
            session.execute("ALTER TABLE items SET TABLESPACE pg_default")
            session.execute(f"DROP TABLESPACE {name}")
    assert [row.revision for row in run(session, revisions)] == ["r2"]
    assert session.fetch("SELECT COUNT(*) FROM items") == [(3 + 3**9,)]


@pytest.mark.feature("migrations.bad_input", dialect="mysql")
def test_a_table_that_is_full_is_said_with_what_is_done(session: Session) -> None:
    if session.dialect.name != "mysql":
        pytest.skip("tables in memory are of MySQL and MariaDB")
    # A server of MariaDB stops when the disk below InnoDB is full: what fills up here is the room of a table in memory.
    full = (
        AddColumn("items", Column("m", t.int(), nullable=True)),
        RunSql("ALTER TABLE items ENGINE = MEMORY", "ALTER TABLE items ENGINE = InnoDB"),
    )
    revisions = made(session, full)
    session.execute(MANY)
    session.execute("SET SESSION max_heap_table_size = 16384")
    with pytest.raises(RevisionFailed, match=FULL) as failed:
        run(session, revisions)
    assert isinstance(failed.value.__cause__, DiskFull)
    assert failed.value.kept == ("add column items.m",)
    assert session.fetch("SELECT COUNT(*) FROM items") == [(3 + 3**9,)]
    session.execute("SET SESSION max_heap_table_size = 16777216")
    assert [row.revision for row in run(session, revisions)] == ["r2"]
    assert session.fetch("SELECT COUNT(*) FROM items WHERE m IS NULL") == [(3 + 3**9,)]


@pytest.mark.feature("migrations.bad_input", dialect="sqlite")
def test_a_disk_that_is_full_undoes_the_revision_of_a_file() -> None:
    with small_disk(200) as folder, open_session(f"sqlite:///{folder / 'test.db'}") as session:
        revisions = made(session, (AddColumn("items", Column("m", t.int(), nullable=True)), RunSql(MANY, ())))
        before = structure(session)
        with pytest.raises(RevisionFailed, match=r"no space left.*nothing of it was kept; mend the cause") as failed:
            run(session, revisions)
        assert isinstance(failed.value.__cause__, DiskFull)
        check_untouched(session, before)
        subprocess.run(["mount", "-o", "remount,size=20m", str(folder)], check=True)
        assert [row.revision for row in run(session, revisions)] == ["r2"]
        assert session.fetch("SELECT COUNT(*) FROM items") == [(3 + 3**9,)]


@pytest.mark.feature("migrations.bad_input", dialect="sqlite")
def test_a_database_that_may_only_be_read_is_told_before_anything_is_done(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'test.db'}"
    with open_session(url) as session:
        revisions = made(session, (CreateTable(Table("boxes", (ID,), ("id",))),))
    with open_session(f"{url}?mode=ro") as session:
        with pytest.raises(HistoryNotWritable, match=r"read-only.*nothing was done \(let the user create and write"):
            run(session, revisions)
        assert rows(session) == ROWS


@pytest.mark.feature("migrations.bad_input")
@pytest.mark.requires("row_locks")
def test_a_user_without_rights_is_told_before_anything_is_done(session: Session, database_url: str) -> None:
    revisions = made(session, (CreateTable(Table("boxes", (ID,), ("id",))),))
    before = structure(session)
    name, here, quoted = f"isomorph_reader_{os.getpid()}", parse(database_url), session.dialect.quoted
    with open_session(os.environ[VARIABLES[session.dialect.name]]) as admin:
        if session.dialect.name == "mysql":
            user = f"'{name}'@'{session.dialect.ddl.text('%')}'"
            admin.execute(f"CREATE USER {user} IDENTIFIED BY 'reader'")
            admin.execute(f"GRANT SELECT ON {quoted(here.database)}.* TO {user}")
        else:
            user, schema = quoted(name), quoted(session.fetch("SELECT current_schema()")[0][0])
            admin.execute(f"CREATE ROLE {user} LOGIN PASSWORD 'reader'")
            session.execute(f"GRANT USAGE ON SCHEMA {schema} TO {user}")
            session.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {user}")
        reader = Connection("default", replace(here, user=name, password="reader"))
        try:
            with pytest.raises(HistoryNotWritable, match=r"lacks the right.*nothing was done") as refused:
                run(reader, revisions)
            assert isinstance(refused.value.__cause__, PermissionDenied)
            assert rows(reader) == ROWS
            assert [row.state.value for row in status(reader, revisions)] == ["applied", "pending"]
        finally:
            reader.close()
            if session.dialect.name == "postgresql":
                session.execute(f"DROP OWNED BY {user}")
            admin.execute(f"DROP {'USER' if session.dialect.name == 'mysql' else 'ROLE'} {user}")
    check_untouched(session, before)


class Interrupted(Connection):
    """A connection whose process is asked to end right behind a statement, before that can be recorded."""

    behind = ""

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        result = super().execute(sql, parameters)
        if self.behind and sql.startswith(self.behind):
            self.behind = ""
            raise KeyboardInterrupt
        return result


@pytest.mark.parametrize("resolution", [Resolution.DONE, Resolution.AGAIN])
@pytest.mark.feature("migrations.bad_input")
def test_a_statement_of_which_nobody_knows_whether_it_was_done_is_asked_about(
    session: Session, database_url: str, resolution: Resolution
) -> None:
    if "transactional_ddl" in session.capabilities:
        pytest.skip("a revision is one transaction")
    revisions = made(session, (RunSql("TRUNCATE TABLE items", ()), RunSql("INSERT INTO items (n) VALUES (9)", ())))
    connection = Interrupted("default", parse(database_url))
    connection.behind = "TRUNCATE"
    with pytest.raises(KeyboardInterrupt):
        run(connection, revisions)
    connection.close()
    with pytest.raises(RevisionInterrupted) as asked:
        run(session, revisions)
    assert "cannot be told: TRUNCATE TABLE items" in str(asked.value)
    assert "orm migrate resolve r2 --done" in str(asked.value)
    assert "orm migrate resolve r2 --again" in str(asked.value)
    session.execute("INSERT INTO items (n) VALUES (8)")
    assert resolve(session, "r2", resolution) == "run SQL"
    run(session, revisions)
    assert [n for _, n in rows(session)] == ([8, 9] if resolution is Resolution.DONE else [9])


@pytest.mark.feature("migrations.bad_input", dialect="sqlite")
def test_a_lock_that_a_dead_process_left_is_cleared_by_the_command_that_the_error_names(tmp_path: Path) -> None:
    with open_session(f"sqlite:///{tmp_path / 'test.db'}") as session:
        revisions = made(session, (CreateTable(Table("boxes", (ID,), ("id",))),))
        session.execute(
            "INSERT INTO isomorph_migrations_lock VALUES (1, 'x', 'ada', ?, 999999999, '2026-01-02 03:04:05.000000+00:00')",
            (os.uname().nodename,),
        )
        with pytest.raises(MigrationsLocked, match=r"left behind by ada on .*clear it with `orm migrate unlock`"):
            run(session, revisions)
        assert table_names(session) == {"items"}
        owner = unlock(session)
        assert owner is not None
        assert re.match("ada on ", str(owner))
        run(session, revisions)
        assert table_names(session) == {"items", "boxes"}
        assert rows(session) == ROWS
