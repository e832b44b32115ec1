"""Operations on the guards of polymorphic relations: triggers on several tables, which all exist."""

from __future__ import annotations

from dataclasses import dataclass, replace

from isomorph.catalog import MorphGuard
from isomorph.dialects.base import Dialect
from isomorph.migrate import rules
from isomorph.migrate.operations import Operation
from isomorph.migrate.state import State

__all__ = ["AddMorphGuard", "DropMorphGuard"]


@dataclass(frozen=True, slots=True)
class AddMorphGuard(Operation):
    """Adds the guard of a polymorphic relation; the rows must keep to it already.

    Attributes:
        table: the one that has the type and id columns.
        guard: with the tables that they may point into.
    """

    table: str
    guard: MorphGuard

    def apply(self, state: State) -> State:
        table = state.table(self.table)
        rules.check_guard(table, self.guard, state)
        return state.with_table(replace(table, guards=rules.added(table.guards, self.guard, table)))

    def reverse(self) -> DropMorphGuard:
        return DropMorphGuard(self.table, self.guard)

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        self.apply(state)
        return dialect.ddl.add_guard(state.table(self.table), self.guard)

    def __str__(self) -> str:
        return f"add guard {self.guard.name} to {self.table}"


@dataclass(frozen=True, slots=True)
class DropMorphGuard(Operation):
    """Drops the guard of a polymorphic relation."""

    table: str
    guard: MorphGuard

    def apply(self, state: State) -> State:
        table = state.table(self.table)
        return state.with_table(replace(table, guards=rules.removed(table.guards, self.guard, table)))

    def reverse(self) -> AddMorphGuard:
        return AddMorphGuard(self.table, self.guard)

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        self.apply(state)
        return dialect.ddl.drop_guard(state.table(self.table), self.guard)

    def __str__(self) -> str:
        return f"drop guard {self.guard.name} of {self.table}"
