"""Outlines: all that the text of a statement depends on, with its values apart. Equal outlines have equal texts.

Owns which texts are kept, so that a statement that differs in its values only is not written again. Nodes that stand in
common statements say their outline by a method beside the one that writes them; a statement with any other is written anew.

What a node adds begins with what only its kind begins with, which tells how much belongs to it: so no two nodes add the same
unless they write the same.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from isomorph.dialects.base import Dialect

__all__ = ["MOST", "TEXTS", "Outline", "keep"]

MOST = 1_000
"""How many texts are kept."""

TEXTS: dict[tuple[Hashable, ...], str] = {}
"""Texts by the parts of their outlines."""


class Outline:
    """What a walk through a statement gathers.

    Attributes:
        dialect: the dialect spoken.
        name: its name.
        parts: what the text depends on.
        parameters: the values, converted for the driver, in the order of their placeholders.
    """

    __slots__ = ("dialect", "name", "parameters", "parts")

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.name = dialect.name
        self.parts: list[Hashable] = []
        self.parameters: list[object] = []


def keep(parts: tuple[Hashable, ...], text: str) -> None:
    """Keep the text of an outline; all others are forgotten when there are too many."""
    if len(TEXTS) >= MOST:
        TEXTS.clear()
    TEXTS[parts] = text
