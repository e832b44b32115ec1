"""A column takes the place of another in phases, while programs of before and after write."""

from pathlib import Path

import pytest

from isomorph import dialects
from isomorph.catalog import (
    Check,
    Column,
    ColumnRef,
    ColumnType,
    Comparison,
    Default,
    Enum,
    ForeignKey,
    Index,
    IndexColumn,
    Literal,
    ReferentialAction,
    Table,
    Unique,
)
from isomorph.errors import CheckViolation, DatabaseError, NotNullViolation, RevisionFailed, UniqueViolation
from isomorph.migrate import BatchDone, DropColumn, Event, Revisions, rollback, run, sql
from isomorph.migrate import types as t
from isomorph_generator.introspect import drift
from tests.support.migrations import Session, chain, open_session, structure
from tests.support.phases import Change, Program, change, created, renamed

FEATURE = "migrations.expand_contract"
shown = pytest.mark.feature(FEATURE)

ID = Column("id", t.int())


def users(column: Column, *, unique: str = "", index: str = "") -> Table:
    return Table(
        "us%ers",
        columns=(ID, column),
        primary_key=("id",),
        uniques=(Unique(unique, (column.name,)),) if unique else (),
        indexes=(Index(index, (IndexColumn(column.name),)),) if index else (),
    )


OLD = users(Column("na%me", t.string(50)), unique="users_name_unique", index="found")
NEW = users(Column("full name", t.string(50)), unique="users_full_name_unique", index="found")
RENAME = change([OLD], [NEW], renamed("us%ers", "full name", "na%me"))
TABLE, WAS, IS = "us%ers", "na%me", "full name"


def both(session: Session) -> tuple[Program, Program]:
    return Program(session, TABLE, WAS), Program(session, TABLE, IS)


def write(old: Program, new: Program, at: int) -> dict[int, object]:
    """Rows that both programs insert and update; what they hold then."""
    old.insert(at, f"inserted by old {at}")
    new.insert(at + 1, f"inserted by new {at}")
    old.insert(at + 2, "?")
    new.update(at + 2, f"updated by new {at}")
    new.insert(at + 3, "??")
    old.update(at + 3, f"updated by old {at}")
    for turn in range(3):
        old.update(at, f"Turn {turn} {at}")
        new.update(at, f"turn {turn} {at}")  # another spelling is another value
    return {
        at: f"turn 2 {at}",
        at + 1: f"inserted by new {at}",
        at + 2: f"updated by new {at}",
        at + 3: f"updated by old {at}",
    }


@shown
def test_programs_of_before_and_after_write_while_a_column_gets_another_name(session: Session) -> None:
    revisions = RENAME.revisions(created(RENAME.before))
    assert RENAME.names == ("expand", "backfill", "switch", "contract")
    old, new = both(session)
    run(session, revisions, step=1)
    expected: dict[int, object] = {}
    for id_ in range(1, 2501):
        expected[id_] = f"row {id_}"
    session.execute(
        f"INSERT INTO {session.dialect.quoted(TABLE)} (id, {session.dialect.quoted(WAS)}) VALUES "
        + ", ".join(f"({id_}, '{value}')" for id_, value in expected.items())
    )
    run(session, revisions, step=1)
    old.update(1, "changed before it was copied")
    new.update(2, "said anew before it was copied")
    expected |= {1: "changed before it was copied", 2: "said anew before it was copied"}
    expected |= write(old, new, 3000)
    run(session, revisions, step=1)
    assert old.rows() == new.rows() == expected
    for at in (4000, 5000):
        expected |= write(old, new, at)
        assert old.rows() == new.rows() == expected
        with pytest.raises(UniqueViolation):
            old.insert(at + 10, "row 7")
        with pytest.raises(UniqueViolation):
            new.update(8, "row 7")
        run(session, revisions, step=1)
    assert new.rows() == expected
    new.insert(6000, "by new alone")
    expected[6000] = "by new alone"
    # And back, with both of them again.
    for at in (7000, 8000, 9000):
        rollback(session, revisions, step=1)
        assert new.rows() == old.rows() == expected
        expected |= write(old, new, at)
        assert new.rows() == old.rows() == expected
    rollback(session, revisions, step=1)
    assert old.rows() == expected
    run(session, revisions)
    assert new.rows() == expected


# --- what it comes to ------------------------------------------------------------------------------------------------

TEAMS = Table("teams", (ID,), ("id",))


def members(column: str, *, action: ReferentialAction) -> Table:
    """A table whose rows may have a team, which is their own."""
    return Table(
        "members",
        columns=(ID, Column("grade", t.int()), Column(column, t.int(), nullable=True)),
        primary_key=("id",),
        uniques=(Unique(f"members_{column}_grade_unique", (column, "grade")),),
        indexes=(Index(f"members_{column}_index", (IndexColumn(column),)),),
        foreign_keys=(ForeignKey(f"members_{column}_foreign", (column,), "teams", ("id",), on_delete=action),),
    )


def priced(column: Column) -> Table:
    return Table(
        "items",
        columns=(ID, column, Column("sold", t.int(), default=Default(0))),
        primary_key=("id",),
        uniques=(Unique("items_unique", (column.name, "sold")),),
        indexes=(Index("items_index", (IndexColumn(column.name, descending=True),)),),
        checks=(Check("items_check", Comparison(">=", ColumnRef(column.name), Literal(0))),),
    )


COUNT = Column("count", t.int(), default=Default(7))
CASES: dict[str, Change] = {
    "a name": RENAME,
    "a name that may be NULL": change(
        [users(Column("name", t.string(50), nullable=True))],
        [users(Column("called", t.string(50), nullable=True))],
        renamed(TABLE, "called", "name"),
    ),
    "a foreign key": change(
        [TEAMS, members("team", action=ReferentialAction.SET_NULL)],
        [TEAMS, members("group", action=ReferentialAction.SET_NULL)],
        renamed("members", "group", "team"),
    ),
    "a name and a type": change(
        [priced(COUNT)],
        [priced(Column("amount", t.bigint(), default=Default(8)))],
        renamed("items", "amount", "count"),
    ),
    "a type": change([priced(COUNT)], [priced(Column("count", t.bigint(), default=Default(8)))]),
    "a type that may be NULL": change(
        [users(Column("name", t.int(), nullable=True), unique="one")],
        [users(Column("name", t.string(50), nullable=True), unique="one")],
    ),
    "a type without more": change([users(Column("name", t.string(50)))], [users(Column("name", t.text()))]),
}


@shown
@pytest.mark.parametrize("case", CASES)
def test_the_phases_lead_to_what_one_revision_leads_to(case: str, session: Session, other_database_url: str) -> None:
    found = CASES[case]
    revisions = found.revisions(created(found.before))
    run(session, revisions, step=1)
    before = structure(session)
    run(session, revisions)
    with open_session(other_database_url) as plain:
        run(plain, chain(created(found.after)))
        assert structure(session) == structure(plain)
    rollback(session, revisions, step=len(found.phases))
    assert structure(session) == before


@shown
@pytest.mark.parametrize("case", ["a name", "a type"])
def test_what_stands_between_two_phases_is_no_drift(case: str, session: Session) -> None:
    found = CASES[case]
    revisions = found.revisions(created(found.before))
    for number in range(1, len(revisions) + 1):
        run(session, revisions, step=1)
        assert drift(session, Revisions(revisions.items[:number]).state(), strict=True) == ()


# --- what was meant --------------------------------------------------------------------------------------------------


@shown
def test_a_column_without_a_value_is_refused_in_every_phase(session: Session) -> None:
    revisions = RENAME.revisions(created(RENAME.before))
    old, new = both(session)
    run(session, revisions, step=1)
    old.insert(1, "there")
    programs = [old, new]
    for phase in RENAME.names:
        run(session, revisions, step=1)
        if phase == "contract":
            programs.remove(old)
        for program in programs:
            with pytest.raises(NotNullViolation) as refused:
                program.insert(2, None)
            assert refused.value.columns in {(WAS,), (IS,)}
            with pytest.raises(NotNullViolation):
                program.insert_default(2)
        if phase != "expand":
            for program in programs:
                with pytest.raises(NotNullViolation):
                    program.update(1, None)
            assert new.rows() == {1: "there"}


@shown
@pytest.mark.parametrize("given", [None, "none"])
def test_what_no_program_gave_is_what_it_would_be_alone(given: str | None, session: Session) -> None:
    default = None if given is None else Default(given)
    was, now = (Column(name, t.string(50), nullable=given is None, default=default) for name in (WAS, IS))
    found = change([users(was)], [users(now)], renamed(TABLE, IS, WAS))
    revisions = found.revisions(created(found.before))
    old, new = both(session)
    run(session, revisions, step=1)
    old.insert_default(1)
    run(session, revisions, step=2)
    old.insert_default(2)
    new.insert_default(3)
    old.insert(4, "given by old")
    new.insert(5, "given by new")
    expected = {1: given, 2: given, 3: given, 4: "given by old", 5: "given by new"}
    assert old.rows() == new.rows() == expected
    run(session, revisions)
    new.insert_default(6)
    assert new.rows() == {**expected, 6: given}
    rollback(session, revisions, step=1)
    old.insert_default(7)
    new.insert_default(8)
    assert old.rows() == new.rows() == {**expected, 6: given, 7: given, 8: given}


@shown
def test_null_of_one_program_is_null_of_the_other(session: Session) -> None:
    found = CASES["a name that may be NULL"]
    revisions = found.revisions(created(found.before))
    old, new = Program(session, TABLE, "name"), Program(session, TABLE, "called")
    run(session, revisions, step=3)
    for program, id_ in ((old, 1), (new, 2)):
        program.insert(id_, "a")
        program.update(id_, None)
    assert old.rows() == new.rows() == {1: None, 2: None}
    old.update(2, "b")
    new.update(1, "c")
    assert old.rows() == new.rows() == {1: "c", 2: "b"}


@shown
@pytest.mark.parametrize("action", [ReferentialAction.SET_NULL, ReferentialAction.CASCADE])
def test_what_a_foreign_key_does_is_done_to_both(action: ReferentialAction, session: Session) -> None:
    before, after = ([TEAMS, members(column, action=action)] for column in ("team", "group"))
    found = change(before, after, renamed("members", "group", "team"))
    revisions = found.revisions(created(found.before))
    group = session.dialect.quoted("group")
    run(session, revisions, step=1)
    session.execute("INSERT INTO teams (id) VALUES (1), (2), (3), (4), (5)")
    session.execute("INSERT INTO members (id, grade, team) VALUES (1, 1, 1), (2, 1, 2)")
    run(session, revisions, step=2)
    session.execute(f"INSERT INTO members (id, grade, {group}) VALUES (3, 1, 3), (4, 1, 4), (5, 1, 5)")
    teams: dict[int, int | None] = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5}
    for gone, column in ((1, "team"), (3, group), (5, group)):
        run(session, revisions, step=1)
        session.execute(f"DELETE FROM teams WHERE id = {gone}")
        if action is ReferentialAction.CASCADE:
            del teams[gone]
        else:
            teams[gone] = None
        assert dict(session.fetch(f"SELECT id, {column} FROM members")) == teams
        if gone == 1:
            assert dict(session.fetch(f"SELECT id, {group} FROM members")) == teams


# --- other types -----------------------------------------------------------------------------------------------------


@shown
def test_a_name_and_a_type_change_while_both_are_written(session: Session) -> None:
    tables = ([users(Column("price", t.int()))], [users(Column("cost", t.string(20)))])
    found = change(*tables, renamed(TABLE, "cost", "price"))
    revisions = found.revisions(created(found.before))
    old, new = Program(session, TABLE, "price"), Program(session, TABLE, "cost")
    run(session, revisions, step=1)
    old.insert(1, 10)
    run(session, revisions, step=2)
    old.insert(2, 20)
    new.insert(3, "30")
    new.update(1, "11")
    old.update(3, 31)
    old.update(2, 21)
    expected = {1: 11, 2: 21, 3: 31}
    assert old.rows() == expected
    assert new.rows() == {id_: str(value) for id_, value in expected.items()}
    # As it was written, though the other column says it otherwise.
    new.update(3, "007")
    assert (old.rows()[3], new.rows()[3]) == (7, "007")
    old.update(3, 7)
    assert (old.rows()[3], new.rows()[3]) == (7, "007")
    with pytest.raises(DatabaseError):
        new.update(3, "no number")
    assert (old.rows()[3], new.rows()[3]) == (7, "007")
    run(session, revisions)
    new.update(3, "any text")
    assert new.rows() == {1: "11", 2: "21", 3: "any text"}


PAIRS: dict[str, tuple[ColumnType, ColumnType, tuple[object, str], tuple[object, str]]] = {
    # The types; what a program of before writes and how it reads behind; what one of after writes and how it reads before.
    "bool, text": (t.bool(), t.string(10), (True, "true"), ("false", "0")),
    "text, bool": (t.string(10), t.bool(), ("true", "1"), (False, "false")),
    "int, decimal": (t.int(), t.decimal(8, 2), (12, "12.00"), ("7.00", "7")),
    "decimal, text": (t.decimal(8, 2), t.string(20), ("1.50", "1.50"), ("2.25", "2.25")),
    "text, int": (t.string(20), t.int(), ("12", "12"), (7, "7")),
    "date, datetime": (
        t.date(),
        t.datetime(),
        ("2024-02-29", "2024-02-29 00:00:00"),
        ("2024-03-01 10:11:12", "2024-03-01"),
    ),
    "datetime, text": (
        t.datetime(),
        t.string(40),
        ("2024-02-29 10:11:12", "2024-02-29 10:11:12"),
        ("2024-03-01 10:11:12.000000", "2024-03-01 10:11:12"),
    ),
    "enum, text": (t.enum("Colour"), t.string(10), ("red", "red"), ("green", "green")),
    "text, enum": (t.string(10), t.enum("Colour"), ("red", "red"), ("green", "green")),
    "string, text": (t.string(10), t.text(), ("a'b", "a'b"), ("c", "c")),
    "int, double": (t.int(), t.double(), (3, "3"), (5.0, "5")),
}


@shown
@pytest.mark.parametrize("pair", PAIRS)
def test_values_of_other_types_are_converted_both_ways(pair: str, session: Session) -> None:
    before, after, (written, behind), (later, earlier) = PAIRS[pair]
    tables = [Table("items", (ID, Column(name, type_)), ("id",)) for name, type_ in (("old", before), ("new", after))]
    colours = [Enum("Colour", ("red", "green"), "colour")]
    found = change(tables[:1], tables[1:], renamed("items", "new", "old"), colours)
    revisions = found.revisions(created(found.before))
    old, new = Program(session, "items", "old"), Program(session, "items", "new")

    def text(value: object) -> str:
        return str(int(value)) if isinstance(value, bool | float) else str(value)

    def given(value: object) -> object:
        # SQLite keeps moments in one form, which its driver gives them.
        is_moment = session.dialect.name == "sqlite" and isinstance(value, str) and value.count(":") == 2
        return f"{value}.000000" if is_moment and "." not in str(value) else value

    run(session, revisions, step=1)
    old.insert(1, given(written))
    run(session, revisions, step=2)
    old.insert(2, given(written))
    new.insert(3, given(later))
    old.insert(4, given(written))
    new.update(4, given(later))
    new.insert(5, given(later))
    old.update(5, given(written))
    shown_behind, shown_before = new.rows(), old.rows()
    assert [text(shown_behind[id_]).startswith(behind) for id_ in (1, 2, 5)] == [True] * 3, shown_behind
    assert [text(shown_before[id_]).startswith(earlier) for id_ in (3, 4)] == [True] * 2, shown_before


@shown
def test_a_conversion_that_rounds_rounds_nothing_of_what_it_is_made_from(session: Session) -> None:
    tables = ([users(Column("size", t.double()))], [users(Column("whole", t.int()))])
    found = change(*tables, renamed(TABLE, "whole", "size"))
    revisions = found.revisions(created(found.before))
    old, new = Program(session, TABLE, "size"), Program(session, TABLE, "whole")
    run(session, revisions, step=1)
    old.insert(1, 1.25)
    run(session, revisions, step=2)
    old.insert(2, 2.25)
    old.insert(3, 9.0)
    old.update(3, 3.25)
    new.insert(4, 4)
    assert old.rows() == {1: 1.25, 2: 2.25, 3: 3.25, 4: 4.0}
    assert new.rows() == {1: 1, 2: 2, 3: 3, 4: 4}
    new.update(1, 7)
    assert (old.rows()[1], new.rows()[1]) == (7.0, 7)
    [drop] = [operation for operation in found.phases[-1].operations if operation.losses()]
    assert isinstance(drop, DropColumn), "what is lost is for the developer to accept"


@shown
def test_a_type_changes_under_its_name(session: Session) -> None:
    found = CASES["a type"]
    revisions = found.revisions(created(found.before))
    program = Program(session, "items", "count")
    run(session, revisions, step=1)
    for id_ in range(1, 4):
        program.insert(id_, id_ * 10)
    run(session, revisions, step=1)
    program.update(1, 11)
    program.insert(4, 40)
    run(session, revisions, step=1)
    program.update(2, 21)
    program.insert(5, 50)
    program.insert_default(6)
    expected: dict[int, object] = {1: 11, 2: 21, 3: 30, 4: 40, 5: 50, 6: 7}
    assert program.rows() == expected
    run(session, revisions, step=1)
    assert program.rows() == expected
    program.update(3, 2**40)
    with pytest.raises(CheckViolation):
        program.insert(7, -1)
    program.insert_default(7)
    run(session, revisions)
    assert program.rows() == {**expected, 3: 2**40, 7: 8}
    # What the old type does not hold stops the way back, and nothing is lost.
    with pytest.raises(RevisionFailed, match=r"copy column items.count to count_other was refused"):
        rollback(session, revisions, step=2)
    assert program.rows() == {**expected, 3: 2**40, 7: 8}
    program.update(3, 31)
    rollback(session, revisions, step=1)
    program.insert(8, 80)
    program.update(8, 81)
    rollback(session, revisions, step=2)
    assert program.rows() == {**expected, 3: 31, 7: 8, 8: 81}


@pytest.mark.feature(FEATURE, dialect="mysql")
def test_both_names_are_swapped_by_one_statement_where_ddl_is_not_rolled_back() -> None:
    found = CASES["a type"]
    (switch,) = (
        revision
        for revision in sql(found.revisions(created(found.before)), dialects.get("mysql"))
        if revision.id == "switch"
    )
    swaps = [text for text in switch.statements if "RENAME COLUMN" in text]
    assert swaps == [
        "ALTER TABLE `items` RENAME COLUMN `count` TO `count_other`, RENAME COLUMN `count_other` TO `count`"
    ]


# --- rows ------------------------------------------------------------------------------------------------------------


@shown
def test_a_value_that_cannot_be_converted_stops_the_copy_which_goes_on_when_it_is_mended(session: Session) -> None:
    tables = ([users(Column("price", t.string(20)))], [users(Column("cost", t.int()))])
    found = change(*tables, renamed(TABLE, "cost", "price"))
    revisions = found.revisions(created(found.before))
    old, new = Program(session, TABLE, "price"), Program(session, TABLE, "cost")
    run(session, revisions, step=1)
    place = session.dialect.quoted(TABLE)
    rows = [(id_, "none" if id_ == 1500 else str(id_)) for id_ in range(1, 2001)]
    session.execute(f"INSERT INTO {place} (id, price) VALUES " + ", ".join(f"({id_}, '{text}')" for id_, text in rows))
    run(session, revisions, step=1)
    with pytest.raises(RevisionFailed, match=r"copy column us%ers.price to cost was refused") as failed:
        run(session, revisions, step=1)
    assert "none" not in str(failed.value), "values are in no message"
    # A batch is kept by itself.
    assert [value is not None for value in new.rows().values()] == [True] * 1000 + [False] * 1000
    old.update(1500, "1500")
    told: list[Event] = []
    run(session, revisions, step=1, report=told.append)
    assert [event.rows for event in told if isinstance(event, BatchDone)][-1] in {999, 1999}
    assert new.rows() == {id_: id_ for id_ in range(1, 2001)}


@pytest.mark.feature(FEATURE, dialect="sqlite")
@pytest.mark.parametrize("setting", ["ON", "OFF"])
def test_triggers_agree_whether_or_not_they_fire_each_other(setting: str, tmp_path: Path) -> None:
    revisions = RENAME.revisions(created(RENAME.before))
    with open_session(f"sqlite:///{tmp_path}/app.db") as session:
        session.execute(f"PRAGMA recursive_triggers = {setting}")
        old, new = both(session)
        run(session, revisions, step=4)
        expected = write(old, new, 10)
        assert old.rows() == new.rows() == expected
