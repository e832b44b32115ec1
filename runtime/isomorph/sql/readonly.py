"""What a computed field is to type checkers: its column on the class, its value on an object, and no assignment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Never, overload

from typing_extensions import TypeVar

__all__ = ["ReadOnly"]

ColumnT = TypeVar("ColumnT")
ValueT = TypeVar("ValueT")


class ReadOnly(Generic[ColumnT, ValueT]):
    """A field that the database or isomorph computes: `ReadOnly[IntColumn, int]`. Only annotations name it."""

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: Any, /) -> ColumnT: ...
        @overload
        def __get__(self, instance: object, owner: Any, /) -> ValueT: ...
        def __get__(self, instance: Any, owner: Any, /) -> Any: ...
        def __set__(self, instance: object, value: Never, /) -> None: ...
