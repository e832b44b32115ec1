"""Spans of time: differences of moments, and what is added to them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, cast, overload

from typing_extensions import TypeVar

from isomorph.catalog import ColumnType, Kind
from isomorph.errors import InvalidQuery
from isomorph.sql.arithmetic import BIGINT, DOUBLE
from isomorph.sql.calls import Call
from isomorph.sql.codecs import codec_for
from isomorph.sql.expressions import Expression
from isomorph.sql.kinds import Computed, Ordered, Summable
from isomorph.sql.numbers import Floating, Integer

__all__ = ["INTERVAL", "Span", "Spanned"]

T = TypeVar("T")

INTERVAL = codec_for(ColumnType(Kind.INTERVAL))


class Spanned(Ordered[T, dt.timedelta], Summable[T]):
    """A span of time: can also be added, and counted in seconds and days."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _takes(self, value: dt.timedelta, /) -> None: ...
        def _same(self) -> Span[T]: ...
        def _known(self) -> Span[dt.timedelta]: ...
        def _maybe(self) -> Span[dt.timedelta | None]: ...

    @overload
    def __add__(self, other: dt.timedelta | Expression[dt.timedelta]) -> Span[T]: ...
    @overload
    def __add__(self, other: Expression[dt.timedelta | None]) -> Span[T | None]: ...
    def __add__(self, other: object) -> Any:
        return self._calculated("add", self, self._beside(other))

    def __radd__(self, other: dt.timedelta) -> Span[T]:
        return self._calculated("add", self._beside(other), self)

    @overload
    def __sub__(self, other: dt.timedelta | Expression[dt.timedelta]) -> Span[T]: ...
    @overload
    def __sub__(self, other: Expression[dt.timedelta | None]) -> Span[T | None]: ...
    def __sub__(self, other: object) -> Any:
        return self._calculated("subtract", self, self._beside(other))

    def __rsub__(self, other: dt.timedelta) -> Span[T]:
        return self._calculated("subtract", self._beside(other), self)

    def __neg__(self) -> Span[T]:
        return Span(Call[Any]("negate", (self,), INTERVAL), INTERVAL)

    @overload
    def total_seconds(self: Spanned[dt.timedelta]) -> Floating[float]: ...
    @overload
    def total_seconds(self: Spanned[dt.timedelta | None]) -> Floating[float | None]: ...
    def total_seconds(self) -> Any:
        """The span in seconds."""
        return Floating[Any](Call[Any]("total_seconds", (self,), DOUBLE), DOUBLE)

    @overload
    def days(self: Spanned[dt.timedelta]) -> Integer[int]: ...
    @overload
    def days(self: Spanned[dt.timedelta | None]) -> Integer[int | None]: ...
    def days(self) -> Any:
        """The whole days of the span, rounded down as `timedelta.days` is: -1 for minus one hour."""
        return Integer[Any](Call[Any]("days", (self,), BIGINT), BIGINT)

    def _calculated(self, name: str, left: Expression[Any], right: Expression[Any]) -> Span[Any]:
        return Span(Call[Any](name, (left, right), INTERVAL), INTERVAL)

    def _beside(self, other: object) -> Expression[Any]:
        if other is None:
            raise InvalidQuery(f"{self._where()}: nothing is added to or taken from None", "use coalesce()")
        return cast("Expression[Any]", self._operand(other))


class Span(Computed[T], Spanned[T]):
    """A computed span of time."""

    __slots__ = ()
