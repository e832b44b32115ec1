"""What queries for people can do."""

from __future__ import annotations

from typing import Self

import golden_behaviours as data
from golden_behaviours.bases.person import PersonQueryBase


class PersonScopes(PersonQueryBase):
    __slots__ = ()

    def named(self, name: str) -> Self:
        return self.where(data.Person.first_name == name)
