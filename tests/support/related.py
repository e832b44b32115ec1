"""A small schema with the kinds of relation that the showcase has no use for, generated when tests ask for it.

Chosen rows, null objects, pivots with columns, times and a model, long ways through other relations, keys of several
columns and of texts and bytes, a second connection; and the same again with lazy loading.

Fixtures for `conftest.py` of the folders that need them:

    from tests.support.related import lazy, lazy_package, lazy_tables, related, related_package, related_tables
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest

from isomorph.migrate import State, run
from isomorph_generator.migrations.autodetector import detect
from tests.support.databases import KeptDatabaseUrl
from tests.support.fields import Package, generated_package
from tests.support.migrations import chain
from tests.support.showcase import Tables, kept_tables_of

__all__ = [
    "elsewhere",
    "lazy",
    "lazy_package",
    "lazy_tables",
    "related",
    "related_package",
    "related_tables",
]

_SCHEMA = """
[project]
package = "{package}"
dialects = ["sqlite", "postgresql", "mysql"]
lazy_loading = "{loading}"

[connections.default]
url = "sqlite:///related.db"

[connections.archive]
url = "sqlite:///archive.db"

[enums]
Mood = ["calm", "cross"]

# --- chosen rows, null objects ---

[models.Person.fields]
name = "string(50)"

[models.Person.relations]
logins = {{ has_many = "Login" }}
latest_login = {{ has_one = "Login", latest_of_many = "at" }}
first_login = {{ has_one = "Login", oldest_of_many = "at" }}
best_login = {{ has_one = "Login", of_many = {{ column = "score", aggregate = "max" }} }}
card = {{ has_one = "Card", default = {{ title = "none", mood = "cross" }} }}
badge = {{ morph_one = "Badge", name = "wearer", default = true }}
groups = {{ belongs_to_many = "Group", model = "Membership" }}
rooms = {{ belongs_to_many = "Room", pivot = {{ since = "date?", mood = {{ type = "Mood", default = "calm" }} }}, timestamps = true }}
rights = {{ has_many_through = "Right", through = "groups" }}
chapters = {{ has_many_through = "Chapter", through = "groups.books" }}
latest_page = {{ has_one_through = "Page", through = "logins", latest_of_many = "number" }}
entries = {{ has_many = "Entry" }}
snapshot = {{ has_one = "Snapshot" }}
remarks = {{ morph_many = "Remark", name = "subject" }}

[models.Login.fields]
at = "datetime"
score = {{ type = "int", default = 0 }}
ok = {{ type = "bool", default = true }}

[models.Login.relations]
person = {{ belongs_to = "Person", on_delete = "cascade" }}
pages = {{ has_many = "Page" }}

[models.Page.fields]
number = "int"

[models.Page.relations]
login = {{ belongs_to = "Login", on_delete = "cascade" }}
reader = {{ belongs_to = "Person?", default = {{ name = "Nobody" }} }}

[models.Card.fields]
title = "string(50)"
mood = {{ type = "Mood", default = "calm" }}
code = {{ type = "uuid", default_code = "uuid4" }}
note = "text?"

[models.Card.relations]
person = {{ belongs_to = "Person", unique = true }}

[models.Badge.fields]
text = {{ type = "string(20)", default = "plain" }}

[models.Badge.relations]
wearer = {{ morph_to = true }}

# --- tables between ---

[models.Group.fields]
name = "string(50)"

[models.Group.relations]
people = {{ belongs_to_many = "Person", inverse = "groups" }}
rights = {{ belongs_to_many = "Right" }}
books = {{ morph_to_many = "Book", name = "shelved", table = "shelves" }}

[models.Membership]
primary_key = ["person_id", "group_id"]

[models.Membership.fields]
level = {{ type = "int", default = 1 }}
hidden = {{ type = "bool", default = false }}

[models.Membership.relations]
person = {{ belongs_to = "Person" }}
group = {{ belongs_to = "Group" }}

[models.Membership.scopes]
shown = {{ where = "hidden = false", global = true }}

[models.Right.fields]
name = "string(50)"

[models.Room.fields]
name = "string(50)"

[models.Room.relations]
people = {{ belongs_to_many = "Person", inverse = "rooms" }}

[models.Book.fields]
title = "string(50)"

[models.Book.relations]
groups = {{ morphed_by_many = "Group", name = "shelved", table = "shelves" }}
chapters = {{ has_many = "Chapter" }}

[models.Chapter.fields]
title = "string(50)"
words = {{ type = "int", default = 0 }}

[models.Chapter.relations]
book = {{ belongs_to = "Book" }}

# --- keys ---

[models.Country]
primary_key = ["code"]
[models.Country.fields]
code = "string(20)"

[models.Country.relations]
cities = {{ has_many = "City" }}

[models.City]
primary_key = ["country_id", "name"]
[models.City.fields]
name = "string(40)"

[models.City.relations]
country = {{ belongs_to = "Country" }}
streets = {{ has_many = "Street" }}

[models.Street.fields]
name = "string(40)"

[models.Street.relations]
city = {{ belongs_to = "City" }}

[models.Blob]
primary_key = ["digest"]
[models.Blob.fields]
digest = "bytes(16)"

[models.Blob.relations]
uses = {{ has_many = "Use" }}

[models.Use.relations]
blob = {{ belongs_to = "Blob" }}

[models.Colour]
primary_key = ["mood"]
[models.Colour.fields]
mood = "Mood"

[models.Colour.relations]
shades = {{ has_many = "Shade" }}

[models.Shade.relations]
colour = {{ belongs_to = "Colour" }}

# --- another connection ---

[models.Entry]
connection = "archive"
[models.Entry.fields]
text = "string(50)"

[models.Entry.relations]
person = {{ belongs_to = "Person?" }}

[models.Snapshot]
connection = "archive"
[models.Snapshot.fields]
text = "string(50)"

[models.Snapshot.relations]
person = {{ belongs_to = "Person" }}

[models.Remark.fields]
text = "string(50)"

[models.Remark.relations]
subject = {{ morph_to = true, members = ["Person", "File"] }}

[models.File]
connection = "archive"
[models.File.fields]
name = "string(50)"

[models.File.relations]
remarks = {{ morph_many = "Remark", name = "subject" }}
"""


@pytest.fixture(scope="session")
def related_package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The package of the schema."""
    name = "related_of_all_kinds"
    schema = _SCHEMA.format(package=name, loading="strict")
    return generated_package(tmp_path_factory.mktemp("related"), schema, name)


@pytest.fixture(scope="module")
def related_tables(related_package: Package, dialect: str, kept_database_url: KeptDatabaseUrl) -> Iterator[Tables]:
    """Its tables, made once for a worker and dialect."""
    with kept_tables_of(related_package.db, kept_database_url(dialect, "related")) as tables:
        yield tables


@pytest.fixture
def related(related_package: Package, related_tables: Tables) -> Package:
    """The package with no rows."""
    related_tables.empty()
    return related_package


@pytest.fixture(scope="session")
def lazy_package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The package of the same schema with lazy loading."""
    name = "related_lazily"
    schema = _SCHEMA.format(package=name, loading="batch")
    return generated_package(tmp_path_factory.mktemp("lazy"), schema, name)


@pytest.fixture(scope="module")
def lazy_tables(lazy_package: Package, dialect: str, kept_database_url: KeptDatabaseUrl) -> Iterator[Tables]:
    """Its tables, made once for a worker and dialect."""
    with kept_tables_of(lazy_package.db, kept_database_url(dialect, "lazy")) as tables:
        yield tables


@pytest.fixture
def lazy(lazy_package: Package, lazy_tables: Tables) -> Package:
    """The lazy package with no rows."""
    lazy_tables.empty()
    return lazy_package


@contextmanager
def elsewhere(package: Package, url: str) -> Generator[None]:
    """A block in which the second connection is another database, with its tables made there."""
    with package.db.override(url, "archive"):
        there = package.db.connection("archive")
        run(there, chain(detect(State(), State.of_catalog(package.db.catalog, "archive"))))
        yield
