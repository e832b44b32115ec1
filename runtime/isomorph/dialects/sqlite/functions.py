"""How SQLite spells functions: a template for each, where databases differ by the kind of the first argument too.

What begins with `isomorph_` is a function of the driver (see `isomorph.drivers.functions`).
"""

from __future__ import annotations

from isomorph.catalog import Kind
from isomorph.dialects.standard.templates import Templates

__all__ = ["FUNCTIONS"]

_OPERATORS = {"add": "+", "subtract": "-", "multiply": "*"}

# Kinds whose values are text here.
_AS_TEXT = (Kind.DECIMAL, Kind.UNSIGNED_BIGINT)

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
}
