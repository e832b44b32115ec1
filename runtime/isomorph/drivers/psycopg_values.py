"""What rows of psycopg are made of: its loaders, and the format that a statement's rows are asked for in."""

from __future__ import annotations

import struct
from functools import cache
from typing import NoReturn, cast

import psycopg
from psycopg import pq
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Loader
from psycopg.types.string import TextLoader

__all__ = ["FORMATS", "Adapters", "OtherTypeError", "adapters", "may_be_binary"]

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


class Adapters:
    """psycopg's adapters, with three changes.

    JSON stays text: the types load it themselves, and see edits in place. A real is the number that the server has.
    What may not come in binary format is refused in it.
    """

    connection = None

    def __init__(self) -> None:
        self.adapters = AdaptersMap(psycopg.adapters)
        for name in ("json", "jsonb"):
            self.adapters.register_loader(name, TextLoader)
            self.adapters.register_loader(name, _NoLoader)
        self.adapters.register_loader("float4", _RealLoader)
        self.adapters.register_loader(0, _NoLoader)  # what has no loader


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


@cache
def adapters() -> Adapters:
    """Those of all connections."""
    return Adapters()


FORMATS = _Formats()
