"""How a table that is in use is changed without holding up those who use it: the points where a dialect has such a way.

Pure text. A change that has a safe form is told as parts, each with its own statements; what a crash between two parts
leaves is what the next run goes on from. None means that the plain statements are all there is.
"""

from __future__ import annotations

from collections.abc import Sequence

from isomorph.catalog import Check, Column, ForeignKey, Index, Unique
from isomorph.dataclassing import dataclass
from isomorph.dialects.standard.ddl import Change, Ddl
from isomorph.dialects.standard.structure import Leftovers

__all__ = ["Filling", "Part", "SafeForms"]


@dataclass(frozen=True, slots=True)
class Filling:
    """Rows that are given a value in batches, each in a transaction of its own.

    Attributes:
        bounds: query of one row and one column: how many batches there are, from 0 on.
        batch: statement that does one; its two bound parameters are the numbers of the batch and of the next.
    """

    bounds: str
    batch: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a change.

    Attributes:
        title: what it does, as messages name it; empty for the part that is called as the change is.
        statements: in order.
        is_outside: whether it is done by itself, outside of the transaction of what stands around it.
        leftovers: what a failed attempt leaves behind.
        undo: statements that take it back, of a part that is not `whole`.
        is_whole: whether the change counts as done with it, and is taken back by its own reverse.
        filling: what it does instead of statements.
    """

    title: str
    statements: tuple[str, ...] = ()
    is_outside: bool = False
    leftovers: Leftovers | None = None
    undo: tuple[str, ...] = ()
    is_whole: bool = False
    filling: Filling | None = None


class SafeForms:
    """A dialect that has none; others override what they have.

    Args:
        ddl: how the dialect makes tables.
    """

    def __init__(self, ddl: Ddl) -> None:
        self.ddl = ddl

    def create_index(self, change: Change, index: Index) -> Sequence[Part] | None:
        del change, index
        return None

    def drop_index(self, change: Change, index: Index) -> Sequence[Part] | None:
        del change, index
        return None

    def add_unique(self, change: Change, unique: Unique) -> Sequence[Part] | None:
        del change, unique
        return None

    def add_foreign_key(self, change: Change, foreign_key: ForeignKey) -> Sequence[Part] | None:
        del change, foreign_key
        return None

    def add_check(self, change: Change, check: Check) -> Sequence[Part] | None:
        del change, check
        return None

    def add_column(self, change: Change, column: Column) -> Sequence[Part] | None:
        del change, column
        return None

    def change_column(self, change: Change, before: Column, after: Column) -> Sequence[Part] | None:
        del change, before, after
        return None
