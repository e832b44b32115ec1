"""Functions of queries: `from isomorph import functions as f`.

Aggregates, windows and their frames, whole models that may be missing, and the new row of an upsert. What a column itself can be asked for are
methods of it: `User.name.lower()`.
"""

from __future__ import annotations

from isomorph.orm.aliases import optional
from isomorph.orm.subquerying import exists
from isomorph.orm.values import values
from isomorph.sql.aggregates import avg, bool_and, bool_or, count, grouping, max, min, sum  # noqa: A004 - as in SQL
from isomorph.sql.assignments import excluded
from isomorph.sql.choices import case, coalesce, current_date, greatest, least, literal, now, nullif, random
from isomorph.sql.choices import cast_to as cast
from isomorph.sql.frames import CURRENT_ROW, Groups, Range, Rows, following, preceding
from isomorph.sql.fulltext import match, relevance
from isomorph.sql.gathering import array_agg, string_agg
from isomorph.sql.named import col
from isomorph.sql.quantifying import all_, any_
from isomorph.sql.rows import tuple_
from isomorph.sql.windows import (
    cume_dist,
    dense_rank,
    first_value,
    lag,
    last_value,
    lead,
    nth_value,
    ntile,
    percent_rank,
    rank,
    row_number,
)

__all__ = [
    "CURRENT_ROW",
    "Groups",
    "Range",
    "Rows",
    "all_",
    "any_",
    "array_agg",
    "avg",
    "bool_and",
    "bool_or",
    "case",
    "cast",
    "coalesce",
    "col",
    "count",
    "cume_dist",
    "current_date",
    "dense_rank",
    "excluded",
    "exists",
    "first_value",
    "following",
    "greatest",
    "grouping",
    "lag",
    "last_value",
    "lead",
    "least",
    "literal",
    "match",
    "max",
    "min",
    "now",
    "nth_value",
    "ntile",
    "nullif",
    "optional",
    "percent_rank",
    "preceding",
    "random",
    "rank",
    "relevance",
    "row_number",
    "string_agg",
    "sum",
    "tuple_",
    "values",
]
