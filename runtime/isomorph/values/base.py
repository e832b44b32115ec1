"""What all values share: they cannot be changed, and are equal when their parts are.

No dataclasses: pydantic takes those for its own, whatever they say of themselves.
"""

from __future__ import annotations

from typing import Any, Never, Self

__all__ = ["Value"]


class Value:
    """An immutable value of some parts."""

    __slots__ = ("_parts",)

    _parts: tuple[Any, ...]

    def _set(self, *parts: object) -> None:
        """Called once, by the constructor."""
        object.__setattr__(self, "_parts", parts)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Value) and type(other) is type(self):
            return self._parts == other._parts
        return NotImplemented

    def __hash__(self) -> int:
        return hash((type(self), self._parts))

    def __setattr__(self, name: str, value: Never) -> Never:
        raise AttributeError(f"a {type(self).__name__} cannot be changed; make another one")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError(f"a {type(self).__name__} cannot be changed; make another one")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self
