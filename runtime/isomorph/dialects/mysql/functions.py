"""How MySQL and MariaDB spell functions: a template for each, where databases differ by the kind of the first argument too."""

from __future__ import annotations

from isomorph.catalog import Kind
from isomorph.dialects.standard.templates import Templates

__all__ = ["FUNCTIONS"]

# Of a number with a sign and one without the result has none, and is an error below 0.
_UNSIGNED = (Kind.UNSIGNED_TINYINT, Kind.UNSIGNED_SMALLINT, Kind.UNSIGNED_INT)

# A quotient has four digits more than its dividend (div_precision_increment), of 65 in all; what follows is cut off.
_QUOTIENT = "CAST({0} AS DECIMAL(65, 20)) / {1}"

# ROUND of a float rounds halves as the C library does. DECIMAL takes the digits that the float is written with; from
# 10**15 on it has none behind the point that could be rounded to.
_ROUNDED = "CASE WHEN ABS({{0}}) < 1e15 THEN ROUND(CAST({{0}} AS DECIMAL(65, 30)), {digits}) ELSE {{0}} END"

FUNCTIONS: Templates = {
    # --- comparisons ---
    "same": "{0} <=> {1}",
    "distinct": "NOT ({0} <=> {1})",
    # --- numbers ---
    **{("whole", kind): "CAST({0} AS SIGNED)" for kind in _UNSIGNED},
    ("exact", Kind.UNSIGNED_BIGINT): "CAST({0} AS DECIMAL(65))",
    "floating": "CAST({0} AS DOUBLE)",
    ("divide", Kind.DECIMAL): f"ROUND({_QUOTIENT}, 12)",
    # DIV raises where the result has more than 64 bits, and CAST cuts it to them.
    ("floor_divide", Kind.BIGINT): f"(FLOOR({_QUOTIENT}) DIV 1)",
    "floor_divide": f"FLOOR({_QUOTIENT})",
    ("modulo", Kind.BIGINT): "(MOD(MOD(CAST({0} AS DECIMAL(65)), {1}) + {1}, {1}) DIV 1)",
    "modulo": "MOD(MOD({0}, {1}) + {1}, {1})",
    ("round", Kind.DOUBLE): f"(({_ROUNDED.format(digits=0)}) DIV 1)",
    "round": "(ROUND({0}) DIV 1)",
    ("round_to", Kind.DOUBLE): f"CAST({_ROUNDED.format(digits='{1}')} AS DOUBLE)",
    "floor": "(FLOOR({0}) DIV 1)",
    "ceil": "(CEIL({0}) DIV 1)",
    # --- text ---
    "concat": "CONCAT({*})",
    "position": "LOCATE({1}, {0})",
    "contains": "LOCATE({1}, {0}) > 0",
}
