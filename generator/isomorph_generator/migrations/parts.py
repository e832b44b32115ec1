"""Constraints and indexes of a table that stays: which go, which come, which only have another name. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeAlias, TypeVar

from isomorph.catalog import Check, ForeignKey, Index, Table, Unique
from isomorph.migrate import (
    AddCheck,
    AddForeignKey,
    AddUnique,
    CreateIndex,
    DropCheck,
    DropForeignKey,
    DropIndex,
    DropUnique,
    Operation,
    RenameConstraint,
    RenameIndex,
)

__all__ = ["CHECKS", "FOREIGN_KEYS", "INDEXES", "UNIQUES", "Parts"]

PartT = TypeVar("PartT", Check, ForeignKey, Index, Unique)

_Rename: TypeAlias = Callable[[str, str, str], Operation]


@dataclass(frozen=True, slots=True)
class Parts(Generic[PartT]):
    """Constraints of one kind, or indexes, and their operations."""

    of: Callable[[Table], Sequence[PartT]]
    add: Callable[[str, PartT], Operation]
    drop: Callable[[str, PartT], Operation]
    rename: _Rename

    def leaving(
        self,
        before: Table,
        after: Table,
        gives_way: Callable[[PartT], bool],
        called: Callable[[str], Iterable[str]],
    ) -> Iterator[Operation]:
        """What takes away, or gives another name, so that what is left is what stays.

        Args:
            before: the table until now.
            after: the table that is wanted.
            gives_way: whether one has to go though it comes again.
            called: by name, what it may have been called, where the schema says so.
        """
        old, new = self.of(before), self.of(after)
        going = [part for part in old if gives_way(part)]
        gone = [part for part in old if part not in new and part not in going]
        renamed = self._renamed(gone, [part for part in new if part not in old], called)
        kept = {part.name for part in old} - {part.name for part in going}
        kept -= {part.name for part in gone if part.name not in renamed}
        ordered: list[tuple[str, str]] = []
        while renamed:
            free = next((name for name, to in renamed.items() if to not in kept), None)
            if free is None:  # a circle of names
                broken = next(iter(renamed))
                del renamed[broken]
                kept.discard(broken)
                continue
            ordered.append((free, renamed[free]))
            kept = kept - {free} | {renamed.pop(free)}
        names = dict(ordered)
        yield from (
            self.drop(after.name, part) for part in old if part in going or (part in gone and part.name not in names)
        )
        yield from (self.rename(after.name, name, to) for name, to in ordered)

    def coming(self, before: Table, after: Table) -> Iterator[Operation]:
        """What adds those that are missing."""
        return (self.add(after.name, part) for part in self.of(after) if part not in self.of(before))

    @staticmethod
    def _renamed(gone: Sequence[PartT], new: Sequence[PartT], called: Callable[[str], Iterable[str]]) -> dict[str, str]:
        """Old name to new one of those that are the same otherwise."""
        found: dict[str, str] = {}
        for part in new:
            same = [other.name for other in gone if other.name not in found and replace(other, name=part.name) == part]
            said = [name for name in called(part.name) if name in same]
            if same:
                found[(said or same)[0]] = part.name
        return found


CHECKS: Parts[Check] = Parts(lambda table: table.checks, AddCheck, DropCheck, RenameConstraint)
UNIQUES: Parts[Unique] = Parts(lambda table: table.uniques, AddUnique, DropUnique, RenameConstraint)
INDEXES: Parts[Index] = Parts(lambda table: table.indexes, CreateIndex, DropIndex, RenameIndex)
FOREIGN_KEYS: Parts[ForeignKey] = Parts(
    lambda table: table.foreign_keys, AddForeignKey, DropForeignKey, RenameConstraint
)
