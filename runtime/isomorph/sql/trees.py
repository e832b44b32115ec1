"""What an expression is asked as a whole: which tables it reads, whether it aggregates, what it is called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from isomorph.sql.expressions import Expression

__all__ = ["has_aggregate", "label_of", "nullable_reads", "output_name", "reads"]


def label_of(expression: Expression[Any]) -> str | None:
    """The name that `as_` gave; None where it gave none."""
    found: str | None = getattr(expression, "_label", None)
    return found


def output_name(expression: Expression[Any]) -> str | None:
    """What a selected expression is called: its label, or the name of its column; None where it has neither."""
    label = label_of(expression)
    if label is not None:
        return label
    inner = getattr(expression, "inner", expression)
    inner = getattr(inner, "node", inner)
    name = getattr(inner, "name", None)
    return name if isinstance(name, str) and hasattr(inner, "table") and not inner._children() else None


def reads(expression: Expression[Any]) -> Iterator[str]:
    """Names of the tables that an expression reads, those around its sub-queries included."""
    yield from expression._own_reads()
    for child in expression._children():
        yield from reads(child)


def nullable_reads(expression: Expression[Any]) -> Iterator[str]:
    """The tables that `reads` gives and whose lack of a row would make it NULL although its type does not say so."""
    if expression._tells_null():
        return
    yield from expression._own_reads()
    for child in expression._children():
        yield from nullable_reads(child)


def has_aggregate(expression: Expression[Any]) -> bool:
    """Whether an expression is made of aggregates."""
    return expression._is_aggregate() or any(map(has_aggregate, expression._children()))
