"""Many to many: both ends, one pivot table, resolved by hand."""

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
    MorphAliases,
    Pivot,
    ReferentialAction,
    Relation,
    RelationKind,
    Table,
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
            '(give the pivot another `table`, or say model = "Role" if it is that)'
        ),
    ]


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
                aliases=(MorphAliases("taggable_type", (("post", "posts"), ("video", "videos"))),),
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
