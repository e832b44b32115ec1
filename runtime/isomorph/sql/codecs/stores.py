"""Checks and binds in one call: the hot path of every write.

A value of the plainest form of its type needs no check beyond that, and goes to the bind at once; all others go the long
way, which also says what is wrong with them. Per value that is one call instead of three.
"""

from __future__ import annotations

import datetime as dt
import enum
import sys
import uuid
from collections.abc import Callable, Mapping

from isomorph.catalog import INTEGERS, LONGEST_TEXT_BYTES, MEDIUMTEXT_BYTES, ColumnType, Kind
from isomorph.dialects.base import Bind
from isomorph.sql.codecs.registry import Check

__all__ = ["store_of"]


def store_of(type_: ColumnType, enum_class: type[enum.Enum] | None, check: Check, bind: Bind | None) -> Bind:
    """What checks a value of a type and makes of it what the driver takes.

    Args:
        type_: the column type; one without a cast.
        enum_class: the class of its members, for an enum.
        check: the whole check.
        bind: the dialect's bind of the type.
    """
    class_ = enum_class if type_.kind is Kind.ENUM else _EXACT.get(type_.kind)
    if class_ is not None:
        return _exact(class_, check, bind)
    make = _QUICK.get(type_.kind)
    if make is not None:
        return make(type_, check, bind)
    return check if bind is None else _composed(bind, check)


def _composed(bind: Bind, check: Check) -> Bind:
    return lambda value: bind(check(value))


_EXACT: Mapping[Kind, type] = {Kind.BOOL: bool, Kind.DATE: dt.date, Kind.UUID: uuid.UUID}
"""Types whose checks let through every object of just this class, as it is."""


def _exact(class_: type, check: Check, bind: Bind | None) -> Bind:
    if bind is None:
        return lambda value: value if type(value) is class_ else check(value)

    def store(value: object) -> object:
        return bind(value) if type(value) is class_ else bind(check(value))

    return store


def _of_int(type_: ColumnType, check: Check, bind: Bind | None) -> Bind:
    held = INTEGERS[type_.kind]
    least, most = held.start, held.stop - 1
    if bind is not None:
        return _composed(bind, check)
    return lambda value: value if type(value) is int and least <= value <= most else check(value)


_LARGEST = sys.float_info.max


def _of_float(_: ColumnType, check: Check, bind: Bind | None) -> Bind:
    if bind is not None:
        return _composed(bind, check)
    # Zero may have a sign, which is not stored; NaN compares as false.
    return lambda value: value if type(value) is float and value and -_LARGEST <= value <= _LARGEST else check(value)


def _of_text(type_: ColumnType, check: Check, bind: Bind | None) -> Bind:
    # No character of UTF-8 takes more than four bytes.
    bytes_held = MEDIUMTEXT_BYTES if type_.kind is Kind.MEDIUMTEXT else LONGEST_TEXT_BYTES
    most = bytes_held // 4 if type_.length is None else type_.length
    if bind is not None:
        return _composed(bind, check)

    def store(value: object) -> object:
        if type(value) is str and len(value) <= most and value.isascii() and "\0" not in value:
            return value
        return check(value)

    return store


def _of_datetime(type_: ColumnType, check: Check, bind: Bind | None) -> Bind:
    zone = dt.UTC if type_.kind is Kind.TIMESTAMPTZ else None
    if bind is None:

        def store(value: object) -> object:
            return value if type(value) is dt.datetime and value.tzinfo is zone else check(value)

        return store

    last: tuple[object, object] = (None, None)

    def store_bound(value: object) -> object:
        nonlocal last
        known, bound = last  # created_at and updated_at of a new row are one object
        if value is known:
            return bound
        plain = type(value) is dt.datetime and value.tzinfo is zone
        bound = bind(value if plain else check(value))
        last = (value, bound)
        return bound

    return store_bound


_QUICK: Mapping[Kind, Callable[[ColumnType, Check, Bind | None], Bind]] = {
    **dict.fromkeys(INTEGERS, _of_int),
    Kind.DOUBLE: _of_float,
    **dict.fromkeys((Kind.STRING, Kind.TEXT, Kind.MEDIUMTEXT), _of_text),
    **dict.fromkeys((Kind.DATETIME, Kind.TIMESTAMPTZ), _of_datetime),
}
"""Types with a plain form that a few comparisons tell."""
