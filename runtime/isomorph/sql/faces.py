"""Which class gives a computed value the operators of its type."""

from __future__ import annotations

from typing import Any

from isomorph.catalog import FLOATS, INTEGERS, TEXTS, Kind
from isomorph.sql.arithmetic import BIGINT, DECIMAL, DOUBLE, WIDE
from isomorph.sql.codecs import Codec
from isomorph.sql.documents import Document
from isomorph.sql.expressions import Expression
from isomorph.sql.flags import Truthful
from isomorph.sql.kinds import Computed, Plain, Value
from isomorph.sql.moments import Clock, Day, LocalMoment, Moment
from isomorph.sql.numbers import Exact, Floating, Integer
from isomorph.sql.spans import Span
from isomorph.sql.texts import TEXT, Text

__all__ = ["computed_codec", "faced"]

_FACES: dict[Kind, type[Computed[Any]]] = {
    Kind.BOOL: Truthful,
    **dict.fromkeys(INTEGERS, Integer),
    Kind.DECIMAL: Exact,
    **dict.fromkeys(FLOATS, Floating),
    **dict.fromkeys(TEXTS, Text),
    Kind.DATE: Day,
    Kind.TIME: Clock,
    Kind.DATETIME: LocalMoment,
    Kind.TIMESTAMPTZ: Moment,
    Kind.INTERVAL: Span,
    Kind.JSON: Document,
    Kind.UUID: Value,
    Kind.INET: Value,
    Kind.CIDR: Value,
    Kind.MACADDR: Value,
}


def faced(node: Expression[Any], codec: Codec) -> Any:
    """A node with the operators of a type.

    Args:
        node: what is computed.
        codec: how its values are checked, bound and loaded.
    """
    return _FACES.get(codec.type.kind, Plain)(node, codec)


def computed_codec(codec: Codec) -> Codec:
    """The codec of what is computed of a type's values: of the widest type that has them."""
    kind = codec.type.kind
    if codec.converter is not None:
        return codec
    if kind is Kind.UNSIGNED_BIGINT:
        return WIDE
    if kind in INTEGERS:
        return BIGINT
    if kind in FLOATS:
        return DOUBLE
    if kind in TEXTS:
        return TEXT
    return DECIMAL if kind is Kind.DECIMAL else codec
