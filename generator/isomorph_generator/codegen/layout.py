"""Lays out Python code as a formatter would, so that generated files need none.

What fits on a line stays on it; what does not is written one item per line with a trailing comma, which formatters of any
line length leave as it is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import TypeAlias

__all__ = [
    "WIDTH",
    "Code",
    "Group",
    "call",
    "either",
    "fitted",
    "flat",
    "prefixed",
    "signature",
    "subscript",
    "suffixed",
    "tuple_of",
]

WIDTH = 88
"""The narrowest line length among the formatters' defaults."""

_INDENT = 4


class Group:
    """Items between brackets. What it is on one line is made with it: each of those around it asks for that.

    Attributes:
        head: text up to and with the opening bracket: `f(`, `name=_c.Column(`.
        items: what stands inside.
        tail: the closing bracket and what follows it.
        lone_comma: whether a single item on one line needs a comma, as in a tuple.
        comma: whether the last of several lines gets one.
        alternatives: whether the items are those of a union, `a | b`, in parentheses only over several lines.
        flat: the code on one line.
    """

    __slots__ = ("alternatives", "comma", "flat", "head", "items", "lone_comma", "tail")

    def __init__(
        self,
        head: str,
        items: tuple[Code, ...],
        tail: str = ")",
        *,
        lone_comma: bool = False,
        comma: bool = True,
        alternatives: bool = False,
    ) -> None:
        self.head, self.items, self.tail = head, items, tail
        self.lone_comma, self.comma, self.alternatives = lone_comma, comma, alternatives
        inside = (" | " if alternatives else ", ").join([flat(item) for item in items])
        self.flat: str = f"{head}{inside}{',' if lone_comma and len(items) == 1 else ''}{tail}"

    def between(self, before: str, after: str) -> Group:
        """The same behind some text and before another."""
        return Group(
            f"{before}{self.head}",
            self.items,
            f"{self.tail}{after}",
            lone_comma=self.lone_comma,
            comma=self.comma,
            alternatives=self.alternatives,
        )


Code: TypeAlias = "str | Group"


def call(function: str, items: Iterable[Code]) -> Group:
    """`function(item, ...)`."""
    return Group(f"{function}(", tuple(items))


def subscript(name: str, items: Iterable[Code]) -> Code:
    """`name[item, ...]`; only the name when there are no items."""
    inside = tuple(items)
    # A comma behind a single item would make a tuple of it.
    return Group(f"{name}[", inside, "]", comma=len(inside) > 1) if inside else name


def tuple_of(items: Iterable[Code]) -> Group:
    """`(item, ...)`."""
    return Group("(", tuple(items), lone_comma=True)


def either(*items: Code) -> Group:
    """`item | ...`."""
    return Group("", items, "", alternatives=True)


def prefixed(text: str, code: Code) -> Code:
    """The code behind some text: `name=code`, `name: code`."""
    return f"{text}{code}" if isinstance(code, str) else code.between(text, "")


def suffixed(code: Code, text: str) -> Code:
    """The code before some text: `code | None`."""
    return f"{code}{text}" if isinstance(code, str) else code.between("", text)


def flat(code: Code) -> str:
    """The code on one line."""
    return code if isinstance(code, str) else code.flat


def fitted(code: Code, indent: int = 0, before: str = "", after: str = "", *, split: bool = False) -> str:
    """The code on one line if it fits there, else over several.

    Args:
        code: what to lay out.
        indent: columns by which the line is indented; the first line is returned without them.
        before: text that precedes the code on its line.
        after: text that follows on its last line.
        split: whether to take several lines even if it fits on one.

    Returns:
        The text with `before` and `after`.
    """
    line = f"{before}{flat(code)}{after}"
    if isinstance(code, str) or not code.items or (not split and _fits(line, WIDTH - indent)):
        return line
    inner = indent + _INDENT
    if code.alternatives:
        bars = ("", *["| "] * (len(code.items) - 1))
        # A comma inside of one keeps the bars on lines of their own.
        pairs = zip(bars, code.items, strict=True)
        items = [f"{' ' * inner}{fitted(item, inner, before=bar, split=True)}" for bar, item in pairs]
        return "\n".join([f"{before}{code.head}(", *items, f"{' ' * indent}){code.tail}{after}"])
    lines = [f"{before}{code.head}"]
    # A single item's comma does not keep it on a line of its own; one inside of it does.
    lone = len(code.items) == 1 and (code.lone_comma or not code.comma)
    comma = "," if code.comma else ""
    lines += [" " * inner + fitted(item, inner, after=comma, split=lone) for item in code.items]
    lines.append(f"{' ' * indent}{code.tail}{after}")
    return "\n".join(lines)


def signature(name: str, parameters: Sequence[Code], returns: Code, indent: int, after: str = ":") -> str:
    """`def name(parameters) -> returns` followed by `after`, laid out."""
    line = f"def {name}({', '.join(map(flat, parameters))}) -> {flat(returns)}{after}"
    if _fits(line, WIDTH - indent) or not parameters:
        return line
    inner = " " * (indent + _INDENT)
    lines = [f"def {name}("]
    lines += [f"{inner}{fitted(parameter, indent + _INDENT, after=',')}" for parameter in parameters]
    lines.append(" " * indent + fitted(returns, indent, before=") -> ", after=after))
    return "\n".join(lines)


def _fits(text: str, room: int) -> bool:
    """Whether a line takes no more columns than there are, as formatters count them: two for wide characters."""
    if text.isascii():
        return len(text) <= room
    for char in text:
        room -= 0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if room < 0:
            return False
    return True
