"""How functions are spelled where databases agree, and what each of them means.

Names without a comment are those of the methods and functions of the same name. Positions of texts count from 1; a
function of NULL is NULL unless said otherwise.
"""

from __future__ import annotations

from isomorph.dialects.standard.templates import Templates

__all__ = ["FIXED", "FUNCTIONS", "ITEM_FAMILIES", "NUMBER", "WHOLE"]

ITEM_FAMILIES = (
    *("whole", "decimal", "floating", "text", "bool", "bytes"),
    *("date", "time", "datetime", "timestamptz", "interval"),
)
"""What the functions `array_item_...` give."""

WHOLE = "^[+-]?[0-9]{1,18}"
NUMBER = r"^[+-]?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?"
FIXED = r"^[+-]?[0-9]{1,30}(\.[0-9]{1,20})?"
"""Texts that are numbers, as regular expressions without what ends them: of those all databases make the same number."""

FUNCTIONS: Templates = {
    # --- comparisons: conditions ---
    "same": "{0} IS NOT DISTINCT FROM {1}",
    "distinct": "{0} IS DISTINCT FROM {1}",
    # --- conversions between numbers, as the other operand needs them ---
    "whole": "{0}",  # an integer as one of 64 bits with a sign
    "exact": "{0}",  # an integer as a decimal
    "floating": "CAST({0} AS double precision)",
    # --- arithmetic; `checked_` where the result may leave 64 bits ---
    **{f"{prefix}add": "({0} + {1})" for prefix in ("", "checked_")},
    **{f"{prefix}subtract": "({0} - {1})" for prefix in ("", "checked_")},
    **{f"{prefix}multiply": "({0} * {1})" for prefix in ("", "checked_")},
    **{f"{prefix}negate": "(- {0})" for prefix in ("", "checked_")},
    **{f"{prefix}abs": "ABS({0})" for prefix in ("", "checked_")},
    "nonzero": "NULLIF({0}, 0)",
    "divide": "({0} / {1})",
    "sign": "SIGN({0})",
    "power": "POWER({0}, {1})",
    "sqrt": "SQRT({0})",
    "round_to": "ROUND({0}, {1})",
    "at_least": "GREATEST({0}, {1})",
    # --- text ---
    "lower": "LOWER({0})",
    "upper": "UPPER({0})",
    "trim": "TRIM(BOTH {1} FROM {0})",
    "ltrim": "TRIM(LEADING {1} FROM {0})",
    "rtrim": "TRIM(TRAILING {1} FROM {0})",
    "concat": "({*: || })",
    "replace": "REPLACE({*})",
    "substring": "SUBSTR({*})",
    "left": "LEFT({*})",
    "right": "RIGHT({*})",
    "lpad": "LPAD({*})",
    "rpad": "RPAD({*})",
    "repeat": "REPEAT({*})",
    "reverse": "REVERSE({0})",
    "length": "CHAR_LENGTH({0})",
    "position": "STRPOS({*})",
    "contains": "STRPOS({*}) > 0",
    "starts_with": "LEFT({0}, CHAR_LENGTH({1})) = {1}",
    "ends_with": "RIGHT({0}, CHAR_LENGTH({1})) = {1}",
    # --- dates, times, moments ---
    "date": "CAST({0} AS date)",
    "time": "CAST({0} AS time)",
    "add_span": "({0} + {1})",  # a moment and a span of time
    "subtract_span": "({0} - {1})",
    "difference": "({0} - {1})",  # of two dates or moments, as a span of time
    "at_zone": "({0} AT TIME ZONE {1})",
    # --- of any type ---
    "coalesce": "COALESCE({*})",
    "nullif": "NULLIF({*})",
    "greatest": "GREATEST({*})",
    "least": "LEAST({*})",
    "literal": "{0}",  # a bound value, where the database cannot tell its type from what is beside it
    "random": "RANDOM()",
    "to_float": "CAST({0} AS double precision)",
    "to_text": "CAST({0} AS text)",
    # --- arrays, which most databases keep as JSON; places count from 0, from the end from 1 ---
    "array_contains": "JSON_CONTAINS({0}, {1})",
    "array_contained_by": "JSON_CONTAINS({1}, {0})",
    "array_overlaps": "JSON_OVERLAPS({0}, {1})",
    "array_length": "JSON_LENGTH({0})",
    # --- ranges and networks, which most databases keep as text ---
    "range_is_empty": """{0} = '{"empty":true}'""",
    "network_text_within": "LEFT({0}, {3}) BETWEEN {1} AND {2} AND RIGHT({0}, {4}) >= {5}",
}
