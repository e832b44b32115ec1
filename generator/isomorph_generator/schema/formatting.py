"""Formats a schema file: spacing only. Comments, the order of keys and the way values are spelt stay.

The order is left alone because it means something: columns, enum values and members stand in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["formatted"]

_INDENT = "    "
_KEPT_COMMENTS = ("#:", "#!", "##")


def formatted(text: str) -> str:
    """The text in the one format: `key = value`, `{ a = 1 }`, `[1, 2]`, one blank line at most, one before each table.

    Args:
        text: a valid TOML document.
    """
    return _Formatter(text.replace("\r\n", "\n")).document()


@dataclass(slots=True)
class _Item:
    """An item of an array: comments on lines before it, its text, the comment behind it on its line."""

    before: list[str] = field(default_factory=list[str])
    text: str = ""
    behind: str = ""


class _Formatter:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._lines: list[str] = []
        self._blank = False

    # --- lines -------------------------------------------------------------------------------------------------------------

    def document(self) -> str:
        while self._at < len(self._text):
            self._spaces()
            char = self._peek()
            if char == "\n":
                self._blank = self._blank or self._ends_blank_line()
                self._at += 1
            elif char == "#":
                self._add(self._comment())
            elif char == "[":
                header = self._header()
                self._space_before_header()
                self._add(header + self._comment_behind())
            elif char:
                key = self._key()
                self._at += 1  # over the =
                self._add(f"{key} = {self._value(0)}{self._comment_behind()}")
        return "\n".join([*self._lines, ""]) if self._lines else ""

    def _ends_blank_line(self) -> bool:
        start = self._text.rfind("\n", 0, self._at) + 1
        return not self._text[start : self._at].strip()

    def _add(self, line: str) -> None:
        if self._blank and self._lines:
            self._lines.append("")
        self._blank = False
        self._lines.append(line)

    def _space_before_header(self) -> None:
        """One blank line before a table, or before the comment right above it."""
        if self._blank:
            return
        at = len(self._lines)
        while at > 0 and self._lines[at - 1].startswith("#"):
            at -= 1
        if at > 0 and self._lines[at - 1]:
            self._lines.insert(at, "")

    # --- pieces ------------------------------------------------------------------------------------------------------------

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _spaces(self) -> None:
        while self._peek() in (" ", "\t"):
            self._at += 1

    def _comment(self) -> str:
        end = self._text.find("\n", self._at)
        end = len(self._text) if end < 0 else end
        comment = self._text[self._at : end].rstrip()
        self._at = end
        spaced = comment.startswith(_KEPT_COMMENTS) or len(comment) == 1 or comment[1] in " \t"
        return comment if spaced else f"# {comment[1:]}"

    def _comment_behind(self) -> str:
        self._spaces()
        return f"  {self._comment()}" if self._peek() == "#" else ""

    def _header(self) -> str:
        brackets = 2 if self._text.startswith("[[", self._at) else 1
        self._at += brackets
        key = self._key()
        self._at += brackets
        return "[" * brackets + key + "]" * brackets

    def _key(self) -> str:
        """A key up to its `=` or `]`, without spaces around its dots."""
        parts: list[str] = []
        while True:
            self._spaces()
            if self._peek() in ("'", '"'):
                parts.append(self._string())
            else:
                start = self._at
                while self._peek() not in (".", "=", "]", " ", "\t"):
                    self._at += 1
                parts.append(self._text[start : self._at])
            self._spaces()
            if self._peek() != ".":
                return ".".join(parts)
            self._at += 1

    def _string(self) -> str:
        start, quote = self._at, self._peek()
        closing = quote * 3 if self._text.startswith(quote * 3, self._at) else quote
        self._at += len(closing)
        while not self._text.startswith(closing, self._at):
            self._at += 2 if quote == '"' and self._peek() == "\\" else 1
        self._at += len(closing)
        while len(closing) == 3 and self._peek() == quote:
            self._at += 1
        return self._text[start : self._at]

    # --- values ------------------------------------------------------------------------------------------------------------

    def _value(self, depth: int) -> str:
        self._spaces()
        match self._peek():
            case "'" | '"':
                return self._string()
            case "[":
                return self._array(depth)
            case "{":
                return self._inline_table(depth)
            case _:
                start = self._at
                while self._peek() not in ("", ",", "]", "}", "#", "\n"):
                    self._at += 1
                return self._text[start : self._at].rstrip()

    def _inline_table(self, depth: int) -> str:
        self._at += 1
        parts: list[str] = []
        while True:
            self._spaces()
            if self._peek() == "}":
                self._at += 1
                return f"{{ {', '.join(parts)} }}" if parts else "{}"
            if self._peek() == ",":
                self._at += 1
                continue
            key = self._key()
            self._at += 1
            parts.append(f"{key} = {self._value(depth)}")

    def _array(self, depth: int) -> str:
        """On one line if it stood on one, else one item per line."""
        start = self._at
        self._at += 1
        items: list[_Item] = []
        waiting = _Item()
        on_one_line = True
        same_line = False  # whether an item ended on the current line
        while True:
            self._spaces()
            char = self._peek()
            if char == "\n":
                on_one_line, same_line = False, False
                self._at += 1
            elif char == "#":
                comment = self._comment()
                if same_line and not items[-1].behind:
                    items[-1].behind = f"  {comment}"
                else:
                    waiting.before.append(comment)
            elif char == ",":
                self._at += 1
            elif char == "]":
                self._at += 1
                break
            else:
                waiting.text = self._value(depth + 1)
                items.append(waiting)
                waiting, same_line = _Item(), True
        if on_one_line or (not items and not waiting.before and "#" not in self._text[start : self._at]):
            return f"[{', '.join(item.text for item in items)}]"
        return self._lined(items, waiting.before, depth)

    def _lined(self, items: list[_Item], last_comments: list[str], depth: int) -> str:
        inner = _INDENT * (depth + 1)
        lines = ["["]
        for item in items:
            lines += [inner + comment for comment in item.before]
            lines.append(f"{inner}{item.text},{item.behind}")
        lines += [inner + comment for comment in last_comments]
        return "\n".join([*lines, f"{_INDENT * depth}]"])
