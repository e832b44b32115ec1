"""The typed constructor of a model: its parameters in order, and what each of them sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from isomorph.catalog import CodeDefault, Column, Field, Kind, Model, Relation, RelationKind
from isomorph_generator.codegen.layout import WIDTH, Code, call, fitted, flat, prefixed, signature, tuple_of
from isomorph_generator.codegen.text import COMPOSITE_VALUES, json_value, string, value
from isomorph_generator.codegen.types import Builtins, python_type

__all__ = [
    "ConstructorView",
    "constructor_of",
    "is_given_by_database",
    "is_required",
    "owners",
    "relation_type",
    "targets_of",
]

_INDENT = 8
_BODY = 12


@dataclass(frozen=True, slots=True)
class ConstructorView:
    """`__init__`.

    Attributes:
        signature: its signature, for type checkers.
        head: the same above its body, for the interpreter.
        lines: its body.
    """

    signature: str
    head: str
    lines: tuple[str, ...]


def owners(model: Model) -> tuple[Relation, ...]:
    """The relations whose columns stand in the model's own table, so that an object may be given for them."""
    return tuple(
        relation for relation in model.relations if relation.kind in (RelationKind.BELONGS_TO, RelationKind.MORPH_TO)
    )


def targets_of(relation: Relation) -> tuple[str, ...]:
    """The models that a relation leads to."""
    if relation.target is not None:
        return (relation.target,)
    assert relation.morph is not None  # only a morph_to has no target
    return tuple(member.model for member in relation.morph.members)


def foreign_keys(model: Model) -> frozenset[str]:
    """Columns that a belongs_to sets."""
    return frozenset(
        column for relation in model.relations if relation.kind is RelationKind.BELONGS_TO for column in relation.local
    )


def is_given_by_database(model: Model, field: Field, column: Column) -> bool:
    """Whether a new object may leave the field unset, because the database or `timestamps` set it."""
    stamped = field.name in (model.created_at, model.updated_at)
    return stamped or column.auto_increment or column.default_sql is not None


def is_required(model: Model, field: Field, column: Column) -> bool:
    """Whether a new object needs a value for the field."""
    has_default = column.default is not None or field.default_code is not None
    optional = column.nullable or has_default or is_given_by_database(model, field, column)
    return not (optional or column.name in foreign_keys(model) or field.private)


def relation_type(relation: Relation, classes: Mapping[str, str]) -> str:
    """The annotation of an object given for a relation: `_user.User | None`."""
    union = " | ".join(classes[name] for name in targets_of(relation))
    return f"{union} | None" if relation.nullable else union


def constructor_of(model: Model, classes: Mapping[str, str], builtin: Builtins) -> ConstructorView:
    """The constructor of a model.

    Args:
        model: the model.
        classes: how its module writes the classes of related models.
        builtin: how it writes builtin names.
    """
    taken = [field.name for field in model.fields] + [relation.name for relation in model.relations]
    writer = _Writer(model, classes, builtin, "self" if "self" not in taken else "_self")
    parameters = [writer.receiver, "*", *writer.parameters()]
    return ConstructorView(
        signature("__init__", parameters, "None", _INDENT, ": ..."),
        signature("__init__", parameters, "None", _INDENT),
        (f"{writer.receiver}._row = None", *writer.lines()),
    )


class _Writer:
    """Sorts the fields of one model into those that must, may and need not be given."""

    def __init__(self, model: Model, classes: Mapping[str, str], builtin: Builtins, receiver: str) -> None:
        self._model = model
        self._classes = classes
        self._builtin = builtin
        self.receiver = receiver
        keys = foreign_keys(model)
        self._required: list[tuple[Field, Column]] = []
        self._optional: list[tuple[Field, Column]] = []
        self._late: list[tuple[Field, Column]] = []
        for field, column in zip(model.fields, model.table.columns, strict=True):
            if field.private or column.name in keys or field.name in model.computed:
                continue
            if is_given_by_database(model, field, column):
                self._late.append((field, column))
            elif is_required(model, field, column):
                self._required.append((field, column))
            else:
                self._optional.append((field, column))

    # --- parameters ------------------------------------------------------------------------------------------------

    def parameters(self) -> Iterator[Code]:
        """All parameters but the receiver, in order."""
        for field, column in self._required:
            yield f"{field.name}: {self._type(column)}"
        relations = owners(self._model)
        for relation in relations:
            if relation.target is None and not relation.nullable:
                yield f"{relation.name}: {relation_type(relation, self._classes)}"
        for field, column in self._optional:
            yield prefixed(f"{field.name}: {self._type(column)} = ", self._default(field, column))
        shown: set[str] = set()
        for relation in relations:
            if relation.target is not None:
                for name in relation.local:
                    if name not in shown:
                        shown.add(name)
                        column = self._model.table.column(name)
                        key = self._model.field_of(name)
                        yield prefixed(f"{key.name}: {self._type(column)} = ", self._key_default(key, column))
            if relation.target is not None or relation.nullable:
                yield f"{relation.name}: {relation_type(relation, self._classes)} = _i.UNSET"
        for field, column in self._late:
            yield f"{field.name}: {self._type(column)} = _i.UNSET"

    def _type(self, column: Column) -> str:
        return python_type(column.type, self._builtin, nullable=column.nullable)

    def _default(self, field: Field, column: Column) -> Code:
        if _is_made(field, column):
            return "_i.UNSET"
        return "None" if column.default is None else value(column.default.value, column.type)

    def _key_default(self, field: Field, column: Column) -> Code:
        return "_i.UNSET" if column.default is None else self._default(field, column)

    # --- body ------------------------------------------------------------------------------------------------------

    def lines(self) -> Iterator[str]:
        """The lines behind `self._row = None`."""
        me = self.receiver
        for field, column in (*self._required, *self._optional):
            if _is_made(field, column):
                yield from self._fresh(field, column)
            else:
                yield from _assigned(f"{me}.{field.name}", field.name, _BODY)
        set_already: set[str] = set()
        for relation in owners(self._model):
            required = f"required={not relation.nullable}"
            if relation.target is None:
                yield fitted(call("_r.morph_to", [me, string(relation.name), relation.name, required]), _BODY)
                continue
            keys: list[Code] = []
            for column_name in relation.local:
                name = self._model.field_of(column_name).name
                # A column that several relations share has its value from the first of them.
                keys.append(f"{me}.{name}" if name in set_already else name)
                set_already.add(name)
            yield fitted(
                call("_r.belongs_to", [me, string(relation.name), relation.name, tuple_of(keys), required]), _BODY
            )
        for field, _ in self._late:
            yield f"if {field.name} is not _r.UNSET:"
            for line in _assigned(f"{me}.{field.name}", field.name, _BODY + 4):
                yield f"    {line}"

    def _fresh(self, field: Field, column: Column) -> Iterator[str]:
        """A default that is made for each object."""
        name, made = field.name, _made(field, column)
        line = f"{self.receiver}.{name} = {flat(made)} if {name} is _r.UNSET else {name}"
        if _BODY + len(line) <= WIDTH and (isinstance(made, str) or not made.items):
            yield line
            return
        yield f"if {name} is _r.UNSET:"
        yield f"    {fitted(made, _BODY + 4, before=f'{name} = ')}"
        yield f"{self.receiver}.{name} = {name}"


def _assigned(target: str, name: str, indent: int) -> tuple[str, ...]:
    """An assignment; too long for a line, it is one of lists, which formatters leave alone whatever their width."""
    line = f"{target} = {name}"
    return (line,) if indent + len(line) <= WIDTH else (f"[{target}] = [", f"    {name},", "]")


_MAKERS: Mapping[CodeDefault, Code] = {
    CodeDefault.UUID4: call("_uuid.uuid4", []),
    CodeDefault.UUID7: call("_r.uuid7", []),
}


def _is_made(field: Field, column: Column) -> bool:
    """Whether the default is made for each object.

    That is what code makes; dicts and lists, which objects must not share; and uuids and the like, which are calls.
    """
    default = column.default
    if default is None:
        return field.default_code is not None
    is_call = column.type.kind is Kind.UUID or column.type.kind in COMPOSITE_VALUES or column.type.cast is not None
    return is_call or isinstance(default.value, dict | list)


def _made(field: Field, column: Column) -> Code:
    """The code that makes such a default."""
    if field.default_code is not None:
        return _MAKERS[field.default_code]
    assert column.default is not None  # it is made
    is_document = column.type.kind is Kind.JSON
    made = json_value(column.default.value) if is_document else value(column.default.value, column.type)
    if column.type.cast is None:
        return made
    return call("_r.from_default", [f"_CASTS[{string(column.type.cast.target)}]", made])
