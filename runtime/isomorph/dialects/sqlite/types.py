"""How values travel to and from SQLite through sqlite3, which knows integers, floats, text, blobs and NULL.

Text forms are canonical (fixed width, so that their order is the order of the values):
`YYYY-MM-DD HH:MM:SS.ffffff`, with `+00:00` behind a timestamptz. Decimals are text with the column's scale, unsigned
bigints text without leading zeros.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import cast

from isomorph.catalog import RANGES, SHAPES, ColumnType, Kind
from isomorph.dialects.base import Bind
from isomorph.dialects.standard.composites import (
    NETWORK_BINDS,
    NETWORK_LOADS,
    bind_json_range,
    bind_names,
    bind_wkb,
    load_json_range,
    load_wkb,
)
from isomorph.dialects.standard.items import bind_json_array, load_json_array
from isomorph.dialects.standard.types import (
    TableOfTypes,
    bind_bool,
    bind_enum,
    bind_interval,
    bind_uuid_text,
    load_bool,
    load_int,
    load_interval,
    load_json,
    load_uuid,
)

__all__ = ["TYPES"]


def _bind_unsigned_bigint(value: object) -> str:
    """As text, since SQLite's integers end at 63 bits; ordered by the collation of decimals."""
    return str(value)


def _bind_date(value: object) -> str:
    return cast(dt.date, value).isoformat()


def _bind_time(value: object) -> str:
    return cast(dt.time, value).isoformat(timespec="microseconds")


def _bind_datetime(value: object) -> str:
    return cast(dt.datetime, value).isoformat(" ", "microseconds")


def _bind_timestamptz(value: object) -> str:
    return cast(dt.datetime, value).astimezone(dt.UTC).isoformat(" ", "microseconds")


def _bind_decimal(value: object) -> str:
    return format(cast(Decimal, value), "f")


def _load_decimal(value: object) -> Decimal:
    # By its text: a table that isomorph did not make may keep a REAL there, and 0.99 is not what a float is made of.
    return Decimal(str(value))


def _load_date(value: object) -> dt.date:
    return dt.date.fromisoformat(cast(str, value))


def _load_time(value: object) -> dt.time:
    return dt.time.fromisoformat(cast(str, value))


def _load_datetime(value: object) -> dt.datetime:
    return dt.datetime.fromisoformat(cast(str, value))


class _Types(TableOfTypes):
    """As the tables say; a decimal with a scale is padded to it, so that equal decimals are equal text."""

    def bind(self, type_: ColumnType) -> Bind | None:
        if type_.kind is Kind.DECIMAL and type_.scale is not None:
            return _bind_decimal_of(type_.scale)
        return super().bind(type_)


def _bind_decimal_of(scale: int) -> Bind:
    padded = f"{{:.{scale}f}}".format

    def bind(value: object) -> str:
        text = padded(value)
        # What is compared may be finer than the column, and rounding it would change the answer.
        return text if Decimal(text) == value else _bind_decimal(value)

    return bind


TYPES = _Types(
    binds={
        Kind.BOOL: bind_bool,
        Kind.UNSIGNED_BIGINT: _bind_unsigned_bigint,
        Kind.DECIMAL: _bind_decimal,
        Kind.DATE: _bind_date,
        Kind.TIME: _bind_time,
        Kind.DATETIME: _bind_datetime,
        Kind.TIMESTAMPTZ: _bind_timestamptz,
        Kind.INTERVAL: bind_interval,
        Kind.UUID: bind_uuid_text,
        Kind.ENUM: bind_enum,
        Kind.SET: bind_names,
        **NETWORK_BINDS,
        **dict.fromkeys(SHAPES, bind_wkb),
    },
    loads={
        Kind.BOOL: load_bool,
        Kind.UNSIGNED_BIGINT: load_int,
        Kind.DECIMAL: _load_decimal,
        Kind.DATE: _load_date,
        Kind.TIME: _load_time,
        Kind.DATETIME: _load_datetime,
        Kind.TIMESTAMPTZ: _load_datetime,
        Kind.INTERVAL: load_interval,
        Kind.JSON: load_json,
        Kind.UUID: load_uuid,
        Kind.SET: load_json,
        **NETWORK_LOADS,
        **dict.fromkeys(SHAPES, load_wkb),
    },
    made_binds={Kind.ARRAY: bind_json_array, **dict.fromkeys(RANGES, bind_json_range)},
    made_loads={Kind.ARRAY: load_json_array, **dict.fromkeys(RANGES, load_json_range)},
)
