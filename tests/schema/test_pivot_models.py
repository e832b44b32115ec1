"""Pivot tables that keep timestamps, and those that are the table of a model."""

import pytest

from isomorph.catalog import Catalog, Column, ColumnType, Kind, Morph, MorphMember, Pivot, Relation, SqlDefault
from tests.schema.conftest import Loader

pytestmark = pytest.mark.feature("relations.declared")

TIMESTAMP = ColumnType(Kind.TIMESTAMPTZ)


def _relation(catalog: Catalog, path: str) -> Relation:
    model, _, name = path.partition(".")
    return catalog.model(model).relation(name)


@pytest.mark.parametrize(
    ("here", "there", "names"),
    [
        ("timestamps = true", "", ("created_at", "updated_at")),
        ('timestamps = { created_at = "made" }', "timestamps = { created_at = 'made' }", ("made", "updated_at")),
        ("", 'timestamps = { updated_at = "seen" }', ("created_at", "seen")),
    ],
)
def test_a_pivot_notes_when_its_rows_were_written(
    load_text: Loader, here: str, there: str, names: tuple[str, str]
) -> None:
    catalog = load_text(
        f"""
[models.User.relations]
roles = {{ belongs_to_many = "Role"{here and f", {here}"}, pivot = {{ level = "int?" }} }}
tags = {{ morph_to_many = "Tag", name = "taggable"{here and f", {here}"} }}
[models.Role.relations]
users = {{ belongs_to_many = "User"{there and f", {there}"} }}
[models.Tag.relations]
users = {{ morphed_by_many = "User", name = "taggable"{there and f", {there}"} }}
"""
    ).catalog
    stamps = tuple(Column(name, TIMESTAMP, default_sql=SqlDefault.NOW) for name in names)
    role_user, taggables = (table for _, table in catalog.pivots)
    assert role_user.columns[2:] == (Column("level", ColumnType(Kind.INT), nullable=True), *stamps)
    assert role_user.primary_key == ("user_id", "role_id")
    assert taggables.columns[3:] == stamps
    assert taggables.primary_key == ("tag_id", "taggable_type", "taggable_id")
    for path in ("User.roles", "Role.users", "User.tags", "Tag.users"):
        pivot = _relation(catalog, path).pivot
        assert pivot is not None
        assert (pivot.created_at, pivot.updated_at) == names
        assert pivot.fields[-2:] == names


def test_the_table_of_a_model_is_the_pivot(load_text: Loader) -> None:
    catalog = load_text(
        """
[models.User.fields]
email = { type = "string(99)", unique = true }
[models.User.relations]
teams = { belongs_to_many = "Team", model = "Membership" }
[models.Team]
primary_key = ["country", "number"]
[models.Team.fields]
country = "char(2)"
number = "int"
[models.Team.relations]
members = { belongs_to_many = "User", inverse = "teams" }
[models.Membership]
table = "members"
timestamps = true
[models.Membership.fields]
since = "date?"
[models.Membership.relations]
user = { belongs_to = "User", references = "email" }
team = { belongs_to = "Team" }
"""
    ).catalog
    assert catalog.pivots == ()
    pivot = Pivot(
        "members",
        ("user_email",),
        ("team_country", "team_number"),
        model="Membership",
        created_at="created_at",
        updated_at="updated_at",
    )
    teams, members = _relation(catalog, "User.teams"), _relation(catalog, "Team.members")
    assert (teams.local, teams.remote, teams.pivot) == (("email",), ("country", "number"), pivot)
    assert (members.local, members.remote) == (teams.remote, teams.local)
    assert members.pivot is not None
    assert (members.pivot.local, members.pivot.remote) == (pivot.remote, pivot.local)
    assert (members.pivot.model, teams.inverse, members.inverse) == ("Membership", "members", "teams")


@pytest.mark.parametrize("keys", ['foreign_key = "user_id"', 'related_key = "friend_id"'])
def test_a_model_between_rows_of_one_table_is_read_from_one_side(load_text: Loader, keys: str) -> None:
    catalog = load_text(
        f"""
[models.User.relations]
friends = {{ belongs_to_many = "User", model = "Friendship", {keys} }}
friend_of = {{ belongs_to_many = "User", inverse = "friends" }}
[models.Friendship.relations]
user = {{ belongs_to = "User" }}
friend = {{ belongs_to = "User" }}
"""
    ).catalog
    sides = [
        relation.pivot and (relation.pivot.local, relation.pivot.remote) for relation in catalog.models[0].relations
    ]
    assert sides == [(("user_id",), ("friend_id",)), (("friend_id",), ("user_id",))]


@pytest.mark.parametrize("said_by", ["morph_to_many", "morphed_by_many"])
def test_a_polymorphic_pivot_may_have_a_model_whose_members_are_derived(load_text: Loader, said_by: str) -> None:
    model = {kind: ', model = "Tagging"' if kind == said_by else "" for kind in ("morph_to_many", "morphed_by_many")}
    catalog = load_text(
        f"""
[models.Tagging.relations]
tag = {{ belongs_to = "Tag" }}
taggable = {{ morph_to = true }}
[models.Post.relations]
tags = {{ morph_to_many = "Tag", name = "taggable"{model["morph_to_many"]} }}
[models.Video]
[models.Tag.relations]
videos = {{ morphed_by_many = "Video", name = "taggable"{model["morphed_by_many"]} }}
posts = {{ morphed_by_many = "Post", name = "taggable" }}
[morph_map]
clip = "Video"
"""
    ).catalog
    assert catalog.pivots == ()
    morph = _relation(catalog, "Tagging.taggable").morph
    assert morph is not None
    assert morph.members == (MorphMember("post", "Post"), MorphMember("clip", "Video"))
    tags, videos = _relation(catalog, "Post.tags"), _relation(catalog, "Tag.videos")
    assert tags.pivot == Pivot("taggings", ("taggable_id",), ("tag_id",), model="Tagging")
    assert tags.morph == Morph("taggable", "taggable_type", "taggable_id", "post")
    assert (tags.local, tags.remote, tags.inverse) == (("id",), ("id",), "posts")
    assert videos.pivot == Pivot("taggings", ("tag_id",), ("taggable_id",), model="Tagging")
    assert videos.morph == Morph("taggable", "taggable_type", "taggable_id", "clip")
