"""UUIDs that the code makes for new rows: of version 4, random, and of version 7, in the order in which they were made.

Python brings version 7 since 3.14; here it is the same on all versions, and safe across threads and forks.
"""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections.abc import Callable, Mapping

from isomorph.catalog import CodeDefault

__all__ = ["MAKERS", "Sequence7", "uuid7"]

_COUNTER_BITS = 42
_TAIL_BYTES = 4


class Sequence7:
    """Makes UUIDs of version 7 (RFC 9562, section 5.7), each greater than the one before.

    48 bits are the time in milliseconds, 42 a counter (section 6.2, method 1), 32 random. The counter begins at random in
    each millisecond, in the lower half of what it can be; when the clock stands still or goes back it counts on.

    Args:
        clock_ms: milliseconds since 1970.
        random: so many random bytes.
    """

    def __init__(self, clock_ms: Callable[[], int], random: Callable[[int], bytes]) -> None:
        self._clock_ms, self._random = clock_ms, random
        self.restart()

    def restart(self) -> None:
        """Forget what was made, as a forked child has to: it may have been forked while another thread held the lock."""
        self._lock = threading.Lock()
        self._ms, self._counter = -1, 0

    def __call__(self) -> uuid.UUID:
        tail = int.from_bytes(self._random(_TAIL_BYTES))
        with self._lock:
            now = self._clock_ms()
            if now > self._ms:
                self._begin(now)
            else:
                self._counter += 1
                if self._counter >> _COUNTER_BITS:
                    self._begin(self._ms + 1)
            ms, counter = self._ms, self._counter
        high, low = counter >> 30, counter & 0x3FFF_FFFF
        return uuid.UUID(int=ms << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low << 32 | tail)

    def _begin(self, ms: int) -> None:
        self._ms = ms
        self._counter = int.from_bytes(self._random(6)) & ((1 << _COUNTER_BITS - 1) - 1)


def _milliseconds() -> int:
    return time.time_ns() // 1_000_000


uuid7 = Sequence7(_milliseconds, os.urandom)
"""A new UUID of version 7."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=uuid7.restart)

MAKERS: Mapping[CodeDefault, Callable[[], uuid.UUID]] = {CodeDefault.UUID4: uuid.uuid4, CodeDefault.UUID7: uuid7}
"""What makes the value of a new row."""
