"""Lays out Python code as a formatter would, so that generated files need none.

What fits on a line stays on it; what does not is written one item per line with a trailing comma, which formatters of any
line length leave as it is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Group:
    """Items between brackets.

    Attributes:
        head: text up to and with the opening bracket: `f(`, `name=_c.Column(`.
        items: what stands inside.
        tail: the closing bracket and what follows it.
        lone_comma: whether a single item on one line needs a comma, as in a tuple.
        comma: whether the last of several lines gets one.
        alternatives: whether the items are those of a union, `a | b`, in parentheses only over several lines.
    """

    head: str
    items: tuple[Code, ...]
    tail: str = ")"
    lone_comma: bool = False
    comma: bool = True
    alternatives: bool = False


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
    return f"{text}{code}" if isinstance(code, str) else replace(code, head=f"{text}{code.head}")


def suffixed(code: Code, text: str) -> Code:
    """The code before some text: `code | None`."""
    return f"{code}{text}" if isinstance(code, str) else replace(code, tail=f"{code.tail}{text}")


def flat(code: Code) -> str:
    """The code on one line."""
    if isinstance(code, str):
        return code
    if code.alternatives:
        return f"{code.head}{' | '.join(map(flat, code.items))}{code.tail}"
    lone = "," if code.lone_comma and len(code.items) == 1 else ""
    return f"{code.head}{', '.join(map(flat, code.items))}{lone}{code.tail}"


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
    room = WIDTH - indent - _width(before) - _width(after)
    if isinstance(code, str) or not code.items or (not split and _left(code, room) >= 0):
        return f"{before}{flat(code)}{after}"
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


def _left(code: Code, room: int) -> int:
    """The columns that are left of some after the code on one line; negative when it does not fit."""
    if isinstance(code, str):
        return room - _width(code)
    between = 3 if code.alternatives else 2
    room -= _width(code.head) + _width(code.tail) + between * max(0, len(code.items) - 1)
    if code.lone_comma and len(code.items) == 1:
        room -= 1
    for item in code.items:
        if room < 0:
            break
        room = _left(item, room)
    return room


def signature(name: str, parameters: Sequence[Code], returns: Code, indent: int, after: str = ":") -> str:
    """`def name(parameters) -> returns` followed by `after`, laid out."""
    line = f"def {name}({', '.join(map(flat, parameters))}) -> {flat(returns)}{after}"
    if indent + _width(line) <= WIDTH or not parameters:
        return line
    inner = " " * (indent + _INDENT)
    lines = [f"def {name}("]
    lines += [f"{inner}{fitted(parameter, indent + _INDENT, after=',')}" for parameter in parameters]
    lines.append(" " * indent + fitted(returns, indent, before=") -> ", after=after))
    return "\n".join(lines)


def _width(text: str) -> int:
    """Columns that a line takes, as formatters count them: two for wide characters."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
