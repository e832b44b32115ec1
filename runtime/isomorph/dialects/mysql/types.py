"""How values travel to and from MySQL and MariaDB through PyMySQL."""

from __future__ import annotations

import datetime as dt
from typing import cast

from isomorph.catalog import RANGES, SHAPES, Kind
from isomorph.dialects.mysql.composites import bind_names, bind_shape, load_names, load_shape
from isomorph.dialects.standard.composites import NETWORK_BINDS, NETWORK_LOADS, bind_json_range, load_json_range
from isomorph.dialects.standard.items import bind_json_array, load_json_array
from isomorph.dialects.standard.types import (
    TableOfTypes,
    bind_bool,
    bind_enum,
    bind_interval,
    bind_uuid_text,
    load_bool,
    load_interval,
    load_json,
    load_uuid,
    utc_naive,
)

__all__ = ["TYPES"]

_MIDNIGHT = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


def _load_time(value: object) -> dt.time:
    """PyMySQL gives TIME as a timedelta, since MySQL's TIME may exceed a day."""
    return (_MIDNIGHT + cast(dt.timedelta, value)).time()


def _load_timestamptz(value: object) -> dt.datetime:
    return cast(dt.datetime, value).replace(tzinfo=dt.UTC)


TYPES = TableOfTypes(
    binds={
        Kind.BOOL: bind_bool,
        Kind.TIMESTAMPTZ: utc_naive,
        Kind.INTERVAL: bind_interval,
        Kind.UUID: bind_uuid_text,
        Kind.ENUM: bind_enum,
        Kind.SET: bind_names,
        **NETWORK_BINDS,
        **dict.fromkeys(SHAPES, bind_shape),
    },
    loads={
        Kind.BOOL: load_bool,
        Kind.TIME: _load_time,
        Kind.TIMESTAMPTZ: _load_timestamptz,
        Kind.INTERVAL: load_interval,
        Kind.JSON: load_json,
        Kind.UUID: load_uuid,
        Kind.SET: load_names,
        **NETWORK_LOADS,
        **dict.fromkeys(SHAPES, load_shape),
    },
    made_binds={Kind.ARRAY: bind_json_array, **dict.fromkeys(RANGES, bind_json_range)},
    made_loads={Kind.ARRAY: load_json_array, **dict.fromkeys(RANGES, load_json_range)},
)
