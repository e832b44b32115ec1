"""What a word of the type language is: how it is written, and how its arguments become a column type.

A module of types declares a dict of names to `Word`; `isomorph_generator.schema.types.words` merges these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from isomorph.catalog import ColumnType, Enum, Kind
from isomorph_generator.schema.errors import InvalidType, Position, SchemaError

__all__ = ["Given", "Read", "Word", "plain"]


@dataclass(frozen=True, slots=True)
class Given:
    """A type as a schema gives it, and what it is read with.

    Attributes:
        text: all of it, for errors.
        name: its name, `unsigned` included.
        arguments: what stands in its parentheses; None without any.
        at: where it stands, for errors.
        dialects: the dialects of the project, whose limits count.
        enums: the enums of the schema, by name.
        element: reads the text of a type that this one is made of.
    """

    text: str
    name: str
    arguments: str | None
    at: tuple[Position, str]
    dialects: tuple[str, ...]
    enums: Mapping[str, Enum]
    element: Callable[[str], ColumnType | SchemaError]

    @property
    def parts(self) -> list[str]:
        """The arguments, split at their commas; none without parentheses."""
        return [] if self.arguments is None else [part.strip() for part in self.arguments.split(",")]

    def numbers(self, count: int) -> list[int] | None:
        """The arguments as so many whole numbers; None when they are something else."""
        parts = self.parts
        if len(parts) != count or not all(re.fullmatch("[0-9]{1,10}", part) for part in parts):
            return None
        return [int(part) for part in parts]

    def wrong(self, problem: str, hint: str) -> InvalidType:
        """The error that says so of this type."""
        return InvalidType(*self.at, self.text, problem, hint)

    def beyond(self, value: int, limits: Mapping[str, int]) -> tuple[str, int] | None:
        """The first dialect of the project whose limit a number exceeds, and that limit; None when all can have it."""
        return next(
            ((dialect, limits[dialect]) for dialect in self.dialects if value > limits.get(dialect, value)), None
        )


Read: TypeAlias = Callable[[Given], ColumnType | SchemaError]
"""The type that a text means, or what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the type language.

    Attributes:
        form: how it is written, with names for its arguments: `decimal(p, s)`.
        example: one with arguments, for tables and editors: `decimal(10, 2)`.
        read: makes the type.
        pattern: regular expression of its arguments, parentheses included, for editors; empty without any.
        same_as: the type that it is another name of; None for a type of its own.
    """

    form: str
    example: str
    read: Read
    pattern: str = ""
    same_as: str | None = None


def plain(kind: Kind) -> Word:
    """The word of a kind without arguments."""

    def read(given: Given) -> ColumnType | SchemaError:
        if given.arguments is not None:
            return given.wrong("it takes no arguments", f"write {given.name}")
        return ColumnType(kind)

    return Word(kind.value, kind.value, read)
