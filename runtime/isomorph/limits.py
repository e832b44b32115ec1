"""How much untyped input may bring: the one place for limits on lists and documents.

They keep what a client sends from costing more than it is worth, and hold for typed calls, too: nobody can see any more
where a list came from. What is beyond one raises `LimitExceeded`, before anything is sent.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sized
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import TypeVar, cast

from isomorph.dataclassing import dataclass
from isomorph.errors import InvalidValue, LimitExceeded

__all__ = ["Limits", "configure", "current", "listed", "override"]

T = TypeVar("T")

_SIZED = frozenset({list, tuple, set, range})


@dataclass(frozen=True, slots=True)
class Limits:
    """What is accepted at most.

    Attributes:
        in_list: values in a list to compare with (`in_`, `not_in`) or of keys (`find_many`).
        json_depth: levels of dicts and lists in a document, the outermost being the first. MariaDB reads no more than 31.
        json_bytes: bytes of a document as its shortest text.
        order_by: names in an `order_by_untyped`.
        per_page: rows on a page.
    """

    in_list: int = 1_000_000
    json_depth: int = 31
    json_bytes: int = 16 * 1024 * 1024
    order_by: int = 16
    per_page: int = 1_000

    def __post_init__(self) -> None:
        for name in ("in_list", "json_depth", "json_bytes", "order_by", "per_page"):
            value: object = getattr(self, name)
            if type(value) is not int or value < 1:
                got = type(value).__name__ if type(value) is not int else "less"
                raise InvalidValue(f"limits.{name}", "an int of 1 or more", got)


_current = Limits()


def current() -> Limits:
    """The limits that hold now."""
    return _current


def configure(
    *,
    in_list: int | None = None,
    json_depth: int | None = None,
    json_bytes: int | None = None,
    order_by: int | None = None,
    per_page: int | None = None,
) -> Limits:
    """Set limits for the whole process, at its start; those left out stay as they are.

    Returns:
        The limits that held before.

    Raises:
        InvalidValue: a limit below 1.
    """
    given = {
        "in_list": in_list,
        "json_depth": json_depth,
        "json_bytes": json_bytes,
        "order_by": order_by,
        "per_page": per_page,
    }
    before = _current
    _set(replace(before, **{name: value for name, value in given.items() if value is not None}))
    return before


@contextmanager
def override(limits: Limits) -> Generator[None]:
    """Other limits for a block, in all threads: for tests."""
    before = _current
    _set(limits)
    try:
        yield
    finally:
        _set(before)


def _set(limits: Limits) -> None:
    global _current  # noqa: PLW0603 - settings of the process
    _current = limits


def listed(values: Iterable[T], where: str) -> list[T]:
    """The values as a list; of too many, or of an endless iterator, no more are taken than show that it is.

    Args:
        values: what the application gave.
        where: what they are for, for the error.

    Raises:
        LimitExceeded: more than `in_list`.
    """
    most = _current.in_list
    # What nearly all callers have is only copied; anything else may have no end.
    if type(values) in _SIZED and len(cast("Sized", values)) <= most:
        return list(values)
    found = list(islice(values, most + 1))
    if len(found) > most:
        raise LimitExceeded(where, f"at most {most} values in a list", "more", "in_list")
    return found
