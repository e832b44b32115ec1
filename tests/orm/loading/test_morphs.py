"""morph_to: a statement for each member, a query for each, and what stands in the database that nobody expects."""

from typing import Any

import pytest

from generated import Comment, Image, Post, User, Video, db
from isomorph.errors import RelationNotLoaded, UnknownMorphType
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("relations.morph_members")]


@pytest.fixture
def comments(showcase: str) -> list[Comment]:
    """One on each of two posts, one of which is published, and one on a video."""
    ada = make_user()
    clip = Video.create(title="Film", url="u", seconds=1.0, owner=ada)
    targets: list[Post | Video] = [make_post(ada, "One", published=True), make_post(ada, "Two"), clip]
    return list(Comment.insert_many({"body": target.title, "commentable": target} for target in targets))


def loaded(*queries: Any) -> list[Any]:
    query: Any = Comment.query().include(Comment.commentable, *queries).order_by(Comment.id)
    return [comment.commentable for comment in query.get()]


def test_a_query_for_each_member(comments: list[Comment], sent: Sent) -> None:
    published = Post.query().where(Post.published.is_true()).include(Post.author)
    one, two, film = loaded(published, Video.query().include(Video.owner, User.query().include(User.posts)))

    # comments; posts, authors; videos, owners, posts of these
    assert len(sent) == 6
    assert (one.title, one.author.name, two) == ("One", "Ada", None)
    assert [post.title for post in film.owner.posts.sort_by(Post.title)] == ["One", "Two"]


def test_members_without_a_query_are_not_loaded_where_another_has_one(comments: list[Comment], sent: Sent) -> None:
    assert [None if item is None else item.title for item in loaded(Post.query())] == ["One", "Two", None]
    assert len(sent) == 2
    sent.clear()
    assert [None if item is None else item.title for item in loaded(Video.query().only(Video.title))] == [
        None,
        None,
        "Film",
    ]
    assert len(sent) == 2


def test_what_is_included_of_one_member_is_not_of_another(comments: list[Comment]) -> None:
    one, _, film = loaded(Post.query().include(Post.image), Video.query())

    assert one.image is None
    with pytest.raises(
        RelationNotLoaded, match=r"Video.owner is not loaded \(add .include\(Video.owner\) to the query"
    ):
        _ = film.owner


def test_an_unknown_alias_is_refused_whichever_members_are_loaded(comments: list[Comment]) -> None:
    db.execute("UPDATE comments SET commentable_type = 'vdeo' WHERE body = ?", "Film")

    for queries in ((), (Post.query(),), (Video.query(),)):
        with pytest.raises(UnknownMorphType) as caught:
            loaded(*queries)
        assert str(caught.value) == (
            'comments.commentable_type holds the unknown alias "vdeo" (known: post, clip; add it to [morph_map])'
        )
    for comment in Comment.query().where(Comment.body == "Film").get():
        with pytest.raises(UnknownMorphType):
            comment.load(Comment.commentable)


def test_half_a_morph_leads_nowhere(sent: Sent) -> None:
    ada = make_user()
    for url, alias, id_ in (("none", None, None), ("id only", None, ada.id), ("type only", "user", None)):
        db.execute("INSERT INTO images (url, imageable_type, imageable_id) VALUES (?, ?, ?)", url, alias, id_)
    sent.clear()

    found = Image.query().include(Image.imageable).get()

    assert [image.imageable for image in found] == [None, None, None]
    assert len(sent) == 1


def test_the_same_key_of_two_members_is_two_objects(sent: Sent) -> None:
    ada = make_user()
    clip = Video.create(title="Film", url="u", seconds=1.0)
    post = Post.create(id=clip.id, author=ada, title="Notes", body="")
    Comment.insert_many({"body": "c", "commentable": target} for target in (clip, post))

    assert loaded() == [clip, post]
