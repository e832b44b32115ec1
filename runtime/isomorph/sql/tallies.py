"""Statements about the rows of a statement instead of them: how many, whether any, what aggregates over them read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidQuery
from isomorph.sql.expressions import Expression, Reference
from isomorph.sql.homes import At
from isomorph.sql.select import Compiled, Select
from isomorph.sql.sources import DerivedTable
from isomorph.sql.trees import reads
from isomorph.sql.writer import Writer

if TYPE_CHECKING:
    from isomorph.sql.outlines import Outline

__all__ = ["aggregating", "asked", "compile_count", "compile_exists"]


def asked(statement: Select) -> Select:
    """The same where only whether there are rows matters."""
    if statement.is_nested or (statement.columns is not None and statement.is_aggregated):
        return statement
    made = statement.copy()
    made.columns, made.orders, made.distinct = (_ONE,), (), False
    return made


def compile_count(statement: Select, dialect: Dialect) -> Compiled:
    """The number of rows that a statement would return."""
    inner = statement.unlocked().copy()
    if statement.is_simple and not statement.orders:
        inner.columns = (_COUNT,)
        return inner.compile(dialect)
    is_merged = statement.distinct or statement.is_nested
    if not is_merged and (statement.columns is None or not statement.is_aggregated):
        # Only the number matters: one constant column, so that joined names cannot clash in the derived table.
        inner.columns = (_ONE,)
    elif statement.columns is not None and not statement.extra.compound:
        # Columns of two tables may share a name, which a derived table may not hold twice.
        inner = inner.labelled([f"c{number}" for number in range(len(statement.columns))])
    text, parameters = inner.compile(dialect)
    return f"SELECT COUNT(*) FROM ({text}) AS counted", parameters


def compile_exists(statement: Select, dialect: Dialect) -> Compiled:
    """One row when a statement would return any, else none."""
    only = asked(statement).unlocked().copy()
    only.limit = 1 if statement.limit is None else min(1, statement.limit)
    return only.compile(dialect)


def aggregating(statement: Select, operand: Expression[Any]) -> tuple[Select, Expression[Any]]:
    """A statement over the same rows whose columns may be aggregates, and what these aggregate there.

    Args:
        statement: whose rows.
        operand: what is aggregated.

    Raises:
        InvalidQuery: the rows are groups; or merged ones, and the operand is of another table than theirs.
    """
    inner = statement.unlocked().copy()
    if statement.is_simple:
        inner.orders = ()
        return inner, operand
    if statement.is_aggregated:
        raise InvalidQuery("an aggregate of groups", "select() it of each group, and aggregate the subquery()")
    source = DerivedTable(inner, _ROWS)
    if not (statement.distinct or statement.is_nested):
        inner.columns = (operand.as_(_VALUE),)
        return Select(_ROWS, (), source), Reference(_ROWS, _VALUE, operand._codec())
    if any(table != statement.table for table in reads(operand)):
        raise InvalidQuery(
            "an aggregate of a joined table over distinct or combined rows",
            "select() what to aggregate, and aggregate the subquery()",
        )
    return Select(_ROWS, (), source), At(operand, statement.table, _ROWS)


class _Constant(Expression[int]):
    """A piece of SQL that is the same everywhere."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def _write(self, out: Writer) -> None:
        out.parts.append(self.text)

    def _outline(self, out: Outline) -> bool:
        out.parts += ("constant", self.text)
        return True


_ROWS, _VALUE = "found", "value"
_ONE = _Constant("1")
_COUNT = _Constant("COUNT(*)")
