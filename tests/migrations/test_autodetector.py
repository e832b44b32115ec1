"""From one state to another and back: on random schemas, and by hand where the order matters."""

from dataclasses import replace

import pytest
from hypothesis import given

from isomorph import dialects
from isomorph.catalog import Check, Column, ColumnRef, Comparison, Enum, ForeignKey, Literal, Table, Unique
from isomorph.migrate import State, fold, reverse
from isomorph.migrate import types as t
from isomorph.migrate.planning import steps
from isomorph_generator.migrations import UnsupportedChanges, detect
from tests.support.catalogs import any_changed_states, changed_states

ROLE = Enum("Role", ("member", "admin"), "role")
ID = Column("id", t.bigint(), auto_increment=True)
USERS = Table("users", (ID, Column("age", t.int(), nullable=True)), ("id",))


def table(name: str, *references: str) -> Table:
    columns = (ID, *(Column(f"{other}_id", t.bigint()) for other in references))
    keys = tuple(ForeignKey(f"{name}_{other}", (f"{other}_id",), other, ("id",)) for other in references)
    return Table(name, columns, ("id",), foreign_keys=keys)


def said(before: State, after: State) -> list[str]:
    return [str(operation) for operation in detect(before, after)]


@given(changed_states())
@pytest.mark.feature("migrations.reverse")
def test_the_difference_applied_leads_from_one_state_to_the_other_and_back(pair: tuple[State, State]) -> None:
    before, after = pair
    operations = detect(before, after, asks=False)
    reached = fold(operations, before)
    assert reached.is_same(after)
    assert detect(reached, after) == ()
    assert fold(reverse(operations), reached).is_same(before)
    for name in dialects.NAMES:
        assert steps(operations, dialects.get(name), before) is not None


@given(any_changed_states())
@pytest.mark.feature("migrations.reverse", "migrations.detect")
def test_whatever_changed_the_difference_leads_there_and_back(pair: tuple[State, State]) -> None:
    before, after = pair
    operations = detect(before, after, asks=False)
    reached = fold(operations, before)
    assert reached.is_same(after)
    assert detect(reached, after) == ()
    assert fold(reverse(operations), reached).is_same(before)


def test_no_difference_is_no_operation() -> None:
    state = State.of([table("posts", "users"), USERS], [])
    assert detect(state, state) == ()
    reordered = State.of([replace(USERS, columns=USERS.columns[::-1]), table("posts", "users")], [])
    assert detect(state, reordered) == ()


def test_tables_come_behind_those_that_they_reference_and_go_before_them() -> None:
    state = State.of([table("comments", "posts", "users"), table("posts", "users"), table("users")], [])
    assert said(State(), state) == ["create table users", "create table posts", "create table comments"]
    assert said(state, State()) == ["drop table comments", "drop table posts", "drop table users"]


def test_a_circle_is_broken_by_a_foreign_key_that_comes_later_and_goes_first() -> None:
    state = State.of([table("a", "b"), table("b", "c"), table("c", "a"), table("d", "d", "a")], [])
    assert said(State(), state) == [
        "create table c",
        "create table b",
        "create table a",
        "create table d",
        "add foreign key c_a to c",
    ]
    assert said(state, State()) == [
        "drop foreign key c_a of c",
        "drop table d",
        "drop table a",
        "drop table b",
        "drop table c",
    ]


def test_a_thousand_tables_in_a_row_are_ordered() -> None:
    tables = [table(f"t{number}", *([f"t{number + 1}"] if number < 999 else [])) for number in range(1000)]
    assert said(State(), State.of(tables, []))[0] == "create table t999"


def test_enums_come_first_and_go_last() -> None:
    with_role = State.of(
        [replace(USERS, columns=(*USERS.columns, Column("role", t.enum("Role"), nullable=True)))], [ROLE]
    )
    assert said(State(), with_role) == ["create enum Role", "create table users"]
    without = State.of([USERS], [ROLE])
    assert without.enums == {}
    assert said(without, with_role) == ["create enum Role", "add column users.role"]
    assert said(with_role, without) == ["drop column users.role", "drop enum Role"]


def test_constraints_of_a_dropped_column_go_before_it_and_of_a_new_one_come_behind() -> None:
    plain = State.of([table("teams"), USERS], [])
    full = State.of(
        [
            table("teams"),
            replace(
                USERS,
                columns=(*USERS.columns, Column("team_id", t.bigint(), nullable=True)),
                uniques=(Unique("u", ("team_id", "age")),),
                checks=(Check("c", Comparison(">", ColumnRef("team_id"), Literal(0))),),
                foreign_keys=(ForeignKey("f", ("team_id",), "teams", ("id",)),),
            ),
        ],
        [],
    )
    assert said(plain, full) == [
        "add column users.team_id",
        "add unique constraint u to users",
        "add check c to users",
        "add foreign key f to users",
    ]
    assert said(full, plain) == [
        "drop foreign key f of users",
        "drop check c of users",
        "drop unique constraint u of users",
        "drop column users.team_id",
    ]


def test_a_constraint_that_changed_goes_and_comes() -> None:
    before = State.of([replace(USERS, uniques=(Unique("u", ("age",)),))], [])
    after = State.of([replace(USERS, uniques=(Unique("u", ("age", "id")),))], [])
    assert said(before, after) == ["drop unique constraint u of users", "add unique constraint u to users"]


def test_a_new_column_that_the_rows_could_not_have_is_refused_with_what_to_do() -> None:
    after = State.of([replace(USERS, columns=(*USERS.columns, Column("name", t.text()), Column("x", t.int())))], [])
    with pytest.raises(UnsupportedChanges) as refusal:
        detect(State.of([USERS], []), after)
    assert str(refusal.value).splitlines() == [
        f"the new column users.{name} is NOT NULL and has no default, so the rows that exist could not have it (give the "
        "field a default, or make it nullable; to compute the values, make it nullable in this revision, fill it by a data "
        "step in the next one, and make it NOT NULL in a third)"
        for name in ("name", "x")
    ]


def test_what_an_enum_documents_is_no_change() -> None:
    users = replace(USERS, columns=(*USERS.columns, Column("role", t.enum("Role"), nullable=True)))
    assert detect(State.of([users], [ROLE]), State.of([users], [replace(ROLE, doc="What one may do.")])) == ()
