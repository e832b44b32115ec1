"""Arcs whose rows let go of what is deleted: `on_delete = "set null"`, which MySQL and MariaDB have not for an arc."""

import pytest

from tests.support.fields import Package

pytestmark = pytest.mark.feature("relations.integrity_arc")


def test_rows_let_go_of_what_is_deleted_by_whomever(letting_go: Package) -> None:
    post, video = letting_go.Post.create(), letting_go.Video.create()
    on_post, on_video = letting_go.Note.create(notable=post), letting_go.Note.create(notable=video)
    pin = letting_go.Pin.create(pinned=post)
    letting_go.db.execute("DELETE FROM posts")
    assert on_post.refresh().related.notable.get() is None
    assert pin.refresh().related.pinned.get() is None
    assert on_video.refresh().related.notable.get() == video
    video.delete()
    assert on_video.refresh().related.notable.get() is None
    assert letting_go.Note.query().doesnt_have(letting_go.Note.notable).count() == 2


def test_what_let_go_points_again(letting_go: Package) -> None:
    post, video = letting_go.Post.create(), letting_go.Video.create()
    note = letting_go.Note.create(notable=post)
    post.delete()
    note.refresh().related.notable.associate(video)
    assert note.refresh().related.notable.get() == video
    note.related.notable.dissociate()
    assert letting_go.db.execute("SELECT notable_post_id, notable_video_id FROM notes") == [(None, None)]
