"""How MySQL and MariaDB spell statements where they differ from the standard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from isomorph.catalog import INTEGERS, ColumnType, Kind
from isomorph.catalog.patterns import Engine
from isomorph.dialects.mysql.documents import DOCUMENTS
from isomorph.dialects.mysql.formulas import BY_CODE_POINT
from isomorph.dialects.mysql.fulltext import FULL_TEXT
from isomorph.dialects.mysql.functions import FUNCTIONS, LACKS, table_of_items
from isomorph.dialects.standard import functions as standard
from isomorph.dialects.standard.aggregates import TRUTHS, Aggregation, pieces_of
from isomorph.dialects.standard.sql import WAITS, SqlRules
from isomorph.dialects.standard.templates import Template, parsed
from isomorph.errors import NotSupported

__all__ = ["RULES", "Listed"]


class Listed(tuple[object, ...]):
    """Values, or rows of them, that the driver writes as a list: a parameter behind IN."""

    __slots__ = ()


class MySQLRules(SqlRules):
    engine = Engine.PERL
    matches = ("", " REGEXP ", "")
    by_code_point = ("(CONVERT(", f" USING utf8mb4) {BY_CODE_POINT})")
    has_sets = True
    # Their manuals: the optimizer uses no index for a comparison of rows other than by equality.
    has_row_order = False
    # It has no OFFSET without LIMIT; its manual (SELECT statement, LIMIT) says to pass a number larger than any table.
    # 2**64 - 1 is the largest it takes.
    no_limit = str(2**64 - 1)
    empty_insert = " () VALUES ()"
    # PyMySQL writes values into the text itself, so that only the size of a packet bounds them (16 MB by default).
    most_parameters = 1_000_000
    # A transaction reads as of its first SELECT (REPEATABLE READ), but a locking one reads what is committed.
    newest = " LOCK IN SHARE MODE"

    has_nulls_order = False
    # ORDER BY goes by the number of a member, while a comparison with a text makes a text of the member (manual, ENUM).
    compares_enums_in_order = False
    # The variable max_sort_length is 1,024 bytes by default, of which MariaDB takes four for the length of a BLOB.
    most_sorted_bytes = 1_000
    lacks: ClassVar[Mapping[str, tuple[str, str]]] = LACKS
    documents = DOCUMENTS
    full_text = FULL_TEXT
    functions: ClassVar[Mapping[str | tuple[str, Kind], Template]] = parsed(
        standard.FUNCTIONS, FUNCTIONS, literal_percent=False
    )

    # A CASE stands for FILTER, a UNION ALL for ROLLUP: MariaDB has one of its own, but not what tells its rows apart.
    has_filter = False
    has_rollup = False
    has_lag_default = False
    has_values = False
    # MariaDB 10.11 takes the rows for ordered by their groups already, and then orders them for the window.
    forgets_order_of_groups = True
    has_wide_frames = False
    gathered: ClassVar[Mapping[str, Sequence[str]]] = {
        "texts": pieces_of("GROUP_CONCAT({distinct}{value} ORDER BY {orders} SEPARATOR {separator})"),
        # JSON_ARRAYAGG takes an order on MariaDB only.
        # Without its brackets; the collation of JSON_QUOTE is none that texts beside it have.
        "items": pieces_of(
            "COALESCE(CAST(GROUP_CONCAT({distinct}JSON_QUOTE(CAST({value} AS CHAR)) ORDER BY {orders} SEPARATOR ',')"
            " AS CHAR), '')"
        ),
    }

    def aggregate(self, name: str, kind: Kind | None) -> Aggregation:
        if name in TRUTHS:
            return Aggregation(TRUTHS[name])
        if name == "AVG" and kind is Kind.DECIMAL:
            # The mean has four digits more than its operand, and DECIMAL 30 at most.
            return Aggregation(name, ("CAST(", " AS DECIMAL(65, 30))"))
        if name == "AVG" and kind in INTEGERS:
            return Aggregation(name, ("CAST(", " AS DECIMAL(65, 30))"), ("(", " + 0e0)"))
        return super().aggregate(name, kind)

    def table_of_items(self, kind: Kind) -> tuple[str, str] | None:
        return table_of_items(kind)

    def lock(self, mode: str, wait: str, of: Sequence[str]) -> str:
        if of:
            raise NotSupported("lock of some tables only", "mysql", "lock the rows of all, or query them apart")
        # MariaDB has no FOR SHARE, MySQL takes both.
        return (" FOR UPDATE" if mode == "update" else " LOCK IN SHARE MODE") + WAITS[wait]

    # The driver writes values into the text itself, so a list is one parameter as well as any; and unlike the columns of
    # JSON_TABLE its values take the collation of what they are compared with, so that indexes serve.

    def array_in(self, kind: Kind, *, negated: bool) -> str | None:
        del kind
        return " NOT IN %s" if negated else " IN %s"

    def array_value(self, values: Sequence[object]) -> object:
        return Listed(values)

    def keys_in(self, types: Sequence[ColumnType]) -> str | None:
        del types
        return " IN %s"

    def keys_values(self, types: Sequence[ColumnType], columns: Sequence[Sequence[object]]) -> Sequence[object]:
        del types
        return [Listed(columns[0] if len(columns) == 1 else map(Listed, zip(*columns, strict=True)))]


RULES = MySQLRules()
