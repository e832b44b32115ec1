"""Indexes with all that one may have, where the database knows it."""

from dataclasses import replace

from isomorph.migrate import (
    AddForeignKey,
    Call,
    ChangeColumn,
    Column,
    ColumnRef,
    CreateIndex,
    Deferrable,
    DropForeignKey,
    Index,
    IndexColumn,
    IndexExpression,
    Nulls,
    RenameColumn,
)
from isomorph.migrate import types as t
from tests.migrations.changes.shop import ENUMS, POSTS, ROWS, TABLES, USERS
from tests.support.changing import Case

_ONE_KIND = frozenset({"sqlite", "mysql"})
_NO_EXPRESSIONS = frozenset({"mysql"})
_LOWER = Index(
    "users_lower", (IndexExpression(Call("lower", (ColumnRef("name"),)), descending=True), IndexColumn("age"))
)
_KEY = POSTS.foreign_keys[0]


def _case(name: str, *operations: CreateIndex | ChangeColumn | RenameColumn, skip: frozenset[str]) -> Case:
    return Case(name, TABLES, operations, ROWS, {"posts": ROWS["posts"]}, enums=ENUMS, skip=skip)


CASES = (
    _case("an index over an expression", CreateIndex("users", _LOWER), skip=_NO_EXPRESSIONS),
    _case(
        "an index over an expression of a column that changes",
        CreateIndex("users", _LOWER),
        ChangeColumn("users", USERS.column("name"), Column("name", t.string(99))),
        RenameColumn("users", "name", "title"),
        skip=_NO_EXPRESSIONS,
    ),
    _case(
        "an index that holds columns beside its own",
        CreateIndex("users", Index("users_beside", (IndexColumn("age"),), unique=True, include=("name", "tag"))),
        RenameColumn("users", "tag", "mark"),
        skip=_ONE_KIND,
    ),
    _case(
        "an index by another method",
        CreateIndex("users", Index("users_hash", (IndexColumn("age"),), method="hash")),
        skip=_ONE_KIND,
    ),
    _case(
        "an index with NULL at the end",
        CreateIndex("users", Index("users_nulls", (IndexColumn("age", nulls=Nulls.LAST),))),
        skip=_ONE_KIND,
    ),
    Case(
        "a foreign key that may be checked later",
        TABLES,
        (
            DropForeignKey("posts", _KEY),
            AddForeignKey("posts", replace(_KEY, deferrable=Deferrable.IMMEDIATE)),
        ),
        ROWS,
        enums=ENUMS,
        skip=frozenset({"mysql"}),
    ),
)
