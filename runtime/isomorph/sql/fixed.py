"""What belongs to the generated package that declares it: columns, relations, queries, aliases."""

from __future__ import annotations

from typing import NoReturn, Self

__all__ = ["Fixed"]


class Fixed:
    """Something that nothing changes, so that its copies are itself, and that no other process could read: no pickles."""

    __slots__ = ()

    def _belongs(self) -> tuple[str, str]:
        """What such things are called, and what to do instead of taking one along."""
        raise NotImplementedError

    def __reduce__(self) -> NoReturn:
        kind, instead = self._belongs()
        raise TypeError(f"{kind} belong to their model and are not pickled ({instead})")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self
