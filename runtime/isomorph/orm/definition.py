"""What the runtime knows of a model: its part of the catalog, its columns as expressions, its static SQL and loaders.

Owns the bridge between generated code and the ORM. One object per model, made when its module is imported; all that can
be known before the first statement is worked out here, so that nothing is looked up per row.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import compress
from operator import attrgetter, is_not
from typing import TYPE_CHECKING, Any, Literal

from isomorph import catalog
from isomorph.catalog import RANGES, SHAPES, ColumnType, Kind
from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidValue, ReadOnlyField, UnknownField
from isomorph.orm.binding import Bindings
from isomorph.orm.keywords import Keywords, keywords_of
from isomorph.sql import columns, composites
from isomorph.sql.codecs import Codec, codec_for
from isomorph.sql.codecs.casts import Converter
from isomorph.sql.codecs.keeping import Keeper, TruthKeeper
from isomorph.sql.kinds import Column
from isomorph.sql.statics import Statements, given_columns

if TYPE_CHECKING:
    from isomorph.orm.database import Database
    from isomorph.orm.model import Model
    from isomorph.orm.plans import Executor
    from isomorph.orm.query import Query
    from isomorph.orm.scoping import Guard

__all__ = ["Definition", "Loader", "by_shape", "column_class", "tuple_getter"]

Loader = Callable[[Iterable[tuple[Any, ...]]], "list[Any]"]
"""Rows with all columns of the table, in its order, to objects of the model."""

_COLUMN_CLASSES: dict[Kind, type[Column[Any]]] = {
    Kind.BOOL: columns.BoolColumn,
    Kind.TINYINT: columns.TinyIntColumn,
    Kind.SMALLINT: columns.SmallIntColumn,
    Kind.INT: columns.IntColumn,
    Kind.BIGINT: columns.BigIntColumn,
    Kind.UNSIGNED_TINYINT: columns.TinyIntColumn,
    Kind.UNSIGNED_SMALLINT: columns.SmallIntColumn,
    Kind.UNSIGNED_INT: columns.IntColumn,
    Kind.UNSIGNED_BIGINT: columns.BigIntColumn,
    Kind.DECIMAL: columns.DecimalColumn,
    Kind.REAL: columns.RealColumn,
    Kind.DOUBLE: columns.DoubleColumn,
    Kind.STRING: columns.StringColumn,
    Kind.CHAR: columns.CharColumn,
    Kind.TEXT: columns.TextColumn,
    Kind.MEDIUMTEXT: columns.TextColumn,
    Kind.BYTES: columns.BytesColumn,
    Kind.DATE: columns.DateColumn,
    Kind.TIME: columns.TimeColumn,
    Kind.DATETIME: columns.DateTimeColumn,
    Kind.TIMESTAMPTZ: columns.TimestampTzColumn,
    Kind.INTERVAL: columns.IntervalColumn,
    Kind.JSON: columns.JsonColumn,
    Kind.UUID: columns.UuidColumn,
    Kind.ENUM: columns.EnumColumn,
    Kind.ARRAY: composites.ArrayColumn,
    Kind.SET: composites.SetColumn,
    Kind.INET: composites.InetColumn,
    Kind.CIDR: composites.CidrColumn,
    Kind.MACADDR: composites.MacAddrColumn,
    **dict.fromkeys(RANGES, composites.RangeColumn),
    Kind.TSVECTOR: composites.TsVectorColumn,
    **dict.fromkeys(SHAPES, composites.ShapeColumn),
    Kind.ENCRYPTED: composites.EncryptedColumn,
    Kind.CUSTOM: composites.CustomColumn,
}


def _collation(table: catalog.Table, column: catalog.Column) -> Literal["binary", "other"] | None:
    """Whether the schema gives a column's text a collation of its own."""
    found = column.collation if column.collation is not None else table.collation
    return None if found is None else "binary" if found == "binary" else "other"


def column_class(type_: ColumnType) -> type[Column[Any]]:
    """The class of columns of a type: the operators that it has in queries."""
    if type_.cast is None:
        return _COLUMN_CLASSES[type_.kind]
    return composites.DocumentColumn if type_.kind is Kind.JSON else composites.CustomColumn


class Definition:
    """A model at run time.

    Attributes:
        name: the model's name.
        model: its part of the catalog.
        database: the database of its package.
        statements: static SQL by dialect name.
        loaders: row loaders by dialect name; set when the module is complete.
        model_class: the model's class; likewise.
        query: the query for all of it, which all others begin with; likewise.
        fields: attribute names of all columns, in the table's order, private ones included.
        slots: where their values are kept: of the same name, but for computed fields and those with a mutator.
        columns: by attribute name, the column as an expression.
        column_names: names of all columns, in order.
        codecs: in the order of the columns.
        key: positions of the primary key's columns.
        values: reads all fields of an object as a tuple, in order.
        given: positions of the columns of the static INSERT.
        encrypted: the encrypted fields, which `repr` leaves out.
        keepers: by position, how the loaded row keeps values that have another form there (JSON as its text).
        shaped: the positions of those whose values are given that form when they are saved.
        guards: conditions that queries of the model start with: its global scopes; set when the module is complete.
        computed: fields that the application only reads.
        generated: by position of a generated column, the positions of those it is computed from; None for any.
        touches: relations to what a write of a row writes, too, as far as its time goes.
        bindings: by dialect name, how values go to its driver.
        is_stamped: whether new objects get times or a version.
        documents: positions of the documents that may not be NULL, by which None would be stored.
        version: position of the column that counts the writes of a row, or None.
    """

    def __init__(
        self,
        model: catalog.Model,
        database: Database,
        statements: Mapping[str, Statements],
        enums: Mapping[str, type[enum.Enum]] | None = None,
        casts: Mapping[str, Converter] | None = None,
    ) -> None:
        self.name = model.name
        self.model = model
        self.database = database
        self.statements = statements
        self.loaders: Mapping[str, Loader] = {}
        self.model_class: type[Model] | None = None
        self.query: Query[Any]
        self.guards: tuple[Guard, ...] = ()
        known, converters = enums or {}, casts or {}
        table = model.table
        self.fields = tuple(field.name for field in model.fields)
        self.slots = tuple(model.slot(field) for field in model.fields)
        self.column_names = tuple(column.name for column in table.columns)
        self.positions = {name: position for position, name in enumerate(self.fields)}
        self.codecs: tuple[Codec, ...] = tuple(
            codec_for(
                column.type,
                known.get(column.type.named_enum or ""),
                None if column.type.cast is None else converters[column.type.cast.target],
                database.cipher if column.type.kind is Kind.ENCRYPTED else None,
            )
            for column in table.columns
        )
        self.columns: dict[str, Column[Any]] = {
            field.name: column_class(column.type)._make(
                model=model.name,
                field=field.name,
                table=table.name,
                name=column.name,
                nullable=column.nullable,
                codec=codec,
                collation=_collation(table, column),
            )
            for field, column, codec in zip(model.fields, table.columns, self.codecs, strict=True)
        }
        by_column = {name: position for position, name in enumerate(self.column_names)}
        self.key = tuple(by_column[name] for name in table.primary_key)
        self.key_fields = tuple(self.fields[position] for position in self.key)
        self.values: Callable[[Model], tuple[Any, ...]] = tuple_getter(self.slots)
        self.key_of: Callable[[Model], tuple[Any, ...]] = tuple_getter([self.slots[position] for position in self.key])
        given = {column.name for column in given_columns(model)}
        self.given = tuple(position for position, name in enumerate(self.column_names) if name in given)
        self.given_values: Callable[[Model], tuple[Any, ...]] = tuple_getter(
            tuple(self.slots[position] for position in self.given)
        )
        self.computed = model.computed
        self.generated = {
            position: _sources(column.generated, by_column)
            for position, column in enumerate(table.columns)
            if column.generated is not None
        }
        self.version = None if model.version is None else self.positions[model.version]
        self.encrypted = frozenset(
            field for field, codec in zip(self.fields, self.codecs, strict=True) if codec.cipher is not None
        )
        self.keepers: dict[int, Keeper] = {
            position: codec.keeper for position, codec in enumerate(self.codecs) if codec.keeper is not None
        }
        self.shaped, self._truths = by_shape(self.keepers)
        self.documents = frozenset(
            position
            for position, column in enumerate(table.columns)
            if column.type.kind is Kind.JSON and not column.nullable
        )
        # The position of the key that the database numbers, alone in a tuple; empty when it numbers none.
        self.numbered = tuple(position for position, column in enumerate(table.columns) if column.auto_increment)
        # Positions of the columns that the database fills unless they are set.
        self.filled = tuple(position for position in range(len(self.fields)) if position not in self.given)
        # Fields of the times that the model keeps.
        self.times = tuple(field for field in (model.created_at, model.updated_at) if field is not None)
        self.filled_slots = tuple(self.slots[position] for position in self.filled)
        # By belongs_to relation, the fields of its foreign key.
        self.foreign_keys = {
            relation.name: tuple(model.field_of(column).name for column in relation.local)
            for relation in model.relations
            if relation.kind is catalog.RelationKind.BELONGS_TO
        }
        self.touches = tuple(relation for relation in model.relations if relation.touches)
        self._all = range(len(self.fields))
        self.bindings = Bindings(self)
        self.is_stamped = bool(self.times) or self.version is not None
        self._executor_named, self._connection = database.executor, model.connection
        self.public = tuple(field.name for field in model.fields if not field.private)

    def column(self, field: str) -> Column[Any]:
        """The column of a field.

        Raises:
            UnknownField: the model has no such field.
        """
        try:
            return self.columns[field]
        except KeyError:
            pass
        raise UnknownField(self.name, field, self.public)

    def of_columns(self, names: Sequence[str]) -> tuple[Column[Any], ...]:
        """The columns of these column names."""
        return tuple(self.columns[self.model.field_of(name).name] for name in names)

    @property
    def executor(self) -> Executor:
        """The connection that statements of the model go to now."""
        return self._executor_named(self._connection)

    @cached_property
    def keywords(self) -> Keywords | None:
        """What the model's constructor does with keywords, where it is no more than to set fields."""
        return keywords_of(self)

    def check_none(self, position: int) -> None:
        """Refuse None for a document that may not be NULL, for which type checkers take it: JSON has a null of its own.

        Raises:
            InvalidValue: the column at this position is such a document.
        """
        if position in self.documents:
            where = f"{self.name}.{self.fields[position]}"
            raise InvalidValue(where, "a JSON document other than null, for the field is required", "None")

    def delete_sql(self, dialect: Dialect) -> str:
        """The DELETE by key; of a model with a version, only where the row has that of the last parameter."""
        sql = self.statements[dialect.name].delete
        if self.version is None:
            return sql
        return f"{sql} AND {dialect.quoted(self.column_names[self.version])} = {dialect.placeholder}"

    def recomputed(self, changed: Sequence[int]) -> tuple[int, ...]:
        """Positions of the generated columns that a change of these columns may change."""
        if not self.generated:
            return ()
        return tuple(
            [
                position
                for position, sources in self.generated.items()
                if sources is None or not sources.isdisjoint(changed)
            ]
        )

    def check_assignable(self, field: str) -> None:
        """Refuse to set a field that is computed.

        Raises:
            ReadOnlyField: it is.
        """
        if field in self.computed:
            raise ReadOnlyField(self.name, field)

    def kept(self, values: tuple[object, ...]) -> tuple[object, ...]:
        """The loaded-row form of field values: as they are, or so that an edit in place is seen."""
        if not self.shaped:
            return values
        row = list(values)
        for position in self.shaped:
            if row[position] is not None:
                row[position] = self.keepers[position].kept(row[position])
        return tuple(row)

    def unkept(self, position: int, kept: object) -> object:
        """The field value of a loaded-row value, shared with nobody."""
        keeper = self.keepers.get(position)
        return kept if keeper is None or kept is None else keeper.value(kept)

    def changed(self, row: Sequence[object], values: Sequence[object]) -> tuple[int, ...]:
        """Positions at which an object's values differ from the row that was loaded."""
        found: list[int] = []
        keepers = self.keepers
        # Most values are the very ones of the row, which is seen without looking at each.
        for position in compress(self._all, map(is_not, row, values)):
            old, new = row[position], values[position]
            if position in keepers and old is not None and new is not None:
                # A driver's number stands for a truth value.
                if (type(new) is bool and new == old and position in self._truths) or keepers[position].is_same(
                    old, new
                ):
                    continue
            elif type(old) is type(new):
                try:
                    if old == new:
                        continue
                except (ArithmeticError, TypeError, ValueError):
                    pass  # what cannot be compared differs, and the check at save says what is wrong with it
            found.append(position)
        for position in self._truths:
            # That number itself is none for the application to set, although it is what the row has.
            if type(values[position]) is int and position not in found:
                found.append(position)
        return tuple(found)


def by_shape(keepers: Mapping[int, Keeper]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Positions of those that give values another form, and of truth values, which they leave as they are."""
    truths = tuple([position for position, keeper in keepers.items() if isinstance(keeper, TruthKeeper)])
    return tuple([position for position in keepers if position not in truths]), truths


def _sources(generated: catalog.Generated, positions: Mapping[str, int]) -> frozenset[int] | None:
    """Positions of the columns that one is computed from; None for those that SQL by hand names."""
    if isinstance(generated.expression, catalog.SqlText):
        return None
    return frozenset(positions[name] for name in catalog.columns_of(generated.expression))


def tuple_getter(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Reads these attributes of an object as a tuple, whatever their number."""
    if not names:
        return lambda _: ()
    if len(names) == 1:
        one = attrgetter(names[0])
        return lambda item: (one(item),)
    return attrgetter(*names)
