"""A small world of polymorphic relations in each of their layouts, generated when tests ask for it.

One schema: without integrity, with triggers, and with arcs; the same again with lazy loading. What a test sees must be the
same in all of them.

Fixtures for `conftest.py` of the folders that need them:

    from tests.support.layouts import layout, layout_url, world, world_packages, world_tables
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import pytest

from tests.support.databases import Databases
from tests.support.fields import Package, generated_package
from tests.support.showcase import Sent, Tables, recording, tables_of

__all__ = [
    "LAYOUTS",
    "World",
    "all_worlds",
    "layout",
    "layout_url",
    "lazy_world",
    "lazy_world_tables",
    "world",
    "world_packages",
    "world_tables",
]

LAYOUTS = ("none", "triggers", "arc")

_SCHEMA = """
[project]
package = "{package}"
dialects = ["sqlite", "postgresql", "mysql"]
integrity = "{layout}"
lazy_loading = "{loading}"
cursor_key = "a key of sixteen characters or more"

[connections.default]
url = "sqlite:///layouts.db"

[mixins.Marked.fields]
title = "string(50)"
rank = {{ type = "int", default = 0 }}

[mixins.Marked.relations]
comments = {{ morph_many = "Comment" }}
latest_comment = {{ morph_one = "Comment", latest_of_many = "votes" }}
note = {{ morph_one = "Note", default = {{ text = "none" }} }}
tags = {{ morph_to_many = "Tag", name = "taggable", pivot = {{ weight = {{ type = "int", default = 1 }}, remark = "string(20)?" }}, timestamps = true }}
plain_tags = {{ morph_to_many = "Tag", name = "plain" }}
labels = {{ morph_to_many = "Label", name = "labelable", model = "Labeling" }}

[models.Author.fields]
name = "string(50)"

[models.Author.relations]
posts = {{ has_many = "Post" }}
comments_on_posts = {{ has_many_through = "Comment", through = "posts" }}
tags_of_posts = {{ has_many_through = "Tag", through = "posts.tags" }}

[models.Post]
mixins = ["Marked"]
timestamps = true

[models.Post.relations]
author = {{ belongs_to = "Author?" }}
replies = {{ has_many_through = "Comment", through = "comments" }}

[models.Video]
mixins = ["Marked"]
timestamps = true

[models.Comment]
timestamps = true
fillable = ["body", "votes"]

[models.Comment.fields]
body = "string(50)"
votes = {{ type = "int", default = 0 }}

[models.Comment.relations]
commentable = {{ morph_to = true, touches = true }}
comments = {{ morph_many = "Comment" }}

[[models.Comment.uniques]]
fields = ["commentable", "body"]

[models.Comment.scopes]
liked = "votes > 0"

[models.Note.fields]
text = {{ type = "string(50)", default = "empty" }}

[models.Note.relations]
notable = {{ morph_to = true, nullable = true }}

[models.Tag.fields]
name = {{ type = "string(50)", unique = true }}

[models.Tag.relations]
posts = {{ morphed_by_many = "Post", name = "taggable" }}
comments_on_posts = {{ has_many_through = "Comment", through = "posts" }}
videos = {{ morphed_by_many = "Video", name = "taggable" }}
plain_posts = {{ morphed_by_many = "Post", name = "plain" }}

[models.Label.fields]
name = "string(50)"

[models.Label.relations]
posts = {{ morphed_by_many = "Post", name = "labelable" }}
videos = {{ morphed_by_many = "Video", name = "labelable" }}

[models.Labeling.fields]
strength = {{ type = "int", default = 5 }}

[models.Labeling.relations]
label = {{ belongs_to = "Label" }}
labelable = {{ morph_to = true, touches = true }}

[morph_map]
"Film" = "Video"
"""

Made = Callable[[str, str], Package]


@dataclass
class World:
    """Two authors; the posts `one` (rank 1, Ada's), `two` (2, Ada's) and `three` (3, Bob's); the videos `film` and `clip`.

    Attributes:
        package: its models.
        layout: which of the layouts it has.
        dialect: the database.
        sent: the statements since the rows were made.
    """

    package: Package
    layout: str
    dialect: str
    sent: Sent

    def __post_init__(self) -> None:
        p = self.package
        self.ada, self.bob = p.Author.create(name="Ada"), p.Author.create(name="Bob")
        self.one = p.Post.create(title="one", rank=1, author=self.ada)
        self.two = p.Post.create(title="two", rank=2, author=self.ada)
        self.three = p.Post.create(title="three", rank=3, author=self.bob)
        self.film, self.clip = p.Video.create(title="film", rank=7), p.Video.create(title="clip", rank=8)
        self.sent.clear()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.package, name)

    def comment(self, on: Any, body: str, votes: int = 0) -> Any:
        """A saved comment."""
        return self.package.Comment.create(commentable=on, body=body, votes=votes)

    def talk(self) -> None:
        """Comments: a (1 vote), b (5) and c (3) on `one`, a (2) on `two`, a (4) on `film`, and x (9) on the comment c."""
        *_, last = [self.comment(self.one, body, votes) for body, votes in (("a", 1), ("b", 5), ("c", 3))]
        self.comment(self.two, "a", 2)
        self.comment(self.film, "a", 4)
        self.comment(last, "x", 9)
        self.sent.clear()

    def bodies(self, query: Any) -> list[str]:
        """The bodies of the comments that a query finds, in the order of the alphabet."""
        return sorted(query.pluck(self.package.Comment.body))


@pytest.fixture(scope="session")
def world_packages(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The package of a layout and a way of loading, made when it is asked for first."""

    @cache
    def made(layout: str, loading: str) -> Package:
        name = f"layout_{layout}_{loading}"
        schema = _SCHEMA.format(package=name, layout=layout, loading=loading)
        return generated_package(tmp_path_factory.mktemp(name), schema, name)

    return made


@pytest.fixture(scope="module", params=LAYOUTS)
def layout(request: pytest.FixtureRequest) -> str:
    """One of the layouts."""
    return str(request.param)


def _database(
    dialect: str, layout: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> str:
    if dialect == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp(layout) / 'test.db'}"
    databases: Databases = request.getfixturevalue("_databases")
    return databases.empty(dialect, layout)


@pytest.fixture(scope="module")
def layout_url(
    dialect: str, layout: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """An empty database for the tables of a layout, which have the same names as those of the others."""
    return _database(dialect, layout, request, tmp_path_factory)


@pytest.fixture(scope="module")
def world_tables(world_packages: Made, layout: str, layout_url: str) -> Iterator[Tables]:
    """The tables of a layout, made once for a module and dialect."""
    with tables_of(world_packages(layout, "strict").db, layout_url) as tables:
        yield tables


def _empty(package: Package, tables: Tables) -> None:
    """Delete all rows. Comments on comments go before these: not every database looks only when a statement is done."""
    comment = package.Comment
    while keys := comment.query().doesnt_have(comment.comments).pluck(comment.id):
        comment.query().where(comment.id.in_(keys)).delete()
    tables.empty()


@pytest.fixture
def world(world_packages: Made, world_tables: Tables, layout: str, dialect: str) -> Iterator[World]:
    """A world with its few rows."""
    package = world_packages(layout, "strict")
    _empty(package, world_tables)
    with recording(package.db.connection()) as sent:
        yield World(package, layout, dialect, sent)


@pytest.fixture(scope="module")
def lazy_world_tables(world_packages: Made, layout: str, layout_url: str) -> Iterator[Tables]:
    """The tables of a layout whose relations load when they are read."""
    with tables_of(world_packages(layout, "batch").db, layout_url) as tables:
        yield tables


@pytest.fixture
def lazy_world(world_packages: Made, lazy_world_tables: Tables, layout: str, dialect: str) -> Iterator[World]:
    """The same world whose relations load when they are read."""
    package = world_packages(layout, "batch")
    _empty(package, lazy_world_tables)
    with recording(package.db.connection()) as sent:
        yield World(package, layout, dialect, sent)


@pytest.fixture(scope="module")
def all_worlds(
    world_packages: Made, dialect: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Callable[[], World]]]:
    """By layout, what makes a new world with its few rows; all of them are there at once."""
    made: dict[str, Callable[[], World]] = {}
    with ExitStack() as open_:
        for name in LAYOUTS:
            package = world_packages(name, "strict")
            url = _database(dialect, name, request, tmp_path_factory)
            tables = open_.enter_context(tables_of(package.db, url))
            sent = open_.enter_context(recording(package.db.connection()))
            made[name] = partial(_fresh, package, tables, name, dialect, sent)
        yield made


def _fresh(package: Package, tables: Tables, layout: str, dialect: str, sent: Sent) -> World:
    _empty(package, tables)
    return World(package, layout, dialect, sent)
