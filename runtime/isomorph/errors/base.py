"""The root of all errors, and what their words share."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["IsomorphError", "near_hint", "shown_name"]


_LONGEST_SHOWN = 50


def shown_name(name: object) -> str:
    """A name nobody knows as an error shows it: who sent it may read the error, and so may a log or a terminal.

    Returns:
        At most 50 of its characters; those that cannot be printed, and quotes, replaced by `?`.
    """
    text = str(name)
    shown = "".join(char if char.isprintable() and char not in "\"'`" else "?" for char in text[:_LONGEST_SHOWN])
    return f"{shown}..." if len(text) > _LONGEST_SHOWN else shown


def near_hint(name: str, known: Sequence[str], otherwise: str) -> str:
    """The mend for a name nobody knows: the nearest known one, or `otherwise`."""
    from difflib import get_close_matches  # noqa: PLC0415 - for who mistyped

    # Untyped input may name anything, and an error must be able to say so.
    near = get_close_matches(str(name), known, n=1)
    return f'did you mean "{near[0]}"?' if near else otherwise


class IsomorphError(Exception):
    """Root of all errors."""
