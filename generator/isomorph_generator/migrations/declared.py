"""What is declared as SQL, before and after: views, triggers, functions, extensions, schemas. Pure.

A database refuses to change a table that a view is made of, so a view or trigger that names a table which changes goes
before that, and comes again behind it. What its SQL names is told by the words in it, which may find too much: then it is
made again for nothing, and nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from isomorph.catalog import ObjectKind, SqlObject
from isomorph.migrate import (
    AddMorphGuard,
    ChangeEnum,
    CreateObject,
    CreateTable,
    DropMorphGuard,
    DropObject,
    DropTable,
    Operation,
    Operations,
    RenameEnum,
    RenameTable,
    ReplaceObject,
    State,
    SwapColumns,
)
from isomorph.migrate.operations import TableChange

__all__ = ["around"]

_ORDER = (ObjectKind.EXTENSION, ObjectKind.SCHEMA, ObjectKind.FUNCTION, ObjectKind.VIEW, ObjectKind.TRIGGER)
_BEHIND_TABLES = frozenset({ObjectKind.VIEW, ObjectKind.TRIGGER})


def around(operations: Operations, before: State, after: State) -> Operations:
    """The operations on tables, with those on what is declared as SQL around them."""
    old, new = _ordered(before), _ordered(after)
    leaving = _leaving(old, new, _changed_tables(operations, before))
    coming = [made for made in new if made not in old or made in leaving]
    gone = list(reversed(leaving))
    if not operations and len(leaving) == len(coming) == 1 and _key(leaving[0]) == _key(coming[0]):
        return (ReplaceObject(leaving[0], coming[0]),)
    kept_names = {_key(made) for made in coming}
    return (
        *(DropObject(made) for made in gone if made.kind in _BEHIND_TABLES),
        *_first(coming, {_key(made): made for made in leaving}),
        *operations,
        *(DropObject(made) for made in gone if made.kind not in _BEHIND_TABLES and _key(made) not in kept_names),
        *(CreateObject(made) for made in coming if made.kind in _BEHIND_TABLES),
    )


def _first(coming: Sequence[SqlObject], leaving: dict[tuple[ObjectKind, str], SqlObject]) -> Iterator[Operation]:
    """What tables may need: it comes before them."""
    for made in coming:
        if made.kind not in _BEHIND_TABLES:
            known = leaving.get(_key(made))
            yield CreateObject(made) if known is None else ReplaceObject(known, made)


def _key(made: SqlObject) -> tuple[ObjectKind, str]:
    return made.kind, made.name


def _ordered(state: State) -> list[SqlObject]:
    return sorted(state.objects.values(), key=lambda made: _ORDER.index(made.kind))


def _leaving(old: Sequence[SqlObject], new: Sequence[SqlObject], tables: Collection[str]) -> list[SqlObject]:
    """What is gone or changed, or names a table or something that is."""
    leaving = [made for made in old if made not in new or (made.kind in _BEHIND_TABLES and _names(made, tables))]
    while True:
        names = {made.name for made in leaving}
        further = [made for made in old if made not in leaving and made.kind in _BEHIND_TABLES and _names(made, names)]
        if not further:
            return [made for made in old if made in leaving]
        leaving += further


def _names(made: SqlObject, names: Collection[str]) -> bool:
    if not names:
        return False
    word = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)
    return any(word.search(statement) for statements in made.create.values() for statement in statements)


def _changed_tables(operations: Operations, state: State) -> frozenset[str]:
    """The tables that exist, by the names they have before and behind, and change."""
    found: set[str] = set()
    enums: set[str] = set()
    for operation in operations:
        match operation:
            case RenameTable(before, after):
                found |= {before, after}
            case DropTable(table):
                found.add(table.name)
            case RenameEnum(before):
                enums.add(before)
            case ChangeEnum(before):
                enums.add(before.name)
            case TableChange() | AddMorphGuard() | DropMorphGuard() | SwapColumns():
                found.add(operation.table)
            case CreateTable() | _:
                pass
    found |= {
        table.name
        for table in state.tables.values()
        if any(column.type.named_enum in enums for column in table.columns)
    }
    return frozenset(found)
