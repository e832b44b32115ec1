"""What parts of a schema were called in earlier revisions, as its `was` say. Pure data, beside the catalog and not in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

__all__ = ["Former", "RenameKind", "Renames"]

RenameKind: TypeAlias = Literal["table", "column", "enum", "value", "part"]
"""What is called something else: a part is an index or a constraint of a table."""


@dataclass(frozen=True, slots=True)
class Former:
    """What something was called.

    Attributes:
        line: the key of the schema that says so, or could: `models.Note.fields.due.was`; empty where none can.
        names: what it may have been called, the likeliest first; empty where nothing is said.
        is_new: the schema says that nothing was it, `was = false`.
        others: what it was not, by answers to questions.
    """

    line: str
    names: tuple[str, ...] = ()
    is_new: bool = False
    others: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Renames:
    """What everything of a connection's database was called, by kind, owner and name of today.

    The owner of a column and of a part is its table, that of a value its enum; tables and enums have an empty one.
    """

    formers: Mapping[tuple[RenameKind, str, str], Former] = field(
        default_factory=dict[tuple[RenameKind, str, str], Former]
    )

    def of(self, kind: RenameKind, owner: str, name: str) -> Former:
        """What is known of one of them."""
        return self.formers.get((kind, owner, name), Former(""))

    def answered(self, kind: RenameKind, owner: str, name: str, before: str, *, is_same: bool) -> Renames:
        """These, with what somebody said: that it is what was called `before`, or that it is not."""
        former = self.of(kind, owner, name)
        changed = replace(former, names=(before,)) if is_same else replace(former, others=former.others | {before})
        return replace(self, formers={**self.formers, (kind, owner, name): changed})
