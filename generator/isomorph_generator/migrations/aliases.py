"""What type columns of polymorphic relations may hold, before and after: aliases that changed, members that come and go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from isomorph.catalog import MorphAliases, Table
from isomorph.migrate import ChangeMorphAliases, Operation, RenameMorphAlias

__all__ = ["aliases_coming", "aliases_leaving"]


def _by_column(table: Table) -> dict[str, MorphAliases]:
    return {aliases.type_column: aliases for aliases in table.aliases}


def aliases_leaving(before: Table, after: Table) -> Iterator[Operation]:
    """What gives members their new aliases, and forgets type columns that are none any more.

    Members are known by their tables, so a table has its name of today already.
    """
    wanted = _by_column(after)
    for column, aliases in _by_column(before).items():
        if column not in wanted:
            yield ChangeMorphAliases(after.name, aliases, None)
            continue
        new = {table: alias for alias, table in wanted[column].members}
        names = {alias: new[table] for alias, table in aliases.members if new.get(table, alias) != alias}
        staying = tuple(member for member in aliases.members if member[1] in new)
        gone = {alias for alias, table in aliases.members if table not in new}
        if not gone.isdisjoint(names.values()):  # the alias of a member that goes is taken over
            yield ChangeMorphAliases(after.name, aliases, replace(aliases, members=staying))
        taken = {alias for alias, _ in staying}
        yield from _in_order(after.name, column, names, taken)


def _in_order(table: str, column: str, names: dict[str, str], taken: set[str]) -> Iterator[Operation]:
    """Renames, each to an alias that is free when its turn comes; a circle is opened by an alias between."""
    while names:
        free = next((alias for alias, to in names.items() if to not in taken), None)
        if free is None:
            free = next(iter(names))
            between = f"{free}~"
            yield RenameMorphAlias(table, column, free, between)
            taken = taken - {free} | {between}
            names[between] = names.pop(free)
            continue
        to = names.pop(free)
        yield RenameMorphAlias(table, column, free, to)
        taken = taken - {free} | {to}


def aliases_coming(before: Table, after: Table) -> Iterator[Operation]:
    """What records members that come and go, and type columns that are new."""
    known = _by_column(before)
    for column, aliases in _by_column(after).items():
        old = known.get(column)
        if old is None or set(old.members) != set(aliases.members):
            yield ChangeMorphAliases(after.name, old, aliases)
