"""The root of all schema errors, their positions, and the list of them that `load` raises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from isomorph.errors import IsomorphError

__all__ = ["Position", "SchemaError", "SchemaErrors", "listed"]


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file: its name as the user gave it, line and column counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(eq=False, repr=False)
class SchemaError(IsomorphError):
    """A mistake in a schema. Subclasses add their fields and word `_what` and `_mend`.

    Attributes:
        at: where it is.
        path: the key it is about: `models.Post.relations.author`; empty for a whole file.
    """

    at: Position
    path: str

    def __post_init__(self) -> None:
        self.args = tuple(getattr(self, field.name) for field in fields(self))  # so that the error pickles

    @property
    def what(self) -> str:
        """What is wrong."""
        return self._what()

    @property
    def mend(self) -> str:
        """How to mend it."""
        return self._mend()

    def _what(self) -> str:
        raise NotImplementedError

    def _mend(self) -> str:
        raise NotImplementedError

    def __str__(self) -> str:
        place = f"{self.at} {self.path}" if self.path else f"{self.at}"
        return _on_one_line(f"{place}: {self.what} ({self.mend})")


class SchemaErrors(IsomorphError):
    """All mistakes of a schema, sorted by file, line and column; as text, one per line."""

    def __init__(self, errors: Sequence[SchemaError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: (error.at, error.path)))
        super().__init__(self.errors)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


def _on_one_line(text: str) -> str:
    """Names of a schema may hold anything; an error is one line of a terminal."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def listed(names: Sequence[str], last: str = "or") -> str:
    """Names in a sentence: `"a", "b" or "c"`."""
    quoted = [f'"{name}"' for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {last} {quoted[-1]}" if quoted else "none"
