"""Arrays, sets, ranges, networks, documents of a class in queries: what every database finds is what Python finds."""

import datetime as dt
import itertools
import random
import uuid
from collections.abc import Callable, Sequence
from decimal import Decimal
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from isomorph import Range
from isomorph import functions as f
from isomorph.errors import InvalidQuery, InvalidValue, NotSupported
from tests.support.composites import casts
from tests.support.computing import Cases, Row, check_all, naive
from tests.support.fields import Package


def fill(package: Package, field: str, values: Sequence[object]) -> list[Row]:
    """A row for each value of a field, and one of NULL."""
    package.MaybeSample.insert_many({field: value} for value in values)
    package.MaybeSample.create()
    return [Row({field: value}) for value in values] + [Row({field: None})]


def indexes(package: Package, predicate: Any) -> list[int]:
    m = package.MaybeSample
    ids = m.query().order_by(m.id).pluck(m.id)
    found = set(m.query().where(predicate).pluck(m.id))
    return [number for number, id_ in enumerate(ids) if id_ in found]


def agree(package: Package, values: Sequence[Any], predicate: Any, holds: Callable[[Any], bool]) -> None:
    """A condition is true of the values that Python says, its opposite of the others, and neither of NULL."""
    expected = [number for number, value in enumerate(values) if holds(value)]
    assert indexes(package, predicate) == expected
    assert indexes(package, ~predicate) == [number for number in range(len(values)) if number not in expected]


untyped: Any = f

# --- arrays --------------------------------------------------------------------------------------------------------------

NOON = naive(2026, 3, 1, 12, 0, 0, 5)
POOLS: dict[str, list[Any]] = {
    "flags": [True, False],
    "numbers": [1, 2, 3, -7, 2**31 - 1],
    "gaps": [1, 2, None, 2**53],
    "sizes": [0, 7, 2**64 - 1],
    "prices": [Decimal("1.5"), Decimal("1.500"), Decimal("-0.001"), Decimal(0)],
    "weights": [0.1, 1.0, -2.5, 1e300],
    "names": ["a", "A", "", "a ", "ü\"',{}\\", "NULL", "null"],
    "datas": [b"", b"\x00\xff", b"abc"],
    "days": [dt.date(2026, 3, 1), dt.date(1, 1, 3)],
    "clocks": [dt.time(7, 30), dt.time(7, 30, 0, 1)],
    "locals": [NOON, NOON.replace(microsecond=0)],
    "moments": [NOON.replace(tzinfo=dt.UTC), NOON.replace(tzinfo=dt.timezone(dt.timedelta(hours=5)))],
    "spans": [dt.timedelta(1), dt.timedelta(hours=-1, microseconds=3)],
    "codes": [uuid.UUID(int=7), uuid.UUID(int=2**127)],
}


def arrays(field: str) -> list[list[Any]]:
    chance = random.Random(field)
    return [
        [],
        *([item] for item in POOLS[field]),
        *(chance.choices(POOLS[field], k=chance.randint(1, 4)) for _ in range(12)),
    ]


@pytest.mark.feature("queries.arrays")
@pytest.mark.parametrize("field", POOLS)
def test_arrays_are_searched_for_items(composites: Package, field: str) -> None:
    column, values = getattr(composites.MaybeSample, field), arrays(field)
    fill(composites, field, values)
    known = [item for item in POOLS[field] if item is not None]

    agree(composites, values, column.is_empty(), lambda v: v == [])
    for item in known:
        agree(composites, values, column.contains(item), lambda value, item=item: item in value)  # type: ignore[misc]
    for some in ([], known[:1], known[:2], known[1:], known):
        agree(composites, values, column.contains_all(some), lambda v, some=some: all(i in v for i in some))  # type: ignore[misc]
        agree(composites, values, column.contained_by(some), lambda v, some=some: all(i in some for i in v))  # type: ignore[misc]
        agree(composites, values, column.overlaps(some), lambda v, some=some: any(i in v for i in some))  # type: ignore[misc]


@pytest.mark.feature("queries.arrays")
@pytest.mark.parametrize("field", [*POOLS, "colours"])
def test_arrays_give_their_items_and_length(composites: Package, field: str) -> None:
    column = getattr(composites.MaybeSample, field)
    values = arrays(field) if field in POOLS else [[], [composites.Colour("it's")], [composites.Colour("grün"), None]]
    rows = fill(composites, field, values)

    def item(place: int) -> Callable[[Any], object]:
        return lambda r: getattr(r, field)[place] if -len(getattr(r, field)) <= place < len(getattr(r, field)) else None

    cases: Cases = {f"{place}": (column.item(place), item(place)) for place in (0, 1, 3, 9, -1, -2, -9)}
    cases["length"] = (column.length(), lambda r: len(getattr(r, field)))
    added = next(item for item in (POOLS.get(field) or [composites.Colour("red")]) if item is not None)
    cases["append"] = (column.append(added), lambda r: [*getattr(r, field), added])
    cases["append twice"] = (column.append(added).append(added).length(), lambda r: len(getattr(r, field)) + 2)
    check_all(composites, rows, cases)


@pytest.mark.feature("queries.arrays")
def test_what_is_appended_is_stored_as_if_it_had_always_been_there(composites: Package) -> None:
    m = composites.MaybeSample
    m.create(names=["a"], numbers=[])

    m.query().where(m.names == ["a"]).update_with(m.names.to(m.names.append('b"')), m.numbers.to(m.numbers.append(7)))
    assert m.query().where(m.names == ["a", 'b"'], m.numbers == [7]).count() == 1
    assert m.query().where(m.names.append("c") == ["a", 'b"', "c"]).count() == 1
    assert m.query().where(m.names.item(1) == 'b"', m.names.item(0) != "A").count() == 1


@pytest.mark.feature("queries.arrays", "queries.any_all")
@pytest.mark.parametrize("field", [field for field in POOLS if field not in {"flags", "datas", "moments"}])
def test_values_are_compared_with_any_and_all_items(composites: Package, field: str) -> None:
    m = composites.MaybeSample
    column, values = getattr(m, field), [value for value in arrays(field) if None not in value]
    fill(composites, field, values)

    for item in [item for item in POOLS[field] if item is not None][:2]:
        given: Any = untyped.literal(item)
        agree(composites, values, given == f.any_(column), lambda v, item=item: item in v)  # type: ignore[misc]
        agree(composites, values, given != f.all_(column), lambda v, item=item: item not in v)  # type: ignore[misc]
        if field != "names":  # which PostgreSQL sorts as its database was told to
            agree(composites, values, given > f.any_(column), lambda v, item=item: any(item > i for i in v))  # type: ignore[misc]
            agree(composites, values, given <= f.all_(column), lambda v, item=item: all(item <= i for i in v))  # type: ignore[misc]


@pytest.mark.feature("queries.any_all")
def test_null_among_the_items_leaves_it_open(composites: Package) -> None:
    m = composites.MaybeSample
    fill(composites, "gaps", [[1, None], [2, None], [None], []])

    assert indexes(composites, f.literal(1) == f.any_(m.gaps)) == [0]
    assert indexes(composites, ~(f.literal(1) == f.any_(m.gaps))) == [3]
    assert indexes(composites, f.literal(1) < f.all_(m.gaps)) == [3]


# --- sets ----------------------------------------------------------------------------------------------------------------


def palettes(package: Package) -> list[set[Any]]:
    """All sets of colours."""
    colours = list(package.Colour)
    return [set(some) for size in range(len(colours) + 1) for some in itertools.combinations(colours, size)]


@pytest.mark.feature("queries.sets")
def test_sets_are_searched_for_members(composites: Package) -> None:
    column, values = composites.MaybeSample.palette, palettes(composites)
    rows = fill(composites, "palette", values)

    agree(composites, values, column.is_empty(), lambda v: not v)
    for colour in composites.Colour:
        agree(composites, values, column.contains(colour), lambda v, colour=colour: colour in v)  # type: ignore[misc]
    for some in values:
        asked = list(some) * 2  # a repeated member is one
        agree(composites, values, column.contains_all(asked), lambda v, some=some: v >= some)  # type: ignore[misc]
        agree(composites, values, column.contained_by(some), lambda v, some=some: v <= some)  # type: ignore[misc]
        agree(composites, values, column.overlaps(iter(some)), lambda v, some=some: bool(v & some))  # type: ignore[misc]
    check_all(composites, rows, {"length": (column.length(), lambda r: len(r.palette))})


@pytest.mark.feature("queries.sets")
def test_sets_of_aliases_and_of_selections_are_searched_too(composites: Package) -> None:
    m, red = composites.MaybeSample, composites.Colour("red")
    fill(composites, "palette", [{red}, {composites.Colour("it's"), red}, {composites.Colour("50%")}])

    twin = m.alias("twin")
    found = m.query().join(twin, on=twin.id == m.id).where(twin.palette.contains(red))
    assert found.order_by(twin.palette.length().desc()).pluck(twin.palette.length()) == [2, 1]
    # Where selections are united, a database may make text of their sets.
    united = m.query().union(m.query(), all_rows=True).cte("united")
    with_red = united.query().where(united.palette.contains(red)).order_by(united.id)
    assert with_red.pluck(united.palette.length()) == [1, 1, 2, 2]


@pytest.mark.feature("queries.sets")
def test_the_members_of_a_set_are_told_apart_by_all_their_letters(composites: Package) -> None:
    m = composites.MaybeSample
    m.create(palette={composites.Colour("dark blue")})

    assert [colour for colour in composites.Colour if m.query().where(m.palette.contains(colour)).exists()] == [
        composites.Colour("dark blue")
    ]
    assert m.query().where(~m.palette.overlaps(set(composites.Colour) - {composites.Colour("dark blue")})).count() == 1


# --- ranges --------------------------------------------------------------------------------------------------------------

DAY = dt.date(2026, 3, 1)
BOUNDS: dict[str, list[Any]] = {
    "small_range": [1, 2, 3, 7],
    "big_range": [-(2**60), 2, 3, 2**60],
    "amounts": [Decimal("-1.5"), Decimal(2), Decimal("2.25"), Decimal(10)],
    "stay": [DAY, DAY + dt.timedelta(1), DAY + dt.timedelta(9)],
    "shift": [NOON, NOON + dt.timedelta(microseconds=1), NOON + dt.timedelta(9)],
    "window": [moment.replace(tzinfo=dt.UTC) for moment in (NOON, NOON + dt.timedelta(1), NOON + dt.timedelta(9))],
}


def ranges(field: str) -> list[Range[Any]]:
    ends = [None, *BOUNDS[field]]
    made: list[Range[Any]] = [Range(empty=True)]
    for lower in ends:
        for upper in ends:
            if lower is None or upper is None or lower <= upper:
                made += [
                    Range(lower, upper, "[)"),
                    Range(lower, upper, "[]"),
                    Range(lower, upper, "(]"),
                    Range(lower, upper, "()"),
                ]
    chance = random.Random(field)
    return [*chance.sample(list(dict.fromkeys(made)), min(len(set(made)), 24)), Range(empty=True)]


def below(one: Range[Any], other: Range[Any]) -> bool:
    """Whether one ends before the other begins, or just where it begins."""
    if one.upper is None or other.lower is None:
        return False
    return bool(one.upper < other.lower or (one.upper == other.lower and not (one.upper_inc and other.lower_inc)))


def overlap(one: Range[Any], other: Range[Any]) -> bool:
    return not (one.is_empty or other.is_empty or below(one, other) or below(other, one))


def touch(one: Range[Any], other: Range[Any]) -> bool:
    if one.is_empty or other.is_empty:
        return False
    return any(
        left.upper is not None and left.upper == right.lower and left.upper_inc != right.lower_inc
        for left, right in ((one, other), (other, one))
    )


def holds(one: Range[Any], other: Range[Any]) -> bool:
    if other.is_empty:
        return True
    if one.is_empty:
        return False
    begins = one.lower is None or (
        other.lower is not None
        and (one.lower < other.lower or (one.lower == other.lower and (one.lower_inc or not other.lower_inc)))
    )
    ends = one.upper is None or (
        other.upper is not None
        and (one.upper > other.upper or (one.upper == other.upper and (one.upper_inc or not other.upper_inc)))
    )
    return bool(begins and ends)


@pytest.mark.feature("queries.ranges")
@pytest.mark.parametrize("field", BOUNDS)
def test_ranges_are_asked_what_lies_in_them(composites: Package, field: str) -> None:
    column, values = getattr(composites.MaybeSample, field), ranges(field)
    rows = fill(composites, field, values)

    for bound in BOUNDS[field]:
        agree(composites, values, column.contains(bound), lambda value, bound=bound: bound in value)  # type: ignore[misc]
    agree(composites, values, column.is_empty(), lambda value: value.is_empty)
    for other in [*random.Random(3).sample(values, 8), Range[Any](empty=True), Range[Any]()]:
        agree(composites, values, column.contains_range(other), lambda v, other=other: holds(v, other))  # type: ignore[misc]
        agree(composites, values, column.contained_by(other), lambda v, other=other: holds(other, v))  # type: ignore[misc]
        agree(composites, values, column.overlaps(other), lambda v, other=other: overlap(v, other))  # type: ignore[misc]
        agree(composites, values, column.adjacent(other), lambda v, other=other: touch(v, other))  # type: ignore[misc]
    cases: Cases = {
        "lower": (column.lower(), lambda r: getattr(r, field).lower),
        "upper": (column.upper(), lambda r: getattr(r, field).upper),
    }
    check_all(composites, rows, cases)


@pytest.mark.feature("queries.ranges")
def test_ranges_of_two_columns_are_compared_where_there_are_ranges(composites: Package, dialect: str) -> None:
    m = composites.MaybeSample
    m.create(big_range=Range(1, 5), numbers=[3], small_range=Range(1, 2))

    assert m.query().where(m.big_range.contains(m.numbers.item(0))).count() == 1
    query = m.query().where(m.big_range.overlaps(m.big_range))
    if dialect == "postgresql":
        assert query.count() == 1
    else:
        with pytest.raises(
            NotSupported, match=rf"{dialect} has no overlaps\(\) of two ranges \(pass a Range, or compare"
        ):
            query.count()


# --- networks ------------------------------------------------------------------------------------------------------------

ADDRESSES = [
    ip_address(text)
    for text in (
        "10.0.0.1",
        "10.0.0.255",
        "10.1.0.0",
        "192.168.0.1",
        "255.255.255.255",
        "::1",
        "2001:db8::1",
        "2001:db8:1::",
    )
]
NETWORKS = [
    ip_network(text)
    for text in (
        "0.0.0.0/0",
        "10.0.0.0/8",
        "10.0.0.0/24",
        "10.0.0.1/32",
        "10.1.0.0/16",
        "192.168.0.0/24",
        "::/0",
        "2001:db8::/32",
        "2001:db8::/64",
        "::1/128",
    )
]


@pytest.mark.feature("queries.networks")
def test_addresses_lie_in_networks(composites: Package) -> None:
    m = composites.MaybeSample
    fill(composites, "address", ADDRESSES)

    for network in NETWORKS:
        agree(composites, ADDRESSES, m.address.within(network), lambda a, network=network: a in network)  # type: ignore[misc]


@pytest.mark.feature("queries.networks")
def test_networks_lie_in_networks(composites: Package) -> None:
    m = composites.MaybeSample
    fill(composites, "network", NETWORKS)

    def inside(one: Any, other: Any) -> bool:
        return bool(one.version == other.version and one.subnet_of(other))

    for network in NETWORKS:
        agree(composites, NETWORKS, m.network.within(network), lambda n, network=network: inside(n, network))  # type: ignore[misc]
        agree(composites, NETWORKS, m.network.contains(network), lambda n, network=network: inside(network, n))  # type: ignore[misc]
        agree(
            composites, NETWORKS, m.network.overlaps(network),
            lambda n, network=network: inside(network, n) or inside(n, network),  # type: ignore[misc]
        )  # fmt: skip
    for address in ADDRESSES:
        agree(composites, NETWORKS, m.network.contains(address), lambda n, address=address: address in n)  # type: ignore[misc]


@pytest.mark.feature("queries.networks")
def test_networks_of_columns_are_asked_about_where_there_are_networks(composites: Package, dialect: str) -> None:
    m = composites.MaybeSample
    m.create(address=ip_address("10.0.0.1"), network=ip_network("10.0.0.0/8"))

    for predicate in (m.address.within(m.network), m.network.contains(m.address), m.network.overlaps(m.network)):
        if dialect == "postgresql":
            assert m.query().where(predicate).count() == 1
        else:
            with pytest.raises(NotSupported, match=f"{dialect} has no question about networks of two columns"):
                m.query().where(predicate).count()


# --- documents of a class ------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.json_paths", "types.cast")
def test_a_document_of_a_class_is_asked_as_the_json_that_it_is_stored_as(composites: Package) -> None:
    m = composites.MaybeSample
    m.create(settings=casts(composites).Settings(theme="dark"))
    m.create()
    stored: dict[str, Any] = {"theme": "dark", "perPage": 20, "nested": {"dark": False, "accents": []}}

    assert m.query().order_by(m.id).pluck(m.settings["theme"].as_str()) == ["dark", None]
    assert m.query().where(m.settings == stored, m.settings["nested"].contains({"dark": False})).count() == 1
    m.query().where(m.settings.exists()).update_with(m.settings.to(m.settings["theme"].set("light")))
    assert m.query().order_by(m.id).value(m.settings).theme == "light"
    with pytest.raises(InvalidValue, match=r"MaybeSample.settings: expected a JSON value .*, got Settings"):
        m.query().where(m.settings == casts(composites).Settings())


# --- what has no meaning -----------------------------------------------------------------------------------------------------

WRONG: list[tuple[Callable[[Any], Any], type[Exception], str]] = [
    (lambda m: m.numbers.contains("1"), InvalidValue, "MaybeSample.numbers: expected a list, each item an int"),
    (lambda m: m.numbers.contains_all("12"), InvalidValue, "MaybeSample.numbers: expected a list of items, got str"),
    (lambda m: m.numbers.overlaps(3), InvalidValue, "expected a list of items, got int"),
    (lambda m: m.gaps.contains(None), InvalidQuery, "None among the items that are looked for"),
    (lambda m: m.numbers.append(None), InvalidValue, "expected a list without None"),
    (lambda m: m.numbers.append(2**31), InvalidValue, "each item an int of 32 bits"),
    (lambda m: m.numbers.item("0"), InvalidValue, "expected a place in an array, an int, got str"),
    (lambda m: m.palette.contains("red"), InvalidValue, "MaybeSample.palette: expected a Colour, got str"),
    (lambda m: m.palette.contains([]), InvalidValue, "MaybeSample.palette: expected a Colour, got list"),
    (lambda m: m.palette.contains_all("red"), InvalidValue, "MaybeSample.palette: expected a list of items, got str"),
    (lambda m: m.palette.overlaps(None), InvalidValue, "expected a list of items, got NoneType"),
    (lambda m: m.palette.contained_by([None]), InvalidQuery, "None among the items that are looked for"),
    (lambda m: f.any_(m.card), InvalidValue, r"any_\(\): expected a selection of one column, or an array"),
    (lambda m: m.small_range.contains("1"), InvalidValue, "MaybeSample.small_range: expected an int, got str"),
    (lambda m: m.small_range.contains(None), InvalidQuery, "None lies in no range"),
    (lambda m: m.small_range.overlaps((1, 2)), InvalidValue, "MaybeSample.small_range: expected a"),
    (lambda m: m.small_range.overlaps(None), InvalidValue, "expected a Range, got None"),
    (lambda m: m.small_range.overlaps(m.stay), InvalidValue, "expected an expression of the type int4range"),
    (
        lambda m: m.address.within("10.0.0.0/8"),
        InvalidValue,
        "MaybeSample.address: expected an IPv4Network or IPv6Network, got str",
    ),
    (lambda m: m.network.contains("10.0.0.1"), InvalidValue, "expected an IPv4Network or IPv6Network, got str"),
    (lambda m: m.network.within(None), InvalidValue, "expected an IPv4Network or IPv6Network, got None"),
    (lambda m: m.network.within(m.address), InvalidValue, "expected an expression of the type cidr"),
]


@pytest.mark.feature("queries.typing")
@pytest.mark.parametrize(("make", "error", "message"), WRONG)
def test_what_is_no_item_range_or_network_is_refused(
    composites_package: Package, make: Callable[[Any], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make(composites_package.MaybeSample)
