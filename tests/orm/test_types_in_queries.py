"""Queries over columns of every type: long lists, sums and means, arithmetic, comparisons beyond what a column holds."""

import datetime as dt
import math
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from isomorph.errors import DatabaseError, ForeignKeyViolation, InvalidValue, UniqueViolation
from tests.orm.test_fields import DEFAULTS, given_to
from tests.support.fields import Package

DAY = dt.date(2000, 1, 1)
NOON = dt.datetime(2000, 1, 1, 12)  # noqa: DTZ001 - naive on purpose

MANY: dict[str, Callable[[int], Any]] = {
    "tiny": lambda n: n - 128,
    "small": lambda n: n - 2**15,
    "number": lambda n: n - 2**31,
    "big": lambda n: 2**63 - 1 - n,
    "byte": lambda n: 255 - n,
    "port": lambda n: 2**16 - 1 - n,
    "hits": lambda n: 2**32 - 1 - n,
    "size": lambda n: 2**64 - 1 - n,
    "price": lambda n: Decimal(n) / 100,
    "ratio": lambda n: Decimal(n) / 10_000,
    "whole": Decimal,
    "fee": lambda n: Decimal(-n) / 10_000,
    "level": lambda n: n / 8,
    "weight": lambda n: n / 7,
    "name": "ü'{}".format,
    "country": "{:03}".format,
    "words": "🙂{}".format,
    "page": "p{} ".format,
    "data": lambda n: bytes([n, 0]),
    "digest": lambda n: bytes([0, n]),
    "day": lambda n: DAY + dt.timedelta(n),
    "at": lambda n: (NOON + dt.timedelta(microseconds=n)).time(),
    "local": lambda n: NOON + dt.timedelta(microseconds=n),
    "moment": lambda n: (NOON + dt.timedelta(microseconds=n)).replace(tzinfo=dt.UTC),
    "span": lambda n: dt.timedelta(days=n - 60, microseconds=n),
    "code": lambda n: uuid.UUID(int=n << 100 | n),
}


@pytest.mark.feature("queries.in")
@pytest.mark.parametrize("field", MANY)
def test_a_long_list_finds_exactly_its_rows(fields: Package, field: str) -> None:
    sample, make = fields.Sample, MANY[field]
    sample.insert_many([given_to(fields, {**DEFAULTS, field: make(number)}) for number in range(128)])
    column = getattr(sample, field)
    listed = [make(number) for number in range(1, 121)]

    inside = sample.query().where(column.in_(listed)).pluck(column)
    outside = sample.query().where(column.not_in(listed)).pluck(column)

    assert set(inside) == set(listed)
    assert len(inside) == 120
    assert set(outside) == {make(number) for number in (0, *range(121, 128))}
    assert sample.query().where(column.in_(listed[:3])).count() == 3


@pytest.mark.feature("queries.aggregates")
@pytest.mark.parametrize("field", ["tiny", "byte", "port", "hits", "size", "fee", "level", "weight", "span"])
def test_least_and_greatest(fields: Package, field: str) -> None:
    sample, make = fields.Sample, MANY[field]
    sample.insert_many([given_to(fields, {**DEFAULTS, field: make(number)}) for number in range(5)])
    wanted = sorted(make(number) for number in range(5))

    assert sample.query().min(getattr(sample, field)) == wanted[0]
    assert sample.query().max(getattr(sample, field)) == wanted[-1]


SUMS: list[tuple[str, list[Any], Any]] = [
    ("tiny", [127, 127, -128], 126),
    ("byte", [255, 255, 255], 765),
    ("port", [65_535] * 3, 196_605),
    ("hits", [2**32 - 1] * 3, 3 * (2**32 - 1)),
    ("size", [2**64 - 1, 2**64 - 2, 5], 2**65 + 2),
    ("fee", [Decimal("999999999999999.9999")] * 3, Decimal("2999999999999999.9997")),
    ("level", [0.5, 0.25, -2.0], -1.25),
    ("span", [dt.timedelta(microseconds=2**63 - 1)] * 2, dt.timedelta(microseconds=2**64 - 2)),
    ("span", [dt.timedelta(days=-1, microseconds=1), dt.timedelta(hours=23)], dt.timedelta(hours=-1, microseconds=1)),
]


@pytest.mark.feature("queries.aggregates", "types.unsigned", "types.real", "types.interval")
@pytest.mark.parametrize(("field", "values", "expected"), SUMS, ids=[f"{row[0]}-{len(row[1])}" for row in SUMS])
def test_a_sum_may_be_more_than_the_column_holds(fields: Package, field: str, values: list[Any], expected: Any) -> None:
    fields.Sample.insert_many([given_to(fields, {**DEFAULTS, field: value}) for value in values])

    found = fields.Sample.query().sum(getattr(fields.Sample, field))

    assert (found, type(found)) == (expected, type(expected))
    assert fields.Sample.query().where(fields.Sample.id < 0).sum(getattr(fields.Sample, field)) is None


@pytest.mark.feature("queries.aggregates", "types.real")
def test_a_sum_of_reals_has_64_bits(fields: Package) -> None:
    rows = 1_000
    fields.Sample.insert_many([given_to(fields, {**DEFAULTS, "level": 0.1}) for _ in range(rows)])
    found = fields.Sample.query().sum(fields.Sample.level)
    assert math.isclose(found, rows * 0.10000000149011612, rel_tol=1e-12)  # of 32 bits it would be 99.99905


@pytest.mark.feature("types.unsigned")
def test_an_unsigned_bigint_is_calculated_with_exactly(fields: Package) -> None:
    made = fields.Sample.create(**given_to(fields, {**DEFAULTS, "size": 2**63 + 1}))
    query, size = fields.Sample.query(), fields.Sample.size

    assert query.select(size + 1, size * 1).get() == [(2**63 + 2, 2**63 + 1)]
    assert query.where(size + 1 > 2**63 + 1, size + 1 < 2**63 + 3).exists()
    assert query.select(size - 1).get() == [(2**63,)]
    made.increment(size, 2**62)
    assert made.size == 2**63 + 2**62 + 1
    assert query.value(size) == 2**63 + 2**62 + 1
    made.decrement(size, 1)
    assert query.value(size) == 2**63 + 2**62


# --- numbers beyond the column ---------------------------------------------------------------------------------------

BEYOND = [("tiny", 128), ("byte", -1), ("byte", 256), ("port", -1), ("hits", 2**32), ("hits", -(2**63)), ("size", -1)]


@pytest.mark.feature("types.tinyint", "types.unsigned", "queries.comparisons")
@pytest.mark.parametrize(("field", "value"), BEYOND)
def test_a_number_beyond_the_column_is_compared_as_a_number(fields: Package, field: str, value: int) -> None:
    fields.Sample.create(**given_to(fields, {**DEFAULTS, field: 5}))
    query, column = fields.Sample.query(), getattr(fields.Sample, field)

    assert query.where(column < value).exists() == (value > 5)
    assert query.where(column > value).exists() == (value < 5)
    assert not query.where(column == value).exists()
    assert not query.where(column.in_([value, value + 1])).exists()


@pytest.mark.feature("types.unsigned")
@pytest.mark.parametrize("field", ["byte", "port", "hits"])
def test_the_difference_of_unsigned_numbers_may_be_negative(fields: Package, field: str) -> None:
    """MySQL by itself refuses it even within a comparison."""
    fields.Sample.create(**given_to(fields, {**DEFAULTS, field: 5}))
    query, column = fields.Sample.query(), getattr(fields.Sample, field)

    assert query.where(column - 6 < 0).count() == 1
    assert query.select(column - 6).get() == [(-1,)]


@pytest.mark.feature("types.tinyint", "types.unsigned", "models.increment")
@pytest.mark.parametrize(
    ("field", "value", "by"),
    [("tiny", 127, 1), ("tiny", -128, -1), ("byte", 255, 1), ("byte", 0, -1), ("port", 65_535, 1), ("hits", 0, -1)],
)
def test_the_database_itself_holds_the_range(fields: Package, field: str, value: int, by: int) -> None:
    made = fields.Sample.create(**given_to(fields, {**DEFAULTS, field: value}))
    column = getattr(fields.Sample, field)

    with pytest.raises(DatabaseError):
        if by < 0:
            made.decrement(column, -by)
        else:
            made.increment(column, by)

    assert getattr(fields.Sample.find_or_fail(made.id), field) == value


@pytest.mark.feature("types.unsigned")
def test_a_negative_number_is_refused_before_it_reaches_the_database(fields: Package) -> None:
    with pytest.raises(
        InvalidValue, match=r"^Sample.hits: expected a non-negative int of 32 bits, got one beyond that$"
    ):
        fields.Sample.create(**given_to(fields, {**DEFAULTS, "hits": -1}))


@pytest.mark.feature("types.unsigned", "relations.foreign_keys")
def test_an_unsigned_key_numbers_rows_and_is_pointed_to(fields: Package) -> None:
    numbered = fields.Numbered
    parent = numbered.create(note="parent")
    child = numbered.create(parent=parent)

    assert [parent.id, child.id] == sorted({parent.id, child.id})
    assert numbered.find_or_fail(child.id).parent_id == parent.id
    (found,) = numbered.query().where(numbered.id == parent.id).include(numbered.children).get()
    assert [row.id for row in found.children] == [child.id]
    with pytest.raises(ForeignKeyViolation):
        numbered.create(parent_id=2**32 - 1)


@pytest.mark.feature("types.unsigned", "relations.foreign_keys")
def test_a_key_may_be_an_unsigned_bigint(fields: Package) -> None:
    wide, key = fields.Wide, 2**64 - 1
    parent = wide.create(id=key)
    child = wide.create(id=9, parent=parent)

    assert wide.find_or_fail(key).id == key
    assert [row.id for row in wide.find_many([9, key])] == [9, key]
    (found,) = wide.query().where(wide.id == key).include(wide.children).get()
    assert [row.id for row in found.children] == [child.id]
    assert wide.query().order_by(wide.id).pluck(wide.id) == [9, key]
    with pytest.raises(ForeignKeyViolation):
        wide.create(id=1, parent_id=2**63)
    with pytest.raises(UniqueViolation):
        wide.create(id=key)


@pytest.mark.feature("types.unsigned", "types.interval", "queries.scopes")
def test_scopes_take_values_of_every_type(fields: Package) -> None:
    wide = fields.Wide
    for key, hours in ((3, 1), (6, 1), (2**64 - 1, 2), (7, 3)):
        wide.create(id=key, limit_of=dt.timedelta(hours=hours))

    assert set(wide.query().above().pluck(wide.id)) == {6, 2**64 - 1}
    assert wide.query().above(2**63, dt.timedelta(hours=3)).pluck(wide.id) == [2**64 - 1]
    assert set(wide.query().short().pluck(wide.id)) == {3, 6}


# --- real ------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("types.real")
def test_a_real_is_found_by_the_number_that_was_given_for_it(fields: Package) -> None:
    made = fields.Sample.create(**given_to(fields, {**DEFAULTS, "level": 0.1}))
    query, level = fields.Sample.query(), fields.Sample.level

    assert fields.Sample.find_or_fail(made.id).level == 0.10000000149011612
    assert query.where(level == 0.1).exists()
    assert query.where(level.in_([0.1, 0.2])).exists()
    assert query.where(level.in_([0.1, *range(200)])).exists()
    assert not query.where(level > 0.1).exists()
    assert query.where(level.between(0.1, 0.1)).exists()
    fields.Sample.query().where(level == 0.1).update(level=0.2)
    assert made.refresh().level == 0.20000000298023224


# --- text that ends in blanks -----------------------------------------------------------------------------------------


@pytest.mark.feature("types.char", "queries.like")
def test_a_char_is_as_long_as_its_text(fields: Package) -> None:
    """PostgreSQL's own char would be filled up with blanks, which patterns see."""
    for country in ("", "a", "ab", "abc"):
        fields.Sample.create(**given_to(fields, {**DEFAULTS, "country": country}))
    query, country = fields.Sample.query().order_by(fields.Sample.country), fields.Sample.country

    assert query.pluck(country) == ["", "a", "ab", "abc"]
    assert query.where(country.ends_with("b")).pluck(country) == ["ab"]
    assert query.where(country.like("a_")).pluck(country) == ["ab"]
    assert query.where(country == "a").pluck(country) == ["a"]
    assert query.where(country == "a ").pluck(country) == []
    assert query.where(country < "a ").pluck(country) == ["", "a"]


@pytest.mark.feature("types.char")
def test_the_database_itself_holds_no_blank_at_the_end(fields: Package, dialect: str) -> None:
    """Other programs write, too. MySQL and MariaDB cut it off, which no setting changes."""
    made = fields.Sample.create(**given_to(fields, {**DEFAULTS, "country": "a"}))
    table, connection = "samples", fields.db.connection()

    if dialect == "mysql":
        connection.execute(f"UPDATE {table} SET country = 'b '")
        assert made.refresh().country == "b"
        return
    with pytest.raises(DatabaseError):
        connection.execute(f"UPDATE {table} SET country = 'b '")


# --- JSON ------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("types.json", "bad_input.wrong_type")
def test_none_for_a_required_document_is_refused_before_it_reaches_the_database(fields: Package) -> None:
    sample = fields.Sample
    expected = r"^Sample.document: expected a JSON document other than null, for the field is required, got None$"
    values = given_to(fields, {**DEFAULTS, "document": None})

    with pytest.raises(InvalidValue, match=expected):
        sample.create(**values)
    with pytest.raises(InvalidValue, match=expected):
        sample.insert_many([values])
    made = sample.create(**given_to(fields, {**DEFAULTS, "document": {"a": None}}))
    made.document = None
    with pytest.raises(InvalidValue, match=expected):
        made.save()
    with pytest.raises(InvalidValue, match=expected):
        sample.query().update(document=None, all_rows=True)
    assert sample.find_or_fail(made.id).document == {"a": None}


@pytest.mark.feature("types.json", "types.nullable")
def test_none_for_a_document_that_may_be_missing_is_null(fields: Package) -> None:
    maybe = fields.MaybeSample
    made = maybe.create(document={})
    made.document = None
    made.save()

    assert maybe.query().where(maybe.document.is_null()).pluck(maybe.id) == [made.id]
    assert made.refresh().document is None


# --- intervals ---------------------------------------------------------------------------------------------------------


@pytest.mark.feature("types.interval")
def test_spans_that_are_spelled_differently_are_equal(fields: Package) -> None:
    made = fields.Sample.create(**given_to(fields, {**DEFAULTS, "span": dt.timedelta(days=1, hours=-1)}))
    query, span = fields.Sample.query(), fields.Sample.span

    assert query.where(span == dt.timedelta(hours=23)).exists()
    assert query.where(span.in_([dt.timedelta(minutes=23 * 60)])).exists()
    assert query.where(span < dt.timedelta(days=1), span > dt.timedelta(hours=22, minutes=59)).exists()
    assert query.where(span.between(dt.timedelta(hours=23), dt.timedelta(hours=23))).exists()
    assert made.refresh().span == dt.timedelta(hours=23)


@pytest.mark.feature("types.interval")
def test_other_programs_cannot_write_months_which_have_no_length(fields: Package) -> None:
    fields.Sample.create(**given_to(fields, DEFAULTS))
    with pytest.raises(DatabaseError):
        fields.db.connection().execute("UPDATE samples SET span = '1 month'")
