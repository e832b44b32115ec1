"""Full-text search for SQLite: a text is read word by word. Pure; the driver registers it."""

from __future__ import annotations

import json
import re
from functools import lru_cache

__all__ = ["relevance"]

_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=64)
def _wanted(words: str) -> tuple[str, ...]:
    return tuple([word.lower() for word in json.loads(words)])


def relevance(text: str | None, words: str, phrase: int) -> float:
    """`isomorph_relevance`: which share of the text the words are; 0 unless all are there.

    Args:
        text: where they are looked for.
        words: a JSON array of them.
        phrase: whether they have to follow one another.
    """
    if not text:
        return 0.0
    found = [word.lower() for word in _WORD.findall(text)]
    wanted = _wanted(words)
    if phrase:
        size = len(wanted)
        times = sum(tuple(found[at : at + size]) == wanted for at in range(len(found) - size + 1))
        return times * size / len(found) if found else 0.0
    counts = [found.count(word) for word in wanted]
    return sum(counts) / len(found) if found and all(counts) else 0.0
