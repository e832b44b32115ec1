"""Scopes: the Python that they become, the SQL that this becomes, and the rows that they find."""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from isomorph import dialects
from tests.codegen.projects import GOLDEN, golden_package
from tests.support.showcase import tables_of

SOURCE = (GOLDEN / "scopes" / "golden_scopes" / "models" / "thing.py").read_text()


@pytest.fixture(scope="module")
def package() -> Any:
    return golden_package("scopes")


def _body(scope: str) -> str:
    """What a scope returns, without the spaces and commas that its layout needs."""
    text = SOURCE.partition(f"    def {scope}(")[2].partition("\n\n")[0].partition("-> _t.Self:\n")[2]
    return re.sub(r"\s+|,(?=\s*[)}\]])", "", text.partition("return ")[2])


@pytest.mark.feature("generator.generate")
@pytest.mark.parametrize(
    ("scope", "code"),
    [
        ("everything", "self._arranged(Thing.name, Thing.size.desc())"),
        ("few", "self.limit(3)"),
        ("flags", "self._narrowed(Thing.active.is_true(), ~Thing.sold.is_true())"),
        ("flags_compared", "self._narrowed(Thing.active.is_false() | Thing.sold.is_false())"),
        ("texts", 'self._narrowed(Thing.name == "a \\"b\\" \'c\'", Thing.title.is_not_null())'),
        ("not_sizes", "self._narrowed(~Thing.size.between(1, 10))"),
        ("flipped", "self._narrowed(Thing.size > 10, Thing.weight <= 0.5, Thing.price >= 3)"),
        ("mixed_flipped", "self._narrowed(Thing.price > Thing.size)"),
        ("tokens", 'self._narrowed(Thing.token == _uuid.UUID("0190163d-8694-739b-aea5-966c26f8ad91"))'),
        ("nullable_parameter", "self._narrowed(Thing.title == title)"),
        ("in_parameters", 'self._narrowed(Thing.name.in_([one, two, "three"]))'),
        ("fractions", 'self._narrowed(_i.condition(Thing, "fractions", {}))'),
        ("null_into_required", 'self._narrowed(_i.condition(Thing, "null_into_required", {"name": name}))'),
    ],
)
def test_a_scope_reads_as_one_would_write_it(scope: str, code: str) -> None:
    assert _body(scope) == re.sub(r"\s+", "", code)


@pytest.mark.feature("generator.generate")
def test_parameters_are_typed_and_have_their_defaults() -> None:
    signature = SOURCE.partition("    def parameters(")[2].partition(") -> ")[0]
    assert [line.strip() for line in signature.splitlines() if line.strip()] == [
        "self,",
        "least: int,",
        "most: int = 10,",
        "colour: _enums.Colour = _enums.Colour.RED,",
        "day: _dt.date = _dt.date(2024, 1, 1),",
        'price: _decimal.Decimal = _decimal.Decimal("1.5"),',
    ]


SQL: dict[str, tuple[str, tuple[object, ...]]] = {
    "flags": ('"active" = ? AND NOT ("sold" = ?)', (1, 1)),
    "colours": ('"colour" IN (?, ?) AND "shade" <> ?', ("red", "blue", "green")),
    "sizes": ('"size" >= ? AND "size" <= ? AND NOT (("size" >= ? AND "size" <= ?))', (1, 10, 4, 5)),
    "nested": (
        '"active" = ? AND ("size" > ? OR "size" < ? OR ("sold" = ? AND NOT (("name" = ? OR "name" = ?))))',
        (1, 1, -1, 1, "x", "y"),
    ),
    "among_columns": ('"name" IN ("title", ?)', ("x",)),
}
OWN_SQL: dict[str, tuple[dict[str, str], tuple[object, ...]]] = {
    "remainder": (
        {
            "sqlite": '("size" % ?) = ?',
            "postgresql": '("size" %% NULLIF(%s, 0)) = %s',
            "mysql": "(`size` %% NULLIF(%s, 0)) = %s",
        },
        (2, 0),
    ),
    "subtracted": (
        {
            "sqlite": 'CAST((? - "size") AS TEXT) COLLATE isomorph_decimal > "price"',
            "postgresql": '(%s - CAST("size" AS bigint)) > "price"',
            "mysql": "(%s - `size`) > `price`",
        },
        (100,),
    ),
    "between_columns": (
        {
            "sqlite": '"size" BETWEEN ? AND ("size" + ?)',
            "postgresql": '"size" BETWEEN %s AND (CAST("size" AS bigint) + %s)',
            "mysql": "`size` BETWEEN %s AND (`size` + %s)",
        },
        (1, 1),
    ),
}


@pytest.mark.feature("generator.generate")
@pytest.mark.parametrize("scope", SQL)
def test_a_scope_binds_its_values_on_every_dialect(package: Any, scope: str) -> None:
    text, parameters = SQL[scope]
    query = getattr(package.Thing.query(), scope)()
    for name, quote, place in (("sqlite", '"', "?"), ("postgresql", '"', "%s"), ("mysql", "`", "%s")):
        sql, bound = query._compiled(dialects.get(name))
        expected = text.replace(" % ", " %% " if place == "%s" else " % ").replace('"', quote).replace("?", place)
        assert sql.partition(" WHERE ")[2] == expected
        assert bound == parameters


@pytest.mark.feature("generator.generate")
@pytest.mark.parametrize("scope", OWN_SQL)
def test_a_scope_is_spelled_for_each_dialect(package: Any, scope: str) -> None:
    texts, parameters = OWN_SQL[scope]
    query = getattr(package.Thing.query(), scope)()
    for name, expected in texts.items():
        sql, bound = query._compiled(dialects.get(name))
        assert (sql.partition(" WHERE ")[2], bound) == (expected, parameters)


# --- on databases --------------------------------------------------------------------------------------------------------

NOON = dt.datetime(2024, 1, 31, 10, 0, tzinfo=dt.UTC)
TOKEN = uuid.UUID("0190163d-8694-739b-aea5-966c26f8ad91")
ROWS: list[dict[str, Any]] = [
    {"name": "a \"b\" 'c'", "title": "x", "colour": "red", "shade": "blue", "size": 4, "active": True, "sold": False},
    {"name": "x", "title": "x", "colour": "blue", "shade": None, "size": 11, "active": True, "sold": True},
    {"name": "three", "title": None, "colour": "green", "shade": "green", "size": -3, "active": False, "sold": None},
    {"name": "y", "title": "z", "colour": "red", "shade": "red", "size": 2, "active": True, "sold": True},
]
for _number, _row in enumerate(ROWS):
    _row |= {
        "weight": [0.5, 1.5, 0.25, 7.0][_number],
        "price": Decimal(["3.50", "20.00", "0.99", "2.00"][_number]),
        "cost": [Decimal("5.01"), None, Decimal("2.49"), Decimal("3.50")][_number],
        "made": dt.date(2024, 2, _number + 1),
        "seen": [NOON, None, NOON - dt.timedelta(days=1), NOON + dt.timedelta(seconds=1)][_number],
        "opens": dt.time(8, 30),
        "token": TOKEN if _number == 1 else uuid.UUID(int=_number),
    }

Row = dict[str, Any]


def _known(*values: Any) -> bool:
    return None not in values


FINDS: dict[str, tuple[tuple[Any, ...], Callable[[Row], bool]]] = {
    "flags": ((), lambda row: row["active"] and row["sold"] is False),
    "flags_compared": ((), lambda row: not row["active"] or row["sold"] is False),
    "texts": ((), lambda row: row["name"] == "a \"b\" 'c'" and row["title"] is not None),
    "colours": ((), lambda row: row["colour"] in ("red", "blue") and row["shade"] in ("red", "blue")),
    "not_colours": ((), lambda row: row["colour"] != "red" and row["shade"] is None),
    "sizes": ((), lambda row: 1 <= row["size"] <= 10 and not 4 <= row["size"] <= 5),
    "not_sizes": ((), lambda row: not 1 <= row["size"] <= 10),
    "flipped": ((), lambda row: row["size"] > 10 and row["weight"] <= 0.5 and row["price"] >= 3),
    "numbers": (
        (),
        lambda row: (
            row["size"] * 2 + 1 > 10
            and _known(row["cost"])
            and row["price"] + Decimal("1.5") < row["cost"]
            and row["weight"] > 1
        ),
    ),
    "mixed": ((), lambda row: row["price"] > row["size"]),
    "mixed_flipped": ((), lambda row: row["size"] < row["price"]),
    "moments": ((), lambda row: _known(row["seen"]) and row["seen"] <= NOON),
    "tokens": ((), lambda row: row["token"] == TOKEN),
    "nested": (
        (),
        lambda row: row["active"] and (abs(row["size"]) > 1 or (row["sold"] and row["name"] not in ("x", "y"))),
    ),
    "parameters": ((1, 11), lambda row: False),
    "nullable_parameter": (("x",), lambda row: row["title"] == "x"),
    "in_parameters": (("x", "y"), lambda row: row["name"] in ("x", "y", "three")),
    "remainder": ((), lambda row: row["size"] % 2 == 0),
    "fractions": ((), lambda row: row["size"] > 1.5),
    "subtracted": ((), lambda row: 100 - row["size"] > row["price"]),
    "null_into_required": (("y",), lambda row: row["name"] == "y"),
    "among_columns": ((), lambda row: row["name"] in (row["title"], "x")),
    "between_columns": ((), lambda row: row["size"] >= 1),
}


@pytest.fixture(scope="module")
def things(package: Any, module_database_url: str) -> Iterator[Any]:
    with tables_of(package.db, module_database_url):
        for row in ROWS:
            colour = package.Colour
            package.Thing.create(
                **{**row, "colour": colour(row["colour"]), "shade": row["shade"] and colour(row["shade"])}
            )
        yield package.Thing


@pytest.mark.feature("queries.scopes")
@pytest.mark.parametrize("scope", FINDS)
def test_a_scope_finds_what_its_condition_says(things: Any, dialect: str, scope: str) -> None:
    arguments, holds = FINDS[scope]
    found = getattr(things.query(), scope)(*arguments).get()
    assert sorted(row.name for row in found) == sorted(row["name"] for row in ROWS if holds(row))


@pytest.mark.feature("queries.scopes")
def test_none_for_a_nullable_field_means_is_null(things: Any, dialect: str) -> None:
    assert [row.name for row in things.query().nullable_parameter(None).get()] == ["three"]
    assert things.query().null_into_required(None).get().first() is None


@pytest.mark.feature("queries.scopes")
def test_scopes_chain_with_each_other_and_with_clauses(things: Any, dialect: str) -> None:
    names = [row.name for row in things.query().everything().flags_compared().few().get()]
    assert names == sorted(names)
    assert len(names) == 2
