"""Joins along every kind of relation, inner and left."""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from generated import (
    Address,
    Comment,
    Department,
    Image,
    Item,
    Order,
    OrderLine,
    Post,
    Profile,
    Refund,
    Role,
    Tag,
    User,
    Video,
    db,
)
from isomorph.errors import InvalidQuery
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("queries.join")]


@dataclass
class World:
    """Ada with one of everything; Bob with nothing. Items and tags likewise."""

    ada: User
    bob: User
    post: Post
    clip: Video
    order: Order
    item: Item


@pytest.fixture
def world(showcase: str) -> World:
    ada, bob = make_user(), make_user("Bob")
    post = make_post(ada, "Notes")
    clip = Video.create(title="Film", url="u", seconds=1.0, owner=ada)
    profile = Profile.create(user=ada, bio="...")
    Address.create(profile=profile, street="Main", city="London", country="UK")
    Comment.create(body="on post", commentable=post, author=bob)
    Comment.create(body="on clip", commentable=clip)
    Image.create(url="ada.png", imageable=ada)
    admin, _ = Role.create(name="admin"), Role.create(name="unused")
    tag, _ = Tag.create(name="new"), Tag.create(name="unused")
    db.execute("INSERT INTO role_user (role_id, user_id) VALUES (?, ?)", admin.id, ada.id)
    db.execute("INSERT INTO follows (follower_id, followed_id) VALUES (?, ?)", ada.id, bob.id)
    for alias, id_ in (("post", post.id), ("clip", clip.id)):
        db.execute("INSERT INTO taggables (tag_id, taggable_type, taggable_id) VALUES (?, ?, ?)", tag.id, alias, id_)
    shop = Department.create(name="Shop")
    item = Item.create(
        code=uuid.uuid4(), name="Lamp", price=Decimal(3), department=Department.create(name="Light", parent=shop)
    )
    Item.create(code=uuid.uuid4(), name="Unused", price=Decimal(3))
    order = Order.create(number="A1", customer=ada)
    line = OrderLine.create(order=order, item=item, unit_price=Decimal(3))
    Refund.create(line=line, amount=Decimal(1))
    return World(ada, bob, post, clip, order, item)


def test_belongs_to(world: World) -> None:
    found = Post.query().join(Post.author).where(User.name == "Ada").get()

    assert list(found) == [world.post]
    assert Post.query().join(Post.author).where(User.name == "Bob").count() == 0


def test_has_many_repeats_rows(world: World) -> None:
    make_post(world.ada, "More")

    found = User.query().join(User.posts).order_by(Post.title.desc()).select(User.name, Post.title).get()

    assert found == [("Ada", "Notes"), ("Ada", "More")]
    assert User.query().join(User.posts).count() == 2
    assert User.query().join(User.posts).distinct().count() == 1
    assert len(User.query().join(User.posts).distinct().get()) == 1


def test_has_one_and_has_one_through(world: World) -> None:
    assert User.query().join(User.profile).where(Profile.bio == "...").pluck(User.name) == ["Ada"]
    assert User.query().join(User.address).where(Address.city == "London").pluck(User.name) == ["Ada"]
    assert User.query().join(User.profile).join(Profile.address).pluck(Address.city) == ["London"]


def test_has_many_through(world: World) -> None:
    found = User.query().join(User.received_comments).select(User.name, Comment.body).get()

    assert found == [("Ada", "on post")]
    assert Order.query().join(Order.items).pluck(Item.name) == ["Lamp"]


def test_belongs_to_many_from_both_ends(world: World) -> None:
    assert User.query().join(User.roles).select(User.name, Role.name).get() == [("Ada", "admin")]
    assert Role.query().join(Role.users).select(Role.name, User.name).get() == [("admin", "Ada")]


def test_morph_one_and_morph_many_mind_the_alias(world: World) -> None:
    assert User.query().join(User.image).select(User.name, Image.url).get() == [("Ada", "ada.png")]
    assert Post.query().join(Post.image).count() == 0
    assert Post.query().join(Post.comments).pluck(Comment.body) == ["on post"]
    assert Video.query().join(Video.comments).pluck(Comment.body) == ["on clip"]


def test_morph_to_many_from_both_ends(world: World) -> None:
    assert Post.query().join(Post.tags).select(Post.title, Tag.name).get() == [("Notes", "new")]
    assert Video.query().join(Video.tags).select(Video.title, Tag.name).get() == [("Film", "new")]
    assert Tag.query().join(Tag.posts).select(Tag.name, Post.title).get() == [("new", "Notes")]
    assert Tag.query().join(Tag.videos).select(Tag.name, Video.title).get() == [("new", "Film")]


@pytest.mark.feature("models.composite_key")
def test_a_composite_key_is_joined_by_all_of_its_columns(world: World, sent: Sent) -> None:
    found = Refund.query().join(Refund.line).select(Refund.amount, OrderLine.unit_price).get()

    assert found == [(Decimal(1), Decimal(3))]
    assert '"order_lines"."order_id"' in sent.last
    assert '"order_lines"."item_id"' in sent.last
    assert OrderLine.query().join(OrderLine.refunds).count() == 1


def test_joins_may_follow_one_another(world: World) -> None:
    found = (
        Refund.query()
        .join(Refund.line)
        .join(OrderLine.order)
        .join(Order.customer)
        .join(User.profile)
        .where(Profile.bio.is_not_null(), Refund.amount < OrderLine.unit_price)
        .select(User.name, Order.number, Refund.amount)
        .get()
    )

    assert found == [("Ada", "A1", Decimal(1))]


def test_rows_of_a_joined_query_are_those_of_its_own_table(world: World) -> None:
    (found,) = Post.query().join(Post.author).get()

    assert (found.id, found.title, found.created_at) == (world.post.id, "Notes", world.post.created_at)
    assert not found.is_dirty()
    assert Post.query().join(Post.author).first_or_fail() == world.post
    assert Post.query().join(Post.author).exists()
    assert list(Post.query().join(Post.author).cursor()) == [world.post]
    assert Post.query().join(Post.author).paginate().total == 1
    assert list(Post.query().join(Post.author).include(Post.author).get()[0:1]) == [world.post]


# --- left --------------------------------------------------------------------------------------------------------------


def test_a_left_join_keeps_rows_without_a_partner(world: World) -> None:
    query = User.query().left_join(User.profile).order_by(User.name)

    assert query.pluck(User.name) == ["Ada", "Bob"]
    assert query.select(User.name, Profile.id.optional(), Profile.bio).get()[1] == ("Bob", None, None)
    assert query.where(Profile.id.is_null()).pluck(User.name) == ["Bob"]
    assert query.count() == 2


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        (lambda: User.query().left_join(User.roles).order_by(User.name).select(User.name, Role.name.optional()),
         [("Ada", "admin"), ("Bob", None)]),
        (lambda: User.query().left_join(User.address).order_by(User.name).select(User.name, Address.city.optional()),
         [("Ada", "London"), ("Bob", None)]),
        (lambda: User.query().left_join(User.received_comments).order_by(User.name).select(User.name, Comment.body.optional()),
         [("Ada", "on post"), ("Bob", None)]),
        (lambda: User.query().left_join(User.image).order_by(User.name).select(User.name, Image.url.optional()),
         [("Ada", "ada.png"), ("Bob", None)]),
        (lambda: Tag.query().left_join(Tag.videos).order_by(Tag.name).select(Tag.name, Video.title.optional()),
         [("new", "Film"), ("unused", None)]),
        (lambda: Comment.query().left_join(Comment.author).order_by(Comment.body).select(Comment.body, User.name.optional()),
         [("on clip", None), ("on post", "Bob")]),
        (lambda: Item.query().left_join(Item.department).order_by(Item.name).select(Item.name, Department.name.optional()),
         [("Lamp", "Light"), ("Unused", None)]),
    ],
    ids=["pivot", "one through", "many through", "morph", "morphed by many", "belongs to", "optional belongs to"],
)  # fmt: skip
def test_left_joins_along_every_kind_of_relation(world: World, query: Any, rows: list[object]) -> None:
    assert query().get() == rows


def test_converted_columns_of_a_missing_partner_are_none(world: World) -> None:
    found = (
        Item.query()
        .left_join(Item.order_lines)
        .order_by(Item.name)
        .select(OrderLine.unit_price.optional(), OrderLine.quantity.optional())
        .get()
    )

    assert found == [(Decimal(3), 1), (None, None)]


def test_a_column_that_may_be_missing_must_be_marked_so(world: World, sent: Sent) -> None:
    query = User.query().left_join(User.profile)
    with pytest.raises(
        InvalidQuery,
        match=r"Profile.id may be missing, since profiles is left-joined \(select Profile.id.optional\(\)\)",
    ):
        query.select(Profile.id)
    with pytest.raises(InvalidQuery, match="may be missing"):
        User.query().left_join(User.roles).select(Role.level + 1)
    with pytest.raises(InvalidQuery, match="may be missing"):
        query.pluck(Profile.user_id)
    assert len(sent) == 0
    query.select(Profile.bio)  # it may be NULL anyhow
    query.select(User.name)


def test_optional_on_an_inner_join_changes_nothing(world: World) -> None:
    assert User.query().join(User.profile).select(User.name.optional()).get() == [("Ada",)]


# --- refusals --------------------------------------------------------------------------------------------------------------


def test_a_join_that_leads_from_or_to_nowhere_is_refused(sent: Sent) -> None:
    with pytest.raises(
        InvalidQuery, match=r"Post.author starts at posts, which is no part of the query \(join posts first\)"
    ):
        Role.query().join(Post.author)
    with pytest.raises(InvalidQuery, match=r"User.manager joins users, which is already part of the query"):
        User.query().join(User.manager)
    with pytest.raises(InvalidQuery, match="already part of the query"):
        Post.query().join(Post.author).join(Post.author)
    with pytest.raises(InvalidQuery, match=r"Comment.commentable leads to several models"):
        Comment.query().join(Comment.commentable)
    assert len(sent) == 0


def test_what_is_no_relation_cannot_be_joined() -> None:
    from isomorph.errors import InvalidValue

    wrong: Any
    for wrong in ("posts", User.name, int):
        with pytest.raises(InvalidValue, match=r"join\(\): expected a relation such as User.posts, or a model"):
            User.query().join(wrong)
    with pytest.raises(InvalidQuery, match=r"posts joined without a condition \(say on=..., or cross_join\(\) it\)"):
        wrong = Post
        User.query().join(wrong)
