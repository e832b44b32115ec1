"""The first row of each group of rows (DISTINCT ON), numbered by ROW_NUMBER: the same rows on every database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from isomorph.errors import InvalidQuery
from isomorph.sql.compounds import write_around
from isomorph.sql.expressions import Expression
from isomorph.sql.writer import Writer

if TYPE_CHECKING:
    from isomorph.sql.select import Select

__all__ = ["write_firsts"]

_FIRSTS = "firsts"
_NUMBER = "_number"


def write_firsts(select: Select, out: Writer) -> None:
    """Write a statement for the first row of each group, by its order.

    Raises:
        InvalidQuery: it has no order, or is grouped or distinct.
    """
    if not select.orders:
        raise InvalidQuery("distinct_on() without an order", "say by order_by() which row is the first")
    if select.distinct or select.is_aggregated:
        raise InvalidQuery("distinct_on() of grouped or distinct rows", "select from a subquery() of these")
    write_around(select, out, _FIRSTS, _write_numbered, (_NUMBER, _Number(select), " = 1"))


def _write_numbered(inner: Select, out: Writer) -> None:
    inner.write_whole(out)


class _Number(Expression[Any]):
    """The place of a row in its group."""

    __slots__ = ("select",)

    def __init__(self, select: Select) -> None:
        self.select = select

    def _write(self, out: Writer) -> None:
        joint = "ROW_NUMBER() OVER (PARTITION BY "
        for expression in self.select.extra.firsts:
            out.parts.append(joint)
            expression._write(out)
            joint = ", "
        joint = " ORDER BY "
        for order in self.select.orders:
            out.parts.append(joint)
            order._write(out)
            joint = ", "
        out.parts.append(")")
