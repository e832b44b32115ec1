"""Renames stay renames: what the schema says, what is asked for, and what follows."""

import pickle
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isomorph.catalog import (
    Check,
    Column,
    ColumnRef,
    Comparison,
    Enum,
    ForeignKey,
    Index,
    IndexColumn,
    IsNull,
    Literal,
    SqlText,
    Table,
    Unique,
)
from isomorph.migrate import RenameColumn, RenameTable, State, fold, reverse
from isomorph.migrate import types as t
from isomorph_generator.migrations import UnclearRenames, UnsupportedChanges, detect
from isomorph_generator.schema import Former, Renames
from isomorph_generator.schema.renames import RenameKind
from tests.support.catalogs import states

pytestmark = pytest.mark.feature("migrations.detect_renames")

ID = Column("id", t.bigint(), auto_increment=True)
NAME = Column("name", t.string(50), nullable=True)
USERS = Table("users", (ID, NAME), ("id",))
ROLE = Enum("Role", ("member", "admin"), "role")


def was(kind: RenameKind, owner: str, name: str, *before: str, is_new: bool = False) -> Renames:
    line = f"models.{owner}.fields.{name}.was"
    return Renames({(kind, owner, name): Former(line, before, is_new)})


def said(before: State, after: State, renames: Renames) -> list[str]:
    operations = detect(before, after, renames)
    reached = fold(operations, before)
    assert reached.is_same(after)
    assert detect(reached, after, renames) == ()
    assert fold(reverse(operations), reached).is_same(before)
    return [str(operation) for operation in operations]


def users(column: Column, **parts: object) -> State:
    return State.of([replace(USERS, columns=(ID, column), **parts)], [])  # type: ignore[arg-type]


TITLE = replace(NAME, name="title")


def test_a_column_that_was_another_is_renamed() -> None:
    renames = was("column", "users", "title", "name")
    assert detect(users(NAME), users(TITLE), renames) == (RenameColumn("users", "name", "title"),)
    changed = replace(TITLE, type=t.text(), nullable=False, default_sql=SqlText({"sqlite": "''"}))
    assert said(users(NAME), users(changed), renames) == [
        "rename column users.name to title",
        "change column users.title",
    ]


def test_a_was_that_is_done_is_no_matter() -> None:
    assert detect(users(TITLE), users(TITLE), was("column", "users", "title", "name")) == ()


def test_the_names_of_indexes_and_constraints_follow() -> None:
    def state(column: Column) -> State:
        name = column.name
        return users(
            column,
            uniques=(Unique(f"users_{name}_unique", (name,)),),
            indexes=(Index(f"users_{name}_index", (IndexColumn(name),)),),
            checks=(Check(f"users_{name}_check", IsNull(ColumnRef(name))),),
        )

    assert said(state(NAME), state(TITLE), was("column", "users", "title", "name")) == [
        "rename column users.name to title",
        "rename constraint users_name_check of users to users_title_check",
        "rename constraint users_name_unique of users to users_title_unique",
        "rename index users_name_index of users to users_title_index",
    ]


def test_sql_written_by_hand_gives_way_to_a_rename() -> None:
    def state(column: Column) -> State:
        sql = SqlText({"sqlite": f"length({column.name}) > 1"})
        return users(column, checks=(Check("c", sql), Check("d", IsNull(ColumnRef("id")))))

    assert said(state(NAME), state(TITLE), was("column", "users", "title", "name")) == [
        "drop check c of users",
        "rename column users.name to title",
        "add check c to users",
    ]


def test_a_table_that_was_another_is_renamed_with_all_that_leads_to_it() -> None:
    def state(name: str) -> State:
        key = ForeignKey(f"posts_{name}_foreign", ("user_id",), name, ("id",))
        posts = Table("posts", (ID, Column("user_id", t.bigint())), ("id",), foreign_keys=(key,))
        return State.of([replace(USERS, name=name), posts], [])

    renames = was("table", "", "people", "User", "users")
    assert detect(state("users"), state("people"), renames)[0] == RenameTable("users", "people")
    assert said(state("users"), state("people"), renames) == [
        "rename table users to people",
        "rename constraint posts_users_foreign of posts to posts_people_foreign",
    ]


def test_an_enum_and_its_values_are_renamed() -> None:
    def state(name: str, *values: str) -> State:
        role = Column("role", t.enum(name), nullable=True)
        check = Check("c", Comparison("=", ColumnRef("role"), Literal(values[0])))
        return State.of([replace(USERS, columns=(ID, role), checks=(check,))], [Enum(name, values, name.lower())])

    renames = Renames({("enum", "", "Rank"): Former("", ("Role",)), ("value", "Rank", "user"): Former("", ("member",))})
    assert said(state("Role", "member", "admin"), state("Rank", "user", "admin"), renames) == [
        "rename enum Role to Rank",
        "drop check c of users",
        "change values of enum Rank",
        "add check c to users",
    ]


# --- what nobody spoke of ----------------------------------------------------------------------------------------------


def test_a_likely_rename_is_asked_for_with_the_two_lines() -> None:
    with pytest.raises(UnclearRenames) as asked:
        detect(users(NAME), users(TITLE), was("column", "users", "title"))
    assert str(asked.value) == (
        "the column users.name is gone and title, which is like it, is new (write models.users.fields.title.was = "
        '"name" to rename it, or models.users.fields.title.was = false to drop the one and add the other)'
    )
    (rename,) = asked.value.renames
    assert rename.question == "was the column users.title called name"
    assert str(pickle.loads(pickle.dumps(asked.value))) == str(asked.value)


def test_tables_enums_and_values_are_asked_for_too() -> None:
    role = Column("role", t.enum("Role"), nullable=True)
    before = State.of([replace(USERS, columns=(ID, NAME, role))], [ROLE])
    people = replace(USERS, name="people", columns=(ID, NAME, replace(role, type=t.enum("Rank"))))
    with pytest.raises(UnclearRenames) as asked:
        detect(before, State.of([people], [replace(ROLE, name="Rank")]))
    assert [rename.question for rename in asked.value.renames] == [
        "was the enum Rank called Role",
        "was the table people called users",
    ]
    with pytest.raises(UnclearRenames) as of_value:
        detect(before, replace(before, enums={"Role": replace(ROLE, values=("user", "admin"))}))
    assert str(of_value.value) == (
        'the value "member" of the enum Role is gone and "user", which is like it, is new '
        '(write { name = "user", was = "member" } to rename it, '
        'or { name = "user", was = false } to drop the one and add the other)'
    )


def test_what_is_said_to_be_new_is_not_asked_for() -> None:
    assert said(users(NAME), users(TITLE), was("column", "users", "title", is_new=True)) == [
        "drop column users.name",
        "add column users.title",
    ]


def test_answers_stand_for_what_the_schema_does_not_say() -> None:
    renames = Renames()
    yes = renames.answered("column", "users", "title", "name", is_same=True)
    assert said(users(NAME), users(TITLE), yes) == ["rename column users.name to title"]
    no = renames.answered("column", "users", "title", "name", is_same=False)
    assert said(users(NAME), users(TITLE), no) == ["drop column users.name", "add column users.title"]


def test_what_is_not_alike_is_not_asked_for() -> None:
    assert said(users(NAME), users(replace(TITLE, type=t.text())), Renames()) == [
        "drop column users.name",
        "add column users.title",
    ]
    other = State.of([Table("things", (ID, TITLE, replace(NAME, name="x")), ("id",))], [])
    assert said(State.of([USERS], []), other, Renames()) == ["drop table users", "create table things"]

    def posts(target: str) -> State:
        key = ForeignKey("f", (f"{target}_id",), target, ("id",))
        table = Table("posts", (ID, Column(f"{target}_id", t.bigint(), nullable=True)), ("id",), foreign_keys=(key,))
        return State.of([table, replace(USERS, name="a"), replace(USERS, name="b")], [])

    assert "drop column posts.a_id" in said(posts("a"), posts("b"), Renames())


def test_one_that_is_gone_is_like_one_that_is_new_at_most() -> None:
    before = State.of([replace(USERS, columns=(ID, NAME, replace(NAME, name="b")))], [])
    after = State.of([replace(USERS, columns=(ID, replace(NAME, name="x"), TITLE, replace(NAME, name="y")))], [])
    with pytest.raises(UnclearRenames) as asked:
        detect(before, after)
    assert [(rename.before, rename.after) for rename in asked.value.renames] == [("name", "x"), ("b", "title")]


def test_a_name_that_is_taken_is_no_new_name() -> None:
    before = State.of([replace(USERS, columns=(ID, NAME, TITLE))], [])
    with pytest.raises(UnsupportedChanges) as refusal:
        detect(before, users(TITLE), was("column", "users", "title", "name"))
    assert str(refusal.value) == (
        "the column users.name is to be called title, which is the name of another one (drop title in a revision of its "
        "own first)"
    )


@given(states(), st.data())
def test_random_renames_lead_there_and_back_and_lose_nothing(before: State, data: st.DataObject) -> None:
    formers: dict[tuple[RenameKind, str, str], Former] = {}
    after = before
    for name, table in before.tables.items():
        names = [column.name for column in table.columns]
        for column in data.draw(st.lists(st.sampled_from(names), max_size=2, unique=True)):
            after = RenameColumn(name, column, f"{column}_new").apply(after)
            formers["column", name, f"{column}_new"] = Former("", (column,))
    for name in data.draw(st.lists(st.sampled_from([*before.tables]), unique=True)) if before.tables else ():
        after = RenameTable(name, f"{name}_new").apply(after)
        formers["table", "", f"{name}_new"] = Former("", (name,))
        for (kind, owner, column), former in list(formers.items()):
            if owner == name:
                formers[kind, f"{name}_new", column] = former
    operations = detect(before, after, Renames(formers))
    assert all(not operation.losses() for operation in operations)
    assert fold(operations, before).is_same(after)
    assert fold(reverse(operations), after).is_same(before)
