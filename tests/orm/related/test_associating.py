"""associate and dissociate: relations whose key is in the object's own table."""

import pytest

from generated import Comment, Image, OrderLine, Post, Refund, User
from isomorph.errors import ForeignKeyViolation, InvalidQuery, InvalidValue, NotSaved, RelationNotLoaded
from tests.support.related_rows import Related, make_related
from tests.support.showcase import Sent, make_user
from tests.support.untyped import untyped

pytestmark = pytest.mark.feature("relations.associate")


@pytest.fixture
def world(showcase: str) -> Related:
    return make_related()


def test_associate_sets_the_key_and_saves(world: Related, sent: Sent) -> None:
    assert world.essay.related.author.associate(world.ada) is world.ada

    assert len(sent) == 1
    assert Post.find_or_fail(world.essay.id).author_id == world.ada.id
    assert untyped(world.essay).author is world.ada
    sent.clear()
    world.essay.related.author.associate(world.ada)
    assert len(sent) == 0


def test_associate_saves_what_else_has_changed(world: Related, sent: Sent) -> None:
    world.essay.title = "Other"
    world.essay.related.author.associate(world.ada)

    assert len(sent) == 1
    assert Post.find_or_fail(world.essay.id).title == "Other"


def test_dissociate_takes_the_key_away(world: Related, sent: Sent) -> None:
    dan = User.query().where(User.name == "Dan").include(User.manager).first_or_fail()
    sent.clear()
    dan.related.manager.dissociate()

    assert (len(sent), dan.manager_id) == (1, None)
    assert User.find_or_fail(dan.id).manager_id is None
    with pytest.raises(RelationNotLoaded):
        _ = dan.manager
    with pytest.raises(InvalidQuery, match=r"Post\.related\.author\.dissociate\(\): the relation is required"):
        world.notes.related.author.dissociate()


def test_morph_to(world: Related, sent: Sent) -> None:
    comment = world.notes.related.comments.where(Comment.body == "second").first_or_fail()
    sent.clear()
    comment.related.commentable.associate(world.clip)

    assert len(sent) == 1
    assert Comment.find_or_fail(comment.id).related.commentable.get() == world.clip
    with pytest.raises(InvalidQuery, match="required"):
        comment.related.commentable.dissociate()
    image = world.ada.related.image.get()
    assert image is not None
    image.related.imageable.dissociate()
    assert Image.find_or_fail(image.id).related.imageable.get() is None
    image.related.imageable.associate(world.bob)
    assert world.bob.related.image.get() == image


def test_a_composite_key(world: Related) -> None:
    refund = Refund.query().where(Refund.amount > 1).first_or_fail()
    line = OrderLine.query().first_or_fail()
    order = world.bob.related.orders.get().first_or_fail()
    other = order.related.lines.create(item_id=line.item_id, unit_price=line.unit_price)
    refund.related.line.associate(other)

    found = Refund.find_or_fail(refund.id)
    assert (found.line_order_id, found.line_item_id) == (order.id, line.item_id)


def test_wrong_objects_are_refused(world: Related, sent: Sent) -> None:
    comment = Comment(body="x", commentable=world.notes)
    for wrong in (world.clip, world.ada.id, None):
        with pytest.raises(InvalidValue, match=r"Post\.related\.author\.associate\(\): expected a"):
            untyped(world.essay.related.author).associate(wrong)
    with pytest.raises(NotSaved, match="this User has no row"):
        world.essay.related.author.associate(User(name="Eve", email="e@x.y", password="x"))
    with pytest.raises(NotSaved, match=r"Comment\.related\.author\.associate"):
        comment.related.author.associate(world.ada)
    with pytest.raises(NotSaved):
        comment.related.commentable.dissociate()
    image = Image.query().first_or_fail()
    sent.clear()
    for thing in (world.clip, None, 1):
        with pytest.raises(InvalidValue, match="expected a"):
            untyped(image.related.imageable).associate(thing)
    assert len(sent) == 0
    assert world.essay.author_id == world.bob.id


@pytest.mark.feature("relations.bad_writes")
def test_an_object_whose_row_is_gone(world: Related) -> None:
    gone = make_user("Gone")
    User.query().where(User.id == gone.id).delete()

    with pytest.raises(ForeignKeyViolation, match=r"relation Post\.author") as caught:
        world.essay.related.author.associate(gone)
    assert caught.value.relation == "Post.author"
    assert world.essay.author_id == world.bob.id
    assert not world.essay.is_dirty()
