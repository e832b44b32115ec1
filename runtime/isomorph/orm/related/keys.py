"""What callers name related objects by: the objects themselves, or their primary keys, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from isomorph.errors import InvalidValue, NotSaved
from isomorph.orm.related.narrowed import equal

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.sql.expressions import Predicate

__all__ = ["checked_key", "checked_object", "is_object", "key_predicates", "shown_key"]


def is_object(item: object) -> bool:
    """Whether something is an object of a model."""
    class_ = item.__class__
    return hasattr(class_, "_definition") and hasattr(class_, "_row")


def checked_object(target: Definition, item: Any, where: str, *, saved: bool) -> Any:
    """An object of the related model.

    Args:
        target: the related model.
        item: what the caller gave.
        where: the operation, for errors.
        saved: whether it needs a row.

    Raises:
        InvalidValue: it is none.
        NotSaved: it has no row.
    """
    if not is_object(item) or item._definition.model is not target.model:
        raise InvalidValue(where, f"a {target.name}", type(item).__name__)
    if saved and item._row is None:
        raise NotSaved(target.name, where)
    return item


def checked_key(target: Definition, key: Any, where: str) -> tuple[object, ...]:
    """A primary key as the values of its columns.

    Raises:
        InvalidValue: it is none of the model's.
    """
    width = len(target.key)
    if is_object(key) or (width > 1 and type(key) is not tuple):
        raise InvalidValue(where, shown_key(target), type(key).__name__)
    parts = cast("tuple[Any, ...]", (key,) if width == 1 else key)
    if len(parts) != width:
        raise InvalidValue(where, shown_key(target), f"a tuple of {len(parts)}")
    if None in parts:
        raise InvalidValue(where, shown_key(target), "None")
    return tuple(
        [
            target.codecs[position].compared(part, f"{where}: {target.name}.{target.fields[position]}")
            for position, part in zip(target.key, parts, strict=True)
        ]
    )


def shown_key(target: Definition) -> str:
    """How the key of a model looks, for errors."""
    names = ", ".join(target.key_fields)
    return f"the {names} of a {target.name}" if len(target.key) == 1 else f"a tuple ({names}) of a {target.name}"


def key_predicates(target: Definition, key: object, where: str) -> list[Predicate]:
    """Conditions that only the row with that primary key meets.

    Raises:
        InvalidValue: it is no key of the model.
    """
    parts = checked_key(target, key, where)
    return [equal(target.columns[field], part) for field, part in zip(target.key_fields, parts, strict=True)]
