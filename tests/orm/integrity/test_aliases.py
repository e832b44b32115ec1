"""What a type column holds: any text is an alias, and goes through every statement as it is."""

import pytest

from isomorph.errors import UnknownMorphType
from tests.support.fields import Package
from tests.support.guarded import ALIAS

pytestmark = pytest.mark.feature("relations.morph_aliases")


def test_any_text_is_an_alias(guarded: Package) -> None:
    p = guarded
    film, other = p.Video.create(title="film"), p.Video.create(title="other")
    post = p.Post.create(title="post")
    comment = p.Comment.create(commentable=film)
    film.related.comments.create()
    film.related.tags.attach(p.Tag.create(name="news"))
    p.Comment.create(commentable=post)
    assert p.db.execute("SELECT commentable_type FROM comments ORDER BY id") == [(ALIAS,), (ALIAS,), ("post",)]
    assert p.db.execute("SELECT taggable_type FROM taggables") == [(ALIAS,)]
    loaded = p.Comment.query().include(p.Comment.commentable).order_by(p.Comment.id).get()
    assert [found.commentable for found in loaded] == [film, film, post]
    assert len(p.Video.query().include(p.Video.comments).where(p.Video.id == film.id).first_or_fail().comments) == 2
    assert p.Comment.query().where(p.Comment.commentable.is_(film)).count() == 2
    assert p.Comment.query().where(p.Comment.commentable.is_type(p.Video)).count() == 2
    assert p.Comment.query().where_has_morph(p.Comment.commentable, [p.Video], p.Video.title == "film").count() == 2
    assert list(p.Video.query().has(p.Video.comments).get()) == [film]
    assert (
        p.Video.query().with_count(p.Video.tags).where(p.Video.id == film.id).first_or_fail().count_of(p.Video.tags)
        == 1
    )
    comment.related.commentable.associate(other)
    comment.save()
    other.delete()
    assert p.Comment.query().count() == 2
    film.delete()
    assert (p.Comment.query().count(), p.db.execute("SELECT * FROM taggables")) == (1, [])


def test_an_alias_that_nobody_has_is_told_where_nothing_keeps_it_out(guarded: Package) -> None:
    p = guarded
    p.db.execute("INSERT INTO frees (id, thing_type, thing_id) VALUES (1, ?, 1)", "App\\Models\\Gone")
    with pytest.raises(UnknownMorphType) as caught:
        p.Free.query().include(p.Free.thing).get()
    error = caught.value
    assert "frees" in str(error)
    assert "thing_type" in str(error)
    assert "App\\Models\\Gone" in str(error)
