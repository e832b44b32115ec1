"""How far MySQL and MariaDB change a table while others write to it: the algorithm and the lock of each change.

Facts of InnoDB that hold on both servers, from the MySQL 8.0 manual (InnoDB and Online DDL, Online DDL Operations) and the
MariaDB manual (InnoDB Online DDL Operations with the INSTANT, NOCOPY and INPLACE ALTER Algorithm). Where the two differ, the
slower of them is told: MySQL 8.0.29 drops columns INSTANT, the ones before in place.
"""

from __future__ import annotations

import enum

from isomorph.catalog import Column, Index, Kind
from isomorph.dataclassing import dataclass
from isomorph.dialects.standard.ddl import Change, Ddl

__all__ = [
    "COPY",
    "INSTANT",
    "IN_PLACE",
    "Algorithm",
    "Online",
    "column_added",
    "column_changed",
    "index_made",
    "is_special",
]


class Algorithm(enum.StrEnum):
    """What the server does to a table."""

    INSTANT = "INSTANT"
    """Only its description is written."""
    INPLACE = "INPLACE"
    """It may be written anew, while others write to it."""
    COPY = "COPY"
    """Its rows are copied into a new one, and all that write wait."""


@dataclass(frozen=True, slots=True)
class Online:
    """How a change is done.

    Attributes:
        algorithm: the one that both servers have for it.
        lock: the least lock that goes with it: NONE lets others read and write, SHARED only read.
    """

    algorithm: Algorithm
    lock: str

    @property
    def clause(self) -> str:
        """What asks for it, behind the other clauses of ALTER TABLE: the server refuses instead of doing more."""
        # MySQL takes no LOCK with INSTANT.
        lock = "" if self.algorithm is Algorithm.INSTANT else f", LOCK={self.lock}"
        return f"ALGORITHM={self.algorithm}{lock}"


INSTANT = Online(Algorithm.INSTANT, "NONE")
IN_PLACE = Online(Algorithm.INPLACE, "NONE")
COPY = Online(Algorithm.COPY, "SHARED")

_SHORT_BYTES = 255
"""Up to which length one byte says how long a text is: to go beyond it, the table is copied."""

_BYTES_PER_CHARACTER = 4


def column_added(ddl: Ddl, change: Change, column: Column) -> Online:
    """ADD COLUMN."""
    if column.auto_increment or ddl.type_check(column, change.enums) is not None:
        return COPY
    if column.generated is not None:
        return COPY if column.generated.stored else IN_PLACE
    # What is computed, also by an expression that is constant, is not what INSTANT keeps beside the rows.
    is_literal = column.default_sql is None and not (ddl.default(column) or "").startswith("(")
    if not is_literal:
        return COPY
    # Before 8.0.29, MySQL knows INSTANT for the last column only.
    return IN_PLACE if column.first or column.after is not None else INSTANT


def column_changed(ddl: Ddl, change: Change, before: Column, after: Column) -> Online:
    """MODIFY COLUMN."""
    if change.values.keys() - {after.name} or before.generated != after.generated:
        return COPY
    if before.auto_increment != after.auto_increment or (before.first, before.after) != (after.first, after.after):
        return COPY
    if ddl.type_check(before, change.enums) is not None or ddl.type_check(after, change.enums) is not None:
        return COPY  # the check is added anew
    collations = [ddl.collation_clause(t, c) for t, c in ((change.before, before), (change.after, after))]
    if collations[0] != collations[1]:
        return COPY
    types = [ddl.column_type(c.type, change.enums) for c in (before, after)]
    is_same = types[0] == types[1]
    is_longer = not is_same and before.type.kind is after.type.kind is Kind.STRING and _is_longer(before, after)
    if not is_same and not is_longer:
        return COPY
    return IN_PLACE


def _is_longer(before: Column, after: Column) -> bool:
    old, new = ((c.type.length or 0) * _BYTES_PER_CHARACTER for c in (before, after))
    return old <= new and (old > _SHORT_BYTES) is (new > _SHORT_BYTES)


def is_special(index: Index) -> bool:
    """Whether it is one of words or places, with which a table can do less."""
    return (index.method or "").lower() in {"fulltext", "spatial"}


def index_made(index: Index) -> Online:
    """ADD INDEX; others write meanwhile, unless it is one of words or places."""
    return Online(Algorithm.INPLACE, "SHARED") if is_special(index) else IN_PLACE
