"""A small schema whose polymorphic relations are arcs, to members with keys of three types, generated when tests ask for it.

Fixtures for `conftest.py` of the folders that need them:

    from tests.support.arcs import arcs, arcs_package, arcs_tables, letting_go, letting_go_package, letting_go_tables
"""

from collections.abc import Iterator

import pytest

from tests.support.fields import Package, generated_package
from tests.support.showcase import Tables, tables_of

__all__ = ["arcs", "arcs_package", "arcs_tables", "letting_go", "letting_go_package", "letting_go_tables"]

_PACKAGE = "kept_by_arcs"
_SCHEMA = f"""
[project]
package = "{_PACKAGE}"
dialects = ["sqlite", "postgresql", "mysql"]
integrity = "arc"

[connections.default]
url = "sqlite:///arcs.db"

[enums]
Mood = ["calm", "it's"]

[mixins.Marked.fields]
title = {{ type = "string(50)", unique = true }}

[mixins.Marked.relations]
comments = {{ morph_many = "Comment" }}
locks = {{ morph_many = "Lock" }}
seal = {{ morph_one = "Seal" }}
tags = {{ morph_to_many = "Tag", name = "taggable" }}
labels = {{ morph_to_many = "Label", name = "labelable", model = "Labeling" }}

[models.Post]
mixins = ["Marked"]

[models.Video]
mixins = ["Marked"]
[models.Video.fields]
id = {{ type = "uuid", primary_key = true, default_code = "uuid7" }}

[models.Page]
mixins = ["Marked"]
primary_key = ["path"]
[models.Page.fields]
path = "string(40)"

[models.Blob.fields]
digest = {{ type = "bytes(16)", primary_key = true }}
[models.Blob.relations]
comments = {{ morph_many = "Comment" }}

[models.Shade.fields]
mood = {{ type = "Mood", primary_key = true }}
[models.Shade.relations]
comments = {{ morph_many = "Comment" }}

[models.Day.fields]
day = {{ type = "date", primary_key = true }}
[models.Day.relations]
comments = {{ morph_many = "Comment" }}

[models.Price.fields]
amount = {{ type = "decimal(10, 2)", primary_key = true, column = "the amount" }}
[models.Price.relations]
comments = {{ morph_many = "Comment" }}

[models.Comment.fields]
body = "string(20)?"

[models.Comment.relations]
commentable = {{ morph_to = true, on_delete = "cascade" }}
reactions = {{ morph_many = "Reaction" }}

[models.Reaction.relations]
reactable = {{ morph_to = true, on_delete = "cascade" }}

[models.Lock.relations]
lockable = {{ morph_to = true, on_delete = "restrict" }}
[[models.Lock.uniques]]
fields = ["lockable"]

[models.Seal.fields]
kind = {{ type = "string(20)", default = "wax" }}

[models.Seal.relations]
sealable = {{ morph_to = true, nullable = true }}

[[models.Seal.uniques]]
fields = ["kind", "sealable"]

[models.Tag.fields]
name = "string(50)"

[models.Tag.relations]
posts = {{ morphed_by_many = "Post", name = "taggable" }}
videos = {{ morphed_by_many = "Video", name = "taggable" }}
pages = {{ morphed_by_many = "Page", name = "taggable" }}

[models.Label.fields]
name = "string(50)"

[models.Label.relations]
posts = {{ morphed_by_many = "Post", name = "labelable" }}

[models.Labeling.relations]
label = {{ belongs_to = "Label", on_delete = "cascade" }}
labelable = {{ morph_to = true, on_delete = "cascade" }}
"""

_LETTING_GO = "let_go_by_arcs"
_LETTING_GO_SCHEMA = f"""
[project]
package = "{_LETTING_GO}"
dialects = ["sqlite", "postgresql"]

[connections.default]
url = "sqlite:///arcs.db"

[models.Post.relations]
notes = {{ morph_many = "Note" }}
pins = {{ morph_many = "Pin" }}

[models.Video.relations]
notes = {{ morph_many = "Note" }}

[models.Note.relations]
notable = {{ morph_to = true, nullable = true, integrity = "arc", on_delete = "set null" }}

[models.Pin.relations]
pinned = {{ morph_to = true, nullable = true, integrity = "arc", on_delete = "set null" }}
"""


@pytest.fixture(scope="session")
def arcs_package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The package of that schema."""
    return generated_package(tmp_path_factory.mktemp("arcs"), _SCHEMA, _PACKAGE)


@pytest.fixture(scope="module")
def arcs_tables(arcs_package: Package, module_database_url: str) -> Iterator[Tables]:
    """Its tables, made once for a module and dialect."""
    with tables_of(arcs_package.db, module_database_url) as tables:
        yield tables


@pytest.fixture
def arcs(arcs_package: Package, arcs_tables: Tables) -> Package:
    """The package with no rows."""
    arcs_tables.empty()
    return arcs_package


@pytest.fixture(scope="session")
def letting_go_package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The package of a schema whose rows let go of what is deleted, which MySQL does not have."""
    return generated_package(tmp_path_factory.mktemp("letting_go"), _LETTING_GO_SCHEMA, _LETTING_GO)


@pytest.fixture(scope="module")
def letting_go_tables(letting_go_package: Package, module_database_url: str, dialect: str) -> Iterator[Tables]:
    """Its tables, made once for a module and dialect."""
    if dialect == "mysql":
        pytest.skip("no arc lets go on MySQL: the schema is refused")
    with tables_of(letting_go_package.db, module_database_url) as tables:
        yield tables


@pytest.fixture
def letting_go(letting_go_package: Package, letting_go_tables: Tables) -> Package:
    """The package with no rows."""
    letting_go_tables.empty()
    return letting_go_package
