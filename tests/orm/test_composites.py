"""Composite and special field types through every dialect: what goes in comes back equal, and is compared by the database."""

import copy
import datetime as dt
import pickle
import uuid
from collections.abc import Sequence
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_interface, ip_network
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isomorph import LineString, Point, Polygon, Range
from isomorph.dialects import get
from isomorph.errors import DatabaseError, InvalidValue
from tests.support.composites import COLOURS, KINDS, RANGES, casts, given_to, whole, with_casts
from tests.support.databases import RawConnection, fetch_all
from tests.support.fields import Package

ALL_TYPES = [
    f"types.{name}" for name in ("array", "set", "network", "range", "geometry", "encrypted", "custom", "cast")
]

# --- values ----------------------------------------------------------------------------------------------------------

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
FIRST = dt.datetime.fromisoformat("0001-01-03")
LAST = dt.datetime.fromisoformat("9999-12-28")

colours = st.sampled_from(COLOURS)
# Of fixed offsets: a time that a change of the clocks repeats is equal to no other in Python (PEP 495).
offsets = st.integers(-14, 14).map(lambda hours: dt.timezone(dt.timedelta(hours=hours)))
moments = st.datetimes(FIRST, LAST, timezones=offsets)
spans = st.timedeltas(dt.timedelta(days=-100_000), dt.timedelta(days=100_000))
numbers = st.decimals(-(10**12), 10**12, places=4)
finite = st.floats(allow_nan=False, allow_infinity=False)
points = st.builds(Point, finite, finite)
lines = st.builds(LineString, st.lists(points, min_size=2, max_size=5))
polygons = st.lists(
    st.lists(points, min_size=3, max_size=4).map(lambda ring: [*ring, ring[0]]), min_size=1, max_size=3
).map(Polygon)


def lists(items: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(items, max_size=5)


def ranges(bounds: st.SearchStrategy[Any]) -> st.SearchStrategy[Range[Any]]:
    ends = st.tuples(st.none() | bounds, st.none() | bounds, st.sampled_from(["[)", "[]", "(]", "()"]))

    def made(parts: tuple[Any, Any, Any]) -> Range[Any]:
        lower, upper, sides = parts
        if lower is not None and upper is not None and upper < lower:
            lower, upper = upper, lower
        return Range(lower, upper, sides)

    return st.just(Range[Any](empty=True)) | ends.map(made)


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "flags": lists(st.booleans()),
    "numbers": lists(st.integers(-(2**31), 2**31 - 1)),
    "gaps": lists(st.none() | st.integers(-(2**63), 2**63 - 1)),
    "sizes": lists(st.integers(0, 2**64 - 1)),
    "prices": lists(st.decimals(Decimal("-9999999.999"), Decimal("9999999.999"), places=3)),
    "weights": lists(finite),
    "names": lists(texts),
    "texts": lists(texts),
    "datas": lists(st.binary(max_size=20)),
    "days": lists(st.dates()),
    "clocks": lists(st.times()),
    "locals": lists(st.datetimes()),
    "moments": lists(moments),
    "spans": lists(spans),
    "codes": lists(st.uuids()),
    "colours": lists(st.none() | colours),
    "palette": st.frozensets(colours).map(set),
    "address": st.ip_addresses(),
    "network": st.ip_addresses(v=4).flatmap(
        lambda first: st.integers(0, 32).map(lambda bits: ip_network((first, bits), strict=False))
    )
    | st.ip_addresses(v=6).flatmap(
        lambda first: st.integers(0, 128).map(lambda bits: ip_network((first, bits), strict=False))
    ),
    "card": st.binary(min_size=6, max_size=6).map(lambda octets: octets.hex(":")),
    "small_range": ranges(st.integers(-(2**31), 2**31 - 2)),
    "big_range": ranges(st.integers(-(2**63), 2**63 - 2)),
    "amounts": ranges(numbers),
    "stay": ranges(st.dates(max_value=dt.date(9999, 12, 30))),
    "shift": ranges(st.datetimes()),
    "window": ranges(moments.map(lambda moment: moment.astimezone(dt.UTC))),
    "place": points,
    "way": lines,
    "area": polygons,
    "shape": points | lines | polygons,
    "secret": texts,
}


def assert_same(field: str, found: Any, value: Any) -> None:
    assert found == value, field
    assert type(found) is type(value), field
    if isinstance(value, list):
        assert classes(found) == classes(cast("list[object]", value)), field


def classes(items: list[object]) -> list[type]:
    return [type(item) for item in items]


def _ids(cases: Sequence[tuple[str, object]]) -> list[str]:
    """Names of cases by field and position: the text of a set is not the same in every process."""
    return [f"{field}-{number}" for number, (field, _) in enumerate(cases)]


quick = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]
)

# --- there and back --------------------------------------------------------------------------------------------------


@pytest.mark.feature(*ALL_TYPES)
@given(st.fixed_dictionaries(VALUES))
@quick
def test_a_row_comes_back_as_it_went_in(composites: Package, values: dict[str, Any]) -> None:
    wanted = given_to(composites, values)
    made = composites.Sample.create(**wanted, **with_casts(composites))

    found = composites.Sample.find_or_fail(made.id)

    for field, value in wanted.items():
        assert_same(field, getattr(found, field), value)
    for field, value in with_casts(composites).items():
        assert_same(field, getattr(found, field), value)
    assert not found.is_dirty(), found.get_dirty()
    assert not made.is_dirty(), made.get_dirty()


@pytest.mark.feature("types.nullable", *ALL_TYPES)
@given(st.fixed_dictionaries({field: st.none() | strategy for field, strategy in VALUES.items()}))
@settings(quick, max_examples=30)
def test_a_row_with_nulls_comes_back_as_it_went_in(composites: Package, values: dict[str, Any]) -> None:
    given_values = {field: value for field, value in values.items() if value is not None}
    wanted = {**values, **given_to(composites, given_values)}
    made = composites.MaybeSample.create(**wanted)

    found = composites.MaybeSample.find_or_fail(made.id)

    for field, value in wanted.items():
        assert_same(field, getattr(found, field), value)
    assert not found.is_dirty()


@pytest.mark.feature("models.insert_many", "models.save", "queries.select", *ALL_TYPES)
@given(st.lists(st.fixed_dictionaries(VALUES), min_size=1, max_size=3))
@settings(quick, max_examples=15)
def test_rows_of_insert_many_updates_and_selections_come_back_as_they_went_in(
    composites: Package, rows: list[dict[str, Any]]
) -> None:
    sample = composites.Sample
    wanted = [{**given_to(composites, row), **with_casts(composites)} for row in rows]
    made = sample.insert_many(wanted)
    blank = [sample.create(**whole(composites, {})) for _ in rows]
    for object_, values in zip(blank, wanted, strict=True):
        object_.update(**values)
        sample.query().where(sample.id == object_.id).update(**values)

    ids = [object_.id for object_ in (*made, *blank)]
    for field in (*VALUES, "settings", "price", "levels", "path"):
        selected = dict(sample.query().select(sample.id, getattr(sample, field)).where(sample.id.in_(ids)).get())
        for id_, values in zip(ids, [*wanted, *wanted], strict=True):
            assert_same(field, selected[id_], values[field])


COMPARED = [field for field in VALUES if field != "secret"]


@pytest.mark.feature("queries.comparisons", "queries.in", *ALL_TYPES)
@given(st.fixed_dictionaries(VALUES))
@settings(quick, max_examples=25)
def test_a_row_is_found_by_each_of_its_values(composites: Package, values: dict[str, Any]) -> None:
    wanted = given_to(composites, values)
    made = composites.Sample.create(**wanted, **with_casts(composites))

    query = composites.Sample.query().where(composites.Sample.id == made.id)
    for field in COMPARED:
        column = getattr(composites.Sample, field)
        assert query.where(column == wanted[field]).exists(), field
        assert query.where(column.in_([wanted[field]])).exists(), field
        assert query.where(column.in_([wanted[field]] * 101)).exists(), field
        assert not query.where(column != wanted[field]).exists(), field
    for field in ("price", "levels", "path"):
        column = getattr(composites.Sample, field)
        value = with_casts(composites)[field]
        assert query.where(column == value, column.in_([value])).exists(), field
        assert not query.where(column != value).exists(), field


@pytest.mark.feature("queries.in")
def test_long_lists_of_every_type(composites: Package) -> None:
    made = composites.Sample.create(**whole(composites, {}))
    others: dict[str, list[Any]] = {
        "numbers": [[number] for number in range(150)],
        "address": [ip_address(number + 2**24) for number in range(150)] + [IPv6Address(number) for number in range(9)],
        "network": [ip_network(((number + 20) << 24, 8)) for number in range(150)],
        "card": [f"00:00:00:00:01:{number:02x}" for number in range(150)],
        "small_range": [Range(number, number + 1) for number in range(150)],
        "window": [Range(dt.datetime(2000, 1, 1, 0, 0, n % 60, tzinfo=dt.UTC), None) for n in range(150)],
        "place": [Point(number + 1, 0) for number in range(150)],
    }
    for field, values in others.items():
        column = getattr(composites.Sample, field)
        assert not composites.Sample.query().where(column.in_(values)).exists(), field
        assert composites.Sample.query().where(column.in_([*values, getattr(made, field)])).exists(), field
        assert composites.Sample.query().where(column.not_in(values)).exists(), field


ORDERED = ["address", "network", "card"]


def address_order(address: Any) -> tuple[int, int]:
    return address.version, int(address)


def network_order(network: Any) -> tuple[int, int, int]:
    return network.version, int(network.network_address), network.prefixlen


@pytest.mark.feature("queries.order_by", "queries.aggregates", "types.network")
@given(st.lists(st.fixed_dictionaries({field: VALUES[field] for field in ORDERED}), min_size=2, max_size=6))
@settings(quick, max_examples=20)
def test_networks_are_ordered_alike_everywhere(composites: Package, rows: list[dict[str, Any]]) -> None:
    sample = composites.Sample
    sample.query().delete(all_rows=True)
    sample.insert_many([whole(composites, row) for row in rows])
    keys: dict[str, Any] = {"address": address_order, "network": network_order, "card": str}

    for field in ORDERED:
        column = getattr(sample, field)
        wanted = sorted((row[field] for row in rows), key=keys[field])
        assert sample.query().order_by(column).pluck(column) == wanted, field
        assert sample.query().order_by(column.desc()).pluck(column) == wanted[::-1], field
        assert (sample.query().min(column), sample.query().max(column)) == (wanted[0], wanted[-1]), field
        less = sum(keys[field](row[field]) < keys[field](wanted[-1]) for row in rows)
        assert sample.query().where(column < wanted[-1]).count() == less, field


# --- the ends --------------------------------------------------------------------------------------------------------

EDGES: list[tuple[str, Any]] = [
    ("names", ["", "NULL", "null", '"', "\\", "{}", "a,b", " ", "'", "%s", "x" * 20, "🙂" * 20, "\n\r\t"]),
    ("names", ["\\x", '\\"', "{a,{b}}", "[1]", "é\u0301\u2028"]),
    ("texts", ["x" * 100_000]),
    ("gaps", [None]),
    ("gaps", [None, 2**63 - 1, None, -(2**63)]),
    ("sizes", [2**64 - 1]),
    ("prices", [Decimal("9999999.999"), Decimal("-0"), Decimal("1E+3"), Decimal("0.001")]),
    ("weights", [-0.0, 5e-324, 1.7976931348623157e308, 0.1, 1e22, 1e23, 1.0]),
    ("datas", [b"", b"\0", bytes(range(256)), b"\\x00"]),
    ("days", [dt.date.min, dt.date.max]),
    ("clocks", [dt.time.min, dt.time.max]),
    ("locals", [dt.datetime.fromisoformat("9999-12-31 23:59:59.999999")]),
    ("moments", [dt.datetime(1, 1, 1, tzinfo=dt.UTC), dt.datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=dt.UTC)]),
    ("spans", [dt.timedelta(0), dt.timedelta(microseconds=-1), dt.timedelta(days=40_000, microseconds=1)]),
    ("codes", [uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)]),
    ("colours", [None, "50%", "it's", None]),
    ("numbers", list(range(5_000))),
    ("palette", set(COLOURS)),
    ("address", ip_address("0.0.0.0")),
    ("address", ip_address("255.255.255.255")),
    ("address", ip_address("::")),
    ("address", ip_address("::ffff:192.168.0.1")),
    ("address", ip_address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")),
    ("address", ip_address("2001:db8::1")),
    ("network", ip_network("0.0.0.0/0")),
    ("network", ip_network("::/0")),
    ("network", ip_network("192.168.0.1/32")),
    ("network", ip_network("::1/128")),
    ("network", ip_network("::ffff:0:0/96")),
    ("card", "ff:ff:ff:ff:ff:ff"),
    *((field, Range(empty=True)) for field in RANGES),
    *((field, Range()) for field in RANGES),
    ("small_range", Range(-(2**31), 2**31 - 1)),
    ("small_range", Range(None, 0)),
    ("small_range", Range(0, 0, "[]")),
    ("big_range", Range(-(2**63), 2**63 - 1)),
    ("amounts", Range(Decimal("-1E+20"), Decimal("0.000000000000000000001"), "[]")),
    ("amounts", Range(Decimal("1.50"), Decimal("1.5"), "[]")),
    ("amounts", Range(Decimal("-0"), Decimal(100), "()")),
    ("stay", Range(dt.date.min, dt.date.max)),
    ("stay", Range(dt.date(2024, 2, 28), dt.date(2024, 2, 29), "(]")),
    ("shift", Range(FIRST, LAST, "[]")),
    ("shift", Range(dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 1), "[]")),  # noqa: DTZ001 - of no zone
    ("window", Range(dt.datetime(2026, 1, 1, tzinfo=dt.UTC), None, "(]")),
    ("place", Point(1.7976931348623157e308, -5e-324)),
    ("place", Point(-0.0, 0)),
    ("way", LineString([(0, 0), (0, 0)])),
    ("way", LineString([(n, n / 3) for n in range(1_000)])),
    ("area", Polygon([[(1, 1)] * 4])),
    ("area", Polygon([[(0, 0), (2, 2), (0, 2), (2, 0), (0, 0)], [(5, 5), (6, 5), (6, 6), (5, 5)]])),
    ("shape", LineString([(0, 0), (1, 1)])),
    ("shape", Polygon([[(0, 0), (1, 0), (1, 1), (0, 0)]])),
    ("secret", ""),
    ("secret", "ü🙂'\"%\\" * 1_000),
]


@pytest.mark.feature(*ALL_TYPES)
@pytest.mark.parametrize(("field", "value"), EDGES, ids=_ids(EDGES))
def test_the_ends_of_every_type_come_back(composites: Package, field: str, value: Any) -> None:
    values = whole(composites, {field: value})
    made = composites.Sample.create(**values)
    maybe = composites.MaybeSample.insert_many([given_to(composites, {field: value})])[0]

    assert_same(field, getattr(composites.Sample.find_or_fail(made.id), field), values[field])
    assert_same(field, getattr(composites.MaybeSample.find_or_fail(maybe.id), field), values[field])
    assert_same(field, composites.Sample.query().value(getattr(composites.Sample, field)), values[field])
    if field != "secret":
        assert composites.Sample.query().where(getattr(composites.Sample, field) == values[field]).count() == 1


@pytest.mark.feature("types.nullable", *ALL_TYPES)
@pytest.mark.parametrize("field", [*KINDS, "settings", "price", "levels", "path"])
def test_null_of_every_type(composites: Package, field: str) -> None:
    model = composites.MaybeSample
    column = getattr(model, field)
    value = whole(composites, {})[field]
    empty = model.create()
    full = model.create(**{field: value})

    assert getattr(model.find_or_fail(empty.id), field) is None
    assert model.query().where(column.is_null()).pluck(model.id) == [empty.id]
    assert model.query().where(column.is_not_null()).pluck(model.id) == [full.id]
    full.update(**{field: None})
    assert model.query().where(column.is_null()).count() == 2
    full.update(**{field: value})
    assert getattr(full.refresh(), field) == value


# --- wrong values ----------------------------------------------------------------------------------------------------

POINT = Point(0, 0)
WRONG: list[tuple[str, Any]] = [
    ("numbers", "123"),
    ("numbers", {1, 2}),
    ("numbers", [1, "2"]),
    ("numbers", [1, None]),
    ("numbers", [2**31]),
    ("numbers", [True]),
    ("names", ["x" * 21]),
    ("names", ["nul\0"]),
    ("prices", [Decimal("0.0001")]),
    ("weights", [float("nan")]),
    ("days", [FIRST]),
    ("moments", [FIRST]),
    ("codes", ["12345678-1234-5678-9234-567812345678"]),
    ("colours", ["red"]),
    ("palette", ["red"]),
    ("palette", {"red"}),
    ("address", "127.0.0.1"),
    ("address", ip_interface("10.0.0.1/8")),
    ("address", ip_address("fe80::1%eth0")),
    ("address", ip_network("10.0.0.0/8")),
    ("network", "10.0.0.0/8"),
    ("network", ip_address("10.0.0.1")),
    ("card", "00:00:00:00:00"),
    ("card", "00:00:00:00:00:0g"),
    ("card", 1),
    ("small_range", (1, 2)),
    ("small_range", Range(1, 2**31)),
    ("small_range", Range(Decimal(1), Decimal(2))),
    ("amounts", Range(1, 2)),
    ("stay", Range(dt.datetime(2026, 1, 1), None)),  # noqa: DTZ001 - wrong on purpose
    ("shift", Range(dt.datetime(2026, 1, 1, tzinfo=dt.UTC), None)),
    ("window", Range(dt.datetime(2026, 1, 1), None)),  # noqa: DTZ001 - wrong on purpose
    ("place", (1, 2)),
    ("place", LineString([(0, 0), (1, 1)])),
    ("way", POINT),
    ("area", POINT),
    ("shape", "POINT (1 2)"),
    ("secret", b"bytes"),
    ("secret", "nul\0"),
    ("settings", {"theme": "dark"}),
    ("price", Decimal(1)),
    ("levels", [1]),
    ("path", 3),
]


@pytest.mark.feature("bad_input.wrong_type", *ALL_TYPES)
@pytest.mark.parametrize(("field", "value"), WRONG, ids=_ids(WRONG))
def test_a_wrong_value_is_refused_with_the_field_and_without_the_value(
    composites: Package, field: str, value: Any
) -> None:
    model = composites.Sample
    with pytest.raises(InvalidValue, match=rf"^Sample\.{field}: expected ") as raised:
        model.create(**{**whole(composites, {}), field: value})
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None
    assert model.query().count() == 0
    if field not in ("secret", "settings"):
        column = getattr(model, field)
        if field not in ("names", "prices"):  # what is compared may be longer and finer
            with pytest.raises(InvalidValue, match=rf"^Sample\.{field}: expected "):
                _ = column == value


# --- editing in place ------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.dirty", "models.save", "types.array", "types.set", "types.cast")
def test_edits_in_place_are_seen_by_save(composites: Package) -> None:
    made = composites.Sample.create(**whole(composites, {"numbers": [1, 2], "palette": {"red"}}))
    for subject in (made, composites.Sample.find_or_fail(made.id)):
        subject.numbers.append(3)
        subject.palette.add(composites.Colour("50%"))
        subject.settings.nested.accents.append("blue")
        subject.levels.values.append(9)

        assert set(subject.get_dirty()) == {"numbers", "palette", "settings", "levels"}
        assert subject.get_original("numbers") == subject.numbers[:-1]
        assert subject.get_original("levels").values == subject.levels.values[:-1]
        subject.save()
        assert not subject.is_dirty()
        found = composites.Sample.find_or_fail(made.id)
        assert found.numbers == subject.numbers
        assert found.palette == subject.palette
        assert found.settings == subject.settings
        assert found.levels == subject.levels
        subject.palette.clear()
        subject.save()


@pytest.mark.feature("models.dirty", "types.array", "types.set", "types.cast")
def test_changes_are_discarded_without_sharing_lists(composites: Package) -> None:
    made = composites.Sample.create(**whole(composites, {"numbers": [1, 2]}))
    made.numbers.append(3)
    made.palette = {composites.Colour("red")}
    made.price = casts(composites).Money(7)

    made.discard_changes()

    assert (made.numbers, made.palette, made.price) == ([1, 2], set(), casts(composites).Money(100))
    assert not made.is_dirty()
    made.numbers.append(4)
    assert made.get_original("numbers") == [1, 2]
    other = made.replicate()
    other.numbers.append(5)
    assert made.numbers == [1, 2, 4]


@pytest.mark.feature("models.dirty", "types.array", "types.set", "types.cast")
def test_an_equal_item_of_another_class_is_a_change(composites: Package) -> None:
    made = composites.Sample.create(**whole(composites, {"flags": [True], "numbers": [1]}))
    made.numbers = [True]
    assert made.is_dirty("numbers")
    with pytest.raises(InvalidValue):
        made.save()


@pytest.mark.feature("models.equality", *ALL_TYPES)
def test_objects_are_copied_and_pickled_with_all_their_values(composites: Package) -> None:
    values = whole(composites, {"numbers": [1], "palette": {"red"}, "small_range": Range(1, 5)})
    made = composites.Sample.create(**values)
    for twin in (pickle.loads(pickle.dumps(made)), copy.deepcopy(made)):
        assert twin == made
        assert twin.to_dict() == made.to_dict()
        twin.numbers.append(2)
        assert twin.is_dirty("numbers")
        assert made.numbers == [1]


# --- defaults --------------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.defaults", *ALL_TYPES)
def test_constants_are_the_same_in_code_and_in_the_database(composites: Package, dialect: str) -> None:
    made = composites.Preset.create()
    quoted = get(dialect).quoted
    composites.db.connection().execute(f"INSERT INTO {quoted('presets')}{get(dialect).sql.empty_insert}")

    mine, theirs = composites.Preset.query().order_by(composites.Preset.id).get()

    colour, app = composites.Colour, casts(composites)
    wanted: dict[str, Any] = {
        "flags": [True, False],
        "names": ['it\'s 100% \\ "ü"', "", "{a,b}", "NULL"],
        "prices": [Decimal("1.500"), Decimal(2)],
        "days": [dt.date(2026, 3, 1)],
        "moments": [dt.datetime(2026, 3, 1, 2, 0, 0, 500_000, tzinfo=dt.UTC)],
        "datas": [b"abc"],
        "codes": [uuid.UUID("12345678-1234-5678-9234-567812345678")],
        "spans": [dt.timedelta(days=1, hours=2)],
        "colours": [colour("it's"), colour("red")],
        "nothing": [],
        "palette": {colour("red"), colour("50%")},
        "blank": set(),
        "address": IPv6Address("2001:db8::1"),
        "network": ip_network("10.0.0.0/8"),
        "card": "08:00:2b:01:02:03",
        "small_range": Range(1, 5),
        "amounts": Range(None, Decimal("1.5")),
        "stay": Range(dt.date(2026, 3, 1), dt.date(2026, 3, 2)),
        "window": Range(dt.datetime(2026, 3, 1, 2, tzinfo=dt.UTC), None),
        "void": Range(empty=True),
        "place": Point(13.4, -52.5),
        "way": LineString([(0, 0), (1, 2.5)]),
        "area": Polygon([[(0, 0), (4, 0), (4, 4), (0, 0)]]),
        "shape": Point(1, 2),
        "settings": app.Settings(theme="dark"),
        "price": app.Money(125),
    }
    for field, value in wanted.items():
        for preset in (made, mine, theirs):
            assert_same(field, getattr(preset, field), value)
    assert not mine.is_dirty()
    assert not theirs.is_dirty()
    assert composites.Preset.query().where(composites.Preset.palette == wanted["palette"]).count() == 2


@pytest.mark.feature("models.defaults")
def test_objects_share_no_default(composites: Package) -> None:
    first, second = composites.Preset(), composites.Preset()
    first.names.clear()
    first.palette.clear()
    assert second.names
    assert second.palette


# --- what tables refuse ----------------------------------------------------------------------------------------------


@pytest.mark.feature("types.network", "models.find")
def test_networks_are_keys_uniques_and_indexes(composites: Package) -> None:
    addressed = composites.Addressed
    made = addressed.create(address=IPv4Address("10.0.0.1"), card="AA-BB-CC-DD-EE-FF", network=ip_network("10.0.0.0/8"))

    assert addressed.find(IPv4Address("10.0.0.1")) == made
    assert list(addressed.find_many([IPv4Address("10.0.0.1"), IPv6Address(1)])) == [made]
    assert addressed.query().where(addressed.card == "aabb.ccdd.eeff").first() == made
    assert made.refresh().card == "aa:bb:cc:dd:ee:ff"
    assert addressed.query().where(addressed.address.between(ip_address("10.0.0.0"), ip_address("10.0.0.9"))).exists()


NONSENSE = {
    "numbers": "[1",
    "address": "10.0.0.1x",
    "network": "nonsense",
    "card": "nonsense",
    "small_range": "[1,2",
}


@pytest.mark.feature("types.array", "types.network", "types.range")
@pytest.mark.parametrize("field", NONSENSE)
def test_the_table_refuses_what_other_programs_write_wrong(
    composites: Package, composites_tables: Any, dialect: str, field: str
) -> None:
    made = composites.Sample.create(**whole(composites, {}))
    quoted = get(dialect).quoted
    place = get(dialect).placeholder
    with pytest.raises(DatabaseError):
        composites.db.connection().execute(
            f"UPDATE {quoted('samples')} SET {quoted(field)} = {place}", (NONSENSE[field],)
        )
    assert composites.Sample.find_or_fail(made.id) == made


@pytest.mark.feature("types.geometry")
def test_the_table_refuses_shapes_of_another_kind(composites: Package, dialect: str) -> None:
    composites.Sample.create(**whole(composites, {}))
    quoted = get(dialect).quoted
    with pytest.raises(DatabaseError):
        composites.db.connection().execute(f"UPDATE {quoted('samples')} SET {quoted('place')} = {quoted('way')}")


# --- encryption ------------------------------------------------------------------------------------------------------


@pytest.mark.feature("types.encrypted")
def test_encrypted_text_is_not_in_the_database(composites: Package, composites_tables: Any) -> None:
    made = composites.Sample.create(**whole(composites, {"secret": "attack at dawn"}))
    twin = composites.Sample.create(**whole(composites, {"secret": "attack at dawn"}))

    (first,), (second,) = composites.db.execute("SELECT secret FROM samples ORDER BY id")

    assert "attack" not in first
    assert first != second
    assert made.secret == twin.secret
    assert "attack" not in repr(made)
    assert made.to_dict()["secret"] == "attack at dawn"


# --- other programs --------------------------------------------------------------------------------------------------


@pytest.mark.feature("types.array", "types.set", "types.range")
def test_values_of_other_programs_are_read(composites: Package, dialect: str) -> None:
    """In spellings of their own: other spaces, another order, other bounds."""
    composites.Sample.create(**whole(composites, {}))
    spelled = {
        "sqlite": {
            "numbers": "[ 1, 2 ]",
            "palette": '["50%", "red"]',
            "small_range": '{"lower": 1, "upper": 4, "bounds": "[]"}',
        },
        "postgresql": {"numbers": "{1, 2}", "palette": "{50%,red}", "small_range": "[1,4]"},
        "mysql": {
            "numbers": "[ 1, 2 ]",
            "palette": "50%,red",
            "small_range": '{"lower": 1, "upper": 4, "bounds": "[]"}',
        },
    }[dialect]
    quoted, place = get(dialect).quoted, get(dialect).placeholder
    for field, text in spelled.items():
        composites.db.connection().execute(f"UPDATE {quoted('samples')} SET {quoted(field)} = {place}", (text,))

    found = composites.Sample.query().first_or_fail()

    assert found.numbers == [1, 2]
    assert found.palette == {composites.Colour("50%"), composites.Colour("red")}
    assert found.small_range == Range(1, 5)
    assert not found.is_dirty()


# --- of PostgreSQL alone ---------------------------------------------------------------------------------------------


@pytest.mark.requires("tsvector")
@pytest.mark.feature("types.tsvector")
def test_words_are_written_and_read_as_text(words: Package, raw_connection: RawConnection) -> None:
    made = words.Page.create(title="Cats", words="'cat':1 'fat':2")
    found = words.Page.find_or_fail(made.id)

    assert (found.words, found.more) == ("'cat':1 'fat':2", None)
    found.update(more="a fat cat")
    assert found.refresh().more == "'a' 'cat' 'fat'"
    rows = fetch_all(raw_connection, "SELECT id FROM pages WHERE words @@ to_tsquery('simple', 'fat')")
    assert rows == [(made.id,)]
    assert words.Page.query().where(words.Page.more.is_not_null()).exists()


@pytest.mark.feature("writes.bulk")
def test_values_of_every_type_go_by_the_way_of_many_rows(composites: Package) -> None:
    made = composites.Preset.insert_many({} for _ in range(600))

    found = {item.id: item for item in composites.Preset.all()}
    assert len(found) == len(made) == 600
    for item in made:
        assert found[item.id].to_dict() == item.to_dict()
        assert not item.is_dirty()
