"""Sessions of PostgreSQL: advisory locks of 64 bits, lock_timeout."""

from __future__ import annotations

from isomorph.dialects.standard.sessions import AdvisoryLock, SessionRules, SessionSetting

__all__ = ["SESSIONS"]


def _key(digest: str) -> int:
    return int.from_bytes(bytes.fromhex(digest[:16]), "big", signed=True)


SESSIONS = SessionRules(
    advisory=AdvisoryLock(
        # The lock is one of the database; each schema in it has tables, and a history, of its own.
        scope="SELECT current_schema()",
        key=_key,
        take="SELECT pg_try_advisory_lock(%s)",
        give_back="SELECT pg_advisory_unlock(%s)",
        holder=(
            "SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
            " WHERE datname = current_database() AND locktype = 'advisory' AND granted AND objsubid = 1"
            " AND ((classid::bigint << 32) | objid::bigint) = %s"
        ),
        end="SELECT pg_terminate_backend(%s)",
        session="SELECT pg_backend_pid()",
    ),
    lock_timeouts=(
        SessionSetting(
            read="SELECT setting::int FROM pg_settings WHERE name = 'lock_timeout'",
            write="SET lock_timeout = {}",
            unit_ms=1,
            is_unlimited=lambda number: number == 0,
            never=0,
        ),
    ),
)
