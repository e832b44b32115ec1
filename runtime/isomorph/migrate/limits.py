"""How long a run waits: for another deployer, for locks of tables, and before it tries again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from math import ceil
from typing import TypeVar

from isomorph.connections.retry import is_repeatable
from isomorph.dataclassing import dataclass
from isomorph.dialects.standard.sessions import SessionSetting
from isomorph.errors import DatabaseError
from isomorph.migrate.connection import Connection

__all__ = ["LOCK_TIMEOUT_S", "Limits", "lock_timeout", "retried", "unlimited_locks"]

T = TypeVar("T")

LOCK_TIMEOUT_S = 5.0
"""How long DDL waits for a lock unless something else is said: whoever waits for a table makes all behind it wait, too."""

_FIRST_S = 0.5
_LONGEST_S = 10.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a run waits.

    Attributes:
        wait_s: seconds to wait while another deployer is at work; 0 not at all, None for as long as it takes.
        lock_timeout_s: seconds that a statement waits for a lock; None for what the connection's URL says, else 5.
        retries: how often what ran into a lock is tried again, after 0.5, 1, 2, ... at most 10 seconds.
        sleep: how to wait.
    """

    wait_s: float | None = 600.0
    lock_timeout_s: float | None = None
    retries: int = 5
    sleep: Callable[[float], None] = time.sleep


def _unheard(error: DatabaseError, attempt: int, delay_s: float) -> None:
    del error, attempt, delay_s


def retried(
    work: Callable[[], T], limits: Limits, waiting: Callable[[DatabaseError, int, float], None] = _unheard
) -> T:
    """Do something that does nothing when it fails, and again when a lock or another transaction was in its way.

    Args:
        work: what to do.
        limits: how often, and how to wait.
        waiting: told of the error, of the number of the next attempt, and of the seconds before it.
    """
    attempt = 1
    while True:
        try:
            return work()
        except DatabaseError as error:
            if attempt > limits.retries or not is_repeatable(error):
                raise
            # Those who met once and wait equally long meet again.
            delay_s = min(_FIRST_S * 2 ** (attempt - 1), _LONGEST_S) * random.uniform(0.75, 1.0)  # noqa: S311 - no secret
            attempt += 1
            waiting(error, attempt, delay_s)
        limits.sleep(delay_s)


@contextmanager
def lock_timeout(connection: Connection, limits: Limits) -> Generator[None]:
    """A block whose statements wait for locks no longer than the limits say."""
    changed: list[tuple[SessionSetting, int]] = []
    for setting in connection.dialect.sessions.lock_timeouts:
        before = int(connection.fetch(setting.read)[0][0])
        timeout_s = limits.lock_timeout_s
        if timeout_s is None and setting.is_unlimited(before):
            timeout_s = LOCK_TIMEOUT_S
        if timeout_s is not None:
            connection.execute(setting.write.format(max(1, ceil(timeout_s * 1000 / setting.unit_ms))))
            changed.append((setting, before))
    try:
        yield
    finally:
        _restore(connection, changed)


@contextmanager
def unlimited_locks(connection: Connection) -> Generator[None]:
    """A block whose statements wait for locks as long as it takes."""
    changed: list[tuple[SessionSetting, int]] = []
    for setting in connection.dialect.sessions.lock_timeouts:
        changed.append((setting, int(connection.fetch(setting.read)[0][0])))
        connection.execute(setting.write.format(setting.never))
    try:
        yield
    finally:
        _restore(connection, changed)


def _restore(connection: Connection, changed: list[tuple[SessionSetting, int]]) -> None:
    # Of a session that is lost, the settings are, too, and what lost it is on its way as an error.
    with suppress(DatabaseError):
        for setting, before in changed:
            connection.execute(setting.write.format(before))
