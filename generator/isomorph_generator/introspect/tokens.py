"""SQL as a row of tokens, so that texts are compared by what they say and not by their spaces and quotes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Token", "closing", "same_text", "split", "tokens", "without_parentheses"]

_SHAPES = r"""
      (?P<space>\s+|--[^\n]*|/\*.*?\*/)
    | (?P<string>[xXbBeEnN]?'(?:{inside}|'')*')
    | (?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\W\d][^\]',:(]*\])
    | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
    | (?P<word>[^\W\d][\w$]*)
    | (?P<sign>::|<=|>=|<>|!=|\|\||<<|>>|==|->>|->|<=>|.)
"""
_PLAIN, _ESCAPED = (
    re.compile(_SHAPES.replace("{inside}", inside), re.VERBOSE | re.DOTALL) for inside in ("[^']", r"[^'\\]|\\.")
)


@dataclass(frozen=True, slots=True)
class Token:
    """A token: `kind` is string, quoted, number, word or sign; `start` and `end` are its place in the text."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """In upper case, when it is a word without quotes; empty otherwise."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def name(self) -> str:
        """As an identifier: without its quotes."""
        if self.kind == "quoted" or (self.kind == "string" and self.text[0] == "'"):
            quote = self.text[-1]
            body = self.text[1:-1]
            return body if quote == "]" else body.replace(quote * 2, quote)
        return self.text

    @property
    def normal(self) -> str:
        """The same for all spellings of one thing: names without needless quotes, words in lower case."""
        if self.kind == "quoted":
            return re.sub(r"\A([a-z_]\w*)\Z", r"\1", self.name.lower(), flags=re.ASCII)
        return self.text.lower() if self.kind == "word" else self.text


def tokens(text: str, *, escapes: bool = False) -> list[Token]:
    """The tokens of a text, without spaces and comments.

    Args:
        text: SQL.
        escapes: whether a backslash in a string is an escape (MySQL).
    """
    return [
        Token(match.lastgroup or "", match[0], match.start(), match.end())
        for match in (_ESCAPED if escapes else _PLAIN).finditer(text)
        if match.lastgroup != "space"
    ]


def same_text(text: str) -> str:
    """A normal form of an SQL text: one space between tokens, names without needless quotes."""
    return " ".join(token.normal for token in tokens(text))


def closing(found: Sequence[Token], opening: int) -> int:
    """The place of the parenthesis that closes the one at `opening`; the last place when none does."""
    depth = 0
    for place in range(opening, len(found)):
        depth += {"(": 1, ")": -1}.get(found[place].text, 0)
        if depth == 0:
            return place
    return len(found) - 1


def split(found: Iterable[Token]) -> list[list[Token]]:
    """The parts between the commas that stand in no parentheses."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in found:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.text == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def without_parentheses(text: str, *, escapes: bool = False) -> str:
    """A text without the parentheses that enclose all of it."""
    text = text.strip()
    while True:
        found = tokens(text, escapes=escapes)
        if len(found) < 2 or found[0].text != "(" or closing(found, 0) != len(found) - 1:
            return text
        text = text[found[0].end : found[-1].start].strip()
