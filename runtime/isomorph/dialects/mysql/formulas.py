"""How MySQL and MariaDB spell the parts of a schema's expressions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from isomorph.catalog import Kind
from isomorph.catalog.patterns import Engine
from isomorph.dialects.standard.formulas import STANDARD, Formulas, Sql, joined
from isomorph.dialects.standard.templates import Template, Templates, parsed

__all__ = ["BY_CODE_POINT", "FORMULAS"]

BY_CODE_POINT = "/*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */"
"""The collation without padding by code point, which has another name on MariaDB (the first) than on MySQL."""

_UNSIGNED = frozenset({Kind.UNSIGNED_TINYINT, Kind.UNSIGNED_SMALLINT, Kind.UNSIGNED_INT})

_TEMPLATES: Templates = {
    "concat": "CONCAT({*})",
    # Where there is nothing to replace, REPLACE does not look at what by.
    "replace by": "IF({2} IS NULL, NULL, REPLACE({*}))",
    "round": "CAST(ROUND({0}) AS SIGNED)",
    "floor": "CAST(FLOOR({0}) AS SIGNED)",
    "ceil": "CAST(CEIL({0}) AS SIGNED)",
    "year": "YEAR({0})",
    "month": "MONTH({0})",
    "day": "DAY({0})",
    "hour": "HOUR({0})",
    "minute": "MINUTE({0})",
    "second": "SECOND({0})",
    "date": "DATE({0})",
}


class MySQLFormulas(Formulas):
    templates: ClassVar[Mapping[str | tuple[str, Kind], Template]] = parsed(STANDARD, _TEMPLATES, literal_percent=False)
    engine = Engine.PERL
    search = " REGEXP "
    remainder = " %% "
    # A quotient has four digits more than its dividend (div_precision_increment), 65 digits in all.
    quotient = ("CAST(", " AS DECIMAL(65, 20)) / ", "")

    def arithmetic(self, operator: str, left: Sql, right: Sql, kind: Kind | None) -> Sql:
        return super().arithmetic("DIV" if operator == "/" and kind is Kind.BIGINT else operator, left, right, kind)

    def widened(
        self, operator: str, left: Sql, left_kind: Kind | None, right: Sql, right_kind: Kind | None
    ) -> tuple[Sql, Sql]:
        del operator
        # What is calculated of an unsigned number is unsigned, too, and an error below 0.
        return _signed(left, left_kind), _signed(right, right_kind)

    def as_text(self, value: Sql) -> Sql:
        return joined("CAST(", value, " AS CHAR)")

    def compared(self, value: Sql, kind: Kind | None, *, of_columns: bool) -> Sql:
        # What no column gives a collation has that of the connection, to which case does not count.
        return value if of_columns or kind is not Kind.TEXT else joined(value, f" {BY_CODE_POINT}")

    def exact_constant(self, value: Sql) -> Sql:
        return self.exact_text(value)

    def exact_text(self, value: Sql) -> Sql:
        return joined("CONVERT(", value, " USING utf8mb4) COLLATE utf8mb4_bin")


def _signed(value: Sql, kind: Kind | None) -> Sql:
    return joined("CAST(", value, " AS SIGNED)") if kind in _UNSIGNED else value


FORMULAS = MySQLFormulas()
