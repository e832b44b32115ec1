"""How SQLite spells the parts of a schema's expressions. Decimals are text there, so functions of the driver see to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from isomorph.catalog import ColumnType, Kind
from isomorph.catalog.patterns import Engine
from isomorph.dialects.sqlite.sql import RULES
from isomorph.dialects.standard.formulas import STANDARD, Formulas, Sql, joined
from isomorph.dialects.standard.sql import SqlRules
from isomorph.dialects.standard.templates import Template, Templates, parsed

__all__ = ["FORMULAS"]

_DECIMALS = {"+": "isomorph_add", "-": "isomorph_subtract", "*": "isomorph_multiply", "/": "isomorph_divide"}

# Dates and times are text of a fixed form (see `types`), so their parts stand at fixed places.
_IN_DAY = {"year": (1, 4), "month": (6, 2), "day": (9, 2), "hour": (12, 2), "minute": (15, 2), "second": (18, 2)}
_IN_TIME = {"hour": (1, 2), "minute": (4, 2), "second": (7, 2)}

_TEMPLATES: Templates = {
    # SQLite's own know the letters of ASCII only.
    "lower": "isomorph_lower({0})",
    "upper": "isomorph_upper({0})",
    "length": "LENGTH({0})",
    ("abs", Kind.DECIMAL): "isomorph_abs({0})",
    "round": "CAST(isomorph_round({0}, 0) AS INTEGER)",
    "round to": "isomorph_round({*})",
    "floor": "isomorph_floor({0})",
    "ceil": "isomorph_ceil({0})",
    "date": "SUBSTR({0}, 1, 10)",
    **{name: f"CAST(SUBSTR({{0}}, {start}, {size}) AS INTEGER)" for name, (start, size) in _IN_DAY.items()},
    **{
        (name, Kind.TIME): f"CAST(SUBSTR({{0}}, {start}, {size}) AS INTEGER)"
        for name, (start, size) in _IN_TIME.items()
    },
}


class SQLiteFormulas(Formulas):
    templates: ClassVar[Mapping[str | tuple[str, Kind], Template]] = parsed(STANDARD, _TEMPLATES, literal_percent=True)
    patterns: ClassVar[SqlRules] = RULES
    engine = Engine.PYTHON
    search = " REGEXP "

    def arithmetic(self, operator: str, left: Sql, right: Sql, kind: Kind | None) -> Sql:
        if kind is Kind.DECIMAL and operator in _DECIMALS:
            return joined(f"{_DECIMALS[operator]}(", left, ", ", right, ")")
        return super().arithmetic(operator, left, right, kind)

    def divisor(self, right: Sql) -> Sql:
        return right  # what is divided by 0 is NULL

    def converted(self, value: Sql, before: Kind | None, after: Kind | None) -> Sql:
        if after is Kind.DOUBLE and before is Kind.DECIMAL:
            return joined("CAST(", value, " AS REAL)")
        if after is Kind.DECIMAL and before is Kind.BIGINT:
            return self.as_text(value)
        return value

    def as_text(self, value: Sql) -> Sql:
        return joined("CAST(", value, " AS TEXT)")

    def compared(self, value: Sql, kind: Kind | None, *, of_columns: bool) -> Sql:
        del of_columns
        return joined(value, " COLLATE isomorph_decimal") if kind is Kind.DECIMAL else value

    def generated(self, value: Sql, kind: Kind | None, type_: ColumnType) -> Sql:
        if type_.kind is Kind.DECIMAL:
            return joined("isomorph_round(", value, f", {type_.scale})")
        return self.converted(value, kind, Kind.DOUBLE) if type_.kind in (Kind.DOUBLE, Kind.REAL) else value


FORMULAS = SQLiteFormulas()
