"""Including relations: what is loaded for each kind, by how many statements, and what reading an unloaded one says."""

import copy
import pickle
import uuid
from decimal import Decimal

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
from isomorph.errors import InvalidQuery, InvalidValue, RelationNotLoaded, UnknownMorphType
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("relations.include")]


def link(table: str, **values: object) -> None:
    """Insert a row of a pivot table, which no model maps."""
    quoted = db.connection().dialect.quoted
    names = ", ".join(quoted(name) for name in values)
    places = ", ".join([db.connection().dialect.placeholder] * len(values))
    db.connection().execute(f"INSERT INTO {quoted(table)} ({names}) VALUES ({places})", tuple(values.values()))


# --- to one ----------------------------------------------------------------------------------------------------------


def test_belongs_to_gives_the_owner_by_one_more_statement(sent: Sent) -> None:
    ada, bob = make_user("Ada"), make_user("Bob")
    for author in (ada, bob, ada):
        make_post(author)
    sent.clear()

    posts = Post.query().order_by(Post.id).include(Post.author).get()

    assert [post.author.name for post in posts] == ["Ada", "Bob", "Ada"]
    assert len(sent) == 2
    assert posts[0].author is posts[2].author


def test_a_nullable_belongs_to_is_none_where_the_key_is_null(sent: Sent) -> None:
    boss = make_user("Boss")
    make_user("Ada", manager=boss)
    sent.clear()

    users = User.query().order_by(User.id).include(User.manager).get()

    assert [user.manager for user in users] == [None, boss]
    assert len(sent) == 2


def test_nothing_is_asked_where_no_row_has_a_key(sent: Sent) -> None:
    make_user("Boss")
    sent.clear()

    users = User.query().include(User.manager).get()

    assert users[0].manager is None
    assert len(sent) == 1


def test_has_one_gives_the_row_or_none() -> None:
    ada = make_user("Ada")
    make_user("Bob")
    Profile.create(user=ada, bio="Countess")

    first, second = User.query().order_by(User.id).include(User.profile).get()

    assert first.profile is not None
    assert first.profile.bio == "Countess"
    assert second.profile is None


def test_has_one_through_follows_the_path() -> None:
    ada = make_user("Ada")
    make_user("Bob")
    profile = Profile.create(user=ada)
    Address.create(profile=profile, street="Dorset Street 1", city="London", country="GB")

    first, second = User.query().order_by(User.id).include(User.address).get()

    assert first.address is not None
    assert first.address.city == "London"
    assert second.address is None


def test_morph_one_gives_only_the_row_of_its_own_kind() -> None:
    ada = make_user("Ada")
    post = make_post(ada)
    Image.create(url="user.png", imageable=ada)
    Image.create(url="post.png", imageable=post)

    user = User.query().include(User.image).first_or_fail()
    found = Post.query().include(Post.image).first_or_fail()

    assert (user.image and user.image.url, found.image and found.image.url) == ("user.png", "post.png")


# --- to many ---------------------------------------------------------------------------------------------------------


def test_has_many_gives_a_collection_for_each_parent(sent: Sent) -> None:
    ada, bob = make_user("Ada"), make_user("Bob")
    for title in ("A", "B", "C"):
        make_post(ada, title)
    sent.clear()

    users = User.query().order_by(User.id).include(User.posts, Post.query().order_by(Post.title.desc())).get()

    assert [[post.title for post in user.posts] for user in users] == [["C", "B", "A"], []]
    assert users[1] == bob
    assert len(sent) == 2


def test_an_include_is_narrowed_by_its_query() -> None:
    ada = make_user("Ada")
    make_post(ada, "A", published=True)
    make_post(ada, "B")

    user = User.query().include(User.posts, Post.query().published()).first_or_fail()

    assert [post.title for post in user.posts] == ["A"]


def test_includes_nest_with_one_statement_a_level(sent: Sent) -> None:
    ada = make_user("Ada")
    for title in ("A", "B"):
        Comment.create(body=f"on {title}", author=ada, commentable=make_post(ada, title))
    sent.clear()

    nested = Post.query().order_by(Post.id).include(Post.comments, Comment.query().include(Comment.author))
    users = User.query().include(User.posts, nested).get()

    assert [comment.body for post in users[0].posts for comment in post.comments] == ["on A", "on B"]
    assert {comment.author for post in users[0].posts for comment in post.comments} == {ada}
    assert len(sent) == 4


def test_several_includes_of_one_query_take_one_statement_each(sent: Sent) -> None:
    make_post(make_user("Ada"))
    sent.clear()

    user = User.query().include(User.posts).include(User.roles).include(User.manager).first_or_fail()

    assert (len(user.posts), len(user.roles), user.manager) == (1, 0, None)
    assert len(sent) == 3  # nobody has a manager, so nothing is asked for


def test_a_self_relation_loads_both_ways() -> None:
    boss = make_user("Boss")
    make_user("Ada", manager=boss)

    found = User.query().where(User.id == boss.id).include(User.reports, User.query().include(User.manager))

    assert [report.manager for report in found.first_or_fail().reports] == [boss]


def test_a_tree_is_walked_by_nesting() -> None:
    root = Department.create(name="Shop")
    child = Department.create(name="Books", parent=root)
    Department.create(name="Poetry", parent=child)

    nested = Department.query().include(Department.children)
    top = Department.query().where(Department.parent_id == None).include(Department.children, nested)  # noqa: E711

    assert [leaf.name for leaf in top.first_or_fail().children[0].children] == ["Poetry"]


def test_belongs_to_many_goes_by_the_pivot(sent: Sent) -> None:
    ada, bob = make_user("Ada"), make_user("Bob")
    admin, editor = Role.create(name="admin"), Role.create(name="editor")
    for user, role in ((ada, admin), (ada, editor), (bob, editor)):
        link("role_user", user_id=user.id, role_id=role.id)
    sent.clear()

    users = User.query().order_by(User.id).include(User.roles, Role.query().order_by(Role.name)).get()
    roles = Role.query().order_by(Role.name).include(Role.users, User.query().order_by(User.id)).get()

    assert [[role.name for role in user.roles] for user in users] == [["admin", "editor"], ["editor"]]
    assert [[user.name for user in role.users] for role in roles] == [["Ada"], ["Ada", "Bob"]]
    assert len(sent) == 4


def test_has_many_through_collects_over_the_path() -> None:
    ada = make_user("Ada")
    bob = make_user("Bob")
    for title in ("A", "B"):
        Comment.create(body=f"on {title}", commentable=make_post(ada, title))

    users = User.query().order_by(User.id).include(User.received_comments, Comment.query().order_by(Comment.id)).get()

    assert [[comment.body for comment in user.received_comments] for user in users] == [["on A", "on B"], []]
    assert users[1] == bob


def test_morph_many_and_morph_to_lead_to_each_other(sent: Sent) -> None:
    ada = make_user("Ada")
    post = make_post(ada)
    video = Video.create(title="Film", url="film.mp4", seconds=3.5)
    Comment.create(body="first", commentable=post)
    Comment.create(body="second", commentable=video)
    sent.clear()

    comments = Comment.query().order_by(Comment.id).include(Comment.commentable).get()

    assert [comment.commentable for comment in comments] == [post, video]
    assert len(sent) == 3
    posts = Post.query().include(Post.comments).get()
    assert [comment.body for comment in posts[0].comments] == ["first"]


def test_a_nullable_morph_to_may_lead_nowhere() -> None:
    Image.create(url="stray.png")

    assert Image.query().include(Image.imageable).first_or_fail().imageable is None


def test_an_alias_that_the_morph_map_does_not_know_is_an_error() -> None:
    Comment.create(body="first", commentable=make_post(make_user("Ada")))
    quoted = db.connection().dialect.quoted
    db.connection().execute(f"UPDATE {quoted('comments')} SET {quoted('commentable_type')} = 'podcast'")

    with pytest.raises(UnknownMorphType) as caught:
        Comment.query().include(Comment.commentable).get()

    assert (caught.value.table, caught.value.column, caught.value.alias) == ("comments", "commentable_type", "podcast")


def test_morph_to_many_and_morphed_by_many_share_a_pivot() -> None:
    post = make_post(make_user("Ada"))
    video = Video.create(title="Film", url="film.mp4", seconds=3.5)
    red, blue = Tag.create(name="red"), Tag.create(name="blue")
    for tag, alias, key in ((red, "post", post.id), (blue, "post", post.id), (red, "clip", video.id)):
        link("taggables", tag_id=tag.id, taggable_type=alias, taggable_id=key)

    tagged = Post.query().include(Post.tags, Tag.query().order_by(Tag.name)).first_or_fail()
    tags = Tag.query().order_by(Tag.name).include(Tag.posts).include(Tag.videos).get()

    assert [tag.name for tag in tagged.tags] == ["blue", "red"]
    assert [(list(tag.posts), list(tag.videos)) for tag in tags] == [([post], []), ([post], [video])]


def test_composite_keys_find_their_rows() -> None:
    customer = make_user("Ada")
    pen = Item.create(code=uuid.uuid4(), name="Pen", price=Decimal("1.50"))
    ink = Item.create(code=uuid.uuid4(), name="Ink", price=Decimal("3.25"))
    order = Order.create(number="1", customer=customer)
    lines = [OrderLine.create(order=order, item=item, unit_price=item.price) for item in (pen, ink)]
    Refund.create(line=lines[1], amount=Decimal("3.25"))

    found = OrderLine.query().order_by(OrderLine.item_id).include(OrderLine.refunds).get()
    refund = Refund.query().include(Refund.line).first_or_fail()
    ordered = Order.query().include(Order.items, Item.query().order_by(Item.name)).first_or_fail()

    assert [[refund.amount for refund in line.refunds] for line in found] == [[], [Decimal("3.25")]]
    assert refund.line == lines[1]
    assert [item.name for item in ordered.items] == ["Ink", "Pen"]


def test_thousands_of_parents_still_take_one_statement(sent: Sent) -> None:
    ada = make_user("Ada")
    posts = Post.insert_many([{"title": f"{number}", "body": "", "author_id": ada.id} for number in range(2_500)])
    Comment.create(body="last", commentable=posts[-1])
    sent.clear()

    found = Post.query().order_by(Post.id).include(Post.comments).get()

    assert [len(post.comments) for post in found] == [0] * 2_499 + [1]
    assert len(sent) == 2


# --- what is not loaded, and what is wrong -------------------------------------------------------------------------------


@pytest.mark.feature("relations.not_loaded")
def test_reading_an_unloaded_relation_says_what_to_include() -> None:
    user = make_user("Ada")

    with pytest.raises(RelationNotLoaded) as caught:
        getattr(user, "posts")  # noqa: B009 - checkers refuse to read it

    assert str(caught.value) == "User.posts is not loaded (add .include(User.posts) to the query)"
    assert not isinstance(caught.value, AttributeError)
    with pytest.raises(RelationNotLoaded):
        hasattr(user, "posts")


@pytest.mark.feature("relations.not_loaded")
def test_copying_pickling_and_dir_leave_unloaded_relations_alone(sent: Sent) -> None:
    user = make_user("Ada")
    sent.clear()

    for twin in (copy.copy(user), copy.deepcopy(user), pickle.loads(pickle.dumps(user))):
        assert twin == user
    assert "posts" in dir(user)
    assert len(sent) == 0


def test_refreshing_drops_loaded_relations() -> None:
    make_post(make_user("Ada"))
    user = User.query().include(User.posts).first_or_fail()

    user.refresh()

    with pytest.raises(RelationNotLoaded):
        getattr(user, "posts")  # noqa: B009 - checkers think that it is loaded


def test_a_related_object_given_at_creation_is_there() -> None:
    ada = make_user("Ada")
    post = make_post(ada)

    assert getattr(post, "author") is ada  # noqa: B009 - checkers cannot know


def test_a_relation_of_another_model_is_refused() -> None:
    with pytest.raises(InvalidQuery, match=r"Post\.author is no relation of User"):
        User.query().include(Post.author)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(InvalidQuery, match=r"User\.posts leads to Post, the query is for User"):
        User.query().include(User.posts, User.query())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(InvalidValue, match=r"include\(\)"):
        User.query().include(User.name)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]


def test_a_limit_for_each_parent_is_refused_until_it_exists() -> None:
    with pytest.raises(InvalidQuery, match="a limit per parent is not supported yet"):
        User.query().include(User.posts, Post.query().limit(5))
