"""Sessions of MySQL and MariaDB: GET_LOCK, and the time to wait for metadata locks and for rows."""

from __future__ import annotations

from isomorph.dialects.standard.sessions import AdvisoryLock, SessionRules, SessionSetting

__all__ = ["SESSIONS"]

_A_DAY_S = 86_400
"""What both servers wait for a metadata lock unless they are told otherwise is a day (MariaDB) or a year (MySQL)."""

_ROWS_S = 50
"""What both servers wait for a row unless they are told otherwise."""


def _key(digest: str) -> str:
    # MySQL takes names of 64 characters at most, and compares them without case.
    return f"isomorph:{digest[:40]}"


SESSIONS = SessionRules(
    advisory=AdvisoryLock(
        # The lock is one of the server.
        scope="SELECT DATABASE()",
        key=_key,
        take="SELECT GET_LOCK(%s, 0)",
        give_back="SELECT RELEASE_LOCK(%s)",
        holder="SELECT IS_USED_LOCK(%s)",
        end="KILL %s",
        session="SELECT CONNECTION_ID()",
    ),
    lock_timeouts=(
        SessionSetting(
            read="SELECT @@SESSION.lock_wait_timeout",
            write="SET SESSION lock_wait_timeout = {}",
            unit_ms=1_000,
            is_unlimited=lambda number: number >= _A_DAY_S,
            never=_A_DAY_S * 365,
        ),
        SessionSetting(
            read="SELECT @@SESSION.innodb_lock_wait_timeout",
            write="SET SESSION innodb_lock_wait_timeout = {}",
            unit_ms=1_000,
            is_unlimited=lambda number: number == _ROWS_S,
            never=_A_DAY_S * 365,
        ),
    ),
)
