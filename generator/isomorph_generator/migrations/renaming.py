"""What is the same under another name: by what the schema says, else by likeness, which is asked for. Pure.

Owns which table, column, enum and value of the one state is which of the other. Names of indexes and constraints are not
asked for, since nothing is lost with them: see `parts`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from isomorph.catalog import Enum, Table
from isomorph.migrate import Operation, RenameColumn, RenameEnum, RenameTable, State
from isomorph_generator.migrations.errors import UnclearRename, UnclearRenames, UnsupportedChange
from isomorph_generator.schema.renames import RenameKind, Renames

__all__ = ["Renaming", "renaming"]


@dataclass(slots=True)
class Renaming:
    """What was found.

    Attributes:
        operations: the renames, enums first, then tables, then columns.
        values: by enum, old and new name of the values that have another one.
        refused: renames to a name that is taken.
    """

    operations: list[Operation] = field(default_factory=list[Operation])
    values: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict[str, tuple[tuple[str, str], ...]])
    refused: list[UnsupportedChange] = field(default_factory=list[UnsupportedChange])


def renaming(before: State, after: State, renames: Renames, *, asks: bool) -> Renaming:
    """Find the renames between two states.

    Args:
        before: the one that the revisions lead to.
        after: the one that the schema asks for.
        renames: what the schema, or somebody who was asked, says.
        asks: whether likely ones that nobody spoke of are asked for; otherwise they are none.

    Raises:
        UnclearRenames: likely ones that nobody spoke of.
    """
    search = _Search(renames, asks)
    state = before
    enums = search.pairs("enum", "", before.enums, after.enums, _like_enums(before.enums, after.enums))
    for new, old in enums.items():
        state = search.add(state, RenameEnum(old, new, before.enums[old].type_name, after.enums[new].type_name))
    for name, enum in after.enums.items():
        if name in state.enums:
            search.values(state.enums[name], enum)
    likeness = _like_tables(state.tables, after.tables)
    for new, old in search.pairs("table", "", state.tables, after.tables, likeness).items():
        state = search.add(state, RenameTable(old, new))
    for name, table in after.tables.items():
        if name in state.tables:
            search.columns(state.tables[name], table)
    if search.unclear:
        raise UnclearRenames(search.unclear)
    return search.found


_Alike = Callable[[Sequence[str], Sequence[str]], Iterator[tuple[str, str]]]
"""Of names that are gone and names that are new: the pairs that are likely the same."""


class _Search:
    def __init__(self, renames: Renames, asks: bool) -> None:
        self._renames = renames
        self._asks = asks
        self.found = Renaming()
        self.unclear: list[UnclearRename] = []

    def add(self, state: State, operation: Operation) -> State:
        self.found.operations.append(operation)
        return operation.apply(state)

    def pairs(
        self,
        kind: RenameKind,
        owner: str,
        before: Iterable[str],
        after: Iterable[str],
        alike: _Alike,
    ) -> dict[str, str]:
        """New name to old one, of what is the same; what is likely the same is taken note of."""
        old, new = dict.fromkeys(before), dict.fromkeys(after)
        gone = [name for name in old if name not in new]
        found: dict[str, str] = {}
        for name in new:
            said = [former for former in self._renames.of(kind, owner, name).names if former in gone]
            if not said:
                continue
            if name in old:
                self._refuse(kind, owner, said[0], name)
                continue
            found[name] = said[0]
            gone.remove(said[0])
        if self._asks:
            coming = [name for name in new if name not in old and name not in found]
            for former, name in self._likely(kind, owner, gone, coming, alike):
                line = self._renames.of(kind, owner, name).line
                self.unclear.append(UnclearRename(kind, owner, former, name, line))
        return found

    def _likely(
        self, kind: RenameKind, owner: str, gone: Sequence[str], new: Sequence[str], alike: _Alike
    ) -> Iterator[tuple[str, str]]:
        """Each name at most once."""
        gone, new = list(gone), [name for name in new if not self._renames.of(kind, owner, name).is_new]
        for old, name in list(alike(gone, new)):
            if old in gone and name in new and old not in self._renames.of(kind, owner, name).others:
                gone.remove(old)
                new.remove(name)
                yield old, name

    def _refuse(self, kind: RenameKind, owner: str, old: str, name: str) -> None:
        path = f"{owner}.{old}" if owner else old
        what = f"the {kind} {path} is to be called {name}, which is the name of another one"
        self.found.refused.append(UnsupportedChange(what, f"drop {name} in a revision of its own first"))

    def values(self, before: Enum, after: Enum) -> None:
        """Note the values of an enum that have another name."""
        alike = _like_values(before.values, after.values)
        pairs = self.pairs("value", after.name, before.values, after.values, alike)
        if pairs:
            self.found.values[after.name] = tuple((former, name) for name, former in pairs.items())

    def columns(self, before: Table, after: Table) -> None:
        """Note the columns of a table that have another name."""
        old, new = ([column.name for column in table.columns] for table in (before, after))
        for name, former in self.pairs("column", after.name, old, new, _like_columns(before, after)).items():
            self.found.operations.append(RenameColumn(after.name, former, name))


# --- likeness --------------------------------------------------------------------------------------------------------


def _like_columns(before: Table, after: Table) -> _Alike:
    """Of one type, and not with keys of different tables: first those at the same place, then in their order."""
    old, new = ({column.name: column for column in table.columns} for table in (before, after))
    (places, behind), (new_places, new_behind) = (_places(list(columns)) for columns in (old, new))

    def fits(former: str, name: str) -> bool:
        one, other = old[former], new[name]
        targets, new_targets = _targets(before, former), _targets(after, name)
        elsewhere = bool(targets and new_targets) and targets.isdisjoint(new_targets)
        return one.type == other.type and (one.generated is None) == (other.generated is None) and not elsewhere

    def alike(gone: Sequence[str], coming: Sequence[str]) -> Iterator[tuple[str, str]]:
        pairs = [(former, name) for name in coming for former in gone if fits(former, name)]
        for former, name in pairs:
            if places[former] == new_places[name] or behind[former] == new_behind[name]:
                yield former, name
        yield from pairs

    return alike


def _places(names: Sequence[str]) -> tuple[dict[str, int], dict[str, str | None]]:
    """The place of each name, and the name before it."""
    before = dict(zip(names, [None, *names], strict=False))
    return {name: place for place, name in enumerate(names)}, before


def _targets(table: Table, column: str) -> set[str]:
    return {key.table for key in table.foreign_keys if column in key.columns}


def _like_tables(before: Mapping[str, Table], after: Mapping[str, Table]) -> _Alike:
    """Of which more than half of the columns are the same, the likest first."""

    def columns(table: Table) -> set[object]:
        return {(column.name, column.type) for column in table.columns}

    return _alike_by(lambda former, name: _likeness(columns(before[former]), columns(after[name])))


def _like_enums(before: Mapping[str, Enum], after: Mapping[str, Enum]) -> _Alike:
    """Of which more than half of the values are the same, the likest first."""
    return _alike_by(lambda former, name: _likeness({*before[former].values}, {*after[name].values}))


def _like_values(before: Sequence[str], after: Sequence[str]) -> _Alike:
    """At the same place, or the only one that is gone and the only one that is new."""

    def alike(gone: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
        yield from ((old, name) for name in new for old in gone if before.index(old) == after.index(name))
        if len(gone) == len(new) == 1:
            yield gone[0], new[0]

    return alike


def _likeness(before: AbstractSet[object], after: AbstractSet[object]) -> float:
    return len(before & after) / max(len(before), len(after), 1)


def _alike_by(likeness: Callable[[str, str], float]) -> _Alike:
    def alike(gone: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
        pairs = [(likeness(old, name), old, name) for name in new for old in gone]
        yield from ((old, name) for like, old, name in sorted(pairs, key=lambda pair: -pair[0]) if like > 1 / 2)

    return alike
