"""Values put together in an order, which SQLite's own aggregates cannot do before version 3.44. Pure; the driver registers it.

The first argument of both functions is the plan, the same for all rows: `distinct` or `all`, then for each key `a` or `d`
(ascending, descending; a capital letter for numbers that are stored as text) and `<` or `>` (NULL first, NULL last).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

__all__ = ["GatheredItems", "GatheredTexts"]

Plain: TypeAlias = "int | float | str | bytes | None"
"""What SQLite knows."""


class _Gathered:
    def __init__(self) -> None:
        self._plan = ""
        self._rows: list[tuple[Plain, tuple[Plain, ...]]] = []

    def _take(self, plan: str, value: Plain, keys: tuple[Plain, ...]) -> None:
        self._plan = plan
        if value is not None:
            self._rows.append((value, keys))

    def _ordered(self) -> list[Plain]:
        kind, *steps = self._plan.split()
        # Sorting is stable, so the last key goes first.
        for position, step in reversed(list(enumerate(steps))):
            descending = step[0] in "dD"
            self._rows.sort(key=_ranked(position, step, descending=descending), reverse=descending)
        values = [value for value, _ in self._rows]
        return list(dict.fromkeys(values)) if kind == "distinct" else values


def _ranked(
    position: int, step: str, *, descending: bool
) -> Callable[[tuple[Plain, tuple[Plain, ...]]], tuple[bool, Plain | Decimal]]:
    null_is_least = (step[1] == "<") != descending
    is_text = step[0].isupper()

    def rank(row: tuple[Plain, tuple[Plain, ...]]) -> tuple[bool, Plain | Decimal]:
        value = row[1][position]
        if value is None:
            return not null_is_least, None
        return null_is_least, Decimal(str(value)) if is_text else value

    return rank


class GatheredTexts(_Gathered):
    """`isomorph_texts(plan, text, separator, key, ...)`: texts with a separator between them; NULL of none."""

    def __init__(self) -> None:
        super().__init__()
        self._separator = ""

    def step(self, plan: str, value: Plain, separator: str, *keys: Plain) -> None:
        self._separator = separator
        self._take(plan, value, keys)

    def finalize(self) -> str | None:
        return self._separator.join(map(str, self._ordered())) if self._rows else None


class GatheredItems(_Gathered):
    """`isomorph_items(plan, value, key, ...)`: a JSON array of values."""

    def step(self, plan: str, value: Plain, *keys: Plain) -> None:
        self._take(plan, value, keys)

    def finalize(self) -> str:
        return json.dumps(self._ordered() if self._rows else [], ensure_ascii=False)
