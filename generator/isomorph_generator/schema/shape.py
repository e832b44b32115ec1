"""Checks the shape of a document against the spec, and words pydantic's errors.

Owns the way from a pydantic error to a position and our own words. What is wrong is taken out and the rest checked again,
so that one run tells all mistakes of shape, and the resolver can go on with what is right.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from isomorph_generator.schema.documents import Table, as_list, as_table
from isomorph_generator.schema.errors import (
    ConflictingKeys,
    MissingKey,
    NoRelationKind,
    NotAllowedValue,
    NotSupportedYet,
    OutOfBounds,
    SchemaError,
    UnknownKey,
    WrongType,
)
from isomorph_generator.schema.report import Report
from isomorph_generator.schema.scan import Path
from isomorph_generator.schema.spec import RELATION_KINDS, SchemaSpec
from isomorph_generator.schema.unsupported import KEYS, VALUES

__all__ = ["checked_shape", "described"]

_MOST_ROUNDS = 20  # each takes out what the one before could not look behind; tables nest less deep than this
_TAG = re.compile(r"<\w+>")
_EXPECTED = {
    "string_type": "a text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "number_type": "a number",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
}
_FORMS = {
    "<text>": "a text",
    "<flag>": "true or false",
    "<integer>": "a whole number",
    "<table>": "a table",
    "<list>": "a list",
}
_EXAMPLES = {
    "type": 'type = "string(100)"',
    "env": 'env = "NAME"',
    "values": 'values = ["one", "two"]',
    "name": 'name = "..."',
    "through": 'through = "posts"',
    "fields": 'fields = ["name"]',
    "check": 'check = "price > 0"',
    "sql": 'sql = { postgresql = "..." }',
}


def checked_shape(table: Table, report: Report) -> tuple[SchemaSpec, frozenset[Path]]:
    """Check the shape of a document; its mistakes go to the report.

    Args:
        table: the document. What is wrong is taken out of it.
        report: takes the mistakes.

    Returns:
        The spec of what is right, and the paths of what was taken out.
    """
    removed: set[Path] = set()
    for _ in range(_MOST_ROUNDS):
        try:
            return SchemaSpec.model_validate(table), frozenset(removed)
        except ValidationError as errors:
            for error in errors.errors(include_url=False):
                path = tuple(step for step in error["loc"] if not _TAG.fullmatch(str(step)))
                if not _follows(error["type"], path, removed):
                    for mistake in _mistakes(error, path, report):
                        report.add(mistake)
                for gone in _to_remove(error, path):
                    _remove(table, gone, removed)
    return SchemaSpec(), frozenset({()})


def _follows(kind: str, path: Path, removed: set[Path]) -> bool:
    """Whether something is missing only because it was taken out, or because its key is misspelt."""
    if kind == "union_tag_not_found":
        return any(gone[:-1] == path and gone[-1] in RELATION_KINDS for gone in removed)
    if kind != "missing":
        return False
    siblings = [str(gone[-1]) for gone in removed if gone[:-1] == path[:-1]]
    return bool(get_close_matches(str(path[-1]), siblings, n=1))


def _to_remove(error: ErrorDetails, path: Path) -> Iterator[Path]:
    match error["type"]:
        case "unknown_keys":
            yield from ((*path, key) for key in error.get("ctx", {})["keys"])
        case "missing":
            yield path[:-1]
        case _:
            yield path[:-3] if path[-1:] == ("[key]",) else path  # a key of `sql` takes all of its condition along


def _remove(table: Table, path: Path, removed: set[Path]) -> None:
    """Take out what stands at `path`; all of a list whose item it is, so that the other items keep their numbers."""
    holder, key = table, path[0]
    here: Path = path[:1]
    for depth, step in enumerate(path[1:], start=2):
        inner = as_table(holder.get(str(key)))
        if inner is None or (step not in inner and (*here, step) not in removed):
            break
        if step not in inner:
            return  # gone already, with another mistake in it
        holder, key, here = inner, step, path[:depth]
    holder.pop(str(key), None)
    removed.update((here, path))


def _mistakes(error: ErrorDetails, path: Path, report: Report) -> Iterator[SchemaError]:
    value: object = error["input"]
    context: Mapping[str, Any] = error.get("ctx", {})
    kind = error["type"]
    if kind == "unknown_keys":
        for name in context["keys"]:
            yield _unknown_key(context["spec"], name, tuple(context["known"]), path, report)
    elif path[-1:] == ("[key]",):
        yield UnknownKey(*report.key(path[:-1]), str(path[-2]), _quoted(context))
    elif kind == "missing":
        name = str(path[-1])
        yield MissingKey(*report.key(path[:-1]), name, _EXAMPLES.get(name, f"{name} = ..."))
    elif kind == "union_tag_not_found":
        yield NoRelationKind(*report.key(path), tuple(as_table(value) or ()), tuple(RELATION_KINDS))
    elif kind == "union_tag_invalid":
        expected = [_FORMS[form] for form in _quoted(context) if form in _FORMS] or ["a table"]
        yield WrongType(*report.value(path), _either(expected), described(value))
    elif kind == "literal_error" and isinstance(value, str) and _quoted(context):
        yield _not_allowed(value, _quoted(context), path, report)
    elif kind == "literal_error":
        expected_text = "a text" if _quoted(context) else str(context["expected"]).lower()
        yield WrongType(*report.value(path), expected_text, described(value))
    elif kind == "too_short":
        yield OutOfBounds(*report.value(path), "a list of at least one item")
    elif kind == "greater_than_equal":
        yield OutOfBounds(*report.value(path), f"at least {context['ge']}")
    else:
        yield WrongType(*report.value(path), _EXPECTED.get(kind, "another value"), described(value))


def _unknown_key(spec: str, name: str, known: tuple[str, ...], path: Path, report: Report) -> SchemaError:
    at, shown = report.key((*path, name))
    if (instead := KEYS.get(spec, {}).get(name)) is not None:
        return NotSupportedYet(at, shown, f'"{name}"', instead)
    if name in RELATION_KINDS and (kinds := [key for key in known if key in RELATION_KINDS]):
        return ConflictingKeys(at, shown, kinds[0], name, "a relation is of one kind")
    return UnknownKey(at, shown, name, known)


def _not_allowed(value: str, allowed: tuple[str, ...], path: Path, report: Report) -> SchemaError:
    instead = VALUES.get((str(path[0]), str(path[-1])), {}).get(value)
    if instead is not None:
        return NotSupportedYet(*report.value(path), f'"{value}"', instead)
    return NotAllowedValue(*report.value(path), value, allowed)


def _either(expected: list[str]) -> str:
    choices = ", ".join(expected).replace("true or false", "true, false").split(", ")
    return " or ".join(filter(None, (", ".join(choices[:-1]), choices[-1])))


def _quoted(context: Mapping[str, Any]) -> tuple[str, ...]:
    """The texts that pydantic lists as allowed."""
    return tuple(re.findall(r"'([^']*)'", str(context.get("expected", context.get("expected_tags", "")))))


def described(value: object) -> str:
    """What a TOML value is, without saying it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return "a text"
        case int():
            return "a whole number"
        case float() | Decimal():
            return "a number with a point"
        case dt.datetime():
            return "a date and time without offset" if value.tzinfo is None else "a date and time with offset"
        case dt.date():
            return "a date"
        case dt.time():
            return "a time"
        case _:
            return "a list" if as_list(value) is not None else "a table"
