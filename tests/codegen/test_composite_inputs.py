"""Inputs of composite types: what clients send as JSON, what is refused, and that it fills an object."""

import datetime as dt
import json
from decimal import Decimal
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from pydantic import ValidationError

from isomorph import Point, Range
from tests.codegen.projects import golden_package

pytestmark = pytest.mark.feature("models.inputs")

SENT: dict[str, Any] = {
    "tags": ["a", "b"],
    "network": "10.0.0.0/8",
    "area": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
    "motto": "be kind",
}


@pytest.fixture
def shops() -> Any:
    return golden_package("composites")


def test_json_becomes_values(shops: Any) -> None:
    data = shops.ShopCreate.model_validate_json(
        json.dumps(
            {
                **SENT,
                "prices": ["1.50", 2],
                "open": ["monday"],
                "address": "::1",
                "card": "AA-BB-CC-DD-EE-FF",
                "season": {"lower": "2026-01-01"},
                "place": {"type": "Point", "coordinates": [1, 2]},
                "rent": {"cents": 5},
                "settings": {"theme": "x"},
            }
        )
    )
    assert data.tags == ["a", "b"]
    assert data.prices == [Decimal("1.50"), Decimal(2)]
    assert data.open == {shops.Day.MONDAY}
    assert (data.address, data.network) == (ip_address("::1"), ip_network("10.0.0.0/8"))
    assert data.card == "aa:bb:cc:dd:ee:ff"
    assert data.season == Range(dt.date(2026, 1, 1))
    assert data.place == Point(1, 2)
    assert data.rent.cents == 5
    assert data.settings.theme == "x"
    assert json.loads(data.model_dump_json(exclude_unset=True))["season"]["lower"] == "2026-01-01"


def test_defaults_are_those_of_the_schema_and_not_shared(shops: Any) -> None:
    first, second = (shops.ShopCreate.model_validate(SENT) for _ in range(2))
    assert first.prices == [Decimal("1.5"), Decimal(2)]
    assert first.open == {shops.Day.DON_T, shops.Day.MONDAY}
    assert first.season == Range(dt.date(2026, 5, 1), dt.date(2026, 10, 1))
    assert first.rooms == Range(empty=True)
    first.prices.clear()
    first.open.clear()
    assert second.prices
    assert second.open
    assert "settings" not in first.model_dump(exclude_unset=True)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tags", ["x" * 21]),
        ("tags", ["nul\0"]),
        ("tags", "a"),
        ("prices", ["1.234"]),
        ("open", ["sunday"]),
        ("address", "10.0.0.1/8"),
        ("address", "fe80::1%eth0"),
        ("network", "10.0.0.1/8"),
        ("card", "nonsense"),
        ("season", {"lower": "2026-02-01", "upper": "2026-01-01"}),
        ("rooms", {"lower": 2**31}),
        ("place", {"type": "Point", "coordinates": [1]}),
        ("motto", "nul\0"),
        ("settings", {"theme": 1}),
        ("rent", {"pounds": 1}),
    ],
)
def test_what_a_column_cannot_hold_is_refused_at_the_boundary(shops: Any, field: str, value: Any) -> None:
    with pytest.raises(ValidationError) as raised:
        shops.ShopCreate.model_validate({**SENT, field: value})
    assert {error["loc"][0] for error in raised.value.errors()} == {field}


def test_reading_an_object_gives_json(shops: Any) -> None:
    shop = shops.Shop(
        tags=["a"],
        days=[shops.Day.MONDAY],
        files=[b"\0"],
        network=ip_network("10.0.0.0/8"),
        shift=Range(dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
        area=shops.ShopCreate.model_validate(SENT).area,
        motto="be kind",
        code="x",
        id=1,
    )
    read = shops.ShopRead.model_validate(shop)
    found = json.loads(read.model_dump_json())
    assert found["files"] == ["AA=="]
    assert found["shift"] == {"lower": "2026-01-01T00:00:00Z", "upper": None, "bounds": "[)"}
    assert found["place"] == {"type": "Point", "coordinates": [13.4, 52.5]}
    assert found["settings"] == {"theme": "dark"}
    assert found["rent"] == {"cents": 999}
    assert shops.ShopRead.model_validate_json(read.model_dump_json()) == read
    assert shops.ShopCreate.model_json_schema()["properties"]["tags"]["items"]["maxLength"] == 20
