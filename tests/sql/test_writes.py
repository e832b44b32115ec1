"""What statements that write compile to, all dialects side by side."""

from typing import Any

import pytest

from isomorph import dialects
from isomorph.errors import InvalidQuery, NotSupported
from isomorph.sql.assignments import excluded
from isomorph.sql.expressions import Bound, Expression
from isomorph.sql.modifying import Delete, Modification, Update
from isomorph.sql.select import Clauses, Compiled, Lock, Select
from isomorph.sql.sources import Join, TableSource
from isomorph.sql.upserts import Conflict, compile_conflict
from isomorph.sql.writer import Writer
from tests.support.expressions import TABLE, Things

SQLITE, POSTGRESQL, MYSQL = (dialects.get(name) for name in dialects.NAMES)

PEOPLE = Join("people", "things", [("owner_id", "id")])
MAYBE_PEOPLE = Join("people", "things", [("owner_id", "id")], outer=True)


def on_all(made: Modification) -> dict[str, Compiled]:
    return {dialect.name: made.compile(dialect) for dialect in (SQLITE, POSTGRESQL, MYSQL)}


def rows(*joins: Join, **clauses: Any) -> Select:
    made = Select(TABLE)
    made.predicates, made.joins = (Things.flag.is_null(),), joins
    for name, value in clauses.items():
        setattr(made, name, value)
    return made


def changes() -> dict[str, Expression[Any]]:
    return {"name": Bound("Ada", Things.name.codec)}


def test_other_tables_stand_where_each_database_has_them() -> None:
    assert on_all(Update(rows(PEOPLE), ("id",), changes())) == {
        "sqlite": (
            (
                'UPDATE "things" SET "name" = ? FROM "people"'
                ' WHERE "things"."owner_id" = "people"."id" AND "things"."flag" IS NULL'
            ),
            ("Ada",),
        ),
        "postgresql": (
            (
                'UPDATE "things" SET "name" = %s FROM "people"'
                ' WHERE "things"."owner_id" = "people"."id" AND "things"."flag" IS NULL'
            ),
            ("Ada",),
        ),
        "mysql": (
            (
                "UPDATE `things` INNER JOIN `people` ON `things`.`owner_id` = `people`.`id` SET `things`.`name` = %s"
                " WHERE `things`.`flag` IS NULL"
            ),
            ("Ada",),
        ),
    }
    assert on_all(Delete(rows(PEOPLE), ("id", "part"))) == {
        "sqlite": (
            (
                'DELETE FROM "things" WHERE ("things"."id", "things"."part") IN (SELECT "things"."id", "things"."part" FROM "things"'
                ' INNER JOIN "people" ON "things"."owner_id" = "people"."id" WHERE "things"."flag" IS NULL)'
            ),
            (),
        ),
        "postgresql": (
            'DELETE FROM "things" USING "people" WHERE "things"."owner_id" = "people"."id" AND "things"."flag" IS NULL',
            (),
        ),
        "mysql": (
            (
                "DELETE `things` FROM `things` INNER JOIN `people` ON `things`.`owner_id` = `people`.`id`"
                " WHERE `things`.`flag` IS NULL"
            ),
            (),
        ),
    }


def test_a_table_that_may_be_missing_is_joined_to_a_second_look_at_the_written_one() -> None:
    text = (
        'UPDATE "things" SET "name" = %s FROM "things" AS "self" LEFT JOIN "people" ON "self"."owner_id" = "people"."id"'
        ' WHERE "things"."id" = "self"."id" AND "things"."flag" IS NULL'
    )
    found = on_all(Update(rows(MAYBE_PEOPLE), ("id",), changes()))

    assert found["postgresql"] == (text, ("Ada",))
    assert found["sqlite"] == (text.replace("%s", "?"), ("Ada",))
    assert found["mysql"][0].startswith("UPDATE `things` LEFT JOIN `people` ON `things`.`owner_id` = `people`.`id` SET")


def test_the_first_rows_are_found_before_they_are_written() -> None:
    cut = {"orders": (Things.id.asc(),), "limit": 2}
    assert on_all(Delete(rows(**cut), ("id",))) == {
        "sqlite": (
            (
                'DELETE FROM "things" WHERE "id" IN'
                ' (SELECT "things"."id" FROM "things" WHERE "things"."flag" IS NULL ORDER BY "things"."id" LIMIT ?)'
            ),
            (2,),
        ),
        "postgresql": (
            (
                'WITH "picked" ("key0") AS MATERIALIZED'
                ' (SELECT "things"."id" FROM "things" WHERE "things"."flag" IS NULL ORDER BY "things"."id" LIMIT 2)'
                ' DELETE FROM "things" WHERE "flag" IS NULL AND "id" IN (SELECT "picked"."key0" FROM "picked")'
            ),
            (),
        ),
        "mysql": ("DELETE FROM `things` WHERE `flag` IS NULL ORDER BY `id` LIMIT %s", (2,)),
    }
    assert on_all(Update(rows(offset=3, **cut), ("id",), changes()))["mysql"] == (
        (
            "UPDATE `things` INNER JOIN (SELECT `things`.`id` AS `key0` FROM `things` WHERE `things`.`flag` IS NULL"
            " ORDER BY `things`.`id` LIMIT %s OFFSET %s) AS `picked` ON `things`.`id` = `picked`.`key0`"
            " SET `things`.`name` = %s WHERE `things`.`flag` IS NULL"
        ),
        (2, 3, "Ada"),
    )


def test_rows_are_locked_where_they_are_found() -> None:
    made = Update(rows(limit=1, extra=Clauses(lock=Lock("update", "skip_locked"))), ("id",), changes())

    assert made.compile(POSTGRESQL) == (
        (
            'WITH "picked" ("key0") AS MATERIALIZED'
            ' (SELECT "things"."id" FROM "things" WHERE "things"."flag" IS NULL LIMIT 1 FOR UPDATE SKIP LOCKED)'
            ' UPDATE "things" SET "name" = %s WHERE "flag" IS NULL AND "id" IN (SELECT "picked"."key0" FROM "picked")'
        ),
        ("Ada",),
    )
    assert "FOR UPDATE" not in made.compile(SQLITE)[0]


def test_assignments_come_before_those_that_set_what_they_read() -> None:
    made: dict[str, Expression[Any]] = {"number": Bound(1, Things.number.codec), "id": Things.number}

    assert on_all(Update(rows(), ("id",), made))["mysql"][0] == (
        "UPDATE `things` SET `id` = `number`, `number` = %s WHERE `flag` IS NULL"
    )
    swapped: dict[str, Expression[Any]] = {"number": Things.id, "id": Things.number}
    assert on_all(Update(rows(), ("id",), swapped))["mysql"][0] == (
        "UPDATE `things` INNER JOIN `things` AS `before` ON `things`.`id` = `before`.`id`"
        " SET `things`.`number` = `before`.`id`, `things`.`id` = `before`.`number` WHERE `things`.`flag` IS NULL"
    )
    assert on_all(Update(rows(), ("id",), swapped))["postgresql"][0] == (
        'UPDATE "things" SET "number" = "id", "id" = "number" WHERE "flag" IS NULL'
    )


def test_hints_and_remarks_travel_with_a_write() -> None:
    extra = Clauses(comment="100% of it", hints={"mysql": "MAX_EXECUTION_TIME(5)"})

    found = on_all(Delete(rows(extra=extra), ("id",)))
    assert found["sqlite"][0] == 'DELETE FROM "things" WHERE "flag" IS NULL /* 100% of it */'
    assert found["mysql"][0] == (
        "DELETE /*+ MAX_EXECUTION_TIME(5) */ FROM `things` WHERE `flag` IS NULL /* 100%% of it */"
    )


def test_an_alias_is_written_under_its_name() -> None:
    made = Select("t", (), TableSource(TABLE, "t"))
    number = Things.number._referenced("t", "number")
    made.predicates = (number > 1,)

    assert on_all(Update(made, ("id",), {"id": number}, (number,))) == {
        "sqlite": ('UPDATE "things" AS "t" SET "id" = "number" WHERE "number" > ? RETURNING "number"', (1,)),
        "postgresql": ('UPDATE "things" AS "t" SET "id" = "number" WHERE "number" > %s RETURNING "number"', (1,)),
        "mysql": ("UPDATE `things` AS `t` SET `id` = `number` WHERE `number` > %s RETURNING `number`", (1,)),
    }
    assert on_all(Delete(made, ("id",)))["mysql"][0] == "DELETE `t` FROM `things` AS `t` WHERE `t`.`number` > %s"


def test_a_write_is_a_table_on_postgresql_only() -> None:
    made = Delete(rows(), ("id",), (Things.id,))
    with pytest.raises(NotSupported, match="sqlite has no UPDATE or DELETE as a table"):
        made.write(Writer(SQLITE))
    with pytest.raises(NotSupported, match="mysql has no UPDATE or DELETE as a table"):
        made.write(Writer(MYSQL))


# --- upserts ----------------------------------------------------------------------------------------------------------


def conflicts(conflict: Conflict) -> dict[str, Compiled]:
    return {dialect.name: compile_conflict(dialect, conflict) for dialect in (SQLITE, POSTGRESQL, MYSQL)}


def test_an_upsert_updates_the_row_in_its_way() -> None:
    made = Conflict(TABLE, ("id",), {"name": excluded(Things.name), "number": excluded(Things.id)})
    text = ' ON CONFLICT ("id") DO UPDATE SET "name" = "excluded"."name", "number" = "excluded"."id"'

    assert conflicts(made) == {
        "sqlite": (text, ()),
        "postgresql": (text, ()),
        "mysql": (" ON DUPLICATE KEY UPDATE `name` = VALUES(`name`), `number` = VALUES(`id`)", ()),
    }


def test_an_upsert_that_updates_nothing_keeps_the_row() -> None:
    assert conflicts(Conflict(TABLE, ("id", "name"), {})) == {
        "sqlite": (' ON CONFLICT ("id", "name") DO NOTHING', ()),
        "postgresql": (' ON CONFLICT ("id", "name") DO NOTHING', ()),
        "mysql": (" ON DUPLICATE KEY UPDATE `id` = `things`.`id`", ()),
    }


def test_a_row_that_another_key_finds_is_an_error_on_mysql_too() -> None:
    made = Conflict(TABLE, ("id",), {"name": excluded(Things.name)}, is_ambiguous=True)

    assert compile_conflict(MYSQL, made)[0] == (
        " ON DUPLICATE KEY UPDATE `id` = CASE WHEN `things`.`id` = VALUES(`id`) THEN `things`.`id`"
        " WHEN (SELECT 1 UNION ALL SELECT 2) THEN `things`.`id` ELSE `things`.`id` END, `name` = VALUES(`name`)"
    )


def test_a_condition_is_asked_of_each_column_before_what_it_reads_is_set() -> None:
    made = Conflict(
        TABLE,
        ("id",),
        {"number": excluded(Things.number), "name": excluded(Things.name)},
        excluded(Things.number) > Things.number,
    )

    assert compile_conflict(POSTGRESQL, made)[0].endswith(' WHERE "excluded"."number" > "things"."number"')
    assert compile_conflict(MYSQL, made)[0] == (
        " ON DUPLICATE KEY UPDATE"
        " `name` = CASE WHEN VALUES(`number`) > `things`.`number` THEN VALUES(`name`) ELSE `things`.`name` END,"
        " `number` = CASE WHEN VALUES(`number`) > `things`.`number` THEN VALUES(`number`) ELSE `things`.`number` END"
    )
    both = Conflict(TABLE, ("id",), made.changes, (Things.number > 1) & (Things.name == "x"))
    with pytest.raises(NotSupported, match="upsert that sets several columns which it also reads"):
        compile_conflict(MYSQL, both)


def test_only_the_table_and_the_new_row_are_in_sight() -> None:
    made = Conflict(TABLE, ("id",), {"name": Things.name._referenced("others", "name")})
    for dialect in (SQLITE, POSTGRESQL, MYSQL):
        with pytest.raises(InvalidQuery, match="others is no part of the query"):
            compile_conflict(dialect, made)
