"""Revisions on real databases: forward, back, rows, failures, history."""

import datetime as dt
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from isomorph import dialects
from isomorph.catalog import (
    Check,
    Column,
    ColumnRef,
    Comparison,
    Default,
    Enum,
    ForeignKey,
    Index,
    IndexColumn,
    Literal,
    ReferentialAction,
    SqlDefault,
    SqlText,
    Table,
    Unique,
)
from isomorph.errors import DatabaseError, MigrationError, RevisionFailed, UniqueViolation
from isomorph.migrate import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddUnique,
    CreateEnum,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropForeignKey,
    DropTable,
    Event,
    Operations,
    Resolution,
    RevisionDone,
    Revisions,
    RunSql,
    State,
    resolve,
    reverse,
    rollback,
    run,
    sql,
    status,
)
from isomorph.migrate import types as t
from isomorph.migrate.history import History
from isomorph_generator.migrations import detect
from isomorph_generator.schema import load as load_schema
from tests.support.catalogs import changed_states
from tests.support.examples import few
from tests.support.migrations import Session, chain, open_session, revision, structure, table_names

ID = Column("id", t.bigint(), auto_increment=True)
ROLE = Enum("Role", ("member", "it's 50%"), "role")
USERS = Table(
    "users",
    columns=(
        ID,
        Column("name", t.string(50)),
        Column("role", t.enum("Role"), default=Default("it's 50%")),
        Column("active", t.bool(), default=Default(True)),
        Column("settings", t.json(), default=Default({"a": "50%"})),
        Column("bio", t.text(), default=Default("")),
        Column("joined", t.timestamptz(), default_sql=SqlDefault.NOW),
        Column("born", t.date(), default_sql=SqlDefault.CURRENT_DATE),
        Column("wakes", t.time(), default_sql=SqlDefault.CURRENT_TIME),
        Column("seen", t.datetime(), default_sql=SqlDefault.NOW),
    ),
    primary_key=("id",),
    uniques=(Unique("users_name_unique", ("name",)),),
    indexes=(Index("users_role_index", (IndexColumn("role"), IndexColumn("joined", descending=True))),),
    checks=(Check("users_name_check", Comparison("<>", ColumnRef("name"), Literal("50%"))),),
    comment="People",
)
POSTS = Table(
    "posts",
    columns=(ID, Column("title", t.string(20)), Column("author_id", t.bigint())),
    primary_key=("id",),
    foreign_keys=(
        ForeignKey("posts_author_id_foreign", ("author_id",), "users", ("id",), on_delete=ReferentialAction.CASCADE),
    ),
)
FIRST: Operations = (CreateEnum(ROLE), CreateTable(USERS), CreateTable(POSTS))


def fill(session: Session) -> None:
    """Two users, three posts."""
    execute(session, "INSERT INTO users (name) VALUES ('Ada'), ('Grace')")
    execute(session, "INSERT INTO posts (title, author_id) VALUES ('one', 1), ('two', 1), ('three', 2)")


def execute(session: Session, text: str) -> None:
    session.execute(session.dialect.ddl.text(text))


def posts(session: Session) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in session.fetch("SELECT id, title, author_id FROM posts ORDER BY id")]


@pytest.mark.feature("migrations.run", "migrations.create_table", "migrations.rollback", "migrations.defaults")
def test_all_is_created_and_dropped_again(session: Session) -> None:
    revisions = chain(FIRST)
    empty = structure(session)
    run(session, revisions)
    fill(session)
    rows = session.fetch("SELECT id, name, role, active, settings, bio FROM users ORDER BY id")
    assert [(*row[:3], row[3] == 1, "".join(row[4].split()), row[5]) for row in rows] == [
        (1, "Ada", "it's 50%", True, '{"a":"50%"}', ""),
        (2, "Grace", "it's 50%", True, '{"a":"50%"}', ""),
    ]
    for broken in (
        "INSERT INTO users (name) VALUES ('Ada')",
        "INSERT INTO users (name) VALUES ('50%')",
        "INSERT INTO users (name, role) VALUES ('x', 'root')",
        f"INSERT INTO users (name) VALUES ('{'x' * 51}')",
        "INSERT INTO users (name) VALUES (NULL)",
        "INSERT INTO posts (title, author_id) VALUES ('x', 99)",
    ):
        with pytest.raises(DatabaseError):
            execute(session, broken)
    execute(session, "DELETE FROM users WHERE id = 1")
    assert [row[1] for row in posts(session)] == ["three"]
    assert rollback(session, revisions) == (revisions.items[0],)
    assert structure(session) == empty
    assert table_names(session) == set()


@pytest.mark.feature("migrations.defaults")
def test_computed_defaults_are_the_clock_of_utc(session: Session) -> None:
    run(session, chain(FIRST))
    before = dt.datetime.now(dt.UTC)
    fill(session)
    load = {column.name: session.dialect.types.load(column.type) for column in USERS.columns}
    names = ("joined", "seen", "born", "wakes")
    row = session.fetch("SELECT joined, seen, born, wakes FROM users WHERE id = 1")[0]
    joined, seen, born, wakes = (
        value if (convert := load[name]) is None else convert(value) for name, value in zip(names, row, strict=True)
    )
    assert isinstance(joined, dt.datetime)
    assert isinstance(seen, dt.datetime)
    second = dt.timedelta(seconds=2)
    assert abs(joined - before) < second
    assert abs(seen.replace(tzinfo=dt.UTC) - before) < second
    assert isinstance(born, dt.date)
    assert isinstance(wakes, dt.time)
    moment = dt.datetime.combine(born, wakes, dt.UTC)
    assert min(abs(moment - before), abs(moment - before - dt.timedelta(days=1))) < second


@pytest.mark.feature("migrations.columns", "migrations.indexes")
def test_changes_keep_the_rows_and_are_taken_back_to_the_same_structure(session: Session) -> None:
    key = ForeignKey("posts_editor_id_foreign", ("editor_id",), "users", ("id",), on_delete=ReferentialAction.SET_NULL)
    second: Operations = (
        DropForeignKey("posts", POSTS.foreign_keys[0]),
        AddColumn("posts", Column("views", t.int(), default=Default(3))),
        AddColumn("posts", Column("price", t.decimal(6, 2), default=Default(1))),
        AddColumn("posts", Column("at", t.timestamptz(), default_sql=SqlDefault.NOW)),
        AddColumn("posts", Column("editor_id", t.bigint(), nullable=True, comment="Who else")),
        AddColumn("posts", Column("role", t.enum("Role"), nullable=True)),
        AddUnique("posts", Unique("posts_title_unique", ("title", "author_id"))),
        AddCheck("posts", Check("posts_views_check", Comparison(">=", ColumnRef("views"), Literal(0)))),
        CreateIndex(
            "posts",
            Index(
                "posts_views_index",
                (IndexColumn("views", descending=True),),
                where=Comparison(">", ColumnRef("views"), Literal(5)),
            ),
        ),
        AddForeignKey("posts", key),
        AddForeignKey("posts", replace(POSTS.foreign_keys[0], on_delete=ReferentialAction.NO_ACTION)),
    )
    revisions = chain(FIRST, second)
    run(session, Revisions(revisions.items[:1]))
    fill(session)
    before = structure(session)
    run(session, revisions)
    rows = session.fetch("SELECT id, title, author_id, views, editor_id FROM posts ORDER BY id")
    assert rows == [(1, "one", 1, 3, None), (2, "two", 1, 3, None), (3, "three", 2, 3, None)]
    assert session.fetch("SELECT COUNT(*) FROM posts WHERE at IS NULL OR price IS NULL") == [(0,)]
    with pytest.raises(DatabaseError):
        execute(session, "INSERT INTO posts (title, author_id) VALUES ('one', 1)")
    with pytest.raises(DatabaseError):
        execute(session, "DELETE FROM users WHERE id = 1")
    rollback(session, revisions)
    assert structure(session) == before
    assert posts(session) == [(1, "one", 1), (2, "two", 1), (3, "three", 2)]
    execute(session, "INSERT INTO posts (title, author_id) VALUES ('four', 2)")
    assert posts(session)[-1][1:] == ("four", 2)


@pytest.mark.feature("migrations.columns")
def test_a_dropped_column_comes_back_without_its_values(session: Session) -> None:
    note = Column("note", t.string(10), nullable=True)
    revisions = chain(
        (CreateTable(Table("notes", (ID, note, Column("n", t.int())), ("id",))),), (DropColumn("notes", note),)
    )
    run(session, Revisions(revisions.items[:1]))
    execute(session, "INSERT INTO notes (note, n) VALUES ('a', 1)")
    run(session, revisions)
    assert session.fetch("SELECT * FROM notes") == [(1, 1)]
    rollback(session, revisions)
    assert session.fetch("SELECT id, note, n FROM notes") == [(1, None, 1)]


def test_a_rebuild_does_not_delete_what_references_the_table(session: Session) -> None:
    second: Operations = (AddUnique("users", Unique("users_bio_unique", ("id", "name"))),)
    revisions = chain(FIRST, second)
    run(session, Revisions(revisions.items[:1]))
    fill(session)
    run(session, revisions)
    assert len(posts(session)) == 3
    execute(session, "DELETE FROM users WHERE id = 2")
    assert len(posts(session)) == 2


def test_tables_in_a_circle_are_created_and_dropped(session: Session) -> None:
    def table(name: str, other: str) -> Table:
        key = ForeignKey(f"{name}_other", ("other_id",), other, ("id",))
        return Table(name, (ID, Column("other_id", t.bigint(), nullable=True)), ("id",), foreign_keys=(key,))

    operations = detect(State(), State.of([table("hen", "egg"), table("egg", "hen")], []))
    revisions = chain(operations)
    run(session, revisions)
    execute(session, "INSERT INTO hen (id) VALUES (1)")
    execute(session, "INSERT INTO egg (id, other_id) VALUES (1, 1)")
    execute(session, "UPDATE hen SET other_id = 1")
    for name in ("hen", "egg"):
        with pytest.raises(DatabaseError):
            execute(session, f"INSERT INTO {name} (id, other_id) VALUES (2, 99)")
    rollback(session, revisions)
    assert table_names(session) == set()


@given(pair=changed_states())
@settings(max_examples=few(5), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@pytest.mark.feature("migrations.run", "migrations.rollback")
def test_random_changes_are_made_and_taken_back(session: Session, pair: tuple[State, State]) -> None:
    before, after = pair
    revisions = chain(detect(State(), before), detect(before, after, asks=False))
    nothing = structure(session)
    try:
        run(session, Revisions(revisions.items[:1]))
        first = structure(session)
        _insert_where_possible(session, before)
        rows = _common_values(session, before, after)
        run(session, revisions)
        second = structure(session)
        assert _common_values(session, before, after) == rows
        rollback(session, revisions)
        assert structure(session) == first
        assert _common_values(session, before, after) == rows
        run(session, revisions)
        assert structure(session) == second
        assert _common_values(session, before, after) == rows
        rollback(session, revisions, step=2)
        assert structure(session) == nothing
    finally:
        _wipe(session)


def _insert_where_possible(session: Session, state: State) -> None:
    """A row of defaults in each table whose columns all have one, NULL included."""
    for table in state.tables.values():
        if all(
            column.auto_increment or column.nullable or column.default or column.default_sql or column.generated
            for column in table.columns
        ):
            session.execute(f"INSERT INTO {session.dialect.quoted(table.name)}{session.dialect.sql.empty_insert}")


def _common_values(session: Session, before: State, after: State) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of the tables that both states have, in the columns that both have."""
    return {
        name: session.fetch(
            f"SELECT {', '.join(session.dialect.quoted(column.name) for column in table.columns if column in after.tables[name].columns)}"
            f" FROM {session.dialect.quoted(name)}"
        )
        for name, table in before.tables.items()
        if name in after.tables
    }


def _wipe(session: Session) -> None:
    """Drop what a failed example left behind."""
    off, on = {
        "sqlite": ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"),
        "mysql": ("SET foreign_key_checks = 0", "SET foreign_key_checks = 1"),
        "postgresql": ("SELECT 1", "SELECT 1"),
    }[session.dialect.name]
    session.execute(off)
    cascade = " CASCADE" if session.dialect.name == "postgresql" else ""
    for name in (*table_names(session), *(f"isomorph_migrations{part}" for part in ("", "_lock", "_progress"))):
        session.execute(f"DROP TABLE IF EXISTS {session.dialect.quoted(name)}{cascade}")
    for name in ("role", "colour") if session.dialect.name == "postgresql" else ():
        session.execute(f"DROP TYPE IF EXISTS {name}")
    session.execute(on)


def test_the_showcase_schema_is_created_and_dropped(session: Session) -> None:
    project = load_schema(Path(__file__).parents[2] / "schema.toml")
    state = State.of_catalog(project.catalog)
    revisions = chain(detect(State(), state))
    assert state.tables
    run(session, revisions)
    assert table_names(session) == set(state.tables)
    rollback(session, revisions)
    assert structure(session) == []


# --- the order, and batches --------------------------------------------------------------------------------------------


def table(name: str) -> CreateTable:
    return CreateTable(Table(name, (ID, Column("n", t.int(), nullable=True)), ("id",)))


@pytest.mark.feature("migrations.run", "migrations.rollback", "migrations.history", "migrations.status")
def test_each_run_is_a_batch_and_rollback_takes_back_the_last_one(session: Session) -> None:
    revisions = chain((table("a"),), (table("b"),), (table("c"),))
    moment = dt.datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=dt.UTC)
    told: list[str] = []

    def tell(event: Event) -> None:
        told.extend([event.revision] if isinstance(event, RevisionDone) else [])

    assert [row.revision for row in run(session, Revisions(revisions.items[:1]), clock=lambda: moment)] == ["r1"]
    applied = run(session, revisions, report=tell)
    assert [(row.revision, row.batch) for row in applied] == [("r2", 2), ("r3", 2)]
    assert told == ["r2", "r3"]
    assert run(session, revisions) == ()
    history = History(session).read()
    assert [(row.revision, row.batch) for row in history.values()] == [("r1", 1), ("r2", 2), ("r3", 2)]
    assert history["r1"].applied_at == moment
    assert history["r1"].checksum == revisions.items[0].checksum
    assert [(row.id, row.state.value) for row in status(session, revisions)] == [
        ("r1", "applied"),
        ("r2", "applied"),
        ("r3", "applied"),
    ]
    assert [done.id for done in rollback(session, revisions, report=tell)] == [
        "r3",
        "r2",
    ]
    assert told[2:] == ["r3", "r2"]
    assert table_names(session) == {"a"}
    assert [row.state.value for row in status(session, revisions)] == ["applied", "pending", "pending"]
    run(session, revisions)
    assert [done.id for done in rollback(session, revisions, step=1)] == ["r3"]
    assert [done.id for done in rollback(session, revisions, step=9)] == ["r2", "r1"]
    assert rollback(session, revisions) == ()


@pytest.mark.feature("migrations.history_table")
def test_the_history_has_the_name_that_it_is_given(session: Session) -> None:
    revisions = chain((table("a"),), (table("b"),))
    name = 'what\'s "done" `so` 100%'

    run(session, revisions, history_table=name)

    assert session.fetch(session.dialect.ddl.has_table("isomorph_migrations")) == []
    assert list(History(session, name).read()) == ["r1", "r2"]
    assert [row.state.value for row in status(session, revisions, history_table=name)] == ["applied", "applied"]
    assert [row.state.value for row in status(session, revisions)] == ["pending", "pending"]
    assert [done.id for done in rollback(session, revisions, step=1, history_table=name)] == ["r2"]
    assert list(History(session, name).read()) == ["r1"]
    assert table_names(session) - {f"{name}_lock", f"{name}_progress"} == {"a", name}


def test_status_and_sql_change_nothing(session: Session) -> None:
    revisions = chain((table("a"),), (table("b"),))
    assert [row.state.value for row in status(session, revisions)] == ["pending", "pending"]
    assert [made.id for made in sql(revisions, session.dialect)] == ["r1", "r2"]
    assert [made.id for made in sql(revisions, session.dialect, applied=["r1"])] == ["r2"]
    assert session.fetch(session.dialect.ddl.has_table("isomorph_migrations")) == []


def test_branches_that_meet_are_run_in_one_order(session: Session) -> None:
    revisions = Revisions(
        (
            revision("a", (table("a"),)),
            revision("b", (table("b"),), "a"),
            revision("c", (table("c"),), "a"),
            revision("d", (table("d"),), "b", "c"),
        )
    )
    run(session, revisions)
    assert table_names(session) == {"a", "b", "c", "d"}
    forked = Revisions(revisions.items[:3])
    with pytest.raises(MigrationError, match="both come last"):
        run(session, forked)


# --- failures ----------------------------------------------------------------------------------------------------------


@pytest.mark.feature("migrations.run")
def test_a_revision_that_fails_leaves_nothing_or_says_what_is_left(session: Session) -> None:
    broken: Operations = (
        table("b"),
        RunSql("INSERT INTO b (n) VALUES (1)", ()),
        RunSql("INSERT INTO nowhere VALUES (1)"),
    )
    revisions = chain((table("a"),), broken)
    with pytest.raises(RevisionFailed) as failure:
        run(session, revisions)
    error = failure.value
    assert isinstance(error.__cause__, DatabaseError)
    assert (error.revision, error.operation) == ("r2", "run SQL")
    assert error.statement == "INSERT INTO nowhere VALUES (1)"
    assert list(History(session).read()) == ["r1"]
    if "transactional_ddl" in session.capabilities:
        assert table_names(session) == {"a"}
        assert (error.kept, error.undo) == ((), ())
        assert "nothing of it was kept" in str(error)
    else:
        assert table_names(session) == {"a", "b"}
        assert error.kept == ("create table b", "run SQL")
        assert error.undo == ("DROP TABLE `b`",)
        assert "2 operations of it stay done: create table b, run SQL" in str(error)
    for statement in error.undo:
        execute(session, statement)
    if error.kept:
        assert resolve(session, "r2", Resolution.FORGET) == "create table b, run SQL"
    mended = chain((table("a"),), (table("b"),))
    run(session, mended)
    assert table_names(session) == {"a", "b"}


def test_a_change_that_the_rows_do_not_keep_to_is_refused(session: Session) -> None:
    first = (table("a"),)
    run(session, chain(first))
    execute(session, "INSERT INTO a (n) VALUES (1), (1)")
    before = structure(session)
    with pytest.raises(RevisionFailed) as failure:
        run(session, chain(first, (AddUnique("a", Unique("a_n_unique", ("n",))),)))
    assert isinstance(failure.value.__cause__, UniqueViolation)
    assert structure(session) == before
    added = (AddColumn("a", Column("m", t.int(), default_sql=_null(session))),)
    with pytest.raises(RevisionFailed):
        run(session, Revisions((revision("r1", first), revision("r2", added, "r1", safely=False))))
    assert structure(session) == before
    assert session.fetch("SELECT n FROM a") == [(1,), (1,)]


def _null(session: Session) -> SqlText:
    return SqlText({session.dialect.name: "NULL"})


@pytest.mark.feature("migrations.rollback")
def test_a_rollback_that_fails_leaves_the_revision_applied(session: Session) -> None:
    revisions = chain((table("a"),), (RunSql("UPDATE a SET n = 1", "UPDATE nowhere SET n = 1"),))
    run(session, revisions)
    with pytest.raises(RevisionFailed, match="revision r2: run SQL was refused"):
        rollback(session, revisions)
    assert list(History(session).read()) == ["r1", "r2"]


def test_everything_is_planned_before_anything_is_done(session: Session) -> None:
    for broken, words in (
        ((DropTable(Table("x", (ID,), ("id",))),), "no table x"),
        ((table("a"),), "a table a already"),
        ((RunSql({"oracle": "SELECT 1"}),), "no SQL for"),
        ((AddColumn("a", Column("r", t.enum("Role"))),), "no enum Role"),
        ((DropColumn("a", ID),), "the primary key needs the column a.id"),
    ):
        with pytest.raises(MigrationError, match=f"revision r2: .*{words}"):
            run(session, chain((table("a"),), broken))
    assert table_names(session) == set()


def test_an_irreversible_revision_is_not_rolled_back(session: Session) -> None:
    revisions = chain((table("a"),), (RunSql("INSERT INTO a (n) VALUES (1)"),), (table("b"),))
    run(session, revisions)
    with pytest.raises(MigrationError, match="revision r2: it cannot be taken back: its RunSql has no `down`"):
        rollback(session, revisions)
    assert table_names(session) == {"a", "b"}


@pytest.mark.feature("migrations.history")
def test_an_applied_revision_that_was_edited_or_is_missing_stops_the_run(session: Session) -> None:
    revisions = chain((table("a"),), (table("b"),))
    run(session, revisions)
    edited = Revisions((replace(revisions.items[0], checksum="0" * 64), revisions.items[1]))
    missing = Revisions((revisions.items[0],))
    for wrong, words, state in (
        (edited, "revision r1: migrations/r1.py was edited after it was applied", "edited"),
        (missing, "revision r2: it is applied here, but its file is missing", "missing"),
    ):
        for act in (run, rollback):
            with pytest.raises(MigrationError, match=words):
                act(session, wrong)
        assert state in [row.state.value for row in status(session, wrong)]
    gap = Revisions((revision("r0", ()), replace(revisions.items[0], depends_on=("r0",)), revisions.items[1]))
    with pytest.raises(MigrationError, match="revision r1: it is applied here, but r0, on which it depends, is not"):
        run(session, gap)
    assert table_names(session) == {"a", "b"}


# --- SQLite ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def sqlite(tmp_path: Path) -> Generator[Session]:
    with open_session(f"sqlite:///{tmp_path / 'test.db'}") as opened:
        yield opened


def test_foreign_keys_are_enforced_again_after_a_run_and_after_a_failure(sqlite: Session) -> None:
    run(sqlite, chain((table("a"),)))
    assert sqlite.fetch("PRAGMA foreign_keys") == [(1,)]
    with pytest.raises(RevisionFailed):
        run(sqlite, chain((table("a"),), (RunSql("nonsense"),)))
    assert sqlite.fetch("PRAGMA foreign_keys") == [(1,)]
    assert sqlite.fetch("PRAGMA legacy_alter_table") == [(0,)]


def test_a_run_within_a_transaction_is_refused_on_sqlite(sqlite: Session) -> None:
    with sqlite.transaction(), pytest.raises(MigrationError, match="the connection is in a transaction"):
        run(sqlite, chain((table("a"),)))
    assert "a" not in table_names(sqlite)


def test_rows_that_reference_none_fail_the_revision_on_sqlite(sqlite: Session) -> None:
    revisions = chain(FIRST, (RunSql("DELETE FROM users WHERE id = 1"),))
    run(sqlite, Revisions(revisions.items[:1]))
    fill(sqlite)
    with pytest.raises(MigrationError, match="2 rows reference none, such as rows of posts that have no users"):
        run(sqlite, revisions)
    assert sqlite.fetch("SELECT COUNT(*) FROM users") == [(2,)]


def test_views_and_triggers_survive_a_rebuild_on_sqlite(sqlite: Session) -> None:
    trigger = "CREATE TRIGGER greet AFTER INSERT ON users BEGIN UPDATE users SET bio = 'hi' WHERE id = new.id; END"
    revisions = chain(
        FIRST,
        (RunSql(("CREATE VIEW authors AS SELECT name FROM users", trigger), "DROP VIEW authors"),),
        (AddUnique("users", Unique("users_two", ("id", "name"))),),
    )
    run(sqlite, revisions)
    fill(sqlite)
    assert sqlite.fetch("SELECT name FROM authors ORDER BY name") == [("Ada",), ("Grace",)]
    assert sqlite.fetch("SELECT bio FROM users") == [("hi",), ("hi",)]


def test_tables_are_strict_on_sqlite(sqlite: Session) -> None:
    run(sqlite, chain((table("a"),)))
    with pytest.raises(DatabaseError):
        sqlite.execute("INSERT INTO a (n) VALUES ('many')")


# --- MySQL -------------------------------------------------------------------------------------------------------------


def test_text_is_compared_by_its_letters_everywhere(session: Session) -> None:
    run(session, chain((CreateTable(Table("w", (Column("word", t.string(10)),), ("word",))),)))
    for word in ("a", "A", "á", "a ", "Z", "z"):
        execute(session, f"INSERT INTO w VALUES ('{word}')")
    assert session.fetch("SELECT word FROM w WHERE word = 'a'") == [("a",)]
    assert [row[0] for row in session.fetch("SELECT word FROM w ORDER BY word")] == ["A", "Z", "a", "a ", "z", "á"]


def test_every_operation_is_one_statement_on_mysql_so_that_none_is_left_half_done() -> None:
    mysql = dialects.get("mysql")
    state = State().with_enum(ROLE)
    for operation in (*FIRST[1:], *reverse(FIRST[1:])):
        assert len(operation.statements(mysql, state)) == 1
        state = operation.apply(state)
