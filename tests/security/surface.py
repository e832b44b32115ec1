"""All public calls of queries that take a text, found by looking: none can be added and forgotten.

A parameter counts unless its annotation says that no text gets in (a number, a column, a function, ...): a type nobody
has thought of here counts.
"""

import inspect
import pkgutil
import re
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from types import CodeType, FrameType, FunctionType
from typing import Any, cast

import isomorph.orm
import isomorph.sql
from isomorph import functions as f
from isomorph.orm.aliases import ModelAlias
from isomorph.orm.composing import Composing
from isomorph.orm.database import Database
from isomorph.orm.derived import Derived
from isomorph.orm.model import Model
from isomorph.orm.returning import Returning
from isomorph.sql.expressions import Expression
from isomorph.sql.rows import RowValue
from isomorph.sql.windows import WindowFunction

__all__ = ["Parameter", "Taken", "parameters", "taking"]

_ROOTS = (Expression, Composing, Model, Database, Derived, ModelAlias, Returning, RowValue, WindowFunction)
"""What an application holds in its hands, with all that inherits from it and all that it inherits."""

_MADE_BY_US = frozenset({"__init__", "__new__", "__init_subclass__", "__setstate__", "__deepcopy__"})
"""What no application calls: nodes and queries are made by calls that check."""

_NO_TEXT = frozenset(
    {
        *("None", "bool", "int", "float", "Decimal", "dt", "date", "datetime", "time", "timedelta"),
        *("Address", "Network", "Range", "TextIO", "BaseException", "TracebackType"),
        *("Assignment", "Distance", "Expression", "Frame", "Order", "Orders", "Predicate", "Several", "Subquery"),
        *("Approximate", "Column", "Comparable", "Faced", "Fractional", "Integral", "Listed", "Numeric", "RowValue"),
        *("Searched", "Selectable", "Selects", "Sortable", "Summable", "Textual"),
        *("Derived", "Lateral", "Model", "QueryBuilder", "Relation", "Selection", "Self", "Callable", "type"),
        # Of the machinery itself:
        *("ConstraintViolation", "Definition", "Dialect", "Window", "Writer"),
    }
)
_HOLDERS = frozenset({"Iterable", "Sequence", "Mapping", "tuple", "list", "dict"})
_SUBSCRIPT = re.compile(
    rf"\b(?:{'|'.join(sorted(_NO_TEXT))})\[[^\[\]]*(?:\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\][^\[\]]*)*\]"
)
_NAME = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, order=True)
class Parameter:
    """A parameter that may take a text: `Textual.like(pattern)`."""

    owner: str
    function: str
    name: str
    code: CodeType = field(compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.owner}.{self.function}({self.name})"


def _may_take_text(annotation: object) -> bool:
    text = _SUBSCRIPT.sub("", str(annotation))
    return bool(set(_NAME.findall(text)) - _NO_TEXT - _HOLDERS)


def _subclasses(class_: type) -> Iterator[type]:
    yield class_
    direct: list[type] = type.__subclasses__(class_)
    for below in direct:
        yield from _subclasses(below)


def _classes() -> set[type]:
    for package in (isomorph.sql, isomorph.orm):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    ours = {class_ for root in _ROOTS for class_ in _subclasses(root) if class_.__module__.startswith("isomorph.")}
    found = {above for class_ in ours if not class_.__name__.startswith("_") for above in class_.__mro__}
    return {class_ for class_ in found if class_.__module__.startswith("isomorph.")}


def _functions() -> Iterator[tuple[str, str, FunctionType]]:
    for name in f.__all__:
        found: Any = getattr(f, name)
        if inspect.isclass(found):
            found = found.__init__
        if isinstance(found, FunctionType):
            yield "f", name, found
    for class_ in _classes():
        members: Mapping[str, Any] = vars(class_)
        for name, member in members.items():
            is_operator = name.startswith("__") and name.endswith("__") and name not in _MADE_BY_US
            if name.startswith("_") and not is_operator:
                continue
            found = getattr(member, "__func__", member)  # of a class method
            found = found.fset if isinstance(found, property) else found
            if isinstance(found, FunctionType):
                yield class_.__name__, name, found


def parameters() -> list[Parameter]:
    """All parameters of public calls that may take a text."""
    return sorted(
        Parameter(owner, name, parameter, function.__code__)
        for owner, name, function in _functions()
        for parameter, annotation in function.__annotations__.items()
        if parameter not in ("return", "self") and _may_take_text(annotation)
    )


# --- who was given one -----------------------------------------------------------------------------------------------------


def _holds(value: object, text: str) -> bool:
    """Whether a value is the text, or its beginning (of what takes one character), or begins with it, or holds one."""
    if isinstance(value, str):
        return value != "" and (text.startswith(value) or value.startswith(text))
    if isinstance(value, Mapping):
        pairs = cast("Mapping[object, object]", value)
        return any(_holds(key, text) or _holds(item, text) for key, item in pairs.items())
    if isinstance(value, list | tuple | set):
        return any(_holds(item, text) for item in cast("Iterable[object]", value))
    return False


@dataclass
class Taken:
    """The parameters that were given a text, by the code of their function and their name."""

    seen: set[tuple[CodeType, str]] = field(default_factory=set[tuple[CodeType, str]])

    def __contains__(self, parameter: Parameter) -> bool:
        return (parameter.code, parameter.name) in self.seen


@contextmanager
def taking(text: str) -> Generator[Taken]:
    """A block in which it is watched which parameters of public calls are given the text."""
    names: dict[CodeType, list[str]] = {}
    for parameter in parameters():
        names.setdefault(parameter.code, []).append(parameter.name)
    taken = Taken()

    def watch(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code in names:
            given = frame.f_locals
            taken.seen.update((frame.f_code, name) for name in names[frame.f_code] if _holds(given.get(name), text))

    before: Callable[..., Any] | None = sys.getprofile()
    sys.setprofile(watch)
    try:
        yield taken
    finally:
        sys.setprofile(before)
