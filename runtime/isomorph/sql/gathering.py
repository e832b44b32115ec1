"""Aggregates that keep every value, in an order: texts joined to one, values as a list."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Self, cast

from typing_extensions import TypeVar

from isomorph.catalog import FLOATS, INTEGERS, TEXTS, ColumnType, Kind
from isomorph.dialects.base import Load
from isomorph.dialects.standard.types import load_interval, load_uuid
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.aggregation import ResultCodec, check_place, codec_of, condition_of, write_counted, write_filter
from isomorph.sql.codecs import Codec, codec_for
from isomorph.sql.expressions import All, Bound, Expression, Order, Predicate
from isomorph.sql.kinds import Computed
from isomorph.sql.sameness import bare, is_same
from isomorph.sql.texts import TEXT, Text, Textual
from isomorph.sql.windows import Orders, orders_of
from isomorph.sql.writer import Writer

__all__ = ["GatheredItems", "GatheredText", "array_agg", "string_agg"]

T = TypeVar("T")


class _Gathered(Expression[Any]):
    """Values put together in an order.

    Attributes:
        name: `texts` or `items`.
        value: what is put together; NULL is left out.
        orders: in which order.
        separator: what stands between texts; None for items.
        condition: which rows count; None for all.
        is_distinct: whether equal values count once.
    """

    __slots__ = ("condition", "is_distinct", "name", "orders", "separator", "value")

    def __init__(
        self,
        name: str,
        value: Expression[Any],
        orders: tuple[Order, ...],
        separator: Expression[Any] | None,
        *,
        condition: Predicate | None = None,
        is_distinct: bool = False,
    ) -> None:
        self.name, self.value, self.orders, self.separator = name, value, orders, separator
        self.condition, self.is_distinct = condition, is_distinct

    def filtered(self, condition: Predicate) -> _Gathered:
        """The same of the rows that meet a condition, too."""
        both = condition if self.condition is None else All((self.condition, condition))
        return _Gathered(
            self.name, self.value, self.orders, self.separator, condition=both, is_distinct=self.is_distinct
        )

    def distinct(self) -> _Gathered:
        """The same with equal values once.

        Raises:
            InvalidQuery: they are ordered by something else, of which each of the equal ones may have another.
        """
        if len(self.orders) != 1 or not is_same(bare(self.orders[0].expression), bare(self.value)):
            raise InvalidQuery(
                f"{self._where()} of distinct values in the order of something else", "order by the value itself"
            )
        return _Gathered(self.name, self.value, self.orders, self.separator, condition=self.condition, is_distinct=True)

    def _write(self, out: Writer) -> None:
        check_place(out, self._where())
        writers: dict[str, Callable[[Writer], None]] = {
            "distinct": self._write_distinct,
            "filter": lambda out: write_filter(out, self.condition),
            "keys": self._write_keys,
            "orders": self._write_orders,
            "plan": self._write_plan,
            "separator": self._write_separator,
            "value": lambda out: write_counted(out, self.value, self.condition),
        }
        totalled, out.totalled = out.totalled, ()
        with out.part("an aggregate"):
            for number, piece in enumerate(out.dialect.sql.gathered[self.name]):
                if number % 2:
                    writers[piece](out)
                else:
                    out.parts.append(piece)
        out.totalled = totalled

    def _write_distinct(self, out: Writer) -> None:
        if self.is_distinct:
            out.parts.append("DISTINCT ")

    def _write_separator(self, out: Writer) -> None:
        assert self.separator is not None  # texts have one
        self.separator._write(out)

    def _write_orders(self, out: Writer) -> None:
        for number, order in enumerate(self.orders):
            if number:
                out.parts.append(", ")
            order._write(out)

    def _write_keys(self, out: Writer) -> None:
        for number, order in enumerate(self.orders):
            if number:
                out.parts.append(", ")
            order.expression._write(out)

    def _write_plan(self, out: Writer) -> None:
        steps = ["distinct" if self.is_distinct else "all"]
        for order in self.orders:
            codec = order.expression._codec()
            letter = "d" if order.descending else "a"
            is_text = codec is not None and codec.type.kind in out.dialect.sql.collations
            is_first = order.nulls == "first" if order.nulls is not None else not order.descending
            steps.append(f"{letter.upper() if is_text else letter}{'<' if is_first else '>'}")
        out.parts.append(f"'{' '.join(steps)}'")

    def _where(self) -> str:
        return "string_agg()" if self.name == "texts" else "array_agg()"

    def _children(self) -> Sequence[Expression[Any]]:
        condition = () if self.condition is None else (self.condition,)
        return (self.value, *[order.expression for order in self.orders], *condition)

    def _is_aggregate(self) -> bool:
        return True

    def _tells_null(self) -> bool:
        return True

    def _allows_none(self) -> bool:
        return self.name == "texts"

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        del outer_joined
        return self.name == "texts"


class _Gathering(Computed[T]):
    __slots__ = ()

    def filter(self, *predicates: Predicate) -> Self:
        """The same of the rows for which all predicates are true."""
        return type(self)(cast(_Gathered, self.node).filtered(condition_of(predicates)), self.codec)

    def distinct(self) -> Self:
        """The same with equal values once.

        Raises:
            InvalidQuery: the order is that of something else.
        """
        return type(self)(cast(_Gathered, self.node).distinct(), self.codec)


class GatheredText(_Gathering[T], Text[T]):
    """The texts of many rows as one."""

    __slots__ = ()

    def _referenced(self, table: str, name: str) -> Any:
        return Text[T](self.node, self.codec)._referenced(table, name)


class GatheredItems(_Gathering[T]):
    """The values of many rows as a list."""

    __slots__ = ()

    def _referenced(self, table: str, name: str) -> Any:
        return Computed[T](self.node, self.codec)._referenced(table, name)


def string_agg(text: Textual[Any], separator: str, /, *, order_by: Orders = ()) -> GatheredText[str | None]:
    """The texts of all rows with a separator between them, NULL left out; None of none.

    Args:
        text: what is joined.
        separator: what stands between.
        order_by: in which order; that of the texts themselves unless told otherwise.

    Raises:
        InvalidValue: something that is no text, or no separator.
    """
    if not isinstance(text, Textual):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValue("string_agg()", "a text such as User.name", type(text).__name__)
    if separator is None:  # pyright: ignore[reportUnnecessaryComparison] - likewise
        raise InvalidValue("string_agg()", "a separator", "None")
    between = Bound[str](TEXT.compared(separator, "string_agg()"), TEXT)
    orders = orders_of(order_by, "string_agg(order_by=...)") or (text.asc(),)
    return GatheredText(_Gathered("texts", text, orders, between), TEXT)


def array_agg(expression: Expression[T | None], /, *, order_by: Orders = ()) -> GatheredItems[list[T]]:
    """The values of all rows as a list, NULL left out; an empty one of none.

    Args:
        expression: what is collected.
        order_by: in which order; that of the values themselves unless told otherwise.

    Raises:
        InvalidValue: values of a type that no list can be made of: documents, bytes, shapes and the like.
    """
    codec = codec_of(expression)
    if codec is None or codec.type.kind not in _FROM_TEXT or codec.converter is not None:
        got = type(expression).__name__ if codec is None else str(codec.type)
        raise InvalidValue("array_agg()", "numbers, texts, truth values, times, UUIDs or members of an enum", got)
    orders = orders_of(order_by, "array_agg(order_by=...)") or (expression.asc(),)
    return GatheredItems(_Gathered("items", expression, orders, None), _codec_of_items(codec))


# --- how lists are loaded ----------------------------------------------------------------------------------------------------


def _utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


_FROM_TEXT: Mapping[Kind, Callable[[str], object]] = {
    Kind.BOOL: lambda text: text == "1",
    **dict.fromkeys(INTEGERS, int),
    **dict.fromkeys(FLOATS - {Kind.REAL}, float),
    Kind.DECIMAL: Decimal,
    **dict.fromkeys(TEXTS, str),
    Kind.DATE: dt.date.fromisoformat,
    Kind.TIME: dt.time.fromisoformat,
    Kind.DATETIME: dt.datetime.fromisoformat,
    Kind.TIMESTAMPTZ: _utc,
    Kind.INTERVAL: lambda text: load_interval(int(text)),
    Kind.UUID: load_uuid,
    Kind.ENUM: str,
}
"""Values from their text as MySQL writes it; a real would lose digits."""


@lru_cache(maxsize=1024)
def _codec_of_items(codec: Codec) -> Codec:
    type_ = ColumnType(Kind.ARRAY, item=codec.type)

    def load(dialect: str) -> Load:
        if dialect == "postgresql":
            return _known(codec_for(type_, codec.enum_class).loads[dialect])
        if dialect == "mysql":
            made = cast(Load, _FROM_TEXT[codec.type.kind] if codec.members is None else codec.members.__getitem__)
            return lambda text: [made(part) for part in json.loads(f"[{text}]")]
        item = codec.loads[dialect]
        return lambda text: [part if item is None else item(part) for part in json.loads(cast(str, text))]

    return ResultCodec(codec_for(type_, codec.enum_class), load)


def _known(load: Load | None) -> Load:
    def without_null(value: object) -> list[object]:
        items = cast("list[object]", value if load is None else load(value))
        return [item for item in items if item is not None]

    return without_null
