"""The tables that the examples of the rules are about. The pages show them, and the tests run the rules on them."""

from __future__ import annotations

from isomorph.migrate import (
    Column,
    CreateEnum,
    CreateTable,
    Default,
    Enum,
    ForeignKey,
    Index,
    IndexColumn,
    Table,
    Unique,
)
from isomorph.migrate import types as t

__all__ = ["BEFORE"]

BEFORE = (
    CreateEnum(Enum("Role", ("member", "editor", "admin"), "role")),
    CreateTable(
        Table(
            "users",
            columns=(
                Column("id", t.bigint(), auto_increment=True),
                Column("email", t.string(200)),
                Column("nickname", t.string(50), nullable=True),
                Column("age", t.int(), nullable=True),
                Column("role", t.enum("Role"), default=Default("member")),
            ),
            primary_key=("id",),
            uniques=(Unique("users_email_unique", ("email",)),),
        )
    ),
    CreateTable(
        Table(
            "posts",
            columns=(
                Column("id", t.bigint(), auto_increment=True),
                Column("user_id", t.bigint()),
                Column("editor_id", t.bigint(), nullable=True),
                Column("title", t.string(200)),
            ),
            primary_key=("id",),
            indexes=(Index("posts_user_id_index", (IndexColumn("user_id"),)),),
            foreign_keys=(ForeignKey("posts_user_id_foreign", ("user_id",), "users", ("id",)),),
        )
    ),
)
"""What the revisions before have made."""
