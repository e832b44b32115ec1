"""Files on disk: what differs from the generated texts, and bringing them up to date. The only part that touches files."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from isomorph_generator.codegen.errors import ForeignFile, UnwritableFile
from isomorph_generator.codegen.rendering import MARK

__all__ = ["Outdated", "compared", "difference", "modules", "replace", "stale", "write"]


@dataclass(frozen=True, slots=True)
class Outdated:
    """How a folder differs from what is generated for it; all paths are inside of it, with `/`, sorted.

    Attributes:
        folder: the folder of the package.
        changed: paths to write.
        stale: paths to remove: generated once, no longer.
        unchanged: paths that are as they should be.
        before: texts of the changed and stale files that are there.
        after: texts of all files as they should be.
    """

    folder: Path
    changed: tuple[str, ...]
    stale: tuple[str, ...]
    unchanged: tuple[str, ...]
    before: Mapping[str, str]
    after: Mapping[str, str]

    @property
    def is_current(self) -> bool:
        """Whether nothing is to do."""
        return not (self.changed or self.stale)


def compared(folder: Path, texts: Mapping[str, str]) -> Outdated:
    """Compare a folder with the texts that belong there.

    Raises:
        ForeignFile: a file that was not generated stands in the way.
        UnwritableFile: a file or folder cannot be read.
    """
    changed: list[str] = []
    unchanged: list[str] = []
    before: dict[str, str] = {}
    for name, text in texts.items():
        there = _read(folder / name)
        if there == text or (there is not None and not text):
            unchanged.append(name)
            continue
        changed.append(name)
        if there is not None:
            if there.strip() and not _is_ours(there):
                raise ForeignFile(str(folder / name))
            before[name] = there
    left: list[str] = []
    for path in modules(folder):
        name = path.relative_to(folder).as_posix()
        there = stale(folder, path, texts)
        if there is not None:
            left.append(name)
            before[name] = there
    return Outdated(folder, tuple(changed), tuple(left), tuple(unchanged), before, texts)


def stale(folder: Path, path: Path, names: Container[str]) -> str | None:
    """The text of a module in the folder that was generated once and is none of the names; else None."""
    if path.relative_to(folder).as_posix() in names:
        return None
    there = _read(path)
    return there if there is not None and _is_ours(there) else None


def _is_ours(text: str) -> bool:
    return text.partition("\n")[0].rstrip("\r") == MARK


def modules(folder: Path) -> Iterator[Path]:
    """The Python files of a folder and those below it."""
    return iter(sorted(folder.rglob("*.py"))) if folder.is_dir() else iter(())


def _read(path: Path) -> str | None:
    """The text of a file; None when there is none."""
    try:
        return path.read_bytes().decode(errors="replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = error.strerror or "it cannot be read"
    raise UnwritableFile(str(path), reason[:1].lower() + reason[1:])


def difference(outdated: Outdated) -> str:
    """The difference as a unified diff; empty when there is none."""
    lines: list[str] = []
    for name in sorted((*outdated.changed, *outdated.stale)):
        shown = (outdated.folder / name).as_posix()
        before = outdated.before.get(name)
        after = None if name in outdated.stale else outdated.after[name]
        lines += unified_diff(
            [] if before is None else before.splitlines(keepends=True),
            [] if after is None else after.splitlines(keepends=True),
            "/dev/null" if before is None else shown,
            "/dev/null" if after is None else shown,
        )
    return "".join(lines)


def write(outdated: Outdated) -> None:
    """Write what changed, then remove what is stale. A file is replaced as a whole or not at all.

    Raises:
        UnwritableFile: a file cannot be written.
    """
    for name in outdated.changed:
        replace(outdated.folder / name, outdated.after[name])
    for name in outdated.stale:
        path = outdated.folder / name
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(path, error) from error
        with contextlib.suppress(OSError):  # other files are in the folder
            path.parent.rmdir()


def replace(path: Path, text: str) -> None:
    """Write a file as a whole or not at all.

    Raises:
        UnwritableFile: it cannot be written.
    """
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(temporary).chmod(_mode(path))
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise _unwritable(path, error) from error


def _mode(path: Path) -> int:
    """The mode that the file has, or that a new one would get; mkstemp's own is for secrets."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _unwritable(path: Path, error: OSError) -> UnwritableFile:
    reason = error.strerror or "it cannot be written"
    return UnwritableFile(str(path), reason[:1].lower() + reason[1:])
