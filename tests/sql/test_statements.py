"""What whole statements compile to, all dialects side by side."""

from typing import Any

import pytest

from isomorph import dialects
from isomorph.catalog import Column, ColumnType, Kind, Table
from isomorph.sql.aggregation import Aggregate
from isomorph.sql.expressions import Bound, Expression, Order, Predicate
from isomorph.sql.select import Compiled, Select
from isomorph.sql.sources import Join
from isomorph.sql.statements import compile_delete, compile_insert, compile_update
from isomorph.sql.tallies import compile_count, compile_exists
from tests.support.expressions import TABLE, Things, select_on_all
from tests.support.limits import Sly, on_each

SQLITE, POSTGRESQL, MYSQL = (dialects.get(name) for name in dialects.NAMES)


def statement(
    *predicates: Predicate,
    columns: tuple[Expression[object], ...] | None = None,
    joins: tuple[Join, ...] = (),
    orders: tuple[Order, ...] = (),
    limit: int | None = None,
    offset: int = 0,
    distinct: bool = False,
) -> Select:
    made = Select(TABLE, ("id", "name"))
    made.predicates, made.columns, made.joins, made.orders = predicates, columns, joins, orders
    made.limit, made.offset, made.distinct = limit, offset, distinct
    return made


def standard(text: str, *parameters: object) -> dict[str, Compiled]:
    """The text, its limits written, on dialects that differ in limits, quotes and placeholders only."""
    return on_each(text, *parameters)


def test_a_bare_select_is_the_generated_text() -> None:
    assert select_on_all(statement()) == standard('SELECT "id", "name" FROM "things"')


def test_conditions_are_joined_by_and_without_needless_parentheses() -> None:
    made = statement(Things.id > 1, (Things.id < 9) & (Things.name == "Ada"), Things.flag.is_null())

    assert select_on_all(made) == standard(
        'SELECT "id", "name" FROM "things" WHERE "id" > ? AND "id" < ? AND "name" = ? AND "flag" IS NULL', 1, 9, "Ada"
    )


def test_order_follows_the_conditions() -> None:
    made = statement(Things.id > 1, orders=(Things.name.asc(), Things.id.desc()))

    assert select_on_all(made) == standard(
        'SELECT "id", "name" FROM "things" WHERE "id" > ? ORDER BY "name", "id" DESC', 1
    )


def test_an_offset_is_bound_and_so_is_a_limit_but_on_postgresql() -> None:
    assert select_on_all(statement(limit=5, offset=10)) == {
        "sqlite": ('SELECT "id", "name" FROM "things" LIMIT ? OFFSET ?', (5, 10)),
        "postgresql": ('SELECT "id", "name" FROM "things" LIMIT 5 OFFSET %s', (10,)),
        "mysql": ("SELECT `id`, `name` FROM `things` LIMIT %s OFFSET %s", (5, 10)),
    }


def test_limit_zero_is_a_limit() -> None:
    assert select_on_all(statement(limit=0)) == {
        "sqlite": ('SELECT "id", "name" FROM "things" LIMIT ?', (0,)),
        "postgresql": ('SELECT "id", "name" FROM "things" LIMIT 0', ()),
        "mysql": ("SELECT `id`, `name` FROM `things` LIMIT %s", (0,)),
    }


def test_a_written_limit_is_the_number_whatever_it_says_of_itself() -> None:
    assert statement(limit=Sly(5)).compile(POSTGRESQL) == ('SELECT "id", "name" FROM "things" LIMIT 5', ())
    assert statement(limit=True).compile(POSTGRESQL)[0].endswith(" LIMIT 1")
    text: Any = "1; DROP TABLE things"
    with pytest.raises(TypeError):
        statement(limit=text).compile(POSTGRESQL)


def test_an_offset_alone_gets_the_limit_that_a_dialect_needs() -> None:
    found = select_on_all(statement(offset=10))

    assert found == {
        "sqlite": ('SELECT "id", "name" FROM "things" LIMIT -1 OFFSET ?', (10,)),
        "postgresql": ('SELECT "id", "name" FROM "things" OFFSET %s', (10,)),
        "mysql": ("SELECT `id`, `name` FROM `things` LIMIT 18446744073709551615 OFFSET %s", (10,)),
    }


def test_chosen_columns_replace_the_list() -> None:
    made = statement(columns=(Things.name, Things.id.is_null()))

    assert select_on_all(made) == standard('SELECT "name", "id" IS NULL FROM "things"')


def test_distinct_comes_first() -> None:
    assert select_on_all(statement(distinct=True)) == standard('SELECT DISTINCT "id", "name" FROM "things"')


def test_joins_qualify_every_column() -> None:
    made = statement(
        Things.owner == "Ada",
        joins=(
            Join("people", "things", [("owner_id", "id"), ("land", "land")]),
            Join("notes", "people", [("id", "about_id")], constants=[("about_type", "person")], outer=True),
        ),
        orders=(Things.name.desc(),),
    )

    assert select_on_all(made) == standard(
        'SELECT "things"."id", "things"."name" FROM "things"'
        ' INNER JOIN "people" ON "things"."owner_id" = "people"."id" AND "things"."land" = "people"."land"'
        ' LEFT JOIN "notes" ON "people"."id" = "notes"."about_id" AND "notes"."about_type" = ?'
        ' WHERE "people"."owner" = ? ORDER BY "things"."name" DESC',
        "person",
        "Ada",
    )


def counted(made: Select) -> dict[str, Compiled]:
    return {dialect.name: compile_count(made, dialect) for dialect in (SQLITE, POSTGRESQL, MYSQL)}


def test_a_count_of_ordered_rows_is_one_of_a_derived_table() -> None:
    """No database orders one number; the pass that drops the order spares it the table."""
    assert counted(statement(Things.id > 1, orders=(Things.name.asc(),))) == standard(
        'SELECT COUNT(*) FROM (SELECT 1 FROM "things" WHERE "id" > ? ORDER BY "name") AS counted', 1
    )


def test_a_count_of_a_cut_selection_counts_what_is_left() -> None:
    assert counted(statement(Things.id > 1, limit=3, offset=1)) == standard(
        'SELECT COUNT(*) FROM (SELECT 1 FROM "things" WHERE "id" > ? LIMIT 3 OFFSET ?) AS counted', 1, 1
    )


def test_a_count_of_distinct_rows_names_each_column_apart() -> None:
    """Two columns of one name cannot stand in a derived table."""
    made = statement(columns=(Things.name, Things.name), distinct=True)

    assert counted(made) == standard(
        'SELECT COUNT(*) FROM (SELECT DISTINCT "name" AS "c0", "name" AS "c1" FROM "things") AS counted'
    )


def test_existence_needs_one_row_and_no_order() -> None:
    made = statement(Things.id > 1, orders=(Things.name.asc(),), distinct=True)

    assert {d.name: compile_exists(made, d) for d in (SQLITE, POSTGRESQL, MYSQL)} == standard(
        'SELECT 1 FROM "things" WHERE "id" > ? LIMIT 1', 1
    )


def test_existence_within_no_rows_is_no_existence() -> None:
    made = statement(limit=0)

    assert {d.name: compile_exists(made, d) for d in (SQLITE, POSTGRESQL, MYSQL)} == standard(
        'SELECT 1 FROM "things" LIMIT 0'
    )


def test_an_aggregate_takes_the_place_of_the_columns() -> None:
    made = statement(Things.id > 1, orders=(Things.name.asc(),))

    made.columns, made.orders = (Aggregate("MAX", Things.number),), ()

    assert select_on_all(made) == standard('SELECT MAX("number") FROM "things" WHERE "id" > ?', 1)


def test_a_sum_of_decimals_is_exact_on_sqlite_too() -> None:
    found = select_on_all(statement(columns=(Aggregate("SUM", Things.price),)))

    assert found["sqlite"][0] == 'SELECT isomorph_sum("price") FROM "things"'
    assert found["postgresql"][0] == 'SELECT SUM("price") FROM "things"'


def test_aggregates_of_decimals_and_uuids_are_what_each_database_has() -> None:
    def text(name: str, column: Expression[object]) -> dict[str, str]:
        found = select_on_all(statement(columns=(Aggregate(name, column),)))
        return {dialect: compiled[0] for dialect, compiled in found.items()}

    assert text("AVG", Things.price)["sqlite"] == 'SELECT isomorph_avg("price") FROM "things"'
    assert text("MIN", Things.price) == {
        "sqlite": 'SELECT MIN("price") FROM "things"',
        "postgresql": 'SELECT MIN("price") FROM "things"',
        "mysql": "SELECT MIN(`price`) FROM `things`",
    }
    assert text("MAX", Things.code) == {
        "sqlite": 'SELECT MAX("code") FROM "things"',
        "postgresql": 'SELECT CAST(MAX(CAST("code" AS text) COLLATE "C") AS uuid) FROM "things"',
        "mysql": "SELECT MAX(`code`) FROM `things`",
    }
    assert text("COUNT", Things.code)["postgresql"] == 'SELECT COUNT("code") FROM "things"'


def test_a_statement_is_copied_before_it_is_changed() -> None:
    made = statement(Things.id > 1, limit=3)
    other = made.copy()
    other.predicates += (Things.id < 9,)
    other.limit = None

    assert (len(made.predicates), made.limit) == (1, 3)


NAMED = Table(
    "order", (Column("group", ColumnType(Kind.INT)), Column('a"`%b', ColumnType(Kind.TEXT))), primary_key=("group",)
)


def test_an_insert_lists_its_columns_and_rows() -> None:
    assert compile_insert(SQLITE, NAMED, ["group", 'a"`%b'], 2) == (
        'INSERT INTO "order" ("group", "a""`%b") VALUES (?, ?), (?, ?)'
    )
    assert compile_insert(POSTGRESQL, NAMED, ["group", 'a"`%b']) == (
        'INSERT INTO "order" ("group", "a""`%%b") VALUES (%s, %s)'
    )
    assert compile_insert(MYSQL, NAMED, ["group", 'a"`%b']) == (
        'INSERT INTO `order` (`group`, `a"``%%b`) VALUES (%s, %s)'
    )


def test_an_insert_of_nothing_but_defaults_has_a_form_of_its_own() -> None:
    assert compile_insert(SQLITE, "things", []) == 'INSERT INTO "things" DEFAULT VALUES'
    assert compile_insert(POSTGRESQL, "things", []) == 'INSERT INTO "things" DEFAULT VALUES'
    assert compile_insert(MYSQL, "things", []) == "INSERT INTO `things` () VALUES ()"


def test_an_update_sets_expressions() -> None:
    changes: dict[str, Expression[object]] = {
        "name": Bound("Ada", Things.name.codec),
        "number": Bound(7, Things.number.codec),
    }

    assert {
        d.name: compile_update(d, TABLE, changes, (Things.id == 3,)) for d in (SQLITE, POSTGRESQL, MYSQL)
    } == standard('UPDATE "things" SET "name" = ?, "number" = ? WHERE "id" = ?', "Ada", 7, 3)


def test_a_delete_takes_conditions() -> None:
    assert {
        d.name: compile_delete(d, TABLE, (Things.id == 3, Things.name != "Ada")) for d in (SQLITE, POSTGRESQL, MYSQL)
    } == standard('DELETE FROM "things" WHERE "id" = ? AND "name" <> ?', 3, "Ada")
