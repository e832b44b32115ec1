"""The words of types whose values are made of others, and of those that only some databases know."""

from __future__ import annotations

from isomorph.catalog import NETWORKS, RANGES, SHAPES, ColumnType, Kind
from isomorph.dialects.standard.items import ITEMS
from isomorph_generator.schema.errors import SchemaError, UnknownType
from isomorph_generator.schema.types.word import Given, Word, plain

__all__ = ["COMPOSITES"]

_MOST_MEMBERS = 64
"""Of a SET of MySQL (its manual, The SET Type)."""


def _array(given: Given) -> ColumnType | SchemaError:
    text = (given.arguments or "").strip()
    if not text:
        return given.wrong("it needs the type of its items", "array(int)")
    nullable = text.endswith("?")
    item = given.element(text.removesuffix("?"))
    if not isinstance(item, ColumnType):
        return item
    if item.kind not in ITEMS:
        return given.wrong(f"an array has no items of {item}", "use json, or a relation")
    return ColumnType(Kind.ARRAY, item=item, items_nullable=nullable)


def _set(given: Given) -> ColumnType | SchemaError:
    parts = given.parts
    if len(parts) != 1 or not parts[0]:
        return given.wrong("it needs the name of its enum", "set(Role)")
    enum = given.enums.get(parts[0])
    if enum is None:
        return UnknownType(*given.at, parts[0], tuple(given.enums))
    if "mysql" in given.dialects:
        if len(enum.values) > _MOST_MEMBERS:
            problem = f"mysql has sets of at most {_MOST_MEMBERS} values, {enum.name} has {len(enum.values)}"
            return given.wrong(problem, f"use array({enum.name})")
        if any("," in value or value.endswith(" ") or not value for value in enum.values):
            problem = f"mysql has no sets of empty values or with commas or blanks at the end, which {enum.name} has"
            return given.wrong(problem, f"use array({enum.name})")
    return ColumnType(Kind.SET, enum=enum.name)


def _tsvector(given: Given) -> ColumnType | SchemaError:
    for dialect in given.dialects:
        if dialect != "postgresql":
            hint = f'use text, or take "{dialect}" out of the project\'s dialects'
            return given.wrong(f"{dialect} has no such type", hint)
    return plain(Kind.TSVECTOR).read(given)


_NAME = r"\( *[A-Z][A-Za-z0-9]* *\)"

COMPOSITES: dict[str, Word] = {
    "array": Word("array(T)", "array(int)", _array, r"\( *.+ *\)"),
    "set": Word("set(Name)", "set(Role)", _set, _NAME),
    **{kind.value: plain(kind) for kind in Kind if kind in NETWORKS},
    **{kind.value: plain(kind) for kind in RANGES},
    "tsvector": Word("tsvector", "tsvector", _tsvector),
    **{kind.value: plain(kind) for kind in Kind if kind in SHAPES},
    "encrypted": plain(Kind.ENCRYPTED),
    "custom": plain(Kind.CUSTOM),
}
"""By the name that a schema writes."""
