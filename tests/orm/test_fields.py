"""Every field type through every dialect: what goes in comes back equal, and of its own type."""

import datetime as dt
import json
import math
import struct
import uuid
import zoneinfo
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isomorph.dialects import get
from tests.support.fields import KINDS, Package

ALL_TYPES = [
    f"types.{name}"
    for name in (
        "bool", "tinyint", "smallint", "int", "bigint", "unsigned", "decimal", "real", "double", "string", "char",
        "text", "mediumtext", "bytes", "date", "time", "datetime", "timestamptz", "interval", "json", "uuid", "enum",
    )
]  # fmt: skip

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=50)
FIRST = dt.datetime.fromisoformat("0001-01-03")
LAST = dt.datetime.fromisoformat("9999-12-28")

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
SHORTEST = dt.timedelta(microseconds=-(2**63))
LONGEST = dt.timedelta(microseconds=2**63 - 1)

documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
).filter(lambda document: document is not None)


def decimals(precision: int, scale: int) -> st.SearchStrategy[Decimal]:
    most = Decimal(10**precision - 1).scaleb(-scale)
    return st.decimals(-most, most, places=scale)


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "flag": st.booleans(),
    "tiny": st.integers(-(2**7), 2**7 - 1),
    "small": st.integers(-(2**15), 2**15 - 1),
    "number": st.integers(-(2**31), 2**31 - 1),
    "big": st.integers(-(2**63), 2**63 - 1),
    "byte": st.integers(0, 2**8 - 1),
    "port": st.integers(0, 2**16 - 1),
    "hits": st.integers(0, 2**32 - 1),
    "size": st.integers(0, 2**64 - 1),
    "price": decimals(20, 6),
    "ratio": decimals(4, 4),
    "whole": decimals(12, 0),
    "fee": decimals(19, 4),
    "level": st.floats(allow_nan=False, allow_infinity=False, width=32),
    "weight": st.floats(allow_nan=False, allow_infinity=False),
    "name": texts,
    "country": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=3).filter(
        lambda text: not text.endswith(" ")
    ),
    "words": texts,
    "page": texts,
    "data": st.binary(max_size=60),
    "digest": st.binary(max_size=16),
    "day": st.dates(),
    "at": st.times(),
    "local": st.datetimes(),
    "moment": st.datetimes(FIRST, LAST, timezones=st.timezones() | st.just(dt.UTC), allow_imaginary=False),
    "span": st.timedeltas(SHORTEST, LONGEST),
    "document": documents,
    "code": st.uuids(),
    "colour": st.sampled_from(["red", "dark blue", "it's", "50%", "grün"]),
}

DEFAULTS: dict[str, Any] = {
    "flag": True, "tiny": 0, "small": 0, "number": 0, "big": 0, "byte": 0, "port": 0, "hits": 0, "size": 0,
    "price": Decimal(0), "ratio": Decimal(0), "whole": Decimal(0), "fee": Decimal(0), "level": 0.0, "weight": 0.0,
    "name": "", "country": "", "words": "", "page": "", "data": b"", "digest": b"", "span": dt.timedelta(), "day": dt.date(2000, 1, 1), "at": dt.time(0),
    "local": dt.datetime.fromisoformat("2000-01-01"), "moment": dt.datetime(2000, 1, 1, tzinfo=dt.UTC),
    "document": {}, "code": uuid.UUID(int=0), "colour": "red",
}  # fmt: skip


def given_to(package: Package, values: dict[str, Any]) -> dict[str, Any]:
    """The values as the package takes them: enums as its members."""
    colour = values.get("colour")
    return values if colour is None else {**values, "colour": package.Colour(colour)}


def assert_same(field: str, found: Any, given_value: Any) -> None:
    if isinstance(given_value, dt.datetime) and given_value.tzinfo is not None:
        assert found.utcoffset() == dt.timedelta(0)
        given_value = given_value.astimezone(dt.UTC)
    assert found == given_value, field
    assert type(found) is type(given_value), field
    if field == "document":
        assert canonical(found) == canonical(given_value).replace("-0.0", repr(_negative_zero(found)))


def canonical(document: Any) -> str:
    """A document as text that tells 1 from True and 1.0, whatever the order of its keys."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False)


def _negative_zero(found: Any) -> float:
    """What became of -0.0: PostgreSQL's numbers in JSON have no sign of zero."""
    return -0.0 if "-0.0" in repr(found) else 0.0


# --- random values -------------------------------------------------------------------------------------------------------

quick = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]
)


@pytest.mark.feature(*ALL_TYPES)
@given(st.fixed_dictionaries(VALUES))
@quick
def test_a_row_comes_back_as_it_went_in(fields: Package, values: dict[str, Any]) -> None:
    wanted = given_to(fields, values)
    made = fields.Sample.create(**wanted)

    found = fields.Sample.find_or_fail(made.id)

    for field, value in wanted.items():
        assert_same(field, getattr(found, field), value)
    assert not found.is_dirty()
    assert not made.is_dirty()


@pytest.mark.feature("types.nullable", *ALL_TYPES)
@given(st.fixed_dictionaries({field: st.none() | strategy for field, strategy in VALUES.items()}))
@quick
def test_a_row_with_nulls_comes_back_as_it_went_in(fields: Package, values: dict[str, Any]) -> None:
    wanted = given_to(fields, values)
    made = fields.MaybeSample.create(**wanted)

    found = fields.MaybeSample.query().where(fields.MaybeSample.id == made.id).first_or_fail()

    for field, value in wanted.items():
        assert_same(field, getattr(found, field), value)


@pytest.mark.feature("models.insert_many", "models.save", "queries.select", *ALL_TYPES)
@given(st.lists(st.fixed_dictionaries(VALUES), min_size=1, max_size=4))
@settings(quick, max_examples=20)
def test_rows_of_insert_many_updates_and_selections_come_back_as_they_went_in(
    fields: Package, rows: list[dict[str, Any]]
) -> None:
    sample = fields.Sample
    wanted = [given_to(fields, row) for row in rows]
    made = sample.insert_many(wanted)
    blank = [sample.create(**given_to(fields, DEFAULTS)) for _ in rows]
    for object_, values in zip(blank, wanted, strict=True):
        object_.update(**values)
        sample.query().where(sample.id == object_.id).update(**values)

    for field in VALUES:
        ids = [object_.id for object_ in (*made, *blank)]
        selected = dict(sample.query().select(sample.id, getattr(sample, field)).where(sample.id.in_(ids)).get())
        for id_, values in zip(ids, [*wanted, *wanted], strict=True):
            assert_same(field, selected[id_], values[field])


COMPARED = [field for field in VALUES if field != "document"]


@pytest.mark.feature("queries.comparisons", "queries.in")
@given(st.fixed_dictionaries(VALUES))
@settings(quick, max_examples=25)
def test_a_row_is_found_by_each_of_its_values(fields: Package, values: dict[str, Any]) -> None:
    wanted = given_to(fields, values)
    made = fields.Sample.create(**wanted)

    query = fields.Sample.query().where(fields.Sample.id == made.id)
    for field in COMPARED:
        column = getattr(fields.Sample, field)
        assert query.where(column == wanted[field]).exists(), field
        assert query.where(column.in_([wanted[field]])).exists(), field
        assert query.where(column.in_([wanted[field]] * 101)).exists(), field
        assert not query.where(column != wanted[field]).exists(), field
        if field not in ("flag", "data", "digest", "colour"):
            assert query.where(column <= wanted[field], column >= wanted[field]).exists(), field
            assert not query.where((column < wanted[field]) | (column > wanted[field])).exists(), field


ORDERED = [
    "tiny", "small", "number", "big", "byte", "port", "hits", "size", "price", "ratio", "whole", "fee", "level", "weight",
    "day", "at", "local", "moment", "span", "code",
]  # fmt: skip


@pytest.mark.feature("queries.order_by", "queries.aggregates", "queries.comparisons")
@given(st.lists(st.fixed_dictionaries(VALUES), min_size=2, max_size=5))
@settings(quick, max_examples=15)
def test_the_order_of_the_database_is_the_order_of_the_values(fields: Package, rows: list[dict[str, Any]]) -> None:
    sample = fields.Sample
    sample.query().delete(all_rows=True)
    # Python does not order a time that a change of the clocks repeats.
    rows = [{**row, "moment": row["moment"].astimezone(dt.UTC)} for row in rows]
    sample.insert_many([given_to(fields, row) for row in rows])

    for field in ORDERED:
        column = getattr(sample, field)
        wanted = sorted(row[field] for row in rows)
        assert sample.query().order_by(column).pluck(column) == wanted, field
        assert sample.query().order_by(column.desc()).pluck(column) == wanted[::-1], field
        assert (sample.query().min(column), sample.query().max(column)) == (wanted[0], wanted[-1]), field
        assert sample.query().where(column < wanted[-1]).count() == sum(value < wanted[-1] for value in wanted), field


# --- the ends --------------------------------------------------------------------------------------------------------------


def nested(depth: int) -> list[Any]:
    return [nested(depth - 1), {"k": None}] if depth else []


EDGES: list[tuple[str, Any]] = [
    ("flag", False),
    ("tiny", -(2**7)),
    ("tiny", 2**7 - 1),
    ("byte", 2**8 - 1),
    ("port", 2**16 - 1),
    ("hits", 2**32 - 1),
    ("size", 2**63 - 1),
    ("size", 2**63),
    ("size", 10**19),
    ("size", 2**64 - 1),
    ("small", -(2**15)),
    ("small", 2**15 - 1),
    ("number", -(2**31)),
    ("number", 2**31 - 1),
    ("big", -(2**63)),
    ("big", 2**63 - 1),
    ("price", Decimal("99999999999999.999999")),
    ("price", Decimal("-99999999999999.999999")),
    ("price", Decimal("0.000001")),
    ("price", Decimal("1E+3")),
    ("price", Decimal("-0")),
    ("ratio", Decimal("-0.9999")),
    ("whole", Decimal(999_999_999_999)),
    ("fee", Decimal("999999999999999.9999")),
    ("fee", Decimal("-999999999999999.9999")),
    ("level", 3.4028234663852886e38),
    ("level", -3.4028234663852886e38),
    ("level", 1.1754943508222875e-38),
    ("level", 1.401298464324817e-45),
    ("level", 0.10000000149011612),
    ("level", 16777217.0 - 1),
    ("level", 1 + 2**-23),
    ("weight", 1.7976931348623157e308),
    ("weight", -1.7976931348623157e308),
    ("weight", 2.2250738585072014e-308),
    ("weight", 0.1 + 0.2),
    ("weight", 1 / 3),
    ("weight", 1e22),
    ("weight", 123456789.12345678),
    ("name", "x" * 50),
    ("name", "🙂" * 50),
    ("name", " padded "),
    ("name", "line\r\n\ttab \\ ' \" ` % _ ? :x \x1a \x7f \x85 \u2028 \ufeff"),
    ("country", " x"),
    ("country", "🙂🙂🙂"),
    ("country", "x\t"),
    ("country", "x\u3000"),
    ("page", "ü" * 100_000),
    ("page", " "),
    ("words", ""),
    ("words", "ü" * 100_000),
    ("words", "\U0010ffff\u0300\u200d"),
    ("words", "\\"),
    ("words", "'; DROP TABLE samples; --"),
    ("data", b""),
    ("data", bytes(range(256))),
    ("data", b"\0" * 100_000),
    ("digest", b"\0"),
    ("digest", b"abc\0\0"),
    ("digest", b"  "),
    ("digest", b"\xff" * 16),
    ("span", SHORTEST),
    ("span", LONGEST),
    ("span", dt.timedelta(microseconds=-1)),
    ("span", dt.timedelta(days=30)),
    ("span", dt.timedelta(days=-1, hours=23)),
    ("day", dt.date.min),
    ("day", dt.date.max),
    ("day", dt.date(1582, 10, 10)),
    ("day", dt.date(2024, 2, 29)),
    ("at", dt.time.min),
    ("at", dt.time.max),
    ("at", dt.time(0, 0, 0, 1)),
    ("local", dt.datetime.fromisoformat("0001-01-01 00:00:00")),
    ("local", dt.datetime.fromisoformat("9999-12-31 23:59:59.999999")),
    ("local", dt.datetime.fromisoformat("2026-03-29 02:30:00.000001")),
    ("local", dt.datetime.fromisoformat("2026-10-25 02:30:00").replace(fold=1)),
    ("at", dt.time(2, 30, fold=1)),
    ("moment", dt.datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)),
    ("moment", dt.datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN)),
    ("moment", dt.datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN)),
    ("moment", dt.datetime(1, 1, 1, tzinfo=dt.UTC)),
    ("moment", dt.datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=dt.UTC)),
    ("moment", dt.datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=dt.UTC)),
    ("moment", dt.datetime(2038, 1, 19, 3, 14, 8, tzinfo=dt.timezone(dt.timedelta(hours=-12)))),
    ("document", []),
    ("document", ""),
    ("document", 0),
    ("document", False),
    ("document", {"": None, "a": {"b": [None, {"c": None}]}}),
    ("document", {"key 🙂": "ü\u2028\\ \" ' % ? \x7f"}),
    ("document", "\\u0000"),
    ("document", [10**30, -(10**30), 2**64]),
    ("document", [1e22, 1e23, 1.5e300, 1.7976931348623157e308, 5e-324, 1e16, 1.0, -1.5e-7]),
    ("document", "e+23"),
    ("document", nested(25)),
    ("document", list(range(5_000))),
    ("code", uuid.UUID(int=0)),
    ("code", uuid.UUID(int=2**128 - 1)),
    *(("colour", colour) for colour in ("red", "dark blue", "it's", "50%", "grün")),
]


@pytest.mark.feature(*ALL_TYPES)
@pytest.mark.parametrize(("field", "value"), EDGES, ids=[f"{field}-{ascii(value)[:24]}" for field, value in EDGES])
def test_the_ends_of_every_type_come_back(fields: Package, field: str, value: Any) -> None:
    values = given_to(fields, {**DEFAULTS, field: value})
    made = fields.Sample.create(**values)
    maybe = fields.MaybeSample.insert_many([given_to(fields, {field: value})])[0]

    assert_same(field, getattr(fields.Sample.find_or_fail(made.id), field), values[field])
    assert_same(field, getattr(fields.MaybeSample.find_or_fail(maybe.id), field), values[field])
    assert_same(field, fields.Sample.query().value(getattr(fields.Sample, field)), values[field])


@pytest.mark.feature("types.double")
def test_the_least_doubles_come_back(fields: Package) -> None:
    for value in (5e-324, 2.2250738585072009e-308, -5e-324):
        made = fields.Sample.create(**given_to(fields, {**DEFAULTS, "weight": value}))
        assert fields.Sample.find_or_fail(made.id).weight == value


@pytest.mark.feature("types.decimal")
def test_a_decimal_zero_comes_back_without_a_sign(fields: Package) -> None:
    made = fields.Sample.create(**given_to(fields, {**DEFAULTS, "price": Decimal("-0.00")}))
    assert str(fields.Sample.find_or_fail(made.id).price) == "0.000000"
    assert fields.Sample.query().where(fields.Sample.price == Decimal("-0")).exists()


@pytest.mark.feature("types.double", "types.real")
def test_zero_comes_back_without_a_sign(fields: Package) -> None:
    made = fields.Sample.create(**given_to(fields, {**DEFAULTS, "weight": -0.0, "level": -0.0}))
    found = fields.Sample.find_or_fail(made.id)
    assert (str(found.weight), str(found.level)) == ("0.0", "0.0")
    assert fields.Sample.query().where(fields.Sample.weight == -0.0, fields.Sample.level == 0.0).exists()


@pytest.mark.feature("types.timestamptz", "types.datetime", "types.time")
def test_the_second_time_that_a_clock_shows_an_hour_is_another_moment_but_the_same_reading(fields: Package) -> None:
    autumn = dt.datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN)
    reading = autumn.replace(tzinfo=None)
    values = {"moment": autumn, "local": reading, "at": reading.time()}
    found = fields.Sample.find_or_fail(fields.Sample.create(**given_to(fields, {**DEFAULTS, **values})).id)

    assert found.moment == dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)
    assert (found.local, found.local.fold) == (reading.replace(fold=0), 0)
    assert (found.at, found.at.fold) == (dt.time(2, 30), 0)


@pytest.mark.feature("types.real")
@given(st.floats(-3.4e38, 3.4e38))
@quick
def test_any_number_is_kept_as_the_nearest_of_32_bits(fields: Package, value: float) -> None:
    made = fields.Sample.create(**given_to(fields, {**DEFAULTS, "level": value}))
    assert fields.Sample.find_or_fail(made.id).level == struct.unpack("f", struct.pack("f", value))[0]
    assert fields.Sample.query().where(fields.Sample.id == made.id, fields.Sample.level == value).exists()


@pytest.mark.feature("types.nullable")
@pytest.mark.parametrize("field", KINDS)
def test_null_of_every_type(fields: Package, field: str) -> None:
    model = fields.MaybeSample
    column = getattr(model, field)
    empty = model.create()
    full = model.create(**given_to(fields, {field: DEFAULTS[field]}))

    assert getattr(model.find_or_fail(empty.id), field) is None
    assert model.query().where(column.is_null()).pluck(model.id) == [empty.id]
    assert model.query().where(column.is_not_null()).pluck(model.id) == [full.id]
    full.update(**{field: None})
    assert model.query().where(column.is_null()).count() == 2
    full.update(**given_to(fields, {field: DEFAULTS[field]}))
    assert getattr(full.refresh(), field) == given_to(fields, DEFAULTS)[field]


# --- defaults ----------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.defaults")
def test_constants_are_the_same_in_code_and_in_the_database(fields: Package, dialect: str) -> None:
    made = fields.Preset.create()
    quoted = get(dialect).quoted
    fields.db.connection().execute(f"INSERT INTO {quoted('presets')}{get(dialect).sql.empty_insert}")

    mine, theirs = fields.Preset.query().order_by(fields.Preset.id).get()

    wanted = {
        "flag": True,
        "tiny": -128,
        "small": -7,
        "number": 42,
        "big": 2**53 + 1,
        "byte": 2**8 - 1,
        "port": 2**16 - 1,
        "hits": 2**32 - 1,
        "size": 2**64 - 1,
        "price": Decimal("1.5"),
        "fee": Decimal("-0.0001"),
        "level": 0.10000000149011612,
        "weight": 0.1,
        "name": 'it\'s 100% \\ "ü"',
        "country": "ü '",
        "words": "line\nline",
        "page": 'a "page"',
        "data": b"abc",
        "digest": "ü".encode(),
        "span": -dt.timedelta(days=1, hours=2, microseconds=1),
        "day": dt.date(2026, 3, 1),
        "at": dt.time(7, 30, 0, 1),
        "local": dt.datetime.fromisoformat("2026-03-01T07:30:00.000001"),
        "moment": dt.datetime(2026, 3, 1, 2, 0, 0, 500_000, tzinfo=dt.UTC),
        "document": {"a": [1, {"b": "ü'%"}]},
        "code": uuid.UUID("12345678-1234-5678-9234-567812345678"),
        "colour": fields.Colour("it's"),
    }
    for field, value in wanted.items():
        for preset in (made, mine, theirs):
            assert getattr(preset, field) == value, field


@pytest.mark.feature("models.defaults", "types.timestamptz", "types.datetime", "types.date", "types.time")
def test_what_the_database_computes_is_in_utc_whatever_its_own_zone(fields: Package) -> None:
    """The servers of the tests keep another time on purpose."""
    before = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=2)
    made = fields.Computed.create()
    after = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2)

    assert before <= made.moment <= after
    assert before <= made.local.replace(tzinfo=dt.UTC) <= after
    assert before.date() <= made.day <= after.date()
    clock = dt.datetime.combine(made.day, made.at, tzinfo=dt.UTC)
    assert math.isclose(clock.timestamp(), made.moment.timestamp(), abs_tol=5) or abs(clock - made.moment).days == 1
    found = fields.Computed.find_or_fail(made.id)
    assert (found.moment, found.local, found.day, found.at) == (made.moment, made.local, made.day, made.at)


@pytest.mark.feature("models.insert_many", "models.defaults")
def test_rows_of_nothing_but_what_the_database_gives(fields: Package) -> None:
    made = fields.Computed.insert_many([{} for _ in range(4)])

    assert len({computed.id for computed in made}) == 4
    assert [fields.Computed.find_or_fail(computed.id).moment for computed in made] == [c.moment for c in made]


@pytest.mark.feature("writes.bulk")
def test_values_of_every_type_go_by_the_way_of_many_rows(fields: Package) -> None:
    made = fields.Preset.insert_many({} for _ in range(600))

    found = {item.id: item for item in fields.Preset.all()}
    assert len(found) == len(made) == 600
    for item in made:
        assert found[item.id].to_dict() == item.to_dict()
        assert not item.is_dirty()
