"""Writing by polymorphic relations: the same in all layouts."""

from typing import Any

import pytest

from isomorph.errors import InvalidQuery, InvalidValue, MissingValue, NotSaved, UniqueViolation
from tests.support.layouts import World

pytestmark = [pytest.mark.feature("relations.layouts", "relations.create", "relations.associate")]


def where_to(world: World, comment: Any) -> Any:
    """What the row of a comment points to."""
    return world.Comment.find_or_fail(comment.id).related.commentable.get()


# --- create ----------------------------------------------------------------------------------------------------------------


def test_create_by_keyword(world: World) -> None:
    made = world.Comment.create(commentable=world.film, body="a")
    assert len(world.sent) == 2  # the row, and the touch
    assert where_to(world, made) == world.film
    assert where_to(world, world.Comment.create(commentable=made, body="b")) == made
    assert world.Note.create().related.notable.get() is None
    assert world.Note.create(notable=None, text="x").related.notable.get() is None
    assert world.Note.create(notable=world.one).related.notable.get() == world.one


def test_create_refuses_what_it_does_not_lead_to(world: World) -> None:
    tag = world.Tag.create(name="t")
    world.sent.clear()
    with pytest.raises(InvalidValue, match="expected a Post or Video or Comment, got Tag"):
        world.Comment.create(commentable=tag, body="a")
    with pytest.raises(MissingValue, match="commentable"):
        world.Comment.create(commentable=None, body="a")
    with pytest.raises(InvalidValue):
        world.Comment.create(commentable=3, body="a")
    with pytest.raises(NotSaved):
        world.Comment.create(commentable=world.Post(title="new"), body="a")
    with pytest.raises(MissingValue, match="commentable"):
        world.Comment.create_from({"body": "a"})
    assert len(world.sent) == 0


def test_create_through_the_relation(world: World) -> None:
    made = world.film.related.comments.create(body="a")
    assert where_to(world, made) == world.film
    answer = made.related.comments.create(body="b")
    assert where_to(world, answer) == made
    assert world.one.related.note.create(text="n").related.notable.get() == world.one
    with pytest.raises(InvalidValue):
        world.one.related.comments.create(body="c", commentable=world.two)
    several = world.two.related.comments.create_many([{"body": body} for body in "xyz"])
    assert {where_to(world, item) for item in several} == {world.two}
    assert [world.one.related.comments.count(), world.two.related.comments.count()] == [0, 3]


def test_the_same_twice_is_refused_by_the_unique_that_names_the_relation(world: World) -> None:
    world.comment(world.one, "a")
    world.comment(world.film, "a")
    with pytest.raises(UniqueViolation) as caught:
        world.comment(world.one, "a")
    assert (caught.value.model, caught.value.fields) == ("Comment", ("commentable", "body"))
    assert "Comment(commentable, body)" in str(caught.value)
    assert world.Comment.query().count() == 2


def test_insert_many_and_upsert(world: World) -> None:
    made = world.Comment.insert_many(
        {"body": body, "commentable": on} for body, on in (("a", world.one), ("b", world.film), ("c", world.one))
    )
    assert [where_to(world, item) for item in made] == [world.one, world.film, world.one]
    rows = [
        {"id": made[0].id, "commentable": world.film, "body": "a", "votes": 4},
        {"id": made[1].id, "commentable": world.two, "body": "b", "votes": 5},
    ]
    world.Comment.upsert(rows, unique=[world.Comment.id])
    found = world.Comment.query().order_by(world.Comment.id).get()
    assert [(item.related.commentable.get(), item.votes) for item in found] == [
        (world.film, 4),
        (world.two, 5),
        (world.one, 0),
    ]


# --- save ------------------------------------------------------------------------------------------------------------------


def test_save_moves_an_object_from_one_member_to_another(world: World) -> None:
    comment = world.comment(world.one, "a")
    world.sent.clear()
    world.film.related.comments.save(comment)
    assert len(world.sent) == 3  # the row, and both that it touches
    assert where_to(world, comment) == world.film
    assert (world.one.related.comments.count(), world.film.related.comments.count()) == (0, 1)
    world.sent.clear()
    world.film.related.comments.save(comment)
    assert len(world.sent) == 0


def test_save_of_a_new_object(world: World) -> None:
    note = world.Note(text="n")
    assert world.clip.related.note.save(note) is note
    assert world.clip.related.note.get() == note
    world.two.related.note.save(note)
    assert world.clip.related.note.get() is None
    assert world.two.related.note.get() == note


def test_save_many_of_new_ones_and_of_others(world: World) -> None:
    old, moved = world.comment(world.one, "old"), world.comment(world.film, "moved")
    world.two.related.comments.save_many([moved, world.Comment(body="new", commentable=world.film), old])
    assert world.bodies(world.two.related.comments.query()) == ["moved", "new", "old"]
    with pytest.raises(UniqueViolation):
        world.one.related.comments.save_many([moved, world.Comment(body="moved", commentable=world.film)])
    assert world.bodies(world.two.related.comments.query()) == ["moved", "new", "old"]
    assert not moved.is_dirty()
    assert where_to(world, moved) == world.two


# --- associate, dissociate ---------------------------------------------------------------------------------------------------


def test_associate_and_dissociate(world: World) -> None:
    comment, note = world.comment(world.one, "a"), world.Note.create(notable=world.one)
    world.sent.clear()
    comment.related.commentable.associate(world.film)
    assert len(world.sent) == 3
    assert where_to(world, comment) == world.film
    note.related.notable.associate(world.film)
    assert note.related.notable.get() == world.film
    note.related.notable.dissociate()
    assert note.related.notable.get() is None
    assert world.film.related.note.get() is None
    with pytest.raises(InvalidQuery, match="required"):
        comment.related.commentable.dissociate()
    with pytest.raises(InvalidValue):
        comment.related.commentable.associate(world.ada)
    with pytest.raises(NotSaved):
        comment.related.commentable.associate(world.Video(title="new"))
    assert where_to(world, comment) == world.film


# --- delete ----------------------------------------------------------------------------------------------------------------


def test_delete_through_the_relation_and_of_objects(world: World) -> None:
    world.talk()
    assert world.film.related.comments.delete() == 1
    assert world.two.related.comments.where(world.Comment.votes > 2).delete() == 0
    assert world.one.related.comments.where(world.Comment.votes == 5).delete() == 1
    assert world.bodies(world.Comment.query()) == ["a", "a", "c", "x"]
    world.Comment.query().where(world.Comment.body == "x").first_or_fail().delete()
    world.two.related.comments.query().first_or_fail().delete()
    assert world.two.delete()
    assert world.bodies(world.Comment.query()) == ["a", "c"]


def test_update_and_delete_by_query(world: World) -> None:
    world.talk()
    on_posts = world.Comment.query().where(world.Comment.commentable.is_type(world.Post))
    assert on_posts.update(votes=50) == 4
    assert world.one.related.comments.query().update(votes=60) == 3
    assert world.Comment.query().where(world.Comment.votes == 60).count() == 3
    on_film = world.Comment.query().where(world.Comment.commentable.is_(world.film))
    assert on_film.delete() == 1
    on_two = world.Comment.query().where_has_morph(world.Comment.commentable, world.Post, world.Post.title == "two")
    assert on_two.delete() == 1
    assert world.bodies(world.Comment.query()) == ["a", "b", "c", "x"]


# --- first_or_create, update_or_create ---------------------------------------------------------------------------------------


def test_first_or_create_and_update_or_create_through_the_relation(world: World) -> None:
    there, other = world.comment(world.one, "a", 3), world.comment(world.film, "a", 4)
    assert world.one.related.comments.first_or_create({"body": "a"}, {"votes": 9}) == there
    assert world.film.related.comments.first_or_create({"body": "a"}) == other
    made = world.two.related.comments.first_or_create({"body": "a"}, {"votes": 9})
    assert (where_to(world, made), made.votes) == (world.two, 9)
    changed = world.film.related.comments.update_or_create({"body": "a"}, {"votes": 10})
    assert changed == other
    assert world.Comment.find_or_fail(other.id).votes == 10
    assert world.Comment.find_or_fail(there.id).votes == 3
    made = world.clip.related.comments.update_or_create({"body": "a"}, {"votes": 11})
    assert (where_to(world, made), made.votes) == (world.clip, 11)
    assert world.Comment.query().count() == 4
    assert world.one.related.note.first_or_create({}, {"text": "n"}).text == "n"
    assert world.one.related.note.update_or_create({}, {"text": "m"}).text == "m"
    assert world.Note.query().count() == 1


def test_first_or_create_of_what_points_to_an_object(world: World) -> None:
    made = world.Comment.first_or_create({"body": "a"}, {"commentable": world.film})
    assert where_to(world, made) == world.film
    assert world.Comment.first_or_create({"body": "a"}, {"commentable": world.one}) == made
    assert where_to(world, made) == world.film
    other = world.Comment.create_or_first({"body": "b"}, {"commentable": world.one})
    assert where_to(world, other) == world.one
    assert world.Comment.create_or_first({"body": "b"}, {"commentable": world.one}) == other
    with pytest.raises(MissingValue, match="commentable"):
        world.Comment.first_or_create({"body": "c"})


# --- reading through the relation --------------------------------------------------------------------------------------------


def test_find_first_count_exists(world: World) -> None:
    world.talk()
    a, on_film = world.one.related.comments.first(), world.film.related.comments.first()
    assert world.one.related.comments.find(a.id) == a
    assert world.one.related.comments.find(on_film.id) is None
    assert (world.one.related.comments.count(), world.three.related.comments.count()) == (3, 0)
    assert (world.film.related.comments.exists(), world.clip.related.comments.exists()) == (True, False)
    assert world.one.related.latest_comment.get().body == "b"
    assert world.one.related.replies.get()[0].body == "x"
    assert world.bodies(world.ada.related.comments_on_posts.query()) == ["a", "a", "b", "c"]
    assert world.bodies(world.one.related.comments.where(world.Comment.votes > 2)) == ["b", "c"]
    assert [item.related.commentable.get() for item in world.film.related.comments.get()] == [world.film]
