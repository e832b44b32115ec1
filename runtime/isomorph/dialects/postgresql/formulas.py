"""How PostgreSQL spells the parts of a schema's expressions. All of it is immutable, as generated columns need it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from isomorph.catalog import Kind
from isomorph.dialects.standard.formulas import STANDARD, Formulas, Sql, joined
from isomorph.dialects.standard.templates import Template, Templates, parsed

__all__ = ["FORMULAS"]

_PARTS = ("year", "month", "day", "hour", "minute")

_TEMPLATES: Templates = {
    **{name: f"CAST(EXTRACT({name.upper()} FROM {{0}}) AS integer)" for name in _PARTS},
    **{
        (name, Kind.TIMESTAMPTZ): f"CAST(EXTRACT({name.upper()} FROM {{0}} AT TIME ZONE 'UTC') AS integer)"
        for name in _PARTS
    },
    # Seconds have a fraction, which a cast would round.
    "second": "CAST(FLOOR(EXTRACT(SECOND FROM {0})) AS integer)",
    ("date", Kind.TIMESTAMPTZ): "CAST({0} AT TIME ZONE 'UTC' AS date)",
}


class PostgreSQLFormulas(Formulas):
    templates: ClassVar[Mapping[str | tuple[str, Kind], Template]] = parsed(STANDARD, _TEMPLATES, literal_percent=False)
    remainder = " %% "

    def widened(
        self, operator: str, left: Sql, left_kind: Kind | None, right: Sql, right_kind: Kind | None
    ) -> tuple[Sql, Sql]:
        if operator in ("/", "%") or Kind.BIGINT in (left_kind, right_kind):
            return left, right
        if left_kind is not None:
            return joined("CAST(", left, " AS bigint)"), right
        return left, right if right_kind is None else joined("CAST(", right, " AS bigint)")

    def exact_text(self, value: Sql) -> Sql:
        # A text under a collation to which case does not count cannot be searched at all before PostgreSQL 18.
        return joined(value, ' COLLATE "C"')

    def replaceable(self, value: Sql) -> Sql:
        return self.exact_text(value)


FORMULAS = PostgreSQLFormulas()
