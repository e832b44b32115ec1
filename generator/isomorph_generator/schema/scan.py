r"""Where each key and value of a TOML document stands.

Owns a scanner that runs beside tomllib, which reads values but gives no positions. It relies on the text being valid
TOML (tomllib read it first) and only follows structure: headers, dotted keys, inline tables, arrays, strings, comments.
Line ends are expected as `\n`, as tomllib normalises them.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias

__all__ = ["Mark", "Path", "Scan", "scan", "scan_start"]

Path: TypeAlias = tuple[str | int, ...]
"""Keys and array indexes from the top of the document: `("models", "Post", "indexes", 0, "where")`."""

_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_LINE_BLANK = " \t"
_BLANK = " \t\n"
_QUOTES = "\"'"
_ESCAPE_LENGTHS = {"u": 6, "U": 10}


@dataclass(frozen=True, slots=True)
class Mark:
    """Offsets into the text: of a key, and of the start and end of its value. For a table with a header, all of its name."""

    key: int
    value: int
    end: int


@dataclass(slots=True)
class Scan:
    r"""The marks of a document.

    Attributes:
        text: the document, with `\n` line ends.
        marks: every key and array item, by path, in the order in which they first appear.
        duplicates: keys given twice (tomllib refuses such a document), with the offsets of both.
    """

    text: str
    marks: dict[Path, Mark] = field(default_factory=dict[Path, Mark])
    duplicates: list[tuple[Path, int, int]] = field(default_factory=list[tuple[Path, int, int]])
    _lines: list[int] = field(default_factory=list[int])

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1; columns count characters."""
        if not self._lines:
            self._lines.append(0)
            self._lines.extend(index + 1 for index, char in enumerate(self.text) if char == "\n")
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def inside(self, mark: Mark, index: int) -> int:
        """Offset of the character at `index` of a string value, looking through escapes; the value's start if it is no string."""
        text, at = self.text, mark.value
        quote = text[at : at + 1]
        if not quote or quote not in _QUOTES:
            return at
        at += 1
        multiline = text.startswith(quote * 2, at) and mark.end - mark.value >= 6
        if multiline:
            at += 2
            if text[at] == "\n":
                at += 1
        while True:
            if quote == '"' and multiline:
                at = _after_line_continuation(text, at)
            if index == 0 or at >= mark.end:
                return at
            at += _ESCAPE_LENGTHS.get(text[at + 1], 2) if quote == '"' and text[at] == "\\" else 1
            index -= 1


def scan(text: str) -> Scan:
    """Find the marks of a valid TOML document.

    Raises:
        IndexError, ValueError: the text is no valid document.
    """
    scanner = _Scanner(text)
    scanner.document()
    return scanner.found


def scan_start(text: str) -> Scan:
    """Find the marks of a text that is TOML only up to some place: those before it."""
    scanner = _Scanner(text)
    with suppress(IndexError, ValueError):
        scanner.document()
    return scanner.found


def _after_line_continuation(text: str, at: int) -> int:
    """Skip a backslash at the end of a line and the blank space after it."""
    while text[at] == "\\" and text[at + 1] in _BLANK:
        at = _skip(text, at + 1, _BLANK)
    return at


def _skip(text: str, at: int, chars: str) -> int:
    while at < len(text) and text[at] in chars:
        at += 1
    return at


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found = Scan(text)
        self._lengths: dict[Path, int] = {}  # of arrays of tables
        self._defined: dict[Path, int] = {}  # by their own header or assignment, for duplicates

    def document(self) -> None:
        table: Path = ()
        while True:
            self._blank()
            if self.at >= len(self.text):
                return
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._assignment(table)

    def _header(self) -> Path:
        of_array = self.text.startswith("[[", self.at)
        self.at += 2 if of_array else 1
        segments = self._key()
        self.at += 2 if of_array else 1
        path: Path = ()
        for name, offset in segments[:-1]:
            path = self._step(path, name, offset)
        name, offset = segments[-1]
        path = (*path, name)
        mark = Mark(offset, offset, self.at)
        self.found.marks.setdefault(path, mark)
        if of_array:
            self._lengths[path] = self._lengths.get(path, 0) + 1
            path = (*path, self._lengths[path] - 1)
            self.found.marks[path] = mark
        else:
            self._define(path, offset)
            if self.found.marks[path].value == self.found.marks[path].key:
                self.found.marks[path] = mark  # its own header says more than `[a]` implied by `[a.b]`
        return path

    def _assignment(self, table: Path) -> None:
        segments = self._key()
        self.at = _skip(self.text, self.at + 1, _LINE_BLANK)  # over the `=`
        start = self.at
        path = table
        for name, offset in segments[:-1]:
            path = self._step(path, name, offset)
        name, offset = segments[-1]
        path = (*path, name)
        self._define(path, offset)
        self.found.marks[path] = Mark(offset, start, start)  # before the marks inside it, which come after it in order
        self._value(path)
        self.found.marks[path] = Mark(offset, start, self.at)

    def _step(self, path: Path, name: str, offset: int) -> Path:
        path = (*path, name)
        self.found.marks.setdefault(path, Mark(offset, offset, offset + len(name)))
        return (*path, self._lengths[path] - 1) if path in self._lengths else path

    def _define(self, path: Path, offset: int) -> None:
        first = self._defined.setdefault(path, offset)
        if first != offset:
            self.found.duplicates.append((path, first, offset))

    def _key(self) -> list[tuple[str, int]]:
        segments: list[tuple[str, int]] = []
        while True:
            self.at = _skip(self.text, self.at, _LINE_BLANK)
            start = self.at
            if self.text[start] in _QUOTES:
                self._string()
                segments.append((tomllib.loads(f"key = {self.text[start : self.at]}")["key"], start))
            else:
                while self.text[self.at] in _BARE:
                    self.at += 1
                segments.append((self.text[start : self.at], start))
            self.at = _skip(self.text, self.at, _LINE_BLANK)
            if self.text[self.at] != ".":
                return segments
            self.at += 1

    def _value(self, path: Path) -> None:
        char = self.text[self.at]
        if char in _QUOTES:
            self._string()
        elif char == "[":
            self._array(path)
        elif char == "{":
            self._inline_table(path)
        else:
            start = self.at
            while self.at < len(self.text) and self.text[self.at] not in ",]}#\n":
                self.at += 1
            if self.at == start:
                raise IndexError(start)
            while self.text[self.at - 1] in _LINE_BLANK:
                self.at -= 1

    def _string(self) -> None:
        quote = self.text[self.at]
        closing = quote * 3 if self.text.startswith(quote * 3, self.at) else quote
        self.at += len(closing)
        while not self.text.startswith(closing, self.at):
            self.at += 2 if quote == '"' and self.text[self.at] == "\\" else 1
            self.text[self.at]  # IndexError: the string has no end
        self.at += len(closing)
        if len(closing) == 3:  # up to two quotes may stand right before the closing ones
            self.at += 2 if self.text.startswith(quote * 2, self.at) else self.text.startswith(quote, self.at)

    def _array(self, path: Path) -> None:
        self.at += 1
        index = 0
        while True:
            self._blank()
            if self.text[self.at] == "]":
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
                continue
            item, start = (*path, index), self.at
            self.found.marks[item] = Mark(start, start, start)
            self._value(item)
            self.found.marks[item] = Mark(start, start, self.at)
            index += 1

    def _inline_table(self, path: Path) -> None:
        self.at += 1
        while True:
            self._blank()
            if self.text[self.at] == "}":
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self._assignment(path)

    def _blank(self) -> None:
        """Skip blank space, line ends and comments."""
        while self.at < len(self.text):
            self.at = _skip(self.text, self.at, _BLANK)
            if not self.text.startswith("#", self.at):
                return
            end = self.text.find("\n", self.at)
            self.at = len(self.text) if end < 0 else end
