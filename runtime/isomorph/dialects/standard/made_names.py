"""Names of what a dialect makes beside what the schema names: checks of types, triggers. Short enough for every database."""

from __future__ import annotations

__all__ = ["LONGEST_NAME_BYTES", "made_name"]

LONGEST_NAME_BYTES = 63
"""How long a name may be in UTF-8 on every database."""


def made_name(owner: str, part: str, what: str) -> str:
    """A name such as `users_age_range`; one that is too long is cut and holds a hash of the whole, so it stays unique."""
    name = f"{owner}_{part}_{what}"
    if len(name.encode()) <= LONGEST_NAME_BYTES:
        return name
    from hashlib import sha256  # noqa: PLC0415 - OpenSSL is loaded by it, and few names are too long

    tail = f"_{sha256(name.encode()).hexdigest()[:8]}_{what}"
    return name.encode()[: LONGEST_NAME_BYTES - len(tail)].decode(errors="ignore") + tail
