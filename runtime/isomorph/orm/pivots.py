"""Rows of tables between two models: beside an object that was reached over one, and as columns of a query.

Owns what is known of such a table: of one with a model all that the model says, of one without its columns by name.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from itertools import repeat
from typing import TYPE_CHECKING, Any, NoReturn, cast

from isomorph import catalog
from isomorph.catalog import Kind
from isomorph.errors import InvalidQuery
from isomorph.orm.definition import column_class
from isomorph.sql.codecs import codec_for

if TYPE_CHECKING:
    from isomorph.orm.database import Database
    from isomorph.orm.definition import Definition
    from isomorph.sql.kinds import Column

__all__ = ["Pivot", "PivotColumns", "pivot_columns", "pivots_of", "read_off"]


class Pivot:
    """A row of a table between two models that has no model of its own: `role.pivot`. Its columns are attributes.

    To write it, say `user.related.roles.update_existing_pivot(role, ...)`.
    """

    __slots__ = ("_names", "_values")

    _names: Mapping[str, int]
    _values: tuple[Any, ...]

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name in Pivot.__slots__:  # not set yet: a copy in the making
                raise AttributeError(name)
            try:
                return self._values[self._names[name]]
            except KeyError:
                pass
            raise AttributeError(f"the pivot has no column {name!r}, but {', '.join(self._names)}")

        def __setattr__(self, name: str, value: object) -> NoReturn:
            raise AttributeError("a pivot is only read; update_existing_pivot() of the relation writes it")

    def to_dict(self) -> dict[str, object]:
        """Its columns by name."""
        return {name: self._values[place] for name, place in self._names.items()}

    def __repr__(self) -> str:
        return f"Pivot({', '.join(f'{name}={value!r}' for name, value in self.to_dict().items())})"

    def __eq__(self, other: object) -> bool:
        return self.to_dict() == other.to_dict() if isinstance(other, Pivot) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self.to_dict().items()))

    def __dir__(self) -> list[str]:
        return [*object.__dir__(self), *self._names]

    def __reduce__(self) -> tuple[Callable[..., Pivot], tuple[object, ...]]:
        return pivot_of, (self.to_dict(),)


# A pivot refuses to be written.
_set_names, _set_values = [cast("Callable[[Pivot, Any], None]", vars(Pivot)[slot].__set__) for slot in Pivot.__slots__]


def pivot_of(columns: Mapping[str, object]) -> Pivot:
    """A row of a table between, of its columns by name."""
    return pivots_of({name: place for place, name in enumerate(columns)}, [tuple(columns.values())])[0]


def pivots_of(names: Mapping[str, int], rows: Iterable[tuple[Any, ...]]) -> list[Pivot]:
    """Rows of a table between, by the places of its columns, between others or not; the mapping is shared by all."""
    values = list(rows)
    made: list[Pivot] = list(map(object.__new__, repeat(Pivot, len(values))))
    # Loops in C, for there may be many.
    deque(map(_set_names, made, repeat(names)), maxlen=0)
    deque(map(_set_values, made, values), maxlen=0)
    return made


class PivotColumns:
    """The columns of a table between that has no model, as read off the relation: `User.roles.pivot.assigned_at`."""

    __slots__ = ("_columns", "_name")

    def __init__(self, definition: Definition, relation: catalog.Relation) -> None:
        self._name = f"{definition.name}.{relation.name}.pivot"
        self._columns = pivot_columns(definition, relation)

    def __getattr__(self, name: str) -> Column[Any]:
        if name in PivotColumns.__slots__:  # not set yet: a copy in the making
            raise AttributeError(name)
        found = self._columns.get(name)
        if found is None:
            raise AttributeError(f"{self._name} has no column {name!r}, but {', '.join(self._columns)}")
        return found

    def __repr__(self) -> str:
        return f"<{self._name}>"

    def __dir__(self) -> list[str]:
        return [*object.__dir__(self), *self._columns]


def read_off(definition: Definition, relation: catalog.Relation) -> Any:
    """What `pivot` of a relation is: the model of the table between, or its columns.

    Raises:
        InvalidQuery: the relation has no table between.
    """
    pivot = relation.pivot
    if pivot is None:
        raise InvalidQuery(
            f"{definition.name}.{relation.name} has no table between, so no pivot",
            "read the columns of the models that it joins",
        )
    if pivot.model is not None:
        return definition.database.definition(pivot.model).model_class
    return PivotColumns(definition, relation)


def pivot_columns(
    definition: Definition, relation: catalog.Relation, table: str | None = None
) -> dict[str, Column[Any]]:
    """The columns of the table between, by the attribute of a pivot, in the order of the table.

    Args:
        definition: the model that has the relation.
        relation: one with a table between.
        table: what a statement calls the table; its own name without one.
    """
    pivot = relation.pivot
    assert pivot is not None  # the caller has asked
    name = pivot.table if table is None else table
    if pivot.model is not None:
        model = definition.database.definition(pivot.model)
        return {field: column._referenced(name, column.name) for field, column in model.columns.items()}
    database = definition.database
    found = database.pivot(definition.model.connection, pivot.table)
    return {
        column.name: column_class(column.type)._make(
            model=f"{definition.name}.{relation.name}.pivot",
            field=column.name,
            table=name,
            name=column.name,
            nullable=column.nullable,
            codec=codec_for(
                column.type, _enum_of(database, column.type), None, database.cipher if _is_secret(column) else None
            ),
        )
        for column in found.columns
    }


def _is_secret(column: catalog.Column) -> bool:
    return column.type.kind is Kind.ENCRYPTED


def _enum_of(database: Database, type_: catalog.ColumnType) -> Any:
    name = type_.named_enum
    return None if name is None else getattr(import_module(f"{database.package}.enums"), name)
