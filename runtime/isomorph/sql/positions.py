"""ORDER BY, and how what is selected is named again: by its position, since bound values are never the same twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from isomorph.errors import InvalidQuery
from isomorph.sql.expressions import Expression, Order
from isomorph.sql.sameness import bare, column_key, is_same
from isomorph.sql.writer import Writer

if TYPE_CHECKING:
    from isomorph.sql.select import Select

__all__ = ["write_again", "write_orders"]


def write_again(select: Select, out: Writer, expression: Expression[Any]) -> None:
    """Write an expression, or the position of the selected column that it is."""
    wanted = bare(expression)
    if wanted._children():
        for position, column in enumerate(select.columns or ()):
            if is_same(bare(column), wanted):
                out.parts.append(str(position + 1))
                return
    expression._write(out)


def write_orders(select: Select, out: Writer) -> None:
    """Write ORDER BY of a statement that has orders.

    Raises:
        InvalidQuery: distinct rows are ordered by what they do not have.
    """
    joint = " ORDER BY "
    if not (select.distinct or select.is_aggregated):
        for order in select.orders:
            out.parts.append(joint)
            order._write(out)
            joint = ", "
        return
    if out.dialect.sql.forgets_order_of_groups and select.extra.groups and _has_window(select):
        _write_reminder(select.orders[0], out)
        joint = ", "
    for order in select.orders:
        out.parts.append(joint)
        joint = ", "
        if select.distinct:
            _check_selected(select, order.expression)
        # A position stands by itself. Where NULL takes an expression of its own, values are written into the text anyhow.
        if order.nulls is None or out.dialect.sql.has_nulls_order:
            order.write_as(out, _Again(select, order.expression))
        else:
            order._write(out)


def _has_window(select: Select) -> bool:
    return any(column._is_windowed() for column in select.columns or ())


def _write_reminder(order: Order, out: Writer) -> None:
    """Write an order that is no grouped column, and says what the first order says of NULL."""
    is_first = order.nulls == "first" if order.nulls is not None else not order.descending
    out.parts.append(" ORDER BY (")
    order.expression._write(out)
    out.parts.append(f" IS NULL){' DESC' if is_first else ''}")


def _check_selected(select: Select, expression: Expression[Any]) -> None:
    wanted = bare(expression)
    if select.columns is None:
        key = column_key(wanted)
        if key is not None and key[0] == select.table and key[1] in select.names:
            return
    elif any(is_same(bare(column), wanted) for column in select.columns):
        return
    # Of several rows that become one, any could count.
    raise InvalidQuery(
        f"{expression._where()} is not selected, and distinct rows are ordered by what they are",
        "select() it, too, or use distinct_on()",
    )


class _Again(Expression[Any]):
    """A selected expression, where it is ordered by."""

    __slots__ = ("expression", "select")

    def __init__(self, select: Select, expression: Expression[Any]) -> None:
        self.select, self.expression = select, expression

    def _write(self, out: Writer) -> None:
        write_again(self.select, out, self.expression)

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        return self.select.extra.rollup or self.expression._is_nullable(outer_joined)
