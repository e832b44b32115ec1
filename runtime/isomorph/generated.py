"""Everything that generated code uses, under one name: `import isomorph.generated as _i`.

Not for applications. Changes here that break generated packages raise `PROTOCOL`.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, Union, cast

from typing_extensions import TypeVar

from isomorph import catalog
from isomorph.connections.settings import ConnectionSettings, Env, PoolSettings
from isomorph.orm.builder import QueryBuilder
from isomorph.orm.collection import Collection
from isomorph.orm.database import Database
from isomorph.orm.definition import Definition, Loader
from isomorph.orm.finding import find, find_or_fail
from isomorph.orm.keywords import UNSET
from isomorph.orm.loading.siblings import relating
from isomorph.orm.model import Model, ModelMeta, belongs_to, morph_to
from isomorph.orm.pivots import Pivot
from isomorph.orm.query import Query
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

if TYPE_CHECKING:
    # Generated classes have these for bases, for type checkers alone.
    from isomorph.orm.related import NoValues as NoValues
    from isomorph.orm.related import RelatedMany as RelatedMany
    from isomorph.orm.related import RelatedMorphTo as RelatedMorphTo
    from isomorph.orm.related import RelatedOne as RelatedOne
    from isomorph.orm.related import RelatedPivot as RelatedPivot
    from isomorph.orm.related import RelatedThrough as RelatedThrough
    from isomorph.orm.related import RelatedThroughOne as RelatedThroughOne
    from isomorph.orm.related import RelatedTo as RelatedTo

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
    "complete",
    "condition",
    "decrypted",
    "document",
    "find",
    "find_or_fail",
    "from_default",
    "frozenset_or_none",
    "load",
    "load_json",
    "members",
    "morph_to",
    "new",
    "read",
    "tuple_or_none",
    "uuid7",
]

E = TypeVar("E", bound=enum.Enum)
M = TypeVar("M", bound=Model)
Many = TypeVar("Many", bound="Collection[Any]")
One = TypeVar("One", bound="Model | None")
Q = TypeVar("Q", bound="Query[Any]")

Rows = Iterable[tuple[Any, ...]]
"""Driver rows with all columns of a table, in its order."""

new = object.__new__
"""Makes an object without its constructor, for loaders."""


def complete(model: type[Model], query: type[Query[Any]]) -> None:
    """Take over the query class of a model, and its row loaders: its static methods `_load_<dialect>`, else `_load`."""
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
    definition.query = object.__new__(query)._start(definition)


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
    from isomorph.orm.conditions import condition_of_scope  # noqa: PLC0415 - few scopes ask for it

    return condition_of_scope(model._definition, scope, given)


def all_of(*predicates: Predicate) -> Predicate:
    """True where all are."""
    return All(predicates)


def any_of(*predicates: Predicate) -> Predicate:
    """True where any is."""
    return AnyOf(predicates)
