"""Checks of values that are made of others, and of those that Python's own classes do not say: addresses, shapes."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import Any, cast

from isomorph.catalog import INTEGERS, RANGES, ColumnType, Kind
from isomorph.errors import InvalidValue
from isomorph.sql.codecs.codec import Bindable, codec_of_value
from isomorph.sql.codecs.registry import Check, MakeCheck, Refused, Wanted, always, check_of, kind_of
from isomorph.sql.codecs.texts import check_text
from isomorph.values.geometry import LineString, Point, Polygon
from isomorph.values.networks import mac_text
from isomorph.values.ranges import Range

__all__ = ["COMPOSITES"]


# --- arrays and sets -------------------------------------------------------------------------------------------------


def _array(wanted: Wanted) -> Check:
    """A list as a tuple of its items, each as its own check leaves it."""
    type_ = wanted.column_type
    assert type_.item is not None  # it is an array
    # What is compared must fit, too: PostgreSQL reads it as an array of the column's type.
    stored = wanted.stored or type_.item.kind in INTEGERS
    item = check_of(replace(wanted, column_type=type_.item, stored=stored))
    nullable = type_.items_nullable

    def check(value: object) -> object:
        if not isinstance(value, list | tuple):
            raise Refused("a list", kind_of(value))
        return tuple([_item(item, part, nullable=nullable) for part in cast("Sequence[object]", value)])

    return check


def _item(check: Check, value: object, *, nullable: bool) -> object:
    if value is None:
        if nullable:
            return None
        raise Refused("a list without None", "one with it")
    try:
        return check(value)
    except Refused as refused:
        failure = refused
    raise Refused(f"a list, each item {failure.expected}", failure.got, failure.limit)


def _set(wanted: Wanted) -> Check:
    """A set of members as their stored texts, in the order of the enum."""
    class_ = wanted.enum_class
    assert class_ is not None  # every set has the class of its members
    texts: dict[enum.Enum, str] = {member: member.value for member in class_}

    def check(value: object) -> object:
        if not isinstance(value, AbstractSet):
            raise Refused(f"a set of {class_.__name__}", kind_of(value))
        given = cast("AbstractSet[object]", value)
        for member in given:
            if not isinstance(member, class_):
                raise Refused(f"a set of {class_.__name__}", f"{kind_of(member)} in it")
        return tuple([text for member, text in texts.items() if member in given])

    return check


# --- networks --------------------------------------------------------------------------------------------------------


def _check_inet(value: object) -> object:
    if not isinstance(value, IPv4Address | IPv6Address):
        raise Refused("an IPv4Address or IPv6Address", kind_of(value))
    if isinstance(value, IPv4Interface | IPv6Interface):
        raise Refused("an address without its network", f"{kind_of(value)} (pass its .ip)")
    _check_scope(value)
    return value


def _check_cidr(value: object) -> object:
    if not isinstance(value, IPv4Network | IPv6Network):
        raise Refused("an IPv4Network or IPv6Network", kind_of(value))
    _check_scope(value.network_address)
    return value


def _check_scope(address: IPv4Address | IPv6Address) -> None:
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        raise Refused("an address without a zone", "one of a zone, such as %eth0")


def _check_macaddr(value: object) -> object:
    if not isinstance(value, str):
        raise Refused("a str", kind_of(value))
    found = mac_text(value)
    if found is None:
        raise Refused('the address of a network card such as "08:00:2b:01:02:03"', "another text")
    return found


# --- ranges ----------------------------------------------------------------------------------------------------------

_BOUNDS = {
    Kind.INT4RANGE: "ints",
    Kind.INT8RANGE: "ints",
    Kind.NUMRANGE: "Decimals",
    Kind.DATERANGE: "dates",
    Kind.TSRANGE: "naive datetimes",
    Kind.TSTZRANGE: "datetimes with a time zone",
}


def _range(wanted: Wanted) -> Check:
    """A range whose bounds are as their own check leaves them."""
    kind = wanted.column_type.kind
    # What is compared must fit, too: PostgreSQL reads it as a range of the column's type.
    bound = check_of(Wanted(ColumnType(RANGES[kind]), None, stored=kind is not Kind.NUMRANGE))
    expected = f"a Range of {_BOUNDS[kind]}"

    def end(value: object) -> object:
        if value is None:
            return None
        if kind is Kind.NUMRANGE and not isinstance(value, Decimal):
            # An int has neighbours, so a range of them has other bounds.
            raise Refused("Decimals", kind_of(value))
        return bound(value)

    def check(value: object) -> object:
        if not isinstance(value, Range):
            raise Refused(expected, kind_of(value))
        found = cast("Range[Any]", cast(object, value))
        try:
            lower, upper = end(found.lower), end(found.upper)
        except Refused as refused:
            failure = refused
        else:
            if kind is not Kind.TSTZRANGE or found.is_empty:
                return found
            return Range[Any](cast(Any, lower), cast(Any, upper), found.bounds)  # in UTC
        raise Refused(f"{expected}, each bound {failure.expected}", failure.got)

    return check


# --- the others ------------------------------------------------------------------------------------------------------


def _instance(class_: type | tuple[type, ...], expected: str) -> Check:
    def check(value: object) -> object:
        if not isinstance(value, class_):
            raise Refused(expected, kind_of(value))
        return value

    return check


def _check_words(value: object) -> object:
    if not isinstance(value, str):
        raise Refused("a str", kind_of(value))
    check_text(value)
    return value


def _check_bindable(value: object) -> object:
    """What a cast class makes of its value, checked as a value of that Python type."""
    try:
        codec = codec_of_value(cast(Bindable, value), "")
    except InvalidValue as error:
        failure = error
    else:
        return value if codec is None else codec.check(value)
    raise Refused(f"a cast that gives {failure.expected}", failure.got)


COMPOSITES: dict[Kind, MakeCheck] = {
    Kind.ARRAY: _array,
    Kind.SET: _set,
    Kind.INET: always(_check_inet),
    Kind.CIDR: always(_check_cidr),
    Kind.MACADDR: always(_check_macaddr),
    **dict.fromkeys(RANGES, _range),
    Kind.TSVECTOR: always(_check_words),
    Kind.POINT: always(_instance(Point, "a Point")),
    Kind.LINESTRING: always(_instance(LineString, "a LineString")),
    Kind.POLYGON: always(_instance(Polygon, "a Polygon")),
    Kind.GEOMETRY: always(_instance((Point, LineString, Polygon), "a Point, LineString or Polygon")),
    Kind.ENCRYPTED: always(_check_words),
    Kind.CUSTOM: always(_check_bindable),
}
