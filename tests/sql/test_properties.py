"""Laws of compiled SQL: values stay out of the text, names are quoted, and SQLite gives the answer that Python gives."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isomorph import dialects
from isomorph.drivers.functions import FUNCTIONS
from isomorph.sql.expressions import Predicate
from isomorph.sql.select import Select
from tests.support.expressions import TABLE, Colour, Things, compiled, compiled_on_all

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
integers = st.integers(-(2**31), 2**31 - 1)

# --- values ------------------------------------------------------------------------------------------------------------

Make = Callable[[st.DataObject], Predicate]

LEAVES: list[Make] = [
    lambda data: Things.name == data.draw(text),
    lambda data: Things.name.contains(data.draw(text)),
    lambda data: Things.name.starts_with(data.draw(text)),
    lambda data: Things.name.like(data.draw(text)),
    lambda data: Things.name.ilike(data.draw(text)),
    lambda data: Things.name.in_([*data.draw(st.lists(text, min_size=3, max_size=3, unique=True))]),
    lambda data: Things.number.between(data.draw(integers), data.draw(integers)),
    lambda data: Things.number + data.draw(integers) > data.draw(integers),
    lambda data: Things.price < data.draw(st.decimals(-999, 999, places=3)),
    lambda data: Things.weight >= data.draw(st.floats(allow_nan=False, allow_infinity=False)),
    lambda data: Things.data == data.draw(st.binary(max_size=9)),
    lambda data: Things.day != data.draw(st.dates()),
    lambda data: Things.at <= data.draw(st.times()),
    lambda data: Things.local > data.draw(st.datetimes()),
    lambda data: Things.code == data.draw(st.uuids()),
    lambda data: Things.colour == data.draw(st.sampled_from(Colour)),
    lambda data: Things.flag == data.draw(st.booleans()),
    lambda data: Things.number.in_(data.draw(st.lists(integers, min_size=101, max_size=101, unique=True))),
]


def both(one: Make, other: Make) -> Make:
    return lambda data: one(data) & other(data)


def either(one: Make, other: Make) -> Make:
    return lambda data: one(data) | other(data)


def opposite(one: Make) -> Make:
    return lambda data: ~one(data)


def joined(children: st.SearchStrategy[Make]) -> st.SearchStrategy[Make]:
    return st.builds(both, children, children) | st.builds(either, children, children) | st.builds(opposite, children)


@given(st.recursive(st.sampled_from(LEAVES), joined, max_leaves=6), st.data())
def test_the_text_depends_on_the_shape_of_a_predicate_alone(make: Make, data: st.DataObject) -> None:
    one, other = compiled_on_all(make(data)), compiled_on_all(make(data))

    for dialect in dialects.NAMES:
        assert one[dialect][0] == other[dialect][0]
        places = one[dialect][0].count("?" if dialect == "sqlite" else "%s")
        assert len(one[dialect][1]) == len(other[dialect][1]) == places


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_limit_and_offset_are_no_part_of_the_text_but_the_limit_on_postgresql(limit: int, offset: int) -> None:
    made = Select(TABLE)
    made.limit, made.offset = limit, offset
    offsets = (offset,) if offset else ()

    for name in ("sqlite", "mysql"):
        sql, parameters = made.compile(dialects.get(name), "SELECT")
        assert not re.search(r"\d", sql)
        assert parameters == (limit, *offsets)
    sql, parameters = made.compile(dialects.get("postgresql"), "SELECT")
    assert sql == f"SELECT LIMIT {limit}{' OFFSET %s' if offset else ''}"
    assert parameters == offsets


# --- names -------------------------------------------------------------------------------------------------------------

names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30)
hostile = st.sampled_from(['"', "a`b", "100%", "%s", "%(a)s", "a b", "select", "größe", "表", "a\\", "?", "--", "';"])


@given(names | hostile)
def test_a_quoted_name_can_be_read_back(name: str) -> None:
    for dialect, quote in (("sqlite", '"'), ("postgresql", '"'), ("mysql", "`")):
        quoted = dialects.get(dialect).quoted(name)
        assert quoted[0] == quoted[-1] == quote
        inner = quoted[1:-1]
        if dialect != "sqlite":  # psycopg and PyMySQL read %% as %
            assert "%" not in inner.replace("%%", "")
            inner = inner.replace("%%", "%")
        assert quote not in inner.replace(quote * 2, "")
        assert inner.replace(quote * 2, quote) == name


@given(names | hostile)
def test_sqlite_takes_a_quoted_name_for_the_name(name: str) -> None:
    quoted = dialects.get("sqlite").quoted
    with closing(sqlite3.connect(":memory:")) as database:
        name = f"n{name}"  # SQLite keeps names like sqlite_stat1 to itself
        database.execute(f"CREATE TABLE {quoted(name)} ({quoted(name)} INTEGER) STRICT")
        database.execute(f"INSERT INTO {quoted(name)} ({quoted(name)}) VALUES (7)")
        found = database.execute(f"SELECT {quoted(name)} FROM {quoted(name)}")
        assert found.fetchall() == [(7,)]
        assert found.description[0][0] == name


# --- answers -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def database() -> Iterator[sqlite3.Connection]:
    """A table of one row, which each example sets."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as opened:
        for name, arguments, function in FUNCTIONS:
            opened.create_function(name, arguments, function, deterministic=True)
        opened.execute("CREATE TABLE things (name TEXT, number INTEGER, maybe_number INTEGER) STRICT")
        opened.execute("INSERT INTO things VALUES ('', 0, NULL)")
        yield opened


def answer(database: sqlite3.Connection, predicate: Predicate, **row: object) -> bool | None:
    """What SQLite says of the predicate on a row."""
    database.execute(f"UPDATE things SET {', '.join(f'{name} = ?' for name in row)}", tuple(row.values()))
    sql, parameters = compiled(predicate, "sqlite")
    found = database.execute(f"SELECT {sql} FROM things", parameters).fetchone()[0]
    return None if found is None else bool(found)


letters = st.text(st.sampled_from("aAbß%_*?[]!\\^-é🙂\n'\""), max_size=6)
subjects = st.text(st.sampled_from("aAbß%_*?[]!\\^-é🙂\n'\""), max_size=10)


@given(letters, subjects, st.booleans())
def test_patterns_of_plain_text_agree_with_python(
    database: sqlite3.Connection, part: str, subject: str, inside: bool
) -> None:
    subject = f"{subject[:4]}{part}{subject[4:]}" if inside else subject
    column = Things.name

    assert answer(database, column.contains(part), name=subject) == (part in subject)
    assert answer(database, column.starts_with(part), name=subject) == subject.startswith(part)
    assert answer(database, column.ends_with(part), name=subject) == subject.endswith(part)


def as_regular_expression(pattern: str) -> str:
    parts: list[str] = []
    rest = iter(pattern)
    for char in rest:
        if char == "\\":
            parts.append(re.escape(next(rest, "")))
        else:
            parts.append({"%": ".*", "_": "."}.get(char, re.escape(char)))
    return "".join(parts)


@given(letters, subjects)
def test_like_agrees_with_a_regular_expression(database: sqlite3.Connection, pattern: str, subject: str) -> None:
    expected = re.fullmatch(as_regular_expression(pattern), subject, re.DOTALL) is not None

    assert answer(database, Things.name.like(pattern), name=subject) == expected


@given(letters, subjects)
def test_ilike_ignores_the_case_of_all_letters(database: sqlite3.Connection, pattern: str, subject: str) -> None:
    for changed in (subject, subject.upper().replace("SS", "ß")):
        expected = re.fullmatch(as_regular_expression(pattern.lower()), changed.lower(), re.DOTALL) is not None

        assert answer(database, Things.name.ilike(pattern), name=changed) == expected


@dataclass(frozen=True)
class Claim:
    """A predicate over `number` and `maybe_number`, and what SQL's logic says of it: true, false or unknown."""

    predicate: Predicate
    holds: Callable[[int, int | None], bool | None]


def below(bound: int) -> Claim:
    return Claim(Things.number < bound, lambda number, _: number < bound)


def maybe_equal(value: int) -> Claim:
    return Claim(Things.maybe_number == value, lambda _, maybe: None if maybe is None else maybe == value)


def maybe_unequal(value: int) -> Claim:
    return Claim(Things.maybe_number != value, lambda _, maybe: None if maybe is None else maybe != value)


def between(low: int, high: int) -> Claim:
    return Claim(Things.number.between(low, high), lambda number, _: low <= number <= high)


def calculated(factor: int) -> Claim:
    return Claim(Things.number * factor + 1 > 2, lambda number, _: number * factor + 1 > 2)


def maybe_among(values: list[int | None]) -> Claim:
    """None among the values matches NULL; no values match nothing."""

    def holds(_: int, maybe: int | None) -> bool | None:
        if maybe is not None or not values:
            return maybe in values
        return True if None in values else None

    return Claim(Things.maybe_number.in_(values), holds)


def in_none_of(values: list[int]) -> Claim:
    return Claim(Things.number.not_in(values), lambda number, _: number not in values)


def is_missing() -> Claim:
    return Claim(Things.maybe_number.is_null(), lambda _, maybe: maybe is None)


def is_more() -> Claim:
    return Claim(Things.maybe_number > Things.number, lambda number, maybe: None if maybe is None else maybe > number)


def negated(claim: Claim) -> Claim:
    return Claim(~claim.predicate, lambda number, maybe: _not(claim.holds(number, maybe)))


def joint(one: Claim, other: Claim) -> Claim:
    return Claim(
        one.predicate & other.predicate,
        lambda number, maybe: _every(one.holds(number, maybe), other.holds(number, maybe)),
    )


def alternative(one: Claim, other: Claim) -> Claim:
    return Claim(
        one.predicate | other.predicate,
        lambda number, maybe: _not(_every(_not(one.holds(number, maybe)), _not(other.holds(number, maybe)))),
    )


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _every(*values: bool | None) -> bool | None:
    return False if False in values else None if None in values else True


small = st.integers(-2, 2)
many = st.lists(st.integers(-200, 200), min_size=101, max_size=120, unique=True)
simple = st.one_of(
    st.builds(below, small),
    st.builds(maybe_equal, small),
    st.builds(maybe_unequal, small),
    st.builds(between, small, small),
    st.builds(calculated, small),
    st.builds(maybe_among, st.lists(st.none() | small, max_size=3)),
    st.builds(in_none_of, many),
    st.builds(is_missing),
    st.builds(is_more),
)


def combined(children: st.SearchStrategy[Claim]) -> st.SearchStrategy[Claim]:
    return (
        st.builds(negated, children) | st.builds(joint, children, children) | st.builds(alternative, children, children)
    )


@given(st.recursive(simple, combined, max_leaves=8), small, st.none() | small)
def test_a_predicate_on_the_database_is_the_same_predicate_in_python(
    database: sqlite3.Connection, claim: Claim, number: int, maybe: int | None
) -> None:
    assert answer(database, claim.predicate, number=number, maybe_number=maybe) == claim.holds(number, maybe)


@given(st.lists(st.decimals(-999, 999, places=3), min_size=1, max_size=150), st.decimals(-999, 999, places=2))
def test_a_list_of_decimals_is_searched_by_number_and_not_by_text(among: list[Decimal], value: Decimal) -> None:
    from isomorph.drivers.decimals import compare_decimals

    with closing(sqlite3.connect(":memory:")) as opened:
        opened.create_collation("isomorph_decimal", compare_decimals)
        opened.execute("CREATE TABLE things (price TEXT COLLATE isomorph_decimal) STRICT")
        opened.execute("INSERT INTO things VALUES (?)", (f"{value:.2f}",))
        for candidates in (among, [*among, value]):
            sql, parameters = compiled(Things.price.in_(candidates), "sqlite")
            (found,) = opened.execute(f"SELECT {sql} FROM things", parameters).fetchone()
            assert bool(found) == (value in candidates)
