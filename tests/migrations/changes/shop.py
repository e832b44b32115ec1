"""Tables with all that may join them: keys, indexes, checks, computed columns, triggers, references in circles."""

from isomorph.migrate import (
    Arithmetic,
    Check,
    Column,
    ColumnRef,
    Comparison,
    Default,
    Enum,
    ForeignKey,
    Generated,
    GuardMember,
    Index,
    IndexColumn,
    IsNull,
    Literal,
    MorphAliases,
    MorphGuard,
    ReferentialAction,
    Table,
    Unique,
)
from isomorph.migrate import types as t

ID = Column("id", t.bigint(), auto_increment=True)

ROLE = Enum("Role", ("member", "it's", "50%"), "role")

USERS = Table(
    "users",
    (
        ID,
        Column("name", t.string(20)),
        Column("age", t.smallint(), nullable=True),
        Column("role", t.enum("Role"), default=Default("it's")),
        Column("manager_id", t.bigint(), nullable=True),
        Column("favourite_id", t.bigint(), nullable=True),
        Column("next_age", t.int(), nullable=True, generated=Generated(Arithmetic("+", ColumnRef("age"), Literal(1)))),
        Column("tag", t.char(3), default=Default("ü")),
    ),
    ("id",),
    uniques=(Unique("users_name_unique", ("name",)),),
    indexes=(
        Index("users_age_index", (IndexColumn("age", descending=True), IndexColumn("name"))),
        Index("users_partial", (IndexColumn("role"),), where=IsNull(ColumnRef("age"), negated=True)),
    ),
    checks=(Check("users_age_check", Comparison(">", ColumnRef("age"), Literal(-5))),),
    foreign_keys=(
        ForeignKey("users_manager_foreign", ("manager_id",), "users", ("id",)),
        ForeignKey("users_favourite_foreign", ("favourite_id",), "posts", ("id",), ReferentialAction.SET_NULL),
    ),
    comment="People: 100%",
)
POSTS = Table(
    "posts",
    (ID, Column("author_id", t.bigint()), Column("title", t.string(50), comment="What it's called")),
    ("id",),
    indexes=(Index("posts_author_id_index", (IndexColumn("author_id"),)),),
    foreign_keys=(ForeignKey("posts_author_foreign", ("author_id",), "users", ("id",), ReferentialAction.CASCADE),),
)
GUARD = MorphGuard(
    "notes_about_guard",
    "about_type",
    "about_id",
    (GuardMember("user", "users", "id"), GuardMember("post", "posts", "id")),
)
NOTES = Table(
    "notes",
    (ID, Column("about_type", t.string(255)), Column("about_id", t.bigint()), Column("body", t.text())),
    ("id",),
    indexes=(Index("notes_about_index", (IndexColumn("about_type"), IndexColumn("about_id"))),),
    guards=(GUARD,),
    aliases=(MorphAliases("about_type", (("user", "users"), ("post", "posts"))),),
)
TABLES = (USERS, POSTS, NOTES)
ENUMS = (ROLE,)

ROWS: dict[str, list[dict[str, object]]] = {
    "users": [
        {"id": 1, "name": "Ada", "age": 36, "role": "50%", "manager_id": None, "tag": "a%'"},
        {"id": 2, "name": "it's ü", "age": None, "role": "it's", "manager_id": 1, "tag": "ü"},
    ],
    "posts": [{"id": 1, "author_id": 2, "title": "One"}, {"id": 7, "author_id": 1, "title": "Two"}],
    "notes": [
        {"id": 1, "about_type": "user", "about_id": 2, "body": "x"},
        {"id": 2, "about_type": "post", "about_id": 7, "body": "y"},
    ],
}
