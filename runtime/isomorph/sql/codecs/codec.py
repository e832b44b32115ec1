"""The codec of a column type: its check, its binds and its loads, gathered in one object that is made once."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol, TypeAlias, cast

from isomorph import dialects
from isomorph.catalog import RANGES, SHAPES, ColumnType, Kind
from isomorph.dialects.base import Bind, Load
from isomorph.errors import InvalidValue
from isomorph.sql.codecs.casts import Converter
from isomorph.sql.codecs.keeping import ConvertedKeeper, DocumentKeeper, Keeper, ListKeeper, SetKeeper, TruthKeeper
from isomorph.sql.codecs.registry import Check, Refused, Wanted, check_of, kind_of
from isomorph.sql.codecs.stores import store_of

__all__ = ["Bindable", "Cipher", "Codec", "Members", "codec_for", "codec_of_value", "load_members"]

Bindable: TypeAlias = (
    bool
    | int
    | float
    | str
    | bytes
    | Decimal
    | dt.date
    | dt.time
    | dt.datetime
    | dt.timedelta
    | uuid.UUID
    | enum.Enum
    | None
)
"""A value that may be bound to a raw fragment."""


class Cipher(Protocol):
    """What encrypts texts on their way to the database."""

    def encrypted(self, text: object, /) -> object:
        """A text, encrypted."""
        ...

    def decrypted(self, token: object, /) -> object:
        """What was encrypted."""
        ...


class Members(dict[object, enum.Enum]):
    """The members of an enum by what is stored for them; what the schema does not know is told, but not repeated."""

    __slots__ = ("name",)

    def __init__(self, class_: type[enum.Enum]) -> None:
        super().__init__((member.value, member) for member in class_)
        self.name = class_.__name__

    def __missing__(self, stored: object) -> enum.Enum:
        raise InvalidValue(self.name, "one of its values in the database", "a text that the schema does not know")


class _Loads(dict[str, "Load | None"]):
    """Loads by dialect name, found at first use."""

    __slots__ = ("codec",)

    def __init__(self, codec: Codec) -> None:
        super().__init__()
        self.codec = codec

    def __missing__(self, dialect: str) -> Load | None:
        codec = self.codec
        load = dialects.get(dialect).types.load(codec.type)
        if codec.enum_class is not None:
            load = load_members(codec.type, codec.enum_class, load)
        if codec.cipher is not None:
            load = codec.cipher.decrypted
        if codec.converter is not None:
            load = codec.converter.load(load)
        self[dialect] = load
        return load


def load_members(type_: ColumnType, class_: type[enum.Enum], base: Load | None) -> Load:
    """How members of an enum are loaded: one, a set or a list of them.

    Args:
        type_: the column type.
        class_: the enum.
        base: the dialect's load of the type, which gives their texts.
    """
    member = Members(class_).__getitem__
    if type_.kind is Kind.ENUM:
        return member
    assert base is not None  # no driver knows sets and arrays of our enums

    def load_set(value: object) -> object:
        return {member(text) for text in cast("Iterable[object]", base(value))}

    def load_list(value: object) -> object:
        return [None if text is None else member(text) for text in cast("Iterable[object]", base(value))]

    return load_set if type_.kind is Kind.SET else load_list


class _Binds(dict[str, "Bind | None"]):
    """Binds by dialect name, found at first use."""

    __slots__ = ("codec",)

    def __init__(self, codec: Codec) -> None:
        super().__init__()
        self.codec = codec

    def __missing__(self, dialect: str) -> Bind | None:
        codec = self.codec
        if codec.cipher is not None:
            bind: Bind | None = codec.cipher.encrypted
        elif codec.type.kind is Kind.CUSTOM:
            bind = _bind_as_it_is(dialect)
        else:
            bind = dialects.get(dialect).types.bind(codec.type)
        self[dialect] = bind
        return bind


def _bind_as_it_is(dialect: str) -> Bind:
    """Binds what a cast class gives as any value of its Python type."""

    def bind(value: object) -> object:
        codec = codec_of_value(cast(Bindable, value), "a cast")
        own = None if codec is None else codec.binds[dialect]
        return value if own is None else own(value)

    return bind


class _Stores(dict[str, Bind]):
    """Checks and binds in one, by dialect name, made at first use."""

    __slots__ = ("codec",)

    def __init__(self, codec: Codec) -> None:
        super().__init__()
        self.codec = codec

    def __missing__(self, dialect: str) -> Bind:
        codec = self.codec
        check, bind = codec.check, codec.binds[dialect]
        if codec.converter is not None:
            store = check if bind is None else _composed(bind, check)
        else:
            store = store_of(codec.type, codec.enum_class, check, bind)
        self[dialect] = store
        return store


def _composed(bind: Bind, check: Bind) -> Bind:
    return lambda value: bind(check(value))


_UNORDERED = frozenset({Kind.JSON, Kind.ARRAY, Kind.SET, Kind.TSVECTOR, Kind.ENCRYPTED, *RANGES, *SHAPES})
"""Kinds that each database sorts in a way of its own, or not at all."""


class Codec:
    """How the values of one column type are checked and travel.

    Attributes:
        type: the column type.
        check: the bare check behind `stored`: raises Refused. Never called with None.
        compare: likewise the one behind `compared`.
        binds: by dialect name, the conversion of a checked value for the driver; None when there is none.
        stores: by dialect name, `check` and the bind in one call. Never called with None.
        loads: by dialect name, the conversion of a driver's value; None when there is none. Never called with None.
        members: stored text to enum member; None unless the type is an enum.
        enum_class: the class of its members, for an enum, and for a set or an array of one.
        converter: the cast of the application; None without one.
        cipher: what encrypts its texts; None unless the type is encrypted.
        keeper: how rows keep values that have another form there; None for as they are.
        has_order: whether the values have an order that databases share.
    """

    __slots__ = (
        "binds",
        "check",
        "cipher",
        "compare",
        "converter",
        "enum_class",
        "has_order",
        "keeper",
        "loads",
        "members",
        "stores",
        "type",
    )

    def __init__(
        self,
        type_: ColumnType,
        enum_class: type[enum.Enum] | None = None,
        converter: Converter | None = None,
        cipher: Cipher | None = None,
    ) -> None:
        self.type = type_
        self.has_order = type_.kind not in _UNORDERED
        self.enum_class = enum_class
        self.converter = converter
        self.cipher = cipher
        self.members: Mapping[object, object] | None = None
        if enum_class is not None and type_.kind is Kind.ENUM:
            self.members = Members(enum_class)
        self.binds = _Binds(self)
        self.loads = _Loads(self)
        self.check = check_of(Wanted(type_, enum_class, stored=True))
        self.compare = check_of(Wanted(type_, enum_class, stored=False))
        self.keeper = _keeper(type_.kind, self.check)
        if converter is not None:
            self.check = _composed(self.check, converter.stored)
            self.compare = _composed(self.compare, converter.stored)
            self.keeper = ConvertedKeeper(self.check, converter.load, self.keeper)
        self.stores = _Stores(self)

    def stored(self, value: object, where: str) -> object:
        """The value as a row may hold it, a JSON document as its text; None passes (nullability is the column's).

        Args:
            value: what the application gave.
            where: `Model.field`, for the error.

        Raises:
            InvalidValue: wrong type, out of range, too long, or text that no database takes.
        """
        if value is None:
            return None
        try:
            return self.check(value)
        except Refused as refused:
            failure = refused
        raise failure.told(where)

    def bound(self, value: object, where: str, dialect: str) -> object:
        """The value as the driver takes it, checked to be one that a row may hold; see `stored`."""
        checked = self.stored(value, where)
        bind = self.binds[dialect]
        return checked if bind is None or checked is None else bind(checked)

    def loaded(self, value: Any, dialect: str) -> Any:
        """The attribute's value of what the driver gave; None stays None. For many rows ask for `loads` once instead."""
        load = self.loads[dialect]
        return value if load is None or value is None else load(value)

    def reader(self, dialect: str) -> Callable[[object], tuple[object, object]]:
        """What makes of a driver's value both that of the attribute and the form in which the row keeps it.

        For codecs with a converter. Never called with None.
        """
        load = self.loads[dialect]
        assert load is not None  # a converter always loads
        base = codec_for(self.type, self.enum_class)
        base_load, base_keeper = base.loads[dialect], base.keeper

        def kept(raw: object) -> object:
            if base.type.kind is Kind.JSON:
                return raw  # as its text, which every database gives
            value = raw if base_load is None else base_load(raw)
            return value if base_keeper is None else base_keeper.kept(value)

        return lambda raw: (load(raw), kept(raw))

    def compared(self, value: object, where: str) -> object:
        """The value as it may be compared with the column: as `stored`, but length and scale are free.

        Raises:
            InvalidValue: wrong type, beyond 64 bits, or text that no database takes.
        """
        if value is None:
            return None
        try:
            return self.compare(value)
        except Refused as refused:
            failure = refused
        raise failure.told(where)

    def comparer(self, dialect: str) -> Callable[[object], object]:
        """What `compared` and the bind do, in one call; raises Refused. Never called with None."""
        bind = self.binds[dialect]
        if self.converter is not None:
            return self.compare if bind is None else _composed(bind, self.compare)
        return store_of(self.type, self.enum_class, self.compare, bind)

    def total(self, value: object, dialect: str) -> object:
        """The sum of such values, from what the driver gives for it."""
        return dialects.get(dialect).types.total(self.type)(value)


def _keeper(kind: Kind, check: Check) -> Keeper | None:
    match kind:
        case Kind.JSON:
            return DocumentKeeper(check)
        case Kind.ARRAY:
            return ListKeeper()
        case Kind.SET:
            return SetKeeper()
        case Kind.BOOL:
            return TruthKeeper()
        case _:
            return None


@lru_cache(maxsize=4096)
def codec_for(
    type_: ColumnType,
    enum_class: type[enum.Enum] | None = None,
    converter: Converter | None = None,
    cipher: Cipher | None = None,
) -> Codec:
    """The codec of a column type; one object for equal types.

    Args:
        type_: the column type.
        enum_class: the class of its members, for an enum, and for a set or an array of one.
        converter: the cast of the application, if it has one.
        cipher: what encrypts, for the type `encrypted`.
    """
    return Codec(type_, enum_class, converter, cipher)


_BY_PYTHON_TYPE: dict[type, ColumnType] = {
    bool: ColumnType(Kind.BOOL),
    int: ColumnType(Kind.BIGINT),
    float: ColumnType(Kind.DOUBLE),
    str: ColumnType(Kind.TEXT),
    bytes: ColumnType(Kind.BYTES),
    Decimal: ColumnType(Kind.DECIMAL),
    dt.date: ColumnType(Kind.DATE),
    dt.time: ColumnType(Kind.TIME),
    dt.timedelta: ColumnType(Kind.INTERVAL),
    uuid.UUID: ColumnType(Kind.UUID),
}


def codec_of_value(value: Bindable, where: str) -> Codec | None:
    """The codec for a value that no column gives a type to; None for None.

    Raises:
        InvalidValue: a type that cannot be bound.
    """
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        kind = Kind.DATETIME if value.tzinfo is None else Kind.TIMESTAMPTZ
        return codec_for(ColumnType(kind))
    if isinstance(value, enum.Enum):
        return codec_for(ColumnType(Kind.ENUM, enum=type(value).__name__), type(value))
    found = _BY_PYTHON_TYPE.get(type(value))
    if found is None:
        raise InvalidValue(
            where, "a bool, number, str, bytes, Decimal, date, time, datetime, timedelta, UUID or enum", kind_of(value)
        )
    return codec_for(found)
