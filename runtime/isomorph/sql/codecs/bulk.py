"""Checks of a whole column of values at once: what `insert_many` and `upsert` bind.

A type with a plain form, which the value of nearly every row has, is asked of all values together by functions of C, and
such values travel as they are. Where one value is of another form, each goes its own way, which also says what is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from isomorph.catalog import INTEGERS, LONGEST_TEXT_BYTES, MEDIUMTEXT_BYTES, ColumnType, Kind
from isomorph.sql.codecs.codec import Codec

__all__ = ["store_column"]

_Plain = Callable[[ColumnType, Sequence[Any]], bool]


def store_column(codec: Codec, dialect: str, values: list[Any]) -> list[Any]:
    """Values of one column, None among them or not, as the driver takes them.

    Args:
        codec: the column's.
        dialect: where they go.
        values: of all rows, in their order.

    Raises:
        Refused: one that the column cannot hold.
    """
    classes: set[type] = set(map(type, values))
    if len(classes) == 1:
        plain = _PLAIN.get((codec.type.kind, classes.pop()))
        bind = codec.binds[dialect]
        if plain is not None and codec.converter is None and plain(codec.type, values):
            return values if bind is None else list(map(bind, values))
    store = codec.stores[dialect]
    return [None if value is None else store(value) for value in values]


def _whole(type_: ColumnType, values: Sequence[Any]) -> bool:
    held = INTEGERS[type_.kind]
    return bool(min(values) >= held.start and max(values) < held.stop)


def _finite(_: ColumnType, values: Sequence[Any]) -> bool:
    # -0.0 is equal to 0.0, and not what is stored.
    return all(map(math.isfinite, values)) and 0.0 not in values


def _text(type_: ColumnType, values: Sequence[Any]) -> bool:
    # No character of UTF-8 takes more than four bytes.
    bytes_held = MEDIUMTEXT_BYTES if type_.kind is Kind.MEDIUMTEXT else LONGEST_TEXT_BYTES
    most = bytes_held // 4 if type_.length is None else type_.length
    if max(map(len, values)) > most:
        return False
    joined = "".join(cast("Sequence[str]", values))
    return joined.isascii() and "\0" not in joined


def _always(_: ColumnType, __: Sequence[Any]) -> bool:
    return True


_PLAIN: Mapping[tuple[Kind, type], _Plain] = {
    (Kind.BOOL, bool): _always,
    **{(kind, int): _whole for kind in INTEGERS},
    (Kind.DOUBLE, float): _finite,
    **{(kind, str): _text for kind in (Kind.STRING, Kind.TEXT, Kind.MEDIUMTEXT)},
}
"""By kind and the class that all values have, what tells whether all are of the plain form."""
