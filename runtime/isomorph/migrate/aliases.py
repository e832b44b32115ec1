"""Operations on what the type columns of polymorphic relations hold: the aliases of their members."""

from __future__ import annotations

from dataclasses import replace

from isomorph.catalog import MorphAliases
from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidOperation, near_hint
from isomorph.migrate import rules
from isomorph.migrate.operations import Operation
from isomorph.migrate.state import State

__all__ = ["ChangeMorphAliases", "RenameMorphAlias"]


@dataclass(frozen=True, slots=True)
class RenameMorphAlias(Operation):
    """Gives a member of a polymorphic relation another alias, in all rows that point to one.

    A check or guard that names the alias is dropped before and added again behind, by operations of their own.
    """

    table: str
    type_column: str
    before: str
    after: str

    def apply(self, state: State) -> State:
        table = state.table(self.table)
        rules.check_columns(table, (self.type_column,))
        return state.with_table(replace(table, aliases=tuple(map(self._renamed, table.aliases))))

    def _renamed(self, aliases: MorphAliases) -> MorphAliases:
        if aliases.type_column != self.type_column:
            return aliases
        known = tuple(alias for alias, _ in aliases.members)
        if self.before not in known:
            what = f'{self.table}.{self.type_column} knows no "{self.before}" at this point'
            raise InvalidOperation(what, near_hint(self.before, known, "see the earlier revisions"))
        if self.after in known:
            what = f'{self.table}.{self.type_column} may hold "{self.after}" already, of another member'
            raise InvalidOperation(what, "rename that one before, or take another alias")
        members = tuple((self.after if alias == self.before else alias, name) for alias, name in aliases.members)
        return replace(aliases, members=members)

    def reverse(self) -> RenameMorphAlias:
        return RenameMorphAlias(self.table, self.type_column, self.after, self.before)

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        self.apply(state)
        return dialect.ddl.rename_alias(self.table, self.type_column, self.before, self.after)

    def __str__(self) -> str:
        return f"rename alias {self.before} in {self.table}.{self.type_column} to {self.after}"


@dataclass(frozen=True, slots=True)
class ChangeMorphAliases(Operation):
    """Records which aliases a type column may hold; the database knows nothing of them.

    Attributes:
        table: the one with the type column.
        before: what it could hold until now; None for a column that is new as one.
        after: what it may hold from now on; None for a column that is none any more.
    """

    table: str
    before: MorphAliases | None
    after: MorphAliases | None

    def apply(self, state: State) -> State:
        table = state.table(self.table)
        kept = [of for of in table.aliases if self.before is None or of.type_column != self.before.type_column]
        if self.after is not None:
            rules.check_columns(table, (self.after.type_column,))
            if any(of.type_column == self.after.type_column for of in kept):
                what = f"{self.table}.{self.after.type_column} has aliases already"
                raise InvalidOperation(what, "give them as `before`")
            kept.append(self.after)
        return state.with_table(replace(table, aliases=tuple(kept)))

    def reverse(self) -> ChangeMorphAliases:
        return ChangeMorphAliases(self.table, self.after, self.before)

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        del dialect
        self.apply(state)
        return []

    def losses(self) -> tuple[str, ...]:
        if self.before is None or self.after is None:
            return ()  # a column that goes says so itself
        column = f"{self.table}.{self.after.type_column}"
        left = dict(self.after.members)
        gone = (alias for alias, table in self.before.members if left.get(alias) != table)
        return tuple(f'what rows of {column} point to that say "{alias}"' for alias in gone)

    def __str__(self) -> str:
        of = self.after or self.before
        return f"change aliases of {self.table}{'' if of is None else f'.{of.type_column}'}"
