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
    Morph,
    MorphMember,
    Pivot,
    ReferentialAction,
    Relation,
    RelationKind,
    Table,
    Unique,
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


# --- belongs_to_many ---------------------------------------------------------------------------------------------------

ROLE_USER = Table(
    name="role_user",
    columns=(
        Column("user_id", BIGINT),
        Column("role_id", BIGINT),
        Column("since", ColumnType(Kind.DATETIME), nullable=True),
    ),
    primary_key=("user_id", "role_id"),
    indexes=(_index("role_user_role_id_index", "role_id"),),
    foreign_keys=(
        ForeignKey("role_user_user_id_foreign", ("user_id",), "users", ("id",), CASCADE),
        ForeignKey("role_user_role_id_foreign", ("role_id",), "roles", ("id",), CASCADE),
    ),
)


@pytest.mark.feature("schema.parse")
@pytest.mark.parametrize(
    ("roles", "users"),
    [
        ('pivot = { since = "datetime?" }', ""),
        ("", ', pivot = { since = "datetime?" }'),
        ('pivot = { since = "datetime?" }', ', pivot = { since = "datetime?" }'),
        ('pivot = { since = "datetime?" }', ', inverse = "roles"'),
        ('inverse = "users"', ', pivot = { since = "datetime?" }'),
        (
            'foreign_key = "user_id"',
            ', foreign_key = ["role_id"], pivot = { since = "datetime?" }, table = "role_user"',
        ),
    ],
)
def test_both_sides_of_many_to_many_share_one_table(load_text: Loader, roles: str, users: str) -> None:
    roles = f", {roles}" if roles else ""
    catalog = load_text(
        f"""
[models.User.relations]
roles = {{ belongs_to_many = "Role"{roles} }}
[models.Role.relations]
users = {{ belongs_to_many = "User"{users} }}
"""
    ).catalog
    assert catalog.pivots == (("default", ROLE_USER),)
    assert _relation(catalog, "User.roles") == Relation(
        "roles",
        RelationKind.BELONGS_TO_MANY,
        "Role",
        ("id",),
        ("id",),
        pivot=Pivot("role_user", ("user_id",), ("role_id",), ("since",)),
        inverse="users",
    )
    assert _relation(catalog, "Role.users").pivot == Pivot("role_user", ("role_id",), ("user_id",), ("since",))
    assert _relation(catalog, "Role.users").inverse == "roles"


@pytest.mark.feature("schema.parse")
def test_many_to_many_of_a_model_with_itself(load_text: Loader) -> None:
    catalog = load_text(
        """
[models.User.relations]
friends = { belongs_to_many = "User" }
following = { belongs_to_many = "User", table = "follows", foreign_key = "follower_id", related_key = "followed_id" }
followers = { belongs_to_many = "User", inverse = "following" }
"""
    ).catalog
    pivots = {relation.name: relation.pivot for relation in catalog.model("User").relations}
    assert pivots == {
        "friends": Pivot("user_user", ("user_id",), ("friend_id",)),
        "following": Pivot("follows", ("follower_id",), ("followed_id",)),
        "followers": Pivot("follows", ("followed_id",), ("follower_id",)),
    }
    assert [table.name for _, table in catalog.pivots] == ["follows", "user_user"]
    assert [relation.inverse for relation in catalog.model("User").relations] == [None, "followers", "following"]


@pytest.mark.feature("schema.parse")
def test_many_to_many_over_composite_keys(load_text: Loader) -> None:
    catalog = load_text(
        """
[models.Line]
primary_key = ["a", "b"]
[models.Line.fields]
a = "int"
b = "string(5)"
[models.Label.relations]
lines = { belongs_to_many = "Line" }
"""
    ).catalog
    ((_, table),) = catalog.pivots
    assert table.name == "label_line"
    assert [(column.name, str(column.type)) for column in table.columns] == [
        ("label_id", "bigint"),
        ("line_a", "int"),
        ("line_b", "string(5)"),
    ]
    assert table.foreign_keys[1].references == ("a", "b")
    assert _relation(catalog, "Label.lines").remote == ("a", "b")


@pytest.mark.feature("schema.names")
def test_a_pivot_table_is_no_models_table(mistakes: Mistakes) -> None:
    text = '[models.User.relations]\nroles = { belongs_to_many = "Role", table = "roles" }\n[models.Role]\n'
    assert mistakes(text) == [
        (
            'schema.toml:2:1 models.User.relations.roles: table "roles" is already that of model Role, at schema.toml:3:9 '
            "(give the pivot another `table`)"
        ),
    ]


# --- morph_to, morph_one, morph_many -----------------------------------------------------------------------------------


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
        ("commentable_id",),
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


# --- morph_to_many, morphed_by_many ------------------------------------------------------------------------------------


@pytest.mark.feature("schema.parse")
def test_a_polymorphic_pivot_is_shared_by_all_models_of_its_name(load_text: Loader) -> None:
    catalog = load_text(
        """
[models.Post.relations]
tags = { morph_to_many = "Tag", name = "taggable" }
[models.Video.relations]
tags = { morph_to_many = "Tag", name = "taggable", pivot = { added = "date?" } }
[models.Tag.relations]
posts = { morphed_by_many = "Post", name = "taggable" }
"""
    ).catalog
    assert catalog.pivots == (
        (
            "default",
            Table(
                name="taggables",
                columns=(
                    Column("tag_id", BIGINT),
                    Column("taggable_type", ALIAS),
                    Column("taggable_id", BIGINT),
                    Column("added", ColumnType(Kind.DATE), nullable=True),
                ),
                primary_key=("tag_id", "taggable_type", "taggable_id"),
                indexes=(_index("taggables_taggable_type_taggable_id_index", "taggable_type", "taggable_id"),),
                foreign_keys=(ForeignKey("taggables_tag_id_foreign", ("tag_id",), "tags", ("id",), CASCADE),),
            ),
        ),
    )
    assert _relation(catalog, "Post.tags") == Relation(
        "tags",
        RelationKind.MORPH_TO_MANY,
        "Tag",
        ("id",),
        ("id",),
        pivot=Pivot("taggables", ("taggable_id",), ("tag_id",), ("added",)),
        morph=Morph("taggable", "taggable_type", "taggable_id", "post"),
        inverse="posts",
    )
    assert _relation(catalog, "Tag.posts") == Relation(
        "posts",
        RelationKind.MORPHED_BY_MANY,
        "Post",
        ("id",),
        ("id",),
        pivot=Pivot("taggables", ("tag_id",), ("taggable_id",), ("added",)),
        morph=Morph("taggable", "taggable_type", "taggable_id", "post"),
        inverse="tags",
    )
    assert _relation(catalog, "Video.tags").inverse is None


# --- mixins --------------------------------------------------------------------------------------------------------------


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
