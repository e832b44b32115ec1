"""Frames of windows: which rows around a row a window function sees.

Owns what is a frame at all, and what a dialect lacks of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar, Literal, TypeAlias

from isomorph.catalog import NUMBERS, Kind
from isomorph.dataclassing import dataclass
from isomorph.errors import InvalidQuery, InvalidValue, NotSupported
from isomorph.sql.codecs import Codec
from isomorph.sql.expressions import Order
from isomorph.sql.writer import Writer

__all__ = ["CURRENT_ROW", "Distance", "Edge", "Frame", "Groups", "Range", "Rows", "following", "preceding"]

Distance: TypeAlias = "int | float | Decimal | dt.timedelta"
"""How far an edge is from the row: rows or groups of equal rows, or a difference of what is ordered by."""

_MOST_ROWS = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a frame begins or ends, seen from the row: see `preceding`, `following` and `CURRENT_ROW`.

    Attributes:
        side: -1 before the row, 0 at it, 1 behind it.
        distance: how far; None for as far as there are rows.
    """

    side: Literal[-1, 0, 1]
    distance: Distance | None = None

    @property
    def position(self) -> float:
        """Its place on a line on which the row is 0; of distances that cannot be compared, only the side."""
        if self.side == 0:
            return 0.0
        if self.distance is None:
            return self.side * float("inf")
        distance = self.distance.total_seconds() if isinstance(self.distance, dt.timedelta) else float(self.distance)
        return self.side * distance


CURRENT_ROW = Edge(0)
"""The row itself; in `Range` and `Groups` with those that are equal to it by the order."""


def preceding(distance: Distance | None = None) -> Edge:
    """So far before the row; without a distance, from the first row on."""
    return Edge(-1, _checked_distance(distance, "preceding()"))


def following(distance: Distance | None = None) -> Edge:
    """So far behind the row; without a distance, to the last row."""
    return Edge(1, _checked_distance(distance, "following()"))


def _checked_distance(distance: Distance | None, where: str) -> Distance | None:
    if distance is None:
        return None
    if isinstance(distance, bool) or not isinstance(distance, int | float | Decimal | dt.timedelta):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValue(where, "a number or a timedelta", type(distance).__name__)
    if isinstance(distance, dt.timedelta):
        is_right = distance >= dt.timedelta()
    else:
        is_right = distance == distance and 0 <= distance < float("inf")  # noqa: PLR0124 - not a NaN
    if not is_right:
        raise InvalidValue(where, "a distance of 0 or more", "another")
    return distance


class Frame:
    """Which rows around the row a window function sees.

    Attributes:
        start: the first.
        end: the last.
        exclude: those left out again.
    """

    __slots__ = ("end", "exclude", "start")

    unit: ClassVar[str]

    def __init__(
        self,
        start: Edge,
        end: Edge = CURRENT_ROW,
        *,
        exclude: Literal["current row", "group", "ties"] | None = None,
    ) -> None:
        """Say which rows.

        Args:
            start: the first, such as `preceding(3)`, `preceding()` or `CURRENT_ROW`.
            end: the last.
            exclude: leave out the row itself, it and those equal to it by the order, or only these (not on MySQL).

        Raises:
            InvalidValue: the end lies before the start, or a distance that is none here.
        """
        where = f"{type(self).__name__}()"
        for edge in (start, end):
            if not isinstance(edge, Edge):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
                raise InvalidValue(where, "preceding(), following() or CURRENT_ROW", type(edge).__name__)
            self._check(edge, where)
        if start.position > end.position or start == Edge(1) or end == Edge(-1):
            raise InvalidValue(where, "a start before its end", "one behind it")
        if exclude not in (None, "current row", "group", "ties"):
            raise InvalidValue(where, "exclude of current row, group or ties", "something else")
        self.start, self.end, self.exclude = start, end, exclude

    def _check(self, edge: Edge, where: str) -> None:
        distance = edge.distance
        if distance is not None and (type(distance) is not int or distance > _MOST_ROWS):
            raise InvalidValue(where, f"distances of 0 to {_MOST_ROWS} rows", type(distance).__name__)

    def write(self, out: Writer, orders: Sequence[Order]) -> None:
        """Write it as the end of a window.

        Raises:
            NotSupported: the dialect has no such frames.
            InvalidQuery: it needs an order that is not there.
        """
        self._check_dialect(out, orders)
        out.parts.append(f" {self.unit} BETWEEN ")
        self._write_edge(out, self.start, orders)
        out.parts.append(" AND ")
        self._write_edge(out, self.end, orders)
        if self.exclude is not None:
            out.parts.append(f" EXCLUDE {self.exclude.upper()}")

    def _check_dialect(self, out: Writer, orders: Sequence[Order]) -> None:
        del orders
        if self.exclude is not None and not out.dialect.sql.has_wide_frames:
            raise NotSupported("EXCLUDE in a frame", out.name, "take the row's own value away from the result")

    def _write_edge(self, out: Writer, edge: Edge, orders: Sequence[Order]) -> None:
        if edge.side == 0:
            out.parts.append("CURRENT ROW")
            return
        if edge.distance is None:
            out.parts.append("UNBOUNDED")
        else:
            out.bind(edge.distance, self._codec_of(orders))
        out.parts.append(" PRECEDING" if edge.side < 0 else " FOLLOWING")

    def _codec_of(self, orders: Sequence[Order]) -> Codec | None:
        del orders
        return None


class Rows(Frame):
    """A frame counted in rows: `Rows(preceding(2))` is a row and the two before it."""

    __slots__ = ()
    unit = "ROWS"


class Groups(Frame):
    """A frame counted in groups of rows that are equal by the order; not on MySQL and MariaDB."""

    __slots__ = ()
    unit = "GROUPS"

    def _check_dialect(self, out: Writer, orders: Sequence[Order]) -> None:
        if not out.dialect.sql.has_wide_frames:
            raise NotSupported("frame counted in groups", out.name, "number the groups by dense_rank() in a subquery")
        if not orders:
            raise InvalidQuery("a frame counted in groups of a window without an order", "say order_by=...")
        super()._check_dialect(out, orders)


class Range(Frame):
    """A frame by distance of what is ordered by: `Range(preceding(10))` over an age is all at most ten years younger.

    With a distance the window has one order, over a number; on PostgreSQL also over a time, with a timedelta.
    """

    __slots__ = ()
    unit = "RANGE"

    def _check(self, edge: Edge, where: str) -> None:
        pass  # any distance

    def _check_dialect(self, out: Writer, orders: Sequence[Order]) -> None:
        super()._check_dialect(out, orders)
        if self.start.distance is None and self.end.distance is None:
            return
        if len(orders) != 1:
            raise InvalidQuery("a frame by distance of a window with another number of orders than one", "order by one")
        codec = orders[0].expression._codec()
        kind = None if codec is None else codec.type.kind
        if kind in out.dialect.sql.ranged:
            return
        if kind in _RANGED:
            raise NotSupported(f"frame by distance of {kind}", out.name, "count rows, or compute it in Python")
        raise InvalidQuery(f"a frame by distance of {orders[0].expression._where()}", "order by a number or a time")

    def _codec_of(self, orders: Sequence[Order]) -> Codec | None:
        codec = orders[0].expression._codec()
        return None if codec is None or codec.type.kind not in NUMBERS else codec


_RANGED = NUMBERS | {Kind.DATE, Kind.TIME, Kind.DATETIME, Kind.TIMESTAMPTZ}
