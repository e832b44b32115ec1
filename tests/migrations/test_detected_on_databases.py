"""What the autodetector makes of two random schemas, done on each database, and taken back."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from isomorph.errors import DatabaseError
from isomorph.migrate import Revisions, State, rollback, run
from isomorph_generator.migrations import detect
from isomorph_generator.schema import Project, load
from tests.migrations.test_make import BLOG
from tests.support.catalogs import any_changed_states
from tests.support.examples import few
from tests.support.migrations import Session, chain, structure


@given(pair=any_changed_states())
@settings(max_examples=few(4), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@pytest.mark.feature("migrations.order")
def test_any_difference_is_made_and_taken_back(session: Session, pair: tuple[State, State]) -> None:
    before, after = pair
    operations = detect(before, after, asks=False)
    revisions = chain(detect(State(), before), operations)
    nothing = structure(session)
    try:
        run(session, Revisions(revisions.items[:1]))
        first = structure(session)
        run(session, revisions)
        second = structure(session)
        rollback(session, revisions)
        assert structure(session) == first
        run(session, revisions)
        assert structure(session) == second
    finally:
        rollback(session, revisions, step=2)
    assert structure(session) == nothing


@pytest.mark.feature("migrations.detect_renames", "migrations.detect_aliases")
def test_a_renamed_model_keeps_its_rows_and_what_points_to_them(session: Session, tmp_path: Path) -> None:
    def project(text: str) -> Project:
        (tmp_path / "schema.toml").write_text(text, encoding="utf-8")
        return load(tmp_path / "schema.toml")

    before = State.of_catalog(project(BLOG).catalog)
    text = BLOG.replace('"Post"', '"Article"').replace("[models.Post.", "[models.Article.")
    renamed = project(
        text.replace("[models.Article.fields]", '[models.Article]\nwas = "Post"\n[models.Article.fields]')
    )
    operations = detect(before, State.of_catalog(renamed.catalog), renamed.renames["default"])
    assert [loss for operation in operations for loss in operation.losses()] == []
    revisions = chain(detect(State(), before), operations)
    run(session, Revisions(revisions.items[:1]))
    first = structure(session)
    for table, columns, values in (
        ("users", "id, name", "1, 'Ada'"),
        ("posts", "id, title, author_id", "7, 'One', 1"),
        ("tags", "id", "3"),
        ("post_tag", "post_id, tag_id, weight", "7, 3, 5"),
        ("comments", "id, commentable_type, commentable_id", "1, 'post', 7"),
    ):
        session.execute(f"INSERT INTO {table} ({columns}) VALUES ({values})")
    run(session, revisions)
    assert session.fetch("SELECT id, title, author_id FROM articles") == [(7, "One", 1)]
    assert session.fetch("SELECT article_id, tag_id, weight FROM article_tag") == [(7, 3, 5)]
    assert session.fetch("SELECT commentable_type, commentable_id FROM comments") == [("article", 7)]
    with pytest.raises(DatabaseError):  # the guard is there, and knows the new name
        session.execute("INSERT INTO comments (id, commentable_type, commentable_id) VALUES (2, 'article', 8)")
    rollback(session, revisions)
    assert structure(session) == first
    assert session.fetch("SELECT post_id, tag_id, weight FROM post_tag") == [(7, 3, 5)]
    assert session.fetch("SELECT commentable_type, commentable_id FROM comments") == [("post", 7)]
