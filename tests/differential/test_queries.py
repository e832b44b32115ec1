"""The same query means the same everywhere: random queries over random rows, on each database and in plain Python."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.differential.conditions import Condition, conditions
from tests.differential.running import (
    BOTH,
    THING,
    Key,
    filled,
    given_rows,
    kept,
    keys_over,
    orders_of,
    plain,
    sorted_by,
)
from tests.differential.worlds import Row, World, rows_of, worlds
from tests.support.fields import Package
from tests.support.showcase import Tables

pytestmark = pytest.mark.feature("queries.same_everywhere")


def joined(package: Package, join: str | None) -> Any:
    query = package.Thing.query()
    if join == "inner":
        return query.join(package.Thing.owner)
    return query if join is None else query.left_join(package.Thing.owner)


joins = st.sampled_from([None, "inner", "left"])


@st.composite
def filtered(draw: st.DrawFn) -> tuple[World, str | None, Condition]:
    join = draw(joins)
    return draw(worlds()), join, draw(conditions(THING if join is None else BOTH))


@given(filtered())
@given_rows
def test_conditions_keep_the_same_rows(
    package: Package, tables: Tables, case: tuple[World, str | None, Condition]
) -> None:
    world, join, condition = case
    column = filled(package, tables, world)
    query = joined(package, join).where(condition.build(column))
    wanted = sorted(row["thing.id"] for row in kept(rows_of(world, join), condition))

    assert sorted(query.pluck(package.Thing.id)) == wanted
    assert query.count() == len(wanted)
    assert query.exists() == bool(wanted)


# --- order -----------------------------------------------------------------------------------------------------------------


@st.composite
def ordered(draw: st.DrawFn) -> tuple[World, str | None, list[Key], int | None, int]:
    join = draw(joins)
    limit = draw(st.none() | st.integers(0, 5))
    return draw(worlds()), join, draw(keys_over(THING if join is None else BOTH)), limit, draw(st.integers(0, 3))


@given(ordered())
@given_rows
def test_orders_with_nulls_and_windows_are_the_same(
    package: Package, tables: Tables, case: tuple[World, str | None, list[Key], int | None, int]
) -> None:
    world, join, keys, limit, offset = case
    column = filled(package, tables, world)
    query = joined(package, join).order_by(*orders_of(column, keys), package.Thing.id).limit(limit).offset(offset)
    rows = sorted_by(rows_of(world, join), keys)
    wanted = [row["thing.id"] for row in rows][offset:][:limit]

    assert query.pluck(package.Thing.id) == wanted
    assert [item.id for item in query.get()] == wanted
    assert query.count() == len(wanted)


# --- shapes ----------------------------------------------------------------------------------------------------------------


def _told(name: str, join: str | None, column: Callable[[str], Any]) -> Any:
    found = column(name)
    return found.optional() if join == "left" and name.startswith("owner.") else found


@given(filtered(), st.lists(st.sampled_from(BOTH), min_size=1, max_size=3, unique=True))
@given_rows
def test_selected_and_distinct_values_are_the_same(
    package: Package, tables: Tables, case: tuple[World, str | None, Condition], names: list[str]
) -> None:
    world, join, condition = case
    names = [name for name in names if join is not None or name in THING] or ["thing.number"]
    column = filled(package, tables, world)
    query = joined(package, join).where(condition.build(column)).select(*[_told(name, join, column) for name in names])
    values = [tuple(row[name] for name in names) for row in kept(rows_of(world, join), condition)]

    assert Counter(_rows(query.get())) == Counter(values)
    distinct = query.distinct()
    assert Counter(_rows(distinct.get())) == Counter(set(values))
    assert distinct.count() == len(set(values))


def _rows(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [tuple(map(plain, row)) for row in rows]


@given(
    worlds(), conditions(THING), conditions(THING), st.sampled_from(["union", "intersect", "except_"]), st.booleans()
)
@given_rows
def test_combined_queries_are_the_same(
    package: Package, tables: Tables, world: World, one: Condition, other: Condition, operator: str, descending: bool
) -> None:
    column = filled(package, tables, world)
    thing = package.Thing
    rows = rows_of(world, None)

    def values(condition: Condition) -> set[tuple[Any, ...]]:
        return {(row["thing.nick"], row["thing.number"]) for row in kept(rows, condition)}

    def select(condition: Condition) -> Any:
        return thing.query().where(condition.build(column)).select(thing.nick, thing.number)

    combine: dict[str, Callable[[set[Any], set[Any]], set[Any]]] = {
        "union": lambda a, b: a | b,
        "intersect": lambda a, b: a & b,
        "except_": lambda a, b: a - b,
    }
    combined = getattr(select(one), operator)(select(other))
    wanted = combine[operator](values(one), values(other))
    nick = thing.nick.desc() if descending else thing.nick.asc()

    def key(row: tuple[Any, ...]) -> tuple[Any, ...]:
        return row[0] is not None, row[0] or ""

    assert set(combined.get()) == wanted
    assert combined.count() == len(wanted)
    ordered_rows = combined.order_by(nick, thing.number).get()
    assert [row[0] for row in ordered_rows] == [row[0] for row in sorted(wanted, key=key, reverse=descending)]


# --- numbers ---------------------------------------------------------------------------------------------------------------


@given(filtered())
@given_rows
def test_aggregates_are_the_same(package: Package, tables: Tables, case: tuple[World, str | None, Condition]) -> None:
    world, join, condition = case
    column = filled(package, tables, world)
    query = joined(package, join).where(condition.build(column))
    rows = kept(rows_of(world, join), condition)

    for name in ("thing.number", "thing.maybe", "thing.big", "thing.price", "thing.cost"):
        values = [row[name] for row in rows if row[name] is not None]
        assert query.sum(column(name)) == (sum(values) if values else None)
    for name in ("thing.maybe", "thing.cost", "thing.nick", "thing.day", "thing.clock", "thing.local", "thing.moment"):
        values = [row[name] for row in rows if row[name] is not None]
        assert query.min(column(name)) == min(values, default=None)
        assert query.max(column(name)) == max(values, default=None)


# --- sub-queries -----------------------------------------------------------------------------------------------------------


@given(worlds(), conditions(THING), st.sampled_from(["thing.number", "thing.maybe"]), st.booleans())
@given_rows
def test_sub_queries_are_the_same(
    package: Package, tables: Tables, world: World, condition: Condition, name: str, negated: bool
) -> None:
    column = filled(package, tables, world)
    thing = package.Thing
    rows = rows_of(world, None)
    inner = thing.query().where(condition.build(column)).select(column(name))
    values = {row[name] for row in kept(rows, condition)} - {None}
    has_null = any(row[name] is None for row in kept(rows, condition))

    def is_kept(row: Row) -> bool:
        if negated:
            return (row["thing.maybe"] is not None and row["thing.maybe"] not in values) or not (values or has_null)
        return row["thing.maybe"] in values

    predicate = thing.maybe.not_in(inner) if negated else thing.maybe.in_(inner)
    found = thing.query().where(predicate).order_by(thing.id).pluck(thing.id)
    wanted = [row["thing.id"] for row in rows if is_kept(row)]

    if negated and not values:
        # Nothing but NULL to be among: every row is kept, as for an empty list.
        wanted = [row["thing.id"] for row in rows]
    assert found == wanted
