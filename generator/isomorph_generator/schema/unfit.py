"""What readers of constants raise."""

from __future__ import annotations

__all__ = ["Unfit"]


class Unfit(Exception):
    """The value does not fit; what was expected, and what it is where that is not its form. Never leaves the schema."""

    def __init__(self, expected: str, got: str | None = None) -> None:
        super().__init__(expected, got)
        self.expected, self.got = expected, got
