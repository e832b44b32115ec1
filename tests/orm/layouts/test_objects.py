"""Objects with polymorphic relations, under whatever looks at them: the same in all layouts."""

import copy
import datetime as dt
import pickle
from typing import Any

import pydantic
import pytest

from isomorph.errors import FieldNotLoaded, RelationNotLoaded, UniqueViolation, UnknownField
from tests.support.layouts import World

pytestmark = pytest.mark.feature("relations.layouts", "relations.objects", "relations.touch")

OLD = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def touched(world: World) -> list[str]:
    """The titles of what was touched since this was asked last."""
    found = [item.title for model in (world.Post, world.Video) for item in model.all() if item.updated_at > OLD]
    for model in (world.Post, world.Video):
        model.query().update(updated_at=OLD, all_rows=True)
    return found


def through_pickle(item: Any) -> Any:
    """The object that comes out of a pickle."""
    return pickle.loads(pickle.dumps(item))


def test_columns_of_the_relation_are_no_fields(world: World) -> None:
    comment = world.comment(world.film, "a", 3)
    assert set(comment.to_dict()) == {"id", "body", "votes", "created_at", "updated_at"}
    world.sent.clear()
    assert [name for name in dir(world.Comment.find(comment.id)) if "commentable" in name and name[0] != "_"] == []
    assert len(world.sent) == 1
    assert "commentable" not in repr(comment)
    for name in ("commentable_id", "commentable_type", "commentable_post_id"):
        with pytest.raises(UnknownField):
            comment.get_original(name)
        with pytest.raises(UnknownField):
            comment.fill({name: 1})
        assert not hasattr(world.Comment, name)


def test_dirty_and_refresh(world: World) -> None:
    comment, note = world.comment(world.one, "a"), world.Note.create(notable=world.one)
    assert not comment.is_dirty()
    comment.body = "b"
    assert comment.get_dirty() == {"body": "b"}
    comment.related.commentable.associate(world.film)
    assert (comment.is_dirty(), comment.get_dirty()) == (False, {})
    other = world.Comment.find_or_fail(comment.id)
    assert (other.body, other.related.commentable.get()) == ("b", world.film)
    other.related.commentable.associate(world.clip)
    assert comment.related.commentable.get() == world.film  # what it knows
    assert comment.refresh().related.commentable.get() == world.clip
    note.discard_changes()
    assert note.related.notable.get() == world.one


def test_a_failed_move_leaves_the_object_as_it_was(world: World) -> None:
    moving, _ = world.comment(world.one, "a"), world.comment(world.film, "a")
    with pytest.raises(UniqueViolation):
        moving.related.commentable.associate(world.film)
    assert not moving.is_dirty()
    assert moving.related.commentable.get() == world.one
    moving.votes = 3
    moving.save()
    assert world.Comment.find_or_fail(moving.id).related.commentable.get() == world.one


def test_replicate_copy_and_pickle(world: World) -> None:
    comment = world.comment(world.film, "a", 3)
    twin = comment.replicate()
    twin.body = "b"
    twin.save()
    assert world.Comment.find_or_fail(twin.id).related.commentable.get() == world.film
    loaded = comment.load(world.Comment.commentable)
    for made in (copy.copy(loaded), copy.deepcopy(loaded), through_pickle(loaded)):
        assert made == comment
        assert made.commentable == world.film
        assert made.related.commentable.get() == world.film
        assert not made.is_dirty()
    world.sent.clear()
    other = world.Comment.find_or_fail(comment.id)
    for made in (copy.copy(other), copy.deepcopy(other), through_pickle(other)):
        with pytest.raises(RelationNotLoaded):
            _ = made.commentable
    assert len(world.sent) == 1
    fresh = through_pickle(world.Comment(commentable=world.one, body="new"))
    fresh.save()
    assert fresh.related.commentable.get() == world.one


def test_parts_of_objects(world: World) -> None:
    world.comment(world.film, "a", 3)
    comment = world.Comment
    part = comment.query().only(comment.body).first_or_fail()
    assert set(part.to_dict()) == {"id", "body", "updated_at"}
    with pytest.raises(RelationNotLoaded):
        _ = part.commentable
    with pytest.raises(FieldNotLoaded):
        _ = part.votes
    copies = copy.copy(part), through_pickle(part)
    assert [made.body for made in copies] == ["a", "a"]
    part.body = "b"
    part.save()
    assert comment.query().first_or_fail().related.commentable.get() == world.film
    part.related.commentable.associate(world.one)
    assert comment.query().first_or_fail().related.commentable.get() == world.one


def test_what_pydantic_reads(world: World) -> None:
    class Title(pydantic.BaseModel, from_attributes=True):
        title: str

    class Out(pydantic.BaseModel, from_attributes=True):
        body: str
        commentable: Title

    comment = world.comment(world.film, "a").load(world.Comment.commentable)
    assert Out.model_validate(comment).model_dump() == {"body": "a", "commentable": {"title": "film"}}
    with pytest.raises(pydantic.ValidationError):
        Out.model_validate(world.Comment.find_or_fail(comment.id))
    read = world.package.CommentRead.model_validate(comment)
    assert set(read.model_dump()) == {"id", "body", "votes", "created_at", "updated_at"}
    made = world.package.CommentCreate.model_validate({"body": "z", "votes": 4})
    assert set(made.model_dump(exclude_unset=True)) == {"body", "votes"}


def test_touching(world: World) -> None:
    touched(world)
    comment = world.comment(world.one, "a")
    assert touched(world) == ["one"]
    comment.votes = 3
    comment.save()
    assert touched(world) == ["one"]
    comment.related.commentable.associate(world.film)
    assert touched(world) == ["one", "film"]
    comment = world.Comment.find_or_fail(comment.id)
    answer = comment.related.comments.create(body="x")
    assert touched(world) == ["film"]
    answer.delete()
    touched(world)
    world.film.related.comments.update_or_create({"body": "a"}, {"votes": 8})
    assert touched(world) == ["film"]
    world.two.related.comments.save_many([comment])
    assert touched(world) == ["two", "film"]
    world.Comment.insert_many({"commentable": on, "body": "m"} for on in (world.three, world.clip))
    assert touched(world) == ["three", "clip"]
    world.clip.related.comments.delete()
    assert touched(world) == ["clip"]
    world.Comment.find_or_fail(comment.id).delete()
    assert touched(world) == ["two"]


def test_touching_by_rows_between(world: World) -> None:
    label = world.Label.create(name="hot")
    touched(world)
    world.film.related.labels.attach(label)
    assert touched(world) == ["film"]
    label.related.posts.attach([world.one, world.two])
    assert touched(world) == ["one", "two"]
    world.film.related.labels.update_existing_pivot(label, {"strength": 2})
    assert touched(world) == ["film"]
    label.related.posts.detach(world.two)
    assert touched(world) == ["two"]
    label.related.posts.detach()
    assert touched(world) == ["one"]
    world.film.related.labels.sync([])
    assert touched(world) == ["film"]


def test_moving_within_a_transaction_that_fails(world: World) -> None:
    comment = world.comment(world.one, "a")
    with pytest.raises(ZeroDivisionError), world.db.transaction():
        comment.related.commentable.associate(world.film)
        raise ZeroDivisionError
    assert world.Comment.find_or_fail(comment.id).related.commentable.get() == world.one
    assert comment.refresh().related.commentable.get() == world.one
