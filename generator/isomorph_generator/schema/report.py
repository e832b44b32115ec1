"""Collects the mistakes of one run, so that all of them are told at once."""

from __future__ import annotations

from isomorph_generator.schema.errors import Position, SchemaError
from isomorph_generator.schema.scan import Path
from isomorph_generator.schema.sources import Sources

__all__ = ["Report"]


class Report:
    """The errors found so far, and the first two fields of new ones.

        report.add(UnknownModel(*report.value(path, "belongs_to"), name, known))

    A mixin is read once per model that uses it; what is wrong with it is told once.
    """

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self._errors: dict[str, SchemaError] = {}

    @property
    def errors(self) -> tuple[SchemaError, ...]:
        """All errors in the order in which they were found."""
        return tuple(self._errors.values())

    def add(self, error: SchemaError) -> None:
        """Take note of a mistake."""
        self._errors.setdefault(str(error), error)

    def key(self, path: Path, *inner: str | int) -> tuple[Position, str]:
        """Position of a key, and `path` as text; `inner` leads on to the key, without being shown."""
        return self.sources.key((*path, *inner)), self.sources.shown(path)

    def value(self, path: Path, *inner: str | int) -> tuple[Position, str]:
        """Position of a value, and `path` as text; `inner` leads on to the value, without being shown."""
        return self.sources.value((*path, *inner)), self.sources.shown(path)

    def inside(self, path: Path, index: int) -> tuple[Position, str]:
        """Position of the character at `index` of a text, and `path` as text."""
        return self.sources.value(path, index), self.sources.shown(path)
