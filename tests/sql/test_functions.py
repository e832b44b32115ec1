"""What functions and operators compile to, all dialects side by side; and that no dialect forgets one."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from isomorph import dialects
from isomorph import functions as f
from isomorph.sql.expressions import Expression
from tests.support.expressions import Colour, Things, compiled_on_all


@dataclass(frozen=True)
class Case:
    """An expression with its text on each dialect; `parameters` the same everywhere, unless by dialect."""

    name: str
    expression: Expression[Any]
    sqlite: str
    postgresql: str
    mysql: str
    parameters: tuple[object, ...] | Mapping[str, tuple[object, ...]]


CASES = [
    Case(
        "floor division",
        Things.number // 7,
        'isomorph_floor_divide("number", ?)',
        'CAST(FLOOR(CAST(CAST("number" AS bigint) AS numeric(1000, 60)) / %s) AS bigint)',
        "(FLOOR(CAST(`number` AS DECIMAL(65, 20)) / %s) DIV 1)",
        (7,),
    ),
    Case(
        "remainder of a column",
        Things.number % Things.small,
        'isomorph_modulo("number", "small")',
        'CAST(MOD(MOD(CAST(CAST("number" AS bigint) AS numeric), CAST(NULLIF("small", 0) AS bigint)) + CAST(NULLIF("small", 0) AS bigint), CAST(NULLIF("small", 0) AS bigint)) AS bigint)',
        "(MOD(MOD(CAST(`number` AS DECIMAL(65)), NULLIF(`small`, 0)) + NULLIF(`small`, 0), NULLIF(`small`, 0)) DIV 1)",
        (),
    ),
    Case(
        "true division",
        Things.number / 7,
        'isomorph_finite(CAST("number" AS REAL) / ?)',
        '(CAST("number" AS double precision) / %s)',
        "(CAST(`number` AS DOUBLE) / %s)",
        (7.0,),
    ),
    Case(
        "division by a column",
        Things.weight / Things.weight,
        'isomorph_finite("weight" / "weight")',
        '("weight" / NULLIF("weight", 0))',
        "(`weight` / NULLIF(`weight`, 0))",
        (),
    ),
    Case(
        "of decimals",
        Things.price / 3,
        'isomorph_divide("price", ?) COLLATE isomorph_decimal',
        'ROUND(CAST("price" AS numeric(1000, 60)) / %s, 12)',
        "ROUND(CAST(`price` AS DECIMAL(65, 20)) / %s, 12)",
        {"sqlite": ("3.00",), "postgresql": (Decimal(3),), "mysql": (Decimal(3),)},
    ),
    Case(
        "negative",
        -Things.number,
        '(- "number")',
        '(- CAST("number" AS bigint))',
        "(- `number`)",
        (),
    ),
    Case(
        "absolute",
        Things.id.abs(),
        'ABS("id")',
        'ABS("id")',
        "ABS(`id`)",
        (),
    ),
    Case(
        "reversed",
        1 - Things.number,
        '(? - "number")',
        '(%s - CAST("number" AS bigint))',
        "(%s - `number`)",
        (1,),
    ),
    Case(
        "sign",
        Things.weight.sign(),
        '(("weight" > 0) - ("weight" < 0))',
        'CAST(SIGN("weight") AS integer)',
        "SIGN(`weight`)",
        (),
    ),
    Case(
        "rounded to digits",
        Things.price.round(2),
        'isomorph_round("price", ?) COLLATE isomorph_decimal',
        'ROUND("price", %s)',
        "ROUND(`price`, %s)",
        (2,),
    ),
    Case(
        "a rounded float",
        Things.weight.round(2),
        'CAST(isomorph_round("weight", ?) AS REAL)',
        'CAST(ROUND(CAST(CAST("weight" AS text) AS numeric), %s) AS double precision)',
        "CAST(CASE WHEN ABS(`weight`) < 1e15 THEN ROUND(CAST(`weight` AS DECIMAL(65, 30)), %s) ELSE `weight` END AS DOUBLE)",
        (2,),
    ),
    Case(
        "floor",
        Things.price.floor(),
        'isomorph_floor("price")',
        'CAST(FLOOR("price") AS bigint)',
        "(FLOOR(`price`) DIV 1)",
        (),
    ),
    Case(
        "power",
        Things.number.power(2),
        'isomorph_power(CAST("number" AS REAL), ?)',
        'POWER(CAST("number" AS double precision), %s)',
        "POWER(CAST(`number` AS DOUBLE), %s)",
        (2.0,),
    ),
    Case(
        "square root",
        Things.weight.sqrt(),
        'isomorph_sqrt("weight")',
        'SQRT(CASE WHEN "weight" >= 0 THEN "weight" END)',
        "SQRT(`weight`)",
        (),
    ),
    Case(
        "lower",
        Things.name.lower(),
        'isomorph_lower("name")',
        'LOWER("name")',
        "LOWER(`name`)",
        (),
    ),
    Case(
        "trimmed",
        Things.name.trim("/"),
        'TRIM("name", ?)',
        'TRIM(BOTH %s FROM "name")',
        "TRIM(BOTH %s FROM `name`)",
        ("/",),
    ),
    Case(
        "joined",
        Things.name + "-" + Things.text,
        '(("name" || ?) || "text")',
        '(("name" || %s) || "text")',
        "CONCAT(CONCAT(`name`, %s), `text`)",
        ("-",),
    ),
    Case(
        "replaced",
        Things.name.replace("a", "b"),
        'REPLACE("name", ?, ?)',
        'REPLACE("name", %s, %s)',
        "REPLACE(`name`, %s, %s)",
        ("a", "b"),
    ),
    Case(
        "a part",
        Things.name.substring(2, 3),
        'SUBSTR("name", ?, ?)',
        'SUBSTR("name", %s, %s)',
        "SUBSTR(`name`, %s, %s)",
        (2, 3),
    ),
    Case(
        "a part by columns",
        Things.name.left(Things.number),
        'SUBSTR("name", 1, MAX("number", ?))',
        'LEFT("name", CAST(CASE WHEN "number" < %s THEN %s WHEN "number" > 1000000 THEN 1000000 ELSE "number" END AS integer))',
        "LEFT(`name`, GREATEST(`number`, %s))",
        {"sqlite": (0,), "postgresql": (0, 0), "mysql": (0,)},
    ),
    Case(
        "filled",
        Things.name.lpad(5, "0"),
        'isomorph_lpad("name", ?, ?)',
        'LPAD("name", %s, %s)',
        "LPAD(`name`, %s, %s)",
        (5, "0"),
    ),
    Case(
        "length",
        Things.name.length(),
        'LENGTH("name")',
        'CHAR_LENGTH("name")',
        "CHAR_LENGTH(`name`)",
        (),
    ),
    Case(
        "position",
        Things.name.position("a"),
        'INSTR("name", ?)',
        'STRPOS("name", %s)',
        "LOCATE(%s, `name`)",
        ("a",),
    ),
    Case(
        "contains a column",
        Things.name.contains(Things.text),
        'INSTR("name", "text") > 0',
        'STRPOS("name", "text") > 0',
        "LOCATE(`text`, `name`) > 0",
        (),
    ),
    Case(
        "ignoring case",
        Things.name.iequals("a"),
        'isomorph_lower("name") = isomorph_lower(?)',
        'LOWER("name") = LOWER(%s)',
        "LOWER(`name`) = LOWER(%s)",
        ("a",),
    ),
    Case(
        "pattern",
        Things.name.matches("^a.b$"),
        '"name" REGEXP ?',
        '"name" ~ %s',
        "`name` REGEXP %s",
        {"sqlite": ("^a[^\\n]b\\Z",), "postgresql": ("^a[^\\n]b$",), "mysql": ("^a[^\\n]b\\z",)},
    ),
    Case(
        "pattern, ignoring case",
        Things.name.matches("a", ignore_case=True),
        '"name" REGEXP ?',
        '"name" ~ %s',
        "`name` REGEXP %s",
        ("(?i)a",),
    ),
    Case(
        "year",
        Things.moment.year(),
        'CAST(SUBSTR("moment", 1, 4) AS INTEGER)',
        "CAST(FLOOR(EXTRACT(YEAR FROM (\"moment\" AT TIME ZONE 'UTC'))) AS integer)",
        "YEAR(`moment`)",
        (),
    ),
    Case(
        "second",
        Things.local.second(),
        'CAST(SUBSTR("local", 18, 2) AS INTEGER)',
        'CAST(FLOOR(EXTRACT(SECOND FROM "local")) AS integer)',
        "SECOND(`local`)",
        (),
    ),
    Case(
        "week",
        Things.day.week(),
        "((STRFTIME('%j', DATE(SUBSTR(\"day\", 1, 10), '-3 days', 'weekday 4')) - 1) / 7 + 1)",
        'CAST(FLOOR(EXTRACT(WEEK FROM "day")) AS integer)',
        "WEEK(`day`, 3)",
        (),
    ),
    Case(
        "first of the month",
        Things.day.truncate("month"),
        "(SUBSTR(\"day\", 1, 8) || '01')",
        "CAST(DATE_TRUNC('month', CAST(\"day\" AS timestamp)) AS date)",
        "CAST(DATE_FORMAT(`day`, '%%Y-%%m-01') AS DATE)",
        (),
    ),
    Case(
        "start of the hour",
        Things.moment.truncate("hour"),
        "(SUBSTR(\"moment\", 1, 13) || ':00:00.000000+00:00')",
        "DATE_TRUNC('hour', \"moment\", 'UTC')",
        "CAST(DATE_FORMAT(`moment`, '%%Y-%%m-%%d %%H:00:00') AS DATETIME(6))",
        (),
    ),
    Case(
        "days later",
        Things.day + dt.timedelta(days=3),
        'isomorph_add_days("day", ?)',
        '("day" + %s)',
        "DATE_ADD(`day`, INTERVAL %s DAY)",
        (3,),
    ),
    Case(
        "later",
        Things.moment + dt.timedelta(hours=1),
        'isomorph_add_span("moment", ?)',
        '("moment" + %s)',
        "DATE_ADD(`moment`, INTERVAL %s MICROSECOND)",
        {"sqlite": (3600000000,), "postgresql": (dt.timedelta(seconds=3600),), "mysql": (3600000000,)},
    ),
    Case(
        "difference",
        Things.local - Things.local,
        'isomorph_difference("local", "local")',
        '("local" - "local")',
        "TIMESTAMPDIFF(MICROSECOND, `local`, `local`)",
        (),
    ),
    Case(
        "difference of days",
        Things.day - Things.day,
        'isomorph_difference("day", "day")',
        'MAKE_INTERVAL(days => "day" - "day")',
        "(DATEDIFF(`day`, `day`) * 86400000000)",
        (),
    ),
    Case(
        "now",
        f.now(),
        "STRFTIME('%Y-%m-%d %H:%M:%f000+00:00', 'now')",
        "CURRENT_TIMESTAMP",
        "UTC_TIMESTAMP(6)",
        (),
    ),
    Case(
        "zone",
        Things.moment.at_zone("+02:00"),
        'isomorph_at_offset("moment", ?)',
        "((\"moment\" AT TIME ZONE 'UTC') + %s)",
        "DATE_ADD(`moment`, INTERVAL %s MICROSECOND)",
        {"sqlite": (7200000000,), "postgresql": (dt.timedelta(seconds=7200),), "mysql": (7200000000,)},
    ),
    Case(
        "same as",
        Things.maybe_number.same_as(Things.number),
        '"maybe_number" IS "number"',
        '"maybe_number" IS NOT DISTINCT FROM "number"',
        "`maybe_number` <=> `number`",
        (),
    ),
    Case(
        "distinct from",
        Things.maybe_number.is_distinct_from(3),
        '"maybe_number" IS NOT ?',
        '"maybe_number" IS DISTINCT FROM %s',
        "NOT (`maybe_number` <=> %s)",
        (3,),
    ),
    Case(
        "tuple",
        f.tuple_(Things.number, Things.id) < (1, 2),
        '("number", "id") < (?, ?)',
        '("number", "id") < (%s, %s)',
        "(`number` < %s OR (`number` = %s AND `id` < %s))",
        {"sqlite": (1, 2), "postgresql": (1, 2), "mysql": (1, 1, 2)},
    ),
    Case(
        "tuples",
        f.tuple_(Things.number, Things.name).in_([(1, "a"), (2, "b")]),
        '("number", "name") IN (VALUES (?, ?), (?, ?))',
        '("number", "name") IN ((%s, %s), (%s, %s))',
        "(`number`, `name`) IN ((%s, %s), (%s, %s))",
        (1, "a", 2, "b"),
    ),
    Case(
        "coalesce",
        f.coalesce(Things.maybe_name, "x"),
        'COALESCE("maybe_name", ?)',
        'COALESCE("maybe_name", CAST(%s AS text))',
        "COALESCE(`maybe_name`, %s)",
        ("x",),
    ),
    Case(
        "nullif",
        f.nullif(Things.number, 0),
        'NULLIF("number", ?)',
        'NULLIF(CAST("number" AS bigint), CAST(%s AS bigint))',
        "NULLIF(`number`, %s)",
        (0,),
    ),
    Case(
        "greatest",
        f.greatest(Things.number, Things.small),
        'MAX("number", "small")',
        'CASE WHEN NUM_NULLS(CAST("number" AS bigint), CAST("small" AS bigint)) = 0 THEN GREATEST(CAST("number" AS bigint), CAST("small" AS bigint)) END',
        "GREATEST(`number`, `small`)",
        (),
    ),
    Case(
        "case",
        f.case((Things.number > 3, "a"), default="b"),
        'CASE WHEN "number" > ? THEN ? ELSE ? END',
        'CASE WHEN "number" > %s THEN CAST(%s AS text) ELSE CAST(%s AS text) END',
        "CASE WHEN `number` > %s THEN %s ELSE %s END",
        (3, "a", "b"),
    ),
    Case(
        "text to int",
        f.cast(Things.name, int),
        'isomorph_to_int("name")',
        'CASE WHEN "name" ~ \'^[+-]?[0-9]{1,18}$\' THEN CAST("name" AS bigint) END',
        "CASE WHEN `name` REGEXP '^[+-]?[0-9]{1,18}\\\\z' THEN CAST(`name` AS SIGNED) END",
        (),
    ),
    Case(
        "int to text",
        f.cast(Things.number, str),
        'CAST("number" AS TEXT)',
        'CAST(CAST("number" AS bigint) AS text)',
        "CAST(`number` AS CHAR)",
        (),
    ),
    Case(
        "literal",
        f.literal(dt.date(2026, 3, 1)),
        "?",
        "CAST(%s AS date)",
        "CAST(%s AS DATE)",
        {"sqlite": ("2026-03-01",), "postgresql": (dt.date(2026, 3, 1),), "mysql": (dt.date(2026, 3, 1),)},
    ),
    Case(
        "random",
        f.random(),
        "((RANDOM() & 9007199254740991) / 9007199254740992.0)",
        "RANDOM()",
        "RAND()",
        (),
    ),
    Case(
        "json part",
        Things.document["a"][1],
        '("document" -> ?)',
        '("document" -> CAST(%s AS text) -> CAST(%s AS integer))',
        "JSON_EXTRACT(`document`, %s)",
        {"sqlite": ('$."a"[1]',), "postgresql": ("a", 1), "mysql": ('$."a"[1]',)},
    ),
    Case(
        "json text",
        Things.document["a"].as_str(),
        'CASE JSON_TYPE("document", ?) WHEN \'text\' THEN ("document" ->> ?) END',
        "CASE JSONB_TYPEOF((\"document\" -> CAST(%s AS text))) WHEN 'string' THEN (\"document\" -> CAST(%s AS text)) #>> '{}' END",
        "CASE JSON_TYPE(JSON_EXTRACT(`document`, %s)) WHEN 'STRING' THEN JSON_UNQUOTE(JSON_EXTRACT(`document`, %s)) /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */ END",
        {"sqlite": ('$."a"', '$."a"'), "postgresql": ("a", "a"), "mysql": ('$."a"', '$."a"')},
    ),
    Case(
        "json integer",
        Things.document["a"].as_int(),
        'CASE WHEN JSON_TYPE("document", ?) = \'integer\' AND TYPEOF(("document" ->> ?)) = \'integer\' THEN ("document" ->> ?) END',
        'CASE WHEN JSONB_TYPEOF(("document" -> CAST(%s AS text))) = \'number\' AND ("document" -> CAST(%s AS text)) #>> \'{}\' ~ \'^-?[0-9]{1,19}$\' THEN CASE WHEN CAST(("document" -> CAST(%s AS text)) AS numeric) BETWEEN -9223372036854775808 AND 9223372036854775807 THEN CAST(("document" -> CAST(%s AS text)) AS bigint) END END',
        "CASE WHEN CAST(JSON_EXTRACT(`document`, %s) AS CHAR) REGEXP '^-?[0-9]{1,19}\\\\z' AND CAST(CAST(JSON_EXTRACT(`document`, %s) AS CHAR) AS DECIMAL(20)) BETWEEN -9223372036854775808 AND 9223372036854775807 THEN CAST(CAST(JSON_EXTRACT(`document`, %s) AS CHAR) AS SIGNED) END",
        {
            "sqlite": ('$."a"', '$."a"', '$."a"'),
            "postgresql": ("a", "a", "a", "a"),
            "mysql": ('$."a"', '$."a"', '$."a"'),
        },
    ),
    Case(
        "json key of any text",
        Things.document['a"b'].exists(),
        'isomorph_json_part("document", ?) IS NOT NULL',
        '("document" -> CAST(%s AS text)) IS NOT NULL',
        "JSON_EXTRACT(`document`, %s) IS NOT NULL",
        {"sqlite": ('["a\\"b"]',), "postgresql": ('a"b',), "mysql": ('$."a\\"b"',)},
    ),
    Case(
        "json contains",
        Things.document.contains({"a": [1]}),
        'isomorph_json_contains("document", ?)',
        '"document" @> CAST(%s AS jsonb)',
        "CASE WHEN `document` IS NOT NULL THEN COALESCE((JSON_TYPE(`document`) = 'OBJECT' AND (JSON_TYPE(JSON_EXTRACT(`document`, %s)) = 'ARRAY' AND JSON_OVERLAPS(JSON_EXTRACT(`document`, %s), %s))), 0) END",
        {"sqlite": ('{"a":[1]}',), "postgresql": ('{"a":[1]}',), "mysql": ('$."a"', '$."a"', "[1]")},
    ),
    Case(
        "json equals",
        Things.document["a"] == [1],
        'isomorph_json_equals(("document" -> ?), ?)',
        '("document" -> CAST(%s AS text)) = CAST(%s AS jsonb)',
        "CASE WHEN JSON_EXTRACT(`document`, %s) IS NOT NULL THEN /*M! JSON_EQUALS( */ /*!80017 (CAST( */ JSON_EXTRACT(`document`, %s) /*M! , */ /*!80017 AS JSON) = CAST( */ %s /*M! ) */ /*!80017 AS JSON)) */ END",
        {"sqlite": ('$."a"', "[1]"), "postgresql": ("a", "[1]"), "mysql": ('$."a"', '$."a"', "[1]")},
    ),
    Case(
        "json set",
        Things.document["a"]["b"].set(1),
        'isomorph_json_put("document", ?, ?)',
        'CASE JSONB_TYPEOF(("document" -> CAST(%s AS text))) WHEN \'object\' THEN JSONB_SET("document", CAST(%s AS text[]), CAST(%s AS jsonb)) ELSE "document" END',
        "CASE JSON_TYPE(JSON_EXTRACT(`document`, %s)) WHEN 'OBJECT' THEN JSON_SET(`document`, %s, JSON_EXTRACT(%s, '$')) ELSE `document` END",
        {"sqlite": ('["a","b"]', "1"), "postgresql": ("a", ["a", "b"], "1"), "mysql": ('$."a"', '$."a"."b"', "1")},
    ),
    Case(
        "json remove",
        Things.document["a"].remove(),
        'isomorph_json_removed("document", ?)',
        'CASE JSONB_TYPEOF("document") WHEN \'object\' THEN ("document" #- CAST(%s AS text[])) ELSE "document" END',
        "CASE JSON_TYPE(`document`) WHEN 'OBJECT' THEN JSON_REMOVE(`document`, %s) ELSE `document` END",
        {"sqlite": ('["a"]',), "postgresql": (["a"],), "mysql": ('$."a"',)},
    ),
    Case(
        "members of a set",
        Things.colours.contains_all([Colour.DARK_BLUE, Colour.RED]),
        'isomorph_array_contains("colours", ?)',
        '"colours" @> %s',
        "(FIND_IN_SET(%s, `colours`) > 0 AND FIND_IN_SET(%s, `colours`) > 0)",
        {
            "sqlite": ('["red","dark blue"]',),
            "postgresql": ('{"red","dark blue"}',),
            "mysql": ("red", "dark blue"),
        },
    ),
    Case(
        "length of a set",
        Things.colours.length(),
        'JSON_ARRAY_LENGTH("colours")',
        'CARDINALITY("colours")',
        "CASE `colours` WHEN '' THEN 0 ELSE CHAR_LENGTH(`colours`) - CHAR_LENGTH(REPLACE(`colours`, ',', '')) + 1 END",
        (),
    ),
    Case(
        "full text",
        f.match(Things.name, Things.text, against="quick fox"),
        "isomorph_relevance(COALESCE(\"name\", '') || ' ' || COALESCE(\"text\", ''), ?, 0) > 0",
        "TO_TSVECTOR('simple', COALESCE(\"name\", '') || ' ' || COALESCE(\"text\", '')) @@ PLAINTO_TSQUERY('simple', %s)",
        "MATCH (`name`, `text`) AGAINST (%s IN BOOLEAN MODE)",
        {
            "sqlite": ('["quick","fox"]',),
            "postgresql": ("quick fox",),
            "mysql": ('+("quick" "Quick" "QUICK") +("fox" "Fox" "FOX")',),
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_function_compiles_to_the_same_thought_on_every_dialect(case: Case) -> None:
    found = compiled_on_all(case.expression)

    parameters = case.parameters
    assert found == {
        dialect: (text, parameters[dialect] if isinstance(parameters, Mapping) else parameters)
        for dialect, text in (("sqlite", case.sqlite), ("postgresql", case.postgresql), ("mysql", case.mysql))
    }


# What only databases without ranges and networks are asked, and what only those with them, or with sets, are.
OF_TEXT = {"range_lower_inc", "range_upper_inc", "network_text_within"}
NATIVE = re.compile(r"range_(?!is_empty|lower|upper)\w+|within|network_(contains|overlaps)|set_contains")


def test_every_function_is_spelled_on_every_dialect_or_said_to_be_missing() -> None:
    tables = {name: dialects.get(name).sql for name in dialects.NAMES}
    names = {key if isinstance(key, str) else key[0] for rules in tables.values() for key in rules.functions}

    missing = {
        (dialect, name)
        for dialect, rules in tables.items()
        for name in names
        if name not in rules.lacks
        and not any(rules.functions[key] for key in rules.functions if key == name or key[0] == name)
        and not (name in OF_TEXT or NATIVE.fullmatch(name))
    }
    assert missing == set()


def test_values_are_places_in_the_text_never_text() -> None:
    for case in CASES:
        for dialect, (text, parameters) in compiled_on_all(case.expression).items():
            assert text.count("?" if dialect == "sqlite" else "%s") == len(parameters), case.name
