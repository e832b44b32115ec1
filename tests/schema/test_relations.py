"""Every relation kind and convention, resolved by hand."""

import pytest

from isomorph.catalog import (
    Catalog,
    Column,
    ColumnType,
    ForeignKey,
    Index,
    IndexColumn,
    Kind,
    ReferentialAction,
    Relation,
    RelationKind,
    Unique,
)
from tests.schema.conftest import Loader

BIGINT = ColumnType(Kind.BIGINT)
ALIAS = ColumnType(Kind.STRING, length=255)
CASCADE = ReferentialAction.CASCADE


def _relation(catalog: Catalog, path: str) -> Relation:
    model, _, name = path.partition(".")
    return catalog.model(model).relation(name)


def _index(name: str, *columns: str) -> Index:
    return Index(name, tuple(IndexColumn(column) for column in columns))


# --- belongs_to, has_one, has_many -------------------------------------------------------------------------------------


@pytest.mark.feature("schema.parse")
def test_belongs_to_adds_a_column_a_foreign_key_and_an_index(load_text: Loader) -> None:
    catalog = load_text(
        """
[models.User]
[models.Post.relations]
author = { belongs_to = "User", on_delete = "cascade", on_update = "restrict", doc = "Who wrote it." }
"""
    ).catalog
    table = catalog.model("Post").table
    assert table.columns[1] == Column("author_id", BIGINT)
    assert table.foreign_keys == (
        ForeignKey("posts_author_id_foreign", ("author_id",), "users", ("id",), CASCADE, ReferentialAction.RESTRICT),
    )
    assert table.indexes == (_index("posts_author_id_index", "author_id"),)
    assert _relation(catalog, "Post.author") == Relation(
        "author", RelationKind.BELONGS_TO, "User", ("author_id",), ("id",), nullable=False, doc="Who wrote it."
    )


@pytest.mark.feature("schema.parse")
def test_an_optional_belongs_to_may_be_null(load_text: Loader) -> None:
    catalog = load_text('[models.User.relations]\nmanager = { belongs_to = "User?", on_delete = "set null" }\n').catalog
    assert catalog.model("User").table.column("manager_id").nullable
    assert _relation(catalog, "User.manager").nullable


@pytest.mark.feature("schema.parse")
def test_a_unique_belongs_to_is_one_to_one(load_text: Loader) -> None:
    catalog = load_text(
        """
[models.User.relations]
profile = { has_one = "Profile" }
[models.Profile.relations]
user = { belongs_to = "User", unique = true }
"""
    ).catalog
    table = catalog.model("Profile").table
    assert table.uniques == (Unique("profiles_user_id_unique", ("user_id",)),)
    assert table.indexes == ()  # the unique constraint is one
    assert _relation(catalog, "User.profile") == Relation(
        "profile", RelationKind.HAS_ONE, "Profile", ("id",), ("user_id",), inverse="user"
    )
    assert _relation(catalog, "Profile.user").inverse == "profile"


@pytest.mark.feature("schema.parse")
def test_the_foreign_key_may_be_named_and_declared(load_text: Loader) -> None:
    catalog = load_text(
        """
[models.User.relations]
posts = { has_many = "Post", foreign_key = "writer_id" }
[models.Post.fields]
editor_id = { type = "bigint?", column = "EditorID", comment = "Who corrected it." }
[models.Post.relations]
author = { belongs_to = "User", foreign_key = "writer_id" }
editor = { belongs_to = "User?" }
"""
    ).catalog
    table = catalog.model("Post").table
    assert [column.name for column in table.columns] == ["id", "EditorID", "writer_id"]
    assert _relation(catalog, "Post.editor").local == ("EditorID",)
    assert table.foreign_keys[1].name == "posts_EditorID_foreign"
    assert _relation(catalog, "User.posts").remote == ("writer_id",)
    assert _relation(catalog, "Post.author").inverse == "posts"
    assert _relation(catalog, "Post.editor").inverse is None


@pytest.mark.feature("schema.parse")
def test_a_foreign_key_may_refer_to_another_unique_field(load_text: Loader) -> None:
    catalog = load_text(
        """
[models.User.fields]
email = { type = "string(99)", unique = true }
[models.User.relations]
posts = { has_many = "Post" }
[models.Post.relations]
author = { belongs_to = "User", references = "email" }
"""
    ).catalog
    assert catalog.model("Post").table.columns[1] == Column("author_email", ColumnType(Kind.STRING, length=99))
    assert _relation(catalog, "Post.author").remote == ("email",)
    assert _relation(catalog, "User.posts").local == ("email",)


@pytest.mark.feature("schema.parse")
def test_composite_foreign_keys(load_text: Loader) -> None:
    catalog = load_text(
        """
[models.Line]
primary_key = ["order", "number"]
[models.Line.fields]
order = "int"
number = { type = "smallint", column = "no" }
[models.Line.relations]
refunds = { has_many = "Refund" }
[models.Refund.relations]
line = { belongs_to = "Line?", on_delete = "set null" }
"""
    ).catalog
    refunds = catalog.model("Refund").table
    assert refunds.columns[1:] == (
        Column("line_order", ColumnType(Kind.INT), nullable=True),
        Column("line_number", ColumnType(Kind.SMALLINT), nullable=True),
    )
    assert refunds.foreign_keys == (
        ForeignKey(
            "refunds_line_order_line_number_foreign",
            ("line_order", "line_number"),
            "lines",
            ("order", "no"),
            ReferentialAction.SET_NULL,
        ),
    )
    assert refunds.indexes == (_index("refunds_line_order_line_number_index", "line_order", "line_number"),)
    assert _relation(catalog, "Line.refunds").local == ("order", "no")


@pytest.mark.feature("schema.parse")
def test_two_foreign_keys_may_share_a_column(load_text: Loader) -> None:
    catalog = load_text(
        """
[models.Tenant]
[models.User]
primary_key = ["tenant_id", "number"]
[models.User.fields]
number = "int"
[models.User.relations]
tenant = { belongs_to = "Tenant" }
[models.Post.relations]
tenant = { belongs_to = "Tenant" }
author = { belongs_to = "User?", foreign_key = ["tenant_id", "author_number"] }
"""
    ).catalog
    columns = [(column.name, column.nullable) for column in catalog.model("Post").table.columns]
    assert columns == [("id", False), ("tenant_id", False), ("author_number", True)]
    assert _relation(catalog, "Post.author").local == ("tenant_id", "author_number")


@pytest.mark.feature("schema.parse")
def test_inverses_by_name_and_by_being_the_only_one(load_text: Loader) -> None:
    catalog = load_text(
        """
[models.User.relations]
posts = { has_many = "Post" }
edited = { has_many = "Post", inverse = "editor" }
checked = { has_many = "Post", inverse = "editor" }
[models.Post.relations]
author = { belongs_to = "User", inverse = "posts" }
editor = { belongs_to = "User", inverse = "checked" }
"""
    ).catalog
    assert {path: _relation(catalog, path).inverse for path in ("Post.author", "Post.editor")} == {
        "Post.author": "posts",
        "Post.editor": "checked",
    }
    inverses = [relation.inverse for relation in catalog.model("User").relations]
    assert inverses == ["author", "editor", "editor"]


@pytest.mark.feature("schema.parse")
def test_a_tree_refers_to_itself(load_text: Loader) -> None:
    catalog = load_text(
        """
[models.Category.relations]
parent = { belongs_to = "Category?" }
children = { has_many = "Category" }
"""
    ).catalog
    assert catalog.model("Category").table.name == "categories"
    assert _relation(catalog, "Category.children") == Relation(
        "children", RelationKind.HAS_MANY, "Category", ("id",), ("parent_id",), inverse="parent"
    )


@pytest.mark.feature("schema.parse")
def test_models_may_refer_to_each_other_in_a_circle(load_text: Loader) -> None:
    catalog = load_text(
        """
[models.Team.relations]
captain = { belongs_to = "Player?" }
[models.Player.relations]
team = { belongs_to = "Team" }
"""
    ).catalog
    assert _relation(catalog, "Team.captain").remote == ("id",)
    assert _relation(catalog, "Player.team").remote == ("id",)


# --- through -----------------------------------------------------------------------------------------------------------

THROUGH = """
[models.Country.relations]
users = {{ has_many = "User" }}
posts = {{ has_many_through = "Post", through = "{posts}" }}
[models.User.relations]
country = {{ belongs_to = "Country" }}
posts = {{ has_many = "Post" }}
profile = {{ has_one = "Profile" }}
address = {{ has_one_through = "Address", through = "profile" }}
[models.Profile.relations]
user = {{ belongs_to = "User", unique = true }}
address = {{ has_one = "Address" }}
[models.Address.relations]
profile = {{ belongs_to = "Profile", unique = true }}
[models.Post.relations]
author = {{ belongs_to = "User" }}
country = {{ has_one_through = "Country", through = "author.country" }}
"""


@pytest.mark.feature("schema.parse")
@pytest.mark.parametrize("posts", ["users", "users.posts"])
def test_through_relations_follow_relations(load_text: Loader, posts: str) -> None:
    catalog = load_text(THROUGH.format(posts=posts)).catalog
    assert _relation(catalog, "Country.posts") == Relation(
        "posts", RelationKind.HAS_MANY_THROUGH, "Post", ("id",), (), through=("users", "posts")
    )
    assert _relation(catalog, "User.address") == Relation(
        "address", RelationKind.HAS_ONE_THROUGH, "Address", ("id",), (), through=("profile", "address")
    )
    country = _relation(catalog, "Post.country")
    assert (country.local, country.through) == (("author_id",), ("author", "country"))


@pytest.mark.feature("relations.declared")
def test_through_relations_follow_every_kind_but_morph_to_to_any_depth(load_text: Loader) -> None:
    catalog = load_text(
        """
[models.Country.relations]
users = { has_many = "User" }
notes = { has_many_through = "Note", through = "users.tagged.tags.colours" }
far = { has_many_through = "Colour", through = "users.colours" }
[models.User.relations]
country = { belongs_to = "Country" }
friends = { belongs_to_many = "User" }
posts = { has_many = "Post" }
tagged = { has_many_through = "Post", through = "friends.posts" }
colours = { has_many_through = "Colour", through = "tagged.tags" }
[models.Post.relations]
author = { belongs_to = "User" }
tags = { morph_to_many = "Tag", name = "taggable" }
[models.Tag.relations]
posts = { morphed_by_many = "Post", name = "taggable" }
colours = { morph_many = "Colour" }
readers = { has_many_through = "User", through = "posts.author.friends" }
[models.Colour.relations]
coloured = { morph_to = true }
notes = { has_many = "Note" }
[models.Note.relations]
colour = { belongs_to = "Colour" }
"""
    ).catalog
    assert {
        f"{model.name}.{relation.name}": relation.through
        for model in catalog.models
        for relation in model.relations
        if relation.through
    } == {
        "Country.notes": ("users", "friends", "posts", "tags", "colours", "notes"),
        "Country.far": ("users", "friends", "posts", "tags", "colours"),
        "User.tagged": ("friends", "posts"),
        "User.colours": ("friends", "posts", "tags", "colours"),
        "Tag.readers": ("posts", "author", "friends"),
    }


@pytest.mark.feature("relations.declared")
def test_through_relations_start_at_the_columns_of_their_first_step(load_text: Loader) -> None:
    catalog = load_text(
        """
[models.Line]
primary_key = ["order", "number"]
[models.Line.fields]
order = "int"
number = "int"
[models.Line.relations]
refunds = { has_many = "Refund" }
[models.Refund.relations]
line = { belongs_to = "Line" }
siblings = { has_many_through = "Refund", through = "line.refunds" }
"""
    ).catalog
    assert _relation(catalog, "Refund.siblings").local == ("line_order", "line_number")
