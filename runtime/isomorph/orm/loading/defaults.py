"""What stands for a related object that is not there: an unsaved one, with the values that the schema gives it."""

from __future__ import annotations

import enum
import ipaddress
import uuid
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from isomorph import values as composites
from isomorph.catalog import RANGES, SHAPES, ColumnType, Kind, RelationKind
from isomorph.orm.uuids import MAKERS

if TYPE_CHECKING:
    from isomorph.orm.model import Model
    from isomorph.orm.relations import Relation
    from isomorph.sql.codecs import Codec

__all__ = ["default_of"]


def default_of(relation: Relation[Any], owner: Model) -> Model:
    """An object without a row, for an object that a relation with a default leads nowhere from.

    It has the values of the relation, else those that new rows get from code, else None where the column takes it; what
    is left is not set. Where it would hold the foreign key, it points to the owner, so that it can be saved.
    """
    found, target = relation._relation, relation._leads_to
    model, class_ = target.model, target.model_class
    assert class_ is not None  # nothing is loaded before the module is complete
    made = class_.__new__(class_)
    made._row = None
    given = dict(found.default or ())
    for field, column, codec in zip(model.fields, model.table.columns, target.codecs, strict=True):
        if field.name in target.computed:
            continue
        default = given.get(field.name, column.default)
        if default is not None:
            setattr(made, field.name, _value(default.value, codec))
        elif field.default_code is not None:
            setattr(made, field.name, MAKERS[field.default_code]())
        elif column.nullable and column.default_sql is None:
            setattr(made, field.name, None)
    if found.kind is not RelationKind.BELONGS_TO:
        for local, remote in zip(found.local, found.remote, strict=True):
            setattr(made, model.field_of(remote).name, getattr(owner, relation._definition.model.field_of(local).name))
        for name, value in ({} if found.morph is None else found.morph.filled).items():
            setattr(made, model.field_of(name).name, value)
    return made


def _value(given: Any, codec: Codec) -> object:
    """The value of an attribute for a constant of its column, which nobody else holds."""
    plain = _plain(given, codec.type, codec.enum_class)
    return plain if codec.converter is None else codec.converter.made(plain)


def _plain(given: Any, type_: ColumnType, class_: type[enum.Enum] | None) -> Any:
    make = _MAKERS.get(type_.kind)
    return deepcopy(given) if given is None or make is None else make(given, type_, class_)


def _array(given: Any, type_: ColumnType, class_: type[enum.Enum] | None) -> Any:
    assert type_.item is not None  # it is an array
    return [_plain(item, type_.item, class_) for item in given]


def _member(given: Any, _: ColumnType, class_: type[enum.Enum] | None) -> Any:
    assert class_ is not None  # an enum and a set of one have it
    return class_(given)


def _range(given: Any, type_: ColumnType, class_: type[enum.Enum] | None) -> Any:
    if given.get("empty"):
        return composites.Range(empty=True)
    bound = ColumnType(RANGES[type_.kind])
    lower, upper = [_plain(given.get(name), bound, class_) for name in ("lower", "upper")]
    return composites.Range(lower, upper, given["bounds"])


def _shape(given: Any, _type: ColumnType, _class: type[enum.Enum] | None) -> Any:
    coordinates = given["coordinates"]
    shape = getattr(composites, given["type"])
    return shape(*coordinates) if given["type"] == "Point" else shape(_points(coordinates))


def _points(coordinates: Any) -> Any:
    """A pair of numbers, or a list of what is made of such."""
    return tuple(coordinates) if isinstance(coordinates[0], float) else [_points(item) for item in coordinates]


_MAKERS: Mapping[Kind, Callable[[Any, ColumnType, type[enum.Enum] | None], Any]] = {
    Kind.ENUM: _member,
    Kind.SET: lambda given, type_, class_: {_member(item, type_, class_) for item in given},
    Kind.ARRAY: _array,
    Kind.UUID: lambda given, _type, _class: uuid.UUID(given),
    Kind.BYTES: lambda given, _type, _class: given.encode(),
    **dict.fromkeys((Kind.REAL, Kind.DOUBLE), lambda given, _type, _class: float(given)),
    Kind.INET: lambda given, _type, _class: ipaddress.ip_address(given),
    Kind.CIDR: lambda given, _type, _class: ipaddress.ip_network(given),
    **dict.fromkeys(RANGES, _range),
    **dict.fromkeys(SHAPES, _shape),
}
"""What makes the value of a kind, where the catalog has another form of it."""
