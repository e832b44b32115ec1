"""How the parts of a schema's expressions are spelled: standard SQL, and the points where a dialect differs. Pure text.

Owns that an expression has the same value on every database: what overflows, rounds, divides by zero or ignores case
otherwise is spelled so that it does not. What calls what is in `expression_text`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from isomorph.catalog import ColumnType, Kind
from isomorph.catalog.patterns import Engine
from isomorph.dataclassing import dataclass
from isomorph.dialects.standard.sql import SqlRules
from isomorph.dialects.standard.templates import Spread, Template, Templates, parsed

__all__ = ["QUOTIENT_DIGITS", "STANDARD", "Formulas", "Sql", "joined"]

QUOTIENT_DIGITS = 12
"""Digits behind the point to which the quotient of two decimals is rounded, halves away from zero."""


@dataclass(frozen=True, slots=True)
class Sql:
    """SQL text, and the values that are bound to its placeholders, in their order."""

    text: str
    values: tuple[object, ...] = ()


def joined(*pieces: str | Sql) -> Sql:
    """Pieces behind one another."""
    text: list[str] = []
    values: list[object] = []
    for piece in pieces:
        if isinstance(piece, Sql):
            text.append(piece.text)
            values += piece.values
        else:
            text.append(piece)
    return Sql("".join(text), tuple(values))


STANDARD: Templates = {
    "lower": "LOWER({0})",
    "upper": "UPPER({0})",
    "trim": "TRIM({0})",
    "ltrim": "LTRIM({0})",
    "rtrim": "RTRIM({0})",
    "length": "CHAR_LENGTH({0})",
    "concat": "({*: || })",
    "substring": "SUBSTR({*})",
    "replace": "REPLACE({*})",
    "replace by": "REPLACE({*})",
    "coalesce": "COALESCE({*})",
    "nullif": "NULLIF({*})",
    "abs": "ABS({0})",
    ("round", Kind.BIGINT): "{0}",
    ("floor", Kind.BIGINT): "{0}",
    ("ceil", Kind.BIGINT): "{0}",
    "round": "CAST(ROUND({0}) AS bigint)",
    "round to": "ROUND({*})",
    "floor": "CAST(FLOOR({0}) AS bigint)",
    "ceil": "CAST(CEIL({0}) AS bigint)",
    "date": "CAST({0} AS date)",
}
"""Functions by name, where it matters with the kind of the first argument.

"round to" is `round` with digits, "replace by" is `replace` by what may be NULL.
"""


class Formulas:
    """Standard SQL. A dialect's subclass overrides what it spells differently.

    Attributes:
        templates: the functions.
        patterns: how LIKE is spelled.
        engine: who reads regular expressions.
        search: text between a text and the regular expression that is looked for in it.
        quotient: the quotient of two decimals, before it is rounded.
    """

    templates: ClassVar[Mapping[str | tuple[str, Kind], Template]] = parsed(STANDARD, literal_percent=True)
    patterns: ClassVar[SqlRules] = SqlRules()
    engine: ClassVar[Engine] = Engine.POSIX
    search: ClassVar[str] = " ~ "
    remainder: ClassVar[str] = " % "
    quotient: ClassVar[tuple[str, str, str]] = ("CAST(", " AS numeric(1000, 30)) / ", "")

    def function(self, name: str, kind: Kind | None, arguments: Sequence[Sql]) -> Sql:
        """A call.

        Args:
            name: the function.
            kind: that of the first argument.
            arguments: as text.
        """
        template = (None if kind is None else self.templates.get((name, kind))) or self.templates[name]
        return joined(*_filled(template, arguments))

    def arithmetic(self, operator: str, left: Sql, right: Sql, kind: Kind | None) -> Sql:
        """`left operator right` of operands of one kind, compound ones in parentheses; NULL where right is 0.

        Of two integers the quotient is one, its fraction cut off, and the remainder has the sign of the left one.
        """
        if operator == "/" and kind is Kind.DECIMAL:
            before, between, behind = self.quotient
            return joined("ROUND(", before, left, between, right, behind, f", {QUOTIENT_DIGITS})")
        return joined(left, self.remainder if operator == "%" else f" {operator} ", right)

    def divisor(self, right: Sql) -> Sql:
        """A divisor that may be 0."""
        return joined("NULLIF(", right, ", 0)")

    def widened(
        self, operator: str, left: Sql, left_kind: Kind | None, right: Sql, right_kind: Kind | None
    ) -> tuple[Sql, Sql]:
        """Two integers with which one may calculate without an overflow at the width of their columns.

        Args:
            operator: how.
            left: one.
            left_kind: that of its column; None for a constant.
            right: the other.
            right_kind: likewise.
        """
        del operator, left_kind, right_kind
        return left, right

    def converted(self, value: Sql, before: Kind | None, after: Kind | None) -> Sql:
        """A value of one kind as the other side of an operator needs it, where the database does not see to it."""
        del before, after
        return value

    def as_text(self, value: Sql) -> Sql:
        """An integer as text."""
        return joined("CAST(", value, " AS text)")

    def compared(self, value: Sql, kind: Kind | None, *, of_columns: bool) -> Sql:
        """A computed value as the left side of a comparison.

        Args:
            value: the value.
            kind: its kind.
            of_columns: whether one of the sides has the collation of a column.
        """
        del kind, of_columns
        return value

    def exact_text(self, value: Sql) -> Sql:
        """A text of a collation of its own, so that case counts when it is searched."""
        return value

    def replaceable(self, value: Sql) -> Sql:
        """A text of a collation of its own, so that a part of it can be replaced."""
        return value

    def exact_constant(self, value: Sql) -> Sql:
        """A text that no column has given a collation, likewise."""
        return value

    def generated(self, value: Sql, kind: Kind | None, type_: ColumnType) -> Sql:
        """A value of a kind as a generated column of a type stores it."""
        del kind, type_
        return value


def _filled(template: Template, arguments: Sequence[Sql]) -> Iterable[str | Sql]:
    for piece in template:
        if isinstance(piece, str):
            yield piece
        elif isinstance(piece, Spread):
            for number, argument in enumerate(arguments[piece.start :]):
                if number:
                    yield piece.separator
                yield argument
        else:
            yield arguments[piece]
