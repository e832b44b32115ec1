"""Reading what one object is related to, of every kind of relation."""

import copy
import pickle
from datetime import datetime
from typing import Any

import pytest

from generated import Comment, Image, Post, Refund, Role, Tag, User, db
from isomorph.errors import InvalidQuery, InvalidValue, NotSaved, PivotNotLoaded, UnknownMorphType
from tests.support.related_rows import Related, make_related
from tests.support.showcase import Sent, make_user
from tests.support.untyped import untyped

pytestmark = pytest.mark.feature("relations.related")


@pytest.fixture
def world(showcase: str) -> Related:
    return make_related()


def _titles(posts: Any) -> list[str]:
    return sorted(post.title for post in posts)


def test_has_many(world: Related, sent: Sent) -> None:
    posts = world.ada.related.posts

    assert _titles(posts.get()) == ["Draft", "Notes"]
    assert _titles(posts.where(Post.views > 5).get()) == ["Notes"]
    assert posts.query().order_by(Post.title).pluck(Post.title) == ["Draft", "Notes"]
    assert (posts.count(), posts.exists()) == (2, True)
    assert len(sent) == 5
    assert (world.dan.related.posts.count(), world.dan.related.posts.first()) == (0, None)


def test_an_or_stays_among_the_related_rows(world: Related) -> None:
    found = world.ada.related.posts.where(Post.title == "Notes").or_where(Post.title == "Essay").get()

    assert _titles(found) == ["Notes"]
    assert world.ada.related.posts.query().without_scopes().count() == 2


def test_find_looks_among_the_related_rows_only(world: Related) -> None:
    found = world.ada.related.posts.find(world.notes.id)

    assert found == world.notes
    assert world.ada.related.posts.find(world.essay.id) is None
    assert world.ada.related.roles.find(3) is None


def test_has_one_and_what_is_reached_over_it(world: Related) -> None:
    profile = world.ada.related.profile.get()
    assert profile is not None
    address = profile.related.address.create(street="S", city="C", country="GB")

    assert world.ada.related.address.get() == address
    assert world.ada.related.address.where().count() == 1
    assert world.bob.related.profile.get() is None
    assert not world.bob.related.address.exists()


def test_belongs_to(world: Related, sent: Sent) -> None:
    assert world.notes.related.author.get() == world.ada
    assert world.dan.related.manager.query().select(User.name).get() == [("Cyd",)]
    assert world.ada.related.manager.get() is None
    assert len(sent) == 3


def test_through_relations(world: Related) -> None:
    comments = world.ada.related.received_comments

    assert sorted(comment.body for comment in comments.get()) == ["first", "second"]
    assert comments.where(Comment.body == "second").count() == 1
    assert comments.find(comments.where(Comment.body == "first").first_or_fail().id) is not None
    assert not world.dan.related.received_comments.exists()


def test_a_table_between_is_part_of_the_query(world: Related, sent: Sent) -> None:
    roles = world.ada.related.roles
    pivot = User.roles.pivot

    found: Any = roles.query().order_by(Role.name).get()
    assert [(role.name, role.pivot.assigned_at) for role in found] == [
        ("admin", datetime(2026, 1, 2)),  # noqa: DTZ001 - a local time
        ("editor", None),
    ]
    assert len(sent) == 1
    assert roles.where(pivot.assigned_at.is_null()).pluck(Role.name) == ["editor"]
    assert [role.name for role in roles.query().order_by(pivot.assigned_at.desc()).get()] == ["admin", "editor"]
    assert roles.count() == 2
    first: Any = roles.where(Role.name == "admin").only(Role.name).first()
    assert first.pivot.role_id == first.id


def test_amounts_and_includes_beside_the_row_between(world: Related) -> None:
    found = world.ada.related.following.query().with_count(User.posts).include(User.posts).get()

    assert [(user.name, user.count_of(User.posts), len(user.posts)) for user in found] == [("Bob", 1, 1)]
    assert world.ada.related.followers.query().order_by(User.name).pluck(User.name) == ["Bob", "Cyd"]


def test_the_row_between_travels_with_copies(world: Related) -> None:
    role: Any = world.ada.related.roles.where(Role.name == "admin").first_or_fail()

    assert copy.copy(role).pivot == role.pivot
    assert pickle.loads(pickle.dumps(role)).pivot == role.pivot
    with pytest.raises(PivotNotLoaded):
        _ = untyped(Role.find_or_fail(role.id)).pivot


def test_queries_with_a_row_between_are_not_combined(world: Related) -> None:
    with pytest.raises(InvalidQuery, match="table between"):
        Role.query().union(world.ada.related.roles.query())


def test_morph_relations(world: Related) -> None:
    comment = world.clip.related.comments.get().first_or_fail()

    assert comment.related.commentable.get() == world.clip
    assert comment.related.commentable.exists()
    assert world.notes.related.comments.where(Comment.body == "second").count() == 1
    image = world.ada.related.image.get()
    assert image is not None
    assert image.url == "ada.png"
    assert [tag.name for tag in world.clip.related.tags.get()] == ["new"]
    tag = Tag.query().where(Tag.name == "new").first_or_fail()
    assert [post.title for post in tag.related.posts.get()] == ["Notes"]
    assert [video.title for video in tag.related.videos.get()] == ["Clip"]


def test_a_morph_to_that_leads_nowhere(world: Related) -> None:
    lost = Image.query().where(Image.url == "lost.png").first_or_fail()

    assert lost.related.imageable.get() is None
    assert lost.related.imageable.first() is None
    assert not lost.related.imageable.exists()
    assert lost.related.imageable.delete() == 0


def test_an_alias_that_nobody_knows(world: Related) -> None:
    db.execute("UPDATE comments SET commentable_type = 'song' WHERE body = 'second'")
    with pytest.raises(UnknownMorphType, match=r"comments\.commentable_type"):
        Comment.query().where(Comment.body == "second").first_or_fail().related.commentable.get()


def test_a_composite_key(world: Related) -> None:
    line = world.ada.related.orders.get().first_or_fail().related.lines.get().first_or_fail()

    assert line.related.refunds.count() == 2  # the draft is hidden
    assert line.related.refunds.query().without_scopes().count() == 3
    refund = line.related.refunds.where(Refund.amount > 1).first_or_fail()
    assert refund.related.line.get() == line
    order = line.related.order.get()
    assert order is not None
    assert order.related.lines.find((line.order_id, line.item_id)) == line
    for key in (line.order_id, (line.order_id,), (line.order_id, None)):
        with pytest.raises(InvalidValue, match="OrderLine"):
            untyped(order.related.lines).find(key)


def test_without_a_row_nothing_is_related(world: Related, sent: Sent) -> None:
    new = User(name="Eve", email="e@x.y", password="x")
    for read in (
        new.related.posts.query,
        new.related.posts.get,
        new.related.posts.count,
        new.related.roles.exists,
        new.related.manager.get,
        new.related.received_comments.first,
    ):
        with pytest.raises(NotSaved, match=r"User\.related\."):
            read()
    assert len(sent) == 0


def test_what_is_loaded_stays(world: Related, sent: Sent) -> None:
    ada = User.query().where(User.name == "Ada").include(User.posts).first_or_fail()
    sent.clear()

    ada.related.posts.get()
    assert len(ada.posts) == 2
    assert len(sent) == 1


def test_related_as_an_object(world: Related) -> None:
    related = world.ada.related

    assert {"posts", "roles", "manager"} <= set(dir(related))
    assert not hasattr(related, "post")
    assert repr(related) == "<related User>"
    assert repr(related.posts) == "<has_many User.related.posts>"
    with pytest.raises(AttributeError, match='did you mean "posts"'):
        _ = untyped(related).post


def test_an_object_that_holds_some_fields_only(showcase: str) -> None:
    make_user("Ada")
    ada = User.query().only(User.name).first_or_fail()

    assert ada.related.posts.create(title="T", body="b").author_id == ada.id
    assert ada.related.posts.count() == 1
