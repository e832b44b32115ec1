"""Truth values: columns and computed ones. Unlike predicates they may be NULL, and are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypeVar

from isomorph.sql.expressions import Predicate
from isomorph.sql.kinds import Comparable, Computed

__all__ = ["Flagged", "Truthful"]

T = TypeVar("T")


class Flagged(Comparable[T, bool]):
    """A truth value."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _takes(self, value: bool, /) -> None: ...
        def _same(self) -> Truthful[T]: ...
        def _known(self) -> Truthful[bool]: ...
        def _maybe(self) -> Truthful[bool | None]: ...

    def is_true(self) -> Predicate:
        """True where it is true."""
        return self == True  # noqa: E712 - builds SQL

    def is_false(self) -> Predicate:
        """True where it is false (not where it is NULL)."""
        return self == False  # noqa: E712 - builds SQL


class Truthful(Computed[T], Flagged[T]):
    """A computed truth value."""

    __slots__ = ()
