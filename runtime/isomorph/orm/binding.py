"""How a model's values go to the driver of one dialect: checked and converted, one by one or a column at a time.

Owns what writes and finders bind. One object per model and dialect, made at its first statement there, so that nothing is
looked up per value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import call
from typing import TYPE_CHECKING, Any, cast

from isomorph.dialects.base import Bind, Dialect
from isomorph.orm.keys import values_at
from isomorph.sql.codecs import Refused
from isomorph.sql.codecs.bulk import store_column

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition

__all__ = ["Binding", "Bindings"]

Values = tuple[Any, ...]

_call = cast("Callable[[Bind, object], object]", call)

_MOST_UPDATES = 256
"""Texts of UPDATE kept per model: each set of changed columns has its own."""


class Binding:
    """A model's values on their way to one dialect.

    Attributes:
        statements: the model's static SQL there.
        updates: texts of UPDATE by the positions of their columns, those that were asked for already.
        load: the model's loader of rows from there.
        row_key: the key of a loaded row, for the driver.
        condition: of a loaded row, what an UPDATE or DELETE by key is bound to: its key and, where there is one, its
            version.
    """

    __slots__ = (
        "_compares",
        "_definition",
        "_dialect",
        "_documents",
        "_given",
        "_stores",
        "condition",
        "load",
        "row_key",
        "statements",
        "updates",
    )

    def __init__(self, definition: Definition, dialect: str) -> None:
        self._definition, self._dialect = definition, dialect
        self._documents = definition.documents
        self.updates: dict[tuple[int, ...], str] = {}
        self.statements, self.load = definition.statements[dialect], definition.loaders[dialect]
        codecs = definition.codecs
        # How each value is checked and bound, in the order of the columns; never called with None.
        self._stores: tuple[Bind, ...] = tuple(codec.stores[dialect] for codec in codecs)
        # The same for None as well: what is required refuses it, but for casts, which never see it.
        none_passes = [
            definition.columns[field].nullable or codec.converter is not None
            for field, codec in zip(definition.fields, codecs, strict=True)
        ]
        self._given: tuple[Bind, ...] = tuple(
            _or_none(self._stores[position]) if none_passes[position] else self._stores[position]
            for position in definition.given
        )
        keys = [codecs[position] for position in definition.key]
        self._compares: tuple[Bind, ...] = tuple(codec.comparer(dialect) for codec in keys)
        self.row_key = _row_getter(definition.key, [codec.binds[dialect] for codec in keys])
        self.condition = self.row_key
        if definition.version is not None:  # an int on every dialect
            self.condition = _row_getter(
                (*definition.key, definition.version), [*(codec.binds[dialect] for codec in keys), None]
            )

    # --- statements ------------------------------------------------------------------------------------------------------

    def update_sql(self, dialect: Dialect, positions: tuple[int, ...]) -> str:
        """The UPDATE of the columns at these positions by key; parameters: their values, then `condition`.

        Of a model with a version it also counts, and only where the row has the version that is the last parameter.
        """
        definition, quoted, place = self._definition, dialect.quoted, dialect.placeholder
        changes = ", ".join(f"{quoted(definition.column_names[position])} = {place}" for position in positions)
        key = " AND ".join(f"{quoted(name)} = {place}" for name in definition.model.table.primary_key)
        if definition.version is not None:
            version = quoted(definition.column_names[definition.version])
            changes, key = f"{changes}, {version} = {version} + 1", f"{key} AND {version} = {place}"
        sql = f"UPDATE {quoted(definition.model.table.name)} SET {changes} WHERE {key}"
        if len(self.updates) < _MOST_UPDATES:
            self.updates[positions] = sql
        return sql

    # --- values that are written -----------------------------------------------------------------------------------------

    def given(self, values: Values) -> list[object]:
        """Values for the columns that are always given, as the driver takes them, checked.

        Raises:
            InvalidValue: one that its column cannot hold.
        """
        if not self._documents:
            try:
                return list(map(_call, self._given, values))
            except Refused:
                pass
        return self.row(self._definition.given, values)

    def changed(self, positions: Sequence[int], values: Values) -> list[object]:
        """Of the values of all columns those at these positions, as the driver takes them, checked.

        Raises:
            InvalidValue: one that its column cannot hold.
        """
        if not self._documents:
            stores = self._stores
            try:
                if len(positions) == 1 and values[positions[0]] is not None:
                    return [stores[positions[0]](values[positions[0]])]
                return [
                    None if values[position] is None else stores[position](values[position]) for position in positions
                ]
            except Refused:
                pass
        return self.row(positions, [values[position] for position in positions])

    def row(self, positions: Sequence[int], values: Sequence[object]) -> list[object]:
        """Values for the columns at these positions as the driver takes them, checked.

        Raises:
            InvalidValue: one that its column cannot hold.
        """
        if self._documents:
            self._check_documents(positions, values)
        stores = self._stores
        try:
            return [
                None if value is None else stores[position](value)
                for position, value in zip(positions, values, strict=True)
            ]
        except Refused:
            pass
        return [self._bound(position, value) for position, value in zip(positions, values, strict=True)]

    def columns(self, positions: Sequence[int], columns: Sequence[list[Any]]) -> list[list[Any]]:
        """The same for many rows, given by column.

        Raises:
            InvalidValue: a value that its column cannot hold.
        """
        for position in self._documents.intersection(positions):
            if any(value is None for value in columns[positions.index(position)]):
                self._definition.check_none(position)
        codecs, dialect = self._definition.codecs, self._dialect
        try:
            return [
                store_column(codecs[position], dialect, values)
                for position, values in zip(positions, columns, strict=True)
            ]
        except Refused:
            pass
        rows = [self.row(positions, row) for row in zip(*columns, strict=True)]  # tells which value it is
        return list(map(list, zip(*rows, strict=True)))

    def _check_documents(self, positions: Sequence[int], values: Sequence[object]) -> None:
        for position, value in zip(positions, values, strict=True):
            if value is None:
                self._definition.check_none(position)

    def _bound(self, position: int, value: object) -> object:
        definition = self._definition
        where = f"{definition.name}.{definition.fields[position]}"
        return definition.codecs[position].bound(value, where, self._dialect)

    # --- keys that are looked for ----------------------------------------------------------------------------------------

    def key(self, parts: Values) -> Values:
        """A key as the application gives it, for the driver.

        Raises:
            InvalidValue: a part of the wrong type.
        """
        try:
            if len(parts) == 1:
                (part,), (compare,) = parts, self._compares
                return (None if part is None else compare(part),)
            return tuple(
                [None if part is None else compare(part) for compare, part in zip(self._compares, parts, strict=True)]
            )
        except Refused:
            pass
        definition = self._definition
        for field, part in zip(definition.key_fields, parts, strict=True):
            definition.columns[field].codec.compared(part, f"{definition.name}.{field}")
        raise AssertionError("a part that is refused is refused again, with its name")


def _or_none(store: Bind) -> Bind:
    return lambda value: None if value is None else store(value)


def _row_getter(positions: Sequence[int], binds: Sequence[Bind | None]) -> Callable[[Values], Values]:
    """Reads values at these positions of a loaded row, for the driver: in a row they are such as columns hold."""
    if any(bind is not None for bind in binds):
        return lambda row: tuple(
            [
                row[position] if bind is None else bind(row[position])
                for position, bind in zip(positions, binds, strict=True)
            ]
        )
    return values_at(positions)


class Bindings(dict[str, Binding]):
    """A model's bindings by dialect name, made at first use."""

    __slots__ = ("_definition",)

    def __init__(self, definition: Definition) -> None:
        super().__init__()
        self._definition = definition

    def __missing__(self, dialect: str) -> Binding:
        found = self[dialect] = Binding(self._definition, dialect)
        return found
