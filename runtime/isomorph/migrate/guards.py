"""Operations on the guards of polymorphic relations: triggers on several tables, which all exist."""

from __future__ import annotations

from dataclasses import replace

from isomorph.catalog import MorphGuard
from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.dialects.standard.ddl import Ddl
from isomorph.migrate import rules
from isomorph.migrate.operations import Operation
from isomorph.migrate.state import State

__all__ = ["AddMorphGuard", "DropMorphGuard", "around_guards"]


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


def around_guards(ddl: Ddl, before: State, after: State, table: str, statements: list[str]) -> list[str]:
    """Statements that rename something of a table, between taking down its guards and those that it is a member of.

    Their triggers name tables and columns, in their own names as well.
    """
    pairs = [
        (old, guard, new, renamed)
        for old, new in zip(before.tables.values(), after.tables.values(), strict=True)
        for guard, renamed in zip(old.guards, new.guards, strict=True)
        if old.name == table or any(member.table == table for member in guard.members)
    ]
    return [
        *(statement for old, guard, _, _ in pairs for statement in ddl.drop_guard(old, guard)),
        *statements,
        *(statement for _, _, new, renamed in pairs for statement in ddl.add_guard_triggers(new, renamed)),
    ]
