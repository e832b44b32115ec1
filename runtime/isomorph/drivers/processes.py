"""What drivers need from the operating system: is a socket readable, and keeping hands off after a fork."""

from __future__ import annotations

import select
from collections.abc import Callable

__all__ = ["abandon", "watcher"]


def watcher(descriptor: int) -> Callable[[], bool]:
    """A function that says whether something can be read from the socket at once: data, or the end of it.

    A healthy connection is silent between statements, so this tells of a server that hung up without a round trip.
    """
    if not hasattr(select, "poll"):  # Windows
        return lambda: bool(select.select([descriptor], [], [], 0)[0])
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return lambda: bool(poll.poll(0))


def abandon(inherited: object) -> None:
    """Keep an object that a parent process opened alive for the rest of this process, which must not use it.

    Dropping it would run its finalizer, and that is use: SQLite's documentation forbids even to close a connection
    that was carried over a fork ("How To Corrupt An SQLite Database File", 2.6), and a pool would wait for threads
    that exist in the parent only.
    """
    import ctypes  # noqa: PLC0415 - for processes that fork

    # One reference that nothing ever gives back, not even the clearing of modules when the interpreter ends.
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(inherited))
