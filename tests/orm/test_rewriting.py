"""What rewriting passes do to queries: shorter statements, the same rows."""

from collections.abc import Iterator

import pytest

from generated import Comment, Post, Profile, User, db
from isomorph.sql.select import Select
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("queries.rewriting")]


@pytest.fixture
def ada(showcase: str) -> User:
    ada = make_user()
    make_user("Bob")
    make_post(ada, "Notes")
    make_post(ada, "More")
    return ada


@pytest.fixture
def unwritten() -> Iterator[None]:
    """All passes off for the test."""
    for name in db.rewriter.names:
        db.rewriter.switch(name, on=False)
    yield
    for name in db.rewriter.names:
        db.rewriter.switch(name, on=True)


def test_a_left_join_to_one_that_nobody_reads_is_not_sent(ada: User, sent: Sent) -> None:
    assert len(Post.query().left_join(Post.author).get()) == 2
    assert Post.query().left_join(Post.author).count() == 2
    assert User.query().left_join(User.profile).count() == 2
    assert not any("JOIN" in text for text in sent.texts)


def test_a_join_that_is_read_or_may_repeat_rows_is_sent(ada: User, sent: Sent) -> None:
    assert Post.query().left_join(Post.author).where(User.name == "Ada").count() == 2
    assert User.query().left_join(User.posts).count() == 3
    assert Post.query().left_join(Post.author).where_raw("users.name = ?", "Ada").count() == 2
    assert User.query().left_join(User.profile).select(User.name, Profile.bio.optional()).get() != []
    assert all("LEFT JOIN" in text for text in sent.texts)


def test_a_condition_that_never_holds_is_all_that_is_sent(ada: User, sent: Sent) -> None:
    assert User.query().where(User.name == "Ada", User.id.in_([])).get().first() is None
    assert sent.last.endswith(" WHERE 1 = 0")


def test_a_count_needs_no_order(ada: User, sent: Sent) -> None:
    assert User.query().order_by(User.name).count() == 2
    assert User.query().order_by(User.name).limit(1).count() == 1
    assert not any("ORDER BY" in text for text in sent.texts)


@pytest.mark.usefixtures("unwritten")
def test_without_passes_the_rows_are_the_same(ada: User, sent: Sent) -> None:
    assert len(Post.query().left_join(Post.author).get()) == 2
    assert User.query().order_by(User.name).count() == 2
    assert User.query().order_by(User.name).limit(1).count() == 1
    assert User.query().where(User.id.in_([]), User.id.not_in([])).count() == 0
    assert User.query().where((User.name == "Ada") | (User.name == "Ada")).count() == 1
    assert "LEFT JOIN" in sent.texts[0]
    assert "ORDER BY" in sent.texts[1]


def test_a_pass_of_the_application_sees_every_query(ada: User, sent: Sent) -> None:
    seen: list[str] = []

    def note(statement: Select) -> Select:
        seen.append(statement.table)
        return statement

    db.rewriter.add("note", note)
    try:
        User.query().get()
        Comment.query().count()
    finally:
        db.rewriter.remove("note")

    assert seen == ["users", "comments"]
    assert "note" not in db.rewriter.names
