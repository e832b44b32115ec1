"""Generated columns, collations, places and the options of tables: created, added, dropped and taken back, with rows."""

from dataclasses import replace
from decimal import Decimal
from textwrap import dedent
from typing import Any

import pytest

from isomorph import dialects
from isomorph.catalog import (
    Arithmetic,
    Call,
    Column,
    ColumnRef,
    Generated,
    Index,
    IndexColumn,
    Literal,
    SqlText,
    Table,
    Unique,
)
from isomorph.errors import InvalidOperation
from isomorph.migrate import AddColumn, CreateTable, DropColumn, Operations, Revisions, State, rollback, run
from isomorph.migrate import types as t
from isomorph_generator.migrations import detect
from isomorph_generator.migrations.source import Imports, source
from tests.support.migrations import Session, chain, structure

ID = Column("id", t.bigint(), auto_increment=True)
PRICE = Column("price", t.decimal(9, 2))
COUNT = Column("count", t.int())
NAME = Column("name", t.string(20))
ITEMS = Table("items", (ID, NAME, PRICE, COUNT), ("id",))

TOTAL = Column("total", t.decimal(12, 2), generated=Generated(Arithmetic("*", ColumnRef("price"), ColumnRef("count"))))
UPPER = Column("upper_name", t.string(20), generated=Generated(Call("upper", (ColumnRef("name"),))))
VIRTUAL = Column("twice", t.int(), generated=Generated(Arithmetic("*", ColumnRef("count"), Literal(2)), stored=False))


def values(session: Session, *columns: str) -> list[tuple[Any, ...]]:
    quoted = session.dialect.quoted
    names = ", ".join(quoted(column) for column in columns)
    return [
        tuple(
            Decimal(value) if column in ("price", "total") else value
            for column, value in zip(columns, row, strict=True)
        )
        for row in session.fetch(f"SELECT {names} FROM {quoted('items')} ORDER BY {quoted('id')}")
    ]


def fill(session: Session) -> None:
    quoted = session.dialect.quoted
    columns = ", ".join(map(quoted, ("name", "price", "count")))
    session.execute(f"INSERT INTO {quoted('items')} ({columns}) VALUES ('ä', '1.50', 3), ('B', '0.25', 2)")


# --- generated columns -----------------------------------------------------------------------------------------------


@pytest.mark.feature("migrations.generated")
def test_a_generated_column_comes_to_rows_and_goes_again(session: Session) -> None:
    after = Table("items", (*ITEMS.columns, TOTAL, UPPER), ("id",), uniques=(Unique("u", ("upper_name",)),))
    revisions = chain((CreateTable(ITEMS),), detect(State.of([ITEMS], []), State.of([after], [])))
    run(session, Revisions(revisions.items[:1]))
    plain = structure(session)
    fill(session)

    run(session, revisions)
    assert values(session, "total", "upper_name") == [(Decimal("4.50"), "Ä"), (Decimal("0.50"), "B")]
    computed = structure(session)
    quoted = session.dialect.quoted
    session.execute(f"UPDATE {quoted('items')} SET {quoted('count')} = 4")
    assert values(session, "total") == [(Decimal("6.00"),), (Decimal("1.00"),)]

    rollback(session, revisions)
    assert structure(session) == plain
    assert values(session, "name", "price", "count") == [("ä", Decimal("1.50"), 4), ("B", Decimal("0.25"), 4)]
    run(session, revisions)
    assert structure(session) == computed
    assert values(session, "total") == [(Decimal("6.00"),), (Decimal("1.00"),)]


@pytest.mark.feature("migrations.generated")
def test_a_table_is_created_with_it_and_rebuilt_around_it(session: Session) -> None:
    table = Table("items", (ID, TOTAL, NAME, PRICE, COUNT, UPPER), ("id",))
    later = Column("kind", t.string(5), default=None, nullable=True)
    # On SQLite a check comes only with a rebuild, which must not copy what is computed.
    checked = Table(
        "items", (*table.columns, later), ("id",), indexes=(Index("i", (IndexColumn("total"),), unique=True),)
    )
    revisions = chain(detect(State(), State.of([table], [])), detect(State.of([table], []), State.of([checked], [])))
    run(session, Revisions(revisions.items[:1]))
    fill(session)
    before = structure(session)

    run(session, revisions)
    assert values(session, "total", "upper_name", "kind") == [
        (Decimal("4.50"), "Ä", None),
        (Decimal("0.50"), "B", None),
    ]
    rollback(session, revisions)
    assert structure(session) == before


@pytest.mark.feature("migrations.generated")
def test_a_virtual_column_where_there_are_some(session: Session) -> None:
    if session.dialect.name == "postgresql":
        return  # the schema refuses it
    # The second revision makes the table anew on SQLite.
    run(session, chain((CreateTable(ITEMS), AddColumn("items", VIRTUAL)), (AddColumn("items", TOTAL),)))
    fill(session)
    assert values(session, "twice", "total") == [(6, Decimal("4.50")), (4, Decimal("0.50"))]


@pytest.mark.feature("migrations.generated")
def test_sql_by_hand_is_computed_as_it_stands(session: Session) -> None:
    sql = SqlText(dict.fromkeys(dialects.NAMES, "count + 100 % 7"))
    column = Column("made", t.int(), nullable=True, generated=Generated(sql))
    run(session, chain((CreateTable(Table("items", (*ITEMS.columns, column), ("id",))),)))
    fill(session)
    assert values(session, "made") == [(5,), (4,)]


def test_statements_of_generated_columns() -> None:
    state = CreateTable(ITEMS).apply(State())

    def added(column: Column) -> dict[str, list[str]]:
        return {
            name: [
                dialects.get(name).ddl.printed(statement)
                for statement in AddColumn("items", column).statements(dialects.get(name), state)
            ]
            for name in dialects.NAMES
            if column.generated is None or column.generated.stored or name != "postgresql"
        }

    total = added(TOTAL)
    assert total["postgresql"] == [
        'ALTER TABLE "items" ADD COLUMN "total" numeric(12, 2) GENERATED ALWAYS AS ("price" * "count") STORED NOT NULL'
    ]
    # MySQL lets generated columns be NOT NULL, MariaDB does not.
    assert total["mysql"] == [
        (
            "ALTER TABLE `items` ADD COLUMN `total` DECIMAL(12, 2) GENERATED ALWAYS AS (`price` * `count`) STORED"
            " /*!80017 NOT NULL */"
        )
    ]
    # A stored column cannot be added there, so the table is made anew.
    assert total["sqlite"][0].startswith("CREATE TABLE")
    with pytest.raises(InvalidOperation, match=r"postgresql computes no column when it is read, as items\.twice"):
        AddColumn("items", VIRTUAL).statements(dialects.get("postgresql"), state)
    virtual = added(VIRTUAL)
    (statement,) = virtual["sqlite"]
    assert statement.startswith(
        'ALTER TABLE "items" ADD COLUMN "twice" INTEGER GENERATED ALWAYS AS ("count" * 2) VIRTUAL NOT NULL'
    )


def test_a_revision_says_how_a_column_is_generated() -> None:
    column = Column("low", t.text(), generated=Generated(Call("lower", (ColumnRef("name"),))), collation="nocase")
    assert source(column, Imports(set(), set())) == dedent("""\
        Column(
            "low",
            t.text(),
            generated=Generated(Call("lower", arguments=(ColumnRef("name"),))),
            collation="nocase",
        )""")


def test_what_a_column_is_generated_from_comes_first_and_goes_last() -> None:
    price, count = (replace(column, nullable=True) for column in (PRICE, COUNT))
    total = replace(TOTAL, nullable=True)
    plain = State.of([Table("items", (ID,), ("id",))], [])
    full = State.of([Table("items", (ID, total, price, count), ("id",))], [])
    operations = detect(plain, full)
    assert [str(operation) for operation in operations] == [
        "add column items.price",
        "add column items.count",
        "add column items.total",
    ]
    assert next(str(operation) for operation in detect(full, plain)) == "drop column items.total"


@pytest.mark.parametrize(
    ("operations", "message"),
    [
        (
            (AddColumn("items", TOTAL), DropColumn("items", PRICE)),
            "the generated column total needs the column items.price",
        ),
        ((DropColumn("items", PRICE), AddColumn("items", TOTAL)), "items has no column price at this point"),
        (
            (AddColumn("items", Column("x", t.int(), nullable=True, after="nmae")),),
            r"items has no column nmae at this point \(did you mean",
        ),
    ],
)
def test_what_does_not_fit_is_refused(operations: Operations, message: str) -> None:
    state = CreateTable(ITEMS).apply(State())
    with pytest.raises(InvalidOperation, match=message):
        for operation in operations:
            state = operation.apply(state)


# --- collations, places, engines -------------------------------------------------------------------------------------


@pytest.mark.feature("migrations.table_options")
def test_collations_come_with_a_column_and_with_a_table(session: Session) -> None:
    loose = Column("loose", t.string(20), nullable=True, collation="nocase")
    table = Table("items", (ID, NAME, PRICE, COUNT), ("id",), collation="nocase")
    exact = Column("exact", t.string(20), nullable=True, collation="binary")
    other = Table("others", (ID, NAME), ("id",))
    revisions = chain((CreateTable(table), CreateTable(other)), (AddColumn("others", loose), AddColumn("items", exact)))
    run(session, Revisions(revisions.items[:1]))
    before = structure(session)
    run(session, revisions)
    fill(session)
    quoted = session.dialect.quoted
    session.execute(f"UPDATE {quoted('items')} SET {quoted('exact')} = {quoted('name')}")
    session.execute(f"INSERT INTO {quoted('others')} ({quoted('name')}, {quoted('loose')}) VALUES ('A', 'A')")

    def count(table: str, column: str, text: str) -> int:
        return int(session.fetch(f"SELECT COUNT(*) FROM {quoted(table)} WHERE {quoted(column)} = '{text}'")[0][0])

    assert (count("items", "name", "b"), count("items", "exact", "b"), count("items", "exact", "B")) == (1, 0, 1)
    assert (count("others", "name", "a"), count("others", "loose", "a")) == (0, 1)
    rollback(session, revisions)
    assert structure(session) == before


@pytest.mark.feature("migrations.table_options")
def test_collations_by_their_own_names(session: Session) -> None:
    names = {"sqlite": "RTRIM", "postgresql": "und-x-icu", "mysql": "utf8mb4_swedish_ci"}
    table = Table("items", (ID, Column("name", t.string(20), collation=names)), ("id",))
    run(session, chain((CreateTable(table),)))
    assert any(names[session.dialect.name] in value for row in structure(session) for value in row)


def _column_order(session: Session) -> list[str]:
    query = {
        "sqlite": "SELECT name FROM pragma_table_info('items') ORDER BY cid",
        "postgresql": (
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = 'items' ORDER BY ordinal_position"
        ),
        "mysql": (
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = DATABASE() AND table_name = 'items' ORDER BY ordinal_position"
        ),
    }[session.dialect.name]
    return [name for (name,) in session.fetch(query)]


@pytest.mark.feature("migrations.table_options")
def test_columns_stand_where_they_say_on_mysql_and_last_elsewhere(session: Session) -> None:
    top = Column("top", t.int(), nullable=True, first=True)
    middle = Column("middle", t.int(), nullable=True, after="name")
    table = Table("items", (ID, NAME, PRICE, COUNT), ("id",))
    run(session, chain((CreateTable(table),), (AddColumn("items", top), AddColumn("items", middle))))
    placed = ["top", "id", "name", "middle", "price", "count"]
    last = ["id", "name", "price", "count", "top", "middle"]
    assert _column_order(session) == (placed if session.dialect.name == "mysql" else last)


@pytest.mark.feature("migrations.table_options")
def test_a_new_table_has_its_columns_in_order_too(session: Session) -> None:
    top = Column("top", t.int(), nullable=True, first=True)
    middle = Column("middle", t.int(), nullable=True, after="name")
    inner = Column("inner", t.int(), nullable=True, after="middle")
    run(session, chain((CreateTable(Table("items", (ID, inner, NAME, middle, PRICE, top), ("id",))),)))
    placed = ["top", "id", "name", "middle", "inner", "price"]
    declared = ["id", "inner", "name", "middle", "price", "top"]
    assert _column_order(session) == (placed if session.dialect.name == "mysql" else declared)


@pytest.mark.feature("migrations.table_options")
def test_a_column_that_stood_behind_a_dropped_one_comes_back_at_the_end(session: Session) -> None:
    middle = Column("middle", t.int(), nullable=True, after="name")
    table = Table("items", (ID, NAME, PRICE, COUNT), ("id",))
    first: Operations = (CreateTable(table), AddColumn("items", middle))
    second: Operations = (DropColumn("items", NAME),)
    state = State()
    for operation in (*first, *second):
        state = operation.apply(state)
    third = detect(state, State.of([Table("items", (ID, PRICE, COUNT), ("id",))], []))
    revisions = chain(first, second, third)
    run(session, revisions)
    rollback(session, revisions, step=1)
    run(session, revisions)
    assert _column_order(session) == ["id", "price", "count"]


@pytest.mark.feature("migrations.table_options")
def test_the_options_of_a_table_on_mysql(session: Session) -> None:
    latin = Column("latin", t.string(9), nullable=True, charset="latin1")
    table = Table("items", (ID, NAME, latin), ("id",), engine="MyISAM", charset="utf8mb4", collation="nocase")
    run(session, chain((CreateTable(table),)))
    if session.dialect.name != "mysql":
        return
    ((engine, collation),) = session.fetch(
        "SELECT engine, table_collation FROM information_schema.tables"
        " WHERE table_schema = DATABASE() AND table_name = 'items'"
    )
    assert engine == "MyISAM"
    assert collation in ("utf8mb4_uca1400_nopad_as_ci", "utf8mb4_0900_as_ci")  # MariaDB, MySQL
    assert session.fetch(
        "SELECT character_set_name FROM information_schema.columns"
        " WHERE table_schema = DATABASE() AND table_name = 'items' AND column_name = 'latin'"
    ) == [("latin1",)]
