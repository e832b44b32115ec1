"""How PostgreSQL spells statements where it differs from the standard."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from isomorph.catalog import INTEGERS, NUMBERS, ColumnType, Kind
from isomorph.dialects.postgresql.documents import DOCUMENTS
from isomorph.dialects.postgresql.fulltext import FULL_TEXT
from isomorph.dialects.postgresql.functions import FUNCTIONS
from isomorph.dialects.postgresql.types import TYPE_NAMES
from isomorph.dialects.standard import functions as standard
from isomorph.dialects.standard.aggregates import Aggregation
from isomorph.dialects.standard.sql import SqlRules
from isomorph.dialects.standard.templates import Template, parsed

__all__ = ["RULES"]


_AS_BIGINT = INTEGERS.keys() - {Kind.UNSIGNED_BIGINT}
_TRUTHS = {"EVERY": "BOOL_AND", "SOME": "BOOL_OR"}
_DIGITS_OF_MEAN = 40


class PostgreSQLRules(SqlRules):
    ilike = ("", " ILIKE ", " ESCAPE '!'")
    # Patterns are not for collations that take different texts for equal, and "C" knows the case of ASCII only.
    by_code_point = ("(", ' COLLATE pg_catalog."default")')
    # In a plan that is kept for all parameters a bound one stands for a tenth of the rows that there are without it. Where these
    # are few, it seems less work to walk a large table by the key that orders them than to sort them.
    writes_limit = True
    locks_outer_joined = False
    nulls_are_least = False
    has_ranges = True
    has_prepared_words = True
    has_networks = True
    documents = DOCUMENTS
    full_text = FULL_TEXT
    functions: ClassVar[Mapping[str | tuple[str, Kind], Template]] = parsed(
        standard.FUNCTIONS, FUNCTIONS, literal_percent=False
    )

    # Found by the search path, as a query finds it.
    columns_of = (
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped"
        " ORDER BY attnum"
    )
    columns_of_quoted = True
    types_first_values = True
    ranged: ClassVar[Collection[Kind]] = frozenset(
        {*NUMBERS, Kind.DATE, Kind.TIME, Kind.DATETIME, Kind.TIMESTAMPTZ, Kind.INTERVAL}
    )

    def aggregate(self, name: str, kind: Kind | None) -> Aggregation:
        if name in _TRUTHS:
            return Aggregation(_TRUTHS[name])
        if kind is Kind.UUID and name in {"MIN", "MAX"}:
            # Before version 18 there is neither of uuid; its text has the same order.
            return Aggregation(name, ("CAST(", ' AS text) COLLATE "C"'), ("CAST(", " AS uuid)"))
        if kind is Kind.MACADDR and name in {"MIN", "MAX"}:
            return Aggregation(name, ("CAST(", ' AS text) COLLATE "C"'), ("CAST(", " AS macaddr)"))
        if kind is Kind.CIDR and name in {"MIN", "MAX"}:
            return Aggregation(name, ("", ""), ("CAST(", " AS cidr)"))  # or else of inet
        if name == "AVG" and kind is Kind.DECIMAL:
            # The mean of numerics has as many digits behind the point as the widest of them, if that is more than 16.
            return Aggregation(name, ("ROUND(", f", {_DIGITS_OF_MEAN})"))
        if name == "AVG" and kind in INTEGERS:
            return Aggregation(name, ("ROUND(", f", {_DIGITS_OF_MEAN})"), ("CAST(", " AS double precision)"))
        if name == "SUM" and kind is Kind.REAL:
            return Aggregation(name, ("CAST(", " AS double precision)"))  # it would be a sum of 32 bits
        return super().aggregate(name, kind)

    def array_in(self, kind: Kind, *, negated: bool) -> str | None:
        # A value compared may be wider than the column; integers of all widths compare, and use the same indexes.
        array = array_of(kind)
        if array is None:
            return None  # an enum, which has a type of its own and few members
        # The cast gives the list the column's type, so that indexes serve.
        return f" {'<> ALL' if negated else '= ANY'} (%s::{array})"

    def array_value(self, values: Sequence[object]) -> object:
        return list(values)

    def keys_in(self, types: Sequence[ColumnType]) -> str | None:
        arrays = [array_of(type_.kind) for type_ in types]
        if len(arrays) == 1:
            # A list of texts without a type takes that of the column: an enum's.
            return f" = ANY (%s::{arrays[0]})" if arrays[0] else " = ANY (%s)" if types[0].kind is Kind.ENUM else None
        if None in arrays:
            return None
        return f" IN (SELECT * FROM unnest({', '.join([f'%s::{array}' for array in arrays])}))"

    def keys_values(self, types: Sequence[ColumnType], columns: Sequence[Sequence[object]]) -> Sequence[object]:
        del types
        return [list(values) for values in columns]


def array_of(kind: Kind) -> str | None:
    name = "bigint" if kind in _AS_BIGINT else type_name_of(kind)
    return None if name is None else f"{name}[]"


def type_name_of(kind: Kind) -> str | None:
    """A type's name, without what stands in parentheses behind it; None for one that has none by itself."""
    name = TYPE_NAMES.get(kind)
    return None if name is None else name.partition("(")[0]


RULES = PostgreSQLRules()
