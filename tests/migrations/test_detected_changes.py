"""What the autodetector makes of a table that stays: which operations, in which order."""

from dataclasses import replace
from decimal import Decimal

import pytest

from isomorph.catalog import (
    Arithmetic,
    Check,
    Column,
    ColumnRef,
    ColumnType,
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
    SqlText,
    Table,
    Unique,
)
from isomorph.migrate import ChangeColumn, ChangeEnum, State, fold, reverse
from isomorph.migrate import types as t
from isomorph_generator.migrations import detect

pytestmark = pytest.mark.feature("migrations.detect")

ID = Column("id", t.bigint(), auto_increment=True)
AGE = Column("age", t.int(), nullable=True)
USERS = Table("users", (ID, AGE), ("id",))
ROLE = Enum("Role", ("member", "admin"), "role")


def said(before: State, after: State, *, asks: bool = True) -> list[str]:
    """The operations in words, after a look at whether they lead there and back."""
    operations = detect(before, after, asks=asks)
    reached = fold(operations, before)
    assert reached.is_same(after)
    assert fold(reverse(operations), reached).is_same(before)
    return [str(operation) for operation in operations]


def users(**changes: object) -> State:
    return State.of([replace(USERS, **changes)], [])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "column",
    [
        replace(AGE, type=t.bigint()),
        replace(AGE, nullable=False, default=Default(0)),
        replace(AGE, default=Default(7)),
        replace(AGE, default_sql=SqlText({"sqlite": "1"})),
        replace(AGE, comment="In years"),
        replace(AGE, type=t.string(9), collation="nocase"),
        replace(AGE, type=t.string(9), charset="latin1"),
    ],
)
def test_a_fact_of_a_column_that_changed_is_one_operation(column: Column) -> None:
    before, after = users(), users(columns=(ID, column))
    assert detect(before, after) == (ChangeColumn("users", AGE, column),)
    assert said(after, before) == ["change column users.age"]


def test_another_spelling_of_a_default_and_another_place_are_no_change() -> None:
    price = Column("price", t.decimal(9, 2), default=Default(Decimal("1.50")))
    again = replace(price, default=Default(Decimal("1.5")), first=True)
    assert detect(users(columns=(ID, price)), users(columns=(ID, again))) == ()


def test_what_a_table_says_of_itself_is_changed_at_once() -> None:
    assert said(users(), users(comment="People", engine="InnoDB", collation="nocase")) == [
        "change options of table users"
    ]


def test_checks_and_conditions_of_a_column_give_way_to_its_new_type_and_come_again() -> None:
    parts = {
        "checks": (Check("c", Comparison(">", ColumnRef("age"), Literal(0))), Check("other", IsNull(ColumnRef("id")))),
        "indexes": (
            Index("i", (IndexColumn("id"),), where=IsNull(ColumnRef("age"))),
            Index("plain", (IndexColumn("age"),)),
        ),
    }
    before, after = users(**parts), users(columns=(ID, replace(AGE, type=t.bigint())), **parts)
    assert said(before, after) == [
        "drop check c of users",
        "drop index i on users",
        "change column users.age",
        "add check c to users",
        "create index i on users",
    ]


def test_a_computed_column_is_made_again_when_what_it_is_made_of_changes() -> None:
    made = Column("next", t.bigint(), generated=Generated(Arithmetic("+", ColumnRef("age"), Literal(1))))
    parts = {"uniques": (Unique("u", ("next",)),), "indexes": (Index("i", (IndexColumn("next"),)),)}
    before = users(columns=(ID, AGE, made), **parts)
    assert said(before, users(columns=(ID, replace(AGE, type=t.bigint()), made), **parts)) == [
        "drop unique constraint u of users",
        "drop index i on users",
        "drop column users.next",
        "change column users.age",
        "add column users.next",
        "add unique constraint u to users",
        "create index i on users",
    ]


def test_a_column_that_is_computed_no_more_keeps_its_values() -> None:
    made = Column("next", t.bigint(), nullable=True, generated=Generated(Arithmetic("+", ColumnRef("age"), Literal(1))))
    before = users(columns=(ID, AGE, made))
    assert said(before, users(columns=(ID, AGE, replace(made, generated=None)))) == ["change column users.next"]
    assert said(before, users(columns=(ID, AGE, replace(made, comment="c")))) == ["change column users.next"]


def test_foreign_keys_give_way_to_other_types_on_both_sides() -> None:
    def state(type_: ColumnType) -> State:
        key = Column("id", type_)
        posts = Table(
            "posts",
            (ID, Column("user_id", type_)),
            ("id",),
            foreign_keys=(ForeignKey("f", ("user_id",), "users", ("id",)),),
        )
        return State.of([posts, replace(USERS, columns=(key, AGE))], [])

    assert said(state(t.bigint()), state(t.uuid())) == [
        "drop foreign key f of posts",
        "change column posts.user_id",
        "change column users.id",
        "add foreign key f to posts",
    ]


def test_the_key_changes_between_columns_that_come_and_columns_that_go() -> None:
    code = Column("code", t.string(9), default=Default(""))
    before, after = users(columns=(ID, AGE, code)), users(columns=(AGE, code), primary_key=("code",))
    assert said(before, after) == [
        "change column users.id",
        "change primary key of users to code",
        "drop column users.id",
    ]
    numbered = users(columns=(replace(ID, auto_increment=False), AGE, code), primary_key=("code",))
    assert said(numbered, users(columns=(ID, AGE, code))) == [
        "change primary key of users to id",
        "change column users.id",
    ]


def test_a_foreign_key_gives_way_when_the_key_it_leads_to_becomes_another_one() -> None:
    code = Column("code", t.string(9), default=Default(""))
    posts = Table(
        "posts",
        (ID, Column("user", t.string(9))),
        ("id",),
        foreign_keys=(ForeignKey("f", ("user",), "users", ("code",)),),
    )
    plain = replace(USERS, columns=(replace(ID, auto_increment=False), code))
    before = State.of([replace(plain, uniques=(Unique("u", ("code",)),)), posts], [])
    after = State.of([replace(plain, primary_key=("code",)), posts], [])
    assert said(before, after) == [
        "drop foreign key f of posts",
        "drop unique constraint u of users",
        "change primary key of users to code",
        "add foreign key f to posts",
    ]


# --- names of constraints ----------------------------------------------------------------------------------------------


def test_a_constraint_that_only_has_another_name_is_renamed() -> None:
    def state(prefix: str) -> State:
        key = ForeignKey(f"{prefix}f", ("age",), "users", ("id",))
        check = Check(f"{prefix}c", IsNull(ColumnRef("age")))
        index = Index(f"{prefix}i", (IndexColumn("age"),))
        unique = Unique(f"{prefix}u", ("age",))
        return users(
            columns=(ID, replace(AGE, type=t.bigint())),
            foreign_keys=(key,),
            checks=(check,),
            indexes=(index,),
            uniques=(unique,),
        )

    assert said(state("a"), state("b")) == [
        "rename constraint af of users to bf",
        "rename constraint ac of users to bc",
        "rename constraint au of users to bu",
        "rename index ai of users to bi",
    ]


def test_names_that_move_on_are_given_when_they_are_free() -> None:
    def checks(*columns: str) -> State:
        return users(checks=tuple(Check(f"c{n}", IsNull(ColumnRef(name))) for n, name in enumerate(columns)))

    assert said(checks("age"), checks("id", "age")) == ["rename constraint c0 of users to c1", "add check c0 to users"]
    assert said(checks("id", "age"), checks("age")) == ["drop check c0 of users", "rename constraint c1 of users to c0"]
    assert said(checks("id", "age"), checks("age", "id")) == [
        "drop check c1 of users",
        "rename constraint c0 of users to c1",
        "add check c0 to users",
    ]


# --- enums -----------------------------------------------------------------------------------------------------------


def with_role(role: Column, *values: str, **parts: object) -> State:
    table = replace(USERS, columns=(*USERS.columns, role), **parts)  # type: ignore[arg-type]
    return State.of([table], [replace(ROLE, values=values)])


def test_what_is_made_of_an_enum_gives_way_to_its_new_values() -> None:
    role = Column("role", t.enum("Role"), default=Default("admin"))
    check = Check("c", Comparison("=", ColumnRef("role"), Literal("member")))
    before = with_role(role, "member", "admin", checks=(check,))
    assert said(before, with_role(role, "member", "admin", "owner", checks=(check,))) == [
        "drop check c of users",
        "change values of enum Role",
        "add check c to users",
    ]
    other = replace(role, default=Default("owner"))
    assert said(before, with_role(other, "member", "owner", "guest"), asks=False) == [
        "drop check c of users",
        "change column users.role",
        "change values of enum Role",
        "change column users.role",
    ]


def test_a_column_that_goes_does_not_keep_values_from_going() -> None:
    role = Column("role", t.enum("Role"), nullable=True)
    first, second = replace(role, name="first"), replace(role, name="second")
    before = State.of([replace(USERS, columns=(ID, first, second))], [ROLE])
    after = State.of([replace(USERS, columns=(ID, second))], [replace(ROLE, values=("member",))])
    assert said(before, after) == ["drop column users.first", "change values of enum Role"]


def test_the_type_of_an_enum_can_have_another_name() -> None:
    role = Column("role", t.enum("Role"), nullable=True)
    table = replace(USERS, columns=(ID, role))
    assert said(State.of([table], [ROLE]), State.of([table], [replace(ROLE, type_name="roles")])) == [
        "rename enum Role to Role"
    ]


# --- guards and aliases ------------------------------------------------------------------------------------------------


def comments(*members: tuple[str, str], guarded: bool = False, key: str = "id") -> Table:
    guard = MorphGuard("g", "to_type", "to_id", tuple(GuardMember(alias, table, key) for alias, table in members))
    return Table(
        "comments",
        (ID, Column("to_type", t.string(255)), Column("to_id", t.bigint())),
        ("id",),
        guards=(guard,) if guarded else (),
        aliases=(MorphAliases("to_type", members),),
    )


def state(*tables: Table, others: tuple[str, ...] = ("posts", "videos")) -> State:
    return State.of([*(replace(USERS, name=name) for name in others), *tables], [])


@pytest.mark.feature("migrations.detect_aliases")
def test_a_changed_alias_takes_its_rows_along_between_guards() -> None:
    before = state(comments(("post", "posts"), ("video", "videos"), guarded=True))
    after = state(comments(("article", "posts"), ("video", "videos"), guarded=True))
    assert said(before, after) == [
        "drop guard g of comments",
        "rename alias post in comments.to_type to article",
        "add guard g to comments",
    ]


@pytest.mark.feature("migrations.detect_aliases")
def test_aliases_that_change_places_are_renamed_over_a_third() -> None:
    before = state(comments(("post", "posts"), ("video", "videos")))
    after = state(comments(("video", "posts"), ("post", "videos")))
    assert said(before, after) == [
        "rename alias post in comments.to_type to post~",
        "rename alias video in comments.to_type to post",
        "rename alias post~ in comments.to_type to video",
    ]


@pytest.mark.feature("migrations.detect_aliases")
def test_members_that_come_and_go_are_recorded() -> None:
    before = state(comments(("post", "posts")))
    assert said(before, state(comments(("post", "posts"), ("video", "videos")))) == [
        "change aliases of comments.to_type"
    ]
    moved = detect(before, state(comments(("video", "videos"))))
    assert [str(operation) for operation in moved] == ["change aliases of comments.to_type"]
    assert moved[0].losses() == ('what rows of comments.to_type point to that say "post"',)
    plain = replace(comments(), columns=(ID,), aliases=())
    assert said(before, state(plain)) == [
        "change aliases of comments.to_type",
        "drop column comments.to_type",
        "drop column comments.to_id",
    ]
    taken_over = detect(state(comments(("post", "posts"), ("video", "videos"))), state(comments(("video", "posts"))))
    assert [str(operation) for operation in taken_over] == [
        "change aliases of comments.to_type",
        "rename alias post in comments.to_type to video",
    ]


def test_a_guard_gives_way_to_another_type_of_its_columns() -> None:
    before = state(comments(("post", "posts"), guarded=True))
    table = comments(("post", "posts"), guarded=True)
    table = replace(table, columns=(*table.columns[:2], Column("to_id", t.string(36))))
    assert said(before, state(table)) == [
        "drop guard g of comments",
        "change column comments.to_id",
        "add guard g to comments",
    ]


def test_an_enum_is_changed_by_one_operation_with_both_forms() -> None:
    role = Column("role", t.enum("Role"), nullable=True)
    after = replace(ROLE, values=("admin", "member", "owner"))
    table = replace(USERS, columns=(ID, role))
    assert detect(State.of([table], [ROLE]), State.of([table], [after])) == (ChangeEnum(ROLE, after),)
