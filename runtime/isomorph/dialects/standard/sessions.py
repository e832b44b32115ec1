"""What a session of the server is asked for while revisions run: advisory locks, and how long to wait for locks of tables.

Pure text; a dialect's instance is in its own `sessions`.
"""

from __future__ import annotations

from collections.abc import Callable

from isomorph.dataclassing import dataclass

__all__ = ["AdvisoryLock", "SessionRules", "SessionSetting"]


@dataclass(frozen=True, slots=True)
class AdvisoryLock:
    """A lock that has a name and no table, and ends with its session.

    Attributes:
        scope: query of one value: what tells this connection's tables from others that the same lock could mean.
        key: what the server is given for a name, of which it gets a digest of 64 hexadecimal digits.
        take: query with the key; its one value is true when the lock was free. Does not wait.
        give_back: query with the key.
        holder: query with the key, of the number of the session that has it; no row, or NULL, for none.
        end: statement with that number: ends the session, and with it the lock.
        session: query of this session's own number.
    """

    scope: str
    key: Callable[[str], object]
    take: str
    give_back: str
    holder: str
    end: str
    session: str


@dataclass(frozen=True, slots=True)
class SessionSetting:
    """A number that says how long a statement waits for a lock.

    Attributes:
        read: query of the number as it is.
        write: statement that sets it, with `{}` in its place.
        unit_ms: what it counts, in milliseconds.
        is_unlimited: whether a number means to wait for as long as nobody would want to.
        never: the number that means to wait for ever.
    """

    read: str
    write: str
    unit_ms: int
    is_unlimited: Callable[[int], bool]
    never: int


@dataclass(frozen=True, slots=True)
class SessionRules:
    """What a dialect's sessions can.

    Attributes:
        advisory: its advisory lock; None where there is none.
        lock_timeouts: its settings of how long to wait for locks.
    """

    advisory: AdvisoryLock | None
    lock_timeouts: tuple[SessionSetting, ...]
