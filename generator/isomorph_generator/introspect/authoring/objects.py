"""Views, triggers and functions: declared as the SQL that the database has of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from isomorph_generator.introspect.authoring import toml
from isomorph_generator.introspect.authoring.choices import Note, Part, PartKind
from isomorph_generator.introspect.authoring.drafts import Draft
from isomorph_generator.introspect.inspected import Function, View

__all__ = ["Declared", "declared_objects"]


@dataclass(frozen=True, slots=True)
class Declared:
    """Something that is declared as SQL.

    Attributes:
        section: `views`, `functions` or `triggers`.
        name: its name.
        lines: what stands below its header.
        part: what it is.
    """

    section: str
    name: str
    lines: tuple[str, ...]
    part: Part


def declared_objects(draft: Draft) -> Iterator[Declared | Note]:
    """What is declared as SQL, in the order in which it is made, and what is not."""
    yield from _functions(draft)
    for view in _in_order(draft.inspected.views):
        if view.materialized:
            yield Note(None, f"view {view.name}", "it keeps its rows, for which the schema has no word; make it by SQL")
        else:
            yield _declared(draft, "views", view.name, f"view {view.name}", (_sql(view.sql),))
    for trigger in draft.inspected.triggers:
        told, model = f"trigger {trigger.name} of {trigger.table}", draft.models.get(trigger.table)
        if model is None:
            yield Note(trigger.table, told, f"table {trigger.table} is no model")
        elif not trigger.enabled:
            yield Note(trigger.table, told, "it is disabled, for which the schema has no word")
        else:
            lines = (f"model = {toml.value(model.name)}", _sql(trigger.sql))
            yield _declared(draft, "triggers", trigger.name, told, lines, trigger.table)


def _declared(
    draft: Draft, section: str, name: str, told: str, lines: tuple[str, ...], table: str | None = None
) -> Declared | Note:
    part = Part(PartKind.OBJECT, told)
    reason = draft.choices.why_not(part)
    return Declared(section, name, lines, part) if reason is None else Note(table, told, reason)


def _functions(draft: Draft) -> Iterator[Declared | Note]:
    seen: set[str] = set()
    for function in draft.inspected.functions:
        name = function.name.partition("(")[0].strip().strip('"`')
        if name in seen:
            yield Note(
                None,
                f"function {function.name}",
                "one of that name is declared, and the schema tells them apart by name",
            )
            continue
        seen.add(name)
        yield _declared(draft, "functions", name, f"function {function.name}", tuple(_function_lines(function)))


def _function_lines(function: Function) -> Iterator[str]:
    yield _sql(function.sql)
    if re.match(r"\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:DEFINER\s*=\s*\S+\s+)?PROCEDURE\b", function.sql, re.IGNORECASE):
        yield f"drop = {toml.value(f'DROP PROCEDURE {function.name}')}"


def _sql(text: str) -> str:
    """SQL as a literal text of several lines, where one can hold it."""
    bare = text.strip()
    if "\n" in bare and "'''" not in bare and all(char.isprintable() or char in "\n\t" for char in bare):
        return f"sql = '''\n{bare}\n'''"
    return f"sql = {toml.value(bare)}"


def _in_order(views: tuple[View, ...]) -> list[View]:
    """Views by name, but each behind those that it names."""
    waiting, ordered = list(views), list[View]()
    while waiting:
        ready = (view for view in waiting if not any(_names(view, other) for other in waiting if other is not view))
        view = next(ready, waiting[0])
        waiting.remove(view)
        ordered.append(view)
    return ordered


def _names(view: View, other: View) -> bool:
    return re.search(rf"(?<!\w){re.escape(other.name)}(?!\w)", view.sql) is not None
