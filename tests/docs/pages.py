"""Reads a page of the docs: its code blocks, and what the comments before them say about each.

A comment stands right before its block; readers of the page do not see it:

    <!-- project: showcase -->   once, at the top: examples run beside the showcase, its tables made and empty
    <!-- file: app.py -->        the block is written to this file
    <!-- exit: 2 -->             the last command of the block leaves with this code
    <!-- refused -->             a schema with mistakes; the `text` block behind it says which
    <!-- fragment -->            not executed: no schema, or no statements, of its own
    <!-- types only -->          checked by the type checkers and not executed
    <!-- written: name -->       from here to `<!-- end -->` stands a table that tools/types_page.py writes

A `text` block behind a `python` block is what that prints. In what is printed, a line `...` stands for any lines, and
`...` within a line for any text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["ROOT", "Block", "Command", "Page", "commands_of", "page_of", "pages", "prints"]

ROOT = Path(__file__).parent.parent.parent

_COMMENT = re.compile(r"<!--\s*(?P<text>.*?)\s*-->")
_FENCE = re.compile(r"(?P<indent> *)```(?P<language>\w*).*")
_KNOWN = frozenset({"project", "file", "exit", "refused", "fragment", "types only", "feature", "written", "end"})


class UnknownComment(Exception):
    """A comment before a block that means nothing here."""


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        language: behind the fence: `python`, `toml`, `console`, `text`.
        text: what is inside, without the fence's indentation, ending in a line feed.
        place: `README.md:12`, the line of the fence.
        line: number of the first line inside.
        comments: what the comments right before it say, by name.
    """

    language: str
    text: str
    place: str
    line: int
    comments: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Page:
    """A page of the docs."""

    path: Path
    name: str
    project: str | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Command:
    """A line of a terminal, and what it prints; None when the page does not show it."""

    line: str
    output: str | None


def pages() -> tuple[Path, ...]:
    """All pages: the README and what is under docs/ but for the page that a tool writes."""
    found = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    return tuple(path for path in found if path != ROOT / "docs/scorecard.md")


def page_of(path: Path, root: Path = ROOT) -> Page:
    """Read a page."""
    name = str(path.relative_to(root))
    project: str | None = None
    blocks: list[Block] = []
    comments: dict[str, str] = {}
    lines = iter(enumerate(path.read_text().splitlines(), start=1))
    for number, line in lines:
        if fence := _FENCE.fullmatch(line):
            inside = [text for _, text in _inside(lines, fence["indent"])]
            text = "".join(f"{text}\n" for text in inside)
            blocks.append(Block(fence["language"], text, f"{name}:{number}", number + 1, comments))
            comments = {}
        elif comment := _COMMENT.fullmatch(line.strip()):
            key, _, value = comment["text"].partition(":")
            if key not in _KNOWN:
                raise UnknownComment(f"{name}:{number}: {key}")
            if key == "project":
                project = value.strip()
            elif key not in {"feature", "written", "end"}:
                comments[key] = value.strip()
        elif line.strip():
            comments = {}
    return Page(path, name, project, tuple(blocks))


def _inside(lines: Iterator[tuple[int, str]], indent: str) -> Iterator[tuple[int, str]]:
    for number, line in lines:
        if line.strip() == "```":
            return
        yield number, line.removeprefix(indent)


def commands_of(block: Block) -> list[Command]:
    """The commands of a console block: lines behind `$ `, a backslash at the end goes on in the next line."""
    found: list[Command] = []
    waiting: list[str] = []
    lines = block.text.splitlines()
    while lines:
        line = lines.pop(0)
        if not line.startswith("$ "):
            waiting.append(line)
            continue
        while line.endswith("\\"):
            line = line[:-1] + lines.pop(0).strip()
        found = _closed(found, waiting)
        waiting = []
        found.append(Command(line.removeprefix("$ "), None))
    return _closed(found, waiting)


def _closed(found: list[Command], output: list[str]) -> list[Command]:
    text = "\n".join(output).strip("\n")
    if not text or not found:
        return found
    return [*found[:-1], Command(found[-1].line, text)]


def prints(shown: str, printed: str) -> bool:
    """Whether what was printed is what a page shows, `...` standing for anything."""
    pattern = "".join(map(_pattern, _tidy(shown)))
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in _tidy(printed))) is not None


def _pattern(line: str) -> str:
    if line == "...":
        return "(?:.*\n)*"
    return ".*".join(re.escape(piece) for piece in line.split("...")) + "\n"


def _tidy(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip("\n").splitlines()]
