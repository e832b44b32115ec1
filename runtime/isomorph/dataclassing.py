"""The `dataclass` of the standard library, for frozen classes with slots, made in a tenth of its time.

Python compiles a text for each method of each dataclass, which was a third of what `import` of a generated package took. Here
all classes share their methods, but for `__init__`, whose text is the standard library's. To type checkers, and to
`dataclasses.fields`, `replace` and `asdict`, they are dataclasses as any other.
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, Field, FrozenInstanceError
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, slots: bool) -> Callable[[type[Any]], type[Any]]:
        """As `dataclasses.dataclass(frozen=True, slots=True)`; the options are said for type checkers, and readers."""
        assert frozen, "take the standard library's for what may change"
        assert slots, "take the standard library's for what has no slots"
        return _made


__all__ = ["dataclass"]


@dataclasses.dataclass(frozen=True, slots=True)
class _Example:
    """What the standard library notes about its options, it notes for all alike."""


_PARAMETERS: Any = getattr(_Example, "__dataclass_params__")  # noqa: B009 - no type has it
_INIT = "__init__"


def _made(class_: type[Any]) -> type[Any]:
    own = _fields_of(class_)
    inherited: dict[str, Field[Any]] = {}
    for base in reversed(class_.__mro__[1:]):
        inherited.update(base.__dict__.get("__dataclass_fields__", {}))
    fields = {**inherited, **own}
    members = {
        name: member for name, member in class_.__dict__.items() if name not in _OF_OTHER_LAYOUT and name not in own
    }
    compared = [field.name for field in fields.values() if field.compare]
    members.update(
        __slots__=tuple(name for name in own if name not in inherited),
        __dataclass_fields__=fields,
        __dataclass_params__=_PARAMETERS,
    )
    for name, member in (
        ("__match_args__", tuple(field.name for field in fields.values() if field.init and not field.kw_only)),
        ("__repr__", _repr),
        ("__eq__", _equality(_values(compared))),
        ("__getstate__", _getstate),
        ("__setstate__", _setstate),
    ):
        members.setdefault(name, member)
    if members.get("__hash__") is None:
        members["__hash__"] = _hash(_values([field.name for field in fields.values() if _is_hashed(field)]))
    if _INIT not in members:
        members[_INIT] = _init(class_, fields)
    metaclass = cast("Callable[..., type[Any]]", type(class_))
    made = metaclass(class_.__name__, class_.__bases__, members)
    made.__qualname__ = class_.__qualname__
    _freeze(made, frozenset(fields))
    return made


# What Python gave the class for having no slots.
_OF_OTHER_LAYOUT = frozenset({"__dict__", "__weakref__"})


def _fields_of(class_: type[Any]) -> dict[str, Field[Any]]:
    """The fields that a class adds to those of its bases, as the standard library reads them."""
    annotations = class_.__annotations__
    defaults = {name: class_.__dict__[name] for name in annotations if name in class_.__dict__}
    plain = type(
        class_.__name__,
        (),
        {**defaults, "__annotations__": annotations, "__module__": class_.__module__, "__doc__": "."},
    )
    dataclasses.dataclass(init=False, repr=False, eq=False, match_args=False)(plain)
    fields = dataclasses.fields(cast(Any, plain))
    assert not any(field.kw_only for field in fields), class_
    return {field.name: field for field in fields}


def _is_hashed(field: Field[Any]) -> bool:
    return field.compare if field.hash is None else field.hash


def _values(names: Iterable[str]) -> Callable[[Any], tuple[Any, ...]]:
    """What gives the values of some fields of an object."""
    names = tuple(names)
    if len(names) > 1:
        return cast("Callable[[Any], tuple[Any, ...]]", attrgetter(*names))
    return lambda made: tuple([getattr(made, name) for name in names])


# --- methods ---------------------------------------------------------------------------------------------------------------


def _init(class_: type[Any], fields: Mapping[str, Field[Any]]) -> Callable[..., None]:
    """The constructor. Its text holds names of fields, which are names of Python, and nothing else of a class."""
    known: dict[str, Any] = {"_put": object.__setattr__, "_MISSING": MISSING}
    parameters, lines = ["self"], list[str]()
    for name, field in fields.items():
        value = name
        if field.default_factory is not MISSING:
            known[f"_{name}"] = field.default_factory
            value = f"_{name}() if {name} is _MISSING else {name}"
            parameters.append(f"{name}=_MISSING")
        elif field.default is not MISSING:
            known[f"_{name}"] = field.default
            parameters.append(f"{name}=_{name}")
        else:
            parameters.append(name)
        lines.append(f"  _put(self, {name!r}, {value})")
    if hasattr(class_, "__post_init__"):
        lines.append("  self.__post_init__()")
    exec(f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines or ["  pass"]), known)  # noqa: S102 - names of fields
    made = cast("Callable[..., None]", known[_INIT])
    made.__qualname__ = f"{class_.__qualname__}.{_INIT}"
    made.__module__ = class_.__module__
    return made


def _equality(values: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any, object], bool]:
    def __eq__(self: Any, other: object) -> bool:  # noqa: N807 - the method's name
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _hash(values: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any], int]:
    def __hash__(self: Any) -> int:  # noqa: N807 - the method's name
        return hash(values(self))

    return __hash__


@recursive_repr()
def _repr(self: Any) -> str:
    told = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr)
    return f"{self.__class__.__qualname__}({told})"


def _getstate(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__dataclass_fields__]


def _setstate(self: Any, state: Iterable[Any]) -> None:
    for name, value in zip(self.__dataclass_fields__, state, strict=True):
        object.__setattr__(self, name, value)


def _freeze(class_: type[Any], fields: frozenset[str]) -> None:
    """A class below it without fields of its own may have attributes that change."""

    def __setattr__(self: Any, name: str, value: object) -> None:  # noqa: N807 - the method's name
        if type(self) is class_ or name in fields:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(class_, self).__setattr__(name, value)

    def __delattr__(self: Any, name: str) -> None:  # noqa: N807 - likewise
        if type(self) is class_ or name in fields:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(class_, self).__delattr__(name)

    for method in (__setattr__, __delattr__):
        setattr(class_, method.__name__, method)
