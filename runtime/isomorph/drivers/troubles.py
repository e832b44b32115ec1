"""What a function of ours tells when it refuses: SQLite passes on that one failed, and neither which nor why."""

from __future__ import annotations

import threading

__all__ = ["MOMENT", "OVERFLOW", "ZONE", "told", "trouble"]

OVERFLOW = "ISOMORPH_OVERFLOW"
"""A result that no number of its type says. The codes have the form of SQLite's own."""

MOMENT = "ISOMORPH_MOMENT"
"""A date or moment beyond the years 1 to 9999."""

ZONE = "ISOMORPH_ZONE"
"""A time zone that nobody knows."""

# A function runs in the thread that runs the statement.
_said = threading.local()


def trouble(code: str) -> Exception:
    """An error to raise, whose code the driver then finds by `told`."""
    _said.code = code
    return ArithmeticError(code)


def told() -> str:
    """The code of the last trouble in this thread, once; empty when there was none."""
    code: str = getattr(_said, "code", "")
    _said.code = ""
    return code
