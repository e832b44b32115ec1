"""A column that takes the place of another in phases, each a revision: so that programs of before and after run all the while.

- **expand**: the new column beside the old one, and triggers that write the other half of each write.
- **backfill**: what older rows hold is copied.
- **switch**: the new column gets what the old one has: constraints, indexes.
- **contract**: the triggers go, then the old column.

A column that keeps its name and changes its type is another matter: one name cannot be of two types. There, the new column
is filled under a name of its own, which no program knows; the switch swaps the two names in one moment. Pure.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from isomorph.catalog import Check, Column, ForeignKey, Index, IndexColumn, Table, Unique
from isomorph.dialects.standard.made_names import LONGEST_NAME_BYTES, made_name
from isomorph.migrate import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddMirror,
    AddUnique,
    ChangeColumn,
    CopyColumn,
    CopyColumnBack,
    CreateEnum,
    CreateIndex,
    DropCheck,
    DropColumn,
    DropEnum,
    DropForeignKey,
    DropIndex,
    DropUnique,
    Operation,
    Operations,
    RenameConstraint,
    RenameIndex,
    State,
    SwapColumns,
    lossy,
)
from isomorph.migrate.losses import holds_all
from isomorph.migrate.renaming import renamed_column
from isomorph_generator.migrations.comparing import differs, holds, names_columns
from isomorph_generator.migrations.declared import around
from isomorph_generator.migrations.moving import Move

__all__ = ["Phase", "phases"]

_EXPAND: Final = "expand"
_BACKFILL: Final = "backfill"
_SWITCH: Final = "switch"
_CONTRACT: Final = "contract"


_BY_NATURE: Final[Mapping[str, str]] = {
    "MIG016": "MySQL and MariaDB add a foreign key or a check in no other way",
    "MIG017": "SQLite does it in no other way",
}
"""What the linter finds of the phases on databases that leave no choice."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One of the revisions.

    Attributes:
        name: what it is called.
        operations: what it does.
        does: what it does, in words.
        deploys: what may run between it and the next one, in words.
        allow: what the linter may find of it by its nature, by code, each with the reason why that is fine.
    """

    name: str
    operations: Operations
    does: str
    deploys: str
    allow: Mapping[str, str]


def phases(found: Move, before: State, after: State, backfill: str) -> tuple[Phase, ...]:
    """The revisions of a move, in order; one that would do nothing is left out.

    Args:
        found: which column takes the place of which.
        before: the state that the revisions lead to.
        after: the state that is wanted.
        backfill: what the revision that copies the rows is called, for the reason of the loss.
    """
    writer = (_Swap if found.keeps_name else _Rename)(found, before, after, backfill)
    return tuple(phase for phase in writer.phases() if phase.operations)


class _Phases(ABC):
    """Builds the operations one by one, and knows the state that they have led to."""

    def __init__(self, found: Move, before: State, after: State, backfill: str) -> None:
        self._move, self._before, self._after = found, before, after
        self._state = before
        self._table = found.table
        self._backfill = backfill
        self._operations: list[Operation] = []
        self._taken = {part.name for table in before.tables.values() for part in _parts(table)}

    @abstractmethod
    def phases(self) -> Iterator[Phase]:
        """All of them, some of which may have no operations."""

    def _do(self, *operations: Operation) -> None:
        for operation in operations:
            self._operations.append(operation)
            self._state = operation.apply(self._state)

    def _phase(self, name: str, does: str, deploys: str, **allow: str) -> Phase:
        """The operations since the last one, around them the views and triggers of the schema that are in their way."""
        operations, self._operations = tuple(self._operations), []
        # Without the mirror, which is to be there all the while.
        state = self._state.with_objects(self._before.objects.values())
        return Phase(name, around(operations, state, state), does, deploys, {**_BY_NATURE, **allow, **self._unique()})

    def _unique(self) -> dict[str, str]:
        """Why rows are alike in no unique constraint of the new column; nothing where they may be."""
        old, new = (
            {_unique_columns(part) for part in _naming(table, column.name)}
            for table, column in ((self._move.old, self._move.before), (self._move.new, self._move.after))
        )
        names = {self._move.after.name: self._move.before.name}
        known = {None if columns is None else tuple(names.get(name, name) for name in columns) for columns in new}
        is_lossless = holds_all(self._move.before.type, self._move.after.type)
        return (
            {"MIG008": "the column whose place it takes is unique, too"}
            if known <= {*old, None} and is_lossless
            else {}
        )

    @property
    def _now(self) -> Table:
        return self._state.table(self._table)

    # --- columns -------------------------------------------------------------------------------------------------------

    def _become(self, wanted: Column) -> None:
        """Change a column; nothing where it is so already."""
        column = self._now.column(wanted.name)
        if differs(column, wanted):
            self._do(ChangeColumn(self._table, column, wanted))

    def _drop_column(self, name: str) -> None:
        drop = DropColumn(self._table, self._now.column(name))
        # What the new type does not hold of the values is lost indeed: whoever runs it has to say that this is fine.
        is_lossless = holds_all(self._move.before.type, self._move.after.type)
        why = f"{self._backfill} copied each value to {self._table}.{self._move.after.name}"
        self._do(lossy(why, drop) if is_lossless else drop)

    # --- enums ---------------------------------------------------------------------------------------------------------

    def _enums_come(self) -> None:
        self._do(*(CreateEnum(enum) for name, enum in self._after.enums.items() if name not in self._before.enums))

    def _enums_go(self) -> None:
        self._do(*(DropEnum(enum) for name, enum in self._before.enums.items() if name not in self._after.enums))

    # --- constraints and indexes ---------------------------------------------------------------------------------------

    def _beside(self, part: _Part) -> str:
        """What a part is called while another one may have its name."""
        return made_name("isomorph", part.name, "beside") if part.name in self._taken else part.name

    def _add(self, parts: Iterable[_Part]) -> None:
        for part in parts:
            self._do(_added(self._table, part, self._beside(part)))

    def _drop(self, parts: Iterable[_Part]) -> None:
        # Foreign keys before the indexes that they need.
        self._do(*(_dropped(self._table, part) for part in sorted(parts, key=lambda p: not isinstance(p, ForeignKey))))

    def _name_finally(self, parts: Iterable[_Part]) -> None:
        """Give parts their own names, which are free by now."""
        for part in parts:
            if (beside := self._beside(part)) != part.name:
                rename = RenameIndex if isinstance(part, Index) else RenameConstraint
                self._do(rename(self._table, beside, part.name))


class _Rename(_Phases):
    """A column with another name, and another type where it has one: programs know the one or the other."""

    def phases(self) -> Iterator[Phase]:
        before, after, table = self._move.before, self._move.after, self._table
        old, new = f"{table}.{before.name}", f"{table}.{after.name}"
        bare = _bare(after)
        parts = _naming(self._move.new, after.name)
        keys = [part for part in parts if isinstance(part, ForeignKey)]
        # Those that a foreign key needs come before it.
        early = [*(part for part in parts if keys and _begins_with(part, after.name)), *keys]
        others = [part for part in parts if part not in early]

        self._enums_come()
        self._do(AddColumn(table, bare))
        mirror = AddMirror(table, before.name, after.name, both_ways=True, required=not after.nullable)
        self._do(mirror)
        # A program of after gives no value to it, and on SQLite no trigger can before NULL is refused.
        self._become(replace(before, nullable=True))
        # Foreign keys come with the column, for what they do to rows fires no trigger on MySQL.
        self._add(early)
        yield self._phase(
            _EXPAND,
            f"{new} beside {old}, and triggers that keep the one as the other is.",
            f"Programs that know {old} run on. Those that know {new} come later: of older rows it holds nothing yet.",
        )
        self._do(CopyColumn(table, before.name, after.name))
        deploys = (
            f"Deploy programs that know {new}, beside those that know {old}; stop the last one of these before the next "
            "revision."
        )
        waits = (
            f"Programs that know {old} run on. Those that know {new} may run, but without its constraints and indexes."
        )
        yield self._phase(_BACKFILL, f"What older rows hold in {old} is copied to {new}.", waits if others else deploys)
        self._add(others)
        yield self._phase(_SWITCH, f"{new} gets the constraints and indexes of {old}.", deploys)
        self._contract(mirror, bare, parts)
        self._enums_go()
        yield self._phase(
            _CONTRACT,
            f"{old} goes, and with it the triggers.",
            f"Run it when no program uses {old} any more: only those that know {new} run behind it.",
            MIG007="a row without it was refused since the first phase, and all others were copied",
            MIG013="it is run when no program uses that column any more",
        )

    def _contract(self, mirror: AddMirror, bare: Column, parts: Sequence[_Part]) -> None:
        before, after = self._move.before, self._move.after
        # In this order, so that taken back the triggers come before the values, and these before a default does.
        self._become(replace(bare, default=after.default, default_sql=after.default_sql))
        self._do(CopyColumnBack(self._table, after.name, before.name))
        self._become(replace(self._now.column(before.name), default=None, default_sql=None))
        self._do(mirror.reverse())
        self._drop(_naming(self._now, before.name))
        self._name_finally(parts)
        self._drop_column(before.name)
        self._become(after)


class _Swap(_Phases):
    """A column with another type under its name: all programs know that name, and the new type comes to it in one moment."""

    def phases(self) -> Iterator[Phase]:
        after, table = self._move.after, self._table
        name, path = after.name, f"{table}.{after.name}"
        beside = self._free_name()
        bare = replace(_bare(after), name=beside)

        self._enums_come()
        self._do(AddColumn(table, bare))
        mirror = AddMirror(table, name, beside)
        self._do(mirror)
        yield self._phase(
            _EXPAND,
            f"{table}.{beside} of type {after.type} beside {path}, and triggers that write it along.",
            "Programs run on as they are: none knows the new column.",
        )
        self._do(CopyColumn(table, name, beside))
        yield self._phase(
            _BACKFILL,
            f"What older rows hold in {path} is converted to {table}.{beside}.",
            f"Programs run on as they are. The next revision changes the type of {path} in one moment: have those running "
            f"that can read and write {after.type}.",
        )
        self._switch(mirror, beside, bare)
        yield self._phase(
            _SWITCH,
            f"{path} and {table}.{beside} swap their names, so that {path} is of type {after.type}.",
            f"Deploy programs that know {path} as {after.type}. Taking it back converts what was written meanwhile.",
            MIG007="the column whose place it takes holds no NULL",
        )
        self._drop_column(beside)
        self._enums_go()
        yield self._phase(
            _CONTRACT,
            f"{table}.{beside}, which holds what {path} was, goes.",
            f"Programs that know {path} as {after.type} run on.",
            MIG013="no program knows that column",
        )

    def _switch(self, mirror: AddMirror, beside: str, bare: Column) -> None:
        before, after, table = self._move.before, self._move.after, self._table
        name = after.name
        of_all = renamed_column(self._after, table, name, beside).table(table)
        parts = [part for part in _naming(of_all, beside) if not isinstance(part, Check)]
        checks = [part for part in _naming(self._move.new, name) if isinstance(part, Check)]
        self._add(parts)
        self._become(replace(bare, default=after.default, default_sql=after.default_sql))
        self._drop(part for part in _naming(self._now, name) if isinstance(part, Check))
        self._become(replace(before, nullable=True))
        # All rows are copied when it is taken back: nobody but the triggers writes the other column.
        self._do(CopyColumnBack(table, name, beside, anew=True))
        self._do(SwapColumns(table, name, beside))
        self._do(CopyColumnBack(table, name, beside, anew=True))
        # Programs may write from here on what the old type does not hold.
        self._do(mirror.reverse())
        self._become(replace(self._now.column(beside), default=None, default_sql=None))
        self._drop(_naming(self._now, beside))
        self._name_finally(parts)
        self._do(*(_added(table, check, check.name) for check in checks))
        self._become(after)

    def _free_name(self) -> str:
        """What the new column is called while the old one has its name."""
        name = f"{self._move.after.name}_other"
        is_taken = any(column.name == name for column in self._move.old.columns)
        is_long = len(name.encode()) > LONGEST_NAME_BYTES
        return made_name("isomorph", self._move.after.name, "other") if is_taken or is_long else name


# --- parts of a table --------------------------------------------------------------------------------------------------

_Part: TypeAlias = Unique | Index | Check | ForeignKey


def _parts(table: Table) -> tuple[_Part, ...]:
    return (*table.uniques, *table.indexes, *table.checks, *table.foreign_keys)


def _naming(table: Table, name: str) -> list[_Part]:
    """The constraints and indexes of a table that name a column."""

    def names(part: _Part) -> bool:
        match part:
            case Index():
                return holds(part, {name})
            case Check():
                return names_columns(part.expression, {name})
            case _:
                return name in part.columns

    return [part for part in _parts(table) if names(part)]


def _begins_with(part: _Part, name: str) -> bool:
    """Whether it is an index of that column, and others behind it at most."""
    first = part.columns[0] if isinstance(part, Index) else None
    return isinstance(first, IndexColumn) and first.name == name


def _unique_columns(part: _Part) -> tuple[str, ...] | None:
    """Of which columns no two rows hold the same; None where that is not what a part is for."""
    match part:
        case Unique():
            return part.columns
        case Index() if part.unique and part.where is None:
            return part.column_names
        case _:
            return None


def _added(table: str, part: _Part, name: str) -> Operation:
    match part:
        case Unique():
            return AddUnique(table, replace(part, name=name))
        case Index():
            return CreateIndex(table, replace(part, name=name))
        case Check():
            return AddCheck(table, replace(part, name=name))
        case ForeignKey():
            return AddForeignKey(table, replace(part, name=name))


def _dropped(table: str, part: _Part) -> Operation:
    match part:
        case Unique():
            return DropUnique(table, part)
        case Index():
            return DropIndex(table, part)
        case Check():
            return DropCheck(table, part)
        case ForeignKey():
            return DropForeignKey(table, part)


def _bare(column: Column) -> Column:
    """A column as rows that lack its value may have it."""
    return replace(column, nullable=True, default=None, default_sql=None)
