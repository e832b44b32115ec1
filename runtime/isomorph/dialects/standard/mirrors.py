"""Two columns that hold the same while one takes the place of the other: what their triggers have in common.

A program of before writes the one column, one of after the other, and a trigger writes the other half. How a trigger is made
is the dialect's (`dialects/*/mirrors.py`). Pure text, with `%` as `quoted` has it.

Rules for every dialect, of a mirror that goes both ways:

- A new row says which program wrote it: the new column has no default, so a value there was given, and the old column
  follows it; without one, the new column follows the old one, which may have taken its default.
- Of a row that changes, the column follows whose neighbour changed. Where both did, the new column was meant.
- A column is left as it is when the other one is what its value converts to: a conversion that rounds must not round what it
  was made from, neither when rows are filled nor when a trigger's own write fires it again.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING

from isomorph.catalog import Column, ColumnType, Enum, Table
from isomorph.dataclassing import dataclass
from isomorph.dialects.standard.made_names import made_name

if TYPE_CHECKING:
    from isomorph.dialects.standard.ddl import Ddl

__all__ = ["Mirror", "MirrorWriter", "mirror_name"]


def mirror_name(table: str, after: str) -> str:
    """What the triggers of a mirror are called together."""
    return made_name(table, after, "mirror")


@dataclass(frozen=True, slots=True)
class Mirror:
    """Two columns of a table, of which the one is to take the place of the other.

    Attributes:
        table: their table, with both.
        before: the column that programs of before write.
        after: the column that follows it, which may hold NULL and has no default.
        is_two_way: whether programs write that one, too.
        is_required: whether a row without either value is refused.
    """

    table: Table
    before: Column
    after: Column
    is_two_way: bool
    is_required: bool = False


class MirrorWriter(ABC):
    """The statements of one mirror."""

    def __init__(self, ddl: Ddl, mirror: Mirror, enums: Mapping[str, Enum]) -> None:
        self._ddl, self._mirror, self._enums = ddl, mirror, enums
        self._conversions = ddl.conversions(ddl, enums)
        self._table = ddl.quoted(mirror.table.name)
        self._before, self._after = ddl.quoted(mirror.before.name), ddl.quoted(mirror.after.name)

    @abstractmethod
    def made(self) -> list[str]:
        """Statements that make the triggers."""

    @abstractmethod
    def dropped(self) -> list[str]:
        """Statements that drop them."""

    def _name(self, what: str) -> str:
        """The name of a trigger or function, quoted."""
        return self._ddl.quoted(made_name(self._mirror.table.name, self._mirror.after.name, f"mirror_{what}"))

    def _forward(self, value: str) -> str:
        """A value of the column of before as one of the column of after."""
        return self._converted(value, self._mirror.before.type, self._mirror.after.type)

    def _back(self, value: str) -> str:
        """A value of the column of after as one of the column of before."""
        return self._converted(value, self._mirror.after.type, self._mirror.before.type)

    def _converted(self, value: str, before: ColumnType, after: ColumnType) -> str:
        return value if before == after else self._conversions.between(value, before, after) or value
