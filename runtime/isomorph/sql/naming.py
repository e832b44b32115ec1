"""Names that an application gives: of aliases, sub-queries, columns, tables without a model. Always quoted where written."""

from __future__ import annotations

from collections.abc import Iterable

from isomorph.errors import InvalidValue

__all__ = ["checked_name"]

_LONGEST_BYTES = 63
"""PostgreSQL cuts longer ones without a word, so that two of them could become the same."""

_BLANKS = " \t\n\v\f\r"
"""MariaDB takes no name that ends with one of these."""


def checked_name(name: str, where: str, taken: Iterable[str] = ()) -> str:
    """The name, if every database takes it.

    Args:
        name: as an application gave it.
        where: what it is a name of, for the error.
        taken: names that mean something else there: SQLite takes a common table expression that has the name of a
            table which it reads for a circle.

    Raises:
        InvalidValue: no text, empty, too long, a character that no name can have, a space at its end, or a name that is
            taken.
    """
    if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValue(where, "a name", type(name).__name__)
    if not name:
        raise InvalidValue(where, "a name", "an empty text")
    if "\0" in name or name[-1] in _BLANKS:
        raise InvalidValue(where, "a name without NUL and without a space at its end", "one with it")
    try:
        size_bytes = len(name.encode())
    except UnicodeEncodeError:
        size_bytes = None
    if size_bytes is None:
        raise InvalidValue(where, "a name", "half a surrogate pair, which is no character")
    if size_bytes > _LONGEST_BYTES:
        raise InvalidValue(where, f"a name of at most {_LONGEST_BYTES} bytes", "a longer one")
    for other in taken:
        if name.lower() == other.lower():  # SQLite and MySQL ignore case in names
            raise InvalidValue(where, f"another name than {other}, which it reads", "the same")
    return name
