"""A small schema whose polymorphic relations are kept by triggers, one for each action, generated when tests ask for it.

Fixtures for `conftest.py` of the folders that need them:

    from tests.support.guarded import guarded, guarded_package, guarded_tables
"""

import json
from collections.abc import Iterator

import pytest

from tests.support.fields import Package, generated_package
from tests.support.showcase import Tables, tables_of

__all__ = ["ALIAS", "guarded", "guarded_package", "guarded_tables"]

ALIAS = 'App\\Models\\"Vid\'eo" 100% $guard$ `ü` 😀'
"""What is stored for a Video: whatever an adopted database may hold."""

_PACKAGE = "guarded_by_triggers"
_SCHEMA = f"""
[project]
package = "{_PACKAGE}"
integrity = "triggers"

[connections.default]
url = "sqlite:///guarded.db"

[mixins.Marked.relations]
comments = {{ morph_many = "Comment" }}
notes = {{ morph_many = "Note" }}
locks = {{ morph_many = "Lock" }}
seals = {{ morph_one = "Seal" }}
tags = {{ morph_to_many = "Tag", name = "taggable" }}

[models.Post]
mixins = ["Marked"]
[models.Post.fields]
title = {{ type = "string(50)", unique = true }}

[models.Video]
mixins = ["Marked"]
[models.Video.fields]
title = {{ type = "string(50)", unique = true }}

[models.Comment.relations]
commentable = {{ morph_to = true, on_delete = "cascade" }}
reactions = {{ morph_many = "Reaction" }}

[models.Reaction.relations]
reactable = {{ morph_to = true, on_delete = "cascade" }}

[models.Note.relations]
notable = {{ morph_to = true, nullable = true, on_delete = "set null" }}

[models.Lock.relations]
lockable = {{ morph_to = true, on_delete = "restrict" }}

[models.Seal.relations]
sealable = {{ morph_to = true, nullable = true }}

[models.Tag.fields]
name = "string(50)"

[models.Free]
integrity = "none"
[models.Free.relations]
thing = {{ morph_to = true }}
[models.Holder.relations]
free = {{ morph_many = "Free" }}

[morph_map]
{json.dumps(ALIAS, ensure_ascii=False)} = "Video"
"""


@pytest.fixture(scope="session")
def guarded_package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The package of that schema."""
    return generated_package(tmp_path_factory.mktemp("guarded"), _SCHEMA, _PACKAGE)


@pytest.fixture(scope="module")
def guarded_tables(guarded_package: Package, module_database_url: str) -> Iterator[Tables]:
    """Its tables, made once for a module and dialect."""
    with tables_of(guarded_package.db, module_database_url) as tables:
        yield tables


@pytest.fixture
def guarded(guarded_package: Package, guarded_tables: Tables) -> Package:
    """The package with no rows."""
    guarded_tables.empty()
    return guarded_package
