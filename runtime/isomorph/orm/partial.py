"""Partial models: objects of which a query read some fields only.

Owns the class of such objects, one for each set of fields: it is a subclass of the model whose other fields raise when
they are read, so that whole objects keep their plain slots. What saving needs comes along: the key, the version, the
time of the last change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self
from weakref import WeakKeyDictionary

from isomorph import dialects
from isomorph.catalog import RelationKind
from isomorph.errors import FieldNotLoaded, InvalidQuery, InvalidValue, IsomorphError, RelationNotLoaded
from isomorph.orm import writing
from isomorph.orm.binding import Bindings
from isomorph.orm.definition import Definition, Loader, by_shape, tuple_getter
from isomorph.orm.loading.siblings import relating
from isomorph.sql.kinds import Column
from isomorph.sql.statics import Statements

if TYPE_CHECKING:
    from isomorph.orm.model import Model

__all__ = ["PartialDefinition", "partial_of", "positions_of"]


# --- which fields ------------------------------------------------------------------------------------------------------


def positions_of(definition: Definition, table: str, columns: Sequence[Column[Any]]) -> tuple[int, ...]:
    """The positions of columns that a caller names.

    Args:
        definition: the model.
        table: what the query calls its table.
        columns: columns of the model, or of the alias that the query is of.

    Raises:
        InvalidQuery: none, or a column of another model.
        InvalidValue: something that is no column.
    """
    if not columns:
        raise InvalidQuery("only() without columns", "name at least one")
    found: list[int] = []
    for column in columns:
        if not isinstance(column, Column):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue("only()", "columns such as User.name", type(column).__name__)
        own = definition.columns.get(column.field)
        if own is None or own.model != column.model or column.table not in (own.table, table):
            raise InvalidQuery(
                f"{column._where()} is no field of {definition.name}", f"name columns of {definition.name}"
            )
        found.append(definition.positions[column.field])
    return tuple(found)


def partial_of(definition: Definition, positions: Iterable[int]) -> Definition:
    """The definition of objects that hold the fields at these positions, and what saving them needs.

    Returns:
        The model's own when that is all of them.
    """
    wanted = {*positions, *definition.key}
    if definition.version is not None:
        wanted.add(definition.version)
    if definition.model.updated_at is not None:
        wanted.add(definition.positions[definition.model.updated_at])
    for relation in definition.touches:
        wanted.update(definition.positions[definition.model.field_of(column).name] for column in relation.own_columns)
    if len(wanted) == len(definition.fields):
        return definition
    known = _PARTIAL.setdefault(definition, {})
    key = tuple(sorted(wanted))
    found = known.get(key)
    if found is None:
        if len(known) >= _MOST:
            known.clear()
        found = known[key] = PartialDefinition(definition, key)
    return found


_MOST = 100
"""Sets of fields that are kept for a model; their objects keep theirs by themselves."""

_PARTIAL: WeakKeyDictionary[Definition, dict[tuple[int, ...], PartialDefinition]] = WeakKeyDictionary()


# --- definitions -------------------------------------------------------------------------------------------------------


class PartialDefinition(Definition):
    """A definition whose positions count some of the columns only.

    Attributes:
        whole: that of the model.
        taken: the positions of its columns in `whole`.
        class_: the class of the objects.
    """

    def __init__(self, whole: Definition, taken: tuple[int, ...]) -> None:
        """Take everything over, and count anew what is counted by position.

        Args:
            whole: that of the model.
            taken: the positions of the columns, in their order.
        """
        self.__dict__.update(whole.__dict__)
        place = {position: number for number, position in enumerate(taken)}
        self.whole, self.taken = whole, taken
        self.fields = tuple([whole.fields[position] for position in taken])
        self.slots = tuple([whole.slots[position] for position in taken])
        self.column_names = tuple([whole.column_names[position] for position in taken])
        self.codecs = tuple([whole.codecs[position] for position in taken])
        self.positions = {name: number for number, name in enumerate(self.fields)}
        self.key = tuple([place[position] for position in whole.key])
        self.values = tuple_getter(self.slots)
        self.given = tuple([place[position] for position in whole.given if position in place])
        self.version = None if whole.version is None else place[whole.version]
        self.generated = {
            place[position]: None if sources is None else frozenset([place[item] for item in sources if item in place])
            for position, sources in whole.generated.items()
            if position in place
        }
        self.keepers = {place[position]: keeper for position, keeper in whole.keepers.items() if position in place}
        self.shaped, self._truths = by_shape(self.keepers)
        self.documents = frozenset([place[position] for position in whole.documents if position in place])
        self._all = range(len(self.fields))
        self.bindings = Bindings(self)
        self.statements = {name: self._narrowed(name, statements) for name, statements in whole.statements.items()}
        assert whole.model_class is not None  # nothing is queried before the module is complete
        self.class_ = _class_of(whole.model_class, self)
        self.loaders = {name: _loader(self, self.class_, name) for name in whole.loaders}

    def column(self, field: str) -> Column[Any]:
        """The column of a field.

        Raises:
            UnknownField: the model has no such field.
            FieldNotLoaded: these objects do not hold it.
        """
        found = self.whole.column(field)
        if field not in self.positions:
            raise FieldNotLoaded(self.name, field)
        return found

    def _narrowed(self, dialect: str, statements: Statements) -> Statements:
        quoted, place = dialects.get(dialect).quoted, dialects.get(dialect).placeholder
        columns = ", ".join(map(quoted, self.column_names))
        select = f"SELECT {columns} FROM {quoted(self.model.table.name)}"
        key = " AND ".join(f"{quoted(name)} = {place}" for name in self.model.table.primary_key)
        return replace(statements, select=select, find=f"{select} WHERE {key}")


def _loader(definition: PartialDefinition, class_: type[Model], dialect: str) -> Loader:
    loads = [codec.loads[dialect] for codec in definition.codecs]
    slots = definition.slots

    def load(rows: Iterable[tuple[Any, ...]]) -> list[Any]:
        found: list[Any] = []
        for row in rows:
            made = class_.__new__(class_)
            values = tuple(
                [
                    value if load is None or value is None else load(value)
                    for load, value in zip(loads, row, strict=True)
                ]
            )
            for slot, value in zip(slots, values, strict=True):
                setattr(made, slot, value)
            made._row = definition.kept(values)
            found.append(made)
        return found

    return relating(load) if definition.database.is_lazy else load


# --- classes -----------------------------------------------------------------------------------------------------------


def _class_of(model: type[Model], definition: PartialDefinition) -> type[Model]:
    """A subclass of a model whose objects hold the fields of a definition."""
    namespace: dict[str, Any] = {
        "__slots__": (),
        "__module__": model.__module__,
        "__qualname__": model.__qualname__,
        "__doc__": model.__doc__,
        "_definition": definition,
    }
    # Nobody can name the columns of a morph_to in only(): what lacks them lacks the relation.
    morphs = {
        definition.model.field_of(column).name: relation.name
        for relation in definition.model.relations
        if relation.kind is RelationKind.MORPH_TO
        for column in relation.own_columns
    }
    for field in definition.whole.fields:
        if field not in definition.positions:
            lacking = RelationNotLoaded if field in morphs else FieldNotLoaded
            namespace[field] = _missing(lacking, definition.name, morphs.get(field, field))
    # Not by way of its metaclass's own __new__, which is for the model itself.
    return type.__new__(type(model), model.__name__, (_Partial, model), namespace)


def _missing(error: Callable[[str, str], IsomorphError], model: str, name: str) -> property:
    def read(_made: Any) -> object:
        raise error(model, name)

    def write(_made: Any, _value: object) -> None:
        raise error(model, name)

    return property(read, write)


def _blank(model: type[Model], fields: tuple[str, ...]) -> Model:
    """An object without values, for a pickle of one."""
    definition = model._definition
    found = partial_of(definition, [definition.positions[field] for field in fields])
    class_ = found.class_ if isinstance(found, PartialDefinition) else model
    return class_.__new__(class_)


class _Partial:
    """What objects that hold some fields only do otherwise."""

    __slots__ = ()

    if TYPE_CHECKING:
        _definition: PartialDefinition
        _row: tuple[Any, ...] | None

    def save(self) -> Self:
        made: Any = self
        if self._row is None:
            raise InvalidQuery(f"save() of a part of a {self._definition.name} without a row", "make a whole one")
        writing.save(made)
        return self

    def replicate(self) -> Self:
        raise InvalidQuery(
            f"replicate() of a part of a {self._definition.name}", "read it whole: drop only() from the query"
        )

    def to_dict(self) -> dict[str, object]:
        fields = self._definition.model.fields
        loaded = self._definition.positions
        return {
            field.name: getattr(self, field.name)
            for field in fields
            if field.name in loaded and not field.private and not field.hidden
        }

    def __dir__(self) -> list[str]:
        lacking = {*self._definition.whole.fields} - {*self._definition.positions}
        return [name for name in super().__dir__() if name not in lacking]

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...], Mapping[str, object]]:
        made: Any = self
        definition = self._definition
        return _blank, (definition.whole.model_class, definition.fields), writing.state(made)
