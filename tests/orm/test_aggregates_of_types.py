"""Aggregates of values of every type, as expressions and of queries."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from isomorph import functions as f
from isomorph.errors import InvalidValue
from tests.support.fields import Package

pytestmark = pytest.mark.feature("queries.aggregate_expressions")


total_of: Any = f.sum


def assert_row(found: tuple[Any, ...] | None, expected: tuple[Any, ...]) -> None:
    assert found == expected
    assert [type(value) for value in found or ()] == [type(value) for value in expected]


@pytest.mark.feature("types.bigint", "types.decimal", "types.double")
def test_numbers_of_every_kind(fields: Package) -> None:
    maybe: Any = fields.MaybeSample
    rows: list[dict[str, Any]] = [
        {
            "tiny": -128, "small": 32767, "number": 2**31 - 1, "big": 5, "byte": 255, "port": 65535, "hits": 2**32 - 1,
            "size": 2**64 - 1, "price": Decimal("0.000001"), "ratio": Decimal("0.9999"), "whole": Decimal(7),
            "level": 0.5, "weight": 0.25, "span": dt.timedelta(days=1, microseconds=1),
        },
        {
            "tiny": -100, "small": 1, "number": 2**31 - 1, "big": 6, "byte": 255, "port": 1, "hits": 2**32 - 1,
            "size": 2**64 - 2, "price": Decimal("99999999999999.5"), "ratio": Decimal("0.9999"), "whole": Decimal(-9),
            "level": 2.0, "weight": 0.5, "span": dt.timedelta(hours=-2),
        },
        {},
    ]  # fmt: skip
    maybe.insert_many(rows)

    for name in rows[0]:
        column = getattr(maybe, name)
        known = [rows[0][name], rows[1][name]]
        total = known[0] + known[1]
        wanted = (total, min(known), max(known), 2)
        assert_row(maybe.query().select(f.sum(column), f.min(column), f.max(column), f.count(column)).first(), wanted)
        assert_row((maybe.query().sum(column), maybe.query().min(column), maybe.query().max(column)), wanted[:3])
        over = maybe.query().order_by(maybe.id).select(total_of(column).over(order_by=maybe.id)).get()
        assert over == [(known[0],), (total,), (total,)]
        if name != "span":
            mean = total / 2
            assert_row((maybe.query().value(f.avg(column)), maybe.query().avg(column)), (mean, mean))
        if name not in ("span", "size"):
            assert maybe.query().group_by(maybe.flag).having(f.sum(column) == total).select(f.count()).get() == [(3,)]


@pytest.mark.feature("types.char", "types.mediumtext", "types.interval", "types.unsigned")
def test_lists_and_extremes_of_the_other_types(fields: Package) -> None:
    maybe: Any = fields.MaybeSample
    first: dict[str, Any] = {
        "country": "ab", "page": "x", "size": 2**64 - 1, "fee": Decimal("1.0001"), "span": dt.timedelta(1), "byte": 7,
        "words": "a,b", "colour": fields.Colour.GRÜN,
    }  # fmt: skip
    second: dict[str, Any] = {
        "country": "Ab", "page": "Y", "size": 3, "fee": Decimal(-2), "span": dt.timedelta(-1, 5), "byte": 0,
        "words": "", "colour": fields.Colour.RED,
    }  # fmt: skip
    maybe.insert_many([first, {}, second])

    for name, value in first.items():
        column = getattr(maybe, name)
        in_order = f.array_agg(column, order_by=maybe.id)
        assert maybe.query().value(in_order) == [value, second[name]]
        if name != "colour":
            assert maybe.query().select(f.min(column), f.max(column)).first() == tuple(sorted([value, second[name]]))
            assert maybe.query().value(f.array_agg(column)) == sorted([value, second[name]])
    for name in ("level", "data", "document"):
        with pytest.raises(InvalidValue, match=r"array_agg\(\): expected numbers, texts"):
            f.array_agg(getattr(maybe, name))
