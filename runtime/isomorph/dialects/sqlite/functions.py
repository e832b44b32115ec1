"""How SQLite spells functions: a template for each, where databases differ by the kind of the first argument too.

What begins with `isomorph_` is a function of the driver (see `isomorph.drivers.functions`).
"""

from __future__ import annotations

from isomorph.catalog import Kind
from isomorph.dialects.standard.functions import ITEM_FAMILIES
from isomorph.dialects.standard.templates import Templates
from isomorph.errors import NotSupported

__all__ = ["FUNCTIONS", "table_of_items"]

_OPERATORS = {"add": "+", "subtract": "-", "multiply": "*"}

# Kinds whose values are text here.
_AS_TEXT = (Kind.DECIMAL, Kind.UNSIGNED_BIGINT)

# Dates and times are text of a fixed form (see `types`), so their parts stand at fixed places.
_IN_DAY = {"year": (1, 4), "month": (6, 2), "day": (9, 2), "hour": (12, 2), "minute": (15, 2), "second": (18, 2)}
_IN_DAY["microsecond"] = (21, 6)
_IN_TIME = {name: (start - 11, size) for name, (start, size) in _IN_DAY.items() if start > 11}

# SQLite rounds what is finer than a millisecond, and so gets into the next day.
_DATE = "SUBSTR({0}, 1, 10)"
_THURSDAY = f"DATE({_DATE}, '-3 days', 'weekday 4')"

_FIRST_DAYS = {
    "year": "SUBSTR({0}, 1, 4) || '-01-01'",
    "quarter": "SUBSTR({0}, 1, 5) || SUBSTR('01040710', (CAST(SUBSTR({0}, 6, 2) AS INTEGER) - 1) / 3 * 2 + 1, 2) || '-01'",
    "month": "SUBSTR({0}, 1, 8) || '01'",
    "week": f"DATE({_DATE}, '-6 days', 'weekday 1')",
    "day": _DATE,
}
_STARTS = {
    **{unit: f"{text} || ' 00:00:00.000000" for unit, text in _FIRST_DAYS.items()},
    "hour": "SUBSTR({0}, 1, 13) || ':00:00.000000",
    "minute": "SUBSTR({0}, 1, 16) || ':00.000000",
    "second": "SUBSTR({0}, 1, 19) || '.000000",
}

FUNCTIONS: Templates = {
    # --- comparisons ---
    "same": "{0} IS {1}",
    "distinct": "{0} IS NOT {1}",
    # --- numbers ---
    ("whole", Kind.UNSIGNED_BIGINT): "CAST({0} AS INTEGER)",
    "exact": "CAST({0} AS TEXT)",
    "floating": "CAST({0} AS REAL)",
    # An integer that leaves 64 bits becomes a float here, and a float that is too large an infinity.
    **{f"checked_{name}": f"isomorph_whole({{0}} {sign} {{1}})" for name, sign in _OPERATORS.items()},
    **{(name, Kind.DOUBLE): f"isomorph_finite({{0}} {sign} {{1}})" for name, sign in _OPERATORS.items()},
    **{(name, kind): f"isomorph_{name}({{0}}, {{1}})" for name in _OPERATORS for kind in _AS_TEXT},
    "checked_negate": "isomorph_whole(- {0})",
    **{("negate", kind): "isomorph_subtract('0', {0})" for kind in _AS_TEXT},
    "nonzero": "{0}",  # what is divided by 0 is NULL
    "divide": "isomorph_finite({0} / {1})",
    ("divide", Kind.DECIMAL): "isomorph_divide({0}, {1})",
    "floor_divide": "isomorph_floor_divide({0}, {1})",
    "modulo": "isomorph_modulo({0}, {1})",
    **{("abs", kind): "isomorph_abs({0})" for kind in _AS_TEXT},
    "sign": "(({0} > 0) - ({0} < 0))",
    **{("sign", kind): "isomorph_sign({0})" for kind in _AS_TEXT},
    "power": "isomorph_power({0}, {1})",
    "sqrt": "isomorph_sqrt({0})",
    "round": "isomorph_nearest({0})",
    "round_to": "isomorph_round({0}, {1})",
    ("round_to", Kind.DOUBLE): "CAST(isomorph_round({0}, {1}) AS REAL)",
    "floor": "isomorph_floor({0})",
    "ceil": "isomorph_ceil({0})",
    "at_least": "MAX({0}, {1})",
    # --- text ---
    "lower": "isomorph_lower({0})",
    "upper": "isomorph_upper({0})",
    "trim": "TRIM({0}, {1})",
    "ltrim": "LTRIM({0}, {1})",
    "rtrim": "RTRIM({0}, {1})",
    "left": "SUBSTR({0}, 1, {1})",
    "right": "isomorph_right({0}, {1})",
    "lpad": "isomorph_lpad({*})",
    "rpad": "isomorph_rpad({*})",
    "repeat": "isomorph_repeat({*})",
    "reverse": "isomorph_reverse({0})",
    "length": "LENGTH({0})",
    "position": "INSTR({*})",
    "contains": "INSTR({*}) > 0",
    "starts_with": "SUBSTR({0}, 1, LENGTH({1})) = {1}",
    "ends_with": "isomorph_right({0}, LENGTH({1})) = {1}",
    # --- dates, times, moments ---
    **{name: f"CAST(SUBSTR({{0}}, {start}, {size}) AS INTEGER)" for name, (start, size) in _IN_DAY.items()},
    **{
        (name, Kind.TIME): f"CAST(SUBSTR({{0}}, {start}, {size}) AS INTEGER)"
        for name, (start, size) in _IN_TIME.items()
    },
    "quarter": "((CAST(SUBSTR({0}, 6, 2) AS INTEGER) + 2) / 3)",
    "day_of_year": f"CAST(STRFTIME('%j', {_DATE}) AS INTEGER)",
    "weekday": f"((STRFTIME('%w', {_DATE}) + 6) % 7 + 1)",
    "week": f"((STRFTIME('%j', {_THURSDAY}) - 1) / 7 + 1)",
    "week_year": f"CAST(STRFTIME('%Y', {_THURSDAY}) AS INTEGER)",
    "date": _DATE,
    "time": "SUBSTR({0}, 12, 15)",
    **{(f"truncate_{unit}", Kind.DATE): f"({text})" for unit, text in _FIRST_DAYS.items()},
    **{(f"truncate_{unit}", Kind.DATETIME): f"({text}')" for unit, text in _STARTS.items()},
    **{(f"truncate_{unit}", Kind.TIMESTAMPTZ): f"({text}+00:00')" for unit, text in _STARTS.items()},
    "add_days": "isomorph_add_days({0}, {1})",
    "add_span": "isomorph_add_span({0}, {1})",
    "subtract_span": "isomorph_add_span({0}, - {1})",
    "difference": "isomorph_difference({0}, {1})",
    "at_offset": "isomorph_at_offset({0}, {1})",
    "at_zone": "isomorph_at_zone({0}, {1})",
    ("negate", Kind.INTERVAL): "isomorph_whole(- {0})",
    **{(name, Kind.INTERVAL): f"isomorph_whole({{0}} {sign} {{1}})" for name, sign in list(_OPERATORS.items())[:2]},
    "total_seconds": "({0} / 1000000.0)",
    "days": "isomorph_floor_divide({0}, 86400000000)",
    "now": "STRFTIME('%Y-%m-%d %H:%M:%f000+00:00', 'now')",
    "current_date": "STRFTIME('%Y-%m-%d', 'now')",
    # --- of any type ---
    "greatest": "MAX({*})",
    "least": "MIN({*})",
    "random": "((RANDOM() & 9007199254740991) / 9007199254740992.0)",
    "to_int": "isomorph_truncated({0})",
    "text_to_int": "isomorph_to_int({0})",
    "to_float": "CAST({0} AS REAL)",
    "text_to_float": "isomorph_to_float({0})",
    "to_decimal": "CAST({0} AS TEXT)",
    "text_to_decimal": "isomorph_to_decimal({0})",
    "to_text": "CAST({0} AS TEXT)",
    # --- arrays, which are JSON of one spelling (see `items`) ---
    "array_contains": "isomorph_array_contains({0}, {1})",
    "array_contained_by": "isomorph_array_contains({1}, {0})",
    "array_overlaps": "isomorph_array_overlaps({0}, {1})",
    "array_length": "JSON_ARRAY_LENGTH({0})",
    **{f"array_item_{family}": "({0} ->> ('$[' || {1} || ']'))" for family in ITEM_FAMILIES},
    **{f"array_item_{family}_from_end": "({0} ->> ('$[#-' || {1} || ']'))" for family in ITEM_FAMILIES},
    "array_item_bytes": "isomorph_unhex({0} ->> ('$[' || {1} || ']'))",
    "array_item_bytes_from_end": "isomorph_unhex({0} ->> ('$[#-' || {1} || ']'))",
    "array_append": "CASE {0} WHEN '[]' THEN {1} ELSE SUBSTR({0}, 1, LENGTH({0}) - 1) || ',' || SUBSTR({1}, 2) END",
    # --- ranges and networks, which are text ---
    "range_lower": "({0} ->> '$.lower')",
    "range_upper": "({0} ->> '$.upper')",
    "range_lower_inc": "SUBSTR({0} ->> '$.bounds', 1, 1) = '['",
    "range_upper_inc": "SUBSTR({0} ->> '$.bounds', 2, 1) = ']'",
    "network_text_within": "SUBSTR({0}, 1, {3}) BETWEEN {1} AND {2} AND SUBSTR({0}, - {4}) >= {5}",
}


def table_of_items(kind: Kind) -> tuple[str, str]:
    """Text before and behind an array that makes a table of its items; see `SqlRules.table_of_items`.

    Raises:
        NotSupported: of bytes, which are digits within arrays.
    """
    if kind is Kind.BYTES:
        raise NotSupported("comparison with any or all bytes of an array", "sqlite", "use contains()")
    return "JSON_EACH(", ")"
