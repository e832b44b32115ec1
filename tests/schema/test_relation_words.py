"""What relations say beside where they lead: one of many, default, touches; relations between connections."""

import datetime as dt
from decimal import Decimal

import pytest

from isomorph.catalog import Catalog, Default, OneOf, Relation, RelationKind
from tests.schema.conftest import Loader, Mistakes


def _relation(catalog: Catalog, path: str) -> Relation:
    model, _, name = path.partition(".")
    return catalog.model(model).relation(name)


# --- one of many ---------------------------------------------------------------------------------------------------------

_LOGINS = """
[models.User.relations]
team = {{ belongs_to = "Team" }}
logins = {{ has_many = "Login" }}
chosen = {{ has_one = "Login", {word} }}
image = {{ morph_one = "Login", name = "about", {word} }}
[models.Team.relations]
users = {{ has_many = "User" }}
chosen = {{ has_one_through = "Login", through = "users.logins", {word} }}
[models.Login]
timestamps = true
version = true
[models.Login.fields]
{key}
cost = {{ type = "decimal(9, 2)?", column = "price" }}
[models.Login.relations]
user = {{ belongs_to = "User" }}
about = {{ morph_to = true }}
"""
_NUMBERED = ""
_UUID7 = 'id = { type = "uuid", primary_key = true, default_code = "uuid7" }'


@pytest.mark.feature("relations.declared")
@pytest.mark.parametrize(
    ("word", "key", "chosen"),
    [
        ("latest_of_many = true", _NUMBERED, OneOf("id", greatest=True)),
        ("oldest_of_many = true", _UUID7, OneOf("id", greatest=False)),
        ('latest_of_many = "created_at"', _NUMBERED, OneOf("created_at", greatest=True)),
        ('oldest_of_many = "cost"', _NUMBERED, OneOf("price", greatest=False)),
        ('of_many = { column = "version" }', _NUMBERED, OneOf("version", greatest=True)),
        ('of_many = { column = "cost", aggregate = "min" }', _NUMBERED, OneOf("price", greatest=False)),
        ("latest_of_many = false", _NUMBERED, None),
    ],
)
def test_a_to_one_relation_chooses_a_row_of_several(
    load_text: Loader, mistakes: Mistakes, word: str, key: str, chosen: OneOf | None
) -> None:
    text = _LOGINS.format(word=word, key=key)
    if chosen is None:
        (line,) = mistakes(text)
        assert line.endswith("users.logins leads to several rows (write has_many_through)")
        return
    catalog = load_text(text).catalog
    for path in ("User.chosen", "User.image", "Team.chosen"):
        assert _relation(catalog, path).one_of == chosen, path
    assert _relation(catalog, "Login.user").inverse == "logins"  # a chosen row is no other end
    assert _relation(catalog, "User.chosen").inverse == "user"


# --- default -------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("relations.declared")
def test_an_absent_one_reads_as_an_object_with_checked_values(load_text: Loader) -> None:
    catalog = load_text(
        """
[enums]
Role = ["member", "guest"]
[models.User.fields]
name = "string(20)"
role = "Role"
born = "date?"
worth = { type = "decimal(9, 2)?", column = "money" }
settings = "json"
[models.User.relations]
profile = { has_one = "Profile", default = true, inverse = "user" }
image = { morph_one = "Profile", default = { boss_id = 3 } }
boss = { belongs_to = "User?" }
[models.Profile.relations]
about = { morph_to = true }
boss = { belongs_to = "User?" }
[models.Plain.relations]
user = { belongs_to = "User?", default = false }
[models.Profile.relations.user]
belongs_to = "User?"
default = { name = "Guest", role = "guest", born = 1815-12-10, worth = 1.5, settings = { dark = [true] } }
"""
    ).catalog
    assert _relation(catalog, "Profile.user").default == (
        ("name", Default("Guest")),
        ("role", Default("guest")),
        ("born", Default(dt.date(1815, 12, 10))),
        ("worth", Default(Decimal("1.5"))),
        ("settings", Default({"dark": [True]})),
    )
    assert _relation(catalog, "User.image").default == (("boss_id", Default(3)),)
    assert _relation(catalog, "User.profile").default == ()
    assert _relation(catalog, "Plain.user").default is None


# --- touches -------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("relations.declared")
def test_a_parent_with_timestamps_may_be_touched(load_text: Loader) -> None:
    catalog = load_text(
        """
[models.User]
timestamps = true
[models.User.relations]
comments = { morph_many = "Comment" }
[models.Comment.relations]
author = { belongs_to = "User", touches = true }
other = { belongs_to = "User" }
commentable = { morph_to = true, touches = true }
"""
    ).catalog
    touching = [relation.name for relation in catalog.model("Comment").relations if relation.touches]
    assert touching == ["author", "commentable"]


# --- between connections -------------------------------------------------------------------------------------------------

_CONNECTIONS = """
[connections.default]
url = "sqlite:///a.db"
[connections.other]
url = "sqlite:///b.db"
"""


@pytest.mark.feature("relations.declared")
def test_relations_between_connections_have_no_foreign_key_but_an_index(load_text: Loader) -> None:
    catalog = load_text(
        _CONNECTIONS
        + """
[models.User]
primary_key = ["tenant", "number"]
[models.User.fields]
tenant = "int"
number = "int"
[models.User.relations]
events = { has_many = "Event" }
first_event = { has_one = "Event", oldest_of_many = true }
[models.Place.relations]
events = { morph_many = "Event" }
near = { morph_one = "Note" }
[models.Event]
connection = "other"
[models.Event.relations]
user = { belongs_to = "User" }
subject = { morph_to = true }
parent = { belongs_to = "Event?", on_delete = "cascade" }
[models.Note.relations]
place = { morph_to = true }
"""
    ).catalog
    crossing = {
        f"{model.name}.{relation.name}" for model in catalog.models for relation in model.relations if relation.crosses
    }
    assert crossing == {"User.events", "User.first_event", "Place.events", "Event.user", "Event.subject"}
    table = catalog.model("Event").table
    assert [key.columns for key in table.foreign_keys] == [("parent_id",)]
    assert [index.name for index in table.indexes] == [
        "events_user_tenant_user_number_index",
        "events_subject_type_subject_id_index",
        "events_parent_id_index",
    ]
    assert _relation(catalog, "Event.user").local == ("user_tenant", "user_number")
    assert _relation(catalog, "User.events").kind is RelationKind.HAS_MANY
