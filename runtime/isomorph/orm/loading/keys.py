"""The keys by which objects find what they are related to: read off objects, and as conditions of statements."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from isomorph.catalog import INTEGERS, Kind
from isomorph.errors import InvalidValue
from isomorph.sql.among import Among
from isomorph.sql.codecs import Codec

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.sql.expressions import Expression

__all__ = ["Key", "Keys", "key_reader"]

Key: TypeAlias = Any
"""The value of a key of one column, the tuple of values of one of several. Nothing is related by a key that has None."""

_PLAIN = frozenset(INTEGERS) - {Kind.UNSIGNED_BIGINT}


def key_reader(definition: Definition, columns: Sequence[str]) -> Callable[[Any], Key]:
    """What reads the key in these columns off an object.

    Raises:
        FieldNotLoaded: from what is returned, an object that holds only a part of its fields, and not these.
    """
    fields = [definition.model.field_of(column) for column in columns]
    return attrgetter(*[definition.model.slot(field) for field in fields])


class Keys:
    """Keys without repetition, and without None.

    Attributes:
        known: the keys.
        owner: the model of the objects that they were read off.
        columns: the columns there.
    """

    __slots__ = ("columns", "known", "owner")

    def __init__(self, owner: Definition, columns: Sequence[str], keys: Sequence[Key]) -> None:
        """Take keys as they were read off objects.

        Raises:
            InvalidValue: a value that no column of a key holds: a list, say.
        """
        self.owner, self.columns = owner, columns
        distinct = self._distinct(keys)
        if len(columns) == 1:
            distinct.pop(None, None)
            self.known: list[Key] = list(distinct)
        else:
            self.known = [key for key in distinct if None not in key]

    def _distinct(self, keys: Sequence[Key]) -> dict[Key, None]:
        try:
            return dict.fromkeys(keys)
        except TypeError:
            pass
        # One of them has no hash, as every value of a key has; told here, so that the other error is not chained to it.
        several = len(self.columns) > 1
        for key in keys:
            for column, value in zip(self.owner.of_columns(self.columns), key if several else (key,), strict=True):
                if not isinstance(value, Hashable):
                    raise InvalidValue(column._where(), "a value that a key can have", type(value).__name__)
        raise InvalidValue(self.owner.name, "values that a key can have", "others")

    @property
    def codecs(self) -> list[Codec]:
        """How the values of each column travel."""
        return [column.codec for column in self.owner.of_columns(self.columns)]

    def among(self, items: Sequence[Expression[Any]], dialect: str) -> Among:
        """The condition that a key of a statement is one of these.

        Raises:
            InvalidValue: a value that the column of a key cannot be compared with.
        """
        columns = [self.known] if len(self.columns) == 1 else list(zip(*self.known, strict=True))
        own = self.owner.of_columns(self.columns)
        return Among(
            items,
            [item._codec() or column.codec for item, column in zip(items, own, strict=True)],
            [
                _bound(column.codec, values, column._where(), dialect)
                for column, values in zip(own, columns, strict=True)
            ],
        )


def _bound(codec: Codec, values: Sequence[Any], where: str, dialect: str) -> Sequence[object]:
    if codec.type.kind in _PLAIN and codec.converter is None and set(map(type, values)) == {int}:
        return values  # what nearly all keys are; the driver refuses what is too great
    bind = codec.binds[dialect]
    checked = [codec.compared(value, where) for value in values]
    return checked if bind is None else [bind(value) for value in checked]
