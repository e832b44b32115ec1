"""What groups, windows and statements made of others compile to, all dialects side by side."""

from typing import Any

import pytest

from isomorph import dialects
from isomorph import functions as f
from isomorph.errors import InvalidQuery, NotSupported
from isomorph.sql.expressions import Expression, Order, Predicate
from isomorph.sql.select import Clauses, Compiled, Lock, Select
from isomorph.sql.sources import Cte, CteSource, Join
from tests.support.expressions import TABLE, Things
from tests.support.limits import on_each


def statement(
    *columns: Expression[Any],
    where: tuple[Predicate, ...] = (),
    orders: tuple[Order, ...] = (),
    limit: int | None = None,
    extra: Clauses | None = None,
) -> Select:
    made = Select(TABLE, ("id", "name"), key=("id",))
    made.columns, made.predicates, made.orders, made.limit = columns or None, where, orders, limit
    if extra is not None:
        made.extra = extra
    return made


def texts(made: Select) -> dict[str, str]:
    """The text per dialect."""
    return {name: made.compile(dialects.get(name))[0] for name in dialects.NAMES}


def values(made: Select) -> list[object]:
    """The parameters, which are the same everywhere."""
    found: list[Compiled] = [made.compile(dialects.get(name)) for name in dialects.NAMES]
    assert found[0][1] == found[1][1] == found[2][1]
    return list(found[0][1])


def standard(text: str) -> dict[str, str]:
    """The text on dialects that differ in quotes and placeholders only."""
    servers = text.replace("?", "%s")
    return {"sqlite": text, "postgresql": servers, "mysql": servers.replace('"', "`")}


# --- groups ------------------------------------------------------------------------------------------------------------


def test_groups_and_what_must_be_true_of_them() -> None:
    by_name = Clauses(groups=(Things.name,), havings=(f.count() > 1,))
    made = statement(Things.name, f.count(), extra=by_name, orders=(f.count().desc(), Things.name.asc()))

    # What is selected is ordered by its place: not computed twice, and no value bound twice.
    assert texts(made) == standard(
        'SELECT "name", COUNT(*) FROM "things" GROUP BY "name" HAVING COUNT(*) > ? ORDER BY 2 DESC, "name"'
    )
    assert values(made) == [1]


def test_columns_of_a_grouped_key_need_no_group_of_their_own() -> None:
    by_key = Clauses(groups=(Things.id,))
    assert texts(statement(Things.id, Things.name, f.count(), extra=by_key)) == standard(
        'SELECT "id", "name", COUNT(*) FROM "things" GROUP BY "id"'
    )


@pytest.mark.parametrize("dialect", dialects.NAMES)
def test_what_a_group_has_no_single_value_of_is_refused(dialect: str) -> None:
    by_name = Clauses(groups=(Things.name,))
    with pytest.raises(InvalidQuery, match=r"Thing\.flag is neither grouped nor aggregated"):
        statement(Things.name, Things.flag, extra=by_name).compile(dialects.get(dialect))
    with pytest.raises(InvalidQuery, match=r"Thing\.flag is neither grouped nor aggregated"):
        statement(Things.name, extra=by_name, orders=(Things.flag.asc(),)).compile(dialects.get(dialect))


def test_totals_are_unions_where_a_database_has_none_that_can_be_ordered() -> None:
    totals = Clauses(groups=(Things.name,), rollup=True)
    made = texts(statement(Things.name.optional(), f.count(), f.grouping(Things.name), extra=totals))

    assert made == {
        "sqlite": 'SELECT "name", COUNT(*), 0 FROM "things" GROUP BY "name" UNION ALL SELECT NULL, COUNT(*), 1 FROM "things"',
        "postgresql": 'SELECT "name", COUNT(*), GROUPING("name") FROM "things" GROUP BY ROLLUP ("name")',
        "mysql": "SELECT `name`, COUNT(*), 0 FROM `things` GROUP BY `name` UNION ALL SELECT NULL, COUNT(*), 1 FROM `things`",
    }


# --- aggregates --------------------------------------------------------------------------------------------------------


def test_aggregates_of_some_rows() -> None:
    made = statement(f.count().filter(Things.flag.is_null()), f.sum(Things.number).filter(Things.id > 3))

    filtered = 'SELECT COUNT(*) FILTER (WHERE "flag" IS NULL), SUM("number") FILTER (WHERE "id" > ?) FROM "things"'
    assert texts(made) == {
        **standard(filtered),
        "mysql": "SELECT COUNT(CASE WHEN `flag` IS NULL THEN 1 END), SUM(CASE WHEN `id` > %s THEN `number` END) FROM `things`",
    }
    assert values(made) == [3]


def test_aggregates_of_different_values() -> None:
    assert texts(statement(f.count(Things.name).distinct(), f.sum(Things.number).distinct())) == standard(
        'SELECT COUNT(DISTINCT "name"), SUM(DISTINCT "number") FROM "things"'
    )


def test_truths_are_numbers_where_a_database_has_no_truth() -> None:
    assert texts(statement(f.bool_and(Things.flag), f.bool_or(Things.flag))) == {
        "sqlite": 'SELECT MIN("flag"), MAX("flag") FROM "things"',
        "postgresql": 'SELECT BOOL_AND("flag"), BOOL_OR("flag") FROM "things"',
        "mysql": "SELECT MIN(`flag`), MAX(`flag`) FROM `things`",
    }


# --- windows -----------------------------------------------------------------------------------------------------------


def test_a_window_has_parts_orders_and_a_frame() -> None:
    frame = f.Rows(f.preceding(2), f.CURRENT_ROW)
    made = statement(f.sum(Things.number).over(partition_by=Things.flag, order_by=Things.id, frame=frame))

    assert texts(made) == standard(
        'SELECT SUM("number") OVER (PARTITION BY "flag" ORDER BY "id" ROWS BETWEEN ? PRECEDING AND CURRENT ROW) FROM "things"'
    )
    assert values(made) == [2]


def test_null_is_the_least_value_in_a_window_too() -> None:
    made = statement(f.row_number().over(order_by=Things.maybe_number.desc()))

    assert texts(made) == {
        **standard('SELECT ROW_NUMBER() OVER (ORDER BY "maybe_number" DESC) FROM "things"'),
        "postgresql": 'SELECT ROW_NUMBER() OVER (ORDER BY "maybe_number" DESC NULLS LAST) FROM "things"',
    }


def test_groups_of_a_frame_are_refused_where_there_are_none() -> None:
    made = statement(f.count().over(order_by=Things.id, frame=f.Groups(f.preceding(2))))

    text = 'SELECT COUNT(*) OVER (ORDER BY "id" GROUPS BETWEEN ? PRECEDING AND CURRENT ROW) FROM "things"'
    for name in ("sqlite", "postgresql"):
        assert made.compile(dialects.get(name))[0] == standard(text)[name]
    with pytest.raises(NotSupported, match=r"^mysql has no frame counted in groups \(number the groups by dense_rank"):
        made.compile(dialects.get("mysql"))


@pytest.mark.parametrize("dialect", dialects.NAMES)
def test_a_window_is_no_condition(dialect: str) -> None:
    made = statement(where=(f.row_number().over(order_by=Things.id) < 3,))
    with pytest.raises(InvalidQuery, match=r"window"):
        made.compile(dialects.get(dialect))


# --- statements of others -------------------------------------------------------------------------------------------------


def test_first_rows_are_numbered() -> None:
    made = statement(Things.id, extra=Clauses(firsts=(Things.name,)), orders=(Things.name.asc(), Things.id.desc()))

    numbered = (
        'SELECT "id" AS "_c0", "name" AS "_o0", "id" AS "_o1", '
        'ROW_NUMBER() OVER (PARTITION BY "name" ORDER BY "name", "id" DESC) AS "_number" FROM "things"'
    )
    orders = 'ORDER BY "firsts"."_o0", "firsts"."_o1" DESC'
    servers = 'ORDER BY "firsts"."_o0" NULLS FIRST, "firsts"."_o1" DESC NULLS LAST'
    whole = f'SELECT "_c0" AS "id" FROM ({numbered}) AS "firsts" WHERE "firsts"."_number" = 1 '
    assert texts(made) == {**standard(whole + orders), "postgresql": whole + servers}


def test_a_union_may_be_cut_and_ordered_within_and_around() -> None:
    first = statement(Things.id, where=(Things.id > 7,), orders=(Things.id.asc(),), limit=2)
    made = statement(Things.id, extra=Clauses(compound=(("UNION ALL", first),)), limit=4)

    assert {name: made.compile(dialects.get(name)) for name in dialects.NAMES} == on_each(
        'SELECT "id" FROM "things" UNION ALL '
        'SELECT * FROM (SELECT "things"."id" FROM "things" WHERE "things"."id" > ? ORDER BY "things"."id" LIMIT 2) AS "part0" '
        "LIMIT 4",
        7,
    )


def test_mixed_operators_are_applied_one_after_another() -> None:
    # Everywhere but on SQLite INTERSECT would bind more tightly than UNION.
    small, large = statement(Things.id, where=(Things.id < 5,)), statement(Things.id, where=(Things.id > 7,))
    made = statement(Things.id, extra=Clauses(compound=(("UNION", small), ("INTERSECT", large))))

    assert texts(made) == standard(
        'SELECT * FROM (SELECT "id" FROM "things" UNION '
        'SELECT "things"."id" FROM "things" WHERE "things"."id" < ?) AS "set1" '
        'INTERSECT SELECT "things"."id" FROM "things" WHERE "things"."id" > ?'
    )
    assert values(made) == [5, 7]


def test_a_common_table_expression_is_written_once_before_the_statement() -> None:
    cte = Cte("few", ("id", "name"), statement(where=(Things.id < 5,)))
    made = Select("few", ("id", "name"), CteSource(cte, "few"))
    made.joins = (Join("again", "", (), condition=None, target=CteSource(cte, "again")),)

    assert texts(made) == standard(
        'WITH "few" ("id", "name") AS (SELECT "things"."id", "things"."name" FROM "things" WHERE "things"."id" < ?) '
        'SELECT "few"."id", "few"."name" FROM "few" CROSS JOIN "few" AS "again"'
    )
    assert values(made) == [5]


# --- locks, comments, hints -------------------------------------------------------------------------------------------------


def test_locks() -> None:
    nowait, skipping = Clauses(lock=Lock("update", "nowait")), Clauses(lock=Lock("share", "skip_locked"))

    assert texts(statement(Things.id, extra=nowait)) == {
        "sqlite": 'SELECT "id" FROM "things"',  # a transaction locks the database
        "postgresql": 'SELECT "id" FROM "things" FOR UPDATE NOWAIT',
        "mysql": "SELECT `id` FROM `things` FOR UPDATE NOWAIT",
    }
    assert (
        texts(statement(Things.id, extra=skipping))["postgresql"] == 'SELECT "id" FROM "things" FOR SHARE SKIP LOCKED'
    )


def test_a_comment_is_the_end() -> None:
    made = statement(Things.id, where=(Things.id > 1,), limit=3, extra=Clauses(comment="page=home"))
    assert {name: made.compile(dialects.get(name)) for name in dialects.NAMES} == on_each(
        'SELECT "id" FROM "things" WHERE "id" > ? LIMIT 3 /* page=home */', 1
    )


def test_a_hint_is_for_one_database() -> None:
    made = statement(Things.id, extra=Clauses(hints={"mysql": "MAX_EXECUTION_TIME(1000)"}))
    assert texts(made) == {
        **standard('SELECT "id" FROM "things"'),
        "mysql": "SELECT /*+ MAX_EXECUTION_TIME(1000) */ `id` FROM `things`",
    }
