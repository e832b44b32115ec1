"""How a model's values go to the driver of one dialect: checked and converted, one by one or a column at a time.

Owns what writes and finders bind. One object per model and dialect, made at its first statement there, so that nothing is
looked up per value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from isomorph.dialects.base import Bind
from isomorph.sql.codecs import Refused
from isomorph.sql.codecs.bulk import store_column

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition

__all__ = ["Binding"]

Values = tuple[Any, ...]


class Binding:
    """A model's values on their way to one dialect.

    Attributes:
        row_key: the key of a loaded row, for the driver.
    """

    __slots__ = ("_compares", "_definition", "_dialect", "_documents", "_stores", "row_key")

    def __init__(self, definition: Definition, dialect: str) -> None:
        self._definition, self._dialect = definition, dialect
        self._documents = definition.documents
        codecs = definition.codecs
        # How each value is checked and bound, in the order of the columns; never called with None.
        self._stores: tuple[Bind, ...] = tuple(codec.stores[dialect] for codec in codecs)
        keys = [codecs[position] for position in definition.key]
        self._compares: tuple[Bind, ...] = tuple(codec.comparer(dialect) for codec in keys)
        self.row_key: Callable[[Values], Values] = self._row_key(
            definition.key, [codec.binds[dialect] for codec in keys]
        )

    @staticmethod
    def _row_key(positions: Sequence[int], binds: Sequence[Bind | None]) -> Callable[[Values], Values]:
        # A loaded value was in the row, so it is one that the column holds.
        if any(bind is not None for bind in binds):
            return lambda row: tuple(
                [
                    row[position] if bind is None else bind(row[position])
                    for position, bind in zip(positions, binds, strict=True)
                ]
            )
        if len(positions) == 1:
            return itemgetter(slice(positions[0], positions[0] + 1))
        return itemgetter(*positions)

    # --- values that are written -----------------------------------------------------------------------------------------

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

    def rows(self, positions: Sequence[int], rows: Sequence[Values]) -> list[Values]:
        """The same for many rows, column by column.

        Raises:
            InvalidValue: a value that its column cannot hold.
        """
        if not positions:
            return [()] * len(rows)
        for position in self._documents.intersection(positions):
            place = positions.index(position)
            if any(row[place] is None for row in rows):
                self._definition.check_none(position)
        codecs, dialect = self._definition.codecs, self._dialect
        try:
            columns = [
                store_column(codecs[position], dialect, values)
                for position, values in zip(positions, zip(*rows, strict=True), strict=True)
            ]
        except Refused:
            pass
        else:
            return list(zip(*columns, strict=True))
        return [tuple(self.row(positions, row)) for row in rows]  # tells which value it is

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
            return tuple(
                [None if part is None else compare(part) for compare, part in zip(self._compares, parts, strict=True)]
            )
        except Refused:
            pass
        definition = self._definition
        for field, part in zip(definition.key_fields, parts, strict=True):
            definition.columns[field].codec.compared(part, f"{definition.name}.{field}")
        raise AssertionError("a part that is refused is refused again, with its name")
