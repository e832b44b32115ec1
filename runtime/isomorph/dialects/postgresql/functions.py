"""How PostgreSQL spells functions: a template for each, where databases differ by the kind of the first argument too."""

from __future__ import annotations

from isomorph.catalog import INTEGERS, Kind
from isomorph.dialects.standard.functions import FIXED, ITEM_FAMILIES, NUMBER, WHOLE
from isomorph.dialects.standard.templates import Templates

__all__ = ["FUNCTIONS"]

# Integers that are not of 64 bits already; the unsigned ones of 64 are numeric.
_NARROW = INTEGERS.keys() - {Kind.BIGINT, Kind.UNSIGNED_BIGINT}

# A quotient has at least as many digits as its dividend has behind the point, and is rounded there; so many that rounding
# twice changes nothing.
_DIVIDEND = "CAST({0} AS numeric(1000, 60))"

_FLOOR_DIVIDE = f"FLOOR({_DIVIDEND} / {{1}})"

_PARTS = {
    **{name: name.upper() for name in ("year", "quarter", "month", "day", "week", "hour", "minute", "second")},
    "day_of_year": "DOY",
    "weekday": "ISODOW",
    "week_year": "ISOYEAR",
}
_DAYS = ("year", "quarter", "month", "week", "day")
_UNITS = (*_DAYS, "hour", "minute", "second")

# A part of a moment is that in UTC.
_UTC = "({0} AT TIME ZONE 'UTC')"


def _parts_of(moment: str) -> list[tuple[str, str]]:
    parts = [(name, f"CAST(FLOOR(EXTRACT({part} FROM {moment})) AS integer)") for name, part in _PARTS.items()]
    return [*parts, ("microsecond", f"(CAST(EXTRACT(MICROSECONDS FROM {moment}) AS integer) % 1000000)")]


# Columns of enums, arrays, ranges and networks say by themselves what is compared with them.
_TYPES = {
    Kind.BOOL: "boolean",
    **dict.fromkeys(INTEGERS, "bigint"),
    Kind.UNSIGNED_BIGINT: "numeric",
    Kind.DECIMAL: "numeric",
    Kind.DOUBLE: "double precision",
    Kind.TEXT: "text",
    Kind.BYTES: "bytea",
    Kind.DATE: "date",
    Kind.TIME: "time",
    Kind.DATETIME: "timestamp",
    Kind.TIMESTAMPTZ: "timestamptz",
    Kind.INTERVAL: "interval",
    Kind.UUID: "uuid",
    Kind.JSON: "jsonb",
}

_RANGES = {
    Kind.INT4RANGE: ("int4range", "integer"),
    Kind.INT8RANGE: ("int8range", "bigint"),
    Kind.NUMRANGE: ("numrange", "numeric"),
    Kind.DATERANGE: ("daterange", "date"),
    Kind.TSRANGE: ("tsrange", "timestamp"),
    Kind.TSTZRANGE: ("tstzrange", "timestamptz"),
}
"""Ranges, and their bounds."""

FUNCTIONS: Templates = {
    # --- numbers ---
    **{("whole", kind): "CAST({0} AS bigint)" for kind in _NARROW},
    ("divide", Kind.DECIMAL): f"ROUND({_DIVIDEND} / {{1}}, 12)",
    ("floor_divide", Kind.BIGINT): f"CAST({_FLOOR_DIVIDE} AS bigint)",
    "floor_divide": _FLOOR_DIVIDE,
    # The remainder of numeric has the sign of the dividend; of bigint a sum might overflow.
    ("modulo", Kind.BIGINT): "CAST(MOD(MOD(CAST({0} AS numeric), {1}) + {1}, {1}) AS bigint)",
    "modulo": "MOD(MOD({0}, {1}) + {1}, {1})",
    "sign": "CAST(SIGN({0}) AS integer)",
    "sqrt": "SQRT(CASE WHEN {0} >= 0 THEN {0} END)",
    # Its own ROUND of floats knows no digits, and rounds halves to even; its cast to numeric keeps 15 digits.
    ("round", Kind.DOUBLE): "CAST(ROUND(CAST(CAST({0} AS text) AS numeric)) AS bigint)",
    "round": "CAST(ROUND({0}) AS bigint)",
    ("round_to", Kind.DOUBLE): "CAST(ROUND(CAST(CAST({0} AS text) AS numeric), {1}) AS double precision)",
    "floor": "CAST(FLOOR({0}) AS bigint)",
    "ceil": "CAST(CEIL({0}) AS bigint)",
    # GREATEST leaves out NULL; and the functions of texts count in integer.
    "at_least": "CAST(CASE WHEN {0} < {1} THEN {1} WHEN {0} > 1000000 THEN 1000000 ELSE {0} END AS integer)",
    # --- text ---
    "starts_with": "STARTS_WITH({0}, {1})",
    # --- dates, times, moments ---
    **{name: text for name, text in _parts_of("{0}")},  # noqa: C416 - the keys of the table are of two types
    **{(name, Kind.TIMESTAMPTZ): text for name, text in _parts_of(_UTC)},
    ("date", Kind.TIMESTAMPTZ): f"CAST({_UTC} AS date)",
    ("time", Kind.TIMESTAMPTZ): f"CAST({_UTC} AS time)",
    **{f"truncate_{unit}": f"DATE_TRUNC('{unit}', {{0}})" for unit in _UNITS},
    **{(f"truncate_{unit}", Kind.TIMESTAMPTZ): f"DATE_TRUNC('{unit}', {{0}}, 'UTC')" for unit in _UNITS},
    **{
        (f"truncate_{unit}", Kind.DATE): f"CAST(DATE_TRUNC('{unit}', CAST({{0}} AS timestamp)) AS date)"
        for unit in _DAYS
    },
    "add_days": "({0} + {1})",
    ("difference", Kind.DATE): "MAKE_INTERVAL(days => {0} - {1})",
    "at_offset": f"({_UTC} + {{1}})",
    "total_seconds": "CAST(EXTRACT(EPOCH FROM {0}) AS double precision)",
    "days": "CAST(FLOOR(EXTRACT(EPOCH FROM {0}) / 86400) AS bigint)",
    "now": "CURRENT_TIMESTAMP",
    "current_date": "CAST(CURRENT_TIMESTAMP AT TIME ZONE 'UTC' AS date)",
    # --- of any type ---
    **{("literal", kind): f"CAST({{0}} AS {name})" for kind, name in _TYPES.items()},
    # Its own leave out NULL.
    "greatest": "CASE WHEN NUM_NULLS({*}) = 0 THEN GREATEST({*}) END",
    "least": "CASE WHEN NUM_NULLS({*}) = 0 THEN LEAST({*}) END",
    "to_int": "CAST(TRUNC({0}) AS bigint)",
    "text_to_int": f"CASE WHEN {{0}} ~ '{WHOLE}$' THEN CAST({{0}} AS bigint) END",
    "text_to_float": f"CASE WHEN {{0}} ~ '{NUMBER}$' THEN CAST({{0}} AS double precision) END",
    "to_decimal": "CAST({0} AS numeric)",
    "text_to_decimal": f"CASE WHEN {{0}} ~ '{FIXED}$' THEN CAST({{0}} AS numeric) END",
    ("to_text", Kind.DATE): "TO_CHAR({0}, 'YYYY-MM-DD')",
    # --- arrays ---
    "array_contains": "{0} @> {1}",
    "array_contained_by": "{0} <@ {1}",
    "array_overlaps": "{0} && {1}",
    "array_length": "CARDINALITY({0})",
    **{f"array_item_{family}": "({0})[{1} + 1]" for family in ITEM_FAMILIES},
    **{f"array_item_{family}_from_end": "({0})[CARDINALITY({0}) + 1 - {1}]" for family in ITEM_FAMILIES},
    "array_append": "CASE WHEN {0} IS NOT NULL THEN ARRAY_CAT({0}, {1}) END",
    # --- ranges and networks ---
    **{("range_contains", kind): f"{{0}} @> CAST({{1}} AS {bound})" for kind, (_, bound) in _RANGES.items()},
    **{("range_contains_range", kind): f"{{0}} @> CAST({{1}} AS {name})" for kind, (name, _) in _RANGES.items()},
    **{("range_contained_by", kind): f"{{0}} <@ CAST({{1}} AS {name})" for kind, (name, _) in _RANGES.items()},
    **{("range_overlaps", kind): f"{{0}} && CAST({{1}} AS {name})" for kind, (name, _) in _RANGES.items()},
    **{("range_adjacent", kind): f"{{0}} -|- CAST({{1}} AS {name})" for kind, (name, _) in _RANGES.items()},
    "range_is_empty": "ISEMPTY({0})",
    "range_lower": "LOWER({0})",
    "range_upper": "UPPER({0})",
    "within": "{0} <<= {1}",
    "network_contains": "{0} >>= {1}",
    "network_overlaps": "{0} && {1}",
}
