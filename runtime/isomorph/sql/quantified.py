"""Comparisons with all values of a sub-query at once: `> ALL (...)`, `= ANY (...)`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from typing_extensions import TypeVar

from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.codecs import Codec
from isomorph.sql.expressions import Expression, Predicate
from isomorph.sql.select import Select
from isomorph.sql.subqueries import Subquery
from isomorph.sql.writer import Writer

__all__ = ["Quantified", "QuantifiedComparison", "all_", "any_"]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Quantified(Expression[T_co]):
    """Any or all of the values of a sub-query, where something is compared with them."""

    __slots__ = ("statement", "word")

    def __init__(self, word: Literal["ANY", "ALL"], statement: Select) -> None:
        self.word, self.statement = word, statement

    def _write(self, out: Writer) -> None:
        del out
        raise InvalidQuery(
            f"{self.word.lower()}_() by itself", f"compare with it: Post.views > f.{self.word.lower()}_(...)"
        )

    def _codec(self) -> Codec | None:
        return self.statement.only_column._codec()

    def _where(self) -> str:
        return f"{self.word.lower()}_()"

    def _own_reads(self) -> Sequence[str]:
        return self.statement.free_reads


class QuantifiedComparison(Predicate):
    """`left operator ANY (values)`. ANY is true where one comparison is, ALL where none is false; NULL where unknown."""

    __slots__ = ("left", "operator", "right")

    def __init__(self, left: Expression[Any], operator: str, right: Quantified[object]) -> None:
        self.left, self.operator, self.right = left, operator, right

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.left, self.right)

    def _write(self, out: Writer) -> None:
        if not out.dialect.sql.has_quantifiers:
            self._write_counted(out)
            return
        self.left._write(out)
        out.parts.append(f"{self.operator}{self.right.word} (")
        if self.right.statement.is_cut:  # MySQL takes no LIMIT there
            self._write_derived(out, f"SELECT {out.quoted('value')} FROM (")
        else:
            self.right.statement.write(out)
        out.parts.append(")")

    def _write_derived(self, out: Writer, before: str) -> None:
        out.parts.append(before)
        self.right.statement.labelled(("value",)).write(out)
        out.parts.append(f") AS {out.quoted('found')}")

    def _write_counted(self, out: Writer) -> None:
        """Say it by aggregates: how many comparisons there are, how many are known, and whether one decides."""
        is_any = self.right.word == "ANY"
        out.parts.append(f"(SELECT CASE WHEN COUNT(*) = 0 THEN {0 if is_any else 1} WHEN {'MAX' if is_any else 'MIN'}(")
        self._write_one(out)
        out.parts.append(f") = {1 if is_any else 0} THEN {1 if is_any else 0} WHEN COUNT(")
        self._write_one(out)
        self._write_derived(out, f") = COUNT(*) THEN {0 if is_any else 1} END FROM (")
        out.parts.append(")")

    def _write_one(self, out: Writer) -> None:
        self.left._write(out)
        out.parts.append(f"{self.operator}{out.quoted('found')}.{out.quoted('value')}")


def any_(values: Subquery[tuple[T]], /) -> Quantified[T]:
    """One of the values of a sub-query, whichever: what is compared is so with at least one of them."""
    return Quantified("ANY", _statement(values, "any_()"))


def all_(values: Subquery[tuple[T]], /) -> Quantified[T]:
    """Every value of a sub-query: what is compared is so with each of them, and where there are none."""
    return Quantified("ALL", _statement(values, "all_()"))


def _statement(values: object, where: str) -> Select:
    if not isinstance(values, Subquery):
        raise InvalidValue(where, "a selection of one column", type(values).__name__)
    statement = values._select
    statement.only_column  # noqa: B018 - refuses another number of columns
    return statement
