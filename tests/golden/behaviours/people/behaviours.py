"""What people and pets can do."""

from __future__ import annotations

import datetime as dt

from golden_behaviours.bases.person import PersonBase


class Greets:
    """Needs nothing of its model."""

    __slots__ = ()

    def greeting(self) -> str:
        return "hello"


class PersonBehaviour(Greets, PersonBase):
    """Reads the fields of its model."""

    __slots__ = ()

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def age(self, today: dt.date) -> int | None:
        return None if self.born is None else today.year - self.born.year

    def rename(self, last_name: str) -> None:
        self.last_name = last_name
        self.save()
