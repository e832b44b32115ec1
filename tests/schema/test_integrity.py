"""Integrity of polymorphic relations, resolved by hand: who says it, and what tables get for it."""

import pytest

from isomorph.catalog import (
    And,
    Catalog,
    Check,
    ColumnRef,
    GuardMember,
    In,
    Integrity,
    IsNull,
    Literal,
    MorphGuard,
    Or,
    ReferentialAction,
)
from tests.schema.conftest import Loader, Mistakes

pytestmark = pytest.mark.feature("relations.integrity_schema")

SCHEMA = """
[models.Post.relations]
comments = { morph_many = "Comment" }
notes = { morph_many = "Note" }
tags = { morph_to_many = "Tag", name = "taggable" }
[models.Video.relations]
comments = { morph_many = "Comment" }
[models.Tag]
[morph_map]
"App\\\\Video" = "Video"
"""


def _said(catalog: Catalog, model: str, relation: str) -> tuple[Integrity, ReferentialAction]:
    morph = catalog.model(model).relation(relation).morph
    assert morph is not None
    return morph.integrity, morph.on_delete


def test_the_relation_says_it_or_its_model_or_the_project(load_text: Loader) -> None:
    relations = """
[models.Comment.relations]
commentable = {{ morph_to = true{comment} }}
[models.Note]
{note}
[models.Note.relations]
notable = {{ morph_to = true }}
"""
    triggers, none = Integrity.TRIGGERS, Integrity.NONE
    for project, comment, note, expected in (
        ("none", "", "", (none, none, none)),
        ("triggers", "", "", (triggers, triggers, triggers)),
        ("none", ', integrity = "triggers"', "", (triggers, none, none)),
        ("none", "", 'integrity = "triggers"', (none, triggers, none)),
        ("triggers", ', integrity = "none"', 'integrity = "none"', (none, none, triggers)),
    ):
        head = f'[project]\nintegrity = "{project}"\n'
        catalog = load_text(head + SCHEMA + relations.format(comment=comment, note=note)).catalog
        asked = (("Comment", "commentable"), ("Note", "notable"), ("Post", "tags"))
        assert tuple(_said(catalog, *of)[0] for of in asked) == expected
        assert [bool(catalog.model(model).table.guards) for model in ("Comment", "Note")] == [
            kept is triggers for kept in expected[:2]
        ]
        assert bool(catalog.pivots[0][1].guards) == (expected[2] is triggers)


def test_what_a_table_gets_for_it(load_text: Loader) -> None:
    catalog = load_text(
        SCHEMA
        + """
[models.Comment.relations]
commentable = { morph_to = true, nullable = true, integrity = "triggers", on_delete = "set null" }
[models.Note.relations]
notable = { morph_to = true, integrity = "triggers" }
"""
    ).catalog
    type_, id_ = ColumnRef("commentable_type"), ColumnRef("commentable_id")
    table = catalog.model("Comment").table
    assert table.checks == (
        Check("comments_commentable_type_check", In(type_, (Literal("post"), Literal("App\\Video")))),
        Check(
            "comments_commentable_type_commentable_id_check",
            Or((And((IsNull(type_), IsNull(id_))), And((IsNull(type_, negated=True), IsNull(id_, negated=True))))),
        ),
    )
    members = (GuardMember("post", "posts", "id"), GuardMember("App\\Video", "videos", "id"))
    assert table.guards == (
        MorphGuard(
            "comments_commentable_guard",
            "commentable_type",
            "commentable_id",
            members,
            on_delete=ReferentialAction.SET_NULL,
        ),
    )
    required = catalog.model("Note").table
    assert [check.name for check in required.checks] == ["notes_notable_type_check"]
    assert _said(catalog, "Note", "notable") == (Integrity.TRIGGERS, ReferentialAction.NO_ACTION)
    assert _said(catalog, "Video", "comments") == (Integrity.TRIGGERS, ReferentialAction.SET_NULL)


def test_a_pivot_goes_with_the_rows_that_it_points_to(load_text: Loader) -> None:
    text = SCHEMA.replace('name = "taggable"', 'name = "taggable", integrity = "triggers"')
    catalog = load_text(
        text
        + """
[models.Comment.relations]
commentable = { morph_to = true }
[models.Note.relations]
notable = { morph_to = true }
"""
    ).catalog
    table = catalog.pivots[0][1]
    members = (GuardMember("post", "posts", "id"),)
    assert table.guards == (
        MorphGuard(
            "taggables_taggable_guard",
            "taggable_type",
            "taggable_id",
            members,
            on_delete=ReferentialAction.CASCADE,
        ),
    )
    assert [check.name for check in table.checks] == ["taggables_taggable_type_check"]
    assert _said(catalog, "Post", "tags") == (Integrity.TRIGGERS, ReferentialAction.CASCADE)


def test_both_sides_of_a_pivot_agree_and_a_model_says_it_itself(mistakes: Mistakes) -> None:
    found = mistakes(
        """
[models.Post.relations]
tags = { morph_to_many = "Tag", name = "taggable", integrity = "triggers" }
labels = { morph_to_many = "Label", name = "labelable", model = "Labeling", integrity = "triggers" }
[models.Tag.relations]
posts = { morphed_by_many = "Post", name = "taggable", integrity = "none" }
[models.Label.relations]
posts = { morphed_by_many = "Post", name = "labelable" }
[models.Labeling.relations]
label = { belongs_to = "Label" }
labelable = { morph_to = true }
"""
    )
    differs = (
        'pivot table "taggables" is declared otherwise by models.Post.relations.tags, at schema.toml:3:1: its integrity is'
        ' "triggers" (make both agree, or give one another `table`)'
    )
    assert [line.split(": ", 1)[1] for line in found] == [
        '"model" and "integrity" exclude each other (the model says what its table is and has)',
        differs,
    ]


def test_what_mysql_would_not_keep_others_do(load_text: Loader) -> None:
    catalog = load_text(
        """
[project]
dialects = ["sqlite", "postgresql"]
integrity = "triggers"
[models.User]
[models.Post.relations]
author = { belongs_to = "User", on_delete = "cascade" }
comments = { morph_many = "Comment" }
[models.Comment.relations]
commentable = { morph_to = true, on_delete = "cascade" }
comments = { morph_many = "Comment" }
"""
    ).catalog
    assert len(catalog.model("Comment").table.guards[0].members) == 2
