import abc
from typing import Any

from golden_errors.bases.scoped import ScopedQueryBase
from golden_errors.bases.taken import TakenBase


class PostBehaviour:
    __slots__ = ()


class WithoutSlots:
    def helps(self) -> None: ...


class WithSlots:
    __slots__ = ("extra",)


class OwnMeta(type):
    pass


class WithMetaclass(metaclass=OwnMeta):
    __slots__ = ()


class Base(abc.ABC):
    __slots__ = ()


class Abstract(Base):
    __slots__ = ()


class Hiding(TakenBase):
    __slots__ = ()

    annotated: int
    author = None
    save: Any = None
    _author = 3

    def __init__(self) -> None: ...

    def title(self) -> str:
        return ""


class HidingScopes:
    __slots__ = ()

    def titled(self) -> None: ...

    def where(self) -> None: ...

    def fine(self) -> None: ...


class ScopedBase(ScopedQueryBase):
    __slots__ = ()

    def fine(self, *, least: int = 0) -> None: ...


class ScopedQuery(ScopedBase):
    __slots__ = ()

    nothing: Any = None

    @property
    def computed(self) -> None: ...

    def needing(self, *, value: int) -> None: ...


class SharedMutator:
    __slots__ = ()

    def shared(self, value: int) -> int:
        return value


class Mutating(SharedMutator):
    __slots__ = ()

    not_callable: Any = None
    _value__fine: Any = None

    def set_fine(self, value: int, *, twice: bool = False) -> int:
        return value * (1 + twice)

    def set_greedy(self, value: int, other: int) -> int:
        return value + other
