"""Arcs, resolved by hand: which columns, keys, checks, uniques and indexes a table gets for one."""

import pytest

from isomorph.catalog import (
    And,
    Catalog,
    Check,
    ColumnRef,
    ForeignKey,
    Index,
    IndexColumn,
    Integrity,
    IsNull,
    MorphMember,
    Or,
    ReferentialAction,
    Unique,
)
from tests.schema.conftest import Loader, Mistakes

pytestmark = pytest.mark.feature("relations.integrity_schema")

MEMBERS = """
[models.Post.relations]
comments = { morph_many = "Comment" }
[models.Video.fields]
id = { type = "uuid", primary_key = true }
[models.Video.relations]
comments = { morph_many = "Comment" }
"""
POST, VIDEO = ColumnRef("commentable_post_id"), ColumnRef("commentable_video_id")


def _is_set(ref: ColumnRef) -> IsNull:
    return IsNull(ref, negated=True)


def _integrity(catalog: Catalog, model: str, relation: str) -> Integrity:
    morph = catalog.model(model).relation(relation).morph
    assert morph is not None
    return morph.integrity


def test_what_a_table_gets_for_a_required_one(load_text: Loader) -> None:
    catalog = load_text(
        MEMBERS
        + """
[models.Comment.relations]
commentable = { morph_to = true, integrity = "arc", on_delete = "cascade" }
"""
    ).catalog
    table = catalog.model("Comment").table
    assert [(column.name, str(column.type), column.nullable) for column in table.columns] == [
        ("id", "bigint", False),
        ("commentable_post_id", "bigint", True),
        ("commentable_video_id", "uuid", True),
    ]
    assert table.foreign_keys == (
        ForeignKey(
            "comments_commentable_post_id_foreign",
            ("commentable_post_id",),
            "posts",
            ("id",),
            on_delete=ReferentialAction.CASCADE,
        ),
        ForeignKey(
            "comments_commentable_video_id_foreign",
            ("commentable_video_id",),
            "videos",
            ("id",),
            on_delete=ReferentialAction.CASCADE,
        ),
    )
    condition = Or((And((_is_set(POST), IsNull(VIDEO))), And((_is_set(VIDEO), IsNull(POST)))))
    assert table.checks == (Check("comments_commentable_check", condition),)
    assert [(index.name, index.columns) for index in table.indexes] == [
        ("comments_commentable_post_id_index", (IndexColumn("commentable_post_id"),)),
        ("comments_commentable_video_id_index", (IndexColumn("commentable_video_id"),)),
    ]
    assert table.guards == ()
    assert all(field.private for field in catalog.model("Comment").fields if field.name != "id")


def test_the_relations_say_by_which_column_they_go(load_text: Loader) -> None:
    catalog = load_text(
        MEMBERS + '[models.Comment.relations]\ncommentable = { morph_to = true, integrity = "arc" }\n'
    ).catalog
    there = catalog.model("Comment").relation("commentable")
    assert (there.local, there.nullable) == ((), False)
    assert there.own_columns == ("commentable_post_id", "commentable_video_id")
    assert there.morph is not None
    assert there.morph.members == (
        MorphMember("post", "Post", "commentable_post_id"),
        MorphMember("video", "Video", "commentable_video_id"),
    )
    back = catalog.model("Video").relation("comments")
    assert back.remote == ("commentable_video_id",)
    assert back.morph is not None
    assert back.morph.filled == {"commentable_post_id": None}
    assert back.constants == ()


def test_a_check_says_exactly_one_or_at_most_one(load_text: Loader) -> None:
    def check(members: int, *, nullable: bool) -> object:
        models = "".join(
            f'[models.{name}.relations]\ncomments = {{ morph_many = "Comment" }}\n'
            for name in ("A", "B", "C")[:members]
        )
        word = "true" if nullable else "false"
        relation = f'commentable = {{ morph_to = true, integrity = "arc", nullable = {word} }}\n'
        catalog = load_text(f"{models}[models.Comment.relations]\n{relation}").catalog
        (found,) = catalog.model("Comment").table.checks
        return found.expression

    a, b, c = (ColumnRef(f"commentable_{name}_id") for name in "abc")
    assert check(1, nullable=False) == _is_set(a)
    assert check(2, nullable=True) == Or((IsNull(b), IsNull(a)))
    assert check(3, nullable=True) == Or(
        (And((IsNull(b), IsNull(c))), And((IsNull(a), IsNull(c))), And((IsNull(a), IsNull(b))))
    )
    assert check(3, nullable=False) == Or(
        (
            And((_is_set(a), IsNull(b), IsNull(c))),
            And((_is_set(b), IsNull(a), IsNull(c))),
            And((_is_set(c), IsNull(a), IsNull(b))),
        )
    )


def test_the_relation_says_it_or_its_model_or_the_project(load_text: Loader) -> None:
    text = """
[project]
integrity = "{project}"
[models.Post.relations]
comments = {{ morph_many = "Comment" }}
notes = {{ morph_many = "Note" }}
tags = {{ morph_to_many = "Tag", name = "taggable" }}
[models.Tag]
[models.Comment.relations]
commentable = {{ morph_to = true{comment} }}
[models.Note]
{note}
[models.Note.relations]
notable = {{ morph_to = true }}
"""
    none, triggers, arc = Integrity.NONE, Integrity.TRIGGERS, Integrity.ARC
    for project, comment, note, expected in (
        ("arc", "", "", (arc, arc, arc)),
        ("none", ', integrity = "arc"', "", (arc, none, none)),
        ("triggers", "", 'integrity = "arc"', (triggers, arc, triggers)),
        ("arc", ', integrity = "triggers"', 'integrity = "none"', (triggers, none, arc)),
    ):
        catalog = load_text(text.format(project=project, comment=comment, note=note)).catalog
        found = tuple(
            _integrity(catalog, *of) for of in (("Comment", "commentable"), ("Note", "notable"), ("Post", "tags"))
        )
        assert found == expected
        assert bool(catalog.pivots[0][1].primary_key) == (expected[2] is not arc)


def test_uniques_and_indexes_are_made_for_each_member(load_text: Loader) -> None:
    catalog = load_text(
        """
[project]
dialects = ["sqlite", "postgresql"]
integrity = "arc"
[models.Post.relations]
a = { morph_many = "Link", name = "source" }
b = { morph_many = "Link", name = "destination" }
[models.Video.relations]
a = { morph_many = "Link", name = "source" }
b = { morph_many = "Link", name = "destination" }
[models.Link]
uniques = [["source", "destination"], ["kind", "source"]]
indexes = [
  { fields = ["-source", "kind"], where = "kind <> 'x'" },
  { fields = ["source_post_id", "kind"], name = "of_posts" },
]
[models.Link.fields]
kind = "string(20)"
[models.Link.relations]
source = { morph_to = true }
destination = { morph_to = true, nullable = true }
"""
    ).catalog
    table = catalog.model("Link").table
    assert [unique.columns for unique in table.uniques] == [
        ("source_post_id", "destination_post_id"),
        ("source_post_id", "destination_video_id"),
        ("source_video_id", "destination_post_id"),
        ("source_video_id", "destination_video_id"),
        ("kind", "source_post_id"),
        ("kind", "source_video_id"),
    ]
    assert len({unique.name for unique in table.uniques}) == 6
    shown = [
        ((index.column_names or ("",))[0], index.columns[0].descending, index.where is not None)
        for index in table.indexes
    ]
    assert shown == [
        ("source_post_id", True, True),
        ("source_video_id", True, True),
        ("source_post_id", False, False),
        ("destination_post_id", False, False),
        ("destination_video_id", False, False),
    ]
    assert table.indexes[2].name == "of_posts"
    assert [check.name for check in table.checks] == ["links_source_check", "links_destination_check"]


def test_what_a_pivot_gets_for_one(load_text: Loader) -> None:
    catalog = load_text(
        """
[models.Post.relations]
tags = { morph_to_many = "Tag", name = "taggable", integrity = "arc", pivot = { weight = "int?" } }
[models.Video.fields]
id = { type = "uuid", primary_key = true }
[models.Video.relations]
tags = { morph_to_many = "Tag", name = "taggable" }
[models.Tag.relations]
posts = { morphed_by_many = "Post", name = "taggable" }
"""
    ).catalog
    ((_, table),) = catalog.pivots
    assert [column.name for column in table.columns] == ["tag_id", "taggable_post_id", "taggable_video_id", "weight"]
    assert table.primary_key == ()
    assert table.uniques == (
        Unique("taggables_tag_id_taggable_post_id_unique", ("tag_id", "taggable_post_id")),
        Unique("taggables_tag_id_taggable_video_id_unique", ("tag_id", "taggable_video_id")),
    )
    assert table.indexes == (
        Index("taggables_taggable_post_id_index", (IndexColumn("taggable_post_id"),)),
        Index("taggables_taggable_video_id_index", (IndexColumn("taggable_video_id"),)),
    )
    assert {key.on_delete for key in table.foreign_keys} == {ReferentialAction.CASCADE}
    assert [key.table for key in table.foreign_keys] == ["tags", "posts", "videos"]
    assert [check.name for check in table.checks] == ["taggables_taggable_check"]
    tags, posts = catalog.model("Video").relation("tags"), catalog.model("Tag").relation("posts")
    assert tags.pivot is not None
    assert posts.pivot is not None
    assert (tags.pivot.local, tags.pivot.remote) == (("taggable_video_id",), ("tag_id",))
    assert (posts.pivot.local, posts.pivot.remote) == (("tag_id",), ("taggable_post_id",))


def test_long_names_are_cut_and_stay_apart(load_text: Loader) -> None:
    name = "a" * 52
    catalog = load_text(
        f"""
[models.Post.relations]
comments = {{ morph_many = "Comment", name = "{name}" }}
[models.Video.relations]
comments = {{ morph_many = "Comment", name = "{name}" }}
[models.Comment.relations]
{name} = {{ morph_to = true, integrity = "arc" }}
"""
    ).catalog
    table = catalog.model("Comment").table
    names = [index.name for index in table.indexes] + [check.name for check in table.checks]
    names += [key.name for key in table.foreign_keys]
    assert len(set(names)) == 5
    assert max(map(len, names)) <= 63


def test_schema_expressions_may_name_the_columns(load_text: Loader) -> None:
    catalog = load_text(
        MEMBERS
        + """
[models.Comment]
checks = [{ check = "commentable_post_id > 0", name = "positive" }]
[models.Comment.relations]
commentable = { morph_to = true, integrity = "arc" }
[models.Comment.scopes]
on_posts = "commentable_post_id is not null"
"""
    ).catalog
    assert {check.name for check in catalog.model("Comment").table.checks} == {"positive", "comments_commentable_check"}


def test_models_of_names_that_are_alike_are_told_once(mistakes: Mistakes) -> None:
    found = mistakes(
        """
[models.URLPost.relations]
comments = { morph_many = "Comment" }
[models.UrlPost]
table = "others"
[models.UrlPost.relations]
comments = { morph_many = "Comment" }
[models.Comment.relations]
commentable = { morph_to = true, integrity = "arc" }
"""
    )
    assert len(found) == 1
    assert 'module "url_post" is already the generated module of model "URLPost"' in found[0]


def test_what_only_mysql_has_not_others_have(load_text: Loader) -> None:
    relation = 'commentable = { morph_to = true, integrity = "arc", nullable = true, on_delete = "set null" }\n'
    catalog = load_text(
        f'[project]\ndialects = ["sqlite", "postgresql"]\n{MEMBERS}\n[models.Comment.relations]\n{relation}'
    ).catalog
    actions = {key.on_delete for key in catalog.model("Comment").table.foreign_keys}
    assert actions == {ReferentialAction.SET_NULL}
