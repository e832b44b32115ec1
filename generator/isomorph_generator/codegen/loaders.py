"""The functions that make objects from rows, one for each dialect whose driver gives other values.

Owns which conversions are written inline: a call per value costs more than the conversion itself. What is not written
inline is asked of the dialect when the module is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from isomorph import dialects
from isomorph.catalog import Column, ColumnType, Field, Kind, Model
from isomorph_generator.codegen.layout import WIDTH, Code, Group, call, fitted, flat, prefixed, tuple_of
from isomorph_generator.codegen.literals import literal
from isomorph_generator.codegen.names import class_alias, enum_members, free
from isomorph_generator.codegen.text import string
from isomorph_generator.schema.naming import snake

__all__ = ["INLINE", "LoaderView", "conversion_of", "loaders_of", "loads_of", "readers_of"]


def _called(function: str) -> Callable[[str], Code]:
    return lambda name: call(function, [name])


def _decimal(name: str) -> Code:
    # By its text: a table that isomorph did not make may keep a REAL there, and 0.99 is not what a float is made of.
    return call("_decimal.Decimal", [f'f"{{{name}}}"'])


def _is_one(name: str) -> Code:
    return f"{name} == 1"


def _in_utc(name: str) -> Code:
    return call(f"{name}.replace", ["tzinfo=_dt.UTC"])


def _from_microseconds(name: str) -> Code:
    return call("_dt.timedelta", [f"microseconds={name}"])


INLINE: Mapping[tuple[str, Kind], Callable[[str], Code]] = {
    ("sqlite", Kind.BOOL): _is_one,
    ("sqlite", Kind.UNSIGNED_BIGINT): _called("int"),
    ("sqlite", Kind.DECIMAL): _decimal,
    ("sqlite", Kind.DATE): _called("_dt.date.fromisoformat"),
    ("sqlite", Kind.TIME): _called("_dt.time.fromisoformat"),
    ("sqlite", Kind.DATETIME): _called("_dt.datetime.fromisoformat"),
    ("sqlite", Kind.TIMESTAMPTZ): _called("_dt.datetime.fromisoformat"),
    ("sqlite", Kind.INTERVAL): _from_microseconds,
    ("sqlite", Kind.JSON): _called("_r.load_json"),
    ("sqlite", Kind.UUID): _called("_uuid.UUID"),
    ("postgresql", Kind.UNSIGNED_BIGINT): _called("int"),
    ("postgresql", Kind.JSON): _called("_r.load_json"),
    ("mysql", Kind.BOOL): _is_one,
    ("mysql", Kind.TIMESTAMPTZ): _in_utc,
    ("mysql", Kind.INTERVAL): _from_microseconds,
    ("mysql", Kind.JSON): _called("_r.load_json"),
    ("mysql", Kind.UUID): _called("_uuid.UUID"),
}
"""Code that does what `dialect.types.load` does, for values that are not None."""

_INDENT = 16
_LONG = 24  # columns; locals are named for their field unless that makes lines too long
_LOCALS = frozenset({"found", "frozenset", "int", "made", "new", "object", "row", "rows", "tuple"})


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
    kept: list[Code] = []
    raw = True  # whether the row as it came can be kept
    taken = {field.name for field in model.fields} | _LOCALS
    for field, column in zip(model.fields, model.table.columns, strict=True):
        attribute = f"made.{model.slot(field)}"
        name = free(field.name, taken) if field.name in _LOCALS else field.name
        if len(name) > _LONG:
            name = f"_v{len(kept)}"
        if column.type.cast is not None:
            targets.append(name)
            conversions += _reading(attribute, name, _reader(len(kept), field, dialect), nullable=column.nullable)
            raw = False
            kept.append(name)
            continue
        conversion = conversion_of(column, dialect, name)
        if conversion is None:
            targets.append(attribute)
        else:
            targets.append(name)
            conversions += _assignment(attribute, name, conversion, nullable=column.nullable)
        if column.type.kind in _FROZEN:
            raw = False
            kept.append(call(_FROZEN[column.type.kind][column.nullable], [attribute]))
        elif conversion is None:
            kept.append(attribute)
        elif column.type.kind in _AS_THEY_CAME:
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
    begins = conversion if isinstance(conversion, str) else conversion.head
    if _INDENT + 4 + len(f"{attribute} = {begins}") > WIDTH:
        converted = fitted(conversion, _INDENT + (4 if nullable else 0), before=f"{name} = ")
        lines = (f"if {name} is not None:", f"    {converted}") if nullable else (converted,)
        return (*lines, f"{attribute} = {name}")
    if not nullable:
        return (fitted(conversion, _INDENT, before=f"{attribute} = "),)
    line = f"{attribute} = None if {name} is None else {flat(conversion)}"
    if _INDENT + len(line) <= WIDTH:
        return (line,)
    converted = fitted(conversion, _INDENT + 4, before=f"{attribute} = ")
    return (f"{attribute} = {name}", f"if {name} is not None:", f"    {converted}")


def _reading(attribute: str, name: str, reader: str, *, nullable: bool) -> tuple[str, ...]:
    """Lines that set the attribute, and the local to what the row keeps of it."""
    read = call(reader, [name])
    if not nullable:
        return (fitted(read, _INDENT, before=f"{attribute}, {name} = "),)
    return (
        f"if {name} is None:",
        f"    {attribute} = None",
        "else:",
        "    " + fitted(read, _INDENT + 4, before=f"{attribute}, {name} = "),
    )


def _unpacking(targets: Sequence[str], after: str) -> str:
    line = f"({targets[0]},){after}" if len(targets) == 1 else f"{', '.join(targets)}{after}"
    return line if _INDENT + len(line) <= WIDTH else fitted(tuple_of(targets), _INDENT, after=after)


def conversion_of(column: Column, dialect: str, name: str) -> Code | None:
    """Code for the Python value of what the driver gave; None when they are the same."""
    type_ = column.type
    if type_.kind is Kind.ENUM and type_.enum is not None:
        return f"{enum_members(type_.enum)}[{name}]"
    if type_.kind is Kind.ENCRYPTED:
        return call(_DECRYPTED, [name])
    if dialects.get(dialect).types.load(type_) is None:
        return None
    written = INLINE.get((dialect, type_.kind), _called(_constant(dialect, type_)))
    return written(name)


_DECRYPTED = "_DECRYPTED"
"""The constant that reads encrypted texts."""
_AS_THEY_CAME = frozenset({Kind.JSON, Kind.BOOL})
"""What rows keep as the driver gave it."""
_FROZEN: Mapping[Kind, tuple[str, str]] = {
    Kind.ARRAY: ("tuple", "_r.tuple_or_none"),
    Kind.SET: ("frozenset", "_r.frozenset_or_none"),
}
"""What makes the form in which rows keep what can be edited in place: of a value, and of one that may be None."""


def _constant(dialect: str, type_: ColumnType) -> str:
    """The constant that holds a conversion which is not written inline."""
    of_item = "" if type_.item is None else f"_{type_.item.kind.word.upper()}"
    of_enum = "" if type_.named_enum is None else f"_{snake(type_.named_enum).upper()}"
    return f"_LOAD_{type_.kind.word.upper()}{of_item}{of_enum}_{dialect.upper()}"


def _reader(position: int, field: Field, dialect: str) -> str:
    """The constant that holds the conversion of a column with a cast: to its value, and to what the row keeps."""
    return f"_READ_{position if len(field.name) > _LONG else field.name}_{dialect.upper()}"


def loads_of(model: Model, dialect_names: Sequence[str]) -> tuple[str, ...]:
    """The constants that hold conversions, as lines."""
    found: dict[str, str] = {}
    for dialect in dialect_names:
        for column in model.table.columns:
            type_ = column.type
            if type_.cast is not None:
                continue
            if type_.kind is Kind.ENCRYPTED:
                found.setdefault(_DECRYPTED, f"{_DECRYPTED} = _r.decrypted(_db)")
            elif not (
                type_.kind is Kind.ENUM
                or (dialect, type_.kind) in INLINE
                or dialects.get(dialect).types.load(type_) is None
            ):
                name = _constant(dialect, type_)
                found.setdefault(name, fitted(call("_r.load", _of_type(dialect, type_)), 4, before=f"{name} = "))
    return tuple(found.values())


def _of_type(dialect: str, type_: ColumnType) -> list[Code]:
    """A dialect and a type as arguments, and the enum of its members where there is one."""
    enum = [] if type_.named_enum is None else [f"_enums.{type_.named_enum}"]
    return [string(dialect), literal(type_), *enum]


def readers_of(model: Model, dialect_names: Sequence[str]) -> tuple[str, ...]:
    """The constants of columns with casts, as lines: the casts, and the conversions by dialect."""
    pairs = enumerate(zip(model.fields, model.table.columns, strict=True))
    columns = [(position, field, column) for position, (field, column) in pairs if column.type.cast is not None]
    casts = dict.fromkeys(column.type.cast for _, _, column in columns if column.type.cast is not None)
    if not casts:
        return ()
    items = tuple(
        prefixed(
            f"{string(cast.target)}: ",
            call("_r.document" if cast.is_document else "_r.cast_class", [class_alias(cast.target)]),
        )
        for cast in casts
    )
    lines = [fitted(Group("{", items, "}"), 4, before="_CASTS = ")]
    for dialect in dialect_names:
        for position, field, column in columns:
            assert column.type.cast is not None  # those were chosen
            arguments = _of_type(dialect, replace(column.type, cast=None))
            arguments.insert(2, f"_CASTS[{string(column.type.cast.target)}]")
            lines.append(fitted(call("_r.read", arguments), 4, before=f"{_reader(position, field, dialect)} = "))
    return tuple(lines)
