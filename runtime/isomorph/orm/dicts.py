"""Rows as dicts, without a call for each row where rows are as narrow as most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

__all__ = ["dicts_of"]

_Dicts = list[dict[str, object]]
_Rows = Iterable[Any]


def dicts_of(names: Sequence[str], rows: Iterable[tuple[object, ...]]) -> list[dict[str, object]]:
    """Rows as dicts, each with its values under these names."""
    if 0 < len(names) <= len(_BY_WIDTH):
        return _BY_WIDTH[len(names) - 1](rows, *names)
    return [dict(zip(names, row, strict=True)) for row in rows]


# A display of so many names is made in a third of the time that a dict of pairs takes.


def _one(rows: _Rows, a: str) -> _Dicts:
    return [{a: z} for (z,) in rows]


def _two(rows: _Rows, a: str, b: str) -> _Dicts:
    return [{a: y, b: z} for y, z in rows]


def _three(rows: _Rows, a: str, b: str, c: str) -> _Dicts:
    return [{a: x, b: y, c: z} for x, y, z in rows]


def _four(rows: _Rows, a: str, b: str, c: str, d: str) -> _Dicts:
    return [{a: w, b: x, c: y, d: z} for w, x, y, z in rows]


def _five(rows: _Rows, a: str, b: str, c: str, d: str, e: str) -> _Dicts:
    return [{a: v, b: w, c: x, d: y, e: z} for v, w, x, y, z in rows]


def _six(rows: _Rows, a: str, b: str, c: str, d: str, e: str, f: str) -> _Dicts:
    return [{a: u, b: v, c: w, d: x, e: y, f: z} for u, v, w, x, y, z in rows]


def _seven(rows: _Rows, a: str, b: str, c: str, d: str, e: str, f: str, g: str) -> _Dicts:
    return [{a: t, b: u, c: v, d: w, e: x, f: y, g: z} for t, u, v, w, x, y, z in rows]


_BY_WIDTH: Sequence[Callable[..., _Dicts]] = (_one, _two, _three, _four, _five, _six, _seven)
