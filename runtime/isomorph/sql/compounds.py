"""Statements combined by UNION, INTERSECT and EXCEPT, as all databases take them, and statements around others.

Owns their nesting: databases disagree on which operator binds first, and on what may be ordered or cut inside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from isomorph.errors import InvalidQuery
from isomorph.sql.assignments import fits
from isomorph.sql.expressions import Expression, Order, Reference
from isomorph.sql.sameness import bare, column_key, is_same
from isomorph.sql.trees import output_name
from isomorph.sql.writer import Writer

if TYPE_CHECKING:
    from isomorph.sql.select import Select

__all__ = ["check_alike", "write_around", "write_compound", "write_ordered"]


def check_alike(first: Select, other: Select, what: str) -> None:
    """Refuse rows that cannot be those of one statement: their values are loaded as those of the first one are.

    Args:
        first: a statement.
        other: one that is combined with it.
        what: how, for the error.

    Raises:
        InvalidQuery: another number of columns, or a column of another type.
    """
    if len(first.selected) != len(other.selected):
        raise InvalidQuery(f"{what} of queries with different columns", "select the same of each")
    for one, another in zip(first.selected, other.selected, strict=True):
        mine, theirs = one._codec(), another._codec()
        if mine is None or theirs is None or mine is theirs:
            continue
        if not (fits(mine.type, theirs.type) and fits(theirs.type, mine.type)):
            raise InvalidQuery(
                f"{what} of queries with columns of the types {mine.type} and {theirs.type}",
                "select the same types of each, by f.cast() where they differ",
            )


def write_compound(select: Select, out: Writer) -> None:
    """Write a statement with those that it is combined with."""
    first = select.copy()
    first.orders, first.limit, first.offset = (), None, 0
    first.extra = replace(select.extra, compound=(), lock=None, comment=None)
    if select.orders and select.columns is not None:
        first = first.labelled(select.output_names())
    start = len(out.parts)
    first.write_whole(out)
    before = select.extra.compound[0][0]
    for number, (operator, other) in enumerate(select.extra.compound):
        if operator != before:
            # What stands to the left comes first.
            out.parts.insert(start, "SELECT * FROM (")
            out.parts.append(f") AS {out.quoted(f'set{number}')}")
            before = operator
        out.parts.append(f" {operator} ")
        with out.statement(other.tables, other.outer_joined):
            _write_part(other, out, number)
    write_ordered(select, out, start)


def _write_part(other: Select, out: Writer, number: int) -> None:
    if other.is_cut or other.is_nested:
        out.parts.append("SELECT * FROM (")
        other.write_whole(out)
        out.parts.append(f") AS {out.quoted(f'part{number}')}")
    else:
        plain = other.copy()
        plain.orders = ()
        plain.unlocked().write_whole(out)


def write_ordered(select: Select, out: Writer, start: int) -> None:
    """Order and cut what was written from a position on: several statements in one, or one that has to be closed.

    They can be ordered by names of what is selected, the only thing that all databases take behind a union.

    Raises:
        InvalidQuery: an order by something else; or row locks.
    """
    if select.orders:
        names = select.output_names()
        orders = [(order, names[_position(select, order.expression)]) for order in select.orders]
        out.parts.insert(start, "SELECT * FROM (")
        out.parts.append(f") AS {out.quoted('whole')}")
        _write_orders_by_name(out, orders, "whole")
    if select.is_cut:
        select.write_cut(out)
    select.write_end(out)


def write_around(
    select: Select,
    out: Writer,
    table: str,
    write: Callable[[Select, Writer], None],
    chosen: tuple[str, Expression[Any], Callable[[str], None]] | None = None,
) -> None:
    """Write a statement as a table, and around it one that orders and cuts its rows by what need not be selected.

    Args:
        select: the statement.
        out: where to.
        table: what the table is called.
        write: writes it, with columns for all that is needed around it, and without an order.
        chosen: the name and the value of one more column, and what writes a condition, given the column as it is called
            around the table.
    """
    names = list(select.names) if select.columns is None else [f"_c{number}" for number in range(len(select.columns))]
    orders = [(order, f"_o{number}") for number, order in enumerate(select.orders)]
    inner = select.copy()
    inner.columns = (
        *[column.as_(name) for column, name in zip(select.selected, names, strict=True)],
        *[order.expression.as_(name) for order, name in orders],
    )
    if chosen is not None:
        inner.columns += (chosen[1].as_(chosen[0]),)
    inner.orders, inner.limit, inner.offset = (), None, 0
    inner.extra = replace(select.extra, firsts=(), cut_by=(), lock=None, comment=None)
    _write_outputs(select, out, names)
    write(inner, out)
    quoted = out.quoted(table)
    out.parts.append(f") AS {quoted}")
    if chosen is not None:
        out.parts.append(" WHERE ")
        chosen[2](f"{quoted}.{out.quoted(chosen[0])}")
    if orders:
        _write_orders_by_name(out, orders, table)
    if select.is_cut:
        select.write_cut(out)
    select.write_end(out)


def _write_outputs(select: Select, out: Writer, names: list[str]) -> None:
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


def _write_orders_by_name(out: Writer, orders: Sequence[tuple[Order, str]], table: str) -> None:
    """Write ORDER BY columns of a derived table."""
    joint = " ORDER BY "
    # All of them may be NULL, as far as is known out here.
    with out.statement((table,), (table,)):
        for order, name in orders:
            out.parts.append(joint)
            order.write_as(out, Reference[object](table, name, None))
            joint = ", "


def _position(select: Select, expression: Expression[Any]) -> int:
    """Which selected column an expression is.

    Raises:
        InvalidQuery: none.
    """
    wanted = bare(expression)
    key = column_key(wanted)
    for position, column in enumerate(select.selected):
        if is_same(bare(column), wanted) or (key is not None and column_key(bare(column)) == key):
            return position
    raise InvalidQuery(
        f"{expression._where()} is not selected, and these rows are ordered by what they are", "select() it, too"
    )
