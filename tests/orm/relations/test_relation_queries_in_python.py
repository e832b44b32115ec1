"""Queries over relations say what plain Python says of the same rows: random worlds of the showcase, on each database."""

import operator
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generated import Comment, Post, Role, User, Video, db
from tests.support.showcase import Tables

pytestmark = pytest.mark.feature("relations.has", "relations.where_has", "relations.expressions")

Pairs = list[tuple[int, int]]


@dataclass
class World:
    """Rows by number; numbers of other rows stand for their keys.

    Attributes:
        people: manager and age of each.
        posts: author and views of each.
        videos: owner of each.
        comments: what each is on ("post" or "clip", and the number), and its author.
        follows: who follows whom.
        roles: level of each.
        granted: who has which role.
    """

    people: list[tuple[int | None, int | None]]
    posts: list[tuple[int, int]]
    videos: list[int | None]
    comments: list[tuple[tuple[str, int], int | None]]
    follows: Pairs
    roles: list[int]
    granted: Pairs


@st.composite
def worlds(draw: st.DrawFn) -> World:
    size = draw(st.integers(1, 5))
    person = st.integers(0, size - 1)
    people = [
        (draw(st.none() | st.integers(0, number - 1)) if number else None, draw(st.none() | st.integers(0, 3)))
        for number in range(size)
    ]
    posts = draw(st.lists(st.tuples(person, st.integers(0, 3)), max_size=6))
    videos = draw(st.lists(st.none() | person, max_size=3))
    targets = [("post", number) for number in range(len(posts))] + [("clip", number) for number in range(len(videos))]
    comments = draw(st.lists(st.tuples(st.sampled_from(targets), st.none() | person), max_size=6)) if targets else []
    follows = draw(st.lists(st.tuples(person, person), max_size=8, unique=True))
    roles = draw(st.lists(st.integers(1, 3), max_size=3))
    granted = (
        draw(st.lists(st.tuples(person, st.integers(0, len(roles) - 1)), max_size=6, unique=True)) if roles else []
    )
    return World(people, posts, videos, comments, follows, roles, granted)


def fill(tables: Tables, world: World) -> None:
    """Make the rows; the key of a row is its number and one."""
    tables.empty()

    def key(number: int | None) -> int | None:
        return None if number is None else number + 1

    for number, (manager, age) in enumerate(world.people):
        User.create(
            id=number + 1, name="x", email=f"{number}", password="x", age=age, active=False, manager_id=key(manager)
        )
    Post.insert_many(
        {"id": number + 1, "title": "x", "body": "x", "author_id": author + 1, "views": views}
        for number, (author, views) in enumerate(world.posts)
    )
    Video.insert_many(
        {"id": number + 1, "title": "x", "url": "x", "seconds": 1.0, "owner_id": key(owner)}
        for number, owner in enumerate(world.videos)
    )
    for number, ((alias, target), author) in enumerate(world.comments):
        on = Post.find_or_fail(target + 1) if alias == "post" else Video.find_or_fail(target + 1)
        Comment.create(id=number + 1, body="x", commentable=on, author_id=key(author))
    Role.insert_many(
        {"id": number + 1, "name": str(number), "level": level} for number, level in enumerate(world.roles)
    )
    for one, other in world.follows:
        db.execute("INSERT INTO follows (follower_id, followed_id) VALUES (?, ?)", one + 1, other + 1)
    for person, role in world.granted:
        db.execute("INSERT INTO role_user (user_id, role_id) VALUES (?, ?)", person + 1, role + 1)


@dataclass
class Way:
    """A relation of User, and what it leads to in Python.

    Attributes:
        relation: the relation, or a path.
        column: a column of what it leads to.
        related: from a world and the number of a person to the values of the column in the related rows.
        last: likewise, but one list for each row before the last relation, as a count on a path sees them.
    """

    relation: Callable[[], Any]
    column: Callable[[], Any]
    related: Callable[[World, int], list[int | None]]
    last: Callable[[World, int], list[list[int | None]]] | None = None

    def groups(self, world: World, person: int) -> list[list[int | None]]:
        """What a count counts: each of these by itself."""
        return [self.related(world, person)] if self.last is None else self.last(world, person)


def _ages(world: World, people: Sequence[int]) -> list[int | None]:
    return [world.people[number][1] for number in people]


def _following(world: World, person: int) -> list[int]:
    return [other for one, other in world.follows if one == person]


def _reports(world: World, person: int) -> list[int]:
    return [number for number, (manager, _) in enumerate(world.people) if manager == person]


def _views(world: World, person: int) -> list[int | None]:
    return [views for author, views in world.posts if author == person]


def _comments_of(world: World, alias: str, number: int) -> list[int | None]:
    return [key + 1 for key, (on, _) in enumerate(world.comments) if on == (alias, number)]


def _commented(world: World, person: int) -> list[list[int | None]]:
    return [_comments_of(world, "post", number) for number, (author, _) in enumerate(world.posts) if author == person]


def _flat(lists: Sequence[list[int | None]]) -> list[int | None]:
    return [item for items in lists for item in items]


WAYS = {
    "has_many": Way(lambda: User.posts, lambda: Post.views, _views),
    "belongs_to, self": Way(
        lambda: User.manager,
        lambda: User.age,
        lambda world, person: _ages(world, [number for number in [world.people[person][0]] if number is not None]),
    ),
    "has_many, self": Way(
        lambda: User.reports, lambda: User.age, lambda world, person: _ages(world, _reports(world, person))
    ),
    "belongs_to_many": Way(
        lambda: User.roles,
        lambda: Role.level,
        lambda world, person: [world.roles[role] for one, role in world.granted if one == person],
    ),
    "belongs_to_many, self": Way(
        lambda: User.following, lambda: User.age, lambda world, person: _ages(world, _following(world, person))
    ),
    "has_many_through": Way(
        lambda: User.received_comments, lambda: Comment.id, lambda world, person: _flat(_commented(world, person))
    ),
    "path": Way(
        lambda: User.posts.comments,
        lambda: Comment.id,
        lambda world, person: _flat(_commented(world, person)),
        _commented,
    ),
    "path, self": Way(
        lambda: User.following.following,
        lambda: User.age,
        lambda world, person: _flat([_ages(world, _following(world, other)) for other in _following(world, person)]),
        lambda world, person: [_ages(world, _following(world, other)) for other in _following(world, person)],
    ),
    "path, self and on": Way(
        lambda: User.reports.posts,
        lambda: Post.views,
        lambda world, person: _flat([_views(world, other) for other in _reports(world, person)]),
        lambda world, person: [_views(world, other) for other in _reports(world, person)],
    ),
    "path over morphs": Way(
        lambda: User.videos.comments,
        lambda: Comment.id,
        lambda world, person: _flat(
            [_comments_of(world, "clip", number) for number, owner in enumerate(world.videos) if owner == person]
        ),
        lambda world, person: [
            _comments_of(world, "clip", number) for number, owner in enumerate(world.videos) if owner == person
        ],
    ),
}

OPERATORS: dict[str, Callable[[int, int], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@given(world=worlds(), sign=st.sampled_from(list(OPERATORS)), count=st.integers(0, 3), least=st.integers(0, 3))
@settings(
    max_examples=int(os.environ.get("ISOMORPH_EXAMPLES", "20")),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_as_in_python(showcase_tables: Tables, dialect: str, world: World, sign: Any, count: int, least: int) -> None:
    fill(showcase_tables, world)
    numbers = range(len(world.people))
    fits = OPERATORS[sign]

    def people(query: Any) -> list[int]:
        return sorted(key - 1 for key in query.pluck(User.id))

    for name, way in WAYS.items():
        relation, column = way.relation(), way.column()
        groups = {number: way.groups(world, number) for number in numbers}
        found = {number: way.related(world, number) for number in numbers}
        chosen = {
            number: [value for value in found[number] if value is not None and value >= least] for number in numbers
        }

        assert people(User.query().has(relation)) == [number for number in numbers if found[number]], name
        assert people(User.query().doesnt_have(relation)) == [number for number in numbers if not found[number]], name
        assert people(User.query().has(relation, sign, count)) == [
            number for number in numbers if any(fits(len(group), count) for group in groups[number])
        ], name
        assert people(User.query().where_has(relation, column >= least)) == [
            number for number in numbers if chosen[number]
        ], name
        assert people(User.query().where_doesnt_have(relation, column >= least)) == [
            number for number in numbers if not chosen[number]
        ], name
        assert people(User.query().where_has(relation, column >= least, operator=sign, count=count)) == [
            number
            for number in numbers
            if any(
                fits(len([value for value in group if value is not None and value >= least]), count)
                for group in groups[number]
            )
        ], name
        rows = (
            User.query()
            .order_by(User.id)
            .select(relation.count(), relation.count(column >= least), relation.sum(column), relation.max(column))
            .get()
        )
        for number, row in zip(numbers, rows, strict=True):
            known = [value for value in found[number] if value is not None]
            assert row == (
                len(found[number]),
                len(chosen[number]),
                sum(known) if known else None,
                max(known, default=None),
            ), name
    for user, number in zip(User.query().with_count(User.posts).order_by(User.id).get(), numbers, strict=True):
        assert user.count_of(User.posts) == len(_views(world, number))
    assert sorted(
        key - 1
        for key in Comment.query().where_has_morph(Comment.commentable, Post, Post.views >= least).pluck(Comment.id)
    ) == [
        number
        for number, ((alias, target), _) in enumerate(world.comments)
        if alias == "post" and world.posts[target][1] >= least
    ]
