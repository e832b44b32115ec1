"""What the last run of a command read and wrote, so that the next one knows without loading the schema that nothing changed.

A stamp is a file beside the schema that git ignores and that may be removed at any time. It holds checksums: of the schema
files and behaviours, of every generated file, and which version of the generator wrote them; `orm migrate make` has one with its revisions. Whatever differs, is missing
or cannot be read makes a stamp void; `orm generate --check` never asks it.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace as replaced
from hashlib import sha256
from pathlib import Path

import isomorph
import isomorph_generator
from isomorph_generator.codegen.errors import UnwritableFile
from isomorph_generator.codegen.writing import Outdated, modules, replace, stale
from isomorph_generator.schema import Project, matches

__all__ = ["GENERATE", "Stamp", "kept", "stamp", "stamp_of_revisions"]

GENERATE = "generate"

_FOLDER = ".isomorph_cache"
_IMPORTED = re.compile(rb"^[ \t]*(?:from|import)[ \t]+([\w]*)", re.MULTILINE)
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
        package: the folder of the package, or of the revisions.
        outputs: checksums of its files, by path inside of it.
        is_whole: whether one more module in that folder makes a difference, also when it was never generated.
    """

    tool: str
    includes: tuple[str, ...]
    included: tuple[str, ...]
    inputs: Mapping[str, str | None]
    package: str
    outputs: Mapping[str, str | None]
    is_whole: bool = False

    def keep(self, schema: Path, purpose: str = GENERATE) -> None:
        """Write it beside the schema; a folder that cannot be written has none."""
        with suppress(UnwritableFile):
            replace(schema.parent / _FOLDER / ".gitignore", "*\n")
            replace(
                _place(schema, purpose), json.dumps({name: getattr(self, name) for name in self.__slots__}, indent=1)
            )

    def current(self, schema: Path) -> bool:
        """Whether everything still is as it was."""
        root = schema.parent
        folder = root / self.package
        return (
            self.tool == _tool()
            and self.included == _included(root, self.includes)
            and all(_digest(root / path) == digest for path, digest in self.inputs.items())
            and all(_digest(folder / name) == digest for name, digest in self.outputs.items())
            and not any(self._is_new(folder, path) for path in modules(folder))
        )

    def _is_new(self, folder: Path, path: Path) -> bool:
        if self.is_whole:
            return path.relative_to(folder).as_posix() not in self.outputs
        return stale(folder, path, self.outputs) is not None


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
    outputs = {name: sha256(text.encode()).hexdigest() for name, text in outdated.after.items()}
    return _stamp(project, schema, (*project.files, *looked_at), outdated.folder, outputs, started_ns)


def stamp_of_revisions(
    project: Project, schema: Path, folder: Path, written: Mapping[Path, str], started_ns: int
) -> Stamp | None:
    """The stamp of a run after which the revisions agree with the schema; None, too, when they lean on other modules.

    Args:
        project: what was loaded.
        schema: its main file.
        folder: of the revisions.
        written: texts of the revisions that this run wrote.
        started_ns: when it began; None is returned when something else changed since.
    """
    found = list(modules(folder))
    own = {path.relative_to(folder).parts[0].removesuffix(".py") for path in found}
    texts = {path: written[path].encode() if path in written else _read(path) for path in found}
    if len(project.catalog.models) < _FEWEST_FILES // 2 or not all(_is_closed(text, own) for text in texts.values()):
        return None
    outputs = {path.relative_to(folder).as_posix(): sha256(text).hexdigest() for path, text in texts.items()}
    read = (*project.files, *(path for path in found if path not in written))
    made = _stamp(project, schema, read, folder, outputs, started_ns)
    return None if made is None else replaced(made, is_whole=True)


def _stamp(
    project: Project,
    schema: Path,
    read: Iterable[Path],
    folder: Path,
    outputs: Mapping[str, str],
    started_ns: int,
) -> Stamp | None:
    root = schema.parent
    inputs = {os.path.relpath(path, root): _digest(path) for path in read}
    if any(_changed_ns(root / path) > started_ns - _CLOCK_NS for path, digest in inputs.items() if digest is not None):
        return None
    included = _included(root, project.includes)
    return Stamp(_tool(), project.includes, included, inputs, os.path.relpath(folder, root), outputs)


def _is_closed(text: bytes, own: Container[str]) -> bool:
    """Whether a module imports nothing that may change without its file, isomorph or Python."""
    return all(
        (name := found.decode()) == "isomorph" or name in sys.stdlib_module_names or name in own
        for found in _IMPORTED.findall(text)
    )


def kept(schema: Path, purpose: str = GENERATE) -> Stamp | None:
    """The stamp of a schema file, if there is one that can be read.

    Args:
        schema: the main schema file.
        purpose: whose, as it was given to `Stamp.keep`.
    """
    try:
        told = json.loads(_place(schema, purpose).read_bytes())
        return Stamp(
            str(told["tool"]),
            tuple(told["includes"]),
            tuple(told["included"]),
            dict(told["inputs"]),
            str(told["package"]),
            dict(told["outputs"]),
            bool(told["is_whole"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _place(schema: Path, purpose: str) -> Path:
    # A purpose may hold anything that a user typed.
    return schema.parent / _FOLDER / f"{schema.stem}-{sha256(purpose.encode()).hexdigest()[:12]}.json"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


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
