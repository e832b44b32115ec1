"""Random edits of the text of a schema: the difference leads there and back, and renames lose nothing."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isomorph.migrate import State, fold, reverse
from isomorph_generator.migrations import detect
from isomorph_generator.schema import Project, load
from tests.migrations.test_make import BLOG

EDITS = (
    ('string(100)", unique = true', 'string(150)"'),
    ("role = {", 'role = { comment = "What one may do",'),
    ('default = "member"', 'default = "admin"'),
    ('["member", "admin"]', '["admin", "member", "owner"]'),
    ('title = { type = "string(200)", index = true }', 'title = { type = "string(90)?", default = "x" }'),
    ("[models.Label]", '[models.Label]\ntimestamps = { trigger = true }\ncomment = "Labels"'),
    (
        "[models.Label]",
        '[models.Label]\nversion = true\n[models.Label.fields]\ncode = { type = "string(9)", default = "" }',
    ),
    ('pivot = { weight = "int?" }', 'pivot = { weight = "bigint?" }, timestamps = true'),
    ('integrity = "triggers"', 'integrity = "none"'),
    (
        "[models.Post.fields]",
        '[models.Post]\nindexes = [["-title", "author"]]\nchecks = ["title <> \'\'"]\n[models.Post.fields]',
    ),
    ("[models.Post.fields]", '[models.Post.fields]\nlength = { type = "int?", generated = "length(title)" }'),
    ('belongs_to = "User" }', 'belongs_to = "User", on_delete = "restrict", on_update = "restrict" }'),
    ("[models.Comment.relations]", '[models.Comment.relations]\nuser = { belongs_to = "User?" }'),
    ("[models.Label]", "[morph_map]\nentry = 'Post'\n[models.Label]"),
    ("[models.Label]", "[views]\nnamed = 'SELECT id, title FROM posts'\n[models.Label]"),
)
"""Old text and new one."""
SOME_EDITS = st.lists(st.sampled_from(EDITS), max_size=6, unique_by=lambda edit: edit[0])
"""Each at a place of its own."""

RENAMES = (
    ("title = {", 'headline = { was = "title",'),
    ("author = {", 'writer = { was = "author",'),
    ('inverse = "author"', 'inverse = "writer"'),
    ('["member", "admin"]', '[{ name = "user", was = "member" }, "admin"]'),
    ('default = "member"', 'default = "user"'),
    ("weight =", 'rank = { was = "weight", type ='),
    ('"int?" }', '"int?" } }'),
    ("commentable = {", 'subject = { was = "commentable",'),
    ('name = "commentable"', 'name = "subject"'),
    ('name = "labelable"', 'name = "markable", was = "labelable"'),
    ('"Label"', '"Sticker"'),
    ("[models.Label]", '[models.Sticker]\nwas = "Label"'),
)
TOGETHER = ((0,), (1, 2), (3, 4), (5, 6), (7, 8), (9,), (10, 11))
"""Renames that go together."""


def loaded(folder: Path, text: str) -> Project:
    path = folder / "schema.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def edited(edits: list[tuple[str, str]]) -> str:
    text = BLOG
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return text


@pytest.mark.feature("migrations.detect")
@given(SOME_EDITS, SOME_EDITS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_edit_of_a_schema_leads_there_and_back(
    tmp_path: Path, one: list[tuple[str, str]], other: list[tuple[str, str]]
) -> None:
    before = State.of_catalog(loaded(tmp_path, edited(one)).catalog)
    project = loaded(tmp_path, edited(other))
    after = State.of_catalog(project.catalog)
    operations = detect(before, after, project.renames["default"])
    reached = fold(operations, before)
    assert reached.is_same(after)
    assert detect(reached, after, project.renames["default"]) == ()
    assert fold(reverse(operations), reached).is_same(before)


@pytest.mark.feature("migrations.detect_renames", "schema.was")
@given(st.sets(st.sampled_from(TOGETHER)))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_renames_in_a_schema_lose_nothing(tmp_path: Path, groups: set[tuple[int, ...]]) -> None:
    before = State.of_catalog(loaded(tmp_path, BLOG).catalog)
    text = BLOG
    for place in sorted(place for group in groups for place in group):
        old, new = RENAMES[place]
        assert old in text
        text = text.replace(old, new)
    project = loaded(tmp_path, text)
    after = State.of_catalog(project.catalog)
    operations = detect(before, after, project.renames["default"])
    assert [loss for operation in operations for loss in operation.losses()] == []
    assert fold(operations, before).is_same(after)
    assert fold(reverse(operations), after).is_same(before)
