"""Full-text search: what every dialect has to say, in pieces. Pure text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from isomorph.dataclassing import dataclass
from isomorph.dialects.standard.documents import Given

__all__ = ["FullTextRules", "Pieces", "Search"]

Pieces: TypeAlias = "tuple[str | int | Given, ...]"
"""Text, positions of the texts that are searched, and bound values."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for.

    Attributes:
        words: one or more, of letters and digits only.
        phrase: whether they have to follow one another.
        language: the name of a text search configuration; None for words as they are. An identifier.
        is_prepared: whether what is searched are prepared words rather than text.
    """

    words: Sequence[str]
    phrase: bool
    language: str | None
    is_prepared: bool


class FullTextRules:
    """How a dialect searches texts for words."""

    def match(self, texts: int, search: Search) -> Pieces:
        """A condition: whether all words are found, in one or several texts.

        Args:
            texts: how many texts are searched.
            search: what for.
        """
        raise NotImplementedError

    def relevance(self, texts: int, search: Search) -> Pieces:
        """How well they match, as a float: more is better."""
        raise NotImplementedError
