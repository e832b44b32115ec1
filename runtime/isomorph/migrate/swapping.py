"""Two columns that take each other's names: how a column of another type takes the place of one that programs use."""

from __future__ import annotations

from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.dialects.standard.ddl import Change
from isomorph.migrate import rules
from isomorph.migrate.mirrors import AddMirror, DropMirror
from isomorph.migrate.operations import Operation, Operations
from isomorph.migrate.renames import RenameColumn
from isomorph.migrate.state import State, fold

__all__ = ["SwapColumns", "SwapNames"]

_BETWEEN = "isomorph_swapped"
"""What the one column is called while the other takes its name."""


@dataclass(frozen=True, slots=True)
class SwapNames(Operation):
    """Gives two columns of a table each other's names; what is made of them goes with them."""

    table: str
    first: str
    second: str

    def apply(self, state: State) -> State:
        return fold(self._renames(), state)

    def _renames(self) -> tuple[RenameColumn, ...]:
        return (
            RenameColumn(self.table, self.first, _BETWEEN),
            RenameColumn(self.table, self.second, self.first),
            RenameColumn(self.table, _BETWEEN, self.second),
        )

    def reverse(self) -> SwapNames:
        return self

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        table = state.table(self.table)
        rules.check_columns(table, (self.first, self.second))
        after = self.apply(state).table(self.table)
        at_once = dialect.ddl.swap_columns(Change(table, after, state.enums, state.tables), self.first, self.second)
        if at_once is not None:
            return at_once
        statements: list[str] = []
        for rename in self._renames():
            statements += rename.statements(dialect, state)
            state = rename.apply(state)
        return statements

    def __str__(self) -> str:
        return f"swap the names of columns {self.table}.{self.first} and {self.second}"


@dataclass(frozen=True, slots=True)
class SwapColumns(Operation):
    """Gives two columns each other's names, of which the second mirrors the first, before and behind it.

    The triggers are made anew behind the names in both directions: where DDL is not rolled back, a write that comes between
    the two must meet those of before, and not none.
    """

    table: str
    first: str
    second: str

    def parts(self) -> Operations:
        mirrored = (self.table, self.first, self.second)
        return (SwapNames(*mirrored), DropMirror(*mirrored), AddMirror(*mirrored))

    def apply(self, state: State) -> State:
        return fold(self.parts(), state)

    def reverse(self) -> SwapColumns:
        return self

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        statements: list[str] = []
        for part in self.parts():
            statements += part.statements(dialect, state)
            state = part.apply(state)
        return statements

    def __str__(self) -> str:
        return f"swap columns {self.table}.{self.first} and {self.second}"
