"""What a schema says of names and types that a database has already: of foreign keys, of type columns, of enums."""

from pathlib import Path

import pytest

from isomorph.catalog import Index, IndexColumn
from isomorph.catalog.words import string
from isomorph_generator.schema import SchemaErrors
from tests.codegen.projects import load_text

pytestmark = pytest.mark.feature("schema.parse")

BLOG = """
[project]
dialects = ["{dialect}"]

[models.User.fields]
name = "string(20)"

[models.Post.fields]
title = "string(20)"

[models.Post.relations]
"""


def test_a_foreign_key_keeps_its_name_and_may_do_without_an_index(tmp_path: Path) -> None:
    text = (
        BLOG.format(dialect="postgresql")
        + 'author = { belongs_to = "User", constraint = "posts_author_fkey", index = false }'
    )
    table = load_text(tmp_path, text).catalog.model("Post").table
    assert [key.name for key in table.foreign_keys] == ["posts_author_fkey"]
    assert table.indexes == ()


def test_the_columns_of_a_morph_to_may_be_of_another_type_and_without_an_index(tmp_path: Path) -> None:
    text = """
    [models.Note.relations]
    about = { morph_to = true, type = "string(40)", index = false }
    [models.Post.fields]
    title = "string(20)"
    [models.Post.relations]
    notes = { morph_many = "Note", name = "about" }
    """
    table = load_text(tmp_path, text).catalog.model("Note").table
    assert table.column("about_type").type == string(40)
    assert table.indexes == ()


@pytest.mark.parametrize(
    ("type_", "told"),
    [
        ("int", 'type "int": a type column holds a text (string(n))'),
        ("string(40)?", 'type "string(40)?": a type column holds a text (say nullable = true of the relation)'),
        ("string(3)", 'alias "post" is longer than string(3), the type column of Note.about (take a longer type)'),
        ("strin(3)", 'no type "strin"'),
    ],
)
def test_a_type_column_holds_every_alias(type_: str, told: str, tmp_path: Path) -> None:
    text = f"""
    [models.Note.relations]
    about = {{ morph_to = true, type = "{type_}" }}
    [models.Post.fields]
    title = "string(20)"
    [models.Post.relations]
    notes = {{ morph_many = "Note", name = "about" }}
    """
    with pytest.raises(SchemaErrors) as raised:
        load_text(tmp_path, text)
    (error,) = raised.value.errors
    assert error.path == "models.Note.relations.about"
    assert told in str(error)


def test_the_type_of_an_enum_may_have_any_name(tmp_path: Path) -> None:
    text = '[enums]\nMood = { values = ["good", "bad"], type = "MoodOfDay" }\n[models.Day.fields]\nmood = "Mood"\n'
    (enum,) = load_text(tmp_path, text).catalog.enums
    assert (enum.name, enum.type_name) == ("Mood", "MoodOfDay")


@pytest.mark.parametrize(("dialect", "clashes"), [("mysql", False), ("postgresql", True), ("sqlite", True)])
def test_two_tables_may_name_an_index_alike_where_it_is_their_own(dialect: str, clashes: bool, tmp_path: Path) -> None:
    text = f"""
    [project]
    dialects = ["{dialect}"]
    [models.Post]
    indexes = [{{ fields = ["title"], name = "by_title" }}]
    [models.Post.fields]
    title = "string(20)"
    [models.Page]
    indexes = [{{ fields = ["title"], name = "by_title" }}]
    [models.Page.fields]
    title = "string(20)"
    """
    if clashes:
        with pytest.raises(SchemaErrors, match="by_title"):
            load_text(tmp_path, text)
    else:
        catalog = load_text(tmp_path, text).catalog
        named = [catalog.model(name).table.indexes for name in ("Post", "Page")]
        assert named == [(Index("by_title", (IndexColumn("title"),)),)] * 2
