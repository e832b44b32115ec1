"""Comparisons with all values of a sub-query at once: `> ALL (...)`, `= ANY (...)`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from typing_extensions import TypeVar

from isomorph.errors import InvalidQuery
from isomorph.sql.codecs import Codec
from isomorph.sql.expressions import Expression, Predicate
from isomorph.sql.select import Select
from isomorph.sql.writer import Writer

__all__ = ["Quantified", "QuantifiedComparison"]

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
        if out.dialect.sql.has_quantifiers:
            self.left._write(out)
            out.parts.append(f"{self.operator}{self.right.word} (SELECT {out.quoted('value')} FROM (")
            self.right.statement.labelled(("value",)).write(out)
            out.parts.append(f") AS {out.quoted('found')})")
        else:
            self._write_counted(out)

    def _write_counted(self, out: Writer) -> None:
        """Say it by aggregates: how many comparisons there are, how many are known, and whether one decides."""
        is_any = self.right.word == "ANY"
        out.parts.append(f"(SELECT CASE WHEN COUNT(*) = 0 THEN {0 if is_any else 1} WHEN {'MAX' if is_any else 'MIN'}(")
        self._write_one(out)
        out.parts.append(f") = {1 if is_any else 0} THEN {1 if is_any else 0} WHEN COUNT(")
        self._write_one(out)
        out.parts.append(f") = COUNT(*) THEN {0 if is_any else 1} END FROM (")
        self.right.statement.labelled(("value",)).write(out)
        out.parts.append(f") AS {out.quoted('found')})")

    def _write_one(self, out: Writer) -> None:
        self.left._write(out)
        out.parts.append(f"{self.operator}{out.quoted('found')}.{out.quoted('value')}")
