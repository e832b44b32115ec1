"""Loading relations of objects that are there already."""

import copy
import pickle
from typing import Any, cast
from unittest.mock import Mock, create_autospec

import pytest

from generated import Comment, Department, Post, Role, Tag, User, Video, db
from isomorph import Collection
from isomorph.errors import AmountNotLoaded, InvalidQuery, InvalidValue, NotSaved, RelationNotLoaded
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("relations.load")]


@pytest.fixture
def users(showcase: str) -> list[User]:
    """Ada with two posts, one of them commented on, and Bob, whom she manages, with none."""
    ada = make_user()
    bob = make_user("Bob", manager=ada)
    one = make_post(ada, "One")
    make_post(ada, "Two")
    Comment.create(body="c", commentable=one, author=bob)
    return [ada, bob]


def test_one_object_loads(users: list[User], sent: Sent) -> None:
    ada = User.find_or_fail(users[0].id)
    sent.clear()

    loaded = ada.load(User.posts, Post.query().order_by(Post.title.desc()).include(Post.comments))

    assert len(sent) == 2
    assert loaded is ada
    assert [(post.title, len(post.comments)) for post in loaded.posts] == [("Two", 0), ("One", 1)]
    assert loaded.load(User.manager).manager is None
    again = loaded.load(User.posts, Post.query().limit(1).order_by(Post.title))
    assert [post.title for post in again.posts] == ["One"]


def test_a_collection_loads_for_all(users: list[User], sent: Sent) -> None:
    found = User.query().order_by(User.name).get()
    sent.clear()

    loaded = found.load(User.posts).load(User.manager, User.query().include(User.roles))

    assert len(sent) == 3
    assert loaded is found
    assert [len(user.posts) for user in loaded] == [2, 0]
    assert [None if user.manager is None else len(user.manager.roles) for user in loaded] == [None, 0]
    assert User.query().where(User.name == "Nobody").get().load(User.posts).is_empty()
    assert len(sent) == 4


def test_members_of_a_morph_load(users: list[User]) -> None:
    clip = Video.create(title="Film", url="u", seconds=1.0)
    Comment.create(body="v", commentable=clip)

    found = Comment.query().order_by(Comment.body).get().load(Comment.commentable, Post.query(), Video.query())

    assert [type(comment.commentable) for comment in found] == [Post, Video]
    some = Comment.query().order_by(Comment.body).get().load(Comment.commentable, Video.query())
    assert [comment.commentable for comment in some] == [None, clip]


def test_only_what_is_missing_is_loaded(users: list[User], sent: Sent) -> None:
    found = User.query().order_by(User.name).get()
    ada, _ = found
    ada.load(User.posts, Post.query().where(Post.title == "One"))
    sent.clear()

    loaded = found.load_missing(User.posts)

    assert [[post.title for post in user.posts] for user in loaded] == [["One"], []]
    assert len(sent) == 1
    loaded.load_missing(User.posts)
    assert len(sent) == 1


def test_what_is_missing_of_what_is_loaded_is_loaded_too(users: list[User], sent: Sent) -> None:
    found = User.query().include(User.posts).order_by(User.name).get()
    sent.clear()

    deeper = Post.query().include(Post.comments, Comment.query().include(Comment.author)).include(Post.image)
    loaded = found.load_missing(User.posts, deeper)

    # comments, their authors, images: the posts are there
    assert len(sent) == 3
    bodies = {post.title: [(c.body, c.author and c.author.name) for c in post.comments] for post in loaded[0].posts}
    assert bodies == {"One": [("c", "Bob")], "Two": []}
    found.load_missing(User.posts, deeper)
    assert len(sent) == 3
    one = loaded[0].load_missing(User.posts, Post.query().include(Post.tags))
    assert [list(post.tags) for post in one.posts] == [[], []]
    assert len(sent) == 4


def test_missing_members_of_a_morph(users: list[User], sent: Sent) -> None:
    clip = Video.create(title="Film", url="u", seconds=1.0, owner=users[0])
    Comment.create(body="v", commentable=clip)
    found = Comment.query().include(Comment.commentable).order_by(Comment.body).get()
    sent.clear()

    loaded = found.load_missing(
        Comment.commentable, Post.query().include(Post.author), Video.query().include(Video.owner)
    )

    assert len(sent) == 2
    post, video = (comment.commentable for comment in loaded)
    assert isinstance(post, Post)
    assert isinstance(video, Video)
    assert (cast("Any", post).author, cast("Any", video).owner) == (users[0], users[0])


def test_numbers_are_counted_for_all_by_one_statement(users: list[User], sent: Sent) -> None:
    found = User.query().order_by(User.name).get()
    sent.clear()

    counted = found.load_count(User.posts, User.reports, User.roles, User.received_comments)

    assert len(sent) == 1
    assert counted is found
    assert [user.count_of(User.posts) for user in counted] == [2, 0]
    assert [user.count_of(User.reports) for user in counted] == [1, 0]
    assert [user.count_of(User.received_comments) for user in counted] == [1, 0]
    make_post(users[1])
    assert found[1].load_count(User.posts).count_of(User.posts) == 1
    with pytest.raises(AmountNotLoaded):
        found[1].count_of(User.videos)


def test_objects_in_part_load_where_they_hold_what_it_takes(users: list[User]) -> None:
    (ada, _) = User.query().only(User.name).order_by(User.name).get()

    assert len(ada.load(User.posts).posts) == 2
    assert ada.load_count(User.posts).count_of(User.posts) == 2
    assert (
        len(User.query().include(User.posts, Post.query().only(Post.title)).order_by(User.name).first_or_fail().posts)
        == 2
    )


# --- mistakes --------------------------------------------------------------------------------------------------------------


def test_what_cannot_be_loaded_is_refused(users: list[User], sent: Sent) -> None:
    sent.clear()
    fresh: Any = User(name="New", email="n", password="p")
    for method in ("load", "load_missing", "load_count"):
        with pytest.raises(NotSaved, match=f"{method}: this User has no row in the database"):
            getattr(fresh, method)(User.posts)
        with pytest.raises(NotSaved):
            getattr(Collection([users[0], fresh]), method)(User.posts)
        with pytest.raises(InvalidQuery, match=r"Post.author is no relation of User"):
            getattr(users[0], method)(Post.author)
        with pytest.raises(InvalidQuery, match=r"Post.author is no relation of User"):
            getattr(Collection(users), method)(Post.author)
        with pytest.raises(InvalidValue, match=rf"{method}\(\): expected a relation such as User.posts, got str"):
            getattr(users[0], method)("posts")
        with pytest.raises(InvalidValue, match=rf"{method}\(\): expected objects of a model, got int"):
            getattr(Collection.make([1, 2]), method)(User.posts)
        with pytest.raises(InvalidQuery, match=rf"{method}\(\) of objects of User and Department"):
            getattr(Collection([users[0], Department.create(name=method)]), method)(User.posts)
    with pytest.raises(InvalidQuery, match=r"Comment.commentable leads to several models"):
        Comment.all().load_count(Comment.commentable)
    with pytest.raises(InvalidQuery, match=r"User.posts leads to Post, the query is for Tag"):
        cast("Any", users[0]).load(User.posts, Tag.query())


# --- beside the fields -------------------------------------------------------------------------------------------------------


def test_amounts_travel_with_copies_and_pickles_and_go_at_a_refresh(users: list[User]) -> None:
    ada = users[0].load_count(User.posts)

    for twin in (copy.copy(ada), copy.deepcopy(ada), pickle.loads(pickle.dumps(ada))):
        assert twin.count_of(User.posts) == 2
        twin.load_count(User.reports)
    with pytest.raises(AmountNotLoaded):
        ada.count_of(User.reports)
    ada.refresh()
    with pytest.raises(AmountNotLoaded):
        ada.count_of(User.posts)


def test_a_refresh_drops_what_was_loaded(users: list[User]) -> None:
    ada: Any = users[0].load(User.posts)
    ada.refresh()

    with pytest.raises(RelationNotLoaded):
        _ = ada.posts


@pytest.mark.feature("relations.not_loaded")
def test_looking_an_object_over_neither_fails_nor_asks(users: list[User], sent: Sent) -> None:
    ada = User.query().include(User.posts).order_by(User.name).first_or_fail()
    sent.clear()

    assert "posts" in dir(ada)
    assert not {"manager", "roles", "pivot"} & set(dir(ada))
    for name in dir(ada):
        getattr(ada, name, None)  # slots may be unset, which is an AttributeError as on any object
    assert create_autospec(ada).name is not None
    assert Mock(spec=ada).posts is not None
    assert copy.deepcopy(ada).posts == ada.posts
    assert repr(ada).startswith("User(id=")
    assert len(sent) == 0


def test_loading_goes_on_from_role_to_role(users: list[User], sent: Sent) -> None:
    role = Role.create(name="admin")
    for user in users:
        db.execute("INSERT INTO role_user (role_id, user_id) VALUES (?, ?)", role.id, user.id)
    sent.clear()

    people = User.query().include(User.manager, User.query().include(User.reports, User.query().include(User.manager)))
    found = people.include(User.roles, Role.query().include(Role.users)).order_by(User.name).get()

    # Circles end where the queries do.
    assert len(sent) == 6
    assert [[user.name for user in found[0].roles[0].users.sort_by(User.name)]] == [["Ada", "Bob"]]
    manager = found[1].manager
    assert manager is not None
    assert [report.manager == manager for report in manager.reports] == [True]
