"""Guards of polymorphic relations, known by the message of their triggers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from isomorph.catalog import GuardMember, MorphGuard, ReferentialAction, Table
from isomorph.dialects.base import Dialect
from isomorph_generator.introspect.inspected import Trigger, Unsaid
from isomorph_generator.introspect.raw import RawDatabase
from isomorph_generator.introspect.tokens import Token, tokens

__all__ = ["FoundGuards", "find_guards", "made_by"]

_MESSAGE = re.compile(r'guard "(.+?)" is violated: no row of that type')
_FUNCTION = re.compile(r"EXECUTE (?:FUNCTION|PROCEDURE) (.+)\(\)\s*$", re.IGNORECASE)

# What stands in the triggers of a guard; `$name` takes a token.
_ROW = "select 1 from $table as isomorph_member where isomorph_member . $key = new . $id"
_BY_CONDITION = f"new . $type = $alias and not exists ( {_ROW}"
_BY_CASE = f"when $alias then perform {_ROW.removeprefix('select ')}"
_CASE = "case new . $type"
_FOLLOWING: Mapping[ReferentialAction, str] = {
    ReferentialAction.CASCADE: "delete from $table where $type = $alias and $id = old . $key",
    ReferentialAction.SET_NULL: "update $table set $type = null , $id = null where",
}


@dataclass(frozen=True, slots=True)
class FoundGuards:
    """The guards of a database.

    Attributes:
        by_table: of each table that points.
        triggers: names of the triggers that belong to them.
        functions: names of the functions, likewise, without arguments.
        unsaid: guards that lack a part of themselves.
    """

    by_table: Mapping[str, tuple[MorphGuard, ...]]
    triggers: frozenset[str]
    functions: frozenset[str]
    unsaid: tuple[Unsaid, ...]


def find_guards(raw: RawDatabase, dialect: Dialect) -> FoundGuards:
    """The guards whose trigger on the table that points is there; its other parts are looked for by their names."""
    bodies = {function.name.partition("(")[0]: function.sql for function in raw.functions}
    texts = {trigger.name: _text(trigger, bodies) for trigger in raw.triggers}
    by_table: dict[str, list[MorphGuard]] = {}
    triggers: set[str] = set()
    functions: set[str] = set()
    unsaid: list[Unsaid] = []
    for trigger in raw.triggers:
        match = _MESSAGE.search(texts[trigger.name].replace("''", "'"))
        if match is None or trigger.name in triggers:
            continue
        guard = _guard(match[1], trigger, texts, escapes=dialect.name == "mysql")
        if guard is None:
            continue
        made = made_by(dialect, trigger.table, guard)
        by_table.setdefault(trigger.table, []).append(guard)
        triggers |= made[0]
        functions |= made[1]
        lacking = sorted((made[0] - texts.keys()) | (made[1] - bodies.keys()))
        off = sorted(other.name for other in raw.triggers if other.name in made[0] and not other.enabled)
        for names, what in ((lacking, "is missing"), (off, "is disabled")):
            unsaid += [Unsaid(trigger.table, f"guard {guard.name}", f"its part {name} {what}") for name in names]
    return FoundGuards(
        {table: tuple(guards) for table, guards in by_table.items()},
        frozenset(triggers),
        frozenset(functions),
        tuple(unsaid),
    )


def made_by(dialect: Dialect, table: str, guard: MorphGuard) -> tuple[frozenset[str], frozenset[str]]:
    """The names of the triggers and functions that a guard is made of."""
    triggers: set[str] = set()
    functions: set[str] = set()
    for statement in dialect.ddl.drop_guard(Table(table, (), ()), guard):
        found = tokens(dialect.ddl.printed(statement))
        place = next(place for place, token in enumerate(found) if token.kind == "quoted")
        (functions if found[1].word == "FUNCTION" else triggers).add(found[place].name)
    return frozenset(triggers), frozenset(functions)


def _text(trigger: Trigger, bodies: Mapping[str, str]) -> str:
    """What a trigger does: its own statement, and that of the function that it calls."""
    match = _FUNCTION.search(trigger.sql)
    name = "" if match is None else tokens(match[1])[-1].name
    return f"{trigger.sql}\n{bodies.get(name, '')}"


def _guard(name: str, trigger: Trigger, texts: Mapping[str, str], *, escapes: bool) -> MorphGuard | None:
    found = tokens(texts[trigger.name], escapes=escapes)
    parts = [*_matches(found, _BY_CONDITION)]
    if not parts:
        cases = [*_matches(found, _CASE)]
        parts = [{**part, "type": cases[0]["type"]} for part in _matches(found, _BY_CASE)] if cases else []
    if not parts:
        return None
    unique: dict[tuple[str, str], dict[str, Token]] = {(part["alias"].name, part["table"].name): part for part in parts}
    members = tuple(
        GuardMember(alias.replace("\\\\", "\\") if escapes else alias, table, part["key"].name)
        for (alias, table), part in unique.items()
    )
    type_column, id_column = parts[0]["type"].name, parts[0]["id"].name
    return MorphGuard(name, type_column, id_column, members, _action(trigger.table, type_column, texts.values()))


def _action(table: str, type_column: str, texts: Iterable[str]) -> ReferentialAction:
    for text in texts:
        for action, pattern in _FOLLOWING.items():
            for part in _matches(tokens(text), pattern):
                if part["table"].name == table and part["type"].name == type_column:
                    return action
    return ReferentialAction.NO_ACTION


def _matches(found: Sequence[Token], pattern: str) -> Iterator[dict[str, Token]]:
    """What the `$names` of a pattern stand for, wherever it is in a text."""
    wanted_tokens = pattern.split()
    for start in range(len(found) - len(wanted_tokens) + 1):
        taken: dict[str, Token] = {}
        for token, wanted in zip(found[start:], wanted_tokens, strict=False):
            if wanted.startswith("$"):
                taken[wanted[1:]] = token
            elif token.normal != wanted:
                break
        else:
            yield taken
