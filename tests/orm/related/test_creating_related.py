"""Writing objects through relations whose key is in their own table."""

from typing import Any

import pytest

from generated import Comment, Department, Image, Order, Post, Profile, User, db
from isomorph.errors import InvalidValue, MissingValue, NotSaved, RelationNotLoaded, UniqueViolation, UnknownField
from tests.support.related_rows import Related, make_related
from tests.support.showcase import Sent, make_post, make_user
from tests.support.untyped import untyped

pytestmark = pytest.mark.feature("relations.create")


@pytest.fixture
def world(showcase: str) -> Related:
    return make_related()


def test_create_fills_the_key(world: Related, sent: Sent) -> None:
    post = world.dan.related.posts.create(title="New", body="...")

    assert len(sent) == 1
    assert (post.author_id, post.exists) == (world.dan.id, True)
    assert Post.find_or_fail(post.id).related.author.get() == world.dan


def test_create_fills_a_morph_key(world: Related, sent: Sent) -> None:
    comment = world.essay.related.comments.create(body="x", author=world.cyd)

    assert len(sent) == 1
    assert comment.related.commentable.get() == world.essay
    assert comment.author_id == world.cyd.id
    with pytest.raises(RelationNotLoaded):  # as after any create, what was not asked for is not there
        _ = untyped(comment).commentable


def test_create_of_one(world: Related) -> None:
    profile = world.bob.related.profile.create(bio="b")
    image = world.bob.related.image.create(url="bob.png")

    assert world.bob.related.profile.get() == profile
    assert world.bob.related.image.get() == image
    with pytest.raises(UniqueViolation, match="Profile"):
        world.bob.related.profile.create(bio="again")


def test_create_many_is_one_statement(world: Related, sent: Sent) -> None:
    made = world.dan.related.posts.create_many([{"title": f"P{number}", "body": "..."} for number in range(30)])

    assert len(made) == 30
    assert world.dan.related.posts.count() == 30
    assert {post.author_id for post in made} == {world.dan.id}
    assert len(set(made.pluck(Post.id))) == 30
    assert sum("INSERT" in text for text in sent.texts) == 1
    assert list(world.dan.related.posts.create_many([])) == []
    comments = world.essay.related.comments.create_many([{"body": "a"}, {"body": "b", "author": world.ada}])
    assert [comment.related.commentable.get() for comment in comments] == [world.essay, world.essay]


def test_the_relation_fills_what_it_is_for(world: Related, sent: Sent) -> None:
    values: Any
    for values in ({"author": world.bob}, {"author_id": world.bob.id}, {"author_id": world.ada.id}):
        with pytest.raises(
            InvalidValue, match=r"User\.related\.posts\.create\(\): expected no author.*, which the relation"
        ):
            world.ada.related.posts.create(title="x", body="x", **values)
    with pytest.raises(InvalidValue, match="no commentable"):
        untyped(world.notes.related.comments).create(body="x", commentable=world.clip)
    with pytest.raises(InvalidValue, match="no author_id"):
        untyped(world.ada.related.posts).first_or_create({"author_id": 1})
    assert len(sent) == 0


def test_wrong_keywords_are_refused_before_anything_is_sent(world: Related, sent: Sent) -> None:
    rows: Any = [{"title": "a", "body": "b"}, {"titel": "a", "body": "b"}]
    with pytest.raises(UnknownField, match="titel"):
        world.ada.related.posts.create_many(rows)
    with pytest.raises(MissingValue, match="body"):
        untyped(world.ada.related.posts).create(title="a")
    with pytest.raises(InvalidValue, match="a list of values"):
        untyped(world.ada.related.posts).create_many({"title": "a", "body": "b"})
    with pytest.raises(InvalidValue, match="title"):
        untyped(world.ada.related.posts).create(title=1, body="b")
    assert len(sent) == 0


def test_save_inserts_or_moves(world: Related, sent: Sent) -> None:
    new = Post(title="New", body="...", author=world.bob)
    assert world.ada.related.posts.save(new) is new
    assert (new.author_id, len(sent)) == (world.ada.id, 1)
    with pytest.raises(RelationNotLoaded):  # what it had loaded is no longer so
        _ = untyped(new).author
    sent.clear()

    world.essay.title = "Essay 2"
    world.ada.related.posts.save(world.essay)
    assert len(sent) == 1
    found = Post.find_or_fail(world.essay.id)
    assert (found.author_id, found.title) == (world.ada.id, "Essay 2")
    assert not world.essay.is_dirty()


def test_save_of_what_is_related_already_sends_nothing(world: Related, sent: Sent) -> None:
    world.ada.related.posts.save(world.notes)
    assert len(sent) == 0


def test_save_many_takes_few_statements(world: Related, sent: Sent) -> None:
    old = [make_post(world.bob, f"P{number}") for number in range(20)]
    new = [Post(title=f"N{number}", body="...", author=world.bob) for number in range(20)]
    old[0].views = 7
    sent.clear()

    assert len(world.dan.related.posts.save_many([*old, *new])) == 40
    assert sum("INSERT" in text for text in sent.texts) == 1
    assert sum("UPDATE" in text for text in sent.texts) == 2  # one is changed otherwise, too
    assert world.dan.related.posts.count() == 40
    assert Post.find_or_fail(old[0].id).views == 7
    assert not any(post.is_dirty() for post in old)


def test_save_of_a_morph_relation(world: Related) -> None:
    comment = world.clip.related.comments.get().first_or_fail()
    world.essay.related.comments.save(comment)

    assert Comment.find_or_fail(comment.id).related.commentable.get() == world.essay
    image = Image.query().where(Image.url == "lost.png").first_or_fail()
    world.cyd.related.image.save(image)
    assert world.cyd.related.image.get() == image


def test_a_failed_save_leaves_everything_as_it_was(world: Related) -> None:
    new = Order(number="A1", customer=world.bob)  # taken
    other = Order(number="C1", customer=world.bob)
    order = world.bob.related.orders.get().first_or_fail()

    with pytest.raises(UniqueViolation):
        world.ada.related.orders.save_many([order, other, new])
    assert (new.exists, other.exists) == (False, False)
    assert new.customer_id == order.customer_id == world.bob.id
    assert not order.is_dirty()
    assert world.ada.related.orders.count() == 1
    assert world.bob.related.orders.count() == 1
    with db.transaction():
        with pytest.raises(UniqueViolation):
            world.ada.related.orders.create_many([{"number": "D1"}, {"number": "A1"}])
        assert world.ada.related.orders.count() == 1


def test_wrong_objects_are_refused(world: Related, sent: Sent) -> None:
    for wrong in (world.bob, world.notes.id, None, "x"):
        with pytest.raises(InvalidValue, match=r"User\.related\.posts\.save\(\): expected a Post, got"):
            untyped(world.ada.related.posts).save(wrong)
    with pytest.raises(InvalidValue, match="expected a Post, got User"):
        untyped(world.ada.related.posts).save_many([world.essay, world.bob])
    with pytest.raises(InvalidValue, match="a list of objects"):
        untyped(world.ada.related.posts).save_many(world.essay)
    assert world.essay.author_id == world.bob.id
    assert len(sent) == 0


def test_an_owner_without_a_row_is_refused(world: Related, sent: Sent) -> None:
    new = User(name="Eve", email="e@x.y", password="x")
    for write in (
        lambda: new.related.posts.create(title="x", body="x"),
        lambda: new.related.posts.create_many([]),
        lambda: new.related.posts.save(world.notes),
        lambda: new.related.posts.first_or_create({"title": "x"}),
        new.related.posts.delete,
        new.related.profile.create,
    ):
        with pytest.raises(NotSaved, match=r"User\.related\.po|User\.related\.profile"):
            write()
    assert len(sent) == 0
    assert world.notes.author_id == world.ada.id


def test_delete_removes_what_is_related(world: Related, sent: Sent) -> None:
    assert world.notes.related.comments.delete() == 2
    assert len(sent) == 1
    assert Comment.query().count() == 1
    assert world.ada.related.profile.delete() == 1
    assert Profile.query().count() == 0
    assert world.ada.related.profile.delete() == 0
    world.clip.related.owner.associate(world.dan)
    assert world.clip.related.owner.delete() == 1
    assert User.find(world.dan.id) is None
    assert world.clip.refresh().owner_id is None


def test_what_was_loaded_is_forgotten(world: Related) -> None:
    ada = (
        User.query()
        .where(User.name == "Ada")
        .include(User.posts)
        .include(User.roles)
        .with_count(User.posts)
        .first_or_fail()
    )
    ada.related.posts.create(title="x", body="x")

    with pytest.raises(RelationNotLoaded):
        _ = ada.posts
    with pytest.raises(Exception, match=r"with_count\(User.posts\)"):
        ada.count_of(User.posts)
    assert len(ada.roles) == 2  # nothing was written there
    assert len(ada.load(User.posts).posts) == 3


@pytest.mark.feature("relations.first_or_create")
def test_first_or_create(world: Related, sent: Sent) -> None:
    assert world.ada.related.posts.first_or_create({"title": "Notes"}) == world.notes
    assert len(sent) == 1
    other = world.ada.related.posts.first_or_create({"title": "Essay"}, {"body": "mine"})
    assert other != world.essay
    assert (other.author_id, other.body) == (world.ada.id, "mine")
    assert world.ada.related.posts.first_or_create({"title": "Essay"}) == other
    assert world.bob.related.profile.first_or_create({}, {"bio": "b"}).user_id == world.bob.id
    assert world.bob.related.profile.first_or_create({}).bio == "b"


@pytest.mark.feature("relations.first_or_create")
def test_first_or_create_of_a_morph_relation(world: Related) -> None:
    made = world.essay.related.comments.first_or_create({"body": "first"})
    assert made.related.commentable.get() == world.essay
    assert world.essay.related.comments.first_or_create({"body": "first"}) == made
    found = world.notes.related.comments.first_or_create({"author": world.cyd}, {"body": "x"})
    assert found.body == "second"


@pytest.mark.feature("relations.first_or_create")
def test_update_or_create(world: Related, sent: Sent) -> None:
    found = world.ada.related.posts.update_or_create({"title": "Notes"}, {"views": 70})
    assert len(sent) == 2
    assert (found, Post.find_or_fail(world.notes.id).views) == (world.notes, 70)
    made = world.bob.related.posts.update_or_create({"title": "Notes"}, {"body": "b", "views": 3})
    assert (made.author_id, made.views) == (world.bob.id, 3)
    assert Post.query().where(Post.title == "Notes").count() == 2
    comment = world.clip.related.comments.update_or_create({"body": "first"}, {"author": world.dan})
    assert Comment.find_or_fail(comment.id).author_id == world.dan.id


@pytest.mark.feature("relations.first_or_create")
def test_a_match_needs_fields_of_the_model(world: Related, sent: Sent) -> None:
    with pytest.raises(UnknownField):
        untyped(world.ada.related.posts).first_or_create({"titel": "x"})
    with pytest.raises(InvalidValue, match="a mapping"):
        untyped(world.ada.related.posts).update_or_create("x", {})
    with pytest.raises(InvalidValue, match="a User"):
        untyped(world.notes.related.comments).first_or_create({"author": world.notes})
    assert len(sent) == 0


@pytest.mark.feature("relations.first_or_create")
def test_update_or_create_meets_a_unique_key_of_another_parent(world: Related) -> None:
    with pytest.raises(UniqueViolation):
        world.bob.related.orders.first_or_create({"number": "A1"})
    assert world.bob.related.orders.count() == 1


def test_a_self_relation(showcase: str) -> None:
    ada = make_user("Ada")
    bob = ada.related.reports.create(name="Bob", email="b@x.y", password="x")
    cyd = make_user("Cyd")
    bob.related.reports.save(cyd)

    assert [user.name for user in ada.related.reports.get()] == ["Bob"]
    boss = cyd.related.manager.get()
    assert boss == bob
    root = Department.create(name="root")
    assert root.related.children.create(name="leaf").parent_id == root.id
