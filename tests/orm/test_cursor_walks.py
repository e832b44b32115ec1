"""Pages by cursor over random rows: NULL, ties, mixed directions, every type that has an order."""

import datetime as dt
import random
import uuid
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.fields import Package

VALUES: dict[str, Sequence[Any]] = {
    "flag": (False, True),
    "tiny": (-128, 0, 5),
    "number": (-1, 0, 2_147_483_647),
    "big": (-(2**63), 1, 2**63 - 1),
    "size": (0, 2**63, 2**64 - 1),
    "price": (Decimal("-0.000001"), Decimal("10.5"), Decimal("9.5")),
    "fee": (Decimal("0.0001"), Decimal(10), Decimal(9)),
    "level": (0.10000000149011612, -1.5, 16777216.0),
    "weight": (0.1, 0.30000000000000004, -1e300),
    "name": ("", "a", "B", "ü'%\"\\"),
    "country": ("de", "DE", "f"),
    "words": ("", "a ", "a", "\n"),
    "data": (b"", b"\x00", b"\xff\x00"),
    "day": (dt.date(1, 1, 1), dt.date(2024, 2, 29)),
    "at": (dt.time(0), dt.time(23, 59, 59, 999_999)),
    "local": (dt.datetime.fromisoformat("2024-01-01"), dt.datetime.fromisoformat("2024-01-01 00:00:00.000001")),
    "moment": (
        dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
        dt.datetime(1970, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=5))),
    ),
    "span": (dt.timedelta(0), dt.timedelta(days=-3, microseconds=1)),
    "code": (uuid.UUID(int=0), uuid.UUID(int=2**127)),
    "colour": ("red", "dark blue", "it's", "50%", "grün"),
}
"""A few values of each field of a sample, so that there are ties; None is among them, too."""

rows_of_samples = st.lists(
    st.fixed_dictionaries({field: st.none() | st.sampled_from(values) for field, values in VALUES.items()}), max_size=12
)
orders_of_samples = st.lists(
    st.tuples(st.sampled_from(sorted(VALUES)), st.booleans(), st.sampled_from([None, "first", "last"])),
    min_size=1,
    max_size=3,
    unique_by=lambda order: order[0],
)
random_walks = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def insert(fields: Package, rows: Sequence[dict[str, Any]]) -> None:
    fields.MaybeSample.insert_many(
        {**row, "colour": None if row["colour"] is None else fields.Colour(row["colour"])} for row in rows
    )


def ordered(fields: Package, orders: Sequence[tuple[str, bool, str | None]]) -> Any:
    made: list[Any] = []
    for field, descending, nulls in orders:
        column = getattr(fields.MaybeSample, field)
        order = column.desc() if descending else column.asc()
        made.append(order if nulls is None else order.nulls_first() if nulls == "first" else order.nulls_last())
    return fields.MaybeSample.query().order_by(*made)


def walked(query: Any, per_page: int) -> Iterator[Any]:
    """All pages from the first to the last."""
    page = query.cursor_paginate(per_page)
    yield page
    while page.next_cursor is not None:
        page = query.cursor_paginate(per_page, page.next_cursor)
        yield page


def ids(items: Any) -> list[int]:
    return [item.id for item in items]


@pytest.mark.feature("reading.cursor_paginate")
@given(rows_of_samples, orders_of_samples, st.integers(1, 5))
@random_walks
def test_a_walk_visits_each_row_once_in_the_order_of_the_query(
    fields: Package, rows: list[dict[str, Any]], orders: list[tuple[str, bool, str | None]], per_page: int
) -> None:
    fields.db.cursor_key = "a key for tests, long enough"
    fields.MaybeSample.query().delete(all_rows=True)
    insert(fields, rows)
    query = ordered(fields, orders)
    wanted = ids(query.order_by(fields.MaybeSample.id).get())

    pages = list(walked(query, per_page))
    assert [key for page in pages for key in ids(page.items)] == wanted
    assert all(len(page.items) == per_page for page in pages[:-1])

    backwards = [ids(pages[-1].items)]
    cursor = pages[-1].previous_cursor
    while cursor is not None:
        page = query.cursor_paginate(per_page, cursor)
        backwards.insert(0, ids(page.items))
        # The way on leads to the page that one came from.
        assert ids(query.cursor_paginate(len(backwards[1]) or 1, page.next_cursor).items) == backwards[1]
        cursor = page.previous_cursor
    assert [key for page in backwards for key in page] == wanted


@pytest.mark.feature("reading.cursor_stable")
@given(rows_of_samples, rows_of_samples, orders_of_samples, st.integers(1, 4), st.randoms(use_true_random=False))
@random_walks
def test_rows_written_between_pages_neither_repeat_nor_skip_those_that_were_there(
    fields: Package,
    rows: list[dict[str, Any]],
    others: list[dict[str, Any]],
    orders: list[tuple[str, bool, str | None]],
    per_page: int,
    chance: random.Random,
) -> None:
    fields.db.cursor_key = "a key for tests, long enough"
    fields.MaybeSample.query().delete(all_rows=True)
    insert(fields, rows)
    query = ordered(fields, orders)
    there = ids(query.order_by(fields.MaybeSample.id).get())
    staying = [key for key in there if chance.random() < 0.8]
    leaving = [key for key in there if key not in staying]

    seen: list[int] = []
    for page in walked(query, per_page):
        seen += ids(page.items)
        if others:
            insert(fields, [others.pop()])
        if leaving:
            fields.MaybeSample.query().where(fields.MaybeSample.id == leaving.pop()).delete()

    assert len(seen) == len(set(seen))
    assert [key for key in seen if key in staying] == staying
