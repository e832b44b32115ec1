"""What accounts and tags make of what is assigned to them."""

from __future__ import annotations

from golden_modifiers.bases.account import AccountBase


class AccountBehaviour(AccountBase):
    """Reads fields that come after it, too."""

    __slots__ = ()

    def set_email(self, value: str) -> str:
        return value.strip()

    def hashed(self, value: str | None) -> str | None:
        return None if value is None else f"hash of {len(value)}"

    def initials(self) -> str:
        return self.given[:1] + (self.family or "")[:1]


class NameMutator:
    """Needs nothing of its model."""

    __slots__ = ()

    def set_name(self, value: str) -> str:
        return value.removeprefix("#")
