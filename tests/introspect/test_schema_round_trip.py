"""A schema makes tables, these give a schema, and that asks for the same tables: on real databases."""

from dataclasses import replace
from pathlib import Path

import pytest

from isomorph.catalog import Catalog
from isomorph.connections import Connection
from isomorph.migrate import State, run
from isomorph_generator.introspect import Inspected
from isomorph_generator.introspect.authoring import written_schema
from isomorph_generator.migrations.autodetector import detect
from isomorph_generator.schema import load
from tests.codegen.projects import GOLDEN, ROOT, load_text
from tests.support.adopting import HEADER, adopted, differences, lines, loaded
from tests.support.migrations import chain, open_session


def make(connection: Connection, catalog: Catalog) -> None:
    run(connection, chain(detect(State(), State.of_catalog(catalog))))


@pytest.mark.feature("introspection.round_trip")
@pytest.mark.parametrize("case", ["showcase", "types", "modifiers", "relations", "keys", "mixins", "shared", "hostile"])
def test_the_tables_are_the_same(case: str, dialect: str, database_url: str, tmp_path: Path) -> None:
    path = ROOT / "schema.toml" if case == "showcase" else GOLDEN / case / "schema.toml"
    project = load(path)
    if dialect not in project.dialects or (case, dialect) == ("hostile", "mysql"):
        pytest.skip(f"{dialect} does not take the case")  # MariaDB: no characters beyond the BMP in names
    with open_session(database_url) as connection:
        make(connection, project.catalog)
        inspected, written, again = adopted(connection, tmp_path)
    noted = {(note.table, note.column) for note in written.notes}
    told = [text for text in differences(inspected, again) if not any(f"'{column}'" in text for _, column in noted)]
    assert told == []
    # What a revision of the new schema would change is nothing, either.
    assert (
        detect(_known(State(inspected.tables, inspected.enums)), _known(State.of_catalog(again.catalog))) == () or noted
    )


def _known(state: State) -> State:
    """A state without what no database keeps: aliases, and the names of enums in Python."""
    tables = {name: replace(table, aliases=()) for name, table in state.tables.items()}
    return replace(state, tables=tables)


@pytest.mark.feature("introspection.round_trip")
def test_rows_tell_what_polymorphic_relations_lead_to(database_url: str, tmp_path: Path) -> None:
    project = load(ROOT / "schema.toml")
    with open_session(database_url) as connection:
        make(connection, project.catalog)
        quoted = connection.dialect.quoted
        connection.execute(
            "INSERT INTO comments (body, commentable_type, commentable_id) VALUES ('a', 'post', 1), ('b', 'video', 2)"
        )
        connection.execute("INSERT INTO tags (id, name) VALUES (1, 'x')")
        for alias in ("post", "video"):
            values = f"(1, '{alias}', 1)"
            connection.execute(
                f"INSERT INTO {quoted('taggables')} (tag_id, taggable_type, taggable_id) VALUES {values}"
            )
        _, written, again = adopted(connection, tmp_path)
    assert "commentable = { morph_to = true }" in lines(written, "models.Comment.relations")
    assert 'comments = { morph_many = "Comment", name = "commentable" }' in lines(written, "models.Video.relations")
    assert 'tags = { morph_to_many = "Tag", name = "taggable" }' in lines(written, "models.Post.relations")
    assert "Taggable" not in [model.name for model in again.catalog.models]


@pytest.mark.feature("introspection.round_trip")
def test_guards_are_the_integrity_of_a_relation(database_url: str, tmp_path: Path) -> None:
    project = load_text(
        tmp_path,
        """
        [models.Post.fields]
        title = "string(20)"
        [models.Post.relations]
        notes = { morph_many = "Note", name = "about" }
        [models.Page.fields]
        title = "string(20)"
        [models.Page.relations]
        notes = { morph_many = "Note", name = "about" }
        [models.Note.relations]
        about = { morph_to = true, nullable = true, integrity = "triggers", on_delete = "set null" }
        """,
    )
    with open_session(database_url) as connection:
        make(connection, project.catalog)
        inspected, written, again = adopted(connection, tmp_path)
    assert written.notes == ()
    assert lines(written, "models.Note.relations") == [
        'about = { morph_to = true, nullable = true, integrity = "triggers", on_delete = "set null" }'
    ]
    assert differences(inspected, again) == []


@pytest.mark.feature("introspection.unsaid")
def test_views_are_declared_as_sql(database_url: str, dialect: str, tmp_path: Path) -> None:
    project = load_text(tmp_path, '[models.Post.fields]\ntitle = "string(20)"\nviews = { type = "int", default = 0 }\n')
    with open_session(database_url) as connection:
        make(connection, project.catalog)
        connection.execute("CREATE VIEW popular AS SELECT id, title FROM posts WHERE views > 10")
        connection.execute("CREATE VIEW loved AS SELECT id FROM popular")
        inspected, written, again = adopted(connection, tmp_path)
    assert differences(inspected, again) == []
    assert written.notes == ()
    # In the order in which they can be made.
    assert [item.name for _, item in again.catalog.objects] == ["popular", "loved"]
    (made,) = again.catalog.objects[0][1].create[dialect]
    assert "views" in made.lower()


@pytest.mark.feature("introspection.unsaid")
def test_indexes_say_all_that_the_schema_has_words_for(tmp_path: Path) -> None:
    project = load_text(
        tmp_path,
        """
        [project]
        dialects = ["postgresql"]
        [models.Post]
        indexes = [
            { expression = "lower(title)", name = "by_lower_title" },
            { fields = ["title"], include = ["views"], name = "covering" },
            { fields = ["data"], method = "gin", name = "words" },
            { fields = ["views", "title"], nulls = "last", name = "late" },
        ]
        [models.Post.fields]
        title = "string(20)?"
        views = "int?"
        data = "json?"
        """,
    )
    tables = {"posts": project.catalog.model("Post").table}
    inspected = Inspected("postgresql", tables)
    written = written_schema(inspected, HEADER)
    assert written.notes == ()
    assert differences(inspected, loaded(written, tmp_path)) == []
