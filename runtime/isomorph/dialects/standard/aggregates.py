"""How aggregates are spelled: standard SQL, and the forms in which a dialect says where it differs. Pure text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from isomorph.dataclassing import dataclass

__all__ = ["TRUTHS", "Aggregation", "pieces_of"]


@dataclass(frozen=True, slots=True)
class Aggregation:
    """The spelling of an aggregate: `before name(operand) filter window behind`.

    Attributes:
        name: the database's function.
        operand: text before and behind the operand.
        result: text before the call, and behind it with its FILTER and OVER.
    """

    name: str
    operand: tuple[str, str] = ("", "")
    result: tuple[str, str] = ("", "")


TRUTHS: Mapping[str, str] = {"EVERY": "MIN", "SOME": "MAX"}
"""What conditions are aggregated by where they are numbers, 0 and 1."""

_PLACE = re.compile(r"\{(\w+)\}")


def pieces_of(template: str) -> tuple[str, ...]:
    """A template such as `STRING_AGG({value}, {separator} ORDER BY {orders})`: text, name of a place, text, and so on."""
    return tuple(_PLACE.split(template))
