"""Names that an application gives: of aliases, sub-queries, columns, tables without a model. Always quoted where written."""

from __future__ import annotations

from isomorph.errors import InvalidValue

__all__ = ["checked_name"]

_LONGEST_BYTES = 63
"""PostgreSQL cuts longer ones without a word, so that two of them could become the same."""


def checked_name(name: str, where: str) -> str:
    """The name, if every database takes it.

    Raises:
        InvalidValue: no text, empty, too long, a character that no name can have, or a space at its end.
    """
    if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValue(where, "a name", type(name).__name__)
    if not name:
        raise InvalidValue(where, "a name", "an empty text")
    if "\0" in name or name.endswith(" "):
        raise InvalidValue(where, "a name without NUL and without a space at its end", "one with it")
    try:
        size_bytes = len(name.encode())
    except UnicodeEncodeError:
        size_bytes = None
    if size_bytes is None:
        raise InvalidValue(where, "a name", "half a surrogate pair, which is no character")
    if size_bytes > _LONGEST_BYTES:
        raise InvalidValue(where, f"a name of at most {_LONGEST_BYTES} bytes", "a longer one")
    return name
