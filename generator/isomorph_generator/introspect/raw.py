"""What a database says of itself, in one form for all dialects and in its own words. Pure data.

Two databases whose descriptions are equal are the same down to the spelling; what the words mean is the matter of
`meaning`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from isomorph_generator.introspect.inspected import Function, Trigger, View

__all__ = [
    "RawCheck",
    "RawColumn",
    "RawDatabase",
    "RawForeignKey",
    "RawIndex",
    "RawKey",
    "RawPart",
    "RawTable",
]


@dataclass(frozen=True, slots=True)
class RawColumn:
    """A column.

    Attributes:
        name: its name.
        type: its type with all arguments, as the database writes it.
        nullable: whether it takes NULL.
        default: the expression of its default; None without one.
        numbering: how rows are numbered, in the database's word (`identity`, `serial`, `rowid`, `auto_increment`); empty
            where they are not.
        generated: the expression that it is computed by; None for a column that rows are given.
        stored: whether a computed value is kept.
        collation: the collation, where it is not that of the table or database.
        charset: the character set (MySQL), likewise.
        comment: its comment, None without one.
        base: the type that stands behind a domain, or the item of an array of one; None for all others.
        values: those of its enum or set, where the column's type spells them out or is an enum's; empty otherwise.
        extra: further facts in the database's words, such as MySQL's `on update current_timestamp()`.
    """

    name: str
    type: str
    nullable: bool
    default: str | None = None
    numbering: str = ""
    generated: str | None = None
    stored: bool = True
    collation: str | None = None
    charset: str | None = None
    comment: str | None = None
    base: str | None = None
    values: tuple[str, ...] = ()
    extra: str = ""


@dataclass(frozen=True, slots=True)
class RawKey:
    """A primary key or unique constraint; `name` is None where the database made one up."""

    name: str | None
    columns: tuple[str, ...]
    options: str = ""


@dataclass(frozen=True, slots=True)
class RawPart:
    """A part of an index.

    Attributes:
        column: the column; None for an expression.
        expression: the expression; None for a column.
        descending: its direction.
        nulls_first: where NULL stands; None where the database leaves no choice.
        prefix: how many characters or bytes of the column (MySQL); None for all.
        options: a collation or operator class of its own.
    """

    column: str | None
    expression: str | None = None
    descending: bool = False
    nulls_first: bool | None = None
    prefix: int | None = None
    options: str = ""


@dataclass(frozen=True, slots=True)
class RawIndex:
    """An index; `method` is the database's word, `options` what else it was made with, `valid` whether it can be used."""

    name: str
    parts: tuple[RawPart, ...]
    unique: bool = False
    where: str | None = None
    include: tuple[str, ...] = ()
    method: str = ""
    options: str = ""
    valid: bool = True


@dataclass(frozen=True, slots=True)
class RawForeignKey:
    """A foreign key; actions are lower case words, `deferrable` is `immediate`, `deferred` or None, `options` what else."""

    name: str | None
    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]
    on_delete: str = "no action"
    on_update: str = "no action"
    deferrable: str | None = None
    options: str = ""


@dataclass(frozen=True, slots=True)
class RawCheck:
    """A check: its condition without the outer parentheses; `options` such as `not valid`."""

    name: str | None
    text: str
    options: str = ""


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table; `options` are further facts in the database's words: `STRICT`, `unlogged`, `partition of x`."""

    name: str
    columns: tuple[RawColumn, ...]
    primary_key: RawKey | None
    uniques: tuple[RawKey, ...] = ()
    indexes: tuple[RawIndex, ...] = ()
    foreign_keys: tuple[RawForeignKey, ...] = ()
    checks: tuple[RawCheck, ...] = ()
    comment: str | None = None
    engine: str | None = None
    charset: str | None = None
    collation: str | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawDatabase:
    """All of a schema.

    Attributes:
        tables: by name.
        enums: values by the name of the type, where enums are types.
        views: in the order of their names.
        triggers: all, those of guards as well.
        functions: all, those of guards as well.
        others: what else there is, by kind and name: domains, sequences, extensions, events.
    """

    tables: Mapping[str, RawTable]
    enums: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    views: tuple[View, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    functions: tuple[Function, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
