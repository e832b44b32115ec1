"""Columns by name, of tables that have no model: typed by what they hold in Python, or compared with anything."""

# bool is an int, and datetime is a date: of several overloads the first counts.
# mypy: disable-error-code="overload-overlap"
# pyright: reportOverlappingOverload=false

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, cast, overload

from isomorph.catalog import ColumnType, Kind
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.codecs import Bindable, Codec, codec_for, codec_of_value
from isomorph.sql.expressions import Bound, Comparison, Expression, NotNull, Null, Predicate
from isomorph.sql.faces import faced
from isomorph.sql.flags import Truthful
from isomorph.sql.kinds import Plain, Value
from isomorph.sql.moments import Clock, Day, LocalMoment, Moment
from isomorph.sql.naming import checked_name
from isomorph.sql.numbers import Exact, Floating, Integer
from isomorph.sql.spans import Span
from isomorph.sql.texts import Text
from isomorph.sql.writer import Writer

__all__ = ["AnyColumn", "col"]

_KINDS: Mapping[type, Kind] = {
    bool: Kind.BOOL,
    int: Kind.BIGINT,
    float: Kind.DOUBLE,
    Decimal: Kind.DECIMAL,
    str: Kind.TEXT,
    bytes: Kind.BYTES,
    dt.date: Kind.DATE,
    dt.time: Kind.TIME,
    dt.datetime: Kind.DATETIME,
    dt.timedelta: Kind.INTERVAL,
    uuid.UUID: Kind.UUID,
}


class _Named(Expression[Any]):
    """A column by name; of the query's own table where no other is named."""

    __slots__ = ("codec", "name", "table")

    def __init__(self, name: str, table: str | None, codec: Codec | None) -> None:
        self.name, self.table, self.codec = name, table, codec

    def _write(self, out: Writer) -> None:
        table = self.table or (out.visible[0] if out.visible else None)
        if table is None:
            out.parts.append(out.quoted(self.name))
            return
        # With its table: SQLite takes a name in quotes that is no column's for a text.
        qualified, out.qualified = out.qualified, True
        out.column(table, self.name)
        out.qualified = qualified

    def _codec(self) -> Codec | None:
        return self.codec

    def _where(self) -> str:
        return self.name if self.table is None else f"{self.table}.{self.name}"

    def _own_reads(self) -> Sequence[str]:
        return () if self.table is None else (self.table,)

    def _reads_anything(self) -> bool:
        return self.table is None


class AnyColumn(_Named):
    """A column of which nobody says what it holds: its values come as the driver gives them."""

    __slots__ = ()

    def _operand(self, other: object) -> Expression[object]:
        if isinstance(other, Expression):
            return cast("Expression[object]", other)
        codec = codec_of_value(cast(Bindable, other), self._where())
        return Bound(other if codec is None else codec.compared(other, self._where()), codec)

    def _compared(self, operator: str, other: object) -> Predicate:
        if other is None:
            raise InvalidQuery(f"{self._where()}: nothing is less or greater than None", "use is_null()")
        return Comparison(self, operator, self._operand(other))

    def __eq__(self, other: Bindable | Expression[Any]) -> Predicate:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride] - a predicate, not a bool
        return Null(self) if other is None else self._compared(" = ", other)

    def __ne__(self, other: Bindable | Expression[Any]) -> Predicate:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride] - a predicate, not a bool
        return NotNull(self) if other is None else self._compared(" <> ", other)

    __hash__ = object.__hash__

    def __lt__(self, other: Bindable | Expression[Any]) -> Predicate:
        return self._compared(" < ", other)

    def __le__(self, other: Bindable | Expression[Any]) -> Predicate:
        return self._compared(" <= ", other)

    def __gt__(self, other: Bindable | Expression[Any]) -> Predicate:
        return self._compared(" > ", other)

    def __ge__(self, other: Bindable | Expression[Any]) -> Predicate:
        return self._compared(" >= ", other)

    def between(self, low: Bindable | Expression[Any], high: Bindable | Expression[Any]) -> Predicate:
        """True from `low` to `high`, both included."""
        return self.__ge__(low) & self.__le__(high)

    def in_(self, values: Iterable[Bindable]) -> Predicate:
        """True where it is one of the values; never, for no values. None among them matches NULL."""
        return _Among(self, values, negated=False)

    def not_in(self, values: Iterable[Bindable]) -> Predicate:
        """True where it is none of the values and, as in SQL, not NULL unless there are no values at all."""
        return _Among(self, values, negated=True)


class _Among(Predicate):
    """A column among values of any types."""

    __slots__ = ("has_none", "item", "negated", "values")

    def __init__(self, item: AnyColumn, values: Iterable[Bindable], *, negated: bool) -> None:
        given = list(values) if not isinstance(values, str | bytes) else None
        if given is None:
            raise InvalidQuery(f"{item._where()}: in_() was given a single text", "pass a list of values")
        self.item, self.negated = item, negated
        self.has_none = any(value is None for value in given)
        self.values = [item._operand(value) for value in given if value is not None]

    def _write(self, out: Writer) -> None:
        parts = [self._write_list] if self.values else []
        if self.has_none:
            parts.append(self._write_null)
        if not parts:
            out.parts.append("1 = 1" if self.negated else "1 = 0")
            return
        out.parts.append("(")
        for number, write in enumerate(parts):
            if number:
                out.parts.append(" AND " if self.negated else " OR ")
            write(out)
        out.parts.append(")")

    def _write_list(self, out: Writer) -> None:
        self.item._write(out)
        out.parts.append(" NOT IN (" if self.negated else " IN (")
        for number, value in enumerate(self.values):
            if number:
                out.parts.append(", ")
            value._write(out)
        out.parts.append(")")

    def _write_null(self, out: Writer) -> None:
        self.item._write(out)
        out.parts.append(" IS NOT NULL" if self.negated else " IS NULL")

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.item,)


@overload
def col(name: str, /, *, table: str | None = None) -> AnyColumn: ...
@overload
def col(name: str, type_: type[bool], /, *, table: str | None = None) -> Truthful[bool]: ...
@overload
def col(name: str, type_: type[int], /, *, table: str | None = None) -> Integer[int]: ...
@overload
def col(name: str, type_: type[float], /, *, table: str | None = None) -> Floating[float]: ...
@overload
def col(name: str, type_: type[Decimal], /, *, table: str | None = None) -> Exact[Decimal]: ...
@overload
def col(name: str, type_: type[str], /, *, table: str | None = None) -> Text[str]: ...
@overload
def col(name: str, type_: type[bytes], /, *, table: str | None = None) -> Plain[bytes]: ...
@overload
def col(
    name: str, type_: type[dt.datetime], /, *, aware: Literal[True], table: str | None = None
) -> Moment[dt.datetime]: ...
@overload
def col(name: str, type_: type[dt.datetime], /, *, table: str | None = None) -> LocalMoment[dt.datetime]: ...
@overload
def col(name: str, type_: type[dt.date], /, *, table: str | None = None) -> Day[dt.date]: ...
@overload
def col(name: str, type_: type[dt.time], /, *, table: str | None = None) -> Clock[dt.time]: ...
@overload
def col(name: str, type_: type[dt.timedelta], /, *, table: str | None = None) -> Span[dt.timedelta]: ...
@overload
def col(name: str, type_: type[uuid.UUID], /, *, table: str | None = None) -> Value[uuid.UUID]: ...
def col(name: str, type_: type[Any] | None = None, /, *, table: str | None = None, aware: bool = False) -> Any:
    """A column by name: `f.col("views", int) > 100`.

    With a type it has the operators of that type, and its values are loaded as it; without one it is compared with any
    value, and its values come as the driver gives them. One that may be NULL is selected with `.optional()`.

    Args:
        name: the column's name in the database, always quoted.
        type_: what it holds in Python.
        table: the table's name in the query; the query's own without one.
        aware: whether a datetime is a moment, with a time zone.

    Raises:
        InvalidValue: a name that no database takes, or a type that no column has.
    """
    checked_name(name, "col()")
    if table is not None:
        checked_name(table, "col(table=...)")
    if type_ is None:
        return AnyColumn(name, table, None)
    kind = _KINDS.get(type_)
    if kind is None:
        got = getattr(type_, "__name__", type(type_).__name__)  # what is no type may be a text, which is not repeated
        raise InvalidValue("col()", f"a type such as {', '.join(item.__name__ for item in _KINDS)}", got)
    codec = codec_for(ColumnType(Kind.TIMESTAMPTZ if aware and kind is Kind.DATETIME else kind))
    return faced(_Named(name, table, codec), codec)
