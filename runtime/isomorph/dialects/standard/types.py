"""Conversions that several dialects need. Owns how values are spelled as text; knows no driver."""

from __future__ import annotations

import datetime as dt
import enum
import json
import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import cast

from isomorph.catalog import INTEGERS, ColumnType, Kind
from isomorph.dialects.base import Bind, Load

__all__ = [
    "TableOfTypes",
    "bind_bool",
    "bind_enum",
    "bind_interval",
    "bind_uuid_text",
    "load_bool",
    "load_int",
    "load_interval",
    "load_json",
    "load_uuid",
    "utc_naive",
]


def load_json(value: object) -> object:
    """A document from its text."""
    return json.loads(cast("str | bytes", value))


# Built in, and so without a call of Python. sqlite3 looks for an adapter of each value that is not of its own types, as a
# bool is not.
bind_bool = cast(Bind, int)


def bind_enum(value: object) -> str:
    """The stored text of an enum member."""
    return cast(str, value.value if isinstance(value, enum.Enum) else value)


def bind_uuid_text(value: object) -> str:
    """A UUID as 36 characters."""
    return str(value)


def load_uuid(value: object) -> uuid.UUID:
    """A UUID from its 36 characters."""
    return uuid.UUID(cast(str, value))


def load_bool(value: object) -> bool:
    """A truth value from 0 or 1."""
    return value == 1


def load_int(value: object) -> int:
    """A whole number from its text, or from a Decimal."""
    return int(cast("str | Decimal", value))


_MICROSECOND = dt.timedelta(microseconds=1)


def bind_interval(value: object) -> int:
    """A span of time in microseconds."""
    return cast(dt.timedelta, value) // _MICROSECOND


def load_interval(value: object) -> dt.timedelta:
    """A span of time from microseconds, or from a sum of them."""
    return dt.timedelta(microseconds=int(cast("int | Decimal", value)))


def utc_naive(value: object) -> dt.datetime:
    """A moment as the wall clock of UTC, for databases whose timestamps know no zone."""
    return cast(dt.datetime, value).astimezone(dt.UTC).replace(tzinfo=None)


class TableOfTypes:
    """Types given as tables by kind; a kind that is missing travels as it is.

    Args:
        binds: of kinds whose values all travel alike.
        loads: likewise.
        made_binds: of kinds whose arguments count, what makes the bind of a type.
        made_loads: likewise; None for what the driver gives as it is.
    """

    def __init__(
        self,
        binds: Mapping[Kind, Bind],
        loads: Mapping[Kind, Load],
        made_binds: Mapping[Kind, Callable[[ColumnType], Bind | None]] = MappingProxyType({}),
        made_loads: Mapping[Kind, Callable[[ColumnType], Load | None]] = MappingProxyType({}),
    ) -> None:
        self._binds, self._loads = binds, loads
        self._made_binds, self._made_loads = made_binds, made_loads

    def bind(self, type_: ColumnType) -> Bind | None:
        make = self._made_binds.get(type_.kind)
        return self._binds.get(type_.kind) if make is None else make(type_)

    def load(self, type_: ColumnType) -> Load | None:
        make = self._made_loads.get(type_.kind)
        return self._loads.get(type_.kind) if make is None else make(type_)

    def total(self, type_: ColumnType) -> Load:
        # Sums of integers are decimals on PostgreSQL and MySQL, so that they cannot overflow.
        return load_int if type_.kind in INTEGERS else self.load(type_) or _as_it_is


def _as_it_is(value: object) -> object:
    return value
