"""How PostgreSQL spells statements where it differs from the standard."""

from __future__ import annotations

from collections.abc import Sequence

from isomorph.catalog import Kind
from isomorph.dialects.postgresql.ddl import PostgreSQLDdl
from isomorph.dialects.standard.sql import SqlRules

__all__ = ["RULES"]


_INTEGERS = frozenset({Kind.SMALLINT, Kind.INT, Kind.BIGINT})


class PostgreSQLRules(SqlRules):
    ilike = ("", " ILIKE ", " ESCAPE '!'")

    def aggregate(self, name: str, kind: Kind | None) -> tuple[str, str]:
        if kind is Kind.UUID and name in {"MIN", "MAX"}:
            # Before version 18 there is neither of uuid; its text has the same order.
            return f"CAST({name}(CAST(", ' AS text) COLLATE "C") AS uuid)'
        return super().aggregate(name, kind)

    def array_in(self, kind: Kind, *, negated: bool) -> str | None:
        # A value compared may be wider than the column; integers of all widths compare, and use the same indexes.
        name = "bigint" if kind in _INTEGERS else PostgreSQLDdl.type_names.get(kind)
        if name is None:
            return None  # an enum, which has a type of its own and few members
        # The cast gives the list the column's type, so that indexes serve.
        return f" {'<> ALL' if negated else '= ANY'} (%s::{name.partition('(')[0]}[])"

    def array_value(self, values: Sequence[object]) -> object:
        return list(values)


RULES = PostgreSQLRules()
