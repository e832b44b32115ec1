"""Arcs as objects meet them: members with keys of several types, and errors that name model and relation on every database."""

import datetime as dt
import pickle
from decimal import Decimal
from typing import Any

import pytest

from isomorph.errors import ForeignKeyViolation, InvalidValue, UniqueViolation
from isomorph.orm.related import Synced
from tests.support.fields import Package

pytestmark = pytest.mark.feature("relations.integrity_arc")


def model_of(item: Any) -> Any:
    """The class of an object."""
    return item.__class__


@pytest.fixture
def members(arcs: Package) -> list[Any]:
    """A post, a video and a page: keys that are a number, a uuid and a text."""
    return [
        arcs.Post.create(title="post"),
        arcs.Video.create(title="video"),
        arcs.Page.create(path="/page", title="page"),
    ]


def test_members_with_keys_of_several_types(arcs: Package, members: list[Any]) -> None:
    comment = arcs.Comment
    made = [comment.create(commentable=member) for member in members]
    made += [member.related.comments.create(body="b") for member in members]
    found = comment.query().include(comment.commentable).order_by(comment.id).get()
    assert [item.commentable for item in found] == members * 2
    assert [item.related.commentable.get() for item in made] == members * 2
    for member in members:
        assert comment.query().where(comment.commentable.is_(member)).count() == 2
        assert comment.query().where(comment.commentable.is_not(member)).count() == 4
        assert comment.query().where(comment.commentable.is_type(model_of(member))).count() == 2
        assert (
            comment.query()
            .where_has_morph(comment.commentable, model_of(member), model_of(member).title != "x")
            .count()
            == 2
        )
        assert len(member.load(model_of(member).comments).comments) == 2
        assert member.related.comments.where(comment.body == "b").count() == 1
        assert model_of(member).query().has(model_of(member).comments, "=", 2).count() == 1
    for target in reversed(members):
        made[0].related.commentable.associate(target)
        assert comment.find_or_fail(made[0].id).related.commentable.get() == target


def test_members_with_keys_of_other_types(arcs: Package, members: list[Any]) -> None:
    rare = [
        arcs.Blob.create(digest=bytes(range(16))),
        arcs.Shade.create(mood=arcs.Mood.IT_S),
        arcs.Day.create(day=dt.date(2026, 2, 28)),
        arcs.Price.create(amount=Decimal("12.50")),
    ]
    everything = [*members, *rare]
    comment = arcs.Comment
    made = comment.insert_many({"commentable": member, "body": "x"} for member in everything)
    found = comment.query().include(comment.commentable).order_by(comment.id).get()
    assert [item.commentable for item in found] == everything
    assert [pickle.loads(pickle.dumps(item)).commentable for item in found] == everything
    for member, one in zip(everything, made, strict=True):
        assert list(comment.query().where(comment.commentable.is_(member)).get()) == [one]
        assert list(member.load(model_of(member).comments).comments) == [one]
        assert one.related.commentable.get() == member
        other = member.related.comments.update_or_create({"body": "x"}, {"body": "y"})
        assert other == one
    made[0].related.commentable.associate(rare[3])
    assert comment.query().where(~comment.commentable.is_type(arcs.Price)).count() == 5
    for member in rare:
        member.delete()
    assert comment.query().count() == 2


def test_pivots_between_keys_of_several_types(arcs: Package, members: list[Any]) -> None:
    news, old = arcs.Tag.create(name="news"), arcs.Tag.create(name="old")
    for member in members:
        member.related.tags.attach([news, old])
        member.related.labels.attach(arcs.Label.create(name=member.title))
        with pytest.raises(UniqueViolation):
            member.related.tags.attach(news)
        assert member.related.tags.sync([old]) == Synced((), (news.id,))
    assert [list(getattr(old.related, name).get()) for name in ("posts", "videos", "pages")] == [[m] for m in members]
    page = members[2]
    assert news.related.pages.toggle(["/page"]) == Synced(("/page",), ())
    assert list(news.related.pages.get()) == [page]
    found = arcs.Labeling.query().include(arcs.Labeling.labelable).order_by(arcs.Labeling.id).get()
    assert [item.labelable for item in found] == members


def test_attaching_what_is_not_there(arcs: Package, members: list[Any]) -> None:
    news, label = arcs.Tag.create(name="news"), arcs.Label.create(name="hot")
    for relation, key, name in (
        (members[1].related.tags, 999_999, "Video.tags"),
        (news.related.posts, 999_999, "Tag.posts"),
        (news.related.pages, "/nowhere", "Tag.pages"),
        (members[0].related.labels, 999_999, "Post.labels"),
        (label.related.posts, 999_999, "Label.posts"),
    ):
        with pytest.raises(ForeignKeyViolation) as caught:
            relation.attach(key)
        assert caught.value.relation == name
        assert relation.count() == 0
    with pytest.raises(InvalidValue):
        news.related.videos.attach("no uuid")


def test_pointing_to_what_has_gone(arcs: Package, members: list[Any]) -> None:
    for member in members:
        model_of(member).query().delete(all_rows=True)
        with pytest.raises(ForeignKeyViolation, match=r"relation Comment\.commentable") as caught:
            arcs.Comment.create(commentable=member)
        assert caught.value.relation == "Comment.commentable"
        with pytest.raises(ForeignKeyViolation) as caught:
            member.related.comments.create()
        assert caught.value.relation == "Comment.commentable"


def test_a_delete_that_is_refused_names_the_relation(arcs: Package, members: list[Any]) -> None:
    for member in members:
        arcs.Comment.create(commentable=member)
        lock = arcs.Lock.create(lockable=member)
        with pytest.raises(ForeignKeyViolation, match=r"relation Lock\.lockable") as caught:
            member.delete()
        assert caught.value.relation == "Lock.lockable"
        lock.delete()
        seal = arcs.Seal.create(sealable=member)
        with pytest.raises(ForeignKeyViolation, match=r"relation Seal\.sealable"):
            member.delete()
        assert model_of(member).query().count() == 1
        seal.related.sealable.dissociate()
        assert member.delete()
    assert arcs.Comment.query().count() == 0


def test_a_second_one_is_refused_by_the_unique(arcs: Package, members: list[Any]) -> None:
    locks = [arcs.Lock.create(lockable=member) for member in members]
    for member in members:
        with pytest.raises(UniqueViolation) as caught:
            arcs.Lock.create(lockable=member)
        assert (caught.value.model, caught.value.fields) == ("Lock", ("lockable",))
        assert "Lock(lockable)" in str(caught.value)
    with pytest.raises(UniqueViolation):
        locks[0].related.lockable.associate(members[1])
    assert locks[0].related.lockable.get() == members[0]


def test_inside_a_transaction_nothing_half_done_stays(arcs: Package, members: list[Any]) -> None:
    arcs.Comment.create(commentable=members[0])
    arcs.Lock.create(lockable=members[0])
    with arcs.db.transaction():
        with pytest.raises(ForeignKeyViolation), arcs.db.transaction():
            members[0].delete()
        arcs.Tag.create(name="news")
    assert (arcs.Post.query().count(), arcs.Comment.query().count(), arcs.Tag.query().count()) == (1, 1, 1)


def test_the_catalog_says_what_is_kept(arcs: Package, letting_go_package: Package) -> None:
    def kept(package: Package, model: str, relation: str) -> tuple[str, str, str | None]:
        morph = package.db.catalog.model(model).relation(relation).morph
        return morph.integrity.value, morph.on_delete.value, morph.type_column

    assert kept(arcs, "Comment", "commentable") == kept(arcs, "Post", "comments") == ("arc", "cascade", None)
    assert kept(arcs, "Lock", "lockable") == ("arc", "restrict", None)
    assert kept(arcs, "Seal", "sealable") == ("arc", "no action", None)
    assert kept(arcs, "Post", "tags") == kept(arcs, "Tag", "posts") == ("arc", "cascade", None)
    assert kept(letting_go_package, "Note", "notable") == ("arc", "set null", None)
    members = arcs.db.catalog.model("Comment").relation("commentable").morph.members
    assert [(member.alias, member.model) for member in members] == [
        ("post", "Post"),
        ("video", "Video"),
        ("page", "Page"),
        ("blob", "Blob"),
        ("shade", "Shade"),
        ("day", "Day"),
        ("price", "Price"),
    ]
