"""What was decided about a schema while it is written: what cannot be said, and why; names that cannot be taken.

A schema is written, loaded and compared with the database. What the loader refuses, or gives back as something else, is
then written in another way, or as a comment: each such thing is a `Part`, and `Choices` holds what is known of them.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

__all__ = ["Choices", "Note", "Part", "PartKind"]


class PartKind(enum.StrEnum):
    """What a part is; the value is its word in a comment."""

    TABLE = "table"
    COLUMN = "column"
    MODIFIER = "of column"
    TIMESTAMPS = "timestamps"
    KEY = "foreign key"
    INVERSE = "inverse of foreign key"
    PIVOT = "pivot table"
    MANY = "relation over pivot table"
    MORPH = "polymorphic pair"
    UNIQUE = "unique constraint"
    INDEX = "index"
    CHECK = "check"
    OPTION = "option"
    ENUM = "enum"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Part:
    """Something of a database that is said in a schema, or is not.

    Attributes:
        kind: what it is.
        table: its table; the enum's name for an enum.
        name: its name there; empty for the table itself. Of a modifier: the column.
        detail: of a modifier, which one.
    """

    kind: PartKind
    table: str
    name: str = ""
    detail: str = ""

    def __str__(self) -> str:
        if self.kind is PartKind.MODIFIER:
            return f"{self.detail} {self.kind} {self.name}"
        return f"{self.kind} {self.name or self.table}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the schema does not say, or not as it is.

    Attributes:
        table: the table it belongs to, None for none.
        what: the thing.
        reason: why, as a clause without a full stop.
        column: the column that it is about, or None.
    """

    table: str | None
    what: str
    reason: str
    column: str | None = None

    def __str__(self) -> str:
        return f"{self.what}: {self.reason}"


def _none() -> Mapping[Part, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Choices:
    """What is known so far.

    Attributes:
        refused: parts that cannot be said as they would be, and the reason.
        avoided: names of relations that cannot be taken, by model and name.
    """

    refused: Mapping[Part, str] = field(default_factory=_none)
    avoided: frozenset[tuple[str, str]] = frozenset()

    def without(self, part: Part, reason: str) -> Choices:
        """The same, and a further part that cannot be said."""
        return replace(self, refused=MappingProxyType({part: reason, **self.refused}))

    def avoiding(self, model: str, name: str) -> Choices:
        """The same, and a further name that no relation takes."""
        return replace(self, avoided=self.avoided | {(model, name)})

    def why_not(self, part: Part) -> str | None:
        """Why a part cannot be said; None when it can, as far as is known."""
        return self.refused.get(part)
