"""Templates: how a dialect spells a function, as a text with places for its arguments.

`{0}` is the first argument, `{*}` all of them separated by commas, `{1*}` those from the second on, `{*: || }` all
separated by ` || `.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

from isomorph.catalog import Kind
from isomorph.dataclassing import dataclass

__all__ = ["Spread", "Template", "Templates", "parsed"]


@dataclass(frozen=True, slots=True)
class Spread:
    """The place of all arguments from `start` on."""

    start: int = 0
    separator: str = ", "


Template: TypeAlias = "tuple[str | int | Spread, ...]"
"""Text, positions of arguments, and places for several."""

Templates: TypeAlias = "Mapping[str | tuple[str, Kind], str]"
"""Texts of templates by the name of the function, or by name and kind of the first argument where that matters."""

_PLACE = re.compile(r"\{(\d*)(\*?)(?::([^}]*))?\}")


def parsed(*tables: Templates, literal_percent: bool) -> dict[str | tuple[str, Kind], Template]:
    """Tables of templates as one, ready to be written; later tables win.

    Args:
        tables: texts by function.
        literal_percent: whether a percent sign stands for itself in the dialect's statements; doubled where not.
    """
    found: dict[str | tuple[str, Kind], Template] = {}
    for table in tables:
        for name, text in table.items():
            found[name] = _parsed(text if literal_percent else text.replace("%", "%%"))
    return found


def _parsed(text: str) -> Template:
    pieces: list[str | int | Spread] = []
    position = 0
    for place in _PLACE.finditer(text):
        pieces.append(text[position : place.start()])
        number, star, separator = place.groups()
        if star:
            pieces.append(Spread(int(number or 0), ", " if separator is None else separator))
        else:
            pieces.append(int(number))
        position = place.end()
    pieces.append(text[position:])
    return tuple(piece for piece in pieces if piece != "")
