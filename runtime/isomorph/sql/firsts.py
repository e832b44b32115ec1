"""Some rows of each group of rows, numbered by ROW_NUMBER: the same rows on every database.

The first one (DISTINCT ON), or those that a limit and an offset leave of each group.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from isomorph.errors import InvalidQuery
from isomorph.sql.compounds import write_around
from isomorph.sql.expressions import Expression
from isomorph.sql.writer import Writer

if TYPE_CHECKING:
    from isomorph.sql.select import Select

__all__ = ["write_some"]

_FIRSTS = "firsts"
_NUMBER = "_number"


def write_some(select: Select, out: Writer) -> None:
    """Write a statement for the first row of each group, or for those that its limit leaves of each, by its order.

    Raises:
        InvalidQuery: it has no order, or is grouped or distinct.
    """
    if select.extra.cut_by:
        _write_cut(select, out)
    else:
        _write_firsts(select, out)


def _write_firsts(select: Select, out: Writer) -> None:
    if not select.orders:
        raise InvalidQuery("distinct_on() without an order", "say by order_by() which row is the first")
    if select.distinct or select.is_aggregated:
        raise InvalidQuery("distinct_on() of grouped or distinct rows", "select from a subquery() of these")
    number = _Number(select, select.extra.firsts)
    write_around(select, out, _FIRSTS, _write_numbered, (_NUMBER, number, lambda name: out.parts.append(f"{name} = 1")))


def _write_cut(select: Select, out: Writer) -> None:
    if not select.orders or select.distinct or select.is_aggregated:
        raise InvalidQuery("a limit of distinct or grouped rows in each group", "drop the limit, or distinct()")
    whole = select.copy()
    whole.limit, whole.offset = None, 0

    def write_condition(name: str) -> None:
        last = None if select.limit is None else select.offset + select.limit
        joint = ""
        for operator, bound in ((" > ", select.offset or None), (" <= ", last)):
            if bound is not None:
                out.parts.append(f"{joint}{name}{operator}")
                out.bind(bound, None)
                joint = " AND "

    number = _Number(select, select.extra.cut_by)
    write_around(whole, out, _FIRSTS, _write_numbered, (_NUMBER, number, write_condition))


def _write_numbered(inner: Select, out: Writer) -> None:
    inner.write_whole(out)


class _Number(Expression[Any]):
    """The place of a row in its group."""

    __slots__ = ("groups", "select")

    def __init__(self, select: Select, groups: Sequence[Expression[Any]]) -> None:
        self.select, self.groups = select, groups

    def _write(self, out: Writer) -> None:
        joint = "ROW_NUMBER() OVER (PARTITION BY "
        for expression in self.groups:
            out.parts.append(joint)
            expression._write(out)
            joint = ", "
        joint = " ORDER BY "
        for order in self.select.orders:
            out.parts.append(joint)
            order._write(out)
            joint = ", "
        out.parts.append(")")
