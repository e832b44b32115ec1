"""How SQLite spells statements where it differs from the standard."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar, cast

from isomorph.catalog import FLOATS, INTEGERS, SHAPES, ColumnType, Kind
from isomorph.catalog.patterns import Engine
from isomorph.dialects.sqlite.documents import DOCUMENTS
from isomorph.dialects.sqlite.fulltext import FULL_TEXT
from isomorph.dialects.sqlite.functions import FUNCTIONS, table_of_items
from isomorph.dialects.standard import functions as standard
from isomorph.dialects.standard.aggregates import TRUTHS, Aggregation, pieces_of
from isomorph.dialects.standard.sql import Pattern, SqlRules, Wildcard
from isomorph.dialects.standard.templates import Template, parsed

__all__ = ["RULES"]

_AS_TEXT = frozenset({Kind.DECIMAL, Kind.UNSIGNED_BIGINT})
"""Numbers that are stored as text, for which the driver registers functions."""

_ANY = Wildcard.ANY


def _escaped(text: str) -> str:
    return text.replace("[", "[[]").replace("*", "[*]").replace("?", "[?]")


class SQLiteRules(SqlRules):
    # SQLite's LIKE ignores the case of ASCII letters; GLOB does not (https://sqlite.org/lang_expr.html#like).
    like = ("", " GLOB ", "")
    # It ignores the case of ASCII letters only, so both sides are folded before.
    ilike = ("isomorph_lower(", ") LIKE isomorph_lower(", ") ESCAPE '!'")
    engine = Engine.PYTHON
    matches = ("", " REGEXP ", "")
    # What is computed has no collation unless it says so.
    collations: ClassVar[Mapping[Kind, str]] = dict.fromkeys(
        (Kind.DECIMAL, Kind.UNSIGNED_BIGINT), " COLLATE isomorph_decimal"
    )
    # A negative one means no limit (https://sqlite.org/lang_select.html#limitoffset).
    no_limit = "-1"
    has_quantifiers = False
    lists_rows_by_values = True
    # SQLITE_MAX_VARIABLE_NUMBER is 32,766 unless built otherwise (https://sqlite.org/limits.html).
    most_parameters = 32_766
    # SUM of integers fails where it leaves 64 bits; the sums of the upper and of the lower halves do not.
    sum_in_parts: ClassVar[Mapping[Kind, Sequence[tuple[str, int, int]]]] = dict.fromkeys(
        (Kind.BIGINT, Kind.INTERVAL), ((" >> ", 32, 32), (" & ", 2**32 - 1, 0))
    )
    # SQLite's own operators make floating-point numbers of the text, which are less than any text.
    arithmetic_of_decimals: ClassVar[Mapping[str, tuple[str, str, str]]] = {
        operator: (f"{function}(", ", ", ") COLLATE isomorph_decimal")
        for operator, function in (
            (" + ", "isomorph_add"),
            (" - ", "isomorph_subtract"),
            (" * ", "isomorph_multiply"),
        )
    }

    documents = DOCUMENTS
    full_text = FULL_TEXT
    functions: ClassVar[Mapping[str | tuple[str, Kind], Template]] = parsed(
        standard.FUNCTIONS, FUNCTIONS, literal_percent=True
    )
    has_rollup = False
    has_lone_having = False  # before version 3.39
    columns_of = "SELECT name FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid"
    # What is stored as text is at no distance.
    ranged: ClassVar[Collection[Kind]] = frozenset({*INTEGERS.keys() - {Kind.UNSIGNED_BIGINT}, *FLOATS})
    # Aggregates of SQLite's own take ORDER BY since version 3.44 only.
    gathered: ClassVar[Mapping[str, Sequence[str]]] = {
        "texts": pieces_of("isomorph_texts({plan}, {value}, {separator}, {keys}){filter}"),
        "items": pieces_of("COALESCE(isomorph_items({plan}, {value}, {keys}){filter}, '[]')"),
    }

    def table_of_items(self, kind: Kind) -> tuple[str, str] | None:
        return table_of_items(kind)

    def lock(self, mode: str, wait: str, of: Sequence[str]) -> str:
        # A transaction holds the lock of the whole database from its first statement on.
        del mode, wait, of
        return ""

    def like_pattern(self, parts: Pattern) -> str:
        return "".join([_escaped(part) if isinstance(part, str) else "*" if part is _ANY else "?" for part in parts])

    def aggregate(self, name: str, kind: Kind | None) -> Aggregation:
        if kind in _AS_TEXT and name in {"SUM", "AVG"}:
            return Aggregation(f"isomorph_{name.lower()}")  # of the driver, and exact
        if name == "AVG" and kind is Kind.BIGINT:
            return Aggregation("isomorph_mean")  # SQLite's own adds up floats
        return Aggregation(TRUTHS.get(name, name))

    def array_in(self, kind: Kind, *, negated: bool) -> str | None:
        if kind is Kind.BYTES or kind is Kind.CUSTOM or kind in SHAPES:
            return None  # the list travels as JSON, which has no bytes
        return f"{' NOT' if negated else ''} IN (SELECT value FROM json_each(?))"

    def array_value(self, values: Sequence[object]) -> object:
        return json.dumps(values, ensure_ascii=False)

    def keys_in(self, types: Sequence[ColumnType]) -> str | None:
        kinds = [type_.kind for type_ in types]
        if any(kind is Kind.CUSTOM or kind in SHAPES for kind in kinds):
            return None  # what they are nobody knows
        values = ["value"] if len(kinds) == 1 else [f"json_extract(value, '$[{place}]')" for place in range(len(kinds))]
        # JSON has no bytes, so that they travel as their digits.
        read = [
            f"isomorph_unhex({value})" if kind is Kind.BYTES else value
            for value, kind in zip(values, kinds, strict=True)
        ]
        return f" IN (SELECT {', '.join(read)} FROM json_each(?))"

    def keys_values(self, types: Sequence[ColumnType], columns: Sequence[Sequence[object]]) -> Sequence[object]:
        read = [
            [cast("bytes", value).hex() for value in values] if type_.kind is Kind.BYTES else values
            for type_, values in zip(types, columns, strict=True)
        ]
        return [json.dumps(read[0] if len(read) == 1 else list(zip(*read, strict=True)), ensure_ascii=False)]


RULES = SQLiteRules()
