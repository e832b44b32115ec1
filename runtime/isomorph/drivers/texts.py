"""What SQLite lacks for text: case beyond ASCII and regular expressions. Pure; the driver registers it."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["lower", "lpad", "matches", "repeated", "reversed_text", "right", "rpad", "upper"]


def lower(text: str | None) -> str | None:
    """`isomorph_lower`: each letter as its small one."""
    if text is None or text.isascii():
        return text and text.lower()
    return "".join(
        [char.lower()[0] for char in text]
    )  # only of \u0130 are there two characters, the first its small one


def upper(text: str | None) -> str | None:
    """`isomorph_upper`: each letter as its capital, where that is one character: `ß` stays."""
    if text is None or text.isascii():
        return text and text.upper()
    return "".join([_capital(char) for char in text])


def _capital(char: str) -> str:
    # Of Greek letters with a subscript the capital of one character is the one that titles begin with.
    return next((found for found in (char.upper(), char.title()) if len(found) == 1), char)


def right(text: str | None, length: int | None) -> str | None:
    """`isomorph_right`: the last characters."""
    if text is None or length is None:
        return None
    return text[max(len(text) - length, 0) :]


def lpad(text: str | None, length: int | None, fill: str) -> str | None:
    """`isomorph_lpad`: filled up at the start, or cut at the end, to a number of characters."""
    if text is None or length is None:
        return None
    return _filling(fill, length - len(text)) + text[:length]


def rpad(text: str | None, length: int | None, fill: str) -> str | None:
    """`isomorph_rpad`: filled up or cut at the end to a number of characters."""
    if text is None or length is None:
        return None
    return text[:length] + _filling(fill, length - len(text))


def _filling(fill: str, length: int) -> str:
    return (fill * (length // len(fill) + 1))[:length] if length > 0 else ""


def repeated(text: str | None, times: int | None) -> str | None:
    """`isomorph_repeat`: the text so many times."""
    return None if text is None or times is None else text * times


def reversed_text(text: str | None) -> str | None:
    """`isomorph_reverse`: the characters in reverse order."""
    return None if text is None else text[::-1]


def matches(pattern: str, text: str | None) -> bool | None:
    """`text REGEXP pattern`: whether the pattern is found in the text."""
    return None if text is None else _compiled(pattern).search(text) is not None


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
