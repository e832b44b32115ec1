"""Judges which fields a key or an index can be made of, on each database of the project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from isomorph.catalog import NETWORKS, RANGES, SHAPES, ColumnType, Kind
from isomorph_generator.schema.errors import IndexTooWide, NotIndexable, Position
from isomorph_generator.schema.resolve.drafts import FieldDraft, Resolution

__all__ = ["check_indexable"]

_NEVER: Final = frozenset({Kind.ENCRYPTED, Kind.TSVECTOR})
"""What no usual index helps: equal texts are encrypted differently, and words are looked up by an index of another kind."""
_LONG: Final = frozenset({Kind.TEXT, Kind.MEDIUMTEXT, Kind.BYTES, Kind.JSON, Kind.ARRAY, Kind.NUMRANGE, *SHAPES})
_NOT_INDEXED: Final = {"sqlite": _NEVER, "postgresql": _NEVER, "mysql": _LONG | _NEVER}
"""Kinds whose values have any length; with one of their own they can be indexed."""
_BY_METHOD: Final = {
    "gin": frozenset({Kind.TSVECTOR}),
    "gist": frozenset({Kind.TSVECTOR}),
    "fulltext": frozenset({Kind.TEXT, Kind.MEDIUMTEXT}),
    "spatial": SHAPES,
}
"""Kinds that indexes of another method are made for."""
_INDEXED: Final = {
    Kind.TEXT: "use string(n)",
    Kind.MEDIUMTEXT: "use string(n)",
    Kind.BYTES: "use bytes(n)",
    Kind.TSVECTOR: 'say method = "gin" among the `indexes` of the model',
    Kind.ENCRYPTED: "look rows up by another field",
}
"""What can be indexed instead."""
_RANGE_BYTES: Final = 128
_WIDEST_INDEX_BYTES: Final = {"mysql": 3072}
"""InnoDB's limit for all columns of an index, with the row format that both servers use by default."""


def check_indexable(
    resolution: Resolution, fields: Sequence[FieldDraft], at: tuple[Position, str], method: str | None = None
) -> bool:
    """Whether fields together can be indexed; a mistake when a dialect of the project cannot.

    Args:
        resolution: takes the mistake.
        fields: with their types.
        at: what it is told of.
        method: how the index is built; None for the usual one.
    """
    special = _BY_METHOD.get(method or "", frozenset())
    types = [(field.shown, field.type) for field in fields if field.type is not None]
    for dialect in resolution.dialects:
        for name, type_ in types:
            if type_.kind in _NOT_INDEXED.get(dialect, ()) and type_.length is None and type_.kind not in special:
                hint = _INDEXED.get(type_.kind, "index another field")
                resolution.report.add(NotIndexable(*at, name, str(type_), dialect, hint))
                return False
        size, most = sum(_size_bytes(type_) for _, type_ in types), _WIDEST_INDEX_BYTES.get(dialect)
        if most is not None and size > most and not special:
            resolution.report.add(IndexTooWide(*at, size, dialect, most))
            return False
    return True


def _size_bytes(type_: ColumnType) -> int:
    """Most bytes that MySQL needs for a value in an index, roughly."""
    if type_.length is not None:
        return type_.length if type_.kind is Kind.BYTES else 4 * type_.length
    if type_.kind in RANGES:
        return _RANGE_BYTES
    return 48 if type_.kind is Kind.UUID or type_.kind in NETWORKS else 8
