"""How the values of an enum change: what every dialect asks of such a change. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from isomorph.catalog import Column, Enum, Table
from isomorph.dataclassing import dataclass

__all__ = ["EnumChange"]


@dataclass(frozen=True, slots=True)
class EnumChange:
    """An enum before and after, and the tables that have columns of it.

    Attributes:
        before: the enum until now.
        after: the enum from now on.
        renamed: old and new value of those whose rows follow.
        tables: each table of such a column, before and after.
        enums_before: all enums until now.
        enums_after: all enums from now on.
    """

    before: Enum
    after: Enum
    renamed: tuple[tuple[str, str], ...]
    tables: tuple[tuple[Table, Table], ...]
    enums_before: Mapping[str, Enum]
    enums_after: Mapping[str, Enum]

    @property
    def removed(self) -> tuple[str, ...]:
        """Values that no row may hold any more."""
        names = dict(self.renamed)
        return tuple(v for v in self.before.values if v not in names and v not in self.after.values)

    @property
    def added(self) -> tuple[str, ...]:
        """Values that are new."""
        known = {*self.before.values, *dict(self.renamed).values()}
        return tuple(value for value in self.after.values if value not in known)

    @property
    def keeps_order(self) -> bool:
        """Whether the values that stay, under whatever name, have the order that they had."""
        names = dict(self.renamed)
        stayed = [names.get(value, value) for value in self.before.values if value not in self.removed]
        return stayed == [value for value in self.after.values if value not in self.added]

    @property
    def swaps(self) -> bool:
        """Whether a value takes the name that another one has until now."""
        return any(new in self.before.values for _, new in self.renamed)

    @property
    def in_turn(self) -> tuple[tuple[str, str], ...]:
        """What is renamed, such that it can be done one after the other: by way of other names where values swap theirs."""
        if not self.swaps:
            return self.renamed
        passing = {old: f"\x01{number}" for number, (old, _) in enumerate(self.renamed)}
        return (*passing.items(), *((passing[old], new) for old, new in self.renamed))

    def columns(self, table: Table) -> tuple[Column, ...]:
        """The columns of a table that hold its values: one, some, or a list of them."""
        return tuple(column for column in table.columns if column.type.named_enum == self.after.name)
