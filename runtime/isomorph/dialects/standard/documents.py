"""How parts of JSON documents are spelled: what every dialect has to say, in pieces. Pure text.

A path is keys of objects (str) and places in arrays (int, from the end when negative). A key of an array, or a place in
an object, is nowhere. Keys travel as bound values, never as text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import Enum, auto
from typing import TypeAlias

from isomorph.dataclassing import dataclass

__all__ = ["DOCUMENT", "VALUE", "DocumentRules", "Given", "Path", "Piece", "Pieces", "encoded", "ends_of", "holders"]

Path: TypeAlias = "tuple[str | int, ...]"


class _Place(Enum):
    DOCUMENT = auto()
    VALUE = auto()


DOCUMENT = _Place.DOCUMENT
"""The place of the document."""

VALUE = _Place.VALUE
"""The place of a value that is put into it."""


@dataclass(frozen=True, slots=True)
class Given:
    """A value that is bound."""

    value: object


Piece: TypeAlias = "str | Given | _Place"
Pieces: TypeAlias = "tuple[Piece, ...]"

encoded = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
"""A document as its shortest text."""


class DocumentRules:
    """How a dialect reads and changes documents. All but conditions are NULL where there is nothing at the path."""

    def part(self, path: Path) -> Pieces:
        """What is at a path, as JSON."""
        raise NotImplementedError

    def string(self, path: Path) -> Pieces:
        """A string as text; NULL for anything else."""
        raise NotImplementedError

    def integer(self, path: Path) -> Pieces:
        """A number written without point and exponent, of at most 64 bits; NULL for anything else."""
        raise NotImplementedError

    def number(self, path: Path) -> Pieces:
        """A number as a float; NULL for anything else."""
        raise NotImplementedError

    def truth(self, path: Path) -> Pieces:
        """A truth value; NULL for anything else."""
        raise NotImplementedError

    def type_of(self, path: Path) -> Pieces:
        """`object`, `array`, `string`, `number`, `boolean` or `null`."""
        raise NotImplementedError

    def length(self, path: Path) -> Pieces:
        """The number of items of an array or keys of an object; NULL for anything else."""
        raise NotImplementedError

    def contains(self, path: Path, candidate: object) -> Pieces:
        """A condition: whether it contains a document."""
        raise NotImplementedError

    def equals(self, path: Path, other: Piece) -> Pieces:
        """A condition: whether it is a document."""
        raise NotImplementedError

    def put(self, path: Path) -> Pieces:
        """The document with the value at a path; unchanged where what is around it is missing."""
        raise NotImplementedError

    def removed(self, path: Path) -> Pieces:
        """The document without what is at a path."""
        raise NotImplementedError

    def given(self, text: str) -> Pieces:
        """A bound document as a value to put."""
        raise NotImplementedError

    def computed(self, family: str) -> Pieces:
        """A computed value (in the place of VALUE) as one to put; NULL as JSON's null.

        Args:
            family: what it holds: `number`, `text`, `truth` or `document`.
        """
        raise NotImplementedError


def holders(path: Path) -> Sequence[tuple[Path, str]]:
    """The path of what holds each step of a path, and whether that has to be an object or an array."""
    return [(path[:depth], "object" if isinstance(step, str) else "array") for depth, step in enumerate(path)]


def ends_of(path: Path, places: Sequence[int]) -> list[Path]:
    """The paths of what a path takes for arrays and asks for one of certain places of.

    Databases that take a scalar for an array of it have to be asked first whether there is one.
    """
    return [holder for holder, kind in holders(path) if kind == "array" and path[len(holder)] in places]
