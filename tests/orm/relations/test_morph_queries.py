"""Queries over morph_to: chosen members or all of them, an object, a model."""

from typing import Any

import pytest

from generated import Comment, Image, Item, Post, User, Video, db
from isomorph.errors import InvalidQuery, InvalidValue, NotSaved
from tests.support.related_rows import Related, make_related
from tests.support.showcase import Sent

pytestmark = pytest.mark.feature("relations.morph_queries")


@pytest.fixture
def world(showcase: str) -> Related:
    return make_related()


def _bodies(query: Any) -> list[str]:
    return sorted(query.pluck(Comment.body))


def _urls(query: Any) -> list[str]:
    return sorted(query.pluck(Image.url))


def test_whether_there_is_a_row_of_any_member(world: Related, sent: Sent) -> None:
    db.execute("UPDATE images SET imageable_id = 0 WHERE url = 'notes.png'")  # nobody's key

    assert _urls(Image.query().has(Image.imageable)) == ["ada.png"]
    assert _urls(Image.query().doesnt_have(Image.imageable)) == ["lost.png", "notes.png"]
    assert _urls(Image.query().where_has_morph(Image.imageable, "all")) == ["ada.png"]
    assert _urls(Image.query().where(Image.imageable.exists())) == ["ada.png"]


def test_chosen_members(world: Related) -> None:
    assert _bodies(Comment.query().where_has_morph(Comment.commentable, Post)) == ["first", "second"]
    assert _bodies(Comment.query().where_has_morph(Comment.commentable, [Video])) == ["first"]
    assert _bodies(Comment.query().where_has_morph(Comment.commentable, [Post, Video])) == ["first", "first", "second"]
    assert _bodies(Comment.query().where_has_morph(Comment.commentable, Post, Post.views > 50)) == []
    assert _bodies(
        Comment.query().where_has_morph(Comment.commentable, Post, Post.author.exists(User.name == "Ada"))
    ) == [
        "first",
        "second",
    ]


def test_conditions_per_member(world: Related) -> None:
    found = Comment.query().where_has_morph(
        Comment.commentable, Post.query().where(Post.title == "Essay"), Video.query().has(Video.tags)
    )

    assert [comment.body for comment in found.include(Comment.commentable).get()] == ["first"]
    assert _bodies(Comment.query().where_has_morph(Comment.commentable, Post.query().published(), Video)) == [
        "first",
        "first",
        "second",
    ]
    assert _bodies(Comment.query().where_has_morph(Comment.commentable, Post.query().join(Post.tags))) == [
        "first",
        "second",
    ]


def test_along_a_path_to_it(world: Related) -> None:
    found = User.query().where_has(
        User.comments, Comment.query().where_has_morph(Comment.commentable, Post, Post.title == "Notes")
    )

    assert sorted(found.pluck(User.name)) == ["Bob", "Cyd"]


def test_rows_that_lead_to_an_object(world: Related, sent: Sent) -> None:
    assert _bodies(Comment.query().where(Comment.commentable.is_(world.notes))) == ["first", "second"]
    assert sent.statements[-1][1][-2:] == ("post", world.notes.id)
    assert _bodies(Comment.query().where_morphed_to(Comment.commentable, world.clip)) == ["first"]
    assert _bodies(Comment.query().where_not_morphed_to(Comment.commentable, world.notes)) == ["first"]
    assert _urls(Image.query().where(Image.imageable.is_not(world.ada))) == ["lost.png", "notes.png"]
    assert _urls(Image.query().where_not_morphed_to(Image.imageable, world.ada)) == ["lost.png", "notes.png"]


def test_rows_that_lead_to_a_model(world: Related) -> None:
    assert _bodies(Comment.query().where_morphed_to(Comment.commentable, Video)) == ["first"]
    assert _bodies(Comment.query().where_not_morphed_to(Comment.commentable, Video)) == ["first", "second"]
    assert _urls(Image.query().where(Image.imageable.is_type(User, Item))) == ["ada.png"]
    assert _urls(Image.query().where_not_morphed_to(Image.imageable, User)) == ["lost.png", "notes.png"]
    assert _urls(Image.query().where(~Image.imageable.is_type(User))) == ["notes.png"]  # nothing is known of NULL


def test_amounts_of_a_morph_to(world: Related) -> None:
    found = Image.query().with_exists(Image.imageable).order_by(Image.url).get()

    assert [(image.url, image.exists_of(Image.imageable)) for image in found] == [
        ("ada.png", True),
        ("lost.png", False),
        ("notes.png", True),
    ]


def test_what_makes_no_sense(world: Related, sent: Sent) -> None:
    commentable: Any = Comment.commentable
    query: Any = Comment.query()
    with pytest.raises(InvalidQuery, match="conditions beside several models, which have no columns in common"):
        query.where_has_morph(commentable, Post, Video, Post.views > 3)
    with pytest.raises(InvalidQuery, match='without models \\(name at least one, or "all"\\)'):
        query.where_has_morph(commentable, [])
    with pytest.raises(InvalidQuery, match="with Post twice"):
        query.where_has_morph(commentable, Post, Post.query())
    with pytest.raises(InvalidQuery, match="with a query and more"):
        query.where_has_morph(commentable, Post.query(), Post.views > 3)
    with pytest.raises(InvalidQuery, match="without models"):
        query.where_has_morph(commentable)
    with pytest.raises(InvalidQuery, match="of a belongs_to, which leads to one model only"):
        query.where_has_morph(Comment.author, User)
    for wrong in (User, "posts", 3):
        with pytest.raises(InvalidValue, match=r"expected a model that it leads to \(Post or Video\), got"):
            query.where_has_morph(commentable, [wrong])
    with pytest.raises(InvalidQuery, match="leads to one row of several models"):
        query.where_has(commentable, Post.views > 3)
    with pytest.raises(InvalidQuery, match="leads to one row of several models"):
        query.has(commentable, ">", 2)
    with pytest.raises(InvalidQuery, match=r"Comment.commentable leads to several models"):
        query.with_count(commentable)
    with pytest.raises(InvalidQuery, match=r"where_morphed_to\(Comment.author\) of a belongs_to"):
        query.where_morphed_to(Comment.author, world.ada)
    with pytest.raises(InvalidValue, match=r"Comment.commentable.is_\(\): expected a Post or a Video, got User"):
        commentable.is_(world.ada)
    with pytest.raises(InvalidValue, match=r"Comment.commentable.is_type\(\): expected a model that it leads to"):
        commentable.is_type(User)
    with pytest.raises(InvalidQuery, match=r"is_type\(\) without models"):
        commentable.is_type()
    with pytest.raises(NotSaved, match=r"where_morphed_to\(\): this Video has no row"):
        query.where_morphed_to(commentable, Video(title="x", url="x", seconds=1.0))
    assert len(sent) == 0
