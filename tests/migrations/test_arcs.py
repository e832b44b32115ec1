"""Arcs of polymorphic relations in revisions: made, taken back, and given another member where there are rows."""

from pathlib import Path

import pytest

from isomorph.errors import CheckViolation, ForeignKeyViolation, RevisionFailed
from isomorph.migrate import AddColumn, Operations, RunSql, State, fold, rollback, run
from isomorph_generator.migrations import UnsupportedChanges, detect
from isomorph_generator.schema import load
from tests.support.migrations import Session, chain, structure, table_names

pytestmark = pytest.mark.feature("migrations.arcs")

_TWO = """
[project]
dialects = ["sqlite", "postgresql", "mysql"]
integrity = "arc"

[models.Post.relations]
comments = { morph_many = "Comment" }
notes = { morph_many = "Note" }
tags = { morph_to_many = "Tag", name = "taggable" }

[models.Video.fields]
id = { type = "uuid", primary_key = true, default_code = "uuid7" }

[models.Video.relations]
comments = { morph_many = "Comment" }
notes = { morph_many = "Note" }
tags = { morph_to_many = "Tag", name = "taggable" }

[models.Comment]
uniques = [["commentable", "body"]]

[models.Comment.fields]
body = { type = "string(20)", default = "x" }

[models.Comment.relations]
commentable = { morph_to = true, on_delete = "cascade" }

[models.Note.relations]
notable = { morph_to = true, nullable = true }

[models.Tag]
"""
_PAGE = """
[models.Page]
primary_key = ["path"]

[models.Page.fields]
path = "string(40)"

[models.Page.relations]
comments = { morph_many = "Comment" }
notes = { morph_many = "Note" }
tags = { morph_to_many = "Tag", name = "taggable" }
"""
_ANOTHER_MEMBER = [
    "drop check comments_commentable_check of comments",
    "add column comments.commentable_page_id",
    "add unique constraint comments_commentable_page_id_body_unique to comments",
    "add check comments_commentable_check to comments",
    "drop check notes_notable_check of notes",
    "add column notes.notable_page_id",
    "add check notes_notable_check to notes",
    "create index notes_notable_page_id_index on notes",
    "drop check taggables_taggable_check of taggables",
    "add column taggables.taggable_page_id",
    "add unique constraint taggables_tag_id_taggable_page_id_unique to taggables",
    "add check taggables_taggable_check to taggables",
    "create index taggables_taggable_page_id_index on taggables",
    "create table pages",
    "add foreign key comments_commentable_page_id_foreign to comments",
    "add foreign key notes_notable_page_id_foreign to notes",
    "add foreign key taggables_taggable_page_id_foreign to taggables",
]
"""What a revision does that gives three arcs another member."""


def _state(tmp_path: Path, text: str) -> State:
    path = tmp_path / "schema.toml"
    path.write_text(text, encoding="utf-8")
    return State.of_catalog(load(path).catalog)


@pytest.fixture
def two(tmp_path: Path) -> State:
    """Arcs to posts and videos."""
    return _state(tmp_path, _TWO)


@pytest.fixture
def three(tmp_path: Path) -> State:
    """The same to pages, too."""
    return _state(tmp_path, _TWO + _PAGE)


def said(operations: Operations) -> list[str]:
    return [str(operation) for operation in operations]


def columns(session: Session, statement: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in session.fetch(statement)]


def test_the_first_revision_and_back(session: Session, two: State) -> None:
    operations = detect(State(), two)
    assert said(operations) == [
        f"create table {name}" for name in ("posts", "videos", "comments", "notes", "tags", "taggables")
    ]
    revisions = chain(operations)
    before = structure(session)
    run(session, revisions)
    session.execute("INSERT INTO posts (id) VALUES (1)")
    session.execute("INSERT INTO comments (id, commentable_post_id) VALUES (1, 1)")
    with pytest.raises(CheckViolation):
        session.execute("UPDATE comments SET commentable_post_id = NULL")
    with pytest.raises(ForeignKeyViolation):
        session.execute("UPDATE comments SET commentable_post_id = 2")
    rollback(session, revisions)
    assert structure(session) == before


def test_another_member_where_there_are_rows(session: Session, two: State, three: State) -> None:
    first, second = detect(State(), two), detect(two, three)
    assert said(second) == _ANOTHER_MEMBER
    run(session, chain(first))
    session.execute("INSERT INTO posts (id) VALUES (1)")
    session.execute("INSERT INTO tags (id) VALUES (1)")
    session.execute("INSERT INTO comments (id, commentable_post_id) VALUES (1, 1)")
    session.execute("INSERT INTO notes (id) VALUES (1)")
    session.execute("INSERT INTO taggables (tag_id, taggable_post_id) VALUES (1, 1)")
    with_two = structure(session)
    revisions = chain(first, second)
    run(session, revisions)

    session.execute("INSERT INTO pages (path) VALUES ('/a')")
    session.execute("INSERT INTO comments (id, commentable_page_id) VALUES (2, '/a')")
    session.execute("UPDATE notes SET notable_page_id = '/a'")
    for statement in (
        "UPDATE comments SET commentable_page_id = '/a' WHERE id = 1",
        "UPDATE taggables SET taggable_page_id = '/a'",
        "UPDATE notes SET notable_post_id = 1",
    ):
        with pytest.raises(CheckViolation):
            session.execute(statement)
    with pytest.raises(ForeignKeyViolation):
        session.execute("INSERT INTO comments (id, commentable_page_id) VALUES (3, '/z')")
    assert columns(session, "SELECT id, commentable_post_id, commentable_page_id FROM comments ORDER BY id") == [
        (1, 1, None),
        (2, None, "/a"),
    ]

    session.execute("UPDATE notes SET notable_page_id = NULL")
    session.execute("DELETE FROM pages")
    rollback(session, revisions, step=1)
    assert structure(session) == with_two
    assert columns(session, "SELECT id, commentable_post_id FROM comments") == [(1, 1)]
    with pytest.raises(CheckViolation):
        session.execute("UPDATE comments SET commentable_post_id = NULL")


def test_a_member_that_rows_point_to_does_not_go(session: Session, two: State, three: State) -> None:
    revisions = chain(detect(State(), two), detect(two, three))
    run(session, revisions)
    session.execute("INSERT INTO pages (path) VALUES ('/a')")
    session.execute("INSERT INTO comments (id, commentable_page_id) VALUES (1, '/a')")
    with pytest.raises(RevisionFailed):
        rollback(session, revisions, step=1)


def test_nothing_is_left_to_do_behind_either(session: Session, two: State, three: State) -> None:
    assert detect(two, two) == detect(three, three) == ()
    operations = detect(State(), two), detect(two, three)
    run(session, chain(*operations))
    there = structure(session)
    rollback(session, chain(*operations))
    assert "comments" not in table_names(session)
    run(session, chain(detect(State(), three)))
    assert _parts(structure(session)) == _parts(there)


def _parts(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """What a database says of its tables, whatever the order of their columns."""
    return sorted(tuple(" ".join(sorted(text.replace(",", " ").split())) for text in row) for row in rows)


_STORED = """
[project]
dialects = ["sqlite", "postgresql", "mysql"]
integrity = "{integrity}"

[models.Post.relations]
comments = {{ morph_many = "Comment" }}

[models.Video.relations]
comments = {{ morph_many = "Comment" }}

[models.Comment.relations]
commentable = {{ morph_to = true }}
"""


@pytest.mark.parametrize("stored", ["none", "triggers"])
def test_a_relation_becomes_an_arc_by_a_step_written_by_hand(session: Session, tmp_path: Path, stored: str) -> None:
    before = _state(tmp_path, _STORED.format(integrity=stored))
    after = _state(tmp_path, _STORED.format(integrity="arc"))
    with pytest.raises(UnsupportedChanges, match="what its rows point to would be lost"):
        detect(before, after)
    arc = [column for column in after.tables["comments"].columns if column.name.startswith("commentable_")]
    filled = RunSql(
        [
            f"UPDATE comments SET commentable_{alias}_id = commentable_id WHERE commentable_type = '{alias}'"
            for alias in ("post", "video")
        ]
    )
    by_hand = (*[AddColumn("comments", column) for column in arc], filled)
    rest = detect(fold(by_hand, before), after)
    assert fold((*by_hand, *rest), before).is_same(after)
    with pytest.raises(UnsupportedChanges, match="type and id"):
        detect(after, before)

    run(session, chain(detect(State(), before)))
    session.execute("INSERT INTO posts (id) VALUES (1), (2)")
    session.execute("INSERT INTO videos (id) VALUES (1)")
    for alias, key in (("post", 2), ("video", 1), ("post", 1)):
        session.execute(f"INSERT INTO comments (commentable_type, commentable_id) VALUES ('{alias}', {key})")
    run(session, chain(detect(State(), before), by_hand, rest))
    assert columns(session, "SELECT commentable_post_id, commentable_video_id FROM comments ORDER BY id") == [
        (2, None),
        (None, 1),
        (1, None),
    ]
    with pytest.raises(CheckViolation):
        session.execute("UPDATE comments SET commentable_post_id = NULL")
