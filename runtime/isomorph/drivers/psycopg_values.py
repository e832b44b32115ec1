"""What rows of psycopg are made of: its loaders, and the format that a statement's rows are asked for in."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NoReturn, cast

import psycopg
from psycopg import pq
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Dumper, Loader, PyFormat
from psycopg.types.array import BaseListDumper, ListBinaryDumper, ListDumper
from psycopg.types.string import TextLoader

__all__ = ["FORMATS", "Adapters", "OtherTypeError", "adapters", "may_be_binary", "types_copied"]

_AS_REAL = struct.Struct("<f")


class _RealLoader(Loader):
    """A real as the number of 32 bits that it is; psycopg would give the short text of it as a number of 64."""

    def load(self, data: Buffer) -> float:
        return cast(float, _AS_REAL.unpack(_AS_REAL.pack(float(data)))[0])


class OtherTypeError(psycopg.DataError):
    """A value in binary format of a type that is read as text."""


class _NoLoader(Loader):
    """Refuses a type of the database's own in binary format; psycopg would give its bytes."""

    format = pq.Format.BINARY

    def load(self, data: Buffer) -> NoReturn:  # noqa: ARG002 - what psycopg calls
        raise OtherTypeError


_LENGTH = struct.Struct("!i")
# Dimensions, nulls, the items' type; their number, the first one's.
_HEAD = struct.Struct("!iiIii")
_NONE = type(None)


class _FixedListDumper(ListBinaryDumper):
    """Lists of items of one length, all at once where there is neither None nor a list among them."""

    def dump(self, obj: list[Any]) -> Buffer | None:
        dumper = self.sub_dumper
        if dumper is None or not obj or not {_NONE, list}.isdisjoint(map(type, obj)):
            return super().dump(obj)
        items = list(map(cast("Callable[[object], bytes]", dumper.dump), obj))
        length = _LENGTH.pack(len(items[0]))
        return b"".join((_HEAD.pack(1, 0, dumper.oid, len(items), 1), length, length.join(items)))


# By the type of an array how its lists are dumped in binary format.
_IN_BINARY: Mapping[int, type[ListBinaryDumper]] = {
    psycopg.adapters.types["bytea"].array_oid: ListBinaryDumper,
    **{
        psycopg.adapters.types[name].array_oid: _FixedListDumper
        for name in ("bool", "float8", "uuid", "date", "time", "timestamp", "timestamptz", "interval")
    },
}


class _ListDumper(ListDumper):
    """Lists in a tenth of the time per item that psycopg takes for those of texts, a third for the others.

    A list of texts has no type of its own, so that it may be one of an enum; such lists have no binary form.
    """

    def upgrade(self, obj: list[Any], format: PyFormat) -> BaseListDumper:  # noqa: A002 - psycopg's name
        made = super().upgrade(obj, format)
        binary = _IN_BINARY.get(made.oid)
        return made if binary is None else binary(self.cls, self._tx).upgrade(obj, format)

    def dump(self, obj: list[Any]) -> Buffer | None:
        classes = set(map(type, obj))
        has_none = _NONE in classes
        classes.discard(_NONE)
        text = None
        if classes == {int}:
            text = repr([*obj])[1:-1]  # of a subclass it may say more
            if has_none:
                text = text.replace("None", "NULL")
        elif classes == {str}:
            text = _quoted(obj, obj.count(None) if has_none else 0)
        return super().dump(obj) if text is None else f"{{{text}}}".encode()


def _quoted(texts: list[str | None], nones: int) -> str | None:
    """Texts as an array holds them; None when there is one among them with a sign that stands for something here."""
    joined = "\0".join(["\1" if text is None else text for text in texts] if nones else cast("list[str]", texts))
    if joined.count("\0") != len(texts) - 1 or (nones and joined.count("\1") != nones):
        return None
    quoted = joined.replace("\\", "\\\\").replace('"', '\\"').replace("\0", '","')
    return f'"{quoted}"'.replace('"\1"', "NULL") if nones else f'"{quoted}"'


class _JsonText(str):
    """What a COPY's column of JSON holds: its text, of whichever class that is."""

    __slots__ = ()


class _JsonTextDumper(Dumper):
    format = pq.Format.BINARY
    oid = psycopg.adapters.types["jsonb"].oid

    def dump(self, obj: str) -> bytes:
        return b"\1" + obj.encode()  # the version of the format


class Adapters:
    """psycopg's adapters, with four changes.

    JSON stays text: the types load it themselves, and see edits in place. A real is the number that the server has.
    What may not come in binary format is refused in it. Lists are dumped at once.
    """

    connection = None

    def __init__(self) -> None:
        self.adapters = AdaptersMap(psycopg.adapters)
        for name in ("json", "jsonb"):
            self.adapters.register_loader(name, TextLoader)
            self.adapters.register_loader(name, _NoLoader)
        self.adapters.register_loader("float4", _RealLoader)
        self.adapters.register_loader(0, _NoLoader)  # what has no loader
        self.adapters.register_dumper(list, _ListDumper)
        self.adapters.register_dumper(_JsonText, _JsonTextDumper)


# Types that are no slower to read in binary format (a float and a moment take a quarter and two thirds of the time), and
# whose values are the same then. A result comes in one format, with all its columns.
_BINARY = frozenset(
    psycopg.adapters.types[name].oid
    for name in (
        *("bool", "int2", "int4", "int8", "float4", "float8", "text", "varchar", "bpchar", "bytea", "uuid"),
        *("date", "time", "timestamp", "timestamptz", "interval"),
    )
)


class _Formats(dict[str, bool]):
    """By statement whether it is asked for rows in binary format: where all columns of its first result may come so.

    A table may be altered afterwards. A type that is read as text only is then refused by its loader, and the statement
    is run again: so only a SELECT is known.
    """

    __slots__ = ()

    _MOST = 1_000
    _LONGEST = 4_096

    def learn(self, sql: str, result: pq.abc.PGresult | None) -> None:
        """Take notice of a statement's result."""
        if result is None or len(sql) > self._LONGEST or not sql.startswith("SELECT "):
            return
        if len(self) >= self._MOST:
            self.clear()
        self[sql] = may_be_binary(result)


def may_be_binary(result: pq.abc.PGresult) -> bool:
    """Whether rows of these columns are the same in binary format, and quicker to read."""
    return _BINARY.issuperset(map(result.ftype, range(result.nfields)))


# The first type that is not the database's own.
_FIRST_OF_USER = 16_384
_TEXT = psycopg.adapters.types["text"].oid


def types_copied(expected: Sequence[str | None], found: Sequence[int]) -> list[int] | None:
    """The types as which values are sent by a COPY in binary format; None where columns are of others than expected.

    Args:
        expected: names of types; None for an enum, whose values are sent as texts.
        found: the types that the table's columns have.
    """
    sent: list[int] = []
    for name, oid in zip(expected, found, strict=True):
        if oid < _FIRST_OF_USER if name is None else psycopg.adapters.types[name].oid != oid:
            return None
        sent.append(_TEXT if name is None else oid)
    return sent


@cache
def adapters() -> Adapters:
    """Those of all connections."""
    return Adapters()


FORMATS = _Formats()
