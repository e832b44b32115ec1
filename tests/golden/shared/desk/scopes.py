"""Whose notes a query is about."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Self

import golden_shared as data
from golden_shared.bases.note import NoteQueryBase

owner: ContextVar[int | None] = ContextVar("owner", default=None)


class NoteScopes(NoteQueryBase):
    __slots__ = ()

    def owned(self) -> Self:
        """Only those of the owner whom the block around is for."""
        asked = owner.get()
        return self if asked is None else self.where(data.Note.owner == asked)

    def readable_by_somebody_who_is_signed_in(self, *, least: int = 0) -> Self:
        return self.where(data.Note.rank >= least)
