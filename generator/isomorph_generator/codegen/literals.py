"""The catalog as Python code: `_c.Column("id", _k.bigint(), auto_increment=True)`."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from isomorph.catalog import ColumnType, Default, Model, Table
from isomorph_generator.codegen.layout import Code, call, prefixed, tuple_of
from isomorph_generator.codegen.text import json_value, plain, string

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["literal"]

_BY_KEYWORD = (Model, Table)
"""Too large for their arguments to be told apart by their order."""


def literal(value: object) -> Code:
    """The code that makes a value of the catalog; attributes at their defaults are left out."""
    if isinstance(value, enum.Enum):
        return f"_c.{type(value).__name__}.{value.name}"
    if isinstance(value, ColumnType):
        return _type(value)
    if isinstance(value, Default):
        return call("_c.Default", (json_value(value.value),))
    if is_dataclass(value) and not isinstance(value, type):
        return call(f"_c.{type(value).__name__}", _arguments(value))
    if isinstance(value, tuple):
        return tuple_of(map(literal, cast("tuple[object, ...]", value)))
    return json_value(value)


def _type(type_: ColumnType) -> Code:
    """A column type in the schema's words: `_k.decimal(10, 2)`, `_k.enum("Role")`."""
    if type_.cast is not None:
        bare = _type(replace(type_, cast=None))
        return call("_k.cast", [bare, string(type_.cast.target), string(type_.cast.python)])
    items: list[Code] = [plain(argument) for argument in type_.arguments]
    if type_.item is not None:
        items += [_type(type_.item), *(["items_nullable=True"] if type_.items_nullable else [])]
    items += [f"{dialect}={string(text)}" for dialect, text in type_.spelled]
    return call(f"_k.{type_.kind.word}", items)


def _arguments(value: DataclassInstance) -> Iterator[Code]:
    by_keyword = isinstance(value, _BY_KEYWORD)
    for name, default in _attributes(type(value)):
        given = getattr(value, name)
        if default is MISSING and not by_keyword:
            yield literal(given)
        elif default is MISSING or (given is not default and given != default):
            by_keyword = True
            yield prefixed(f"{name}=", literal(given))


@lru_cache(maxsize=64)
def _attributes(class_: type[DataclassInstance]) -> tuple[tuple[str, object], ...]:
    """Names and defaults of a dataclass; MISSING where there is no default."""
    return tuple((attribute.name, attribute.default) for attribute in fields(class_))
