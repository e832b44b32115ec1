"""Whether two expressions say the same, and what they are beneath their marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from isomorph.sql.expressions import Against, Bound, Expression, Optional

__all__ = ["bare", "column_key", "is_same"]


def is_same(one: object, other: object) -> bool:
    """Whether two expressions say the same, node by node; bound values must be equal and of one type.

    What they are called where they are selected does not count.
    """
    if one is other:
        return True
    class_: type[object] = type(one)
    if class_ is not type(other):
        return False
    if isinstance(one, Bound):
        return isinstance(other, Bound) and _is_same_value(one, other)  # pyright: ignore[reportUnknownArgumentType] - bound values of any type
    if isinstance(one, Against):
        assert isinstance(other, Against)  # of the same class
        return one.operator == other.operator and is_same(one.left, other.left) and _is_same_value(one, other)
    if slots := _slots(class_):
        return all(is_same(getattr(one, slot, None), getattr(other, slot, None)) for slot in slots)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        these, those = cast("Sequence[object]", one), cast("Sequence[object]", other)
        return len(these) == len(those) and all(map(is_same, these, those))
    return isinstance(one, str | int | bool | bytes | None) and one == other


def _is_same_value(one: Bound[Any] | Against, other: Bound[Any] | Against) -> bool:
    return one.codec is other.codec and type(one.value) is type(other.value) and _is_equal(one.value, other.value)


def _is_equal(one: object, other: object) -> bool:
    try:
        return bool(one == other)
    except (ArithmeticError, TypeError, ValueError):  # a value that cannot be compared is nobody's twin
        return False


_ASIDE = frozenset({"_dotted", "_label", "_number"})
"""Slots that say nothing of what an expression is."""

_SLOTS: dict[type, tuple[str, ...]] = {}


def _slots(class_: type) -> tuple[str, ...]:
    found = _SLOTS.get(class_)
    if found is None:
        bases = class_.__mro__ if issubclass(class_, Expression) else ()
        found = _SLOTS[class_] = tuple(
            [slot for base in bases for slot in getattr(base, "__slots__", ()) if slot not in _ASIDE]
        )
    return found


def bare(expression: Expression[Any]) -> Expression[Any]:
    """An expression without the mark that it may be missing."""
    while isinstance(expression, Optional):
        expression = expression.inner
    return expression


def column_key(expression: Expression[Any]) -> tuple[str, str] | None:
    """Table and name of what is a column; None for anything else. The table is empty for the query's own."""
    item = getattr(expression, "node", expression)
    name, table = getattr(item, "name", None), getattr(item, "table", _NOWHERE)
    if not isinstance(name, str) or table is _NOWHERE or item._children():
        return None
    return cast(str, table or ""), name


_NOWHERE = object()
