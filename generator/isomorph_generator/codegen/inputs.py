"""The view of the inputs of a model: pydantic models for what clients send and are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from isomorph.catalog import FLOATS, TEXTS, Column, Field, Kind, Model
from isomorph.catalog.patterns import Engine, spelled
from isomorph_generator.codegen.casts import type_imports
from isomorph_generator.codegen.constructor import is_given_by_database
from isomorph_generator.codegen.imports import Imports, imports_for
from isomorph_generator.codegen.layout import Code, Group, call, either, fitted, flat, prefixed, subscript
from isomorph_generator.codegen.names import free
from isomorph_generator.codegen.text import docstring, json_value, number, plain, sentence, string, value
from isomorph_generator.codegen.types import Builtins, python_type

__all__ = ["InputView", "InputsView", "input_names", "inputs_view"]

_TAKEN = frozenset(
    {
        "construct",
        "copy",
        "dict",
        "from_orm",
        "json",
        "parse_file",
        "parse_obj",
        "parse_raw",
        "schema",
        "schema_json",
        "update_forward_refs",
        "validate",
    }
)
"""Methods of pydantic models; with all that begins with `model_`, attributes that an input cannot have."""

_TEXT_CHECKS = {
    Kind.STRING: "_in.TEXT",
    Kind.TEXT: "_in.TEXT",
    Kind.CHAR: "_in.CHAR",
    Kind.MEDIUMTEXT: "_in.MEDIUM_TEXT",
}
"""What is checked of a text beside its length."""
_INPUT_TYPES = {
    Kind.TINYINT: "_in.TinyInt",
    Kind.SMALLINT: "_in.SmallInt",
    Kind.INT: "_in.Int",
    Kind.BIGINT: "_in.BigInt",
    Kind.UNSIGNED_TINYINT: "_in.UnsignedTinyInt",
    Kind.UNSIGNED_SMALLINT: "_in.UnsignedSmallInt",
    Kind.UNSIGNED_INT: "_in.UnsignedInt",
    Kind.UNSIGNED_BIGINT: "_in.UnsignedBigInt",
    Kind.REAL: "_in.Real",
    Kind.DOUBLE: "_in.Double",
    Kind.TIME: "_in.Time",
    Kind.DATETIME: "_in.NaiveDatetime",
    Kind.TIMESTAMPTZ: "_in.AwareDatetime",
    Kind.INTERVAL: "_in.Interval",
    Kind.INET: "_in.IpAddress",
    Kind.CIDR: "_in.IpNetwork",
    Kind.MACADDR: "_in.MacAddress",
    Kind.INT4RANGE: "_in.Int4Range",
    Kind.INT8RANGE: "_in.Int8Range",
    Kind.NUMRANGE: "_in.NumRange",
    Kind.DATERANGE: "_in.DateRange",
    Kind.TSRANGE: "_in.TsRange",
    Kind.TSTZRANGE: "_in.TsTzRange",
    Kind.TSVECTOR: "_in.Text",
    Kind.ENCRYPTED: "_in.Text",
}


@dataclass(frozen=True, slots=True)
class InputView:
    """A pydantic model.

    Attributes:
        head: its `class` line.
        doc: its docstring.
        fields: its fields, each with the docstring that follows it, or an empty text.
    """

    head: str
    doc: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class InputsView:
    """A module of `inputs/`."""

    module_doc: str
    imports: Imports
    inputs: tuple[InputView, ...]


def inputs_view(model: Model) -> InputsView:
    """The view of a model's inputs; `Create` and `Update` only where some field may be filled."""
    public = [
        (field, column) for field, column in zip(model.fields, model.table.columns, strict=True) if not field.private
    ]
    fillable = [(field, column) for field, column in public if field.fillable]
    shown = [(field, column) for field, column in public if not field.hidden]
    inputs: list[InputView] = []
    if fillable:
        inputs += [_create(model, fillable), _update(model, fillable)]
    inputs.append(_read(model, shown))
    doc = f"{model.name} at the boundary: what clients send, and what they are shown."
    view = InputsView(docstring(doc, 0), Imports(), tuple(inputs))
    imported = {column.name: column for _, column in (*fillable, *shown)}
    return replace(view, imports=imports_for(view, application=type_imports(imported.values())))


def input_names(model: Model) -> tuple[str, ...]:
    """Names of the inputs of a model."""
    fillable = any(field.fillable for field in model.fields)
    return tuple(f"{model.name}{suffix}" for suffix in (("Create", "Read", "Update") if fillable else ("Read",)))


_Fields = Sequence[tuple[Field, Column]]


def _create(model: Model, fields: _Fields) -> InputView:
    writer = _Writer(fields)
    lines = [
        writer.line(field, writer.checked(field, column), _default(model, field, column)) for field, column in fields
    ]
    return InputView(
        _head(f"{model.name}Create", fields, "extra", writer),
        docstring(f"What a client may send for a new {model.name}.", 4),
        tuple(lines),
    )


def _update(model: Model, fields: _Fields) -> InputView:
    writer = _Writer(fields)
    lines = [writer.line(field, writer.checked(field, column), call("_in.optional", [])) for field, column in fields]
    return InputView(
        _head(f"{model.name}Update", fields, "extra", writer),
        docstring(f"What a client may change in an existing {model.name}; what is not sent stays unset.", 4),
        tuple(lines),
    )


def _read(model: Model, fields: _Fields) -> InputView:
    writer = _Writer(fields)
    lines = [writer.line(field, writer.plain(column), None) for field, column in fields]
    return InputView(
        _head(f"{model.name}Read", fields, "from_attributes", writer),
        docstring(f"What a client is shown of {model.name}.", 4),
        tuple(lines),
    )


def _head(name: str, fields: _Fields, setting: str, writer: _Writer) -> str:
    settings: list[Code] = ["_in.BaseModel", 'extra="forbid"' if setting == "extra" else "from_attributes=True"]
    if any(Kind.BYTES in (column.type.kind, column.type.item and column.type.item.kind) for _, column in fields):
        # JSON has no bytes.
        settings += ['ser_json_bytes="base64"', 'val_json_bytes="base64"']
    if any(column.type.cast is not None for _, column in fields):
        # Values of the application, which pydantic takes as they are unless they say otherwise.
        settings.append("arbitrary_types_allowed=True")
    if writer.renamed:
        settings += ["populate_by_name=True", "serialize_by_alias=True"]
    return fitted(call(f"class {name}", settings), after=":")


def _default(model: Model, field: Field, column: Column) -> Code | None:
    """The default of a field of `Create`; None when the field is required."""
    if column.default is not None:
        if column.type.cast is not None:
            return call("_in.optional", [])
        if column.type.kind is Kind.JSON:
            return _document(column.default.value)
        default = value(column.default.value, column.type)
        return call("_in.document", [default]) if column.type.kind in (Kind.ARRAY, Kind.SET) else default
    if field.default_code is not None or is_given_by_database(model, field, column):
        return call("_in.optional", [])
    return "None" if column.nullable else None


def _document(value: object) -> Code:
    """The default of a JSON field."""
    document = json_value(value)
    return document if isinstance(document, str) else call("_in.document", [document])


class _Writer:
    """Writes fields of one pydantic model."""

    def __init__(self, fields: _Fields) -> None:
        names = [field.name for field, _ in fields]
        self.renamed = {name: free(f"{name}_", names) for name in names if name in _TAKEN or name.startswith("model_")}
        self._builtin = Builtins.beside(names)

    def line(self, field: Field, type_: Code, default: Code | None) -> tuple[str, str]:
        """A field and its documentation."""
        name = self.renamed.get(field.name, field.name)
        if name != field.name:
            default = _aliased(field.name, default)
        line = fitted(prefixed(f"{name}: ", type_), 4) if default is None else _assigned(name, type_, default)
        return line, docstring(sentence(field.doc), 4) if field.doc else ""

    def plain(self, column: Column) -> str:
        """The type of a column as it is."""
        return python_type(column.type, self._builtin, nullable=column.nullable, json="_in.JsonValue")

    def checked(self, field: Field, column: Column) -> Code:
        """The type of a column with what it refuses."""
        kind = column.type.kind
        if column.type.cast is not None:
            return self.plain(column)
        if column.type.item is not None:
            item = Column("", column.type.item, nullable=column.type.items_nullable)
            inner = self.checked(Field("", ""), item)
            if isinstance(inner, str):
                return f"{self._builtin('list')}[{inner}]{' | None' if column.nullable else ''}"
            items = subscript(self._builtin("list"), [inner])
            return either(items, "None") if column.nullable else items
        bounds = list(_bounds(field, column))
        if kind in TEXTS:
            if not bounds and kind is Kind.TEXT and not field.trim:
                return "_in.Text | None" if column.nullable else "_in.Text"
            checks: list[Code] = [call("_in.Field", bounds)] if bounds else []
            if field.trim:
                checks.append("_in.TRIMMED")
            return subscript("_t.Annotated", [self.plain(column), *checks, _TEXT_CHECKS[kind]])
        type_ = self.plain(column)
        if kind in _INPUT_TYPES:
            type_ = f"{_INPUT_TYPES[kind]} | None" if column.nullable else _INPUT_TYPES[kind]
        return subscript("_t.Annotated", [type_, call("_in.Field", bounds)]) if bounds else type_


def _aliased(name: str, default: Code | None) -> Code:
    """The default of a field that has another name in Python."""
    alias = f"alias={string(name)}"
    if default is None:
        return call("_in.Field", [alias])
    if isinstance(default, Group) and default.head in ("_in.document(", "_in.optional("):
        return Group(default.head, (*default.items, alias))
    return call("_in.Field", [prefixed("default=", default), alias])


def _assigned(name: str, type_: Code, default: Code) -> str:
    """`name: type = default`, laid out: over several lines in the type if it has parts, else in the default."""
    if isinstance(type_, str):
        return fitted(default, 4, before=f"{name}: {type_} = ")
    before = f"{name}: "
    whole = fitted(prefixed(before, type_), 4, after=f" = {flat(default)}")
    if "\n" not in whole:
        return whole
    head, line, last = fitted(prefixed(before, type_), 4, split=True).rpartition("\n")
    return f"{head}{line}    {fitted(default, 4, before=f'{last.strip()} = ')}"


def _bounds(field: Field, column: Column) -> Iterator[str]:
    kind = column.type.kind
    if kind is Kind.DECIMAL:
        yield f"max_digits={column.type.precision}"
        yield f"decimal_places={column.type.scale}"
    if kind is Kind.BYTES and column.type.length is not None:
        yield f"max_length={column.type.length}"
    text = kind in TEXTS
    least, most = ("min_length", "max_length") if text else ("ge", "le")
    if field.minimum is not None:
        yield f"{least}={_number(field.minimum, kind)}"
    maximum = field.maximum
    if text and column.type.length is not None:
        maximum = column.type.length if maximum is None else min(maximum, column.type.length)
    if maximum is not None:
        yield f"{most}={_number(maximum, kind)}"
    if field.pattern is not None:
        yield f"pattern={string(spelled(field.pattern, Engine.RUST))}"


def _number(bound: float | Decimal, kind: Kind) -> str:
    return number(float(bound)) if kind in FLOATS else flat(plain(bound))
