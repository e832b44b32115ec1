"""The order of assignments, for databases where one sees what those before it have set. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from isomorph.sql.expressions import Expression, Reference
from isomorph.sql.kinds import Column

__all__ = ["columns_read", "in_order"]


def in_order(
    changes: Mapping[str, Expression[Any]], table: str, also_read: Iterable[str] = ()
) -> dict[str, Expression[Any]] | None:
    """Assignments so that each one comes before those that set what it reads; None where there is no such order.

    Args:
        changes: what each column is set to, by its name.
        table: the table that they belong to.
        also_read: columns that all of them read besides.
    """
    shared = set(also_read)
    waiting: dict[str, set[str]] = {}
    for name, expression in changes.items():
        read = columns_read(expression, table)
        waiting[name] = (set(changes) if read is None else {*read, *shared} & set(changes)) - {name}
    found: list[str] = []
    while waiting:
        # What nobody who still waits reads may be set.
        free = [name for name in waiting if not any(name in read for other, read in waiting.items() if other != name)]
        if not free:
            return None
        found += free
        for name in free:
            del waiting[name]
    return {name: changes[name] for name in found}


def columns_read(expression: Expression[Any], table: str) -> set[str] | None:
    """The columns of a table that an expression reads, by name; None where it may be any of them."""
    if isinstance(expression, Column | Reference):
        return {expression.name} if expression.table == table else set()
    if table in expression._own_reads() or expression._reads_anything():
        return None  # a sub-query, a condition of a scope, SQL of the application
    found: set[str] = set()
    for child in expression._children():
        read = columns_read(child, table)
        if read is None:
            return None
        found |= read
    return found
