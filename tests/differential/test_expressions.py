"""Computed values, groups, windows, tables made by queries, updates and pages: the same on each database as in plain Python."""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isomorph import functions as f
from tests.differential.conditions import Condition, conditions
from tests.differential.running import (
    THING,
    Key,
    columns_of,
    filled,
    given_rows,
    kept,
    key_lists,
    orders_of,
    plain,
    sorted_by,
)
from tests.differential.searches import about_computed
from tests.differential.values import Computed, computed
from tests.differential.worlds import Row, World, rows_of, worlds
from tests.support.fields import Package
from tests.support.showcase import Tables

pytestmark = pytest.mark.feature("queries.same_everywhere")


FUNCTIONS: Any = f
"""For columns of which type checkers know nothing here."""

# --- values --------------------------------------------------------------------------------------------------------------


@given(worlds(), st.lists(computed(THING), min_size=12, max_size=12))
@given_rows
def test_computed_values_are_the_same(package: Package, tables: Tables, world: World, items: list[Computed]) -> None:
    column = filled(package, tables, world)
    thing = package.Thing
    found = thing.query().order_by(thing.id).select(*[item.build(column) for item in items]).get()

    rows = rows_of(world, None)
    assert len(found) == len(rows)
    for row, values in zip(rows, found, strict=True):
        for item, value in zip(items, values, strict=True):
            expected = item.value(row)
            assert value == expected, (item, row)
            assert type(value) is type(expected), (item, row)


@given(worlds(), about_computed(THING), conditions(THING))
@given_rows
def test_conditions_about_computed_values_are_the_same(
    package: Package, tables: Tables, world: World, one: Condition, other: Condition
) -> None:
    column = filled(package, tables, world)
    thing = package.Thing
    rows = rows_of(world, None)

    def ids(predicate: Any) -> list[int]:
        found: list[int] = thing.query().where(predicate).order_by(thing.id).pluck(thing.id)
        return found

    one_of, other_of = one.build(column), other.build(column)
    assert ids(one_of) == [row["thing.id"] for row in kept(rows, one)]
    assert ids(~one_of) == [row["thing.id"] for row in rows if one.holds(row) is False]
    assert ids(one_of | other_of) == [row["thing.id"] for row in rows if True in (one.holds(row), other.holds(row))]


# --- groups --------------------------------------------------------------------------------------------------------------

KEYS = ["thing.number", "thing.maybe", "thing.nick", "thing.flag", "thing.mood", "thing.day", "thing.colour"]


def known(rows: Sequence[Row], name: str) -> list[Any]:
    return [row[name] for row in rows if row[name] is not None]


def mean(values: Sequence[int]) -> float | None:
    return float(Fraction(sum(values), len(values))) if values else None


def exact_mean(values: Sequence[Decimal]) -> Decimal | None:
    return Context(prec=28).divide(sum(values, Decimal(0)), Decimal(len(values))) if values else None


def of_group(rows: Sequence[Row], condition: Condition) -> tuple[Any, ...]:
    maybe, cost = known(rows, "thing.maybe"), known(rows, "thing.cost")
    chosen = kept(rows, condition)
    moods = known(rows, "thing.mood")
    return (
        len(rows),
        len(maybe),
        len(set(known(rows, "thing.nick"))),
        sum(maybe) if maybe else None,
        sum(set(maybe)) if maybe else None,
        sum(cost) if cost else None,
        mean(maybe),
        exact_mean(cost),
        min(known(rows, "thing.local"), default=None),
        max(cost, default=None),
        len(chosen),
        sum(row["thing.number"] for row in chosen) if chosen else None,
        all(moods) if moods else None,
        any(moods) if moods else None,
        "/".join(row["thing.name"] for row in rows),
    )


def aggregates(thing: Any, condition: Any) -> list[Any]:
    return [
        f.count(),
        f.count(thing.maybe),
        FUNCTIONS.count(thing.nick).distinct(),
        f.sum(thing.maybe),
        FUNCTIONS.sum(thing.maybe).distinct(),
        f.sum(thing.cost),
        f.avg(thing.maybe),
        f.avg(thing.cost),
        f.min(thing.local),
        f.max(thing.cost),
        f.count().filter(condition),
        FUNCTIONS.sum(thing.number).filter(condition),
        f.bool_and(thing.mood),
        f.bool_or(thing.mood),
        f.string_agg(thing.name, "/", order_by=thing.id),
    ]


@given(worlds(), st.lists(st.sampled_from(KEYS), max_size=2, unique=True), conditions(THING), st.integers(0, 3))
@given_rows
def test_groups_are_the_same(
    package: Package, tables: Tables, world: World, keys: list[str], condition: Condition, least: int
) -> None:
    column = filled(package, tables, world)
    thing = package.Thing
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    rows = rows_of(world, None)
    for row in rows:
        groups[tuple(row[name] for name in keys)].append(row)
    if not keys:
        groups[()] = rows
    wanted = {key: of_group(group, condition) for key, group in groups.items() if len(group) >= least}
    if not rows and not keys:
        wanted = {(): (*of_group([], condition)[:-1], None)} if not least else {}

    made = aggregates(thing, condition.build(column))
    found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for part in (made[:8], made[8:]):  # a row of at most twelve is typed; this one is read in two
        columns = [column(name) for name in keys]
        query = thing.query().group_by(*columns) if keys else thing.query()
        for row in query.having(f.count() >= least).select(*columns, *part).get():
            key = tuple(map(plain, row[: len(keys)]))
            found[key] = (*found.get(key, ()), *row[len(keys) :])

    assert found == wanted
    assert [list(map(type, found[key])) for key in found] == [list(map(type, wanted[key])) for key in found]


# --- windows -------------------------------------------------------------------------------------------------------------


@given(worlds(), st.none() | st.sampled_from(KEYS), key_lists)
@given_rows
def test_windows_are_the_same(
    package: Package, tables: Tables, world: World, partition: str | None, keys: list[Key]
) -> None:
    column = filled(package, tables, world)
    thing = package.Thing
    over: dict[str, Any] = {} if partition is None else {"partition_by": column(partition)}
    total = [*orders_of(column, keys), thing.id]
    tied: dict[str, Any] = over | {"order_by": orders_of(column, keys)}
    # There are no places without an order.
    places = (f.rank().over(**tied), f.dense_rank().over(**tied)) if keys else ()
    found = (
        thing.query()
        .select(
            thing.id,
            f.row_number().over(**over, order_by=total),
            *places,
            f.count().over(**tied),
            FUNCTIONS.sum(thing.maybe).over(**over, order_by=total),
            f.count().over(**over),
            f.lag(thing.maybe, 1, -1).over(**over, order_by=total),
            f.lead(thing.name).over(**over, order_by=total),
            f.first_value(thing.cost).over(**over, order_by=total),
        )
        .get()
    )

    parts: dict[Any, list[Row]] = defaultdict(list)
    for row in rows_of(world, None):
        parts[None if partition is None else row[partition]].append(row)
    assert sorted(found) == sorted(line for rows in parts.values() for line in _lines(sorted_by(rows, keys), keys))


def _lines(rows: Sequence[Row], keys: Sequence[Key]) -> list[tuple[Any, ...]]:
    """What the windows say of the rows of one part, which are in order."""
    lines: list[tuple[Any, ...]] = []
    rank = dense = 0
    last: object = None
    stands = [tuple(row[name] for name, _, _ in keys) for row in rows]
    for number, (row, place) in enumerate(zip(rows, stands, strict=True), start=1):
        if number == 1 or place != last:
            rank, dense, last = number, dense + 1, place
        maybe = known(rows[:number], "thing.maybe")
        lines.append(
            (
                row["thing.id"],
                number,
                *((rank, dense) if keys else ()),
                # The frame ends with the last equal of the row; without an order all rows are equals.
                rank - 1 + stands.count(place),
                sum(maybe) if maybe else None,
                len(rows),
                rows[number - 2]["thing.maybe"] if number > 1 else -1,
                rows[number]["thing.name"] if number < len(rows) else None,
                rows[0]["thing.cost"],
            )
        )
    return lines


# --- tables made by queries ------------------------------------------------------------------------------------------------


@given(worlds(), conditions(THING), conditions(THING), computed(THING))
@given_rows
def test_tables_made_by_queries_are_the_same(
    package: Package, tables: Tables, world: World, one: Condition, other: Condition, item: Computed
) -> None:
    column = filled(package, tables, world)
    thing = package.Thing
    rows = rows_of(world, None)
    picked_rows = kept(rows, one)

    picked = thing.query().where(one.build(column)).cte("picked")
    of_picked = columns_of(package, {"thing": picked})
    both = picked.query().where(other.build(of_picked)).order_by(picked.id)
    assert both.pluck(picked.id) == [row["thing.id"] for row in kept(picked_rows, other)]

    value = item.build(column).as_("value")
    for make in ("cte", "subquery"):
        selected = thing.query().where(one.build(column)).select(thing.id, thing.maybe, value)
        table = getattr(selected, make)("made")
        found = table.query().order_by(table[thing.id]).select(table[thing.id], table[value]).get()
        assert found == [(row["thing.id"], item.value(row)) for row in picked_rows]
        joined = thing.query().join(table, on=table[thing.maybe] == thing.number).select(thing.id, table[thing.id])
        assert sorted(joined.get()) == sorted(
            (row["thing.id"], inner["thing.id"])
            for row in rows
            for inner in picked_rows
            if inner["thing.maybe"] == row["thing.number"]
        )


# --- updates -------------------------------------------------------------------------------------------------------------

CHANGES: dict[str, tuple[Callable[[Any], Any], Callable[[Row], Any]]] = {
    "number": (lambda t: f.coalesce(t.maybe, 0) // 2, lambda row: (row["thing.maybe"] or 0) // 2),
    "maybe": (lambda t: t.number % 7, lambda row: row["thing.number"] % 7),
    "price": (lambda t: (t.price / 3).round(2), lambda row: third(row["thing.price"])),
    "cost": (lambda t: t.price, lambda row: row["thing.price"]),
    "name": (lambda t: t.nick.left(1).upper() + "!", lambda row: None),
    "nick": (lambda t: t.name + "-" + t.name, lambda row: row["thing.name"] + "-" + row["thing.name"]),
    "flag": (lambda t: f.case((t.number > 0, False), default=True), lambda row: row["thing.number"] <= 0),
    "day": (lambda t: t.local.date(), lambda row: row["thing.local"] and row["thing.local"].date()),
}
"""Assignments by the field: an expression, and the value. They see the row as it was."""
del CHANGES["name"]  # not nullable, and its expression is


def third(price: Decimal) -> Decimal:
    """A third, rounded to twelve digits, then to two, halves away from zero."""
    twelve = Fraction(price) / 3 * 10**12
    rounded = math.floor(abs(twelve) + Fraction(1, 2))
    cents = math.floor(Fraction(rounded, 10**10) + Fraction(1, 2))
    return Decimal(cents if price > 0 else -cents) / 100


@given(worlds(), conditions(THING), st.lists(st.sampled_from(list(CHANGES)), min_size=1, unique=True))
@given_rows
def test_updates_leave_the_same_rows(
    package: Package, tables: Tables, world: World, condition: Condition, fields: list[str]
) -> None:
    column = filled(package, tables, world)
    thing = package.Thing
    rows = rows_of(world, None)
    changed = {row["thing.id"] for row in kept(rows, condition)}
    assignments = [getattr(thing, field).to(CHANGES[field][0](thing)) for field in fields]

    assert thing.query().where(condition.build(column)).update_with(*assignments) == len(changed)

    wanted = [
        tuple(
            CHANGES[name][1](row) if name in fields and row["thing.id"] in changed else row[f"thing.{name}"]
            for name in CHANGES
        )
        for row in rows
    ]
    assert thing.query().order_by(thing.id).select(*[getattr(thing, name) for name in CHANGES]).get() == wanted


# --- pages ---------------------------------------------------------------------------------------------------------------


@given(worlds(), conditions(THING), key_lists, st.integers(1, 4))
@given_rows
def test_walks_over_pages_are_the_same(
    package: Package, tables: Tables, world: World, condition: Condition, keys: list[Key], per_page: int
) -> None:
    column = filled(package, tables, world)
    package.db.cursor_key = "a key for tests, long enough"
    query = package.Thing.query().where(condition.build(column)).order_by(*orders_of(column, keys))
    wanted = [row["thing.id"] for row in sorted_by(kept(rows_of(world, None), condition), keys)]

    found: list[int] = []
    page = query.cursor_paginate(per_page)
    found += [item.id for item in page.items]
    while page.next_cursor is not None:
        page = query.cursor_paginate(per_page, page.next_cursor)
        assert 0 < len(page.items) <= per_page
        found += [item.id for item in page.items]
    assert found == wanted
