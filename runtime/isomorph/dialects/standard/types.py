"""Conversions that several dialects need. Owns how values are spelled as text; knows no driver."""

from __future__ import annotations

import datetime as dt
import enum
import json
import uuid
from collections.abc import Mapping
from typing import cast

from isomorph.catalog import ColumnType, Kind
from isomorph.dialects.base import Bind, Load

__all__ = [
    "TableOfTypes",
    "bind_enum",
    "bind_uuid_text",
    "load_bool",
    "load_json",
    "load_uuid",
    "utc_naive",
]


def load_json(value: object) -> object:
    """A document from its text."""
    return json.loads(cast("str | bytes", value))


def bind_enum(value: object) -> object:
    """The stored text of an enum member."""
    return value.value if isinstance(value, enum.Enum) else value


def bind_uuid_text(value: object) -> str:
    """A UUID as 36 characters."""
    return str(value)


def load_uuid(value: object) -> uuid.UUID:
    """A UUID from its 36 characters."""
    return uuid.UUID(cast(str, value))


def load_bool(value: object) -> bool:
    """A truth value from 0 or 1."""
    return value == 1


def utc_naive(value: object) -> dt.datetime:
    """A moment as the wall clock of UTC, for databases whose timestamps know no zone."""
    return cast(dt.datetime, value).astimezone(dt.UTC).replace(tzinfo=None)


class TableOfTypes:
    """Types given as two tables by kind; a kind that is missing travels as it is."""

    def __init__(self, binds: Mapping[Kind, Bind], loads: Mapping[Kind, Load]) -> None:
        self._binds, self._loads = binds, loads

    def bind(self, type_: ColumnType) -> Bind | None:
        return self._binds.get(type_.kind)

    def load(self, type_: ColumnType) -> Load | None:
        return self._loads.get(type_.kind)
