"""What SQLite lacks for JSON documents: keys of any text, containment, equality, changes. Pure; the driver registers it."""

from __future__ import annotations

import json
from typing import Any, cast

from isomorph.dialects.standard.documents import encoded

__all__ = ["array_contains", "array_overlaps", "contains", "equals", "part", "put", "removed", "unhex"]

_NOWHERE = object()


def _step(document: object, step: str | int) -> object:
    """What is one step down; `_NOWHERE` for nothing."""
    if isinstance(step, str):
        return cast("dict[str, object]", document).get(step, _NOWHERE) if isinstance(document, dict) else _NOWHERE
    if isinstance(document, list):
        items = cast("list[object]", document)
        if -len(items) <= step < len(items):
            return items[step]
    return _NOWHERE


def _found(document: object, path: list[str | int]) -> object:
    for step in path:
        document = _step(document, step)
        if document is _NOWHERE:
            break
    return document


def part(text: str | None, path: str) -> str | None:
    """`isomorph_json_part`: what is at a path."""
    if text is None:
        return None
    found = _found(json.loads(text), json.loads(path))
    return None if found is _NOWHERE else encoded(found)


def put(text: str | None, path: str, value: str) -> str | None:
    """`isomorph_json_put`: the document with a value at a path; unchanged where what is around it is missing."""
    if text is None:
        return None
    document: Any = json.loads(text)
    steps: list[str | int] = json.loads(path)
    holder: Any = _found(document, steps[:-1])
    last = steps[-1]
    if isinstance(last, str) and isinstance(holder, dict):
        holder[last] = json.loads(value)
    elif isinstance(last, int) and isinstance(holder, list):
        holder[last : last + 1] = [json.loads(value)]
    else:
        return text
    return encoded(document)


def removed(text: str | None, path: str) -> str | None:
    """`isomorph_json_removed`: the document without what is at a path."""
    if text is None:
        return None
    document: Any = json.loads(text)
    steps: list[str | int] = json.loads(path)
    holder: Any = _found(document, steps[:-1])
    if _step(holder, steps[-1]) is _NOWHERE:
        return text
    del holder[steps[-1]]
    return encoded(document)


def equals(text: str | None, other: str | None) -> bool | None:
    """`isomorph_json_equals`: whether two documents are the same, whatever the order of their keys."""
    return None if text is None or other is None else _same(json.loads(text), json.loads(other))


def contains(text: str | None, candidate: str | None) -> bool | None:
    """`isomorph_json_contains`: whether a document contains another one; a list also contains what is one of its items."""
    if text is None or candidate is None:
        return None
    document: Any = json.loads(text)
    wanted: Any = json.loads(candidate)
    if isinstance(document, list) and not isinstance(wanted, list | dict):
        return any(_same(item, wanted) for item in cast("list[object]", document))
    return _contains(document, wanted)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        these, those = cast("dict[str, object]", one), cast("dict[str, object]", other)
        return these.keys() == those.keys() and all(_same(item, those[key]) for key, item in these.items())
    if isinstance(one, list) and isinstance(other, list):
        items, others = cast("list[object]", one), cast("list[object]", other)
        return len(items) == len(others) and all(map(_same, items, others))
    # To Python True is 1.
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _contains(document: Any, wanted: Any) -> bool:
    if isinstance(document, dict) and isinstance(wanted, dict):
        fields, asked = cast("dict[str, object]", document), cast("dict[str, object]", wanted)
        return all(key in fields and _contains(fields[key], item) for key, item in asked.items())
    if isinstance(document, list) and isinstance(wanted, list):
        items, asked_items = cast("list[object]", document), cast("list[object]", wanted)
        return all(any(_contains(item, one) for item in items) for one in asked_items)
    return _same(document, wanted)


def array_contains(text: str | None, items: str | None) -> bool | None:
    """`isomorph_array_contains`: whether all items of another array are among those of one."""
    if text is None or items is None:
        return None
    found = set(json.loads(text))
    return all(item is not None and item in found for item in json.loads(items))


def array_overlaps(text: str | None, items: str | None) -> bool | None:
    """`isomorph_array_overlaps`: whether two arrays have an item in common."""
    return None if text is None or items is None else not set(json.loads(text)).isdisjoint(json.loads(items))


def unhex(text: str | None) -> bytes | None:
    """`isomorph_unhex`: bytes of their digits."""
    return None if text is None else bytes.fromhex(text)
