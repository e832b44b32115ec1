"""Whatever is done to polymorphic relations, and in whatever order: all layouts give the same, by as many statements."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isomorph.errors import IsomorphError
from tests.support.layouts import World

pytestmark = pytest.mark.feature("relations.layouts")

OWNERS = ("one", "two", "three", "film", "clip")
_OWNER = st.sampled_from(OWNERS)
_POST = st.sampled_from(OWNERS[:3])
_BODY = st.sampled_from("abc")
_NUMBER = st.integers(0, 4)
_TAGS = st.lists(st.integers(0, 2), max_size=3, unique=True)
_STEPS = st.one_of(
    st.tuples(st.just("comment"), _OWNER, _BODY),
    st.tuples(st.just("match"), _OWNER, _BODY, _NUMBER),
    st.tuples(st.just("move"), _NUMBER, _OWNER),
    st.tuples(st.just("save"), _OWNER, st.lists(_NUMBER, max_size=3)),
    st.tuples(st.just("delete"), _OWNER),
    st.tuples(st.just("note"), _NUMBER, st.one_of(st.none(), _OWNER)),
    st.tuples(st.just("tag"), _OWNER, st.sampled_from(["attach", "detach", "sync", "toggle"]), _TAGS),
    st.tuples(st.just("weigh"), _OWNER, st.integers(0, 2), _NUMBER),
    st.tuples(st.just("posts"), st.integers(0, 2), st.sampled_from(["attach", "detach", "sync", "toggle"]), _POST),
    st.tuples(st.just("bare"), st.integers(0, 2), st.sampled_from(["posts", "videos"])),
    st.tuples(st.just("label"), _OWNER, st.sampled_from(["attach", "detach", "sync", "toggle"]), _TAGS),
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=st.lists(_STEPS, min_size=4, max_size=14))
def test_all_layouts_give_the_same(all_worlds: dict[str, Callable[[], World]], steps: list[Any]) -> None:
    none, triggers, arc = (_lived(made(), steps) for made in all_worlds.values())
    assert none == triggers
    assert none == arc


def _lived(world: World, steps: list[Any]) -> list[Any]:
    """What becomes of each step, with the number of its statements, and what is there in the end."""
    tags = list(world.Tag.insert_many({"name": name} for name in ("red", "green", "blue")))
    labels = list(world.Label.insert_many({"name": name} for name in ("hot", "warm", "cold")))
    for number in range(5):
        world.Note.create(text=f"n{number}")
    found: list[Any] = []
    for step in steps:
        world.sent.clear()
        try:
            result = _done(world, tags, labels, step)
        except IsomorphError as error:
            result = type(error).__name__
        found.append((step, result, len(world.sent)))
    world.sent.clear()
    return [*found, _seen(world), len(world.sent)]


def _done(world: World, tags: list[Any], labels: list[Any], step: Any) -> Any:
    comments = world.Comment.query().order_by(world.Comment.id).get()
    names = {item.id: item.name for item in (*tags, *labels)}
    match step:
        case "comment", owner, body:
            return world.comment(getattr(world, owner), body).body
        case "match", owner, body, votes:
            return getattr(world, owner).related.comments.update_or_create({"body": body}, {"votes": votes}).votes
        case "move", number, owner:
            for comment in comments[number : number + 1]:
                comment.related.commentable.associate(getattr(world, owner))
        case "save", owner, numbers:
            getattr(world, owner).related.comments.save_many([item for n in numbers for item in comments[n : n + 1]])
        case "delete", owner:
            return getattr(world, owner).related.comments.delete()
        case "note", number, owner:
            relation = world.Note.query().where(world.Note.text == f"n{number}").first_or_fail().related.notable
            relation.dissociate() if owner is None else relation.associate(getattr(world, owner))
        case ("tag" | "label") as kind, owner, method, numbers:
            of = getattr(world, owner).related
            relation, items = (of.tags, tags) if kind == "tag" else (of.labels, labels)
            return _named(getattr(relation, method)([items[number] for number in numbers]), names)
        case "weigh", owner, number, weight:
            return getattr(world, owner).related.tags.update_existing_pivot(tags[number], {"weight": weight})
        case "posts", number, method, post:
            titles = {getattr(world, name).id: name for name in OWNERS[:3]}
            return _named(getattr(tags[number].related.posts, method)([getattr(world, post)]), titles)
        case "bare", number, relation:
            return getattr(tags[number].related, relation).detach()
        case _:
            raise AssertionError(step)
    return None


def _named(result: Any, names: dict[Any, str]) -> Any:
    if result is None or isinstance(result, int):
        return result
    return [[names[key] for key in keys] for keys in (result.attached, result.detached, result.updated)]


def _seen(world: World) -> list[Any]:
    comment, note, post, video, tag = world.Comment, world.Note, world.Post, world.Video, world.Tag
    found: list[Any] = []
    loaded = comment.query().include(comment.commentable).order_by(comment.id).get()
    found.append([(item.body, item.votes, item.commentable.title) for item in loaded])
    for model in (post, video):
        whole = model.query().include(model.comments, comment.query().order_by(comment.body)).include(model.tags)
        whole = (
            whole.include(model.labels)
            .include(model.latest_comment)
            .include(model.note, note.query().order_by(note.text))
        )
        counted = whole.with_count(model.comments).with_count(model.tags).order_by(model.id).get()
        for item in counted:
            found.append(
                (item.title, [one.body for one in item.comments], item.latest_comment and item.latest_comment.votes)
            )
            found.append((item.note.text if item.note.exists else None, item.count_of(model.comments)))
            found.append(sorted((one.name, one.pivot.weight) for one in item.tags))
            found.append(sorted((one.name, one.pivot.strength) for one in item.labels))
        found.append(model.query().has(model.comments).has(model.tags, ">", 1).order_by(model.id).pluck(model.title))
        found.append(sorted(tag.query().join(tag.posts if model is post else tag.videos).pluck(tag.name)))
    on, of = comment.commentable, note.notable
    for owner in (world.one, world.film):
        found += [
            world.bodies(comment.query().where(rule)) for rule in (on.is_(owner), ~on.is_(owner), on.is_not(owner))
        ]
        for rule in (of.is_(owner), ~of.is_(owner), of.is_not(owner), ~of.is_not(owner)):
            found.append(sorted(note.query().where(rule).pluck(note.text)))
        for rule in (
            of.is_type(type(owner)),
            ~of.is_type(type(owner)),
            of.is_type(post, video),
            ~of.is_type(post, video),
        ):
            found.append(sorted(note.query().where(rule).pluck(note.text)))
        found.append(sorted(note.query().where_not_morphed_to(of, type(owner)).pluck(note.text)))
    return found
