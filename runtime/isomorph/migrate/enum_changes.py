"""Changes of an enum's values, in all columns that hold them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from isomorph.catalog import Column, Default, Enum
from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.dialects.standard.enum_changes import EnumChange
from isomorph.migrate import rules
from isomorph.migrate.operations import Operation
from isomorph.migrate.state import State

__all__ = ["ChangeEnum"]


@dataclass(frozen=True, slots=True)
class ChangeEnum(Operation):
    """Adds, removes, renames and reorders the values of an enum; rows that hold a removed one fail it.

    Defaults that are a renamed value follow.

    Attributes:
        before: the enum until now.
        after: the enum from now on; its name is the same.
        renamed: old and new value of those whose rows are to follow.
    """

    before: Enum
    after: Enum
    renamed: tuple[tuple[str, str], ...] = ()

    def apply(self, state: State) -> State:
        name = self.before.name
        rules.check_enum_change(state.enum(name), self.after, self.renamed, state)
        names = dict(self.renamed)
        return state.with_enum(self.after).with_tables(
            replace(table, columns=tuple(_followed(column, name, names) for column in table.columns))
            for table in state.tables.values()
        )

    def reverse(self) -> ChangeEnum:
        return ChangeEnum(self.after, self.before, tuple((new, old) for old, new in self.renamed))

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        return dialect.ddl.change_enum(self.change(state), used_at_once=True)

    def change(self, state: State) -> EnumChange:
        """The enum and the tables of its columns, before and after."""
        after = self.apply(state)
        return EnumChange(
            state.enum(self.before.name),
            self.after,
            self.renamed,
            tuple(
                (table, changed)
                for table, changed in zip(state.tables.values(), after.tables.values(), strict=True)
                if any(column.type.named_enum == self.after.name for column in table.columns)
            ),
            state.enums,
            after.enums,
        )

    def losses(self) -> tuple[str, ...]:
        gone = [
            value for value in self.before.values if value not in self.after.values and value not in dict(self.renamed)
        ]
        return tuple(f'the value "{value}" of the enum {self.before.name}' for value in gone)

    def __str__(self) -> str:
        return f"change values of enum {self.before.name}"


def _followed(column: Column, enum: str, names: Mapping[str, str]) -> Column:
    """The column with its default under the new name of its value."""
    if column.type.named_enum != enum or column.default is None:
        return column
    value = column.default.value
    if isinstance(value, str):
        return replace(column, default=Default(names.get(value, value)))
    if isinstance(value, list | tuple):
        items = [names.get(item, item) if isinstance(item, str) else item for item in value]
        return replace(column, default=Default(tuple(items) if isinstance(value, tuple) else items))
    return column
