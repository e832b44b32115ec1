"""How values travel to and from PostgreSQL. psycopg converts nearly all; JSON is kept as text to see edits in place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from isomorph.catalog import NETWORKS, RANGES, SHAPES, ColumnType, Kind
from isomorph.dialects.base import Load
from isomorph.dialects.postgresql.composites import (
    bind_array,
    bind_names,
    bind_range,
    bind_text,
    load_array,
    load_names,
    load_range,
)
from isomorph.dialects.standard.composites import bind_wkb, load_wkb
from isomorph.dialects.standard.types import TableOfTypes, bind_enum, load_int, load_json

__all__ = ["TYPES", "TYPE_NAMES"]

TYPE_NAMES: Mapping[Kind, str] = {
    Kind.BOOL: "boolean",
    # There is no integer of 8 bits and none without a sign; the next wider one takes its place, under a check.
    Kind.TINYINT: "smallint",
    Kind.SMALLINT: "smallint",
    Kind.INT: "integer",
    Kind.BIGINT: "bigint",
    Kind.UNSIGNED_TINYINT: "smallint",
    Kind.UNSIGNED_SMALLINT: "integer",
    Kind.UNSIGNED_INT: "bigint",
    Kind.UNSIGNED_BIGINT: "numeric(20, 0)",
    Kind.DECIMAL: "numeric({precision}, {scale})",
    Kind.REAL: "real",
    Kind.DOUBLE: "double precision",
    Kind.STRING: "varchar({length})",
    # PostgreSQL's own char(n) fills text up with blanks, which LIKE then sees and = does not.
    Kind.CHAR: "varchar({length})",
    Kind.TEXT: "text",
    Kind.MEDIUMTEXT: "text",
    Kind.BYTES: "bytea",
    Kind.DATE: "date",
    Kind.TIME: "time",
    Kind.DATETIME: "timestamp",
    Kind.TIMESTAMPTZ: "timestamptz",
    Kind.INTERVAL: "interval",
    Kind.JSON: "jsonb",
    Kind.UUID: "uuid",
    **{kind: kind.value for kind in (*NETWORKS, *RANGES, Kind.TSVECTOR)},
    # Its own geometric types are of another make, and those of PostGIS not everywhere.
    **dict.fromkeys(SHAPES, "bytea"),
    Kind.ENCRYPTED: "text",
}
_TEXT_OR_LARGE_FLOAT = re.compile(r'"(?:[^"\\]|\\.)*"|-?[\d.]+e\+\d+')


def _bind_json(value: object) -> str:
    """Write large floats out: jsonb gives `1e+23` back as an integer, which is another number than the float was."""
    text = cast(str, value)
    return _TEXT_OR_LARGE_FLOAT.sub(_written_out, text) if "e+" in text else text


def _written_out(match: re.Match[str]) -> str:
    token = match[0]
    return token if token.startswith('"') else format(float(token), ".1f")


_LOADS: Mapping[Kind, Load] = {
    Kind.UNSIGNED_BIGINT: load_int,
    Kind.JSON: load_json,
    Kind.SET: load_names,
    **dict.fromkeys(RANGES, load_range),
    **dict.fromkeys(SHAPES, load_wkb),
}


def _load_array(type_: ColumnType) -> Load | None:
    return load_array(type_, None if type_.item is None else _LOADS.get(type_.item.kind))


TYPES = TableOfTypes(
    binds={
        Kind.JSON: _bind_json,
        Kind.ENUM: bind_enum,
        Kind.SET: bind_names,
        # As text, since psycopg makes no list of addresses of both families.
        Kind.INET: bind_text,
        Kind.CIDR: bind_text,
        **dict.fromkeys(SHAPES, bind_wkb),
    },
    loads=_LOADS,
    made_binds={Kind.ARRAY: bind_array, **dict.fromkeys(RANGES, bind_range)},
    made_loads={Kind.ARRAY: _load_array},
)
