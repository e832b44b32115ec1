"""What each predicate and operator compiles to, all dialects side by side."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from isomorph import dialects
from isomorph.errors import InvalidQuery
from isomorph.sql.expressions import Expression, Order
from isomorph.sql.trees import reads
from tests.support.expressions import Colour, Things, compiled, compiled_on_all

UUID = uuid.UUID("12345678-1234-5678-9234-567812345678")
LOCAL = dt.datetime.fromisoformat("2026-03-01")
NOTHING: Any = None
SHORT: Any = b"Ada"
NOON = dt.datetime(2026, 3, 1, 12, 30, 0, 500, tzinfo=dt.timezone(dt.timedelta(hours=2)))


@dataclass(frozen=True)
class Case:
    """An expression with its text on each dialect; `parameters` the same everywhere, unless by dialect."""

    name: str
    expression: Expression[Any] | Order
    sqlite: str
    postgresql: str
    mysql: str
    parameters: tuple[object, ...] | Mapping[str, tuple[object, ...]] = ()


def same(name: str, expression: Expression[Any] | Order, text: str, *parameters: object) -> Case:
    """A case that differs in quotes and placeholders only; written with double quotes and `?`."""
    servers = text.replace("?", "%s")
    return Case(name, expression, text, servers, servers.replace('"', "`"), parameters)


BITS = [
    same("equal", Things.name == "Ada", '"name" = ?', "Ada"),
    same("not equal", Things.name != "Ada", '"name" <> ?', "Ada"),
    same("equal to None is NULL", Things.maybe_name == None, '"maybe_name" IS NULL'),  # noqa: E711 - builds SQL
    same("not equal to None", Things.maybe_name != None, '"maybe_name" IS NOT NULL'),  # noqa: E711 - builds SQL
    same("less", Things.number < 3, '"number" < ?', 3),
    same("at most", Things.number <= 3, '"number" <= ?', 3),
    same("greater", Things.number > 3, '"number" > ?', 3),
    same("at least", Things.number >= 3, '"number" >= ?', 3),
    same("two columns", Things.number < Things.maybe_number, '"number" < "maybe_number"'),
    same("between", Things.number.between(1, 9), '("number" >= ? AND "number" <= ?)', 1, 9),
    same("null", Things.name.is_null(), '"name" IS NULL'),
    same("not null", Things.name.is_not_null(), '"name" IS NOT NULL'),
    same("and", (Things.id > 1) & (Things.id < 9), '("id" > ? AND "id" < ?)', 1, 9),
    same("or", (Things.id > 1) | (Things.id < 9), '("id" > ? OR "id" < ?)', 1, 9),
    same("not", ~(Things.id > 1), 'NOT ("id" > ?)', 1),
    same(
        "or inside and",
        (Things.id > 1) & ((Things.id < 9) | Things.name.is_null()),
        '("id" > ? AND ("id" < ? OR "name" IS NULL))',
        1,
        9,
    ),
    same("not of or", ~((Things.id > 1) | (Things.id < 0)), 'NOT (("id" > ? OR "id" < ?))', 1, 0),
]

LISTS = [
    same("in", Things.number.in_([3, 1, 3]), '"number" IN (?, ?)', 3, 1),
    same("not in", Things.number.not_in((1, 2)), '"number" NOT IN (?, ?)', 1, 2),
    same("in an iterator", Things.number.in_(n for n in (1, 2)), '"number" IN (?, ?)', 1, 2),
    same("in nothing", Things.number.in_([]), "1 = 0"),
    same("not in nothing", Things.number.not_in([]), "1 = 1"),
    same("in with None", Things.maybe_number.in_([1, None]), '("maybe_number" IN (?) OR "maybe_number" IS NULL)', 1),
    same("in None alone", Things.maybe_number.in_([None]), '"maybe_number" IS NULL'),
    same(
        "not in with None",
        Things.maybe_number.not_in([1, None]),
        '("maybe_number" NOT IN (?) AND "maybe_number" IS NOT NULL)',
        1,
    ),
    same("not in None alone", Things.maybe_number.not_in([None]), '"maybe_number" IS NOT NULL'),
]

PATTERNS = [
    Case(
        "contains",
        Things.name.contains("10%_!*[?"),
        '"name" GLOB ?',
        "\"name\" LIKE %s ESCAPE '!'",
        "`name` LIKE %s ESCAPE '!'",
        {
            "sqlite": ("*10%_![*][[][?]*",),
            "postgresql": ("%10!%!_!!*[?%",),
            "mysql": ("%10!%!_!!*[?%",),
        },
    ),
    Case(
        "starts with",
        Things.name.starts_with("a"),
        '"name" GLOB ?',
        "\"name\" LIKE %s ESCAPE '!'",
        "`name` LIKE %s ESCAPE '!'",
        {"sqlite": ("a*",), "postgresql": ("a%",), "mysql": ("a%",)},
    ),
    Case(
        "ends with",
        Things.name.ends_with("a"),
        '"name" GLOB ?',
        "\"name\" LIKE %s ESCAPE '!'",
        "`name` LIKE %s ESCAPE '!'",
        {"sqlite": ("*a",), "postgresql": ("%a",), "mysql": ("%a",)},
    ),
    Case(
        "like",
        Things.name.like(r"a%b_c\%\_\\!*"),
        '"name" GLOB ?',
        "\"name\" LIKE %s ESCAPE '!'",
        "`name` LIKE %s ESCAPE '!'",
        {
            "sqlite": (r"a*b?c%_\![*]",),
            "postgresql": (r"a%b_c!%!_\!!*",),
            "mysql": (r"a%b_c!%!_\!!*",),
        },
    ),
    Case(
        "like, ignoring case",
        Things.name.ilike("a%"),
        "isomorph_lower(\"name\") LIKE isomorph_lower(?) ESCAPE '!'",
        "\"name\" ILIKE %s ESCAPE '!'",
        "LOWER(`name`) LIKE LOWER(%s) ESCAPE '!'",
        ("a%",),
    ),
]

TYPES = [
    Case(
        "bool",
        Things.flag.is_true(),
        '"flag" = ?',
        '"flag" = %s',
        "`flag` = %s",
        {"sqlite": (1,), "postgresql": (True,), "mysql": (1,)},
    ),
    Case(
        "not true",
        Things.flag.is_false(),
        '"flag" = ?',
        '"flag" = %s',
        "`flag` = %s",
        {"sqlite": (0,), "postgresql": (False,), "mysql": (0,)},
    ),
    Case(
        "decimal",
        Things.price == Decimal("1.5"),
        '"price" = ?',
        '"price" = %s',
        "`price` = %s",
        {"sqlite": ("1.50",), "postgresql": (Decimal("1.5"),), "mysql": (Decimal("1.5"),)},
    ),
    Case(
        "finer decimal",
        Things.price < Decimal("1.505"),
        '"price" < ?',
        '"price" < %s',
        "`price` < %s",
        {"sqlite": ("1.505",), "postgresql": (Decimal("1.505"),), "mysql": (Decimal("1.505"),)},
    ),
    same("double of an int", Things.weight > 2, '"weight" > ?', 2.0),
    same("bytes", Things.data == b"\0'", '"data" = ?', b"\0'"),
    Case(
        "date",
        Things.day > dt.date(2026, 3, 1),
        '"day" > ?',
        '"day" > %s',
        "`day` > %s",
        {"sqlite": ("2026-03-01",), "postgresql": (dt.date(2026, 3, 1),), "mysql": (dt.date(2026, 3, 1),)},
    ),
    Case(
        "time",
        Things.at > dt.time(1, 2),
        '"at" > ?',
        '"at" > %s',
        "`at` > %s",
        {"sqlite": ("01:02:00.000000",), "postgresql": (dt.time(1, 2),), "mysql": (dt.time(1, 2),)},
    ),
    Case(
        "datetime",
        Things.local > LOCAL,
        '"local" > ?',
        '"local" > %s',
        "`local` > %s",
        {
            "sqlite": ("2026-03-01 00:00:00.000000",),
            "postgresql": (LOCAL,),
            "mysql": (LOCAL,),
        },
    ),
    Case(
        "timestamptz",
        Things.moment > NOON,
        '"moment" > ?',
        '"moment" > %s',
        "`moment` > %s",
        {
            "sqlite": ("2026-03-01 10:30:00.000500+00:00",),
            "postgresql": (NOON.astimezone(dt.UTC),),
            "mysql": (dt.datetime.fromisoformat("2026-03-01 10:30:00.000500"),),
        },
    ),
    Case(
        "uuid",
        Things.code == UUID,
        '"code" = ?',
        '"code" = %s',
        "`code` = %s",
        {"sqlite": (str(UUID),), "postgresql": (UUID,), "mysql": (str(UUID),)},
    ),
    same("enum", Things.colour == Colour.DARK_BLUE, '"colour" = ?', "dark blue"),
    same("enum in", Things.colour.in_(list(Colour)), '"colour" IN (?, ?)', "red", "dark blue"),
]

CALCULATIONS = [
    Case(
        "plus",
        Things.number + 1 > 3,
        '("number" + ?) > ?',
        '(CAST("number" AS bigint) + %s) > %s',
        "(`number` + %s) > %s",
        (1, 3),
    ),
    Case(
        "minus",
        Things.number - Things.small == 0,
        '("number" - "small") = ?',
        '(CAST("number" AS bigint) - CAST("small" AS bigint)) = %s',
        "(`number` - `small`) = %s",
        (0,),
    ),
    Case(
        "times",
        (Things.number + 1) * 2 > 3,
        '(("number" + ?) * ?) > ?',
        '((CAST("number" AS bigint) + %s) * %s) > %s',
        "((`number` + %s) * %s) > %s",
        (1, 2, 3),
    ),
    Case(
        "what may leave 64 bits",
        Things.id + 1 > 3,
        'isomorph_whole("id" + ?) > ?',
        '("id" + %s) > %s',
        "(`id` + %s) > %s",
        (1, 3),
    ),
]

DECIMALS = [
    Case(
        "plus",
        Things.price + Decimal("0.1") > 3,
        'isomorph_add("price", ?) COLLATE isomorph_decimal > ?',
        '("price" + %s) > %s',
        "(`price` + %s) > %s",
        {
            "sqlite": ("0.10", "3"),
            "postgresql": (Decimal("0.1"), Decimal(3)),
            "mysql": (Decimal("0.1"), Decimal(3)),
        },
    ),
    Case(
        "minus and times",
        (Things.price - Things.price) * Things.number == 0,
        'isomorph_multiply(isomorph_subtract("price", "price") COLLATE isomorph_decimal, CAST("number" AS TEXT))'
        " COLLATE isomorph_decimal = ?",
        '(("price" - "price") * "number") = %s',
        "((`price` - `price`) * `number`) = %s",
        {"sqlite": ("0",), "postgresql": (Decimal(0),), "mysql": (Decimal(0),)},
    ),
]

ORDERS = [
    same("ascending", Things.name.asc(), '"name"'),
    same("descending", Things.name.desc(), '"name" DESC'),
    Case(
        "by a calculation",
        (Things.number + 1).desc(),
        '("number" + ?) DESC',
        '(CAST("number" AS bigint) + %s) DESC',
        "(`number` + %s) DESC",
        (1,),
    ),
    same("optional is transparent", Things.name.optional(), '"name"'),
]

ALL = [*BITS, *LISTS, *PATTERNS, *TYPES, *CALCULATIONS, *DECIMALS, *ORDERS]


@pytest.mark.parametrize("case", ALL, ids=[f"{number}-{case.name}" for number, case in enumerate(ALL)])
def test_a_predicate_compiles_to_the_same_thought_on_every_dialect(case: Case) -> None:
    parameters = case.parameters
    by_dialect: Mapping[str, tuple[object, ...]] = (
        parameters if isinstance(parameters, Mapping) else dict.fromkeys(dialects.NAMES, parameters)
    )

    found = compiled_on_all(case.expression)

    assert found == {
        "sqlite": (case.sqlite, by_dialect["sqlite"]),
        "postgresql": (case.postgresql, by_dialect["postgresql"]),
        "mysql": (case.mysql, by_dialect["mysql"]),
    }
    for dialect, (_, values) in found.items():
        assert [type(value) for value in values] == [type(value) for value in by_dialect[dialect]]


def test_a_long_list_travels_as_one_array_where_the_dialect_has_them() -> None:
    wanted = list(range(101))

    found = compiled_on_all(Things.number.in_(wanted))

    assert found["sqlite"] == ('"number" IN (SELECT value FROM json_each(?))', (str(wanted),))
    assert found["postgresql"] == ('"number" = ANY (%s::bigint[])', (wanted,))
    assert found["mysql"] == ("`number` IN %s", (tuple(wanted),))


def test_a_long_negated_list_travels_the_same_way() -> None:
    wanted = [f"n{number}" for number in range(101)]

    found = compiled_on_all(Things.name.not_in(wanted))

    assert found["sqlite"][0] == '"name" NOT IN (SELECT value FROM json_each(?))'
    assert found["postgresql"] == ('"name" <> ALL (%s::varchar[])', (wanted,))
    assert found["mysql"] == ("`name` NOT IN %s", (tuple(wanted),))


def test_a_list_of_bytes_too_long_for_sqlite_says_so() -> None:
    wanted = [number.to_bytes(4) for number in range(40_000)]

    with pytest.raises(InvalidQuery, match="40000 values are more than one statement takes"):
        compiled(Things.data.in_(wanted), "sqlite")


def test_a_statement_over_several_tables_qualifies_its_columns() -> None:
    expression = (Things.name == Things.owner) & ~Things.number.in_([1])

    assert compiled(expression, "sqlite", qualified=True)[0] == (
        '("things"."name" = "people"."owner" AND NOT ("things"."number" IN (?)))'
    )


def test_an_expression_knows_the_tables_that_it_reads() -> None:
    expression = ((Things.number + 1) > Things.id) & (Things.owner.like("a") | Things.name.is_null())

    assert set(reads(expression)) == {"things", "people"}
    assert list(reads(Things.number.in_([]))) == []


@pytest.mark.feature("queries.truth_value")
@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Things.id > 1 and Things.id < 9,
        lambda: Things.id > 1 or Things.id < 9,
        lambda: not Things.id > 1,
        lambda: 1 < Things.id < 9,
        lambda: bool(Things.id == 1),
        lambda: 1 if Things.flag.is_true() else 0,
        lambda: Things.id in [Things.number, Things.small],
    ],
    ids=["and", "or", "not", "chained", "bool", "if", "in"],
)
def test_a_predicate_has_no_truth_value_and_names_the_mend(wrong: Any) -> None:
    with pytest.raises(InvalidQuery, match=r"no truth value.*combine with & \| ~ in parentheses"):
        wrong()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: Things.number < NOTHING, r"Thing.number: nothing is less or greater than None \(use is_null\(\)\)"),
        (lambda: Things.number.between(1, NOTHING), "nothing is less or greater than None"),
        (lambda: Things.number + NOTHING, r"Thing.number: nothing is calculated with None \(use coalesce\(\)\)"),
        (lambda: Things.name.contains(NOTHING), r"Thing.name: a pattern cannot be None \(use is_null\(\)\)"),
        (lambda: Things.name.in_("Ada"), r"Thing.name: in_\(\) was given a single text \(pass a list of values\)"),
        (lambda: Things.data.in_(SHORT), r"Thing.data: in_\(\) was given a single text"),
    ],
)
def test_what_untyped_code_may_get_wrong_is_refused_with_the_mend(wrong: Any, message: str) -> None:
    with pytest.raises(InvalidQuery, match=message):
        wrong()
