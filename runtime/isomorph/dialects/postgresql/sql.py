"""How PostgreSQL spells statements where it differs from the standard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from isomorph.catalog import INTEGERS, Kind
from isomorph.dialects.postgresql.ddl import PostgreSQLDdl
from isomorph.dialects.postgresql.functions import FUNCTIONS
from isomorph.dialects.standard import functions as standard
from isomorph.dialects.standard.sql import SqlRules
from isomorph.dialects.standard.templates import Template, parsed

__all__ = ["RULES"]


_AS_BIGINT = INTEGERS.keys() - {Kind.UNSIGNED_BIGINT}


class PostgreSQLRules(SqlRules):
    ilike = ("", " ILIKE ", " ESCAPE '!'")
    nulls_are_least = False
    functions: ClassVar[Mapping[str | tuple[str, Kind], Template]] = parsed(
        standard.FUNCTIONS, FUNCTIONS, literal_percent=False
    )

    def aggregate(self, name: str, kind: Kind | None) -> tuple[str, str]:
        if kind is Kind.UUID and name in {"MIN", "MAX"}:
            # Before version 18 there is neither of uuid; its text has the same order.
            return f"CAST({name}(CAST(", ' AS text) COLLATE "C") AS uuid)'
        if kind is Kind.MACADDR and name in {"MIN", "MAX"}:
            return f"CAST({name}(CAST(", ' AS text) COLLATE "C") AS macaddr)'
        if kind is Kind.CIDR and name in {"MIN", "MAX"}:
            return f"CAST({name}(", ") AS cidr)"  # or else of inet
        if kind is Kind.REAL and name in {"SUM", "AVG"}:
            # Its sum of numbers of 32 bits has 32 bits, too.
            return f"{name}(CAST(", " AS double precision))"
        return super().aggregate(name, kind)

    def array_in(self, kind: Kind, *, negated: bool) -> str | None:
        # A value compared may be wider than the column; integers of all widths compare, and use the same indexes.
        name = "bigint" if kind in _AS_BIGINT else PostgreSQLDdl.type_names.get(kind)
        if name is None:
            return None  # an enum, which has a type of its own and few members
        # The cast gives the list the column's type, so that indexes serve.
        return f" {'<> ALL' if negated else '= ANY'} (%s::{name.partition('(')[0]}[])"

    def array_value(self, values: Sequence[object]) -> object:
        return list(values)


RULES = PostgreSQLRules()
