"""Decimals as text in SQLite: order, sums and averages are those of the numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isomorph.connections import Connection, parse
from isomorph.drivers.decimals import compare_decimals

numbers = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12)


@pytest.fixture(scope="module")
def memory() -> Iterator[Connection]:
    with closing(Connection("default", parse("sqlite://"))) as connection:
        connection.execute("CREATE TABLE t (id INTEGER, a TEXT COLLATE isomorph_decimal)")
        yield connection


def filled(connection: Connection, values: list[Decimal | None]) -> Connection:
    connection.execute("DELETE FROM t")
    rows = [(n, None if value is None else format(value, "f")) for n, value in enumerate(values)]
    connection.execute_many("INSERT INTO t VALUES (?, ?)", rows)
    return connection


@given(values=st.lists(numbers))
def test_they_are_ordered_as_numbers(memory: Connection, values: list[Decimal]) -> None:
    rows = filled(memory, list(values)).fetch("SELECT a FROM t ORDER BY a")
    assert [Decimal(row[0]) for row in rows] == sorted(values)


@given(values=st.lists(st.one_of(st.none(), numbers)))
def test_sums_are_exact(memory: Connection, values: list[Decimal | None]) -> None:
    row = filled(memory, values).fetch_one("SELECT isomorph_sum(a), isomorph_avg(a) FROM t")
    present = [value for value in values if value is not None]
    assert row is not None
    if not present:
        assert row == (None, None)
    else:
        total = sum(present, Decimal(0))
        assert Decimal(row[0]) == total
        assert abs(Decimal(row[1]) - total / len(present)) <= Decimal("1e-10")


def test_sums_are_windows_too(memory: Connection) -> None:
    values = [Decimal("0.10"), Decimal("0.20"), None, Decimal("0.30")]
    rows = filled(memory, values).fetch(
        "SELECT isomorph_sum(a) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t ORDER BY id"
    )
    assert [row[0] for row in rows] == ["0.10", "0.30", "0.20", "0.30"]


def test_averages_are_not_floats(memory: Connection) -> None:
    filled(memory, [Decimal("0.10"), Decimal("0.20"), Decimal("0.20")])
    assert memory.fetch("SELECT isomorph_sum(a), isomorph_avg(a) FROM t") == [
        ("0.50", "0.1666666666666666666666666667")
    ]


def test_comparisons_with_equal_numbers_in_other_words(memory: Connection) -> None:
    filled(memory, [Decimal("1.50"), Decimal(12), Decimal(-3)])
    assert memory.fetch("SELECT id FROM t WHERE a = '1.5'") == [(0,)]
    assert memory.fetch("SELECT id FROM t WHERE a < '2' ORDER BY a") == [(2,), (0,)]


@given(texts=st.lists(st.text(), min_size=2, max_size=5))
def test_any_text_has_its_place_in_one_order(texts: list[str]) -> None:
    for a in texts:
        assert compare_decimals(a, a) == 0
        for b in texts:
            assert compare_decimals(a, b) == -compare_decimals(b, a)
            for c in texts:
                if compare_decimals(a, b) <= 0 and compare_decimals(b, c) <= 0:
                    assert compare_decimals(a, c) <= 0


def test_what_is_no_number_comes_after_the_numbers() -> None:
    assert compare_decimals("10", "9") == 1
    assert compare_decimals("10", "ten") == -1
    assert compare_decimals("NaN", "10") == 1
    assert compare_decimals("", "0") == 1
