"""How MySQL and MariaDB spell functions: a template for each, where databases differ by the kind of the first argument too."""

from __future__ import annotations

from isomorph.catalog import INTEGERS, RANGES, Kind
from isomorph.dialects.mysql.documents import COLLATED
from isomorph.dialects.standard.functions import FIXED, NUMBER, WHOLE
from isomorph.dialects.standard.templates import Templates
from isomorph.errors import NotSupported

__all__ = ["FUNCTIONS", "LACKS", "table_of_items"]

# Of a number with a sign and one without the result has none, and is an error below 0.
_UNSIGNED = (Kind.UNSIGNED_TINYINT, Kind.UNSIGNED_SMALLINT, Kind.UNSIGNED_INT)

# A quotient has four digits more than its dividend (div_precision_increment), of 65 in all; what follows is cut off.
_QUOTIENT = "CAST({0} AS DECIMAL(65, 20)) / {1}"

# ROUND of a float rounds halves as the C library does. DECIMAL takes the digits that the float is written with; from
# 10**15 on it has none behind the point that could be rounded to.
_ROUNDED = "CASE WHEN ABS({{0}}) < 1e15 THEN ROUND(CAST({{0}} AS DECIMAL(65, 30)), {digits}) ELSE {{0}} END"

# The first day of a year, quarter, month or week; MAKEDATE takes the year 50 for 2050.
_FIRST_DAYS = {
    "year": "DATE_FORMAT({0}, '%Y-01-01')",
    "quarter": "CONCAT(DATE_FORMAT({0}, '%Y-'), LPAD(QUARTER({0}) * 3 - 2, 2, '0'), '-01')",
    "month": "DATE_FORMAT({0}, '%Y-%m-01')",
    "week": "(DATE({0}) - INTERVAL WEEKDAY({0}) DAY)",
    "day": "DATE({0})",
}
_STARTS = {
    **_FIRST_DAYS,
    "hour": "DATE_FORMAT({0}, '%Y-%m-%d %H:00:00')",
    "minute": "DATE_FORMAT({0}, '%Y-%m-%d %H:%i:00')",
    "second": "DATE_FORMAT({0}, '%Y-%m-%d %H:%i:%s')",
}

# A backslash in a literal is written twice.
_NUMBER, _FIXED = (pattern.replace("\\", "\\\\") for pattern in (NUMBER, FIXED))
_END = r"\\z"

_ITEM = "JSON_VALUE({0}, CONCAT('$[', {1}, ']'))"
_ITEM_FROM_END = "CASE WHEN JSON_LENGTH({0}) >= {1} THEN JSON_VALUE({0}, CONCAT('$[', JSON_LENGTH({0}) - {1}, ']')) END"
_ITEMS = {
    "whole": "CAST({} AS SIGNED)",
    "decimal": "CAST({} AS DECIMAL(65, 30))",
    "floating": "CAST({} AS DOUBLE)",
    "text": f"{{}}{COLLATED}",
    "bool": "({} IN ('1', 'true'))",
    "bytes": "UNHEX({})",
    "date": "CAST({} AS DATE)",
    "time": "CAST({} AS TIME(6))",
    "datetime": "CAST({} AS DATETIME(6))",
    "timestamptz": "CAST(LEFT({}, 26) AS DATETIME(6))",
    "interval": "CAST({} AS SIGNED)",
}

_BOUNDS = {kind: _ITEMS["whole" if bound in INTEGERS else bound.word] for kind, bound in RANGES.items()}

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
    # --- dates, times, moments ---
    **{name: f"{name.upper()}({{0}})" for name in ("year", "quarter", "month", "day", "hour", "minute", "second")},
    "microsecond": "MICROSECOND({0})",
    "day_of_year": "DAYOFYEAR({0})",
    "weekday": "(WEEKDAY({0}) + 1)",
    "week": "WEEK({0}, 3)",
    "week_year": "(YEARWEEK({0}, 3) DIV 100)",
    "date": "DATE({0})",
    "time": "TIME({0})",
    **{f"truncate_{unit}": f"CAST({text} AS DATETIME(6))" for unit, text in _STARTS.items()},
    **{(f"truncate_{unit}", Kind.DATE): f"CAST({text} AS DATE)" for unit, text in _FIRST_DAYS.items()},
    "add_days": "DATE_ADD({0}, INTERVAL {1} DAY)",
    "add_span": "DATE_ADD({0}, INTERVAL {1} MICROSECOND)",
    "subtract_span": "DATE_SUB({0}, INTERVAL {1} MICROSECOND)",
    "difference": "TIMESTAMPDIFF(MICROSECOND, {1}, {0})",
    ("difference", Kind.DATE): "(DATEDIFF({0}, {1}) * 86400000000)",
    "at_zone": "",
    "at_offset": "DATE_ADD({0}, INTERVAL {1} MICROSECOND)",
    "total_seconds": "(CAST({0} AS DOUBLE) / 1000000)",
    "days": "(FLOOR({0} / 86400000000) DIV 1)",
    "now": "UTC_TIMESTAMP(6)",
    "current_date": "UTC_DATE()",
    # --- of any type ---
    ("literal", Kind.DATE): "CAST({0} AS DATE)",
    ("literal", Kind.TIME): "CAST({0} AS TIME(6))",
    **{("literal", kind): "CAST({0} AS DATETIME(6))" for kind in (Kind.DATETIME, Kind.TIMESTAMPTZ)},
    "random": "RAND()",
    "to_int": "(TRUNCATE({0}, 0) DIV 1)",
    "text_to_int": f"CASE WHEN {{0}} REGEXP '{WHOLE}{_END}' THEN CAST({{0}} AS SIGNED) END",
    "to_float": "CAST({0} AS DOUBLE)",
    "text_to_float": f"CASE WHEN {{0}} REGEXP '{_NUMBER}{_END}' THEN CAST({{0}} AS DOUBLE) END",
    "to_decimal": "CAST({0} AS DECIMAL(65))",
    "text_to_decimal": f"CASE WHEN {{0}} REGEXP '{_FIXED}{_END}' THEN CAST({{0}} AS DECIMAL(65, 20)) END",
    "to_text": "CAST({0} AS CHAR)",
    # --- arrays, which are JSON of one spelling (see `items`) ---
    **{f"array_item_{family}": text.format(_ITEM) for family, text in _ITEMS.items()},
    **{f"array_item_{family}_from_end": text.format(_ITEM_FROM_END) for family, text in _ITEMS.items()},
    "array_append": (
        "CASE {0} WHEN '[]' THEN {1} ELSE CONCAT(LEFT({0}, CHAR_LENGTH({0}) - 1), ',', SUBSTR({1}, 2)) END"
    ),
    # --- sets, of whose members none has a comma ---
    "set_contains": "FIND_IN_SET({1}, {0}) > 0",
    ("array_length", Kind.SET): (
        "CASE {0} WHEN '' THEN 0 ELSE CHAR_LENGTH({0}) - CHAR_LENGTH(REPLACE({0}, ',', '')) + 1 END"
    ),
    # --- ranges and networks, which are text ---
    **{
        (f"range_{side}", kind): text.format(f"JSON_VALUE({{0}}, '$.{side}')")
        for kind, text in _BOUNDS.items()
        for side in ("lower", "upper")
    },
    "range_lower_inc": "LEFT(JSON_VALUE({0}, '$.bounds'), 1) = '['",
    "range_upper_inc": "RIGHT(JSON_VALUE({0}, '$.bounds'), 1) = ']'",
}

LACKS = {
    "at_zone": ("time zones by name", "give the offset, such as +02:00, or convert the moments in Python"),
}
"""What it lacks, in words, and what to do instead."""

_COLUMNS = {
    **dict.fromkeys(INTEGERS, "BIGINT"),
    Kind.UNSIGNED_BIGINT: "BIGINT UNSIGNED",
    Kind.DECIMAL: "DECIMAL(65, 30)",
    Kind.DOUBLE: "DOUBLE",
    **dict.fromkeys((Kind.TEXT, Kind.ENUM, Kind.UUID), f"LONGTEXT CHARACTER SET utf8mb4{COLLATED}"),
    Kind.DATE: "DATE",
    Kind.TIME: "TIME(6)",
    Kind.DATETIME: "DATETIME(6)",
    Kind.INTERVAL: "BIGINT",
}


def table_of_items(kind: Kind) -> tuple[str, str]:
    """Text before and behind an array that makes a table of its items; see `SqlRules.table_of_items`.

    Raises:
        NotSupported: of a type that JSON_TABLE cannot read.
    """
    type_ = _COLUMNS.get(kind)
    if type_ is None:
        raise NotSupported(f"comparison with any or all items of the type {kind}", "mysql", "use contains()")
    return "JSON_TABLE(", f", '$[*]' COLUMNS (`value` {type_} PATH '$'))"
