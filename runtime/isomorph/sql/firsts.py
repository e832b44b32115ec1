"""The first row of each group of rows (DISTINCT ON), numbered by ROW_NUMBER: the same rows on every database."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from isomorph.errors import InvalidQuery
from isomorph.sql.compounds import write_orders_by_name
from isomorph.sql.expressions import Expression, output_name
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
    names = list(select.names) if select.columns is None else [f"_c{number}" for number in range(len(select.columns))]
    orders = [(order, f"_o{number}") for number, order in enumerate(select.orders)]
    inner = select.copy()
    inner.columns = (
        *[column.as_(name) for column, name in zip(select.selected, names, strict=True)],
        *[order.expression.as_(name) for order, name in orders],
        _Number(select).as_(_NUMBER),
    )
    inner.orders, inner.limit, inner.offset = (), None, 0
    inner.extra = replace(select.extra, firsts=(), lock=None, comment=None)
    _write_head(select, out, names)
    inner.write_whole(out)
    firsts, number = out.quoted(_FIRSTS), out.quoted(_NUMBER)
    out.parts.append(f") AS {firsts} WHERE {firsts}.{number} = 1")
    write_orders_by_name(out, orders, _FIRSTS)
    if select.is_cut:
        select.write_cut(out)
    select.write_end(out)


def _write_head(select: Select, out: Writer, names: list[str]) -> None:
    quoted = out.quoted
    if select.columns is None:
        listed = [quoted(name) for name in names]
    else:
        outputs = [output_name(column) for column in select.columns]
        listed = [
            quoted(name) if output is None else f"{quoted(name)} AS {quoted(output)}"
            for name, output in zip(names, outputs, strict=True)
        ]
    out.parts.append(f"SELECT {', '.join(listed)} FROM (")


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
