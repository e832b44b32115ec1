"""What generated modules import, found from the code that stands in them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from isomorph_generator.codegen.layout import WIDTH
from isomorph_generator.codegen.names import natural

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["Imports", "imports_for", "wrapped"]

_INDENT = 4

_STANDARD = {
    "_abc": "import collections.abc as _abc",
    "_b": "import builtins as _b",
    "_decimal": "import decimal as _decimal",
    "_dt": "import datetime as _dt",
    "_enum": "import enum as _enum",
    "_ipaddress": "import ipaddress as _ipaddress",
    "_pathlib": "import pathlib as _pathlib",
    "_t": "import typing as _t",
    "_uuid": "import uuid as _uuid",
}
_OURS = {
    "_i": "import isomorph.generated as _i",
    "_in": "import isomorph.inputs as _in",
}
_LOCAL = {"_enums": "from .. import enums as _enums"}
_RUNNING = {
    "_c": "import isomorph.catalog as _c",
    "_k": "import isomorph.catalog.words as _k",
    "_r": "import isomorph.generated as _r",
}
"""What only code for the interpreter uses. Type checkers that walk such code all the same, as pyright does, find no types
behind these names, and are through with it at once."""

_STRING_OR_ALIAS = re.compile(
    r"""
    \"""(?:[^\\]|\\.)*?\"""
    | "[^"\\\n]*(?:\\.[^"\\\n]*)*"
    | '[^'\\\n]*(?:\\.[^'\\\n]*)*'
    | _(?<![\w.]_)([a-z]+)\.
    """,
    re.DOTALL | re.VERBOSE,
)
"""A string, or an alias and what follows its underscore. Each begins with a character, not with a condition or a group: what
lies between them is then skipped without being tried."""


@dataclass(frozen=True, slots=True)
class Imports:
    """Import lines.

    Attributes:
        sections: as linters ask for them: the standard library, isomorph, the application, the package itself; none is empty.
        typing: of the package, for type checkers only.
        running: for the interpreter only, in sections as well.
    """

    sections: tuple[tuple[str, ...], ...] = ()
    typing: tuple[str, ...] = ()
    running: tuple[tuple[str, ...], ...] = ()


def imports_for(
    view: object,
    also: Iterable[str] = (),
    application: Sequence[str] = (),
    local: Iterable[str] = (),
    typing: Iterable[str] = (),
    running: Iterable[str] = (),
) -> Imports:
    """The imports of a module.

    Args:
        view: its view; what its pieces of code use is imported, what its strings say does not count.
        also: aliases that its template uses.
        application: lines for modules of the application.
        local: further lines for the generated package.
        typing: those for type checkers only.
        running: those for the interpreter only.
    """
    pieces: list[str] = []
    _gather(view, pieces)
    used = {*also, *(f"_{name}" for name in set(_STRING_OR_ALIAS.findall("\n".join(pieces))))}

    def lines(known: dict[str, str]) -> tuple[str, ...]:
        return tuple(sorted(line for alias, line in known.items() if alias in used))

    standard = [line for line in application if _is_standard(line)]
    others = [line for line in application if not _is_standard(line)]
    sections = (
        (*lines(_STANDARD), *_sorted(standard)),
        lines(_OURS),
        _sorted(others),
        (*lines(_LOCAL), *local),
    )
    return Imports(_filled(sections), tuple(map(wrapped, _sorted(typing))), _filled((lines(_RUNNING), tuple(running))))


def _filled(sections: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple(section for section in sections if section)


def wrapped(line: str) -> str:
    """An import below `if TYPE_CHECKING:`, over several lines where it does not fit on one."""
    if _INDENT + len(line) <= WIDTH:
        return line
    before, _, name = line.partition(" import ")
    return f"{before} import (\n        {name},\n    )"


def _is_standard(line: str) -> bool:
    """Whether a line imports from a module of Python itself: a type that the schema names."""
    return line.split()[1].partition(".")[0] in sys.stdlib_module_names


def _sorted(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(lines, key=natural))


def _gather(view: object, found: list[str]) -> None:
    """Add the pieces of code of a view that may hold an alias, in their order."""
    if isinstance(view, str):
        if "_" in view:
            found.append(view)
    elif isinstance(view, tuple):
        for item in cast("tuple[object, ...]", view):
            _gather(item, found)
    elif is_dataclass(view) and not isinstance(view, type):
        for name in _names(type(view)):
            _gather(getattr(view, name), found)


@lru_cache(maxsize=64)
def _names(class_: type[DataclassInstance]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(class_))
