"""What type checkers see of composite types and casts."""

import datetime as dt
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from pathlib import PurePosixPath
from typing import assert_type

from isomorph import Cast, Geometry, LineString, Point, Polygon, Range

from golden_composites import Branch, Day, Shop, ShopCreate
from shop.money import Money, MoneyCast
from shop.settings import Settings


def read(row: Shop) -> None:
    assert_type(row.tags, list[str])
    assert_type(row.gaps, list[int | None] | None)
    assert_type(row.prices, list[Decimal])
    assert_type(row.days, list[Day])
    assert_type(row.files, list[bytes])
    assert_type(row.open, set[Day])
    assert_type(row.shut, set[Day] | None)
    assert_type(row.address, IPv4Address | IPv6Address)
    assert_type(row.network, IPv4Network | IPv6Network)
    assert_type(row.card, str | None)
    assert_type(row.season, Range[dt.date])
    assert_type(row.rooms, Range[int])
    assert_type(row.weights, Range[Decimal] | None)
    assert_type(row.place, Point)
    assert_type(row.way, LineString | None)
    assert_type(row.area, Polygon)
    assert_type(row.shape, Geometry | None)
    assert_type(row.motto, str)
    assert_type(row.settings, Settings)
    assert_type(row.options, Settings | None)
    assert_type(row.rent, Money)
    assert_type(row.folder, PurePosixPath | None)
    assert_type(row.code, str)
    assert_type(row.described(), str)


def write(row: Shop) -> None:
    row.tags = ["a"]
    row.gaps = [1, None]
    row.open = {Day.MONDAY}
    row.rooms = Range(1, 5)
    row.shape = Point(1, 2)
    row.rent = Money(5)
    Shop(
        tags=[],
        days=[Day.MONDAY],
        files=[b""],
        network=IPv4Network("10.0.0.0/8"),
        shift=Range(dt.datetime.now(dt.UTC)),
        area=Polygon([[(0, 0), (1, 0), (1, 1), (0, 0)]]),
        motto="",
        code="x",
        rooms=Range(empty=True),
    ).save()


def asked() -> None:
    rows = Shop.query().where(
        Shop.tags == ["a"],
        Shop.open == {Day.MONDAY},
        Shop.address < ip_address("10.0.0.9"),
        Shop.season == Range(dt.date(2026, 1, 1)),
        Shop.place.in_([Point(1, 2)]),
        Shop.rent == Money(5),
        Shop.motto.is_not_null(),
        Shop.settings.is_not_null(),
    )
    assert_type(rows.select(Shop.rent, Shop.tags).get()[0], tuple[Money, list[str]])
    assert_type(rows.max(Shop.address), IPv4Address | IPv6Address | None)
    assert_type(Branch.find(ip_address("::1")), Branch | None)


def typed(cast: Cast[Money, Decimal]) -> Money:
    assert_type(typed(MoneyCast()), Money)
    return cast.from_database(Decimal(1))


def validated(data: ShopCreate) -> None:
    assert_type(data.tags, list[str])
    assert_type(data.rooms, Range[int])
    assert_type(data.settings, Settings)
    assert_type(data.rent, Money)
