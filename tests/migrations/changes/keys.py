"""Changes of primary keys, and of what numbers rows."""

from dataclasses import replace
from typing import Any

from isomorph.migrate import (
    AddColumn,
    AddForeignKey,
    AddUnique,
    ChangeColumn,
    ChangePrimaryKey,
    Column,
    Deferrable,
    DropColumn,
    DropForeignKey,
    ForeignKey,
    Table,
    Unique,
)
from isomorph.migrate import types as t
from tests.support.changing import Case

ID = Column("id", t.bigint(), auto_increment=True)
PLAIN = replace(ID, auto_increment=False)
CODE = Column("code", t.string(9))
ITEMS = Table("items", (ID, CODE, Column("shop", t.int())), ("id",), uniques=(Unique("items_code", ("code",)),))
ROWS: dict[str, list[dict[str, Any]]] = {
    "items": [{"id": 3, "code": "a", "shop": 1}, {"id": 7, "code": "b", "shop": 2}]
}

PARENT = Table("parents", (PLAIN, CODE), ("id",))
CHILD = Table(
    "children",
    (ID, Column("parent_id", t.bigint())),
    ("id",),
    foreign_keys=(ForeignKey("children_parent", ("parent_id",), "parents", ("id",)),),
)
FAMILY: dict[str, list[dict[str, Any]]] = {
    "parents": [{"id": 1, "code": "x"}],
    "children": [{"id": 1, "parent_id": 1}],
}
KEY = CHILD.foreign_keys[0]

CASES = (
    Case("rows are numbered no more", (ITEMS,), (ChangeColumn("items", ID, PLAIN),), ROWS),
    Case(
        "rows are numbered from now on",
        (replace(ITEMS, columns=(PLAIN, *ITEMS.columns[1:])),),
        (ChangeColumn("items", PLAIN, ID),),
        ROWS,
    ),
    Case(
        "another column is the key",
        (ITEMS,),
        (ChangeColumn("items", ID, PLAIN), ChangePrimaryKey("items", ("id",), ("code",))),
        ROWS,
    ),
    Case(
        "two columns are the key",
        (replace(ITEMS, columns=(PLAIN, *ITEMS.columns[1:])),),
        (ChangePrimaryKey("items", ("id",), ("shop", "code")),),
        ROWS,
    ),
    Case(
        "a number of its own takes the place of a key",
        (Table("items", (CODE, Column("shop", t.int())), ("code", "shop")),),
        (AddColumn("items", ID), ChangePrimaryKey("items", ("code", "shop"), ("id",))),
        {"items": [{"code": "a", "shop": 1}, {"code": "b", "shop": 2}]},
        {"items": [{"id": 1, "code": "a", "shop": 1}, {"id": 2, "code": "b", "shop": 2}]},
    ),
    Case(
        "a key that is referenced, which stays unique",
        (PARENT, CHILD),
        (AddUnique("parents", Unique("parents_id", ("id",))), ChangePrimaryKey("parents", ("id",), ("code",))),
        FAMILY,
    ),
    Case(
        "a key and what references it become wider, apart meanwhile",
        (
            replace(PARENT, columns=(Column("id", t.int()), CODE)),
            replace(CHILD, columns=(ID, Column("parent_id", t.int()))),
        ),
        (
            DropForeignKey("children", KEY),
            ChangeColumn("parents", Column("id", t.int()), PLAIN),
            ChangeColumn("children", Column("parent_id", t.int()), Column("parent_id", t.bigint())),
            AddForeignKey("children", KEY),
        ),
        FAMILY,
    ),
    Case(
        "a reference may hold NULL",
        (PARENT, CHILD),
        (ChangeColumn("children", CHILD.columns[1], replace(CHILD.columns[1], nullable=True)),),
        FAMILY,
    ),
    Case(
        "a text that is referenced becomes longer",
        (
            Table("parents", (Column("id", t.string(5)),), ("id",)),
            Table("children", (ID, Column("parent_id", t.string(5))), ("id",), foreign_keys=(KEY,)),
        ),
        (
            ChangeColumn("parents", Column("id", t.string(5)), Column("id", t.string(9))),
            ChangeColumn("children", Column("parent_id", t.string(5)), Column("parent_id", t.string(9))),
        ),
        {"parents": [{"id": "a"}], "children": [{"id": 1, "parent_id": "a"}]},
    ),
    Case(
        "a foreign key is checked at the end",
        (PARENT, CHILD),
        (DropForeignKey("children", KEY), AddForeignKey("children", replace(KEY, deferrable=Deferrable.DEFERRED))),
        FAMILY,
        skip=frozenset({"mysql"}),
    ),
    Case(
        "a column goes that was the key",
        (Table("items", (CODE, Column("shop", t.int())), ("code", "shop")),),
        (ChangePrimaryKey("items", ("code", "shop"), ("code",)), DropColumn("items", Column("shop", t.int()))),
        {},
    ),
)
