"""Everything that generated code uses, under one name: `import isomorph.generated as _i`.

Not for applications. Changes here that break generated packages raise `PROTOCOL`.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Union, cast

from typing_extensions import TypeVar

from isomorph import catalog, limits
from isomorph.connections.settings import ConnectionSettings, Env, PoolSettings
from isomorph.errors import InvalidValue, NotFound
from isomorph.orm import bulk, upserting, writing
from isomorph.orm.builder import QueryBuilder
from isomorph.orm.collection import Collection
from isomorph.orm.conditions import condition_of_scope
from isomorph.orm.database import Database
from isomorph.orm.definition import Definition, Loader
from isomorph.orm.loading.siblings import relate, relating
from isomorph.orm.model import UNSET, Model, ModelMeta, belongs_to, morph_to
from isomorph.orm.pivots import Pivot
from isomorph.orm.plans import run
from isomorph.orm.query import Query
from isomorph.orm.related import (
    NoValues,
    RelatedMany,
    RelatedMorphTo,
    RelatedOne,
    RelatedPivot,
    RelatedThrough,
    RelatedThroughOne,
    RelatedTo,
)
from isomorph.orm.relations import NoObject, NotIncluded, RelationTo
from isomorph.orm.scoping import guards_of
from isomorph.orm.uuids import uuid7
from isomorph.sql.assignments import Assignment
from isomorph.sql.codecs import Cast, JsonInput, JsonValue, Members, codec_for
from isomorph.sql.codecs.casts import CastClass, Converter, Document
from isomorph.sql.columns import (
    BigIntColumn,
    BoolColumn,
    BytesColumn,
    CharColumn,
    DateColumn,
    DateTimeColumn,
    DecimalColumn,
    DoubleColumn,
    EnumColumn,
    IntColumn,
    IntervalColumn,
    JsonColumn,
    RealColumn,
    SmallIntColumn,
    StringColumn,
    TextColumn,
    TimeColumn,
    TimestampTzColumn,
    TinyIntColumn,
    UuidColumn,
)
from isomorph.sql.composites import (
    ArrayColumn,
    CidrColumn,
    CustomColumn,
    DocumentColumn,
    EncryptedColumn,
    InetColumn,
    MacAddrColumn,
    RangeColumn,
    SetColumn,
    ShapeColumn,
    TsVectorColumn,
)
from isomorph.sql.expressions import All, AnyOf, Predicate
from isomorph.sql.kinds import Column
from isomorph.sql.readonly import ReadOnly
from isomorph.sql.statics import Statements
from isomorph.values import Geometry, LineString, Point, Polygon, Range
from isomorph.values.networks import Address, Network

__all__ = [
    "UNSET",
    "Address",
    "ArrayColumn",
    "Assignment",
    "BigIntColumn",
    "BoolColumn",
    "BytesColumn",
    "CharColumn",
    "CidrColumn",
    "Collection",
    "Column",
    "ConnectionSettings",
    "CustomColumn",
    "Database",
    "DateColumn",
    "DateTimeColumn",
    "DecimalColumn",
    "Definition",
    "DocumentColumn",
    "DoubleColumn",
    "EncryptedColumn",
    "EnumColumn",
    "Env",
    "Geometry",
    "InetColumn",
    "IntColumn",
    "IntervalColumn",
    "JsonColumn",
    "JsonInput",
    "JsonValue",
    "LineString",
    "MacAddrColumn",
    "Many",
    "Model",
    "ModelMeta",
    "Network",
    "NoObject",
    "NoValues",
    "NotIncluded",
    "One",
    "Pivot",
    "Point",
    "Polygon",
    "PoolSettings",
    "Predicate",
    "Query",
    "QueryBuilder",
    "Range",
    "RangeColumn",
    "ReadOnly",
    "RealColumn",
    "RelatedMany",
    "RelatedMorphTo",
    "RelatedOne",
    "RelatedPivot",
    "RelatedThrough",
    "RelatedThroughOne",
    "RelatedTo",
    "RelationTo",
    "Rows",
    "SetColumn",
    "ShapeColumn",
    "SmallIntColumn",
    "Statements",
    "StringColumn",
    "TextColumn",
    "TimeColumn",
    "TimestampTzColumn",
    "TinyIntColumn",
    "TsVectorColumn",
    "TypeVar",
    "Union",
    "UuidColumn",
    "all_of",
    "any_of",
    "belongs_to",
    "cast_class",
    "changed",
    "complete",
    "condition",
    "create_from",
    "create_or_first",
    "decrypted",
    "document",
    "find",
    "find_many",
    "find_scoped",
    "first_or_create",
    "from_default",
    "frozenset_or_none",
    "insert_many",
    "load",
    "load_json",
    "members",
    "morph_to",
    "query",
    "read",
    "required",
    "tuple_or_none",
    "update_or_create",
    "upsert",
    "uuid7",
]

E = TypeVar("E", bound=enum.Enum)
M = TypeVar("M", bound=Model)
Many = TypeVar("Many", bound="Collection[Any]")
One = TypeVar("One", bound="Model | None")
Q = TypeVar("Q", bound="Query[Any]")

Rows = Iterable[tuple[Any, ...]]
"""Driver rows with all columns of a table, in its order."""


def complete(model: type[Model]) -> None:
    """Take over the row loaders of a model: its static methods `_load_<dialect>`, else `_load`."""
    definition = model._definition
    definition.model_class = model
    loaders: dict[str, Loader] = {}
    for dialect in definition.statements:
        found: Loader | None = getattr(model, f"_load_{dialect}", None)
        load_rows = getattr(model, "_load") if found is None else found  # noqa: B009 - not declared on the base
        loaders[dialect] = relating(load_rows) if definition.database.is_lazy else load_rows
    definition.loaders = loaders
    if definition.model.global_scopes:
        definition.guards = guards_of(definition, getattr(model, "query"))  # noqa: B009 - as above


load_json: Callable[[str], Any] = json.JSONDecoder().decode
"""A JSON text as a document; faster than `json.loads`, which first finds out what it was given."""


def load(dialect: str, type_: catalog.ColumnType, enum_class: type[enum.Enum] | None = None) -> Callable[[Any], Any]:
    """The conversion of a driver's values of a type, for loaders that do not convert inline.

    Args:
        dialect: whose driver.
        type_: the column type.
        enum_class: the class of the members of a set or an array.
    """
    found = codec_for(type_, enum_class).loads[dialect]
    assert found is not None  # the generator asks only where there is one
    return found


def cast_class(class_: Callable[[], Cast[Any, Any]]) -> Converter:
    """A cast class of the application, made once."""
    return CastClass(class_())


def document(class_: type[Any]) -> Converter:
    """A pydantic model of the application, as which JSON documents are read."""
    return Document(class_)


def from_default(converter: Converter, value: Any) -> Any:
    """The value of an attribute with a cast for a default of its column."""
    return converter.made(value)


def decrypted(database: Database) -> Callable[[Any], Any]:
    """The conversion of encrypted texts, for loaders."""
    return database.cipher.decrypted


def tuple_or_none(items: list[Any] | None) -> tuple[Any, ...] | None:
    """The form in which rows keep a list that may be None."""
    return None if items is None else tuple(items)


def frozenset_or_none(members: AbstractSet[Any] | None) -> frozenset[Any] | None:
    """The form in which rows keep a set that may be None."""
    return None if members is None else frozenset(members)


def read(
    dialect: str, type_: catalog.ColumnType, converter: Converter, enum_class: type[enum.Enum] | None = None
) -> Callable[[Any], tuple[Any, Any]]:
    """The conversion of a driver's values of a type with a cast: to the attribute's value, and to what the row keeps.

    Args:
        dialect: whose driver.
        type_: the column type.
        converter: what makes the attribute's value.
        enum_class: the class of the members of a set or an array.
    """
    return codec_for(type_, enum_class, converter).reader(dialect)


def members(class_: type[E]) -> Mapping[str, E]:
    """The members of an enum by what is stored for them; looking up another text raises InvalidValue."""
    return cast("Mapping[str, E]", Members(class_))


def condition(model: type[Model], scope: str, given: Mapping[str, object]) -> Predicate:
    """The condition of a scope that columns' operators cannot say."""
    return condition_of_scope(model._definition, scope, given)


def all_of(*predicates: Predicate) -> Predicate:
    """True where all are."""
    return All(predicates)


def any_of(*predicates: Predicate) -> Predicate:
    """True where any is."""
    return AnyOf(predicates)


def query(query_class: type[Q], model: type[Model]) -> Q:
    """A fresh query over a model."""
    return object.__new__(query_class)._start(model._definition)


def changed(made: M, changes: Mapping[str, Any]) -> M:
    """Set fields of an object and save it."""
    for field in changes:
        made._definition.column(field)
    for field, value in changes.items():
        setattr(made, field, value)
    return made.save()


def find(model: type[M], key: tuple[object, ...]) -> M | None:
    """The object with that key, or None.

    Raises:
        InvalidValue: a key of the wrong type.
    """
    definition = model._definition
    executor = definition.executor
    name = executor.dialect.name
    parameters = tuple(
        [_bound_key(definition, position, part, name) for position, part in zip(definition.key, key, strict=True)]
    )
    row = executor.fetch_one(definition.statements[name].find, parameters)
    return None if row is None else cast(M, definition.loaders[name]((row,))[0])


def find_scoped(model: type[M], key: tuple[object, ...]) -> M | None:
    """The object with that key among those that the model's global scopes let through, or None.

    Raises:
        InvalidValue: a key of the wrong type.
    """
    definition = model._definition
    executor = definition.executor
    checked = _checked_key(definition, key)
    rows = run(executor, bulk.by_keys(definition, [checked], executor, definition.guards))
    return cast("M", rows[0]) if rows else None


def _bound_key(definition: Definition, position: int, part: object, dialect: str) -> object:
    codec = definition.codecs[position]
    checked = codec.compared(part, f"{definition.name}.{definition.fields[position]}")
    bind = codec.binds[dialect]
    return checked if bind is None or checked is None else bind(checked)


def _checked_key(definition: Definition, key: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(
        [
            definition.codecs[position].compared(part, f"{definition.name}.{definition.fields[position]}")
            for position, part in zip(definition.key, key, strict=True)
        ]
    )


def required(found: M | None, model: type[Model]) -> M:
    """The object that was found.

    Raises:
        NotFound: none was.
    """
    if found is None:
        raise NotFound(model._definition.name)
    return found


def find_many(model: type[M], keys: Iterable[tuple[object, ...]]) -> Collection[M]:
    """The objects with these keys, in the order of the keys; those missing, or hidden by a global scope, are left out.

    Raises:
        InvalidValue: a key of the wrong type.
        LimitExceeded: more keys than `limits.in_list`.
    """
    definition = model._definition
    given = limits.listed(keys, f"{definition.name}.find_many")
    wanted = list(dict.fromkeys([_checked_key(definition, key) for key in given]))
    if not wanted:
        return Collection()
    executor = definition.executor
    rows = run(executor, bulk.by_keys(definition, wanted, executor, definition.guards))
    return Collection(cast("list[M]", rows))


def insert_many(model: type[M], rows: Iterable[Mapping[str, Any]]) -> Collection[M]:
    """Insert rows with few statements; see the generated method."""
    made = _built(model, rows, "insert_many")
    executor = model._definition.executor
    run(executor, bulk.insert_many(made, executor))
    if model._definition.database.is_lazy:
        relate(made)
    return Collection(made)


def _built(model: type[M], rows: Iterable[Mapping[str, Any]], what: str) -> list[M]:
    if not isinstance(rows, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValue(f"{model._definition.name}.{what}", "a list of mappings", type(rows).__name__)
    return [writing.built(model, row) for row in rows]


def upsert(
    model: type[M],
    rows: Iterable[Mapping[str, Any]],
    unique: Sequence[Column[Any]],
    update: Sequence[Column[Any] | Assignment] | None,
    where: Predicate | None,
) -> Collection[M]:
    """Insert rows, or update those whose unique key exists; see the generated method."""
    executor = model._definition.executor
    made = _built(model, rows, "upsert")
    return Collection(run(executor, upserting.upsert(made, unique, update, where, executor)))


def first_or_create(model: type[M], match: Mapping[str, Any], values: Mapping[str, Any]) -> M:
    """The first row that matches, else a new one."""
    executor = model._definition.executor
    return run(executor, bulk.first_or_create(model, match, values, executor))


def create_or_first(model: type[M], match: Mapping[str, Any], values: Mapping[str, Any]) -> M:
    """A new row, else the one in its way."""
    executor = model._definition.executor
    return run(executor, bulk.create_or_first(model, match, values, executor))


def update_or_create(model: type[M], match: Mapping[str, Any], values: Mapping[str, Any]) -> M:
    """The first row that matches, changed; else a new one."""
    executor = model._definition.executor
    return run(executor, bulk.update_or_create(model, match, values, executor))


def create_from(model: type[M], values: Mapping[str, object]) -> M:
    """Insert a row from untyped input.

    Raises:
        UnknownField: a name is no field of the model.
        NotFillable: a field is not `fillable`.
        MissingValue: a new row needs other fields, too.
        InvalidValue: a value that its column cannot hold.
    """
    return writing.built(model, writing.fillable(model._definition, values)).save()
