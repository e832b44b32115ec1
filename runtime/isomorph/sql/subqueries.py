"""What a selection is where it stands inside another statement: a list of values, one value, a table."""

from __future__ import annotations

from typing import Generic

from typing_extensions import TypeVar

from isomorph.sql.select import Select

__all__ = ["Subquery"]

Row_co = TypeVar("Row_co", covariant=True)


class Subquery(Generic[Row_co]):
    """A selection of columns, whose rows are tuples."""

    __slots__ = ()

    @property
    def _select(self) -> Select:
        """Its statement, as it stands inside another one."""
        raise NotImplementedError
