"""Guards of polymorphic relations in revisions: made, taken back, kept by rebuilds, refused where they do not fit."""

from dataclasses import replace
from typing import Any

import pytest

from isomorph import dialects
from isomorph.catalog import (
    Check,
    Column,
    ColumnRef,
    Comparison,
    ForeignKey,
    GuardMember,
    Literal,
    MorphGuard,
    ReferentialAction,
    Table,
)
from isomorph.dialects import Failure
from isomorph.errors import DatabaseError, ForeignKeyViolation, InvalidOperation, RevisionFailed
from isomorph.migrate import (
    AddCheck,
    AddColumn,
    AddMorphGuard,
    CreateTable,
    DropCheck,
    DropColumn,
    DropMorphGuard,
    DropTable,
    Operations,
    State,
    fold,
    reverse,
    rollback,
    run,
)
from isomorph.migrate import types as t
from isomorph.migrate.planning import steps
from isomorph_generator.migrations import detect
from isomorph_generator.migrations.naming import named
from isomorph_generator.migrations.writer import render, view
from tests.support.migrations import Session, chain, structure

ID = Column("id", t.bigint(), auto_increment=True)
POSTS = Table("posts", (ID, Column("views", t.int(), nullable=True)), ("id",))
VIDEOS = Table("videos", (ID,), ("id",))
COMMENTS = Table("comments", (ID, Column("of_type", t.string(255)), Column("of_id", t.bigint())), ("id",))
GUARD = MorphGuard(
    "comments_of_guard",
    "of_type",
    "of_id",
    (GuardMember("post", "posts", "id"), GuardMember("it's 100%", "videos", "id")),
    on_delete=ReferentialAction.CASCADE,
)
TABLES: Operations = (CreateTable(COMMENTS), CreateTable(POSTS), CreateTable(VIDEOS))
GUARDED = State.of([replace(COMMENTS, guards=(GUARD,)), POSTS, VIDEOS], [])


def said(before: State, after: State) -> list[str]:
    return [str(operation) for operation in detect(before, after)]


# --- the difference --------------------------------------------------------------------------------------------------------


def test_a_guard_comes_behind_all_tables_and_goes_before_them() -> None:
    assert said(State(), GUARDED) == [
        "create table comments",
        "create table posts",
        "create table videos",
        "add guard comments_of_guard to comments",
    ]
    assert said(GUARDED, State())[0] == "drop guard comments_of_guard of comments"
    assert detect(fold(detect(State(), GUARDED)), GUARDED) == ()
    assert fold(reverse(detect(State(), GUARDED)), GUARDED).is_same(State())


def test_a_guard_that_changed_goes_and_comes_around_what_changes_with_it() -> None:
    pages = Table("pages", (ID,), ("id",))
    wider = replace(GUARD, members=(*GUARD.members, GuardMember("page", "pages", "id")))
    after = State.of([replace(COMMENTS, guards=(wider,)), POSTS, VIDEOS, pages], [])
    assert said(GUARDED, after) == [
        "drop guard comments_of_guard of comments",
        "create table pages",
        "add guard comments_of_guard to comments",
    ]
    assert said(after, GUARDED) == [
        "drop guard comments_of_guard of comments",
        "drop table pages",
        "add guard comments_of_guard to comments",
    ]
    keeping = replace(GUARD, on_delete=ReferentialAction.RESTRICT)
    assert len(detect(GUARDED, State.of([replace(COMMENTS, guards=(keeping,)), POSTS, VIDEOS], []))) == 2


def test_a_revision_says_it_and_is_named_for_its_table() -> None:
    operations = detect(State.of([COMMENTS, POSTS, VIDEOS], []), GUARDED)
    assert named(operations, initial=False) == "change_comments"
    text = render(view("r1", (), operations))
    assert (
        """    AddMorphGuard(
        "comments",
        MorphGuard(
            "comments_of_guard",
            type_column="of_type",
            id_column="of_id",
            members=(
                GuardMember("post", "posts", "id"),
                GuardMember("it's 100%", "videos", "id"),
            ),
            on_delete=ReferentialAction.CASCADE,
        ),
    ),
"""
        in text
    )
    names: dict[str, Any] = {}
    exec(compile(text, "r1", "exec"), names)
    assert tuple(names["upgrade"]) == tuple(operations)


@pytest.mark.parametrize(
    ("operations", "message"),
    [
        ((CreateTable(replace(COMMENTS, guards=(GUARD,))),), "whose members may not exist yet"),
        ((CreateTable(COMMENTS), AddMorphGuard("comments", GUARD)), "no table posts"),
        ((*TABLES, AddMorphGuard("posts", GUARD)), "posts has no column of_type"),
        (
            (*TABLES, AddMorphGuard("comments", replace(GUARD, members=(GuardMember("post", "posts", "key"),)))),
            "posts has no column key",
        ),
        ((*TABLES, AddMorphGuard("comments", GUARD), AddMorphGuard("comments", GUARD)), "has a comments_of_guard"),
        ((*TABLES, DropMorphGuard("comments", GUARD)), "has no comments_of_guard"),
        ((*TABLES, AddMorphGuard("comments", GUARD), DropTable(POSTS)), "needs the table posts"),
        ((*TABLES, AddMorphGuard("comments", GUARD), DropTable(COMMENTS)), "needs the table comments"),
        (
            (*TABLES, AddMorphGuard("comments", GUARD), DropColumn("comments", COMMENTS.columns[1])),
            "the guard comments_of_guard needs the column comments.of_type",
        ),
        (
            (*TABLES, AddMorphGuard("comments", GUARD), DropColumn("posts", ID)),
            "the primary key needs the column posts.id",
        ),
    ],
)
def test_what_does_not_fit_is_refused(operations: Operations, message: str) -> None:
    with pytest.raises(InvalidOperation) as caught:
        for name in dialects.NAMES:
            steps(operations, dialects.get(name), State())
    assert message in str(caught.value)


# --- on databases ----------------------------------------------------------------------------------------------------------


@pytest.mark.feature("migrations.guards")
def test_a_guard_is_made_and_taken_back(session: Session) -> None:
    run(session, chain(TABLES))
    before = structure(session)
    revisions = chain(TABLES, (AddMorphGuard("comments", GUARD),))
    run(session, revisions)
    with pytest.raises(ForeignKeyViolation):
        session.execute("INSERT INTO comments (id, of_type, of_id) VALUES (1, 'post', 1)")
    session.execute("INSERT INTO posts (id) VALUES (1)")
    session.execute("INSERT INTO comments (id, of_type, of_id) VALUES (1, 'post', 1)")
    rollback(session, revisions)
    assert structure(session) == before
    session.execute("DELETE FROM posts")
    assert session.fetch("SELECT id FROM comments") == [(1,)]


@pytest.mark.feature("migrations.guards")
def test_rows_that_point_to_nothing_already_fail_it(session: Session) -> None:
    revisions = chain(TABLES, (AddMorphGuard("comments", GUARD),))
    run(session, chain(TABLES))
    session.execute("INSERT INTO posts (id) VALUES (1)")
    session.execute("INSERT INTO comments (id, of_type, of_id) VALUES (1, 'post', 1), (2, 'post', 2), (3, 'other', 3)")
    with pytest.raises(RevisionFailed) as caught:
        run(session, revisions)
    assert isinstance(caught.value.__cause__, ForeignKeyViolation)
    # Where DDL is not rolled back, the next run takes the place of what is left.
    session.execute("DELETE FROM comments WHERE id = 2")
    run(session, revisions)
    with pytest.raises(ForeignKeyViolation):
        session.execute("INSERT INTO comments (id, of_type, of_id) VALUES (2, 'post', 2)")


@pytest.mark.feature("migrations.guards")
def test_a_table_that_is_rebuilt_keeps_its_triggers(session: Session) -> None:
    check = Check("posts_views_check", Comparison(">=", ColumnRef("views"), Literal(0)))
    other = Check("comments_id_check", Comparison(">", ColumnRef("of_id"), Literal(0)))
    note = Column("note", t.text(), nullable=True)
    revisions = chain(
        (*TABLES, AddMorphGuard("comments", GUARD)),
        (AddCheck("posts", check), AddCheck("comments", other), AddColumn("comments", note), AddColumn("posts", note)),
        (DropMorphGuard("comments", GUARD), DropCheck("comments", other)),
    )
    run(session, chain(*[revision.upgrade for revision in revisions][:1]))
    session.execute("INSERT INTO posts (id, views) VALUES (1, 1), (2, 1)")
    session.execute("INSERT INTO comments (id, of_type, of_id) VALUES (1, 'post', 1), (2, 'post', 2)")
    run(session, chain(*[revision.upgrade for revision in revisions][:2]))
    with pytest.raises(ForeignKeyViolation):
        session.execute("UPDATE comments SET of_id = 3")
    with pytest.raises(ForeignKeyViolation):
        session.execute("UPDATE posts SET id = 3 WHERE id = 1")
    session.execute("DELETE FROM posts WHERE id = 1")
    assert session.fetch("SELECT id FROM comments") == [(2,)]
    rollback(session, chain(*[revision.upgrade for revision in revisions][:2]))
    session.execute("DELETE FROM posts WHERE id = 2")
    assert session.fetch("SELECT id FROM comments") == []
    run(session, revisions)
    session.execute("INSERT INTO comments (id, of_type, of_id) VALUES (1, 'post', 9)")


@pytest.mark.feature("migrations.guards")
def test_rows_that_point_to_rows_of_their_own_table_all_go(session: Session, dialect: str) -> None:
    if dialect == "mysql":
        return  # a trigger may not change the table whose rows are being deleted: refused when code is generated
    own = replace(GUARD, members=(*GUARD.members, GuardMember("comment", "comments", "id")))
    run(session, chain((*TABLES, AddMorphGuard("comments", own))))
    session.execute("INSERT INTO posts (id) VALUES (1)")
    session.execute("INSERT INTO comments (id, of_type, of_id) VALUES (1, 'post', 1)")
    for number in range(2, 30):
        session.execute(f"INSERT INTO comments (id, of_type, of_id) VALUES ({number}, 'comment', {number - 1})")
    session.execute("DELETE FROM posts")
    assert session.fetch("SELECT id FROM comments") == []


@pytest.mark.feature("migrations.guards")
def test_what_a_foreign_key_deletes_fires_the_triggers(session: Session, dialect: str) -> None:
    if dialect == "mysql":
        return  # it does not there: refused when code is generated
    key = ForeignKey("posts_user", ("user_id",), "users", ("id",), on_delete=ReferentialAction.CASCADE)
    posts = Table("posts", (ID, Column("user_id", t.bigint())), ("id",), foreign_keys=(key,))
    users = CreateTable(Table("users", (ID,), ("id",)))
    run(
        session,
        chain(
            (users, CreateTable(posts), CreateTable(VIDEOS), CreateTable(COMMENTS), AddMorphGuard("comments", GUARD))
        ),
    )
    session.execute("INSERT INTO users (id) VALUES (1)")
    session.execute("INSERT INTO posts (id, user_id) VALUES (1, 1)")
    session.execute("INSERT INTO comments (id, of_type, of_id) VALUES (1, 'post', 1)")
    session.execute("DELETE FROM users")
    assert session.fetch("SELECT id FROM comments") == []


@pytest.mark.feature("migrations.guards")
def test_names_that_hold_anything_and_are_long(session: Session) -> None:
    id_, key = 'new "id"', "it's"
    odd = Table('a "b" `c` 100%', (Column(key, t.string(20)), Column("found", t.int(), nullable=True)), (key,))
    child = Table("old", (ID, Column("new_type", t.string(255)), Column(id_, t.string(20))), ("id",))
    guard = MorphGuard("g" * 58 + "größe", "new_type", id_, (GuardMember("x", odd.name, key),))
    revisions = chain((CreateTable(odd), CreateTable(child), AddMorphGuard("old", guard)))
    run(session, revisions)
    quoted, text = session.dialect.quoted, session.dialect.ddl.text
    with pytest.raises(ForeignKeyViolation) as caught:
        session.execute(f"INSERT INTO old (id, new_type, {quoted(id_)}) VALUES (1, 'x', 'y')")
    assert caught.value.constraint == guard.name
    session.execute(f"INSERT INTO {quoted(odd.name)} ({quoted(key)}) VALUES ('y')")
    session.execute(f"INSERT INTO old (id, new_type, {quoted(id_)}) VALUES (1, 'x', 'y')")
    for statement in (f"DELETE FROM {quoted(odd.name)}", f"UPDATE {quoted(odd.name)} SET {quoted(key)} = 'z'"):
        with pytest.raises(ForeignKeyViolation):
            session.execute(statement)
    assert text("%") in quoted(odd.name)
    rollback(session, revisions)


def test_a_script_says_where_a_trigger_ends_to_the_client_of_mysql() -> None:
    for name in dialects.NAMES:
        ddl = dialects.get(name).ddl
        assert ddl.scripted("SELECT 1") == "SELECT 1;"
        for statement in steps((*TABLES, AddMorphGuard("comments", GUARD)), dialects.get(name), State())[-1].statements:
            text = ddl.printed(statement)
            alone = name != "mysql" or ";" not in text
            assert ddl.scripted(text) == (f"{text};" if alone else f"DELIMITER //\n{text}//\nDELIMITER ;")
    assert dialects.get("mysql").ddl.scripted("a; '//'") == "DELIMITER ///\na; '//'///\nDELIMITER ;"


@pytest.mark.parametrize(("name", "code"), [("sqlite", "SQLITE_CONSTRAINT_TRIGGER"), ("mysql", "1644")])
def test_what_another_trigger_says_is_not_taken_for_a_guard(name: str, code: str) -> None:
    translate = dialects.get(name).translate

    def told(message: str) -> DatabaseError:
        return translate(Failure(Exception(message), code, message))

    kept = told('guard "a "b" c" is violated: rows still point to this one')
    assert isinstance(kept, ForeignKeyViolation)
    assert kept.constraint == 'a "b" c'
    for message in ("guard is violated", 'the guard "x" is violated: no', "stock is too low", ""):
        assert not isinstance(told(message), ForeignKeyViolation)
