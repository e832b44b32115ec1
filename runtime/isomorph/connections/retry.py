"""Which errors a transaction may be run again after, and how long to wait before. Pure: the caller sleeps."""

from __future__ import annotations

from collections.abc import Callable

from isomorph.errors import LockTimeout, SerializationFailure, TransactionAborted

__all__ = ["delay_s", "is_conflict", "is_repeatable"]

_FIRST_S = 0.01
_LONGEST_S = 1.0


def is_repeatable(error: BaseException | None) -> bool:
    """Whether the same transaction may well succeed when it is run again."""
    if isinstance(error, TransactionAborted):  # the work swallowed the error that mattered
        return is_repeatable(error.__cause__)
    return isinstance(error, LockTimeout) or is_conflict(error)


def is_conflict(error: BaseException | None) -> bool:
    """Whether the database undid a transaction for the sake of a concurrent one."""
    return isinstance(error, SerializationFailure)


def delay_s(attempt: int, random: Callable[[], float]) -> float:
    """Seconds to wait after a failed attempt, counted from 0: doubling, the half of it at random.

    Those who met once and wait equally long meet again.
    """
    longest: float = min(_FIRST_S * 2**attempt, _LONGEST_S)
    return longest * (0.5 + random() / 2)
