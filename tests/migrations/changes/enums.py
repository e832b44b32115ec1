"""Changes of an enum's values."""

from typing import Any

from isomorph.migrate import (
    And,
    ChangeEnum,
    Check,
    Column,
    ColumnRef,
    Comparison,
    Default,
    Enum,
    ForeignKey,
    Index,
    IndexColumn,
    IsNull,
    Literal,
    RunSql,
    Table,
    Unique,
)
from isomorph.migrate import types as t
from tests.support.changing import Case

BEFORE = Enum("Role", ("member", "writer", "it's 100%"), "role")


def _after(*values: str) -> Enum:
    return Enum("Role", values, "role")


ID = Column("id", t.int())
USERS = Table(
    "users",
    (
        ID,
        Column("role", t.enum("Role"), default=Default("writer")),
        Column("other", t.enum("Role"), nullable=True),
        Column("some", t.set("Role"), nullable=True, default=Default(["writer"])),
        Column("list", t.array(t.enum("Role"), items_nullable=True), nullable=True),
    ),
    ("id",),
    uniques=(Unique("users_unique", ("id", "role")),),
    indexes=(
        Index("users_role", (IndexColumn("role"),)),
        Index("users_where", (IndexColumn("id"),), where=IsNull(ColumnRef("role"), negated=True)),
    ),
    checks=(
        Check(
            "users_check", And((IsNull(ColumnRef("role"), negated=True), Comparison(">", ColumnRef("id"), Literal(0))))
        ),
    ),
)
TEAMS = Table("teams", (Column("role", t.enum("Role")),), ("role",))
PLANS = Table(
    "plans",
    (ID, Column("role", t.enum("Role"), nullable=True)),
    ("id",),
    foreign_keys=(ForeignKey("plans_role", ("role",), "teams", ("role",)),),
)
TABLES = (USERS, TEAMS, PLANS)


def _rows(member: str, writer: str, percent: str) -> dict[str, list[dict[str, Any]]]:
    return {
        "users": [
            {"id": 1, "role": writer, "other": None, "some": [member], "list": [writer, None, percent, writer]},
            {"id": 2, "role": percent, "other": member, "some": [], "list": None},
            {"id": 3, "role": writer, "other": writer, "some": None, "list": []},
        ],
        "teams": [{"role": percent}],
        "plans": [{"id": 1, "role": percent}, {"id": 2, "role": None}],
    }


ROWS = _rows("member", "writer", "it's 100%")


def _case(
    name: str, after: Enum, *renamed: tuple[str, str], more: Any = (), rows: Any = ROWS, become: Any = None
) -> Case:
    return Case(name, TABLES, (ChangeEnum(BEFORE, after, renamed), *more), rows, become, enums=(BEFORE,))


CASES = (
    _case("a value comes behind", _after("member", "writer", "it's 100%", "new")),
    _case("values come between and in front", _after("first", "member", "a'b", "writer", "%s", "it's 100%", "last")),
    _case(
        "a value comes and is used at once",
        _after("member", "writer", "it's 100%", "new"),
        more=(RunSql("UPDATE users SET other = 'new' WHERE id = 2", "UPDATE users SET other = 'member' WHERE id = 2"),),
        become={"users": [{"id": 1, "other": None}, {"id": 2, "other": "new"}, {"id": 3, "other": "writer"}]},
    ),
    _case(
        "a value has another name",
        _after("member", "editor", "it's 100%"),
        ("writer", "editor"),
        become=_rows("member", "editor", "it's 100%"),
    ),
    _case(
        "all values have other names",
        _after("a", "b's", "50%"),
        ("member", "a"),
        ("writer", "b's"),
        ("it's 100%", "50%"),
        become=_rows("a", "b's", "50%"),
    ),
    _case(
        "values swap their names",
        _after("writer", "member", "it's 100%"),
        ("member", "writer"),
        ("writer", "member"),
        become=_rows("writer", "member", "it's 100%"),
    ),
    _case("another order", _after("it's 100%", "writer", "member")),
    _case(
        "a value goes that no row has",
        _after("writer", "it's 100%"),
        rows={
            "users": [{"id": 1, "role": "writer", "other": None, "some": ["writer"], "list": ["writer", None]}],
            "teams": [{"role": "it's 100%"}],
        },
    ),
    _case(
        "all at once",
        _after("new", "it's 100%", "editor"),
        ("writer", "editor"),
        rows={
            "users": [
                {"id": 1, "role": "writer", "other": None, "some": ["writer", "it's 100%"], "list": ["writer", None]}
            ]
        },
        become={
            "users": [
                {"id": 1, "role": "editor", "other": None, "some": ["it's 100%", "editor"], "list": ["editor", None]}
            ]
        },
    ),
)
