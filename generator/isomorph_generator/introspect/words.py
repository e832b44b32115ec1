"""From a database's own words to the catalog's: what all dialects share. Each has its own subclass of `Words`. Pure."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

from isomorph.catalog import (
    TEXTS,
    Collation,
    ColumnType,
    Default,
    Kind,
    SqlDefault,
    SqlText,
)
from isomorph_generator.introspect.constants import constant, default_value
from isomorph_generator.introspect.raw import RawCheck, RawColumn, RawIndex, RawPart, RawTable
from isomorph_generator.introspect.tokens import Token, same_text, tokens, without_parentheses

__all__ = ["EnumNames", "SaidType", "Words", "condition_of"]

_MOMENTS: Mapping[Kind, SqlDefault] = {Kind.DATE: SqlDefault.CURRENT_DATE, Kind.TIME: SqlDefault.CURRENT_TIME}

UNKNOWN_DECIMAL = (38, 10)
"""Precision and scale of decimals whose database does not say them."""


@dataclass(frozen=True, slots=True)
class SaidType:
    """The type of a column.

    Attributes:
        type: in the words of the catalog.
        note: what it does not say of the database's; empty where it says all.
        check: the check that is part of it; None where there is none.
    """

    type: ColumnType
    note: str = ""
    check: RawCheck | None = None


class EnumNames(Protocol):
    """Who names enums: the same values of the same name get the same enum."""

    def of_type(self, type_name: str) -> str:
        """The name of an enum that the database has as a type."""
        ...

    def of_values(self, table: str, column: str, values: tuple[str, ...]) -> str:
        """The name of an enum whose values a column spells out."""
        ...


_WORDS_OF_CONDITIONS = frozenset(
    {"AND", "OR", "NOT", "IN", "IS", "NULL", "BETWEEN", "LIKE", "GLOB", "CASE", "WHEN", "THEN", "ELSE", "END", "AS"}
)


def condition_of(text: str, column: str) -> str:
    """A condition in its normal form, with `?` for the column that it is about."""
    found = tokens(text)

    def is_column(place: int, token: Token) -> bool:
        if token.kind not in {"quoted", "word"} or token.name.lower() != column.lower():
            return False
        is_call = place + 1 < len(found) and found[place + 1].text == "("
        return token.kind == "quoted" or (token.word not in _WORDS_OF_CONDITIONS and not is_call)

    return " ".join("?" if is_column(place, token) else token.normal for place, token in enumerate(found))


class Words(ABC):
    """How a dialect's words are read.

    Attributes:
        dialect: its name.
        moments: normal texts of defaults that are the current moment, by the kind of their column, with a note on what
            differs from isomorph's own.
        escapes: whether a backslash in a string is an escape.
    """

    dialect: ClassVar[str]
    moments: ClassVar[Mapping[Kind, Mapping[str, str]]]
    escapes: ClassVar[bool] = False

    @abstractmethod
    def type_of(self, table: RawTable, column: RawColumn, names: EnumNames) -> SaidType:
        """The type of a column, with the check that is part of it."""

    @abstractmethod
    def collation_of(self, table: RawTable, column: RawColumn, type_: ColumnType) -> Collation | None:
        """The collation of a text column; None for the table's, or a type's own."""

    def table_collation(self, table: RawTable) -> Collation | None:
        """The collation of a table's text columns; None for isomorph's default."""
        del table
        return None

    def is_implied(self, table: RawTable, index: RawIndex) -> bool:
        """Whether an index comes with something else, so that nobody says it."""
        del table, index
        return False

    def prefix_of(self, type_: ColumnType, part: RawPart, index: RawIndex) -> str:
        """What is to be said of how much of a column an index takes; empty where it is what isomorph makes."""
        del type_, part, index
        return ""

    def is_numbered(self, column: RawColumn) -> tuple[bool, str]:
        """Whether the database numbers rows by a column, and a note on what is special about how."""
        return bool(column.numbering), ""

    # --- defaults ------------------------------------------------------------------------------------------------------

    def default_of(
        self, column: RawColumn, type_: ColumnType
    ) -> tuple[Default | None, SqlDefault | SqlText | None, str]:
        """The default of a column, constant or computed, and a note."""
        text = column.default
        if text is None:
            return None, None, ""
        found = constant(text, escapes=self.escapes)
        if found is not None:
            (value,) = found
            if value is None:
                return None, None, ""
            if (default := default_value(type_, value)) is not None:
                return default, None, ""
        note = self.moments.get(type_.kind, {}).get(same_text(without_parentheses(text, escapes=self.escapes)))
        if note is not None:
            return None, _MOMENTS.get(type_.kind, SqlDefault.NOW), note
        return None, SqlText({self.dialect: without_parentheses(text, escapes=self.escapes)}), ""

    # --- for subclasses --------------------------------------------------------------------------------------------------

    def custom(self, column: RawColumn, spelled: str | None = None) -> SaidType:
        """A type that isomorph has no word for."""
        spelled = spelled or column.type
        note = f"isomorph has no word for the type {column.type}; give the field a cast class, or change it"
        return SaidType(ColumnType(Kind.CUSTOM, spelled=((self.dialect, spelled),)), note)


def own_checks(table: RawTable, column: str) -> list[tuple[str, RawCheck]]:
    """The conditions of a table's checks that may be about one column, in normal form."""
    return [(condition_of(check.text, column), check) for check in table.checks if not check.options.startswith("excl")]


_ARGUMENTS = re.compile(r"\s*\(\s*([^)]*?)\s*\)")


def parts_of_type(type_: str) -> tuple[str, tuple[int, ...]]:
    """A type's name in lower case, and its arguments: `character varying(10)`."""
    match = _ARGUMENTS.search(type_)
    if match is None:
        return " ".join(type_.lower().split()), ()
    name = f"{type_[: match.start()]} {type_[match.end() :]}"
    numbers = tuple(int(part) for part in re.split(r"\s*,\s*", match[1]) if part.isdigit())
    return " ".join(name.lower().split()), numbers


def is_text(type_: ColumnType) -> bool:
    """Whether a column holds text whose collation is the schema's matter."""
    return type_.kind in TEXTS
