"""Eager loading of every kind of relation: what is there, and how many statements it took."""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

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
from isomorph import Collection
from isomorph.errors import InvalidQuery, InvalidValue, RelationNotLoaded, UnknownMorphType
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("relations.include")]


@dataclass
class World:
    """Ada with one or two of everything; Bob with nothing."""

    ada: User
    bob: User
    posts: list[Post]
    clip: Video
    comments: list[Comment]


@pytest.fixture
def world(showcase: str) -> World:
    ada, bob = make_user(), make_user("Bob")
    bob.update(manager_id=ada.id)
    posts = [make_post(ada, "One"), make_post(ada, "Two")]
    clip = Video.create(title="Film", url="u", seconds=1.0, owner=ada)
    comments = list(
        Comment.insert_many(
            [
                {"body": "on One", "commentable": posts[0], "author": bob},
                {"body": "on Film", "commentable": clip, "author": ada},
                {"body": "nobody's", "commentable": posts[0]},
            ]
        )
    )
    Address.create(profile=Profile.create(user=ada, bio="..."), street="Main", city="London", country="UK")
    Image.create(url="ada.png", imageable=ada)
    Image.create(url="one.png", imageable=posts[0])
    roles = Role.insert_many([{"name": "admin"}, {"name": "editor"}, {"name": "unused"}])
    for role in roles[:2]:
        db.execute("INSERT INTO role_user (role_id, user_id) VALUES (?, ?)", role.id, ada.id)
    db.execute("INSERT INTO follows (follower_id, followed_id) VALUES (?, ?)", ada.id, bob.id)
    tags = Tag.insert_many([{"name": "new"}, {"name": "old"}])
    pairs = [(tags[0], "post", posts[0].id), (tags[1], "post", posts[0].id), (tags[0], "clip", clip.id)]
    for tag, alias, id_ in pairs:
        db.execute("INSERT INTO taggables (tag_id, taggable_type, taggable_id) VALUES (?, ?, ?)", tag.id, alias, id_)
    return World(ada, bob, posts, clip, comments)


def people(*includes: Any) -> list[Any]:
    """Ada and Bob with relations included."""
    query: Any = User.query().order_by(User.name)
    for include in includes:
        query = query.include(include)
    return list(query.get())


def test_has_many_gives_a_collection_empty_where_there_is_nothing(world: World, sent: Sent) -> None:
    ada, bob = people(User.posts)

    assert len(sent) == 2
    assert sorted(post.title for post in ada.posts) == ["One", "Two"]
    assert list(bob.posts) == []
    assert [type(user.posts) for user in (ada, bob)] == [Collection, Collection]


def test_belongs_to_gives_the_object_or_none(world: World, sent: Sent) -> None:
    ada, bob = people(User.manager)

    assert len(sent) == 2
    assert ada.manager is None
    assert bob.manager == ada
    found = Post.query().include(Post.author).order_by(Post.title).get()
    assert [post.author.name for post in found] == ["Ada", "Ada"]


def test_members_of_one_include_with_one_key_are_one_object(world: World) -> None:
    one, two = Post.query().include(Post.author).get()

    assert one.author is two.author


def test_has_one_and_has_one_through(world: World, sent: Sent) -> None:
    ada, bob = people(User.profile, User.address)

    assert len(sent) == 3
    assert (ada.profile.bio, bob.profile) == ("...", None)
    assert (ada.address.city, bob.address) == ("London", None)


def test_has_many_through(world: World, sent: Sent) -> None:
    ada, bob = people(User.received_comments)

    assert len(sent) == 2
    assert sorted(comment.body for comment in ada.received_comments) == ["nobody's", "on One"]
    assert list(bob.received_comments) == []


def test_belongs_to_many_from_both_ends(world: World, sent: Sent) -> None:
    ada, bob = people(User.roles)

    assert len(sent) == 2
    assert sorted(role.name for role in ada.roles) == ["admin", "editor"]
    assert list(bob.roles) == []
    roles = Role.query().include(Role.users).order_by(Role.name).get()
    assert [[user.name for user in role.users] for role in roles] == [["Ada"], ["Ada"], []]


def test_a_relation_of_a_model_with_itself(world: World, sent: Sent) -> None:
    ada, bob = people(User.following, User.followers, User.reports)

    assert len(sent) == 4
    assert ([user.name for user in ada.following], list(ada.followers)) == (["Bob"], [])
    assert (list(bob.following), [user.name for user in bob.followers]) == ([], ["Ada"])
    assert ([user.name for user in ada.reports], list(bob.reports)) == (["Bob"], [])


def test_morph_one_and_morph_many_mind_the_alias(world: World, sent: Sent) -> None:
    ada, bob = people(User.image)

    assert len(sent) == 2
    assert (ada.image.url, bob.image) == ("ada.png", None)
    one, two = Post.query().include(Post.comments).include(Post.image).order_by(Post.title).get()
    assert sorted(comment.body for comment in one.comments) == ["nobody's", "on One"]
    assert one.image is not None
    assert (one.image.url, two.image, list(two.comments)) == ("one.png", None, [])
    (clip,) = Video.query().include(Video.comments).get()
    assert [comment.body for comment in clip.comments] == ["on Film"]


def test_morph_to_many_from_both_ends(world: World, sent: Sent) -> None:
    one, two = Post.query().include(Post.tags).order_by(Post.title).get()

    assert len(sent) == 2
    assert (sorted(tag.name for tag in one.tags), list(two.tags)) == (["new", "old"], [])
    new, old = Tag.query().include(Tag.posts).include(Tag.videos).order_by(Tag.name).get()
    assert ([post.title for post in new.posts], [clip.title for clip in new.videos]) == (["One"], ["Film"])
    assert ([post.title for post in old.posts], list(old.videos)) == (["One"], [])


def test_morph_to_takes_a_statement_per_member(world: World, sent: Sent) -> None:
    found = Comment.query().include(Comment.commentable).order_by(Comment.body).get()

    assert len(sent) == 3
    assert [type(comment.commentable) for comment in found] == [Post, Video, Post]
    assert [comment.commentable for comment in found] == [world.posts[0], world.clip, world.posts[0]]
    assert found[0].commentable is found[2].commentable


def test_morph_to_of_nothing_is_none(world: World) -> None:
    Image.create(url="free.png")

    found = Image.query().include(Image.imageable).order_by(Image.url).get()

    assert [image.imageable for image in found] == [world.ada, None, world.posts[0]]


def test_a_morph_whose_member_is_gone_is_none(world: World) -> None:
    world.clip.delete()

    found = Comment.query().include(Comment.commentable).where(Comment.body == "on Film").first_or_fail()

    assert found.commentable is None


def test_an_alias_that_nobody_knows_is_an_error_that_names_it(world: World) -> None:
    db.execute("UPDATE comments SET commentable_type = 'vdeo' WHERE body = ?", "on Film")

    with pytest.raises(UnknownMorphType) as caught:
        Comment.query().include(Comment.commentable).get()
    assert str(caught.value) == (
        'comments.commentable_type holds the unknown alias "vdeo" (known: post, clip; add it to [morph_map])'
    )


@pytest.mark.feature("models.composite_key")
def test_a_composite_key_finds_its_partners_by_all_of_its_columns(world: World, sent: Sent) -> None:
    orders = [Order.create(number=number, customer=world.ada) for number in ("A", "B")]
    items = Item.insert_many({"code": uuid.uuid4(), "name": name, "price": Decimal(1)} for name in "ab")
    lines = [OrderLine.create(order=order, item=item, unit_price=Decimal(1)) for order in orders for item in items]
    Refund.create(line=lines[1], amount=Decimal("0.25"))
    Refund.create(line=lines[2], amount=Decimal("0.50"))
    sent.clear()

    query = OrderLine.query().include(OrderLine.refunds).include(OrderLine.order).include(OrderLine.item)
    found = query.order_by(OrderLine.order_id, OrderLine.item_id).get()

    assert len(sent) == 4
    assert [[refund.amount for refund in line.refunds] for line in found] == [
        [],
        [Decimal("0.25")],
        [Decimal("0.50")],
        [],
    ]
    assert [(line.order.number, line.item.name) for line in found] == [("A", "a"), ("A", "b"), ("B", "a"), ("B", "b")]
    refunds = Refund.query().include(Refund.line).order_by(Refund.amount).get()
    assert [refund.line for refund in refunds] == lines[1:3]


def test_through_relations_over_composite_keys(world: World) -> None:
    order = Order.create(number="A", customer=world.ada)
    item = Item.create(code=uuid.uuid4(), name="Lamp", price=Decimal(1))
    OrderLine.create(order=order, item=item, unit_price=Decimal(1))

    assert list(Order.query().include(Order.items).first_or_fail().items) == [item]


# --- nested and narrowed -------------------------------------------------------------------------------------------------


def test_includes_may_be_nested_with_one_statement_for_each_relation(world: World, sent: Sent) -> None:
    found = (
        User.query()
        .include(
            User.posts, Post.query().include(Post.comments, Comment.query().include(Comment.author)).include(Post.tags)
        )
        .include(User.manager, User.query().include(User.profile))
        .order_by(User.name)
        .get()
    )

    assert len(sent) == 1 + 6
    ada, bob = found
    one = next(post for post in ada.posts if post.title == "One")
    assert {comment.body: comment.author for comment in one.comments} == {"nobody's": None, "on One": world.bob}
    assert bob.manager is not None
    assert bob.manager.profile is not None
    assert bob.manager.profile.bio == "..."


def test_the_number_of_statements_does_not_grow_with_the_rows(world: World, sent: Sent) -> None:
    Post.insert_many({"author": world.bob, "title": str(number), "body": ""} for number in range(300))
    sent.clear()

    found = Post.query().include(Post.author).include(Post.comments).get()

    assert len(found) == 302
    assert len(sent) == 3


def test_an_include_may_be_narrowed_and_ordered(world: World) -> None:
    make_post(world.ada, "Three", views=9)
    make_post(world.ada, "Four", views=5)

    query = User.query().include(User.posts, Post.query().where(Post.views > 1).order_by(Post.views.desc()))
    ada, bob = query.order_by(User.name).get()

    assert [post.title for post in ada.posts] == ["Three", "Four"]
    assert list(bob.posts) == []
    (one, _) = (
        Post.query()
        .where(Post.title.in_(["One", "Two"]))
        .include(Post.tags, Tag.query().order_by(Tag.name.desc()).where(Tag.name != "none"))
        .order_by(Post.title)
        .get()
    )
    assert [tag.name for tag in one.tags] == ["old", "new"]


def test_an_include_narrowed_by_a_scope_or_by_raw_sql(world: World) -> None:
    make_post(world.ada, "Three", published=True)

    ada = User.query().include(User.posts, Post.query().published()).order_by(User.name).first_or_fail()
    assert [post.title for post in ada.posts] == ["Three"]
    raw = Post.query().where_raw("title = ? OR title = ?", "One", "Three").order_by(Post.title)
    ada = User.query().include(User.posts, raw).order_by(User.name).first_or_fail()
    assert [post.title for post in ada.posts] == ["One", "Three"]


def test_an_include_narrowed_through_a_join(world: World) -> None:
    """What the nested query joins must not be mistaken for what leads back to the parents."""
    ada = (
        User.query()
        .include(User.posts, Post.query().join(Post.tags).where(Tag.name == "old"))
        .order_by(User.name)
        .first_or_fail()
    )
    assert [post.title for post in ada.posts] == ["One"]


def test_a_relation_included_twice_is_loaded_as_asked_last(world: World) -> None:
    ada = (
        User.query()
        .include(User.posts)
        .include(User.posts, Post.query().where(Post.title == "Two"))
        .order_by(User.name)
        .first_or_fail()
    )

    assert [post.title for post in ada.posts] == ["Two"]


def test_first_get_find_and_pages_include(world: World) -> None:
    query = User.query().include(User.posts).order_by(User.name)

    first = query.first()
    assert first is not None
    assert len(first.posts) == 2
    assert len(query.first_or_fail().posts) == 2
    assert [len(user.posts) for user in query.paginate(1, 5).items] == [2, 0]
    assert query.count() == 2
    assert query.exists()


def test_including_for_no_rows_asks_nothing_more(world: World, sent: Sent) -> None:
    assert list(User.query().where(User.name == "Nobody").include(User.posts).get()) == []
    assert len(sent) == 1
    Tag.query().delete(all_rows=True)
    sent.clear()
    assert list(Post.query().include(Post.tags, Tag.query().include(Tag.videos)).first_or_fail().tags) == []
    assert len(sent) == 2


def test_only_what_was_included_is_loaded(world: World) -> None:
    (ada, _) = people(User.posts)

    with pytest.raises(RelationNotLoaded, match=r"User.comments is not loaded"):
        _ = ada.comments
    with pytest.raises(RelationNotLoaded, match=r"Post.author is not loaded"):
        _ = ada.posts[0].author


def test_included_objects_are_saved_like_any_other(world: World) -> None:
    (ada, _) = people(User.posts)
    post = ada.posts[0]
    assert not post.is_dirty()
    post.update(title="Changed")

    assert Post.find_or_fail(post.id).title == "Changed"


def test_an_include_for_many_parents(world: World) -> None:
    """More keys than one statement has parameters, on some databases."""
    User.insert_many({"name": "x", "email": f"x{number}", "password": "-"} for number in range(2_000))

    found = User.query().include(User.posts).include(User.roles).get()

    assert len(found) == 2_002
    assert sum(len(user.posts) for user in found) == 2


def test_an_include_that_cannot_be_is_refused(sent: Sent) -> None:
    include: Any = User.query().include
    for wrong in ("posts", User.name, None):
        with pytest.raises(InvalidValue, match=r"include\(\): expected a relation such as User.posts, got \w+"):
            include(wrong)
    with pytest.raises(InvalidQuery, match=r"Post.author is no relation of User \(include a relation of User\)"):
        include(Post.author)
    with pytest.raises(InvalidQuery, match=r"User.posts leads to Post, the query is for User"):
        include(User.posts, User.query())
    with pytest.raises(InvalidValue, match=r"include\(\): expected a query of the related model, got str"):
        include(User.posts, "published")
    with pytest.raises(InvalidQuery, match=r"include\(User.posts\) with a query that is both distinct and limited"):
        include(User.posts, Post.query().distinct().limit(1))
    with pytest.raises(InvalidQuery, match=r"include\(User.posts\) with a grouped, combined or locking query"):
        include(User.posts, Post.query().union(Post.query()))
    with pytest.raises(InvalidQuery, match=r"include\(User.posts\) with a query of an alias"):
        include(User.posts, Post.alias("other").query())
    with pytest.raises(InvalidQuery, match=r"include\(User.posts\) with two queries of Post \(pass one\)"):
        include(User.posts, Post.query(), Post.query())
    with pytest.raises(InvalidQuery) as caught:
        include(cast("Any", User.posts).author)
    assert str(caught.value) == (
        "include(User.posts.author) of a path (include(User.posts, Post.query().include(Post.author)))"
    )
    with pytest.raises(InvalidQuery, match=r"Comment.commentable leads to Post or Video, the query is for User"):
        cast("Any", Comment.query()).include(Comment.commentable, User.query())
    with pytest.raises(InvalidValue, match="a query of the related model"):
        include(User.posts, Post.query().select(Post.id))
    assert len(sent) == 0


def test_departments_form_a_tree(showcase: str) -> None:
    shop = Department.create(name="Shop")
    parts = [Department.create(name=name, parent=shop) for name in "ab"]
    Department.create(name="aa", parent=parts[0])

    (found,) = (
        Department.query()
        .where(Department.parent_id.is_null())
        .include(Department.children, Department.query().include(Department.children).order_by(Department.name))
        .get()
    )

    assert [[child.name for child in part.children] for part in found.children] == [["aa"], []]
