"""How statements are spelled: standard SQL, and the points where a dialect differs. Pure text; knows no driver."""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar, TypeAlias

from isomorph.catalog import FLOATS, INTEGERS, ColumnType, Kind
from isomorph.catalog.patterns import Engine
from isomorph.dialects.standard.aggregates import Aggregation, pieces_of
from isomorph.dialects.standard.documents import DocumentRules
from isomorph.dialects.standard.fulltext import FullTextRules
from isomorph.dialects.standard.functions import FUNCTIONS
from isomorph.dialects.standard.templates import Template, parsed

__all__ = ["WAITS", "Pattern", "SqlRules", "Wildcard"]

WAITS = {"wait": "", "nowait": " NOWAIT", "skip_locked": " SKIP LOCKED"}
"""What a lock says about rows that others have locked."""


class Wildcard(enum.Enum):
    """A place of a LIKE pattern that stands for other text."""

    ANY = "%"
    ONE = "_"


_ANY = Wildcard.ANY

Pattern: TypeAlias = Sequence[str | Wildcard]
"""A LIKE pattern in parts: text to match as it is, and wildcards."""


def _escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


class SqlRules:
    """Standard SQL. A dialect's subclass overrides what it spells differently.

    Attributes:
        like: text before the operand, between operand and pattern, and behind the pattern; case-sensitive.
        ilike: the same, ignoring case.
        by_code_point: text before and behind a text with a collation of its own, to search it by code point and to know
            the case of all its letters.
        engine: who reads regular expressions.
        matches: text before the operand, between operand and regular expression, and behind it.
        collations: what makes a computed value of a kind compare as columns of it do.
        has_quantifiers: whether there are ANY and ALL over a sub-query.
        has_ranges: whether there are types and operators of ranges.
        has_sets: whether there is a type of sets, whose members are looked for by their names.
        has_prepared_words: whether there is a type of words prepared for search.
        has_networks: whether there are types and operators of addresses and networks.
        lists_rows_by_values: whether a list of rows is VALUES.
        has_row_order: whether rows of values are compared as indexes order them.
        empty_insert: what follows `INSERT INTO table` for a row of nothing but defaults.
        most_parameters: most bound parameters that one statement takes.
        sum_in_parts: for kinds whose SUM can overflow, the parts that it is added up from: operator and operand that
            take the part of a value, and by how many bits its sum is shifted.
        arithmetic_of_decimals: by operator, text before, between and behind two decimals, where the operator rounds.
        newest: what makes a SELECT see rows that others committed after its transaction took its view of the data.
        nulls_are_least: whether NULL stands before everything in ascending order, unless asked otherwise.
        has_nulls_order: whether ORDER BY takes NULLS FIRST and NULLS LAST.
        compares_enums_in_order: whether `<` and `>` compare members of an enum as ORDER BY sorts them.
        most_sorted_bytes: how much of a text or of bytes ORDER BY looks at; None for all.
        functions: how functions are spelled; a text of nothing where the database lacks one.
        documents: how parts of JSON documents are spelled.
        full_text: how texts are searched for words.
        lacks: what it lacks, in words, and what to do instead, by function.
        has_filter: whether aggregates take FILTER (WHERE ...).
        has_rollup: whether GROUP BY takes ROLLUP, and GROUPING tells what it left out.
        has_lone_having: whether HAVING may stand without GROUP BY.
        gathered: how values are put together in an order, `texts` to a text and `items` to an array: in pieces, the
            places `distinct`, `value`, `separator`, `orders` (as ORDER BY has them) and `filter`; `plan` and `keys`
            instead of `orders` for a function of the driver (see `isomorph.drivers.gathering`).
        forgets_order_of_groups: whether ORDER BY grouped columns is dropped beside a window function.
        has_wide_frames: whether frames of windows are counted in groups, and leave out rows by EXCLUDE.
        ranged: the kinds whose distances make a frame.
        has_values: whether VALUES is a statement that can be a part of others.
        types_first_values: whether the first row of VALUES says which types its columns have, whatever is beside it.
        columns_of: the names of a table's columns, in order; takes its name.
        columns_of_quoted: whether it takes the name in quotes.
        has_lag_default: whether LAG and LEAD take what stands for a missing row.
        no_limit: what LIMIT says where there is none, and OFFSET needs one all the same; empty where it does not.
        writes_limit: whether LIMIT is written as a number, for a planner that takes a bound one for a tenth of the rows.
        locks_outer_joined: whether rows that a left join may leave out can be locked.
    """

    like: tuple[str, str, str] = ("", " LIKE ", " ESCAPE '!'")
    ilike: tuple[str, str, str] = ("LOWER(", ") LIKE LOWER(", ") ESCAPE '!'")
    by_code_point: tuple[str, str] = ("", "")
    no_limit: str = ""
    writes_limit: bool = False
    locks_outer_joined: bool = True
    engine: Engine = Engine.POSIX
    matches: tuple[str, str, str] = ("", " ~ ", "")
    collations: ClassVar[Mapping[Kind, str]] = {}
    has_quantifiers: bool = True
    has_ranges: bool = False
    has_sets: bool = False
    has_prepared_words: bool = False
    has_networks: bool = False
    lists_rows_by_values: bool = False
    has_row_order: bool = True
    empty_insert: str = " DEFAULT VALUES"
    most_parameters: int = 65_535
    sum_in_parts: ClassVar[Mapping[Kind, Sequence[tuple[str, int, int]]]] = {}
    arithmetic_of_decimals: ClassVar[Mapping[str, tuple[str, str, str]]] = {}
    newest: str = ""
    nulls_are_least: bool = True
    has_nulls_order: bool = True
    compares_enums_in_order: bool = True
    most_sorted_bytes: int | None = None
    functions: ClassVar[Mapping[str | tuple[str, Kind], Template]] = parsed(FUNCTIONS, literal_percent=True)
    documents: DocumentRules = DocumentRules()
    full_text: FullTextRules = FullTextRules()
    lacks: ClassVar[Mapping[str, tuple[str, str]]] = {}
    has_filter: bool = True
    has_rollup: bool = True
    has_lone_having: bool = True
    has_lag_default: bool = True
    has_values: bool = True
    types_first_values: bool = False
    columns_of: str = (
        "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = %s"
        " ORDER BY ordinal_position"
    )
    columns_of_quoted: bool = False
    forgets_order_of_groups: bool = False
    has_wide_frames: bool = True
    ranged: ClassVar[Collection[Kind]] = frozenset({*INTEGERS, *FLOATS, Kind.DECIMAL})
    gathered: ClassVar[Mapping[str, Sequence[str]]] = {
        "texts": pieces_of("STRING_AGG({distinct}{value}, {separator} ORDER BY {orders}){filter}"),
        "items": pieces_of("COALESCE(ARRAY_AGG({distinct}{value} ORDER BY {orders}){filter}, '{}')"),
    }

    def like_pattern(self, parts: Pattern) -> str:
        """The bound form of a case-sensitive pattern, its literal text escaped."""
        return self.ilike_pattern(parts)

    def ilike_pattern(self, parts: Pattern) -> str:
        """The bound form of a pattern that ignores case."""
        return "".join([_escaped(part) if isinstance(part, str) else "%" if part is _ANY else "_" for part in parts])

    def aggregate(self, name: str, kind: Kind | None) -> Aggregation:
        """How an aggregate is spelled.

        Args:
            name: COUNT, SUM, AVG, MIN, MAX, EVERY or SOME.
            kind: what the operand holds; None when nobody knows.
        """
        del kind
        return Aggregation(name)

    def function(self, name: str, kind: Kind | None) -> Template | None:
        """How a function is spelled; None when the database lacks it.

        Args:
            name: the function.
            kind: what its first argument holds; None when nobody knows.
        """
        return (None if kind is None else self.functions.get((name, kind))) or self.functions.get(name)

    def table_of_items(self, kind: Kind) -> tuple[str, str] | None:
        """Text before and behind an array that makes a table of its items, in the column `value`.

        Args:
            kind: what the items are.

        Returns:
            None where ANY and ALL take the array as it is.
        """
        del kind
        return None

    def lock(self, mode: str, wait: str, of: Sequence[str]) -> str:
        """What makes a SELECT lock its rows; see `isomorph.sql.select.Lock`. `of` holds quoted names."""
        text = " FOR UPDATE" if mode == "update" else " FOR SHARE"
        return text + (f" OF {', '.join(of)}" if of else "") + WAITS[wait]

    def array_in(self, kind: Kind, *, negated: bool) -> str | None:
        """What follows an operand to test it against one bound list of any length; None when the database cannot.

        Args:
            kind: what the list holds.
            negated: NOT IN.

        Returns:
            Text with one placeholder; what is bound to it is `array_value` of the list.
        """
        del kind, negated
        return None

    def array_value(self, values: Sequence[object]) -> object:
        """What is bound for a list of already converted values."""
        return values

    def keys_in(self, types: Sequence[ColumnType]) -> str | None:
        """What follows a key to look for it among any number of keys, by a text that is the same for any number.

        Args:
            types: those of its columns, which stand in parentheses where they are several.

        Returns:
            Text with the placeholders for `keys_values`; None when the database cannot with these types.
        """
        del types
        return None

    def keys_values(self, types: Sequence[ColumnType], columns: Sequence[Sequence[object]]) -> Sequence[object]:
        """What is bound for keys, which are given column by column and already converted for the driver."""
        del types
        return columns

    def returning(self, columns: Sequence[str]) -> str:
        """What makes a statement return columns of the rows it wrote."""
        return f" RETURNING {', '.join(columns)}"
