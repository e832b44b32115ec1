"""Polymorphic relations that load when they are read: the same in all layouts."""

import pickle

import pytest

from tests.support.layouts import World

pytestmark = pytest.mark.feature("relations.layouts", "relations.lazy")


def test_the_first_read_loads_for_all_that_were_read_together(lazy_world: World) -> None:
    world = lazy_world
    world.talk()
    found = world.Comment.query().order_by(world.Comment.id).get()
    assert [item.commentable for item in found][:5] == [world.one] * 3 + [world.two, world.film]
    assert len(world.sent) == 4
    assert found[5].commentable.commentable == world.one
    assert len(world.sent) == 5


def test_from_the_members_side(lazy_world: World) -> None:
    world = lazy_world
    world.talk()
    tag = world.Tag.create(name="t")
    world.two.related.tags.attach(tag)
    world.sent.clear()
    posts = world.Post.query().order_by(world.Post.id).get()
    assert [len(post.comments) for post in posts] == [3, 1, 0]
    assert [post.latest_comment and post.latest_comment.votes for post in posts] == [5, 2, None]
    assert [post.note.text for post in posts] == ["none"] * 3
    assert [list(post.tags) for post in posts] == [[], [tag], []]
    assert [len(post.replies) for post in posts] == [1, 0, 0]
    assert len(world.sent) == 6
    assert {comment.commentable for post in posts for comment in post.comments} == {world.one, world.two}
    assert len(world.sent) in (7, 8)


def test_what_leads_nowhere_and_parts(lazy_world: World) -> None:
    world = lazy_world
    world.Note.insert_many({"notable": on} for on in (None, world.film))
    world.comment(world.clip, "a")
    world.sent.clear()
    assert [note.notable for note in world.Note.query().order_by(world.Note.id).get()] == [None, world.film]
    part = world.Comment.query().only(world.Comment.body).first_or_fail()
    assert part.commentable == world.clip
    other = pickle.loads(pickle.dumps(world.Comment.query().first_or_fail()))
    assert other.commentable == world.clip


def test_what_was_written_is_loaded_anew(lazy_world: World) -> None:
    world = lazy_world
    comment = world.comment(world.one, "a")
    assert comment.commentable == world.one
    comment.related.commentable.associate(world.film)
    assert comment.commentable == world.film
    found = world.Comment.find_or_fail(comment.id)
    assert found.commentable == world.film
    assert len(world.film.comments) == 1
    world.film.related.comments.create(body="b")
    assert len(world.film.comments) == 2
    world.film.related.tags.attach(world.Tag.create(name="t"))
    assert len(world.film.tags) == 1
