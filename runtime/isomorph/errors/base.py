"""The root of all errors, and what their words share."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

__all__ = ["IsomorphError", "near_hint"]


def near_hint(name: str, known: Sequence[str], otherwise: str) -> str:
    """The mend for a name nobody knows: the nearest known one, or `otherwise`."""
    # Untyped input may name anything, and an error must be able to say so.
    near = get_close_matches(str(name), known, n=1)
    return f'did you mean "{near[0]}"?' if near else otherwise


class IsomorphError(Exception):
    """Root of all errors."""
