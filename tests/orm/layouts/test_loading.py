"""Loading polymorphic relations: the same objects and as many statements in all layouts."""

from typing import Any

import pytest

from isomorph.errors import InvalidQuery, NotSaved, RelationNotLoaded
from tests.support.layouts import World

pytestmark = [pytest.mark.feature("relations.layouts", "relations.include", "relations.load")]


@pytest.fixture(autouse=True)
def _talk(world: World) -> None:
    world.talk()


def on(world: World, *queries: Any) -> list[Any]:
    """What the comments lead to, in the order of their keys."""
    query = world.Comment.query().include(world.Comment.commentable, *queries).order_by(world.Comment.id)
    return [comment.commentable for comment in query.get()]


# --- include ---------------------------------------------------------------------------------------------------------------


def test_include_of_one_of_several_models(world: World) -> None:
    found = on(world)
    c = world.Comment.query().where(world.Comment.body == "c").first_or_fail()
    assert found == [world.one, world.one, world.one, world.two, world.film, c]
    assert found[0] is found[1] is found[2]
    assert len(world.sent) == 5  # comments; posts, videos, comments of these; and c


def test_include_with_a_query_for_each_member(world: World) -> None:
    post, comment = world.Post, world.Comment
    found = on(world, post.query().where(post.rank > 1).include(post.author), world.Video.query())
    assert found == [None, None, None, world.two, world.film, None]
    assert found[3].author == world.ada
    assert len(world.sent) == 4
    nested = comment.query().include(comment.commentable, post.query().include(post.tags))
    *_, last = on(world, nested)
    assert [item if item is None else item.body for item in (last,)] == ["c"]
    assert last.commentable == world.one
    assert len(last.commentable.tags) == 0
    chosen = on(world, post.query().only(post.title), world.Video.query().only(world.Video.rank))
    assert [chosen[0].title, chosen[4].rank] == ["one", 7]


def test_include_from_the_members_side(world: World) -> None:
    post, comment = world.Post, world.Comment
    by_votes = comment.query().order_by(comment.votes.desc())
    found = post.query().include(post.comments, by_votes).order_by(post.id).get()
    assert [[item.body for item in item.comments] for item in found] == [["b", "c", "a"], ["a"], []]
    assert len(world.sent) == 2
    world.sent.clear()
    limited = post.query().include(post.comments, by_votes.limit(1).offset(1)).order_by(post.id).get()
    assert [[item.body for item in item.comments] for item in limited] == [["c"], [], []]
    assert len(world.sent) == 2
    deep = post.query().include(post.comments, comment.query().include(comment.comments)).order_by(post.id).get()
    answers = {item.body: [answer.body for answer in item.comments] for one in deep for item in one.comments}
    assert answers == {"a": [], "b": [], "c": ["x"]}
    back = post.query().include(post.comments, comment.query().include(comment.commentable)).order_by(post.id).get()
    assert [item.commentable for one in back for item in one.comments] == [world.one] * 3 + [world.two]


def test_include_of_chosen_columns(world: World) -> None:
    post, comment = world.Post, world.Comment
    found = post.query().include(post.comments, comment.query().only(comment.votes)).order_by(post.id).get()
    assert [sorted(item.votes for item in one.comments) for one in found] == [[1, 3, 5], [2], []]
    parts = comment.query().only(comment.body).include(comment.commentable).order_by(comment.id).get()
    assert [(item.body, item.commentable) for item in parts][3:5] == [("a", world.two), ("a", world.film)]
    counting = comment.query().with_count(comment.comments)
    counted = post.query().include(post.comments, counting).where(post.id == world.one.id).first_or_fail()
    assert {item.body: item.count_of(comment.comments) for item in counted.comments} == {"a": 0, "b": 0, "c": 1}
    liked = (
        post.query().include(post.comments, comment.query().liked().where(comment.votes < 4)).order_by(post.id).get()
    )
    assert [sorted(item.body for item in one.comments) for one in liked] == [["a", "c"], ["a"], []]


def test_one_of_many_and_a_default(world: World) -> None:
    post, video = world.Post, world.Video
    world.Note.create(notable=world.one, text="n")
    world.sent.clear()
    found = post.query().include(post.latest_comment).include(post.note).order_by(post.id).get()
    assert [item.latest_comment and item.latest_comment.body for item in found] == ["b", "a", None]
    assert [(item.note.text, item.note.exists) for item in found] == [("n", True), ("none", False), ("none", False)]
    assert len(world.sent) == 3
    stand_in = video.query().include(video.note).order_by(video.id).first_or_fail().note
    stand_in.text = "made"
    stand_in.save()
    assert world.film.related.note.get() == stand_in
    assert stand_in.related.notable.get() == world.film


def test_through_polymorphic_relations(world: World) -> None:
    author, post = world.Author, world.Post
    tag = world.Tag.create(name="t")
    world.two.related.tags.attach(tag)
    world.film.related.tags.attach(tag)
    world.sent.clear()
    found = author.query().include(author.comments_on_posts).include(author.tags_of_posts).order_by(author.id).get()
    assert [sorted(item.body for item in one.comments_on_posts) for one in found] == [["a", "a", "b", "c"], []]
    assert [list(one.tags_of_posts) for one in found] == [[tag], []]
    assert len(world.sent) == 3
    replies = post.query().include(post.replies).order_by(post.id).get()
    assert [[item.body for item in one.replies] for one in replies] == [["x"], [], []]
    tagged = world.Tag.query().include(world.Tag.comments_on_posts).with_count(world.Tag.comments_on_posts).get()
    assert [(list(one.comments_on_posts), one.count_of(world.Tag.comments_on_posts)) for one in tagged] == [
        (list(world.two.related.comments.get()), 1)
    ]


def test_nothing_and_many(world: World) -> None:
    world.Note.create(text="of nothing")
    world.Note.insert_many({"notable": on} for on in (world.one, world.film, None))
    world.sent.clear()
    found = world.Note.query().include(world.Note.notable).order_by(world.Note.id).get()
    assert [item.notable for item in found] == [None, world.one, world.film, None]
    assert len(world.sent) == 3
    posts = world.Post.insert_many({"title": f"p{number}"} for number in range(1200))
    world.Comment.insert_many({"commentable": post, "body": "many"} for post in posts)
    world.sent.clear()
    many = world.Comment.query().where(world.Comment.body == "many").include(world.Comment.commentable).get()
    assert sorted(comment.commentable.id for comment in many) == sorted(post.id for post in posts)
    assert len(world.sent) == 2
    world.sent.clear()
    there = world.Post.query().include(world.Post.comments).get()
    assert sum(len(post.comments) for post in there) == 1204
    assert len(world.sent) == 2


# --- load ------------------------------------------------------------------------------------------------------------------


def test_load_of_objects_and_collections(world: World) -> None:
    comment = world.Comment
    some = comment.query().order_by(comment.id).get()
    world.sent.clear()
    assert [item.commentable for item in some.load(comment.commentable)][2:5] == [world.one, world.two, world.film]
    assert len(world.sent) == 3
    some.load_missing(comment.commentable)
    assert len(world.sent) == 3
    one = comment.query().where(comment.votes == 4).first_or_fail()
    with pytest.raises(RelationNotLoaded, match="commentable"):
        _ = one.commentable
    assert one.load(comment.commentable).commentable == world.film
    assert one.load(comment.commentable, world.Post.query()).commentable is None
    posts = world.Post.query().order_by(world.Post.id).get().load(world.Post.comments)
    assert [len(post.comments) for post in posts] == [3, 1, 0]
    counted = posts.load_count(world.Post.comments, world.Post.tags)
    assert [post.count_of(world.Post.comments) for post in counted] == [3, 1, 0]
    film = world.film.load(world.Video.latest_comment).load_count(world.Video.comments)
    assert (film.latest_comment.votes, film.count_of(world.Video.comments)) == (4, 1)


def test_load_missing_where_some_have_it(world: World) -> None:
    comment = world.Comment
    some = comment.query().order_by(comment.id).get()
    some[0].load(comment.commentable)
    world.sent.clear()
    assert [item.commentable for item in some.load_missing(comment.commentable)][:2] == [world.one, world.one]
    assert len(world.sent) == 3


def test_load_of_what_has_no_row(world: World) -> None:
    with pytest.raises(NotSaved):
        world.Comment(commentable=world.one, body="new").load(world.Comment.comments)
    query: Any = world.Comment.query()
    with pytest.raises(InvalidQuery, match="leads to Post or Video or Comment, the query is for Tag"):
        query.include(world.Comment.commentable, world.Tag.query())


# --- streams, chunks, pages -------------------------------------------------------------------------------------------------


def test_streams_chunks_and_pages(world: World) -> None:
    comment = world.Comment
    query = comment.query().include(comment.commentable).order_by(comment.id)
    whole = [item.commentable for item in query.get()]
    streamed = comment.query().order_by(comment.id).cursor(size=2)
    assert [item.load(comment.commentable).commentable for item in list(streamed)] == whole
    assert [
        item.commentable for part in comment.query().include(comment.commentable).chunk(4) for item in part
    ] == whole
    assert [item.commentable for item in comment.query().include(comment.commentable).lazy(2)] == whole
    assert [item.commentable for item in query.paginate(2, 4).items] == whole[4:]
    first = query.cursor_paginate(4)
    assert [item.commentable for item in query.cursor_paginate(4, first.next_cursor).items] == whole[4:]


def test_parts_that_lack_the_relation(world: World) -> None:
    comment = world.Comment
    part = comment.query().only(comment.body).where(comment.votes == 4).first_or_fail()
    with pytest.raises(RelationNotLoaded):
        _ = part.commentable
    assert part.related.commentable.get() == world.film
