"""Generic code over the models of a mixin, and the catalog as what such code reads."""

from collections.abc import Sequence
from typing import get_args

import pytest

import generated
from generated import Comment, Commentable, HasComments, Post, Video, db
from isomorph.catalog import RelationKind
from tests.support.related_rows import Related, make_related
from tests.support.showcase import Sent

pytestmark = pytest.mark.feature("relations.generic")


@pytest.fixture
def world(showcase: str) -> Related:
    return make_related()


def remarks(subject: HasComments) -> list[str]:
    """What was said of anything that can be commented on."""
    return [comment.body for comment in subject.related.comments.query().order_by(Comment.id).get()]


def remark(subject: HasComments, body: str) -> Comment:
    return subject.related.comments.create(body=body)


def number(subject: HasComments) -> int:
    """How many remarks there are; counted along where the query did."""
    match subject:
        case Post():
            return subject.count_of(Post.comments)
        case Video():
            return subject.count_of(Video.comments)


def test_one_function_serves_all_models_of_a_mixin(world: Related, sent: Sent) -> None:
    subjects: Sequence[HasComments] = [world.notes, world.clip, world.draft]
    assert [remarks(subject) for subject in subjects] == [["first", "second"], ["first"], []]
    made = [remark(subject, "mine") for subject in subjects]
    assert [comment.load(Comment.commentable).commentable for comment in made] == subjects
    sent.clear()
    counted: list[HasComments] = [
        *Post.query().with_count(Post.comments).order_by(Post.id).get(),
        *Video.query().with_count(Video.comments).get(),
    ]
    assert [number(subject) for subject in counted] == [3, 1, 0, 2]
    assert len(sent) == 2


def test_the_catalog_lists_the_members_of_a_morph(world: Related) -> None:
    assert get_args(HasComments) == get_args(Commentable) == (Post, Video)
    relation = db.catalog.model("Comment").relation("commentable")
    assert relation.kind is RelationKind.MORPH_TO
    assert relation.morph is not None
    members = {member.alias: member.model for member in relation.morph.members}
    assert members == {"post": "Post", "clip": "Video"}
    # A dashboard over whatever can be commented on, which knows none of the models by name.
    found = {
        name: getattr(generated, name).query().has(getattr(generated, name).comments).count()
        for name in members.values()
    }
    assert found == {"Post": 1, "Video": 1}
    for name in members.values():
        inverse = db.catalog.model(name).relation("comments")
        assert (inverse.kind, inverse.target) == (RelationKind.MORPH_MANY, "Comment")
        assert inverse.morph is not None
        assert members[str(inverse.morph.alias)] == name
