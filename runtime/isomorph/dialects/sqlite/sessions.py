"""Sessions of SQLite: one writer at a time, and how long the next one waits."""

from __future__ import annotations

from isomorph.dialects.standard.sessions import SessionRules, SessionSetting

__all__ = ["SESSIONS"]

SESSIONS = SessionRules(
    advisory=None,
    lock_timeouts=(
        SessionSetting(
            read="PRAGMA busy_timeout",
            write="PRAGMA busy_timeout = {}",
            unit_ms=1,
            is_unlimited=lambda _: False,
            never=2**31 - 1,
        ),
    ),
)
