"""How SQLite spells statements where it differs from the standard."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import ClassVar

from isomorph.catalog import Kind
from isomorph.dialects.standard.sql import Pattern, SqlRules, Wildcard

__all__ = ["RULES"]

_GLOB = {Wildcard.ANY: "*", Wildcard.ONE: "?"}


class SQLiteRules(SqlRules):
    # SQLite's LIKE ignores the case of ASCII letters; GLOB does not (https://sqlite.org/lang_expr.html#like).
    like = ("", " GLOB ", "")
    ilike = ("", " LIKE ", " ESCAPE '!'")
    # SQLITE_MAX_VARIABLE_NUMBER is 32,766 unless built otherwise (https://sqlite.org/limits.html).
    most_parameters = 32_766
    # SUM of integers fails where it leaves 64 bits; the sums of the upper and of the lower halves do not.
    sum_in_parts: ClassVar[Mapping[Kind, Sequence[tuple[str, int, int]]]] = {
        Kind.BIGINT: ((" >> ", 32, 32), (" & ", 2**32 - 1, 0))
    }
    # SQLite's own operators make floating-point numbers of the text, which are less than any text.
    arithmetic_of_decimals: ClassVar[Mapping[str, tuple[str, str, str]]] = {
        operator: (f"{function}(", ", ", ") COLLATE isomorph_decimal")
        for operator, function in (
            (" + ", "isomorph_add"),
            (" - ", "isomorph_subtract"),
            (" * ", "isomorph_multiply"),
        )
    }

    def like_pattern(self, parts: Pattern) -> str:
        return "".join(
            _GLOB[part]
            if isinstance(part, Wildcard)
            else part.replace("[", "[[]").replace("*", "[*]").replace("?", "[?]")
            for part in parts
        )

    def aggregate(self, name: str, kind: Kind | None) -> tuple[str, str]:
        if kind is Kind.DECIMAL and name in {"SUM", "AVG"}:
            # Decimals are text; the driver registers exact aggregates over it.
            return f"isomorph_{name.lower()}(", ")"
        return super().aggregate(name, kind)

    def row_window(self, limit: str | None, offset: str | None) -> str:
        # OFFSET needs LIMIT; a negative one means no limit (https://sqlite.org/lang_select.html#limitoffset).
        return super().row_window("-1" if limit is None and offset is not None else limit, offset)

    def array_in(self, kind: Kind, *, negated: bool) -> str | None:
        if kind is Kind.BYTES:
            return None  # the list travels as JSON, which has no bytes
        return f"{' NOT' if negated else ''} IN (SELECT value FROM json_each(?))"

    def array_value(self, values: Sequence[object]) -> object:
        return json.dumps(values, ensure_ascii=False)


RULES = SQLiteRules()
