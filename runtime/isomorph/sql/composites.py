"""The columns of composite and special field types: lists, sets, ranges, addresses, shapes, casts.

Apart from `columns`, since their values are made of others: beside the type of the attribute they know that of an item
or a bound.
"""

from __future__ import annotations

import enum
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from typing_extensions import TypeVar

from isomorph.sql.arrays import Listed
from isomorph.sql.documents import Structured
from isomorph.sql.kinds import Column, Equatable, Orderable
from isomorph.sql.networks import Addressed, Networked
from isomorph.sql.ranges import Ranged
from isomorph.sql.sets import Membered
from isomorph.values.geometry import Geometry
from isomorph.values.networks import Address, Network
from isomorph.values.ranges import Range

if TYPE_CHECKING:
    import datetime as dt

__all__ = [
    "ArrayColumn",
    "CidrColumn",
    "CustomColumn",
    "DocumentColumn",
    "EncryptedColumn",
    "InetColumn",
    "MacAddrColumn",
    "RangeColumn",
    "SetColumn",
    "ShapeColumn",
    "TsVectorColumn",
]

T = TypeVar("T")
ItemT = TypeVar("ItemT")
ListT = TypeVar("ListT", bound="list[Any] | None")
MemberT = TypeVar("MemberT", bound=enum.Enum)
SetT = TypeVar("SetT", bound="AbstractSet[Any] | None")
BoundT = TypeVar("BoundT", bound="int | Decimal | dt.date")
RangeT = TypeVar("RangeT", bound="Range[Any] | None")
AddressT = TypeVar("AddressT", bound="Address | None", default=Address)
NetworkT = TypeVar("NetworkT", bound="Network | None", default=Network)
StrT = TypeVar("StrT", bound=str | None, default=str)
ShapeT = TypeVar("ShapeT", bound="Geometry | None", default=Geometry)


class ArrayColumn(Column[ListT], Listed[ListT, ItemT]):
    """A list of items. Edits in place are seen by `save`."""

    __slots__ = ()


class SetColumn(Column[SetT], Membered[SetT, MemberT]):
    """A set of members of one of the schema's enums. Edits in place are seen by `save`."""

    __slots__ = ()


class RangeColumn(Column[RangeT], Ranged[RangeT, BoundT]):
    """All values between two bounds."""

    __slots__ = ()


class InetColumn(Column[AddressT], Addressed[AddressT]):
    """An IP address; IPv4 comes before IPv6."""

    __slots__ = ()


class CidrColumn(Column[NetworkT], Networked[NetworkT]):
    """An IP network; ordered by its first address, larger ones first; IPv4 comes before IPv6."""

    __slots__ = ()


class MacAddrColumn(Column[StrT], Orderable[StrT, str]):
    """The address of a network card: `08:00:2b:01:02:03`. What it is compared with may be in any of its spellings."""

    __slots__ = ()


class TsVectorColumn(Column[StrT]):
    """Words of a text with their places, prepared for search; as PostgreSQL writes them."""

    __slots__ = ()


class ShapeColumn(Column[ShapeT], Equatable[ShapeT, ShapeT]):
    """A shape in the plane."""

    __slots__ = ()


class EncryptedColumn(Column[StrT]):
    """Text that is encrypted at rest. Equal texts are not equal there, so nothing is compared with it."""

    __slots__ = ()


class CustomColumn(Column[T], Equatable[T, T]):
    """What a cast class of the application makes of a column."""

    __slots__ = ()


class DocumentColumn(Column[T], Structured[T]):
    """A JSON document as a class of the application. Edits in place are seen by `save`."""

    __slots__ = ()
