"""What of a table is taken away before a column changes, and made again behind: what is computed from it, or names it. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from isomorph.catalog import Check, Column, ForeignKey, Index, IndexColumn, Table, Unique, columns_of
from isomorph.dataclassing import dataclass

__all__ = ["Loose", "loosened"]


@dataclass(frozen=True, slots=True)
class Loose:
    """Parts of a table.

    Attributes:
        generated: columns that are computed.
        checks: its checks.
        uniques: its unique constraints.
        indexes: its indexes.
        foreign_keys: its own foreign keys.
    """

    generated: tuple[Column, ...] = ()
    checks: tuple[Check, ...] = ()
    uniques: tuple[Unique, ...] = ()
    indexes: tuple[Index, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()

    def of(self, table: Table) -> Loose:
        """The parts of the same names of another form of the table, in the order in which it has them."""

        def names(parts: tuple[Column, ...] | tuple[Check, ...] | tuple[Unique, ...]) -> frozenset[str]:
            return frozenset(part.name for part in parts)

        computed, checks, uniques = names(self.generated), names(self.checks), names(self.uniques)
        indexes = {index.name for index in self.indexes}
        keys = {key.name for key in self.foreign_keys}
        return Loose(
            tuple(column for column in table.columns if column.name in computed),
            tuple(check for check in table.checks if check.name in checks),
            tuple(unique for unique in table.uniques if unique.name in uniques),
            tuple(index for index in table.indexes if index.name in indexes),
            tuple(key for key in table.foreign_keys if key.name in keys),
        )

    def without(self, table: Table) -> Table:
        """The table without these parts."""
        return replace(
            table,
            columns=tuple(column for column in table.columns if column not in self.generated),
            checks=tuple(check for check in table.checks if check not in self.checks),
            uniques=tuple(unique for unique in table.uniques if unique not in self.uniques),
            indexes=tuple(index for index in table.indexes if index not in self.indexes),
            foreign_keys=tuple(key for key in table.foreign_keys if key not in self.foreign_keys),
        )


def _never(part: Check | Index | Column) -> bool:
    del part
    return False


def loosened(
    table: Table,
    column: str,
    *,
    removed: bool,
    retyped: bool,
    differs: Callable[[Check | Index | Column], bool] = _never,
) -> Loose:
    """The parts of a table that have to go before a column changes.

    Args:
        table: as it is before.
        column: the one that changes.
        removed: whether the column itself is taken away, and with it all that it is part of.
        retyped: whether its type changes, so that what is computed from it has to be computed again.
        differs: whether a part is told otherwise after the change.
    """
    touched = {column}
    generated = tuple(
        other
        for other in table.columns
        if other.name != column
        and other.generated is not None
        and (((removed or retyped) and column in columns_of(other.generated.expression)) or differs(other))
    )
    gone = {other.name for other in generated} | (touched if removed else set[str]())
    named = gone | (touched if retyped else set[str]())

    def computes(index: Index) -> bool:
        parts = [part.expression for part in index.columns if not isinstance(part, IndexColumn)]
        parts += [] if index.where is None else [index.where]
        return any(not named.isdisjoint(columns_of(part)) for part in parts)

    def holds(index: Index) -> bool:
        names = {part.name for part in index.columns if isinstance(part, IndexColumn)} | {*index.include}
        return not gone.isdisjoint(names)

    return Loose(
        generated,
        tuple(check for check in table.checks if not named.isdisjoint(columns_of(check.expression)) or differs(check)),
        tuple(unique for unique in table.uniques if not gone.isdisjoint(unique.columns)),
        tuple(index for index in table.indexes if computes(index) or holds(index) or differs(index)),
        tuple(key for key in table.foreign_keys if not gone.isdisjoint(key.columns)),
    )
