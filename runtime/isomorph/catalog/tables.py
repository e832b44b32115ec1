"""Tables: what a database holds, and what revisions create."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from isomorph.catalog.expressions import Expression, LiteralValue, SqlText
from isomorph.catalog.types import ColumnType
from isomorph.dataclassing import dataclass

__all__ = [
    "COLLATIONS",
    "Check",
    "Collation",
    "Column",
    "Default",
    "Deferrable",
    "ForeignKey",
    "Generated",
    "GuardMember",
    "Index",
    "IndexColumn",
    "IndexExpression",
    "MorphAliases",
    "MorphGuard",
    "Nulls",
    "ObjectKind",
    "ReferentialAction",
    "SqlDefault",
    "SqlObject",
    "Table",
    "Unique",
]


@dataclass(frozen=True, slots=True)
class Default:
    """A constant that a new row gets. `dict` and `list` are JSON values; bytes, uuids and enums are given as their text."""

    value: LiteralValue | Mapping[str, object] | Sequence[object]


class SqlDefault(enum.StrEnum):
    """A default that the database computes."""

    NOW = "now"
    CURRENT_DATE = "current_date"
    CURRENT_TIME = "current_time"


@dataclass(frozen=True, slots=True)
class Generated:
    """What the database computes a column from; nobody else writes it.

    Attributes:
        expression: over the other columns of its row.
        stored: whether the value is kept in the row; otherwise it is computed whenever it is read.
    """

    expression: Expression | SqlText
    stored: bool = True


COLLATIONS = ("binary", "nocase")
"""Collations that every database has in some form: by code point; and so that the case of letters does not count."""

Collation: TypeAlias = str | Mapping[str, str]
"""One of `COLLATIONS`, or a collation's own name by dialect; a dialect that is not named keeps its default."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: its name in the database.
        type: what it holds.
        nullable: whether it may hold NULL.
        default: constant of new rows, given by code and by the database alike; None where there is none.
        default_sql: default that only the database computes; None where there is none. Excludes `default`.
        auto_increment: the database numbers new rows (single integer primary keys only).
        comment: stored with the column where the database can; documentation elsewhere.
        generated: what the database computes it from; None for a column that rows are given. Excludes defaults.
        collation: how its text is compared and ordered; None for the table's.
        charset: character set of its text on MySQL; None for the table's.
        after: on MySQL, the column behind which it stands; None for the end, or the place in CREATE TABLE.
        first: on MySQL, whether it stands before all others.
    """

    name: str
    type: ColumnType
    nullable: bool = False
    default: Default | None = None
    default_sql: SqlDefault | SqlText | None = None
    auto_increment: bool = False
    comment: str | None = None
    generated: Generated | None = None
    collation: Collation | None = None
    charset: str | None = None
    after: str | None = None
    first: bool = False


class ReferentialAction(enum.StrEnum):
    """What happens to a row when the row it points to goes or changes its key."""

    NO_ACTION = "no action"
    RESTRICT = "restrict"
    CASCADE = "cascade"
    SET_NULL = "set null"


class Deferrable(enum.StrEnum):
    """When a foreign key that may wait until the commit is checked, unless a transaction says otherwise."""

    IMMEDIATE = "immediate"
    DEFERRED = "deferred"


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """`columns` of this table hold the key `references` of `table`, in the same order.

    `deferrable` lets transactions put off its check until they commit; None for a key that is checked at each statement.
    """

    name: str
    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]
    on_delete: ReferentialAction = ReferentialAction.NO_ACTION
    on_update: ReferentialAction = ReferentialAction.NO_ACTION
    deferrable: Deferrable | None = None


@dataclass(frozen=True, slots=True)
class Unique:
    """A unique constraint. As in SQL, rows with a NULL in it never clash."""

    name: str
    columns: tuple[str, ...]


class Nulls(enum.StrEnum):
    """Where NULL stands in the order of an index."""

    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class IndexColumn:
    """A column of an index, in which direction, and where NULL stands; None for the least place, as queries order it."""

    name: str
    descending: bool = False
    nulls: Nulls | None = None


@dataclass(frozen=True, slots=True)
class IndexExpression:
    """What an index holds instead of a column: a value that is computed from columns of the row."""

    expression: Expression | SqlText
    descending: bool = False
    nulls: Nulls | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """An index.

    Attributes:
        name: unique in its database.
        columns: what it is ordered by, in this order.
        unique: whether two rows may have the same.
        where: makes it partial, over the rows for which it is true.
        include: columns that it holds beside, so that queries need not look at the table.
        method: how it is built, such as `gin`; None for the database's usual tree.
    """

    name: str
    columns: tuple[IndexColumn | IndexExpression, ...]
    unique: bool = False
    where: Expression | SqlText | None = None
    include: tuple[str, ...] = ()
    method: str | None = None

    @property
    def column_names(self) -> tuple[str, ...] | None:
        """The columns that it is ordered by; None where it is not by columns alone."""
        named = tuple(part.name for part in self.columns if isinstance(part, IndexColumn))
        return named if len(named) == len(self.columns) else None


@dataclass(frozen=True, slots=True)
class Check:
    """A condition that every row meets."""

    name: str
    expression: Expression | SqlText


@dataclass(frozen=True, slots=True)
class GuardMember:
    """A table that a guarded pair of columns may point into: its alias, its name, and the column that is its key."""

    alias: str
    table: str
    key: str


@dataclass(frozen=True, slots=True)
class MorphGuard:
    """Triggers that do for the type and id columns of a polymorphic relation what a foreign key does for others.

    A row whose type is a member's alias points to a row of that member, or it is refused; what an alias may be is the
    matter of a check. The key of a member's row does not change while a row points to it.

    Attributes:
        name: of the guard, unique in its database; the triggers have names that start with it.
        type_column: column with the alias.
        id_column: column with the member's key.
        members: in the order of the schema.
        on_delete: what happens to the rows that point to a member's row when that goes.
    """

    name: str
    type_column: str
    id_column: str
    members: tuple[GuardMember, ...]
    on_delete: ReferentialAction = ReferentialAction.NO_ACTION


@dataclass(frozen=True, slots=True)
class MorphAliases:
    """What the type column of a polymorphic relation may hold.

    Attributes:
        type_column: the column with the alias.
        members: each alias and the table of its member, in the order of the schema.
    """

    type_column: str
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `primary_key` lists its key's columns in order; none for a pivot with an arc.

    `engine` and `charset` are MySQL's; `collation` is that of text columns without one of their own. `guards` come with
    operations of their own, behind the tables of their members. `aliases` are no part of the database: they are kept so
    that an alias that changes is seen, and its rows follow.
    """

    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    uniques: tuple[Unique, ...] = ()
    indexes: tuple[Index, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[Check, ...] = ()
    comment: str | None = None
    engine: str | None = None
    charset: str | None = None
    collation: Collation | None = None
    guards: tuple[MorphGuard, ...] = ()
    aliases: tuple[MorphAliases, ...] = ()

    @property
    def unique_keys(self) -> tuple[tuple[str, ...], ...]:
        """The columns of each key in which no two rows are the same: the primary key, uniques, unique indexes of all rows."""
        indexes = (index.column_names for index in self.indexes if index.unique and index.where is None)
        return (
            self.primary_key,
            *(unique.columns for unique in self.uniques),
            *(columns for columns in indexes if columns is not None),
        )

    def column(self, name: str) -> Column:
        """The column of that name.

        Raises:
            KeyError: no column has it.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


class ObjectKind(enum.StrEnum):
    """What is declared as SQL beside the tables."""

    EXTENSION = "extension"
    SCHEMA = "schema"
    FUNCTION = "function"
    VIEW = "view"
    TRIGGER = "trigger"


@dataclass(frozen=True, slots=True)
class SqlObject:
    """Something that is declared as SQL of each database.

    Attributes:
        kind: what it is.
        name: unique among those of its kind.
        create: the statements that make it, by dialect; a dialect that is not named has none.
        drop: the statements that take it away, likewise.
    """

    kind: ObjectKind
    name: str
    create: Mapping[str, tuple[str, ...]]
    drop: Mapping[str, tuple[str, ...]]
