"""Limit and offset of an include count for each object by itself."""

import datetime as dt
from typing import Any

import pytest

from generated import Comment, Post, Role, Tag, User, Video, db
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("relations.include_limit")]


@pytest.fixture
def authors(showcase: str) -> list[User]:
    """Three people with 3, 1 and no posts, whose views rise with the number in their titles."""
    users = [make_user(name) for name in ("Ada", "Bob", "Cid")]
    for user, number in zip(users, (3, 1, 0), strict=True):
        for count in range(1, number + 1):
            make_post(user, f"{user.name} {count}", views=count)
    return users


def titles(query: Any) -> list[list[str]]:
    found = User.query().include(User.posts, query).order_by(User.name).get()
    return [[post.title for post in user.posts] for user in found]


def test_each_has_the_first_of_its_own(authors: list[User], sent: Sent) -> None:
    ordered = Post.query().order_by(Post.views.desc())

    assert titles(ordered.limit(2)) == [["Ada 3", "Ada 2"], ["Bob 1"], []]
    assert len(sent) == 2
    assert titles(ordered.limit(1).offset(1)) == [["Ada 2"], [], []]
    assert titles(ordered.offset(1)) == [["Ada 2", "Ada 1"], [], []]
    assert titles(ordered.limit(0)) == [[], [], []]


def test_without_an_order_the_key_says_which_are_the_first(authors: list[User]) -> None:
    assert titles(Post.query().limit(1)) == [["Ada 1"], ["Bob 1"], []]
    assert titles(Post.query().order_by(Post.published).limit(2)) == [["Ada 1", "Ada 2"], ["Bob 1"], []]


def test_conditions_joins_chosen_fields_and_amounts_go_with_a_limit(authors: list[User]) -> None:
    posts = Post.query().where(Post.views < 3).order_by(Post.views.desc())
    assert titles(posts.limit(1)) == [["Ada 2"], ["Bob 1"], []]
    joined = Post.query().join(Post.author).where(User.name == "Ada").order_by(Post.title.desc())
    assert titles(joined.limit(1)) == [["Ada 3"], [], []]
    found = (
        User.query()
        .include(User.posts, Post.query().only(Post.title).with_count(Post.comments).order_by(Post.title).limit(1))
        .order_by(User.name)
        .get()
    )
    assert [[(post.title, post.count_of(Post.comments)) for post in user.posts] for user in found] == [
        [("Ada 1", 0)],
        [("Bob 1", 0)],
        [],
    ]


def test_what_is_limited_may_include_further(authors: list[User], sent: Sent) -> None:
    for post in Post.all():
        for number in range(3):
            post_comment(post, f"{number}")
    sent.clear()

    comments = Comment.query().order_by(Comment.body.desc()).limit(2)
    query = Post.query().order_by(Post.views.desc()).limit(2).include(Post.comments, comments)
    found = User.query().include(User.posts, query).order_by(User.name).get()

    assert len(sent) == 3
    assert [[[comment.body for comment in post.comments] for post in user.posts] for user in found] == [
        [["2", "1"], ["2", "1"]],
        [["2", "1"]],
        [],
    ]


def post_comment(post: Post, body: str) -> Comment:
    return Comment.create(body=body, commentable=post)


def test_members_over_a_table_between(authors: list[User]) -> None:
    roles = Role.insert_many({"name": name} for name in ("a", "b", "c"))
    for user in authors[:2]:
        for role in roles:
            db.execute("INSERT INTO role_user (role_id, user_id) VALUES (?, ?)", role.id, user.id)

    query = Role.query().order_by(Role.name.desc()).limit(2)
    found = User.query().include(User.roles, query).order_by(User.name).get()

    assert [[role.name for role in user.roles] for user in found] == [["c", "b"], ["c", "b"], []]


def test_members_of_a_morph_over_a_table_between(authors: list[User]) -> None:
    tags = Tag.insert_many({"name": name} for name in ("x", "y"))
    clip = Video.create(title="Film", url="u", seconds=1.0)
    post = Post.query().order_by(Post.title).first_or_fail()
    for tag in tags:
        for alias, id_ in (("post", post.id), ("clip", clip.id)):
            db.execute(
                "INSERT INTO taggables (tag_id, taggable_type, taggable_id) VALUES (?, ?, ?)", tag.id, alias, id_
            )

    found = Post.query().include(Post.tags, Tag.query().order_by(Tag.name).limit(1)).order_by(Post.title).get()
    assert [[tag.name for tag in item.tags] for item in found] == [["x"], [], [], []]
    films = Tag.query().include(Tag.videos, Video.query().limit(1)).get()
    assert [[video.title for video in tag.videos] for tag in films] == [["Film"], ["Film"]]


def test_what_is_reached_through_other_rows(authors: list[User]) -> None:
    for post in Post.all():
        for number in range(2):
            post_comment(post, f"{post.title}.{number}")

    query = Comment.query().order_by(Comment.body).limit(3)
    found = User.query().include(User.received_comments, query).order_by(User.name).get()

    assert [[comment.body for comment in user.received_comments] for user in found] == [
        ["Ada 1.0", "Ada 1.1", "Ada 2.0"],
        ["Bob 1.0", "Bob 1.1"],
        [],
    ]


def test_a_limit_of_one_for_a_relation_to_one_takes_nothing_away(authors: list[User]) -> None:
    found = Post.query().include(Post.author, User.query().limit(1)).order_by(Post.title).get()

    assert [post.author.name for post in found] == ["Ada", "Ada", "Ada", "Bob"]


def test_distinct_merges_the_members_of_each(authors: list[User]) -> None:
    ada, bob, _ = authors
    for post in Post.all():
        post_comment(post, "one")
        post_comment(post, "two")
    joined = Post.query().join(Post.comments)

    assert [len(found) for found in titles(joined)] == [6, 2, 0]
    assert [sorted(found) for found in titles(joined.distinct())] == [["Ada 1", "Ada 2", "Ada 3"], ["Bob 1"], []]
    assert ada.created_at <= bob.created_at <= dt.datetime.now(dt.UTC)
