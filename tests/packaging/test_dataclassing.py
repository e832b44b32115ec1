"""Our quickly made dataclasses are what the standard library would have made."""

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field
from typing import Any, Generic, TypeVar, cast

import pytest

from isomorph import dataclassing

T = TypeVar("T")
Decorator = Callable[..., Callable[[type[Any]], type[Any]]]


def _classes(dataclass: Decorator) -> list[type[Any]]:
    """The same classes, made by either."""

    @dataclass(frozen=True, slots=True)
    class Empty:
        """No fields."""

    @dataclass(frozen=True, slots=True)
    class One:
        only: int

    @dataclass(frozen=True, slots=True)
    class Point:
        """Two fields, a method and a class attribute without an annotation."""

        x: int
        y: int = 0
        unit = "m"

        def moved(self) -> "Point":
            return cast("Point", dataclasses.replace(cast(Any, self), x=self.x + 1))

    @dataclass(frozen=True, slots=True)
    class Labelled(Point):
        label: str = field(default="?", compare=False, repr=False)
        more: list[int] = field(default_factory=list[int])

    @dataclass(frozen=True, slots=True)
    class Checked(Generic[T]):  # noqa: PLW1641 - the decorator gives the hash
        value: T

        def __post_init__(self) -> None:
            if self.value is None:
                raise ValueError

        def __repr__(self) -> str:
            return "checked"

        def __eq__(self, other: object) -> bool:
            return True

    @dataclass(frozen=True, slots=True)
    class Hashed:
        value: int
        hidden: list[int] = field(default_factory=list[int], hash=False)

        def __hash__(self) -> int:
            return 7

    return [Empty, One, Point, Labelled, Checked, Hashed]


_OURS, _THEIRS = _classes(cast(Decorator, dataclassing.dataclass)), _classes(dataclasses.dataclass)
_ARGUMENTS: list[tuple[object, ...]] = [(), (1,), (1, 2), (1, 2, "a", [3]), ("x",), (4,)]
_EACH = pytest.mark.parametrize(("ours", "theirs", "given"), list(zip(_OURS, _THEIRS, _ARGUMENTS, strict=True)))


@_EACH
def test_classes_look_like_those_of_the_standard_library(ours: Any, theirs: Any, given: tuple[object, ...]) -> None:
    assert repr(ours(*given)) == repr(theirs(*given))
    assert inspect.signature(ours).parameters.keys() == inspect.signature(theirs).parameters.keys()
    assert ours.__match_args__ == theirs.__match_args__
    assert ours.__slots__ == theirs.__slots__
    assert ours.__qualname__ == theirs.__qualname__
    assert not hasattr(ours(*given), "__dict__")
    assert [(told.name, told.type) for told in dataclasses.fields(ours)] == [
        (told.name, told.type) for told in dataclasses.fields(theirs)
    ]


@_EACH
def test_objects_behave_like_those_of_the_standard_library(ours: Any, theirs: Any, given: tuple[object, ...]) -> None:
    one, other = ours(*given), ours(*given)
    assert one == other
    assert (one == object()) == (theirs(*given) == object())
    assert dataclasses.asdict(one) == dataclasses.asdict(theirs(*given))
    assert dataclasses.replace(one) == one
    assert copy.deepcopy(one) == one
    assert (ours.__hash__ is None) == (theirs.__hash__ is None)


def test_equality_hash_and_order_of_arguments_go_by_the_fields() -> None:
    _, one, point, labelled, checked, hashed = cast(list[Any], _OURS)
    assert point(1) == point(x=1, y=0)
    assert point(1) != point(2)
    assert hash(point(1)) == hash(point(1, 0))
    assert hash(one(3)) == hash(one(3))
    assert one([]) == one([])
    assert point(1) != labelled(1)
    assert labelled(1, 2, "a") == labelled(1, 2, "b")
    assert hash(hashed(1)) == 7
    assert labelled(1).more is not labelled(1).more
    assert point(1).moved() == point(2)
    assert repr(labelled(1, 2, "a")).endswith("Labelled(x=1, y=2, more=[])")
    with pytest.raises(ValueError):  # noqa: PT011 - that it runs is meant
        checked(None)
    with pytest.raises(TypeError, match="'x'"):
        point()


def test_fields_are_neither_set_nor_deleted() -> None:
    point: Any = _OURS[2](1)
    for name in ("x", "other"):
        with pytest.raises(FrozenInstanceError, match=f"cannot assign to field '{name}'"):
            setattr(point, name, 2)
        with pytest.raises(FrozenInstanceError, match=f"cannot delete field '{name}'"):
            delattr(point, name)


def test_a_class_below_may_have_attributes_that_change_but_the_fields_stay() -> None:
    below: Any = type("Below", (_OURS[2],), {})(1)
    below.note = "mine"
    del below.note
    with pytest.raises(FrozenInstanceError):
        below.x = 2


def test_the_standard_library_makes_dataclasses_of_them() -> None:
    named: Any = type("Named", (Sent,), {"__annotations__": {"name": "str"}, "name": "n"})
    made: Any = dataclasses.dataclass(frozen=True)(named)("a")
    assert (made.text, made.number, made.name) == ("a", 1, "n")


@dataclassing.dataclass(frozen=True, slots=True)
class Sent:
    """What a pickle finds by its name."""

    text: str
    number: int = 1


def test_objects_are_pickled() -> None:
    assert pickle.loads(pickle.dumps(Sent("a", 2))) == Sent("a", 2)


def test_what_holds_itself_is_told() -> None:
    held: list[object] = []
    made = _OURS[1](held)
    held.append(made)
    assert repr(made).endswith("One(only=[...])")
