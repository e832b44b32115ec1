"""Comparisons with all values of a sub-query or an array at once: `> ALL (...)`, `= ANY (...)`."""

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
    """Any or all of several values, where something is compared with them: of a sub-query, or of an array.

    Attributes:
        word: which of them.
        statement: the sub-query; None for an array.
        array: the array; None for a sub-query.
    """

    __slots__ = ("array", "codec", "statement", "word")

    def __init__(
        self,
        word: Literal["ANY", "ALL"],
        statement: Select | None,
        array: Expression[Any] | None = None,
        codec: Codec | None = None,
    ) -> None:
        self.word, self.statement, self.array, self.codec = word, statement, array, codec

    def _write(self, out: Writer) -> None:
        del out
        raise InvalidQuery(
            f"{self.word.lower()}_() by itself", f"compare with it: Post.views > f.{self.word.lower()}_(...)"
        )

    def _codec(self) -> Codec | None:
        return self.codec if self.statement is None else self.statement.only_column._codec()

    def _where(self) -> str:
        return f"{self.word.lower()}_()"

    def _children(self) -> Sequence[Expression[Any]]:
        return () if self.array is None else (self.array,)

    def _own_reads(self) -> Sequence[str]:
        return () if self.statement is None else self.statement.free_reads


class QuantifiedComparison(Predicate):
    """`left operator ANY (values)`. ANY is true where one comparison is, ALL where none is false; NULL where unknown."""

    __slots__ = ("left", "operator", "right")

    def __init__(self, left: Expression[Any], operator: str, right: Quantified[object]) -> None:
        self.left, self.operator, self.right = left, operator, right

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.left, self.right)

    def _write(self, out: Writer) -> None:
        if self.right.array is not None:
            self._write_of_array(out, self.right.array)
        elif out.dialect.sql.has_quantifiers:
            self._write_head(out)
            if self._statement.is_cut:  # MySQL takes no LIMIT there
                out.parts.append(f"SELECT {out.quoted('value')} FROM ")
                self._write_values(out)
            else:
                self._statement.write(out)
            out.parts.append(")")
        else:
            self._write_counted(out)

    @property
    def _statement(self) -> Select:
        assert self.right.statement is not None  # there is one where there is no array
        return self.right.statement

    def _table(self, out: Writer) -> tuple[str, str] | None:
        codec = self.right.codec
        assert codec is not None  # an array has one
        return out.dialect.sql.table_of_items(codec.type.kind)

    def _write_head(self, out: Writer) -> None:
        self.left._write(out)
        out.parts.append(f"{self.operator}{self.right.word} (")

    def _write_of_array(self, out: Writer, array: Expression[Any]) -> None:
        if self._table(out) is None:
            self._write_head(out)
            array._write(out)
            out.parts.append(")")
            return
        # Of no array there are no items, and what is so with each of none is not known.
        out.parts.append("CASE WHEN ")
        array._write(out)
        out.parts.append(" IS NOT NULL THEN ")
        if out.dialect.sql.has_quantifiers:
            self._write_head(out)
            out.parts.append(f"SELECT {out.quoted('value')} FROM ")
            self._write_values(out)
            out.parts.append(")")
        else:
            self._write_counted(out)
        out.parts.append(" END")

    def _write_values(self, out: Writer) -> None:
        """Write a table `found` with the values in its column `value`."""
        array = self.right.array
        if array is None:
            out.parts.append("(")
            self._statement.labelled(("value",)).write(out)
            out.parts.append(")")
        else:
            table = self._table(out)
            assert table is not None  # only databases without arrays come here
            before, behind = table
            out.parts.append(before)
            array._write(out)
            out.parts.append(behind)
        out.parts.append(f" AS {out.quoted('found')}")

    def _write_counted(self, out: Writer) -> None:
        """Say it by aggregates: how many comparisons there are, how many are known, and whether one decides."""
        is_any = self.right.word == "ANY"
        out.parts.append(f"(SELECT CASE WHEN COUNT(*) = 0 THEN {0 if is_any else 1} WHEN {'MAX' if is_any else 'MIN'}(")
        self._write_one(out)
        out.parts.append(f") = {1 if is_any else 0} THEN {1 if is_any else 0} WHEN COUNT(")
        self._write_one(out)
        out.parts.append(f") = COUNT(*) THEN {0 if is_any else 1} END FROM ")
        self._write_values(out)
        out.parts.append(")")

    def _write_one(self, out: Writer) -> None:
        self.left._write(out)
        out.parts.append(f"{self.operator}{out.quoted('found')}.{out.quoted('value')}")
