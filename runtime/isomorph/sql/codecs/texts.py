"""What every text must be, alone or within a document."""

from __future__ import annotations

from isomorph.sql.codecs.registry import Refused

__all__ = ["check_text"]


def check_text(value: str) -> None:
    """PostgreSQL stores no NUL, and no database a lone surrogate; refused everywhere, so that data can move."""
    if "\0" in value:
        raise Refused("text without NUL characters", "one with a NUL")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            pass
        else:
            return
        raise Refused("text that UTF-8 can encode", "a lone surrogate")
