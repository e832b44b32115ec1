"""What a schema declares as SQL, and the words of indexes and foreign keys, from the schema to each database."""

from collections.abc import Callable
from pathlib import Path

import pytest

from isomorph.errors import DatabaseError
from isomorph.migrate import Operations, State, rollback, run
from isomorph_generator.migrations import detect
from isomorph_generator.schema import load
from tests.support.migrations import Session, chain, structure

StateOf = Callable[..., State]

BLOG = """
[models.Post.fields]
title = "string(100)"
views = { type = "int", default = 0 }

[views]
popular = "SELECT id, title FROM posts WHERE views > 10"
best = "SELECT id FROM popular"

[triggers.loud_titles]
model = "Post"
[triggers.loud_titles.sql]
sqlite = "CREATE TRIGGER loud_titles AFTER INSERT ON posts BEGIN UPDATE posts SET title = upper(title) WHERE id = NEW.id; END;"
mysql = "CREATE TRIGGER loud_titles BEFORE INSERT ON posts FOR EACH ROW SET NEW.title = upper(NEW.title)"
postgresql = "CREATE TRIGGER loud_titles BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION loud()"

[functions.loud]
sql.postgresql = "CREATE FUNCTION loud() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.title := upper(NEW.title); RETURN NEW; END $$"
sql.mysql = "CREATE FUNCTION loud() RETURNS INT DETERMINISTIC RETURN 100 % 7"
"""


@pytest.fixture
def state_of(tmp_path: Path) -> StateOf:
    """The state that the text of a schema asks for."""

    def loaded(text: str, *dialects: str) -> State:
        path = tmp_path / "schema.toml"
        named = ", ".join(f'"{name}"' for name in dialects)
        path.write_text((f"[project]\ndialects = [{named}]\n" if dialects else "") + text, encoding="utf-8")
        return State.of_catalog(load(path).catalog)

    return loaded


def said(operations: Operations) -> list[str]:
    return [str(operation) for operation in operations]


@pytest.mark.feature("migrations.declared")
def test_views_triggers_and_functions_are_made_used_and_dropped(session: Session, state_of: StateOf) -> None:
    state = state_of(BLOG)
    operations = detect(State(), state)
    assert said(operations) == [
        "create function loud",
        "create table posts",
        "create view popular",
        "create view best",
        "create trigger loud_titles",
    ]
    nothing = structure(session)
    revisions = chain(operations)
    run(session, revisions)
    session.execute("INSERT INTO posts (title, views) VALUES ('quiet', 11)")
    assert session.fetch("SELECT title FROM popular") == [("QUIET",)]
    assert len(session.fetch("SELECT id FROM best")) == 1
    rollback(session, revisions)
    assert structure(session) == nothing


@pytest.mark.feature("migrations.declared")
def test_what_names_a_table_that_changes_gives_way_to_the_change(session: Session, state_of: StateOf) -> None:
    before = state_of(BLOG)
    text = BLOG.replace('title = "string(100)"', 'title = "string(200)"')
    after = state_of(text)
    operations = detect(before, after)
    assert said(operations) == [
        "drop trigger loud_titles",
        "drop view best",
        "drop view popular",
        "change column posts.title",
        "create view popular",
        "create view best",
        "create trigger loud_titles",
    ]
    revisions = chain(detect(State(), before), operations)
    run(session, revisions)
    session.execute("INSERT INTO posts (title, views) VALUES ('quiet', 11)")
    assert session.fetch("SELECT title FROM popular") == [("QUIET",)]
    rollback(session, revisions, step=1)
    assert session.fetch("SELECT title FROM popular") == [("QUIET",)]


@pytest.mark.feature("migrations.declared", dialect="sqlite")
def test_only_what_changed_is_made_again(state_of: StateOf) -> None:
    before = state_of(BLOG)
    other = BLOG + "\n[models.Tag]\n"
    assert said(detect(before, state_of(other))) == ["create table tags"]
    best = BLOG.replace('"SELECT id FROM popular"', '"SELECT id FROM popular WHERE id > 1"')
    assert said(detect(before, state_of(best))) == ["replace view best"]
    loud = BLOG.replace("100 % 7", "100 % 8")
    assert said(detect(before, state_of(loud))) == [
        "drop trigger loud_titles",
        "replace function loud",
        "create trigger loud_titles",
    ]
    assert detect(before, state_of(BLOG)) == ()


@pytest.mark.feature("migrations.declared", dialect="postgresql")
def test_extensions_and_schemas_come_first_and_go_last(session: Session, state_of: StateOf) -> None:
    if session.dialect.name != "postgresql":
        pytest.skip("extensions and schemas are PostgreSQL's")
    state = state_of("[extensions.pg_trgm]\n[schemas.audit]\n[models.Post]\n", "postgresql")
    operations = detect(State(), state)
    assert said(operations) == ["create extension pg_trgm", "create schema audit", "create table posts"]
    revisions = chain(operations)
    run(session, revisions)
    assert session.fetch("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'") == [(1,)]
    rollback(session, revisions)
    assert session.fetch("SELECT 1 FROM pg_namespace WHERE nspname = 'audit'") == []


@pytest.mark.feature("migrations.timestamp_triggers")
def test_a_trigger_sets_updated_at_whoever_writes(session: Session, state_of: StateOf) -> None:
    text = """
    [models.Post]
    timestamps = { updated_at = "changed", trigger = true }
    [models.Post.fields]
    title = "string(100)"
    [models.Post.relations]
    tags = { belongs_to_many = "Tag", pivot = { weight = "int?" }, timestamps = { trigger = true } }
    [models.Tag]
    """
    state = state_of(text)
    operations = detect(State(), state)
    assert said(operations)[-2:] == [
        "create trigger posts_changed_trigger",
        "create trigger post_tag_updated_at_trigger",
    ]
    revisions = chain(operations)
    nothing = structure(session)
    run(session, revisions)
    old = "'2020-01-02 03:04:05.000000'" if session.dialect.name != "postgresql" else "'2020-01-02 03:04:05+00'"
    session.execute(f"INSERT INTO posts (title, created_at, changed) VALUES ('a', {old}, {old}), ('b', {old}, {old})")
    session.execute("INSERT INTO tags (id) VALUES (1)")
    session.execute(f"INSERT INTO post_tag (post_id, tag_id, created_at, updated_at) VALUES (1, 1, {old}, {old})")
    session.execute("UPDATE posts SET title = 'c' WHERE id = 1")
    session.execute("UPDATE post_tag SET weight = 3")
    year = "substr(CAST({} AS CHAR(30)), 1, 4)"
    assert session.fetch(f"SELECT {year.format('created_at')}, {year.format('changed')} FROM posts ORDER BY id") == [
        ("2020", "2026"),
        ("2020", "2020"),
    ]
    assert session.fetch(f"SELECT {year.format('updated_at')} FROM post_tag") == [("2026",)]
    own = old.replace("2020", "2021")
    session.execute(f"UPDATE posts SET changed = {own}")
    assert session.fetch(f"SELECT DISTINCT {year.format('changed')} FROM posts") == [("2021",)]
    rollback(session, revisions)
    assert structure(session) == nothing


INDEXES = """
[models.User.fields]
email = "string(100)?"
name = "string(100)"
age = "int?"
[models.User]
indexes = [
    {{ {words} }},
]
"""


@pytest.mark.feature("migrations.index_forms")
@pytest.mark.parametrize(
    ("words", "dialects"),
    [
        ('expression = "lower(email)", unique = true', ("sqlite", "postgresql")),
        ('expression = { sql = { sqlite = "age % 2", postgresql = "age % 2" } }', ("sqlite", "postgresql")),
        ('fields = ["name"], include = ["age", "email"]', ("postgresql",)),
        ('fields = ["-age"], nulls = "last"', ("postgresql",)),
        ('fields = ["name"], method = "hash"', ("postgresql", "mysql")),
        ('fields = ["age"], method = "brin"', ("postgresql",)),
        ('fields = ["name"], method = "fulltext"', ("mysql",)),
        ('fields = ["name"], method = "btree"', ("sqlite", "postgresql", "mysql")),
    ],
)
def test_an_index_has_the_form_that_the_schema_says(
    session: Session, state_of: StateOf, words: str, dialects: tuple[str, ...]
) -> None:
    if session.dialect.name not in dialects:
        pytest.skip(f"{session.dialect.name} has none")
    plain = state_of(INDEXES.format(words='fields = ["name"]'), *dialects)
    formed = state_of(INDEXES.format(words=words), *dialects)
    revisions = chain(detect(State(), plain), detect(plain, formed))
    run(session, revisions)
    made = structure(session)
    rollback(session, revisions, step=1)
    run(session, revisions)
    assert structure(session) == made


@pytest.mark.feature("migrations.deferrable")
def test_a_deferrable_foreign_key_waits_for_the_commit(session: Session, state_of: StateOf) -> None:
    if session.dialect.name == "mysql":
        pytest.skip(f"{session.dialect.name} lacks deferrable foreign keys")
    text = """
    [models.User]
    [models.Post.relations]
    author = { belongs_to = "User", deferrable = "deferred" }
    """
    run(session, chain(detect(State(), state_of(text, "sqlite", "postgresql"))))
    with session.transaction():
        session.execute("INSERT INTO posts (id, author_id) VALUES (1, 1)")
        session.execute("INSERT INTO users (id) VALUES (1)")
    with pytest.raises(DatabaseError), session.transaction():
        session.execute("INSERT INTO posts (id, author_id) VALUES (2, 2)")
