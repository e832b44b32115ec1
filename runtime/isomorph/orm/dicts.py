"""Rows as dicts, without a call for each row where rows are as narrow as most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

__all__ = ["dicts_of"]

_Dicts = list[dict[str, object]]
_Rows = Iterable[tuple[Any, ...]]


def dicts_of(names: Sequence[str], rows: _Rows) -> _Dicts:
    """Rows as dicts, each with its values under these names."""
    make = _BY_WIDTH.get(len(names))
    if make is None:
        return [dict(zip(names, row, strict=True)) for row in rows]
    return make(rows, *names)


# A display of names that are known is made in a third of the time that a dict of pairs takes.
_BY_WIDTH: Mapping[int, Callable[..., _Dicts]] = {
    1: lambda rows, a: [{a: t} for (t,) in rows],
    2: lambda rows, a, b: [{a: t, b: u} for t, u in rows],
    3: lambda rows, a, b, c: [{a: t, b: u, c: v} for t, u, v in rows],
    4: lambda rows, a, b, c, d: [{a: t, b: u, c: v, d: w} for t, u, v, w in rows],
    5: lambda rows, a, b, c, d, e: [{a: t, b: u, c: v, d: w, e: x} for t, u, v, w, x in rows],
    6: lambda rows, a, b, c, d, e, f: [{a: t, b: u, c: v, d: w, e: x, f: y} for t, u, v, w, x, y in rows],
    7: lambda rows, a, b, c, d, e, f, g: [{a: t, b: u, c: v, d: w, e: x, f: y, g: z} for t, u, v, w, x, y, z in rows],
}
