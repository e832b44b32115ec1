"""What generated inputs stand on: pydantic types that take what columns hold.

Used by the `inputs` folder of a generated package only, so that pydantic is imported by those who validate.
"""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    Field,
    JsonValue,
    NaiveDatetime,
    StringConstraints,
)

from isomorph.catalog import INTEGERS, INTERVAL_MICROSECONDS, MEDIUMTEXT_BYTES, Kind
from isomorph.orm.keywords import UNSET
from isomorph.values.networks import mac_text
from isomorph.values.ranges import Range

__all__ = [
    "CHAR",
    "MEDIUM_TEXT",
    "TEXT",
    "TRIMMED",
    "AwareDatetime",
    "BaseModel",
    "BigInt",
    "DateRange",
    "Double",
    "Field",
    "Int",
    "Int4Range",
    "Int8Range",
    "Interval",
    "IpAddress",
    "IpNetwork",
    "JsonValue",
    "MacAddress",
    "NaiveDatetime",
    "NumRange",
    "Real",
    "SmallInt",
    "Text",
    "Time",
    "TinyInt",
    "TsRange",
    "TsTzRange",
    "UnsignedBigInt",
    "UnsignedInt",
    "UnsignedSmallInt",
    "UnsignedTinyInt",
    "document",
    "optional",
]


def _without_nul(text: str | None) -> str | None:
    if text is not None and "\0" in text:
        raise ValueError("text must not contain NUL characters")
    return text


def _without_zone(time: dt.time) -> dt.time:
    if time.tzinfo is not None:
        raise ValueError("time must not have a time zone")
    return time


def _without_blanks(text: str | None) -> str | None:
    if text is not None and text.endswith(" "):
        raise ValueError("text must not end with blanks")
    return text


def _medium(text: str | None) -> str | None:
    if text is not None and len(text) > MEDIUMTEXT_BYTES // 4 and len(text.encode()) > MEDIUMTEXT_BYTES:
        raise ValueError(f"text must have at most {MEDIUMTEXT_BYTES} bytes")
    return _without_nul(text)


def _in_range(span: dt.timedelta) -> dt.timedelta:
    if span // _MICROSECOND not in INTERVAL_MICROSECONDS:
        raise ValueError("a span of time must not exceed 64 bits of microseconds")
    return span


def _without_scope(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        raise ValueError("an address must not have a zone")
    return address


def _network_without_scope(network: IPv4Network | IPv6Network) -> IPv4Network | IPv6Network:
    _without_scope(network.network_address)
    return network


def _mac_address(text: str) -> str:
    found = mac_text(text)
    if found is None:
        raise ValueError("text must be the address of a network card, such as 08:00:2b:01:02:03")
    return found


def _integer(kind: Kind) -> Any:
    return Field(ge=INTEGERS[kind].start, le=INTEGERS[kind].stop - 1)


_MICROSECOND = dt.timedelta(microseconds=1)
_LARGEST_REAL = 3.4028234663852886e38


TEXT = AfterValidator(_without_nul)
"""PostgreSQL stores no NUL; refused for all, as models do."""

TRIMMED = StringConstraints(strip_whitespace=True)
"""Without blanks at both ends, cut off before anything else is checked."""

CHAR = AfterValidator(lambda text: _without_blanks(_without_nul(text)))
"""MySQL cuts blanks off the end, and PostgreSQL adds some; refused for all, as models do."""

MEDIUM_TEXT = AfterValidator(_medium)

TinyInt = Annotated[int, _integer(Kind.TINYINT)]
SmallInt = Annotated[int, _integer(Kind.SMALLINT)]
Int = Annotated[int, _integer(Kind.INT)]
BigInt = Annotated[int, _integer(Kind.BIGINT)]
UnsignedTinyInt = Annotated[int, _integer(Kind.UNSIGNED_TINYINT)]
UnsignedSmallInt = Annotated[int, _integer(Kind.UNSIGNED_SMALLINT)]
UnsignedInt = Annotated[int, _integer(Kind.UNSIGNED_INT)]
UnsignedBigInt = Annotated[int, _integer(Kind.UNSIGNED_BIGINT)]
Real = Annotated[float, Field(allow_inf_nan=False, ge=-_LARGEST_REAL, le=_LARGEST_REAL)]
Double = Annotated[float, Field(allow_inf_nan=False)]
Text = Annotated[str, TEXT]
Time = Annotated[dt.time, AfterValidator(_without_zone)]
Interval = Annotated[dt.timedelta, AfterValidator(_in_range)]
IpAddress = Annotated[IPv4Address | IPv6Address, AfterValidator(_without_scope)]
IpNetwork = Annotated[IPv4Network | IPv6Network, AfterValidator(_network_without_scope)]
MacAddress = Annotated[str, AfterValidator(_mac_address)]
Int4Range = Range[Int]
Int8Range = Range[BigInt]
NumRange = Range[Decimal]
DateRange = Range[dt.date]
TsRange = Range[NaiveDatetime]
TsTzRange = Range[AwareDatetime]


def optional(alias: str | None = None) -> Any:
    """The default of a field that need not be sent; `model_dump(exclude_unset=True)` leaves it out."""
    return Field(default_factory=_unset, alias=alias)


def document(value: Any, alias: str | None = None) -> Any:
    """A JSON document as a default, each input getting one of its own."""
    return Field(default_factory=lambda: deepcopy(value), alias=alias)


def _unset() -> Any:
    return UNSET
