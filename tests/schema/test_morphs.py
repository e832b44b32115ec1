"""Polymorphic relations and mixins, resolved by hand."""

import pytest

from isomorph.catalog import (
    Catalog,
    Column,
    ColumnType,
    Index,
    IndexColumn,
    Kind,
    Morph,
    MorphMember,
    ReferentialAction,
    Relation,
    RelationKind,
)
from tests.schema.conftest import Loader, Mistakes

BIGINT = ColumnType(Kind.BIGINT)
ALIAS = ColumnType(Kind.STRING, length=255)
CASCADE = ReferentialAction.CASCADE


def _relation(catalog: Catalog, path: str) -> Relation:
    model, _, name = path.partition(".")
    return catalog.model(model).relation(name)


def _index(name: str, *columns: str) -> Index:
    return Index(name, tuple(IndexColumn(column) for column in columns))


@pytest.mark.feature("schema.parse", "schema.mixins")
def test_morph_to_leads_to_the_models_that_declare_the_inverse(load_text: Loader) -> None:
    catalog = load_text(
        """
[mixins.HasComments.relations]
comments = { morph_many = "Comment", name = "commentable" }
[models.Post]
mixins = ["HasComments"]
[models.Comment.relations]
author = { belongs_to = "Post?" }
commentable = { morph_to = true }
[models.Video]
mixins = ["HasComments"]
[models.Video.relations]
pinned = { morph_one = "Comment" }
[morph_map]
"App\\\\Video" = "Video"
"""
    ).catalog
    comments = catalog.model("Comment")
    assert [(field.name, field.column, field.private) for field in comments.fields[2:]] == [
        ("_commentable_type", "commentable_type", True),
        ("_commentable_id", "commentable_id", True),
    ]
    assert comments.table.columns[2:] == (Column("commentable_type", ALIAS), Column("commentable_id", BIGINT))
    assert comments.table.indexes[1] == _index(
        "comments_commentable_type_commentable_id_index", "commentable_type", "commentable_id"
    )
    members = (MorphMember("post", "Post"), MorphMember("App\\Video", "Video"))
    assert _relation(catalog, "Comment.commentable") == Relation(
        "commentable",
        RelationKind.MORPH_TO,
        None,
        (),
        (),
        nullable=False,
        morph=Morph("commentable", "commentable_type", "commentable_id", members=members),
    )
    assert _relation(catalog, "Video.comments") == Relation(
        "comments",
        RelationKind.MORPH_MANY,
        "Comment",
        ("id",),
        ("commentable_id",),
        morph=Morph("commentable", "commentable_type", "commentable_id", "App\\Video"),
        inverse="commentable",
    )
    assert _relation(catalog, "Video.pinned").kind is RelationKind.MORPH_ONE
    assert catalog.model("Video").morph_alias == "App\\Video"
    assert catalog.model("Video").mixins == ("HasComments",)


@pytest.mark.feature("schema.parse")
def test_an_optional_morph_to_with_members_spelled_out(load_text: Loader) -> None:
    catalog = load_text(
        """
[models.Image.relations]
imageable = { morph_to = true, nullable = true, members = ["Post", "User"] }
[models.User.fields]
id = { type = "uuid", primary_key = true }
[models.User.relations]
image = { morph_one = "Image", name = "imageable" }
[models.Post.fields]
id = { type = "uuid", primary_key = true }
[models.Post.relations]
image = { morph_one = "Image", name = "imageable" }
"""
    ).catalog
    assert catalog.model("Image").table.columns[1:] == (
        Column("imageable_type", ALIAS, nullable=True),
        Column("imageable_id", ColumnType(Kind.UUID), nullable=True),
    )
    assert _relation(catalog, "Image.imageable").nullable


@pytest.mark.feature("schema.mixins")
def test_mixins_add_fields_and_relations_behind_the_models_own(load_text: Loader) -> None:
    project = load_text(
        """
[mixins.Owned]
doc = "Belongs to somebody."
[mixins.Owned.fields]
note = "text?"
[mixins.Owned.relations]
owner = { belongs_to = "User" }
[models.User]
[models.Car]
mixins = ["Owned"]
[models.Car.fields]
plate = "string(9)"
[models.House]
mixins = ["Owned"]
"""
    )
    assert [column.name for column in project.catalog.model("Car").table.columns] == ["id", "plate", "note", "owner_id"]
    assert [column.name for column in project.catalog.model("House").table.columns] == ["id", "note", "owner_id"]
    (mixin,) = project.mixins
    assert (mixin.name, mixin.fields, mixin.relations, mixin.doc) == (
        "Owned",
        ("note",),
        ("owner",),
        "Belongs to somebody.",
    )


@pytest.mark.feature("schema.mixins", "schema.errors")
def test_mistakes_of_a_mixin_are_told_once_and_at_the_mixin(mistakes: Mistakes) -> None:
    schema = """
[mixins.Owned.fields]
note = "txt"
[mixins.Owned.relations]
owner = { belongs_to = "Usr" }
[mixins.Unused.fields]
note = "txt"
[models.User]
[models.Car]
mixins = ["Owned"]
[models.House]
mixins = ["Owned"]
[models.House.fields]
owner = "int"
"""
    assert mistakes(schema) == [
        'schema.toml:3:8 mixins.Owned.fields.note: no type "txt" (did you mean "text"?)',
        (
            'schema.toml:5:1 mixins.Owned.relations.owner: relation "owner" is already a field of model House, '
            "at schema.toml:14:1 (rename one of the two)"
        ),
        'schema.toml:5:24 mixins.Owned.relations.owner: no model "Usr" (did you mean "User"?)',
        'schema.toml:7:8 mixins.Unused.fields.note: no type "txt" (did you mean "text"?)',
    ]
