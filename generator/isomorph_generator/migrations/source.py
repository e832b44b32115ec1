"""Values as Python source: operations, tables and constants as a revision file spells them. Pure.

Owns the layout, which `ruff format` leaves as it is at any line length from 88 to 120: what fits into 88 columns is one line,
the rest has one part per line with a trailing comma.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar, Protocol, cast

from isomorph.catalog import (
    Column,
    ColumnType,
    Enum,
    ForeignKey,
    Index,
    MorphAliases,
    MorphGuard,
    SqlObject,
    Table,
    Unique,
)
from isomorph.migrate import (
    ChangeColumn,
    ChangeEnum,
    ChangeMorphAliases,
    ChangePrimaryKey,
    ChangeTable,
    Lossy,
    RenameEnum,
    RenameMorphAlias,
    ReplaceObject,
)

__all__ = ["Imports", "source", "text_literal"]

_WIDTH = 88
_WIDEST = 120
_INDENT = "    "

# Fields given by position; of classes that are not named here, all that have no default.
_POSITIONAL: Mapping[type, int] = {
    ChangeColumn: 1,
    ChangeEnum: 0,
    ChangeMorphAliases: 1,
    ChangePrimaryKey: 1,
    ChangeTable: 1,
    Column: 2,
    Enum: 1,
    ForeignKey: 1,
    Index: 1,
    MorphAliases: 1,
    MorphGuard: 1,
    RenameEnum: 2,
    RenameMorphAlias: 2,
    ReplaceObject: 0,
    SqlObject: 2,
    Table: 1,
    Unique: 1,
}


@dataclass
class Imports:
    """What a file that holds some sources must import.

    Attributes:
        names: from `isomorph.migrate`.
        modules: whole lines of the standard library.
        types: whether `types as t` is used.
    """

    names: set[str]
    modules: set[str]
    types: bool = False


def source(value: object, imports: Imports, *, indent: int = 0, prefix: str = "", suffix: str = "") -> str:
    """A value as source, and what it needs imported.

    Args:
        value: an operation, anything of the catalog, or a constant.
        imports: is added to.
        indent: levels of indentation of all lines but the first.
        prefix: text before the value, in its first line.
        suffix: text behind it, in its last line.
    """
    return _laid_out(_node(value, imports), indent, prefix, suffix)


def text_literal(value: str) -> str:
    """A string in the quotes that `ruff format` prefers: double, unless that needs more escapes."""
    text = repr(value)
    if text[0] == '"':
        return text
    body = text[1:-1]
    if '"' in value and value.count('"') > value.count("'"):
        return text
    return '"' + body.replace("\\'", "'").replace('"', '\\"') + '"'


# --- what is there ---------------------------------------------------------------------------------------------------


class _Node:
    """Source in parts: `opening`, then the items between commas, then `closing`; an atom is all opening. `flat`: on one line."""

    __slots__ = ("closing", "flat", "is_tuple", "items", "opening")

    def __init__(
        self, opening: str, items: tuple[tuple[str, _Node], ...] = (), closing: str = "", *, is_tuple: bool = False
    ) -> None:
        self.opening, self.items, self.closing, self.is_tuple = opening, items, closing, is_tuple
        comma = "," if is_tuple and len(items) == 1 else ""
        inside = ", ".join([prefix + item.flat for prefix, item in items])
        self.flat: str = f"{opening}{inside}{comma}{closing}"


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


def _node(value: object, imports: Imports) -> _Node:
    if isinstance(value, ColumnType):
        return _type_node(value, imports)
    if isinstance(value, enum.Enum):
        imports.names.add(type(value).__name__)
        return _Node(f"{type(value).__name__}.{value.name}")
    if isinstance(value, Lossy):
        imports.names.add("lossy")
        return _Node("lossy(", tuple(("", _node(part, imports)) for part in (value.why, *value.operations)), ")")
    if isinstance(value, str):
        return _Node(text_literal(value))
    if is_dataclass(value) and not isinstance(value, type):
        return _call_node(value, imports)
    if isinstance(value, Mapping):
        pairs = cast("Mapping[object, object]", value).items()
        return _Node("{", tuple((f"{_node(key, imports).flat}: ", _node(item, imports)) for key, item in pairs), "}")
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        items = tuple(("", _node(item, imports)) for item in cast("Sequence[object]", value))
        return _Node("[", items, "]") if isinstance(value, list) else _Node("(", items, ")", is_tuple=True)
    return _constant_node(value, imports)


def _call_node(value: _Dataclass, imports: Imports) -> _Node:
    name = type(value).__name__
    imports.names.add(name)
    items: list[tuple[str, _Node]] = []
    for attribute, default, is_positional in _attributes(type(value)):
        part: object = getattr(value, attribute)
        if is_positional:
            items.append(("", _node(part, imports)))
        elif default is MISSING or part != default:
            items.append((f"{attribute}=", _node(part, imports)))
    return _Node(f"{name}(", tuple(items), ")")


@lru_cache(maxsize=128)
def _attributes(class_: type[_Dataclass]) -> tuple[tuple[str, object, bool], ...]:
    """Of a dataclass: names, defaults, MISSING where there is none, and whether they are given by their order."""
    found = fields(class_)
    required = [field for field in found if field.default is MISSING and field.default_factory is MISSING]
    most = _POSITIONAL.get(class_, len(required))
    return tuple((field.name, field.default, place < most) for place, field in enumerate(found))


def _type_node(type_: ColumnType, imports: Imports) -> _Node:
    imports.types = True
    arguments = [_node(argument, imports).flat for argument in type_.arguments]
    if type_.item is not None:
        arguments += [_node(type_.item, imports).flat, *(["items_nullable=True"] if type_.items_nullable else [])]
    arguments += [f"{dialect}={text_literal(text)}" for dialect, text in type_.spelled]
    return _Node(f"t.{type_.kind.word}({', '.join(arguments)})")


def _constant_node(value: object, imports: Imports) -> _Node:
    match value:
        case Decimal():
            imports.modules.add("from decimal import Decimal")
            return _Node(f'Decimal("{value}")')
        case dt.datetime():
            imports.modules.add("import datetime as dt")
            zone = "" if value.tzinfo is None else ", tzinfo=dt.UTC"
            moment = value if value.tzinfo is None else value.astimezone(dt.UTC)
            parts = [
                moment.year,
                moment.month,
                moment.day,
                moment.hour,
                moment.minute,
                moment.second,
                moment.microsecond,
            ]
            return _Node(f"dt.datetime({', '.join(map(str, parts))}{zone})")
        case dt.date():
            imports.modules.add("import datetime as dt")
            return _Node(f"dt.date({value.year}, {value.month}, {value.day})")
        case dt.time():
            imports.modules.add("import datetime as dt")
            return _Node(f"dt.time({value.hour}, {value.minute}, {value.second}, {value.microsecond})")
        case dt.timedelta():
            imports.modules.add("import datetime as dt")
            return _Node(f"dt.timedelta({value.days}, {value.seconds}, {value.microseconds})")
        case _:
            return _Node(repr(value))


# --- how it is laid out ------------------------------------------------------------------------------------------------


def _laid_out(node: _Node, indent: int, prefix: str, suffix: str, *, forced: bool = False) -> str:
    line = prefix + node.flat + suffix
    alone = node.is_tuple and len(node.items) == 1
    if not node.items or (not forced and len(_INDENT) * indent + len(line) <= _WIDTH):
        return line
    # The comma of a tuple of one is no sign to the formatter to keep it open, so what is in it must be.
    if alone and not node.items[0][1].items:
        return line
    inner = _INDENT * (indent + 1)
    lines = [inner + _laid_out(item, indent + 1, item_prefix, ",", forced=alone) for item_prefix, item in node.items]
    return "\n".join([prefix + node.opening, *lines, _INDENT * indent + node.closing + suffix])
