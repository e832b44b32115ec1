r"""Regular expressions that mean the same to every engine: a small subset, and how each engine spells it. Pure.

Literal characters; `.` for any but a line break; classes `[a-z]`, `[^,;]`; `\d`, `\w`, `\s` and their opposites, of
ASCII; groups `(...)`, alternatives `|`; quantifiers `* + ? {2} {2,} {2,5}`; `^` and `$` for start and end of the whole
text. A pattern is searched for: what has to match the whole text begins with `^` and ends with `$`.
"""

from __future__ import annotations

import enum
import re
from functools import lru_cache

__all__ = ["Engine", "InvalidPattern", "check", "spelled"]


class Engine(enum.Enum):
    """Who reads a pattern."""

    PYTHON = "re"
    RUST = "pydantic's own"
    POSIX = "PostgreSQL's advanced regular expressions"
    PERL = "PCRE of MariaDB, ICU of MySQL"


_ENDS = {Engine.PYTHON: r"\Z", Engine.RUST: "$", Engine.POSIX: "$", Engine.PERL: r"\z"}
"""The end of the text: to some a `$` is also before a line break there."""


class InvalidPattern(ValueError):
    """A text that is no pattern of the subset: where (index of a character), what, how to mend it."""

    def __init__(self, index: int, problem: str, hint: str) -> None:
        super().__init__(index, problem, hint)
        self.index, self.problem, self.hint = index, problem, hint


def check(pattern: str) -> None:
    """Judge a pattern.

    Raises:
        InvalidPattern: it is none of the subset.
    """
    _read(pattern)


def spelled(pattern: str, engine: Engine) -> str:
    """A pattern as an engine takes it.

    Raises:
        InvalidPattern: it is none of the subset.
    """
    end = _ENDS[engine]
    return "".join(end if piece is None else piece for piece in _read(pattern))


_ANY = r"[^\n]"
_WORDS = {"d": "0-9", "w": "A-Za-z0-9_", "s": r" \t\n\r\f"}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_SPECIAL = frozenset("\\.^$*+?{}[]()|")
_SPECIAL_IN_CLASS = frozenset("\\[]^-&~|.:=")
_QUANTIFIER = re.compile(r"[*+?]|\{([0-9]+)(?:(,)([0-9]*))?\}")
_MOST_REPEATS = 255
"""The largest bound that PostgreSQL takes (its manual, Regular Expression Details)."""
_DEEPEST = 50


@lru_cache(maxsize=1024)
def _read(pattern: str) -> tuple[str | None, ...]:
    """A pattern in pieces that all engines share; None for the end of the text."""
    reader = _Reader(pattern)
    pieces = reader.alternatives()
    if reader.at < len(pattern):
        raise InvalidPattern(reader.at, '")" closes no group', r"write \) for the character")
    return tuple(pieces)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._depth = 0
        self.at = 0

    def _next(self) -> str:
        return self._text[self.at : self.at + 1]

    def alternatives(self) -> list[str | None]:
        """What stands between parentheses, or the whole."""
        pieces = self._alternative()
        while self._next() == "|":
            self.at += 1
            pieces += ["|", *self._alternative()]
        return pieces

    def _alternative(self) -> list[str | None]:
        start = self.at
        pieces: list[str | None] = []
        while (char := self._next()) and char not in "|)":
            if char == "^":
                if self.at > start:
                    raise InvalidPattern(self.at, '"^" stands in the middle', r"write \^ for the character")
                pieces.append("^")
                self.at += 1
            elif char == "$":
                self.at += 1
                if self._next() not in ("", "|", ")"):
                    raise InvalidPattern(self.at - 1, '"$" stands in the middle', r"write \$ for the character")
                pieces.append(None)
            else:
                pieces += [*self._atom(char), self._quantifier()]
        if self.at == start:
            raise InvalidPattern(self.at, "nothing to match here", "write what has to be there")
        return pieces

    def _atom(self, char: str) -> list[str | None]:
        if char == "(":
            return self._group()
        if char == "[":
            return [self._class()]
        if char == "\\":
            return [self._escape()]
        if char not in "*+?{.}]":
            return [self._character(frozenset())]
        self.at += 1
        if char in "*+?{":
            what = f'"{char}" repeats nothing'
            raise InvalidPattern(self.at - 1, what, f"put it behind what repeats, or write \\{char} for the character")
        if char in "}]":
            raise InvalidPattern(self.at - 1, f'"{char}" closes nothing', f"write \\{char} for the character")
        return [_ANY]

    def _group(self) -> list[str | None]:
        start = self.at
        self.at += 1
        if self._text.startswith("?:", self.at):
            self.at += 2
        elif self._next() == "?":
            raise InvalidPattern(start, "groups with a meaning of their own are not portable", "write (...) or (?:...)")
        self._depth += 1
        if self._depth > _DEEPEST:
            raise InvalidPattern(start, "groups are nested too deeply", "split the pattern")
        pieces = self.alternatives()
        self._depth -= 1
        if self._next() != ")":
            raise InvalidPattern(start, "the group has no end", 'close it with ")"')
        self.at += 1
        return ["(?:", *pieces, ")"]

    def _escape(self) -> str:
        """An escape outside of classes."""
        char = self._text[self.at + 1 : self.at + 2]
        if char.lower() in _WORDS:
            self.at += 2
            return f"[{'^' if char.isupper() else ''}{_WORDS[char.lower()]}]"
        return self._character(_SPECIAL)

    def _character(self, special: frozenset[str]) -> str:
        """One character, in or outside of a class, escaped where engines would take it for more."""
        start, char = self.at, self._next()
        self.at += 1
        if char == "\0":
            raise InvalidPattern(start, "a NUL character", "no text of a database holds one")
        if char != "\\":
            return f"\\{char}" if char in special else char
        char = self._next()
        self.at += 1
        if char in _CONTROLS:
            return f"\\{char}"
        if not char or char.isalnum() or not char.isascii():
            raise InvalidPattern(start, f'"\\{char}" means something else elsewhere', "see what patterns may say")
        return f"\\{char}" if char in special else char

    def _class(self) -> str:
        start = self.at
        self.at += 1
        negated = self._next() == "^"
        self.at += negated
        items: list[str] = []
        while (char := self._next()) != "]":
            if not char:
                raise InvalidPattern(start, "the class has no end", 'close it with "]"')
            if char == "[":
                raise InvalidPattern(self.at, '"[" within a class', r"write \[ for the character")
            items.append(self._class_item())
        if not items:
            raise InvalidPattern(start, "the class holds nothing", r"write \[ for the character")
        self.at += 1
        return f"[{'^' if negated else ''}{''.join(items)}]"

    def _class_item(self) -> str:
        start = self.at
        if self._next() == "\\" and (word := self._text[self.at + 1 : self.at + 2]) in _WORDS:
            self.at += 2
            return _WORDS[word]
        first = self._character(_SPECIAL_IN_CLASS)
        if self._next() != "-" or self._text[self.at + 1 : self.at + 2] in ("]", ""):
            return first
        self.at += 1
        last = self._character(_SPECIAL_IN_CLASS)
        if _code(first) > _code(last):
            raise InvalidPattern(start, "the range ends before it begins", "turn it round")
        return f"{first}-{last}"

    def _quantifier(self) -> str:
        start = self.at
        match = _QUANTIFIER.match(self._text, start)
        if match is None:
            return ""
        self.at = match.end()
        if self._next() in ("*", "+", "?", "{"):
            hint = "one quantifier each; lazy and possessive ones find the same texts"
            raise InvalidPattern(self.at, f'"{self._next()}" behind a quantifier', hint)
        least, comma, most = match.groups()
        if least is None:
            return match[0]
        bounds = [int(bound) for bound in (least, most) if bound]
        if max(bounds) > _MOST_REPEATS:
            raise InvalidPattern(start, f"more than {_MOST_REPEATS} repeats", "use `max` for the length of a text")
        if bounds != sorted(bounds):
            raise InvalidPattern(start, "the most repeats are fewer than the least", "turn them round")
        return f"{{{bounds[0]}{comma or ''}{bounds[1] if most else ''}}}"


def _code(character: str) -> int:
    """The code point of a character as `_character` gives it."""
    escaped = character.removeprefix("\\") or character
    return ord(_CONTROLS.get(escaped, escaped) if len(character) > 1 else character)
