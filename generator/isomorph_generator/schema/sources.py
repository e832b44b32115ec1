"""Positions over all files of a schema: which file, line and column a path of the merged document comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path as FilePath

from isomorph_generator.schema.errors import Position
from isomorph_generator.schema.scan import Mark, Path, Scan

__all__ = ["Source", "Sources", "dotted"]

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")

_SHORTENED = frozenset({"type", "where", "fields", "values", "name", "check", "as"})
"""Keys that short forms leave out: `age = "int"` for `age = { type = "int" }`, `["a", "b"]` for `{ fields = [...] }`."""


@dataclass(frozen=True, slots=True)
class Source:
    """A schema file: its name as shown to the user, its path, its marks."""

    name: str
    path: FilePath
    scan: Scan

    def position(self, offset: int) -> Position:
        """Line and column of an offset."""
        return Position(self.name, *self.scan.place(offset))


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the keys of the merged document stand.

    Attributes:
        main: the file that was asked for.
        places: file and mark of every path.
        aliases: paths that exist only after resolving, to the path they come from: a mixin's field in its models.
    """

    main: Source
    places: Mapping[Path, tuple[Source, Mark]]
    aliases: dict[Path, Path] = field(default_factory=dict[Path, Path])

    def known(self, path: Path) -> Path:
        """The nearest path that stands in a file: `path` itself, its long form shortened, or a parent."""
        return self._split(path)[0]

    def shown(self, path: Path) -> str:
        """A path as the files write it: `models.Post.indexes[0].where`, without the keys that a short form leaves out."""
        found, rest = self._split(path)
        return dotted((*found, *rest))

    def _split(self, path: Path) -> tuple[Path, Path]:
        """What of a path stands in a file, and what does not."""
        if self.aliases:
            path = self._original(path)
        if path in self.places:
            return path, ()
        found: Path = ()
        for depth, segment in enumerate(path):
            step = (*found, segment)
            if step in self.places:
                found = step
            elif segment not in _SHORTENED:
                return found, path[depth:]
        return found, ()

    def _original(self, path: Path) -> Path:
        for depth in range(len(path), 0, -1):
            if (origin := self.aliases.get(path[:depth])) is not None:
                return (*origin, *path[depth:])
        return path

    def key(self, path: Path) -> Position:
        """Position of the key at `path`, or of its nearest parent."""
        place = self.places.get(self.known(path))
        return Position(self.main.name, 1, 1) if place is None else place[0].position(place[1].key)

    def value(self, path: Path, index: int | None = None) -> Position:
        """Position of the value at `path`, or of its nearest parent; of the character at `index` if it is a string."""
        place = self.places.get(self.known(path))
        if place is None:
            return Position(self.main.name, 1, 1)
        source, mark = place
        return source.position(mark.value if index is None else source.scan.inside(mark, index))


def dotted(path: Path) -> str:
    """A path as TOML writes dotted keys, with indexes in brackets."""
    return "".join(map(_segment, path)).removeprefix(".")


@lru_cache(maxsize=4096)
def _segment(segment: str | int) -> str:
    """A part of a path, with what separates it from the part before."""
    if isinstance(segment, int):
        return f"[{segment}]"
    return f".{segment}" if _BARE_KEY.fullmatch(segment) else f'."{segment}"'
