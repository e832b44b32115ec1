"""A small schema for operations on relations: what the showcase has no use for, generated when tests ask for it.

Parents that are touched, over two levels and by a morph_to; tables between with columns and times, with a model, with a
model that allows a row twice, polymorphic ones with a model; keys of several columns; keys that refer to others than the
primary one; foreign keys that restrict.

Fixtures for `conftest.py` of the folders that need them:

    from tests.support.writing_related import library, library_package, library_tables
"""

from collections.abc import Iterator

import pytest

from tests.support.fields import Package, generated_package
from tests.support.showcase import Tables, tables_of

__all__ = ["library", "library_package", "library_tables"]

_PACKAGE = "library_to_write"

_SCHEMA = f"""
[project]
package = "{_PACKAGE}"
dialects = ["sqlite", "postgresql", "mysql"]

[connections.default]
url = "sqlite:///library.db"

[models.Author]
timestamps = true
[models.Author.fields]
name = "string(50)"
code = {{ type = "string(20)?", unique = true }}

[models.Author.relations]
books = {{ has_many = "Book", inverse = "author" }}
edited = {{ has_many = "Book", inverse = "editor" }}
latest_book = {{ has_one = "Book", inverse = "author", latest_of_many = "id" }}
latest_chapter = {{ has_one_through = "Chapter", through = "books", latest_of_many = "id" }}
chapters = {{ has_many_through = "Chapter", through = "books" }}
contract = {{ has_one = "Contract" }}
letters = {{ has_many = "Letter" }}
notes = {{ morph_many = "Note", name = "subject" }}
marks = {{ morph_to_many = "Mark", name = "markable", model = "Marking" }}

[models.Contract.fields]
text = "string(50)"

[models.Contract.relations]
author = {{ belongs_to = "Author", unique = true, on_delete = "restrict" }}

[models.Letter.fields]
text = "string(50)"

[models.Letter.relations]
author = {{ belongs_to = "Author", references = "code" }}

[models.Book]
timestamps = true
version = true
[models.Book.fields]
title = "string(50)"

[models.Book.relations]
author = {{ belongs_to = "Author", touches = true, on_delete = "restrict" }}
editor = {{ belongs_to = "Author?", on_delete = "set null" }}
chapters = {{ has_many = "Chapter" }}
shelves = {{ belongs_to_many = "Shelf", pivot = {{ position = {{ type = "int", default = 1 }}, remark = "string(50)?" }}, timestamps = true }}
readers = {{ belongs_to_many = "Reader", model = "Loan" }}
marks = {{ morph_to_many = "Mark", name = "markable", model = "Marking" }}
notes = {{ morph_many = "Note", name = "subject" }}

[models.Chapter]
timestamps = true
[models.Chapter.fields]
title = "string(50)"

[models.Chapter.relations]
book = {{ belongs_to = "Book", touches = true, on_delete = "cascade" }}

[models.Note.fields]
text = "string(50)"

[models.Note.relations]
subject = {{ morph_to = true, touches = true }}

[models.Shelf]
primary_key = ["room", "number"]
[models.Shelf.fields]
room = "string(20)"
number = "int"

[models.Shelf.relations]
books = {{ belongs_to_many = "Book", inverse = "shelves" }}

[models.Reader]
timestamps = true
[models.Reader.fields]
name = "string(50)"

[models.Reader.relations]
books = {{ belongs_to_many = "Book", model = "Loan", inverse = "readers" }}
friends = {{ belongs_to_many = "Reader", table = "friendships", foreign_key = "from_id", related_key = "to_id" }}

[models.Loan]
timestamps = true
[models.Loan.fields]
days = {{ type = "int", default = 14 }}

[models.Loan.relations]
reader = {{ belongs_to = "Reader", touches = true }}
book = {{ belongs_to = "Book" }}

[models.Mark.fields]
name = {{ type = "string(50)", unique = true }}

[models.Mark.relations]
books = {{ morphed_by_many = "Book", name = "markable", model = "Marking" }}
authors = {{ morphed_by_many = "Author", name = "markable", model = "Marking" }}

[models.Marking.fields]
weight = {{ type = "int", default = 1 }}

[models.Marking.relations]
mark = {{ belongs_to = "Mark", on_delete = "cascade" }}
markable = {{ morph_to = true }}
"""


@pytest.fixture(scope="session")
def library_package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The package of the schema."""
    return generated_package(tmp_path_factory.mktemp("library"), _SCHEMA, _PACKAGE)


@pytest.fixture(scope="module")
def library_tables(library_package: Package, module_database_url: str) -> Iterator[Tables]:
    """Its tables, made once for a module and dialect."""
    with tables_of(library_package.db, module_database_url) as tables:
        yield tables


@pytest.fixture
def library(library_package: Package, library_tables: Tables) -> Package:
    """The package with no rows."""
    library_tables.empty()
    return library_package
