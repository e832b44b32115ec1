"""What the last `orm generate` read and wrote, so that the next one knows without loading the schema that nothing changed.

A stamp is a file beside the schema that git ignores and that may be removed at any time. It holds checksums: of the schema
files and behaviours, of every generated file, and which version of the generator wrote them. Whatever differs, is missing
or cannot be read makes a stamp void; `orm generate --check` never asks it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import isomorph
import isomorph_generator
from isomorph_generator.codegen.errors import UnwritableFile
from isomorph_generator.codegen.writing import Outdated, modules, replace, stale
from isomorph_generator.schema import Project, matches

__all__ = ["Stamp", "kept", "stamp"]

_FOLDER = ".isomorph_cache"
# Fewer files are generated in the time that a person does not notice.
_FEWEST_FILES = 100
# A file that changed while it was read may be another one than what was generated from; clocks of file systems are coarse.
_CLOCK_NS = 20_000_000


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a run of the generator has read and written; paths are relative to the folder of the schema.

    Attributes:
        tool: which generator it was.
        includes: patterns of the schema files that the main one includes.
        included: what they found.
        inputs: checksums of what was read, None for what was looked for and is not there.
        package: the folder of the package.
        outputs: checksums of its files, by path inside of it.
    """

    tool: str
    includes: tuple[str, ...]
    included: tuple[str, ...]
    inputs: Mapping[str, str | None]
    package: str
    outputs: Mapping[str, str | None]

    def keep(self, schema: Path) -> None:
        """Write it beside the schema; a folder that cannot be written has none."""
        with suppress(UnwritableFile):
            replace(schema.parent / _FOLDER / ".gitignore", "*\n")
            replace(_place(schema), json.dumps({name: getattr(self, name) for name in self.__slots__}, indent=1))

    def current(self, schema: Path) -> bool:
        """Whether everything still is as it was."""
        root = schema.parent
        folder = root / self.package
        return (
            self.tool == _tool()
            and self.included == _included(root, self.includes)
            and all(_digest(root / path) == digest for path, digest in self.inputs.items())
            and all(_digest(folder / name) == digest for name, digest in self.outputs.items())
            and not any(stale(folder, path, self.outputs) is not None for path in modules(folder))
        )


def stamp(
    project: Project, schema: Path, outdated: Outdated, looked_at: Iterable[Path], started_ns: int
) -> Stamp | None:
    """The stamp of a run that brought everything up to date.

    Args:
        project: what was loaded.
        schema: its main file.
        outdated: what was written.
        looked_at: files beside the schema that were read, or would have been.
        started_ns: when it began; None is returned when something changed since.
    """
    if len(outdated.after) < _FEWEST_FILES:
        return None
    root = schema.parent
    inputs = {os.path.relpath(path, root): _digest(path) for path in (*project.files, *looked_at)}
    if any(_changed_ns(root / path) > started_ns - _CLOCK_NS for path, digest in inputs.items() if digest is not None):
        return None
    return Stamp(
        _tool(),
        project.includes,
        _included(root, project.includes),
        inputs,
        os.path.relpath(outdated.folder, root),
        {name: sha256(text.encode()).hexdigest() for name, text in outdated.after.items()},
    )


def kept(schema: Path) -> Stamp | None:
    """The stamp of a schema file, if there is one that can be read."""
    try:
        told = json.loads(_place(schema).read_bytes())
        return Stamp(
            str(told["tool"]),
            tuple(told["includes"]),
            tuple(told["included"]),
            dict(told["inputs"]),
            str(told["package"]),
            dict(told["outputs"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _place(schema: Path) -> Path:
    return schema.parent / _FOLDER / f"{schema.stem}.json"


def _digest(path: Path) -> str | None:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _changed_ns(path: Path) -> int:
    return path.stat().st_mtime_ns


def _included(root: Path, patterns: Iterable[str]) -> tuple[str, ...]:
    return tuple(os.path.relpath(path, root) for pattern in patterns for path in matches(root, pattern))


def _tool() -> str:
    """Which generator this is, a changed one in the middle of its development included."""
    digest = sha256(sys.version.encode())
    for package in (isomorph, isomorph_generator):
        for entry in _files(package.__path__[0]):
            told = entry.stat()
            digest.update(f"{entry.path} {told.st_size} {told.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _files(folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda found: found.name):
            if entry.is_dir() and entry.name != "__pycache__":
                yield from _files(entry.path)
            elif entry.is_file():
                yield entry
