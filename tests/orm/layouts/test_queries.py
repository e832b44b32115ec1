"""Queries over polymorphic relations: the same rows by as many statements in all layouts."""

from typing import Any

import pytest

from isomorph.errors import InvalidQuery, InvalidValue, NotSaved
from tests.support.layouts import World

pytestmark = pytest.mark.feature("relations.layouts", "relations.morph_queries", "relations.has", "relations.where_has")


@pytest.fixture(autouse=True)
def _talk(world: World) -> None:
    world.talk()


def test_rows_that_lead_to_an_object(world: World) -> None:
    comment = world.Comment
    on = comment.commentable
    c = comment.query().where(comment.body == "c").first_or_fail()
    assert world.bodies(comment.query().where(on.is_(world.one))) == ["a", "b", "c"]
    assert world.bodies(comment.query().where(on.is_(world.film))) == ["a"]
    assert world.bodies(comment.query().where(on.is_(c))) == ["x"]
    assert world.bodies(comment.query().where(on.is_not(world.one))) == ["a", "a", "x"]
    assert world.bodies(comment.query().where_morphed_to(on, world.two)) == ["a"]
    assert world.bodies(comment.query().where_not_morphed_to(on, world.two)) == ["a", "a", "b", "c", "x"]
    assert world.bodies(comment.query().where(on.is_(world.one) | on.is_(world.film))) == ["a", "a", "b", "c"]
    assert world.bodies(comment.query().where(~on.is_(world.one))) == ["a", "a", "x"]
    assert world.bodies(comment.query().where(~on.is_not(world.one))) == ["a", "b", "c"]
    with pytest.raises(InvalidValue, match="expected a Post or a Video or a Comment, got Author"):
        on.is_(world.ada)
    with pytest.raises(NotSaved):
        on.is_(world.Post(title="new"))


def test_rows_that_lead_to_a_model(world: World) -> None:
    comment = world.Comment
    on = comment.commentable
    assert world.bodies(comment.query().where(on.is_type(world.Video))) == ["a"]
    assert world.bodies(comment.query().where(on.is_type(world.Video, world.Comment))) == ["a", "x"]
    assert world.bodies(comment.query().where(~on.is_type(world.Video, world.Comment))) == ["a", "a", "b", "c"]
    assert world.bodies(comment.query().where_morphed_to(on, world.Post)) == ["a", "a", "b", "c"]
    assert world.bodies(comment.query().where_not_morphed_to(on, world.Post)) == ["a", "x"]
    with pytest.raises(InvalidValue):
        on.is_type(world.Author)
    with pytest.raises(InvalidQuery):
        on.is_type()


def test_rows_that_lead_nowhere(world: World) -> None:
    note = world.Note
    world.Note.insert_many(
        {"text": text, "notable": on} for text, on in (("p", world.one), ("v", world.film), ("n", None))
    )

    def texts(query: Any) -> list[str]:
        return sorted(query.pluck(note.text))

    on = note.notable
    assert texts(note.query().where(on.is_(world.one))) == ["p"]
    assert texts(note.query().where(on.is_not(world.one))) == ["n", "v"]
    assert texts(note.query().where_not_morphed_to(on, world.one)) == ["n", "v"]
    assert texts(note.query().where(on.is_type(world.Post))) == ["p"]
    assert texts(note.query().where_not_morphed_to(on, world.Post)) == ["n", "v"]
    assert texts(note.query().where_not_morphed_to(on, world.Post).where_not_morphed_to(on, world.Video)) == ["n"]
    assert texts(note.query().has(on)) == ["p", "v"]
    assert texts(note.query().doesnt_have(on)) == ["n"]
    assert texts(note.query().where_has_morph(on, "all")) == ["p", "v"]
    found = note.query().with_exists(on).order_by(note.text).get()
    assert [(item.text, item.exists_of(on)) for item in found] == [("n", False), ("p", True), ("v", True)]


def test_what_is_not_true_of_a_type(world: World) -> None:
    """Of what leads nowhere nothing is known, as of NULL."""
    note = world.Note
    world.Note.insert_many(
        {"text": text, "notable": on} for text, on in (("p", world.one), ("v", world.film), ("n", None))
    )
    assert sorted(note.query().where(~note.notable.is_type(world.Post)).pluck(note.text)) == ["v"]
    assert sorted(note.query().where(~note.notable.is_(world.one)).pluck(note.text)) == ["v"]


def test_members_that_something_is_true_of(world: World) -> None:
    comment, post, video = world.Comment, world.Post, world.Video
    on = comment.commentable
    assert world.bodies(comment.query().where_has_morph(on, post)) == ["a", "a", "b", "c"]
    assert world.bodies(comment.query().where_has_morph(on, [post, video])) == ["a", "a", "a", "b", "c"]
    assert world.bodies(comment.query().where_has_morph(on, "all")) == ["a", "a", "a", "b", "c", "x"]
    assert world.bodies(comment.query().where_has_morph(on, post, post.rank > 1)) == ["a"]
    assert world.bodies(comment.query().where_has_morph(on, post, post.author.exists(world.Author.name == "Bob"))) == []
    queries = post.query().where(post.rank == 2), video.query().has(video.comments)
    assert world.bodies(comment.query().where_has_morph(on, *queries)) == ["a", "a"]
    answered = comment.query().where_has_morph(on, comment, comment.votes > 2)
    assert world.bodies(answered) == ["x"]
    nested = comment.query().where_has_morph(on, comment.query().where_has_morph(on, post, post.title == "one"))
    assert world.bodies(nested) == ["x"]


def test_has_and_where_has_from_the_members_side(world: World) -> None:
    comment, post = world.Comment, world.Post

    def titles(query: Any) -> list[str]:
        return sorted(query.pluck(post.title))

    assert titles(post.query().has(post.comments)) == ["one", "two"]
    assert titles(post.query().doesnt_have(post.comments)) == ["three"]
    assert titles(post.query().has(post.comments, ">=", 2)) == ["one"]
    assert titles(post.query().where_has(post.comments, comment.votes == 2)) == ["two"]
    assert titles(post.query().where_has(post.comments.comments, comment.body == "x")) == ["one"]
    assert titles(post.query().where_has(post.latest_comment, comment.votes == 5)) == ["one"]
    assert titles(post.query().where_has(post.latest_comment, comment.votes == 1)) == []
    assert titles(post.query().has(post.replies)) == ["one"]
    assert titles(post.query().where(post.comments.exists(comment.commentable.is_(world.two)))) == ["two"]
    authors = world.Author.query().where_has(world.Author.comments_on_posts, comment.votes > 4)
    assert list(authors.get()) == [world.ada]


def test_amounts_from_the_members_side(world: World) -> None:
    comment, post = world.Comment, world.Post
    found = (
        post.query()
        .with_count(post.comments)
        .with_count(post.replies)
        .with_sum(post.comments, comment.votes)
        .with_max(post.comments, comment.votes)
        .with_exists(post.note)
        .order_by(post.id)
        .get()
    )
    assert [
        (
            item.count_of(post.comments),
            item.count_of(post.replies),
            item.sum_of(post.comments, comment.votes),
            item.max_of(post.comments, comment.votes),
            item.exists_of(post.note),
        )
        for item in found
    ] == [(3, 1, 9, 5, False), (1, 0, 2, 2, False), (0, 0, None, None, False)]
    assert len(world.sent) == 1
    order = post.query().order_by(post.comments.sum(comment.votes).desc().nulls_last(), post.id)
    assert order.pluck(post.title) == ["one", "two", "three"]
    assert post.query().select(post.comments.count(comment.votes > 2)).order_by(post.id).get() == [(2,), (0,), (0,)]
    counted = world.Video.query().order_by(world.Video.comments.count(), world.Video.id).pluck(world.Video.title)
    assert counted == ["clip", "film"]


def test_joins_along_the_relations(world: World) -> None:
    comment, post, video = world.Comment, world.Post, world.Video
    joined = post.query().join(post.comments).order_by(comment.votes).select(post.title, comment.body).get()
    assert joined == [("one", "a"), ("two", "a"), ("one", "c"), ("one", "b")]
    left = post.query().left_join(post.comments).where(comment.id.is_null()).pluck(post.title)
    assert left == ["three"]
    assert video.query().join(video.comments).where(comment.votes > 3).pluck(video.title) == ["film"]
    world.film.related.tags.attach(world.Tag.create(name="t"))
    assert video.query().join(video.tags).select(video.title, world.Tag.name).get() == [("film", "t")]
    assert post.query().join(post.tags).count() == 0
    answers = comment.alias("answers")
    rows = answers.query().join(answers.comments).select(answers.body, comment.body).get()
    assert rows == [("c", "x")]
    on_film = answers.query().where(answers.commentable.is_(world.film)).pluck(answers.votes)
    assert on_film == [4]
    assert answers.query().where_has_morph(answers.commentable, comment).pluck(answers.body) == ["x"]


def test_statements_are_as_many(world: World) -> None:
    comment, post = world.Comment, world.Post
    comment.query().where(comment.commentable.is_(world.one)).count()
    comment.query().where_has_morph(comment.commentable, "all").exists()
    post.query().has(post.comments).with_count(post.comments).get()
    post.query().join(post.comments).count()
    assert len(world.sent) == 4
