"""Model: what every generated class inherits.

An instance is a plain slotted object. `_row` keeps the row it was loaded from (None for an object without one): changes
are found by comparison, so that reading and writing attributes costs what it costs on a hand-written class. The
class-level view, `User.name`, is served by the metaclass: a data descriptor there wins over the slot of that name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar, cast

from isomorph import catalog
from isomorph.errors import InvalidQuery, InvalidValue, MissingValue, NotSaved, PivotNotLoaded, RelationNotLoaded
from isomorph.orm import finding, writing
from isomorph.orm.aliases import ModelAlias
from isomorph.orm.definition import Definition
from isomorph.orm.inserting import InsertingFrom
from isomorph.orm.keywords import UNSET
from isomorph.orm.loadable import Loadable
from isomorph.orm.loading.siblings import lazily
from isomorph.orm.morphing import called
from isomorph.orm.plans import run
from isomorph.orm.properties import properties_of
from isomorph.orm.relations import Relation
from isomorph.orm.tallies import Tallied
from isomorph.orm.uuids import MAKERS
from isomorph.sql.naming import checked_name
from isomorph.sql.sources import TableSource

if TYPE_CHECKING:
    from isomorph.orm.related import Related
    from isomorph.sql.calculating import Numeric

__all__ = ["UNSET", "Model", "ModelMeta", "belongs_to", "morph_to"]

V = TypeVar("V")


class ModelMeta(type):
    """Base of the generated metaclasses, each of which carries one definition and shows its columns and relations."""

    _definition: Definition

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        definition = cls._definition
        for name, column in definition.columns.items():
            setattr(cls, name, _class_view(column))
        for relation in definition.model.relations:
            setattr(cls, relation.name, _class_view(Relation._make(definition, relation)))

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> Any:
        definition = mcs.__dict__.get("_definition")
        if definition is None:
            return super().__new__(mcs, name, bases, namespace)
        for relation in definition.model.relations:
            view = _lazy_view if definition.database.is_lazy else _instance_view
            namespace[relation.name] = view(definition.name, relation)
        namespace.update(properties_of(definition.model))
        return super().__new__(mcs, name, bases, {**namespace, "_definition": definition})


def _class_view(value: object) -> property:
    def read(_: object) -> object:
        return value

    return property(read)


def _instance_view(model: str, relation: catalog.Relation) -> property:
    slot = f"_{relation.name}"

    def read(self: object) -> object:
        try:
            return getattr(self, slot)
        except AttributeError:
            pass
        raise RelationNotLoaded(model, relation.name)

    return property(read)


def _lazy_view(_: str, relation: catalog.Relation) -> property:
    slot = f"_{relation.name}"

    def read(self: Model) -> object:
        try:
            return getattr(self, slot)
        except AttributeError:
            pass
        return lazily(self, relation)

    return property(read)


def _pivot(self: Model) -> object:
    """The row of the table between by which the object was reached."""
    try:
        return self._beside["pivot"]
    except (AttributeError, KeyError):
        pass
    raise PivotNotLoaded(self._definition.name)


def _related(self: Model) -> Related:
    """The relations of the object, each with its operations."""
    from isomorph.orm.related import Related  # noqa: PLC0415 - a program that only reads never needs it

    return Related(self)


class Model(Loadable, Tallied, InsertingFrom):
    """A row as an object. Generated classes add the fields, the typed constructor and the finders."""

    __slots__ = ("__weakref__", "_beside", "_row")

    _definition: Definition
    _row: tuple[Any, ...] | None
    _beside: dict[Any, Any]  # amounts, the pivot, ...: unset unless there are some

    # --- state ---

    @property
    def exists(self) -> bool:
        """Whether it has a row in the database, as far as this object knows."""
        return self._row is not None

    def is_dirty(self, *fields: str) -> bool:
        """Whether any of the fields (of all, without names) differs from the row that was loaded.

        Raises:
            UnknownField: a name is no field of the model.
        """
        changed = writing.dirty_fields(self)
        for field in fields:
            self._definition.column(field)
        return any(field in changed for field in fields) if fields else bool(changed)

    def get_dirty(self) -> dict[str, object]:
        """The changed fields with their new values."""
        return {field: getattr(self, field) for field in writing.dirty_fields(self)}

    def get_original(self, field: str) -> object:
        """The value of a field as it was loaded; the value now, for an object without a row.

        Raises:
            UnknownField: the model has no such field.
        """
        return writing.original(self, field)

    def discard_changes(self) -> Self:
        """Set every field back to the row that was loaded."""
        writing.discard(self)
        return self

    # --- queries ---

    @classmethod
    def alias(cls, name: str) -> type[Self]:
        """The model's table under another name, to join it to itself: `boss = User.alias("boss")`.

        It has the columns and relations of the model, and `query()`.

        Raises:
            InvalidValue: a name that no database takes, or the table's own.
        """
        definition = cls._definition
        table = definition.model.table.name
        if checked_name(name, f"{definition.name}.alias()").lower() == table.lower():
            raise InvalidValue(f"{definition.name}.alias()", f"another name than {table}", "the same")
        begin: Callable[[], Any] = getattr(cls, "query")  # noqa: B009 - not declared on the base
        return cast("type[Self]", ModelAlias(definition, TableSource(table, name), begin))

    # --- writing ---

    def save(self) -> Self:
        """Insert the object, or update the columns that changed; nothing is sent when none did.

        Raises:
            InvalidValue: a value that its column cannot hold.
            NotFound: its row is gone.
            StaleObject: the model has a version, and another writer changed the row since it was read.
            DatabaseError: the database refuses.
        """
        writing.save(self)
        return self

    def delete(self) -> bool:
        """Delete the row.

        Returns:
            Whether there was one.

        Raises:
            NotSaved: the object has no row.
            StaleObject: the model has a version, and another writer changed the row since it was read.
        """
        return writing.delete(self)

    def refresh(self) -> Self:
        """Read the row again, dropping changes and loaded relations.

        Raises:
            NotSaved: the object has no row.
            NotFound: its row is gone.
        """
        writing.refresh(self)
        return self

    def touch(self) -> Self:
        """Set the model's `updated_at` to now and save.

        Raises:
            InvalidQuery: the model keeps no such time.
        """
        field = self._definition.model.updated_at
        if field is None:
            raise InvalidQuery(f"touch(): {self._definition.name} keeps no updated_at", "add timestamps = true to it")
        setattr(self, field, dt.datetime.now(dt.UTC))
        return self.save()

    def increment(self, column: Numeric[Any, V], by: V | Literal[1] = 1) -> Self:
        """Add to a number in the database, whatever others wrote to it meanwhile, and read the result back.

        Raises:
            NotSaved: the object has no row.
            NotFound: its row is gone.
        """
        run(self._definition.executor, writing.add(self, column, by))
        return self

    def decrement(self, column: Numeric[Any, V], by: V | Literal[1] = 1) -> Self:
        """Subtract from a number in the database; see `increment`."""
        run(self._definition.executor, writing.add(self, column, by, minus=True))
        return self

    def fill(self, values: Mapping[str, object]) -> Self:
        """Set fields from untyped input.

        Raises:
            UnknownField: a name is no field of the model.
            NotFillable: a field is not `fillable`.
            InvalidValue: a value that its column cannot hold.
        """
        for field, value in writing.fillable(self._definition, values).items():
            setattr(self, field, value)
        return self

    def replicate(self) -> Self:
        """An unsaved object with the same values but for what the database, `timestamps` or `default_code` give."""
        definition = self._definition
        made = type(self).__new__(type(self))
        made._row = None
        stamped = {definition.model.created_at, definition.model.updated_at, definition.model.version}
        for position in definition.given:
            name, slot = definition.fields[position], definition.slots[position]
            if name not in stamped and position not in definition.key:
                setattr(made, slot, deepcopy(getattr(self, slot)))
        for field in definition.model.fields:
            if field.default_code is not None:
                setattr(made, field.name, MAKERS[field.default_code]())
        return made

    def to_dict(self) -> dict[str, object]:
        """The fields that are set and not hidden, by name."""
        found: dict[str, object] = {}
        for field in self._definition.model.fields:
            if not field.private and not field.hidden and hasattr(self, field.name):
                found[field.name] = getattr(self, field.name)
        return found

    # --- as a Python object ---

    def __repr__(self) -> str:
        kept = self._definition.encrypted  # what is secret at rest does not belong into a log
        shown = ", ".join(f"{name}={value!r}" for name, value in self.to_dict().items() if name not in kept)
        return f"{type(self).__name__}({shown})"

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Model) or other._definition.model is not self._definition.model:
            return NotImplemented
        if self._row is None or other._row is None:
            return False
        return writing.key_of(self) == writing.key_of(other)

    def __hash__(self) -> int:
        if self._row is None:
            raise TypeError(f"this {type(self).__name__} has no row, so no key to hash (save it first)")
        return hash((self._definition.name, writing.key_of(self)))

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...], dict[str, object]]:
        # The state comes after the object, which it may lead back to by way of loaded relations.
        return _blank, (type(self),), writing.state(self)

    def __setstate__(self, state: Mapping[str, object]) -> None:
        writing.set_state(self, state)

    def __copy__(self) -> Self:
        made = type(self).__new__(type(self))
        writing.set_state(made, writing.state(self))
        return made

    def __dir__(self) -> list[str]:
        # Whoever looks at all that is listed, as mocks do, must neither fail nor load anything.
        listed = {*object.__dir__(self), *self._definition.public}
        listed -= {item.name for item in self._definition.model.relations if not hasattr(self, f"_{item.name}")}
        if "pivot" not in getattr(self, "_beside", {}):
            listed.discard("pivot")
        return sorted(listed)

    if not TYPE_CHECKING:
        # To type checkers only members of a relation with a table between have it.
        pivot = property(_pivot)
        # Generated classes declare the rest: with the relations, keys and fields that they have.
        related = property(_related)
        query = classmethod(finding.query)
        all = classmethod(finding.all_)
        find_many = classmethod(finding.find_many)
        create = classmethod(finding.create)
        create_from = classmethod(finding.create_from)
        insert_many = classmethod(finding.insert_many)
        upsert = classmethod(finding.upsert)
        first_or_create = classmethod(finding.first_or_create)
        create_or_first = classmethod(finding.create_or_first)
        update_or_create = classmethod(finding.update_or_create)
        update = finding.changed


def _blank(model: type[Model]) -> Model:
    return model.__new__(model)


def _is_object(related: Any, definition: Definition) -> bool:
    """Whether something is an object of a model of the same package."""
    return isinstance(related, Model) and related._definition.database is definition.database


def belongs_to(made: Model, relation: str, related: Any, keys: tuple[Any, ...], *, required: bool) -> None:
    """Set the foreign key of a new object from a related object, or from the key's values.

    Args:
        made: the new object.
        relation: name of the relation.
        related: the related object, None, or UNSET when the caller gave none.
        keys: values of the key's fields, in the relation's order; UNSET where the caller gave none.
        required: whether the new row needs it.

    Raises:
        MissingValue: required, and neither was given.
        NotSaved: the related object has no row to point to.
    """
    definition = made._definition
    fields = definition.foreign_keys[relation]
    if related is not UNSET:
        if related is not None:
            found = definition.model.relation(relation)
            if not _is_object(related, definition) or related._definition.name != found.target:
                raise InvalidValue(f"{definition.name}.{relation}", f"a {found.target}", called(related, definition))
            if related._row is None:
                raise NotSaved(related._definition.name, f"{definition.name}({relation}=...)")
            target = related._definition.model
            keys = tuple(getattr(related, target.field_of(column).name) for column in found.remote)
        else:
            keys = (None,) * len(fields)
        setattr(made, f"_{relation}", related)
    elif UNSET in keys:
        if required:
            raise MissingValue(definition.name, (f"{relation} or {' and '.join(fields)}",))
        keys = tuple(None if key is UNSET else key for key in keys)
    for field, key in zip(fields, keys, strict=True):
        setattr(made, field, key)


def morph_to(made: Model, relation: str, related: Any, *, required: bool) -> None:
    """Set the columns by which a new object points to one of several models from a related object.

    Raises:
        MissingValue: required, and not given.
        NotSaved: the related object has no row to point to.
        InvalidValue: the object is of a model that is no member of the relation.
    """
    definition = made._definition
    found = definition.model.relation(relation)
    morph = found.morph
    assert morph is not None  # the generator calls this for morph_to only
    name: str | None = None
    key: object = None
    if related is UNSET or related is None:
        if required:
            raise MissingValue(definition.name, (relation,))
    else:
        if not _is_object(related, definition) or morph.member(related._definition.name) is None:
            known = " or ".join(member.model for member in morph.members)
            raise InvalidValue(f"{definition.name}.{relation}", f"a {known}", called(related, definition))
        name = related._definition.name
        if related._row is None:
            raise NotSaved(related._definition.name, f"{definition.name}({relation}=...)")
        (key,) = writing.key_of(related)
    if related is not UNSET:
        setattr(made, f"_{relation}", related)
    for column, value in morph.pointing(name, key).items():
        setattr(made, definition.model.field_of(column).name, value)
