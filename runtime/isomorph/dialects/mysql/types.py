"""How values travel to and from MySQL and MariaDB through PyMySQL."""

from __future__ import annotations

import datetime as dt
from typing import cast

from isomorph.catalog import Kind
from isomorph.dialects.standard.types import (
    TableOfTypes,
    bind_enum,
    bind_uuid_text,
    load_bool,
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


def _bind_bool(value: object) -> int:
    return 1 if value else 0


TYPES = TableOfTypes(
    binds={
        Kind.BOOL: _bind_bool,
        Kind.TIMESTAMPTZ: utc_naive,
        Kind.UUID: bind_uuid_text,
        Kind.ENUM: bind_enum,
    },
    loads={
        Kind.BOOL: load_bool,
        Kind.TIME: _load_time,
        Kind.TIMESTAMPTZ: _load_timestamptz,
        Kind.JSON: load_json,
        Kind.UUID: load_uuid,
    },
)
