"""The functions that make objects from rows, one for each dialect whose driver gives other values.

Owns which conversions are written inline: a call per value costs more than the conversion itself. What is not written
inline is asked of the dialect when the module is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from isomorph import dialects
from isomorph.catalog import Column, Kind, Model
from isomorph_generator.codegen.layout import WIDTH, Code, call, fitted, flat, tuple_of
from isomorph_generator.codegen.literals import literal
from isomorph_generator.codegen.names import enum_members, free
from isomorph_generator.codegen.text import string

__all__ = ["INLINE", "LoaderView", "loaders_of", "loads_of"]


def _called(function: str) -> Callable[[str], Code]:
    return lambda name: call(function, [name])


def _is_one(name: str) -> Code:
    return f"{name} == 1"


def _in_utc(name: str) -> Code:
    return call(f"{name}.replace", ["tzinfo=_dt.UTC"])


def _from_microseconds(name: str) -> Code:
    return call("_dt.timedelta", [f"microseconds={name}"])


INLINE: Mapping[tuple[str, Kind], Callable[[str], Code]] = {
    ("sqlite", Kind.BOOL): _is_one,
    ("sqlite", Kind.UNSIGNED_BIGINT): _called("int"),
    ("sqlite", Kind.DECIMAL): _called("_decimal.Decimal"),
    ("sqlite", Kind.DATE): _called("_dt.date.fromisoformat"),
    ("sqlite", Kind.TIME): _called("_dt.time.fromisoformat"),
    ("sqlite", Kind.DATETIME): _called("_dt.datetime.fromisoformat"),
    ("sqlite", Kind.TIMESTAMPTZ): _called("_dt.datetime.fromisoformat"),
    ("sqlite", Kind.INTERVAL): _from_microseconds,
    ("sqlite", Kind.JSON): _called("_i.load_json"),
    ("sqlite", Kind.UUID): _called("_uuid.UUID"),
    ("postgresql", Kind.UNSIGNED_BIGINT): _called("int"),
    ("postgresql", Kind.JSON): _called("_i.load_json"),
    ("mysql", Kind.BOOL): _is_one,
    ("mysql", Kind.TIMESTAMPTZ): _in_utc,
    ("mysql", Kind.INTERVAL): _from_microseconds,
    ("mysql", Kind.JSON): _called("_i.load_json"),
    ("mysql", Kind.UUID): _called("_uuid.UUID"),
}
"""Code that does what `dialect.types.load` does, for values that are not None."""

_INDENT = 12
_LONG = 24  # columns; locals are named for their field unless that makes lines too long
_LOCALS = frozenset({"found", "made", "new", "object", "row", "rows"})


@dataclass(frozen=True, slots=True)
class LoaderView:
    """A loader.

    Attributes:
        name: of the static method: `_load` for all dialects, or `_load_sqlite`.
        lines: what it does with a row.
    """

    name: str
    lines: tuple[str, ...]


def loaders_of(model: Model, dialect_names: Sequence[str]) -> tuple[LoaderView, ...]:
    """The loaders of a model: one `_load` for the dialects that most often agree, others by name."""
    bodies = {name: _body(model, name) for name in dialect_names}
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, body in bodies.items():
        groups.setdefault(body, []).append(name)
    shared = max(groups, key=lambda body: len(groups[body]))
    if len(groups) > 1 and len(groups[shared]) == 1:
        shared = ()
    found = [LoaderView(f"_load_{name}", body) for body, names in groups.items() if body != shared for name in names]
    return (*found, LoaderView("_load", shared)) if shared else tuple(found)


def _body(model: Model, dialect: str) -> tuple[str, ...]:
    """The lines that fill `made` from `row`."""
    targets: list[str] = []
    conversions: list[str] = []
    kept: list[str] = []
    raw = True  # whether the row as it came can be kept
    taken = {field.name for field in model.fields} | _LOCALS
    for field, column in zip(model.fields, model.table.columns, strict=True):
        attribute = f"made.{field.name}"
        name = free(field.name, taken) if field.name in _LOCALS else field.name
        if len(name) > _LONG:
            name = f"_{len(kept)}"
        conversion = _conversion(column, dialect, name)
        if conversion is None:
            targets.append(attribute)
            kept.append(attribute)
            continue
        targets.append(name)
        conversions += _assignment(attribute, name, conversion, nullable=column.nullable)
        if column.type.kind is Kind.JSON:
            kept.append(name)
        else:
            raw = False
            kept.append(attribute)
    keeps = "made._row = " if raw else ""
    lines = [_unpacking(targets, f" = {keeps}row"), *conversions]
    if not raw:
        lines.append(fitted(tuple_of(kept), _INDENT, before="made._row = "))
    return tuple(lines)


def _assignment(attribute: str, name: str, conversion: Code, *, nullable: bool) -> tuple[str, ...]:
    if not nullable:
        return (fitted(conversion, _INDENT, before=f"{attribute} = "),)
    line = f"{attribute} = None if {name} is None else {flat(conversion)}"
    if _INDENT + len(line) <= WIDTH:
        return (line,)
    converted = fitted(conversion, _INDENT + 4, before=f"{attribute} = ")
    return (f"{attribute} = {name}", f"if {name} is not None:", f"    {converted}")


def _unpacking(targets: Sequence[str], after: str) -> str:
    line = f"({targets[0]},){after}" if len(targets) == 1 else f"{', '.join(targets)}{after}"
    return line if _INDENT + len(line) <= WIDTH else fitted(tuple_of(targets), _INDENT, after=after)


def _conversion(column: Column, dialect: str, name: str) -> Code | None:
    """Code for the Python value of what the driver gave; None when they are the same."""
    if column.type.enum is not None:
        return f"{enum_members(column.type.enum)}[{name}]"
    if dialects.get(dialect).types.load(column.type) is None:
        return None
    written = INLINE.get((dialect, column.type.kind), _called(_constant(dialect, column.type.kind)))
    return written(name)


def _constant(dialect: str, kind: Kind) -> str:
    """The constant that holds a conversion which is not written inline."""
    return f"_LOAD_{kind.word.upper()}_{dialect.upper()}"


def loads_of(model: Model, dialect_names: Sequence[str]) -> tuple[str, ...]:
    """The constants that hold conversions, as lines."""
    found: dict[str, str] = {}
    for dialect in dialect_names:
        for column in model.table.columns:
            kind = column.type.kind
            if kind is Kind.ENUM or (dialect, kind) in INLINE or dialects.get(dialect).types.load(column.type) is None:
                continue
            name = _constant(dialect, kind)
            found.setdefault(name, f"{name} = _i.load({string(dialect)}, {flat(literal(column.type))})")
    return tuple(found.values())
