"""Which library has which SQLite file open in this process: two of them must not have the same one.

sqlite3 and apsw each bring a copy of SQLite. Locks of files belong to a process, so that the copies do not see each
other's, and closing a file in one of them lets go of what the other holds. SQLite's documentation has that among the ways
to damage a file ("How To Corrupt An SQLite Database File", 2.2.1).
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

__all__ = ["OpenFile", "other_library"]

_File = tuple[int, int]


class _Register:
    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        # Finalizers of connections ask for it, and may run at any moment: in a thread that holds it, too.
        self.lock = threading.RLock()
        self.open: dict[_File, tuple[str, int]] = {}


_REGISTER = _Register()

if hasattr(os, "register_at_fork"):
    # A child uses nothing that its parent opened; and a thread that it does not have may hold the lock.
    os.register_at_fork(after_in_child=_REGISTER.clear)


def _file(path: str) -> _File | None:
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def other_library(path: str, library: str) -> str | None:
    """The library that has the file open, when it is another one. To be asked before the file is opened."""
    file = _file(path)
    with _REGISTER.lock:
        holder = None if file is None else _REGISTER.open.get(file)
    return None if holder is None or holder[0] == library else holder[0]


class OpenFile:
    """A file that a connection has open, until it says `closed`; None for a database in memory."""

    __slots__ = ("_file",)

    def __init__(self, path: str | None, library: str) -> None:
        self._file = None if path is None else _file(path)
        if self._file is not None:
            with _REGISTER.lock:
                holder, count = _REGISTER.open.get(self._file, (library, 0))
                _REGISTER.open[self._file] = (holder, count + 1)

    def closed(self) -> None:
        """May be said more than once."""
        file, self._file = self._file, None
        if file is None:
            return
        with _REGISTER.lock:
            holder, count = _REGISTER.open.get(file, ("", 0))
            if count > 1:
                _REGISTER.open[file] = (holder, count - 1)
            else:
                _REGISTER.open.pop(file, None)
