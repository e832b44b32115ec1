"""How a collection looks at its items: by a column of their model, by an order over one, or by a function.

Owns what may be said there, and the check that a column belongs to the items it is read from.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from typing import Any, TypeGuard

from isomorph.errors import InvalidValue
from isomorph.sql.expressions import Order
from isomorph.sql.kinds import Column

__all__ = ["in_order", "reader"]


def reader(by: object, where: str) -> Callable[[Any], Any]:
    """What reads an item.

    Args:
        by: a column of the items' model, or a function of an item.
        where: the method that asks, for errors.

    Raises:
        InvalidValue: neither of them; and, from what is returned, an item that has no such column.
    """
    if _is_column(by):
        return _of_column(by, where)
    if callable(by):
        return by
    raise InvalidValue(f"{where}()", "a column such as User.name, or a function of an item", type(by).__name__)


def _is_column(by: object) -> TypeGuard[Column[Any]]:
    return isinstance(by, Column)


def _of_column(column: Column[Any], where: str) -> Callable[[Any], Any]:
    field = column.field
    known: type[object] | None = None

    def read(item: object) -> Any:
        nonlocal known
        if type(item) is not known:
            _check_owner(column, item, where)
            known = type(item)
        return getattr(item, field)

    return read


def _check_owner(column: Column[Any], item: object, where: str) -> None:
    """Two models may have fields of one name, so a column of another model would be read without a word."""
    definition = getattr(type(item), "_definition", None)
    own = None if definition is None else definition.columns.get(column.field)
    # The column of an alias, or one with a label, is another object.
    if own is None or (own.model, own.name, own.codec) != (column.model, column.name, column.codec):
        raise InvalidValue(
            f"{where}()", f"objects of {column.model}, for its column {column.field}", type(item).__name__
        )


def in_order(items: Iterable[Any], orders: Iterable[object], where: str, *, descending: bool = False) -> list[Any]:
    """Items sorted as a query would: by the first order, equal ones by the second; None is the least of all values.

    Args:
        items: what to sort; equal ones keep their order.
        orders: columns, orders over columns, functions of an item.
        where: the method that asks, for errors.
        descending: whether all orders are turned round.

    Raises:
        InvalidValue: an order that is nothing of that.
    """
    found = list(items)
    # Sorting is stable, so the last order goes first.
    for order in reversed(list(orders)):
        if isinstance(order, Order):
            read, backwards = reader(order.expression, where), order.descending
            none_is_least = backwards == (order.nulls == "last") if order.nulls is not None else True
        else:
            read, backwards, none_is_least = reader(order, where), False, True
        found.sort(key=_ranked(read, none_is_least=none_is_least), reverse=backwards != descending)
    return found


def _ranked(read: Callable[[Any], Any], *, none_is_least: bool) -> Callable[[Any], tuple[bool, Any]]:
    def rank(item: Any) -> tuple[bool, Any]:
        value = read(item)
        if value is None:
            return not none_is_least, None
        # Members of an enum have no order of their own; the schema's is that of their class.
        return none_is_least, list(type(value)).index(value) if isinstance(value, enum.Enum) else value

    return rank
