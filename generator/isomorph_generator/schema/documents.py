"""Reads the files of a schema and merges them into one document. The only module of the schema that opens files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any, TypeAlias, cast

from isomorph_generator.schema.errors import (
    DuplicateKey,
    FileUnreadable,
    IncludeWithoutMatch,
    NestedInclude,
    NotUtf8,
    Position,
    SchemaError,
    TomlSyntax,
)
from isomorph_generator.schema.scan import Mark, Path, Scan, scan, scan_start
from isomorph_generator.schema.sources import Source, Sources, dotted

__all__ = ["Document", "Table", "as_list", "as_table", "matches", "read_document"]

Table: TypeAlias = dict[str, Any]
"""A TOML table as tomllib gives it, floats as Decimal."""

_MERGED = frozenset({"connections", "enums", "macros", "mixins", "models", "morph_map"})
"""Tables whose entries may stand in different files; all else stands in one."""

_TOML_PLACE = re.compile(
    r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL
)


def as_table(value: object) -> Table | None:
    """The value if it is a table, else None."""
    return cast("Table", value) if isinstance(value, dict) else None


def as_list(value: object) -> list[object] | None:
    """The value if it is an array, else None."""
    return cast("list[object]", value) if isinstance(value, list) else None


@dataclass(slots=True)
class Document:
    """The merged files.

    Attributes:
        table: what they say.
        sources: where they say it.
        files: the files that were read, the main one first.
        errors: what is wrong with the files themselves.
        complete: whether every file could be read, so that something missing is really missing.
    """

    table: Table
    sources: Sources
    files: tuple[FilePath, ...]
    errors: list[SchemaError] = field(default_factory=list[SchemaError])
    complete: bool = True


def read_document(path: FilePath) -> Document:
    """Read a schema file and the files that it includes.

    Args:
        path: the main file. Positions show it as given, and included files relative to the same folder.
    """
    return _Reader(path).document()


class _Reader:
    def __init__(self, path: FilePath) -> None:
        self.path = path
        self.errors: list[SchemaError] = []
        self.places: dict[Path, tuple[Source, Mark]] = {}
        self.table: Table = {}
        self.files: list[FilePath] = [path]
        self.complete = True

    def document(self) -> Document:
        source = self._read(self.path)
        if source is None:
            source = Source(str(self.path), self.path, Scan(""))
        for included in self._included(source):
            self.files.append(included)
            self._read(included)
        sources = Sources(source, self.places)
        return Document(self.table, sources, tuple(self.files), self.errors, self.complete)

    def _read(self, path: FilePath) -> Source | None:
        """Read a file into the merged table; None when it cannot be read."""
        parsed = _parsed(path)
        if isinstance(parsed, SchemaError):
            self.errors.append(parsed)
            self.complete = False
            return None
        source, table = parsed
        self._merge(source, table)
        return source

    def _merge(self, source: Source, table: Table) -> None:
        dropped: set[Path] = set()
        for key, value in table.items():
            if key == "include" and len(self.files) > 1:
                self.errors.append(NestedInclude(source.position(source.scan.marks[("include",)].key), "include"))
                dropped.add((key,))
            elif (
                key in _MERGED
                and (entries := as_table(value)) is not None
                and (merged := as_table(self.table.setdefault(key, {}))) is not None
            ):
                dropped.update((key, name) for name in entries if name in merged)
                merged.update({name: entry for name, entry in entries.items() if name not in merged})
            elif key in self.table:
                dropped.add((key,))
            else:
                self.table[key] = value
        for path in dropped - {("include",)}:
            self.errors.append(self._declared_twice(source, path))
        for path, mark in source.scan.marks.items():
            if path[:1] not in dropped and path[:2] not in dropped:
                self.places.setdefault(path, (source, mark))

    def _declared_twice(self, source: Source, path: Path) -> DuplicateKey:
        first, mark = self.places[path]
        return DuplicateKey(source.position(source.scan.marks[path].key), dotted(path), first.position(mark.key))

    def _included(self, main: Source) -> Iterator[FilePath]:
        """Included files, in the order of the patterns, each once."""
        patterns = as_list(self.table.get("include")) or []
        seen = {self.path.resolve()}
        for index, pattern in enumerate(patterns):
            if not isinstance(pattern, str):
                continue  # a mistake of shape, told by the spec
            found = matches(self.path.parent, pattern)
            if not found:
                at = main.position(main.scan.marks["include", index].value)
                self.errors.append(IncludeWithoutMatch(at, "include", pattern))
                self.complete = False
            for match in found:
                if match.resolve() not in seen:
                    seen.add(match.resolve())
                    yield match


def _parsed(path: FilePath) -> tuple[Source, Table] | SchemaError:
    name = str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        return FileUnreadable(Position(name, 1, 1), "", error.strerror or "unknown reason")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        return NotUtf8(Position(name, before.count(b"\n") + 1, column), "")
    try:
        table: Table = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        return _syntax_error(name, text, error)
    except (RecursionError, ValueError):
        return TomlSyntax(Position(name, 1, 1), "", "a value is nested too deeply or too long")
    return Source(name, path, scan(text)), table


def matches(folder: FilePath, pattern: str) -> list[FilePath]:
    """The files that an `include` of a schema in that folder means."""
    try:
        return sorted(path for path in folder.glob(pattern) if path.is_file())
    except (NotImplementedError, ValueError):  # an absolute or empty pattern
        return []


def _syntax_error(name: str, text: str, error: tomllib.TOMLDecodeError) -> SchemaError:
    match = _TOML_PLACE.fullmatch(str(error))
    what = match["what"] if match else str(error)
    lines = text.split("\n")
    if match and match["line"]:
        line, column = int(match["line"]), int(match["column"])
    else:
        line, column = len(lines), len(lines[-1]) + 1
        what = "the file ends in the middle of a value" if what == "Invalid value" else what
    if re.search("overwrite|twice|mutate|Duplicate", what):
        # tomllib stops behind a key that was given before; the scanner, on the text up to there, knows both places.
        found = scan_start("\n".join(lines[:line]))
        if found.duplicates:
            path, first, second = found.duplicates[-1]
            return DuplicateKey(Position(name, *found.place(second)), dotted(path), Position(name, *found.place(first)))
    return TomlSyntax(Position(name, line, column), "", what[:1].lower() + what[1:])
