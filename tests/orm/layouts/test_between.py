"""Polymorphic relations with a table between: the same in all layouts."""

import datetime as dt
from typing import Any

import pytest

from isomorph.errors import ForeignKeyViolation, InvalidValue, NotSaved, UniqueViolation, UnknownField
from isomorph.orm.related import Synced
from tests.support.layouts import World

pytestmark = pytest.mark.feature("relations.layouts", "relations.attach", "relations.sync", "relations.pivot_rows")


@pytest.fixture
def tags(world: World) -> list[Any]:
    """The tags red, green and blue, and a post tagged with all three, so that nothing leaks from one row to another."""
    made = list(world.Tag.insert_many({"name": name} for name in ("red", "green", "blue")))
    world.three.related.tags.attach(made, {"weight": 33})
    world.sent.clear()
    return made


def weights(item: Any) -> dict[str, int]:
    """The tags of an object, with their weights."""
    return {tag.name: tag.pivot.weight for tag in item.related.tags.get()}


# --- without a model -------------------------------------------------------------------------------------------------------


def test_attach_and_detach(world: World, tags: list[Any]) -> None:
    red, green, blue = tags
    world.one.related.tags.attach(red)
    assert len(world.sent) == 1
    world.film.related.tags.attach([red, green.id], {"weight": 7})
    world.two.related.tags.attach({blue.id: {"weight": 9, "remark": "sky"}, red.id: {}})
    assert weights(world.one) == {"red": 1}
    assert weights(world.film) == {"red": 7, "green": 7}
    assert weights(world.two) == {"blue": 9, "red": 1}
    assert world.film.related.tags.detach(red) == 1
    assert world.film.related.tags.detach(red) == 0
    assert world.two.related.tags.detach() == 2
    assert (weights(world.film), weights(world.two)) == ({"green": 7}, {})
    assert (weights(world.one), len(weights(world.three))) == ({"red": 1}, 3)


def test_from_the_other_side(world: World, tags: list[Any]) -> None:
    red, green, _ = tags
    red.related.videos.attach(world.film, {"weight": 4})
    red.related.posts.attach([world.one, world.two.id])
    assert weights(world.film) == {"red": 4}
    assert sorted(post.title for post in red.related.posts.get()) == ["one", "three", "two"]
    assert [video.pivot.weight for video in red.related.videos.get()] == [4]
    assert red.related.posts.sync([world.two]) == Synced((), (world.one.id, world.three.id))
    assert (weights(world.one), weights(world.two), weights(world.film)) == ({}, {"red": 1}, {"red": 4})
    assert green.related.posts.toggle([world.three, world.one]) == Synced((world.one.id,), (world.three.id,))
    assert sorted(weights(world.three)) == ["blue"]
    assert red.related.plain_posts.count() == 0


def test_nothing_of_one_member_happens_to_another(world: World, tags: list[Any]) -> None:
    red = tags[0]
    red.related.posts.attach([world.one, world.two])
    red.related.videos.attach([world.film, world.clip])
    tag = world.Tag
    rows = (
        tag.query()
        .left_join(tag.videos)
        .order_by(tag.id, world.Video.id)
        .select(tag.name, world.Video.title.optional())
        .get()
    )
    assert rows == [("red", "film"), ("red", "clip"), ("green", None), ("blue", None)]
    assert tag.query().has(tag.videos, ">", 1).pluck(tag.name) == ["red"]
    assert tag.query().doesnt_have(tag.videos).order_by(tag.id).pluck(tag.name) == ["green", "blue"]
    assert red.related.videos.detach() == 2
    assert (red.related.posts.count(), red.related.videos.count()) == (3, 0)
    red.related.videos.attach(world.film)
    assert red.related.posts.sync_with_pivot_values([world.one], {"weight": 6}).detached == (
        world.two.id,
        world.three.id,
    )
    assert (weights(world.one), weights(world.film)) == ({"red": 6}, {"red": 1})
    assert red.related.posts.sync([]) == Synced((), (world.one.id,))
    assert weights(world.film) == {"red": 1}


def test_sync_and_toggle(world: World, tags: list[Any]) -> None:
    red, green, blue = tags
    world.one.related.tags.attach([red, green])
    world.film.related.tags.attach([red])
    world.sent.clear()
    assert world.one.related.tags.sync([green, blue]) == Synced((blue.id,), (red.id,))
    assert len(world.sent) == 3
    found = world.one.related.tags.sync({green.id: {"weight": 5}, blue.id: {}})
    assert found == Synced((), (), (green.id,))
    assert weights(world.one) == {"green": 5, "blue": 1}
    assert world.one.related.tags.sync_without_detaching([red]) == Synced((red.id,))
    assert world.one.related.tags.sync_with_pivot_values([red, blue], {"weight": 8}) == Synced(
        (), (green.id,), (red.id, blue.id)
    )
    assert weights(world.one) == {"red": 8, "blue": 8}
    assert world.one.related.tags.toggle([red, green]) == Synced((green.id,), (red.id,))
    assert weights(world.one) == {"blue": 8, "green": 1}
    assert world.one.related.tags.sync([]) == Synced((), (green.id, blue.id))
    assert (weights(world.film), len(weights(world.three))) == ({"red": 1}, 3)


def test_columns_and_times(world: World, tags: list[Any]) -> None:
    red, green, _ = tags
    before = dt.datetime.now(dt.UTC)
    world.film.related.tags.attach([red, green])
    first = world.film.related.tags.where(world.Tag.name == "red").first_or_fail().pivot
    assert before <= first.created_at == first.updated_at
    assert (first.weight, first.remark) == (1, None)
    world.sent.clear()
    assert world.film.related.tags.update_existing_pivot(red, {"weight": 3, "remark": "r"}) == 1
    assert len(world.sent) == 1
    assert world.film.related.tags.update_existing_pivot(tags[2], {"weight": 3}) == 0
    later = world.film.related.tags.where(world.Tag.name == "red").first_or_fail().pivot
    assert (later.weight, later.remark, later.created_at) == (3, "r", first.created_at)
    assert later.updated_at > first.updated_at
    pivot = world.Video.tags.pivot
    assert [tag.name for tag in world.film.related.tags.where(pivot.weight > 2).get()] == ["red"]
    assert [tag.name for tag in world.film.related.tags.query().order_by(pivot.weight).get()] == ["green", "red"]
    heavy = world.Video.query().where_has(world.Video.tags, pivot.weight == 3)
    assert list(heavy.get()) == [world.film]
    assert {tag.name: tag.pivot.weight for tag in world.three.related.tags.get()} == dict.fromkeys(
        weights(world.three), 33
    )
    with pytest.raises(UnknownField):
        world.film.related.tags.attach(red, {"wieght": 3})


def test_what_is_refused(world: World, tags: list[Any]) -> None:
    red, green, _ = tags
    world.one.related.tags.attach(red)
    with pytest.raises(UniqueViolation) as caught:
        world.one.related.tags.attach([green, red])
    assert (caught.value.table, caught.value.relation) == ("taggables", "Post.tags")
    assert weights(world.one) == {"red": 1}
    with pytest.raises(ForeignKeyViolation, match=r"Post\.tags") as missing:
        world.one.related.tags.attach(999_999)
    assert missing.value.relation == "Post.tags"
    with pytest.raises(ForeignKeyViolation, match=r"Tag\.videos"):
        green.related.videos.attach([world.film.id, 999_999])
    assert green.related.videos.count() == 0
    with pytest.raises(InvalidValue):
        world.one.related.tags.attach(world.two)
    with pytest.raises(NotSaved):
        world.one.related.tags.attach(world.Tag(name="new"))
    assert weights(world.one) == {"red": 1}


def test_a_pivot_without_columns(world: World, tags: list[Any]) -> None:
    world.one.related.plain_tags.attach(tags[:2])
    with pytest.raises(UniqueViolation):
        world.one.related.plain_tags.attach(tags[1])
    assert world.one.related.plain_tags.sync(tags[1:]) == Synced((tags[2].id,), (tags[0].id,))
    assert world.one.related.plain_tags.count() == 2
    assert list(tags[1].related.plain_posts.get()) == [world.one]
    assert world.film.related.plain_tags.count() == 0
    found = world.Post.query().include(world.Post.plain_tags).order_by(world.Post.id).get()
    assert [len(post.plain_tags) for post in found] == [2, 0, 0]


def test_include_load_and_count(world: World, tags: list[Any]) -> None:
    red, green, _ = tags
    world.one.related.tags.attach(red)
    world.film.related.tags.attach([red, green], {"weight": 2})
    world.sent.clear()
    post, video, tag = world.Post, world.Video, world.Tag
    posts = (
        post.query().include(post.tags, tag.query().order_by(post.tags.pivot.weight, tag.name)).order_by(post.id).get()
    )
    assert [[item.name for item in one.tags] for one in posts] == [["red"], [], ["blue", "green", "red"]]
    videos = video.query().include(video.tags).order_by(video.id).get()
    assert [{item.name: item.pivot.weight for item in one.tags} for one in videos] == [{"red": 2, "green": 2}, {}]
    assert len(world.sent) == 4
    back = tag.query().include(tag.posts).include(tag.videos).order_by(tag.id).get()
    assert [([p.title for p in one.posts], [v.title for v in one.videos]) for one in back][1:] == [
        (["three"], ["film"]),
        (["three"], []),
    ]
    counted = tag.query().with_count(tag.posts).with_count(tag.videos).order_by(tag.id).get()
    assert [(one.count_of(tag.posts), one.count_of(tag.videos)) for one in counted] == [(2, 1), (1, 1), (1, 0)]
    limited = post.query().include(post.tags, tag.query().order_by(tag.name).limit(2)).order_by(post.id).get()
    assert [[item.name for item in one.tags] for one in limited] == [["red"], [], ["blue", "green"]]
    assert list(world.film.load(video.tags).tags.pluck(tag.name)) in (["red", "green"], ["green", "red"])


def test_rows_between_go_with_a_tag(world: World, tags: list[Any]) -> None:
    world.film.related.tags.attach(tags)
    tags[0].delete()
    assert sorted(weights(world.film)) == ["blue", "green"]


# --- with a model ----------------------------------------------------------------------------------------------------------


def test_a_pivot_with_a_model(world: World) -> None:
    hot, cold = world.Label.create(name="hot"), world.Label.create(name="cold")
    world.sent.clear()
    world.one.related.labels.attach(hot)
    world.film.related.labels.attach([hot, cold], {"strength": 8})
    hot.related.videos.attach(world.clip, {"strength": 1})
    assert {label.name: label.pivot.strength for label in world.film.related.labels.get()} == {"hot": 8, "cold": 8}
    assert isinstance(world.film.related.labels.query().first_or_fail().pivot, world.Labeling)
    labelings = world.Labeling.query().include(world.Labeling.labelable).order_by(world.Labeling.id).get()
    assert [item.labelable for item in labelings] == [world.one, world.film, world.film, world.clip]
    with pytest.raises(UniqueViolation):
        world.one.related.labels.attach(hot)
    assert world.film.related.labels.sync([cold]) == Synced((), (hot.id,))
    assert hot.related.videos.toggle([world.film, world.clip]) == Synced((world.film.id,), (world.clip.id,))
    assert sorted(video.title for video in hot.related.videos.get()) == ["film"]
    assert [post.pivot.strength for post in hot.related.posts.get()] == [5]
    assert world.film.related.labels.update_existing_pivot(cold, {"strength": 2}) == 1
    with pytest.raises(ForeignKeyViolation):
        world.one.related.labels.attach(999_999)
    with pytest.raises(ForeignKeyViolation):
        hot.related.posts.attach(999_999)
    made = world.Labeling.create(label=cold, labelable=world.two)
    assert list(world.two.related.labels.get()) == [cold]
    made.related.labelable.associate(world.clip)
    assert (world.two.related.labels.count(), list(world.clip.related.labels.get())) == (0, [cold])


def test_statements_of_a_pivot_with_a_model(world: World) -> None:
    labels = world.Label.insert_many({"name": f"l{number}"} for number in range(30))
    world.sent.clear()
    world.film.related.labels.attach(labels)
    attached = len(world.sent)
    world.film.related.labels.detach(labels)
    assert (attached, len(world.sent)) == (3, 5)
    found = world.film.load(world.Video.labels)
    assert len(found.labels) == 0
